# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file of a running simulator: its URLs, and the keys that it accepts."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from .server import Simulator

State = dict[str, Any]


def describe(simulator: Simulator) -> State:
    """Return what clients need. The keys are random and only valid for this simulator."""
    info = simulator.info()
    names = ("pid", "http_url", "https_url", "control_url", "ca_path", "roots_path", "regions", "projects")
    return {
        **{name: info[name] for name in names},
        "accounts": {
            account.name: {
                "public_key": account.public_key,
                "private_key": account.private_key,
                "security_token": account.security_token,
            }
            for account in simulator.accounts.values()
        },
    }


def write(path: Path, state: State) -> None:
    """Write the file atomically, readable only for this user (0600)."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(state, stream, indent=2)
            stream.write("\n")
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read(path: Path) -> State:
    """Read a state file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not a state file.
    """
    state = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(state, dict) or "pid" not in state or "control_url" not in state:
        raise ValueError(f"{path} is not the state file of a simulator")
    return state


def remove(path: Path) -> None:
    """Remove the file, unless another simulator has replaced it."""
    with contextlib.suppress(OSError, ValueError):
        if read(path)["pid"] == os.getpid():
            path.unlink()
