# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write files that only their owner may read: the standard input is JSON, a content for each path."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Write them."""
    for path, content in json.load(sys.stdin).items():
        file = Path(path)
        file.touch(mode=0o600)
        file.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
