# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads that wait for the network."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from unittest.mock import create_autospec

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    RequestContext,
    TransportError,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.throttle import Throttle
from ansible_collections.ucloud.ulb.plugins.module_utils._api.workers import Outcome, Workers

CONTEXT = RequestContext("DescribeSSLV2", "api.ucloud.cn", "hk")
LONG = 60.0
"""Seconds that nothing here takes."""


@pytest.fixture
def hung() -> Iterator[Callable[[], None]]:
    """A call that does not end before the test. A test that waits for it fails."""
    gate = threading.Event()
    waited_for = threading.Event()

    def call() -> None:
        if not gate.wait(LONG):
            waited_for.set()

    yield call
    gate.set()
    assert not waited_for.is_set()


def own_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "ucloud.ulb"}


def test_outcomes_of_all_calls_in_any_order() -> None:
    with Workers(3, LONG) as workers:
        for number in range(20):
            workers.submit(number, CONTEXT, partial(pow, number, 2))
        outcomes = sorted(workers.outcomes())
    assert outcomes == [Outcome(number, number * number, None) for number in range(20)]


def test_outcomes_come_as_calls_end_not_as_they_began() -> None:
    second_ended = threading.Event()
    with Workers(2, LONG) as workers:
        workers.submit("first", CONTEXT, lambda: second_ended.wait(LONG))
        workers.submit("second", CONTEXT, lambda: "done")
        outcomes = workers.outcomes()
        assert next(outcomes) == Outcome("second", "done", None)
        second_ended.set()
        assert list(outcomes) == [Outcome("first", True, None)]


def test_more_may_be_submitted_while_reading() -> None:
    seen = []
    with Workers(2, LONG) as workers:
        workers.submit(0, CONTEXT, lambda: None)
        for outcome in workers.outcomes():
            seen.append(outcome.key)
            if outcome.key < 10:
                workers.submit(outcome.key + 1, CONTEXT, lambda: None)
    assert seen == list(range(11))


def test_it_can_be_read_again_after_its_end() -> None:
    with Workers(2, LONG) as workers:
        workers.submit("a", CONTEXT, lambda: 1)
        assert list(workers.outcomes()) == [Outcome("a", 1, None)]
        assert list(workers.outcomes()) == []
        workers.submit("b", CONTEXT, lambda: 2)
        assert list(workers.outcomes()) == [Outcome("b", 2, None)]


def test_exceptions_arrive_with_the_caller() -> None:
    error = ValueError("whatever it is")

    def call() -> None:
        raise error

    with Workers(1, LONG) as workers:
        workers.submit("bad", CONTEXT, call)
        workers.submit("good", CONTEXT, lambda: 1)
        assert list(workers.outcomes()) == [
            Outcome("bad", None, error),
            Outcome("good", 1, None),
        ]


def _fail_to_read(answer: str) -> None:
    try:
        _fail_to_parse(answer)
    except ValueError as error:
        raise KeyError("no certificate") from error


def _fail_to_parse(answer: str) -> None:
    first = answer[:6]
    try:
        int(first)
    except ValueError:
        raise ValueError("no number") from None


def test_exceptions_tell_where_they_were_raised_but_not_what_was_there() -> None:
    with Workers(1, LONG) as workers:
        workers.submit("a", CONTEXT, partial(_fail_to_read, "secret and more"))
        (outcome,) = workers.outcomes()
    errors: list[BaseException | None] = [outcome.error]
    while errors[-1] is not None:
        errors.append(errors[-1].__cause__ or errors[-1].__context__)
    assert [type(error) for error in errors[:-1]] == [KeyError, ValueError, ValueError]
    frames = [frame for error in errors if error is not None for frame, _line in traceback.walk_tb(error.__traceback__)]
    functions = [frame.f_code.co_name for frame in frames]
    assert functions == ["_work", "_fail_to_read", "_fail_to_read", "_fail_to_parse", "_fail_to_parse"]
    assert [frame.f_locals for frame in frames[1:]] == [{}] * 4


