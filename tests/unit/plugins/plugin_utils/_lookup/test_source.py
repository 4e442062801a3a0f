# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests of a lookup to a simulated API, and what it caches for the run."""

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
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.run_cache import RunCache
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup import source
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.source import CertificateSource
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Project, Region, Simulator, demo, record
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

from .. import cache_users

REGIONS, PROJECTS = ("cn-bj2", "hk"), ("org-1", "org-2")
EVERYWHERE = Query(REGIONS, PROJECTS, page_size=2)
ALL = Query(("all",), ("all",))

#: Timeout in seconds for a busy machine.
PATIENCE = 120

MakeSource = Callable[..., CertificateSource]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator with three certificates in each of two regions and two projects."""
    fleet = Fleet([Region(name) for name in REGIONS], [Project(name) for name in PROJECTS])
    for number, (project, region) in enumerate((project, region) for project in PROJECTS for region in REGIONS):
        ids = [f"ssl-{number}{index}" for index in range(3)]
        fleet.replace((record(ssl_id, f"name {ssl_id}", None, 1) for ssl_id in ids), region=region, project=project)
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def source_for(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeSource:
    """Creates a source like that of another process of the run."""

    def make(query: Query = EVERYWHERE, *, account: str = "main", cached: bool = True) -> CertificateSource:
        monkeypatch.setattr(source, "_indexes", {})
        keys = sim.accounts[account]
        connection = Connection(keys.public_key, keys.private_key, base_url=sim.http_url, max_retries=0)
        return CertificateSource(connection, query, RunCache(tmp_path, connection) if cached else None, listed.NOW)

    return make


def ids(source: CertificateSource, *wanted: str) -> list[Any]:
    return sorted(item.ssl_id or "" for item in source.index(frozenset(wanted) or None).certificates)


def asked(sim: Simulator) -> list[tuple[str | None, str | None, str | None]]:
    """Return action, region and id of the requests since the last call."""
    requests = sorted((item.action or "", item.region or "", item.ssl_id or "") for item in sim.requests)
    sim.clear_requests()
    return [(action, region or None, ssl_id or None) for action, region, ssl_id in requests]


IDS = [f"ssl-{scope}{index}" for scope in range(4) for index in range(3)]


def test_a_listing_is_requested_once(sim: Simulator, source_for: MakeSource) -> None:
    assert ids(source_for()) == IDS
    assert sim.request_count == 4 * 2 * 2  # Pages of two are read twice.
    assert ids(source_for()) == IDS
    assert ids(source_for(Query(("hk",), PROJECTS))) == ["ssl-10", "ssl-11", "ssl-12", "ssl-30", "ssl-31", "ssl-32"]
    assert sim.request_count == 4 * 2 * 2


def test_certificates_are_in_the_same_order_with_and_without_a_cache(source_for: MakeSource) -> None:
    query = Query(REGIONS[::-1], PROJECTS[::-1])
    orders = [
        [item.ssl_id for item in source_for(query, cached=cached).index().certificates] for cached in (True, False)
    ]
    assert orders == [IDS, IDS]


def test_selection_does_not_change_what_is_cached(sim: Simulator, source_for: MakeSource) -> None:
    assert ids(source_for(Query(REGIONS, PROJECTS, Selection(ssl_ids=frozenset({"ssl-00"}), bound=True)))) == IDS
    assert ids(source_for()) == IDS
    assert sim.request_count == 4


def test_a_process_parses_a_listing_once(sim: Simulator, source_for: MakeSource) -> None:
    source = source_for()
    assert source.index() is source.index()
    assert sim.request_count == 4 * 2 * 2


def test_only_missing_scopes_are_requested(sim: Simulator, source_for: MakeSource) -> None:
    source_for(Query(("hk",), PROJECTS)).index()
    assert asked(sim) == [("DescribeSSLV2", "hk", None)] * 2
    assert ids(source_for(Query(REGIONS, PROJECTS))) == IDS
    assert asked(sim) == [("DescribeSSLV2", "cn-bj2", None)] * 2


def test_no_project_is_a_scope_of_its_own(sim: Simulator, source_for: MakeSource) -> None:
    assert ids(source_for(Query(("hk",), ("org-1",)))) == ids(source_for(Query(("hk",))))
    assert [request.project_id for request in sim.requests] == ["org-1", None]


def test_regions_and_projects_are_requested_once(sim: Simulator, source_for: MakeSource) -> None:
    assert ids(source_for(ALL)) == ids(source_for(ALL)) == IDS
    assert [item[0] for item in asked(sim)] == ["DescribeSSLV2"] * 4 + ["GetProjectList", "GetRegion"]
    assert ids(source_for(Query(("all",), ("org-1",)))) == IDS[:6]
    assert [item[0] for item in asked(sim)] == ["GetRegion"]


def test_a_few_ids_are_requested_one_by_one_and_cached(sim: Simulator, source_for: MakeSource) -> None:
    query = Query(REGIONS, ("org-1",))
    assert ids(source_for(query), "ssl-00", "ssl-99") == ["ssl-00"]
    single = [("DescribeSSLV2", region, ssl_id) for region in REGIONS for ssl_id in ("ssl-00", "ssl-99")]
    assert asked(sim) == single
    assert ids(source_for(query), "ssl-99", "ssl-00") == ["ssl-00"]
    assert asked(sim) == []
    assert ids(source_for(query), "ssl-00", "ssl-01") == ["ssl-00", "ssl-01"]
    assert asked(sim) == [("DescribeSSLV2", region, "ssl-01") for region in REGIONS]


def test_single_certificates_are_not_a_listing(sim: Simulator, source_for: MakeSource) -> None:
    source_for(Query(("hk",), ("org-1",))).index(frozenset({"ssl-10"}))
    assert ids(source_for(Query(("hk",), ("org-1",)))) == ["ssl-10", "ssl-11", "ssl-12"]
    assert [item[2] for item in asked(sim)] == [None, "ssl-10"]


def test_many_ids_need_a_listing(sim: Simulator, source_for: MakeSource) -> None:
    source_for(Query(("hk",), ("org-1",))).index(frozenset(f"ssl-1{index}" for index in range(6)))
    assert asked(sim) == [("DescribeSSLV2", "hk", None)]


def test_ids_are_found_in_a_cached_listing(sim: Simulator, source_for: MakeSource) -> None:
    source_for(Query(("hk",), ("org-1",))).index()
    assert len(asked(sim)) == 1
    assert "ssl-10" in ids(source_for(Query(("hk",), ("org-1",))), "ssl-10")
    assert asked(sim) == []


@pytest.mark.parametrize("query", [EVERYWHERE, ALL])
def test_without_a_cache_each_call_sends_requests(sim: Simulator, source_for: MakeSource, query: Query) -> None:
    source = source_for(query, cached=False)
    assert ids(source) == IDS
    count = sim.request_count
    assert ids(source) == IDS
    assert sim.request_count == 2 * count


def test_without_a_cache_the_selection_limits_requests(sim: Simulator, source_for: MakeSource) -> None:
    selection = Selection(ssl_ids=frozenset({"ssl-10", "ssl-11"}))
    source = source_for(Query(("hk",), ("org-1",), selection), cached=False)
    assert ids(source, "ssl-10", "ssl-12") == ["ssl-10"]
    assert [item[2] for item in asked(sim)] == ["ssl-10"]
    assert ids(source) == ["ssl-10", "ssl-11"]
    assert [item[2] for item in asked(sim)] == ["ssl-10", "ssl-11"]


def test_private_keys_are_never_cached(sim: Simulator, source_for: MakeSource, tmp_path: Path) -> None:
    (content,) = [row["SSLContent"] for *_unused, row in demo(listed.NOW) if row["SSLName"] == "wiki"]
    sim.fleet.replace([record("ssl-10", "x", content, 1)], region="hk", project="org-1")
    query = Query(("hk",), ("org-1",), content="all")
    for _time in range(2):
        (certificate,) = source_for(query).index().certificates
        assert "PRIVATE KEY" in (certificate.full_content or "")
    assert len(asked(sim)) == 2
    assert list(tmp_path.rglob("*.json")) == []
    (certificate,) = source_for(Query(("hk",), ("org-1",), content="certificates")).index().certificates
    assert "BEGIN CERTIFICATE" in (certificate.content.pem or "")
    (kept,) = tmp_path.rglob("*.json")
    assert "BEGIN CERTIFICATE" in kept.read_text(encoding="utf-8")
    assert "PRIVATE KEY" not in kept.read_text(encoding="utf-8")


def test_listings_with_and_without_chains_are_cached_separately(sim: Simulator, source_for: MakeSource) -> None:
    source_for(Query(("hk",), ("org-1",))).index()
    source_for(Query(("hk",), ("org-1",), content="certificates")).index()
    assert len(asked(sim)) == 2


def test_listings_with_different_trust_stores_are_cached_separately(sim: Simulator, source_for: MakeSource) -> None:
    for store in ("none", "mozilla", "mozilla", "none"):
        source_for(Query(("hk",), ("org-1",), trust_store=store)).index()
    assert len(asked(sim)) == 2


@pytest.mark.parametrize("on_error", ["fail", "warn"])
def test_other_scopes_are_returned_if_one_fails(sim: Simulator, source_for: MakeSource, on_error: str) -> None:
    sim.add_fault(Fault("reset", region="hk", project_id="org-2", times=None))
    query = Query(REGIONS, PROJECTS, on_error=on_error)
    source = source_for(query)
    assert ids(source) == IDS[:9]
    (error,) = source.errors
    assert isinstance(error, TransportError)
    sim.clear()
    # Only failed scopes are requested again.
    later = source_for(query)
    assert ids(later) == IDS
    assert later.errors == []
    assert asked(sim) == [("DescribeSSLV2", "hk", None)]


def test_a_scope_that_fails_fails_for_single_ids_too(sim: Simulator, source_for: MakeSource) -> None:
    sim.add_fault(Fault("reset", region="hk", times=None))
    source = source_for(Query(REGIONS, ("org-1",)))
    assert ids(source, "ssl-00") == ["ssl-00"]
    assert [error.context and error.context.region for error in source.errors] == ["hk"]
    asked(sim)
    assert ids(source_for(Query(REGIONS, ("org-1",))), "ssl-00") == ["ssl-00"]
    assert asked(sim) == [("DescribeSSLV2", "hk", "ssl-00")]


def test_an_incomplete_index_is_not_kept(sim: Simulator, source_for: MakeSource) -> None:
    sim.add_fault(Fault("reset", region="hk", project_id="org-2"))
    source = source_for()
    assert ids(source) == IDS[:9]
    assert len(source.errors) == 1
    assert ids(source) == IDS
    assert source.errors == []


def test_permission_denied(sim: Simulator, source_for: MakeSource) -> None:
    source = source_for(account="partial")
    assert ids(source) == IDS[:6]
    assert [type(error) for error in source.errors] == [PermissionDeniedError] * 2
    assert {error.context and error.context.project_id for error in source.errors} == {"org-2"}
    assert sim.request_count > 0


def test_accounts_share_nothing(sim: Simulator, source_for: MakeSource) -> None:
    source_for().index()
    asked(sim)
    source_for(account="sub").index()
    assert len(asked(sim)) == 4 * 2 * 2


def test_invalid_credentials_always_fail(sim: Simulator, source_for: MakeSource) -> None:
    sim.add_fault(Fault("retcode", code=171, times=None))
    with pytest.raises(AuthenticationError):
        source_for(Query(REGIONS, PROJECTS, on_error="warn")).index()


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
def test_waiting_lookups_share_errors(
    sim: Simulator,
    source_for: MakeSource,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    error: type[UCloudError],
    query: Query,
    raised: bool,
    wanted: tuple[str, ...],
) -> None:
    sim.add_fault(fault)
    waiting = cache_users.queue_of(4, monkeypatch)
    name = "fetch_scopes" if query is ALL else "fetch"
    fetch, calls = getattr(gather, name), []

    def fetch_when_all_wait(*args: Any) -> Any:
        calls.append(args)
        assert waiting.wait(PATIENCE)
        return fetch(*args)

    monkeypatch.setattr(gather, name, fetch_when_all_wait)
    sources = [source_for(query) for _number in range(4)]
    ends: list[Any] = []

    def run(source: CertificateSource) -> None:
        try:
            ends.append(ids(source, *wanted))
        except UCloudError as caught:
            ends.append(caught)

    threads = [threading.Thread(target=run, args=(source,)) for source in sources]
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
        for source in sources:
            assert [type(failed) for failed in source.errors] == [error] * 2
            assert {failed.context and failed.context.region for failed in source.errors} == {"hk"}


def test_regions_that_cannot_be_listed_always_fail(source_for: MakeSource) -> None:
    with pytest.raises(PermissionDeniedError, match="GetRegion"):
        source_for(Query(("all",), PROJECTS, on_error="warn"), account="blocked").index()
