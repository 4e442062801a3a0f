# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the names in a certificate, and of its permitted uses."""

from __future__ import annotations

import re

from ....module_utils._certificates.domains import normalize
from ..addresses import is_reserved, read_address
from ..definition import Options, Problem, Texts, Unknown, Verdict, certificate_check
from ..distinguished_names import is_among, values_of
from ..facts import CertificateFacts
from ..messages import listed, message, phrase
from ..values import as_kind

_REISSUE_NAMES = "Have the CA re-issue it with all names as subject alternative names."
_UNREADABLE = Unknown("the certificate cannot be read")
_NAMES_UNREAD = Unknown("its names cannot be read")


@certificate_check(
    "Certificate has a wildcard name",
    "low",
    remediation="Use a certificate for each name, or add a waiver.",
    source="Steampipe, testssl.sh",
)
def cert_wildcard(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """One of its names, or its common name, contains ``*``."""
    wildcards = [name for name in _host_names(certificate) if "*" in name]
    if wildcards:
        return Problem(message("It is valid for {names}.", names=listed(wildcards)), {"wildcards": wildcards})
    return _unless_known(certificate)


@certificate_check(
    "Certificate has no subject alternative name",
    "medium",
    remediation=_REISSUE_NAMES,
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.12, zlint",
)
def cert_san_missing(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """It has no subject alternative names. Clients no longer use the common name."""
    names = certificate.alternative_names
    if names is None:
        return _UNREADABLE if certificate.x509 is None else _NAMES_UNREAD
    return None if names else Problem("It has no subject alternative name.", {"subject_alt_names": []})


@certificate_check(
    "Common name is not a subject alternative name",
    "medium",
    remediation=_REISSUE_NAMES,
    source="CA/Browser Forum Baseline Requirements 7.1.4.3, zlint",
)
def cert_cn_not_in_san(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """It has a common name that is not a domain or IP address in its subject alternative names.

    This includes an empty common name, and CA certificates, because a server sends them here. Names are compared as
    clients do: without regard to case, and with Unicode domains in their ASCII form.
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
        message(
            "Its common name {names} is not a subject alternative name.",
            names=listed(name or phrase("(empty)") for name in missing),
        ),
        {"common_name": common, "subject_alt_names": certificate.alternative_names},
    )


#: Reserved for private or special use (RFC 2606, 6761, 6762, 7686, 8375, 9476), or common in private networks.
_INTERNAL_SUFFIXES = (
    "alt", "corp", "example", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain",
    "localhost", "onion", "private", "test",
)  # fmt: skip


# A "domain" may be an IP address. The pattern takes linear time.
_ADDRESS = re.compile(r"[0-9.]+|(?=[^:]*:)[0-9a-f:.]+")
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)


@certificate_check(
    "Certificate has an internal name",
    "low",
    options={"suffixes": list(_INTERNAL_SUFFIXES)},
    texts={"suffixes": Texts(lambda text: normalize(text).lstrip("*."))},
    remediation="Use names of a public domain, or a certificate from a private CA that only internal clients trust.",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.12, zlint",
)
def cert_internal_name(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """One of its names, or its common name, is a single label, ends in one of ``suffixes``, or is a reserved address.

    Reserved are the addresses in IANA's registries of special-purpose addresses (private ones, for example), multicast
    addresses, and unassigned IPv6 addresses. A common name that is a single word only counts if there are no other
    names.
    """
    internal = [name for name in _host_names(certificate) if _is_internal(name, options["suffixes"])]
    if internal:
        return Problem(message("It is valid for {names}.", names=listed(internal)), {"internal_names": internal})
    return _unless_known(certificate)


@certificate_check(
    "Certificate is a CA",
    "medium",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7",
    remediation="Do not use a CA certificate on a server: have that CA issue a server certificate.",
)
def cert_is_ca(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """Its basic constraints have CA:TRUE."""
    is_ca = (certificate.x509 or {}).get("is_ca")
    if is_ca is None:
        return _UNREADABLE if certificate.x509 is None else Unknown("its basic constraints cannot be read")
    return Problem("Its basic constraints have CA:TRUE.", {"is_ca": True}) if is_ca else None


@certificate_check(
    "Certificate is not valid for servers",
    "medium",
    source="CA/Browser Forum Baseline Requirements 7.1.2.7.10",
    remediation="Have the CA re-issue it for server authentication.",
)
def cert_eku_missing_server_auth(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """It has no extended key usage ``serverAuth``.

    ``anyExtendedKeyUsage`` is not enough: OpenSSL clients reject it for a server, although others accept it, and public
    CAs must not issue it. Other usages in addition to ``serverAuth`` are fine: clients accept the certificate.
    """
    usages = (certificate.x509 or {}).get("extended_key_usage")
    if usages is None:
        return _UNREADABLE if certificate.x509 is None else Unknown("its extended key usage cannot be read")
    if "serverAuth" in usages:
        return None
    shown = listed(usages) if usages else phrase("missing")
    detail = message("Its extended key usage is {usages}.", usages=shown)
    if "anyExtendedKeyUsage" in usages:
        detail = message("Its extended key usage is {usages}; not all clients accept that for a server.", usages=shown)
    return Problem(detail, {"extended_key_usage": usages})


@certificate_check(
    "Certificate has no embedded SCT",
    "low",
    options={"private_issuers": []},
    remediation="Have it issued by a CA that submits certificates to Certificate Transparency logs.",
    source="Prowler, sslyze",
)
def cert_no_sct(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """It has no signed certificate timestamp (SCT), and the common name of its issuer is not in ``private_issuers``."""
    if certificate.x509 is None:
        return _UNREADABLE
    issuer = as_kind(dict, certificate.x509.get("issuer"))
    if is_among(values_of(issuer, "common_name"), options["private_issuers"]):
        return None
    count = certificate.x509.get("embedded_scts")
    if count is None:
        return Unknown("its signed certificate timestamps cannot be read")
    if not count and issuer is None and options["private_issuers"]:
        return Unknown("its issuer, which may be a private CA, cannot be read")
    return None if count else Problem("It has no embedded signed certificate timestamp.", {"embedded_scts": 0})


def _advise_issuer(options: Options) -> str:
    issuers = options["allowed_issuers"]
    if not issuers:
        return phrase("Replace it with one from an issuer that the policy allows.")
    return message("Replace it with one from an issuer that the policy allows: {names}.", names=listed(issuers))


@certificate_check(
    "Issuer is not allowed",
    "medium",
    options={"allowed_issuers": []},
    needs="allowed_issuers",
    source="Azure Policy",
    advise=_advise_issuer,
)
def cert_issuer_not_allowed(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """Neither the common name nor the organization of its issuer is in ``allowed_issuers``.

    Case and the number of spaces do not matter (RFC 5280, 7.1). The check is off while the list is empty.
    """
    allowed = options["allowed_issuers"]
    issuer = as_kind(dict, (certificate.x509 or {}).get("issuer"))
    if issuer is None:
        return _UNREADABLE if certificate.x509 is None else Unknown("its issuer cannot be read")
    names = values_of(issuer, "common_name") + values_of(issuer, "organization_name")
    if is_among(names, allowed):
        return None
    name = next(filter(None, names), phrase("a CA without a name"))
    return Problem(message("Its issuer is {name}.", name=name), {"issuer": issuer, "allowed_issuers": allowed})


def _in_ascii(name: str) -> str:
    """Return a name in lower case, and a domain in ASCII. Spaces and full stops around it are kept."""
    return name.lower() if name.isascii() else normalize(name)


def _plain(name: str) -> str:
    """Return the same without surrounding spaces and a final full stop."""
    return _in_ascii(name).strip().rstrip(".")


def _host_names(certificate: CertificateFacts) -> list[str]:
    """Return all its names, and the common names that can be host names: many are the name of a person or a product.

    Names that no client accepts are included, such as ``*.internal``, because it was issued for them. What the platform
    reports counts only if the certificate cannot be read. It is treated like a common name, as it often is one.
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


def _unless_known(certificate: CertificateFacts) -> Unknown | None:
    """Return the verdict if no known name is a problem: undecided if some names are not known."""
    if certificate.x509 is None:
        return _UNREADABLE
    is_known = certificate.alternative_names is not None and certificate.common_names is not None
    return None if is_known else _NAMES_UNREAD


def _is_internal(name: str, suffixes: list[str]) -> bool:
    name = name.removeprefix("*.")
    if _ADDRESS.fullmatch(name):
        address = read_address(name)
        # An invalid address is not in any network.
        return address is None or is_reserved(address)
    return "." not in name or any(name == suffix or name.endswith(f".{suffix}") for suffix in suffixes)


CHECKS = (
    cert_wildcard,
    cert_san_missing,
    cert_cn_not_in_san,
    cert_internal_name,
    cert_is_ca,
    cert_eku_missing_server_auth,
    cert_no_sct,
    cert_issuer_not_allowed,
)
