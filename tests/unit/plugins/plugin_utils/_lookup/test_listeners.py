# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners for the certificates that a lookup returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    AuthenticationError,
    PermissionDeniedError,
    TransportError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.run_cache import RunCache
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup import listeners
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.listeners import ListenerSource
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Project, Region, Simulator, balancers, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs, listed

KEY = certs.key_pem(certs.rsa_key("canary"))
#: Actions of application load balancers, and all that are needed in a scope.
APPLICATION = ["DescribeLoadBalancers", "DescribeSecurityPoliciesV2"]
ALL = sorted([*APPLICATION, "DescribeULB"])

ON_BOTH = listed.certificate(bindings=[listed.binding(), listed.binding("ulb-1", "vserver-1")])
UNBOUND = listed.certificate("ssl-2")
ELSEWHERE = listed.certificate("ssl-3", region="hk", bindings=[listed.binding()])

MakeSource = Callable[..., ListenerSource]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    fleet = Fleet([Region("cn-bj2"), Region("hk")], [Project("org-1")])
    fleet.replace([record("ssl-1", "one", certs.pem(certs.leaf()) + KEY, 1)], region="cn-bj2", project="org-1")
    for region, port in (("cn-bj2", 443), ("hk", 8443)):
        found = fleet.balancers(region, "org-1")
        found.applications += [balancers.application("alb-1", "shop", [balancers.listener("lsn-1", port=port)])]
        found.classics += [balancers.classic("ulb-1", "old", [balancers.vserver("vserver-1", ssl_id="ssl-1")])]
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def source_for(sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeSource:
    """Creates a source like that of another process of the run."""

    def make(*, cached: bool = True, **options: str) -> ListenerSource:
        monkeypatch.setattr(listeners, "_listings", {})
        keys = sim.accounts["main"]
        given: dict[str, Any] = {"public_key": keys.public_key, "private_key": keys.private_key, **options}
        connection = Connection(**given, base_url=sim.http_url, max_retries=0)
        query = Query(("cn-bj2", "hk"), listeners=True)
        return ListenerSource(connection, query, RunCache(tmp_path, connection) if cached else None)

    return make


def ports(source: ListenerSource, *certificates: Certificate) -> list[list[int | None]]:
    return [[binding.port for binding in item.bindings or ()] for item in source.join(certificates)]


def asked(sim: Simulator) -> list[tuple[str | None, str | None]]:
    """Return region and action of the requests since the last call."""
    requests = sorted((item.region or "", item.action or "") for item in sim.requests)
    sim.clear_requests()
    return list(requests)


@pytest.mark.parametrize("cached", [True, False])
def test_only_where_the_certificates_are_used(sim: Simulator, source_for: MakeSource, cached: bool) -> None:
    source = source_for(cached=cached)
    assert ports(source) == []
    assert ports(source, UNBOUND) == [[]]
    assert asked(sim) == []
    assert ports(source, ON_BOTH, UNBOUND) == [[443, 443], []]
    assert asked(sim) == [("cn-bj2", action) for action in ALL]
    assert ports(source, ELSEWHERE, ON_BOTH) == [[8443], [443, 443]]
    assert asked(sim) == [(region, action) for region in (["hk"] if cached else ["cn-bj2", "hk"]) for action in ALL]


def test_other_processes_and_later_lookups_read_the_cache(sim: Simulator, source_for: MakeSource) -> None:
    known = source_for().join([ON_BOTH, ELSEWHERE])
    asked(sim)
    later = source_for()
    for _time in range(2):
        assert later.join([ON_BOTH, ELSEWHERE]) == known
    assert asked(sim) == []


def test_damaged_files_are_fetched_again(sim: Simulator, source_for: MakeSource, tmp_path: Path) -> None:
    ports(source_for(), ON_BOTH)
    asked(sim)
    for path in tmp_path.rglob("*.json"):
        path.write_text(path.read_text(encoding="utf-8").replace("443", "444"), encoding="utf-8")
    assert ports(source_for(), ON_BOTH) == [[443, 443]]
    # The file of one type of load balancer has no port. It is still whole.
    assert [action for _region, action in asked(sim)] == ALL


@pytest.mark.parametrize(
    ("refused", "known", "again"),
    [
        ("DescribeULB", [443, None], ["DescribeULB"]),
        ("DescribeLoadBalancers", [None, 443], APPLICATION),
        # Without its policy, a listener is not known.
        ("DescribeSecurityPoliciesV2", [None, 443], APPLICATION),
    ],
)
def test_what_is_refused_is_unknown_and_requested_again(
    sim: Simulator, source_for: MakeSource, refused: str, known: list[int | None], again: list[str]
) -> None:
    sim.add_fault(Fault("retcode", code=299, action=refused, times=None))
    source = source_for()
    assert ports(source, ON_BOTH) == [known]
    (error,) = source.errors
    assert isinstance(error, PermissionDeniedError)
    assert error.describe().endswith(f"grant ulb:{refused} for this project. Or set listeners to false.")
    sim.clear()
    assert (ports(source, ON_BOTH), source.errors) == ([[443, 443]], [])
    assert [action for _region, action in asked(sim)] == again


@pytest.mark.parametrize("cached", [True, False])
def test_a_missing_permission_does_not_hide_another_error(sim: Simulator, source_for: MakeSource, cached: bool) -> None:
    sim.add_fault(Fault("retcode", code=299, action="DescribeLoadBalancers", times=None))
    sim.add_fault(Fault("reset", action="DescribeSecurityPoliciesV2", times=None))
    source = source_for(cached=cached)
    assert ports(source, ON_BOTH) == [[None, 443]]
    assert [type(error) for error in source.errors] == [TransportError]


@pytest.mark.parametrize("cached", [True, False])
def test_rejected_credentials_always_raise(source_for: MakeSource, cached: bool) -> None:
    with pytest.raises(AuthenticationError):
        ports(source_for(cached=cached, private_key="wrong"), ON_BOTH)


def test_no_private_key_is_cached(source_for: MakeSource, tmp_path: Path) -> None:
    """The records of classic listeners contain them."""
    ports(source_for(), ON_BOTH)
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.json")]
    assert len(texts) == 2
    assert Secrets([KEY]).found_in(*texts) == set()
