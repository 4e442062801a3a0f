# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module as run by Ansible."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import probe_spec
from ansible_collections.ucloud.ulb.plugins.modules import ssl_endpoint_info
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Simulator
from ansible_collections.ucloud.ulb.tests.simulator.endpoints import SHOP

from .conftest import Execute


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(Fleet.single([])) as simulator:
        yield simulator


def test_facts(sim: Simulator, execute: Execute) -> None:
    good, alert = sim.endpoint("good"), sim.endpoint("alert")
    given = [
        {"address": good.address, "port": good.port, "server_name": SHOP, "expected_fingerprint": good.fingerprint},
        {"address": alert.address, "port": str(alert.port), "server_name": None, "listener_id": "lsn-1"},
    ]
    code, result, warnings = execute(ssl_endpoint_info.main, {"endpoints": given, "_ansible_check_mode": True})

    assert (code, warnings, result["changed"]) == (0, [], False)
    assert (result["count"], result["reachable_count"]) == (2, 1)
    first, second = result["endpoints"]
    assert (first["matches_expected"], first["covers_server_name"], first["listener_id"]) == (True, True, None)
    assert (second["error"], second["listener_id"]) == ("alert", "lsn-1")
    documented = yaml.safe_load(ssl_endpoint_info.RETURN)
    assert result.keys() - {"changed", "invocation"} == documented.keys()
    assert first.keys() == second.keys() == documented["endpoints"]["contains"].keys()


def test_the_documentation_has_the_options_of_the_argument_spec() -> None:
    def compare(documented: dict[str, Any], spec: dict[str, Any]) -> None:
        assert documented.keys() == spec.keys()
        for name, option in spec.items():
            for key in ("type", "elements", "default", "required", "aliases"):
                assert documented[name].get(key) == option.get(key), name

    documented = yaml.safe_load(ssl_endpoint_info.DOCUMENTATION)["options"]
    compare(documented, probe_spec())
    compare(documented["endpoints"]["suboptions"], probe_spec()["endpoints"]["options"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"endpoints": [{"address": "https://shop.example.com"}]}, "endpoints[0].address: 'https://shop.example.com'"),
        ({"endpoints": [{"address": "192.0.2.1"}], "timeout": 0}, "timeout: 0 is out of range."),
        ({"endpoints": [{"port": 443}]}, "missing required arguments: address found in endpoints"),
    ],
)
def test_invalid_options_fail(execute: Execute, options: dict[str, Any], message: str) -> None:
    code, result, _warnings = execute(ssl_endpoint_info.main, options)

    assert code == 1
    assert result["msg"].startswith(message)


def test_trust_is_unknown_without_certifi(sim: Simulator, execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    good = sim.endpoint("good")
    given = {"endpoints": [{"address": good.address, "port": good.port}]}
    verified = execute(ssl_endpoint_info.main, given).result["endpoints"][0]["x509"]["trust"]
    monkeypatch.setitem(sys.modules, "certifi", None)
    code, result, (warning,) = execute(ssl_endpoint_info.main, given)

    assert (verified["trusted"], verified["store"].startswith("mozilla")) == (False, True)
    trust = result["endpoints"][0]["x509"]["trust"]
    assert (code, trust["trusted"], trust["reason"]) == (0, None, "the Python library certifi is not installed")
    assert warning.startswith("trust_store: it is unknown which certificates clients trust, because the Python library")
    assert execute(ssl_endpoint_info.main, {**given, "trust_store": "none"}).warnings == []


def test_an_empty_list_is_a_warning(execute: Execute) -> None:
    code, result, warnings = execute(ssl_endpoint_info.main, {"endpoints": []})

    assert (code, result["endpoints"], result["count"]) == (0, [], 0)
    assert warnings == ["endpoints: the list is empty, so that nothing is probed."]
