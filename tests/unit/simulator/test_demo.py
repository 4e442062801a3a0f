# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo data shows exactly the defects that it declares."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import ExtensionOID

from ansible_collections.ucloud.ulb.tests.simulator import Fleet, demo
from ansible_collections.ucloud.ulb.tests.simulator.datasets import demo_balancers
from ansible_collections.ucloud.ulb.tests.simulator.datasets.demo import EXPECTED, ssl_id
from ansible_collections.ucloud.ulb.tests.simulator.datasets.demo_rows import CORP, SHOP

from .demo_audit import DAY, Item, findings_between, findings_of_one, issued
from .demo_listener_audit import DemoListener, findings_of_listener, sni_certificates

NOW = float(int(time.time()))
CHECKS = [
    "cert_expired",
    "cert_expiring_critical",
    "cert_expiring_warning",
    "cert_expiring_fraction",
    "cert_not_yet_valid",
    "cert_validity_reversed",
    "cert_validity_too_long",
    "cert_weak_key",
    "cert_key_curve",
    "cert_rsa_exponent",
    "cert_factorable",
    "cert_weak_signature",
    "cert_self_signed",
    "cert_is_ca",
    "cert_wildcard",
    "cert_san_missing",
    "cert_cn_not_in_san",
    "cert_internal_name",
    "cert_eku_missing_server_auth",
    "cert_no_sct",
    "chain_missing",
    "chain_order",
    "chain_has_root",
    "chain_member_expired",
    "cert_unused",
    "cert_superseded_in_use",
    "cert_drift_between_regions",
    "cert_duplicate",
    "cert_key_reuse",
    "listener_without_default",
    "key_mismatch",
    "api_certificate_drift",
    "cert_unparseable",
]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return demo(NOW)


@pytest.fixture(scope="module")
def items(fleet: Fleet) -> dict[str, Item]:
    return {wire["SSLId"]: Item(region, project, wire) for region, project, wire in fleet}


@pytest.fixture(scope="module")
def found(items: dict[str, Item]) -> dict[str, set[str]]:
    """Return the ids of certificates that fail a check, by check."""
    failing = findings_between(items.values())
    for item in items.values():
        for check in findings_of_one(item, NOW):
            failing.setdefault(check, set()).add(item.ssl_id)
    return failing


@pytest.mark.parametrize("check", CHECKS)
def test_defect_is_there_and_only_where_it_should(found: dict[str, set[str]], check: str) -> None:
    expected = {name for name, checks in EXPECTED.items() if check in checks}
    assert expected
    assert found.get(check) == expected


def test_every_claim_is_about_a_known_check_and_a_served_certificate(
    items: dict[str, Item],
) -> None:
    assert {check for checks in EXPECTED.values() for check in checks} == set(CHECKS)
    assert EXPECTED.keys() == items.keys()


@pytest.fixture(scope="module")
def listeners(fleet: Fleet, items: dict[str, Item]) -> list[DemoListener]:
    return [
        DemoListener(balancer, record, rows, policies, items)
        for region in fleet.region_names
        for project in fleet.project_ids
        for policies in [{row["SecurityPolicyId"]: row for row in fleet.balancers(region, project).policies}]
        for balancer in (*fleet.balancers(region, project).applications, *fleet.balancers(region, project).classics)
        for rows in [balancer.get("Listeners") or balancer.get("VServerSet") or []]
        for record in rows
    ]


def test_listeners_have_the_defects_that_they_should_and_no_others(listeners: list[DemoListener]) -> None:
    found: dict[str, set[str]] = {}
    for listener in listeners:
        for check in findings_of_listener(listener):
            found.setdefault(check, set()).add(listener.name)

    expected = {check: set(names) for check, names in demo_balancers.EXPECTED.items()}
    (busiest,) = expected.pop("listener_sni_quota")
    assert found == expected
    balancers = {listener.balancer["Name"]: listener.balancer for listener in listeners if listener.is_application}
    assert {name: number for name in balancers if (number := sni_certificates(balancers[name])) > 5} == {busiest: 20}


def test_every_binding_is_a_listener(items: dict[str, Item], listeners: list[DemoListener]) -> None:
    bound = {relation["ListenerId"] for item in items.values() for relation in item.wire["Relations"]}
    ids = [listener.listener_id for listener in listeners]
    assert len(ids) == len(set(ids))
    unbound = {listener.name for listener in listeners if listener.listener_id not in bound}
    assert bound < set(ids)
    assert unbound == {"blog/http-80", "shop-frontend/http-80", "lottery/https-443", "staging/https-443"}


def test_scopes(fleet: Fleet) -> None:
    assert fleet.region_names == ["cn-bj2", "cn-sh2", "hk"]
    assert fleet.project_ids == [SHOP, CORP]
    assert fleet.default_project == SHOP
    sizes = Counter((region, project) for region, project, _unused in fleet)
    assert len(sizes) == 6
    assert sum(sizes.values()) == len(fleet) == 60


@pytest.mark.parametrize(("slug", "days"), [("checkout", 3), ("login", 10), ("search", 25), ("images", 60)])
def test_days_left(items: dict[str, Item], slug: str, days: int) -> None:
    assert (items[ssl_id(slug)].ends() - NOW) // DAY == days