def test_no_more_threads_than_its_size_or_than_calls() -> None:
    before = own_threads()
    barrier = threading.Barrier(4)
    with Workers(3, LONG) as workers:
        for number in range(3):
            workers.submit(number, CONTEXT, lambda: barrier.wait(LONG))
        mine = own_threads() - before
        assert len(mine) == 3
        assert all(thread.daemon for thread in mine)
        for number in range(3, 9):
            workers.submit(number, CONTEXT, lambda: None)
        assert own_threads() - before == mine
        barrier.wait(LONG)
        assert len(list(workers.outcomes())) == 9
    for thread in mine:
        thread.join(LONG)
        assert not thread.is_alive()
    with Workers(8, LONG) as workers:
        workers.submit("only", CONTEXT, lambda: None)
        assert len(own_threads() - before) == 1
        list(workers.outcomes())


def test_an_overdue_call_is_given_up_and_its_place_taken(hung: Callable[[], None]) -> None:
    with Workers(1, 0.05) as workers:
        workers.submit("hangs", CONTEXT, hung)
        workers.submit("waits behind it", CONTEXT, lambda: "done")
        first, second = list(workers.outcomes())
    assert (first.key, first.value) == ("hangs", None)
    assert isinstance(first.error, TransportError)
    assert first.error.retryable is False
    assert str(first.error) == (
        "DescribeSSLV2 in region hk at api.ucloud.cn: no complete response within 0.05 s."
        " The endpoint sends too slowly, or a name server does not respond."
        " If the endpoint is always slow, raise timeout."
    )
    assert second == Outcome("waits behind it", "done", None)


def test_to_wait_for_ones_turn_is_not_overdue() -> None:
    throttle = Throttle(1, time.monotonic, time.sleep)
    first_is_done = threading.Event()

    def call() -> str:
        with throttle.slot():
            return "done"

    def first() -> None:
        with throttle.slot():
            first_is_done.wait(LONG)

    blocker = threading.Thread(target=first, daemon=True)
    blocker.start()
    with Workers(1, 0.05, throttle) as workers:
        workers.submit("waits", CONTEXT, call)
        threading.Timer(0.3, first_is_done.set).start()
        assert list(workers.outcomes()) == [Outcome("waits", "done", None)]
    blocker.join(LONG)


def test_what_is_overdue_keeps_no_turn(hung: Callable[[], None]) -> None:
    throttle = Throttle(1, time.monotonic, time.sleep)

    def call(inner: Callable[[], object]) -> object:
        with throttle.slot():
            return inner()

    with Workers(1, 0.05, throttle) as workers:
        workers.submit("hangs", CONTEXT, partial(call, hung))
        workers.submit("waits behind it", CONTEXT, partial(call, lambda: "done"))
        first, second = list(workers.outcomes())
    assert isinstance(first.error, TransportError)
    assert first.error.is_silence
    assert second == Outcome("waits behind it", "done", None)


def test_all_of_them_together_have_a_limit(hung: Callable[[], None]) -> None:
    with Workers(1, LONG, total_limit=0.05) as workers:
        workers.submit("hangs", CONTEXT, hung)
        workers.submit("is not begun", CONTEXT, hung)
        outcomes = workers.outcomes()
        assert [outcome.key for outcome in (next(outcomes), next(outcomes))] == ["hangs", "is not begun"]
        workers.submit("comes too late", CONTEXT, lambda: 1)
        (late,) = outcomes
    assert (late.key, late.value) == ("comes too late", None)
    assert str(late.error) == (
        "DescribeSSLV2 in region hk at api.ucloud.cn: not completed within the total timeout of 0.05 s."
        " List fewer regions and projects at once, or raise total_timeout."
    )


