# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints that stand for listeners."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Simulator
from ansible_collections.ucloud.ulb.tests.simulator.endpoints import KINDS, SHOP, Endpoint, root_pem

from .test_control import ask

SILENT = ("silence", "trickle", "huge", "banner")


def shake_hands(endpoint: Endpoint, context: ssl.SSLContext) -> ssl.SSLSocket:
    connection = socket.create_connection((endpoint.address, endpoint.port), timeout=30)
    return context.wrap_socket(connection, server_hostname=SHOP)


@pytest.mark.parametrize("kind", ["good", "long_chain", "by_server_name", "needs_server_name", "tls_1_2"])
def test_good_ones_are_trusted(sim: Simulator, kind: str) -> None:
    with shake_hands(sim.endpoint(kind), ssl.create_default_context(cadata=root_pem())) as connection:
        assert connection.getpeercert()


@pytest.mark.parametrize("kind", ["other_certificate", "expired", "self_signed", "incomplete_chain"])
def test_bad_ones_are_not_trusted(sim: Simulator, kind: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(sim.endpoint(kind), ssl.create_default_context(cadata=root_pem()))


@pytest.mark.parametrize("kind", ["old_versions", "no_tls", "garbage", "alert", "reset", "close"])
def test_others_serve_no_tls_that_clients_use(sim: Simulator, kind: str) -> None:
    with pytest.raises(OSError, match=r"."):
        shake_hands(sim.endpoint(kind), ssl.create_default_context(cadata=root_pem()))


def test_all_kinds_can_be_opened_and_closed(sim: Simulator) -> None:
    opened = [sim.endpoint(kind) for kind in KINDS]
    connections = [socket.create_connection((item.address, item.port), timeout=30) for item in opened]
    sim.stop()

    for connection in connections:
        with connection, contextlib.suppress(ConnectionError):
            while connection.recv(65536):
                pass


def test_endpoints_are_opened_by_the_control_api(sim: Simulator) -> None:
    def post(body: Any) -> tuple[int, dict[str, Any]]:
        return ask(sim, "POST", "/endpoint", body)

    status, answer = post({"kind": "good"})
    with shake_hands(Endpoint(**answer), ssl.create_default_context(cadata=root_pem())):
        assert (status, len(answer["fingerprint"])) == (200, 64)
    assert post({"kind": "nice"})[0] == post({})[0] == 400
