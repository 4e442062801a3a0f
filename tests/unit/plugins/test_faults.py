# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After any fault, every plugin returns the complete and correct result, or one clear error."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.module_utils import basic
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.display import Display

from ansible_collections.ucloud.ulb.plugins.inventory import ssl_certificates
from ansible_collections.ucloud.ulb.plugins.lookup import ssl_certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._api import retry
from ansible_collections.ucloud.ulb.plugins.modules import ssl_info
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup import listeners, source
from ansible_collections.ucloud.ulb.tests.simulator import (
    Fleet,
    Project,
    Region,
    Simulator,
    balancers,
    record,
    relation,
)

from . import documented
from .faults import CASES, Case

IDS = {"hk": [f"ssl-hk-{number}" for number in range(3)], "cn-bj2": [f"ssl-bj-{number}" for number in range(5)]}

#: Ids, errors, warnings.
Answer = tuple[list[str], list[str], list[str]]
Ask = Callable[[dict[str, Any]], Answer]


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    # Do not wait before retries.
    monkeypatch.setattr(retry, "_FIRST_WAIT", 0.001)
    # Do not log connections that are broken on purpose.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    fleet = Fleet([Region(name) for name in IDS], [Project("org-a", is_default=True)])
    for region, ids in IDS.items():
        bound = [relation(("ulb-1", "old"), ("vserver-1", "https"), is_default=True)]
        records = [record(ssl_id, ssl_id, None, 1700000000, bound) for ssl_id in ids]
        fleet.replace(records, region=region, project="org-a")
        vservers = [balancers.vserver("vserver-1", ssl_id=ids[0])]
        fleet.balancers(region, "org-a").classics += [balancers.classic("ulb-1", "old", vservers)]
    with Simulator(fleet) as simulator:
        yield simulator


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    warnings: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _self, warning: warnings.append(warning))
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)

    def ask(options: dict[str, Any]) -> Answer:
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
        with pytest.raises(SystemExit):
            ssl_info.main()
        result = json.loads(capsys.readouterr().out)
        if result.get("failed"):
            return [], [result["msg"]], warnings
        assert result["complete"] == (not result["errors"])
        messages = [*warnings, *(error["message"] for error in result["errors"] + result["listener_errors"])]
        return [certificate["ssl_id"] for certificate in result["certificates"]], [], messages

    return ask


@pytest.fixture
def lookup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    display = create_autospec(Display, instance=True)
    monkeypatch.setattr(ssl_certificate, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(ssl_certificate, "display", display)
    monkeypatch.setattr(source, "_indexes", {})
    monkeypatch.setattr(listeners, "_listings", {})

    def ask(options: dict[str, Any]) -> Answer:
        plugin = documented.make_plugin(ssl_certificate, "lookup", "ucloud.ulb.ssl_certificate")
        plugin._templar = Templar(DataLoader(), variables={})
        try:
            found = plugin.run([], {}, attribute="ssl_id", **options)
        except AnsibleError as error:
            return [], [str(error)], []
        return found, [], [call.args[0] for call in display.warning.call_args_list]

    return ask


@pytest.fixture
def inventory(tmp_path: Path) -> Ask:
    path = tmp_path / "fleet.ssl_certificates.yml"

    def ask(options: dict[str, Any]) -> Answer:
        path.write_text(json.dumps({"plugin": "ucloud.ulb.ssl_certificates", **options}), encoding="utf-8")
        plugin = documented.make_plugin(ssl_certificates, "inventory", "ucloud.ulb.ssl_certificates")
        plugin.display = create_autospec(plugin.display, instance=True)
        created = InventoryData()
        try:
            plugin.parse(created, DataLoader(), str(path), cache=False)
        except AnsibleError as error:
            assert not created.hosts
            return [], [str(error)], []
        return list(created.hosts), [], [call.args[0] for call in plugin.display.warning.call_args_list]

    return ask


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
@pytest.mark.parametrize("kind", ["module", "lookup", "inventory"])
def test_the_result_is_complete_or_an_error(
    simulator: Simulator, request: pytest.FixtureRequest, kind: str, case: Case
) -> None:
    for fault in case.faults:
        simulator.add_fault(fault)
    account = simulator.accounts["main"]
    options = {
        "public_key": account.public_key,
        "private_key": account.private_key,
        "base_url": simulator.http_url,
        "regions": ["all"],
        "page_size": 3,
        "max_retries": 3,
        **case.options,
    }

    ids, errors, warnings = request.getfixturevalue(kind)(options)
    warnings = [warning for warning in warnings if "is not encrypted" not in warning]

    if case.error:
        (error,) = errors
        assert case.error in error
        assert "Traceback" not in error
        assert account.private_key not in error
    elif case.partial:
        assert sorted(ids) == IDS["cn-bj2"]
        assert warnings
    elif case.without_listeners:
        assert sorted(ids) == sorted(IDS["cn-bj2"] + IDS["hk"])
        assert warnings
    else:
        assert (errors, warnings) == ([], [])
        right = sorted(IDS["cn-bj2"] + IDS["hk"])
        # A certificate that was deleted during the listing may or may not be included.
        deleted = {ids[0] for ids in IDS.values()} if case.faults[0].kind == "shift" else set()
        added = {"ssl-inserted1"} if case.faults[0].how == "swap" else set()
        assert set(right) - deleted <= set(ids) <= set(right) | added
        assert len(ids) == len(right) or not added
        assert len(ids) == len(set(ids))
