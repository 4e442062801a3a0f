# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that need all certificates. They use indexes, so that their cost is linear in the number of certificates."""

from __future__ import annotations

from typing import Any

from ....module_utils._certificates.times import DAY, iso8601
from ..definition import Found, Options, Problem, Texts, Unknown, Verdict, certificate_check, fleet_check
from ..durations import in_days, span
from ..expected import expected_name
from ..facts import CertificateFacts, FleetFacts, names_for
from ..messages import Message, listed, message, phrase, some
from ..successors import Candidates, defects, expiry, is_valid, may_be_valid

#: The most other certificates that the evidence names.
_SHOWN = 10
_UNREADABLE = Unknown("the certificate cannot be read")
_NO_NAMES = Unknown("its names cannot be read")
_NO_DATES = Unknown("its dates are not known")
_NO_KIND = Unknown("its key or its issuer cannot be read")
_NO_BINDINGS = Unknown("the platform does not report which listeners serve it")


@certificate_check(
    "Certificate is not used",
    "low",
    options={"days": 7},
    source="Prowler",
    remediation="Delete it, or bind it to a listener.",
)
def cert_unused(certificate: CertificateFacts, options: Options, now: int) -> Verdict:
    """No listener serves it, and it was uploaded more than ``days`` ago."""
    created = certificate.created_at
    if certificate.bound is None:
        return _NO_BINDINGS
    if certificate.bound:
        return None
    if created is None:
        return Unknown("no listener serves it, but its upload time is not known")
    since = now - created
    if since <= options["days"] * DAY:
        return None
    return Problem(
        message("No listener serves it {span} after its upload.", span=span(since)),
        {"created_at": iso8601(created), "days_since_upload": in_days(since)},
    )


@fleet_check(
    "A newer certificate is not used",
    "high",
    source="",
    remediation="Bind the newer certificate to the listeners of this one (UpdateSSLBinding), then delete this one.",
)
def cert_superseded_in_use(fleet: FleetFacts, _options: Options, now: int) -> Found:
    """It is still bound although its region and project have a newer certificate that can replace it.

    A newer certificate begins and ends later, and is valid now. It can replace this one if it covers all its names, has
    a key of the same type (otherwise the two may be a pair), and both are trusted by the same clients. This is the case
    if public CAs issued both (as signed certificate timestamps show), or if this one is from a private CA, and the
    other one from the same organization or from a public CA. A certificate that is self-signed, is a CA, or does not
    match its stored key is no replacement, unless the same is true of this one.

    A certificate that cannot be read makes the check undecided if the platform reports the same names for it.
    """
    candidates = Candidates(fleet, now)
    for certificate in fleet.certificates:
        verdict = None if certificate.bound is False else _superseded(certificate, candidates)
        if verdict is not None:
            yield certificate, verdict


@fleet_check(
    "Regions or projects have different certificates",
    "medium",
    source="",
    remediation="Upload the newest certificate to all regions and projects, and bind it.",
)
def cert_drift_between_regions(fleet: FleetFacts, _options: Options, now: int) -> Found:
    """Another region or project has a certificate for the same names with another fingerprint and a later expiry.

    Certificates are only compared if they have keys of the same type and are trusted by the same clients, as in
    ``cert_superseded_in_use``. Of the certificates of a region and project for the same names, only the one with the
    latest expiry counts. Certificates that are not valid yet, or do not match their stored key, do not count.
    """
    missing = {item.position: unknown for item in fleet.certificates if (unknown := _not_comparable(item)) is not None}
    yield from ((item, missing[item.position]) for item in fleet.certificates if item.position in missing)
    groups = fleet.grouped(
        lambda item: (item.kind, *sorted(item.names)) if item.names and item.position not in missing else None
    )
    for comparable in groups.values():
        latest: dict[tuple[str, str], CertificateFacts] = {}
        for certificate in comparable:
            if (certificate.not_before or 0) > now or certificate.is_reversed or "wrong key" in defects(certificate):
                continue
            known = latest.get(certificate.scope)
            if known is None or (expiry(certificate), certificate.sort_key) > (expiry(known), known.sort_key):
                latest[certificate.scope] = certificate
        newest = max(latest.values(), key=lambda item: (expiry(item), item.sort_key), default=None)
        for certificate in latest.values():
            if newest and certificate.fingerprint != newest.fingerprint and certificate.not_after != newest.not_after:
                yield (
                    certificate,
                    Problem(
                        message(
                            "{scope} has one that expires at {newest}; this one expires at {not_after}.",
                            scope=_scope_text(newest.region, newest.project_id),
                            newest=iso8601(newest.not_after),
                            not_after=iso8601(certificate.not_after),
                        ),
                        {
                            "newest": newest.ssl_id,
                            "newest_region": newest.region,
                            "newest_project_id": newest.project_id,
                            "newest_not_after": iso8601(newest.not_after),
                            "not_after": iso8601(certificate.not_after),
                        },
                    ),
                )


