# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going into the background, and being ended from elsewhere."""

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
"""Seconds that a simulator has to end."""
MAX_DESCRIPTORS = 4096


@dataclass(frozen=True)
class Waiter:
    """The process that was started: it waits for word from the one in the background."""

    descriptor: int

    def outcome(self) -> str:
        """``ready``, or what went wrong."""
        with os.fdopen(self.descriptor, encoding="utf-8") as stream:
            return stream.read() or "the simulator ended without a word"


@dataclass(frozen=True)
class Reporter:
    """The process in the background."""

    descriptor: int

    def report(self, outcome: str) -> None:
        """Let the waiter go. To be called once."""
        with os.fdopen(self.descriptor, "w", encoding="utf-8") as stream:
            stream.write(outcome)


def detach() -> Waiter | Reporter:
    """Split into a waiter and a background process with a session of its own and no open files.

    Nothing inherited may stay open: whoever started us (Ansible, make) waits for the other end of
    its pipes. To be called before the first thread is started.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        os.waitpid(child, 0)
        return Waiter(reader)
    os.setsid()
    if os.fork():
        # The one that remains is no session leader, and so can never get a terminal.
        os._exit(0)
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, writer)
    os.closerange(writer + 1, MAX_DESCRIPTORS)
    return Reporter(writer)


def stop(path: Path) -> str:
    """End the simulator whose state file this is, and say what was done.

    It is no error if there is none. Raises ``ValueError`` if the file is no state file, and
    ``TimeoutError`` if the simulator does not end.
    """
    try:
        known = state.read(path)
    except FileNotFoundError:
        return "not running"
    # Process ids are used again: only the simulator itself can say that this one is its own.
    if _pid_at(known["control_url"]) != known["pid"]:
        path.unlink(missing_ok=True)
        return "not running; its state file was left over, and is removed"
    os.kill(known["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    while path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"process {known['pid']} does not end")
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
