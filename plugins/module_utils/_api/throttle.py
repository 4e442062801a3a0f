# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limit how many requests are in flight and how fast they follow, and slow down when the platform asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: After a refusal, requests are sent at this share of the rate that succeeded; with each success the gap between two
#: requests shrinks by this factor. _SHARE leaves room for other clients, and _SHRINK detects that they are gone.
_SHARE = 0.95
_SHRINK = 0.995
#: Shorter gaps (in seconds) are ignored.
_SHORTEST_GAP = 0.002
_LONGEST_GAP = 2.0


class Throttle:
    """Limit concurrency and rate of requests. All threads of a client share it.

    Like TCP's congestion control, it halves the number of requests in flight when the server is overloaded, and raises
    it by about one for each full round of successes (additive increase, multiplicative decrease). If even one request
    at a time is too fast, it would be refused again and again. So from the first refusal on, requests are also spaced,
    at the rate that succeeded since the refusal before.

    Args:
        concurrency: Maximum number of requests in flight.
        clock: Returns monotonic seconds.
        sleep: Waits for a number of seconds.
    """

    def __init__(self, concurrency: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._limit = float(concurrency)
        #: Threads with a request in flight.
        self._holders: set[int] = set()
        #: How long each thread has waited here, and since when the waiting threads wait.
        self._waited: dict[int, float] = {}
        self._waiting: dict[int, float] = {}
        self._paused_until = 0.0
        self._gap = 0.0
        self._next_start = 0.0
        self._succeeded = 0
        self._counting_since = clock()
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be in flight now."""
        return int(self._limit)

    @property
    def gap(self) -> float:
        """Seconds between the starts of two requests."""
        return self._gap

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one of the slots for requests in flight. Wait for a free one, and for the end of a pause, first."""
        self._enter()
        try:
            yield
        finally:
            self.release(threading.get_ident())

    def release(self, thread: int) -> None:
        """Free the slot of a thread, if it has one, because its request has ended or was abandoned."""
        with self._changed:
            self._holders.discard(thread)
            self._changed.notify()

    def waited(self, thread: int) -> float:
        """Return the seconds that a thread has waited here."""
        with self._changed:
            return self._waited.get(thread, 0.0) + self._clock() - self._waiting.get(thread, self._clock())

    def speed_up(self) -> None:
        """Record that a request succeeded."""
        with self._changed:
            self._succeeded += 1
            self._gap = self._gap * _SHRINK if self._gap > _SHORTEST_GAP else 0.0
            if self._limit < self._concurrency:
                self._limit = min(float(self._concurrency), self._limit + 1 / self._limit)
                self._changed.notify()

    def slow_down(self, seconds: float) -> None:
        """Record that the server is overloaded: halve and space the requests, and start none for ``seconds``."""
        with self._changed:
            now = self._clock()
            # Requests that were in flight together are refused together. That counts as one event.
            if now >= self._paused_until:
                self._limit = max(1.0, self._limit / 2)
                self._gap = min(_LONGEST_GAP, self._new_gap(now))
                self._succeeded = 0
                self._counting_since = now
            self._paused_until = max(self._paused_until, now + seconds)

    def _new_gap(self, now: float) -> float:
        elapsed = now - self._counting_since
        if self._succeeded:
            return elapsed / self._succeeded / _SHARE
        # No request succeeded: the pause was too short, or another client is faster.
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
