# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests may be under way at once, and how fast they may follow: all slow down when the platform says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Of the rate that got through, how much is asked for after a refusal; and by how much the time between two requests
#: shrinks with each success. The first leaves a place for others, the second finds out when they have gone.
_SHARE = 0.95
_SHRINK = 0.995
#: Below this many seconds between two requests there is no point in waiting.
_SHORTEST_GAP = 0.002
_LONGEST_GAP = 2.0


class Throttle:
    """A gate in front of the wire, shared by all threads of a client.

    Like TCP's congestion control it halves what it lets through at once when the server is overrun, and grows by about
    one for each full round of successes (additive increase, multiplicative decrease). Where even one request at a time
    is too fast, that alone would be refused again and again: so from the first refusal on requests are also spaced, at
    the rate of those that got through since the refusal before.
    """

    def __init__(self, concurrency: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._limit = float(concurrency)
        #: Threads with a request under way.
        self._holders: set[int] = set()
        #: How long each thread has waited here, and since when those that wait now.
        self._waited: dict[int, float] = {}
        self._waiting: dict[int, float] = {}
        self._paused_until = 0.0
        self._gap = 0.0
        self._next_start = 0.0
        self._passed = 0
        self._passing_since = clock()
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be under way now."""
        return int(self._limit)

    @property
    def gap(self) -> float:
        """Seconds from the start of a request to that of the next one."""
        return self._gap

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one place among the requests under way; wait for it, and for the end of a pause, first."""
        self._enter()
        try:
            yield
        finally:
            self.release(threading.get_ident())

    def release(self, thread: int) -> None:
        """Take back the place of a thread, if it has one: its request has ended, or was given up."""
        with self._changed:
            self._holders.discard(thread)
            self._changed.notify()

    def waited(self, thread: int) -> float:
        """Seconds that a thread has spent here, waiting for its turn."""
        with self._changed:
            return self._waited.get(thread, 0.0) + self._clock() - self._waiting.get(thread, self._clock())

    def speed_up(self) -> None:
        """A request succeeded."""
        with self._changed:
            self._passed += 1
            self._gap = self._gap * _SHRINK if self._gap > _SHORTEST_GAP else 0.0
            if self._limit < self._concurrency:
                self._limit = min(float(self._concurrency), self._limit + 1 / self._limit)
                self._changed.notify()

    def slow_down(self, seconds: float) -> None:
        """The server was overrun: halve the requests under way, space them, and let none start for ``seconds``."""
        with self._changed:
            now = self._clock()
            # Requests that were under way together are refused together: that is one event, not several.
            if now >= self._paused_until:
                self._limit = max(1.0, self._limit / 2)
                self._gap = min(_LONGEST_GAP, self._gap_that_passes(now))
                self._passed = 0
                self._passing_since = now
            self._paused_until = max(self._paused_until, now + seconds)

    def _gap_that_passes(self, now: float) -> float:
        elapsed = now - self._passing_since
        if self._passed:
            return elapsed / self._passed / _SHARE
        # Not one: the pause was too short, or somebody else is faster.
        return max(2 * self._gap, elapsed)

    def _enter(self) -> None:
        thread = threading.get_ident()
        with self._changed:
            self._waiting[thread] = self._clock()
        while True:
            with self._changed:
                now = self._clock()
                pause = max(self._paused_until, self._next_start) - now
                if pause <= 0:
                    if len(self._holders) < int(self._limit):
                        self._holders.add(thread)
                        self._waited[thread] = self._waited.get(thread, 0.0) + now - self._waiting.pop(thread)
                        self._next_start = now + self._gap
                        return
                    self._changed.wait()
                    continue
            self._sleep(pause)
