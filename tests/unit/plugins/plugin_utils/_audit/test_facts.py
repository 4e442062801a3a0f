# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts that checks use. They come from outside, so that nothing in them is reliable."""

from __future__ import annotations

from math import copysign
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.facts import CertificateFacts, FleetFacts, names_for
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW


def test_what_is_read_from_facts() -> None:
    facts = audit_facts.compliant()
    certificate = CertificateFacts(facts, 7)

    assert (certificate.ssl_id, certificate.ssl_name, certificate.label) == (
        "ssl-1",
        audit_facts.NAME,
        audit_facts.NAME,
    )
    assert (certificate.scope, certificate.sort_key) == (("org-1", "cn-bj2"), ("org-1", "cn-bj2", "ssl-1", 7))
    assert (certificate.not_before, certificate.not_after) == (NOW - 20 * DAY, NOW + 70 * DAY - 1)
    assert (certificate.lifetime, certificate.created_at) == (90 * DAY, NOW - 20 * DAY)
    assert (certificate.domains, certificate.bound) == ([audit_facts.NAME], True)
    assert certificate.bindings == facts["bindings"]
    assert certificate.fingerprint == facts["x509"]["fingerprints"]["sha256"]
    assert certificate.spki == facts["x509"]["spki_sha256"]
    assert certificate.public_key == facts["x509"]["public_key"]
    assert certificate.chain == facts["x509"]["chain"]
    assert certificate.is_self_signed is False


NOTHING = CertificateFacts({})


@pytest.mark.parametrize("value", [None, "x", 7, 1.5, [], {}, [7], {"a": 7}, [None], float("nan")])
@pytest.mark.parametrize(
    "name",
    ["ssl_id", "ssl_name", "region", "project_id", "bound", "not_before_epoch", "not_after_epoch", "created_at_epoch",
     "domains", "bindings", "x509"],
)  # fmt: skip
def test_what_is_of_the_wrong_kind_is_not_there(name: str, value: Any) -> None:
    certificate = CertificateFacts({name: value})

    expected: dict[str, Any] = {
        "ssl_id": None, "ssl_name": None, "region": None, "project_id": None, "bound": None, "not_before": None,
        "not_after": None, "created_at": None, "domains": [], "bindings": [], "x509": None,
    }  # fmt: skip
    right = {str: ("ssl_id", "ssl_name", "region", "project_id"), int: ("not_before", "not_after", "created_at")}
    read = name.removesuffix("_epoch")
    for kind, names in right.items():
        if value.__class__ is kind and read in names:
            expected[read] = value
    if name == "x509" and isinstance(value, dict):
        expected["x509"] = value
    if name == "bindings" and value == [{}]:
        expected["bindings"] = value
    assert {attribute: getattr(certificate, attribute) for attribute in expected} == expected
    assert (certificate.fingerprint, certificate.spki, certificate.public_key) == (None, None, {})


@pytest.mark.parametrize("value", [True, 10**30, -(10**30), 253402300800, -62135596801])
def test_moments_that_cannot_be_written_are_unknown(value: int) -> None:
    assert CertificateFacts({"not_after_epoch": value}).not_after is None


@pytest.mark.parametrize("inner", [7, "x", [], [1], {"sha256": 7}, {"sha256": ["x"]}])
def test_what_is_of_the_wrong_kind_further_down(inner: Any) -> None:
    certificate = CertificateFacts({"x509": {"fingerprints": inner, "spki_sha256": inner, "public_key": [inner]}})

    assert certificate.fingerprint is None
    assert certificate.spki == (inner if inner == "x" else None)
    assert certificate.public_key == {}


def test_only_what_is_right_is_taken_from_lists() -> None:
    certificate = CertificateFacts({"domains": ["a", 7, None, "b"], "bindings": [{}, "lsn-1", {"a": 1}]})

    assert (certificate.domains, certificate.bindings) == (["a", "b"], [{}, {"a": 1}])


def test_labels() -> None:
    assert CertificateFacts({"ssl_name": "n", "ssl_id": "i"}).label == "n"
    assert CertificateFacts({"ssl_name": "", "ssl_id": "i"}).label == "i"
    assert NOTHING.label == "a certificate without a name"
    assert (NOTHING.scope, NOTHING.sort_key) == (("", ""), ("", "", "", 0))


