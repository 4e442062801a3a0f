# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions, projects and pages, over HTTP."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any
from unittest.mock import create_autospec

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    IncompleteListingError,
    MissingLibraryError,
    PermissionDeniedError,
    TransportError,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto, x509
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import Gathered, gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import FEW_IDS, Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._listing import listing as listing_module
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.listing import SILENT_SCOPES
from ansible_collections.ucloud.ulb.tests.simulator import (
    Fault,
    Fleet,
    Project,
    Record,
    Region,
    Simulator,
    record,
    relation,
)
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from .._api.wire import serving
from ..conftest import Connect, Serve

REGIONS, PROJECTS = ("cn-bj2", "hk", "cn-sh2"), ("org-b", "org-a")
#: The number of certificates in each region and project.
SIZES = {
    ("cn-bj2", "org-b"): 7,
    ("hk", "org-b"): 0,
    ("cn-sh2", "org-b"): 3,
    ("cn-bj2", "org-a"): 4,
    ("hk", "org-a"): 1,
    ("cn-sh2", "org-a"): 6,
}


def records(count: int, prefix: str = "ssl") -> list[Record]:
    """Return records with decreasing ids, so that the order of the API differs from that of the result."""
    return [record(f"{prefix}-{number:03d}", f"name {number}", None, 1700000000) for number in range(count, 0, -1)]


@pytest.fixture
def fleet() -> Fleet:
    made = Fleet(
        [
            Region("cn-bj2", ("cn-bj2-02", "cn-bj2-04"), is_default=True),
            Region("hk"),
            Region("cn-sh2", ("a", "b", "c")),
        ],
        [Project("org-b", is_default=True), Project("org-a")],
    )
    for (region, project), size in SIZES.items():
        made.replace(records(size, f"ssl-{region}-{project}"), region=region, project=project)
    return made


@pytest.fixture
def single(serve: Serve) -> Simulator:
    """One region and the default project, seven certificates."""
    return serve(Fleet.single(records(7)))


def ids(gathered: Gathered) -> list[str | None]:
    return [certificate.ssl_id for certificate in gathered.certificates]


def names_of(numbers: Iterable[int], prefix: str = "ssl") -> list[str]:
    return [f"{prefix}-{number:03d}" for number in numbers]


def query(regions: tuple[str, ...] = ("cn-bj2",), *, ssl_ids: Iterable[str] | None = None, **options: Any) -> Query:
    selection = Selection(ssl_ids=None if ssl_ids is None else frozenset(ssl_ids))
    return Query(regions, **{"selection": selection, "page_size": 3, **options})


def windows(simulator: Simulator) -> list[tuple[int | None, int | None]]:
    return [(request.offset, request.limit) for request in simulator.requests]


# Where to look


