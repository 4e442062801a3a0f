# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of dates, to the second."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    DAY,
    NOW,
    Facts,
    failed,
    seconds,
    unknown,
    verdict,
    with_dates,
)

UNBOUND: dict[str, Any] = {"relations": ()}
BEGINS, ENDS = NOW - 60 * DAY, NOW + 30 * DAY


def ending(left: int, lifetime: int = 200 * DAY, **changes: Any) -> Facts:
    """Return a certificate with this lifetime (both ends included) and these remaining seconds."""
    return with_dates(NOW + left - lifetime + 1, NOW + left, **changes)


#: For each check, a certificate that fails it, and a similar one that passes.
PAIRS = {
    "cert_expired": (ending(-1), ending(0)),
    "cert_expiring_critical": (ending(14 * DAY), ending(14 * DAY + 1)),
    "cert_expiring_warning": (ending(30 * DAY), ending(30 * DAY + 1)),
    "cert_expiring_fraction": (ending(20 * DAY - 1, 60 * DAY), ending(20 * DAY, 60 * DAY)),
    "cert_not_yet_valid": (with_dates(NOW + 1, NOW + 60 * DAY), with_dates(NOW, NOW + 60 * DAY)),
    "cert_validity_reversed": (with_dates(NOW, NOW - 1), with_dates(NOW, NOW)),
    "cert_validity_too_long": (with_dates(NOW, NOW + 200 * DAY), with_dates(NOW, NOW + 200 * DAY - 1)),
}


@pytest.mark.parametrize("check", PAIRS)
def test_one_fails_and_one_close_to_it_passes(check: str) -> None:
    bad, good = PAIRS[check]

    assert failed(check, bad)["check"] == check
    assert verdict(check, good) is None


@pytest.mark.parametrize(
    ("check", "served", "unserved"),
    [
        ("cert_expired", "critical", "low"),
        ("cert_expiring_critical", "high", "low"),
        ("cert_expiring_warning", "medium", "low"),
        ("cert_expiring_fraction", "medium", "medium"),
        ("cert_not_yet_valid", "high", "low"),
        ("cert_validity_reversed", "high", "high"),
        ("cert_validity_too_long", "medium", "medium"),
    ],
)
def test_severity_depends_on_what_serves_it(check: str, served: str, unserved: str) -> None:
    bad, _good = PAIRS[check]
    not_served, not_said = {**bad, "bound": False}, {**bad, "bound": None}

    assert (bad["bound"], not_served["bound"], not_said["bound"]) == (True, False, None)
    assert failed(check, bad)["severity"] == served
    assert failed(check, not_served)["severity"] == unserved
    # If it is not known, the more severe case counts.
    assert failed(check, not_said)["severity"] == served
    assert failed(check, not_served, severity="critical")["severity"] == "critical"


def test_expired_to_the_second() -> None:
    certificate = with_dates(BEGINS, ENDS)

    assert verdict("cert_expired", certificate, ENDS) is None
    assert failed("cert_expired", certificate, ENDS + 1)["evidence"]["days_since_expiry"] == 0
    finding = failed("cert_expired", certificate, ENDS + 36 * 3600)
    assert finding["detail"] == "It expired 1.5 days ago, at 2026-12-24T00:00:00Z."
    assert finding["evidence"] == {"not_after": "2026-12-24T00:00:00Z", "days_since_expiry": 1.5}
    assert failed("cert_expired", certificate, ENDS + DAY)["detail"].startswith("It expired 1 day ago, ")