@fleet_check(
    "Certificate is stored more than once",
    "low",
    source="",
    remediation="Bind the listeners to one of the copies, and delete the others.",
)
def cert_duplicate(fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """Its region and project have the same certificate (by SHA-256 fingerprint) under another id."""
    yield from ((item, _UNREADABLE) for item in fleet.certificates if not item.fingerprint)
    for group in fleet.grouped(lambda item: (*item.scope, item.fingerprint) if item.fingerprint else None).values():
        for certificate in group if len(group) > 1 else ():
            yield (
                certificate,
                Problem(
                    message("It is a copy of {names}.", names=_listed(certificate, group, len(group))),
                    {
                        "copies": len(group),
                        "others": _some_others(certificate, group),
                        "fingerprint_sha256": certificate.fingerprint,
                    },
                ),
            )


@fleet_check(
    "Key is used in several certificates",
    "low",
    source="",
    remediation="Generate a new key for each certificate, so that a stolen key compromises only one of them.",
)
def cert_key_reuse(fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """A certificate with another fingerprint has the same public key."""
    yield from ((item, Unknown("its public key cannot be read")) for item in fleet.certificates if not item.spki)
    for group in fleet.grouped(lambda item: item.spki).values():
        by_fingerprint: dict[str | None, CertificateFacts] = {}
        for certificate in group:
            by_fingerprint.setdefault(certificate.fingerprint, certificate)
        distinct = list(by_fingerprint.values())[: _SHOWN + 1] if len(by_fingerprint) > 1 else []
        for certificate in group if distinct else ():
            different = [certificate, *(item for item in distinct if item.fingerprint != certificate.fingerprint)]
            yield (
                certificate,
                Problem(
                    message(
                        "It has the same key as {names}.", names=_listed(certificate, different, len(by_fingerprint))
                    ),
                    {
                        "certificates": len(by_fingerprint),
                        "others": _some_others(certificate, different),
                        "spki_sha256": certificate.spki,
                    },
                ),
            )


@fleet_check(
    "Domain has no certificate",
    "high",
    options={"expected_domains": []},
    texts={"expected_domains": Texts(expected_name)},
    needs="expected_domains",
    topic="domain",
    source="",
    remediation="Upload a certificate for it, and bind it to the listener of this domain.",
)
def cert_domain_uncovered(fleet: FleetFacts, options: Options, now: int) -> Found:
    """One of ``expected_domains`` is not covered by a certificate that is bound and valid.

    Entries may be IP addresses, which only match IP addresses in certificates. Names that the platform reports for an
    unreadable certificate do not count. The check fails only if the listing is complete and all bound certificates can
    be read; otherwise it is undecided. It is off while the list is empty.
    """
    by_name: dict[str, list[CertificateFacts]] = {}
    unread = None
    for certificate in fleet.certificates:
        if not certificate.has_known_names and certificate.bound is not False and may_be_valid(certificate, now):
            unread = unread or certificate
        for name in certificate.names:
            by_name.setdefault(name, []).append(certificate)
    for name in filter(None, dict.fromkeys(options["expected_domains"])):
        covering = [item for key in names_for(name) for item in by_name.get(key, ())]
        verdict = _uncovered(name, covering, unread, fleet.is_whole, now)
        if verdict is not None:
            yield None, verdict


@fleet_check(
    "Listing is not complete",
    "high",
    source="",
    topic="listing",
    remediation="Fix the errors of the listing: certificates that were not listed were not checked.",
)
def listing_incomplete(fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """The facts have ``complete: false``."""
    if fleet.is_complete is False:
        # The order in which requests fail is different every time.
        errors = sorted(fleet.errors, key=lambda error: (str(error.get("project_id")), str(error.get("region"))))
        where = [_scope_text(error.get("region"), error.get("project_id")) for error in errors]
        detail = phrase("Some regions or projects were not listed.")
        if where:
            detail = message("Not listed: {names}.", names=listed(where))
        yield None, Problem(detail, {"errors": errors})


def _superseded(certificate: CertificateFacts, candidates: Candidates) -> Verdict:
    """Judge a certificate that is bound, or may be."""
    missing = None if certificate.has_known_names else _NO_NAMES
    if certificate.not_before is None or certificate.not_after is None:
        missing = _NO_DATES
    if missing is not None or not certificate.names:
        return missing
    newer = candidates.known(certificate)
    if newer is None:
        possible = candidates.possible(certificate)
        if possible is None:
            return None
        return Unknown(
            message("whether {name} ({id}) can replace it is not known", name=possible.label, id=possible.ssl_id)
        )
    if certificate.bound is None:
        return _NO_BINDINGS
    return Problem(
        message(
            "{name} ({id}) covers all its names until {time}.",
            name=newer.label,
            id=newer.ssl_id,
            time=iso8601(newer.not_after),
        ),
        {
            "newer": newer.ssl_id,
            "not_after": iso8601(certificate.not_after),
            "newer_not_after": iso8601(newer.not_after),
        },
    )


def _not_comparable(certificate: CertificateFacts) -> Unknown | None:
    """Say what is missing for comparing a certificate with those of other regions and projects."""
    if not certificate.fingerprint:
        return _UNREADABLE
    if not certificate.has_known_names:
        return _NO_NAMES
    if certificate.not_after is None:
        return _NO_DATES
    return _NO_KIND if certificate.kind is None else None


def _uncovered(
    name: str, covering: list[CertificateFacts], unread: CertificateFacts | None, is_whole: bool | None, now: int
) -> Verdict:
    """Judge a name.

    Args:
        name: The name.
        covering: The certificates that cover it.
        unread: A certificate that cannot be read, and so may cover it.
        is_whole: Whether the listing is complete and without selection.
        now: The time of the audit.
    """
    serving = [item for item in covering if item.bound is not False and may_be_valid(item, now)]
    if any(item.has_known_names and item.bound and is_valid(item, now) for item in serving):
        return None
    if serving:
        return Unknown(
            message("whether a certificate that covers {name} is bound and valid is not known", name=name), about=name
        )
    if unread is not None:
        detail = message(
            "whether {certificate} ({id}), whose names cannot be read, covers {name} is not known",
            certificate=unread.label,
            id=unread.ssl_id,
            name=name,
        )
        return Unknown(detail, about=name)
    if not is_whole:
        return Unknown(
            message("whether a certificate covers {name} needs a complete listing without selection", name=name),
            about=name,
        )
    detail = message("No certificate covers {name}.", name=name)
    if covering:
        detail = message("No certificate that covers {name} is bound and valid.", name=name)
    return Problem(detail, {"domain": name, "certificate_exists": bool(covering)}, about=name)


def _scope_text(region: Any, project_id: Any) -> str:
    name = str(region) if region else phrase("the region")
    return message("{region} ({project})", region=name, project=project_id) if project_id else name


def _some_others(certificate: CertificateFacts, group: list[CertificateFacts]) -> list[str | None]:
    """Return ids of others in a group. Only a few, because this is done for each certificate of a group."""
    return [item.ssl_id for item in group[: _SHOWN + 1] if item is not certificate][:_SHOWN]


def _listed(certificate: CertificateFacts, group: list[CertificateFacts], count: int) -> Message:
    return some(_some_others(certificate, group), count - 1, most=3)


CHECKS = (
    cert_unused,
    cert_superseded_in_use,
    cert_drift_between_regions,
    cert_duplicate,
    cert_key_reuse,
    cert_domain_uncovered,
    listing_incomplete,
)
