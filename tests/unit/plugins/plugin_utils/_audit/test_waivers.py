# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: what they match, how long they are valid, and how they change an audit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.waivers import Waiver
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW, Facts, Finding

BASE = {"check": "cert_wildcard", "ssl_id": "ssl-1", "reason": "ticket 4711", "expires": "2027-01-31"}
END = 1801439999  # 2027-01-31T23:59:59Z


def problem(data: Any) -> str:
    with pytest.raises(OptionError) as caught:
        Waiver.from_data(data, "policy.waivers[0]")
    return caught.value.describe()


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in BASE.items() if name not in names}


TARGET_NAMES = "ssl_id, name, domain, fingerprint, listener_id, load_balancer_id"
KEYS = f"check, {TARGET_NAMES}, reason, expires"
NO_TIMESTAMP = " is not a valid timestamp. Give one such as 2026-11-24 or 2026-11-24T12:00:00Z, or seconds since 1970."
ONE_TARGET = f": {{}} targets instead of one. Give exactly one of {TARGET_NAMES}."
NO_SHA256 = (
    " is not a SHA-256 fingerprint. Give the 64 hexadecimal digits of the certificate's SHA-256,"
    " not the fingerprint of a finding."
)
WHY = "missing. A waiver names a check and a reason."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("all", f": 'all' is not a waiver. Give a dictionary with {KEYS}."),
        ({**BASE, "until": 1}, f": unknown key 'until'. Valid keys: {KEYS}."),
        (without("check"), f".check: {WHY}"),
        ({**BASE, "check": 1}, f".check: {WHY}"),
        (without("reason"), f".reason: {WHY}"),
        ({**BASE, "reason": " "}, f".reason: {WHY}"),
        (
            {**BASE, "check": "cert_wild"},
            f".check: unknown check 'cert_wild'. Valid values: *, {', '.join(CATALOGUE)}.",
        ),
        (
            {**BASE, "check": "listing_incomplete"},
            ".check: listing_incomplete cannot be waived. Turn the check off instead.",
        ),
        (
            {**BASE, "check": "listeners_incomplete"},
            ".check: listeners_incomplete cannot be waived. Turn the check off instead.",
        ),
        ({**BASE, "check": "waiver_expired"}, ".check: waiver_expired cannot be waived. Turn the check off instead."),
        ({**BASE, "check": "waiver_unused"}, ".check: waiver_unused cannot be waived. Turn the check off instead."),
        ({**BASE, "ssl_id": ["a", "b"]}, ".ssl_id: ['a', 'b'] is not text. Give the value that the waiver is for."),
        ({**BASE, "ssl_id": 7}, ".ssl_id: 7 is not text. Give the value that the waiver is for."),
        ({**without("ssl_id"), "domain": " "}, ".domain: ' ' is not text. Give the value that the waiver is for."),
        ({**without("ssl_id"), "fingerprint": "0123456789abcdef"}, f".fingerprint: '0123456789abcdef'{NO_SHA256}"),
        ({**without("ssl_id"), "fingerprint": "0" * 63}, f".fingerprint: '{'0' * 63}'{NO_SHA256}"),
        ({**without("ssl_id"), "fingerprint": "g" * 64}, f".fingerprint: '{'g' * 64}'{NO_SHA256}"),
        (without("ssl_id"), ONE_TARGET.format(0)),
        ({**BASE, "ssl_id": ""}, ONE_TARGET.format(0)),
        ({**BASE, "name": "*"}, ONE_TARGET.format(2)),
        (without("expires"), ".expires: missing. Give the last day on which the waiver is valid."),
        (
            {**BASE, "expires": "never"},
            f".expires: 'never'{NO_TIMESTAMP}",
        ),
        (
            # A year: as seconds, it is in 1970.
            {**BASE, "expires": 2027},
            f".expires: 2027{NO_TIMESTAMP}",
        ),
        (
            {**BASE, "expires": 20270131},
            f".expires: 20270131{NO_TIMESTAMP}",
        ),
    ],
)
def test_what_is_no_waiver(data: Any, message: str) -> None:
    assert problem(data) == f"policy.waivers[0]{message}"


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        ("2027-01-31", END),
        (date(2027, 1, 31), END),
        ("2027-01-31T12:00:00Z", END - 12 * 3600 + 1),
        (END, END),
    ],
)
def test_it_holds_until_the_end_of_its_last_day(expires: Any, end: int) -> None:
    waiver = Waiver.from_data({**BASE, "expires": expires}, "")

    assert waiver.is_valid(end)
    assert not waiver.is_valid(end + 1)


