# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_setup says the same as the guide and the plugins. `nox -e awx` runs it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader

from ansible_collections.ucloud.ulb.plugins.doc_fragments import api, scope

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"(?m)^\.\. code-block:: yaml(?:\+jinja)?\n\n((?:    .*\n|\n)+)")


@pytest.fixture(scope="module")
def play() -> dict[str, Any]:
    (found,) = DataLoader().load_from_file(str(ROOT / "playbooks/awx_setup.yml"))
    return dict(found)


@pytest.fixture(scope="module")
def tasks() -> dict[str, Any]:
    loaded = DataLoader().load_from_file(str(ROOT / "playbooks/tasks/awx_setup.yml"))
    return {key: task for task in reversed(loaded) for key in task if key.startswith("awx.awx.")}


@pytest.fixture(scope="module")
def blocks() -> list[Any]:
    """The YAML of the guide."""
    text = (ROOT / "docs/docsite/rst/guide_awx.rst").read_text(encoding="utf-8")
    return [yaml.safe_load(textwrap.dedent(block)) for block in BLOCK.findall(text)]


def test_the_guide_has_the_same_credential_type(tasks: dict[str, Any], blocks: list[Any]) -> None:
    created = tasks["awx.awx.credential_type"]["awx.awx.credential_type"]
    assert created["inputs"] in blocks
    assert created["injectors"] in blocks


def test_the_credential_has_what_its_type_hands_to_the_plugins(tasks: dict[str, Any]) -> None:
    type_ = tasks["awx.awx.credential_type"]["awx.awx.credential_type"]
    handed_over = {f"{{{{ {field['id']} }}}}" for field in type_["inputs"]["fields"]}
    assert set(type_["injectors"]["env"].values()) == handed_over

    filled_in = tasks["awx.awx.credential"]["vars"]["inputs"]
    assert {value: f"{{{{ {name} }}}}" for name, value in filled_in.items()} == {
        f"{{{{ lookup('ansible.builtin.env', '{variable}') }}}}": template
        for variable, template in type_["injectors"]["env"].items()
    }
    assert tasks["awx.awx.credential"]["no_log"] is True


def test_the_plugins_read_these_environment_variables(tasks: dict[str, Any]) -> None:
    documented = api.ModuleDocFragment.PLUGINS + scope.ModuleDocFragment.PLUGINS
    type_ = tasks["awx.awx.credential_type"]["awx.awx.credential_type"]
    assert set(type_["injectors"]["env"]) <= set(re.findall(r"- name: (UCLOUD_\w+)", documented))


def test_all_variables_are_checked_and_those_of_the_guide_exist(play: dict[str, Any], blocks: list[Any]) -> None:
    variables = {name for name in play["vars"] if name.startswith("awx_setup_")}
    assert set(play["vars"]["_awx_setup_rules"]) == variables
    (shown,) = [block for block in blocks if isinstance(block, dict) and "awx_setup_organization" in block]
    assert set(shown) < variables


def test_the_files_of_the_guide_are_those_that_it_uses(play: dict[str, Any], blocks: list[Any]) -> None:
    imported = {
        entry["ansible.builtin.import_playbook"] for block in blocks if isinstance(block, list) for entry in block
    }
    used = {play["vars"][f"awx_setup_{name}_playbook"] for name in ("compliance", "overview")}
    assert {f"{name.rpartition('.')[2]}.yml" for name in imported} == used
    assert all((ROOT / "playbooks" / name).is_file() for name in used)
