# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the certificates that are sent along with the leaf."""

from __future__ import annotations

from typing import Any

from ....module_utils._certificates.content import NO_CRYPTOGRAPHY
from ....module_utils._certificates.domains import fold
from ....module_utils._certificates.times import iso8601
from ..catalogue import Options, Problem, Unknown, Verdict, certificate_check
from ..subjects import Certificate, in_days, is_root, name_of, values_of

_UPLOAD_CHAIN = "Upload it anew: the certificate, then the intermediate that issued it, and so on, without the root."
_UNREADABLE = Unknown("the certificate cannot be read")


@certificate_check("Intermediate certificate is missing", "medium", remediation=_UPLOAD_CHAIN, source="sslyze")
def chain_missing(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """It is not self-signed, and no certificate of its issuer is in the content: some clients cannot verify it."""
    if certificate.x509 is None:
        return _UNREADABLE
    issuer = certificate.x509.get("issuer")
    if certificate.is_self_signed:
        return None
    if issuer is None or (issuer == certificate.x509.get("subject") and certificate.is_self_signed is None):
        return Unknown("who issued it cannot be told")
    if any(member.get("subject") == issuer for member in certificate.chain):
        return None
    return Problem(
        "No certificate of its issuer is in the content.",
        {"issuer": issuer, "chain": [name_of(member) for member in certificate.chain]},
    )


@certificate_check("Chain is out of order", "low", remediation=_UPLOAD_CHAIN, source="RFC 5246 7.4.2, sslyze")
def chain_order(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """The content is not the leaf, then its issuer, then the issuer of that, and so on."""
    if certificate.x509 is None:
        return _UNREADABLE
    names = [name_of(member) for member in certificate.chain]
    if certificate.x509.get("position"):
        before = certificate.x509["position"]
        return Problem(f"{before} other certificate(s) come before it.", {"position": before, "chain": names})
    expected = certificate.x509.get("issuer")
    for number, member in enumerate(certificate.chain):
        if expected is None or member.get("subject") is None:
            return Unknown("names of certificates in the content cannot be read")
        if member["subject"] != expected:
            return Problem(f"{names[number]} does not certify what comes before it.", {"chain": names})
        expected = member.get("issuer")
    return None


@certificate_check("Chain has the root", "low", remediation=_UPLOAD_CHAIN, source="sslyze")
def chain_has_root(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """A self-signed root is sent along. Clients have it or do not trust it: it only costs time."""
    if certificate.x509 is None:
        return _UNREADABLE
    roots = [name_of(member) for member in certificate.chain if is_root(member)]
    if roots:
        return Problem(f"It is sent with the root {', '.join(roots)}.", {"roots": roots})
    is_known = all(member.get("subject") and member.get("issuer") for member in certificate.chain)
    return None if is_known else Unknown("names of certificates in the content cannot be read")


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
    if not expired:
        is_known = all(member.get("not_after") for member in certificate.chain)
        return None if is_known else Unknown("when a certificate of the chain expires is not known")
    said = ", ".join(f"{name} at {moment}" for name, moment in expired.items())
    return Problem(f"Expired: {said}.", {"expired": expired})


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
        # Keys that cryptography refuses are read without it, and have checks of their own.
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
    if certificate.x509 is None or certificate.facts.get("validity_from") != "certificate":
        said = any(api.get(name) for name in ("not_before_epoch", "not_after_epoch", "domains"))
        return _UNREADABLE if said else None
    differences: dict[str, Any] = {}
    for name, value in (("not_before", certificate.not_before), ("not_after", certificate.not_after)):
        other = api.get(f"{name}_epoch")
        if other is not None and value is not None and abs(other - value) > options["tolerance"]:
            differences[name] = {
                "platform": iso8601(other),
                "certificate": iso8601(value),
                "days": in_days(other - value),
            }
    alternatives = certificate.x509.get("subject_alt_names")
    names = {fold(name.partition(":")[2]) for name in alternatives or ()}
    names |= set(map(fold, values_of(certificate.x509.get("subject"), "common_name")))
    unknown = [name for name in api.get("domains") or () if name not in names]
    if unknown and alternatives is not None:
        differences["domains"] = {"platform_only": unknown}
    if differences:
        return Problem(f"The platform has other values for {', '.join(differences)}.", differences)
    return Unknown("the names in the certificate cannot be read") if unknown else None
