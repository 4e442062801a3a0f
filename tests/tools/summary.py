# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print how the sessions of a nox report ended, what is not covered, and the number of sessions as the last line."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from . import cores, pythons

OUTCOMES = {"success": "passed", "skipped": "skipped"}

if __name__ == "__main__":
    sessions = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["sessions"]
    count: Counter[str] = Counter()
    for session in sessions:
        outcome = OUTCOMES.get(session["result"], "failed")
        count[outcome] += 1
        print(f"{outcome:8} {session['duration']:5.0f} s  {session['name']}")
    note = cores.note(pythons.working())
    if note:
        print(note)
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    print(f"{count['passed']} passed, {count['failed']} failed{skipped}")
