# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits as a whole."""

from __future__ import annotations

import copy
import gc
import json
from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import LoadBalancer
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import TlsPolicy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.baseline import read_baseline
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import worst_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import SEVERITIES
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, demo, relation
from ansible_collections.ucloud.ulb.tests.simulator.datasets import demo_balancers
from ansible_collections.ucloud.ulb.tests.simulator.datasets.demo import EXPECTED, ssl_id
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW, Facts, Finding


@pytest.fixture(scope="module")
def demonstration() -> Fleet:
    return demo(NOW)


@pytest.fixture(scope="module")
def listeners(demonstration: Fleet) -> list[Facts]:
    """The facts of the demo listeners."""
    found = []
    for region, project in product(demonstration.region_names, demonstration.project_ids):
        records = demonstration.balancers(region, project)
        policies = {policy.policy_id: policy for policy in map(TlsPolicy.from_api, records.policies)}
        balancers = [LoadBalancer.from_application(record, region, project) for record in records.applications]
        balancers += [LoadBalancer.from_classic(record, region, project) for record in records.classics]
        for balancer in balancers:
            found += [listener.with_policy(policies).to_facts() for listener in balancer.listeners or ()]
    return found


@pytest.fixture(scope="module")
def fleet(demonstration: Fleet) -> list[Facts]:
    """The facts of the demo certificates."""
    found = []
    for region, project, wire in demonstration:
        certificate = Certificate.from_api(wire, region, project)
        if wire["SSLContent"]:
            certificate = certificate.with_content(read_content(wire["SSLContent"]))
        found.append(certificate.to_facts(NOW))
    return found


POLICY = {
    "checks": {
        "private_key_stored": True,
        "cert_issuer_not_allowed": {"allowed_issuers": ["Example Trust TLS CA 1"]},
        "cert_domain_uncovered": {"expected_domains": ["shop.example.com", "nowhere.example.com"]},
    },
    "waivers": [
        {"check": "cert_wildcard", "name": "*", "reason": "r", "expires": "2027-01-31"},
        {"check": "*", "domain": "pay.example.com", "reason": "r", "expires": "2026-01-31"},
        {"check": "*", "name": "nowhere-*", "reason": "r", "expires": "2027-01-31"},
    ],
}


# The demonstration

#: Differences from what the rows of the demo data claim, by the slug of the row.
#: - A listener without a default has one finding, about the first of its certificates.
#: - If regions serve different certificates, those with older ones have a finding.
LESS = {
    "audio": {"listener_without_default"},
    "video": {"listener_without_default"},
    "www-bj": {"cert_drift_between_regions"},
    "www-sh": {"cert_drift_between_regions"},
}
#: Checks that need readable content.
NEEDS_CONTENT = {
    "cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction", "cert_not_yet_valid",
    "cert_validity_reversed", "cert_validity_too_long", "cert_weak_key", "cert_key_curve", "cert_rsa_exponent",
    "cert_factorable", "cert_weak_signature", "cert_self_signed", "cert_wildcard", "cert_san_missing",
    "cert_cn_not_in_san",
    "cert_internal_name", "cert_is_ca", "cert_eku_missing_server_auth", "cert_no_sct", "chain_missing", "chain_order",
    "chain_broken", "chain_has_root", "chain_member_expired", "chain_member_expiring", "cert_superseded_in_use",
    "cert_drift_between_regions", "cert_duplicate",
    "cert_key_reuse",
}  # fmt: skip


def failing(audit: Any, status: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in EXPECTED}
    for finding in audit["findings"]:
        if finding["status"] == status:
            found[finding["ssl_id"]].add(finding["check"])
    return found


def test_the_demonstration_shows_what_it_is_there_for(fleet: list[Facts]) -> None:
    found = failing(audit_facts.audit(audit_facts.listing(*fleet)), "fail")

    expected = {name: set(checks) for name, checks in EXPECTED.items()}
    for slug, checks in LESS.items():
        expected[ssl_id(slug)] -= checks
    audio, video = ssl_id("audio"), ssl_id("video")
    expected[min(audio, video)].add("listener_without_default")
    assert found == expected


def test_what_of_the_demonstration_cannot_be_decided(fleet: list[Facts]) -> None:
    unknown = failing(audit_facts.audit(audit_facts.listing(*fleet)), "unknown")

    unreadable = {ssl_id(slug) for slug in ("garbled", "not-pem", "empty")}
    expected = {name: NEEDS_CONTENT if name in unreadable else set() for name in EXPECTED}
    assert unknown == expected


def test_every_check_that_is_on_has_a_finding_in_the_demonstration(fleet: list[Facts]) -> None:
    audit = audit_facts.audit(audit_facts.listing(*fleet))

    shown = {finding["check"] for finding in audit["findings"] if finding["status"] == "fail"}
    # These need options, listeners, endpoints, an incomplete listing, or a waiver; one is off.
    without_more = {check.id for check in CATALOGUE.values() if check.requires not in ("", "trust")}
    others = without_more | {"cert_issuer_not_allowed", "cert_domain_uncovered", "listing_incomplete"}
    others |= {"private_key_stored", "waiver_expired", "waiver_unused"}
    # No certificate of the demonstration shows these.
    not_shown = {"chain_broken", "chain_member_expiring", "cert_untrusted"}
    assert shown == CATALOGUE.keys() - others - not_shown
    both = (audit_facts.listing(*fleet, complete=False), audit_facts.listing(*fleet))
    shown = {finding["check"] for listing in both for finding in audit_facts.audit(listing, POLICY)["findings"]}
    assert shown == CATALOGUE.keys() - without_more - not_shown | {"chain_broken", "chain_member_expiring"}


