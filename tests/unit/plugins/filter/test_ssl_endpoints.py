# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of listeners."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ansible_collections.ucloud.ulb.plugins.filter import ssl_endpoints as plugin
from ansible_collections.ucloud.ulb.plugins.filter.ssl_endpoints import ssl_endpoints
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import probe_query, probe_spec

A, B, C = "aa" * 32, "bb" * 32, "cc" * 32
SCOPE = {"project_id": "org-a", "region": "hk"}
PUBLIC = {"address": "203.0.113.7", "version": 4, "network": "internet", "operator": "Bgp"}
PRIVATE = {"address": "10.0.0.7", "version": 4, "network": "intranet", "operator": None}


def certificate(ssl_id: str, fingerprint: str | None, *domains: str, **fields: Any) -> dict[str, Any]:
    x509 = {"fingerprints": {"sha256": fingerprint}} if fingerprint else None
    source = "certificate" if x509 else "api"
    facts = {**SCOPE, "ssl_id": ssl_id, "domains": list(domains), "domains_from": source, "x509": x509, "bindings": []}
    return {**facts, **fields}


def listener(listener_id: str = "lsn-1", *certificates: tuple[str, bool | None], **fields: Any) -> dict[str, Any]:
    used = [{"ssl_id": ssl_id, "is_default": is_default} for ssl_id, is_default in certificates]
    facts = {**SCOPE, "load_balancer_id": "alb-1", "listener_id": listener_id, "protocol": "HTTPS", "port": 443}
    return {**facts, "addresses": [PUBLIC, PRIVATE], "certificates": used, **fields}


def binding(listener_id: str = "lsn-1", is_default: bool | None = True, **fields: Any) -> dict[str, Any]:
    facts = {"load_balancer_id": "alb-1", "listener_id": listener_id, "is_default": is_default}
    return {**facts, "protocol": "HTTPS", "port": 443, "addresses": [PUBLIC], "tls": None, **fields}


def expected(certificates: list[Any], *listeners: Any, **options: Any) -> dict[str | None, Any]:
    """What is expected for each server name."""
    found = ssl_endpoints({"certificates": certificates, "listeners": list(listeners)}, **options)
    return {endpoint["server_name"]: endpoint["expected_fingerprints"] for endpoint in found}


SHOP = certificate("ssl-1", A, "shop.example.com", "*.shop.example.com")
API = certificate("ssl-2", B, "api.example.com")
WWW = certificate("ssl-3", C, "www.shop.example.com", "shop.example.com")


def test_an_endpoint_has_all_that_the_module_takes() -> None:
    found = ssl_endpoints({"certificates": [SHOP], "listeners": [listener("lsn-1", ("ssl-1", True), port=8443)]})

    assert found[0] == {
        "address": "203.0.113.7",
        "port": 8443,
        "server_name": None,
        "expected_fingerprints": [A],
        **SCOPE,
        "load_balancer_id": "alb-1",
        "listener_id": "lsn-1",
    }
    spec = probe_spec()
    assert all(endpoint.keys() == spec["endpoints"]["options"].keys() for endpoint in found)
    query = probe_query({**{name: option.get("default") for name, option in spec.items()}, "endpoints": found})
    assert [item.server_name for item in query.endpoints] == [None, "shop.example.com", "www.shop.example.com"]


