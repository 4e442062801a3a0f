# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that compare certificates. They use indexes, so that their cost grows with the number of certificates only."""

from __future__ import annotations

from typing import Any

from ....module_utils._certificates.times import DAY, iso8601
from ..expected import expected_name
from ..facts import Certificate, Fleet, as_kind, in_days, names_for, span
from ..registry import Found, Options, Problem, Texts, Unknown, Verdict, certificate_check, fleet_check
from ..successors import Candidates, defects, expiry, is_valid
from ..waivers import told_apart

#: How many other certificates the evidence names at most.
_SHOWN = 10
_UNREADABLE = Unknown("the certificate cannot be read")
_NO_NAMES = Unknown("its names cannot be read")
_NO_DATES = Unknown("its dates are not known")
_NO_KIND = Unknown("its key, or who issued it, cannot be read")
_NOT_SAID = Unknown("the platform does not say which listeners serve it")


@certificate_check(
    "Certificate is not used",
    "low",
    options={"days": 7},
    source="Prowler",
    remediation="Delete it, or bind it to the listener that it is for.",
)
def cert_unused(certificate: Certificate, options: Options, now: int) -> Verdict:
    """No listener serves it, and it was uploaded more than ``days`` ago."""
    created = certificate.created_at
    if certificate.bound is None:
        return _NOT_SAID
    if certificate.bound:
        return None
    if created is None:
        return Unknown("no listener serves it, and when it was uploaded is not known")
    since = now - created
    if since <= options["days"] * DAY:
        return None
    return Problem(
        f"No listener serves it, {span(since)} after its upload.",
        {"created_at": iso8601(created), "days_since_upload": in_days(since)},
    )


