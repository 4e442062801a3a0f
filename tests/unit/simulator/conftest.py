# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small simulator and its callers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Project, Region, Simulator

from .calling import Caller, some_records


@pytest.fixture(autouse=True)
def direct_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator with two regions and two projects. The first region has 5 certificates in the default project."""
    fleet = Fleet(
        [Region("cn-bj2", ("cn-bj2-02", "cn-bj2-04"), is_default=True), Region("hk")],
        [Project("org-a", "A", is_default=True), Project("org-b")],
    )
    fleet.replace(some_records(5), region="cn-bj2", project="org-a")
    fleet.replace(some_records(1), region="hk", project="org-b")
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def caller_of(sim: Simulator) -> Callable[[str], Caller]:
    """Return the caller of an account by name."""
    return lambda name: Caller(sim.http_url, sim.accounts[name])


@pytest.fixture
def main(caller_of: Callable[[str], Caller]) -> Caller:
    return caller_of("main")
