# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a folder with certificates whose names mean harm: hostile.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

NAMES = (
    "{{ lookup('ansible.builtin.pipe', 'touch broken-out') }}",
    "{# a #}<img src=x onerror=alert(1)>",
    "=1+1",
    "\x1b[2J\x1b[HAll certificates are compliant\u202e\u2028",
)

folder = Path(sys.argv[1])
folder.mkdir()
for name in NAMES:
    (folder / f"{name}.pem").write_text("no certificate", encoding="utf-8")
