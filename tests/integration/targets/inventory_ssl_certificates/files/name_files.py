# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a file for each name that is hard to bear: name_files.py FOLDER. Prints the names as JSON.

The simulator serves the files of a folder as certificates of these names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

NAMES = [
    "{{ lookup('pipe', 'touch TOUCHED') }}",
    "{% set x = lookup('pipe', 'touch TOUCHED') %}",
    "{# comment #}",
    "{{ 1 | int(0) + undefined_variable }}",
    "two\nlines",
    "'single' \"double\" `id` $(touch TOUCHED)",
    "control \x07\x1b[2J\x7f",
    "\u202eright to left\u2066",
    "x" * 240,
    "a.b: c, d [1:3]",
    "-oProxyCommand=touch TOUCHED",
    "all",
    "region_cn_bj2",
    "localhost",
    "..",
    "!all",
    "*",
    "同 same",
    "同,same",
]


def main() -> None:
    """Make them."""
    folder = Path(sys.argv[1])
    folder.mkdir(mode=0o700)
    for name in NAMES:
        (folder / f"{name}.pem").write_text("no certificate", encoding="utf-8")
    print(json.dumps(NAMES))


if __name__ == "__main__":
    main()