def test_what_is_abandoned_has_no_outcome(hung: Callable[[], None]) -> None:
    with Workers(1, LONG) as workers:
        workers.submit("hangs", CONTEXT, hung)
        workers.submit("is not begun", CONTEXT, lambda: 1)
        assert workers.abandon() == {"hangs": CONTEXT, "is not begun": CONTEXT}
        assert list(workers.outcomes()) == []


def test_what_comes_after_it_was_given_up_is_dropped() -> None:
    gate, late = threading.Event(), threading.Event()

    def call() -> str:
        gate.wait(LONG)
        late.set()
        return "late"

    with Workers(1, 0.05) as workers:
        workers.submit("overdue", CONTEXT, call)
        outcomes = workers.outcomes()
        assert isinstance(next(outcomes).error, TransportError)
        gate.set()
        assert late.wait(LONG)
        workers.submit("next", CONTEXT, lambda: 1)
        assert [outcome.key for outcome in outcomes] == ["next"]


def test_only_what_is_overdue_is_given_up() -> None:
    now = 0.0
    gates = {name: threading.Event() for name in ("older", "younger")}
    running = {name: threading.Event() for name in gates}

    def call(name: str) -> str:
        running[name].set()
        gates[name].wait(LONG)
        return name

    with Workers(2, 10.0, clock=lambda: now) as workers:
        for name in gates:
            workers.submit(name, CONTEXT, partial(call, name))
            assert running[name].wait(LONG)
            now += 5.0
        outcomes = workers.outcomes()
        given_up = next(outcomes)
        assert (given_up.key, type(given_up.error)) == ("older", TransportError)
        gates["younger"].set()
        assert list(outcomes) == [Outcome("younger", "younger", None)]
        gates["older"].set()


def test_leaving_does_not_wait_for_calls_in_flight(hung: Callable[[], None]) -> None:
    """Otherwise this test would wait for the call that hangs, and that call for the end of the test."""
    started: list[str] = []
    running = threading.Event()

    def first() -> None:
        running.set()
        hung()

    with Workers(1, LONG) as workers:
        workers.submit("in flight", CONTEXT, first)
        workers.submit("never started", CONTEXT, lambda: started.append("x"))
        assert running.wait(LONG)
    assert started == []
    assert workers._waiting.qsize() == 1, "only the sign to end is left for the thread"


def test_nothing_goes_on_for_a_run_that_has_ended(hung: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    forked = create_autospec(multiprocessing.get_context("fork").Process, instance=True)
    monkeypatch.setattr(multiprocessing, "current_process", lambda: forked)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(pid=os.getppid()))
    with Workers(1, LONG) as workers:
        workers.submit("first", CONTEXT, lambda: "done")
        outcomes = workers.outcomes()
        assert next(outcomes).value == "done"
        workers.submit("in flight", CONTEXT, hung)
        monkeypatch.setattr(os, "getppid", lambda: 1)
        with pytest.raises(UCloudError, match=r"^the run of Ansible has ended\.$"):
            next(outcomes)


def test_a_process_whose_parent_is_not_who_made_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the processes of a fork server, which Python 3.14 uses by default."""
    served = create_autospec(multiprocessing.get_context("forkserver").Process, instance=True)
    monkeypatch.setattr(multiprocessing, "current_process", lambda: served)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(pid=1))
    with Workers(1, LONG) as workers:
        workers.submit("first", CONTEXT, lambda: "done")
        assert [outcome.value for outcome in workers.outcomes()] == ["done"]


@pytest.mark.parametrize("loaded", [True, False])
def test_a_program_may_outlive_its_shell(monkeypatch: pytest.MonkeyPatch, *, loaded: bool) -> None:
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: None)
    if not loaded:
        monkeypatch.delitem(sys.modules, "multiprocessing")
    with Workers(1, LONG) as workers:
        monkeypatch.setattr(os, "getppid", lambda: 1)
        workers.submit("first", CONTEXT, lambda: "done")
        assert [outcome.value for outcome in workers.outcomes()] == ["done"]
