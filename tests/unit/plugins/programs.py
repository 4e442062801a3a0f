# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs Ansible's programs in separate processes, and finds files and processes that they leave behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ansible_collections.ucloud.ulb.tests.simulator import Simulator

#: Timeout in seconds for starting processes on a busy machine. Much less than the latency of the simulator.
PATIENCE = 120.0
_COLLECTIONS = Path(__file__).parents[6]


class Programs:
    """Starts programs in a folder, with credentials for a simulator. Use it as a context manager.

    ``home`` contains everything that they leave behind. Its path is short, because Ansible creates sockets in it.
    """

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="ulb-"))
        self._folder = folder
        self._on_interrupt = signal.getsignal(signal.SIGINT)
        (self.home / "tmp").mkdir()
        account = simulator.accounts["main"]
        self._environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(_COLLECTIONS),
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self.home / "tmp"),
            "UCLOUD_BASE_URL": simulator.http_url,
            "UCLOUD_PRIVATE_KEY": account.private_key,
            "UCLOUD_PUBLIC_KEY": account.public_key,
        }

    def __enter__(self) -> Programs:
        # Processes that a shell starts in the background ignore Ctrl-C, and so do their child processes.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return self

    def __exit__(self, *_exception: object) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        for process in self.running():
            os.kill(process, signal.SIGKILL)
        shutil.rmtree(self.home)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run Python with these arguments in a new process group."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def files(self) -> list[Path]:
        """Return all files that the programs left behind."""
        return sorted(path for path in self.home.rglob("*") if not path.is_dir())

    def running(self) -> list[int]:
        """Return all running processes that were started directly or indirectly."""
        mark = f"HOME={self.home}\0".encode()
        return [int(process.name) for process in Path("/proc").glob("[0-9]*") if mark in _environment(process)]


def wait_until(holds: Callable[[], object]) -> None:
    """Wait until a condition is true. Fail after a timeout."""
    give_up_at = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up_at, "it hangs"
        time.sleep(0.02)


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:  # It has just ended, or belongs to another user.
        return b""
