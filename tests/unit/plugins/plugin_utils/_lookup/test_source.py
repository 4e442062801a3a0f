# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a lookup asks the API for, and what it keeps for the run: counted at a simulated API."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    AuthenticationError,
    PermissionDeniedError,
    TransportError,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.plugin_utils import _asking
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.run_cache import RunCache
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup import source
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.source import Fleet
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Project, Region, Simulator, demo, record
from ansible_collections.ucloud.ulb.tests.simulator import Fleet as SimulatedFleet
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

from .. import asking

REGIONS, PROJECTS = ("cn-bj2", "hk"), ("org-1", "org-2")
EVERYWHERE = Query(REGIONS, PROJECTS, page_size=2)
ALL = Query(("all",), ("all",))

#: A busy machine is slow.
PATIENCE = 120

MakeFleet = Callable[..., Fleet]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Three certificates in each of two regions and two projects."""
    fleet = SimulatedFleet([Region(name) for name in REGIONS], [Project(name) for name in PROJECTS])
    for number, (project, region) in enumerate((project, region) for project in PROJECTS for region in REGIONS):
        ids = [f"ssl-{number}{index}" for index in range(3)]
        fleet.replace((record(ssl_id, f"name {ssl_id}", None, 1) for ssl_id in ids), region=region, project=project)
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def fleet_of(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeFleet:
    """What a lookup of another process of the run would make."""

    def make(query: Query = EVERYWHERE, *, account: str = "main", cached: bool = True) -> Fleet:
        monkeypatch.setattr(source, "_indexes", {})
        keys = sim.accounts[account]
        connection = Connection(keys.public_key, keys.private_key, base_url=sim.http_url, max_retries=0)
        return Fleet(connection, query, RunCache(tmp_path, connection) if cached else None, listed.NOW)

    return make


def ids(fleet: Fleet, *wanted: str) -> list[Any]:
    return sorted(item.ssl_id or "" for item in fleet.index(frozenset(wanted) or None).certificates)


def asked(sim: Simulator) -> list[tuple[str | None, str | None, str | None]]:
    """Action, region and id of the requests since the last time."""
    requests = sorted((item.action or "", item.region or "", item.ssl_id or "") for item in sim.requests)
    sim.clear_requests()
    return [(action, region or None, ssl_id or None) for action, region, ssl_id in requests]


IDS = [f"ssl-{scope}{index}" for scope in range(4) for index in range(3)]


def test_a_listing_is_asked_for_once(sim: Simulator, fleet_of: MakeFleet) -> None:
    assert ids(fleet_of()) == IDS
    assert sim.request_count == 4 * 2 * 2  # pages of two, which are read twice
    assert ids(fleet_of()) == IDS
    assert ids(fleet_of(Query(("hk",), PROJECTS))) == ["ssl-10", "ssl-11", "ssl-12", "ssl-30", "ssl-31", "ssl-32"]
    assert sim.request_count == 4 * 2 * 2


def test_certificates_are_in_the_same_order_with_and_without_a_cache(fleet_of: MakeFleet) -> None:
    query = Query(REGIONS[::-1], PROJECTS[::-1])
    orders = [[item.ssl_id for item in fleet_of(query, cached=cached).index().certificates] for cached in (True, False)]
    assert orders == [IDS, IDS]


def test_conditions_do_not_change_what_is_kept(sim: Simulator, fleet_of: MakeFleet) -> None:
    assert ids(fleet_of(Query(REGIONS, PROJECTS, Selection(ssl_ids=frozenset({"ssl-00"}), bound=True)))) == IDS
    assert ids(fleet_of()) == IDS
    assert sim.request_count == 4


def test_a_process_reads_a_listing_once(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet = fleet_of()
    assert fleet.index() is fleet.index()
    assert sim.request_count == 4 * 2 * 2


def test_only_scopes_that_are_missing_are_asked_for(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet_of(Query(("hk",), PROJECTS)).index()
    assert asked(sim) == [("DescribeSSLV2", "hk", None)] * 2
    assert ids(fleet_of(Query(REGIONS, PROJECTS))) == IDS
    assert asked(sim) == [("DescribeSSLV2", "cn-bj2", None)] * 2


def test_without_a_project_it_is_another_scope(sim: Simulator, fleet_of: MakeFleet) -> None:
    assert ids(fleet_of(Query(("hk",), ("org-1",)))) == ids(fleet_of(Query(("hk",))))
    assert [request.project_id for request in sim.requests] == ["org-1", None]


def test_regions_and_projects_are_asked_for_once(sim: Simulator, fleet_of: MakeFleet) -> None:
    assert ids(fleet_of(ALL)) == ids(fleet_of(ALL)) == IDS
    assert [item[0] for item in asked(sim)] == ["DescribeSSLV2"] * 4 + ["GetProjectList", "GetRegion"]
    assert ids(fleet_of(Query(("all",), ("org-1",)))) == IDS[:6]
    assert [item[0] for item in asked(sim)] == ["GetRegion"]


def test_few_ids_are_asked_for_one_by_one_and_kept(sim: Simulator, fleet_of: MakeFleet) -> None:
    query = Query(REGIONS, ("org-1",))
    assert ids(fleet_of(query), "ssl-00", "ssl-99") == ["ssl-00"]
    single = [("DescribeSSLV2", region, ssl_id) for region in REGIONS for ssl_id in ("ssl-00", "ssl-99")]
    assert asked(sim) == single
    assert ids(fleet_of(query), "ssl-99", "ssl-00") == ["ssl-00"]
    assert asked(sim) == []
    assert ids(fleet_of(query), "ssl-00", "ssl-01") == ["ssl-00", "ssl-01"]
    assert asked(sim) == [("DescribeSSLV2", region, "ssl-01") for region in REGIONS]


def test_single_certificates_are_no_listing(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet_of(Query(("hk",), ("org-1",))).index(frozenset({"ssl-10"}))
    assert ids(fleet_of(Query(("hk",), ("org-1",)))) == ["ssl-10", "ssl-11", "ssl-12"]
    assert [item[2] for item in asked(sim)] == [None, "ssl-10"]


def test_many_ids_are_picked_from_a_listing(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet_of(Query(("hk",), ("org-1",))).index(frozenset(f"ssl-1{index}" for index in range(6)))
    assert asked(sim) == [("DescribeSSLV2", "hk", None)]


def test_ids_are_found_in_a_listing_that_is_there(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet_of(Query(("hk",), ("org-1",))).index()
    assert len(asked(sim)) == 1
    assert "ssl-10" in ids(fleet_of(Query(("hk",), ("org-1",))), "ssl-10")
    assert asked(sim) == []


@pytest.mark.parametrize("query", [EVERYWHERE, ALL])
def test_without_a_cache_each_question_is_asked(sim: Simulator, fleet_of: MakeFleet, query: Query) -> None:
    fleet = fleet_of(query, cached=False)
    assert ids(fleet) == IDS
    count = sim.request_count
    assert ids(fleet) == IDS
    assert sim.request_count == 2 * count


def test_without_a_cache_the_conditions_are_known_to_the_api(sim: Simulator, fleet_of: MakeFleet) -> None:
    selection = Selection(ssl_ids=frozenset({"ssl-10", "ssl-11"}))
    fleet = fleet_of(Query(("hk",), ("org-1",), selection), cached=False)
    assert ids(fleet, "ssl-10", "ssl-12") == ["ssl-10"]
    assert [item[2] for item in asked(sim)] == ["ssl-10"]
    assert ids(fleet) == ["ssl-10", "ssl-11"]
    assert [item[2] for item in asked(sim)] == ["ssl-10", "ssl-11"]


def test_private_keys_are_never_kept(sim: Simulator, fleet_of: MakeFleet, tmp_path: Path) -> None:
    (content,) = [row["SSLContent"] for *_unused, row in demo(listed.NOW) if row["SSLName"] == "wiki"]
    sim.fleet.replace([record("ssl-10", "x", content, 1)], region="hk", project="org-1")
    query = Query(("hk",), ("org-1",), content="all")
    for _time in range(2):
        (certificate,) = fleet_of(query).index().certificates
        assert "PRIVATE KEY" in (certificate.full_content or "")
    assert len(asked(sim)) == 2
    assert list(tmp_path.rglob("*.json")) == []
    (certificate,) = fleet_of(Query(("hk",), ("org-1",), content="certificates")).index().certificates
    assert "BEGIN CERTIFICATE" in (certificate.content.pem or "")
    (kept,) = tmp_path.rglob("*.json")
    assert "BEGIN CERTIFICATE" in kept.read_text(encoding="utf-8")
    assert "PRIVATE KEY" not in kept.read_text(encoding="utf-8")


def test_what_is_kept_without_chains_is_not_used_with_them(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet_of(Query(("hk",), ("org-1",))).index()
    fleet_of(Query(("hk",), ("org-1",), content="certificates")).index()
    assert len(asked(sim)) == 2


@pytest.mark.parametrize("on_error", ["fail", "warn"])
def test_a_scope_that_fails_leaves_the_others(sim: Simulator, fleet_of: MakeFleet, on_error: str) -> None:
    sim.add_fault(Fault("reset", region="hk", project_id="org-2", times=None))
    query = Query(REGIONS, PROJECTS, on_error=on_error)
    fleet = fleet_of(query)
    assert ids(fleet) == IDS[:9]
    (error,) = fleet.errors
    assert isinstance(error, TransportError)
    sim.clear()
    # Only what failed is asked for again, and only that is new.
    later = fleet_of(query)
    assert ids(later) == IDS
    assert later.errors == []
    assert asked(sim) == [("DescribeSSLV2", "hk", None)]


def test_a_scope_that_fails_fails_for_single_ids_too(sim: Simulator, fleet_of: MakeFleet) -> None:
    sim.add_fault(Fault("reset", region="hk", times=None))
    fleet = fleet_of(Query(REGIONS, ("org-1",)))
    assert ids(fleet, "ssl-00") == ["ssl-00"]
    assert [error.context and error.context.region for error in fleet.errors] == ["hk"]
    asked(sim)
    assert ids(fleet_of(Query(REGIONS, ("org-1",))), "ssl-00") == ["ssl-00"]
    assert asked(sim) == [("DescribeSSLV2", "hk", "ssl-00")]


def test_a_process_does_not_remember_what_is_not_complete(sim: Simulator, fleet_of: MakeFleet) -> None:
    sim.add_fault(Fault("reset", region="hk", project_id="org-2"))
    fleet = fleet_of()
    assert ids(fleet) == IDS[:9]
    assert len(fleet.errors) == 1
    assert ids(fleet) == IDS
    assert fleet.errors == []


def test_what_is_denied(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet = fleet_of(account="partial")
    assert ids(fleet) == IDS[:6]
    assert [type(error) for error in fleet.errors] == [PermissionDeniedError] * 2
    assert {error.context and error.context.project_id for error in fleet.errors} == {"org-2"}
    assert sim.request_count > 0


def test_accounts_share_nothing(sim: Simulator, fleet_of: MakeFleet) -> None:
    fleet_of().index()
    asked(sim)
    fleet_of(account="sub").index()
    assert len(asked(sim)) == 4 * 2 * 2


def test_credentials_that_are_not_accepted_always_fail(sim: Simulator, fleet_of: MakeFleet) -> None:
    sim.add_fault(Fault("retcode", code=171, times=None))
    with pytest.raises(AuthenticationError):
        fleet_of(Query(REGIONS, PROJECTS, on_error="warn")).index()


@pytest.mark.parametrize(
    ("fault", "error", "query", "raised"),
    [
        (Fault("reset", region="hk", times=None), TransportError, EVERYWHERE, False),
        (Fault("retcode", code=299, region="hk", times=None), PermissionDeniedError, EVERYWHERE, False),
        (Fault("retcode", code=171, times=None), AuthenticationError, EVERYWHERE, True),
        (Fault("retcode", code=299, action="GetRegion", times=None), PermissionDeniedError, ALL, True),
    ],
)
@pytest.mark.parametrize("wanted", [(), ("ssl-00", "ssl-01")])
def test_those_who_wait_fail_together(
    sim: Simulator,
    fleet_of: MakeFleet,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    error: type[UCloudError],
    query: Query,
    raised: bool,
    wanted: tuple[str, ...],
) -> None:
    sim.add_fault(fault)
    waiting = asking.queue_of(4, monkeypatch)
    name = "ask_scopes" if query is ALL else "ask"
    ask, calls = getattr(_asking, name), []

    def ask_when_all_wait(*args: Any) -> Any:
        calls.append(args)
        assert waiting.wait(PATIENCE)
        return ask(*args)

    monkeypatch.setattr(_asking, name, ask_when_all_wait)
    fleets = [fleet_of(query) for _number in range(4)]
    ends: list[Any] = []

    def run(fleet: Fleet) -> None:
        try:
            ends.append(ids(fleet, *wanted))
        except UCloudError as caught:
            ends.append(caught)

    threads = [threading.Thread(target=run, args=(fleet,)) for fleet in fleets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert (len(ends), len(calls)) == (4, 1)
    if raised:
        assert [type(end) for end in ends] == [error] * 4
        assert len({str(end) for end in ends}) == 1
    else:
        assert ends == [list(wanted) or [*IDS[:3], *IDS[6:9]]] * 4
        for fleet in fleets:
            assert [type(failed) for failed in fleet.errors] == [error] * 2
            assert {failed.context and failed.context.region for failed in fleet.errors} == {"hk"}


def test_regions_that_cannot_be_listed_always_fail(fleet_of: MakeFleet) -> None:
    with pytest.raises(PermissionDeniedError, match="GetRegion"):
        fleet_of(Query(("all",), PROJECTS, on_error="warn"), account="blocked").index()
