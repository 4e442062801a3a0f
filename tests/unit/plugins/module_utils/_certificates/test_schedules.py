# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever fails, and in whatever order, a result is complete and correct, or is reported as incomplete.

``SCHEDULES`` in the environment is the number of schedules. To repeat a failing one, use the line
that is printed with it.
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    IncompleteListingError,
    RequestContext,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import Gathered, gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.paging import Listing, Page
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Project, Region, Simulator, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from .._api.times import FakeTime
from ..conftest import end_requests

SCHEDULES = int(os.environ.get("SCHEDULES", "500"))
#: The number of certificates in each region and project. A page has three.
SIZES = {("cn-bj2", "org-a"): 7, ("cn-bj2", "org-b"): 3, ("hk", "org-a"): 0, ("hk", "org-b"): 5}
PLACES = {place: [f"ssl-{'-'.join(place)}-{number}" for number in range(size)] for place, size in SIZES.items()}
INSERTED = "ssl-inserted1"


def _fault(kind: str, **values: Any) -> st.SearchStrategy[Fault]:
    """Generate a fault for some requests (by action, region or page), from some request on, once or repeatedly."""
    where = {
        "action": st.sampled_from([None, "DescribeSSLV2"]),
        "region": st.sampled_from([None, "hk"]),
        "offset": st.sampled_from([None, 0, 2]),
        "after": st.integers(0, 4),
        "times": st.sampled_from([1, 2, 4, None]),
    }
    return st.builds(Fault, st.just(kind), **{**where, **values})


#: Each of these can be detected in the response itself.
LOUD = st.one_of(
    _fault("retcode", code=st.sampled_from([110, 150, 153, 161, 171, 230, 299, 4103]), message=st.just("no")),
    _fault("http_status", status=st.sampled_from([403, 404, 429, 500, 502, 503, 504])),
    _fault("redirect", location=st.just("http://localhost:1/")),
    _fault("reset"),
    _fault("truncated"),
    _fault("not_json", body=st.sampled_from(["", "{", "null", '{"RetCode": 0}', '{"RetCode": "x"}'])),
    _fault("html"),
    _fault("not_object"),
    _fault("no_retcode"),
    _fault("string_types"),
    _fault("spaced_key"),
    _fault("legacy_bindings"),
    _fault("null_fields", names=st.just(("SSLName", "Relations", "SSLContent"))),
    # The regions and projects themselves.
    _fault("retcode", code=st.just(130), action=st.sampled_from(["GetRegion", "GetProjectList"]), region=st.none()),
)
#: These can only be detected by comparing the pages of a listing; two of them together could agree with each other.
QUIET = st.one_of(
    _fault("total", delta=st.sampled_from([1, 5])),
    _fault("total", value=st.just(0)),
    _fault("total"),
    _fault("empty_page"),
    _fault("shift", how=st.sampled_from(["insert_at_front", "delete_first", "move", "swap"]), times=st.just(1)),
)


def _fleet() -> Fleet:
    fleet = Fleet(
        [Region("cn-bj2", is_default=True), Region("hk")], [Project("org-a", is_default=True), Project("org-b")]
    )
    for (region, project), ids in PLACES.items():
        fleet.replace([record(ssl_id, ssl_id, None, certs.NOW) for ssl_id in ids], region=region, project=project)
    return fleet


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(_fleet()) as simulator:
        yield simulator


@settings(
    max_examples=SCHEDULES, print_blob=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    loud=st.lists(LOUD, max_size=4),
    quiet=st.none() | QUIET,
    on_error=st.sampled_from(["fail", "warn"]),
    named=st.booleans(),
    retries=st.integers(0, 3),
)
def test_a_gathering_is_right_or_says_that_it_is_not(
    simulator: Simulator, loud: list[Fault], quiet: Fault | None, on_error: str, *, named: bool, retries: int
) -> None:
    simulator.clear()
    for fault in [*loud, *([quiet] if quiet else [])]:
        simulator.add_fault(fault)
    query = Query(
        ("cn-bj2", "hk") if named else ("all",),
        ("org-a", "org-b") if named else ("all",),
        on_error=on_error,
        page_size=3,
    )
    try:
        found = _gather(simulator, query, retries)
    except UCloudError:
        event("an error")
        return
    event("complete" if found.complete else "not complete")
    assert found.complete or on_error == "warn"
    failed = {(error.context.region, error.context.project_id) for error in found.errors if error.context}
    assert len(failed) == len(found.errors)
    by_place = defaultdict(list)
    for certificate in found.certificates:
        by_place[certificate.region, certificate.project_id].append(certificate.ssl_id)
    for place, ids in PLACES.items():
        if place in failed:
            assert place not in by_place
        else:
            assert sorted(map(str, by_place[place])) in _right(ids, quiet)


