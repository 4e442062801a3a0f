# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a lookup knows of a fleet: certificates from the run's cache, or else from the API."""

from __future__ import annotations

import itertools
import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from ...module_utils._api.connection import Connection
from ...module_utils._api.errors import AuthenticationError, UCloudError
from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.query import FEW_IDS, Query
from ...module_utils._certificates.selection import Selection
from ...module_utils._listing.scopes import Scope
from .._cache import serialization
from .._cache.run_cache import RunCache
from .index import Entry, Index

if TYPE_CHECKING:
    from ...module_utils._certificates.gather import Gathered


class _Key(NamedTuple):
    """What is kept in the run's cache: the listing of a scope, or one certificate of it."""

    content: str
    region: str
    project_id: str | None
    ssl_id: str | None = None


# Texts in the run's cache never change, so a process that evaluates many lookups, such as those of one template, needs
# to read and sort them once only. By the folder of the cache and its keys.
_indexes: dict[tuple[object, ...], Index] = {}


class Fleet:
    """The certificates in the scopes of a query.

    :param cache: of the run. Without one, and for ``content: all``, every question goes to the API.
    :param now: the moment (seconds since 1970) for which conditions on dates hold.
    """

    def __init__(self, connection: Connection, query: Query, cache: RunCache | None, now: int) -> None:
        self._connection = connection
        # What fails in one scope leaves the others as they are; whether it matters is for the lookup to say.
        self._query = replace(query, on_error="warn")
        # Private keys are never written to a file.
        self._cache = cache if query.content != "all" else None
        self._now = now
        #: What failed when the API was asked for the last index.
        self.errors: list[UCloudError] = []

    def index(self, ids: frozenset[str] | None = None) -> Index:
        """The certificates, or at least those with ``ids``: few are asked for one by one, unless all are known."""
        self.errors = []
        if self._cache is None:
            gathered = self._gather(self._query.selection, ids, scopes=None)
            self.errors += gathered.errors
            return Index(map(Entry.of, gathered.certificates))
        scopes = self._scopes(self._cache)
        listings = [_Key(self._query.content, *scope) for scope in scopes]
        if ids is None or len(ids) > FEW_IDS or self._cache.has(listings):
            return self._cached_index(self._cache, listings)
        singles = [key._replace(ssl_id=ssl_id) for key in listings for ssl_id in sorted(ids)]
        return self._cached_index(self._cache, singles)

    def _cached_index(self, cache: RunCache, keys: list[_Key]) -> Index:
        identity = (cache.folder, *keys)
        index = _indexes.get(identity)
        if index is None:
            listings, failures = cache.get(keys, self._fetch, serialization.load)
            self._take(failures.values())
            index = Index(sorted(itertools.chain(*listings.values()), key=attrgetter("sort_key")))
            if len(listings) == len(keys):
                _indexes[identity] = index
        return index

    def _take(self, failures: Iterable[UCloudError]) -> None:
        # Of single certificates, one for each scope is enough.
        errors = {error.describe(): error for error in failures}.values()
        for error in errors:
            if isinstance(error, AuthenticationError):
                raise error
        self.errors += errors

    def _fetch(self, keys: Sequence[_Key]) -> dict[_Key, str | UCloudError]:
        """Ask the API for what is missing. A scope that fails has its error, so that it is asked for again."""
        scopes = list(dict.fromkeys(Scope(key.region, key.project_id) for key in keys))
        ids = frozenset(key.ssl_id for key in keys if key.ssl_id is not None) or None
        try:
            gathered = self._gather(Selection(), ids, scopes)
        except AuthenticationError as error:
            return dict.fromkeys(keys, error)
        failed = {}
        for failure in gathered.errors:
            if failure.context is None:  # nobody knows which scope is not whole
                raise failure
            failed[failure.context.region, failure.context.project_id] = failure
        found: dict[_Key, list[Certificate]] = {key: [] for key in keys if (key.region, key.project_id) not in failed}
        for item in gathered.certificates:
            key = _Key(self._query.content, item.region, item.project_id, item.ssl_id if ids else None)
            if key in found:
                found[key].append(item)
        return {
            key: serialization.dump(found[key]) if key in found else failed[key.region, key.project_id] for key in keys
        }

    def _gather(self, selection: Selection, ids: frozenset[str] | None, scopes: list[Scope] | None) -> Gathered:
        if ids is not None:
            selection = replace(selection, ssl_ids=ids & (selection.ssl_ids or ids))
        # Not at the top: of the processes of a run, one asks and fifty find what it got, for which neither requests nor
        # cryptography has to be loaded. That is most of what a lookup takes, in each task of each host.
        from .._asking import ask  # noqa: PLC0415

        return ask(self._connection, replace(self._query, selection=selection), self._now, scopes)

    def _scopes(self, cache: RunCache) -> list[Scope]:
        query = self._query
        if query.scopes is not None:
            return query.scopes
        key: Hashable = ("scopes", query.regions, query.project_ids)

        def find(_keys: object) -> dict[Hashable, str | UCloudError]:
            from .._asking import ask_scopes  # noqa: PLC0415 (as above)

            try:
                return {key: json.dumps(ask_scopes(self._connection, query))}
            except UCloudError as error:
                return {key: error}

        found, failures = cache.get([key], find, _scopes)
        if key in failures:
            raise failures[key]
        return found[key]


def _scopes(text: str) -> list[Scope]:
    try:
        return [Scope(*scope) for scope in json.loads(text)]
    except TypeError as error:
        raise ValueError(f"not a list of scopes: {error}") from None