def test_all_regions_and_projects_by_name(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)

    found = gather(connect(simulator), query(REGIONS, project_ids=PROJECTS), certs.NOW)

    expected = sorted(
        (project, region, f"ssl-{region}-{project}-{number:03d}")
        for (region, project), size in SIZES.items()
        for number in range(1, size + 1)
    )
    assert [(item.project_id, item.region, item.ssl_id) for item in found.certificates] == expected
    assert (found.total, found.complete, found.errors) == (21, True, [])
    # Exactly the existing pages, and one request for an empty region and project.
    pages = Counter((request.region, request.project_id) for request in simulator.requests)
    # Each begins with the last certificate of the page before.
    assert pages == {place: max(1, size // 2) for place, size in SIZES.items()}
    assert {request.action for request in simulator.requests} == {"DescribeSSLV2"}


def test_all_of_both(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)

    found = gather(connect(simulator), query(("all",), project_ids=("all",)), certs.NOW)

    named = gather(connect(simulator), query(REGIONS, project_ids=PROJECTS), certs.NOW)
    assert found.certificates == named.certificates
    assert (found.total, found.complete) == (21, True)
    actions = Counter(request.action for request in simulator.requests)
    assert actions == {"GetRegion": 1, "GetProjectList": 1, "DescribeSSLV2": 2 * 11}


def test_without_a_project_the_default_one_is_meant_and_none_is_sent(
    fleet: Fleet, serve: Serve, connect: Connect
) -> None:
    simulator = serve(fleet)

    found = gather(connect(simulator), query(("cn-sh2",)), certs.NOW)

    assert ids(found) == names_of((1, 2, 3), "ssl-cn-sh2-org-b")
    assert {item.project_id for item in found.certificates} == {None}
    assert [request.project_id for request in simulator.requests] == [None]


def test_no_region_at_all(serve: Serve, connect: Connect) -> None:
    simulator = serve(Fleet.single(records(2)))
    simulator.add_fault(Fault("not_json", action="GetRegion", body='{"RetCode": 0, "Regions": []}'))

    with pytest.raises(IncompleteListingError, match="Regions has no row with a Region"):
        gather(connect(simulator), query(("all",)), certs.NOW)


def test_projects_that_are_named_but_not_listed(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)
    body = json.dumps({"RetCode": 0, "ProjectCount": 3, "ProjectSet": [{"ProjectId": "org-b"}]})
    simulator.add_fault(Fault("not_json", action="GetProjectList", body=body))

    with pytest.raises(IncompleteListingError, match="the API counts 3 projects, but lists 1"):
        gather(connect(simulator), query(project_ids=("all",), on_error="warn"), certs.NOW)


@pytest.mark.parametrize("action", ["GetRegion", "GetProjectList"])
def test_a_list_of_places_that_cannot_be_had_always_fails(
    fleet: Fleet, serve: Serve, connect: Connect, action: str
) -> None:
    simulator = serve(fleet)
    simulator.add_fault(Fault("retcode", action=action, code=299, message="no"))

    with pytest.raises(PermissionDeniedError) as raised:
        gather(connect(simulator), query(("all",), project_ids=("all",), on_error="warn"), certs.NOW)

    assert raised.value.to_facts()["code"] == 299
    assert str(raised.value).startswith(f"{action} at 127.0.0.1:")
    assert not any(request.action == "DescribeSSLV2" for request in simulator.requests)


# Pages


@pytest.mark.parametrize(
    ("count", "page_size", "expected"),
    [
        (0, 3, [(0, 3)]),
        (1, 3, [(0, 3)]),
        (3, 3, [(0, 3)]),
        (4, 3, [(0, 3), (2, 3)]),
        (5, 3, [(0, 3), (2, 3)]),
        (7, 3, [(0, 3), (2, 3), (4, 3)]),
        (7, 100, [(0, 100)]),
        # Pages that are too short to overlap: all of them are read twice.
        (3, 2, [(0, 2), (0, 2), (2, 2), (2, 2)]),
    ],
)
def test_pages(serve: Serve, connect: Connect, count: int, page_size: int, expected: list[tuple[int, int]]) -> None:
    simulator = serve(Fleet.single(records(count)))

    found = gather(connect(simulator), query(page_size=page_size), certs.NOW)

    assert ids(found) == names_of(range(1, count + 1))
    assert found.total == count
    assert sorted(windows(simulator)) == expected


def test_a_server_that_clamps_the_limit(serve: Serve, connect: Connect) -> None:
    simulator = serve(Fleet.single(records(7)), max_limit=4)

    found = gather(connect(simulator), query(page_size=5), certs.NOW)

    assert ids(found) == names_of(range(1, 8))
    assert sorted(windows(simulator)) == [(0, 5), (3, 4)]


def test_more_requests_than_may_be_under_way_at_once(serve: Serve, connect: Connect) -> None:
    simulator = serve(Fleet.single(records(40)))

    found = gather(connect(simulator, concurrency=2), query(page_size=1), certs.NOW)

    assert ids(found) == names_of(range(1, 41))
    assert simulator.request_count == 2 * 40
    assert max(request.in_flight for request in simulator.requests) <= 2


def test_pages_come_side_by_side_but_are_read_one_at_a_time(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = serve(Fleet.single(records(24)))
    simulator.add_fault(Fault("latency", seconds=0.05, times=None))
    readers = most = 0
    from_api = Certificate.from_api

    def read(*record: Any) -> Certificate:
        nonlocal readers, most
        readers += 1
        most = max(most, readers)
        time.sleep(0.002)  # let other threads run
        readers -= 1
        return from_api(*record)

    monkeypatch.setattr(Certificate, "from_api", read)

    found = gather(connect(simulator, concurrency=8), query(), certs.NOW)

    assert len(found.certificates) == 24
    assert max(request.in_flight for request in simulator.requests) > 1
    assert most == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        # without a total, or with 0 despite records: page after page, until one has nothing new
        (Fault("total", times=None), [(0, 3), (2, 3), (4, 3), (6, 3)]),
        (Fault("total", value=0, times=None), [(0, 3), (2, 3), (4, 3), (6, 3)]),
        (Fault("spaced_key", times=None), [(0, 3), (2, 3), (4, 3)]),
        (Fault("string_types", times=None), [(0, 3), (2, 3), (4, 3)]),
        (Fault("null_fields", times=None), [(0, 3), (2, 3), (4, 3)]),
        (Fault("legacy_bindings", times=None), [(0, 3), (2, 3), (4, 3)]),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_answers_that_are_not_what_the_reference_promises(
    single: Simulator, connect: Connect, fault: Fault, expected: list[tuple[int, int]]
) -> None:
    single.add_fault(fault)

    found = gather(connect(single), query(), certs.NOW)

    assert ids(found) == names_of(range(1, 8))
    assert (found.total, found.complete) == (7, True)
    assert sorted(windows(single)) == expected


def test_string_types_null_fields_and_old_bindings_become_facts(serve: Serve, connect: Connect) -> None:
    bound = record("ssl-1", "shop", None, 1772352000, [relation(("alb-1", "shop"), ("lsn-1", "https"))])
    simulator = serve(Fleet.single([bound]))
    client = connect(simulator)

    def facts(*faults: Fault) -> dict[str, Any]:
        simulator.clear_faults()
        simulator.add_fault(*faults)
        (certificate,) = gather(client, query(), certs.NOW).certificates
        return certificate.to_facts(certs.NOW)

    plain = facts()
    assert plain["bindings"][0]["is_default"] is True
    assert plain["created_at"] == "2026-03-01T08:00:00Z"
    assert facts(Fault("string_types")) == plain
    assert facts(Fault("spaced_key")) == plain
    nulled = facts(Fault("null_fields"))
    assert (nulled["ssl_id"], nulled["ssl_name"], nulled["source"], nulled["created_at"]) == (
        "ssl-1",
        None,
        "unknown",
        None,
    )
    assert facts(Fault("legacy_bindings"))["bindings"] == [
        {
            "load_balancer_id": None,
            "load_balancer_name": None,
            "load_balancer_type": "application",
            "listener_id": "lsn-1",
            "listener_name": None,
            "is_default": None,
            **dict.fromkeys(("protocol", "port", "addresses", "tls")),
        }
    ]


def test_records_without_an_id_are_told_apart_by_what_is_in_them(single: Simulator, connect: Connect) -> None:
    single.add_fault(Fault("null_fields", names=("SSLId",), times=None))

    found = gather(connect(single), query(), certs.NOW)

    assert ids(found) == [None] * 7
    assert (found.total, found.complete) == (7, True)


@pytest.mark.parametrize("total", ["", '"TotalCount": 100000000000000000000, '])
def test_a_page_that_comes_again_and_again_ends_the_listing(single: Simulator, connect: Connect, total: str) -> None:
    body = f'{{"RetCode": 0, {total}"DataSet": [{{"SSLName": "a"}}, {{"SSLName": "b"}}, {{}}]}}'
    single.add_fault(Fault("not_json", body=body, times=None))

    with pytest.raises(IncompleteListingError, match="inconsistent listing after 3 attempts"):
        gather(connect(single), query(), certs.NOW)


def test_blanks_behind_the_keys_of_a_record(single: Simulator, connect: Connect) -> None:
    rows = [{"SSLId ": "ssl-1", " SSLContent ": certs.pem(certs.leaf())}]
    single.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, "TotalCount": 1, "DataSet": rows})))

    (certificate,) = gather(connect(single), query(), certs.NOW).certificates

    assert (certificate.ssl_id, certificate.not_after) == ("ssl-1", certs.NOT_AFTER)


