# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules. This is the only file that calls fail_json and exit_json."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, TypeVar

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._api.client import Client
from ._api.errors import MissingLibraryError, UCloudError
from ._options import ListenerSettings, Settings, connection_spec
from ._version import user_agent

AnySettings = TypeVar("AnySettings", Settings, ListenerSettings)


def run_info_module(
    spec: Mapping[str, Any],
    parse: Callable[[Mapping[str, Any]], AnySettings],
    run: Callable[[Client, AnySettings, int], tuple[dict[str, Any], list[str]]],
) -> None:
    """Run a module that has the connection options and does not change anything.

    Args:
        spec: The argument spec of its other options.
        parse: Converts the values of its options to settings.
        run: The work of the module. It takes a client, the settings and the current time (seconds since 1970), and
            returns facts and warnings.
    """

    def work(module: AnsibleModule) -> tuple[dict[str, Any], list[str]]:
        wanted = parse(module.params)
        for warning in wanted.warnings:
            module.warn(warning)
        with closing(Client(wanted.connection, user_agent())) as client:
            return run(client, wanted, int(time.time()))

    _run({**connection_spec(), **spec}, work)


def run_module_without_account(
    spec: Mapping[str, Any], run: Callable[[Mapping[str, Any], int], tuple[dict[str, Any], list[str]]]
) -> None:
    """Run a module that does not use the API and does not change anything.

    Args:
        spec: The argument spec of its options.
        run: The work of the module. It takes the values of its options and the current time (seconds since 1970), and
            returns facts and warnings.
    """
    _run(spec, lambda module: run(module.params, int(time.time())))


def _run(spec: Mapping[str, Any], work: Callable[[AnsibleModule], tuple[dict[str, Any], list[str]]]) -> None:
    module = AnsibleModule(argument_spec=dict(spec), supports_check_mode=True)
    try:
        facts, warnings = work(module)
    except MissingLibraryError as error:
        module.fail_json(msg=missing_required_lib(error.library), exception=error.reason)
    except UCloudError as error:
        module.fail_json(msg=error.describe(), error=error.to_facts())
    else:
        for warning in warnings:
            module.warn(warning)
        module.exit_json(changed=False, **facts)
