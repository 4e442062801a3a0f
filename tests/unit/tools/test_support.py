# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of what is supported says what ansible-core, its metadata and the tests say."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from ansible.release import __version__ as ansible_core_version
from ansible_test._util.target.common import constants

from ansible_collections.ucloud.ulb.tests.tools import cores, support

ROOT = Path(support.__file__).parents[2]
DOCUMENTED = ("plugins/doc_fragments/api.py", "docs/docsite/rst/guide_support.rst")


def test_each_version_that_is_tested_is_in_it() -> None:
    assert list(support.ANSIBLE_CORE) == [core.version for core in cores.CORES]
    used = {version for core in cores.CORES for version in core.pythons} | set(cores.OLDEST_TARGET)
    assert used <= set(support.PYTHON)


def test_the_oldest_is_the_one_that_the_collection_asks_for() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert runtime["requires_ansible"] == f">={cores.FLOOR.version}.0"


def test_the_oldest_libraries_are_the_same_everywhere() -> None:
    read = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("meta/ee-requirements.txt", *DOCUMENTED)}
    floor = (ROOT / "tests/requirements/libraries-floor.txt").read_text(encoding="utf-8")
    wanted = re.findall(r"(?m)^(\w+)>=(\S+)$", read["meta/ee-requirements.txt"])
    assert [library for library, _version in wanted] == ["cryptography", "requests"]
    for library, version in wanted:
        assert f"\n{library}=={version}\n" in floor
        assert f"  - {library} {version} or newer\n" in read["plugins/doc_fragments/api.py"]
        assert f"   * - ``{library}``\n     - {version} and newer\n" in read["docs/docsite/rst/guide_support.rst"]


def test_the_pythons_are_those_of_ansible_core() -> None:
    said = support.ANSIBLE_CORE[".".join(ansible_core_version.split(".")[:2])]
    controllers = constants.CONTROLLER_PYTHON_VERSIONS
    assert said.controllers == (controllers[0], controllers[-1])
    assert said.targets == ((*constants.REMOTE_ONLY_PYTHON_VERSIONS, *controllers)[0], controllers[-1])


def test_tests_run_on_pythons_that_ansible_core_supports() -> None:
    number = support._number
    for core in cores.CORES:
        oldest, newest = support.ANSIBLE_CORE[core.version].controllers
        assert all(number(oldest) <= number(version) <= number(newest) for version in core.pythons), core.version


def test_rows() -> None:
    rows = support.table()
    # The collection needs a newer Python on targets than this ansible-core.
    assert "2.16\n     - 2025-05\n     - 3.10 to 3.12\n     - 3.9 to 3.12\n     - 3.10\n" in rows
    assert "3.9\n     - 2025-10\n     - on targets, with ansible-core 2.21\n" in rows
    assert "3.15\n     - 2031-10\n     - no\n" in rows
