# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the Pythons of this machine that work, newest first: version, space, path.

A name on PATH proves nothing: version managers put stand-ins there that fail when they are called,
and distributions ship Pythons without venv. So every candidate is run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

# The base interpreter, because environments must not be stacked on an active one.
PROBE = """
import ensurepip, sys, venv
assert sys.version_info.releaselevel == "final"
print("%d.%d" % sys.version_info[:2], getattr(sys, "_base_executable", sys.executable))
"""


def candidates() -> list[Path]:
    """Return files called python3.<minor>, in the order of PATH, pyenv's own folders last."""
    folders = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    roots = [folder.parent for folder in folders if folder.name == "shims"]
    roots += [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))]
    for root in roots:
        folders += sorted(root.glob("versions/*/bin"))
    return [
        file
        for folder in folders
        if folder.is_dir() and folder.name != "shims"
        for file in sorted(folder.glob("python3.*"))
        if re.fullmatch(r"python3\.\d+", file.name)
    ]


def working() -> dict[str, str]:
    """Return the path of the first interpreter that works, by version."""
    found: dict[str, str] = {}
    for candidate in candidates():
        if candidate.name[len("python") :] in found:
            continue
        result = subprocess.run([str(candidate), "-c", PROBE], capture_output=True, text=True, check=False)
        if result.returncode == 0:
            version, path = result.stdout.strip().split(" ", 1)
            found.setdefault(version, path)
    return found


if __name__ == "__main__":
    pythons = working()
    if not pythons:
        sys.exit("No Python found that has venv and ensurepip.")
    newest_first = sorted(pythons, key=lambda text: int(text.split(".")[1]), reverse=True)
    print("\n".join(f"{version} {pythons[version]}" for version in newest_first))