def test_the_demonstration_shows_every_problem_of_listeners(fleet: list[Facts], listeners: list[Facts]) -> None:
    audit = audit_facts.audit(audit_facts.with_listeners(listeners, *fleet))

    names = {}
    for listener in listeners:
        names[listener["load_balancer_id"], None] = listener["load_balancer_name"]
        names[listener["load_balancer_id"], listener["listener_id"]] = (
            f"{listener['load_balancer_name']}/{listener['listener_name']}"
        )
    found: dict[str, dict[str, list[str]]] = {"fail": {}, "unknown": {}}
    for finding in audit["findings"]:
        if finding["load_balancer_id"]:
            name = names[finding["load_balancer_id"], finding["listener_id"]]
            found[finding["status"]].setdefault(finding["check"], []).append(name)
    assert {check: sorted(of_check) for check, of_check in found["fail"].items()} == {
        check: list(expected) for check, expected in demo_balancers.EXPECTED.items()
    }
    assert found["unknown"] == {"listener_host_uncovered": ["tickets/https-443"]}
    needing = {check.id for check in CATALOGUE.values() if check.requires == "listeners"}
    assert needing - demo_balancers.EXPECTED.keys() == {"listeners_incomplete"}


# Order, repeated audits, and changes

NO_CHANGES = {"new": 0, "unchanged": 0, "fixed": 0, "superseded": 0, "not_comparable": 0, "not_checked": 0}


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_order_of_certificates_does_not_matter(everything: list[Facts], random: Any) -> None:
    shuffled = random.sample(everything, len(everything))

    assert audit_facts.audit(audit_facts.listing(*shuffled), POLICY) == audit_facts.audit(
        audit_facts.listing(*everything), POLICY
    )


@pytest.fixture(scope="module")
def everything(fleet: list[Facts]) -> list[Facts]:
    """The demo certificates, and others without an id or with duplicates."""
    odd = audit_facts.compliant(ssl_id="", name="")
    return [*fleet, fleet[0], fleet[7], odd, {**odd, "bound": False}, {**odd, "bound": None}]


def test_an_audit_again_is_the_same(everything: list[Facts]) -> None:
    before = copy.deepcopy(everything)

    first, second = (
        audit_facts.audit(audit_facts.listing(*everything), POLICY),
        audit_facts.audit(audit_facts.listing(*everything), POLICY),
    )

    assert first == second
    assert json.dumps(first) == json.dumps(second)
    assert everything == before