@pytest.mark.parametrize("content", [None, "", 7, [], {"a": "b"}])
def test_content_that_is_none(single: Simulator, connect: Connect, content: Any) -> None:
    rows = [{"SSLId": "ssl-1", "SSLContent": content}]
    single.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, "TotalCount": 1, "DataSet": rows})))

    (certificate,) = gather(connect(single), query(content="all"), certs.NOW).certificates

    facts = certificate.to_facts(certs.NOW)
    assert [facts[name] for name in ("private_key_stored", "x509", "x509_error", "content")] == [None] * 4


@pytest.mark.parametrize("rows", ["none", 1, {"SSLId": "ssl-1"}, ["ssl-1"], [None]])
@pytest.mark.parametrize("ssl_ids", [None, ["ssl-1"]])
def test_a_data_set_of_the_wrong_type(
    single: Simulator, connect: Connect, rows: Any, ssl_ids: list[str] | None
) -> None:
    single.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, "TotalCount": 1, "DataSet": rows})))
    client = connect(single)

    with pytest.raises(TransportError) as raised:
        gather(client, query(ssl_ids=ssl_ids), certs.NOW)

    assert raised.value.describe() == (
        f"DescribeSSLV2 in region cn-bj2 at {client.connection.endpoint}: this is not a response of the UCloud API:"
        " DataSet is not a list of objects. Check base_url."
    )