@pytest.mark.parametrize(
    ("uses", "wanted"),
    [
        ([("ssl-1", True)], {None: [A], "shop.example.com": [A], "www.shop.example.com": [A]}),
        # Which of two certificates for a name is served, the platform does not say.
        (
            [("ssl-1", True), ("ssl-3", False)],
            {None: [A], "shop.example.com": [A, C], "www.shop.example.com": [C, A]},
        ),
        ([("ssl-2", True), ("ssl-1", False)], {None: [B], "api.example.com": [B], "shop.example.com": [A]}),
        # Without a known default, any that may be it.
        ([("ssl-2", None), ("ssl-1", None)], {None: [B, A], "api.example.com": [B], "shop.example.com": [A]}),
        ([("ssl-2", False), ("ssl-1", None)], {None: [A], "api.example.com": [B], "shop.example.com": [A]}),
        ([("ssl-2", False)], {None: None, "api.example.com": [B]}),
        # A certificate that is not known may be for any name.
        ([("ssl-2", True), ("ssl-9", False)], {None: [B], "api.example.com": None}),
        ([("ssl-9", True), ("ssl-2", False)], {None: None, "api.example.com": None}),
        ([], {None: []}),
    ],
)
def test_what_is_expected(uses: list[tuple[str, bool | None]], wanted: dict[str | None, Any]) -> None:
    found = expected([SHOP, API, WWW], listener("lsn-1", *uses))

    assert {name: found[name] for name in wanted} == wanted
    assert len(found) >= len(wanted)
    assert ("api.example.com" in found) is (("ssl-2", True) in uses or "api.example.com" in wanted)


def test_wildcards_become_a_name_below_them() -> None:
    odd = certificate("ssl-1", A, "*.example.com", "*.internal", "a.example.com", "*.example.com")

    assert list(expected([odd], listener("l", ("ssl-1", True)))) == [None, "www.example.com", "a.example.com"]
    assert "probe-1.example.com" in expected([odd], listener("l", ("ssl-1", True)), wildcard_label="probe-1")


@pytest.mark.parametrize(
    ("fields", "fingerprints"),
    [
        # Without its fingerprint, or with the platform's names only, a certificate may be anything.
        ({"x509": None, "domains_from": "api"}, None),
        ({"domains_from": "api"}, [B, A]),
        ({"x509": {"fingerprints": {}}}, [B]),
        ({"x509": "text", "domains": 7}, None),
    ],
)
def test_certificates_that_could_not_be_read(fields: dict[str, Any], fingerprints: Any) -> None:
    found = expected([{**SHOP, **fields}, API], listener("lsn-1", ("ssl-2", True), ("ssl-1", False)))

    assert found["api.example.com"] == fingerprints
    assert found[None] == [B]


def test_a_certificate_of_another_scope_is_not_meant() -> None:
    for other in ({"region": "cn-bj2"}, {"project_id": "org-b"}, {"project_id": None}):
        assert expected([{**SHOP, **other}], listener("lsn-1", ("ssl-1", True))) == {None: None}


@pytest.mark.parametrize(
    ("networks", "wanted"),
    [
        (None, ["203.0.113.7"]),
        (["internet"], ["203.0.113.7"]),
        ("intranet", ["10.0.0.7"]),
        (["intranet", "internet"], ["203.0.113.7", "10.0.0.7"]),
    ],
)
def test_networks(networks: Any, wanted: list[str]) -> None:
    data = {"certificates": [], "listeners": [listener()]}

    assert [endpoint["address"] for endpoint in ssl_endpoints(data, networks)] == wanted
    unknown = {**PUBLIC, "network": None}
    assert len(ssl_endpoints({"certificates": [], "listeners": [listener(addresses=[unknown])]}, networks)) == 1


def test_only_https_listeners() -> None:
    others = [listener(protocol=protocol) for protocol in ("HTTP", "TCP", None, 7)]

    assert ssl_endpoints({"certificates": [], "listeners": [*others, listener("lsn-2")]})[0]["listener_id"] == "lsn-2"


