# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the results of the sessions of make test and make matrix: summary.py REPORT...

The last lines are the sessions that failed, with their logs. If none failed, the last line has the number of sessions.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from . import cores, pythons


def lines(sessions: list[dict[str, Any]], missing: list[str], note: str) -> list[str]:
    """Return the lines to print.

    Args:
        sessions: The results of sessions.
        missing: The names of reports that do not exist.
        note: What is not covered, see cores.py; empty if everything is.
    """
    printed = [
        f"{session['outcome']:8} {session['seconds']:5.0f} s  {session['cpu_seconds']:5.0f} s CPU  {session['name']}"
        for session in sessions
    ]
    printed += [f"{session['name']}: {session['reason']}" for session in sessions if session["reason"]]
    printed += [note] if note else []
    count = Counter(session["outcome"] for session in sessions)
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    printed.append(f"{count['passed']} passed, {count['failed']} failed{skipped}")
    printed += [f"NOT run to its end, there is no {name}" for name in missing]
    printed += [
        f"FAILED: {session['name']}, see build/logs/{session['name']}.log"
        for session in sessions
        if session["outcome"] == "failed"
    ]
    return printed


def main() -> int:
    """Print the summary, and return the exit status."""
    reports = [Path(argument) for argument in sys.argv[1:]]
    missing = [report.name for report in reports if not report.exists()]
    sessions = [
        session for report in reports if report.exists() for session in json.loads(report.read_text(encoding="utf-8"))
    ]
    print("\n".join(lines(sessions, missing, cores.note(pythons.working()))))
    return int(bool(missing) or any(session["outcome"] == "failed" for session in sessions))


if __name__ == "__main__":
    sys.exit(main())
