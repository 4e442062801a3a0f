# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of the run cache in other processes: :func:`ask` and :func:`hang`."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache import shared_errors
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.run_cache import RunCache

CONNECTION = Connection("public", "secret-of-a-test")
KEYS = [("listing", "cn-bj2"), ("listing", "hk")]


def ask(folder: Path, start: Any, answers: Any) -> None:
    """Wait for all processes, query the cache, and return the result. Each fetch adds a line to a file."""

    def fetch(keys: list[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        with (folder / "fetches").open("a", encoding="utf-8") as file:
            file.write(f"{keys}\n")
        time.sleep(0.3)  # Make the others wait.
        return {key: f"about {key[1]}" for key in keys}

    cache = RunCache(folder, CONNECTION)
    start.wait()
    answers.put(cache.get(KEYS, fetch, str))


def hang(folder: Path, fetching: Any) -> None:
    """Start fetching, and never finish."""

    def fetch(_keys: list[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        fetching.set()
        time.sleep(600)
        raise AssertionError("this process has to be killed")

    RunCache(folder, CONNECTION).get(KEYS, fetch, str)


def queue_of(number: int, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Return an event that is set when ``number`` threads have reached the lock, including its owner."""
    come: list[None] = []
    all_there = threading.Event()

    def flock(file: Any, operation: int) -> None:
        come.append(None)
        if len(come) == number:
            all_there.set()
        fcntl.flock(file, operation)

    monkeypatch.setattr(
        shared_errors, "fcntl", type("fcntl", (), {"flock": staticmethod(flock), "LOCK_EX": fcntl.LOCK_EX})
    )
    return all_there
