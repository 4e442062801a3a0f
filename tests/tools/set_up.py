# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the environment of `make demo` or of `make test`, or fetch what `make matrix` needs besides.

Called as set_up.py demo|test|matrix FOLDER. Where an ansible-core has no Python on this machine, uv is asked to fetch
one. FETCH_PYTHON=no in the environment turns that off.
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
    """Find a Python or let one be fetched, make the environment, and fill it."""
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
    """Versions of Python that would have to be fetched for nothing to be left out."""
    wanted = [cores.NEWEST_FIRST[0].pythons]
    if purpose == "matrix":
        # They run all that are between.
        wanted += [cores.FLOOR.pythons, cores.OLDEST_TARGET]
    return [versions[0] for versions in wanted if not cores.first_of(versions, found)]


def fetch(versions: list[str], found: dict[str, str]) -> None:
    """Let uv fetch Pythons to where pythons.py finds them. It is no failure if it cannot."""
    if not found:
        return
    folder = ROOT / "build/uv-venv"
    python = make_environment(next(iter(found.values())), folder)
    install(python, "--constraint", NOX, "uv")
    # Where there is no network that has to show at once.
    environment = {"UV_HTTP_RETRIES": "0", **pip_settings.for_uv(python), **os.environ}
    command = [str(folder / "bin/uv"), "python", "install", "--no-bin", "--no-progress"]
    command += ["--install-dir", str(pythons.FETCHED), *versions]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    names = " and ".join(versions)
    if result.returncode == 0:
        print(f"uv has fetched Python {names} (FETCH_PYTHON=no keeps it from that)", flush=True)
    else:
        # The last of its causes is the one that tells.
        reason = (result.stderr.strip() or "no reason given").splitlines()[-1].rpartition("cause: ")[2]
        print(f"uv could not fetch Python {names}: {reason}", flush=True)


def make_environment(base: str, folder: Path) -> str:
    """Make an environment anew; its Python."""
    subprocess.run([base, "-m", "venv", "--clear", str(folder)], check=True)
    return str(folder / "bin/python")


def install(python: str, *arguments: str) -> None:
    """Let pip install packages into an environment."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        # The program has said why.
        sys.exit(error.returncode)
