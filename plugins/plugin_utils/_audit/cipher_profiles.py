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

#: The cipher suites of TLS 1.3, which TLS policies cannot exclude.
TLS13 = frozenset(_OF_TLS13)
#: The cipher suites of each profile, from the strictest to the most lenient.
PROFILES: dict[str, frozenset[str]] = {
    "modern": TLS13,
    "intermediate": frozenset((*_OF_TLS13, *_INTERMEDIATE)),
    "old": frozenset((*_OF_TLS13, *_INTERMEDIATE, *_OLD)),
}
