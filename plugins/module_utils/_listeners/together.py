# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List certificates and listeners together: one listing, with one limit of concurrency."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

from .._api.client import Client
from .._api.connection import Connection
from .._api.errors import PermissionDeniedError, UCloudError
from .._certificates.gather import CertificateListings, Gathered, check_libraries
from .._certificates.query import Query
from .._listing.listing import Lister
from .._listing.scopes import Scope
from .._version import user_agent
from .gather import ACTIONS, GatheredListeners, ListenerListings, gather_listeners
from .query import ListenerQuery


class Together(NamedTuple):
    """The certificates that were selected, and all listeners in the same scopes."""

    certificates: Gathered
    listeners: GatheredListeners


def fetch_together(connection: Connection, query: Query, now: int) -> Together:
    """List certificates and listeners as :func:`gather_together` does, with a client of its own.

    Raises:
        UCloudError: As :func:`gather_together` does.
    """
    with closing(Client(connection, user_agent())) as client:
        return gather_together(client, query, now)


def fetch_listeners(connection: Connection, query: ListenerQuery, scopes: Iterable[Scope]) -> GatheredListeners:
    """List listeners as :func:`gather_listeners` does, with a client of its own.

    Raises:
        UCloudError: As :func:`gather_listeners` does.
    """
    with closing(Client(connection, user_agent())) as client:
        gathered = gather_listeners(client, query, scopes)
    for error in gathered.errors:
        _add_hint(error)
    return gathered


def gather_together(client: Client, query: Query, now: int) -> Together:
    """List certificates as ``_certificates.gather.gather`` does, and the listeners in the same scopes.

    Args:
        client: Sends the requests.
        query: What to list. Its conditions only apply to certificates, see :func:`.bindings.join`.
        now: The time for conditions on dates, in seconds since 1970.

    Raises:
        UCloudError: A listing failed, and ``on_error`` is ``fail``. Rejected credentials always raise.
    """
    check_libraries(query.selection)
    with Lister(client, query.page_size, query.on_error) as lister:
        scopes = list(lister.find_scopes(query.regions, query.project_ids))
        for_certificates, for_listeners = CertificateListings(query, now, scopes), ListenerListings(scopes)
        try:
            listings = lister.list_all([*for_certificates.targets, *for_listeners.targets])
            gathered = for_certificates.gathered(lister, listings)
            listeners = for_listeners.listeners(lister, listings)
        except PermissionDeniedError as error:
            _add_hint(error)
            raise
        errors = lister.errors_of(ACTIONS)
    for failure in errors:
        _add_hint(failure)
    return Together(gathered, GatheredListeners(listeners, len(listeners), errors=errors))


def _add_hint(error: UCloudError) -> None:
    """If the permission to list listeners is missing, add the hint that certificates can be listed without them."""
    if isinstance(error, PermissionDeniedError) and error.context is not None and error.context.action in ACTIONS:
        error.hint = " ".join(filter(None, (error.hint, "Or set listeners to false.")))
