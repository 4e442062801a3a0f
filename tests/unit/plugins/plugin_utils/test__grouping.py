# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The grouping of certificates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._grouping import VALUES
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

FACTS = listed.facts(
    domains=("shop.example.com", "www.example.com"),
    bindings=[
        replace(listed.binding(), protocol="HTTPS", tls={"minimum_version": "TLSv1.2"}),
        listed.binding("alb-2", None),
    ],
    x509={"issuer": {"common_name": "Example CA"}, "public_key": {"type": "EC"}},
)


@pytest.mark.parametrize(
    ("criterion", "values"),
    [
        ("region", ["cn-bj2"]),
        ("project", ["org-1"]),
        ("state", ["valid"]),
        ("source", ["ulb"]),
        ("issuer", ["Example CA"]),
        ("load_balancer", ["alb-1", "alb-2"]),
        ("listener", ["lsn-1", None]),
        ("domain", ["shop.example.com", "www.example.com"]),
        ("key_type", ["EC"]),
        ("protocol", ["HTTPS", None]),
        ("tls_version", ["TLSv1.2", None]),
    ],
)
def test_values(criterion: str, values: list[Any]) -> None:
    assert VALUES[criterion](FACTS) == values


@pytest.mark.parametrize(
    ("issuer", "values"),
    [
        ({"common_name": ["A", "B"]}, ["A", "B"]),
        ({"organization_name": "Example Org"}, ["Example Org"]),
        ({"common_name": "", "organization_name": "Example Org"}, ["Example Org"]),
        ({"country_name": "XX"}, [None]),
        ({}, [None]),
        (None, [None]),
    ],
)
def test_the_issuer_is_its_common_names_or_else_its_organization(issuer: Any, values: list[Any]) -> None:
    assert VALUES["issuer"](listed.facts(x509={"issuer": issuer})) == values


@pytest.mark.parametrize("criterion", ["issuer", "key_type"])
def test_what_is_not_known_without_a_certificate(criterion: str) -> None:
    assert VALUES[criterion](listed.facts(x509=None)) == [None]


@pytest.mark.parametrize("criterion", ["load_balancer", "listener", "domain"])
def test_what_there_is_none_of(criterion: str) -> None:
    assert VALUES[criterion](listed.facts()) == []