@pytest.mark.parametrize("rows", [{"DataSet": None}, {}])
def test_an_absent_data_set_is_an_empty_one(single: Simulator, connect: Connect, rows: dict[str, Any]) -> None:
    single.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, "TotalCount": 0, **rows})))

    assert gather(connect(single), query(), certs.NOW) == Gathered(total=0)


# Listings that change, and wrong totals


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("insert_at_front", [*names_of(range(1, 8)), "ssl-inserted1"]),
        ("delete_first", names_of(range(1, 7))),
        ("move", names_of(range(1, 8))),
        ("swap", [*names_of(range(1, 7)), "ssl-inserted1"]),
    ],
)
@pytest.mark.parametrize("after", [1, 2])
def test_data_that_shifts_once_is_read_again(
    single: Simulator, connect: Connect, how: str, expected: list[str], after: int
) -> None:
    single.add_fault(Fault("shift", how=how, after=after))

    found = gather(connect(single, concurrency=1), query(), certs.NOW)

    assert ids(found) == expected
    assert (found.total, found.complete) == (len(expected), True)
    # The inconsistent attempt, and a complete one.
    assert len([offset for offset, _unused in windows(single) if offset == 0]) == 2


@pytest.mark.parametrize("how", ["insert_at_front", "delete_first", "move"])
def test_data_that_shifts_before_the_first_page_changes_nothing(single: Simulator, connect: Connect, how: str) -> None:
    single.add_fault(Fault("shift", how=how))

    assert gather(connect(single, concurrency=1), query(), certs.NOW).complete
    assert single.request_count == {"insert_at_front": 4, "delete_first": 3, "move": 3}[how]


@pytest.mark.parametrize("how", ["insert_at_front", "move"])
def test_data_that_never_rests_is_given_up(single: Simulator, connect: Connect, how: str) -> None:
    single.add_fault(Fault("shift", how=how, times=None))

    with pytest.raises(IncompleteListingError, match="inconsistent listing after 3 attempts"):
        gather(connect(single, concurrency=1), query(), certs.NOW)

    assert len([offset for offset, _unused in windows(single) if offset == 0]) == 3


@pytest.mark.parametrize(
    ("fault", "account"),
    [
        (
            Fault("total", delta=2, times=None),
            "the total was 9, and the API returned 7 different certificates (7 in all, on 4 pages)",
        ),
        (
            Fault("total", delta=-3, times=None),
            "the total was 4, and the API returned 5 different certificates (5 in all, on 2 pages)",
        ),
        (
            Fault("total", value=10**9, times=None),
            "the total was 1000000000, and the API returned 7 different certificates",
        ),
        (
            Fault("total", delta=1, offset=2, times=None),
            "the total was 7 or 8, and the API returned 7 different certificates (7 in all, on 3 pages)",
        ),
        (
            Fault("empty_page", offset=2, times=None),
            "the total was 7, and the API returned 6 different certificates (6 in all, on 3 pages)",
        ),
        (
            Fault("empty_page", times=None),
            "the total was 7, and the API returned 0 different certificates (0 in all, on 1 pages)",
        ),
    ],
)
def test_a_total_that_lies(single: Simulator, connect: Connect, fault: Fault, account: str) -> None:
    single.add_fault(fault)
    client = connect(single, concurrency=1)

    with pytest.raises(IncompleteListingError) as raised:
        gather(client, query(), certs.NOW)

    message = raised.value.describe()
    assert message.startswith(
        f"DescribeSSLV2 in region cn-bj2 at {client.connection.endpoint}: inconsistent listing after 3 attempts:"
        f" {account}"
    )
    assert message.endswith(
        "The certificates may have changed during the listing. Run again. A lower concurrency may help."
    )


def test_a_lie_that_passes_is_overcome(single: Simulator, connect: Connect) -> None:
    single.add_fault(Fault("total", delta=5), Fault("empty_page", offset=3, after=1))

    found = gather(connect(single, concurrency=1), query(), certs.NOW)

    assert ids(found) == names_of(range(1, 8))


def test_the_same_record_on_every_page_ends(single: Simulator, connect: Connect) -> None:
    body = json.dumps({"RetCode": 0, "DataSet": [{"SSLId": "ssl-1"}]})
    single.add_fault(Fault("not_json", body=body, times=None))

    with pytest.raises(
        IncompleteListingError, match="the total was none, and the API returned 1 different certificates"
    ):
        gather(connect(single), query(), certs.NOW)

    assert single.request_count == 3 * 2


