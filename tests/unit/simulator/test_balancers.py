# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of the actions about load balancers, which the vendor's own client must understand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Project, Region, Simulator, balancers, record

from .calling import Caller

client_module = pytest.importorskip("ucloud.client")

POLICY = balancers.policy("sp-own", "TLSv1.1", ["AES128-SHA"], name="own")
WEB = balancers.application(
    "alb-1",
    "shop",
    [
        balancers.listener("lsn-1", certificates=[("ssl-1", True), ("ssl-2", False)]),
        balancers.listener(
            "lsn-2", "http-80", protocol="HTTP", port=80, rules=[balancers.host_rule("rule-1", "*.example.com")]
        ),
    ],
    addresses=["203.0.113.7", "2001:db8::7"],
)
INTERNAL = balancers.application("alb-2", "internal")
OLD = balancers.classic(
    "ulb-1",
    "old",
    [
        balancers.vserver("vserver-1", ssl_id="ssl-1", bound_policy=POLICY),
        balancers.vserver("vserver-2", "mail", protocol="TCP", port=25),
    ],
    addresses=["203.0.113.8"],
)


@pytest.fixture(name="sim")
def _sim() -> Iterator[Simulator]:
    fleet = Fleet([Region("cn-bj2"), Region("hk")], [Project("org-a", is_default=True)])
    fleet.replace([record("ssl-1", "one", "PEM with a key", 1), record("ssl-2", "two", None, 1)])
    found = fleet.balancers()
    found.applications += [WEB, INTERNAL]
    found.classics += [OLD]
    found.policies += [POLICY]
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture(name="main")
def _main(sim: Simulator) -> Caller:
    return Caller(sim.http_url, sim.accounts["main"])


def ids(rows: list[dict[str, Any]], name: str) -> list[str]:
    return [row[name] for row in rows]


def test_listeners_come_with_details_only(main: Caller) -> None:
    plain = main.call("DescribeLoadBalancers", Type="Application")
    detailed = main.call("DescribeLoadBalancers", Type="Application", ShowDetail="true")

    assert plain["TotalCount"] == detailed["TotalCount"] == 2
    assert "Listeners" not in plain["LoadBalancers"][0]
    assert detailed["LoadBalancers"] == [WEB, INTERNAL]


def test_load_balancers_of_the_application_kind_only(main: Caller) -> None:
    assert main.call("DescribeLoadBalancers", Type="Network")["RetCode"] == 230


def test_load_balancers_by_their_ids(main: Caller) -> None:
    answer = main.call("DescribeLoadBalancers", **{"LoadBalancerIds.0": "alb-2"})
    assert ids(answer["LoadBalancers"], "LoadBalancerId") == ["alb-2"]


def test_listeners_of_a_load_balancer_or_by_id(main: Caller) -> None:
    assert ids(main.call("DescribeListeners", LoadBalancerId="alb-1")["Listeners"], "ListenerId") == ["lsn-1", "lsn-2"]
    assert ids(main.call("DescribeListeners", ListenerId="lsn-2")["Listeners"], "ListenerId") == ["lsn-2"]
    assert main.call("DescribeListeners", LoadBalancerId="alb-none")["TotalCount"] == 0
    assert main.call("DescribeListeners")["RetCode"] == 220


def test_classic_ones_hand_out_private_keys(main: Caller) -> None:
    """Like those of the API, responses contain private keys, which clients have to drop."""
    (old,) = main.call("DescribeULB")["DataSet"]
    (first, second) = main.call("DescribeVServer", ULBId="ulb-1")["DataSet"]

    assert old["VServerSet"] == [first, second]
    assert first["SSLSet"][0]["SSLContent"] == "PEM with a key"
    assert first["SecurityPolicy"]["TLSVersion"] == "TLSv1.1"
    assert second["SSLSet"] == []
    assert ids(main.call("DescribeVServer", ULBId="ulb-1", VServerId="vserver-2")["DataSet"], "VServerId") == [
        "vserver-2"
    ]
    assert main.call("DescribeVServer")["RetCode"] == 220


def test_pages(sim: Simulator, main: Caller) -> None:
    sim.fleet.balancers().classics[:] = [balancers.classic(f"ulb-{number}", "x") for number in range(30)]

    assert ids(main.call("DescribeULB", Offset="28", Limit="5")["DataSet"], "ULBId") == ["ulb-28", "ulb-29"]
    assert len(main.call("DescribeULB")["DataSet"]) == 20


def test_scopes_are_cached_separately(main: Caller) -> None:
    assert main.call("DescribeULB", Region="hk")["TotalCount"] == 0
    assert main.call("DescribeULB", Region="nowhere")["RetCode"] == 230
    assert len(main.call("DescribeSecurityPoliciesV2", Region="hk")["DataSet"]) == 8


def test_one_policy(main: Caller) -> None:
    assert main.call("DescribeSecurityPoliciesV2", SecurityPolicyId="sp-own")["DataSet"] == [POLICY]


def test_as_the_examples_spell_it(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("as_in_examples", times=None))

    (_first, second) = main.call("DescribeListeners", LoadBalancerId="alb-1")["Listeners"]
    assert (second["ListenPort"], second["ListenProtocol"]) == (80, "HTTP")
    (condition,) = second["Rules"][0]["RuleConditions"]
    assert condition["HostConfig"] == [{"Values": ["*.example.com"], "MatchMode": "Wildcard"}]


def test_faults_about_lists_are_about_these_too(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("total", delta=3, action="DescribeULB"))
    assert main.call("DescribeULB")["TotalCount"] == 4
    sim.add_fault(Fault("empty_page", action="DescribeLoadBalancers"))
    assert main.call("DescribeLoadBalancers")["LoadBalancers"] == []
    sim.add_fault(Fault("null_fields", action="DescribeListeners"))
    (row,) = main.call("DescribeListeners", ListenerId="lsn-1")["Listeners"]
    assert {name for name, value in row.items() if value is not None} == {"ListenerId", "SecurityPolicyId"}


@pytest.mark.parametrize(
    ("method", "request_", "field", "wanted"),
    [
        ("describe_load_balancers", {"Type": "Application", "ShowDetail": True}, "LoadBalancers", [WEB, INTERNAL]),
        ("describe_listeners", {"LoadBalancerId": "alb-1"}, "Listeners", WEB["Listeners"]),
        ("describe_ulb", {}, "DataSet", [OLD]),
        ("describe_vserver", {"ULBId": "ulb-1"}, "DataSet", OLD["VServerSet"]),
        ("describe_security_policies_v2", {"SecurityPolicyId": "sp-own"}, "DataSet", [POLICY]),
    ],
)
def test_the_official_sdk_reads_every_field(
    sim: Simulator, method: str, request_: dict[str, Any], field: str, wanted: list[dict[str, Any]]
) -> None:
    account = sim.accounts["main"]
    keys = {"public_key": account.public_key, "private_key": account.private_key}
    where = {"base_url": sim.http_url, "region": "cn-bj2", "project_id": "org-a"}
    client = client_module.Client({**keys, **where, "max_retries": 0}).ulb()

    read = getattr(client, method)(request_)

    assert read["TotalCount"] == len(wanted)
    for row, known in zip(read[field], wanted, strict=True):
        assert agreeing(known, row), (known, row)


def agreeing(sent: Any, read: Any) -> bool:
    """Whether a typed client has read all fields correctly. It may have additional fields."""
    if isinstance(sent, dict):
        return all(name in read and agreeing(value, read[name]) for name, value in sent.items())
    if isinstance(sent, list):
        return len(sent) == len(read) and all(map(agreeing, sent, read))
    return bool(sent == read)
