# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the certificates of listeners."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.hosts import host_name
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.listener_facts import RuleHost
from ansible_collections.ucloud.ulb.tests.simulator import relation
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    DAY,
    NOW,
    Facts,
    content,
    csr,
    facts,
    judge,
    judge_listeners,
    listener,
    make_key,
)

#: A listener with a default certificate and two others.
THREE = (("ssl-1", True), ("ssl-2", False), ("ssl-3", False))


def bound(number: int, *names: str, to: tuple[str, ...] = ("lsn-1",), key: str = "p256", **changes: Any) -> Facts:
    """A certificate for these names that is bound to listeners."""
    request = csr(*(names or (f"host{number}.example.com",)), key=make_key(key, f"certificate {number}"))
    relations = [relation(("alb-1", "frontend"), (listener_id, "https"), number == 1) for listener_id in to]
    return facts(content(request), ssl_id=f"ssl-{number}", relations=relations, **changes)


ONE, TWO, SAME_AS_TWO = bound(1), bound(2, "a.example.com"), bound(3, "b.example.com", "a.example.com")


def with_sni(number: int, **changes: Any) -> Facts:
    """A listener with a default certificate and a number of others."""
    return listener("lsn-1", ("ssl-1", True), *((f"ssl-{item + 2}", False) for item in range(number)), changes=changes)


#: For each check, listeners and certificates that fail it, and similar ones that pass.
PAIRS: dict[str, tuple[tuple[list[Facts], list[Facts]], tuple[list[Facts], list[Facts]]]] = {
    "listener_without_certificate": (
        ([listener(changes={"certificates": []})], []),
        ([listener()], []),
    ),
    "listener_without_default": (
        ([listener("lsn-1", ("ssl-1", False), ("ssl-2", False))], [ONE, TWO]),
        ([listener("lsn-1", ("ssl-1", False), ("ssl-2", True))], [ONE, TWO]),
    ),
    "listener_host_uncovered": (
        ([listener(hosts=["other.example.com"])], [ONE]),
        ([listener(hosts=["host1.example.com"])], [ONE]),
    ),
    "listener_sni_overlap": (
        ([listener("lsn-1", *THREE)], [ONE, TWO, SAME_AS_TWO]),
        ([listener("lsn-1", *THREE)], [ONE, TWO, bound(3, "b.example.com")]),
    ),
    "listener_sni_quota": (([with_sni(20)], []), ([with_sni(19)], [])),
    "listener_certificate_unknown": (
        ([listener("lsn-1", *THREE)], [ONE, TWO]),
        ([listener("lsn-1", *THREE)], [ONE, TWO, SAME_AS_TWO]),
    ),
    "binding_drift": (
        ([listener("lsn-1", *THREE)], [ONE, TWO, bound(3, to=())]),
        ([listener("lsn-1", *THREE)], [ONE, TWO, bound(3)]),
    ),
}


@pytest.mark.parametrize("check", PAIRS)
def test_some_fail_and_some_close_to_them_pass(check: str) -> None:
    (bad, of_bad), (good, of_good) = PAIRS[check]

    (finding,) = judge_listeners(check, bad, *of_bad)
    assert (finding["status"], finding["ssl_id"], finding["load_balancer_id"]) == ("fail", None, "alb-1")
    assert judge_listeners(check, good, *of_good) == []


UNREAD = facts("no certificate", ssl_id="ssl-1")


@pytest.mark.parametrize(
    ("check", "status"),
    [
        ("listener_without_certificate", "unknown"),
        ("listener_without_default", "unknown"),
        ("listener_sni_overlap", "unknown"),
        ("listener_sni_quota", "unknown"),
        ("listener_certificate_unknown", "unknown"),
        ("binding_drift", "unknown"),
        ("listener_host_uncovered", "unknown"),
    ],
)
@pytest.mark.parametrize("value", [None, "ssl-1", [{"is_default": True}], [None], {"ssl_id": "ssl-1"}])
def test_certificates_that_are_not_known(check: str, status: str, value: Any) -> None:
    odd = listener(hosts=["host1.example.com"], changes={"certificates": value})
    (finding,) = judge_listeners(check, [odd], ONE)
    assert finding["status"] == status
    # Without TLS, there are none.
    odd = listener(protocol="HTTP", changes={"certificates": value, "hosts": None})
    assert judge_listeners(check, [odd], bound(1, to=())) == []


# Listeners without a certificate, or without a default one


