# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations as text."""

from __future__ import annotations

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.durations import in_days, span
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY


def test_days_have_two_decimal_places() -> None:
    assert [str(in_days(seconds)) for seconds in (DAY, -DAY // 2, DAY / 3, -1)] == ["1.0", "-0.5", "0.33", "0.0"]


def test_spans() -> None:
    assert [span(seconds) for seconds in (0, 1, 61, 7200, 2.5 * DAY)] == [
        "0 seconds", "1 second", "1.02 minutes", "2 hours", "2.5 days"
    ]  # fmt: skip
