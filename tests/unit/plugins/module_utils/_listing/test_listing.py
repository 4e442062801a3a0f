# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listings of any action: several actions, several requests in a scope, and scopes that fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import create_autospec

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    AuthenticationError,
    IncompleteListingError,
    PermissionDeniedError,
    RequestContext,
    UCloudError,
    api_error,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.listing import (
    NOT_OFFERED,
    Lister,
    PagedAction,
    Target,
    identity_of,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.scopes import Scope

HERE, THERE = Scope("cn-bj2", None), Scope("hk", "org-1")
#: The listeners of each load balancer.
LISTENERS = {"alb-1": ["lsn-1", "lsn-2", "lsn-3", "lsn-4"], "alb-2": [], "alb-3": ["lsn-5"]}


class Api:
    """An API with two actions; the second one lists something of each record of the first one.

    ``codes`` are the RetCodes of refusals by region or action.
    """

    def __init__(self, codes: Mapping[str, int] | None = None) -> None:
        self.codes = codes or {}
        self.requests: list[tuple[str, str | None, dict[str, Any]]] = []
        self.client = create_autospec(Client, instance=True)
        self.client.connection = Connection("public", "private", concurrency=3)
        self.client.throttle = None
        self.client.context.side_effect = self.context
        self.client.call.side_effect = self.call

    def context(
        self, action: str, region: str | None = None, project_id: str | None = None, permission: str | None = None
    ) -> RequestContext:
        return RequestContext(action, "api.example.com", region, project_id, permission)

    def call(self, context: RequestContext, parameters: dict[str, Any]) -> dict[str, Any]:
        self.requests.append((context.action, context.region, parameters))
        code = self.codes.get(str(context.region)) or self.codes.get(context.action)
        if code:
            raise api_error(context, code, "no")
        if context.action == "DescribeListeners":
            field, ids = "Listeners", LISTENERS[parameters["LoadBalancerId"]]
        else:
            field, ids = "DataSet", list(LISTENERS)
        rows = [{"Id ": name} for name in ids[parameters["Offset"] :][: parameters["Limit"]]]
        return {"TotalCount": str(len(ids)), field: rows}


def read(row: dict[str, Any], scope: Scope) -> tuple[str, str | None]:
    """Read a row. The record of alb-2 is not wanted."""
    return row["Id"], None if row["Id"] == "alb-2" else f"{row['Id']} in {scope.region}"


BALANCERS = PagedAction(
    "DescribeLoadBalancers",
    noun="load balancers",
    read=read,
    parameters={"Type": "Application"},
    permission="ulb:DescribeLoadBalancers",
)


def listeners_of(balancer: str) -> PagedAction[str]:
    return PagedAction(
        "DescribeListeners",
        noun="listeners",
        read=read,
        parameters={"LoadBalancerId": balancer},
        rows_field="Listeners",
    )


def test_an_action_with_its_parameters_in_every_scope() -> None:
    api = Api()

    with Lister(api.client, page_size=100) as lister:
        listings = lister.list_all([Target(BALANCERS, HERE), Target(BALANCERS, THERE)])

    assert {target.scope: listing.records for target, listing in listings.items()} == {
        HERE: ["alb-1 in cn-bj2", "alb-3 in cn-bj2"],
        THERE: ["alb-1 in hk", "alb-3 in hk"],
    }
    assert [listing.total for listing in listings.values()] == [3, 3]
    expected = {"Type": "Application", "Offset": 0, "Limit": 100}
    assert sorted(api.requests, key=str) == [
        ("DescribeLoadBalancers", "cn-bj2", expected),
        ("DescribeLoadBalancers", "hk", expected),
    ]


def test_several_listings_of_one_scope() -> None:
    api = Api()
    targets = {balancer: Target(listeners_of(balancer), HERE) for balancer in LISTENERS}

    with Lister(api.client, page_size=3) as lister:
        listings = lister.list_all(targets.values())

    assert {balancer: listings[target].records for balancer, target in targets.items()} == {
        balancer: [f"{listener} in cn-bj2" for listener in listeners] for balancer, listeners in LISTENERS.items()
    }


def test_one_lister_lists_again_and_again() -> None:
    with Lister(Api().client) as lister:
        lister.list_all([Target(BALANCERS, HERE)])
        target = Target(listeners_of("alb-3"), HERE)
        assert lister.list_all([target])[target].records == ["lsn-5 in cn-bj2"]


@pytest.mark.parametrize("refused", ["hk", "DescribeListeners"])
def test_a_target_fails_by_itself(refused: str) -> None:
    """An account may lack permission for one action, or for one region."""
    targets = [Target(action, scope) for action in (BALANCERS, listeners_of("alb-1")) for scope in (HERE, THERE)]
    failing = {target for target in targets if refused in (target.scope.region, target.action.name)}

    with Lister(Api({refused: 299}).client, on_error="warn") as lister:
        listings = lister.list_all(targets)

    assert listings.keys() == set(targets) - failing
    assert lister.failed == failing
    assert [type(error) for error in lister.errors] == [PermissionDeniedError] * 2


@pytest.mark.parametrize(
    ("action", "permission"), [(BALANCERS, "ulb:DescribeLoadBalancers"), (listeners_of("alb-1"), "DescribeListeners")]
)
def test_an_error_names_the_permission_of_the_action(action: PagedAction[str], permission: str) -> None:
    with Lister(Api({"hk": 299}).client) as lister, pytest.raises(PermissionDeniedError) as raised:
        lister.list_all([Target(action, THERE)])

    assert raised.value.hint == f"IAM denies this action: ask an administrator to grant {permission} for this project."


def test_rejected_credentials_are_raised_always() -> None:
    with Lister(Api({"hk": 171}).client, on_error="warn") as lister, pytest.raises(AuthenticationError):
        lister.list_all([Target(BALANCERS, HERE), Target(BALANCERS, THERE)])


def test_a_region_without_the_service_has_no_records() -> None:
    with Lister(Api({"hk": NOT_OFFERED}).client) as lister:
        (listing,) = lister.list_all([Target(BALANCERS, THERE)]).values()

    assert (listing.records, listing.total) == ([], 0)


def test_an_action_that_a_region_does_not_have() -> None:
    action = replace(BALANCERS, not_offered=frozenset((161, NOT_OFFERED)))

    with Lister(Api({"hk": 161}).client) as lister:
        (listing,) = lister.list_all([Target(action, THERE)]).values()

    assert listing.total == 0


def test_messages_use_the_noun_and_the_hint_of_the_action() -> None:
    action = PagedAction("DescribeThings", noun="things", read=read, narrowing_hint="Name one thing.")
    client = Api().client
    client.call.side_effect = lambda _context, _parameters: {"TotalCount": 9, "DataSet": []}

    with Lister(client) as lister, pytest.raises(IncompleteListingError, match="returned 0 different things") as raised:
        lister.list_all([Target(action, HERE)])

    assert (
        raised.value.hint == "The things may have changed during the listing. Run again. A lower concurrency may help."
    )


def test_what_a_caller_submits_ends_with_its_key() -> None:
    target = Target(BALANCERS, HERE)

    with Lister(Api().client) as lister:
        lister.submit(target, "seven", lambda: 7)
        assert list(lister.results()) == [(target, "seven", 7)]


def test_a_mistake_of_ours_is_not_the_failure_of_a_target() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with Lister(Api().client, on_error="warn") as lister:
        lister.submit(Target(BALANCERS, HERE), "x", fail)
        with pytest.raises(ZeroDivisionError):
            list(lister.results())


def test_fail_keeps_the_first_error_of_a_target() -> None:
    target = Target(BALANCERS, HERE)
    first, second = UCloudError("first"), UCloudError("second")

    with Lister(Api().client, on_error="warn") as lister:
        lister.fail(target, first)
        lister.fail(target, second)

    assert (lister.errors, set(lister.failed)) == ([first], {target})


def test_the_identity_of_a_row_is_its_id_or_its_content() -> None:
    assert identity_of({"Id": "a", "Name": "x"}, "Id") == "a"
    nameless = {identity_of(row, "Id") for row in ({"Name": "x"}, {"Name": "x", "Id": None}, {"Name": "y"}, {})}
    assert len(nameless) == 4
    assert identity_of({"Name": "x", "Type": 1}, "Id") == identity_of({"Type": 1, "Name": "x"}, "Id")