def test_the_order_is_stable(everything: list[Facts]) -> None:
    audit = audit_facts.audit(audit_facts.listing(*everything), POLICY)

    order = [
        (finding["waived"], -SEVERITIES.index(finding["severity"]), finding["status"] == "unknown")
        for finding in audit["findings"]
    ]
    assert order == sorted(order)
    places = [(item["project_id"] or "", item["region"] or "", item["ssl_id"] or "") for item in audit["certificates"]]
    assert places == sorted(places)
    assert len(places) == len(everything) - 2


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("facts", [audit_facts.compliant(), {"ssl_id": "ssl-1", "x509": 1}])
def test_the_collector_of_garbage_is_left_as_it_was(facts: Facts, *, enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        audit_facts.audit(audit_facts.listing(facts))
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_nothing_has_changed_since_itself(everything: list[Facts]) -> None:
    audit = audit_facts.audit(audit_facts.listing(*everything), POLICY)

    again = audit_facts.audit(
        audit_facts.listing(*everything), POLICY, baseline=read_baseline(json.loads(json.dumps(audit)))
    )

    assert {finding["change"] for finding in again["findings"]} == {"unchanged"}
    assert again["summary"]["changes"] == {**NO_CHANGES, "unchanged": len(audit["findings"])}
    without = [{**finding, "change": None} for finding in again["findings"]]
    assert without == audit["findings"]
    assert again["certificates"] == audit["certificates"]


def test_what_is_new_unchanged_and_fixed() -> None:
    wildcard = audit_facts.facts(audit_facts.content(audit_facts.csr("a.example.com", "*.example.com")), ssl_id="ssl-1")
    alone = audit_facts.facts(audit_facts.content(audit_facts.csr(scts=0)), ssl_id="ssl-2")
    first = audit_facts.audit(audit_facts.listing(wildcard, alone))
    repaired, new = (
        audit_facts.compliant(ssl_id="ssl-2"),
        audit_facts.facts(audit_facts.content(audit_facts.csr("a.local")), ssl_id="ssl-3"),
    )

    second = audit_facts.audit(audit_facts.listing(wildcard, repaired, new), now=NOW + 3600, baseline=first)

    found = {(finding["check"], finding["ssl_id"]): finding for finding in second["findings"]}
    changes = {key: (finding["status"], finding["change"]) for key, finding in found.items()}
    assert changes["cert_wildcard", "ssl-1"] == ("fail", "unchanged")
    assert changes["cert_no_sct", "ssl-2"] == ("fixed", "fixed")
    assert changes["cert_internal_name", "ssl-3"] == ("fail", "new")
    # Findings that are gone come last, unchanged.
    before = {(finding["check"], finding["ssl_id"]): finding for finding in first["findings"]}
    gone = [finding for finding in second["findings"] if finding["status"] == "fixed"]
    assert second["findings"][-len(gone) :] == gone
    assert found["cert_no_sct", "ssl-2"] == {
        **before["cert_no_sct", "ssl-2"],
        "status": "fixed",
        "change": "fixed",
    }
    # They do not count, and are not reported as fixed again.
    entry = next(item for item in second["certificates"] if item["ssl_id"] == "ssl-2")
    assert "cert_no_sct" not in entry["findings"]
    third = audit_facts.audit(audit_facts.listing(wildcard, repaired, new), baseline=second)
    assert third["summary"]["changes"] == {**NO_CHANGES, "unchanged": len(third["findings"])}


def test_a_waived_finding_that_is_gone_is_fixed() -> None:
    waiver = {"check": "*", "name": "*", "reason": "r", "expires": "2027-01-31"}
    first = audit_facts.audit(
        audit_facts.listing(audit_facts.facts(audit_facts.content(audit_facts.csr(scts=0)))),
        {"waivers": [waiver]},
    )

    (finding,) = audit_facts.audit(audit_facts.listing(audit_facts.compliant()), baseline=first)["findings"]

    assert (finding["status"], finding["waived"], finding["waiver"]) == ("fixed", False, None)


def test_a_finding_is_the_same_however_many_days_are_left() -> None:
    certificate = audit_facts.with_dates(NOW - 60 * DAY, NOW + 10 * DAY)

    first = audit_facts.judge("cert_expiring_critical", certificate)
    later = audit_facts.judge("cert_expiring_critical", certificate, now=NOW + 5 * DAY)
    assert first[0]["fingerprint"] == later[0]["fingerprint"]
    assert first[0]["detail"] != later[0]["detail"]


def test_findings_of_different_things_are_different(fleet: list[Facts]) -> None:
    # Without an id, names and fingerprints identify certificates.
    nameless = [
        audit_facts.compliant(ssl_id="", name="a"),
        audit_facts.compliant(ssl_id="", name="b"),
        audit_facts.compliant(ssl_id="", name="b"),
    ]

    found = audit_facts.audit(audit_facts.listing(*fleet, *nameless, complete=False), POLICY)["findings"]

    count = Counter(finding["fingerprint"] for finding in found)
    assert set(count.values()) == {1}
    assert all(len(fingerprint) == 16 for fingerprint in count)


def test_a_finding_about_a_listener_is_the_same_once_it_is_decided() -> None:
    listeners = [relation(("alb-1", "a"), (f"lsn-{number}", "l"), False) for number in range(2)]
    certificate = audit_facts.facts(audit_facts.content(), relations=listeners)

    def found(**changes: Any) -> dict[str, str]:
        audit = audit_facts.audit(audit_facts.listing(certificate, **changes))
        chosen = [finding for finding in audit["findings"] if finding["check"] == "listener_without_default"]
        return {finding["about"]: finding["fingerprint"] for finding in chosen}

    assert found(complete=False) == found()
    assert found().keys() == {"lsn-0", "lsn-1"}


# A baseline


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], ""),
        ('"audit"', ""),
        ("{}", ".findings"),
        (7, ""),
        ({}, ".findings"),
        ({"findings": None}, ".findings"),
        ({"findings": {}}, ".findings"),
        ({"findings": ["x"]}, ".findings[0]"),
        ({"findings": [{"fingerprint": "x", "status": "fail"}]}, ".findings[0].check"),
    ],
)
def test_what_is_no_baseline(data: Any, place: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_baseline(data)
    assert caught.value.problem.startswith(f"baseline{place}: ")
    assert caught.value.hint == (
        "Give an earlier result of ssl_audit, for example its JSON report read with from_json."
    )


def test_a_baseline_can_be_the_text_of_a_report() -> None:
    before = audit_facts.audit([audit_facts.facts("no certificate")])
    assert read_baseline(json.dumps(before)) == before
    assert [read_baseline(nothing) for nothing in (None, "", " \n", "null")] == [None] * 4


@pytest.mark.parametrize("text", ["audit", "{", "[" * 100_000, "\0"])
def test_a_text_that_is_no_json_is_no_baseline(text: str) -> None:
    with pytest.raises(OptionError, match=r"^baseline: invalid JSON: .*Give the JSON report of an earlier audit, or "):
        read_baseline(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [("severity", "urgent"), ("severity", None), ("fingerprint", []), ("region", 7), ("check", {}), ("ssl_id", ["x"])],
)
def test_a_baseline_with_a_finding_that_is_none(name: str, value: Any) -> None:
    audit = audit_facts.audit(audit_facts.listing(audit_facts.facts("no certificate")))
    audit["findings"][0][name] = value

    with pytest.raises(OptionError, match=rf"^baseline\.findings\[0\]\.{name}: expected "):
        read_baseline(audit)


def test_no_baseline() -> None:
    assert read_baseline(None) is None
    audit = audit_facts.audit(audit_facts.listing(audit_facts.facts("no certificate")))
    assert audit["summary"]["changes"] is None
    assert {finding["change"] for finding in audit["findings"]} == {None}


def test_findings_of_checks_that_are_gone_are_not_fixed() -> None:
    audit = audit_facts.audit(audit_facts.listing(audit_facts.facts(audit_facts.content(audit_facts.csr(scts=0)))))
    audit["findings"][0]["check"] = "cert_of_an_older_version"
    audit["findings"][0]["fingerprint"] = "0123456789abcdef"

    assert changes(audit, audit_facts.listing(audit_facts.compliant())) == ([], 1)


def changes(
    baseline: dict[str, Any], data: Any, policy: dict[str, Any] | None = None
) -> tuple[list[tuple[str, str | None]], int]:
    """Return the findings fixed since a baseline (check and certificate), and the number that was not checked."""
    audit = audit_facts.audit(data, policy, baseline=read_baseline(baseline))
    fixed = [finding for finding in audit["findings"] if finding["status"] == "fixed"]
    assert audit["summary"]["changes"]["fixed"] == len(fixed)
    return [(finding["check"], finding["ssl_id"]) for finding in fixed], audit["summary"]["changes"]["not_checked"]


def test_what_was_not_looked_at_is_not_fixed() -> None:
    quiet = audit_facts.facts(audit_facts.content(audit_facts.csr(scts=0)), ssl_id="ssl-1", region="hk")
    repaired = {**audit_facts.compliant(ssl_id="ssl-1"), "region": "hk"}
    other, neighbour = audit_facts.compliant(ssl_id="ssl-2"), audit_facts.compliant(ssl_id="ssl-3", region="hk")
    only = {"checks": {name: name == "cert_no_sct" for name in CATALOGUE if not CATALOGUE[name].needs}}
    before = audit_facts.audit(audit_facts.listing(quiet, other), only)
    fixed = ([("cert_no_sct", "ssl-1")], 0)
    not_checked: tuple[list[Any], int] = ([], 1)

    assert before["summary"]["findings"] == 1
    assert changes(before, audit_facts.listing(repaired, other), only) == fixed
    # It is there, although others were not listed.
    assert changes(before, audit_facts.listing(repaired, complete=False), only) == fixed
    assert changes(before, [repaired], only) == fixed
    # It was deleted: its region and project was listed as a whole.
    assert changes(before, audit_facts.listing(neighbour, other), only) == fixed
    # It may have been deleted.
    assert changes(before, audit_facts.listing(neighbour, other, complete=False), only) == not_checked
    assert changes(before, audit_facts.listing(neighbour, other, total_count=3), only) == not_checked
    assert changes(before, [neighbour, other], only) == not_checked
    # Its region was not listed.
    assert changes(before, audit_facts.listing(other), only) == not_checked
    assert changes(before, audit_facts.listing({**neighbour, "project_id": "org-2"}, other), only) == not_checked
    # The check is off.
    assert changes(before, audit_facts.listing(repaired, other), {"checks": {"cert_no_sct": False}})[0] == []


# Findings that are gone, but not fixed


def only(*checks: str, **options: Any) -> dict[str, Any]:
    """Return a policy with only these checks and options."""
    off: dict[str, Any] = {name: False for name, check in CATALOGUE.items() if not check.needs}
    return {"checks": {**off, **dict.fromkeys(checks, True), **options}}


def gone(
    before: dict[str, Any], data: Any, policy: dict[str, Any] | None = None, now: int = NOW
) -> dict[str, tuple[str, Any]]:
    """Return the findings of a baseline that are gone: by check, their status and the check that supersedes them."""
    audit = audit_facts.audit(data, policy, now, read_baseline(json.loads(json.dumps(before))))
    found = [item for item in audit["findings"] if item["status"] not in ("fail", "unknown")]
    assert all(item["change"] == item["status"] for item in found)
    assert audit["findings"][len(audit["findings"]) - len(found) :] == found
    for name in ("fixed", "superseded", "not_comparable"):
        assert audit["summary"]["changes"][name] == sum(item["change"] == name for item in audit["findings"])
    return {item["check"]: (item["status"], item["evidence"].get("superseded_by")) for item in found}


EXPIRY = ("cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction")
#: Certificates of a year, and of 60 days.
LONG = audit_facts.with_dates(NOW - 340 * DAY, NOW + 25 * DAY)
SHORT = audit_facts.with_dates(NOW - 45 * DAY, NOW + 15 * DAY)


@pytest.mark.parametrize("bound", [True, False, None])
@pytest.mark.parametrize(
    ("certificate", "days", "was", "check"),
    [
        (LONG, 15, "cert_expiring_warning", "cert_expiring_critical"),
        (LONG, 30, "cert_expiring_warning", "cert_expired"),
        (SHORT, 10, "cert_expiring_fraction", "cert_expiring_critical"),
        (SHORT, 16, "cert_expiring_fraction", "cert_expired"),
    ],
)
def test_what_got_worse_is_not_fixed(
    certificate: Facts, days: int, was: str, check: str, *, bound: bool | None
) -> None:
    policy, listing = only(was, check), audit_facts.listing({**certificate, "bound": bound})
    before = audit_facts.audit(listing, policy)
    assert [item["check"] for item in before["findings"]] == [was]

    # One of them may be present in addition to the other.
    assert gone(before, listing, policy, NOW + days * DAY).get(was, ("superseded", check)) == ("superseded", check)
    assert set(gone(before, listing, only(*EXPIRY), NOW + 400 * DAY).values()) == {("superseded", "cert_expired")}


def test_a_renewed_certificate_is_fixed() -> None:
    before = audit_facts.audit(audit_facts.listing(LONG), only(*EXPIRY))

    assert gone(before, audit_facts.listing(audit_facts.compliant()), only(*EXPIRY)) == {
        "cert_expiring_warning": ("fixed", None)
    }


def test_another_certificate_that_expires_supersedes_nothing() -> None:
    other, expired = (
        audit_facts.compliant(ssl_id="ssl-2"),
        audit_facts.with_dates(NOW - 90 * DAY, NOW - DAY, ssl_id="ssl-2"),
    )
    before = audit_facts.audit(audit_facts.listing(LONG, other), only(*EXPIRY))

    changes = gone(before, audit_facts.listing(audit_facts.compliant(), expired), only(*EXPIRY))

    assert changes == {"cert_expiring_warning": ("fixed", None)}


def test_what_was_superseded_is_gone_for_good() -> None:
    listing = audit_facts.listing(LONG)
    before = audit_facts.audit(listing, only(*EXPIRY))

    second = audit_facts.audit(listing, only(*EXPIRY), NOW + 30 * DAY, before)
    third = audit_facts.audit(listing, only(*EXPIRY), NOW + 31 * DAY, second)

    assert second["summary"]["changes"] == {**NO_CHANGES, "new": 1, "superseded": 1}
    assert third["summary"]["changes"] == {**NO_CHANGES, "unchanged": 1}
    assert second["summary"]["findings"] == third["summary"]["findings"] == 1


def test_a_waived_finding_that_is_superseded_is_not_waived_any_more() -> None:
    waiver = {"check": "cert_expiring_warning", "name": "*", "reason": "r", "expires": "2027-01-31"}
    policy = {**only(*EXPIRY), "waivers": [waiver]}
    before = audit_facts.audit(audit_facts.listing(LONG), policy)

    audit = audit_facts.audit(audit_facts.listing(LONG), policy, NOW + 30 * DAY, before)

    (finding,) = (item for item in audit["findings"] if item["status"] == "superseded")
    assert (finding["waived"], finding["waiver"]) == (False, None)
    assert finding["evidence"].items() >= before["findings"][0]["evidence"].items()
    assert audit["certificates"][0]["status"] == "not_compliant"


def test_a_chain_that_lacks_more_than_before_is_not_fixed() -> None:
    leaf, intermediate = audit_facts.issuing().issue(audit_facts.csr()), audit_facts.issuing()
    policy = only("chain_missing", "chain_order")
    before = audit_facts.audit(audit_facts.listing(audit_facts.facts(audit_facts.pem(intermediate, leaf))), policy)
    assert [item["check"] for item in before["findings"]] == ["chain_order"]

    assert gone(before, audit_facts.listing(audit_facts.facts(audit_facts.pem(leaf))), policy) == {
        "chain_order": ("superseded", "chain_missing")
    }
    assert gone(before, audit_facts.listing(audit_facts.facts(audit_facts.pem(leaf, intermediate))), policy) == {
        "chain_order": ("fixed", None)
    }


def test_a_waiver_for_nothing_that_has_expired_is_not_put_right() -> None:
    waiver = {"check": "*", "name": "x", "reason": "r", "expires": "2026-11-30"}
    policy = {**only("waiver_unused", "waiver_expired"), "waivers": [waiver]}
    before = audit_facts.audit(audit_facts.listing(), policy)
    assert [item["check"] for item in before["findings"]] == ["waiver_unused"]

    assert gone(before, audit_facts.listing(), policy, NOW + 30 * DAY) == {
        "waiver_unused": ("superseded", "waiver_expired")
    }
    assert gone(before, audit_facts.listing(), {**policy, "waivers": []}) == {"waiver_unused": ("fixed", None)}


@pytest.mark.parametrize(
    ("then", "now"),
    [({"days": 30}, {"days": 20}), ({}, {"days": 20}), ({"days": 30}, {"days": 20, "severity": "critical"})],
)
def test_what_is_judged_by_other_options_is_not_comparable(then: dict[str, Any], now: dict[str, Any]) -> None:
    def policy(options: dict[str, Any]) -> dict[str, Any]:
        return only(cert_expiring_warning={"enabled": True, **options})

    strict, lax = (audit_facts.audit(audit_facts.listing(LONG), policy(options)) for options in (then, now))
    assert (len(strict["findings"]), len(lax["findings"])) == (1, 0)

    assert gone(strict, audit_facts.listing(LONG), policy(now)) == {"cert_expiring_warning": ("not_comparable", None)}
    # The reverse: the problem existed before, but was not checked.
    audit = audit_facts.audit(audit_facts.listing(LONG), policy(then), baseline=lax)
    assert [(item["status"], item["change"]) for item in audit["findings"]] == [("fail", "not_comparable")]
    assert audit["summary"]["changes"] == {**NO_CHANGES, "not_comparable": 1}
    # From then on, it is known.
    again = audit_facts.audit(audit_facts.listing(LONG), policy(then), baseline=audit)
    assert again["summary"]["changes"] == {**NO_CHANGES, "unchanged": 1}


def test_options_of_another_check_that_count_for_one_make_it_not_comparable() -> None:
    before = audit_facts.audit(audit_facts.listing(SHORT), only("cert_expiring_warning", "cert_expiring_fraction"))
    later = only(cert_expiring_fraction=True, cert_expiring_warning={"enabled": True, "days": 10})
    assert [item["check"] for item in before["findings"]] == ["cert_expiring_fraction"]

    assert gone(before, audit_facts.listing(SHORT), later) == {"cert_expiring_fraction": ("not_comparable", None)}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"severity": "low"}, {"severity": "critical"}),
        ({"allowed_curves": ["P-256", "P-384"]}, {"allowed_curves": ["P-384", "secp256r1"]}),
    ],
)
def test_a_severity_or_an_order_changes_nothing(then: dict[str, Any], now: dict[str, Any]) -> None:
    before = audit_facts.audit(
        audit_facts.listing(audit_facts.with_key("p521")), only(cert_key_curve={"enabled": True, **then})
    )
    policy = only(cert_key_curve={"enabled": True, **now})

    assert gone(before, audit_facts.listing(audit_facts.with_key("p256")), policy) == {
        "cert_key_curve": ("fixed", None)
    }
    unchanged = audit_facts.audit(audit_facts.listing(audit_facts.with_key("p521")), policy, baseline=before)
    assert unchanged["summary"]["changes"] == {**NO_CHANGES, "unchanged": 1}