def test_a_listener_without_a_certificate() -> None:
    (finding,) = judge_listeners("listener_without_certificate", [listener(changes={"certificates": []})])

    assert (finding["severity"], finding["about"]) == ("high", "lsn-1")
    assert finding["detail"] == "The listener https of frontend has no certificate."
    nothing: Facts = {"protocol": None, "tls": None}
    (finding,) = judge_listeners("listener_without_certificate", [listener(changes={**nothing, "certificates": []})])
    assert finding["detail"] == "Undecided: its protocol is not known."
    assert judge_listeners("listener_without_certificate", [listener(changes=nothing)]) == []


def test_the_default_certificate_is_that_of_the_listener() -> None:
    check = "listener_without_default"
    (finding,) = judge_listeners(check, [listener("lsn-1", ("ssl-1", False))], ONE)
    assert finding["detail"] == "The listener https of frontend has no default certificate."
    assert finding["evidence"] == {"certificates": 1, "ssl_ids": ["ssl-1"]}
    # The same problem has the same identity if only bindings are known.
    (by_binding,) = judge(check, bound(2))
    assert by_binding["fingerprint"] == finding["fingerprint"]
    assert (by_binding["ssl_id"], by_binding["listener_id"], by_binding["about"]) == ("ssl-2", "lsn-1", "lsn-1")
    assert by_binding["load_balancer_id"] == "alb-1"

    # Bindings say that there is one, and there is not; and the reverse.
    assert judge_listeners(check, [listener("lsn-1", ("ssl-2", True))], bound(2)) == []
    assert judge_listeners(check, [listener(changes={"certificates": []})], bound(2)) == []
    unsure = listener(changes={"certificates": [{"ssl_id": "ssl-2", "is_default": None}]})
    (finding,) = judge_listeners(check, [unsure], bound(2))
    assert finding["status"] == "unknown"


def test_bindings_decide_if_a_listener_was_not_listed() -> None:
    check = "listener_without_default"
    for complete in (False, None):
        (finding,) = judge_listeners(check, [listener("lsn-2")], bound(2), listeners_complete=complete)
        assert (finding["status"], finding["ssl_id"]) == ("fail", "ssl-2")
    # If all were listed, it does not exist.
    assert judge_listeners(check, [listener("lsn-2")], bound(2)) == []


def test_listeners_that_were_not_selected_are_not_judged_by_bindings() -> None:
    scope = {"selection": {"load_balancer_ids": ["alb-2"]}}
    selected = [listener("lsn-2")]
    changes: Facts = {"scope": scope, "total_count": 60}
    assert judge_listeners("listener_without_default", selected, bound(2), **changes) == []
    # It may be a selected one that could not be listed.
    (finding,) = judge_listeners("listener_without_default", selected, bound(2), listeners_complete=False, **changes)
    assert (finding["status"], finding["listener_id"]) == ("unknown", "lsn-1")


def test_another_region_may_have_a_listener_with_the_same_id() -> None:
    check = "listener_without_default"
    (finding,) = judge(check, {**bound(1), "region": "hk"}, bound(2))
    assert (finding["listener_id"], finding["ssl_id"], finding["evidence"]["ssl_ids"]) == ("lsn-1", "ssl-2", ["ssl-2"])
    (finding,) = judge_listeners(check, [listener(region="hk")], bound(2), listeners_complete=False)
    assert finding["ssl_id"] == "ssl-2"


# Hosts


@pytest.mark.parametrize(
    ("pattern", "match", "name"),
    [
        ("www.example.com", "exact", "www.example.com"),
        ("WWW.Example.COM:8443", "exact", "www.example.com"),
        ("例え.example.com", "exact", "xn--r8jz45g.example.com"),
        ("*.example.com", "wildcard", "*.example.com"),
        ("*.example.com:8443", "wildcard", "*.example.com"),
        (".example.com", "exact", "*.example.com"),
        ("203.0.113.7", "exact", "203.0.113.7"),
        ("203.0.113.7:8443", "exact", "203.0.113.7"),
        ("2001:DB8::1", "exact", "2001:db8::1"),
        ("www.example.*", "wildcard", None),
        ("www.example.", "exact", None),
        ("*", "wildcard", None),
        ("*.com", "wildcard", None),
        ("*.*.example.com", "wildcard", None),
        ("w*.example.com", "wildcard", None),
        ("www.[123].example.com", "regex", None),
        ("www.example.com", "regex", None),
        ("www.example.com", "other", None),
        ("two words", "exact", None),
        ("", "exact", None),
    ],
)
def test_the_name_that_a_host_needs(pattern: str, match: str, name: str | None) -> None:
    assert host_name(RuleHost(pattern, match)) == name


WILDCARD = bound(1, "example.com", "*.example.com")


