# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs calls side by side on threads, and hands the outcomes to the caller's thread one by one."""

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

#: Seconds within which it is noticed that nobody waits for the outcomes any more.
_ORPHAN_CHECK = 1.0


class Outcome(NamedTuple):
    """How a call ended: ``value`` is what it returned, unless ``error`` is what it raised."""

    key: Any
    value: Any
    error: Exception | None


class _Started(NamedTuple):
    """A call under way: since when, on which thread, and how long that had waited for its turn by then."""

    moment: float
    thread: int
    waited: float


class Workers:
    """A pool of threads for calls that wait for the network. Use it as a context manager.

    All state of the work stays with the caller's thread, which may submit more while it reads outcomes.
    A call that does not end within ``time_limit`` seconds of its start is given up: its outcome is a
    :class:`TransportError`. That guards against what the timeouts of a socket cannot see, such as a name server that
    hangs or a server that sends a byte now and then. What a call waits in ``throttle`` for its turn does not count.
    All of them together have ``total_limit`` seconds.

    The threads are daemons, unlike those of ``concurrent.futures``: a user who presses Ctrl-C does not wait for
    requests that are still under way. Nor do they outlive a run of Ansible that was ended without a word to the
    processes of its tasks, as versions before 2.19 do on SIGTERM.
    """

    def __init__(
        self, size: int, time_limit: float, throttle: Throttle | None = None, total_limit: float = math.inf
    ) -> None:
        self._size = size
        self._time_limit = time_limit
        self._throttle = throttle
        self._total_limit = total_limit
        self._ends_at = time.monotonic() + total_limit
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
        """Let the threads go: each ends as soon as its call does; what still waits is never started."""
        self.abandon()
        for _number in range(self._threads):
            self._waiting.put(None)

    def abandon(self) -> dict[Any, RequestContext]:
        """Give up whatever was submitted and has no outcome yet: it has none any more. Returns what it was."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        abandoned = dict(self._open.values())
        self._open.clear()
        return abandoned

    def submit(self, key: Any, context: RequestContext, call: Callable[[], Any]) -> None:
        """Have ``call`` run on a thread; ``key`` names it in its outcome, ``context`` in a message about it."""
        number = next(self._numbers)
        self._open[number] = (key, context)
        self._waiting.put((number, call))
        if self._threads < min(self._size, len(self._open)):
            self._start_thread()

    def outcomes(self) -> Iterator[Outcome]:
        """Yield outcomes as calls end, until nothing that was submitted is left.

        :raises UCloudError: the run of Ansible that this process is a part of has ended.
        """
        while self._open:
            if self._parent not in (None, os.getppid()):
                raise UCloudError("the run of Ansible has ended")
            if time.monotonic() >= self._ends_at:
                for key, context in self.abandon().items():
                    yield Outcome(key, None, self._too_late(context))
                continue
            try:
                number, value, error = self._ended.get(timeout=self._next_check())
            except queue.Empty:
                yield from self._give_up_overdue()
                continue
            self._started.pop(number, None)
            if number in self._open:  # else it was given up before
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
            self._started[number] = _Started(time.monotonic(), thread, self._waited(thread))
            try:
                self._ended.put((number, call(), None))
            except Exception as error:  # noqa: BLE001 (whatever it is, the caller's thread decides about it)
                forget_locals(error)
                self._ended.put((number, None, error))

    def _next_check(self) -> float:
        now = time.monotonic()
        oldest = min((started.moment for started in self._started.copy().values()), default=now)
        return min(_ORPHAN_CHECK, max(0.01, min(oldest + self._time_limit, self._ends_at) - now))

    def _give_up_overdue(self) -> Iterator[Outcome]:
        started_before = time.monotonic() - self._time_limit
        for number, started in self._started.copy().items():
            if started.moment > started_before or number not in self._open:
                continue
            waited = self._waited(started.thread)
            own_start = started.moment + waited - started.waited
            if own_start > started_before:
                self._started[number] = _Started(own_start, started.thread, waited)
                continue
            del self._started[number]
            if self._throttle is not None:
                self._throttle.release(started.thread)
            self._start_thread()  # in the place of the one that hangs
            key, context = self._open.pop(number)
            yield Outcome(key, None, self._overdue(context))

    def _waited(self, thread: int) -> float:
        return self._throttle.waited(thread) if self._throttle is not None else 0.0

    def _overdue(self, context: RequestContext) -> TransportError:
        return TransportError(
            f"no whole answer within {self._time_limit:g} s",
            context,
            "The endpoint sends too slowly, or a name server hangs; raise timeout if it has to be so slow.",
            retryable=False,
            is_silence=True,
        )

    def _too_late(self, context: RequestContext) -> TransportError:
        return TransportError(
            f"the whole gathering has taken its {self._total_limit:g} s, and this was not answered by then",
            context,
            "Ask for fewer regions and projects at once, or raise total_timeout.",
            retryable=False,
        )


def _parent() -> int | None:
    """The process that forked this one to work for it; ``None`` for others, which may well outlive who started them."""
    # What was forked by it has loaded it; to load it for this takes a tenth of the time that a module needs to start.
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is None or not isinstance(
        multiprocessing.current_process(), multiprocessing.get_context("fork").Process
    ):
        return None
    parent = multiprocessing.parent_process()
    return parent.pid if parent else None
