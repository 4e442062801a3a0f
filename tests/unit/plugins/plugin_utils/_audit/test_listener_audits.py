# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits of listeners as a whole: waivers, baselines, malformed facts."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import Audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.validation import validate
from ansible_collections.ucloud.ulb.tests.simulator import relation
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    STRICT,
    Facts,
    audit,
    content,
    csr,
    facts,
    listener,
    listing,
    with_listeners,
)

EXPIRES = {"reason": "r", "expires": "2027-01-31T23:59:59Z"}
OFF = {"cert_internal_name": False, "cert_unused": False}


def served(*listener_ids: str, **changes: Any) -> Facts:
    """A certificate that is bound to listeners as their default one."""
    relations = [relation(("alb-1", "frontend"), (listener_id, "https")) for listener_id in listener_ids]
    return facts(content(csr("shop.example.com")), relations=relations, **changes)


OLD = replace(STRICT, minimum_version="TLSv1")
SHOP = served("lsn-1", "lsn-2")
#: The first allows old TLS versions, and routes a host that its certificate does not cover.
BAD, GOOD = listener(policy=OLD, hosts=["a.example.com", "shop.example.com"]), listener("lsn-2", port=8443)
BOTH = with_listeners([BAD, GOOD], SHOP)


def found(result: Any, status: str = "fail") -> list[tuple[str, str]]:
    return [(item["check"], item["about"]) for item in result["findings"] if item["status"] == status]


def test_the_findings_are_those_of_the_listeners() -> None:
    assert found(audit(BOTH, {"checks": OFF})) == [
        ("listener_tls_version", "lsn-1"),
        ("listener_host_uncovered", "a.example.com"),
    ]


# Waivers


@pytest.mark.parametrize(
    ("target", "waived"),
    [
        ({"listener_id": "lsn-1"}, {"listener_tls_version", "listener_host_uncovered"}),
        ({"load_balancer_id": "alb-1"}, {"listener_tls_version", "listener_host_uncovered"}),
        ({"domain": "A.example.com"}, {"listener_host_uncovered"}),
        ({"domain": "*.example.com"}, {"listener_host_uncovered"}),
        ({"domain": "shop.example.com"}, set()),
        ({"domain": "lsn-1"}, set()),
        ({"listener_id": "lsn-*"}, set()),
        ({"listener_id": "alb-1"}, set()),
        ({"load_balancer_id": "lsn-1"}, set()),
        ({"ssl_id": "ssl-1"}, set()),
        ({"name": "*"}, set()),
    ],
)
def test_what_waivers_of_listeners_match(target: dict[str, str], waived: set[str]) -> None:
    result = audit(BOTH, {"checks": OFF, "waivers": [{"check": "*", **target, **EXPIRES}]})

    assert {item["check"] for item in result["findings"] if item["waived"]} == waived
    (unused,) = [item for item in result["findings"] if item["check"] == "waiver_unused"] or [None]
    assert (unused is None) == bool(waived)
    status = "waived" if len(waived) > 1 else "not_compliant"
    assert result["listeners"][0]["status"] == status


def test_a_waiver_of_a_host_with_a_port() -> None:
    data = with_listeners([listener(hosts=[("a.example.com:8443", "Wildcard")])], served("lsn-1"))
    waiver = {"check": "listener_host_uncovered", "domain": "a.example.com", **EXPIRES}
    (finding,) = audit(data, {"checks": OFF, "waivers": [waiver]})["findings"]
    assert (finding["about"], finding["waiver"]) == ("a.example.com:8443", waiver)


def test_a_load_balancer_is_waived_by_its_id() -> None:
    crowded = listener("lsn-1", ("ssl-1", True), *((f"ssl-{number}", False) for number in range(2, 22)))
    waiver = {"check": "listener_sni_quota", "load_balancer_id": "alb-1", **EXPIRES}
    result = audit(with_listeners([crowded], SHOP), {"checks": OFF, "waivers": [waiver]})
    assert [item["waived"] for item in result["findings"] if item["check"] == "listener_sni_quota"] == [True]


