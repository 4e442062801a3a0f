# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions and projects, as the API lists them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    ApiError,
    IncompleteListingError,
    PermissionDeniedError,
    RequestContext,
    TransportError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.scopes import list_projects, list_regions, rows_of
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Project, Region, Simulator, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve

FLEET = Fleet(
    [
        Region("cn-bj2", ("cn-bj2-02", "cn-bj2-04")),
        Region("hk"),
        Region("cn-sh2", ("cn-sh2-01", "cn-sh2-02", "cn-sh2-03")),
    ],
    [Project("org-b", is_default=True), Project("org-a")],
)


def answer(simulator: Simulator, **fields: Any) -> None:
    """Make the next response have these fields."""
    simulator.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, **fields})))


def test_each_region_once_whatever_the_number_of_its_zones(serve: Serve, connect: Connect) -> None:
    simulator = serve(FLEET)

    assert list_regions(connect(simulator)) == ["cn-bj2", "hk", "cn-sh2"]
    (request,) = simulator.requests
    assert (request.action, request.region, request.project_id) == ("GetRegion", None, None)


def test_projects(serve: Serve, connect: Connect) -> None:
    simulator = serve(FLEET)

    assert list_projects(connect(simulator)) == ["org-b", "org-a"]
    (request,) = simulator.requests
    assert (request.action, request.region, request.project_id) == ("GetProjectList", None, None)


def test_each_region_once(serve: Serve, connect: Connect) -> None:
    simulator = serve(FLEET)
    answer(simulator, Regions=[{"Region": "hk", "Zone": "hk-01"}, {"Region": "hk"}, {"Region": "cn-bj2"}])

    assert list_regions(connect(simulator)) == ["hk", "cn-bj2"]


@pytest.mark.parametrize("row", [{"Region": None}, {"Zone": "hk-01"}, {"Region": ""}, {"Region": []}, {}])
def test_a_row_without_a_region_may_be_one_that_is_missed(serve: Serve, connect: Connect, row: Any) -> None:
    simulator = serve(FLEET)
    answer(simulator, Regions=[{"Region": "hk"}, row])

    with pytest.raises(IncompleteListingError, match="Regions has a row without Region"):
        list_regions(connect(simulator))


@pytest.mark.parametrize("rows", [[], None])
def test_without_any_region_nothing_would_be_listed(serve: Serve, connect: Connect, rows: Any) -> None:
    simulator = serve(FLEET)
    answer(simulator, Regions=rows)

    with pytest.raises(IncompleteListingError, match="Regions has no row with a Region"):
        list_regions(connect(simulator))


@pytest.mark.parametrize("count", [2, "2", 1, 0, None, "many"])
def test_a_count_of_projects_that_proves_nothing_against_the_list(serve: Serve, connect: Connect, count: Any) -> None:
    simulator = serve(FLEET)
    answer(simulator, ProjectCount=count, ProjectSet=[{"ProjectId": "org-1"}, {"ProjectId": "org-2"}])

    assert list_projects(connect(simulator)) == ["org-1", "org-2"]


@pytest.mark.parametrize("count", [3, "3"])
def test_more_projects_than_are_listed(serve: Serve, connect: Connect, count: Any) -> None:
    simulator = serve(FLEET)
    answer(simulator, ProjectCount=count, ProjectSet=[{"ProjectId": "org-1"}, {"ProjectId": "org-2"}])
    client = connect(simulator)

    with pytest.raises(IncompleteListingError) as raised:
        list_projects(client)

    assert raised.value.describe() == (
        f"GetProjectList at {client.connection.endpoint}: the API counts 3 projects, but lists 2."
        " Set project_ids to a list of project ids."
    )


@pytest.mark.parametrize("rows", [{}, "cn-bj2", 1, False, ["cn-bj2"], [{"Region": "hk"}, None]])
def test_rows_of_the_wrong_type(rows: Any) -> None:
    context = RequestContext("GetRegion", "api.example")

    with pytest.raises(TransportError) as raised:
        rows_of({"Regions": rows}, "Regions", context)

    assert raised.value.describe() == (
        "GetRegion at api.example: this is not a response of the UCloud API: Regions is not a list of objects."
        " Check base_url."
    )
    assert raised.value.retryable is False