def test_an_incomplete_listing_is_reported_where_that_is_asked_for(
    fleet: Fleet, serve: Serve, connect: Connect
) -> None:
    simulator = serve(fleet)
    simulator.add_fault(Fault("total", delta=1, region="cn-sh2", project_id="org-a", times=None))

    found = gather(connect(simulator), query(REGIONS, project_ids=PROJECTS, on_error="warn"), certs.NOW)

    assert (found.total, found.complete, len(found.certificates)) == (15, False, 15)
    (error,) = found.errors
    assert isinstance(error, IncompleteListingError)
    assert {name: error.to_facts()[name] for name in ("region", "project_id", "code", "request_id")} == {
        "region": "cn-sh2",
        "project_id": "org-a",
        "code": None,
        "request_id": None,
    }


# Failures


def test_a_failing_place_fails_everything(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)
    client = connect(simulator, "partial")

    with pytest.raises(PermissionDeniedError) as raised:
        gather(client, query(("hk",), project_ids=PROJECTS), certs.NOW)

    (refused,) = (request for request in simulator.requests if request.project_id == "org-a")
    assert raised.value.describe() == (
        f"DescribeSSLV2 in region hk and project org-a at {client.connection.endpoint}: IAM permission denied"
        f" (RetCode 299, request {refused.request_uuid})."
        " IAM denies this action: ask an administrator to grant ulb:DescribeSSLV2 for this project."
    )


def test_a_failing_place_is_reported_and_the_rest_returned(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)

    found = gather(connect(simulator, "partial"), query(REGIONS, project_ids=PROJECTS, on_error="warn"), certs.NOW)

    assert {item.project_id for item in found.certificates} == {"org-b"}
    assert (found.total, found.complete, len(found.certificates)) == (10, False, 10)
    assert all(isinstance(error, PermissionDeniedError) for error in found.errors)
    errors = sorted((error.to_facts() for error in found.errors), key=lambda facts: REGIONS.index(facts["region"]))
    assert [(facts["region"], facts["project_id"], facts["code"]) for facts in errors] == [
        (region, "org-a", 299) for region in REGIONS
    ]
    uuids = {request.region: request.request_uuid for request in simulator.requests if request.project_id == "org-a"}
    assert {facts["region"]: facts["request_id"] for facts in errors} == uuids


def test_a_place_whose_later_pages_fail_is_left_out_as_a_whole(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)
    fault = Fault("retcode", region="cn-bj2", project_id="org-b", code=230, message="no such page", after=1, times=None)
    simulator.add_fault(fault)

    found = gather(
        connect(simulator),
        query(("cn-bj2", "cn-sh2"), project_ids=("org-b",), on_error="warn"),
        certs.NOW,
    )

    assert ids(found) == names_of((1, 2, 3), "ssl-cn-sh2-org-b")
    assert (found.total, found.complete) == (3, False)
    # Two of its pages failed, with one error for the region and project.
    (error,) = found.errors
    assert isinstance(error, ApiError)
    assert (error.code, error.message) == (230, "no such page")


@pytest.mark.parametrize(
    ("kind", "values"), [("reset", {}), ("truncated", {}), ("html", {}), ("http_status", {"status": 403})]
)
def test_an_answer_that_cannot_be_used(single: Simulator, connect: Connect, kind: str, values: dict[str, Any]) -> None:
    single.add_fault(Fault(kind, times=None, **values))

    with pytest.raises(TransportError):
        gather(connect(single), query(), certs.NOW)
    found = gather(connect(single), query(on_error="warn"), certs.NOW)
    assert (found.certificates, found.total, found.complete) == ([], 0, False)
    assert [type(error) for error in found.errors] == [TransportError]


WRONG_KEY = {"private_key": "wrong"}
UNKNOWN_USER = {"public_key": "nobody"}


@pytest.mark.parametrize(
    ("account", "options", "code"),
    [("main", WRONG_KEY, 171), ("main", UNKNOWN_USER, 172), ("sts", {"security_token": None}, 174)],
)
@pytest.mark.parametrize("on_error", ["fail", "warn"])
@pytest.mark.parametrize("ssl_ids", [None, ["ssl-1"]])
def test_credentials_that_are_not_accepted_always_fail(
    single: Simulator,
    connect: Connect,
    account: str,
    options: dict[str, Any],
    code: int,
    on_error: str,
    ssl_ids: list[str] | None,
) -> None:
    with pytest.raises(AuthenticationError) as raised:
        gather(connect(single, account, **options), query(ssl_ids=ssl_ids, on_error=on_error), certs.NOW)

    assert raised.value.code == code


def test_credentials_that_one_place_does_not_accept_fail_everything(
    fleet: Fleet, serve: Serve, connect: Connect
) -> None:
    simulator = serve(fleet)
    simulator.add_fault(Fault("retcode", code=174, message="token unknown", region="hk", times=None))

    with pytest.raises(AuthenticationError):
        gather(connect(simulator), query(REGIONS, on_error="warn"), certs.NOW)