def test_listeners_that_are_only_known_from_bindings_have_waivers_too() -> None:
    bound = facts(content(), relations=[relation(("alb-1", "a"), ("lsn-1", "l"), False)])
    for target in ({"listener_id": "lsn-1"}, {"load_balancer_id": "alb-1"}, {"ssl_id": "ssl-1"}):
        (finding,) = audit(listing(bound), {"checks": OFF, "waivers": [{"check": "*", **target, **EXPIRES}]})[
            "findings"
        ]
        assert (finding["check"], finding["waived"]) == ("listener_without_default", True)


@pytest.mark.parametrize(
    "waiver",
    [
        {"check": "listener_tls_version", "ssl_id": "ssl-9"},
        {"check": "binding_drift", "ssl_id": "ssl-9"},
        {"check": "*", "listener_id": "lsn-9"},
        {"check": "*", "load_balancer_id": "alb-9"},
    ],
)
def test_a_waiver_of_listeners_is_only_unused_if_all_were_listed(waiver: dict[str, str]) -> None:
    policy = {"checks": {**OFF, "listener_tls_version": False}, "waivers": [{**waiver, **EXPIRES}]}
    data = with_listeners([GOOD], served("lsn-2"))
    assert [item["check"] for item in audit(data, policy)["findings"]] == ["waiver_unused"]
    for changes in ({"listeners": None}, {"listeners_complete": False}, {"listeners_complete": None}):
        checks = {item["check"] for item in audit({**data, **changes}, policy)["findings"]}
        assert "waiver_unused" not in checks


# Baselines


def changes(before: Any, after: Any, **checks: Any) -> tuple[list[tuple[str, str]], int]:
    """Return the findings that are fixed, and the number of those that were not checked again."""
    policy = {"checks": {**OFF, **checks}}
    result = audit(after, policy, baseline=audit(before, policy))
    return found(result, "fixed"), result["summary"]["changes"]["not_checked"]


FIXED = [("listener_tls_version", "lsn-1"), ("listener_host_uncovered", "a.example.com")]


def test_findings_about_listeners_that_are_fixed() -> None:
    assert changes(BOTH, with_listeners([listener(), GOOD], SHOP)) == (FIXED, 0)
    # One host is covered now, and the other one is not.
    worse = listener(policy=OLD, hosts=["a.example.com", "b.example.com"])
    assert changes(with_listeners([worse, GOOD], SHOP), BOTH) == ([("listener_host_uncovered", "b.example.com")], 0)


def test_findings_about_listeners_that_were_deleted() -> None:
    only = served("lsn-2")
    assert changes(BOTH, with_listeners([GOOD], only)) == (FIXED, 0)
    # If it may only not have been listed, nothing is known.
    assert changes(BOTH, with_listeners([GOOD], only, listeners_complete=False)) == ([], 2)
    assert changes(BOTH, with_listeners([GOOD], only, scope={"selection": {"listener_ids": ["lsn-2"]}})) == ([], 2)
    assert changes(BOTH, listing(only)) == ([], 2)
    elsewhere = {**GOOD, "region": "hk"}
    assert changes(BOTH, with_listeners([elsewhere], served("lsn-2", region="hk"))) == ([], 2)


def test_a_listener_that_is_there_is_compared_whatever_else_was_not_listed() -> None:
    assert changes(BOTH, with_listeners([listener()], SHOP, listeners_complete=False)) == (FIXED, 0)


def test_hosts_that_are_not_known_any_more_are_not_fixed() -> None:
    unsure = listener(policy=OLD, changes={"hosts": None})
    assert changes(BOTH, with_listeners([unsure, GOOD], SHOP)) == ([], 1)
    # Another host that cannot be decided does not matter.
    other = listener(policy=OLD, hosts=[("(x|y).example.com", None)])
    assert changes(BOTH, with_listeners([other, GOOD], SHOP)) == ([FIXED[1]], 0)


