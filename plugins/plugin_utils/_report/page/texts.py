# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of an audit -> words for a page. What comes in may be anything; what goes out is plain text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from ..sanitize import without_controls

#: Not those of the locale, which Ansible's commands set.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def visible(text: str) -> str:
    """A text in which nothing is hidden, and nothing changes the direction; HTML folds tabs and line ends by itself."""
    return without_controls(text, keep="\t\n")


def text_of(value: Any) -> str:
    """A value as text; what is not there is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)) and not any(isinstance(item, (dict, list, tuple)) for item in value):
        return ", ".join(map(text_of, value))
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def pairs(evidence: Any) -> list[tuple[str, str]]:
    """Evidence as names and texts; names of what is nested are joined by dots."""
    return list(_pairs(evidence)) if isinstance(evidence, dict) else []


def _pairs(evidence: dict[Any, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in evidence.items():
        if isinstance(value, dict) and value:
            yield from _pairs(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", text_of(value) or "none"


def moment_of(value: Any) -> datetime | None:
    """Read ``2026-09-17T23:59:59Z``."""
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(timezone.utc)
    except (AttributeError, ValueError, OverflowError):
        return None


def long_date(value: Any) -> str:
    """A moment for a heading: ``24 November 2026, 03:57 UTC``."""
    moment = moment_of(value)
    return f"{moment.day} {month(moment)} {moment:%Y, %H:%M} UTC" if moment else text_of(value)


def month(moment: datetime) -> str:
    """The name of a month in English."""
    return MONTHS[moment.month - 1]


def short_date(value: Any) -> str:
    """The day of a moment: ``2026-11-24``."""
    moment = moment_of(value)
    return f"{moment:%Y-%m-%d}" if moment else text_of(value)


def number_of(value: Any) -> float | None:
    """A number that is one."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def plural(count: int, singular: str, many: str | None = None) -> str:
    """``1 day``, ``2 days``."""
    return f"{count:,} {singular if count == 1 else many or f'{singular}s'}"


def in_words(days: float | None) -> str:
    """Days that are left: ``in 12 days``, ``in 5 hours``; ``expired 3 days ago`` if they are negative."""
    if days is None:
        return "expiry not known"
    hours = abs(days) * 24
    if hours < 1:
        amount = "less than an hour"
    elif hours < 48:
        amount = plural(int(hours), "hour")
    else:
        amount = plural(int(hours // 24), "day")
    return f"in {amount}" if days >= 0 else f"expired {amount} ago"