def test_rows() -> None:
    context = RequestContext("GetRegion", "api.example")

    assert rows_of({"Regions": [{"Region": "hk"}]}, "Regions", context) == [{"Region": "hk"}]
    assert rows_of({"Regions": None}, "Regions", context) == []
    assert rows_of({}, "Regions", context) == []


NO_SUCH_ACTION = Fault("retcode", code=161, action="GetRegion", times=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"Regions": [{"Region": "cn-bj2", "RegionId": 1}, {"Region": "hk"}, {"Region": "hk"}]},
        {"RegionSet": [{"RegionId": "cn-bj2"}, {"RegionId": "hk", "Name": "Hong Kong"}]},
        {"Zones": [{"Zone": "a"}], "Data": [{"RegionId": "cn-bj2", "Region": None}, {"RegionId": "hk"}]},
    ],
)
def test_regions_where_get_region_is_gone(serve: Serve, connect: Connect, fields: dict[str, Any]) -> None:
    simulator = serve(FLEET)
    simulator.add_fault(NO_SUCH_ACTION)
    body = json.dumps({"RetCode": 0, "Action": "ListRegionsResponse", "TotalCount": 2, **fields})
    simulator.add_fault(Fault("not_json", body=body, action="ListRegions"))

    assert list_regions(connect(simulator)) == ["cn-bj2", "hk"]
    assert [request.action for request in simulator.requests] == ["GetRegion", "ListRegions"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "the response has no row with a Region"),
        ({"Regions": []}, "the response has no row with a Region"),
        ({"Regions": [{"RegionId": 1}]}, "the response has no row with a Region"),
        ({"Regions": [{"Region": "hk"}, {"Zone": "a"}]}, "Regions has a row without Region"),
    ],
)
def test_a_list_of_regions_that_may_miss_one(
    serve: Serve, connect: Connect, fields: dict[str, Any], problem: str
) -> None:
    simulator = serve(FLEET)
    simulator.add_fault(NO_SUCH_ACTION)
    simulator.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, **fields}), action="ListRegions"))

    with pytest.raises(IncompleteListingError, match=problem) as raised:
        list_regions(connect(simulator))

    assert str(raised.value).startswith("ListRegions at ")
    assert str(raised.value).endswith("Set regions to a list of region ids.")


def test_an_endpoint_with_neither_action(serve: Serve, connect: Connect) -> None:
    simulator = serve(FLEET)
    simulator.add_fault(NO_SUCH_ACTION)

    with pytest.raises(ApiError) as raised:
        list_regions(connect(simulator))

    assert raised.value.code == 161


def test_another_error_is_not_asked_again(serve: Serve, connect: Connect) -> None:
    simulator = serve(FLEET)
    simulator.add_fault(Fault("retcode", code=299, action="GetRegion"))

    with pytest.raises(PermissionDeniedError):
        list_regions(connect(simulator))

    assert [request.action for request in simulator.requests] == ["GetRegion"]


@pytest.mark.parametrize(
    ("ask", "rows", "field"), [(list_regions, "Regions", "Region"), (list_projects, "ProjectSet", "ProjectId")]
)
def test_a_key_is_no_id(serve: Serve, connect: Connect, ask: Any, rows: str, field: str) -> None:
    simulator = serve(FLEET)
    answer(simulator, **{rows: [{field: certs.key_pem()}]})

    with pytest.raises(IncompleteListingError, match=f"{rows} has a row whose {field} is not an id") as raised:
        ask(connect(simulator))

    assert "MII" not in str(raised.value)


@pytest.mark.parametrize("ssl_ids", [None, frozenset(("ssl-1",))])
def test_a_region_without_the_service_is_an_empty_one(serve: Serve, connect: Connect, ssl_ids: Any) -> None:
    fleet = Fleet(FLEET.regions, FLEET.projects)
    fleet.add(record("ssl-1", "shop", None, 1700000000), region="cn-bj2", project="org-b")
    simulator = serve(fleet)
    simulator.add_fault(Fault("retcode", code=4996, region="hk", times=None))

    gathered = gather(connect(simulator), Query(("cn-bj2", "hk"), selection=Selection(ssl_ids=ssl_ids)), certs.NOW)

    assert [item.ssl_id for item in gathered.certificates] == ["ssl-1"]
    assert gathered.errors == []