SAN = "*.shop.example.com"
WILDCARD = audit_facts.facts(
    audit_facts.content(audit_facts.csr("shop.example.com", SAN)), ssl_id="ssl-1", name="legacy-shop"
)
FINGERPRINT = WILDCARD["x509"]["fingerprints"]["sha256"]
#: Its domains are those in it.
READ = {**WILDCARD, "domains_from": "certificate"}


@pytest.mark.parametrize(
    ("target", "is_about"),
    [
        ({"ssl_id": "ssl-1"}, True),
        ({"ssl_id": "ssl-*"}, False),
        ({"ssl_id": "ssl-11"}, False),
        ({"name": "legacy-shop"}, True),
        ({"name": "legacy-*"}, True),
        ({"name": "legacy-???p"}, True),
        ({"name": "*"}, True),
        ({"name": "Legacy-*"}, False),
        ({"name": "legacy"}, False),
        ({"domain": "shop.example.com"}, True),
        ({"domain": "SHOP.example.com."}, True),
        ({"domain": "*.shop.example.com"}, True),
        # It matches the names in a certificate, not those that they cover.
        ({"domain": "www.shop.example.com"}, False),
        ({"domain": "example.com"}, False),
        ({"fingerprint": FINGERPRINT}, True),
        ({"fingerprint": ":".join(FINGERPRINT[i : i + 2] for i in range(0, 64, 2)).upper()}, True),
        ({"fingerprint": "0" * 64}, False),
    ],
)
@pytest.mark.parametrize("check", ["cert_wildcard", "*", "cert_expired"])
def test_which_certificate_it_is_about(target: dict[str, str], is_about: bool, check: str) -> None:
    waiver = {**without("ssl_id"), "check": check, **target}

    (finding,) = findings(audit_facts.audit(audit_facts.listing(WILDCARD), {"waivers": [waiver]}), "cert_wildcard")

    expected = is_about and check != "cert_expired"
    assert finding["waived"] is expected
    assert (finding["waiver"] is not None) is expected


def findings(audit: Any, check: str) -> list[Finding]:
    return [finding for finding in audit["findings"] if finding["check"] == check]


def test_a_finding_shows_its_waiver() -> None:
    waiver = {**BASE, "reason": "  ticket 4711\n"}

    audit = audit_facts.audit(audit_facts.listing(WILDCARD), {"waivers": [waiver, {**BASE, "reason": "a later one"}]})

    (finding,) = findings(audit, "cert_wildcard")
    # The first one that matches.
    assert finding["waiver"] == {**BASE, "reason": "ticket 4711", "expires": "2027-01-31T23:59:59Z"}
    assert audit["summary"]["waived"] == 1
    assert "cert_wildcard" not in audit["certificates"][0]["findings"]


def test_findings_about_no_certificate_are_waived_by_domain() -> None:
    policy = {"checks": {"cert_domain_uncovered": {"expected_domains": ["a.example.com", "b.c.example.com"]}}}

    def waived(**target: str) -> list[str]:
        waiver = {**without("ssl_id"), "check": "cert_domain_uncovered", **target}
        found = findings(audit_facts.audit([], {**policy, "waivers": [waiver]}), "cert_domain_uncovered")
        assert len(found) == 2
        return [finding["about"] for finding in found if finding["waived"]]

    assert waived(domain="A.example.com") == ["a.example.com"]
    assert waived(domain="*.example.com") == ["a.example.com"]
    assert waived(domain="*.c.example.com") == ["b.c.example.com"]
    assert waived(name="*") == []
    assert waived(ssl_id="a.example.com") == []


def test_a_listing_that_is_incomplete_cannot_be_waived() -> None:
    waiver = {**without("ssl_id"), "check": "*", "domain": "*"}

    (finding,) = findings(
        audit_facts.audit(audit_facts.listing(complete=False), {"waivers": [waiver]}), "listing_incomplete"
    )
    assert finding["waived"] is False


