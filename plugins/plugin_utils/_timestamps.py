# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps that users write."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from typing import Any

from ..module_utils._api.errors import OptionError
from ..module_utils._certificates.times import DAY, FIRST, LAST, timestamp

_ISO8601 = re.compile(r"\d{4}-\d{2}-\d{2}.*", re.ASCII | re.DOTALL)
_SECONDS = re.compile(r"\d{9,11}", re.ASCII)
#: Seconds from 1973 to 5138 have 9 to 11 digits. Other numbers are probably dates, such as 2027 or 20261124.
_FEWEST, _TOO_MANY = 100_000_000, 100_000_000_000


def read_timestamp(value: Any, option: str, *, end_of_day: bool = False) -> int:
    """Read a timestamp: seconds since 1970, ISO 8601, or the dates that YAML and Jinja make of it.

    Text and dates without a time zone are in UTC. A ``datetime`` without a time zone is local time, because that is
    what Jinja's ``now()`` returns.

    Args:
        value: The value of the option.
        option: The name of the option.
        end_of_day: Whether it is the end of a period. A date without a time is then its last second instead of its
            first, and 0 is not valid, because it probably means that there is no end.

    Returns:
        Seconds since 1970.

    Raises:
        OptionError: It is not a valid timestamp.
    """
    parsed = _parsed(value) if isinstance(value, str) else value
    seconds: float | None = None
    if isinstance(parsed, (int, float)) and not isinstance(parsed, bool):
        is_timestamp = _FEWEST <= abs(parsed) < _TOO_MANY or (parsed == 0 and not end_of_day)
        seconds = parsed if is_timestamp else None
    elif isinstance(parsed, datetime):
        seconds = _seconds(parsed)
    elif isinstance(parsed, date):
        seconds = timestamp(datetime(parsed.year, parsed.month, parsed.day, tzinfo=timezone.utc))
        seconds += DAY - 1 if end_of_day else 0
    if seconds is not None and FIRST <= seconds <= LAST:
        return int(seconds)
    raise OptionError(
        f"{option}: {value!r} is not a valid timestamp",
        hint="Give one such as 2026-11-24 or 2026-11-24T12:00:00Z, or seconds since 1970.",
    )


def _seconds(value: datetime) -> int | None:
    try:
        return timestamp(value if value.tzinfo else value.astimezone())
    except (OverflowError, ValueError, OSError):
        # The operating system does not know the time zone for every year.
        return None


def _parsed(text: str) -> date | int | None:
    if _SECONDS.fullmatch(text):
        return int(text)
    if not _ISO8601.fullmatch(text):
        return None
    try:
        if len(text) == len("2026-11-24"):
            return date.fromisoformat(text)
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 does not parse Z
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