def test_what_is_still_there_is_unchanged_by_whichever_options() -> None:
    before = audit_facts.audit(audit_facts.listing(LONG), only(cert_expiring_warning={"days": 30}))

    audit = audit_facts.audit(audit_facts.listing(LONG), only(cert_expiring_warning={"days": 40}), baseline=before)

    assert audit["summary"]["changes"] == {**NO_CHANGES, "unchanged": 1}


def test_a_certificate_that_was_deleted_is_fixed_by_whichever_options() -> None:
    other = audit_facts.compliant(ssl_id="ssl-2")
    before = audit_facts.audit(audit_facts.listing(LONG, other), only(cert_expiring_warning={"days": 30}))
    policy = only(cert_expiring_warning={"days": 20})

    assert gone(before, audit_facts.listing(other), policy) == {"cert_expiring_warning": ("fixed", None)}


def test_what_a_check_that_was_off_finds_is_new() -> None:
    before = audit_facts.audit(audit_facts.listing(LONG), only())

    audit = audit_facts.audit(audit_facts.listing(LONG), only("cert_expiring_warning"), baseline=before)

    assert audit["summary"]["changes"] == {**NO_CHANGES, "new": 1}


def test_a_domain_that_is_not_expected_any_more_is_not_fixed() -> None:
    def policy(*names: str) -> dict[str, Any]:
        return only(cert_domain_uncovered={"expected_domains": list(names)})

    before = audit_facts.audit(audit_facts.listing(), policy("a.example.com", "b.example.com"))

    audit = audit_facts.audit(audit_facts.listing(), policy("b.example.com", "c.example.com"), baseline=before)

    assert {item["about"]: item["change"] for item in audit["findings"]} == {
        "b.example.com": "unchanged", "c.example.com": "new",
    }  # fmt: skip
    assert audit["summary"]["changes"] == {**NO_CHANGES, "unchanged": 1, "new": 1, "not_checked": 1}


