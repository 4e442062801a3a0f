# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about certificates -> hosts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.hosts import create_hosts, variable_names
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

from .fleet import FLEET, SHOP, SHOP_SNI, listener_facts


def test_a_host_is_a_certificate() -> None:
    hosts = create_hosts(FLEET, "certificate")
    assert [host.name for host in hosts] == ["ssl-1", "ssl-2", "ssl-3"]
    assert [host.variables for host in hosts] == FLEET
    assert [host.certificates for host in hosts] == [[facts] for facts in FLEET]


def test_a_host_is_a_domain() -> None:
    hosts = create_hosts(FLEET, "domain")
    assert [host.name for host in hosts] == ["api.example.com", "shop.example.com"]
    assert [host.variables["domain"] for host in hosts] == ["api.example.com", "shop.example.com"]
    assert hosts[0].variables["certificates"] == hosts[0].certificates == [FLEET[0]]


def test_the_default_certificate_of_a_domain_comes_first() -> None:
    host = create_hosts(FLEET, "domain")[1]
    assert [facts["ssl_id"] for facts in host.variables["certificates"]] == ["ssl-2", "ssl-1", "ssl-3"]
    assert host.certificates == host.variables["certificates"]


def test_wildcards_are_hosts_only_with_include_wildcards() -> None:
    hosts = create_hosts(FLEET, "domain", include_wildcards=True)
    assert [(host.name, host.variables["domain"]) for host in hosts][2] == ("*.shop.example.com", "*.shop.example.com")


def test_a_host_is_a_listener() -> None:
    hosts = create_hosts(FLEET, "listener")
    assert [host.name for host in hosts] == ["lsn-1", "vserver-2"]
    assert hosts[1].variables == {
        "load_balancer_id": "ulb-2",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "listener_id": "vserver-2",
        "listener_name": "legacy",
        "protocol": None,
        "port": None,
        "addresses": None,
        "tls": None,
        "region": "cn-bj2",
        "project_id": "org-1",
        "certificates": [FLEET[1]],
    }
    assert [facts["ssl_id"] for facts in hosts[0].variables["certificates"]] == ["ssl-2", "ssl-1"]


def test_a_host_is_a_load_balancer() -> None:
    hosts = create_hosts([*FLEET, listed.facts("ssl-4", bindings=[listed.binding("alb-1", "lsn-9")])], "load_balancer")
    assert [host.name for host in hosts] == ["alb-1", "ulb-2"]
    assert hosts[1].variables == {
        "load_balancer_id": "ulb-2",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "addresses": None,
        "region": "cn-bj2",
        "project_id": "org-1",
        "certificates": [FLEET[1]],
    }
    assert [facts["ssl_id"] for facts in hosts[0].certificates] == ["ssl-2", "ssl-4", "ssl-1"]


def test_a_listener_without_a_certificate_is_a_host() -> None:
    facts = listener_facts("lsn-9")
    (host,) = create_hosts([], "listener", [facts])
    assert (host.name, host.certificates) == ("lsn-9", [])
    assert host.variables == {
        "load_balancer_id": "alb-1",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "listener_id": "lsn-9",
        "listener_name": "https",
        "protocol": "HTTPS",
        "port": 443,
        "addresses": facts["addresses"],
        "tls": facts["tls"],
        "region": "cn-bj2",
        "project_id": "org-1",
        "certificates": [],
    }


def test_load_balancers_have_the_addresses_of_their_listeners() -> None:
    listeners = [listener_facts("lsn-1", port=80), listener_facts("lsn-9", listener_name="http")]
    first, second = create_hosts(FLEET, "load_balancer", listeners)
    assert (first.name, first.variables["addresses"]) == ("alb-1", listeners[0]["addresses"])
    assert [facts["ssl_id"] for facts in first.certificates] == ["ssl-2", "ssl-1"]
    assert (second.name, second.variables["addresses"]) == ("ulb-2", None)


def test_facts_of_a_listener_are_those_of_its_bindings() -> None:
    binding = replace(SHOP, protocol="HTTPS", port=443, addresses=[], tls={"minimum_version": None})
    (host,) = create_hosts([listed.facts(bindings=[binding]), listed.facts("ssl-2", bindings=[SHOP])], "listener")
    assert (host.variables["port"], host.variables["addresses"]) == (443, [])


@pytest.mark.parametrize(
    ("listeners", "expected"),
    [
        ([listener_facts()], 443),
        ([listener_facts(), listener_facts(port=None)], 443),
        ([listener_facts(), listener_facts(port=8443)], None),
        ([listener_facts(port=None)], None),
        ([listener_facts(listener_id=None)], None),
    ],
)
def test_a_fact_that_is_contradicted_is_unknown(listeners: list[listed.Facts], expected: int | None) -> None:
    (host,) = create_hosts([listed.facts(bindings=[SHOP])], "listener", listeners)
    assert host.variables["port"] == expected


def test_certificates_are_those_that_either_side_names() -> None:
    """A certificate may not have been listed with a new binding, or not selected."""
    certificates = [
        listed.facts("ssl-1"),
        listed.facts("ssl-2", bindings=[SHOP_SNI]),
        listed.facts("ssl-1", region="hk"),
    ]
    (host,) = create_hosts(certificates, "listener", [listener_facts(ssl_ids=["ssl-1", "ssl-2", "ssl-unknown"])])
    assert host.certificates == certificates[:2]


def test_a_certificate_is_listed_once_per_host() -> None:
    facts = listed.facts(bindings=[SHOP_SNI, listed.binding("alb-1", "lsn-2")])
    assert [host.certificates for host in create_hosts([facts], "load_balancer")] == [[facts]]


@pytest.mark.parametrize(("hosts_are", "ids"), [("listener", ["lsn-1"]), ("load_balancer", ["alb-1"])])
def test_bindings_without_an_id_are_ignored(hosts_are: str, ids: list[str]) -> None:
    bindings = [listed.binding(None, "lsn-1"), listed.binding("alb-1", None)]
    hosts = create_hosts([listed.facts(bindings=bindings)], hosts_are)
    assert [host.name for host in hosts] == ids


@pytest.mark.parametrize("hosts_are", ["certificate", "domain", "listener", "load_balancer"])
def test_no_certificates(hosts_are: str) -> None:
    assert create_hosts([], hosts_are) == []


@pytest.mark.parametrize(
    ("hosts_are", "some"),
    [
        ("certificate", {"ssl_id", "x509", "days_remaining", "api"}),
        ("domain", {"domain", "certificates"}),
        ("listener", {"listener_id", "load_balancer_type", "region", "certificates"}),
        ("load_balancer", {"load_balancer_name", "project_id", "certificates"}),
    ],
)
def test_variable_names(hosts_are: str, some: set[str]) -> None:
    names = variable_names(hosts_are)
    assert some <= {*names}
    assert all(list(host.variables) == names for host in create_hosts(FLEET, hosts_are))
