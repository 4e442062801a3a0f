# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Format values of an audit as text for a page. Values may be of any type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from ..language import say, say_number
from ..sanitize import without_controls

#: In English, whatever locale Ansible's commands set.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


#: What :func:`plural` makes.
NOUNS = (
    "{number} hours", "{number} days", "{number} certificates", "{number} listeners", "{number} endpoints",
    "{number} listings", "{number} findings",
)  # fmt: skip


def visible(text: str) -> str:
    """Return a text without invisible characters. Tabs and line ends are kept, because HTML shows them as spaces."""
    return without_controls(text, keep="\t\n")


def text_of(value: Any) -> str:
    """Return a value as text; empty for ``None``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, (list, tuple)) and not any(isinstance(item, (dict, list, tuple)) for item in value):
        return ", ".join(map(text_of, value))
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def pairs(evidence: Any) -> list[tuple[str, str]]:
    """Return evidence as names and texts. Names of nested values are joined with dots."""
    return list(_pairs(evidence)) if isinstance(evidence, dict) else []


def _pairs(evidence: dict[Any, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in evidence.items():
        if isinstance(value, dict) and value:
            yield from _pairs(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", text_of(value) or say("none")


def parse_datetime(value: Any) -> datetime | None:
    """Parse ``2026-09-17T23:59:59Z``; ``None`` if it is not a timestamp."""
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(timezone.utc)
    except (AttributeError, ValueError, OverflowError):
        return None


def long_date(value: Any) -> str:
    """Return a timestamp for a heading: ``24 November 2026, 03:57 UTC``."""
    parsed = parse_datetime(value)
    if not parsed:
        return text_of(value)
    return say(
        "{day} {month} {year}, {time} UTC",
        day=parsed.day,
        month=month(parsed),
        number=parsed.month,
        year=parsed.year,
        time=f"{parsed:%H:%M}",
    )


def month(day: datetime) -> str:
    """Return the English name of a month."""
    return MONTHS[day.month - 1]


def short_date(value: Any) -> str:
    """Return the date of a timestamp: ``2026-11-24``."""
    parsed = parse_datetime(value)
    return f"{parsed:%Y-%m-%d}" if parsed else text_of(value)


def number_of(value: Any) -> float | None:
    """Return the value if it is a number, otherwise ``None``."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def plural(count: int, singular: str) -> str:
    """Return a number with its noun: ``1 day``, ``2 days``. Nouns are in :data:`NOUNS`."""
    return say_number(f"{{number}} {singular}", f"{{number}} {singular}s", count)


def in_words(days: float | None) -> str:
    """Return the remaining days in words: ``in 12 days``, ``in 5 hours``, or ``expired 3 days ago`` if negative."""
    if days is None:
        return say("expiry not known")
    hours = abs(days) * 24
    if hours < 1:
        amount = say("less than an hour")
    elif hours < 48:
        amount = plural(int(hours), "hour")
    else:
        amount = plural(int(hours // 24), "day")
    return say("in {amount}", amount=amount) if days >= 0 else say("expired {amount} ago", amount=amount)
