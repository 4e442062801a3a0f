# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible's controller plugins: options -> settings, and our errors -> AnsibleError."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins import AnsiblePlugin

from ..module_utils._api.errors import MissingLibraryError, UCloudError
from ..module_utils._options import Settings, connection_spec, selection_spec, settings

_SPEC = {**connection_spec(), **selection_spec()}
#: The options that all plugins have in common, and the same with their other names.
COMMON_OPTIONS = tuple(_SPEC)
COMMON_NAMES = (*_SPEC, *(alias for option in _SPEC.values() for alias in option.get("aliases", ())))


def plugin_settings(plugin: AnsiblePlugin, **overrides: Any) -> Settings:
    """What the common options of a lookup or inventory plugin amount to.

    :raises OptionError: a value cannot be used.
    """
    return settings({**{name: plugin.get_option(name) for name in COMMON_OPTIONS}, **overrides})


def templated_variables(variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """The variables that options come from. Ansible gives them to lookup and inventory plugins as they are written.

    :param templar: Ansible's, with all variables that they may refer to.
    """
    names = (f"ucloud_{name}" for name in COMMON_OPTIONS)
    return {name: templar.template(variables[name]) for name in names if name in variables}


@contextmanager
def ansible_errors(kind: type[AnsibleError] = AnsibleError) -> Iterator[None]:
    """Turn our errors into Ansible's."""
    try:
        yield
    except MissingLibraryError as error:
        raise kind(missing_required_lib(error.library)) from error
    except UCloudError as error:
        # Without the chain: Ansible would show the messages of all of its members, one inside the other.
        raise kind(error.describe()) from None
