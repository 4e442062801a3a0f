# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface to Ansible's modules."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn
from unittest.mock import create_autospec

import pytest
from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.ucloud.ulb.plugins.module_utils import _module
from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    MissingLibraryError,
    OptionError,
    RequestContext,
    UCloudError,
    api_error,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._module import run_info_module
from ansible_collections.ucloud.ulb.plugins.module_utils._options import (
    Settings,
    connection_spec,
    selection_spec,
    settings,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._version import user_agent
from ansible_collections.ucloud.ulb.tests.unit.factories.options import option_values

NOT_ENCRYPTED = "base_url: http://localhost:1 is not encrypted."


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A fake AnsibleModule that ends like a real one."""
    double = create_autospec(AnsibleModule, instance=True)
    double.params = option_values(base_url="http://localhost:1")
    double.fail_json.side_effect = SystemExit(1)
    double.exit_json.side_effect = SystemExit(0)
    maker = create_autospec(AnsibleModule, return_value=double)
    monkeypatch.setattr(_module, "AnsibleModule", maker)
    monkeypatch.setattr(_module, "time", SimpleNamespace(time=lambda: 1_800_000_000.9))
    double.maker = maker
    return double


def raising(error: Exception) -> Any:
    def run(_client: Client, _settings: Settings, _now: int) -> NoReturn:
        raise error

    return run


def test_success(module: Any) -> None:
    seen: list[Any] = []

    def run(client: Client, wanted: Settings, now: int) -> tuple[dict[str, Any], list[str]]:
        seen.extend([client.connection, wanted.query.regions, now])
        assert client._session._session.headers["User-Agent"] == user_agent()
        return {"count": 3}, ["a region failed"]

    with pytest.raises(SystemExit) as ended:
        run_info_module(selection_spec(), settings, run)
    assert ended.value.code == 0
    module.maker.assert_called_once_with(
        argument_spec={**connection_spec(), **selection_spec()}, supports_check_mode=True
    )
    assert seen[0].public_key == "public"
    assert seen[1:] == [("hk",), 1_800_000_000]
    first, second = (call.args[0] for call in module.warn.call_args_list)
    assert first.startswith(NOT_ENCRYPTED)
    assert second == "a region failed"
    module.exit_json.assert_called_once_with(changed=False, count=3)
    module.fail_json.assert_not_called()


@pytest.mark.parametrize(
    "error",
    [
        OptionError("names: whatever"),
        api_error(RequestContext("GetRegion", "host", "hk", "org-1"), 299, "no", "uuid-1"),
    ],
)
def test_our_errors_become_failures(module: Any, error: UCloudError) -> None:
    with pytest.raises(SystemExit) as ended:
        run_info_module(selection_spec(), settings, raising(error))
    assert ended.value.code == 1
    module.fail_json.assert_called_once_with(msg=error.describe(), error=error.to_facts())
    module.exit_json.assert_not_called()


def test_bad_options_fail_before_anything_is_sent(module: Any) -> None:
    module.params["timeout"] = 0
    run = create_autospec(raising(OptionError("x")))
    with pytest.raises(SystemExit):
        run_info_module(selection_spec(), settings, run)
    run.assert_not_called()
    message = "timeout: 0 is out of range. Give a number from 1 to 3600."
    assert module.fail_json.call_args.kwargs["msg"] == message


def test_a_missing_library_has_ansibles_own_message(module: Any) -> None:
    with pytest.raises(SystemExit):
        run_info_module(selection_spec(), settings, raising(MissingLibraryError("cryptography", "Traceback ...")))
    module.fail_json.assert_called_once_with(msg=missing_required_lib("cryptography"), exception="Traceback ...")


def test_other_errors_are_bugs_and_not_hidden(module: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        run_info_module(selection_spec(), settings, raising(ZeroDivisionError()))
    module.fail_json.assert_not_called()
