# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates plugins with options and trusted text, like Ansible does."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any

import yaml
from ansible import constants

_OURS, _ANSIBLES = "ansible_collections.ucloud.ulb.plugins.doc_fragments", "ansible.plugins.doc_fragments"


def trusted(text: str) -> Any:
    """Mark a text as trusted, as if it were in a playbook."""
    try:
        from ansible.template import trust_as_template  # noqa: PLC0415 - from ansible-core 2.19 on
    except ImportError:
        return text
    return trust_as_template(text)


def make_plugin(module: ModuleType, kind: str, name: str) -> Any:
    """Create the ``LookupModule`` or ``InventoryModule`` of a Python module, with its options."""
    documentation = _read(module.DOCUMENTATION)
    options: dict[str, Any] = {}
    for fragment in documentation.get("extends_documentation_fragment", ()):
        _merge(options, _fragment(fragment))
    _merge(options, documentation["options"])
    constants.config.initialize_plugin_configuration_definitions(kind, name, options)
    plugin = getattr(module, f"{kind.capitalize()}Module")()
    plugin._load_name = name
    plugin._redirected_names = [name]
    return plugin


def _fragment(name: str) -> dict[str, Any]:
    file, _dot, part = name.removeprefix("ucloud.ulb.").partition(".")
    package = _OURS if name.startswith("ucloud.ulb.") else _ANSIBLES
    fragment = importlib.import_module(f"{package}.{file}").ModuleDocFragment
    options: dict[str, Any] = _read(getattr(fragment, (part or "documentation").upper()))["options"]
    return options


@cache
def _read(documentation: str) -> dict[str, Any]:
    """Parse documentation. Cached, because parsing takes longer than most tests of a plugin."""
    documented: dict[str, Any] = yaml.safe_load(documentation)
    return documented


def _merge(options: dict[str, Any], others: dict[str, Any]) -> None:
    for name, values in others.items():
        options.setdefault(name, {}).update(values)
