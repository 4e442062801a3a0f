# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report certificates that could not be read, and may be among those that were requested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .._api.errors import UCloudError
from .._api.summaries import some_of
from .model import Certificate
from .query import Query


class UnreadableError(UCloudError):
    """Certificates could not be read, and ``on_unreadable`` is ``fail``."""


def undecided(certificates: Iterable[Certificate], query: Query, now: int) -> list[Certificate]:
    """Return the certificates that may or may not meet the conditions of a query at the time ``now``."""
    return [item for item in certificates if query.selection.by_content(item, now) is None]


def report(certificates: Sequence[Certificate], query: Query, consequence: str) -> list[str]:
    """Return at most one warning about certificates that could not be read.

    Args:
        certificates: The certificates.
        query: The query that requested them.
        consequence: What this means for the result, as the end of a sentence.

    Raises:
        UnreadableError: There are some, and ``on_unreadable`` is ``fail``.
    """
    if not certificates:
        return []
    named = some_of((f"{item.ssl_id} in {item.region} ({_reason(item)})" for item in certificates), len(certificates))
    problem = f"{len(certificates)} certificate(s) could not be read, and {consequence}: {named}"
    if query.on_unreadable == "fail":
        raise UnreadableError(problem, hint="Upload them again, or set on_unreadable to warn.")
    return [f"{problem}."]


def _reason(certificate: Certificate) -> str:
    return certificate.content.x509_error or "the API returned no content"
