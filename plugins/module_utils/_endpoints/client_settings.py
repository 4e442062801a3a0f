# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The TLS settings of a client that accepts whatever a server offers."""

from __future__ import annotations

import ssl
import warnings

#: The versions of TLS, the oldest first. Python names them in the same way.
VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
#: Everything that OpenSSL has, except for cipher suites without a certificate. With a security level above 0, OpenSSL
#: 3.0 and newer refuse TLS 1.0 and 1.1, and all refuse short keys.
_CIPHERS = "ALL:COMPLEMENTOFALL:!aNULL:!PSK:!SRP:@SECLEVEL=0"
#: To servers without RFC 5746 OpenSSL 3.0 and newer do not connect without it. Python has the constant since 3.12.
_LEGACY_SERVER_CONNECT = 0x4
_PROTOCOLS = ["h2", "http/1.1"]


class ClientSettings:
    """The settings of all connections. Threads share them, but must not create them, as that filters warnings.

    Nothing is verified, because what is served is to be described, not trusted.

    Args:
        each_version: Whether each version of TLS will be tried.

    Attributes:
        all_versions: Settings that allow all versions.
        by_version: Settings that allow a single version; ``None`` for one that the OpenSSL of this machine cannot use.
    """

    def __init__(self, *, each_version: bool) -> None:
        self.all_versions = _context(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_3)
        versions = VERSIONS if each_version else {}
        self.by_version = {name: _only(version) for name, version in versions.items()}


def _only(version: ssl.TLSVersion) -> ssl.SSLContext | None:
    try:
        context = _context(version, version)
    except ValueError:  # OpenSSL was built without it
        return None
    return context if _can_start(context) else None


def _context(oldest: ssl.TLSVersion, newest: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        # Old versions are deprecated, which is why it matters who offers them.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = oldest
        context.maximum_version = newest
    context.set_ciphers(_CIPHERS)
    context.options |= _LEGACY_SERVER_CONNECT
    context.set_alpn_protocols(_PROTOCOLS)
    return context


def _can_start(context: ssl.SSLContext) -> bool:
    """Whether a handshake can start. The system's policy may forbid a version, or all of its cipher suites."""
    outgoing = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), outgoing).do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.pending > 0
    except ssl.SSLError:
        return False
    return False
