# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of dates. A day has 86,400 seconds; timestamps are seconds since 1970."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

from ....module_utils._certificates.times import DAY, iso8601
from ..definition import Options, Problem, Unknown, Verdict, certificate_check
from ..durations import in_days, span
from ..facts import CertificateFacts
from ..messages import message, phrase

_RENEW = "Upload a renewed certificate, bind it to the listeners, and then delete this one."
_NO_EXPIRY = Unknown("its expiry is not known")
_NO_DATES = Unknown("its dates are not known")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WARNING_DAYS = 30


@certificate_check(
    "Certificate has expired",
    "critical",
    unbound="low",
    remediation=_RENEW,
    source="CA/Browser Forum Baseline Requirements 6.3.2",
)
def cert_expired(certificate: CertificateFacts, _options: Options, now: int) -> Verdict:
    """The time of the audit is after the end of its validity."""
    if certificate.not_after is None:
        return _NO_EXPIRY
    if now <= certificate.not_after:
        return None
    since = now - certificate.not_after
    return Problem(
        message("It expired {span} ago, at {time}.", span=span(since), time=iso8601(certificate.not_after)),
        {"not_after": iso8601(certificate.not_after), "days_since_expiry": in_days(since)},
    )


@certificate_check(
    "Certificate is about to expire",
    "high",
    unbound="low",
    options={"days": 14, "fraction": 1 / 6},
    own_limits=("days", "fraction"),
    yields_to=("cert_expired",),
    remediation=_RENEW,
    source="x509-certificate-exporter's alert",
)
def cert_expiring_critical(certificate: CertificateFacts, options: Options, now: int) -> Verdict:
    """It has not expired, and at most ``days`` are left, or less than ``fraction`` of its lifetime if that is shorter.

    If the policy sets only ``days``, or a ``fraction`` of 0, the days apply to all certificates.
    """
    only_days = options["given"] == {"days"}
    part = None if only_days else _part(certificate, options["fraction"], options["days"])
    return _expiring(certificate, options["days"], now, part)


@certificate_check(
    "Certificate expires soon",
    "medium",
    unbound="low",
    options={"days": _WARNING_DAYS},
    own_limits=("days",),
    linked={"fraction": "cert_expiring_fraction"},
    yields_to=("cert_expired", "cert_expiring_critical"),
    remediation=_RENEW,
    source="AWS Security Hub ACM.1",
)
def cert_expiring_warning(certificate: CertificateFacts, options: Options, now: int) -> Verdict:
    """It has not expired, and at most ``days`` are left.

    If the policy does not set ``days``, short-lived certificates are left to ``cert_expiring_fraction``, provided that
    check is on.
    """
    if not options["given"] and _part(certificate, options["fraction"], options["days"]) is not None:
        return None
    return _expiring(certificate, options["days"], now)


@certificate_check(
    "Short-lived certificate expires soon",
    "medium",
    options={"fraction": 1 / 3},
    linked={"days": "cert_expiring_warning"},
    yields_to=("cert_expired", "cert_expiring_critical", "cert_expiring_warning"),
    remediation=_RENEW,
    source="renewal at two thirds of the lifetime, as ACME clients do",
)
def cert_expiring_fraction(certificate: CertificateFacts, options: Options, now: int) -> Verdict:
    """It is short-lived and has not expired, and less than ``fraction`` of its lifetime is left.

    A certificate is short-lived if this fraction of its lifetime is less than the days of ``cert_expiring_warning`` (30
    if that check is off).
    """
    lifetime, days = certificate.lifetime, options["days"]
    if certificate.not_after is None:
        return _NO_EXPIRY
    if lifetime is None:
        return Unknown("the start of its validity is not known")
    part = _part(certificate, options["fraction"], _WARNING_DAYS if days is None else days)
    left = certificate.not_after - now
    if part is None or not 0 <= left < part:
        return None
    return Problem(
        message("{span} of {lifetime} are left.", span=span(left), lifetime=span(lifetime)),
        {
            "not_after": iso8601(certificate.not_after),
            "days_left": in_days(left),
            "lifetime_days": in_days(lifetime),
            "fraction_left": round(left / lifetime, 4),
        },
    )


@certificate_check(
    "Certificate is not valid yet",
    "high",
    unbound="low",
    remediation="Bind it when it is valid; until then, let the listeners serve another certificate.",
    source="RFC 5280 4.1.2.5",
)
def cert_not_yet_valid(certificate: CertificateFacts, _options: Options, now: int) -> Verdict:
    """The time of the audit is before the start of its validity."""
    if certificate.not_before is None:
        return Unknown("the start of its validity is not known")
    if now >= certificate.not_before:
        return None
    until = certificate.not_before - now
    return Problem(
        message("It becomes valid in {span}, at {time}.", span=span(until), time=iso8601(certificate.not_before)),
        {"not_before": iso8601(certificate.not_before), "days_until_valid": in_days(until)},
    )


