# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints, and probes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.probing import probe_all
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, ProbeQuery
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Simulator
from ansible_collections.ucloud.ulb.tests.simulator.endpoints import SHOP, Script
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import end_requests

Probe = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    """A simulator whose endpoints are opened by the tests of a file."""
    with Simulator(Fleet.single([])) as simulator:
        yield simulator
        end_requests()


@pytest.fixture
def probe(sim: Simulator) -> Probe:
    """Open an endpoint of a kind, and return what a probe finds. Attempts are not repeated by default."""

    def start(kind: str | Script, server_name: str | None = SHOP, **options: Any) -> dict[str, Any]:
        opened = sim.endpoint(kind)
        endpoint = Endpoint(opened.address, opened.port, server_name, (str(opened.fingerprint),))
        (facts,) = probe_all(ProbeQuery((endpoint,), **{"timeout": 10, "retries": 0, **options}), certs.NOW)
        return facts

    return start
