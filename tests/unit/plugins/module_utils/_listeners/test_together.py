# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and listeners from one listing."""

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.together import gather_together
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Project, Region, Simulator, balancers, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve

QUERY = Query(("cn-bj2", "hk"), listeners=True, page_size=3)


@pytest.fixture
def cloud(serve: Serve) -> Simulator:
    fleet = Fleet([Region("cn-bj2"), Region("hk")], [Project("org-a", is_default=True)])
    for region in ("cn-bj2", "hk"):
        fleet.replace([record(f"ssl-{number}", "name", None, 1) for number in range(5)], region=region)
        found = fleet.balancers(region)
        found.applications += [
            balancers.application(f"alb-{number}", "shop", [balancers.listener(f"lsn-{number}")]) for number in range(5)
        ]
        found.classics += [balancers.classic("ulb-1", "old", [balancers.vserver("vserver-1")])]
        found.policies.clear()
    return serve(fleet)


def test_all_pages_of_all_listings_share_one_limit(cloud: Simulator, connect: Connect) -> None:
    cloud.add_fault(Fault("latency", seconds=0.05, times=None))

    found = gather_together(connect(cloud, concurrency=4), QUERY, certs.NOW)

    assert (len(found.certificates.certificates), found.certificates.total) == (10, 10)
    assert (len(found.listeners.listeners), found.listeners.total) == (12, 12)
    assert Counter(request.action for request in cloud.requests) == {
        "DescribeSSLV2": 4,
        "DescribeLoadBalancers": 4,
        "DescribeULB": 2,
        "DescribeSecurityPoliciesV2": 2,
    }
    assert 1 < max(request.in_flight for request in cloud.requests) <= 4


def test_a_few_ids_are_still_requested_one_by_one(cloud: Simulator, connect: Connect) -> None:
    query = Query(("cn-bj2",), selection=Selection(ssl_ids=frozenset(["ssl-1"])), listeners=True)

    found = gather_together(connect(cloud), query, certs.NOW)

    assert ([item.ssl_id for item in found.certificates.certificates], found.certificates.total) == (["ssl-1"], None)
    assert [request.ssl_id for request in cloud.requests if request.action == "DescribeSSLV2"] == ["ssl-1"]
    assert (len(found.listeners.listeners), found.listeners.total) == (6, 6)
