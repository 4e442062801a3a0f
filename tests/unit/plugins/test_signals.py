# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interrupted programs end immediately, and leave no files behind.

The API would respond after an hour, so no program can have waited for it if the test ends.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Project, Region, Settings, Simulator, record

from .programs import PATIENCE, Programs, wait_until

PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [{"ansible.builtin.debug": {"msg": "{{ query('ucloud.ulb.ssl_certificate', regions=['hk']) }}"}}],
    }
]
INVENTORY = {
    "plugin": "ucloud.ulb.ssl_certificates",
    "regions": ["hk"],
    "cache": True,
    "cache_plugin": "ansible.builtin.jsonfile",
    "cache_connection": "~/cache",
}
# The process of the module, as started by Ansible's wrapper.
MODULE = """
from ansible.module_utils import basic
from ansible_collections.ucloud.ulb.plugins.modules import ssl_info
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = b'{"ANSIBLE_MODULE_ARGS": {"regions": ["hk"]}}', "legacy"
ssl_info.main()
"""
PROGRAMS = {
    "module": ("-c", MODULE),
    "ansible": ("-m", "ansible.cli.adhoc", "-m", "ucloud.ulb.ssl_info", "-a", "regions=hk", "localhost"),
    "ansible-playbook": ("-m", "ansible.cli.playbook", "--inventory=a,b,", "--connection=local", "play.json"),
    "ansible-inventory": ("-m", "ansible.cli.inventory", "--inventory=fleet.ssl_certificates.yml", "--list"),
}
#: Folders that Ansible does not remove when a signal ends it.
ANSIBLES = ("ansible-local-*", "ansible-tmp-*", "ansible_ucloud.ulb.ssl_info_payload_*", "pymp-*")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    fleet = Fleet([Region("hk", is_default=True)], [Project("org-a", is_default=True)])
    fleet.replace([record("ssl-1", "shop", None, 1700000000)], region="hk", project="org-a")
    with Simulator(fleet, Settings(latency=3600)) as simulator:
        yield simulator


@pytest.fixture
def programs(tmp_path: Path, simulator: Simulator) -> Iterator[Programs]:
    (tmp_path / "play.json").write_text(json.dumps(PLAY), encoding="utf-8")
    (tmp_path / "fleet.ssl_certificates.yml").write_text(json.dumps(INVENTORY), encoding="utf-8")
    with Programs(tmp_path, simulator) as programs:
        yield programs


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("program", PROGRAMS)
def test_interrupted_programs_end_at_once_and_leave_nothing(
    programs: Programs, simulator: Simulator, program: str, number: signal.Signals
) -> None:
    process = programs.start(*PROGRAMS[program])
    wait_until(lambda: simulator.requests or process.poll() is not None)
    assert process.poll() is None, process.communicate()

    if program == "ansible":
        # Signal the process group like a terminal. Before 2.19, ansible-core does not pass signals on to modules.
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    wait_until(lambda: not programs.running())

    # Ansible exits with 99.
    assert process.returncode == (99 if number == signal.SIGINT and program != "module" else -number)
    left = programs.files()
    if number == signal.SIGINT:
        assert left == []
    for path in left:
        parts = path.relative_to(programs.home).parts
        assert any(fnmatch(part, pattern) for part in parts for pattern in ANSIBLES), path
        if any(part.startswith("ucloud.ulb-") for part in parts):
            # The file with shared errors, and the one that reserves disk space.
            left_in_it = path.read_bytes().strip()
            assert path.name in ("lock", "reserve")
            assert not left_in_it or b'"problem": "the run of Ansible has ended"' in left_in_it