@pytest.mark.parametrize("policy", [None, [], {"checks": None}, {"checks": {"cert_expiring_warning": 7}}])
def test_a_baseline_that_does_not_tell_its_options_is_not_comparable(policy: Any) -> None:
    before = {**audit_facts.audit(audit_facts.listing(LONG), only("cert_expiring_critical")), "policy": policy}
    warned = {
        **audit_facts.audit(audit_facts.listing(LONG), only(cert_expiring_warning={"days": 30})),
        "policy": policy,
    }
    limited = only(cert_expiring_warning={"days": 20})

    assert gone(warned, audit_facts.listing(LONG), limited) == {"cert_expiring_warning": ("not_comparable", None)}
    assert gone(before, audit_facts.listing(LONG), limited) == {}


def test_what_compares_certificates_needs_all_of_them() -> None:
    text = audit_facts.content()
    twice = [audit_facts.facts(text, ssl_id=name) for name in ("ssl-1", "ssl-2")]
    twice.append(audit_facts.facts(text, ssl_id="ssl-3", region="hk"))
    checks = {name: name == "cert_duplicate" for name in CATALOGUE if not CATALOGUE[name].needs}
    only = {"checks": checks}
    before = audit_facts.audit(audit_facts.listing(*twice), only)

    assert before["summary"]["findings"] == 2
    remaining = [twice[0], twice[2]]
    duplicates = [("cert_duplicate", "ssl-1"), ("cert_duplicate", "ssl-2")]
    assert changes(before, audit_facts.listing(*remaining), only) == (duplicates, 0)
    assert changes(before, remaining, only) == ([], 2)
    assert changes(before, audit_facts.listing(*remaining, complete=False), only) == ([], 2)
    assert changes(before, audit_facts.listing(twice[0]), only) == ([], 2)


