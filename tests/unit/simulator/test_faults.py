# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Valid faults, and which requests they match."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Fault, Simulator
from ansible_collections.ucloud.ulb.tests.simulator.faults import KINDS

from .calling import Caller

EXAMPLES: dict[str, dict[str, Any]] = {
    "latency": {"seconds": 0.1},
    "http_status": {"status": 503, "retry_after": 2, "body": "busy"},
    "redirect": {"location": "http://127.0.0.1:9/"},
    "retcode": {"code": 150, "message": "later"},
    "refused": {"seconds": 1},
    "slow_drip": {"interval": 0.01},
    "bomb": {"value": 2},
    "total": {"delta": -1},
    "shift": {"how": "move"},
    "null_fields": {"names": ["Relations"]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_all_types_of_errors_can_be_serialized(kind: str) -> None:
    fault = Fault.from_mapping({"kind": kind, "after": 1, "times": None, **EXAMPLES.get(kind, {})})
    assert Fault.from_mapping(fault.to_mapping()) == fault


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("reset", "a fault must be an object"),
        ({}, "a fault needs a kind"),
        ({"kind": "gremlin"}, "unknown kind 'gremlin'"),
        ({"kind": "reset", "wen": 1}, "unknown parameters of a fault: wen"),
        ({"kind": "reset", "seconds": 1}, "reset does not support seconds"),
        ({"kind": "latency"}, "latency needs seconds"),
        ({"kind": "latency", "seconds": "1"}, "seconds must be int or float, not '1'"),
        ({"kind": "latency", "seconds": -1}, "seconds must not be negative"),
        ({"kind": "http_status", "status": 99}, "status must be from 200 to 599"),
        ({"kind": "http_status", "status": True}, "status must be int, not True"),
        ({"kind": "total", "value": 1, "delta": 1}, "value or delta, not both"),
        ({"kind": "shift", "how": "shuffle"}, "how must be one of"),
        ({"kind": "reset", "after": None}, "after must be int"),
        ({"kind": "reset", "times": -1}, "times must not be negative"),
        ({"kind": None}, "kind must be str"),
    ],
)
def test_invalid_faults(values: object, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        Fault.from_mapping(values)


def codes(main: Caller, *requests: dict[str, Any]) -> list[int]:
    return [main.call(**request)["RetCode"] for request in requests]


def test_after_and_times(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("retcode", code=150, after=1, times=2))
    assert codes(main, *[{}] * 5) == [0, 150, 150, 0, 0]
    assert [(item["seen"], item["fired"]) for item in sim.faults] == [(5, 2)]


def test_no_end(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("retcode", code=150, times=None))
    assert codes(main, *[{}] * 3) == [150] * 3
    sim.clear_faults()
    assert codes(main, {}) == [0]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"action": "GetRegion"}, [0, 0, 0, 7]),
        ({"region": "hk"}, [0, 7, 0, 0]),
        ({"project_id": "org-b"}, [0, 7, 0, 0]),
        ({"offset": 2}, [0, 0, 7, 0]),
        ({"offset": 0}, [7, 7, 0, 7]),
        ({"region": "cn-bj2", "offset": 2}, [0, 0, 7, 0]),
    ],
)
def test_conditions(sim: Simulator, main: Caller, condition: dict[str, Any], expected: list[int]) -> None:
    sim.add_fault(Fault("retcode", code=7, times=None, **condition))
    asked: list[dict[str, Any]] = [
        {},
        {"Region": "hk", "ProjectId": "org-b"},
        {"Offset": 2},
        {"action": "GetRegion"},
    ]
    assert codes(main, *asked) == expected


def test_faults_about_listings_leave_other_actions_alone(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("empty_page"))
    main.call("GetRegion")
    assert sim.faults[0]["seen"] == 0
    assert main.ids() == []
