# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the certificates that are sent along with the leaf."""

from __future__ import annotations

from typing import Any

from ....module_utils._certificates.content import NO_CRYPTOGRAPHY
from ....module_utils._certificates.domains import normalize, unique
from ....module_utils._certificates.times import iso8601
from ..facts import Certificate, in_days, is_root, name_of, same_name
from ..registry import Options, Problem, Unknown, Verdict, certificate_check

#: How many certificates a sentence names at most.
_SHOWN = 3
_UPLOAD_CHAIN = "Upload it anew: the certificate, then the intermediate that issued it, and so on, without the root."
_UNREADABLE = Unknown("the certificate cannot be read")
_PART_UNREAD = Unknown("not all certificates in the content can be read")


@certificate_check("Intermediate certificate is missing", "medium", remediation=_UPLOAD_CHAIN, source="sslyze")
def chain_missing(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """It is not self-signed, and no certificate of its issuer is in the content: some clients cannot verify it.

    Its issuer is a CA that has signed it; one of the right name alone is none.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    is_included = certificate.x509.get("issuer_included")
    if certificate.is_self_signed or is_included:
        return None
    if is_included is None:
        return Unknown("whether its issuer is in the content cannot be told")
    if not certificate.is_read_whole:
        return _PART_UNREAD
    issuer = certificate.x509.get("issuer")
    namesakes = [member for member in certificate.chain if same_name(member.get("subject"), issuer)]
    return Problem(
        " ".join(map(_why_not, namesakes[:_SHOWN])) or "No certificate of its issuer is in the content.",
        {"issuer": issuer, "chain": [name_of(member) for member in certificate.chain]},
    )


@certificate_check("Chain is out of order", "low", remediation=_UPLOAD_CHAIN, source="RFC 5246 7.4.2, sslyze")
def chain_order(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """The content is not the leaf, then its issuer, then the issuer of that, and so on.

    An issuer is a CA that has signed what comes before it.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    names = [name_of(member) for member in certificate.chain]
    if certificate.x509.get("position"):
        before = certificate.x509["position"]
        return Problem(f"{before} other certificate(s) come before it.", {"position": before, "chain": names})
    if not certificate.is_read_whole:
        return _PART_UNREAD
    issued = [member.get("issued_previous") for member in certificate.chain]
    if False in issued:
        return Problem(f"{names[issued.index(False)]} does not certify what comes before it.", {"chain": names})
    return None if all(issued) else Unknown("which certificate in the content issued which cannot be told")


@certificate_check("Chain has the root", "low", remediation=_UPLOAD_CHAIN, source="sslyze")
def chain_has_root(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """A self-signed root is sent along. Clients have it or do not trust it: it only costs time."""
    if certificate.x509 is None:
        return _UNREADABLE
    are_roots = [is_root(member) for member in certificate.chain]
    roots = [name_of(member) for member, is_one in zip(certificate.chain, are_roots, strict=True) if is_one]
    if roots:
        return Problem(f"It is sent with the root {', '.join(roots)}.", {"roots": roots})
    if None in are_roots:
        return Unknown("who signed the certificates in the content cannot be told")
    return None if certificate.is_read_whole else _PART_UNREAD


@certificate_check(
    "Certificate of the chain has expired",
    "high",
    source="testssl.sh",
    remediation="Upload it anew with the current intermediate certificates of the CA.",
)
def chain_member_expired(certificate: Certificate, _options: Options, now: int) -> Verdict:
    """One of the certificates that are sent along has expired."""
    if certificate.x509 is None:
        return _UNREADABLE
    expired = {
        name_of(member): member["not_after"]
        for member in certificate.chain
        # Times of this form sort as text.
        if member.get("not_after") and member["not_after"] < str(iso8601(now))
    }
    if expired:
        said = ", ".join(f"{name} at {moment}" for name, moment in expired.items())
        return Problem(f"Expired: {said}.", {"expired": expired})
    if not all(member.get("not_after") for member in certificate.chain):
        return Unknown("when a certificate of the chain expires is not known")
    return None if certificate.is_read_whole else _PART_UNREAD


@certificate_check(
    "Certificate cannot be read",
    "medium",
    source="",
    remediation="Look at what was uploaded: it has to be a PEM with the certificate first.",
)
def cert_unparseable(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """The platform holds content that no certificate can be read from, or of which a part cannot be read."""
    error = certificate.facts.get("x509_error")
    if not error:
        return None
    if error == NO_CRYPTOGRAPHY:
        return Unknown(error)
    if certificate.x509 is not None:
        # Earlier versions said so of keys that they had read without cryptography; these have checks of their own.
        if error.startswith("public_key: ") and certificate.public_key:
            return None
        return Problem(f"A part of it cannot be read: {error}.", {"x509_error": error})
    return Problem(f"{error[0].upper()}{error[1:]}.", {"x509_error": error})


@certificate_check(
    "Platform and certificate disagree",
    "medium",
    options={"tolerance": 0},
    remediation="Upload it anew, or ask UCloud's support: it misleads tools that trust the platform.",
)
def api_certificate_drift(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """The dates or domains that the platform names are not those in the certificate.

    Dates may differ by ``tolerance`` seconds. What the platform does not name cannot differ.
    """
    api = certificate.facts.get("api") or {}
    dates = ("not_before", "not_after")
    differences: dict[str, Any] = {}
    missing = None
    if certificate.facts.get("validity_from") == "certificate":
        for name, value in zip(dates, (certificate.not_before, certificate.not_after), strict=True):
            other = api.get(f"{name}_epoch")
            if other is not None and value is None:
                missing = Unknown("its dates are not known")
            elif other is not None and value is not None and abs(other - value) > options["tolerance"]:
                differences[name] = {
                    "platform": iso8601(other),
                    "certificate": iso8601(value),
                    "days": in_days(other - value),
                }
    elif any(api.get(f"{name}_epoch") for name in dates):
        missing = _UNREADABLE
    names = _spellings(certificate)
    platform_only = [name for name in api.get("domains") or () if not names & {name.lower(), normalize(name)}]
    if platform_only and certificate.x509 is None:
        missing = _UNREADABLE
    elif platform_only and (certificate.alternative_names is None or certificate.common_names is None):
        missing = Unknown("the names in the certificate cannot be read")
    elif platform_only:
        differences["domains"] = {"platform_only": platform_only}
    if differences:
        return Problem(f"The platform has other values for {', '.join(differences)}.", differences)
    return missing


def _why_not(namesake: dict[str, Any]) -> str:
    """Why a certificate that has the name of an issuer is not it."""
    why = "is no CA" if namesake.get("is_ca") is False else "did not sign it"
    return f"{name_of(namesake)} has the issuer's name, but {why}."


def _spellings(certificate: Certificate) -> set[str]:
    """What the platform may call the names in a certificate: as they are written there, or in their usual spelling.

    Common names are among them, as the platform takes its main domain from there.
    """
    common = certificate.common_names or []
    written = (*certificate.dns_names, *common, *map(str, certificate.addresses))
    usual = (*unique(common), *(certificate.domains if certificate.has_known_names else ()))
    return {*(name.lower() for name in written), *usual}
