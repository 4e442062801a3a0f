# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.ucloud.ulb.tests.simulator import Simulator

from .calling import TIMEOUT, Caller


def ask(sim: Simulator, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    response = requests.request(method, sim.control_url + path, json=body, timeout=TIMEOUT)
    return response.status_code, response.json()


def test_info_has_no_keys(sim: Simulator) -> None:
    status, info = ask(sim, "GET", "/")
    assert status == 200
    assert info == sim.info()
    assert info["regions"] == ["cn-bj2", "hk"]
    assert info["certificates"] == 6
    for account in sim.accounts.values():
        assert account.private_key not in str(info)


def test_requests(sim: Simulator, main: Caller) -> None:
    main.call(Limit=3)
    _unused, log = ask(sim, "GET", "/requests")
    assert log["count"] == 1
    assert (log["requests"][0]["action"], log["requests"][0]["limit"]) == ("DescribeSSLV2", 3)
    assert ask(sim, "DELETE", "/requests") == (200, {})
    assert sim.requests == []


def test_faults(sim: Simulator, main: Caller) -> None:
    one = {"kind": "retcode", "code": 150}
    more = [{"kind": "retcode", "code": 153, "after": 1}, {"kind": "reset", "action": "None"}]
    assert ask(sim, "POST", "/faults", one) == (200, {"added": 1})
    assert ask(sim, "POST", "/faults", more) == (200, {"added": 2})
    assert [main.call()["RetCode"] for _unused in range(3)] == [150, 153, 0]
    _unused, listed = ask(sim, "GET", "/faults")
    assert [item["fired"] for item in listed["faults"]] == [1, 1, 0]
    assert ask(sim, "DELETE", "/faults") == (200, {})
    assert sim.faults == []


def test_if_one_fault_is_invalid_none_is_added(sim: Simulator) -> None:
    faults = [{"kind": "reset"}, {"kind": "latency"}]
    assert ask(sim, "POST", "/faults", faults) == (400, {"error": "latency needs seconds"})
    assert sim.faults == []


def test_clearing_faults_ends_a_refusal(sim: Simulator, main: Caller) -> None:
    sim.refuse(600)
    ask(sim, "DELETE", "/faults")
    assert main.call()["RetCode"] == 0


def test_rate_limit(sim: Simulator, main: Caller) -> None:
    limit = {"per_second": 0.001, "mode": "http429"}
    assert ask(sim, "POST", "/rate_limit", limit) == (200, {})
    assert [main.post().status_code for _unused in range(2)] == [200, 429]
    assert ask(sim, "DELETE", "/rate_limit") == (200, {})
    assert main.post().status_code == 200


def test_tls_site(sim: Simulator) -> None:
    status, answer = ask(sim, "POST", "/tls_site", {"kind": "expired"})
    assert (status, answer) == (200, {"url": sim.tls_site("expired")})


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", "/nowhere", None, 404, "unknown route GET /nowhere"),
        ("PUT", "/faults", None, 405, "unknown route PUT /faults"),
        ("POST", "/faults", {"kind": "?"}, 400, "unknown kind"),
        ("POST", "/rate_limit", {}, 400, "a rate limit needs per_second"),
        ("POST", "/rate_limit", {"per_second": 1, "burst": 2}, 400, "unknown: burst"),
        ("POST", "/rate_limit", [], 400, "expected an object"),
        ("POST", "/tls_site", {"kind": "nice"}, 400, "unknown kind of TLS site 'nice'"),
        ("POST", "/tls_site", {}, 400, "a TLS site needs a kind"),
    ],
)
def test_invalid_requests(sim: Simulator, method: str, path: str, body: Any, status: int, message: str) -> None:
    got, answer = ask(sim, method, path, body)
    assert got == status
    assert message in answer["error"]


def test_body_that_is_not_json(sim: Simulator) -> None:
    response = requests.post(f"{sim.control_url}/faults", data=b"{", timeout=TIMEOUT)
    assert response.status_code == 400
