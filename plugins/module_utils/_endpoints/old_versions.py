# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask for an old version of TLS with all cipher suites, also those that the OpenSSL of this machine does not have.

The only cipher suite that TLS 1.1 servers must have is one with 3DES (RFC 4346, 9), and usual builds of OpenSSL have
neither 3DES nor RC4. So a server that refuses what OpenSSL offers may still offer the version. Other builds, or the
policy of the system, do not allow OpenSSL to use the version at all. The first answer of the server tells, so that no
handshake is needed. For TLS 1.2 and 1.3, OpenSSL has the cipher suites that servers must have (RFC 5246, 9, and RFC
8446, 9.1).
"""

from __future__ import annotations

import os
import struct

#: By the names of ``client_settings.VERSIONS``.
CODES = {"TLSv1": 0x0301, "TLSv1.1": 0x0302}
#: All cipher suites for these versions with a certificate and without Kerberos, as ranges of their numbers.
#: https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-4
_SUITES = (
    (0xC001, 0xC014),  # elliptic curves
    (0x0033, 0x0033), (0x0039, 0x0039), (0x002F, 0x0032), (0x0035, 0x0038),  # AES
    (0x0041, 0x0045), (0x0084, 0x0088), (0x0096, 0x009A),  # Camellia, SEED
    (0x0001, 0x0016), (0x0060, 0x0066),  # 3DES, RC4, DES, IDEA, those for export, and without encryption
    (0x00FF, 0x00FF),  # secure renegotiation (RFC 5746, 3.3)
)  # fmt: skip
#: From RFC 8422 (5.1.1), with the old curves of RFC 4492.
_GROUPS = (29, 30, *range(1, 26))
_SERVER_NAME, _SUPPORTED_GROUPS, _POINT_FORMATS, _EXTENDED_MASTER_SECRET = 0, 10, 11, 23
_HANDSHAKE, _CLIENT_HELLO, _SERVER_HELLO = 22, 1, 2
_RECORD_HEADER, _MESSAGE_HEADER = 5, 4
#: Where the version in the hello of a server ends.
_VERSION_ENDS = _MESSAGE_HEADER + 2


def client_hello(version: str, server_name: str | None) -> bytes:
    """Return the first message of a client that only supports one of the :data:`CODES` (RFC 4346, 7.4.1.2)."""
    suites = b"".join(struct.pack("!H", number) for first, last in _SUITES for number in range(first, last + 1))
    extensions = b""
    if server_name is not None:
        extensions += _extension(_SERVER_NAME, _sized(2, b"\0" + _sized(2, server_name.encode("idna"))))
    extensions += _extension(_SUPPORTED_GROUPS, _sized(2, struct.pack(f"!{len(_GROUPS)}H", *_GROUPS)))
    extensions += _extension(_POINT_FORMATS, _sized(1, bytes((0, 1, 2))))
    extensions += _extension(_EXTENDED_MASTER_SECRET, b"")
    code = struct.pack("!H", CODES[version])
    # No session to resume, and no compression.
    body = code + os.urandom(32) + _sized(1, b"") + _sized(2, suites) + _sized(1, b"\0") + _sized(2, extensions)
    return (
        bytes((_HANDSHAKE,)) + struct.pack("!H", CODES["TLSv1"]) + _sized(2, bytes((_CLIENT_HELLO,)) + _sized(3, body))
    )


def chosen_version(received: bytes) -> int | None:
    """Return the version in the hello of a server; ``None`` if that was not received."""
    position = 0
    while position + _RECORD_HEADER + _VERSION_ENDS <= len(received):
        start = position + _RECORD_HEADER
        length = int.from_bytes(received[position + 3 : start], "big")
        if received[position] == _HANDSHAKE:
            # Nobody sends it in shorter pieces.
            if received[start] != _SERVER_HELLO or length < _VERSION_ENDS:
                return None
            return int.from_bytes(received[start + _MESSAGE_HEADER : start + _VERSION_ENDS], "big")
        # A warning, for example.
        position = start + length
    return None


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack("!H", kind) + _sized(2, data)


def _sized(width: int, data: bytes) -> bytes:
    """Return data after its length, which takes ``width`` bytes."""
    return len(data).to_bytes(width, "big") + data
