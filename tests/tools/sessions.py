# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the sessions of noxfile.py with a tag, several at a time: sessions.py TAG.

The output of a session is written to build/logs/SESSION.log, and shown if the session fails. The results are written to
build/report-TAG.json, for summary.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

BUILD = Path(__file__).resolve().parents[2] / "build"
#: Results of nox, and what summary.py calls them.
OUTCOMES = {"success": "passed", "skipped": "skipped"}


class Ended(NamedTuple):
    """The result of a session."""

    name: str
    outcome: str
    """passed, skipped or failed."""
    reason: str
    """Why it was skipped; empty otherwise."""
    seconds: float
    cpu_seconds: float
    """CPU time of its process, and of all child processes that have ended."""


class Runner:
    """Runs sessions with the command ``nox``. Logs and reports are written to ``folder``."""

    def __init__(self, nox: list[str], folder: Path) -> None:
        self._nox = nox
        self._folder = folder
        self._printing = threading.Lock()
        (folder / "logs").mkdir(parents=True, exist_ok=True)

    def names(self, tag: str) -> list[str]:
        """Return the names of the sessions with a tag, in the order in which to start them."""
        command = [*self._nox, "--tags", tag, "--list", "--json"]
        listed = json.loads(subprocess.check_output(command, text=True))
        return [session["session"] for session in listed]

    def run_all(self, names: list[str], at_a_time: int) -> list[Ended]:
        """Run sessions, several at a time, and return their results in the same order."""
        with ThreadPoolExecutor(at_a_time) as pool:
            return list(pool.map(self.run, names))

    def run(self, name: str) -> Ended:
        """Run a session, and return its result."""
        log = self._folder / "logs" / f"{name}.log"
        report = self._folder / "logs" / f"{name}.json"
        report.unlink(missing_ok=True)
        self._print(f"started  {name}")
        begin = time.monotonic()
        with log.open("wb") as output:
            command = [*self._nox, "--session", name, "--report", str(report)]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            _process, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        outcome, reason = _outcome(report, process.returncode)
        seconds, cpu_seconds = time.monotonic() - begin, usage.ru_utime + usage.ru_stime
        ended = Ended(name, outcome, reason, round(seconds, 1), round(cpu_seconds, 1))
        shown = log.read_text(encoding="utf-8", errors="replace") if outcome == "failed" else ""
        self._print(f"{shown}{outcome:8} {name} ({seconds:.0f} s)")
        return ended

    def _print(self, text: str) -> None:
        with self._printing:
            print(text, flush=True)


def _outcome(report: Path, status: int) -> tuple[str, str]:
    """Return the outcome of a session, and why it was skipped."""
    try:
        (session,) = json.loads(report.read_text(encoding="utf-8"))["sessions"]
    except (OSError, ValueError, KeyError):
        # It ended before it wrote a report.
        return "failed", ""
    outcome = OUTCOMES.get(session["result"], "failed")
    if status:
        return "failed", ""
    return outcome, (session["reason"] or "") if outcome == "skipped" else ""


def main() -> int:
    """Run the sessions, and return the exit status."""
    tag = sys.argv[1]
    report = BUILD / f"report-{tag}.json"
    report.unlink(missing_ok=True)
    runner = Runner([str(BUILD / "test-venv/bin/nox"), "--noxfile", str(BUILD.parent / "noxfile.py")], BUILD)
    ended: list[dict[str, Any]] = [
        session._asdict() for session in runner.run_all(runner.names(tag), os.cpu_count() or 1)
    ]
    report.write_text(json.dumps(ended, indent=2), encoding="utf-8")
    return int(any(session["outcome"] == "failed" for session in ended))


if __name__ == "__main__":
    sys.exit(main())
