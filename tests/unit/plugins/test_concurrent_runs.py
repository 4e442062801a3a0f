# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Concurrent runs of Ansible share nothing but the inventory cache."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from ansible.release import __version__ as core_version

from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Project, Region, Settings, Simulator, record

from .programs import PATIENCE, Programs

#: Number of runs. Fewer with the oldest ansible-core, because the files that runs could share are the same.
RUNS = 5 if core_version.startswith("2.16.") else 20
PAGE_SIZE = 3
IDS = {"hk": [f"ssl-hk-{number}" for number in range(5)], "cn-bj2": [f"ssl-bj-{number}" for number in range(7)]}
#: Each page except the first begins with the last certificate of the previous page.
PAGES = {region: -(-(len(ids) - 1) // (PAGE_SIZE - 1)) for region, ids in IDS.items()}
PLAY = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"wanted": IDS},
        "tasks": [
            {
                "ansible.builtin.assert": {
                    "that": [
                        "query('ucloud.ulb.ssl_certificate', regions=['hk'], attribute='ssl_id') == wanted.hk",
                        "groups.all | sort == wanted['cn-bj2']",
                    ]
                }
            }
        ],
    }
]
INVENTORY = {
    "plugin": "ucloud.ulb.ssl_certificates",
    "regions": ["cn-bj2"],
    "cache": True,
    "cache_plugin": "ansible.builtin.jsonfile",
    "cache_connection": "~/cache",
}


@pytest.mark.slow
def test_concurrent_runs_have_their_own_results(tmp_path: Path) -> None:
    (tmp_path / "play.json").write_text(json.dumps(PLAY), encoding="utf-8")
    (tmp_path / "fleet.ssl_certificates.yml").write_text(json.dumps(INVENTORY), encoding="utf-8")
    fleet = Fleet([Region(name) for name in IDS], [Project("org-a", is_default=True)])
    for region, ids in IDS.items():
        fleet.replace([record(ssl_id, "shop", None, 1700000000) for ssl_id in ids], region=region, project="org-a")

    # The latency makes requests of several runs overlap.
    with (
        Simulator(fleet, Settings(latency=1.0, max_limit=PAGE_SIZE)) as simulator,
        Programs(tmp_path, simulator) as programs,
    ):
        # Ansible's cache plugin fails if another process creates the folder between its check and its mkdir.
        (programs.home / "cache").mkdir()
        arguments = ("-m", "ansible.cli.playbook", "--inventory=fleet.ssl_certificates.yml", "play.json")
        processes = [programs.start(*arguments) for _number in range(RUNS)]
        ends = [(process.communicate(timeout=PATIENCE * RUNS)[0], process.returncode) for process in processes]

        assert [output for output, status in ends if status] == []
        requests = Counter(request.region for request in simulator.requests)
        assert requests["hk"] == RUNS * PAGES["hk"]
        # Later runs use the cache of the first.
        assert requests["cn-bj2"] in [runs * PAGES["cn-bj2"] for runs in range(1, RUNS + 1)]
        assert programs.running() == []
        (cached,) = programs.files()
        assert cached.parent == programs.home / "cache"
        # The surrounding structure differs between versions of ansible-core.
        kept = str(json.loads(cached.read_text(encoding="utf-8")))
        assert sorted(set(re.findall(r"ssl-bj-\d", kept))) == IDS["cn-bj2"]
