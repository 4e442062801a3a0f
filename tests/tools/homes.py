# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Home folders for sessions: nothing of the machine is in there, and nothing is left in the user's own.

homes.py bare FOLDER makes an empty one for distribution-python, homes.py ansible-test FOLDER PIP one for ansible-test;
both print the variables of the environment to use it with as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

BOOTSTRAP = Path(__file__).with_name("pip_bootstrap.py")
#: What it takes to fetch packages where that goes by a mirror or a proxy.
PASSED_ON = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


def make(home: Path, outer: Mapping[str, str]) -> None:
    """Make a home folder that has nothing of the user's but pip's settings, and what pip and uv have downloaded."""
    of_user = Path(outer["HOME"])
    settings = Path(outer.get("XDG_CONFIG_HOME", of_user / ".config"))
    cache = Path(outer.get("XDG_CACHE_HOME", of_user / ".cache"))
    places = ((".config/pip", settings / "pip"), (".cache/pip", cache / "pip"), (".cache/uv", cache / "uv"))
    for place, folder in places:
        link = home / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        # A link to what is not there yet would keep pip from making it.
        if folder.is_dir():
            link.symlink_to(folder)


def bare(home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a machine that nobody has prepared, but for what it takes to fetch packages there."""
    make(home, outer)
    passed_on = {name: value for name, value in outer.items() if name.upper().startswith(PASSED_ON)}
    return {**passed_on, "HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm", "FETCH_PYTHON": "no"}


def for_ansible_test(home: Path, pip: str, outer: Mapping[str, str]) -> dict[str, str]:
    """What to add to the environment of an ansible-test that installs this pip. It keeps environments below its home.

    It passes nothing else on to pip. Two sessions must not share a home: some of its environments are the same for
    several ansible-cores, and two that are made at the same time spoil each other.
    """
    make(home, outer)
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    shutil.copy(BOOTSTRAP, cache / f"get_pip_{pip.replace('.', '_')}.py")
    return {"HOME": str(home)}


def main() -> None:
    """Make a home folder, and print the variables."""
    purpose, folder = sys.argv[1:3]
    home = Path(folder).resolve()
    print(json.dumps(bare(home, os.environ) if purpose == "bare" else for_ansible_test(home, sys.argv[3], os.environ)))


if __name__ == "__main__":
    main()