def test_a_sub_account_must_name_a_project(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)

    with pytest.raises(PermissionDeniedError) as raised:
        gather(connect(simulator, "sub"), query(), certs.NOW)

    assert raised.value.code == 292
    assert gather(connect(simulator, "sub"), query(project_ids=("org-a",)), certs.NOW).total == 4


def test_what_is_no_error_of_the_api_is_not_swallowed(connect: Connect, single: Simulator) -> None:
    client = create_autospec(Client, instance=True)
    client.connection = Connection("public", "private", max_retries=0)
    client.context.side_effect = connect(single).context
    client.call.side_effect = ZeroDivisionError("a mistake of ours")

    with pytest.raises(ZeroDivisionError, match="a mistake of ours"):
        gather(client, query(on_error="warn"), certs.NOW)


# Endpoints that do not respond


@pytest.mark.parametrize("ssl_ids", [None, ["ssl-1"]])
def test_a_dead_endpoint_is_not_asked_for_every_place(ssl_ids: list[str] | None) -> None:
    regions = tuple(f"region-{number:02d}" for number in range(40))
    with serving(lambda _request: b"") as wire:
        client = Client(Connection("public", "private", base_url=wire.url, max_retries=0, concurrency=1), "unit tests")
        found = gather(client, query(regions, on_error="warn", ssl_ids=ssl_ids), certs.NOW)
        client.close()

    # Calls that had started before the others were cancelled may have sent requests; their number varies.
    assert SILENT_SCOPES <= len(wire.requests) < len(regions) / 2
    assert [str(error.context.region) for error in found.errors if error.context] == list(regions)
    assert ["the connection broke" in str(error) for error in found.errors] == [True] * 5 + [False] * 35
    assert found.errors[-1].problem == (
        "cancelled, because the endpoint did not respond for 5 regions and projects in a row"
    )


def test_an_endpoint_that_answers_now_and_then_is_asked_for_all(
    fleet: Fleet, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_module, "SILENT_SCOPES", 2)
    simulator = serve(fleet)
    simulator.add_fault(Fault("reset", region="hk", times=None))
    simulator.add_fault(Fault("http_status", status=404, region="cn-sh2", times=None))

    client = connect(simulator, concurrency=1, max_retries=0)
    found = gather(client, query(REGIONS, project_ids=PROJECTS, on_error="warn"), certs.NOW)

    assert [error.problem.split(":")[0][:20] for error in found.errors] == [
        "the connection broke",
        "HTTP status 404, beg",
    ] * 2
    assert found.total == SIZES["cn-bj2", "org-a"] + SIZES["cn-bj2", "org-b"]


def test_the_whole_gathering_has_a_bound(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)
    simulator.add_fault(Fault("latency", seconds=2, region="hk", times=None))

    client = connect(simulator, total_timeout=1)
    found = gather(client, query(("cn-bj2", "hk"), on_error="warn"), certs.NOW)

    assert found.total == SIZES["cn-bj2", "org-b"]
    (error,) = found.errors
    assert error.describe() == (
        f"DescribeSSLV2 in region hk at {client.connection.endpoint}: not completed within the total timeout of 1 s."
        " List fewer regions and projects at once, or raise total_timeout."
    )


# Single certificates


def test_few_ids_are_asked_for_one_by_one(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet)
    wanted = ["ssl-cn-bj2-org-b-002", "ssl-cn-sh2-org-a-006", "ssl-none"]

    found = gather(connect(simulator), query(REGIONS, project_ids=PROJECTS, ssl_ids=wanted), certs.NOW)

    assert [(item.project_id, item.region, item.ssl_id) for item in found.certificates] == [
        ("org-a", "cn-sh2", "ssl-cn-sh2-org-a-006"),
        ("org-b", "cn-bj2", "ssl-cn-bj2-org-b-002"),
    ]
    # The total of a request with an id has no meaning.
    assert (found.total, found.complete) == (None, True)
    asked = Counter((request.region, request.project_id, request.ssl_id) for request in simulator.requests)
    assert asked == {(region, project, ssl_id): 1 for region, project in SIZES for ssl_id in wanted}
    assert set(windows(simulator)) == {(None, None)}


@pytest.mark.parametrize("total", ["all", "matching"])
def test_the_total_of_a_single_certificate_does_not_matter(serve: Serve, connect: Connect, total: str) -> None:
    simulator = serve(Fleet.single(records(7)), ssl_id_total=total)

    assert ids(gather(connect(simulator), query(ssl_ids=["ssl-003"]), certs.NOW)) == ["ssl-003"]


