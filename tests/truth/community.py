# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparison with community.crypto, if it is installed."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from .certificates import to_pem
from .compare import Difference
from .ours import Reading

try:
    from ansible_collections.community.crypto.plugins.filter.x509_certificate_info import x509_certificate_info_filter
except ImportError:
    HAS_COMMUNITY_CRYPTO = False
else:
    HAS_COMMUNITY_CRYPTO = True


def compare(der: bytes, reading: Reading, file: str, compared: Counter[str]) -> Iterator[Difference]:
    """Return the differences between our facts and those of community.crypto, which rejects malformed certificates."""
    if not HAS_COMMUNITY_CRYPTO or reading.x509 is None:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = x509_certificate_info_filter(to_pem(der))
    except Exception:  # noqa: BLE001 (after any exception there is nothing to compare)
        compared["community.crypto: refused"] += 1
        return
    for name, (mine, theirs) in _pairs(reading, info).items():
        compared[f"community.crypto: {name}"] += 1
        if mine != theirs:
            about = reading.facts.get("x509_error")
            yield Difference(name, mine, theirs, file, who="community.crypto", about=about)


def _pairs(reading: Reading, info: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    facts, x509 = reading.facts, reading.x509 or {}
    key = x509["public_key"] or {}
    data = info["public_key_data"] or {}
    fingerprints = info["fingerprints"]
    pairs = {
        "serial_number": (int(x509["serial_number"], 16), info["serial_number"]),
        "version": (x509["version"], info["version"]),
        "not_before": (facts["not_before_epoch"], _timestamp(info["not_before"])),
        "not_after": (facts["not_after_epoch"], _timestamp(info["not_after"])),
        "fingerprints.sha256": (x509["fingerprints"]["sha256"], fingerprints["sha256"].replace(":", "")),
        "fingerprints.sha1": (x509["fingerprints"]["sha1"], fingerprints["sha1"].replace(":", "")),
    }
    if data.get("size") is not None:
        pairs["public_key.size"] = (key.get("size"), data["size"])
    if data.get("exponent") is not None:
        pairs["public_key.exponent"] = (key.get("exponent"), data["exponent"])
        pairs["public_key.modulus"] = (key.get("modulus"), hex(data["modulus"]))
    if info["ocsp_uri"] is not None:
        # It only returns the first one.
        pairs["ocsp_urls"] = ((x509["ocsp_urls"] or [None])[0], info["ocsp_uri"])
    if info.get("issuer_uri") is not None:
        pairs["ca_issuers_urls"] = ((x509["ca_issuers_urls"] or [None])[0], info.get("issuer_uri"))
    pairs["must_staple"] = (x509["must_staple"], bool(info.get("ocsp_must_staple")))
    for name in ("subject_key", "authority_key"):
        # Long ones are withheld.
        if x509[f"{name}_id"] is not None:
            pairs[f"{name}_id"] = (x509[f"{name}_id"], info.get(f"{name}_identifier"))
    names = [name for name in info["subject_alt_name"] or () if name.startswith("DNS:")]
    if names:
        pairs["subject_alt_names"] = ([name for name in x509["subject_alt_names"] if name.startswith("DNS:")], names)
    return pairs


def _timestamp(text: str) -> int:
    # Years before 1000 have less than four digits.
    return int(datetime.strptime(text.rjust(15, "0"), "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc).timestamp())