def test_what_is_about_no_certificate() -> None:
    waiver = {"check": "*", "name": "x", "reason": "r", "expires": "2026-01-31"}
    policy = {"checks": {"cert_domain_uncovered": {"expected_domains": [audit_facts.NAME]}}}
    before = audit_facts.audit(audit_facts.listing(complete=False), {**policy, "waivers": [waiver]})
    assert [finding["check"] for finding in before["findings"]] == [
        "listing_incomplete", "waiver_expired", "cert_domain_uncovered"
    ]  # fmt: skip

    served, expired = ("cert_domain_uncovered", None), ("waiver_expired", None)
    listed = ("listing_incomplete", None)
    assert changes(before, audit_facts.listing(audit_facts.compliant()), policy) == ([listed, served, expired], 0)
    # A list does not say whether it is complete.
    assert changes(before, [audit_facts.compliant()], policy) == ([served, expired], 1)
    assert changes(before, [audit_facts.compliant()]) == ([expired], 2)


def test_what_could_not_be_decided_and_now_fails_is_new() -> None:
    bad, unreadable = (
        audit_facts.facts(audit_facts.content(audit_facts.csr(scts=0))),
        audit_facts.facts("no certificate"),
    )

    def change(before: Facts, after: Facts) -> str:
        audit = audit_facts.audit(audit_facts.listing(after), baseline=audit_facts.audit(audit_facts.listing(before)))
        (finding,) = (finding for finding in audit["findings"] if finding["check"] == "cert_no_sct")
        return str(finding["change"])

    assert change(unreadable, bad) == "new"
    assert change(bad, unreadable) == "unchanged"
    assert change(bad, bad) == "unchanged"
    assert change(unreadable, unreadable) == "unchanged"


def test_a_baseline_is_one_even_if_nothing_has_changed() -> None:
    before = audit_facts.audit(audit_facts.listing())

    summary = audit_facts.audit(audit_facts.listing(), baseline=before)["summary"]
    assert summary["changes"] == NO_CHANGES
    assert before["summary"]["changes"] is None


def test_a_finding_about_a_listener_does_not_depend_on_its_certificates() -> None:
    def fingerprint(*ids: str, listener: str = "lsn-1", **changed: Any) -> str:
        of = relation(("alb-1", "a"), (listener, "l"), False)
        served = [audit_facts.facts(audit_facts.content(), ssl_id=ssl_id, relations=[of], **changed) for ssl_id in ids]
        (finding,) = audit_facts.judge("listener_without_default", *served)
        return str(finding["fingerprint"])

    assert fingerprint("ssl-2") == fingerprint("ssl-1", "ssl-2") == fingerprint("ssl-0")
    others = (
        fingerprint("ssl-2", listener="lsn-2"),
        fingerprint("ssl-2", region="hk"),
        fingerprint("ssl-2", project="x"),
    )
    assert len({fingerprint("ssl-2"), *others}) == 4


# The contents of findings and certificates


