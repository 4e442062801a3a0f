# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners from the simulated API."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    IncompleteListingError,
    PermissionDeniedError,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.gather import gather_listeners, undecided_warnings
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.query import ListenerQuery, ListenerSelection
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import (
    Fault,
    Fleet,
    Project,
    Region,
    Simulator,
    balancers,
    record,
)
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve

KEY = certs.key_pem(certs.rsa_key("canary"))
POLICY = balancers.policy("sp-1", "TLSv1.2", ["AES128-SHA"])
QUERY = ListenerQuery(("cn-bj2",))
EVERYWHERE = ListenerQuery(("cn-bj2", "hk"))


@pytest.fixture
def cloud(serve: Serve) -> Simulator:
    fleet = Fleet([Region("cn-bj2"), Region("hk")], [Project("org-a", is_default=True)])
    fleet.replace([record("ssl-1", "one", certs.pem(certs.leaf()) + KEY, 1)])
    found = fleet.balancers("cn-bj2")
    found.applications += [
        balancers.application(
            "alb-1",
            "shop",
            [
                balancers.listener("lsn-1", certificates=[("ssl-1", True)], policy_id="sp-1"),
                balancers.listener("lsn-2", "http-80", protocol="HTTP", port=80, redirect_port=443),
            ],
        ),
        balancers.application("alb-2", "empty"),
    ]
    found.policies += [POLICY]
    found.classics += [
        balancers.classic("ulb-1", "old", [balancers.vserver("vserver-1", ssl_id="ssl-1", bound_policy=POLICY)])
    ]
    fleet.balancers("hk").classics += [
        balancers.classic("ulb-2", "mail", [balancers.vserver("vserver-2", "smtp-25", protocol="TCP", port=25)])
    ]
    return serve(fleet)


def ids(client: Any, query: ListenerQuery = QUERY, **selection: Any) -> list[str | None]:
    found = gather_listeners(client, replace(query, selection=ListenerSelection(**selection)))
    return [listener.listener_id for listener in found.listeners]


def test_listeners_of_both_types_by_scope_load_balancer_and_port(cloud: Simulator, connect: Connect) -> None:
    found = gather_listeners(connect(cloud), EVERYWHERE)

    assert [listener.listener_id for listener in found.listeners] == ["lsn-2", "lsn-1", "vserver-1", "vserver-2"]
    assert (found.total, found.complete, found.undecided) == (4, True, [])
    policies = [listener.tls.minimum_version if listener.tls else None for listener in found.listeners]
    assert policies == [None, "TLSv1.2", "TLSv1.2", None]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"load_balancer_ids": frozenset(["alb-1"])}, ["lsn-2", "lsn-1"]),
        ({"load_balancer_types": frozenset(["classic"])}, ["vserver-1"]),
        ({"listener_ids": frozenset(["lsn-2", "vserver-1"])}, ["lsn-2", "vserver-1"]),
        ({"names": ("http-*",)}, ["lsn-2"]),
        ({"protocols": frozenset(["HTTPS"])}, ["lsn-1", "vserver-1"]),
        ({"ports": frozenset([80, 8080])}, ["lsn-2"]),
        ({"certificate_ids": frozenset(["ssl-1"])}, ["lsn-1", "vserver-1"]),
        ({"certificate_ids": frozenset(["ssl-1"]), "ports": frozenset([80])}, []),
        ({"listener_ids": frozenset(["lsn-none"])}, []),
    ],
)
def test_selection(cloud: Simulator, connect: Connect, selection: Any, expected: list[str]) -> None:
    assert ids(connect(cloud), **selection) == expected


def test_what_may_match_is_kept_and_named(cloud: Simulator, connect: Connect) -> None:
    cloud.fleet.balancers().applications[0]["Listeners"][0]["ListenerPort"] = "unknown"

    query = replace(QUERY, selection=ListenerSelection(ports=frozenset([443])))
    found = gather_listeners(connect(cloud), query)

    assert [listener.listener_id for listener in found.listeners] == ["lsn-1", "vserver-1"]
    assert [listener.listener_id for listener in found.undecided] == ["lsn-1"]
    (warning,) = undecided_warnings(found.undecided)
    assert warning.endswith(": lsn-1 in cn-bj2.")
    assert undecided_warnings([]) == []
    assert undecided_warnings(found.undecided * 7)[0].endswith(" and 2 more.")


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        ("classic", {"DescribeULB"}),
        ("application", {"DescribeLoadBalancers", "DescribeSecurityPoliciesV2"}),
    ],
)
def test_only_what_is_needed_is_requested(cloud: Simulator, connect: Connect, kind: str, actions: set[str]) -> None:
    ids(connect(cloud), load_balancer_types=frozenset([kind]))

    assert {request.action for request in cloud.requests} == actions


def test_records_without_listeners_are_completed(cloud: Simulator, connect: Connect) -> None:
    cloud.add_fault(Fault("null_fields", names=("Listeners", "VServerSet"), times=None))

    assert ids(connect(cloud)) == ["lsn-2", "lsn-1", "vserver-1"]
    assert sorted(request.action or "" for request in cloud.requests) == [
        "DescribeListeners",
        "DescribeListeners",
        "DescribeLoadBalancers",
        "DescribeSecurityPoliciesV2",
        "DescribeULB",
        "DescribeVServer",
    ]


