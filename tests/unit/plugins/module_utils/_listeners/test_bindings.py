# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What certificates and listeners say about each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Binding, Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.bindings import selects, with_listeners
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import Listener, LoadBalancer
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.scopes import Scope
from ansible_collections.ucloud.ulb.tests.simulator import balancers
from ansible_collections.ucloud.ulb.tests.unit.factories.listed import binding, certificate

Facts = dict[str, Any]
SCOPE = Scope("cn-bj2", "org-1")
NO_FACTS = {"protocol": None, "port": None, "addresses": None, "tls": None}


def listener(listener_id: str = "lsn-1", scope: Scope = SCOPE, balancer_id: str = "alb-1", **record: Any) -> Listener:
    built = balancers.application(balancer_id, "shop", [balancers.listener(listener_id, **record)])
    (found,) = LoadBalancer.from_application(built, *scope).listeners or ()
    return found


def known(bound: Binding, *listeners: Listener) -> Facts:
    """Join a certificate with listeners, and return what its binding has of them."""
    (found,) = with_listeners([certificate(bindings=[bound])], listeners)
    (facts,) = found.to_facts(0)["bindings"]
    return {name: facts[name] for name in NO_FACTS}


def test_a_binding_has_the_facts_of_its_listener() -> None:
    found = listener(port=8443)

    facts = found.to_facts()
    assert known(binding(), found, listener("lsn-2")) == {name: facts[name] for name in NO_FACTS}
    assert facts["port"] == 8443


@pytest.mark.parametrize(
    ("bound", "listeners"),
    [
        (binding(), []),
        (binding(), [listener("lsn-2")]),
        (binding(), [listener(scope=Scope("hk", "org-1"))]),
        (binding(), [listener(scope=Scope("cn-bj2", "org-2"))]),
        (binding(), [listener(), listener(port=8443)]),
        (binding("alb-2"), [listener()]),
        (binding(listener=None), [replace(listener(), listener_id=None)]),
    ],
    ids=["none", "another", "region", "project", "two of one id", "of another load balancer", "without ids"],
)
def test_what_is_not_certain_is_unknown(bound: Binding, listeners: list[Listener]) -> None:
    assert known(bound, *listeners) == NO_FACTS


@pytest.mark.parametrize(("kind", "expected"), [("unknown", "application"), ("classic", "classic")])
def test_an_unknown_type_of_load_balancer_becomes_known(kind: str, expected: str) -> None:
    bound = replace(binding(None), load_balancer_type=kind)

    (found,) = with_listeners([certificate(bindings=[bound])], [listener()])

    assert [item.load_balancer_type for item in found.bindings or ()] == [expected]


def test_certificates_without_bindings_are_the_same() -> None:
    given = [certificate(bindings=()), certificate("ssl-2", bindings=None)]

    assert with_listeners(given, [listener()]) == given


SERVES = listener(certificates=[("ssl-1", True)])
UNKNOWN = replace(SERVES, listener_id="lsn-x", certificates=None)
EMPTY = listener("lsn-0")
NAMED = {"names": ("shop",)}


@pytest.mark.parametrize(
    ("conditions", "selected", "given", "expected"),
    [
        ({}, [], SERVES, True),
        ({}, [], EMPTY, True),
        ({"load_balancer_ids": frozenset(["alb-1"])}, [], EMPTY, True),
        ({"load_balancer_ids": frozenset(["alb-2"])}, [], EMPTY, False),
        ({"load_balancer_ids": frozenset(["alb-2"])}, [], replace(EMPTY, load_balancer_id=None), None),
        ({"listener_ids": frozenset(["lsn-0"])}, [], EMPTY, True),
        ({"listener_ids": frozenset(["lsn-0"])}, [], SERVES, False),
        # Any other condition is about certificates.
        (NAMED, [certificate()], SERVES, True),
        (NAMED, [certificate("ssl-2")], SERVES, False),
        (NAMED, [certificate(region="hk")], SERVES, False),
        (NAMED, [certificate(project_id=None)], SERVES, False),
        (NAMED, [certificate("ssl-2", bindings=[binding()])], SERVES, True),
        (NAMED, [certificate(bindings=[binding(listener="lsn-0")])], EMPTY, True),
        (NAMED, [certificate(bindings=[binding(listener=None)])], replace(EMPTY, listener_id=None), False),
        (NAMED, [certificate()], UNKNOWN, None),
        ({"expired": False}, [certificate()], EMPTY, False),
        ({"names": (), "listener_ids": frozenset(["lsn-1"])}, [], SERVES, False),
        ({"names": ("shop",), "listener_ids": frozenset(["lsn-9"])}, [certificate()], UNKNOWN, False),
    ],
)
def test_which_listeners_belong_to_a_selection(
    conditions: Any, selected: list[Certificate], given: Listener, expected: bool | None
) -> None:
    assert selects(Selection(**conditions), selected)(given) is expected


@pytest.mark.parametrize(
    ("conditions", "given", "expected"),
    [
        (NAMED, SERVES, None),
        (NAMED, EMPTY, False),
        (NAMED, replace(SERVES, region="hk"), False),
        ({"ssl_ids": frozenset(["ssl-1"])}, SERVES, None),
        ({"ssl_ids": frozenset(["ssl-2"])}, SERVES, False),
    ],
)
def test_where_certificates_are_not_listed_it_is_unknown(
    conditions: Any, given: Listener, expected: bool | None
) -> None:
    assert selects(Selection(**conditions), [], [SCOPE])(given) is expected
