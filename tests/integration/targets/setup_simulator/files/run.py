# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a program several times, one after another, and see what each run asks of the simulator.

Reads what to do as JSON: ``argv``, the address ``control_url``, and ``runs``. A run may have more
``arguments`` and ``environment``, a shell command that goes ``before`` it, and ``options``: they are
combined with ``defaults``, and written to the file ``configuration``. Prints for each run its ``rc``,
``stdout``, ``stderr`` and ``requests`` as JSON.

In a module each of these steps would take longer than the run itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

# No proxy of the environment stands between this and the simulator.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url: str, method: str) -> Any:
    """Answer of the simulator's control address."""
    with OPENER.open(urllib.request.Request(url, method=method)) as response:  # noqa: S310 (loopback)
        return json.load(response)


def run(task: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Result of one run."""
    if "configuration" in task:
        path = Path(task["configuration"])
        path.touch(mode=0o600)
        path.write_text(json.dumps({**task["defaults"], **options.get("options", {})}), encoding="utf-8")
    if "before" in options:
        subprocess.run(["sh", "-c", options["before"]], check=True, stdin=subprocess.DEVNULL)
    log = f"{task['control_url']}/requests"
    call(log, "DELETE")
    ended = subprocess.run(
        [*task["argv"], *options.get("arguments", [])],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **options.get("environment", {})},
        stdin=subprocess.DEVNULL,
    )
    return {
        "rc": ended.returncode,
        "stdout": ended.stdout,
        "stderr": ended.stderr,
        "requests": call(log, "GET")["requests"],
    }


def main() -> None:
    """Do what the standard input says."""
    task = json.load(sys.stdin)
    print(json.dumps([run(task, options) for options in task["runs"]]))


if __name__ == "__main__":
    main()
