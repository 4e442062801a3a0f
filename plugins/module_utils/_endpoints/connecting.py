# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Open a connection to an address or a host name, within a deadline."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Any

from .failures import LOCAL, TIMEOUT, UNRESOLVABLE, Deadline, ProbeError, from_os_error

#: Family, and what to connect to.
Candidate = tuple[int, Any]
_RESOLVING, _CONNECTING = "from the name server", "while connecting"


def connect(address: str, port: int, deadline: Deadline, source_address: str | None = None) -> socket.socket:
    """Return a connected socket.

    The addresses of a host name are tried in their order, each with its share of the time left.

    Raises:
        ProbeError: No address accepted the connection. It is the failure of the first one.
    """
    candidates = _candidates(address, port, deadline)
    first_error: ProbeError | None = None
    for number, candidate in enumerate(candidates):
        try:
            share = deadline.remaining(_CONNECTING) / (len(candidates) - number)
            return _connect(candidate, share, source_address)
        except ProbeError as error:
            first_error = first_error or error
    raise first_error or ProbeError(UNRESOLVABLE, "the name has no address")


def check_source_address(address: str) -> str | None:
    """Return why connections cannot have this source address; ``None`` if they can."""
    try:
        with socket.socket(_family(address), socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
    except OSError as error:
        return from_os_error(error, "").message.strip()
    return None


def _connect(candidate: Candidate, seconds: float, source_address: str | None) -> socket.socket:
    family, target = candidate
    if source_address is not None and _family(source_address) != family:
        raise ProbeError(LOCAL, "source_address and the address are not of the same version of IP")
    try:
        connection = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise from_os_error(error, _CONNECTING) from None
    try:
        connection.settimeout(seconds)
        if source_address is not None:
            connection.bind((source_address, 0))
        connection.connect(target)
    except OSError as error:
        connection.close()
        raise from_os_error(error, _CONNECTING) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _candidates(address: str, port: int, deadline: Deadline) -> list[Candidate]:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        found = _resolve(address, port, deadline)
    else:
        # Not answered by a name server, so that it cannot hang.
        found = _look_up(address, port, socket.AI_NUMERICHOST)
    if isinstance(found, ProbeError):
        raise found
    return found


def _resolve(name: str, port: int, deadline: Deadline) -> list[Candidate] | ProbeError:
    """Resolve a name on a thread of its own, because that has no timeout.

    A thread that hangs is left behind. It ends when the system's resolver gives up, which is usually after seconds.
    """
    answers: queue.SimpleQueue[list[Candidate] | ProbeError] = queue.SimpleQueue()
    seconds = deadline.remaining(_RESOLVING)
    name_lookup = threading.Thread(
        target=lambda: answers.put(_look_up(name, port)), daemon=True, name="ucloud.ulb names"
    )
    try:
        name_lookup.start()
    except RuntimeError:
        return ProbeError(LOCAL, "this machine cannot start another thread")
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return ProbeError(TIMEOUT, f"no response in time {_RESOLVING}")


def _look_up(name: str, port: int, flags: int = 0) -> list[Candidate] | ProbeError:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=flags)
    except socket.gaierror as error:
        return ProbeError(UNRESOLVABLE, f"the name cannot be resolved: {error.strerror}")
    except OSError as error:
        return from_os_error(error, _RESOLVING)
    except UnicodeError:
        return ProbeError(UNRESOLVABLE, "the name cannot be resolved: it is not a host name")
    return [(family, target) for family, _kind, _protocol, _name, target in found]
