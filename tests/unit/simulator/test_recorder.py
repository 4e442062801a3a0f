# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import requests

from ansible_collections.ucloud.ulb.tests.simulator import Fault, Simulator

from .calling import TIMEOUT, Caller, send


def test_requests_are_recorded_without_secrets(sim: Simulator) -> None:
    sts = Caller(sim.http_url, sim.accounts["sts"])
    values = sts.signed("DescribeSSLV2", Region="hk", ProjectId="org-b", Limit=7, Offset=3, SSLId="ssl-1")
    headers = {"User-Agent": "tester/1", "channel-key": "c"}
    requests.post(sim.http_url, data=values, headers=headers, timeout=TIMEOUT)
    (kept,) = sim.requests
    assert (kept.number, kept.scheme, kept.method) == (1, "http", "POST")
    assert (kept.action, kept.region, kept.project_id) == ("DescribeSSLV2", "hk", "org-b")
    assert (kept.limit, kept.offset, kept.ssl_id) == (7, 3, "ssl-1")
    assert kept.public_key == sts.account.public_key
    assert (kept.user_agent, kept.channel_key) == ("tester/1", "c")
    assert {"User-Agent", "channel-key", "Content-Type"} <= set(kept.headers)
    assert kept.seconds >= 0
    for secret in (values["Signature"], values["SecurityToken"], sts.account.private_key):
        assert secret not in str(kept.to_mapping())


def test_requests_are_counted_in_order_and_cleared(sim: Simulator, main: Caller) -> None:
    for offset in range(3):
        main.call(Offset=offset)
    assert [item.offset for item in sim.requests] == [0, 1, 2]
    assert [item.number for item in sim.requests] == [1, 2, 3]
    sim.clear_requests()
    assert (sim.requests, sim.request_count) == ([], 0)


def test_connections_can_be_distinguished(sim: Simulator, main: Caller) -> None:
    data = main.signed("GetRegion")
    with requests.Session() as session:
        for _unused in range(2):
            session.post(sim.http_url, data=data, timeout=TIMEOUT)
    main.call("GetRegion")
    first, second, third = (item.peer_port for item in sim.requests)
    assert first == second != third


def test_requests_in_flight_are_seen(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("latency", seconds=600, times=None))
    with send(main), send(main):
        deadline = time.monotonic() + TIMEOUT
        while sim.request_count < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert [item.in_flight for item in sim.requests] == [1, 2]
