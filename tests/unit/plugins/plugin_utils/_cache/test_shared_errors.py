# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What those who wait are told, and nobody else."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import RequestContext, TransportError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.shared_errors import _records, _told_since, tell

TIMEOUT = TransportError("no answer", RequestContext("DescribeSSLV2", "api.ucloud.cn", "hk"), retryable=True)


def test_what_failed_before_somebody_came_is_nothing_to_him(tmp_path: Path) -> None:
    """Not even if another one, who has waited for that, fails in his turn while this one waits."""
    with FileIO(tmp_path / "lock", "w+") as others, FileIO(tmp_path / "lock", "r") as own:
        tell(others, {"x": TIMEOUT})
        before = _records(own)
        tell(others, {"y": TIMEOUT})
        assert [*_told_since(own, before)] == ["y"]
        tell(others, {"x": TIMEOUT})
        assert [*_told_since(own, before)] == ["x", "y"]
