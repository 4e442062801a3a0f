# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps and durations."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import times

PROPERTY = settings(deadline=None, derandomize=True)

LAST_SECOND = 253402300799


@pytest.mark.parametrize(
    ("value", "timestamp"),
    [
        (1772352000, 1772352000),
        ("1772352000", 1772352000),
        (" 1772352000\n", 1772352000),
        (1772352000.9, 1772352000),
        (1, 1),
        # milliseconds, recognized by their size
        (1772352000000, 1772352000),
        ("1772352000999", 1772352000),
        (99_999_999_999, 99_999_999_999),
        (100_000_000_000, 100_000_000),
        (LAST_SECOND * 1000 + 999, LAST_SECOND),
        # unknown
        ((LAST_SECOND + 1) * 1000, None),
        (10**30, None),
        (0, None),
        ("0", None),
        (0.5, None),
        (-1, None),
        (-1772352000000, None),
        (None, None),
        (True, None),
        (False, None),
        ("", None),
        ("soon", None),
        ("2026-03-01", None),
        ("1772352000.5", None),
        ("1e9", None),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
        ("9" * 5000, None),
        ([], None),
        ([1772352000], None),
        ({}, None),
    ],
)
def test_from_api(value: Any, timestamp: int | None) -> None:
    assert times.from_api(value) == timestamp


@PROPERTY
@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.integers().map(str)
    | st.lists(st.integers())
)
def test_what_comes_from_the_api_can_always_be_written(value: Any) -> None:
    timestamp = times.from_api(value)

    text = times.iso8601(timestamp)
    assert (text is None) is (timestamp is None)
    if text is not None:
        assert datetime.fromisoformat(text[:-1] + "+00:00").timestamp() == timestamp


@PROPERTY
@given(st.integers(100_000_000, LAST_SECOND), st.integers(0, 999))
def test_milliseconds_are_the_same_moment(seconds: int, rest: int) -> None:
    assert times.from_api(seconds * 1000 + rest) == seconds


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1789689599, "2026-09-17T23:59:59Z"),
        (LAST_SECOND, "9999-12-31T23:59:59Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-62135596800, "0001-01-01T00:00:00Z"),
        (None, None),
    ],
)
def test_iso8601(timestamp: int | None, text: str | None) -> None:
    assert times.iso8601(timestamp) == text


@pytest.mark.parametrize(
    ("value", "timestamp"),
    [
        (datetime(1970, 1, 1, tzinfo=timezone.utc), 0),
        (datetime(2026, 9, 17, 23, 59, 59, tzinfo=timezone.utc), 1789689599),
        (datetime(2026, 9, 18, 7, 59, 59, tzinfo=timezone(timedelta(hours=8))), 1789689599),
        (datetime(2026, 9, 17, 23, 59, 59), 1789689599),  # noqa: DTZ001 (like cryptography before version 42)
        (datetime(1950, 1, 1, tzinfo=timezone.utc), -631152000),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc), LAST_SECOND),
    ],
)
def test_timestamp(value: datetime, timestamp: int) -> None:
    assert times.timestamp(value) == timestamp


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30d", 30 * 86400),
        ("12h", 12 * 3600),
        ("1w2d", 9 * 86400),
        ("1w2d3h4m5s", 788645),
        ("90m", 5400),
        ("0s", 0),
        ("007d", 7 * 86400),
        (" 30D ", 30 * 86400),
        ("1d1d", 2 * 86400),
        ("999999999999w", 999_999_999_999 * 604800),
        ("", None),
        ("d", None),
        ("30", None),
        ("30 d", None),
        ("1d 2h", None),
        ("-1d", None),
        ("+1d", None),
        ("1.5d", None),
        ("1e3d", None),
        ("1y", None),
        ("1month", None),
        ("1d,2h", None),
        ("²d", None),
        ("３０d", None),
        ("P30D", None),
        ("9" * 13 + "d", None),
        ("9" * 5000 + "d", None),
    ],
)
def test_parse_duration(text: str, seconds: int | None) -> None:
    assert times.parse_duration(text) == seconds


@PROPERTY
@given(st.text(alphabet="0123456789wdhms .-") | st.text())
def test_parse_duration_takes_any_text(text: str) -> None:
    seconds = times.parse_duration(text)

    assert seconds is None or seconds >= 0


UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


@PROPERTY
@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("wdhms")), min_size=1, max_size=8))
def test_parse_duration_adds_up(parts: list[tuple[int, str]]) -> None:
    expected = sum((timedelta(**{UNITS[unit]: number}) for number, unit in parts), timedelta())

    assert times.parse_duration("".join(f"{number}{unit}" for number, unit in parts)) == expected.total_seconds()
