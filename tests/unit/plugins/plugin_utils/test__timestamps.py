# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps that users write."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.times import FIRST, LAST
from ansible_collections.ucloud.ulb.plugins.plugin_utils._timestamps import read_timestamp

MIDNIGHT = 1795478400  # 2026-11-24T00:00:00Z
NOON = MIDNIGHT + 12 * 3600


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (NOON, NOON),
        (NOON + 0.9, NOON),
        (0, 0),
        (-100_000_000, -100_000_000),
        (str(NOON), NOON),
        ("100000000", 100000000),
        (100_000_000, 100_000_000),
        (99_999_999_999, 99_999_999_999),
        ("99999999999", 99_999_999_999),
        ("2026-11-24", MIDNIGHT),
        ("2026-11-24T12:00:00Z", NOON),
        ("2026-11-24T12:00Z", NOON),
        ("2026-11-24 12:00:00", NOON),
        ("2026-11-24T12:00:00", NOON),
        ("2026-11-24T20:00:00+08:00", NOON),
        ("2026-11-24T12:00:00.500Z", NOON),
        ("2028-02-29", 1835395200),
        ("0001-01-01", FIRST),
        ("9999-12-31T23:59:59Z", LAST),
        # The value that YAML makes of it.
        (date(2026, 11, 24), MIDNIGHT),
        (datetime(2026, 11, 24, 12, tzinfo=timezone.utc), NOON),
        (datetime(2026, 11, 24, 20, tzinfo=timezone(timedelta(hours=8))), NOON),
    ],
)
def test_moments(value: Any, moment: int) -> None:
    assert read_timestamp(value, "now") == moment


@pytest.mark.parametrize("value", ["2026-11-24", date(2026, 11, 24)])
def test_a_day_ends_with_its_last_second(value: Any) -> None:
    assert read_timestamp(value, "expires", end_of_day=True) == MIDNIGHT + 86399


@pytest.fixture
def local_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the time zone of the machine (the environment variable TZ)."""

    def use(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("zone", "hours"), [("UTC0", 0), ("CST-8", 8), ("XXX+3:30", -3.5)])
@pytest.mark.parametrize("end_of_day", [False, True])
def test_a_datetime_without_zone_is_local_time(
    local_zone: Callable[[str], None], zone: str, hours: float, *, end_of_day: bool
) -> None:
    local_zone(zone)
    # Like Jinja's now(), and YAML's 2026-11-24 12:00:00.
    naive = datetime(2026, 11, 24, 12)  # noqa: DTZ001

    assert read_timestamp(naive, "now", end_of_day=end_of_day) == NOON - hours * 3600


@pytest.mark.parametrize("value", ["2026-11-24", "2026-11-24 00:00:00", "2026-11-24T00:00:00", date(2026, 11, 24)])
def test_a_text_or_a_date_without_zone_is_utc_wherever_it_is_read(
    local_zone: Callable[[str], None], value: Any
) -> None:
    local_zone("CST-8")

    assert read_timestamp(value, "now") == MIDNIGHT


@pytest.mark.parametrize("value", [0, 1, 30, 2027, 2027.0, 202_701, 20_270_131, 99_999_999, -1, -2027])
def test_what_is_small_is_a_year_or_a_day_and_no_end(value: float) -> None:
    with pytest.raises(OptionError, match=rf"^expires: {re.escape(repr(value))} is not a valid timestamp\. "):
        read_timestamp(value, "expires", end_of_day=True)


@pytest.mark.parametrize("value", ["2026-11-24T00:00:00Z", MIDNIGHT, datetime(2026, 11, 24, tzinfo=timezone.utc)])
def test_what_has_a_time_ends_then(value: Any) -> None:
    assert read_timestamp(value, "expires", end_of_day=True) == MIDNIGHT


@pytest.mark.parametrize(
    "value",
    [
        "",
        "tomorrow",
        "2027-02-29",
        "2026-13-01",
        "24.11.2026",
        # Python 3.11 reads these, 3.10 does not, and as seconds they would be in 1970.
        "20261124",
        "20261124T120000Z",
        "2026-W48-2",
        "2026-11-24T25:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "２０２６-11-24",
        "９９９９９９９９９９",
        "9" * 12,
        # Dates that were converted to numbers.
        20261124,
        20261124.0,
        "202611241200",
        202611241200,
        1,
        -1,
        2027,
        202611,
        10_000_000,
        99_999_999,
        -99_999_999,
        100_000_000_000,
        "9" * 20,
        "-100000000",
        LAST + 1,
        FIRST - 1,
        10**400,
        float("nan"),
        float("inf"),
        True,
        None,
        [],
        {},
        b"2026-11-24",
        # Local time that is out of range in some time zone.
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=8))),
    ],
)
def test_what_is_no_moment(value: Any) -> None:
    with pytest.raises(OptionError) as caught:
        read_timestamp(value, "now")

    assert caught.value.describe() == (
        f"now: {value!r} is not a valid timestamp."
        " Give one such as 2026-11-24 or 2026-11-24T12:00:00Z, or seconds since 1970."
    )


def test_the_first_and_the_last_moment(local_zone: Callable[[str], None]) -> None:
    assert read_timestamp(datetime(1, 1, 1, tzinfo=timezone.utc), "now") == FIRST
    assert read_timestamp(datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc), "now") == LAST
    local_zone("CST-8")
    with pytest.raises(OptionError, match=r"^now: datetime\.datetime\(1, 1, 1, 0, 0\) is not a valid timestamp\. "):
        read_timestamp(datetime(1, 1, 1), "now")  # noqa: DTZ001