def test_a_server_that_does_not_filter_is_listed(fleet: Fleet, serve: Serve, connect: Connect) -> None:
    simulator = serve(fleet, max_limit=3, filters_ids=False)
    # One id on the first page of its listing, one after it, and one that does not exist.
    wanted = ["ssl-cn-bj2-org-b-007", "ssl-cn-bj2-org-a-001", "ssl-none"]

    found = gather(connect(simulator), query(REGIONS, project_ids=PROJECTS, ssl_ids=wanted), certs.NOW)

    assert ids(found) == ["ssl-cn-bj2-org-a-001", "ssl-cn-bj2-org-b-007"]
    assert (found.total, found.complete) == (None, True)
    listed = {(request.region, request.project_id) for request in simulator.requests if request.ssl_id is None}
    assert listed == {place for place, size in SIZES.items() if size}


def test_the_id_that_was_asked_for_is_picked_from_what_came(single: Simulator, connect: Connect) -> None:
    single.settings.filters_ids = False

    found = gather(connect(single), query(ssl_ids=["ssl-003", "ssl-007"]), certs.NOW)

    assert ids(found) == ["ssl-003", "ssl-007"]
    assert single.request_count == 2


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"DataSet": []}, None),
        ({"DataSet": [], "TotalCount": 7}, None),
        ({"TotalCount": 0}, None),
        ({"TotalCount": 7}, "ssl-001"),
        ({"DataSet": [{"SSLName": "no id"}]}, "ssl-001"),
        ({"DataSet": [{"SSLId": "ssl-001"}, {"SSLId": "ssl-001"}]}, "ssl-001"),
        # Two certificates have the same id, which the listing reports.
        ({"DataSet": [{"SSLId": "ssl-001", "SSLName": "a"}, {"SSLId": "ssl-001", "SSLName": "b"}]}, "ssl-001"),
    ],
)
def test_answers_for_a_single_id(
    single: Simulator, connect: Connect, fields: dict[str, Any], expected: str | None
) -> None:
    single.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, **fields})))

    found = gather(connect(single), query(ssl_ids=["ssl-001"]), certs.NOW)

    assert ids(found) == ([expected] if expected else [])
    assert found.complete


def test_the_most_ids_that_are_few(serve: Serve, connect: Connect) -> None:
    simulator = serve(Fleet.single(records(9)))

    found = gather(connect(simulator), query(ssl_ids=names_of(range(1, FEW_IDS + 1))), certs.NOW)

    assert FEW_IDS == 5
    assert ids(found) == names_of((1, 2, 3, 4, 5))
    assert sorted(str(request.ssl_id) for request in simulator.requests) == names_of((1, 2, 3, 4, 5))


def test_many_ids_are_picked_from_a_listing(serve: Serve, connect: Connect) -> None:
    simulator = serve(Fleet.single(records(9)))

    found = gather(connect(simulator), query(ssl_ids=names_of((1, 3, 5, 7, 9, 11))), certs.NOW)

    assert ids(found) == names_of((1, 3, 5, 7, 9))
    assert (found.total, found.complete) == (9, True)
    assert sorted(windows(simulator)) == [(0, 3), (2, 3), (4, 3), (6, 3)]
    assert {request.ssl_id for request in simulator.requests} == {None}


def test_no_ids_need_no_request(single: Simulator, connect: Connect) -> None:
    assert gather(connect(single), query(ssl_ids=[]), certs.NOW) == Gathered(total=None)
    assert single.request_count == 0


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (230, "SSL ssl-1 not found"),
        (4106, "ssl does not exist"),
        (4106, "Resource Not Exist"),
        (4106, "this SSLId doesn't exist"),
        (8039, "证书不存在"),
    ],
)
def test_an_error_that_says_that_there_is_no_such_id(
    single: Simulator, connect: Connect, code: int, message: str
) -> None:
    single.add_fault(Fault("retcode", code=code, message=message))

    found = gather(connect(single), query(ssl_ids=["ssl-1"]), certs.NOW)

    assert (found.certificates, found.complete) == ([], True)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (230, "Params [Region] not available"),
        (292, "Project does not exist"),
        (299, "role does not exist"),
        (4111, ""),
        # Something else does not exist.
        (161, "Action DescribeSSLV2 does not exist"),
        (230, "Region cn-bj9 does not exist"),
        (220, "x does not exist"),
        (230, "Params [Region] not exist"),
        (150, "service not found"),
    ],
)
def test_other_errors_about_a_single_id(single: Simulator, connect: Connect, code: int, message: str) -> None:
    single.add_fault(Fault("retcode", code=code, message=message, times=None))

    with pytest.raises(ApiError) as raised:
        gather(connect(single), query(ssl_ids=["ssl-1"]), certs.NOW)
    assert raised.value.code == code
    found = gather(connect(single), query(ssl_ids=["ssl-1", "ssl-2"], on_error="warn"), certs.NOW)
    # Both requests failed, with one error for the region and project.
    assert (found.certificates, found.complete, len(found.errors)) == ([], False, 1)


