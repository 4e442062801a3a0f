# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From records of listeners to facts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import Address, Listener, LoadBalancer
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import TlsPolicy
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import balancers
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

Facts = dict[str, Any]
KEY = certs.key_pem(certs.rsa_key("canary"))


def application(*listeners: Facts, **record: Any) -> LoadBalancer:
    built = balancers.application("alb-1", "shop", listeners, addresses=["203.0.113.7"])
    return LoadBalancer.from_application({**built, **record}, "cn-bj2", "org-1")


def classic(*vservers: Facts, **record: Any) -> LoadBalancer:
    built = balancers.classic("ulb-1", "old", vservers, addresses=["203.0.113.8"])
    return LoadBalancer.from_classic({**built, **record}, "cn-bj2", "org-1")


def facts(found: LoadBalancer) -> Facts:
    assert found.listeners is not None
    (listener,) = found.listeners
    return listener.to_facts()


def test_an_application_listener() -> None:
    rules = [
        balancers.host_rule("rule-1", "*.example.com"),
        balancers.host_rule("rule-2", "www.example.com"),
        balancers.host_rule("rule-3", "^shop[0-9]+$", None),
        balancers.host_rule("rule-4", "api.example.com", None),
    ]
    record = balancers.listener("lsn-1", certificates=[("ssl-1", True), ("ssl-2", False)], rules=rules)

    assert facts(application(record)) == {
        "listener_id": "lsn-1",
        "listener_name": "https-443",
        "load_balancer_id": "alb-1",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "region": "cn-bj2",
        "project_id": "org-1",
        "protocol": "HTTPS",
        "port": 443,
        "addresses": [{"address": "203.0.113.7", "version": 4, "network": "internet", "operator": "Bgp"}],
        "http2": True,
        "redirects": False,
        "redirects_to_port": None,
        "tls": TlsPolicy.by_id("security-tls12s").to_facts(),
        "hosts": [
            {"pattern": "*.example.com", "match": "wildcard"},
            {"pattern": "www.example.com", "match": "exact"},
            {"pattern": "^shop[0-9]+$", "match": "regex"},
            {"pattern": "api.example.com", "match": "exact"},
        ],
        "certificates": [{"ssl_id": "ssl-1", "is_default": True}, {"ssl_id": "ssl-2", "is_default": False}],
    }


def test_a_classic_listener() -> None:
    policy = balancers.policy("sp-1", "TLSv1.1", ["AES128-SHA"])
    hosts = [balancers.domain_policy("pol-1", "*.example.com"), {"PolicyId": "pol-2", "Type": "Path", "Match": "/a"}]
    record = balancers.vserver("vserver-1", ssl_id="ssl-1", bound_policy=policy, policies=hosts)

    assert facts(classic(record, PrivateIP="10.0.0.1")) == {
        "listener_id": "vserver-1",
        "listener_name": "https-443",
        "load_balancer_id": "ulb-1",
        "load_balancer_name": "old",
        "load_balancer_type": "classic",
        "region": "cn-bj2",
        "project_id": "org-1",
        "protocol": "HTTPS",
        "port": 443,
        "addresses": [
            {"address": "203.0.113.8", "version": 4, "network": "internet", "operator": "Bgp"},
            {"address": "10.0.0.1", "version": 4, "network": "intranet", "operator": None},
        ],
        "http2": False,
        "redirects": False,
        "redirects_to_port": None,
        "tls": TlsPolicy.from_api(policy).to_facts(),
        "hosts": [{"pattern": "*.example.com", "match": "wildcard"}],
        "certificates": [{"ssl_id": "ssl-1", "is_default": True}],
    }


@pytest.mark.parametrize(
    ("written", "match"),
    [(".example.com", "wildcard"), ("www.example.", "wildcard"), ("www.*", "wildcard"), ("www.example.com", "exact")],
)
def test_forms_of_wildcards(written: str, match: str) -> None:
    record = balancers.listener("lsn-1", rules=[balancers.host_rule("rule-1", written, "Wildcard")])

    assert facts(application(record))["hosts"] == [{"pattern": written, "match": match}]


def test_redirects() -> None:
    plain: Facts = {"protocol": "HTTP", "port": 80}
    by_application = facts(application(balancers.listener("lsn-1", "http", redirect_port=443, **plain)))
    by_classic = facts(classic(balancers.vserver("vserver-1", "http", forward_port=443, **plain)))

    for found in (by_application, by_classic):
        assert (found["redirects"], found["redirects_to_port"]) == (True, 443)
        assert (found["tls"], found["certificates"]) == (None, [])


