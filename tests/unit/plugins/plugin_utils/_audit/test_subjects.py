# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What checks look at. Facts come from outside: nothing in them may be relied on."""

from __future__ import annotations

from math import copysign
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.subjects import (
    Certificate,
    Fleet,
    is_root,
    name_of,
    span,
    values_of,
)

from . import made
from .made import DAY, NOW


def test_what_is_read_from_facts() -> None:
    facts = made.sound()
    certificate = Certificate(facts, 7)

    assert (certificate.ssl_id, certificate.ssl_name, certificate.label) == ("ssl-1", made.NAME, made.NAME)
    assert (certificate.scope, certificate.key) == (("org-1", "cn-bj2"), ("org-1", "cn-bj2", "ssl-1", 7))
    assert (certificate.not_before, certificate.not_after) == (NOW - 20 * DAY, NOW + 70 * DAY - 1)
    assert (certificate.lifetime, certificate.created_at) == (90 * DAY, NOW - 20 * DAY)
    assert (certificate.domains, certificate.bound) == ([made.NAME], True)
    assert certificate.bindings == facts["bindings"]
    assert certificate.fingerprint == facts["x509"]["fingerprints"]["sha256"]
    assert certificate.spki == facts["x509"]["spki_sha256"]
    assert certificate.public_key == facts["x509"]["public_key"]
    assert certificate.chain == facts["x509"]["chain"]
    assert certificate.is_self_signed is False


NOTHING = Certificate({})


@pytest.mark.parametrize("value", [None, "x", 7, 1.5, [], {}, [7], {"a": 7}, [None], float("nan")])
@pytest.mark.parametrize(
    "name",
    ["ssl_id", "ssl_name", "region", "project_id", "bound", "not_before_epoch", "not_after_epoch", "created_at_epoch",
     "domains", "bindings", "x509"],
)  # fmt: skip
def test_what_is_of_the_wrong_kind_is_not_there(name: str, value: Any) -> None:
    certificate = Certificate({name: value})

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
    assert Certificate({"not_after_epoch": value}).not_after is None


@pytest.mark.parametrize("inner", [7, "x", [], [1], {"sha256": 7}, {"sha256": ["x"]}])
def test_what_is_of_the_wrong_kind_further_down(inner: Any) -> None:
    certificate = Certificate({"x509": {"fingerprints": inner, "spki_sha256": inner, "public_key": [inner]}})

    assert certificate.fingerprint is None
    assert certificate.spki == (inner if inner == "x" else None)
    assert certificate.public_key == {}


def test_only_what_is_right_is_taken_from_lists() -> None:
    certificate = Certificate({"domains": ["a", 7, None, "b"], "bindings": [{}, "lsn-1", {"a": 1}]})

    assert (certificate.domains, certificate.bindings) == (["a", "b"], [{}, {"a": 1}])


def test_labels() -> None:
    assert Certificate({"ssl_name": "n", "ssl_id": "i"}).label == "n"
    assert Certificate({"ssl_name": "", "ssl_id": "i"}).label == "i"
    assert NOTHING.label == "a certificate without name"
    assert (NOTHING.scope, NOTHING.key) == (("", ""), ("", "", "", 0))


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
    certificate = Certificate({"not_before_epoch": 0, "not_after_epoch": 100000})

    assert certificate.state(now) == state
    left = certificate.days_left(now)
    assert left is not None
    assert left == days
    assert copysign(1, left) == copysign(1, days)


def test_state_of_what_is_not_known() -> None:
    assert (NOTHING.state(NOW), NOTHING.days_left(NOW), NOTHING.lifetime) == ("unknown", None, None)
    assert Certificate({"not_after_epoch": 1}).state(0) == "valid"
    assert Certificate({"not_after_epoch": 1}).lifetime is None
    assert Certificate({"not_before_epoch": 1}).lifetime is None


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"self_signed": True}, True),
        ({"self_signed": False, "subject": {"a": 1}, "issuer": {"a": 1}}, False),
        ({"self_signed": None, "subject": {"a": 1}, "issuer": {"a": 1}}, True),
        ({"self_signed": None, "subject": {"a": 1}, "issuer": {"a": 2}}, False),
        ({"self_signed": None, "subject": None, "issuer": None}, False),
        ({}, False),
    ],
)
def test_roots(member: dict[str, Any], expected: bool) -> None:
    assert is_root(member) is expected


def test_names_of_chain_members() -> None:
    subject = {"organization_name": "o", "organizational_unit_name": "u"}

    assert name_of({"subject_cn": "c", "subject": subject}) == "c"
    assert name_of({"subject_cn": None, "subject": subject}) == "u"
    assert name_of({"subject": {"organization_name": "o"}}) == "o"
    assert name_of({"subject": None}) == "a certificate without name"


def test_values_of_names() -> None:
    assert values_of({"common_name": "a"}, "common_name") == ["a"]
    assert values_of({"common_name": ["a", "b"]}, "common_name") == ["a", "b"]
    assert values_of({"common_name": "a"}, "country_name") == []
    assert values_of(None, "common_name") == []


def test_names() -> None:
    x509 = {"subject_alt_names": ["DNS:a", "IP:192.0.2.1", 7, "IP:192.0.2.2", "email:x@a"]}
    certificate = Certificate({"domains": ["a", "192.0.2.1"], "x509": x509})

    assert certificate.names == ["a", "192.0.2.1", "192.0.2.2"]
    assert certificate.alternative_names == ["DNS:a", "IP:192.0.2.1", "IP:192.0.2.2", "email:x@a"]
    assert (NOTHING.names, NOTHING.alternative_names) == ([], None)
    unreadable = Certificate({"x509": {"subject_alt_names": None}})
    assert (unreadable.names, unreadable.alternative_names) == ([], None)
    assert Certificate({"x509": {"subject_alt_names": []}}).alternative_names == []


def test_spans() -> None:
    assert [span(seconds) for seconds in (0, 1, 61, 7200, 2.5 * DAY)] == [
        "0 seconds", "1 second", "1.02 minutes", "2 hours", "2.5 days"
    ]  # fmt: skip


def test_groups() -> None:
    fleet = Fleet([Certificate({"ssl_id": name}, number) for number, name in enumerate(("a", "b", None, "a"))])

    grouped = fleet.grouped(lambda item: item.ssl_id)

    assert {key: [item.position for item in items] for key, items in grouped.items()} == {"a": [0, 3], "b": [1]}


def test_a_fleet_of_which_nothing_is_said() -> None:
    fleet = Fleet([])

    assert (fleet.is_complete, fleet.is_whole, fleet.errors, fleet.expired_waivers) == (None, None, [], [])
