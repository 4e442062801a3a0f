# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an attempt to reach an endpoint fails, and when."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable

UNRESOLVABLE, UNREACHABLE, REFUSED = "unresolvable", "unreachable", "refused"
TIMEOUT, RESET, NOT_TLS, ALERT, HANDSHAKE, LOCAL = "timeout", "reset", "not_tls", "alert", "handshake", "local"
#: Kinds of failures that may not occur again, so that the attempt is repeated.
TRANSIENT = frozenset((TIMEOUT, RESET))

_KINDS = {
    errno.ECONNREFUSED: REFUSED,
    errno.ECONNRESET: RESET,
    errno.ECONNABORTED: RESET,
    errno.EPIPE: RESET,
    errno.ETIMEDOUT: TIMEOUT,
    # This machine has reached a limit of its own, which says nothing about the endpoint.
    errno.EMFILE: LOCAL,
    errno.ENFILE: LOCAL,
    errno.ENOBUFS: LOCAL,
    errno.ENOMEM: LOCAL,
    errno.EADDRNOTAVAIL: LOCAL,
}


class ProbeError(Exception):
    """An attempt failed. This becomes a fact of the endpoint, never an error of the task.

    Attributes:
        kind: One of the constants of this file.
        message: What happened, as a sentence without the final full stop.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def from_os_error(error: OSError, doing: str) -> ProbeError:
    """Return the failure for an error of a socket. ``doing`` ends the message, such as ``during the handshake``."""
    # Before Python 3.10, socket.timeout is not a TimeoutError. One of the operating system has a number.
    if isinstance(error, socket.timeout) and error.errno is None:
        return ProbeError(TIMEOUT, f"no response in time {doing}")
    # Messages of the operating system, because Python's own contain the address in several forms.
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return ProbeError(_KINDS.get(error.errno or 0, UNREACHABLE), f"{reason} {doing}")


class Deadline:
    """The end of an attempt: name resolution, connection and handshake together."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._ends_at = self._started + seconds

    @property
    def elapsed(self) -> float:
        """Seconds since the attempt started."""
        return self._clock() - self._started

    def remaining(self, doing: str) -> float:
        """Return the seconds left, more than zero. ``doing`` ends the message of the error.

        Raises:
            ProbeError: There are none.
        """
        left = self._ends_at - self._clock()
        if left <= 0:
            raise ProbeError(TIMEOUT, f"no response in time {doing}")
        return left