@certificate_check(
    "Certificate ends before it begins",
    "high",
    source="RFC 5280 4.1.2.5, zlint",
    remediation="Have the CA re-issue it: clients never accept this certificate.",
)
def cert_validity_reversed(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The end of its validity is before the start. It is never valid, so it is not reported as expiring."""
    if certificate.not_before is None or certificate.not_after is None:
        return _NO_DATES
    if not certificate.is_reversed:
        return None
    begins, ends = iso8601(certificate.not_before), iso8601(certificate.not_after)
    detail = message("It ends at {end}, before it begins at {start}.", end=ends, start=begins)
    return Problem(detail, {"not_before": begins, "not_after": ends})


def _midnight(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=timezone.utc).timestamp())


#: The maximum validity by the date of issue, the latest date first.
_SCHEDULE: tuple[tuple[float, int, str], ...] = (
    (_midnight(2029, 3, 15), 47, "days"),
    (_midnight(2027, 3, 15), 100, "days"),
    (_midnight(2026, 3, 15), 200, "days"),
    (_midnight(2020, 9, 1), 398, "days"),
    (_midnight(2018, 3, 1), 825, "days"),
    (_midnight(2015, 4, 1), 39, "months"),
    (-math.inf, 60, "months"),
)


def _advise_validity(options: Options) -> str:
    limit = options["max_days"]
    if limit is not None:
        return message("Renew it for at most {days} days.", days=limit)
    return phrase("Renew it for a shorter time, and automate renewal: the limit is 47 days from 2029-03-15.")


@certificate_check(
    "Certificate is valid for too long",
    "medium",
    options={"max_days": None},
    advise=_advise_validity,
    source="CA/Browser Forum Baseline Requirements 6.3.2, ballot SC-081v3",
)
def cert_validity_too_long(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """It is valid for longer than public CAs were allowed to issue it for. Part of a day counts as a day.

    The limit depends on the date of issue: 60 months, 39 months from 2015-04-01, 825 days from 2018-03-01, 398 days
    from 2020-09-01, 200 days from 2026-03-15, 100 days from 2027-03-15, and 47 days from 2029-03-15. ``max_days``
    replaces it for all certificates.
    """
    lifetime = certificate.lifetime
    if certificate.not_before is None or lifetime is None:
        return _NO_DATES
    issued = certificate.not_before
    limit = options["max_days"]
    allowed = str(limit)
    if limit is None:
        number, unit = next((number, unit) for start, number, unit in _SCHEDULE if issued >= start)
        limit = number if unit == "days" else _days_of_months(issued, number)
        allowed = str(number) if unit == "days" else message("{days} ({number} months)", days=limit, number=number)
    days = math.ceil(lifetime / DAY)
    if days <= limit:
        return None
    return Problem(
        message(
            "It is valid for {days} days; {allowed} are allowed if issued at {time}.",
            days=days,
            allowed=allowed,
            time=iso8601(issued),
        ),
        {"lifetime_days": days, "limit_days": limit, "not_before": iso8601(issued)},
    )


def _days_of_months(start: int, months: int) -> int:
    """Count the days from a timestamp to the same day a number of months later.

    If that month has no such day, the days that are missing are counted into the next month.
    """
    begin = _EPOCH + timedelta(seconds=start)
    years, month = divmod(begin.month - 1 + months, 12)
    later = begin.replace(year=begin.year + years, month=month + 1, day=1) + timedelta(days=begin.day - 1)
    return (later - begin).days


def _part(certificate: CertificateFacts, fraction: float | None, days: float) -> float | None:
    """Return a fraction of its lifetime in seconds; ``None`` unless that is less than ``days``."""
    part = (certificate.lifetime or 0) * (fraction or 0)
    return part if 0 < part < days * DAY else None


def _expiring(certificate: CertificateFacts, days: float, now: int, part: float | None = None) -> Verdict:
    if certificate.not_after is None:
        return _NO_EXPIRY
    left = certificate.not_after - now
    if left < 0 or left > days * DAY or (part is not None and left >= part) or certificate.is_reversed:
        return None
    return Problem(
        message("It expires in {span}, at {time}.", span=span(left), time=iso8601(certificate.not_after)),
        {
            "not_after": iso8601(certificate.not_after),
            "days_left": in_days(left),
            "limit_days": days if part is None else in_days(part),
        },
    )


CHECKS = (
    cert_expired,
    cert_expiring_critical,
    cert_expiring_warning,
    cert_expiring_fraction,
    cert_not_yet_valid,
    cert_validity_reversed,
    cert_validity_too_long,
)
