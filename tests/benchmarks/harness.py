# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmarks: measure two things alternately, and compare their medians."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

Sample = Callable[[], float]
"""Runs an action once, and returns its cost in seconds or another unit."""


@dataclass(frozen=True)
class Result:
    """Medians of two things that were measured alternately."""

    a: float
    b: float
    runs: int

    @property
    def value(self) -> float:
        """The ratio of the medians."""
        return self.a / self.b


@dataclass(frozen=True)
class Benchmark:
    """A ratio with a goal. ``better`` is ``lower`` or ``higher``."""

    name: str
    what: str
    goal: float
    better: str
    measure: Callable[[int], Result]

    @property
    def wanted(self) -> str:
        """The goal as text, such as ``≤ 1.25``."""
        return f"{'≥' if self.better == 'higher' else '≤'} {self.goal:g}"

    def is_met(self, result: Result) -> bool:
        """Whether the ratio meets the goal."""
        return result.value >= self.goal if self.better == "higher" else result.value <= self.goal

    def report(self, result: Result) -> dict[str, Any]:
        """Return the entry for ``build/bench.json``."""
        return {
            "value": round(result.value, 3),
            "better": self.better,
            "goal": self.goal,
            "a": round(result.a, 6),
            "b": round(result.b, 6),
            "runs": result.runs,
        }


BENCHMARKS: dict[str, Benchmark] = {}
#: Numbers of runs, and seconds.
_FEWEST, _ENOUGH = 3, 60


def benchmark(what: str, *, goal: float, better: str = "lower") -> Callable[..., Callable[[int], Result]]:
    """Register a function as a benchmark. It is called with the number of runs."""

    def register(measure: Callable[[int], Result]) -> Callable[[int], Result]:
        BENCHMARKS[measure.__name__] = Benchmark(measure.__name__, what, goal, better, measure)
        return measure

    return register


def alternate(a: Sample, b: Sample, runs: int, *, is_warm: bool = False) -> Result:
    """Measure both alternately. A first round that fills caches is not counted, unless they are full.

    Slow actions vary less from run to run, so measuring stops after a minute and three runs.
    """
    if not is_warm:
        a(), b()
    samples: list[tuple[float, float]] = []
    start = time.monotonic()
    while len(samples) < runs and (len(samples) < _FEWEST or time.monotonic() - start < _ENOUGH):
        samples.append((a(), b()))
    first, second = zip(*samples, strict=True)
    return Result(median(first), median(second), len(samples))


def timed(action: Callable[[], Any]) -> Sample:
    """Measure the duration of an action in seconds."""

    def sample() -> float:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start

    return sample


def constant(value: float) -> Sample:
    """A value that need not be measured."""
    return lambda: value