def test_bindings_of_certificates() -> None:
    certificates = [
        {**SHOP, "bindings": [binding(), binding("lsn-2", None, port=8443)]},
        {**API, "bindings": [binding(is_default=False), binding("lsn-3", protocol="HTTP")]},
        WWW,
    ]
    found = ssl_endpoints(certificates)

    assert ssl_endpoints({"certificates": certificates, "listeners": None}) == found
    assert [
        (item["listener_id"], item["port"], item["server_name"], item["expected_fingerprints"]) for item in found
    ] == [
        ("lsn-1", 443, None, [A]),
        ("lsn-1", 443, "shop.example.com", [A]),
        ("lsn-1", 443, "www.shop.example.com", [A]),
        ("lsn-1", 443, "api.example.com", [B]),
        ("lsn-2", 8443, None, [A]),
        ("lsn-2", 8443, "shop.example.com", [A]),
        ("lsn-2", 8443, "www.shop.example.com", [A]),
    ]
    assert ssl_endpoints([WWW]) == []


@pytest.mark.parametrize(
    "fields",
    [{"port": None}, {"port": 0}, {"port": True}, {"port": "443"}, {"addresses": None}, {"addresses": ["203.0.113.7"]},
     {"addresses": [{**PUBLIC, "address": "example"}]}, {"protocol": None}, {"protocol": "TLS"}],
)  # fmt: skip
def test_listeners_without_address_are_a_warning(monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any]) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, message: warnings.append(message))
    found = ssl_endpoints({"certificates": [], "listeners": [listener(**fields), listener("lsn-2")]})

    assert [item["listener_id"] for item in found] == ["lsn-2"]
    assert warnings == ["1 listener(s) are left out, because their protocol, address or port is unknown: lsn-1 in hk."]


@pytest.mark.parametrize(("protocol", "number"), [(None, 3), ("https", 3), ("TCP", 0)])
def test_only_https_listeners_have_certificates(protocol: str | None, number: int) -> None:
    listeners = [listener("lsn-1", ("ssl-1", True), protocol=protocol)]

    assert len(ssl_endpoints({"certificates": [SHOP], "listeners": listeners})) == number


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (7, {}, "certificates: not a list of certificate facts"),
        ([7], {}, "certificates: not a list of certificate facts"),
        ({"listeners": []}, {}, "certificates: not a list of certificate facts"),
        ({"certificates": [], "listeners": [7]}, {}, "listeners: not a list of listener facts"),
        ([{**SHOP, "bindings": [{"listener_id": "lsn-1"}]}], {}, "certificates: their bindings have no addresses"),
        ([], {"networks": ["lan"]}, "networks: ['lan'] is not valid"),
        ([], {"networks": []}, "networks: [] is not valid"),
        ([], {"networks": [[]]}, "networks: [[]] is not valid"),
        ([], {"wildcard_label": "a.b"}, "wildcard_label: 'a.b' is not a label"),
        ([], {"wildcard_label": "*"}, "wildcard_label: '*' is not a label"),
        ([], {"wildcard_label": ""}, "wildcard_label: '' is not a label"),
        ([], {"wildcard_label": None}, "wildcard_label: None is not a label"),
    ],
)
def test_invalid_values(data: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError) as raised:
        ssl_endpoints(data, **options)
    assert str(raised.value).startswith(message)


def test_any_values_of_facts() -> None:
    """Facts may come from a file, and have any type."""
    values: list[Any] = [None, 7, True, "text", [], [7], {}, [{}], {"a": 1}]
    for value in values:
        for name in SHOP:
            ssl_endpoints({"certificates": [{**SHOP, name: value}], "listeners": [listener("l", ("ssl-1", True))]})
        for name in listener():
            ssl_endpoints({"certificates": [SHOP], "listeners": [{**listener("l", ("ssl-1", True)), name: value}]})
        for name in binding():
            ssl_endpoints([{**SHOP, "bindings": [{**binding(), name: value}, binding("lsn-2")]}])
        ssl_endpoints({"certificates": [], "listeners": [listener(addresses=[{**PUBLIC, "network": value}])]})
        json.dumps(ssl_endpoints({"certificates": [SHOP], "listeners": [listener(certificates=[{"ssl_id": value}])]}))


def test_the_filter_is_there() -> None:
    assert plugin.FilterModule().filters() == {"ssl_endpoints": ssl_endpoints}
