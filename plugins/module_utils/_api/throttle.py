# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests may be under way at once: all of them slow down together when the platform says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Throttle:
    """A gate in front of the wire, shared by all threads of a client.

    Like TCP's congestion control it halves what it lets through when the server is overrun, and grows by about
    one for each full round of successes (additive increase, multiplicative decrease).
    """

    def __init__(self, concurrency: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._limit = float(concurrency)
        self._under_way = 0
        self._paused_until = 0.0
        self._changed = threading.Condition()

    @property
    def limit(self) -> int:
        """How many requests may be under way now."""
        return int(self._limit)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one place among the requests under way; wait for it, and for the end of a pause, first."""
        self._enter()
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify()

    def speed_up(self) -> None:
        """A request succeeded."""
        if self._limit < self._concurrency:
            with self._changed:
                self._limit = min(float(self._concurrency), self._limit + 1 / self._limit)
                self._changed.notify()

    def slow_down(self, seconds: float) -> None:
        """The server was overrun: halve the requests under way, and let none start for ``seconds``."""
        with self._changed:
            now = self._clock()
            # Requests that were under way together are refused together: that is one event, not several.
            if now >= self._paused_until:
                self._limit = max(1.0, self._limit / 2)
            self._paused_until = max(self._paused_until, now + seconds)

    def _enter(self) -> None:
        while True:
            with self._changed:
                pause = self._paused_until - self._clock()
                if pause <= 0:
                    if self._under_way < int(self._limit):
                        self._under_way += 1
                        return
                    self._changed.wait()
                    continue
            self._sleep(pause)
