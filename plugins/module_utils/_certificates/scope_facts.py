# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was asked for, for whoever reads a report later: of which account, where, and with which conditions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .._options import Settings

_DAY = 86400
#: Of a public key, so many characters at both ends tell accounts apart.
_SHOWN = 4


def scope_facts(settings: Settings) -> dict[str, Any]:
    """Endpoint, account, regions, projects and conditions, as they were given; nothing that is secret."""
    conditions = asdict(settings.query.selection)
    given = {name: _plain(value) for name, value in conditions.items() if value is not None}
    if "expires_within" in given:
        seconds = given["expires_within"]
        given["expires_within"] = f"{seconds}s" if seconds % _DAY else f"{seconds // _DAY}d"
    return {
        "endpoint": settings.connection.endpoint,
        "public_key": _shortened(settings.connection.public_key),
        "regions": list(settings.query.regions),
        "project_ids": list(settings.query.project_ids),
        "selection": given,
    }


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def _shortened(key: str) -> str:
    """The ends of a key. One that is hardly longer than those is none of UCloud's, and is not shown."""
    return f"{key[:_SHOWN]}…{key[-_SHOWN:]}" if len(key) >= 4 * _SHOWN else "…"