def test_kinds_of_keys(items: dict[str, Item]) -> None:
    keys = [item.public_key for item in items.values() if item.certificates]
    sizes = {key.key_size for key in keys if isinstance(key, rsa.RSAPublicKey)}
    curves = {key.curve.name for key in keys if isinstance(key, ec.EllipticCurvePublicKey)}
    assert sizes == {1024, 2048, 3072, 4096}
    assert curves == {"secp256r1", "secp384r1", "secp521r1"}
    for kind in (ed25519.Ed25519PublicKey, dsa.DSAPublicKey):
        assert any(isinstance(key, kind) for key in keys)


@pytest.mark.parametrize(("slug", "algorithm"), [("sha1", hashes.SHA1), ("md5", hashes.MD5), ("api", hashes.SHA256)])
def test_signatures_of_the_documentation(
    items: dict[str, Item], slug: str, algorithm: type[hashes.HashAlgorithm]
) -> None:
    item = items[ssl_id(slug)]
    assert isinstance(item.leaf.signature_hash_algorithm, algorithm)
    assert issued(item.leaf, item.chain[0])


def test_invalid_exponents(items: dict[str, Item]) -> None:
    for slug in ("exponent-one", "exponent-even"):
        item = items[ssl_id(slug)]
        assert item.public_key is None
        assert issued(item.leaf, item.chain[0])


def test_embedded_timestamps_can_be_read(items: dict[str, Item]) -> None:
    item = items[ssl_id("shop")]
    timestamps = list(item.extension(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS))
    assert len(timestamps) == 2
    assert timestamps[0].timestamp.timestamp() == item.starts()
    assert timestamps[0].log_id != timestamps[1].log_id


def test_private_keys_are_stored_or_not(items: dict[str, Item]) -> None:
    assert items[ssl_id("shop")].private_key is not None
    assert items[ssl_id("no-key")].private_key is None
    assert items[ssl_id("shop")].content.count("BEGIN RSA PRIVATE KEY") == 1
    assert items[ssl_id("api")].content.count("BEGIN PRIVATE KEY") == 1


def test_one_has_no_content_at_all(items: dict[str, Item]) -> None:
    assert items[ssl_id("empty")].wire["SSLContent"] is None


def test_sources_and_the_apis_own_fields(items: dict[str, Item]) -> None:
    sources = Counter(item.wire["SSLSource"] for item in items.values())
    assert sources[1] == 3
    for item in items.values():
        platform = {"USSLId"} <= item.wire.keys()
        assert platform == (item.wire["SSLSource"] == 1)
    dated = {item.ssl_id for item in items.values() if "NotAfter" in item.wire}
    assert dated == {ssl_id(slug) for slug in ("ussl-club", "ussl-tickets", "ussl-events", "drifting")}
    club, tickets = items[ssl_id("ussl-club")], items[ssl_id("ussl-tickets")]
    assert club.wire["NotAfter"] == club.ends()
    assert tickets.wire["NotAfter"] == tickets.ends() * 1000
    assert club.wire["DNSNames"] == "club.example.com,www.club.example.com"
    assert tickets.wire["DNSNames"].split("\n") == ["tickets.example.org", "m.tickets.example.org"]
    assert items[ssl_id("ussl-events")].wire["DNSNames"] == ["events.example.org"]


def test_bindings_of_every_kind(items: dict[str, Item]) -> None:
    relations = [relation for item in items.values() for relation in item.wire["Relations"]]
    kinds = {(relation["LoadBalancerId"].split("-")[0], relation["ListenerId"].split("-")[0]) for relation in relations}
    assert kinds == {("ulb", "vserver"), ("alb", "lsn"), ("alb", "als")}
    assert {relation["IsDefault"] for relation in relations} == {True, False}
    assert len(items[ssl_id("shop")].wire["Relations"]) == 2


def test_load_balancers_stand_in_one_region(items: dict[str, Item]) -> None:
    places: dict[str, set[tuple[str, str]]] = {}
    for item in items.values():
        for relation in item.wire["Relations"]:
            places.setdefault(relation["LoadBalancerId"], set()).add((item.region, item.project))
    assert all(len(scopes) == 1 for scopes in places.values())


def test_names_beyond_ascii(items: dict[str, Item]) -> None:
    mall = items[ssl_id("mall")]
    assert not mall.wire["SSLName"].isascii()
    assert "xn--fsqu00a.example.com" in mall.names


def test_only_reserved_names_are_used(items: dict[str, Item]) -> None:
    ours = ("example.com", "example.org", "example.net")
    for item in items.values():
        if item.certificates and item.ssl_id != ssl_id("internal"):
            assert all(name.endswith(ours) for name in item.names)


def test_same_structure_and_same_keys_within_a_process() -> None:
    first, second = demo(NOW), demo(NOW)

    def all_of(fleet: Fleet, part: Callable[[Item], object]) -> list[object]:
        return [part(Item(*parts)) for parts in fleet]

    assert all_of(first, lambda item: item.ssl_id) == all_of(second, lambda item: item.ssl_id)
    assert all_of(first, lambda item: item.wire["Relations"]) == all_of(second, lambda item: item.wire["Relations"])
    one, other = Item(*next(iter(first))), Item(*next(iter(second)))
    assert one.public_key == other.public_key
    assert one.fingerprint != other.fingerprint