def test_a_waiver_by_domain_is_for_no_other_sentence_with_it() -> None:
    domain = {"check": "*", "domain": "*.example.com", "reason": "r", "expires": "2027-01-31"}
    expired = {"check": "cert_wildcard", "domain": "shop.example.com", "reason": "r", "expires": "2026-01-31"}

    (finding,) = findings(audit_facts.audit(audit_facts.listing(), {"waivers": [domain, expired]}), "waiver_expired")
    assert (finding["about"], finding["waived"]) == ("cert_wildcard, domain shop.example.com, until 2026-01-31", False)


EXPIRED = {**BASE, "expires": "2026-01-31"}


@pytest.mark.parametrize(
    ("other", "about"),
    [
        ({"expires": "2026-02-28"}, "cert_wildcard, ssl_id ssl-1, until 2026-02-28"),
        ({"check": "*"}, "*, ssl_id ssl-1, until 2026-01-31"),
        ({"ssl_id": None, "name": "ssl-1"}, "cert_wildcard, name ssl-1, until 2026-01-31"),
        ({"reason": "another"}, "cert_wildcard, ssl_id ssl-1, until 2026-01-31 #2"),
        ({"expires": "2026-01-31T12:00:00Z"}, "cert_wildcard, ssl_id ssl-1, until 2026-01-31 #2"),
    ],
)
@pytest.mark.parametrize("check", ["waiver_expired", "waiver_unused"])
def test_each_waiver_has_a_finding_of_its_own(other: dict[str, str], about: str, check: str) -> None:
    waivers = [EXPIRED, {**EXPIRED, **other}]
    if check == "waiver_unused":
        waivers = [{**item, "expires": item["expires"].replace("2026", "2027")} for item in waivers]
        about = about.replace("2026", "2027")

    found = findings(audit_facts.audit(audit_facts.listing(), {"waivers": waivers}), check)

    assert len({finding["fingerprint"] for finding in found}) == 2
    year = "2027" if check == "waiver_unused" else "2026"
    assert {finding["about"] for finding in found} == {f"cert_wildcard, ssl_id ssl-1, until {year}-01-31", about}


def test_a_waiver_that_is_there_twice_has_one_finding() -> None:
    assert (
        len(findings(audit_facts.audit(audit_facts.listing(), {"waivers": [EXPIRED, EXPIRED]}), "waiver_expired")) == 1
    )


# Unused waivers


def unused(*waived: dict[str, Any], data: Any = None, **checks: Any) -> list[tuple[str, str]]:
    """Return the status and detail of each finding about an unused waiver."""
    listing = audit_facts.listing(WILDCARD) if data is None else data
    audit = audit_facts.audit(listing, {"waivers": list(waived), "checks": checks})
    return [(finding["status"], finding["detail"]) for finding in findings(audit, "waiver_unused")]


def test_a_waiver_that_is_for_nothing_is_a_finding() -> None:
    waiver = {**BASE, "ssl_id": "ssl-11"}

    (finding,) = findings(audit_facts.audit(audit_facts.listing(WILDCARD), {"waivers": [waiver]}), "waiver_unused")

    assert (finding["severity"], finding["status"], finding["waived"]) == ("low", "fail", False)
    assert finding["detail"] == "The waiver of cert_wildcard for ssl-11 does not match any finding."
    assert finding["evidence"] == {"waiver": {**waiver, "expires": "2027-01-31T23:59:59Z"}}
    assert finding["about"] == "cert_wildcard, ssl_id ssl-11, until 2027-01-31"


def test_a_waiver_that_is_for_something_is_none() -> None:
    assert unused(BASE) == []
    # It matches the same finding as an earlier one.
    assert unused(BASE, {**without("ssl_id"), "name": "legacy-*"}, {**BASE, "check": "*"}) == []
    # It matches an undecided check.
    assert unused({**BASE, "check": "cert_expired"}, data=audit_facts.listing(audit_facts.facts())) == []


def test_a_waiver_of_a_check_that_is_passed_or_off_is_for_nothing() -> None:
    assert [status for status, _detail in unused({**BASE, "check": "cert_expired"})] == ["fail"]
    assert [status for status, _detail in unused(BASE, cert_wildcard=False)] == ["fail"]
    assert unused(BASE, cert_wildcard=False, waiver_unused=False) == []


def test_an_expired_waiver_is_not_for_nothing_besides() -> None:
    assert unused({**BASE, "ssl_id": "ssl-11", "expires": "2026-01-31"}) == []