def test_listings_that_failed_are_fixed_once_all_are_complete() -> None:
    errors = [{"region": "hk", "project_id": None, "message": "DescribeULB in region hk: refused", "code": 299}]
    failed = with_listeners([BAD, GOOD], SHOP, listener_errors=errors)
    about = ("listeners_incomplete", "DescribeULB in region hk")

    assert found(audit(failed, {"checks": OFF}), "unknown") == [about]
    assert changes(failed, BOTH, listener_tls_version=False) == ([about], 0)
    assert changes(failed, listing(SHOP), listener_tls_version=False, listener_host_uncovered=False) == ([], 1)


def test_a_load_balancer_with_room_again() -> None:
    crowded = listener("lsn-1", ("ssl-1", True), *((f"ssl-{number}", False) for number in range(2, 22)))
    before = audit(with_listeners([crowded], SHOP))
    result = audit(with_listeners([listener()], SHOP), baseline=before)
    assert ("listener_sni_quota", "alb-1") in found(result, "fixed")


def test_no_certificate_replaces_no_default_certificate() -> None:
    without = with_listeners([listener("lsn-1", ("ssl-1", False))], served("lsn-1"))
    nothing = with_listeners([listener(changes={"certificates": []})], served())
    result = audit(nothing, {"checks": OFF}, baseline=audit(without, {"checks": OFF}))
    assert found(result, "superseded") == [("listener_without_default", "lsn-1")]


def test_a_baseline_of_an_earlier_version() -> None:
    """Audits of earlier versions have no listeners, and a finding about one has only ``about``."""
    bound = facts(content(), relations=[relation(("alb-1", "frontend"), ("lsn-1", "https"), False)])
    before = audit(listing(bound), {"checks": OFF})
    for name in ("listeners", "listeners_by_status", "not_checked"):
        del before["summary"][name]
    del before["listeners"]
    for finding in before["findings"]:
        del finding["listener_id"], finding["load_balancer_id"]
    validate(before, Audit, "audit", "")
    assert found(before) == [("listener_without_default", "lsn-1")]

    same = with_listeners([listener("lsn-1", ("ssl-1", False))], bound)
    (finding,) = audit(same, {"checks": OFF}, baseline=before)["findings"]
    assert (finding["change"], finding["ssl_id"], finding["listener_id"]) == ("unchanged", None, "lsn-1")
    fixed = audit(with_listeners([listener()], bound), {"checks": OFF}, baseline=before)
    assert found(fixed, "fixed") == [("listener_without_default", "lsn-1")]
    gone = audit(with_listeners([GOOD], served("lsn-2")), {"checks": OFF}, baseline=before)
    assert found(gone, "fixed") == [("listener_without_default", "lsn-1")]


# Malformed facts

JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-1, 70000),
        st.sampled_from(
            ["", "HTTP", "HTTPS", "ssl-1", "lsn-1", "alb-1", "*.example.com", "regex", "exact", "TLSv1", "ALL:!"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["ssl_id", "is_default", "pattern", "match", "ciphers", "cipher_string", "minimum_version"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)
FACTS = st.dictionaries(st.sampled_from([*GOOD, "other"]), JUNK, max_size=8)


@given(st.lists(FACTS, max_size=4), FACTS, st.sampled_from([True, False, None]))
def test_any_facts_can_be_audited_in_any_order(some: list[Facts], odd_certificate: Facts, is_complete: Any) -> None:
    listeners = [{**BAD, **changed} for changed in some]
    certificate = {**SHOP, "bindings": [odd_certificate, *SHOP["bindings"]]}
    results = [
        audit(copy.deepcopy(with_listeners(items, certificate, listeners_complete=is_complete)), {"checks": OFF})
        for items in (listeners, listeners[::-1])
    ]

    assert results[0] == results[1]
    validate(results[0], Audit, "audit", "")
    # What is not known never passes.
    for item in results[0]["listeners"]:
        is_known = item["protocol"] is not None and item["certificates"] is not None and item["hosts"] is not None
        assert is_known or item["protocol"] not in (None, "HTTPS") or item["status"] == "not_compliant"
