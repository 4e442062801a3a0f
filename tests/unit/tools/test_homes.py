# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Home folders of sessions have the user's settings of pip, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.tests.tools import homes


@pytest.fixture
def of_user(tmp_path: Path) -> Path:
    """The home folder of the user, with settings of pip and something else."""
    folder = tmp_path / "user"
    (folder / ".config/pip").mkdir(parents=True)
    (folder / ".config/pip/pip.conf").write_text("[global]\n", encoding="utf-8")
    (folder / ".ansible").mkdir()
    return folder


def files(folder: Path) -> list[str]:
    return sorted(
        str(Path(place, name).relative_to(folder)) for place, _folders, names in os.walk(folder) for name in names
    )


def test_a_bare_environment_has_what_fetches_packages(tmp_path: Path, of_user: Path) -> None:
    home = tmp_path / "home"
    outer = {"HOME": str(of_user), "PATH": "/opt/bin", "UCLOUD_REGION": "hk", "PIP_INDEX_URL": "x", "https_proxy": "y"}
    assert homes.bare(home, outer) == {
        "FETCH_PYTHON": "no",
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "PIP_INDEX_URL": "x",
        "TERM": "xterm",
        "https_proxy": "y",
    }
    assert (home / ".config/pip/pip.conf").read_text(encoding="utf-8") == "[global]\n"
    assert not (home / ".ansible").exists()
    assert files(of_user) == [".config/pip/pip.conf"]


def test_ansible_test_finds_its_script(tmp_path: Path, of_user: Path) -> None:
    home = tmp_path / "home"
    # A second call, as when the session runs again.
    for _run in range(2):
        assert homes.for_ansible_test(home, "23.1.2", {"HOME": str(of_user)}) == {"HOME": str(home)}
    assert files(home) == [".ansible/test/cache/get_pip_23_1_2.py"]
    assert files(of_user) == [".config/pip/pip.conf"]


def test_settings_may_be_elsewhere_or_nowhere(tmp_path: Path, of_user: Path) -> None:
    outer = {"HOME": str(tmp_path / "other"), "XDG_CONFIG_HOME": str(of_user / ".config")}
    homes.bare(tmp_path / "with", outer)
    assert (tmp_path / "with/.config/pip/pip.conf").exists()
    homes.bare(tmp_path / "without", {"HOME": str(tmp_path / "other")})
    assert not list((tmp_path / "without/.config").iterdir())