@fleet_check(
    "A newer certificate is not used",
    "high",
    source="",
    remediation="Bind the newer one to the listeners of this one (UpdateSSLBinding), and delete this one.",
)
def cert_superseded_in_use(fleet: Fleet, _options: Options, now: int) -> Found:
    """It is still bound although its region and project have one that is newer and can take its place.

    Newer is what begins and ends later, and is valid now. It can take the place if it covers all of its names, has a
    key of the same type (another one is the other half of a pair), and clients that trust the one trust the other: if a
    public CA issued this one, which its signed certificate timestamps show, then one issued the newer one, too; if not,
    its issuer has the same organization, or is a public CA. One that has signed itself, is a CA, or is stored with the
    key of another certificate is no replacement, unless the same is true of this one.

    One that cannot be read only counts, as not decided, if it is for the same names as far as the platform tells.
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
    remediation="Upload the newest certificate everywhere, and bind it.",
)
def cert_drift_between_regions(fleet: Fleet, _options: Options, now: int) -> Found:
    """Another region or project has a certificate for the same names with another fingerprint and a later expiry.

    Only certificates are compared that have keys of the same type, and issuers that the same clients trust, as with
    ``cert_superseded_in_use``. Of those of a region and project for the same names, the one that expires last counts,
    among those that are valid already and not stored with the key of another one.
    """
    missing = {item.position: unknown for item in fleet.certificates if (unknown := _not_comparable(item)) is not None}
    yield from ((item, missing[item.position]) for item in fleet.certificates if item.position in missing)
    groups = fleet.grouped(
        lambda item: (item.kind, *sorted(item.names)) if item.names and item.position not in missing else None
    )
    for comparable in groups.values():
        latest: dict[tuple[str, str], Certificate] = {}
        for certificate in comparable:
            if (certificate.not_before or 0) > now or certificate.is_reversed or "wrong key" in defects(certificate):
                continue
            known = latest.get(certificate.scope)
            if known is None or (expiry(certificate), certificate.key) > (expiry(known), known.key):
                latest[certificate.scope] = certificate
        newest = max(latest.values(), key=lambda item: (expiry(item), item.key), default=None)
        for certificate in latest.values():
            if newest and certificate.fingerprint != newest.fingerprint and certificate.not_after != newest.not_after:
                yield (
                    certificate,
                    Problem(
                        f"{_place(newest.region, newest.project_id)} has one that expires at"
                        f" {iso8601(newest.not_after)}, this one at {iso8601(certificate.not_after)}.",
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
    remediation="Bind the listeners to one of them, and delete the others.",
)
def cert_duplicate(fleet: Fleet, _options: Options, _now: int) -> Found:
    """Its region and project have the same certificate (SHA-256) under another id."""
    yield from ((item, _UNREADABLE) for item in fleet.certificates if not item.fingerprint)
    for group in fleet.grouped(lambda item: (*item.scope, item.fingerprint) if item.fingerprint else None).values():
        for certificate in group if len(group) > 1 else ():
            yield (
                certificate,
                Problem(
                    f"It is the same as {_listed(certificate, group, len(group))}.",
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
    remediation="Make a new key for each certificate: whoever gets one key then has one certificate.",
)
def cert_key_reuse(fleet: Fleet, _options: Options, _now: int) -> Found:
    """Another certificate (with another fingerprint) has the same public key."""
    yield from ((item, Unknown("its public key cannot be read")) for item in fleet.certificates if not item.spki)
    for group in fleet.grouped(lambda item: item.spki).values():
        by_fingerprint: dict[str | None, Certificate] = {}
        for certificate in group:
            by_fingerprint.setdefault(certificate.fingerprint, certificate)
        distinct = list(by_fingerprint.values())[: _SHOWN + 1] if len(by_fingerprint) > 1 else []
        for certificate in group if distinct else ():
            different = [certificate, *(item for item in distinct if item.fingerprint != certificate.fingerprint)]
            yield (
                certificate,
                Problem(
                    f"It has the same key as {_listed(certificate, different, len(by_fingerprint))}.",
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
    remediation="Upload a certificate for it, and bind it to the listener that serves it.",
)
def cert_domain_uncovered(fleet: Fleet, options: Options, now: int) -> Found:
    """No certificate that is bound and valid covers one of ``expected_domains``. It is off until there are some.

    They may be IP addresses, which only IP addresses in certificates cover. What the platform says of a certificate
    that cannot be read covers nothing, and that there is no certificate can only be told if all that are bound can be
    read, and of a complete listing.
    """
    by_name: dict[str, list[Certificate]] = {}
    unread = None
    for certificate in fleet.certificates:
        if not certificate.has_known_names and certificate.bound is not False and _may_be_valid(certificate, now):
            unread = unread or certificate
        for name in certificate.names:
            by_name.setdefault(name, []).append(certificate)
    for name in filter(None, dict.fromkeys(options["expected_domains"])):
        covering = [item for key in names_for(name) for item in by_name.get(key, ())]
        verdict = _uncovered(name, covering, unread, fleet.is_whole, now)
        if verdict is not None:
            yield None, verdict


@fleet_check(
    "Listener has no default certificate",
    "medium",
    source="",
    topic="listener",
    remediation="Set a default certificate for the listener: clients without SNI get none, or a wrong one.",
)
def listener_without_default(fleet: Fleet, _options: Options, _now: int) -> Found:
    """None of the certificates that are bound to a listener is its default one.

    It is only decided for a complete listing: the default certificate may be one that was not listed. It may also be
    one of which the platform does not say where it is bound.
    """
    listeners: dict[str, list[tuple[Certificate, dict[str, Any]]]] = {}
    not_said = {certificate.scope for certificate in fleet.certificates if certificate.bound is None}
    somewhere: set[Any] = set()
    for certificate in fleet.certificates:
        for binding in certificate.bindings:
            listener_id = binding.get("listener_id")
            if isinstance(listener_id, str):
                listeners.setdefault(listener_id, []).append((certificate, binding))
            elif binding.get("is_default") is not False:
                somewhere.add(as_kind(str, binding.get("load_balancer_id")))
    for listener_id, served in listeners.items():
        defaults = [binding.get("is_default") for _certificate, binding in served]
        if True in defaults:
            continue
        certificate, binding = served[0]
        if not fleet.is_whole:
            why = f"whether {listener_id} has a default certificate needs a complete listing without selection"
            yield certificate, Unknown(why, about=listener_id)
        elif certificate.scope in not_said:
            why = f"the platform does not say of all certificates whether {listener_id} serves them"
            yield certificate, Unknown(why, about=listener_id)
        elif not all(default is False for default in defaults) or not somewhere.isdisjoint(
            {None, as_kind(str, binding.get("load_balancer_id"))}
        ):
            why = f"the platform does not say which certificate {listener_id} has as its default"
            yield certificate, Unknown(why, about=listener_id)
        else:
            name = binding.get("listener_name") or listener_id
            load_balancer = binding.get("load_balancer_name") or binding.get("load_balancer_id")
            yield (
                certificate,
                Problem(
                    f"The listener {name} of {load_balancer} has no default certificate.",
                    {
                        "listener_id": listener_id,
                        "load_balancer_id": binding.get("load_balancer_id"),
                        "certificates": len(served),
                        "ssl_ids": [item.ssl_id for item, _binding in served[:_SHOWN]],
                    },
                    about=listener_id,
                ),
            )


@fleet_check(
    "Listing is not complete",
    "high",
    source="",
    topic="listing",
    remediation="Look at the errors of the listing: whatever was not listed was not checked either.",
)
def listing_incomplete(fleet: Fleet, _options: Options, _now: int) -> Found:
    """The facts came with ``complete: false``."""
    if fleet.is_complete is False:
        # They come in the order in which requests failed, which is another one every time.
        errors = sorted(fleet.errors, key=lambda error: (str(error.get("project_id")), str(error.get("region"))))
        where = [_place(error.get("region"), error.get("project_id")) for error in errors]
        detail = f"Not listed: {', '.join(where)}." if where else "Some regions or projects were not listed."
        yield None, Problem(detail, {"errors": errors})


@fleet_check(
    "Waiver has expired",
    "medium",
    topic="waiver",
    remediation="Mend what it was for, or decide anew and set another date.",
)
def waiver_expired(fleet: Fleet, _options: Options, _now: int) -> Found:
    """A waiver of the policy has expired. What it was for counts again."""
    for about, target, waiver in told_apart(fleet.expired_waivers):
        detail = f"The waiver of {waiver['check']} for {target} expired at {waiver['expires']}."
        yield None, Problem(detail, {"waiver": waiver}, about=about)


@fleet_check(
    "Waiver is for nothing",
    "low",
    topic="waiver",
    remediation="Take it out of the policy, or mend what it names: as it is, it accepts nothing.",
)
def waiver_unused(fleet: Fleet, _options: Options, _now: int) -> Found:
    """Nothing that was found is what a waiver of the policy is for.

    It is only decided for a complete listing without selection: other certificates may be what the waiver is for. So
    may one that cannot be read, if the waiver names a domain or a fingerprint.
    """
    if not fleet.is_whole:
        return
    unread = {
        "domain": any(item.facts.get("domains_from") != "certificate" for item in fleet.certificates),
        "fingerprint": any(item.fingerprint is None for item in fleet.certificates),
    }
    for about, target, waiver in told_apart(fleet.unused_waivers):
        if any(is_unread and kind in waiver for kind, is_unread in unread.items()):
            why = f"whether the waiver of {waiver['check']} for {target} is for a certificate that cannot be read"
            yield None, Unknown(f"{why} is not known", about=about)
        else:
            detail = f"Nothing was found that the waiver of {waiver['check']} for {target} is for."
            yield None, Problem(detail, {"waiver": waiver}, about=about)


def _superseded(certificate: Certificate, candidates: Candidates) -> Verdict:
    """The verdict about a certificate that is bound, or of which that is not known."""
    missing = None if certificate.has_known_names else _NO_NAMES
    if certificate.not_before is None or certificate.not_after is None:
        missing = _NO_DATES
    if missing is not None or not certificate.names:
        return missing
    newer = candidates.known(certificate)
    if newer is None:
        possible = candidates.possible(certificate)
        said = f"whether {possible.label} ({possible.ssl_id}) can take its place is not known" if possible else ""
        return Unknown(said) if said else None
    if certificate.bound is None:
        return _NOT_SAID
    return Problem(
        f"{newer.label} ({newer.ssl_id}) covers all of its names until {iso8601(newer.not_after)}.",
        {
            "newer": newer.ssl_id,
            "not_after": iso8601(certificate.not_after),
            "newer_not_after": iso8601(newer.not_after),
        },
    )


def _not_comparable(certificate: Certificate) -> Unknown | None:
    """What is missing to compare a certificate to those of other regions and projects."""
    if not certificate.fingerprint:
        return _UNREADABLE
    if not certificate.has_known_names:
        return _NO_NAMES
    if certificate.not_after is None:
        return _NO_DATES
    return _NO_KIND if certificate.kind is None else None


def _uncovered(
    name: str, covering: list[Certificate], unread: Certificate | None, is_whole: bool | None, now: int
) -> Verdict:
    """The verdict about a name that these certificates cover; ``unread`` is one that may do so."""
    serving = [item for item in covering if item.bound is not False and _may_be_valid(item, now)]
    if any(item.has_known_names and item.bound and is_valid(item, now) for item in serving):
        return None
    if serving:
        return Unknown(f"whether a certificate that covers {name} is bound and valid is not known", about=name)
    if unread is not None:
        said = f"{unread.label} ({unread.ssl_id})"
        return Unknown(f"whether {said}, whose names cannot be read, covers {name} is not known", about=name)
    if not is_whole:
        return Unknown(f"whether a certificate serves {name} needs a complete listing without selection", about=name)
    detail = f"No certificate covers {name}."
    if covering:
        detail = f"{name} has a certificate, but none that is bound and valid."
    return Problem(detail, {"domain": name, "certificate_exists": bool(covering)}, about=name)


def _place(region: Any, project_id: Any) -> str:
    return f"{region or 'the region'} ({project_id})" if project_id else str(region or "the region")


def _may_be_valid(item: Certificate, now: int) -> bool:
    """Whether it is valid as far as its dates are known."""
    begins = now if item.not_before is None else item.not_before
    ends = now if item.not_after is None else item.not_after
    return begins <= now <= ends


def _some_others(certificate: Certificate, group: list[Certificate]) -> list[str | None]:
    """Ids of others in a group, but not of thousands of them: that would be done for each one of thousands."""
    return [item.ssl_id for item in group[: _SHOWN + 1] if item is not certificate][:_SHOWN]


def _listed(certificate: Certificate, group: list[Certificate], count: int) -> str:
    others = _some_others(certificate, group)
    shown = ", ".join(map(str, others[:3]))
    more = count - 1 - len(others[:3])
    return f"{shown} and {more} more" if more else shown
