# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running in the background, and stopping a simulator from another process."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from . import state

READY = "ready"
STOP_TIMEOUT = 15.0
"""Timeout in seconds for a simulator to stop."""
MAX_DESCRIPTORS = 4096


@dataclass(frozen=True)
class Waiter:
    """The foreground process. It waits for a report from the background process."""

    descriptor: int

    def outcome(self) -> str:
        """Return ``ready`` or an error message."""
        with os.fdopen(self.descriptor, encoding="utf-8") as stream:
            return stream.read() or "the simulator ended without a report"


@dataclass(frozen=True)
class Reporter:
    """The background process."""

    descriptor: int

    def report(self, outcome: str) -> None:
        """Report the outcome to the foreground process. Call it only once."""
        with os.fdopen(self.descriptor, "w", encoding="utf-8") as stream:
            stream.write(outcome)


def detach() -> Waiter | Reporter:
    """Fork into a foreground process and a background process with its own session and no open files.

    No inherited file may stay open, because the parent process (Ansible, make) waits for its pipes to be closed. Call
    this before the first thread is started.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        os.waitpid(child, 0)
        return Waiter(reader)
    os.setsid()
    if os.fork():
        # The remaining process is not a session leader, so it can never acquire a terminal.
        os._exit(0)
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, writer)
    os.closerange(writer + 1, MAX_DESCRIPTORS)
    return Reporter(writer)


def stop(path: Path) -> str:
    """Stop the simulator that wrote this state file, and return what was done.

    It is not an error if there is none.

    Raises:
        ValueError: The file is not a state file.
        TimeoutError: The simulator does not stop.
    """
    try:
        known = state.read(path)
    except FileNotFoundError:
        return "not running"
    # Process ids are reused. Ask the simulator itself whether this is still its process id.
    if _pid_at(known["control_url"]) != known["pid"]:
        path.unlink(missing_ok=True)
        return "not running; removed its old state file"
    os.kill(known["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    while path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"process {known['pid']} does not stop")
        time.sleep(0.02)
    return "stopped"


def _pid_at(control_url: str) -> int | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{control_url}/", timeout=5) as response:
            pid = json.load(response).get("pid")
    except (urllib.error.URLError, OSError, ValueError, AttributeError):
        return None
    return pid if isinstance(pid, int) else None