def test_fields_as_the_examples_of_the_reference_spell_them() -> None:
    record = {
        "ListenerId": "lsn-1",
        "ListenPort": "8443",
        "ListenProtocol": "HTTPS",
        "Rules": [{"RuleConditions": [{"Type": "Host", "HostConfig": [{"Values": ["a.example.com"]}]}]}],
    }
    found = facts(application(record))

    assert (found["protocol"], found["port"]) == ("HTTPS", 8443)
    assert found["hosts"] == [{"pattern": "a.example.com", "match": "exact"}]


def test_what_was_not_sent_is_unknown() -> None:
    found = facts(application({"ListenerId": "lsn-1"}, IPInfos=None))

    absent = {name for name, value in found.items() if value is None}
    assert absent == {
        "listener_name",
        "protocol",
        "port",
        "addresses",
        "http2",
        "redirects",
        "redirects_to_port",
        "tls",
        "hosts",
        "certificates",
    }


@pytest.mark.parametrize("protocol", ["TCP", "UDP"])
def test_what_a_protocol_rules_out_is_known(protocol: str) -> None:
    found = facts(classic({"VServerId": "vserver-1", "Protocol": protocol}))

    assert (found["tls"], found["hosts"], found["certificates"]) == (None, [], [])


@pytest.mark.parametrize(
    ("served", "certificates"),
    [
        ([{"SSLId": "ssl-1", "IsDefault": "true"}], [{"ssl_id": "ssl-1", "is_default": True}]),
        ([{"SSLId": "ssl-1"}], [{"ssl_id": "ssl-1", "is_default": None}]),
        ([], []),
        (None, None),
        ([{"SSLId": ""}], None),
        (["ssl-1"], None),
        ({"SSLId": "ssl-1"}, None),
    ],
)
def test_a_certificate_without_an_id_makes_all_of_them_unknown(served: Any, certificates: Any) -> None:
    record = {"ListenerId": "lsn-1", "ListenerProtocol": "HTTPS", "Certificates": served}

    assert facts(application(record))["certificates"] == certificates


@pytest.mark.parametrize(
    "rules",
    [
        None,
        "rules",
        [{"RuleId": "rule-1"}],
        [{"RuleConditions": [{"Type": "Host"}]}],
        [{"RuleConditions": [{"Type": "Host", "HostConfig": {"Values": []}}]}],
        [balancers.host_rule("rule-1", "a.example.com"), {"RuleConditions": [{"Type": "Host", "HostConfig": None}]}],
        [{"RuleConditions": [{"HostConfig": {"Values": ["a.example.com"]}}]}],
        [{"RuleConditions": [{"Type": " ", "HostConfig": {"Values": ["a.example.com"]}}]}],
        [{"RuleConditions": [{"Type": "Host", "HostConfig": {"Values": ["a.example.com", {}]}}]}],
        [{"RuleConditions": [{"Type": "Host", "HostConfig": [{"Values": ["a.example.com"]}, "b.example.com"]}]}],
        [{"RuleConditions": [{"Type": "Host", "HostConfig": []}]}],
    ],
)
def test_a_rule_that_is_not_understood_makes_all_hosts_unknown(rules: Any) -> None:
    record = {"ListenerId": "lsn-1", "ListenerProtocol": "HTTPS", "Rules": rules}

    assert facts(application(record))["hosts"] is None


def test_the_default_rule_has_no_host() -> None:
    record = {"ListenerId": "lsn-1", "ListenerProtocol": "HTTPS", "Rules": [{"RuleId": "rule-0", "IsDefault": True}]}

    assert facts(application(record))["hosts"] == []


@pytest.mark.parametrize(
    ("policies", "hosts"),
    [
        ([{"Match": "a.example.com"}], None),
        ([{"Type": "Domain", "Match": ""}], None),
        ([{"Type": "Domain", "Match": {}}, balancers.domain_policy("pol-1", "a.example.com")], None),
        ([{"Type": "Path", "Match": ""}], []),
        ([{"PolicyType": "Default", "Type": "", "Match": ""}], []),
        ([{"PolicyType": "Default", "Type": "Domain", "Match": ""}], []),
    ],
)
def test_a_classic_rule_that_is_not_understood_makes_all_hosts_unknown(policies: Any, hosts: Any) -> None:
    assert facts(classic(balancers.vserver("vserver-1", policies=policies)))["hosts"] == hosts