def test_a_finding() -> None:
    certificate = audit_facts.with_dates(NOW - 100 * DAY, NOW - 2 * DAY, name="legacy")

    (finding,) = audit_facts.judge("cert_expired", certificate)
    assert finding == {
        "check": "cert_expired",
        "severity": "critical",
        "status": "fail",
        "ssl_id": "ssl-1",
        "ssl_name": "legacy",
        "region": "cn-bj2",
        "project_id": "org-1",
        "listener_id": None,
        "load_balancer_id": None,
        "endpoint": None,
        "about": None,
        "title": "Certificate has expired",
        "detail": "It expired 2 days ago, at 2026-11-22T00:00:00Z.",
        "evidence": {"not_after": "2026-11-22T00:00:00Z", "days_since_expiry": 2.0},
        "remediation": CATALOGUE["cert_expired"].remediation,
        "messages": {
            "detail": {
                "text": "It expired {span} ago, at {time}.",
                "values": {
                    "span": {"text": "{number} days", "values": {"number": "2"}},
                    "time": "2026-11-22T00:00:00Z",
                },
            },
            "remediation": None,
        },
        "waived": False,
        "waiver": None,
        "fingerprint": finding["fingerprint"],
        "change": None,
    }


def test_an_audit_of_a_sound_certificate() -> None:
    facts = audit_facts.compliant()
    policy = {"checks": {"cert_internal_name": False}}

    audit = audit_facts.audit(audit_facts.listing(facts), policy)

    assert audit["evaluated_at"] == "2026-11-24T00:00:00Z"
    assert audit["findings"] == []
    assert audit["summary"] == {
        "certificates": 1,
        "compliant": 1,
        "by_status": {"compliant": 1, "waived": 0, "not_compliant": 0},
        "listeners": None,
        "listeners_by_status": None,
        "endpoints": None,
        "endpoints_by_status": None,
        "not_checked": [check.id for check in CATALOGUE.values() if check.requires],
        "findings": 0,
        "unknown": 0,
        "waived": 0,
        "by_severity": {"critical": 0, "high": 0, "medium": 0, "low": 0},
        "worst": None,
        "changes": None,
    }
    x509 = facts["x509"]
    assert audit["certificates"] == [
        {
            "ssl_id": "ssl-1",
            "ssl_name": audit_facts.NAME,
            "region": "cn-bj2",
            "project_id": "org-1",
            "domains": [audit_facts.NAME],
            "bound": True,
            "bindings": facts["bindings"],
            "source": "ulb",
            "created_at": "2026-11-04T00:00:00Z",
            "not_before": "2026-11-04T00:00:00Z",
            "not_after": "2027-02-01T23:59:59Z",
            "not_after_epoch": NOW + 70 * DAY - 1,
            "domains_from": facts.get("domains_from"),
            "validity_from": "certificate",
            "private_key_stored": True,
            "key_matches": True,
            "x509_error": None,
            "subject": x509["subject"],
            "issuer": x509["issuer"],
            "serial_number": x509["serial_number"],
            "signature_algorithm": "ecdsa-with-SHA256",
            "signature_hash": x509.get("signature_hash"),
            "self_signed": False,
            "issuer_included": x509.get("issuer_included"),
            "unread_certificates": x509.get("unread_certificates"),
            "trust": x509.get("trust"),
            "fingerprints": x509["fingerprints"],
            "chain": x509["chain"],
            # A modulus is long, and useless for readers.
            "public_key": {"type": "EC", "size": 256, "curve": "secp256r1", "exponent": None},
            "days_left": 70.0,
            "state": "valid",
            "status": "compliant",
            "worst": None,
            "findings": [],
        }
    ]
    assert audit["listeners"] is None
    assert audit["warnings"] == []


def test_what_was_not_read_of_a_certificate_is_none_in_its_entry() -> None:
    known: dict[str, Any] = {
        "ssl_id": "ssl-1", "domains": [], "bindings": [], "findings": None, "state": "unknown",
        "public_key": dict.fromkeys(("type", "size", "curve", "exponent")), "status": "not_compliant",
        "x509_error": "the certificate was not read", "worst": "medium",
    }  # fmt: skip

    (entry,) = audit_facts.audit(audit_facts.listing({"ssl_id": "ssl-1"}))["certificates"]

    assert {**entry, "findings": None} == {**dict.fromkeys(entry), **known}


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"x509": None, "x509_error": "no certificate in it"}, "no certificate in it"),
        # Only a part of it was read.
        ({"x509_error": "key usage: it is no bit string"}, "key usage: it is no bit string"),
        ({}, None),
        ({"x509": None}, "the certificate was not read"),
    ],
)
def test_why_something_of_a_certificate_was_not_read_is_in_its_entry(facts: Facts, error: str | None) -> None:
    (entry,) = audit_facts.audit(audit_facts.listing({**audit_facts.compliant(), **facts}))["certificates"]

    assert entry["x509_error"] == error


def test_a_certificate_is_only_waived_if_all_of_its_findings_are() -> None:
    # No transparency log, no issuer, and a private name.
    certificate = audit_facts.facts(audit_facts.alone(audit_facts.csr("a.local", scts=0)))

    def status(*checks: str) -> str:
        waivers = [{"check": name, "ssl_id": "ssl-1", "reason": "r", "expires": "2027-01-31"} for name in checks]
        (entry,) = audit_facts.audit(audit_facts.listing(certificate), {"waivers": waivers})["certificates"]
        return str(entry["status"])

    failed = {item["check"] for item in audit_facts.audit(audit_facts.listing(certificate))["findings"]}
    assert len(failed) > 2
    assert status("*") == status(*failed) == "waived"
    assert {status(*(failed - {check})) for check in failed} == {"not_compliant"}


def test_what_cannot_be_decided_can_be_waived_but_is_not_compliant_then() -> None:
    waiver = {"check": "*", "ssl_id": "ssl-1", "reason": "r", "expires": "2027-01-31"}

    (entry,) = audit_facts.audit(audit_facts.listing(audit_facts.facts()), {"waivers": [waiver]})["certificates"]

    assert (entry["status"], entry["worst"], entry["findings"]) == ("waived", None, [])


