# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the Pythons of this machine that work.

Not every python3.x on PATH works: version managers put wrappers there that fail if that version is not installed, and
distributions ship Pythons without venv. So every candidate is run.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

#: The folder for Pythons that uv downloads, see set_up.py.
FETCHED = Path(__file__).resolve().parents[2] / "build/pythons"
# The base interpreter, because a virtual environment must not be based on another one.
PROBE = """
import ensurepip, sys, venv
assert sys.version_info.releaselevel == "final"
print("%d.%d" % sys.version_info[:2], getattr(sys, "_base_executable", sys.executable))
"""


def candidates() -> list[Path]:
    """Return files called python3.<minor>, in the order of PATH; then those of pyenv, then downloaded ones."""
    folders = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    roots = [folder.parent for folder in folders if folder.name == "shims"]
    roots += [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))]
    for root in roots:
        folders += sorted(root.glob("versions/*/bin"))
    folders += sorted(FETCHED.glob("*/bin"))
    return [
        file
        for folder in folders
        if folder.is_dir() and folder.name != "shims"
        for file in sorted(folder.glob("python3.*"))
        if re.fullmatch(r"python3\.\d+", file.name)
    ]


def working() -> dict[str, str]:
    """Return the path of the first interpreter that works, by version such as 3.13, the newest first."""
    found: dict[str, str] = {}
    for candidate in candidates():
        if candidate.name[len("python") :] in found:
            continue
        result = subprocess.run([str(candidate), "-c", PROBE], capture_output=True, text=True, check=False)
        if result.returncode == 0:
            version, path = result.stdout.strip().split(" ", 1)
            found.setdefault(version, path)
    return dict(sorted(found.items(), key=lambda item: int(item[0].split(".")[1]), reverse=True))
