# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the API, with a client of its own for each question."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from ..module_utils._api.client import Client
from ..module_utils._api.connection import Connection
from ..module_utils._certificates.gather import Gathered, find_scopes, gather
from ..module_utils._certificates.query import Query
from ..module_utils._listing.scopes import Scope
from ..module_utils._version import user_agent


def ask(connection: Connection, query: Query, now: int, scopes: Iterable[Scope] | None = None) -> Gathered:
    """List certificates, as :func:`gather` does.

    :raises UCloudError: as it does.
    """
    with closing(Client(connection, user_agent())) as client:
        return gather(client, query, now, scopes)


def ask_scopes(connection: Connection, query: Query) -> list[Scope]:
    """Where a query has to look, as :func:`find_scopes` does.

    :raises UCloudError: as it does.
    """
    with closing(Client(connection, user_agent())) as client:
        return find_scopes(client, query)
