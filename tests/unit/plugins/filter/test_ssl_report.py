# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.ucloud.ulb.plugins.filter import ssl_report as plugin
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.formats import FORMATS, report
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import HOSTILE, hostile_audit

TREE = Path(str(plugin.__file__)).parents[5]
"""The folder that contains ansible_collections."""


def run(folder: Path, tasks: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    """Run tasks that read the audit and the title from files, which Ansible does not trust."""
    variables = {
        "audit": "{{ lookup('ansible.builtin.file', 'audit.json') | ansible.builtin.from_json }}",
        "title": "{{ lookup('ansible.builtin.file', 'title.txt') }}",
        "ansible_python_interpreter": sys.executable,
    }
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables, "tasks": tasks}
    (folder / "play.yml").write_text(json.dumps([play]))
    settings = {"ANSIBLE_COLLECTIONS_PATH": str(TREE), "ANSIBLE_HOME": str(folder / "home")}
    return subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "play.yml"],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def write(content: str, path: Path) -> dict[str, Any]:
    return {"ansible.builtin.copy": {"content": content, "dest": str(path), "mode": "0600"}}


def test_the_filter_reports() -> None:
    assert plugin.FilterModule().filters() == {"ssl_report": plugin.ssl_report}
    assert plugin.ssl_report(hostile_audit(), "csv") == report(hostile_audit(), "csv")
    assert plugin.ssl_report(hostile_audit(), "table", title="t", limit=1) == report(
        hostile_audit(), "table", title="t", limit=1
    )


def test_a_problem_is_told_as_ansible_does() -> None:
    with pytest.raises(AnsibleFilterError, match=r"format: unknown 'pdf'\. Valid values: csv, "):
        plugin.ssl_report(hostile_audit(), "pdf")


def test_the_documentation_lists_the_formats() -> None:
    options = DataLoader().load(plugin.DOCUMENTATION)["options"]
    assert sorted(options["format"]["choices"]) == [*FORMATS]
    assert [*options] == ["_input", "format", "title", "template", "limit", "html_limit", "width", "language", "bom"]


@pytest.mark.slow
def test_a_playbook_writes_what_the_filter_returns(tmp_path: Path) -> None:
    audit = hostile_audit()
    (tmp_path / "audit.json").write_text(json.dumps(audit))
    (tmp_path / "title.txt").write_text(HOSTILE)
    # A variable with a report could be evaluated as a template when it is used.
    keep = {"ansible.builtin.set_fact": {"kept": "{{ audit | ucloud.ulb.ssl_report('table') }}"}}
    reports = {
        name: write(f"{{{{ audit | ucloud.ulb.ssl_report('{name}', title=title) | string }}}}", tmp_path / name)
        for name in FORMATS
    }
    ended = run(tmp_path, [*reports.values(), keep, write("{{ kept }}", tmp_path / "kept")])
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for name in FORMATS:
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            assert file.read() == report(audit, name, title=HOSTILE)
    assert (tmp_path / "kept").read_text("utf-8") == report(audit, "table")