@pytest.mark.parametrize(
    "data",
    [[WILDCARD], audit_facts.listing(WILDCARD, complete=False), audit_facts.listing(WILDCARD, total_count=2)],
    ids=["a list", "incomplete", "a selection"],
)
def test_of_a_part_of_the_certificates_it_is_not_said(data: Any) -> None:
    assert unused({**BASE, "ssl_id": "ssl-11"}, data=data) == []


@pytest.mark.parametrize("target", [{"domain": "a.example.com"}, {"fingerprint": "0" * 64}])
def test_a_certificate_that_cannot_be_read_may_be_what_a_waiver_is_for(target: dict[str, str]) -> None:
    waiver = {**without("ssl_id"), "check": "cert_weak_key", **target}
    (value,) = target.values()
    unread = audit_facts.facts("no certificate", ssl_id="ssl-2")
    unknown = (
        f"Undecided: whether the waiver of cert_weak_key for {value} matches a certificate that cannot be read"
        " is not known."
    )

    # With a name or an id, it is certain.
    assert [status for status, _detail in unused({**BASE, "ssl_id": "ssl-3"}, data=audit_facts.listing(unread))] == [
        "fail"
    ]
    assert unused(waiver, data=audit_facts.listing(READ, unread)) == [("unknown", unknown)]
    assert [status for status, _detail in unused(waiver, data=audit_facts.listing(READ))] == ["fail"]


# Waivers of everything


@pytest.mark.parametrize("name", ["*", "**", "?*"])
def test_a_waiver_of_everything_is_warned_of(name: str) -> None:
    waiver = {**without("ssl_id"), "check": "*", "name": name}

    audit = audit_facts.audit(audit_facts.listing(WILDCARD), {"waivers": [waiver, waiver]})

    assert audit["warnings"] == [
        (
            f"The waiver of all checks for the name {name} accepts every problem of every certificate until"
            " 2027-01-31T23:59:59Z. Name the checks or the certificates."
        )
    ]
    assert audit["summary"]["by_status"] == {"compliant": 0, "waived": 1, "not_compliant": 0}


@pytest.mark.parametrize(
    "waiver",
    [
        {"check": "cert_wildcard", "name": "*"},
        {"check": "*", "name": "legacy-*"},
        {"check": "*", "name": "?"},
        {"check": "*", "ssl_id": "*"},
        {"check": "*", "domain": "*"},
        {"check": "*", "name": "*", "expires": "2026-01-31"},
    ],
)
def test_other_waivers_are_not_warned_of(waiver: dict[str, str]) -> None:
    policy = {"waivers": [{**without("check", "ssl_id"), **waiver}]}

    assert audit_facts.audit(audit_facts.listing(WILDCARD), policy)["warnings"] == []


def test_of_several_waivers_the_first_counts() -> None:
    targets: list[dict[str, str]] = [
        {"name": "legacy-*"},
        {"domain": "shop.example.com"},
        {"fingerprint": FINGERPRINT},
        {"ssl_id": "ssl-1"},
        {"name": "legacy-shop"},
    ]
    waived = [{**without("ssl_id"), "check": "*", **target} for target in targets]

    for number, target in enumerate(targets):
        others = [{**without("ssl_id"), "check": "cert_expired", **item} for item in targets]
        policy = {"waivers": [*others, *waived[number:], *waived[:number]]}
        (finding,) = findings(audit_facts.audit(audit_facts.listing(WILDCARD), policy), "cert_wildcard")
        assert finding["waiver"].items() >= target.items()


def test_certificates_without_id_have_their_own_waivers() -> None:
    both = [{**WILDCARD, "ssl_id": None, "ssl_name": name} for name in ("a", "b")]

    found = findings(audit_facts.audit(both, {"waivers": [{**without("ssl_id"), "name": "b"}]}), "cert_wildcard")
    assert {finding["ssl_name"]: finding["waived"] for finding in found} == {"a": False, "b": True}


# Algebra, over a fleet with many different findings

