# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps and durations. A timestamp is the number of seconds since 1970 in UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

DAY = 86400
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
#: The first and the last timestamp that dates can express: the years 1 and 9999.
FIRST, LAST = -62135596800, 253402300799
# The year 5138 in seconds, or 1973 in milliseconds. Larger values are milliseconds.
_FIRST_IN_MILLISECONDS = 100_000_000_000
_UNITS = {"w": 7 * DAY, "d": DAY, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d{1,12}[wdhms])+", re.ASCII)


def timestamp(value: datetime) -> int:
    """Return a time as a timestamp. A time without a zone is UTC."""
    return int((value.replace(tzinfo=value.tzinfo or timezone.utc) - _EPOCH).total_seconds())


def from_api(value: Any) -> int | None:
    """Read a Unix time of the API, in seconds or milliseconds; ``None`` for 0 and anything else."""
    try:
        seconds = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if abs(seconds) >= _FIRST_IN_MILLISECONDS:
        seconds //= 1000
    return seconds if 0 < seconds <= LAST and not isinstance(value, bool) else None


def iso8601(value: int | None) -> str | None:
    """Return a timestamp as text, such as ``2026-09-17T23:59:59Z``."""
    return None if value is None else (_EPOCH + timedelta(seconds=value)).isoformat()[:19] + "Z"


def state(not_before: int | None, not_after: int | None, now: int) -> str:
    """Return ``valid``, ``expired``, ``not_yet_valid`` or ``unknown`` for a validity period."""
    if not_after is None:
        return "unknown"
    if now > not_after:
        return "expired"
    return "not_yet_valid" if not_before is not None and now < not_before else "valid"


def parse_duration(text: str) -> int | None:
    """Return ``30d``, ``12h`` or ``1w2d`` as seconds (w, d, h, m, s); ``None`` if it is not a duration."""
    text = text.strip().lower()
    if not _DURATION.fullmatch(text):
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d{1,12})([wdhms])", text))
