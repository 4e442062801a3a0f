# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Source of certificates for a lookup: the cache of the run, or else the API."""

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
from .._cache.lazy_certificate import LazyCertificate
from .._cache.run_cache import RunCache
from .index import CertificateIndex

if TYPE_CHECKING:
    from ...module_utils._certificates.gather import Gathered


class _CacheKey(NamedTuple):
    """Key of the listing of a scope, or of a single certificate in it."""

    content: str
    trust_store: str
    region: str
    project_id: str | None
    ssl_id: str | None = None


# Cached listings never change. So a process that evaluates many lookups, such as those of a template, parses and sorts
# them only once. The key consists of the folder of the cache and its keys.
_indexes: dict[tuple[object, ...], CertificateIndex] = {}


class CertificateSource:
    """Returns the certificates in the scopes of a query.

    Args:
        connection: How to reach the API.
        query: What to list.
        cache: The cache of the run. Without one, and with ``content: all``, every call queries the API.
        now: The current time in seconds since 1970, for selection options about dates.

    Attributes:
        errors: Errors of the last call of :meth:`index`.
    """

    def __init__(self, connection: Connection, query: Query, cache: RunCache | None, now: int) -> None:
        self._connection = connection
        # Keep the results of other scopes if one fails. The resolver decides whether the failure matters.
        self._query = replace(query, on_error="warn")
        # Private keys are never written to a file.
        self._cache = cache if query.content != "all" else None
        self._now = now
        self.errors: list[UCloudError] = []

    def index(self, ids: frozenset[str] | None = None) -> CertificateIndex:
        """Return all certificates, or at least those with ``ids``.

        A few ids are queried one by one, unless the complete listing is cached.
        """
        self.errors = []
        if self._cache is None:
            gathered = self._gather(self._query.selection, ids, scopes=None)
            self.errors += gathered.errors
            return CertificateIndex(map(LazyCertificate.of, gathered.certificates))
        scopes = self._scopes(self._cache)
        listings = [_CacheKey(self._query.content, self._query.trust_store, *scope) for scope in scopes]
        if ids is None or len(ids) > FEW_IDS or self._cache.has(listings):
            return self._cached_index(self._cache, listings)
        singles = [key._replace(ssl_id=ssl_id) for key in listings for ssl_id in sorted(ids)]
        return self._cached_index(self._cache, singles)

    def _cached_index(self, cache: RunCache, keys: list[_CacheKey]) -> CertificateIndex:
        identity = (cache.folder, *keys)
        index = _indexes.get(identity)
        if index is None:
            listings, failures = cache.get(keys, self._fetch, serialization.load)
            self._add_errors(failures.values())
            index = CertificateIndex(sorted(itertools.chain(*listings.values()), key=attrgetter("sort_key")))
            if len(listings) == len(keys):
                _indexes[identity] = index
        return index

    def _add_errors(self, failures: Iterable[UCloudError]) -> None:
        # Single certificates of the same scope fail with the same error. Report it once.
        errors = {error.describe(): error for error in failures}.values()
        for error in errors:
            if isinstance(error, AuthenticationError):
                raise error
        self.errors += errors

    def _fetch(self, keys: Sequence[_CacheKey]) -> dict[_CacheKey, str | UCloudError]:
        """Query the API for missing keys. The result for a scope that fails is its error, which is not cached."""
        scopes = list(dict.fromkeys(Scope(key.region, key.project_id) for key in keys))
        ids = frozenset(key.ssl_id for key in keys if key.ssl_id is not None) or None
        try:
            gathered = self._gather(Selection(), ids, scopes)
        except AuthenticationError as error:
            return dict.fromkeys(keys, error)
        failed = {}
        for failure in gathered.errors:
            if failure.context is None:  # It is unknown which scope is incomplete.
                raise failure
            failed[failure.context.region, failure.context.project_id] = failure
        found: dict[_CacheKey, list[Certificate]] = {
            key: [] for key in keys if (key.region, key.project_id) not in failed
        }
        for item in gathered.certificates:
            key = keys[0]._replace(region=item.region, project_id=item.project_id, ssl_id=item.ssl_id if ids else None)
            if key in found:
                found[key].append(item)
        return {
            key: serialization.dump(found[key]) if key in found else failed[key.region, key.project_id] for key in keys
        }

    def _gather(self, selection: Selection, ids: frozenset[str] | None, scopes: list[Scope] | None) -> Gathered:
        if ids is not None:
            selection = replace(selection, ssl_ids=ids & (selection.ssl_ids or ids))
        # Import here: one process of a run queries the API, dozens only read the cache and need neither requests nor
        # cryptography. Loading these would take most of the time of a lookup, in each task of each host.
        from ...module_utils._certificates.gather import fetch  # noqa: PLC0415

        return fetch(self._connection, replace(self._query, selection=selection), self._now, scopes)

    def _scopes(self, cache: RunCache) -> list[Scope]:
        query = self._query
        if query.scopes is not None:
            return query.scopes
        key: Hashable = ("scopes", query.regions, query.project_ids)

        def find(_keys: object) -> dict[Hashable, str | UCloudError]:
            from ...module_utils._certificates.gather import fetch_scopes  # noqa: PLC0415 (as above)

            try:
                return {key: json.dumps(fetch_scopes(self._connection, query))}
            except UCloudError as error:
                return {key: error}

        found, failures = cache.get([key], find, _load_scopes)
        if key in failures:
            raise failures[key]
        return found[key]


def _load_scopes(text: str) -> list[Scope]:
    try:
        return [Scope(*scope) for scope in json.loads(text)]
    except TypeError as error:
        raise ValueError(f"not a list of scopes: {error}") from None
