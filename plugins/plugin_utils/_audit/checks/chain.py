# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the certificate chain that is sent with the leaf."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ....module_utils._certificates.content import NO_CRYPTOGRAPHY
from ....module_utils._certificates.domains import normalize, unique
from ....module_utils._certificates.times import DAY, LAST, iso8601
from ..definition import Options, Problem, Unknown, Verdict, certificate_check
from ..distinguished_names import is_among, is_root, name_of, same_name, values_of
from ..durations import in_days
from ..facts import TRUST, CertificateFacts
from ..messages import Message, counted, listed, mark, message, phrase, sentence, sentences
from ..values import as_kind

#: The most certificates that a sentence names.
_SHOWN = 3
#: The days of cert_expiring_warning if that check is off.
_WARNING_DAYS = 30
_UPLOAD_CHAIN = (
    "Upload it again: first the certificate, then each intermediate that issued the one before, without the root."
)
_UNREADABLE = Unknown("the certificate cannot be read")
_PART_UNREAD = Unknown("not all certificates in the content can be read")


@certificate_check("Intermediate certificate is missing", "medium", remediation=_UPLOAD_CHAIN, source="sslyze")
def chain_missing(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """It is not self-signed, and its issuer's certificate is not in the content: some clients cannot verify it.

    The issuer is the CA that signed it. A certificate that only has the issuer's name does not count.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    is_included = certificate.x509.get("issuer_included")
    if certificate.is_self_signed or is_included:
        return None
    if is_included is None:
        return Unknown("whether the content includes its issuer is not known")
    if not certificate.is_read_whole:
        return _PART_UNREAD
    issuer = certificate.x509.get("issuer")
    same_names = [member for member in certificate.chain if same_name(member.get("subject"), issuer)]
    return Problem(
        sentences(map(_why_not, same_names[:_SHOWN]))
        if same_names
        else phrase("The content does not include its issuer's certificate."),
        {"issuer": issuer, "chain": [name_of(member) for member in certificate.chain]},
    )


@certificate_check("Chain is broken", "high", remediation=_UPLOAD_CHAIN, source="RFC 5280 6.1.3")
def chain_broken(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """A certificate in the content has the name of the issuer of the one before it, but did not issue it.

    It is not a CA, or another key has signed, and the right one is not in the content either. Clients can only verify
    such a chain if they have the right one from elsewhere.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    leaf = {**certificate.x509, "subject_cn": next(iter(certificate.common_names or ()), None)}
    pairs = list(zip([leaf, *certificate.chain], certificate.chain, strict=False))
    broken = [_is_broken(member, above) for member, above in pairs]
    wrong = [pair for pair, is_broken in zip(pairs, broken, strict=True) if is_broken]
    if wrong:
        detail = sentences(_why_not(above, issued=name_of(member)) for member, above in wrong[:_SHOWN])
        return Problem(detail, {"chain": [name_of(member) for member in certificate.chain]})
    if None in broken:
        return Unknown("which certificate in the content issued which one is not known")
    return None if certificate.is_read_whole else _PART_UNREAD


@certificate_check("Chain is out of order", "low", remediation=_UPLOAD_CHAIN, source="RFC 5246 7.4.2, sslyze")
def chain_order(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The certificates in the content are not in order: the leaf first, each one followed by the CA that signed it."""
    if certificate.x509 is None:
        return _UNREADABLE
    names = [name_of(member) for member in certificate.chain]
    if certificate.x509.get("position"):
        before = certificate.x509["position"]
        detail = counted(
            "{number} other certificate comes before it.", "{number} other certificates come before it.", before
        )
        return Problem(detail, {"position": before, "chain": names})
    if not certificate.is_read_whole:
        return _PART_UNREAD
    issued = [member.get("issued_previous") for member in certificate.chain]
    if False in issued:
        other = names[issued.index(False)]
        return Problem(message("{name} did not issue the certificate before it.", name=other), {"chain": names})
    return None if all(issued) else Unknown("which certificate in the content issued which one is not known")


@certificate_check("Chain includes the root", "low", remediation=_UPLOAD_CHAIN, source="sslyze")
def chain_has_root(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The chain includes a self-signed root. Clients only trust their own copy, so it only slows down handshakes."""
    if certificate.x509 is None:
        return _UNREADABLE
    are_roots = [is_root(member) for member in certificate.chain]
    roots = [name_of(member) for member, is_one in zip(certificate.chain, are_roots, strict=True) if is_one]
    if roots:
        return Problem(message("The chain includes the root {name}.", name=listed(roots)), {"roots": roots})
    if None in are_roots:
        return Unknown("who signed the certificates in the content is not known")
    return None if certificate.is_read_whole else _PART_UNREAD


@certificate_check(
    "Chain certificate has expired",
    "high",
    source="testssl.sh",
    remediation="Upload it again with the current intermediate certificates of the CA.",
)
def chain_member_expired(certificate: CertificateFacts, _options: Options, now: int) -> Verdict:
    """A certificate of its chain has expired."""
    if certificate.x509 is None:
        return _UNREADABLE
    limit = str(iso8601(now))
    return _ends(certificate, "expired", mark("Expired: {names}."), lambda not_after: not_after < limit)


@certificate_check(
    "Chain certificate expires soon",
    "medium",
    linked={"days": "cert_expiring_warning"},
    yields_to=("chain_member_expired",),
    source="x509-certificate-exporter's alert",
    remediation="Upload it again with the current intermediate certificates of the CA.",
)
def chain_member_expiring(certificate: CertificateFacts, options: Options, now: int) -> Verdict:
    """A certificate of its chain expires within the days of ``cert_expiring_warning``, and before the leaf does.

    If that check is off, these are 30 days. A certificate of the chain that expires with the leaf or later is replaced
    when the leaf is renewed.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    days = _WARNING_DAYS if options["days"] is None else options["days"]
    limit = now + days * DAY
    if certificate.not_after is not None:
        limit = min(limit, certificate.not_after - 1)
    first, last = str(iso8601(now)), str(iso8601(min(math.floor(limit), LAST)))
    return _ends(
        certificate, "expiring", mark("Expiring before it: {names}."), lambda not_after: first <= not_after <= last
    )


@certificate_check(
    "Clients do not trust the certificate",
    "high",
    unbound="low",
    options={"exempt_issuers": []},
    linked={"private_issuers": "cert_no_sct"},
    yields_to=("cert_expired", "cert_not_yet_valid"),
    requires=TRUST,
    source="sslyze",
    remediation="Upload it again with all intermediate certificates, or have it issued by a CA that the clients trust.",
)
def cert_untrusted(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """No path leads from it to a root in the trust store, by the certificates in the content alone.

    This is only judged if trust was verified, see the option ``trust_store`` of the module. Certificates are exempt if
    the common name of their issuer is in ``exempt_issuers``, or in ``private_issuers`` of ``cert_no_sct``.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    issuer = as_kind(dict, certificate.x509.get("issuer"))
    exempt = [*options["exempt_issuers"], *(options["private_issuers"] or ())]
    trust = certificate.trust or {}
    trusted = as_kind(bool, trust.get("trusted"))
    reason = as_kind(str, trust.get("reason")) or (
        mark("the reason is not known") if trust else mark("it was not verified")
    )
    if trusted or is_among(values_of(issuer, "common_name"), exempt):
        return None
    if trusted is None:
        return Unknown(message("whether it is trusted is not known: {reason}", reason=phrase(reason)))
    if issuer is None and exempt:
        return Unknown("its issuer, which may be a private CA, cannot be read")
    evidence = {name: as_kind(str, trust.get(name)) for name in ("reason", "store", "evaluated_at")}
    return Problem(sentence(reason), evidence)


@certificate_check(
    "Certificate cannot be read",
    "medium",
    source="",
    remediation="Check the uploaded content: it must be PEM with the certificate first.",
)
def cert_unparseable(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The content on the platform has no readable certificate, or a part of the certificate cannot be read."""
    error = certificate.facts.get("x509_error")
    if not error:
        return None
    if error == NO_CRYPTOGRAPHY:
        return Unknown(error)
    if certificate.x509 is not None:
        # Earlier versions had this error for keys that they could read without cryptography. Other checks cover these.
        if error.startswith("public_key: ") and certificate.public_key:
            return None
        detail = message("Part of the certificate cannot be read: {error}.", error=phrase(error))
        return Problem(detail, {"x509_error": error})
    return Problem(sentence(error), {"x509_error": error})


@certificate_check(
    "Platform and certificate disagree",
    "medium",
    options={"tolerance": 0},
    remediation="Upload it again, or ask UCloud support: tools that use the platform's data get wrong values.",
)
def api_certificate_drift(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """The platform reports other dates than the certificate has, or domains that it does not have.

    Dates may differ by ``tolerance`` seconds. Values that the platform does not report are not compared.
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
    names = _known_spellings(certificate)
    platform_only = [name for name in api.get("domains") or () if not names & {name.lower(), normalize(name)}]
    if platform_only and certificate.x509 is None:
        missing = _UNREADABLE
    elif platform_only and (certificate.alternative_names is None or certificate.common_names is None):
        missing = Unknown("its names cannot be read")
    elif platform_only:
        differences["domains"] = {"platform_only": platform_only}
    if differences:
        names_of_facts = listed(differences)
        return Problem(message("The platform reports other values: {names}.", names=names_of_facts), differences)
    return missing


def _ends(certificate: CertificateFacts, key: str, template: str, is_meant: Callable[[str], bool]) -> Verdict:
    """Judge the expiry of the certificates in a chain.

    Args:
        certificate: The certificate with the chain.
        key: What the evidence calls those that are meant.
        template: The sentence that names them.
        is_meant: Whether an expiry is a problem. Timestamps in this format can be compared as text.
    """
    found = {
        name_of(member): member["not_after"]
        for member in certificate.chain
        if member.get("not_after") and is_meant(member["not_after"])
    }
    if found:
        names = listed(message("{name} at {time}", name=name, time=not_after) for name, not_after in found.items())
        return Problem(message(template, names=names), {key: found})
    if not all(member.get("not_after") for member in certificate.chain):
        return Unknown("the expiry of a certificate in its chain is not known")
    return None if certificate.is_read_whole else _PART_UNREAD


def _is_broken(member: dict[str, Any], above: dict[str, Any]) -> bool | None:
    """Whether a certificate only has the name of the issuer of the one before it, and the issuer is not included."""
    issued, has_name = above.get("issued_previous"), same_name(above.get("subject"), member.get("issuer"))
    is_included = member.get("issuer_included")
    if issued or is_included or has_name is False:
        return False
    return None if issued is None or has_name is None or is_included is None else True


def _why_not(member: dict[str, Any], issued: str = "") -> Message:
    """Say why a certificate with the issuer's name is not the issuer of the leaf, or of the one that is named."""
    name = name_of(member)
    if member.get("is_ca") is False:
        return message("{name} has the issuer's name, but is not a CA.", name=name)
    if issued:
        return message("{name} has the issuer's name, but did not issue {other}.", name=name, other=issued)
    return message("{name} has the issuer's name, but did not sign it.", name=name)


def _known_spellings(certificate: CertificateFacts) -> set[str]:
    """Return the names in a certificate as they are written, and normalized: the platform may report either.

    Common names are included, because the platform takes its main domain from there.
    """
    common = certificate.common_names or []
    written = (*certificate.dns_names, *common, *map(str, certificate.addresses))
    usual = (*unique(common), *(certificate.domains if certificate.has_known_names else ()))
    return {*(name.lower() for name in written), *usual}


CHECKS = (
    chain_missing, chain_broken, chain_order, chain_has_root, chain_member_expired, chain_member_expiring,
    cert_untrusted, cert_unparseable, api_certificate_drift,
)  # fmt: skip
