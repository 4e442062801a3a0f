# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The geometry of the expiry timeline: horizontal values are percent of the width, vertical ones are pixels.

The scale is logarithmic, so that three days and three years are both readable. The past takes less space. Up to a few
hundred certificates are single marks; more are drawn as bars.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ..language import join, say
from ..sanitize import shorten
from .certificates import STANDINGS, CertificateEntry, rank_of
from .texts import month, plural

#: Limits of the scale in days. Certificates outside are drawn at the edge.
_EARLIEST, _LATEST = -730.0, 1500.0
#: The days of the ticks, and of those that small screens show.
_TICKS = (-365, -90, -30, -7, 0, 7, 14, 30, 90, 180, 365, 730, 1095)
_MAJOR = (0, 7, 14, 30, 90, 365)
#: The days that separate the bars.
_EDGES = (-365, -180, -90, -30, -14, -7, 0, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 545, 730, 1095)
#: If there are more certificates, they are drawn as bars.
_MAX_MARKS = 400
#: The most rows and columns of a stack of marks.
_HIGHEST_STACK, _WIDEST_STACK = 18, 3
#: Marks that are closer than this share a stack.
_CLUSTER = 2.1
#: The distances between the marks of a stack.
_PITCH_ACROSS, _PITCH_UP = 0.85, 12
#: The space above the drawing, and the height of the highest bar.
_TOP, _BAR = 34.0, 150.0


@dataclass(frozen=True)
class Tick:
    """A tick of the axis. ``minor`` ticks are left out on small screens."""

    x: float
    label: str
    date: str
    minor: bool


@dataclass(frozen=True)
class Mark:
    """One certificate."""

    x: float
    y: float
    entry: CertificateEntry
    label: str


@dataclass(frozen=True)
class Segment:
    """The certificates of one severity in a bar."""

    y: float
    height: float
    severity: str
    count: int


@dataclass(frozen=True)
class Bar:
    """All certificates that expire within a range of days. ``days`` is such as ``7..14``, or open at one end."""

    x: float
    width: float
    top: float
    days: str
    worst: str
    count: int
    label: str
    segments: list[Segment]


@dataclass(frozen=True)
class Band:
    """A period with a meaning, such as the past."""

    x: float
    width: float
    name: str


@dataclass(frozen=True)
class Timeline:
    """The drawing, with either marks or bars on ``baseline``. ``undated`` are certificates without a known expiry."""

    height: float
    baseline: float
    ticks: list[Tick]
    bands: list[Band]
    marks: list[Mark]
    bars: list[Bar]
    undated: list[CertificateEntry]

    @classmethod
    def of(
        cls,
        entries: Iterable[CertificateEntry],
        now: datetime | None,
        critical_days: float,
        warning_days: float,
        others: Sequence[tuple[float, str]] = (),
    ) -> Timeline:
        """Draw certificates.

        Args:
            entries: The certificates on the page.
            now: The time of the audit.
            critical_days: A limit of the policy, drawn as a band.
            warning_days: The other limit.
            others: Days and severities of certificates that are not on the page. With these, only bars are drawn.
        """
        dated: list[tuple[float, CertificateEntry]] = []
        undated: list[CertificateEntry] = []
        for entry in entries:
            if entry.days is None:
                undated.append(entry)
            else:
                dated.append((entry.days, entry))
        counted = [*((days, entry.severity) for days, entry in dated), *others]
        scale = _Scale([days for days, _severity in counted])
        stacks = _stacks(dated, scale)
        fits = all(len(stack) <= _HIGHEST_STACK * _WIDEST_STACK for stack in stacks)
        as_marks = fits and not others and len(dated) <= _MAX_MARKS
        rows = max((_rows(len(stack)) for stack in stacks), default=0)
        room = max(96.0, rows * _PITCH_UP) if as_marks else _BAR + 22
        baseline = _TOP + room
        return cls(
            height=baseline + 46,
            baseline=baseline,
            ticks=scale.ticks(now),
            bands=scale.bands(critical_days, warning_days),
            marks=[mark for stack in stacks for mark in _marks(stack, baseline)] if as_marks else [],
            bars=[] if as_marks else _bars(counted, scale, baseline),
            undated=undated,
        )


class _Scale:
    """Converts days to percent of the width."""

    def __init__(self, days: Sequence[float]) -> None:
        self._first = _logarithmic(max(_EARLIEST, min([-1.5, *(day * 1.3 for day in days)])))
        self._last = _logarithmic(min(_LATEST, max([100.0, *(day * 1.15 for day in days)])))

    def __call__(self, days: float) -> float:
        share = (min(max(_logarithmic(days), self._first), self._last) - self._first) / (self._last - self._first)
        return round(2.5 + 95 * share, 2)

    def has(self, days: float) -> bool:
        return self._first <= _logarithmic(days) <= self._last

    def ticks(self, now: datetime | None) -> list[Tick]:
        return [Tick(self(day), _tick(day), _day(now, day), minor=day not in _MAJOR) for day in _TICKS if self.has(day)]

    def bands(self, critical_days: float, warning_days: float) -> list[Band]:
        edges = [(-math.inf, 0.0, "expired"), (0.0, critical_days, "high"), (critical_days, warning_days, "medium")]
        bands = []
        for first, last, name in edges:
            x = 0.0 if first == -math.inf else self(first)
            if self(last) > x:
                bands.append(Band(x, round(self(last) - x, 2), name))
        return bands


