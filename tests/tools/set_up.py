# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create the virtual environment of `make demo` or `make test`, or download other Pythons for `make matrix`.

Usage: set_up.py demo|test|matrix FOLDER. If this machine has no Python for an ansible-core, uv downloads one. The
environment variable FETCH_PYTHON=no prevents that.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from . import cores, pip_settings, pythons

ROOT = Path(__file__).resolve().parents[2]
NOX = "tests/requirements/nox.txt"
LIBRARIES = "tests/integration/requirements.txt"
NONE_FOUND = """\
No Python was found on this machine that has venv and that ansible-core runs on: one of 3.10 to 3.14.
Debian and Ubuntu have venv in the package python3-venv.
"""


def main() -> None:
    """Find or download a Python, create the virtual environment, and install packages."""
    purpose, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    found = pythons.working()
    missing = missing_pythons(found, purpose)
    if missing and os.environ.get("FETCH_PYTHON", "yes") != "no":
        fetch(missing, found)
        found = pythons.working()
    choice = cores.newest(found)
    if choice is None:
        sys.exit(NONE_FOUND)
    if purpose == "matrix":
        return
    requirements = (
        [NOX] if purpose == "test" else [f"tests/requirements/ansible-core-{choice.core.version}.txt", LIBRARIES]
    )
    python = make_environment(found[choice.python], folder)
    install(python, *(argument for file in requirements for argument in ("-r", file)))


def missing_pythons(found: dict[str, str], purpose: str) -> list[str]:
    """Return the versions of Python to download, so that nothing is left out."""
    wanted = [cores.NEWEST_FIRST[0].pythons]
    if purpose == "matrix":
        # The Pythons of the oldest and the newest ansible-core also run those in between.
        wanted += [cores.FLOOR.pythons, cores.OLDEST_TARGET]
    return [versions[0] for versions in wanted if not cores.first_of(versions, found)]


def fetch(versions: list[str], found: dict[str, str]) -> None:
    """Download Pythons with uv to the folder where pythons.py finds them. A failure is only reported."""
    if not found:
        return
    folder = ROOT / "build/uv-venv"
    python = make_environment(next(iter(found.values())), folder)
    install(python, "--constraint", NOX, "uv")
    # Without a network, fail immediately.
    environment = {"UV_HTTP_RETRIES": "0", **pip_settings.for_uv(python), **os.environ}
    command = [str(folder / "bin/uv"), "python", "install", "--no-bin", "--no-progress"]
    command += ["--install-dir", str(pythons.FETCHED), *versions]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    names = " and ".join(versions)
    if result.returncode == 0:
        print(f"uv has fetched Python {names} (FETCH_PYTHON=no keeps it from that)", flush=True)
    else:
        # The last cause is the most specific one.
        reason = (result.stderr.strip() or "no reason given").splitlines()[-1].rpartition("cause: ")[2]
        print(f"uv could not fetch Python {names}: {reason}", flush=True)


def make_environment(base: str, folder: Path) -> str:
    """Create a virtual environment, replacing an existing one, and return the path of its Python."""
    subprocess.run([base, "-m", "venv", "--clear", str(folder)], check=True)
    return str(folder / "bin/python")


def install(python: str, *arguments: str) -> None:
    """Install packages into a virtual environment with pip."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        # The program has already printed the reason.
        sys.exit(error.returncode)
