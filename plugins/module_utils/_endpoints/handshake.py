# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a TLS handshake over a connection, and say what the server presented."""

from __future__ import annotations

import socket
import ssl
import sys
from dataclasses import dataclass
from typing import Any

from . import old_versions
from .failures import ALERT, HANDSHAKE, NOT_TLS, RESET, Deadline, ProbeError, from_os_error
from .records import Records, alert_name

_DOING = "during the handshake"
#: Maximum number of bytes that a server may send. Handshakes have a few kilobytes.
_MAX_RECEIVED = 1024 * 1024
_CHUNK = 16 * 1024
#: Why OpenSSL ends a handshake after the server has chosen a version that was not offered.
_OTHER_VERSION = ("UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "WRONG_VERSION_NUMBER")
#: The alert of servers that do not offer a version, and those of servers that offer none of the cipher suites.
_PROTOCOL_VERSION, _NO_CIPHER_ALERTS = 70, frozenset((40, 71))  # handshake_failure, insufficient_security


@dataclass(frozen=True)
class Handshake:
    """A completed handshake.

    Attributes:
        version: As in ``client_settings.VERSIONS``.
        alpn: The application protocol that the server chose, if any.
        certificates: The certificates (DER) in the order of the server. Before Python 3.10, only the first one is
            known.
        is_whole: Whether ``certificates`` are all that the server sent.
    """

    version: str | None
    cipher: str | None
    alpn: str | None
    certificates: tuple[bytes, ...]
    is_whole: bool


class HandshakeError(ProbeError):
    """A handshake failed.

    Attributes:
        refuses_version: Whether that is because the server offers none of the versions.
        refuses_ciphers: Whether it is because the server offers none of the cipher suites, or no version.
    """

    def __init__(
        self, kind: str, message: str, *, refuses_version: bool = False, refuses_ciphers: bool = False
    ) -> None:
        super().__init__(kind, message)
        self.refuses_version = refuses_version
        self.refuses_ciphers = refuses_ciphers


def shake_hands(
    connection: socket.socket, context: ssl.SSLContext, server_name: str | None, deadline: Deadline
) -> Handshake:
    """Make a handshake. Nothing is sent after it.

    OpenSSL gets the bytes from memory, not from the socket: thus the deadline is checked after each part that arrives,
    and the bytes are known if the handshake fails.

    Raises:
        ProbeError: It failed, or was not completed before the deadline.
    """
    incoming, outgoing, answer = ssl.MemoryBIO(), ssl.MemoryBIO(), _Answer(connection, deadline)
    tls = context.wrap_bio(incoming, outgoing, server_hostname=server_name)
    while not _advance(tls, answer.records):
        _send(connection, outgoing.read(), deadline)
        incoming.write(answer.receive())
    _send(connection, outgoing.read(), deadline)
    return _result(tls)


def ask_for(connection: socket.socket, version: str, server_name: str | None, deadline: Deadline) -> bool:
    """Return whether the server chooses a version, one of ``old_versions.CODES``, with any cipher suite.

    Raises:
        ProbeError: It does not answer, or with an alert.
    """
    answer, received = _Answer(connection, deadline), b""
    chosen: int | None = None
    _send(connection, old_versions.client_hello(version, server_name), deadline)
    while chosen is None:
        received += answer.receive()
        chosen = old_versions.chosen_version(received)
        if chosen is None and answer.records.alert is not None:
            raise _refusal(answer.records.alert)
    return chosen == old_versions.CODES[version]


class _Answer:
    """What a server sends during a handshake."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self.records = Records()
        self._connection, self._deadline = connection, deadline
        self._received = 0

    def receive(self) -> bytes:
        """Return the next bytes.

        Raises:
            ProbeError: There are none, or they are not TLS, or too many.
        """
        data = _receive(self._connection, self._deadline)
        self._received += len(data)
        self.records.add(data)
        if not self.records.is_tls:
            raise ProbeError(NOT_TLS, f"the response is not TLS; it begins with {self.records.start}")
        if self._received > _MAX_RECEIVED:
            raise ProbeError(HANDSHAKE, f"the server sent more than {_MAX_RECEIVED} bytes {_DOING}")
        return data


def _advance(tls: ssl.SSLObject, records: Records) -> bool:
    """Process what was received. Return whether the handshake is complete."""
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError as error:
        raise _failure(error, records) from None
    return True


def _failure(error: ssl.SSLError, records: Records) -> HandshakeError:
    reason = str(error.reason or "unknown reason")
    if records.alert is not None:
        return _refusal(records.alert)
    if "ALERT" in reason:  # an encrypted one
        return HandshakeError(ALERT, f"the server sent an alert: {reason}")
    message = f"OpenSSL ended the handshake: {reason}"
    return HandshakeError(HANDSHAKE, message, refuses_version=reason in _OTHER_VERSION)


def _refusal(alert: int) -> HandshakeError:
    return HandshakeError(
        ALERT,
        f"the server sent the alert {alert_name(alert)} ({alert})",
        refuses_version=alert == _PROTOCOL_VERSION,
        refuses_ciphers=alert in _NO_CIPHER_ALERTS,
    )


def _send(connection: socket.socket, data: bytes, deadline: Deadline) -> None:
    try:
        while data:
            connection.settimeout(deadline.remaining(_DOING))
            data = data[connection.send(data) :]
    except OSError as error:
        raise from_os_error(error, _DOING) from None


def _receive(connection: socket.socket, deadline: Deadline) -> bytes:
    try:
        connection.settimeout(deadline.remaining(_DOING))
        data = connection.recv(_CHUNK)
    except OSError as error:
        raise from_os_error(error, _DOING) from None
    if not data:
        raise ProbeError(RESET, f"the server closed the connection {_DOING}")
    return data


def _result(tls: ssl.SSLObject) -> Handshake:
    cipher = tls.cipher()
    certificates, is_whole = _certificates(tls)
    return Handshake(
        version=tls.version(),
        cipher=cipher[0] if cipher else None,
        alpn=tls.selected_alpn_protocol(),
        certificates=certificates,
        is_whole=is_whole,
    )


def _certificates(tls: ssl.SSLObject) -> tuple[tuple[bytes, ...], bool]:
    if sys.version_info >= (3, 13):
        return tuple(tls.get_unverified_chain()), True
    # The same function, before it was made public. Python 3.9 does not have it.
    inner: Any = getattr(tls, "_sslobj", None)
    if hasattr(inner, "get_unverified_chain"):
        chain = inner.get_unverified_chain() or ()
        return tuple(ssl.PEM_cert_to_DER_cert(item.public_bytes()) for item in chain), True
    leaf = tls.getpeercert(binary_form=True)
    return ((leaf,) if leaf else ()), False