def _logarithmic(days: float) -> float:
    """Return a position on the scale, without unit; 0 is the time of the audit."""
    distance = math.log1p(abs(days) / 6)
    return distance if days >= 0 else -0.35 * distance


def _tick(day: int) -> str:
    if day == 0:
        return say("now")
    if day > 0 and day % 365 == 0:
        return say("{number} y", number=day // 365)
    return say("{number} d", number=str(day).replace("-", "\N{MINUS SIGN}"))


def _day(now: datetime | None, days: int) -> str:
    try:
        day = now + timedelta(days=days) if now is not None else None
    except OverflowError:
        day = None
    if day is None:
        return ""
    names = {"month": month(day)[:3], "number": day.month}
    if days >= 180:
        return say("{month} {year}", year=day.year, **names)
    return say("{day} {month}", day=day.day, **names)


def _stacks(
    dated: Iterable[tuple[float, CertificateEntry]], scale: _Scale
) -> list[list[tuple[float, CertificateEntry]]]:
    """Return groups of certificates that would overlap, with their horizontal positions."""
    stacks: list[list[tuple[float, CertificateEntry]]] = []
    for x, entry in sorted(((scale(days), entry) for days, entry in dated), key=lambda item: item[0]):
        if stacks and x - stacks[-1][0][0] < _CLUSTER:
            stacks[-1].append((x, entry))
        else:
            stacks.append([(x, entry)])
    return stacks


def _columns(count: int) -> int:
    return min(_WIDEST_STACK, math.ceil(count / 6))


def _rows(count: int) -> int:
    return math.ceil(count / _columns(count))


def _marks(stack: list[tuple[float, CertificateEntry]], baseline: float) -> Iterable[Mark]:
    """Draw a stack, with the most severe certificates at the bottom."""
    columns = _columns(len(stack))
    middle = sum(x for x, _entry in stack) / len(stack)
    for number, (_x, entry) in enumerate(sorted(stack, key=lambda item: rank_of(item[1].severity))):
        row, column = divmod(number, columns)
        across = (column - (columns - 1) / 2) * _PITCH_ACROSS
        yield Mark(round(middle + across, 2), round(baseline - 10 - row * _PITCH_UP, 1), entry, _label(entry))


def _label(entry: CertificateEntry) -> str:
    expires = entry.expires if (entry.days or 0) < 0 else say("expires {when}", when=entry.expires)
    when = say("{text}, {date}", text=expires, date=entry.expires_on) if entry.expires_on else expires
    return say(
        "{name}: {when}. {severity}", name=shorten(entry.name, 80), when=when, severity=say(entry.severity).capitalize()
    )


def _bars(dated: Sequence[tuple[float, str]], scale: _Scale, baseline: float) -> list[Bar]:
    bins: dict[tuple[float, float], dict[str, int]] = {edges: {} for edges in pairwise((-math.inf, *_EDGES, math.inf))}
    # One pass is enough, because days and edges are sorted.
    ordered = iter(sorted(dated))
    item = next(ordered, None)
    for edges, counts in bins.items():
        while item is not None and item[0] < edges[1]:
            counts[item[1]] = counts.get(item[1], 0) + 1
            item = next(ordered, None)
    highest = max(sum(counts.values()) for counts in bins.values())
    return [_bar(edges, counts, highest, scale, baseline) for edges, counts in bins.items() if counts]


def _bar(edges: tuple[float, float], counts: dict[str, int], highest: int, scale: _Scale, baseline: float) -> Bar:
    x, end = (scale(edge) for edge in edges)
    if end - x < 1:
        x, end = x - 0.5, x + 0.5
    segments, top = [], baseline
    for severity in STANDINGS:
        if severity in counts:
            # A few certificates among thousands have to be visible.
            height = round(max(3.0, counts[severity] / highest * _BAR), 1)
            top = round(top - height, 1)
            segments.append(Segment(top, height, severity, counts[severity]))
    total = sum(counts.values())
    parts = join(
        say("{number} {name}", number=f"{segment.count:,}", name=say(segment.severity)) for segment in segments
    )
    low, high = ("" if math.isinf(edge) else f"{edge:g}" for edge in edges)
    return Bar(
        x=round(x + 0.12, 2),
        width=round(max(end - x - 0.24, 0.6), 2),
        top=top,
        days=f"{low}..{high}",
        worst=segments[0].severity,
        count=total,
        label=say(
            "{certificates} {span}: {parts}", certificates=plural(total, "certificate"), span=_span(*edges), parts=parts
        ),
        segments=segments,
    )


def _span(low: float, high: float) -> str:
    if high <= 0:
        if math.isinf(low):
            return say("expired {days} or more days ago", days=f"{-high:g}")
        return say("expired {first} to {last} days ago", first=f"{-high:g}", last=f"{-low:g}")
    if math.isinf(high):
        return say("expiring in {days} days or later", days=f"{low:g}")
    return say("expiring in {first} to {last} days", first=f"{low:g}", last=f"{high:g}")
