# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the names in a certificate, and of what it may be used for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ....module_utils._certificates.domains import normalize
from ..addresses import is_reserved, read_address
from ..facts import Certificate, as_kind, folded_text, values_of
from ..registry import Options, Problem, Texts, Unknown, Verdict, certificate_check

_REISSUE_NAMES = "Let the CA issue it anew with every name it is for as a subject alternative name."
_UNREADABLE = Unknown("the certificate cannot be read")
_NAMES_UNREAD = Unknown("its names cannot be read")


@certificate_check(
    "Certificate has a wildcard",
    "low",
    remediation="Prefer a certificate for each name, or a waiver.",
    source="Steampipe, testssl.sh",
)
def cert_wildcard(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """One of its names, or its common name, has a ``*`` in it."""
    wildcards = [name for name in _host_names(certificate) if "*" in name]
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
    names = certificate.alternative_names
    if names is None:
        return _UNREADABLE if certificate.x509 is None else _NAMES_UNREAD
    return None if names else Problem("It has no subject alternative name.", {"subject_alt_names": []})


@certificate_check(
    "Common name is no subject alternative name",
    "medium",
    remediation=_REISSUE_NAMES,
    source="CA/Browser Forum Baseline Requirements 7.1.4.3, zlint",
)
def cert_cn_not_in_san(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """It has a common name that is none of the domains and IP addresses among its subject alternative names.

    An empty one is such a name. Case does not matter, nor whether a domain is written in Unicode: it is the same name
    to clients. Certificates of CAs count as well, since it is a server that sends this one.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    common = certificate.common_names
    if common is None:
        return Unknown("its subject cannot be read")
    if not common:
        return None
    if certificate.alternative_names is None:
        return _NAMES_UNREAD
    known = {name.lower() for name in certificate.dns_names}
    missing = [
        name for name in common if _in_ascii(name) not in known and read_address(name) not in certificate.addresses
    ]
    if not missing:
        return None
    return Problem(
        f"Its common name {', '.join(name or '(empty)' for name in missing)} is not among its alternative names.",
        {"common_name": common, "subject_alt_names": certificate.alternative_names},
    )


#: Reserved for private or special use: RFC 2606, 6761, 6762, 7686, 8375, 9476, and what networks commonly use.
_INTERNAL_SUFFIXES = (
    "alt", "corp", "example", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain",
    "localhost", "onion", "private", "test",
)  # fmt: skip


# What is called a domain may be an address. This takes a time that does not grow with the square of its length.
_ADDRESS = re.compile(r"[0-9.]+|(?=[^:]*:)[0-9a-f:.]+")
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)


@certificate_check(
    "Certificate is for an internal name",
    "low",
    options={"suffixes": list(_INTERNAL_SUFFIXES)},
    texts={"suffixes": Texts(lambda text: normalize(text).lstrip("*."))},
    remediation="Use a name of a public domain, or serve it where only a private CA is trusted.",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.12, zlint",
)
def cert_internal_name(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """One of its names, or its common name, is a single label, below one of ``suffixes``, or a reserved address.

    Reserved is what is in IANA's registries of special-purpose addresses, private ones among them, multicast, and what
    of IPv6 has not been given to anybody. A common name of a single word only counts if it has no other names.
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
        return _UNREADABLE if certificate.x509 is None else Unknown("its basic constraints cannot be read")
    return Problem("Its basic constraints say CA:TRUE.", {"is_ca": True}) if is_ca else None


@certificate_check(
    "Certificate is not for servers",
    "medium",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.10",
    remediation="Let the CA issue it anew for server authentication.",
)
def cert_eku_missing_server_auth(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """Its extended key usage does not say ``serverAuth``, or it has none.

    ``anyExtendedKeyUsage`` is not enough: clients with OpenSSL refuse it from a server, though others accept it, and
    public CAs may not issue it. Whatever stands beside ``serverAuth`` does not matter here: clients accept the
    certificate.
    """
    usages = (certificate.x509 or {}).get("extended_key_usage")
    if usages is None:
        return _UNREADABLE if certificate.x509 is None else Unknown("its extended key usage cannot be read")
    if "serverAuth" in usages:
        return None
    said = ", ".join(usages) or "missing"
    any_usage = "; not all clients accept that of a server" if "anyExtendedKeyUsage" in usages else ""
    return Problem(f"Its extended key usage is {said}{any_usage}.", {"extended_key_usage": usages})


@certificate_check(
    "Certificate has no embedded SCT",
    "low",
    options={"private_issuers": []},
    remediation="Let a CA issue it that logs what it issues (Certificate Transparency).",
    source="Prowler, sslyze",
)
def cert_no_sct(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """It has no signed certificate timestamp. Issuers whose common name is in ``private_issuers`` need none."""
    if certificate.x509 is None:
        return _UNREADABLE
    issuer = as_kind(dict, certificate.x509.get("issuer"))
    if _is_among(values_of(issuer, "common_name"), options["private_issuers"]):
        return None
    count = certificate.x509.get("embedded_scts")
    if count is None:
        return Unknown("its timestamps cannot be read")
    if not count and issuer is None and options["private_issuers"]:
        return Unknown("its issuer, which may be a private one, cannot be read")
    return None if count else Problem("It has no embedded signed certificate timestamp.", {"embedded_scts": 0})


@certificate_check(
    "Issuer is not allowed",
    "medium",
    options={"allowed_issuers": []},
    needs="allowed_issuers",
    source="Azure Policy",
    advise=lambda options: (
        "Replace it by one of an issuer that the policy allows"
        f"{': ' if options['allowed_issuers'] else ''}{', '.join(options['allowed_issuers'])}."
    ),
)
def cert_issuer_not_allowed(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """The common name or organization of its issuer is not in ``allowed_issuers``. It is off until there are some.

    Case and the number of blanks do not matter (RFC 5280, 7.1).
    """
    allowed = options["allowed_issuers"]
    issuer = as_kind(dict, (certificate.x509 or {}).get("issuer"))
    if issuer is None:
        return _UNREADABLE if certificate.x509 is None else Unknown("its issuer cannot be read")
    names = values_of(issuer, "common_name") + values_of(issuer, "organization_name")
    if _is_among(names, allowed):
        return None
    said = next(filter(None, names), "one without a name")
    return Problem(f"Its issuer is {said}.", {"issuer": issuer, "allowed_issuers": allowed})


def _is_among(names: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether one of some texts of distinguished names is wanted."""
    folded = set(map(folded_text, wanted))
    return bool(folded) and any(folded_text(str(name)) in folded for name in names)


def _in_ascii(name: str) -> str:
    """A name in lower case, and in ASCII if it is one of a domain; blanks and full stops around it stay."""
    return name.lower() if name.isascii() else normalize(name)


def _plain(name: str) -> str:
    """The same without blanks and full stops around it."""
    return _in_ascii(name).strip().rstrip(".")


def _host_names(certificate: Certificate) -> list[str]:
    """What it is for, and of its common names what names a host: many name a person or a product.

    Names that no client accepts are among them, such as ``*.internal``: it was issued for them. What the platform says
    only counts where the certificate cannot be read, and as little as a common name: it is often taken from there.
    """
    is_read = certificate.alternative_names is not None
    known = certificate.domains if certificate.has_known_names or not is_read else ()
    names = [*known, *map(_plain, certificate.dns_names), *map(str, certificate.addresses)]
    more = [*(() if is_read else certificate.platform_names), *(certificate.common_names or ())]
    for name in map(_plain, more):
        is_word = "." not in name and bool(names)
        if _ADDRESS.fullmatch(name) or (_HOST.fullmatch(name) and not is_word):
            names.append(name)
    return list(dict.fromkeys(names))


def _unless_known(certificate: Certificate) -> Unknown | None:
    """What a check of names says if none of those that are known is wrong."""
    if certificate.x509 is None:
        return _UNREADABLE
    is_known = certificate.alternative_names is not None and certificate.common_names is not None
    return None if is_known else _NAMES_UNREAD


def _is_internal(name: str, suffixes: list[str]) -> bool:
    name = name.removeprefix("*.")
    if _ADDRESS.fullmatch(name):
        address = read_address(name)
        # What looks like an address, and is none, has no place in any network.
        return address is None or is_reserved(address)
    return "." not in name or any(name == suffix or name.endswith(f".{suffix}") for suffix in suffixes)