@pytest.mark.parametrize(
    ("first", "second", "protocol"),
    [(" ", None, None), ("", "https ", "HTTPS"), ({"a": 1}, "HTTPS", "HTTPS"), (["HTTPS"], None, None)],
)
def test_a_protocol_that_is_none_is_unknown(first: Any, second: Any, protocol: str | None) -> None:
    found = facts(application({"ListenerId": "lsn-1", "ListenerProtocol": first, "ListenProtocol": second}))

    assert (found["protocol"], found["certificates"], found["hosts"]) == (protocol, None, None)


def test_what_an_unknown_protocol_has_is_unknown() -> None:
    found = facts(application({"ListenerId": "lsn-1", "ListenerProtocol": "TLS"}))

    assert (found["protocol"], found["certificates"], found["hosts"]) == ("TLS", None, None)


@pytest.mark.parametrize("port", [0, -1, 65536, "https", 4.5, True, None])
def test_ports_that_are_none(port: Any) -> None:
    assert facts(application({"ListenerPort": port}))["port"] is None


def test_addresses() -> None:
    found = application(
        IPInfos=[
            {"IP": "2001:DB8::7", "AddressType": "Internet", "OperatorName": "International"},
            {"IP": "10.0.0.1", "AddressType": "Intranet"},
            {"IP": "10.0.0.2"},
        ]
    )

    assert found.addresses == (
        Address("2001:db8::7", 6, "internet", "International"),
        Address("10.0.0.1", 4, "intranet", None),
        Address("10.0.0.2", 4, None, None),
    )
    assert application(IPInfos=[{"IP": "10.0.0.1"}, {"IP": "somewhere"}]).addresses is None
    assert classic(IPSet=None, PrivateIP="").addresses is None


@pytest.mark.parametrize(
    ("kind", "addresses", "expected"),
    [
        ("InnerMode", None, ["10.0.0.1"]),
        ("innermode", [], ["10.0.0.1"]),
        ("InnerMode", "203.0.113.8", None),
        ("OuterMode", None, None),
        ("OuterMode", "203.0.113.8", None),
        ("OuterMode", [{"EIP": "203.0.113.8"}], ["203.0.113.8", "10.0.0.1"]),
        (None, None, None),
    ],
)
def test_internet_addresses_that_were_not_read_are_not_absent(kind: Any, addresses: Any, expected: Any) -> None:
    found = classic(ULBType=kind, IPSet=addresses, PrivateIP="10.0.0.1").addresses

    assert (None if found is None else [item.address for item in found]) == expected


def test_listeners_that_are_not_listed_are_unknown() -> None:
    assert application(Listeners=None).listeners is None
    assert classic(VServerSet=None).listeners is None
    assert application().listeners == ()


def test_a_policy_is_completed_by_its_id() -> None:
    (listener,) = application(balancers.listener("lsn-1", policy_id="sp-1")).listeners or ()
    policy = TlsPolicy.from_api(balancers.policy("sp-1", "TLSv1.2", ["AES128-SHA"]))

    assert listener.with_policy({"sp-1": policy}).tls == policy
    assert listener.with_policy({"sp-2": policy}) is listener


def test_private_keys_end_here() -> None:
    secrets = Secrets([KEY])
    served = {"SSLId": "ssl-1", "SSLName": KEY, "SSLContent": KEY}
    record = balancers.vserver("vserver-1", bound_policy=balancers.policy("sp-1", KEY, [KEY], name=KEY))
    record.update(SSLSet=[served], VServerName=KEY, PolicySet=[balancers.domain_policy("pol-1", KEY)], Domain=KEY)
    found = classic(record, Name=KEY, Remark=KEY)

    assert secrets.found_in(json.dumps(facts(found))) == set()
    assert secrets.found_in(repr(found)) == set()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [*balancers.listener("x"), *balancers.vserver("x"), "SecurityPolicy", "ListenPort", "ListenProtocol"]
KEPT = {"protocol": (str,), "port": (int,), "addresses": (list,), "http2": (bool,), "hosts": (list,), "tls": (dict,)}


@given(st.dictionaries(st.sampled_from(FIELDS), ANY_JSON, max_size=8), ANY_JSON)
def test_any_type_in_any_field(record: Facts, addresses: Any) -> None:
    for found in (
        application(record, IPInfos=addresses),
        classic(record, IPSet=addresses, PrivateIP=addresses, ULBType=addresses),
    ):
        read = facts(found)
        for name, kinds in KEPT.items():
            assert read[name] is None or isinstance(read[name], kinds)
        assert json.loads(json.dumps(read)) == read
        assert found.listeners == (Listener.from_facts(read),)
