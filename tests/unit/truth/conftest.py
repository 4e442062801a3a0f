# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shutil
import subprocess

import pytest


def _version() -> tuple[int, ...]:
    if not shutil.which("openssl"):
        return ()
    # For example "OpenSSL 3.0.19 27 Jan 2026 …". Forks show their own names.
    name, version = subprocess.check_output(["openssl", "version"], text=True).split()[:2]
    return tuple(int(part) for part in version.split(".")[:2]) if name == "OpenSSL" else ()


@pytest.fixture(scope="session", autouse=True)
def openssl() -> None:
    """The openssl program."""
    if _version() < (3, 0):
        pytest.skip("facts are NOT compared with openssl's: no openssl of version 3.0 or newer on this machine")
