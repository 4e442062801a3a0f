# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe what was listed, for readers of a report: the account, the scopes and the conditions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .._api.connection import Connection
from .query import Query
from .times import DAY

#: This many characters at both ends of a public key identify an account.
_SHOWN = 4


def scope_facts(connection: Connection, query: Query) -> dict[str, Any]:
    """Return endpoint, account, regions, projects and conditions as they were set; nothing that is secret."""
    conditions = asdict(query.selection)
    given = {name: _plain(value) for name, value in conditions.items() if value is not None}
    if "expires_within" in given:
        seconds = given["expires_within"]
        given["expires_within"] = f"{seconds}s" if seconds % DAY else f"{seconds // DAY}d"
    return {
        "endpoint": connection.endpoint,
        "public_key": _shortened(connection.public_key),
        "regions": list(query.regions),
        "project_ids": list(query.project_ids),
        "selection": given,
    }


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def _shortened(key: str) -> str:
    """Return both ends of a key. A key that is hardly longer than its ends, as UCloud's never are, is not shown."""
    return f"{key[:_SHOWN]}…{key[-_SHOWN:]}" if len(key) >= 4 * _SHOWN else "…"
