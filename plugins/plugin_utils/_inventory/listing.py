# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory plugin does with a listing before it creates hosts: cache key, selection, warnings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.query import Query
from ...module_utils._certificates.unreadable import report, undecided
from ...module_utils._options import Settings


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


def select(certificates: Iterable[Certificate], query: Query, now: int) -> list[Certificate]:
    """Return the certificates that a query selects. Undecided ones are kept."""
    selection = query.selection
    return [
        certificate
        for certificate in certificates
        if selection.by_record(certificate) and selection.by_content(certificate, now) is not False
    ]


def unreadable_warnings(certificates: list[Certificate], query: Query, now: int, hosts_are: str) -> list[str]:
    """Return warnings about certificates that may be selected by mistake, or that may lack hosts.

    Raises:
        UnreadableError: There are such certificates, and ``on_unreadable`` is ``fail``.
    """
    if hosts_are == "domain":
        unread = [item for item in certificates if item.is_unreadable and item.domains_from != "certificate"]
        return report(unread, query, "hosts are only created for the platform's domain names")
    return report(undecided(certificates, query, now), query, "may or may not match the selection")
