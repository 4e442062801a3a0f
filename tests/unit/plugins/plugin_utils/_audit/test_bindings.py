# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that compare listeners with bindings. The tests of certificates have a failing and a passing case of each."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import Facts, judge_listeners, listener

from .test_listener_certificates import ONE, THREE, bound


def test_a_certificate_that_was_not_listed() -> None:
    check = "listener_certificate_unknown"
    (finding,) = judge_listeners(check, [listener("lsn-1", *THREE)], ONE)
    assert finding["evidence"] == {"ssl_ids": ["ssl-2", "ssl-3"], "missing": 2}
    text = "The listener https of frontend serves ssl-2, ssl-3, which the listing of certificates does not have."
    assert finding["detail"] == text
    for changes in ({"complete": False}, {"complete": None}, {"total_count": 7}):
        (finding,) = judge_listeners(check, [listener("lsn-1", *THREE)], ONE, **changes)
        assert finding["status"] == "unknown"
        assert judge_listeners(check, [listener()], ONE, **changes) == []
    # A certificate of another project was listed, too.
    assert judge_listeners(check, [listener()], {**ONE, "project_id": "org-2"}) == []


@pytest.mark.parametrize(
    ("listeners", "certificate", "status"),
    [
        # Only the certificate says so, or only the listener.
        ([listener("lsn-1", ("ssl-9", True))], ONE, "fail"),
        ([listener()], bound(1, to=()), "fail"),
        ([listener()], bound(1, to=("lsn-1", "lsn-2")), "fail"),
        ([listener(), listener("lsn-2", ("ssl-1", True))], bound(1, to=("lsn-1", "lsn-2")), None),
        ([listener()], {**ONE, "bound": None, "bindings": []}, "unknown"),
        ([listener()], {**ONE, "bindings": [{"listener_id": None}]}, "unknown"),
        ([listener("lsn-1", ("ssl-9", True))], {**ONE, "bound": None, "bindings": []}, None),
        ([listener(changes={"certificates": None})], ONE, "unknown"),
        ([listener(changes={"listener_id": None})], ONE, "fail"),
        ([listener(protocol="HTTP"), listener("lsn-2")], bound(1, to=("lsn-2",)), None),
        ([listener(protocol="HTTP")], ONE, "fail"),
    ],
)
def test_bindings_that_differ(listeners: list[Facts], certificate: Facts, status: str | None) -> None:
    found = judge_listeners("binding_drift", listeners, certificate)
    assert [finding["status"] for finding in found if finding["listener_id"]] == [status] * (status is not None)


def test_a_binding_to_a_listener_that_does_not_exist() -> None:
    gone = bound(1, to=("lsn-1", "lsn-9"))
    (finding,) = judge_listeners("binding_drift", [listener()], gone)

    assert (finding["about"], finding["load_balancer_id"], finding["ssl_id"]) == ("lsn-9", "alb-1", None)
    assert finding["detail"] == "Bound to lsn-9, which the listing of listeners does not have: ssl-1."
    assert finding["evidence"] == {"only_in_certificates": ["ssl-1"], "only_in_listener": []}
    for changes in ({"listeners_complete": False}, {"scope": {"selection": {"listener_ids": ["lsn-1"]}}}):
        assert judge_listeners("binding_drift", [listener()], gone, **changes) == []


def test_bindings_to_the_same_id_in_two_regions_are_to_two_listeners() -> None:
    gone = bound(1, to=("lsn-1", "lsn-9"))
    found = judge_listeners("binding_drift", [listener()], {**gone, "region": "hk"}, gone)

    assert {(finding["about"], finding["region"]) for finding in found} == {
        ("lsn-9", "cn-bj2"),
        ("lsn-9", "hk"),
        ("lsn-1", "hk"),
    }


def test_a_listener_of_another_region_that_was_not_listed_is_not_this_one() -> None:
    other = {**bound(2), "region": "hk"}
    assert judge_listeners("binding_drift", [listener()], ONE, other, listeners_complete=False) == []


def test_a_certificate_of_another_region_is_not_that_of_a_listener() -> None:
    elsewhere = {**ONE, "region": "hk"}
    (finding,) = judge_listeners("listener_certificate_unknown", [listener()], elsewhere)
    assert (finding["status"], finding["evidence"]["ssl_ids"]) == ("fail", ["ssl-1"])
    hosts = [listener(hosts=["host1.example.com"])]
    (finding,) = judge_listeners("listener_host_uncovered", hosts, elsewhere, complete=False)
    assert finding["status"] == "unknown"


@pytest.mark.parametrize("regions", [(None, "hk"), ("hk", None)])
def test_a_region_that_is_not_known_may_be_the_same(regions: tuple[str | None, str | None]) -> None:
    of_listener, of_certificate = regions
    here, there = listener(changes={"region": of_listener}), {**ONE, "region": of_certificate}
    assert judge_listeners("listener_certificate_unknown", [here], there) == []
    (finding,) = judge_listeners("binding_drift", [here], there)
    assert finding["status"] == "unknown"


def test_the_same_ids_in_two_regions_do_not_differ() -> None:
    twin = {**bound(1), "region": "hk"}
    here, there = listener("lsn-1", ("ssl-1", True)), listener("lsn-1", ("ssl-1", True), region="hk")
    assert judge_listeners("binding_drift", [here, there], bound(1), twin) == []

    other = {**bound(2), "region": "hk"}
    there = listener("lsn-1", ("ssl-2", True), region="hk")
    assert judge_listeners("binding_drift", [here, there], bound(1), other) == []
    (finding,) = judge_listeners("binding_drift", [here, there], bound(1), {**bound(2, to=()), "region": "hk"})
    assert (finding["status"], finding["region"]) == ("fail", "hk")

    third = {**bound(3), "region": "us-ca"}
    (finding,) = judge_listeners("binding_drift", [here, there], bound(1), other, third)
    assert (finding["about"], finding["region"], finding["status"]) == ("lsn-1", "us-ca", "fail")


def test_a_certificate_of_another_project_does_not_differ() -> None:
    assert judge_listeners("binding_drift", [listener()], {**bound(1), "project_id": "org-2"}) == []


def test_a_bound_certificate_without_an_id_may_be_any() -> None:
    (finding,) = judge_listeners("binding_drift", [listener()], {**bound(1), "ssl_id": None})
    assert finding["detail"] == "Undecided: the id of a certificate that is bound to it is not known."
    (finding,) = judge_listeners("binding_drift", [], {**bound(1), "ssl_id": None, "ssl_name": "shop"})
    assert finding["detail"] == "Bound to lsn-1, which the listing of listeners does not have: shop."


def test_a_drift_names_both_sides() -> None:
    (finding,) = judge_listeners("binding_drift", [listener()], bound(1, to=()), bound(2))

    assert finding["evidence"] == {"only_in_certificates": ["ssl-2"], "only_in_listener": ["ssl-1"]}
    assert "Only the certificate says so: ssl-2. Only the listener says so: ssl-1." in finding["detail"]