@pytest.mark.parametrize(
    ("host", "certificate", "status"),
    [
        ("www.example.com", WILDCARD, None),
        ("WWW.example.com", WILDCARD, None),
        ("www.example.com:8443", WILDCARD, None),
        ("a.www.example.com", WILDCARD, "fail"),
        ("example.org", WILDCARD, "fail"),
        ("*.example.com", WILDCARD, None),
        ("*.www.example.com", WILDCARD, "fail"),
        ("*.example.com", ONE, "fail"),
        (r"(www|shop).example.com", WILDCARD, "unknown"),
        ("www.example.*", WILDCARD, "unknown"),
        ("host1.example.com", facts(content(csr("host1.example.com", ends=NOW - 1))), "fail"),
        ("host1.example.com", facts(content(csr("host1.example.com", begins=NOW + DAY))), "fail"),
        ("host1.example.com", {**ONE, "not_after_epoch": None}, "unknown"),
        ("host2.example.com", {**ONE, "not_after_epoch": None}, "fail"),
        ("host1.example.com", UNREAD, "unknown"),
        ("host1.example.com", {**UNREAD, "domains": ["host1.example.com"]}, "unknown"),
        # It has expired, whatever its names are.
        ("host1.example.com", {**UNREAD, "not_after_epoch": NOW - 1}, "fail"),
        # The certificate was not listed.
        ("host1.example.com", bound(7), "unknown"),
        # The same id in another project is taken if there is none in this one.
        ("host1.example.com", {**ONE, "project_id": "org-2"}, None),
    ],
)
def test_hosts(host: str, certificate: Facts, status: str | None) -> None:
    mode = "Wildcard" if {*host} & {"*", ":"} else None
    found = judge_listeners("listener_host_uncovered", [listener(hosts=[(host, mode)])], certificate)
    assert [(finding["status"], finding["about"]) for finding in found] == [(status, host)] * (status is not None)


def test_each_host_has_a_finding_of_its_own() -> None:
    hosts = ["b.example.com", "host1.example.com", "a.example.com"]
    found = judge_listeners("listener_host_uncovered", [listener(hosts=hosts), listener("lsn-2", hosts=hosts)], ONE)

    assert sorted((finding["listener_id"], finding["about"]) for finding in found) == [
        ("lsn-1", "a.example.com"),
        ("lsn-1", "b.example.com"),
        ("lsn-2", "a.example.com"),
        ("lsn-2", "b.example.com"),
    ]
    assert len({finding["fingerprint"] for finding in found}) == 4
    finding = next(finding for finding in found if finding["about"] == "a.example.com")
    assert finding["detail"] == "No certificate of the listener https of frontend covers a.example.com."
    assert finding["evidence"] == {
        "host": "a.example.com",
        "match": "exact",
        "certificates": 1,
        "ssl_ids": ["ssl-1"],
        "certificate_exists": False,
    }


def test_a_host_with_an_expired_certificate() -> None:
    expired = facts(content(csr("host1.example.com", ends=NOW - 1)))
    (finding,) = judge_listeners("listener_host_uncovered", [listener(hosts=["host1.example.com"])], expired)

    assert finding["detail"].endswith("of frontend for host1.example.com are not valid: ssl-1.")
    assert finding["evidence"]["certificate_exists"] is True


@pytest.mark.parametrize("value", [None, "www.example.com", [{"match": "exact"}], [None]])
def test_hosts_that_are_not_known(value: Any) -> None:
    (finding,) = judge_listeners("listener_host_uncovered", [listener(changes={"hosts": value})], ONE)
    assert (finding["status"], finding["about"]) == ("unknown", "lsn-1")


@pytest.mark.parametrize("match", ["regex", "other", None])
def test_only_a_name_is_covered_by_the_same_name(match: str | None) -> None:
    hosts = [{"pattern": "host1.example.com", "match": match}]
    (finding,) = judge_listeners("listener_host_uncovered", [listener(changes={"hosts": hosts})], ONE)
    assert (finding["status"], finding["about"]) == ("unknown", "host1.example.com")


def test_hosts_without_tls_need_no_certificate() -> None:
    assert judge_listeners("listener_host_uncovered", [listener(protocol="HTTP", hosts=["x.example.com"])]) == []
    nothing: Facts = {"protocol": None, "tls": None, "certificates": []}
    (finding,) = judge_listeners("listener_host_uncovered", [listener(hosts=["x.example.com"], changes=nothing)])
    assert finding["status"] == "unknown"


# Certificates that overlap


