# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Simulator
from ansible_collections.ucloud.ulb.tests.simulator.throttle import Throttle

from .calling import Caller


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_one_second_and_then_the_rate() -> None:
    clock = Clock()
    throttle = Throttle(4, clock=clock)
    assert [throttle.admits() for _unused in range(6)] == [True] * 4 + [False] * 2
    clock.now += 0.5
    assert [throttle.admits() for _unused in range(3)] == [True, True, False]
    clock.now += 60
    assert sum(throttle.admits() for _unused in range(10)) == 4


def test_rates_below_one_a_second() -> None:
    clock = Clock()
    throttle = Throttle(0.5, clock=clock)
    assert [throttle.admits(), throttle.admits()] == [True, False]
    clock.now += 2
    assert throttle.admits()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ((0,), ValueError),
        ((-1,), ValueError),
        (("5",), TypeError),
        ((True,), TypeError),
        ((5, "politely"), ValueError),
    ],
)
def test_invalid_values(values: tuple[Any, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        Throttle(*values)


def test_retcode_above_the_rate(sim: Simulator, main: Caller) -> None:
    sim.rate_limit(0.001)
    assert [main.call()["RetCode"] for _unused in range(3)] == [0, 153, 153]
    sim.rate_limit(None)
    assert main.call()["RetCode"] == 0


def test_status_429_above_the_rate(sim: Simulator, main: Caller) -> None:
    sim.rate_limit(0.001, "http429")
    main.call()
    response = main.post()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    sim.clear()
    assert main.post().status_code == 200
