# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version, which must be the same in two files."""

from __future__ import annotations

from pathlib import Path

from ansible.module_utils.ansible_release import __version__ as ansible_core_version

from ansible_collections.ucloud.ulb.plugins.module_utils import _version


def test_version_is_that_of_the_collection() -> None:
    galaxy = Path(_version.__file__).parents[2] / "galaxy.yml"
    lines = galaxy.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("version:")] == [f"version: {_version.VERSION}"]


def test_user_agent() -> None:
    assert _version.user_agent() == (f"ucloud.ulb/{_version.VERSION} ansible-core/{ansible_core_version}")