ISSUES: list[Facts] = [
    WILDCARD,
    audit_facts.with_dates(NOW - 90 * DAY, NOW - DAY, ssl_id="ssl-2", name="legacy-expired"),
    audit_facts.with_dates(NOW - 60 * DAY, NOW + 10 * DAY, ssl_id="ssl-3", name="soon"),
    audit_facts.facts(
        audit_facts.alone(audit_facts.csr("intranet.local", scts=0)),
        ssl_id="ssl-4",
        name="alone",
        relations=(),
    ),
    audit_facts.facts("no certificate", ssl_id="ssl-5", name="notes.txt"),
    audit_facts.facts(ssl_id="ssl-6", name=""),
    audit_facts.compliant(ssl_id="ssl-7", region="hk"),
]
LISTING = audit_facts.listing(*ISSUES)
FINGERPRINTS = [item["x509"]["fingerprints"]["sha256"] for item in ISSUES if item["x509"]]
TARGETS = st.one_of(
    st.tuples(st.just("ssl_id"), st.sampled_from([item["ssl_id"] for item in ISSUES])),
    st.tuples(st.just("name"), st.sampled_from(["*", "legacy-*", "soon", "nothing"])),
    st.tuples(st.just("domain"), st.sampled_from(["shop.example.com", "intranet.local", "nothing.example.com"])),
    st.tuples(st.just("fingerprint"), st.sampled_from(FINGERPRINTS)),
)
CHECKS = st.sampled_from(
    ["*", *sorted({check.id for check in CATALOGUE.values() if check.topic not in ("listing", "waiver")})]
)


@st.composite
def waivers(draw: st.DrawFn, expires: str = "2027-01-31") -> dict[str, Any]:
    target, value = draw(TARGETS)
    return {"check": draw(CHECKS), target: value, "reason": "r", "expires": expires}


def judged(*waived: dict[str, Any]) -> Any:
    """Return an audit without findings about unused waivers."""
    return audit_facts.audit(LISTING, {"waivers": list(waived), "checks": {"waiver_unused": False}})


def counted(audit: Any) -> set[str]:
    return {item["fingerprint"] for item in audit["findings"] if not item["waived"]}


def plain(audit: Any) -> dict[str, Finding]:
    """Return the findings without the fields that a waiver changes."""
    return {item["fingerprint"]: {**item, "waived": None, "waiver": None} for item in audit["findings"]}


BEFORE = judged()


@given(st.lists(waivers(), max_size=4), waivers())
def test_one_waiver_more_never_counts_more(some: list[dict[str, Any]], another: dict[str, Any]) -> None:
    before, after = judged(*some), judged(*some, another)

    assert counted(after) <= counted(before)
    assert plain(after) == plain(before)
    assert after["summary"]["waived"] >= before["summary"]["waived"]
    # A certificate with a finding never becomes compliant.
    assert after["summary"]["compliant"] == before["summary"]["compliant"]
    assert after["summary"]["by_status"]["waived"] >= before["summary"]["by_status"]["waived"]
    for severity, number in after["summary"]["by_severity"].items():
        assert number <= before["summary"]["by_severity"][severity]


@given(st.sampled_from([item for item in BEFORE["findings"] if item["ssl_id"]]))
def test_a_waiver_removes_exactly_what_it_names(finding: Finding) -> None:
    waiver = {"check": finding["check"], "ssl_id": finding["ssl_id"], "reason": "r", "expires": "2027-01-31"}

    removed = counted(BEFORE) - counted(judged(waiver))

    same = ("check", "ssl_id")
    expected = [item for item in BEFORE["findings"] if all(item[name] == finding[name] for name in same)]
    assert removed == {item["fingerprint"] for item in expected}


@given(st.lists(waivers(), max_size=4))
def test_the_order_of_waivers_does_not_matter_for_what_counts(some: list[dict[str, Any]]) -> None:
    assert counted(judged(*some)) == counted(judged(*reversed(some)))
    assert counted(judged(*some, *some)) == counted(judged(*some))


@given(st.lists(waivers(), max_size=3), waivers(expires="2026-11-23"))
def test_an_expired_waiver_changes_nothing_but_is_a_finding(
    some: list[dict[str, Any]], expired: dict[str, Any]
) -> None:
    before, after = judged(*some), judged(*some, expired)

    added = [item for item in after["findings"] if item["check"] == "waiver_expired"]
    assert [item["evidence"]["waiver"]["check"] for item in added] == [expired["check"]]
    assert [item for item in after["findings"] if item not in added] == before["findings"]
    assert after["certificates"] == before["certificates"]


@given(st.lists(waivers(), max_size=4))
def test_waivers_are_applied_as_the_applied_policy_says(some: list[dict[str, Any]]) -> None:
    audit = judged(*some)

    assert audit_facts.audit(LISTING, audit["policy"]) == audit
    assert len(Policy.from_data(audit["policy"]).waivers) == len(some)
