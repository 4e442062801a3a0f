# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from ansible.module_utils import basic


class Outcome(NamedTuple):
    """Exit code, result and warnings of a module."""

    code: Any
    result: dict[str, Any]
    warnings: list[str]


#: Run the main function of a module with arguments.
Execute = Callable[[Callable[[], None], dict[str, Any]], Outcome]


@pytest.fixture
def execute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Execute:
    """Run a module in this process."""
    warnings: list[str] = []
    # If the controller's code can be imported, warnings go to its display instead of the result.
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _self, warning: warnings.append(warning))

    def start(main: Callable[[], None], given: dict[str, Any]) -> Outcome:
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", encoded)
        # ansible-core 2.19 and newer need the format of the arguments.
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        warnings.clear()
        with pytest.raises(SystemExit) as ended:
            main()
        result = json.loads(capsys.readouterr().out)
        # How ansible-core 2.22 and newer tell the controller what it has to hide. It takes that out.
        result.pop("_ansible_new_secrets", None)
        return Outcome(ended.value.code, result, list(warnings))

    return start