@pytest.mark.parametrize(
    ("check", "days", "left", "fails"),
    [
        ("cert_expiring_critical", None, -1, False),
        ("cert_expiring_critical", None, 0, True),
        ("cert_expiring_critical", None, 14 * DAY, True),
        ("cert_expiring_critical", None, 14 * DAY + 1, False),
        ("cert_expiring_critical", 3, 3 * DAY, True),
        ("cert_expiring_critical", 3, 3 * DAY + 1, False),
        ("cert_expiring_critical", 0.5, DAY // 2, True),
        ("cert_expiring_critical", 0.5, DAY // 2 + 1, False),
        ("cert_expiring_critical", 0, 0, True),
        ("cert_expiring_critical", 0, 1, False),
        ("cert_expiring_warning", None, -1, False),
        # That is more severe, and another finding.
        ("cert_expiring_warning", None, 0, False),
        ("cert_expiring_warning", None, 14 * DAY, False),
        ("cert_expiring_warning", None, 14 * DAY + 1, True),
        ("cert_expiring_warning", None, 30 * DAY, True),
        ("cert_expiring_warning", None, 30 * DAY + 1, False),
        ("cert_expiring_warning", 45, 45 * DAY, True),
        ("cert_expiring_warning", 45, 45 * DAY + 1, False),
    ],
)
def test_days_before_the_end_to_the_second(check: str, days: float | None, left: int, fails: bool) -> None:
    options: dict[str, Any] = {} if days is None else {"days": days}

    assert (verdict(check, ending(left), **options) is not None) is fails


def test_what_is_told_of_days_before_the_end() -> None:
    finding = failed("cert_expiring_critical", ending(10 * DAY + DAY // 4))

    assert finding["detail"] == "It expires in 10.25 days, at 2026-12-04T06:00:00Z."
    assert finding["evidence"] == {"not_after": "2026-12-04T06:00:00Z", "days_left": 10.25, "limit_days": 14}
    assert failed("cert_expiring_warning", ending(20 * DAY))["detail"] == (
        "It expires in 20 days, at 2026-12-14T00:00:00Z."
    )


EXPIRY = ("cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction")


def expiry_findings(certificate: Facts, **checks: Any) -> list[str]:
    """Return the findings about the expiry of a certificate, with these settings of checks."""
    found = audit_facts.audit(audit_facts.listing(certificate), {"checks": checks})["findings"]
    return [item["check"] for item in found if item["check"] in EXPIRY and item["status"] == "fail"]


@pytest.mark.parametrize(
    ("lifetime", "left", "failing"),
    [
        # A third of 90 days is 30 days: it is not short-lived.
        (90 * DAY, 30 * DAY, "cert_expiring_warning"),
        (90 * DAY, 30 * DAY + 1, None),
        # One second less, and a third is less than 30 days.
        (90 * DAY - 1, 30 * DAY - 1, "cert_expiring_fraction"),
        (90 * DAY - 1, 30 * DAY, None),
        (47 * DAY, 47 * DAY // 3 - 1, "cert_expiring_fraction"),
        (47 * DAY, 47 * DAY // 3, None),
        # A sixth of 42 days is a week.
        (42 * DAY, 7 * DAY, "cert_expiring_fraction"),
        (42 * DAY, 7 * DAY - 1, "cert_expiring_critical"),
        (42 * DAY, 0, "cert_expiring_critical"),
        (42 * DAY, -1, "cert_expired"),
        (6 * DAY, 2 * DAY - 1, "cert_expiring_fraction"),
        (6 * DAY, 2 * DAY, None),
    ],
)
def test_the_smaller_of_two_limits_counts(lifetime: int, left: int, failing: str | None) -> None:
    assert expiry_findings(ending(left, lifetime)) == ([failing] if failing else [])


@given(st.integers(DAY, 400 * DAY), st.integers(-2 * DAY, 60 * DAY))
def test_one_finding_about_the_expiry_and_the_worst(lifetime: int, left: int) -> None:
    certificate = {
        "ssl_id": "ssl-1",
        "not_before_epoch": NOW + left - lifetime + 1,
        "not_after_epoch": NOW + left,
    }

    found = expiry_findings(certificate)

    is_critical = left <= 14 * DAY if lifetime >= 84 * DAY else 6 * left < lifetime
    is_near = left <= 30 * DAY if lifetime >= 90 * DAY else 3 * left < lifetime
    if left < 0:
        assert found == ["cert_expired"]
    elif is_critical:
        assert found == ["cert_expiring_critical"]
    elif is_near:
        assert found == ["cert_expiring_warning" if lifetime >= 90 * DAY else "cert_expiring_fraction"]
    else:
        assert found == []


def test_what_is_told_of_the_last_part_of_a_lifetime() -> None:
    finding = failed("cert_expiring_fraction", ending(10 * DAY, 40 * DAY))

    assert finding["detail"] == "10 days of 40 days are left."
    assert finding["evidence"] == {
        "not_after": "2026-12-04T00:00:00Z",
        "days_left": 10.0,
        "lifetime_days": 40.0,
        "fraction_left": 0.25,
    }


def warned(certificate: Facts, **checks: Any) -> list[str]:
    """Which of the two warnings a certificate has, with these settings."""
    return expiry_findings(certificate, cert_expired=False, cert_expiring_critical=False, **checks)


def test_days_of_the_policy_count_for_all_certificates() -> None:
    for days in (45, 30):
        given: dict[str, Any] = {"cert_expiring_warning": {"days": days}}
        for lifetime in (200, 90, 47, 46):
            assert expiry_findings(ending(days * DAY, lifetime * DAY), **given) == ["cert_expiring_warning"]
            assert expiry_findings(ending(days * DAY + 1, lifetime * DAY), **given) == []
        # Even if less than the fraction is left, there is one finding, not two.
        assert expiry_findings(ending(15 * DAY, 47 * DAY), **given) == ["cert_expiring_warning"]
    # Without the days, a severity changes nothing.
    assert expiry_findings(ending(20 * DAY, 47 * DAY), cert_expiring_warning={"severity": "high"}) == []


def test_critical_days_of_the_policy_count_for_all_certificates() -> None:
    given: dict[str, Any] = {"cert_expiring_critical": {"days": 14}}
    assert expiry_findings(ending(14 * DAY, 47 * DAY), **given) == ["cert_expiring_critical"]
    assert expiry_findings(ending(14 * DAY + 1, 47 * DAY), **given) == ["cert_expiring_fraction"]
    # If the policy also sets a fraction, the smaller limit counts.
    both: dict[str, Any] = {"cert_expiring_critical": {"days": 14, "fraction": 0.25}}
    assert expiry_findings(ending(12 * DAY, 48 * DAY), **both) == ["cert_expiring_fraction"]
    assert expiry_findings(ending(12 * DAY - 1, 48 * DAY), **both) == ["cert_expiring_critical"]


def test_a_policy_that_is_read_again_says_the_same() -> None:
    policy: dict[str, Any] = {"checks": {"cert_expiring_critical": {"days": 14}}}
    certificates = [ending(14 * DAY, 47 * DAY), ending(30 * DAY, 47 * DAY, ssl_id="ssl-2")]

    first = audit_facts.audit(audit_facts.listing(*certificates), policy)
    again = audit_facts.audit(audit_facts.listing(*certificates), first["policy"])

    assert again["findings"] == first["findings"]
    assert first["policy"]["checks"]["cert_expiring_critical"] == {"enabled": True, "days": 14}
    assert first["policy"]["checks"]["cert_expiring_warning"] == {"enabled": True}


def test_a_check_that_is_off_gives_no_finding_away() -> None:
    near = ending(10 * DAY)

    assert expiry_findings(near) == ["cert_expiring_critical"]
    assert expiry_findings(near, cert_expiring_critical=False) == ["cert_expiring_warning"]
    waiver = {"check": "cert_expiring_critical", "ssl_id": "ssl-1", "reason": "r", "expires": "2027-01-31"}
    found = audit_facts.audit(audit_facts.listing(near), {"waivers": [waiver]})["findings"]
    # If the most severe one is waived, the others are still not reported.
    assert [(item["check"], item["waived"]) for item in found if item["check"] in EXPIRY] == [
        ("cert_expiring_critical", True)
    ]


def test_titles_tell_findings_about_the_expiry_apart() -> None:
    assert len({CATALOGUE[check].title for check in EXPIRY}) == len(EXPIRY)


def test_the_two_warnings_follow_each_other() -> None:
    days_20: dict[str, Any] = {"cert_expiring_warning": {"days": 20}}
    assert warned(ending(20 * DAY, 75 * DAY), **days_20) == ["cert_expiring_warning"]
    assert warned(ending(20 * DAY + 1, 75 * DAY), **days_20) == []
    assert warned(ending(20 * DAY, 60 * DAY - 1), **days_20) == ["cert_expiring_warning"]
    quarter: dict[str, Any] = {"cert_expiring_fraction": {"fraction": 0.25}}
    assert warned(ending(30 * DAY, 120 * DAY), **quarter) == ["cert_expiring_warning"]
    assert warned(ending(20 * DAY - 1, 80 * DAY), **quarter) == ["cert_expiring_fraction"]
    assert warned(ending(20 * DAY, 80 * DAY), **quarter) == []


def test_without_one_warning_the_other_one_stays() -> None:
    for off in (False, {"fraction": 0}):
        assert warned(ending(30 * DAY, 60 * DAY), cert_expiring_fraction=off) == ["cert_expiring_warning"]
        assert warned(ending(30 * DAY + 1, 60 * DAY), cert_expiring_fraction=off) == []
    # Not short-lived by the default days of the warning: no finding.
    assert warned(ending(10 * DAY, 90 * DAY), cert_expiring_warning=False) == []
    assert warned(ending(10 * DAY, 90 * DAY - 1), cert_expiring_warning=False) == ["cert_expiring_fraction"]


@given(
    st.integers(1, 400 * DAY),
    st.integers(-2 * DAY, 60 * DAY),
    st.one_of(st.integers(0, 60), st.floats(0, 60)),
    st.one_of(st.integers(0, 1), st.floats(0, 1)),
)
def test_whatever_the_options_there_is_no_hole_and_nothing_twice(
    lifetime: int, left: int, days: float, fraction: float
) -> None:
    certificate = {"ssl_id": "ssl-1", "not_before_epoch": NOW + left - lifetime + 1, "not_after_epoch": NOW + left}
    fractions: dict[str, Any] = {"cert_expiring_fraction": {"fraction": fraction}}

    found = warned(certificate, cert_expiring_warning={"days": days}, **fractions)
    assert found == (["cert_expiring_warning"] if 0 <= left <= days * DAY else [])

    found = warned(certificate, **fractions)
    part = lifetime * fraction
    is_short = 0 < part < 30 * DAY
    is_near = 0 <= left < part if is_short else 0 <= left <= 30 * DAY
    assert len(found) == is_near
    if found:
        assert found == ["cert_expiring_fraction" if is_short else "cert_expiring_warning"]


@pytest.mark.parametrize(
    ("lifetime", "left", "limit"),
    [
        # A sixth of 84 days is 14 days: it is not short-lived.
        (84 * DAY, 14 * DAY, 14),
        (84 * DAY, 14 * DAY + 1, None),
        (84 * DAY - 6, 14 * DAY - 2, 14.0),
        (84 * DAY - 6, 14 * DAY - 1, None),
        (6 * DAY, DAY - 1, 1.0),
        (6 * DAY, DAY, None),
        (6 * DAY, 0, 1.0),
        (6 * DAY, -1, None),
    ],
)
def test_critical_for_short_lives(lifetime: int, left: int, limit: float | None) -> None:
    finding = verdict("cert_expiring_critical", ending(left, lifetime))

    assert (finding and finding["evidence"]["limit_days"]) == limit


def test_options_of_critical() -> None:
    check = "cert_expiring_critical"

    assert failed(check, ending(3 * DAY - 1, 6 * DAY), fraction=0.5)["status"] == "fail"
    assert verdict(check, ending(3 * DAY, 6 * DAY), fraction=0.5) is None
    # Without a fraction, the days apply to all certificates.
    assert failed(check, ending(5 * DAY, 6 * DAY), fraction=0)["evidence"]["limit_days"] == 14


@pytest.mark.parametrize(
    ("seconds_ago", "text"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (90, "1.5 minutes"),
        (3600, "1 hour"),
        (DAY - 1, "24 hours"),
        (DAY, "1 day"),
        (DAY + 3600, "1.04 days"),
    ],
)
def test_short_times_are_told_in_small_units(seconds_ago: int, text: str) -> None:
    assert failed("cert_expired", ending(-seconds_ago))["detail"].startswith(f"It expired {text} ago, at ")
    assert failed("cert_expiring_critical", ending(seconds_ago))["detail"].startswith(f"It expires in {text}, at ")
    assert failed("cert_not_yet_valid", with_dates(NOW + seconds_ago, NOW + 60 * DAY))["detail"].startswith(
        f"It becomes valid in {text}, at "
    )


def test_the_last_second() -> None:
    assert failed("cert_expiring_critical", ending(0))["detail"] == "It expires in 0 seconds, at 2026-11-24T00:00:00Z."
    off: dict[str, Any] = {"cert_expiring_critical": False}
    assert expiry_findings(ending(0, 6 * DAY), **off) == ["cert_expiring_fraction"]


def test_not_yet_valid_to_the_second() -> None:
    certificate = with_dates(BEGINS, ENDS)

    assert verdict("cert_not_yet_valid", certificate, BEGINS) is None
    assert failed("cert_not_yet_valid", certificate, BEGINS - 1)["evidence"]["days_until_valid"] == 0
    finding = failed("cert_not_yet_valid", certificate, BEGINS - 3 * DAY)
    assert finding["detail"] == "It becomes valid in 3 days, at 2026-09-25T00:00:00Z."
    assert finding["evidence"] == {"not_before": "2026-09-25T00:00:00Z", "days_until_valid": 3.0}


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(NOW + 5 * DAY, NOW + 3 * DAY), (NOW + 50 * DAY, NOW + 20 * DAY), (NOW + DAY, NOW), (NOW + DAY, NOW - 10 * DAY)],
)
def test_what_is_never_valid_is_not_about_to_expire(begins: int, ends: int) -> None:
    certificate = with_dates(begins, ends)

    assert expiry_findings(certificate) == (["cert_expired"] if ends < NOW else [])
    assert expiry_findings(certificate, cert_expiring_warning={"days": 400}) == (["cert_expired"] if ends < NOW else [])
    assert failed("cert_not_yet_valid", certificate)["status"] == "fail"
    assert verdict("cert_validity_too_long", certificate) is None


def test_what_is_told_of_reversed_dates() -> None:
    finding = failed("cert_validity_reversed", with_dates(NOW, NOW - DAY))

    assert finding["detail"] == "It ends at 2026-11-23T00:00:00Z, before it begins at 2026-11-24T00:00:00Z."
    assert finding["evidence"] == {"not_before": "2026-11-24T00:00:00Z", "not_after": "2026-11-23T00:00:00Z"}


@pytest.mark.parametrize(
    ("issued", "days", "months"),
    [
        # 39 months from the first of March may include a 29th of February.
        ("2015-04-01T00:00:00", 1187, 39),
        ("2015-03-31T23:59:59", 1827, 60),
        ("2012-02-29T12:00:00", 1827, 60),
        ("1999-12-31T00:00:00", 1827, 60),
        ("2016-03-01T00:00:00", 1187, 39),
        ("2018-02-28T23:59:59", 1185, 39),
        # There is no 31st of June: one day later is the first of July.
        ("2016-03-31T00:00:00", 1187, 39),
    ],
)
def test_months_of_the_calendar(issued: str, days: int, months: int) -> None:
    begins = seconds(issued)
    longest, longer = with_dates(begins, begins + days * DAY - 1), with_dates(begins, begins + days * DAY)

    assert verdict("cert_validity_too_long", longest) is None
    finding = failed("cert_validity_too_long", longer)
    assert finding["evidence"] == {"lifetime_days": days + 1, "limit_days": days, "not_before": f"{issued}Z"}
    assert finding["detail"] == (
        f"It is valid for {days + 1} days; {days} ({months} months) are allowed if issued at {issued}Z."
    )


@pytest.mark.parametrize(
    ("issued", "ends"),
    [
        ("2015-03-31T00:00:00", "2020-03-30T23:59:59"),
        ("2015-04-01T00:00:00", "2018-06-30T23:59:59"),
        ("2016-02-29T00:00:00", "2019-05-28T23:59:59"),
    ],
)
def test_months_end_on_the_same_day(issued: str, ends: str) -> None:
    assert verdict("cert_validity_too_long", with_dates(seconds(issued), seconds(ends))) is None
    assert failed("cert_validity_too_long", with_dates(seconds(issued), seconds(ends) + 1))["status"] == "fail"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Renew it for a shorter time, and automate renewal: the limit is 47 days from 2029-03-15."),
        ({"max_days": 90}, "Renew it for at most 90 days."),
        ({"max_days": 30.5}, "Renew it for at most 30.5 days."),
    ],
)
def test_advice_is_by_the_policy(options: dict[str, Any], said: str) -> None:
    certificate = with_dates(NOW, NOW + 300 * DAY)

    assert failed("cert_validity_too_long", certificate, **options)["remediation"] == said


@pytest.mark.parametrize(
    ("issued", "days"),
    [
        ("2018-03-01T00:00:00", 825),
        ("2019-06-01T00:00:00", 825),
        ("2020-08-31T23:59:59", 825),
        ("2020-09-01T00:00:00", 398),
        ("2026-03-14T23:59:59", 398),
        ("2026-03-15T00:00:00", 200),
        ("2027-03-14T23:59:59", 200),
        ("2027-03-15T00:00:00", 100),
        ("2029-03-14T23:59:59", 100),
        ("2029-03-15T00:00:00", 47),
        ("2120-02-29T12:00:00", 47),
    ],
)
def test_the_longest_validity_by_the_day_of_issue(issued: str, days: int) -> None:
    begins = seconds(issued)
    # Both ends are included, so that the last second is one before the full number of days.
    longest, longer = with_dates(begins, begins + days * DAY - 1), with_dates(begins, begins + days * DAY)

    assert verdict("cert_validity_too_long", longest) is None
    finding = failed("cert_validity_too_long", longer)
    assert finding["evidence"] == {"lifetime_days": days + 1, "limit_days": days, "not_before": f"{issued}Z"}
    assert finding["detail"] == f"It is valid for {days + 1} days; {days} are allowed if issued at {issued}Z."


@pytest.mark.parametrize(
    ("begins", "ends", "days"),
    [
        # 2024 and 2028 have a 29th of February, 2025 does not: the number of days differs.
        ("2024-01-01T00:00:00", "2025-02-01T23:59:59", 398),
        ("2025-01-01T00:00:00", "2026-02-02T23:59:59", 398),
        ("2024-01-01T00:00:00", "2025-02-02T00:00:00", 399),
        ("2025-01-01T00:00:00", "2026-02-03T00:00:00", 399),
        ("2028-02-29T00:00:00", "2028-06-07T23:59:59", 100),
        ("2028-02-29T00:00:00", "2028-06-08T00:00:00", 101),
        ("2100-02-28T00:00:00", "2100-03-01T23:59:59", 2),
        # RFC 5280 4.1.2.5: this date means that there is no end.
        ("2020-01-01T00:00:00", "9999-12-31T23:59:59", 2914635),
        ("1950-01-01T00:00:00", "2049-12-31T23:59:59", 36525),
    ],
)
def test_days_in_leap_years_and_far_futures(begins: str, ends: str, days: int) -> None:
    certificate = with_dates(seconds(begins), seconds(ends))

    finding = failed("cert_validity_too_long", certificate, max_days=days - 1)
    assert finding["evidence"]["lifetime_days"] == days
    assert verdict("cert_validity_too_long", certificate, max_days=days) is None


def test_no_end_at_all_is_never_near() -> None:
    certificate = with_dates(seconds("2020-01-01T00:00:00"), seconds("9999-12-31T23:59:59"))

    for check in ("cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction"):
        assert verdict(check, certificate, seconds("9000-01-01T00:00:00")) is None
    assert failed("cert_expiring_critical", certificate, seconds("9999-12-31T00:00:00"))["severity"] == "high"


def test_a_limit_of_zero_days_is_no_missing_limit() -> None:
    assert failed("cert_validity_too_long", with_dates(NOW, NOW), max_days=0)["evidence"]["limit_days"] == 0


def test_without_dates_nothing_is_decided() -> None:
    nothing = audit_facts.facts()

    for check in ("cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction"):
        assert unknown(check, nothing) == "Undecided: its expiry is not known."
    assert unknown("cert_not_yet_valid", nothing) == "Undecided: the start of its validity is not known."
    for check in ("cert_validity_too_long", "cert_validity_reversed"):
        assert unknown(check, nothing) == "Undecided: its dates are not known."


def test_dates_of_the_platform_count_where_the_certificate_is_unread() -> None:
    unread = audit_facts.facts("no certificate", NotBefore=NOW - 60 * DAY, NotAfter=NOW - DAY)

    assert (unread["validity_from"], unread["x509"]) == ("api", None)
    assert failed("cert_expired", unread)["evidence"]["days_since_expiry"] == 1.0
    assert verdict("cert_validity_too_long", unread) is None


def test_the_end_alone_decides_what_it_can() -> None:
    # Without content, the platform may report only one date.
    end_only, begin_only = audit_facts.facts(NotAfter=NOW + 10 * DAY), audit_facts.facts(NotBefore=NOW - DAY)

    assert failed("cert_expiring_critical", end_only)["evidence"]["days_left"] == 10
    assert verdict("cert_expiring_warning", end_only) is None
    assert failed("cert_expiring_warning", audit_facts.facts(NotAfter=NOW + 20 * DAY))["evidence"]["days_left"] == 20
    assert verdict("cert_expired", end_only) is None
    # An unknown date does not matter if there is a more severe finding.
    assert verdict("cert_expiring_fraction", end_only) is None
    later = audit_facts.facts(NotAfter=NOW + 40 * DAY)
    assert unknown("cert_expiring_fraction", later).endswith("the start of its validity is not known.")
    assert unknown("cert_validity_too_long", begin_only) == "Undecided: its dates are not known."
    assert verdict("cert_not_yet_valid", begin_only) is None
