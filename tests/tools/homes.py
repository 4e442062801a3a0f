# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create home folders for sessions, so that sessions do not depend on the user's home folder and do not change it.

homes.py bare FOLDER creates an empty one for distribution-python. homes.py ansible-test FOLDER PIP creates one for
ansible-test. Both print the environment variables to use with it as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

BOOTSTRAP = Path(__file__).with_name("pip_bootstrap.py")
#: Environment variables for downloading packages through a mirror or a proxy.
PASSED_ON = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


def make(home: Path, outer: Mapping[str, str]) -> None:
    """Create a home folder with links to the user's settings of pip and the caches of pip and uv, and nothing else."""
    of_user = Path(outer["HOME"])
    settings = Path(outer.get("XDG_CONFIG_HOME", of_user / ".config"))
    cache = Path(outer.get("XDG_CACHE_HOME", of_user / ".cache"))
    links = ((".config/pip", settings / "pip"), (".cache/pip", cache / "pip"), (".cache/uv", cache / "uv"))
    for name, folder in links:
        link = home / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        # A link to a folder that does not exist would prevent pip from creating it.
        if folder.is_dir():
            link.symlink_to(folder)


def bare(home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of an unprepared machine, including the variables for downloading packages."""
    make(home, outer)
    passed_on = {name: value for name, value in outer.items() if name.upper().startswith(PASSED_ON)}
    return {**passed_on, "HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm", "FETCH_PYTHON": "no"}


def for_ansible_test(home: Path, pip: str, outer: Mapping[str, str]) -> dict[str, str]:
    """Return the variables to add to the environment of an ansible-test that installs this version of pip.

    ansible-test creates virtual environments below its home folder. Two sessions must not share one: several versions
    of ansible-core use the same virtual environments, and creating one twice at the same time breaks it.
    """
    make(home, outer)
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    shutil.copy(BOOTSTRAP, cache / f"get_pip_{pip.replace('.', '_')}.py")
    return {"HOME": str(home)}


def main() -> None:
    """Create a home folder, and print the variables."""
    purpose, folder = sys.argv[1:3]
    home = Path(folder).resolve()
    print(json.dumps(bare(home, os.environ) if purpose == "bare" else for_ansible_test(home, sys.argv[3], os.environ)))


if __name__ == "__main__":
    main()
