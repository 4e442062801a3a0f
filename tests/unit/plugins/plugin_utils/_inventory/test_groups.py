# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups of hosts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.groups import ExpiryGroups, group_names
from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.hosts import Host, create_hosts
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

from ... import steps
from .fleet import FLEET, SHOP, listener_facts

WEEK = 7 * listed.DAY


def expiry(seconds: float | None, edges: Sequence[str] = ("7d", "30d", "90d")) -> str:
    """Return the expiry group of a certificate that expires in ``seconds``."""
    return ExpiryGroups(edges, listed.NOW).group(
        listed.facts(ends=seconds / listed.DAY if seconds is not None else None)
    )


@pytest.mark.parametrize(
    ("seconds", "group"),
    [
        (None, "unknown"),
        (-1, "expired"),
        (0, "7d"),
        (WEEK - 1, "7d"),
        (WEEK, "30d"),
        (30 * listed.DAY - 1, "30d"),
        (30 * listed.DAY, "90d"),
        (90 * listed.DAY - 1, "90d"),
        (90 * listed.DAY, "later"),
        (5000 * listed.DAY, "later"),
        (-5000 * listed.DAY, "expired"),
    ],
)
def test_expiry_groups(seconds: float | None, group: str) -> None:
    assert expiry(seconds) == group


def test_the_expired_group_matches_the_state() -> None:
    for seconds in (-1, 0, 1):
        facts = listed.facts(ends=seconds / listed.DAY)
        assert (ExpiryGroups([], listed.NOW).group(facts) == "expired") is (facts["state"] == "expired")


@pytest.mark.parametrize(
    ("edges", "groups"),
    [
        ([], ["later", "later"]),
        (["1w2d", "12h"], ["12h", "1w2d"]),
        (["12h", "1w2d"], ["12h", "1w2d"]),
        (["1w", "7d", "168h"], ["168h", "168h"]),
    ],
)
def test_edges_in_any_order(edges: list[str], groups: list[str]) -> None:
    assert [expiry(3600, edges), expiry(WEEK - 1, edges)] == groups


@pytest.mark.parametrize("edge", ["", "7", "soon", "-7d", "7 d"])
def test_an_edge_that_is_not_a_duration(edge: str) -> None:
    with pytest.raises(
        OptionError, match=r"expiry_edges: .* is not a duration. Give a duration such as 12h, 7d or 1w2d."
    ):
        ExpiryGroups(["7d", edge], listed.NOW)


def groups(certificates: list[listed.Facts], *group_by: str) -> list[str]:
    return group_names(Host("h", "k", {}, certificates), group_by, ExpiryGroups(["30d"], listed.NOW))


def test_group_names_begin_with_the_criterion() -> None:
    x509 = {"issuer": {"common_name": "Example CA"}, "public_key": {"type": "RSA"}}
    facts = listed.facts(domains=("a.example.com", "*.a.example.com"), bindings=[SHOP], x509=x509)
    criteria = [
        "region", "project", "state", "source", "issuer", "load_balancer", "listener", "domain", "key_type", "expiry",
    ]  # fmt: skip
    assert groups([facts], *criteria) == [
        "region_cn-bj2",
        "project_org-1",
        "state_valid",
        "source_ulb",
        "issuer_Example CA",
        "load_balancer_alb-1",
        "listener_lsn-1",
        "domain_a.example.com",
        "domain_*.a.example.com",
        "key_type_RSA",
        "expiry_later",
    ]


def test_a_host_is_in_the_groups_of_all_of_its_certificates_once() -> None:
    fleet = [listed.facts(ends=-1), listed.facts(ends=5), listed.facts(ends=-2)]
    assert groups(fleet, "state", "region", "expiry") == [
        "state_expired",
        "region_cn-bj2",
        "expiry_expired",
        "state_valid",
        "expiry_30d",
    ]


@pytest.mark.parametrize(
    ("hosts_are", "groups"),
    [
        ("domain", {"shop.example.com": ["domain_shop.example.com", "load_balancer_alb-1", "load_balancer_ulb-2"]}),
        ("load_balancer", {"ulb-2": ["load_balancer_ulb-2", "listener_vserver-2"]}),
        ("listener", {"lsn-1": ["load_balancer_alb-1", "listener_lsn-1"]}),
    ],
)
def test_a_host_is_in_no_group_of_another_host(hosts_are: str, groups: dict[str, list[str]]) -> None:
    criteria = {"domain": ["domain", "load_balancer"]}.get(hosts_are, ["load_balancer", "listener"])
    found = {
        host.name: group_names(host, criteria, ExpiryGroups([], listed.NOW)) for host in create_hosts(FLEET, hosts_are)
    }
    assert {name: sorted(found[name]) for name in groups} == {name: sorted(groups[name]) for name in groups}


def test_unknown_values_have_no_group() -> None:
    facts = listed.facts(project_id=None, bindings=[listed.binding(None, None)])
    assert groups([facts], "project", "load_balancer", "listener", "issuer", "key_type", "domain") == []


def test_a_listener_without_a_certificate_is_in_its_own_groups() -> None:
    criteria = [
        "region",
        "project",
        "load_balancer",
        "listener",
        "protocol",
        "tls_version",
        "state",
        "domain",
        "expiry",
    ]
    listeners = [listener_facts("lsn-9"), listener_facts("lsn-8", tls=None, project_id=None, protocol=None)]
    expiry = ExpiryGroups([], listed.NOW)
    full, bare = (group_names(host, criteria, expiry) for host in create_hosts([], "listener", listeners))
    assert full == [
        "region_cn-bj2",
        "project_org-1",
        "load_balancer_alb-1",
        "listener_lsn-9",
        "protocol_HTTPS",
        "tls_version_TLSv1.2",
    ]
    assert bare == ["region_cn-bj2", "load_balancer_alb-1", "listener_lsn-8"]


def test_no_criteria() -> None:
    assert groups(FLEET) == []


def load_balancer(number: int) -> Host:
    """Return a load balancer with a number of listeners, each with its own certificate."""
    bindings = [listed.binding("alb-1", f"lsn-{each}") for each in range(number)]
    fleet = [listed.facts(f"ssl-{each.listener_id}", bindings=[each]) for each in bindings]
    (host,) = create_hosts(fleet, "load_balancer")
    return host


def test_grouping_takes_linear_time() -> None:
    expiry = ExpiryGroups([], 0)
    few, many = (
        steps.count(partial(group_names, load_balancer(number), ["listener"], expiry)) for number in (200, 800)
    )
    assert many < 4.5 * few
    assert group_names(load_balancer(3), ["listener"], expiry) == ["listener_lsn-0", "listener_lsn-1", "listener_lsn-2"]
