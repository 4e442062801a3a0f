# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the framing of TLS records, to tell other protocols and alerts from a failed handshake.

The messages of OpenSSL about these differ by version. The first bytes do not: RFC 8446, 5.1, and RFC 5246, 6.2.1.
"""

from __future__ import annotations

_HEADER = 5
_ALERT, _HANDSHAKE = 21, 22
_FATAL = 2
_MAJOR_VERSION = 3
_SHOWN = 16
#: RFC 8446, 6, and for older versions RFC 5246, 7.2.
_ALERTS = {
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed", 22: "record_overflow",
    30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate", 42: "bad_certificate",
    43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
    47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error",
    60: "export_restriction", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
    86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension",
    110: "unsupported_extension", 111: "certificate_unobtainable", 112: "unrecognized_name",
    113: "bad_certificate_status_response", 114: "bad_certificate_hash_value", 115: "unknown_psk_identity",
    116: "certificate_required", 120: "no_application_protocol",
}  # fmt: skip


class Records:
    """What a server has sent, as far as it is not encrypted.

    Attributes:
        alert: The number of the last alert that ends a connection. Warnings do not explain a failure.
    """

    def __init__(self) -> None:
        self.alert: int | None = None
        self._start = b""
        self._rest = b""
        self._to_skip = 0

    def add(self, data: bytes) -> None:
        """Add bytes in the order in which they were received."""
        if len(self._start) < _SHOWN:
            self._start += data[: _SHOWN - len(self._start)]
        data, self._rest = self._rest + data, b""
        position = self._to_skip
        while position + _HEADER + 2 <= len(data):
            length = int.from_bytes(data[position + 3 : position + _HEADER], "big")
            # An encrypted alert is longer.
            if data[position] == _ALERT and length == 2 and data[position + _HEADER] == _FATAL:
                self.alert = data[position + _HEADER + 1]
            position += _HEADER + length
        self._rest = data[position:]
        self._to_skip = max(0, position - len(data))

    @property
    def is_tls(self) -> bool:
        """Whether it may be TLS so far."""
        kinds = (_ALERT, _HANDSHAKE)
        return not self._start or (self._start[0] in kinds and self._start[1:2] in (b"", bytes([_MAJOR_VERSION])))

    @property
    def start(self) -> str:
        """The first bytes, as Python writes them."""
        return repr(self._start)[1:]


def alert_name(number: int) -> str:
    """Return the name of an alert, such as ``handshake_failure``."""
    return _ALERTS.get(number, f"alert {number}")