def test_summary() -> None:
    waiver = {"check": "cert_no_sct", "ssl_id": "ssl-1", "reason": "r", "expires": "2027-01-31"}
    off: dict[str, Any] = {"cert_internal_name": False, "cert_key_reuse": False}
    policy = {"checks": off, "waivers": [waiver]}
    audit = audit_facts.audit(
        audit_facts.listing(
            audit_facts.facts(audit_facts.content(audit_facts.csr(scts=0)), ssl_id="ssl-1"),
            audit_facts.facts(audit_facts.content(audit_facts.csr("a.example.com", "*.example.com")), ssl_id="ssl-2"),
            audit_facts.facts(ssl_id="ssl-3"),
        ),
        policy,
    )

    unknown = len(NEEDS_CONTENT - off.keys())
    assert audit["summary"] == {
        "certificates": 3,
        # One is waived, and one cannot be read.
        "compliant": 0,
        "by_status": {"compliant": 0, "waived": 1, "not_compliant": 2},
        "listeners": None,
        "listeners_by_status": None,
        "endpoints": None,
        "endpoints_by_status": None,
        "not_checked": audit["summary"]["not_checked"],
        "findings": 1,
        "unknown": unknown,
        "waived": 1,
        "by_severity": {"critical": 0, "high": 0, "medium": 0, "low": 1},
        # Undecided checks count with their severity.
        "worst": "medium",
        "changes": None,
    }
    shown = ("ssl_id", "status", "worst")
    assert [tuple(item[name] for name in shown) for item in audit["certificates"]] == [
        ("ssl-1", "waived", None),
        ("ssl-2", "not_compliant", "low"),
        ("ssl-3", "not_compliant", "medium"),
    ]
    assert [len(item["findings"]) for item in audit["certificates"]] == [0, 1, unknown]


def test_certificates_without_an_id_have_their_own_findings() -> None:
    good = audit_facts.compliant(ssl_id="", name="a")
    bad = audit_facts.facts(
        audit_facts.content(audit_facts.csr("b.example.com", "*.b.example.com")), ssl_id="", name="b"
    )

    audit = audit_facts.audit(audit_facts.listing(good, bad), {"checks": {"cert_key_reuse": False}})

    assert {item["ssl_name"]: item["findings"] for item in audit["certificates"]} == {"a": [], "b": ["cert_wildcard"]}


@pytest.mark.parametrize("limit", SEVERITIES)
def test_what_cannot_be_decided_is_at_most_so_bad(limit: str) -> None:
    audit = audit_facts.audit(audit_facts.listing(audit_facts.facts()), {"unknown_severity": limit})

    severities = {finding["check"]: finding["severity"] for finding in audit["findings"]}
    for check in NEEDS_CONTENT:
        own = CATALOGUE[check].severity
        assert severities[check] == min(own, limit, key=SEVERITIES.index)
    assert {finding["status"] for finding in audit["findings"]} == {"unknown"}
    assert (audit["summary"]["compliant"], audit["summary"]["findings"]) == (0, 0)


def test_the_severity_of_a_policy_is_for_what_is_not_decided_too() -> None:
    policy = {"checks": {"cert_expired": {"severity": "low"}}, "unknown_severity": "critical"}
    audit = audit_facts.audit(audit_facts.listing(audit_facts.facts()), policy)

    assert [finding["severity"] for finding in audit["findings"] if finding["check"] == "cert_expired"] == ["low"]


def test_the_worst_of_nothing() -> None:
    assert worst_of([]) is None
    findings: Any = [{"severity": "low"}, {"severity": "critical"}, {"severity": "high"}]
    assert worst_of(findings) == "critical"


# Malformed facts

JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
PLAIN = audit_facts.compliant(ssl_id="ssl-broken", name="broken", relations=[relation(("alb-9", "a"), ("lsn-9", "l"))])
X509 = PLAIN["x509"]
BINDING = PLAIN["bindings"][0]


def some_of(facts: Facts) -> st.SearchStrategy[Facts]:
    """Facts, some of which are malformed."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(facts, JSON)).map(lambda changes: {**facts, **changes})


BROKEN = st.one_of(
    st.fixed_dictionaries({"ssl_id": JSON}, optional=dict.fromkeys(sorted(PLAIN.keys() - {"ssl_id"}), JSON)),
    some_of(PLAIN),
    some_of(X509).map(lambda x509: {**PLAIN, "x509": x509}),
    some_of(BINDING).map(lambda binding: {**PLAIN, "bindings": [binding]}),
    some_of(X509["chain"][0]).map(lambda member: {**PLAIN, "x509": {**X509, "chain": [member]}}),
    some_of(X509["public_key"]).map(lambda key: {**PLAIN, "x509": {**X509, "public_key": key}}),
)
OTHERS = [
    audit_facts.facts(
        audit_facts.content(
            audit_facts.csr("other.example.com", "*.example.com", key=audit_facts.make_key("p256", "other"))
        )
    ),
    audit_facts.facts("no certificate", ssl_id="ssl-2"),
]


def about_others(audit: Any) -> list[Finding]:
    return [finding for finding in audit["findings"] if finding["ssl_id"] in ("ssl-1", "ssl-2")]


ALONE = audit_facts.audit(audit_facts.listing(*OTHERS), POLICY)


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(BROKEN)
def test_one_broken_certificate_never_stops_or_changes_the_others(broken: Facts) -> None:
    audit = audit_facts.audit(audit_facts.listing(broken, *OTHERS), POLICY)

    assert about_others(audit) == about_others(ALONE)
    assert len(audit["certificates"]) == 3
    entries = [item for item in audit["certificates"] if item["ssl_id"] in ("ssl-1", "ssl-2")]
    assert entries == ALONE["certificates"]
    assert json.loads(json.dumps(audit, allow_nan=False)) == audit
    again = audit_facts.audit(audit_facts.listing(*OTHERS, broken), POLICY, baseline=read_baseline(audit))
    assert again["summary"]["changes"]["new"] == again["summary"]["changes"]["fixed"] == 0
