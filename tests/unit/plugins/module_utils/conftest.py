# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulators, and clients for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Settings, Simulator, demo
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ._api.times import FakeTime

Serve = Callable[..., Simulator]
Connect = Callable[..., Client]


def end_requests() -> None:
    """Wait for requests that are still in flight after a failure."""
    for thread in threading.enumerate():
        if thread.name == "ucloud.ulb":
            thread.join(30)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a simulator with a fleet and settings. It is stopped at the end of the test."""
    with ExitStack() as stack:
        yield lambda fleet, **settings: stack.enter_context(Simulator(fleet, Settings(**settings)))


@pytest.fixture
def connect(serve: Serve) -> Iterator[Connect]:  # noqa: ARG001 (the simulator must be stopped after the clients)
    """Create a client for an account of a simulator, with optional connection settings. Its waits take no time."""
    time = FakeTime()
    with ExitStack() as stack:

        def make(simulator: Simulator, account: str = "main", **options: Any) -> Client:
            known = simulator.accounts[account]
            connection = Connection(
                known.public_key, known.private_key, known.security_token, simulator.http_url, max_retries=0
            )
            client = Client(replace(connection, **options), "unit tests", clock=time.clock, sleep=time.sleep)
            stack.callback(client.close)
            return client

        yield make
        # Requests end before the simulator is stopped.
        end_requests()


@pytest.fixture(scope="session")
def demo_fleet() -> Fleet:
    """The demo data at the time of the tests. Do not change it."""
    return demo(certs.NOW)
