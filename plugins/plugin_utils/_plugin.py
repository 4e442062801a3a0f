# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible's controller plugins: options -> settings, and our errors -> AnsibleError."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ansible.constants import config
from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins import AnsiblePlugin

from ..module_utils._api.errors import MissingLibraryError, OptionError, UCloudError
from ..module_utils._options import Settings, connection_spec, selection_spec, settings

_SPEC = {**connection_spec(), **selection_spec()}
_VALIDATE_CERTS = "UCLOUD_VALIDATE_CERTS"
# A variable that is empty is not set. Ansible would read no in it, and cannot tell later on that it did.
if os.environ.get(_VALIDATE_CERTS) == "":
    del os.environ[_VALIDATE_CERTS]
#: The options that all plugins have in common, and the same with their other names.
COMMON_OPTIONS = tuple(_SPEC)
COMMON_NAMES = (*_SPEC, *(alias for option in _SPEC.values() for alias in option.get("aliases", ())))


def plugin_settings(plugin: AnsiblePlugin) -> Settings:
    """What the common options of a lookup or inventory plugin amount to.

    :raises OptionError: a value cannot be used.
    :raises MissingLibraryError: a condition cannot be judged without a library that is not there.
    """
    values = {name: plugin.get_option(name) for name in COMMON_OPTIONS}
    for name, option in _SPEC.items():
        if option["type"] == "list" and values[name] is not None:
            values[name] = as_texts(name, values[name])
    # Ansible makes the current folder of a path that is empty.
    for name, variable in (("shared_credentials_file", "UCLOUD_SHARED_CREDENTIAL_FILE"), ("ca_path", "UCLOUD_CA_PATH")):
        if os.environ.get(variable) == "" and values[name] == str(Path.cwd()):
            values[name] = None
    _check_truth("validate_certs", _VALIDATE_CERTS)
    found = settings(values)
    if found.query.selection.needs_content and find_spec("cryptography") is None:
        # Here, because what comes from a cache is not gathered; not at the top, because it loads what lookups that find
        # their listing in a cache do without.
        from ..module_utils._certificates.gather import check_libraries  # noqa: PLC0415

        check_libraries(found.query.selection)
    return found


def _check_truth(option: str, variable: str) -> None:
    """Refuse text in an environment variable that says neither yes nor no. Ansible reads no in it.

    :raises OptionError: it is such a text.
    """
    value = os.environ.get(variable, "yes")
    try:
        boolean(value)
    except TypeError:
        hint = f"Write true or false into the environment variable {variable}."
        raise OptionError(f"{option}: {value!r} is no truth value", hint=hint) from None


def as_texts(option: str, values: Any) -> list[str]:
    """The items of a list as text. Ansible looks at those of modules only.

    :raises OptionError: one of them is neither text nor a number.
    """
    for value in values:
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise OptionError(f"{option}: {value!r} is not text", hint="Give a list of strings.")
    # Not str() of what is text: Ansible's text knows whether it may be a template.
    return [value if isinstance(value, str) else str(value) for value in values]


def refuse_unknown(plugin: AnsiblePlugin, names: Iterable[str]) -> None:
    """Refuse options that a plugin does not have. Ansible would leave them out.

    :raises OptionError: with the names that are like it.
    """
    definitions = config.get_configuration_definitions(plugin.plugin_type, plugin._load_name)
    known = {*definitions, *(alias for option in definitions.values() for alias in option.get("aliases", ()))}
    for name in names:
        if name not in known:
            near = ", ".join(get_close_matches(name, sorted(known), n=3)) or "what its documentation lists"
            raise OptionError(f"{name}: there is no such option", hint=f"Did you mean {near}?")


def check_known(where: str, names: Iterable[Any], known: Iterable[str]) -> None:
    """Refuse names that are not known.

    :param where: what they are names of, as the message begins.
    :raises OptionError: with the one that was probably meant, and all that are known.
    """
    known = list(known)
    for name in names:
        if name not in known:
            close = get_close_matches(str(name), known, n=1)
            meant = f"Did you mean {close[0]}? " if close else ""
            raise OptionError(f"{where}: there is no {name!r}", hint=f"{meant}There is: {', '.join(known)}.")


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
