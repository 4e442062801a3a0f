# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limit for requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MODES = ("retcode", "http429")


class Throttle:
    """A token bucket with a capacity of one second of requests, at least one."""

    def __init__(
        self,
        per_second: float,
        mode: str = "retcode",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``mode`` is the response above the limit: ``retcode`` (153) or ``http429``."""
        if isinstance(per_second, bool) or not isinstance(per_second, (int, float)):
            raise TypeError("per_second must be a number")
        if per_second <= 0:
            raise ValueError("per_second must be positive")
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}")
        self.per_second = per_second
        self.mode = mode
        self._clock = clock
        self._capacity = max(1.0, float(per_second))
        self._tokens = self._capacity
        self._filled = clock()
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Whether one more request may pass now. Refused requests do not count."""
        with self._lock:
            now = self._clock()
            gained = (now - self._filled) * self.per_second
            self._tokens = min(self._capacity, self._tokens + gained)
            self._filled = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
