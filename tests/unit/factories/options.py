# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of the common options, as Ansible passes them."""

from __future__ import annotations

from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._options import connection_spec, selection_spec


def option_values(**values: Any) -> dict[str, Any]:
    """Return all connection and selection options, with keys, a region, and otherwise defaults."""
    spec = {**connection_spec(), **selection_spec()}
    defaults = {name: option.get("default") for name, option in spec.items()}
    return {**defaults, "public_key": "public", "private_key": "private", "regions": ["hk"], **values}
