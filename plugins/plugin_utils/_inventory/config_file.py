# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory files of this collection: how they are named, and how to recognize one with another name."""

from __future__ import annotations

import re
from pathlib import Path

PLUGIN_NAME = "ucloud.ulb.ssl_certificates"
#: What the names of inventory files end in.
FILE_NAMES = ("ssl_certificates.yml", "ssl_certificates.yaml")

_PLUGIN_LINE = re.compile(
    r"""^[ \t{]*["']?plugin["']?[ \t]*:[ \t]*["']?ucloud\.ulb\.ssl_certificates\b""", re.MULTILINE
)


def name_problem(path: str) -> str | None:
    """Return a warning if a file names this plugin, but its own name does not end in one of :data:`FILE_NAMES`."""
    if path.endswith(FILE_NAMES) or not path.endswith((".yml", ".yaml", ".json")):
        return None
    if not _PLUGIN_LINE.search(Path(path).read_text(encoding="utf-8", errors="replace")):
        return None
    suggestion = f"{Path(path).stem}.{FILE_NAMES[0]}"
    return (
        f"{path}: the name of an inventory file of {PLUGIN_NAME} has to end in {' or '.join(FILE_NAMES)}."
        f" Rename the file, for example to {suggestion}."
    )
