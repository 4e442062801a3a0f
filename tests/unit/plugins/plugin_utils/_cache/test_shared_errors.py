# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors are shared only with processes that wait."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import RequestContext, TransportError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.shared_errors import (
    _errors_since,
    _records,
    record_errors,
)

TIMEOUT = TransportError("no answer", RequestContext("DescribeSSLV2", "api.ucloud.cn", "hk"), retryable=True)


def test_earlier_errors_are_ignored(tmp_path: Path) -> None:
    """Even if another waiting process fails while this one still waits."""
    with FileIO(tmp_path / "lock", "w+") as others, FileIO(tmp_path / "lock", "r") as own:
        record_errors(others, {"x": TIMEOUT})
        before = _records(own)
        record_errors(others, {"y": TIMEOUT})
        assert [*_errors_since(own, before)] == ["y"]
        record_errors(others, {"x": TIMEOUT})
        assert [*_errors_since(own, before)] == ["x", "y"]
