# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of the actions."""

from __future__ import annotations

import requests

from ansible_collections.ucloud.ulb.tests.simulator import (
    Fleet,
    Settings,
    Simulator,
    record,
    relation,
)

from .calling import TIMEOUT, Caller, some_records


def test_regions_have_a_row_for_each_zone(main: Caller) -> None:
    rows = main.call("GetRegion")["Regions"]
    assert [(row["Region"], row["Zone"], row["IsDefault"]) for row in rows] == [
        ("cn-bj2", "cn-bj2-02", True),
        ("cn-bj2", "cn-bj2-04", False),
        ("hk", "hk-01", False),
    ]


def test_projects(main: Caller) -> None:
    answer = main.call("GetProjectList")
    assert answer["ProjectCount"] == 2
    assert [(row["ProjectId"], row["IsDefault"]) for row in answer["ProjectSet"]] == [
        ("org-a", True),
        ("org-b", False),
    ]


def test_scopes_are_cached_separately(main: Caller) -> None:
    assert len(main.ids(ProjectId="org-a")) == 5
    assert main.ids() == main.ids(ProjectId="org-a")
    assert main.ids(ProjectId="org-b") == []
    assert main.ids(ProjectId="org-b", Region="hk") == ["ssl-0"]


def test_limit_and_offset(main: Caller) -> None:
    assert main.ids(Limit=2, Offset=1) == ["ssl-1", "ssl-2"]
    assert main.ids(Limit=2, Offset=4) == ["ssl-4"]
    assert main.ids(Offset=5) == []
    assert main.call(Limit=1, Offset=99)["TotalCount"] == 5


def test_limit_has_a_default_and_a_maximum() -> None:
    fleet = Fleet.single(some_records(40))
    with Simulator(fleet, Settings(max_limit=30)) as sim:
        caller = Caller(sim.http_url, sim.accounts["main"])
        assert len(caller.ids()) == 20
        assert len(caller.ids(Limit=0)) == 20
        assert len(caller.ids(Limit=1000)) == 30


def test_one_id(sim: Simulator, main: Caller) -> None:
    answer = main.call(SSLId="ssl-3")
    assert [item["SSLId"] for item in answer["DataSet"]] == ["ssl-3"]
    assert answer["TotalCount"] == 5
    assert main.ids(SSLId="ssl-none") == []
    sim.settings.ssl_id_total = "matching"
    assert main.call(SSLId="ssl-3")["TotalCount"] == 1
    assert main.call(SSLId="ssl-none")["TotalCount"] == 0


def test_older_action_knows_classic_load_balancers_only() -> None:
    bound = [
        relation(("ulb-1", "old"), ("vserver-1", "https"), is_default=True),
        relation(("alb-1", "new"), ("lsn-1", "https"), is_default=True),
    ]
    with Simulator(Fleet.single([record("ssl-1", "one", "PEM", 1, bound)])) as sim:
        (item,) = Caller(sim.http_url, sim.accounts["main"]).call("DescribeSSL")["DataSet"]
    assert "Relations" not in item
    assert item["BindedTargetSet"] == [
        {"VServerId": "vserver-1", "VServerName": "https", "ULBId": "ulb-1", "ULBName": "old"}
    ]


def test_json_body_and_query_are_accepted_too(sim: Simulator, main: Caller) -> None:
    values = main.signed("DescribeSSLV2", Region="cn-bj2", Limit=2)
    body = {**values, "Limit": 2}
    by_json = requests.post(sim.http_url, json=body, timeout=TIMEOUT).json()
    by_query = requests.get(sim.http_url, params=values, timeout=TIMEOUT).json()
    assert by_json == by_query == main.call(Limit=2)


def test_body_that_cannot_be_read_has_no_parameters(sim: Simulator) -> None:
    for body in (b"{", b"[1]"):
        response = requests.post(
            sim.http_url,
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT,
        )
        assert response.json()["RetCode"] == 160


def test_text_beyond_ascii_arrives() -> None:
    with Simulator(Fleet.single([record("ssl-1", "商城证书", "PEM", 1)])) as sim:
        caller = Caller(sim.http_url, sim.accounts["main"])
        assert caller.call(Note="证书 ü &=")["DataSet"][0]["SSLName"] == "商城证书"


def test_fleet_may_change_while_it_is_served(sim: Simulator, main: Caller) -> None:
    sim.fleet.add(record("ssl-new", "new", None, 1))
    assert main.ids()[-1] == "ssl-new"
    sim.fleet.replace([{"SSLId": "ssl-only"}])
    assert main.call()["DataSet"] == [{"SSLId": "ssl-only"}]
