# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as run by Ansible, against the simulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.ucloud.ulb.plugins.doc_fragments import api, scope
from ansible_collections.ucloud.ulb.plugins.module_utils._options import connection_spec, listener_spec
from ansible_collections.ucloud.ulb.plugins.modules import listener_info
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Simulator, balancers, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from .conftest import Execute, Outcome

KEY = certs.key_pem(certs.rsa_key("canary"))
Run = Callable[..., Outcome]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    fleet = Fleet.single([record("ssl-1", "one", certs.pem(certs.leaf()) + KEY, 1)])
    found = fleet.balancers()
    listeners = [balancers.listener("lsn-1", certificates=[("ssl-1", True)])]
    found.applications += [balancers.application("alb-1", "shop", listeners, addresses=["203.0.113.7"])]
    found.classics += [balancers.classic("ulb-1", "old", [balancers.vserver("vserver-1", ssl_id="ssl-1")])]
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def run(sim: Simulator, execute: Execute) -> Run:
    """Run the module in this process."""
    keys = sim.accounts["main"]

    def start(**options: Any) -> Outcome:
        connection = {"public_key": keys.public_key, "private_key": keys.private_key, "ca_path": sim.ca_path}
        given = {**connection, "base_url": sim.https_url, "regions": ["cn-bj2"], "max_retries": 0, **options}
        return execute(listener_info.main, given)

    return start


def test_facts(run: Run) -> None:
    code, result, warnings = run()

    assert (code, warnings) == (0, [])
    assert [listener["listener_id"] for listener in result["listeners"]] == ["lsn-1", "vserver-1"]
    assert (result["count"], result["total_count"], result["complete"]) == (2, 2, True)
    assert (result["changed"], result["errors"]) == (False, [])
    assert result["listeners"][0]["tls"]["minimum_version"] == "TLSv1.2"


def test_every_fact_is_documented(run: Run) -> None:
    documented = yaml.safe_load(listener_info.RETURN)
    result = run().result

    assert result.keys() - {"changed", "invocation"} == documented.keys() - {"error"}
    (application, _classic) = result["listeners"]
    facts = documented["listeners"]["contains"]
    assert application.keys() == facts.keys()
    for name in ("addresses", "certificates"):
        assert application[name][0].keys() == facts[name]["contains"].keys()
    assert application["tls"].keys() == facts["tls"]["contains"].keys()


def test_the_documentation_has_the_options_of_the_argument_spec() -> None:
    documented: dict[str, Any] = yaml.safe_load(listener_info.DOCUMENTATION)["options"]
    for fragment in (api, scope):
        documented.update(yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"])
    spec = {**connection_spec(), **listener_spec()}

    assert documented.keys() == spec.keys()
    for name, option in spec.items():
        for key in ("type", "elements", "default", "choices"):
            assert documented[name].get(key) == option.get(key), name


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"load_balancer_types": ["classic"]}, ["vserver-1"]),
        ({"protocols": ["https"], "names": ["https-*"]}, ["lsn-1", "vserver-1"]),
        ({"load_balancer_ids": ["alb-1"], "ports": [443]}, ["lsn-1"]),
        ({"certificate_ids": ["ssl-1"], "listener_ids": ["vserver-1"]}, ["vserver-1"]),
        ({"ports": [80]}, []),
    ],
)
def test_selection(run: Run, options: dict[str, Any], found: list[str]) -> None:
    result = run(**options).result

    assert [listener["listener_id"] for listener in result["listeners"]] == found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ports": [0]}, "ports: 0 is not a port. Give numbers from 1 to 65535."),
        ({"ports": [65536]}, "ports: 65536 is not a port. Give numbers from 1 to 65535."),
        ({"names": ["a", " "]}, "names: there is an empty value in the list. Leave it out."),
        ({"regions": ["all", "hk"]}, "regions: 'all' cannot be combined with other values."),
    ],
)
def test_invalid_options_fail_before_any_request(
    run: Run, sim: Simulator, options: dict[str, Any], message: str
) -> None:
    code, result, _warnings = run(**options)

    assert code == 1
    assert result["msg"].startswith(message)
    assert sim.request_count == 0


def test_an_empty_list_selects_nothing_and_warns(run: Run) -> None:
    code, result, (warning,) = run(ports=[], protocols=[])

    assert (code, result["count"]) == (0, 0)
    assert warning == "protocols, ports: an empty list selects no listener. Leave the option out to select all."


@pytest.mark.parametrize(
    ("protocols", "warnings"),
    [
        (["https", "HTTP", "tcp", "UDP"], []),
        (
            ["HTPS", "HTTPS"],
            ["protocols: 'HTPS' is not known and may be misspelled. Known protocols: HTTP, HTTPS, TCP, UDP."],
        ),
    ],
)
def test_a_protocol_that_may_be_misspelled_is_warned_of(run: Run, protocols: list[str], warnings: list[str]) -> None:
    code, _result, warned = run(protocols=protocols)

    assert (code, warned) == (0, warnings)


def test_a_refused_action_can_be_a_warning(run: Run, sim: Simulator) -> None:
    sim.add_fault(Fault("retcode", code=299, action="DescribeULB", times=None))

    code, result, (warning,) = run(on_error="warn")

    assert (code, result["complete"], result["count"]) == (0, False, 1)
    (error,) = result["errors"]
    assert (error["region"], error["code"]) == ("cn-bj2", 299)
    assert "ulb:DescribeULB" in warning
    assert run().code == 1


def test_what_may_match_is_a_warning(run: Run, sim: Simulator) -> None:
    sim.fleet.balancers().applications[0]["Listeners"][0]["ListenerPort"] = None

    _code, result, (warning,) = run(ports=[443])

    assert result["count"] == 2
    assert warning.endswith("did not return what decides it: lsn-1 in cn-bj2.")


def test_no_private_key_in_any_result(run: Run, sim: Simulator) -> None:
    secrets = Secrets([KEY])
    results = [run()]
    sim.add_fault(Fault("total", delta=1, action="DescribeULB", times=None))
    results += [run(), run(on_error="warn")]

    assert [outcome.code for outcome in results] == [0, 1, 0]
    assert secrets.found_in(*(json.dumps(outcome) for outcome in results)) == set()
