# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print how the sessions of make test and make matrix ended: summary.py REPORT...

The last lines name what failed, and the log of each; if nothing did, the last line is the number of sessions.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from . import cores, pythons


def lines(sessions: list[dict[str, Any]], missing: list[str], note: str) -> list[str]:
    """What to print about sessions, reports that are not there, and what an older ansible-core stands in for."""
    said = [
        f"{session['outcome']:8} {session['seconds']:5.0f} s  {session['cpu_seconds']:5.0f} s CPU  {session['name']}"
        for session in sessions
    ]
    said += [f"{session['name']}: {session['reason']}" for session in sessions if session["reason"]]
    said += [note] if note else []
    count = Counter(session["outcome"] for session in sessions)
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    said.append(f"{count['passed']} passed, {count['failed']} failed{skipped}")
    said += [f"NOT run to its end, there is no {name}" for name in missing]
    said += [
        f"FAILED: {session['name']}, see build/logs/{session['name']}.log"
        for session in sessions
        if session["outcome"] == "failed"
    ]
    return said


def main() -> int:
    """Print it; the exit status."""
    reports = [Path(argument) for argument in sys.argv[1:]]
    missing = [report.name for report in reports if not report.exists()]
    sessions = [
        session for report in reports if report.exists() for session in json.loads(report.read_text(encoding="utf-8"))
    ]
    print("\n".join(lines(sessions, missing, cores.note(pythons.working()))))
    return int(bool(missing) or any(session["outcome"] == "failed" for session in sessions))


if __name__ == "__main__":
    sys.exit(main())
