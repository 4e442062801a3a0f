# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that compare certificates. They use indexes, so that their cost grows with the number of certificates only."""

from __future__ import annotations

from typing import Any

from ....module_utils._certificates.domains import covers, unique
from ....module_utils._certificates.times import DAY, iso8601
from ..catalogue import Found, Options, Problem, Unknown, fleet_check
from ..subjects import Certificate, Fleet

#: How many other certificates the evidence names at most.
_SHOWN = 10


@fleet_check(
    "Certificate is not used",
    "low",
    options={"days": 7},
    source="Prowler",
    remediation="Delete it, or bind it to the listener that it is for.",
)
def cert_unused(fleet: Fleet, options: Options, now: int) -> Found:
    """No listener serves it, and it was uploaded more than ``days`` ago."""
    for certificate in fleet.certificates:
        created = certificate.created_at
        if certificate.bound is None:
            yield certificate, Unknown("the platform does not say which listeners serve it")
        elif certificate.bound:
            continue
        elif created is None:
            yield certificate, Unknown("no listener serves it, and when it was uploaded is not known")
        elif now - created > options["days"] * DAY:
            days = round((now - created) / DAY, 2)
            yield (
                certificate,
                Problem(
                    f"No listener serves it, {days:g} days after its upload.",
                    {"created_at": iso8601(created), "days_since_upload": days},
                ),
            )


@fleet_check(
    "A newer certificate is not used",
    "high",
    source="",
    remediation="Bind the newer one to the listeners of this one (UpdateSSLBinding), and delete this one.",
)
def cert_superseded_in_use(fleet: Fleet, _options: Options, now: int) -> Found:
    """It is still bound although its region and project have one that covers all of its names and is newer.

    Newer is what begins and ends later, and is valid now.
    """
    by_name: dict[tuple[str, ...], dict[str, Certificate]] = {}
    for certificate in fleet.certificates:
        if certificate.fingerprint and _is_valid(certificate, now):
            for name in certificate.domains:
                by_name.setdefault((*certificate.scope, name), {}).setdefault(certificate.fingerprint, certificate)
    # Those that expire last first, so that the first one that covers all names ends the search.
    newest_first = {key: sorted(found.values(), key=_expiry, reverse=True) for key, found in by_name.items()}
    for certificate in fleet.certificates:
        newer = _newer(certificate, newest_first) if certificate.bound and certificate.domains else None
        if newer is not None:
            yield (
                certificate,
                Problem(
                    f"{newer.label} ({newer.ssl_id}) covers all of its names until {iso8601(newer.not_after)}.",
                    {
                        "newer": newer.ssl_id,
                        "not_after": iso8601(certificate.not_after),
                        "newer_not_after": iso8601(newer.not_after),
                    },
                ),
            )


@fleet_check(
    "Regions or projects serve different certificates",
    "medium",
    source="",
    remediation="Upload the newest certificate everywhere, and bind it.",
)
def cert_drift_between_regions(fleet: Fleet, _options: Options, _now: int) -> Found:
    """Another region or project has a certificate for the same names with another fingerprint and a later expiry.

    Of the certificates of a region and project for the same names, the one that expires last counts.
    """
    groups = fleet.grouped(lambda item: tuple(sorted(item.domains)) if item.domains and item.fingerprint else None)
    for same_names in groups.values():
        latest: dict[tuple[str, str], Certificate] = {}
        for certificate in same_names:
            known = latest.get(certificate.scope)
            if known is None or (certificate.not_after or 0, certificate.key) > (known.not_after or 0, known.key):
                latest[certificate.scope] = certificate
        newest = max(latest.values(), key=lambda item: (item.not_after or 0, item.key))
        for certificate in latest.values():
            if certificate.fingerprint != newest.fingerprint and certificate.not_after != newest.not_after:
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
    source="",
    remediation="Upload a certificate for it, and bind it to the listener that serves it.",
)
def cert_domain_uncovered(fleet: Fleet, options: Options, now: int) -> Found:
    """No certificate that is bound and valid covers one of ``expected_domains``. Without any, nothing is expected."""
    wanted = unique(options["expected_domains"])
    if not wanted:
        return
    serving = {name for item in fleet.certificates if item.bound and _is_valid(item, now) for name in item.domains}
    present = {name for item in fleet.certificates for name in item.domains}
    for name in wanted:
        wildcard = f"*.{name.partition('.')[2]}"
        if name in serving or wildcard in serving:
            continue
        exists = name in present or wildcard in present
        detail = f"No certificate covers {name}."
        if exists:
            detail = f"{name} has a certificate, but none that is bound and valid."
        yield None, Problem(detail, {"domain": name, "certificate_exists": exists}, about=name)


