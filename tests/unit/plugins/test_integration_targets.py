# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each plugin has an integration target: one with its name, or with an alias that ansible-test selects it by."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLUGINS = {
    f"{kind}{file.stem}": file.stem
    for folder, kind in {
        "filter": "filter_", "inventory": "inventory_", "lookup": "lookup_", "modules": "", "test": "test_",
    }.items()
    for file in sorted((ROOT / "plugins" / folder).glob("*.py"))
}  # fmt: skip


def targets() -> dict[str, Path]:
    """Return the folders of targets by their names and aliases."""
    folders = [path for path in (ROOT / "tests/integration/targets").iterdir() if path.is_dir()]
    aliases = {path: (path / "aliases").read_text("utf-8") for path in folders if (path / "aliases").exists()}
    by_alias = {line: path for path, text in aliases.items() for line in text.splitlines() if not line.startswith("#")}
    return by_alias | {path.name: path for path in folders}


@pytest.mark.parametrize("name", PLUGINS)
def test_each_plugin_has_a_target_that_uses_it(name: str) -> None:
    folder = targets()[name]
    uses = (path.read_text("utf-8") for path in folder.rglob("*.yml"))

    assert any(f"ucloud.ulb.{PLUGINS[name]}" in text for text in uses)
