# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory plugin does before it creates hosts: list, cache, select, warn."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._api.connection import Connection
from ...module_utils._api.errors import UCloudError
from ...module_utils._certificates.gather import fetch
from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.query import Query
from ...module_utils._certificates.unreadable import report, undecided
from ...module_utils._listeners.bindings import join
from ...module_utils._listeners.gather import undecided_warnings
from ...module_utils._listeners.model import Listener
from ...module_utils._listeners.together import fetch_together
from ...module_utils._listing.scopes import Scope
from ...module_utils._options import Settings
from .._cache import serialization

#: What is appended to a cache key for listeners. Inventories with and without them share the certificates.
_LISTENERS = "_listeners"


@dataclass
class InventoryListing:
    """What was listed.

    Attributes:
        certificates: Certificates.
        listeners: All listeners in the same scopes; ``None`` if they are not wanted.
        unlisted: Where certificates could not be listed.
        errors: One error for each listing that failed.
    """

    certificates: list[Certificate]
    listeners: list[Listener] | None = None
    unlisted: Collection[Scope] = ()
    errors: list[UCloudError] = field(default_factory=list)

    @classmethod
    def fetch(cls, connection: Connection, query: Query, now: int) -> InventoryListing:
        """Query the API.

        Raises:
            UCloudError: A listing failed, and ``on_error`` is ``fail``. Rejected credentials always raise.
        """
        if not query.listeners:
            gathered = fetch(connection, query, now)
            return cls(gathered.certificates, None, gathered.unlisted, gathered.errors)
        gathered, found = fetch_together(connection, query, now)
        return cls(gathered.certificates, found.listeners, gathered.unlisted, [*gathered.errors, *found.errors])

    @classmethod
    def from_cache(cls, cache: Mapping[str, Any], key: str, query: Query) -> InventoryListing:
        """Read what :meth:`to_cache` returned.

        Raises:
            KeyError: It is not cached.
            ValueError: It is damaged.
        """
        certificates = [entry.certificate for entry in serialization.load(cache[key])]
        if not query.listeners:
            return cls(certificates)
        return cls(certificates, [item.parse() for item in serialization.load_listeners(cache[f"{key}{_LISTENERS}"])])

    def to_cache(self, key: str) -> dict[str, str]:
        """Return texts for the cache. Incomplete listings are not cached."""
        if self.errors:
            return {}
        texts = {key: serialization.dump(self.certificates)}
        if self.listeners is not None:
            texts[f"{key}{_LISTENERS}"] = serialization.dump_listeners(self.listeners)
        return texts

    def select(self, query: Query, now: int) -> tuple[InventoryListing, list[str]]:
        """Return what a query selects, and warnings about listeners that may be selected by mistake.

        Certificates of which it is unknown are kept, too.
        """
        selection = query.selection
        certificates = [
            certificate
            for certificate in self.certificates
            if selection.by_record(certificate) and selection.by_content(certificate, now) is not False
        ]
        if self.listeners is None:
            return InventoryListing(certificates), []
        joined = join(selection, certificates, self.listeners, self.unlisted)
        return InventoryListing(joined.certificates, joined.listeners), undecided_warnings(joined.undecided)


def cache_key(settings: Settings) -> str:
    """Return a digest of everything that the API's response depends on, as part of a cache key."""
    connection, query = settings.connection, settings.query
    inputs = (
        connection.base_url,
        connection.channel_key,
        connection.public_key,
        connection.validate_certs,
        connection.ca_path,
        query.regions,
        query.project_ids,
        query.content,
        query.trust_store,
    )
    return hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]


def unreadable_warnings(certificates: list[Certificate], query: Query, now: int, hosts_are: str) -> list[str]:
    """Return warnings about certificates that may be selected by mistake, or that may lack hosts.

    Raises:
        UnreadableError: There are such certificates, and ``on_unreadable`` is ``fail``.
    """
    if hosts_are == "domain":
        unread = [item for item in certificates if item.is_unreadable and item.domains_from != "certificate"]
        return report(unread, query, "hosts are only created for the platform's domain names")
    return report(undecided(certificates, query, now), query, "may or may not match the selection")
