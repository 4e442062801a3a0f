# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Source of listeners for a lookup: the cache of the run, or else the API."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ...module_utils._api.connection import Connection
from ...module_utils._api.errors import AuthenticationError, PermissionDeniedError, UCloudError
from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.query import Query
from ...module_utils._listeners.bindings import scope_of, with_listeners
from ...module_utils._listeners.model import Listener
from ...module_utils._listeners.query import LOAD_BALANCER_TYPES, ListenerQuery, ListenerSelection
from ...module_utils._listing.scopes import Scope
from .._cache import serialization
from .._cache.lazy_listener import LazyListener
from .._cache.run_cache import RunCache


class _CacheKey(NamedTuple):
    """Key of the listeners of one type of load balancer in a scope. An account may have permission for one type."""

    load_balancer_type: str
    region: str
    project_id: str | None
    topic: str = "listeners"


# As for certificates: a process that evaluates many lookups reads each cached listing only once.
_listings: dict[tuple[Path, _CacheKey], list[LazyListener]] = {}


class ListenerSource:
    """Adds the facts of listeners to certificates.

    Args:
        connection: How to reach the API.
        query: What the lookup lists.
        cache: The cache of the run. Without one, every call queries the API.

    Attributes:
        errors: Errors of the last call of :meth:`join`.
    """

    def __init__(self, connection: Connection, query: Query, cache: RunCache | None) -> None:
        self._connection = connection
        self._page_size = query.page_size
        self._cache = cache
        self.errors: list[UCloudError] = []

    def join(self, certificates: Sequence[Certificate]) -> list[Certificate]:
        """Return the same certificates, with the facts of their listeners, as far as these can be listed."""
        self.errors = []
        wanted = {binding.listener_id for item in certificates for binding in item.bindings or ()}
        scopes = list(dict.fromkeys(scope_of(item) for item in certificates if item.bindings))
        found = self._listed(scopes) if scopes else ()
        return with_listeners(certificates, [item.parse() for item in found if item.listener_id in wanted])

    def _listed(self, scopes: list[Scope]) -> Iterable[LazyListener]:
        keys = [_CacheKey(kind, *scope) for scope in scopes for kind in LOAD_BALANCER_TYPES]
        if self._cache is None:
            found, failures = self._fetch(keys)
            self._add_errors(failures)
            return [LazyListener.of(listener) for listeners in found.values() for listener in listeners]
        folder = self._cache.folder
        missing = [key for key in keys if (folder, key) not in _listings]
        listings, failed = self._cache.get(missing, self._fetch_texts, serialization.load_listeners)
        self._add_errors(failed)
        _listings.update({(folder, key): listing for key, listing in listings.items()})
        return itertools.chain.from_iterable(_listings.get((folder, key), ()) for key in keys)

    def _fetch_texts(self, keys: Sequence[_CacheKey]) -> dict[_CacheKey, str | UCloudError]:
        try:
            found, failures = self._fetch(keys)
        except AuthenticationError as error:
            return dict.fromkeys(keys, error)
        return {
            key: failures[key] if key in failures else serialization.dump_listeners(found.get(key, [])) for key in keys
        }

    def _fetch(self, keys: Sequence[_CacheKey]) -> tuple[dict[_CacheKey, list[Listener]], dict[_CacheKey, UCloudError]]:
        """Query the API. A type of load balancer in a scope has either its listeners or an error."""
        # Import here, because it loads requests, which lookups with a cached listing do not need.
        from ...module_utils._listeners.gather import ACTIONS  # noqa: PLC0415
        from ...module_utils._listeners.together import fetch_listeners  # noqa: PLC0415

        kinds = frozenset(key.load_balancer_type for key in keys)
        scopes = list(dict.fromkeys(Scope(key.region, key.project_id) for key in keys))
        query = ListenerQuery((), (), ListenerSelection(load_balancer_types=kinds), "warn", self._page_size)
        gathered = fetch_listeners(self._connection, query, scopes)
        failures: dict[_CacheKey, UCloudError] = {}
        # An option may tolerate that a permission is missing. It must not hide another error.
        for error in sorted(gathered.errors, key=lambda item: not isinstance(item, PermissionDeniedError)):
            if error.context is None:  # It is unknown which listing is incomplete.
                raise error
            key = _CacheKey(ACTIONS[error.context.action], error.context.region or "", error.context.project_id)
            failures[key] = error
        found: dict[_CacheKey, list[Listener]] = {}
        for listener in gathered.listeners:
            key = _CacheKey(listener.load_balancer_type, *scope_of(listener))
            if key not in failures:
                found.setdefault(key, []).append(listener)
        return found, failures

    def _add_errors(self, failures: dict[_CacheKey, UCloudError]) -> None:
        for error in failures.values():
            if isinstance(error, AuthenticationError):
                raise error
        self.errors += failures.values()
