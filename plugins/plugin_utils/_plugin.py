# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interface to Ansible's controller plugins: options -> settings, and our errors -> AnsibleError."""

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
# An empty variable counts as not set. Ansible would read it as "no", without a way to detect that later.
if os.environ.get(_VALIDATE_CERTS) == "":
    del os.environ[_VALIDATE_CERTS]
#: The options that lookup and inventory plugin share: their names, and their names with aliases.
COMMON_OPTIONS = tuple(_SPEC)
COMMON_NAMES = (*_SPEC, *(alias for option in _SPEC.values() for alias in option.get("aliases", ())))


def plugin_settings(plugin: AnsiblePlugin) -> Settings:
    """Parse the common options of a lookup or inventory plugin.

    Raises:
        OptionError: A value is not valid.
        MissingLibraryError: A selection option needs a library that is not installed.
    """
    values = {name: plugin.get_option(name) for name in COMMON_OPTIONS}
    for name, option in _SPEC.items():
        if option["type"] == "list" and values[name] is not None:
            values[name] = as_strings(name, values[name])
    # Ansible turns an empty path into the current folder.
    for name, variable in (("shared_credentials_file", "UCLOUD_SHARED_CREDENTIAL_FILE"), ("ca_path", "UCLOUD_CA_PATH")):
        if os.environ.get(variable) == "" and values[name] == str(Path.cwd()):
            values[name] = None
    _check_boolean("validate_certs", _VALIDATE_CERTS)
    found = settings(values)
    if found.query.selection.needs_content and find_spec("cryptography") is None:
        # Check here, because certificates from a cache do not pass through gather(). Import here, because it loads
        # libraries that lookups with a cached listing do not need.
        from ..module_utils._certificates.gather import check_libraries  # noqa: PLC0415

        check_libraries(found.query.selection)
    return found


def _check_boolean(option: str, variable: str) -> None:
    """Check that an environment variable, if set, contains a boolean. Ansible would read any other string as "no".

    Raises:
        OptionError: It does not.
    """
    value = os.environ.get(variable, "yes")
    try:
        boolean(value)
    except TypeError:
        hint = f"Set the environment variable {variable} to true or false."
        raise OptionError(f"{option}: {value!r} is not a boolean", hint=hint) from None


def as_strings(option: str, values: Any) -> list[str]:
    """Return the items of a list option as strings. Ansible checks items only for modules.

    Raises:
        OptionError: An item is neither a string nor an integer.
    """
    for value in values:
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise OptionError(f"{option}: {value!r} is not a string", hint="Give a list of strings.")
    # Do not call str() on strings: those of Ansible carry the mark that they may be templates.
    return [value if isinstance(value, str) else str(value) for value in values]


def check_option_names(plugin: AnsiblePlugin, names: Iterable[str]) -> None:
    """Check that a plugin has these options. Ansible would ignore unknown ones.

    Raises:
        OptionError: An option is unknown. The hint names similar ones.
    """
    definitions = config.get_configuration_definitions(plugin.plugin_type, plugin._load_name)
    known = {*definitions, *(alias for option in definitions.values() for alias in option.get("aliases", ()))}
    for name in names:
        if name not in known:
            similar = ", ".join(get_close_matches(name, sorted(known), n=3))
            hint = f"Did you mean {similar}?" if similar else "See the documentation of the plugin for its options."
            raise OptionError(f"{name}: unknown option", hint=hint)


def check_known(where: str, names: Iterable[Any], known: Iterable[str]) -> None:
    """Check that all names are known.

    Args:
        where: The option that the names come from, for the error message.
        names: The names to check.
        known: All valid names.

    Raises:
        OptionError: A name is unknown. The hint has the most similar and all valid names.
    """
    known = list(known)
    for name in names:
        if name not in known:
            close = get_close_matches(str(name), known, n=1)
            meant = f"Did you mean {close[0]}? " if close else ""
            raise OptionError(f"{where}: unknown {name!r}", hint=f"{meant}Valid values: {', '.join(known)}.")


def templated_variables(variables: Mapping[str, Any], templar: Any) -> dict[str, Any]:
    """Evaluate the variables that set options. Ansible passes them to lookup and inventory plugins unevaluated.

    Args:
        variables: All variables; only those named after an option are returned.
        templar: Ansible's templar, with all variables that templates may refer to.
    """
    names = (f"ucloud_{name}" for name in COMMON_OPTIONS)
    return {name: templar.template(variables[name]) for name in names if name in variables}


@contextmanager
def ansible_errors(kind: type[AnsibleError] = AnsibleError) -> Iterator[None]:
    """Turn our errors into Ansible's errors of type ``kind``."""
    try:
        yield
    except MissingLibraryError as error:
        raise kind(missing_required_lib(error.library)) from error
    except UCloudError as error:
        # Without the cause: Ansible would show the messages of the whole chain, nested in each other.
        raise kind(error.describe()) from None
