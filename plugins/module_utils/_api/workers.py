# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run calls concurrently on threads, and hand their outcomes to the caller's thread."""

from __future__ import annotations

import itertools
import math
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .errors import RequestContext, TransportError, UCloudError, forget_locals
from .throttle import Throttle

#: Seconds between checks whether the run of Ansible has ended.
_ORPHAN_CHECK = 1.0


class Outcome(NamedTuple):
    """How a call ended: ``value`` is what it returned, unless ``error`` is what it raised."""

    key: Any
    value: Any
    error: Exception | None


class _Started(NamedTuple):
    """A call in flight: when it started, on which thread, and how long that thread had waited for the throttle."""

    time: float
    thread: int
    waited: float


class Workers:
    """A pool of threads for calls that wait for the network. Use it as a context manager.

    All state belongs to the caller's thread, which may submit more calls while it reads outcomes.

    A call that does not end within ``time_limit`` seconds is abandoned: its outcome is a :class:`TransportError`. That
    covers what socket timeouts do not detect, such as a name server that hangs, or a server that sends a byte now and
    then. The time that a call waits in ``throttle`` does not count.

    The threads are daemons, unlike those of ``concurrent.futures``, so that a user who presses Ctrl-C does not wait for
    requests in flight. They also end when the run of Ansible was killed without telling the processes of its tasks,
    which versions before 2.19 do on SIGTERM.

    Args:
        size: Maximum number of threads.
        time_limit: Seconds for each call.
        throttle: Where the calls wait for their turn.
        total_limit: Seconds for all calls together.
        clock: Returns monotonic seconds.
    """

    def __init__(
        self,
        size: int,
        time_limit: float,
        throttle: Throttle | None = None,
        total_limit: float = math.inf,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._size = size
        self._time_limit = time_limit
        self._throttle = throttle
        self._total_limit = total_limit
        self._clock = clock
        self._ends_at = clock() + total_limit
        self._numbers = itertools.count()
        self._waiting: queue.SimpleQueue[tuple[int, Callable[[], Any]] | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[tuple[int, Any, Exception | None]] = queue.SimpleQueue()
        self._open: dict[int, tuple[Any, RequestContext]] = {}
        self._started: dict[int, _Started] = {}
        self._threads = 0
        self._parent = _parent()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Release the threads: each ends as soon as its call does. Calls that have not started never start."""
        self.abandon()
        for _number in range(self._threads):
            self._waiting.put(None)

    def abandon(self) -> dict[Any, RequestContext]:
        """Abandon all calls without an outcome: they will have none. Return their keys and contexts."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        abandoned = dict(self._open.values())
        self._open.clear()
        return abandoned

    def submit(self, key: Any, context: RequestContext, call: Callable[[], Any]) -> None:
        """Run ``call`` on a thread. Its outcome has ``key``; errors about it have ``context``."""
        number = next(self._numbers)
        self._open[number] = (key, context)
        self._waiting.put((number, call))
        if self._threads < min(self._size, len(self._open)):
            self._start_thread()

    def outcomes(self) -> Iterator[Outcome]:
        """Yield outcomes as calls end, until every submitted call has one.

        Raises:
            UCloudError: The run of Ansible to which this process belongs has ended.
        """
        while self._open:
            if self._parent not in (None, os.getppid()):
                raise UCloudError("the run of Ansible has ended")
            if self._clock() >= self._ends_at:
                for key, context in self.abandon().items():
                    yield Outcome(key, None, self._total_limit_error(context))
                continue
            try:
                number, value, error = self._ended.get(timeout=self._next_check())
            except queue.Empty:
                yield from self._give_up_overdue()
                continue
            self._started.pop(number, None)
            if number in self._open:  # otherwise it was abandoned before
                key, _context = self._open.pop(number)
                yield Outcome(key, value, error)

    def _start_thread(self) -> None:
        self._threads += 1
        threading.Thread(target=self._work, daemon=True, name="ucloud.ulb").start()

    def _work(self) -> None:
        while True:
            job = self._waiting.get()
            if job is None:
                return
            number, call = job
            thread = threading.get_ident()
            self._started[number] = _Started(self._clock(), thread, self._waited(thread))
            try:
                self._ended.put((number, call(), None))
            except Exception as error:  # noqa: BLE001 (the caller's thread decides what to do with it)
                forget_locals(error)
                self._ended.put((number, None, error))

    def _next_check(self) -> float:
        now = self._clock()
        oldest = min((started.time for started in self._started.copy().values()), default=now)
        return min(_ORPHAN_CHECK, max(0.01, min(oldest + self._time_limit, self._ends_at) - now))

    def _give_up_overdue(self) -> Iterator[Outcome]:
        started_before = self._clock() - self._time_limit
        for number, started in self._started.copy().items():
            if started.time > started_before or number not in self._open:
                continue
            waited = self._waited(started.thread)
            own_start = started.time + waited - started.waited
            if own_start > started_before:
                self._started[number] = _Started(own_start, started.thread, waited)
                continue
            del self._started[number]
            if self._throttle is not None:
                self._throttle.release(started.thread)
            self._start_thread()  # replaces the one that hangs
            key, context = self._open.pop(number)
            yield Outcome(key, None, self._time_limit_error(context))

    def _waited(self, thread: int) -> float:
        return self._throttle.waited(thread) if self._throttle is not None else 0.0

    def _time_limit_error(self, context: RequestContext) -> TransportError:
        return TransportError(
            f"no complete response within {self._time_limit:g} s",
            context,
            "The endpoint sends too slowly, or a name server does not respond."
            " If the endpoint is always slow, raise timeout.",
            retryable=False,
            is_silence=True,
        )

    def _total_limit_error(self, context: RequestContext) -> TransportError:
        return TransportError(
            f"not completed within the total timeout of {self._total_limit:g} s",
            context,
            "List fewer regions and projects at once, or raise total_timeout.",
            retryable=False,
        )


def _parent() -> int | None:
    """Return the process that forked this one to work for it; ``None`` for others, which may outlive their parent."""
    # A process forked by multiprocessing has loaded it. Importing it otherwise takes a tenth of a module's start time.
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is None or not isinstance(
        multiprocessing.current_process(), multiprocessing.get_context("fork").Process
    ):
        return None
    parent = multiprocessing.parent_process()
    return parent.pid if parent else None
