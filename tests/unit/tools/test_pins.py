# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions that are pinned in two files are equal."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]


def test_pre_commit_has_the_tools_of_make_test() -> None:
    pinned = (ROOT / "tests/requirements/tools.txt").read_text(encoding="utf-8").splitlines()
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    wanted = [
        tool for repo in config["repos"] for hook in repo["hooks"] for tool in hook.get("additional_dependencies", [])
    ]
    assert wanted
    assert [tool for tool in wanted if tool not in pinned] == []
