# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions run concurrently, and their results are stored and summarized."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.tests.tools import sessions, summary

#: Replaces nox. Its sessions pass, fail, are skipped, or end without a report, depending on their names.
NOX = """
import json, sys
if "--list" in sys.argv:
    print(json.dumps([{"session": name} for name in ("good", "bad", "idle")]))
    sys.exit()
name, report = sys.argv[sys.argv.index("--session") + 1], sys.argv[sys.argv.index("--report") + 1]
print("these are the words of", name, flush=True)
if name == "sudden":
    sys.exit(3)
result = {"good": "success", "bad": "failed", "idle": "skipped"}[name]
with open(report, "w") as file:
    json.dump({"sessions": [{"result": result, "reason": "no Python" if name == "idle" else None}]}, file)
sys.exit(name == "bad")
"""


@pytest.fixture
def runner(tmp_path: Path) -> sessions.Runner:
    return sessions.Runner([sys.executable, "-c", NOX], tmp_path)


def test_each_ends_as_nox_says(runner: sessions.Runner, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    names = [*runner.names("test"), "sudden"]
    ended = runner.run_all(names, 2)
    assert [(session.name, session.outcome, session.reason) for session in ended] == [
        ("good", "passed", ""),
        ("bad", "failed", ""),
        ("idle", "skipped", "no Python"),
        ("sudden", "failed", ""),
    ]
    for name in names:
        assert (tmp_path / f"logs/{name}.log").read_text(encoding="utf-8") == f"these are the words of {name}\n"
    shown = capfd.readouterr().out
    assert [name for name in names if f"the words of {name}" in shown] == ["bad", "sudden"]


def test_an_old_report_is_not_believed(runner: sessions.Runner) -> None:
    runner.run("good")
    (report,) = (runner._folder / "logs").glob("*.json")
    report.rename(report.with_name("sudden.json"))
    assert runner.run("sudden").outcome == "failed"


def session(name: str, outcome: str, reason: str = "") -> dict[str, object]:
    return sessions.Ended(name, outcome, reason, 61.4, 20.0)._asdict()


def test_the_last_lines_name_what_failed() -> None:
    ran = [session("a", "failed"), session("b", "passed"), session("c", "skipped", "no Python"), session("d", "failed")]
    assert summary.lines(ran, [], "NOT covered: x")[4:] == [
        "c: no Python",
        "NOT covered: x",
        "1 passed, 2 failed, 1 skipped",
        "FAILED: a, see build/logs/a.log",
        "FAILED: d, see build/logs/d.log",
    ]


def test_the_last_line_counts_what_passed() -> None:
    assert summary.lines([session("a", "passed")], [], "") == [
        "passed      61 s     20 s CPU  a",
        "1 passed, 0 failed",
    ]


def test_a_run_that_was_cut_short_is_said() -> None:
    assert summary.lines([session("a", "passed")], ["report-matrix.json"], "")[-1] == (
        "NOT run to its end, there is no report-matrix.json"
    )