class Changing:
    """The ids of a listing that changes, and all its earlier states. New ones are added first or last."""

    def __init__(self, count: int, chance: random.Random, *, newest_first: bool) -> None:
        self._ids = [f"ssl-{number}" for number in range(count)]
        self._chance = chance
        self._newest_first = newest_first
        self._added = 0
        self.states = [frozenset(self._ids)]

    def page(self, offset: int, limit: int) -> Page[str]:
        return Page(len(self._ids), [(ssl_id, ssl_id) for ssl_id in self._ids[offset : offset + limit]])

    def add(self) -> None:
        self._added += 1
        self._ids.insert(0 if self._newest_first else len(self._ids), f"new-{self._added}")
        self.states.append(frozenset(self._ids))

    def delete(self) -> None:
        if self._ids:
            del self._ids[self._chance.randrange(len(self._ids))]
            self.states.append(frozenset(self._ids))

    def change(self, how: str) -> None:
        for step in {"add": "a", "delete": "d", "swap": "da", "swap back": "ad", "two": "dada"}.get(how, ""):
            self.add() if step == "a" else self.delete()


@settings(max_examples=SCHEDULES, print_blob=True)
@given(
    count=st.integers(0, 25),
    page_size=st.integers(1, 8),
    max_limit=st.integers(1, 8),
    newest_first=st.booleans(),
    changes=st.lists(st.sampled_from(["", "", "", "add", "delete", "swap", "swap back", "two"]), max_size=30),
    seed=st.integers(0, 2**32),
)
def test_a_fleet_that_changes_is_listed_as_it_was_at_one_time(
    *, count: int, page_size: int, max_limit: int, newest_first: bool, changes: list[str], seed: int
) -> None:
    """Before each request, a record may be added, deleted, or both, and pages arrive in any order."""
    chance = random.Random(seed)
    fleet = Changing(count, chance, newest_first=newest_first)
    listing: Listing[str] = Listing(RequestContext("DescribeSSLV2", "localhost"), page_size)
    waiting = listing.start()
    waits_for = iter(changes)
    try:
        while waiting:
            page_range = waiting.pop(chance.randrange(len(waiting)))
            fleet.change(next(waits_for, ""))
            waiting += listing.accept(page_range, fleet.page(page_range.offset, min(page_range.limit, max_limit)))
    except IncompleteListingError:
        event("an error")
        return
    event("complete")
    assert frozenset(listing.records) in fleet.states
    assert listing.total == len(listing.records)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["SSLId", "SSLName", "SSLSource", "CreateTime", "NotBefore", "NotAfter", "Domains", "Relations", "SSLContent"]
ROW = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6)


@settings(max_examples=SCHEDULES, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    answer=JSON
    | st.fixed_dictionaries({"RetCode": JSON}, optional={"DataSet": JSON, "TotalCount": JSON, "Message": JSON})
    | st.fixed_dictionaries(
        {"RetCode": st.just(0), "TotalCount": st.integers(0, 3), "DataSet": st.lists(ROW, max_size=3)}
    )
)
def test_any_answer_gives_facts_or_an_error(simulator: Simulator, answer: Any) -> None:
    simulator.clear()
    simulator.add_fault(Fault("not_json", body=json.dumps(answer), times=None))
    try:
        found = _gather(simulator, Query(("hk",), page_size=3), retries=0)
    except UCloudError:
        event("an error")
    else:
        event("facts")
        json.dumps([certificate.to_facts(certs.NOW) for certificate in found.certificates], allow_nan=False)
        assert found.total == len(found.certificates)


def _gather(simulator: Simulator, query: Query, retries: int) -> Gathered:
    account = simulator.accounts["main"]
    connection = Connection(
        account.public_key, account.private_key, base_url=simulator.http_url, max_retries=retries, concurrency=3
    )
    time = FakeTime()
    # Not the random numbers that Hypothesis controls.
    made = Client(connection, "unit tests", clock=time.clock, sleep=time.sleep, uniform=lambda _least, most: most)
    try:
        with closing(made) as client:
            return gather(client, query, certs.NOW)
    finally:
        # Otherwise they would be affected by the faults of the next schedule.
        end_requests()


def _right(ids: list[str], quiet: Fault | None) -> list[list[str]]:
    """Return the valid results of a listing: the original records, or those after a change."""
    how = quiet.how if quiet else None
    after = {"insert_at_front": [*ids, INSERTED], "delete_first": ids[1:], "swap": [*ids[1:], INSERTED]}.get(
        how or "", ids
    )
    return [sorted(ids), sorted(after)]