@pytest.mark.parametrize("body", ['{"RetCode": 0}', '{"RetCode": 0, "DataSet": null, "TotalCount": null}'])
@pytest.mark.parametrize("ssl_ids", [None, ["ssl-001"]])
def test_an_answer_that_says_nothing_proves_nothing(
    single: Simulator, connect: Connect, body: str, ssl_ids: list[str] | None
) -> None:
    single.add_fault(Fault("not_json", body=body))

    with pytest.raises(IncompleteListingError, match="the response has neither records nor a total"):
        gather(connect(single), query(ssl_ids=ssl_ids), certs.NOW)


def test_an_answer_that_says_nothing_does_not_end_a_listing(single: Simulator, connect: Connect) -> None:
    single.add_fault(Fault("total", times=None))
    single.add_fault(Fault("not_json", body='{"RetCode": 0}', offset=2))

    with pytest.raises(IncompleteListingError, match="the response has neither records nor a total"):
        gather(connect(single), query(), certs.NOW)


def test_not_found_is_an_error_in_a_listing(single: Simulator, connect: Connect) -> None:
    single.add_fault(Fault("retcode", code=230, message="Region does not exist"))

    with pytest.raises(ApiError, match="Region does not exist"):
        gather(connect(single), query(), certs.NOW)


# Which certificates are kept


def test_selection_changes_neither_total_nor_proof(single: Simulator, connect: Connect) -> None:
    selection = Selection(names=("name 2", "name 6"))

    found = gather(connect(single), query(selection=selection), certs.NOW)

    assert ids(found) == ["ssl-002", "ssl-006"]
    assert (found.total, found.complete) == (7, True)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("domains", ("a.shop.example.com",), ["ssl-leaf"]),
        ("expired", True, []),
        ("expires_within", 60 * certs.DAY, ["ssl-leaf"]),
        ("expires_within", 60 * certs.DAY - 1, []),
        (
            "fingerprints",
            frozenset([x509.Parsed(certs.der(certs.authority())).fingerprint]),
            ["ssl-ca"],
        ),
    ],
)
def test_selection_by_what_is_in_the_certificate(
    serve: Serve, connect: Connect, option: str, value: Any, expected: list[str]
) -> None:
    contents = {
        "leaf": certs.pem(certs.leaf()),
        "ca": certs.pem(certs.authority()),
        "none": None,
    }
    simulator = serve(Fleet.single(record(f"ssl-{name}", name, text, 1) for name, text in contents.items()))
    selection = Selection(**{option: value})

    # It is unknown for the one without content, so that one is kept.
    kept = [*expected, "ssl-none"]
    assert ids(gather(connect(simulator), query(selection=selection), certs.NOW)) == kept
    by_id = Selection(ssl_ids=frozenset(["ssl-leaf", "ssl-ca", "ssl-none"]), **{option: value})
    assert ids(gather(connect(simulator), query(selection=by_id), certs.NOW)) == kept


@pytest.mark.parametrize(
    "condition",
    [
        {"domains": ("a.example.com",)},
        {"expires_within": 1},
        {"expired": False},
        {"fingerprints": frozenset(["ab" * 32])},
    ],
)
def test_conditions_that_need_cryptography_say_so_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, single: Simulator, connect: Connect, condition: dict[str, Any]
) -> None:
    monkeypatch.setattr(crypto, "CRYPTOGRAPHY_IMPORT_ERROR", "Traceback …")

    with pytest.raises(MissingLibraryError) as raised:
        gather(connect(single), query(selection=Selection(**condition)), certs.NOW)

    assert (raised.value.library, raised.value.reason) == ("cryptography", "Traceback …")
    assert single.request_count == 0


def test_conditions_on_the_record_do_not_need_cryptography(
    monkeypatch: pytest.MonkeyPatch, single: Simulator, connect: Connect
) -> None:
    monkeypatch.setattr(crypto, "CRYPTOGRAPHY_IMPORT_ERROR", "Traceback …")

    assert ids(gather(connect(single), query(selection=Selection(names=("name 4",))), certs.NOW)) == ["ssl-004"]


def test_gathered_is_complete_as_long_as_there_are_no_errors() -> None:
    assert Gathered().complete is True
    assert Gathered(errors=[UCloudError("one")]).complete is False