@pytest.mark.parametrize(
    ("second", "third", "status"),
    [
        (bound(2, "*.example.com"), bound(3, "www.example.com"), "fail"),
        (bound(2, "www.example.com"), bound(3, "*.example.com"), "fail"),
        (bound(2, "*.example.com"), bound(3, "a.www.example.com"), None),
        # A pair: the platform only looks at the time of binding.
        (bound(2, "a.example.com"), bound(3, "a.example.com", key="rsa2048"), "fail"),
        (bound(2, "a.example.com"), facts(content(csr("a.example.com", ends=NOW - 1)), ssl_id="ssl-3"), "fail"),
        # Copies
        (TWO, {**TWO, "ssl_id": "ssl-3"}, None),
        (TWO, {**UNREAD, "ssl_id": "ssl-3"}, "unknown"),
        (TWO, bound(7), "unknown"),
    ],
)
def test_overlaps(second: Facts, third: Facts, status: str | None) -> None:
    found = judge_listeners("listener_sni_overlap", [listener("lsn-1", *THREE)], ONE, second, third)
    assert [finding["status"] for finding in found] == [status] * (status is not None)


def test_the_default_certificate_may_have_the_names_of_another_one() -> None:
    check = "listener_sni_overlap"
    default = bound(1, "a.example.com")
    assert judge_listeners(check, [listener("lsn-1", ("ssl-1", True), ("ssl-2", False))], default, TWO) == []
    unsure = [{"ssl_id": "ssl-1", "is_default": None}, {"ssl_id": "ssl-2", "is_default": False}]
    (finding,) = judge_listeners(check, [listener(changes={"certificates": unsure})], default, TWO)
    assert finding["detail"] == "Undecided: which of its certificates is the default is not known."
    assert judge_listeners(check, [listener(changes={"certificates": unsure})], ONE, TWO) == []
    # A listener of a classic load balancer has one certificate.
    classic = {"certificates": None, "load_balancer_type": "classic"}
    assert judge_listeners(check, [listener(changes=classic)], ONE) == []


def test_an_overlap() -> None:
    (finding,) = judge_listeners("listener_sni_overlap", [listener("lsn-1", *THREE)], ONE, TWO, SAME_AS_TWO)

    assert finding["detail"] == "ssl-2, ssl-3 cover the same names: a.example.com."
    assert finding["evidence"] == {"names": ["a.example.com"], "ssl_ids": ["ssl-2", "ssl-3"], "overlapping": 1}


# The number of certificates


def test_certificates_of_all_listeners_of_a_load_balancer_count() -> None:
    check = "listener_sni_quota"
    half = [(f"ssl-{number}", False) for number in range(10)]
    both = [listener("lsn-1", ("ssl-x", True), *half), listener("lsn-2", *half)]
    (finding,) = judge_listeners(check, both)

    assert (finding["about"], finding["listener_id"], finding["load_balancer_id"]) == ("alb-1", None, "alb-1")
    assert (finding["region"], finding["project_id"]) == ("cn-bj2", "org-1")
    assert finding["detail"] == "frontend has 20 of 25 certificates besides the default ones."
    assert finding["evidence"] == {"certificates": 20, "quota": 25, "limit": 20.0}
    assert judge_listeners(check, both, options={"share": 0.81}) == []
    assert judge_listeners(check, [listener()], options={"share": 0}) == []
    elsewhere = listener("lsn-2", *half, balancer=("alb-2", "other"))
    assert judge_listeners(check, [both[0], elsewhere]) == []
    assert judge_listeners(check, [listener("lsn-2", *half, region="hk"), both[0]]) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"load_balancer_type": "classic"}, None),
        ({"load_balancer_type": None}, "unknown"),
        ({"certificates": [{"ssl_id": str(number), "is_default": None} for number in range(20)]}, "unknown"),
        ({"certificates": [{"ssl_id": str(number), "is_default": None} for number in range(19)]}, None),
        ({"load_balancer_id": None}, None),
    ],
)
def test_numbers_that_are_not_known(changes: Facts, status: str | None) -> None:
    found = judge_listeners("listener_sni_quota", [with_sni(20, **changes)])
    assert [finding["status"] for finding in found] == [status] * (status is not None)


def test_a_number_needs_all_listeners() -> None:
    (finding,) = judge_listeners("listener_sni_quota", [with_sni(1)], listeners_complete=None)
    assert finding["status"] == "unknown"
    (finding,) = judge_listeners("listener_sni_quota", [with_sni(20)], listeners_complete=False)
    assert finding["status"] == "fail"


@pytest.mark.parametrize("matches", [("wildcard", "regex"), ("regex", "wildcard")])
def test_a_host_in_two_rules_fails_whatever_their_order(matches: tuple[str, str]) -> None:
    hosts = [{"pattern": "*.example.org", "match": match} for match in matches]
    (finding,) = judge_listeners("listener_host_uncovered", [listener(changes={"hosts": hosts})], ONE)
    assert (finding["status"], finding["evidence"]["match"]) == ("fail", "wildcard")
