# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests the throttle admits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.throttle import Throttle

from .times import FakeTime

PATIENCE = 30.0
"""Seconds after which a thread that does not come is a failure; it takes milliseconds."""


def make(concurrency: int, time: FakeTime) -> Throttle:
    return Throttle(concurrency, time.clock, time.sleep)


def test_begins_with_full_concurrency(time: FakeTime) -> None:
    assert make(8, time).limit == 8


def test_halves_once_for_what_happens_together(time: FakeTime) -> None:
    throttle = make(8, time)
    for _unused in range(5):
        throttle.slow_down(2.0)
    assert throttle.limit == 4
    time.now += 2.0
    throttle.slow_down(2.0)
    assert throttle.limit == 2


def test_never_goes_below_one(time: FakeTime) -> None:
    throttle = make(3, time)
    for _unused in range(10):
        throttle.slow_down(1.0)
        time.now += 1.0
    assert throttle.limit == 1


def test_grows_by_about_one_for_a_round_of_successes(time: FakeTime) -> None:
    throttle = make(8, time)
    throttle.slow_down(0.0)
    throttle.slow_down(0.0)
    assert throttle.limit == 2
    throttle.speed_up()
    assert throttle.limit == 2
    throttle.speed_up()
    throttle.speed_up()
    assert throttle.limit == 3


def test_never_grows_above_concurrency(time: FakeTime) -> None:
    throttle = make(4, time)
    throttle.slow_down(0.0)
    for _unused in range(100):
        throttle.speed_up()
    assert throttle.limit == 4


def test_nobody_starts_within_a_pause(time: FakeTime) -> None:
    throttle = make(4, time)
    throttle.slow_down(7.5)
    with throttle.slot():
        assert time.sleeps == [7.5]
    with throttle.slot():
        assert time.sleeps == [7.5]


def test_a_shorter_pause_does_not_end_a_longer_one(time: FakeTime) -> None:
    throttle = make(4, time)
    throttle.slow_down(10.0)
    throttle.slow_down(1.0)
    with throttle.slot():
        assert time.sleeps == [10.0]


def test_a_pause_that_grows_meanwhile_is_waited_for(time: FakeTime) -> None:
    throttle = make(4, time)
    throttle.slow_down(3.0)

    def again() -> None:
        time.on_sleep = lambda: None
        throttle.slow_down(5.0)

    time.on_sleep = again
    with throttle.slot():
        assert time.sleeps == [3.0, 5.0]


def test_until_a_refusal_requests_are_not_spaced(time: FakeTime) -> None:
    throttle = make(4, time)
    for _unused in range(100):
        with throttle.slot():
            throttle.speed_up()
    assert (throttle.gap, time.sleeps) == (0.0, [])


def test_after_a_refusal_requests_are_spaced_like_those_that_got_through(time: FakeTime) -> None:
    throttle = make(4, time)
    for _unused in range(19):
        time.now += 0.05
        throttle.speed_up()
    time.now += 0.05
    throttle.slow_down(2.0)
    # 19 succeeded in a second, and 95 % of that rate is used.
    assert throttle.gap == pytest.approx(1 / 19 / 0.95)
    with throttle.slot():
        pass
    with throttle.slot():
        pass
    assert time.sleeps == pytest.approx([2.0, 1 / 19 / 0.95])


def test_the_space_shrinks_with_successes_and_vanishes(time: FakeTime) -> None:
    throttle = make(4, time)
    throttle.speed_up()
    time.now += 1.0
    throttle.slow_down(0.0)
    gaps = [throttle.gap]
    while throttle.gap:
        throttle.speed_up()
        gaps.append(throttle.gap)
    assert gaps == sorted(gaps, reverse=True)
    assert len(set(gaps)) == len(gaps)


def test_where_nothing_gets_through_requests_are_spaced_further_and_further(time: FakeTime) -> None:
    throttle = make(4, time)
    gaps = []
    for _unused in range(12):
        time.now += 0.01
        throttle.slow_down(0.0)
        gaps.append(throttle.gap)
    assert gaps[:3] == pytest.approx([0.01, 0.02, 0.04])
    # But not without limit.
    assert gaps[-1] == 2.0


def test_a_place_is_free_again_after_an_error(time: FakeTime) -> None:
    throttle = make(1, time)
    with pytest.raises(ZeroDivisionError), throttle.slot():
        raise ZeroDivisionError
    with throttle.slot():
        assert time.sleeps == []


def test_threads_wait_for_a_place(time: FakeTime) -> None:
    throttle = make(1, time)
    order: list[str] = []
    entered = threading.Event()

    def second() -> None:
        entered.set()
        with throttle.slot():
            order.append("second")

    thread = threading.Thread(target=second, daemon=True)
    with throttle.slot():
        thread.start()
        assert entered.wait(PATIENCE)
        order.append("first")
    thread.join(PATIENCE)
    assert order == ["first", "second"]


def test_threads_are_never_more_than_the_limit() -> None:
    time = FakeTime()
    throttle = make(3, time)
    lock = threading.Lock()
    inside = 0
    most = 0
    done = 0

    def work() -> None:
        nonlocal inside, most, done
        for number in range(50):
            with throttle.slot():
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1
                    done += 1
            if number % 10 == 9:
                throttle.slow_down(0.0)
            else:
                throttle.speed_up()

    threads = [threading.Thread(target=work, daemon=True) for _unused in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert done == 400
    assert 1 <= most <= 3


def test_growth_lets_a_waiting_thread_in(time: FakeTime) -> None:
    throttle = make(2, time)
    throttle.slow_down(0.0)
    waiting, let_in = threading.Event(), threading.Event()

    def second() -> None:
        waiting.set()
        with throttle.slot():
            let_in.set()

    with throttle.slot():
        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        assert waiting.wait(PATIENCE)
        assert not let_in.is_set()
        throttle.speed_up()
        assert let_in.wait(PATIENCE)
    thread.join(PATIENCE)
    assert not thread.is_alive()


@given(
    concurrency=st.integers(1, 64),
    events=st.lists(st.one_of(st.just("up"), st.floats(0, 100), st.just("later")), max_size=60),
)
def test_limit_stays_between_one_and_concurrency(concurrency: int, events: list[Any]) -> None:
    time = FakeTime()
    throttle = make(concurrency, time)
    for event in events:
        if event == "up":
            throttle.speed_up()
        elif event == "later":
            time.now += 50
        else:
            throttle.slow_down(event)
        assert 1 <= throttle.limit <= concurrency