@fleet_check(
    "Listener has no default certificate",
    "medium",
    source="",
    remediation="Set a default certificate for the listener: clients without SNI get none, or a wrong one.",
)
def listener_without_default(fleet: Fleet, _options: Options, _now: int) -> Found:
    """None of the certificates that are bound to a listener is its default one.

    It is only decided for a complete listing: the default certificate may be one that was not listed.
    """
    listeners: dict[str, list[tuple[Certificate, dict[str, Any]]]] = {}
    for certificate in fleet.certificates:
        for binding in certificate.bindings:
            listener_id = binding.get("listener_id")
            if isinstance(listener_id, str):
                listeners.setdefault(listener_id, []).append((certificate, binding))
    for listener_id, served in listeners.items():
        defaults = [binding.get("is_default") for _certificate, binding in served]
        if True in defaults:
            continue
        certificate, binding = served[0]
        if not fleet.is_whole:
            why = f"whether {listener_id} has a default certificate needs a complete listing without selection"
            yield certificate, Unknown(why, about=listener_id)
        elif not all(default is False for default in defaults):
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


@fleet_check("Waiver has expired", "medium", remediation="Mend what it was for, or decide anew and set another date.")
def waiver_expired(fleet: Fleet, _options: Options, _now: int) -> Found:
    """A waiver of the policy has expired. What it was for counts again."""
    for waiver in fleet.expired_waivers:
        (target,) = (waiver[name] for name in ("ssl_id", "name", "domain", "fingerprint") if name in waiver)
        detail = f"The waiver of {waiver['check']} for {target} expired at {waiver['expires']}."
        yield None, Problem(detail, {"waiver": waiver}, about=f"{waiver['check']} {target}")


def _newer(certificate: Certificate, newest_first: dict[tuple[str, ...], list[Certificate]]) -> Certificate | None:
    if certificate.not_before is None or certificate.not_after is None:
        return None

    def found(name: str) -> list[list[Certificate]]:
        names = dict.fromkeys((name, f"*.{name.partition('.')[2]}"))
        return [newest_first.get((*certificate.scope, item), []) for item in names]

    # What covers all names covers each one: of those for the rarest name there are the fewest to look at.
    for candidates in min(map(found, certificate.domains), key=lambda lists: sum(map(len, lists))):
        for item in candidates:
            if _expiry(item) <= certificate.not_after:
                break
            is_newer = (item.not_before or 0) > certificate.not_before
            if is_newer and all(covers(item.domains, domain) for domain in certificate.domains):
                return item
    return None


def _place(region: Any, project_id: Any) -> str:
    return f"{region or 'the region'} ({project_id})" if project_id else str(region or "the region")


def _expiry(certificate: Certificate) -> int:
    return certificate.not_after or 0


def _is_valid(item: Certificate, now: int) -> bool:
    if item.not_before is None or item.not_after is None:
        return False
    return item.not_before <= now <= item.not_after


def _some_others(certificate: Certificate, group: list[Certificate]) -> list[str | None]:
    """Ids of others in a group, but not of thousands of them: that would be done for each one of thousands."""
    return [item.ssl_id for item in group[: _SHOWN + 1] if item is not certificate][:_SHOWN]


def _listed(certificate: Certificate, group: list[Certificate], count: int) -> str:
    others = _some_others(certificate, group)
    shown = ", ".join(map(str, others[:3]))
    more = count - 1 - len(others[:3])
    return f"{shown} and {more} more" if more else shown
