# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the names in a certificate, and of what it may be used for."""

from __future__ import annotations

import ipaddress
import re

from ....module_utils._certificates.domains import fold, unique
from ..catalogue import Options, Problem, Texts, Unknown, Verdict, certificate_check
from ..subjects import Certificate, values_of

_REISSUE_NAMES = "Let the CA issue it anew with every name it is for as a subject alternative name."
_UNREADABLE = Unknown("the certificate cannot be read")


@certificate_check(
    "Certificate has a wildcard",
    "low",
    remediation="Prefer a certificate for each name, or a waiver.",
    source="Steampipe, testssl.sh",
)
def cert_wildcard(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """One of its names, or its common name, begins with ``*.``."""
    wildcards = [name for name in _host_names(certificate) if name.startswith("*.")]
    if wildcards:
        return Problem(f"It is for {', '.join(wildcards)}.", {"wildcards": wildcards})
    return _unless_known(certificate)


@certificate_check(
    "Certificate has no subject alternative name",
    "medium",
    remediation=_REISSUE_NAMES,
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.12, zlint",
)
def cert_san_missing(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """It has no subject alternative names: clients do not look at the common name any more."""
    names = (certificate.x509 or {}).get("subject_alt_names")
    if names is None:
        return _UNREADABLE
    return None if names else Problem("It has no subject alternative name.", {"subject_alt_names": []})


@certificate_check("Common name is no subject alternative name", "medium", remediation=_REISSUE_NAMES, source="zlint")
def cert_cn_not_in_san(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """It has a common name that is not among its subject alternative names."""
    if certificate.x509 is None or certificate.x509.get("subject_alt_names") is None:
        return _UNREADABLE
    names = certificate.x509["subject_alt_names"]
    if certificate.x509.get("subject") is None:
        return Unknown("its subject cannot be read")
    common = values_of(certificate.x509["subject"], "common_name")
    known = {fold(name.partition(":")[2]) for name in names}
    missing = [name for name in common if fold(name) not in known]
    if not missing:
        return None
    return Problem(
        f"Its common name {', '.join(missing)} is not among its alternative names.",
        {"common_name": common, "subject_alt_names": names},
    )


#: Reserved for private or special use: RFC 2606, 6761, 6762, 7686, 8375, 9476, and what networks commonly use.
_INTERNAL_SUFFIXES = (
    "alt", "corp", "example", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain",
    "localhost", "onion", "private", "test",
)  # fmt: skip


# What the platform calls a domain may be an address.
_ADDRESS = re.compile(r"[0-9.]+|(?=[^:]*:)[0-9a-f:.]+")  # in a time that does not grow with the square of its length
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)


@certificate_check(
    "Certificate is for an internal name",
    "low",
    options={"suffixes": list(_INTERNAL_SUFFIXES)},
    texts={"suffixes": Texts(lambda text: fold(text).lstrip("*."))},
    remediation="Use a name of a public domain, or serve it where only a private CA is trusted.",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.12, zlint",
)
def cert_internal_name(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """One of its names, or its common name, is a single label, below one of ``suffixes``, or a private address.

    Reserved addresses count as private. A common name of a single word only counts if it has no other names.
    """
    internal = [name for name in _host_names(certificate) if _is_internal(name, options["suffixes"])]
    if internal:
        return Problem(f"It is for {', '.join(internal)}.", {"internal_names": internal})
    return _unless_known(certificate)


@certificate_check(
    "Certificate is a CA",
    "medium",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7",
    remediation="Never serve with a CA certificate: let that CA issue one for the server.",
)
def cert_is_ca(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """Its basic constraints say CA:TRUE."""
    is_ca = (certificate.x509 or {}).get("is_ca")
    if is_ca is None:
        return _UNREADABLE
    return Problem("Its basic constraints say CA:TRUE.", {"is_ca": True}) if is_ca else None


@certificate_check(
    "Certificate is not for servers",
    "medium",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.10",
    remediation="Let the CA issue it anew for server authentication.",
)
def cert_eku_missing_server_auth(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """Its extended key usage does not say ``serverAuth``, or it has none."""
    usages = (certificate.x509 or {}).get("extended_key_usage")
    if usages is None:
        return _UNREADABLE
    if "serverAuth" in usages:
        return None
    return Problem(f"Its extended key usage is {', '.join(usages) or 'missing'}.", {"extended_key_usage": usages})


@certificate_check(
    "Certificate has no embedded SCT",
    "low",
    options={"private_issuers": []},
    remediation="Let a CA issue it that logs what it issues (Certificate Transparency).",
    source="Prowler, sslyze",
)
def cert_no_sct(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """It has no signed certificate timestamp. Issuers whose common name is in ``private_issuers`` need none."""
    issuers = values_of((certificate.x509 or {}).get("issuer"), "common_name")
    if any(name in options["private_issuers"] for name in issuers):
        return None
    count = (certificate.x509 or {}).get("embedded_scts")
    if count is None:
        return _UNREADABLE if certificate.x509 is None else Unknown("its timestamps cannot be read")
    return None if count else Problem("It has no embedded signed certificate timestamp.", {"embedded_scts": 0})


@certificate_check(
    "Issuer is not allowed",
    "medium",
    options={"allowed_issuers": []},
    needs="allowed_issuers",
    source="Azure Policy",
    remediation="Replace it by one of an issuer that the policy allows.",
)
def cert_issuer_not_allowed(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """The common name or organization of its issuer is not in ``allowed_issuers``. It is off until there are some."""
    allowed = options["allowed_issuers"]
    issuer = (certificate.x509 or {}).get("issuer")
    if issuer is None:
        return _UNREADABLE
    names = values_of(issuer, "common_name") + values_of(issuer, "organization_name")
    if any(name in allowed for name in names):
        return None
    said = names[0] if names else "one without a name"
    return Problem(f"Its issuer is {said}.", {"issuer": issuer, "allowed_issuers": allowed})


def _host_names(certificate: Certificate) -> list[str]:
    """What it is for, and of its common names what names a host: many name a person or a product."""
    common = []
    for name in map(fold, values_of((certificate.x509 or {}).get("subject"), "common_name")):
        is_word = "." not in name and bool(certificate.names)
        if _ADDRESS.fullmatch(name) or (_HOST.fullmatch(name) and not is_word):
            common.append(name)
    return unique((*certificate.names, *common))


def _unless_known(certificate: Certificate) -> Unknown | None:
    """What a check of names says if none of those that are known is wrong."""
    if certificate.x509 is None:
        return _UNREADABLE
    return None if certificate.alternative_names is not None else Unknown("its names cannot be read")


def _is_internal(name: str, suffixes: list[str]) -> bool:
    name = name.removeprefix("*.")
    if _ADDRESS.fullmatch(name):
        return not _is_global(name)
    return "." not in name or any(name == suffix or name.endswith(f".{suffix}") for suffix in suffixes)


def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