@pytest.mark.parametrize("fault", [Fault("as_in_examples", times=None), Fault("string_types", times=None)])
def test_other_spellings_are_the_same_listeners(cloud: Simulator, connect: Connect, fault: Fault) -> None:
    known = [listener.to_facts() for listener in gather_listeners(connect(cloud), QUERY).listeners]

    cloud.add_fault(fault)

    assert [listener.to_facts() for listener in gather_listeners(connect(cloud), QUERY).listeners] == known


@pytest.mark.parametrize("code", [161, 4996])
def test_a_region_without_application_load_balancers(cloud: Simulator, connect: Connect, code: int) -> None:
    for action in ("DescribeLoadBalancers", "DescribeSecurityPoliciesV2"):
        cloud.add_fault(Fault("retcode", code=code, action=action, times=None))

    found = gather_listeners(connect(cloud), QUERY)

    assert [listener.listener_id for listener in found.listeners] == ["vserver-1"]
    assert found.complete


def test_a_region_that_does_not_know_classic_ones_is_an_error(cloud: Simulator, connect: Connect) -> None:
    cloud.add_fault(Fault("retcode", code=161, action="DescribeULB", times=None))

    with pytest.raises(ApiError, match="DescribeULB"):
        gather_listeners(connect(cloud), QUERY)


@pytest.mark.parametrize(
    ("refused", "kept", "policy"),
    [
        ("DescribeULB", ["lsn-2", "lsn-1"], "TLSv1.2"),
        ("DescribeLoadBalancers", ["vserver-1"], None),
        ("DescribeSecurityPoliciesV2", ["lsn-2", "lsn-1", "vserver-1"], None),
    ],
)
def test_one_refused_action_leaves_the_others(
    cloud: Simulator, connect: Connect, refused: str, kept: list[str], policy: str | None
) -> None:
    cloud.add_fault(Fault("retcode", code=299, action=refused, times=None))

    found = gather_listeners(connect(cloud), replace(QUERY, on_error="warn"))

    assert [listener.listener_id for listener in found.listeners] == kept
    (error,) = found.errors
    assert isinstance(error, PermissionDeniedError)
    assert f"ulb:{refused}" in error.describe()
    policies = {listener.listener_id: listener.tls for listener in found.listeners}
    known = policies.get("lsn-1")
    assert (known.minimum_version if known else None) == policy
    with pytest.raises(PermissionDeniedError):
        gather_listeners(connect(cloud), QUERY)


def test_a_total_that_lies_is_an_error(cloud: Simulator, connect: Connect) -> None:
    cloud.add_fault(Fault("total", delta=1, action="DescribeULB", times=None))

    with pytest.raises(IncompleteListingError, match="classic load balancers"):
        gather_listeners(connect(cloud), QUERY)


def test_rejected_credentials_always_raise(cloud: Simulator, connect: Connect) -> None:
    client = connect(cloud, private_key="wrong")

    with pytest.raises(AuthenticationError):
        gather_listeners(client, replace(QUERY, on_error="warn"))


def test_a_policy_that_is_gone_is_unknown(cloud: Simulator, connect: Connect) -> None:
    cloud.fleet.balancers().policies.remove(POLICY)

    found = gather_listeners(connect(cloud), QUERY)

    (policy,) = (listener.tls for listener in found.listeners if listener.listener_id == "lsn-1")
    assert policy is not None
    assert (policy.policy_id, policy.policy_kind, policy.minimum_version) == ("sp-1", "unknown", None)


def test_all_regions_and_projects(cloud: Simulator, connect: Connect) -> None:
    query = ListenerQuery(("all",), ("all",))

    assert ids(connect(cloud), query) == ["lsn-2", "lsn-1", "vserver-1", "vserver-2"]


def test_pages(cloud: Simulator, connect: Connect) -> None:
    cloud.fleet.balancers().classics[:] = [
        balancers.classic(f"ulb-{number}", "x", [balancers.vserver(f"vserver-{number}")]) for number in range(25)
    ]
    query = replace(QUERY, page_size=10)

    found = ids(connect(cloud), query, load_balancer_types=frozenset(["classic"]))

    assert sorted(map(str, found)) == sorted(f"vserver-{number}" for number in range(25))


def test_private_keys_do_not_leave_their_record(cloud: Simulator, connect: Connect) -> None:
    """The responses of DescribeULB and DescribeVServer contain private keys."""
    secrets = Secrets([KEY])
    client = connect(cloud)
    assert secrets.found_in(json.dumps(client.call(client.context("DescribeULB", "cn-bj2"))))

    for fault in (None, Fault("null_fields", names=("VServerSet",), times=None), Fault("total", delta=1, times=None)):
        if fault:
            cloud.add_fault(fault)
        try:
            found: Any = gather_listeners(client, QUERY)
        except UCloudError as error:
            found = (error.describe(), error.to_facts(), vars(error))
        else:
            assert secrets.found_in(json.dumps([listener.to_facts() for listener in found.listeners])) == set()
        assert secrets.found_in(repr(found)) == set()
