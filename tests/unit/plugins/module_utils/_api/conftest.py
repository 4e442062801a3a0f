# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator, and clients of it whose clock only advances when they sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.tests.simulator import (
    Fleet,
    Project,
    Region,
    Simulator,
    record,
)

from .times import FakeTime

MakeClient = Callable[..., Client]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Two regions and projects; three certificates in the default scope."""
    fleet = Fleet(
        [Region("cn-bj2", is_default=True), Region("hk")],
        [Project("org-a", is_default=True), Project("org-b")],
    )
    fleet.replace(record(f"ssl-{number}", f"cert {number}", None, 1_700_000_000) for number in "123")
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def connection_of(sim: Simulator) -> Callable[..., Connection]:
    """Return a connection for an account by name, with optional further fields."""

    def make(name: str = "main", **fields: Any) -> Connection:
        account = sim.accounts[name]
        values: dict[str, Any] = {
            "public_key": account.public_key,
            "private_key": account.private_key,
            "security_token": account.security_token,
            "base_url": sim.http_url,
            "timeout": 10,
            **fields,
        }
        return Connection(**values)

    return make


@pytest.fixture
def client_of(connection_of: Callable[..., Connection], time: FakeTime) -> Iterator[MakeClient]:
    """Return a client for an account by name. Its waits have the maximum length, without jitter."""
    clients: list[Client] = []

    def make(name: str = "main", **fields: Any) -> Client:
        client = Client(
            connection_of(name, **fields),
            "tests/1.0",
            clock=time.clock,
            sleep=time.sleep,
            uniform=lambda _low, high: high,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(client_of: MakeClient) -> Client:
    return client_of()
