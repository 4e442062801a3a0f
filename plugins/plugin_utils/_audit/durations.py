# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations as days, and as text."""

from __future__ import annotations

from ...module_utils._certificates.times import DAY
from .messages import Message, counted, mark

_UNITS = (
    (DAY, ("{number} day", mark("{number} days"))),
    (3600, ("{number} hour", mark("{number} hours"))),
    (60, ("{number} minute", mark("{number} minutes"))),
    (1, ("{number} second", mark("{number} seconds"))),
)


def in_days(seconds: float) -> float:
    """Convert seconds to days with two decimal places, without a negative zero."""
    return round(seconds / DAY, 2) + 0.0


def span(seconds: float) -> Message:
    """Return a duration as text, in the largest unit that fits."""
    size, texts = next((item for item in _UNITS if seconds >= item[0]), _UNITS[-1])
    return counted(*texts, round(seconds / size, 2))