@pytest.mark.parametrize(
    ("now", "state", "days"),
    [
        (-1, "not_yet_valid", 1.16),
        (0, "valid", 1.16),
        (100000, "valid", 0.0),
        (100001, "expired", 0.0),
        (100000 + DAY // 2, "expired", -0.5),
    ],
)
def test_state_and_days(now: int, state: str, days: float) -> None:
    certificate = CertificateFacts({"not_before_epoch": 0, "not_after_epoch": 100000})

    assert certificate.state(now) == state
    left = certificate.days_left(now)
    assert left is not None
    assert left == days
    assert copysign(1, left) == copysign(1, days)


def test_state_of_what_is_not_known() -> None:
    assert (NOTHING.state(NOW), NOTHING.days_left(NOW), NOTHING.lifetime) == ("unknown", None, None)
    assert CertificateFacts({"not_after_epoch": 1}).state(0) == "valid"
    assert CertificateFacts({"not_after_epoch": 1}).lifetime is None
    assert CertificateFacts({"not_before_epoch": 1}).lifetime is None


def test_names() -> None:
    x509 = {
        "subject_alt_names": ["DNS:A.b", "DNS: c", "IP:2001:DB8:0::1", 7, "IP:192.0.2.2", "IP:<invalid>", "email:x@a"]
    }
    certificate = CertificateFacts({"domains": ["a.b", "192.0.2.1"], "domains_from": "certificate", "x509": x509})

    # An address is covered by an address, not by a domain with the same text.
    assert certificate.names == ["a.b", "2001:db8::1", "192.0.2.2"]
    assert certificate.dns_names == ["A.b", " c"]
    assert certificate.alternative_names == [name for name in x509["subject_alt_names"] if name != 7]
    assert certificate.has_known_names
    assert [certificate.covers(name) for name in ("a.b", "2001:db8::1", "192.0.2.1", "c")] == [True, True, False, False]
    assert (NOTHING.names, NOTHING.alternative_names) == ([], None)
    unreadable = CertificateFacts({"x509": {"subject_alt_names": None}})
    assert (unreadable.names, unreadable.alternative_names) == ([], None)
    assert CertificateFacts({"x509": {"subject_alt_names": []}}).alternative_names == []


@pytest.mark.parametrize("domains_from", ["api", None, "?", 1])
def test_names_that_are_not_known(domains_from: Any) -> None:
    x509 = {"subject_alt_names": ["DNS:a.b"]}

    assert not CertificateFacts({"domains": ["a.b"], "domains_from": domains_from, "x509": x509}).has_known_names
    # Facts of an earlier version.
    assert not CertificateFacts({"domains": ["a.b"], "x509": x509}).has_known_names
    assert not CertificateFacts({"domains": ["a.b"], "domains_from": "certificate"}).has_known_names


def test_what_serves_a_name() -> None:
    assert names_for("a.example.com") == ("a.example.com", "*.example.com")
    assert names_for("*.example.com") == ("*.example.com",)
    assert names_for("192.0.2.1") == ("192.0.2.1",)
    assert names_for("2001:db8::1") == ("2001:db8::1",)


ISSUER = {"organization_name": "Example  Inc", "common_name": "CA 1"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("EC", "public")),
        ({"embedded_scts": 0}, ("EC", "private example inc")),
        ({"embedded_scts": 0, "issuer": {"common_name": "CA 1"}}, ("EC", "private ca 1")),
        ({"embedded_scts": 0, "issuer": {}}, ("EC", "private ")),
        ({"embedded_scts": 0, "self_signed": True}, ("EC", "self-signed")),
        ({"embedded_scts": 2, "self_signed": True}, ("EC", "self-signed")),
        ({"embedded_scts": None, "self_signed": True}, ("EC", "self-signed")),
        ({"public_key": {"type": "RSA"}}, ("RSA", "public")),
        ({"public_key": None}, None),
        ({"embedded_scts": None}, None),
        ({"self_signed": None}, None),
        ({"embedded_scts": 0, "issuer": None}, None),
        # All public CAs are alike.
        ({"issuer": None}, ("EC", "public")),
    ],
)
def test_kinds(changes: dict[str, Any], expected: tuple[str, str] | None) -> None:
    x509 = {"public_key": {"type": "EC"}, "embedded_scts": 2, "self_signed": False, "issuer": ISSUER, **changes}

    assert CertificateFacts({"x509": x509}).kind == expected


def test_nothing_is_of_a_kind() -> None:
    assert (NOTHING.kind, NOTHING.is_public, NOTHING.is_read_whole, NOTHING.common_names) == (None, None, None, None)


@pytest.mark.parametrize(("unread", "expected"), [(0, True), (1, False), (None, None), ("0", None)])
def test_whether_all_was_read(unread: Any, expected: bool | None) -> None:
    assert CertificateFacts({"x509": {"unread_certificates": unread}}).is_read_whole is expected


def test_reversed_dates() -> None:
    def dated(begins: Any, ends: Any) -> CertificateFacts:
        return CertificateFacts({"not_before_epoch": begins, "not_after_epoch": ends})

    assert dated(2, 1).is_reversed
    assert not any(item.is_reversed for item in (dated(1, 1), dated(1, 2), dated(None, 1), dated(1, None)))


def test_groups() -> None:
    fleet = FleetFacts(
        [CertificateFacts({"ssl_id": name}, number) for number, name in enumerate(("a", "b", None, "a"))]
    )

    grouped = fleet.grouped(lambda item: item.ssl_id)

    assert {key: [item.position for item in items] for key, items in grouped.items()} == {"a": [0, 3], "b": [1]}


def test_a_fleet_of_which_nothing_is_said() -> None:
    fleet = FleetFacts([])

    assert (fleet.is_complete, fleet.is_whole, fleet.errors, fleet.expired_waivers) == (None, None, [], [])
