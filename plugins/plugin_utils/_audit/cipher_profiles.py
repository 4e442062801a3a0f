# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cipher suites a listener should allow, by Mozilla's server side TLS guidelines.

``modern`` and ``intermediate`` are those of version 6.0, which dropped ``old``; that is the one of version 5.8
(https://ssl-config.mozilla.org/guidelines/6.0.json and 5.8.json, read in November 2026). Names are OpenSSL's, as the
platform has them, and those of IANA for TLS 1.3, which has no others.
"""

from __future__ import annotations

_OF_TLS13 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
#: Ephemeral keys and authenticated encryption: what RFC 9325 (4.2) recommends for TLS 1.2.
_INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
)
_OLD = (
    "DHE-RSA-AES128-GCM-SHA256",
    "DHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES256-SHA",
    "DHE-RSA-AES128-SHA256",
    "DHE-RSA-AES256-SHA256",
    "AES128-GCM-SHA256",
    "AES256-GCM-SHA384",
    "AES128-SHA256",
    "AES256-SHA256",
    "AES128-SHA",
    "AES256-SHA",
    "DES-CBC3-SHA",
)
#: Parts of IANA's names of the usual cipher suites for TLS 1.2 and older, and OpenSSL's parts for these.
_KEY_EXCHANGES = {"RSA": "", "DHE_RSA": "DHE-RSA-", "ECDHE_RSA": "ECDHE-RSA-", "ECDHE_ECDSA": "ECDHE-ECDSA-"}
_ENCRYPTIONS = {
    "AES_128_GCM_SHA256": "AES128-GCM-SHA256",
    "AES_256_GCM_SHA384": "AES256-GCM-SHA384",
    "CHACHA20_POLY1305_SHA256": "CHACHA20-POLY1305",
    "AES_128_CBC_SHA256": "AES128-SHA256",
    "AES_256_CBC_SHA256": "AES256-SHA256",
    "AES_256_CBC_SHA384": "AES256-SHA384",
    "AES_128_CBC_SHA": "AES128-SHA",
    "AES_256_CBC_SHA": "AES256-SHA",
    "3DES_EDE_CBC_SHA": "DES-CBC3-SHA",
    "RC4_128_SHA": "RC4-SHA",
    "RC4_128_MD5": "RC4-MD5",
}

#: The cipher suites of TLS 1.3, which TLS policies cannot exclude.
TLS13 = frozenset(_OF_TLS13)
#: The cipher suites of each profile, from the strictest to the most lenient.
PROFILES: dict[str, frozenset[str]] = {
    "modern": TLS13,
    "intermediate": frozenset((*_OF_TLS13, *_INTERMEDIATE)),
    "old": frozenset((*_OF_TLS13, *_INTERMEDIATE, *_OLD)),
}


def is_only_at_iana(name: str) -> bool:
    """Whether OpenSSL has another name for a cipher suite: for TLS 1.2 and older, this is a part of IANA's names."""
    return "_WITH_" in name


def openssl_name(name: str) -> str:
    """Return OpenSSL's name of a cipher suite that may have its name at IANA, as far as it is known."""
    exchange, _with, encryption = name.partition("_WITH_")
    prefix, end = _KEY_EXCHANGES.get(exchange.removeprefix("TLS_")), _ENCRYPTIONS.get(encryption)
    return name if prefix is None or end is None else prefix + end
