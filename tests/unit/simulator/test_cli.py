# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line interface, in separate processes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from ansible_collections.ucloud.ulb.tests import simulator
from ansible_collections.ucloud.ulb.tests.simulator import Account

from .calling import TIMEOUT, Caller

PACKAGE = simulator.__name__
TESTS = Path(simulator.__file__).parents[1]
TREE = Path(simulator.__file__).parents[len(PACKAGE.split("."))]


def run(*arguments: str, package: str = PACKAGE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", package, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{TREE}{os.pathsep}{TESTS}"}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "a.pem").write_text("x")
    return f"pem:{tmp_path}"


@pytest.mark.parametrize("package", [PACKAGE, "simulator"])
def test_daemon_from_start_to_stop(tmp_path: Path, folder: str, package: str) -> None:
    state_file = tmp_path / "state.json"
    started = run(
        "--data",
        folder,
        "--daemon",
        "--state-file",
        str(state_file),
        "--lifetime",
        "300",
        package=package,
    )
    try:
        assert (started.returncode, started.stdout, started.stderr) == (0, "", "")
        assert state_file.stat().st_mode & 0o777 == 0o600
        state = json.loads(state_file.read_text())
        assert (state["regions"], state["projects"]) == (["cn-bj2"], ["org-default"])
        assert Path(state["ca_path"]).is_file()
        assert state["accounts"]["sts"]["security_token"]
        keys = state["accounts"]["main"]
        caller = Caller(state["http_url"], Account("main", keys["public_key"], keys["private_key"]))
        assert len(caller.ids()) == 1
        info = requests.get(state["control_url"], timeout=TIMEOUT).json()
        assert info["pid"] == state["pid"]
        # Neither the session nor the process group of the parent.
        assert os.getsid(state["pid"]) != os.getsid(0)
    finally:
        stopped = run("--stop", str(state_file), package=package)
    assert (stopped.returncode, stopped.stdout) == (0, "simulator: stopped\n")
    assert not state_file.exists()
    assert not Path(state["ca_path"]).parent.exists()
    again = run("--stop", str(state_file), package=package)
    assert (again.returncode, again.stdout) == (0, "simulator: not running\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_foreground_ends_on_signals(tmp_path: Path, folder: str, number: signal.Signals) -> None:
    state_file = tmp_path / "state.json"
    command = [sys.executable, "-m", PACKAGE, "--data", folder, "--state-file", str(state_file)]
    with subprocess.Popen(command, env=environment()) as process:
        deadline = time.monotonic() + 60
        while not state_file.exists():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        ca_path = Path(json.loads(state_file.read_text())["ca_path"])
        process.send_signal(number)
        assert process.wait(60) == 0
    assert not state_file.exists()
    assert not ca_path.parent.exists()


def test_foreground_prints_its_state_and_ends_after_its_lifetime(folder: str) -> None:
    ended = run("--data", folder, "--lifetime", "0.2")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["http_url"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("background", [True, False])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("nothing", "unknown data set 'nothing'"),
        ("bulk:many", "'many'"),
        ("bulk:5,colour=red", "unknown bulk options: colour"),
        ("pem:/nonexistent", "is not a folder"),
    ],
)
def test_invalid_data_sets(tmp_path: Path, data: str, message: str, background: bool) -> None:
    state_file = tmp_path / "state.json"
    more = ["--daemon"] if background else []
    failed = run("--data", data, "--state-file", str(state_file), *more)
    assert failed.returncode == 1
    assert message in failed.stderr
    assert not state_file.exists()


def test_state_file_that_cannot_be_written(tmp_path: Path, folder: str) -> None:
    failed = run("--data", folder, "--daemon", "--state-file", str(tmp_path / "no" / "state.json"))
    assert failed.returncode == 1
    assert os.strerror(errno.ENOENT) in failed.stderr


def test_daemon_needs_a_state_file() -> None:
    failed = run("--daemon")
    assert failed.returncode == 2
    assert "--daemon needs --state-file" in failed.stderr


def test_stop_removes_the_state_file_of_a_dead_simulator(tmp_path: Path) -> None:
    state_file = tmp_path / "state.json"
    # This test's own process must not be killed, although its id is in the file.
    state_file.write_text(json.dumps({"pid": os.getpid(), "control_url": "http://127.0.0.1:9"}))
    stopped = run("--stop", str(state_file))
    assert stopped.returncode == 0
    assert "removed its old state file" in stopped.stdout
    assert not state_file.exists()


def test_stop_leaves_other_files_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")
    failed = run("--stop", str(other))
    assert failed.returncode == 1
    assert "is not the state file of a simulator" in failed.stderr
    assert other.exists()


def test_bulk_from_the_command_line(tmp_path: Path) -> None:
    state_file = tmp_path / "state.json"
    data = "bulk:100,regions=9,projects=2,distinct=0.02,balancers=4"
    try:
        assert run("--data", data, "--daemon", "--state-file", str(state_file)).returncode == 0
        state = json.loads(state_file.read_text())
        assert (len(state["regions"]), len(state["projects"])) == (9, 2)
        info = requests.get(state["control_url"], timeout=TIMEOUT).json()
        assert info["certificates"] == 100
    finally:
        run("--stop", str(state_file))
