# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subjects and issuers are compared by the rules of RFC 5280, and may be of any type."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.distinguished_names import (
    is_among,
    is_root,
    name_of,
    same_name,
    values_of,
)


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"self_signed": True}, True),
        ({"self_signed": False, "subject": {"a": 1}, "issuer": {"a": 1}}, False),
        ({"self_signed": None, "subject": {"a": 1}, "issuer": {"a": 1}}, None),
        ({"self_signed": None, "subject": {"a": 1}, "issuer": {"a": 2}}, False),
        ({"self_signed": None, "subject": {"a": "B  c"}, "issuer": {"a": "b C"}}, None),
        ({"self_signed": None, "subject": None, "issuer": None}, None),
        ({"self_signed": "yes"}, None),
        ({}, None),
    ],
)
def test_roots(member: dict[str, Any], expected: bool | None) -> None:
    assert is_root(member) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"a": "Example CA"}, {"a": " example  ca "}, True),
        ({"a": "Straße"}, {"a": "STRASSE"}, True),
        ({"a": "x", "b": ["y", "z"]}, {"b": ["Y", "Z"], "a": "X"}, True),
        ({"a": "x"}, {"a": ["x"]}, True),
        ({"a": "x"}, {"b": "x"}, False),
        ({"b": ["y", "z"]}, {"b": ["z", "y"]}, False),
        ({"a": "x"}, {}, False),
        ({"a": "x"}, None, None),
        (None, None, None),
        ({"a": "x"}, "x", None),
    ],
)
def test_names_that_are_the_same(left: Any, right: Any, expected: bool | None) -> None:
    assert same_name(left, right) is expected
    assert same_name(right, left) is expected


def test_names_of_chain_members() -> None:
    subject = {"organization_name": "o", "organizational_unit_name": "u"}

    assert name_of({"subject_cn": "c", "subject": subject}) == "c"
    assert name_of({"subject_cn": None, "subject": subject}) == "u"
    assert name_of({"subject": {"organization_name": "o"}}) == "o"
    assert name_of({"subject": None}) == "a certificate without a name"


def test_values_of_names() -> None:
    assert values_of({"common_name": "a"}, "common_name") == ["a"]
    assert values_of({"common_name": ["a", "b"]}, "common_name") == ["a", "b"]
    assert values_of({"common_name": ""}, "common_name") == [""]
    assert values_of({"common_name": "a"}, "country_name") == []
    assert values_of(None, "common_name") == []


def test_names_that_are_wanted() -> None:
    assert is_among(["x", "Example  CA"], ["example ca"])
    assert not is_among(["Example CA 2"], ["example ca"])
    assert not is_among(["a"], [])
    assert not is_among([], ["a"])
