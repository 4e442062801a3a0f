# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List certificates in many regions and projects.

Private keys go no further: the thread that received a row removes them while it reads the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any

from .._api.client import Client
from .._api.connection import Connection
from .._api.errors import ApiError, AuthenticationError, MissingLibraryError, PermissionDeniedError, UCloudError
from .._api.values import encodable, text
from .._listing.listing import NOT_OFFERED, Lister, PagedAction, Target, identity_of
from .._listing.paging import Listing
from .._listing.scopes import Scope
from .._version import user_agent
from . import crypto, trust
from .content import ContentReader, Trust
from .model import Certificate
from .query import FEW_IDS, Query
from .selection import Selection

_ACTION, _PERMISSION = "DescribeSSLV2", "ulb:DescribeSSLV2"

_NOT_FOUND = re.compile(r"not (?:found|exist)|does ?n.t exist|不存在", re.IGNORECASE)
#: Words and RetCodes of errors about something else that does not exist.
_OTHER_THING = re.compile(r"action|param|project|region|service|地域|项目|接口|参数", re.IGNORECASE)
_CODES_OF_OTHER_THINGS = frozenset((160, 161, 220))


@dataclass
class Gathered:
    """The certificates that were found.

    Attributes:
        certificates: Those that were selected.
        total: The number before selection; ``None`` if single ids were requested.
        errors: One error for each region and project that failed.
    """

    certificates: list[Certificate] = field(default_factory=list)
    total: int | None = 0
    errors: list[UCloudError] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every region and project was listed completely."""
        return not self.errors

    @property
    def unlisted(self) -> set[Scope]:
        """The regions and projects that failed."""
        contexts = [error.context for error in self.errors if error.context]
        return {Scope(context.region or "", context.project_id) for context in contexts}


def check_libraries(selection: Selection) -> None:
    """Check that the libraries for all conditions are installed.

    Raises:
        MissingLibraryError: Certificates have to be parsed, and ``cryptography`` is not installed.
    """
    if selection.needs_content and crypto.CRYPTOGRAPHY_IMPORT_ERROR:
        raise MissingLibraryError("cryptography", crypto.CRYPTOGRAPHY_IMPORT_ERROR)


def fetch(connection: Connection, query: Query, now: int, scopes: Iterable[Scope] | None = None) -> Gathered:
    """List certificates as :func:`gather` does, with a client of its own.

    Raises:
        UCloudError: As :func:`gather` does.
    """
    with closing(Client(connection, user_agent())) as client:
        return gather(client, query, now, scopes)


def fetch_scopes(connection: Connection, query: Query) -> list[Scope]:
    """Return the regions and projects of a query, with ``all`` replaced by what the API lists.

    Raises:
        UCloudError: They cannot be listed.
    """
    with closing(Client(connection, user_agent())) as client, Lister(client) as lister:
        return lister.find_scopes(query.regions, query.project_ids)


def gather(client: Client, query: Query, now: int, scopes: Iterable[Scope] | None = None) -> Gathered:
    """List certificates, sorted by project, region and id.

    Requests for all regions and projects are sent concurrently, up to the client's concurrency.

    Args:
        client: Sends the requests.
        query: What to list.
        now: The time for conditions on dates, in seconds since 1970.
        scopes: Where to list, if that is not everywhere or known already.

    Raises:
        OptionError: The trust store cannot be loaded. Nothing is requested then.
        UCloudError: A region or project failed, and ``on_error`` is ``fail``. Rejected credentials always raise,
            because they would be rejected everywhere.
    """
    check_libraries(query.selection)
    with Lister(client, query.page_size, query.on_error) as lister:
        if scopes is None:
            scopes = lister.find_scopes(query.regions, query.project_ids)
        wanted = CertificateListings(query, now, scopes)
        return wanted.gathered(lister, lister.list_all(wanted.targets))


class CertificateListings:
    """The listings of certificates for a query, as a part of what a :class:`Lister` lists.

    Args:
        query: What to list.
        now: The time for conditions on dates, in seconds since 1970.
        scopes: Where to list.

    Attributes:
        targets: What to pass to :meth:`Lister.list_all`. Empty if a few ids are requested one by one.
    """

    def __init__(self, query: Query, now: int, scopes: Iterable[Scope]) -> None:
        action = _certificates_action(query, now)
        ids = query.selection.ssl_ids
        self._few_ids = sorted(ids) if ids is not None and len(ids) <= FEW_IDS else None
        self._everywhere = [Target(action, scope) for scope in scopes]
        self.targets = self._everywhere if self._few_ids is None else []

    def gathered(self, lister: Lister, listings: Mapping[Target, Listing[Any]]) -> Gathered:
        """Return the certificates in ``listings``, or request them if only a few ids are wanted.

        Raises:
            UCloudError: A request failed, as for :meth:`Lister.list_all`.
        """
        total: int | None = None
        if self._few_ids is not None:
            certificates = _pick(lister, self._everywhere, self._few_ids)
        else:
            own = [listings[target] for target in self.targets if target in listings]
            total = sum(listing.total for listing in own)
            certificates = [certificate for listing in own for certificate in listing.records]
        return Gathered(sorted(certificates, key=attrgetter("sort_key")), total, lister.errors_of((_ACTION,)))


def _certificates_action(query: Query, now: int) -> PagedAction[Certificate]:
    store = trust.load(query.trust_store)
    reader = ContentReader(keep_pem=query.content == "certificates", trust=Trust(store, now) if store else None)
    return PagedAction(
        _ACTION,
        noun="certificates",
        read=partial(_read, query, now, reader),
        permission=_PERMISSION,
        narrowing_hint=f"Set ssl_ids to at most {FEW_IDS} ids to request only those.",
    )


def _read(
    query: Query, now: int, reader: ContentReader, row: dict[str, Any], scope: Scope
) -> tuple[str, Certificate | None]:
    """Return the identity of a row, and its certificate if it is selected. Private keys go no further."""
    ssl_id = text(row.get("SSLId"))
    identity = identity_of(row, "SSLId")
    selection = query.selection
    # Often thousands of certificates are not selected. Nothing else of them is read.
    if not selection.by_identity(ssl_id, text(row.get("SSLName"))):
        return identity, None
    certificate = Certificate.from_api(row, scope.region, scope.project_id)
    if not selection.by_record(certificate):
        return identity, None
    content = row.get("SSLContent")
    if isinstance(content, str) and content:
        full_content = encodable(content) if query.content == "all" else None
        certificate = certificate.with_content(reader.read(content), full_content)
    return identity, None if selection.by_content(certificate, now) is False else certificate


def _pick(lister: Lister, targets: list[Target], ids: list[str]) -> list[Certificate]:
    """Request single certificates in every scope. The total in their responses does not prove completeness.

    A scope whose response is not about the requested id is listed instead.
    """
    for target in targets:
        for ssl_id in ids:
            lister.submit(target, ssl_id, partial(_single, lister, target, ssl_id))
    found: list[tuple[Target, list[Certificate]]] = []
    unfit: set[Target] = set()
    for target, _ssl_id, certificates in lister.results():
        if certificates is None:
            unfit.add(target)
        else:
            found.append((target, certificates))
    listings = lister.list_all(target for target in targets if target in unfit and target not in lister.failed)
    kept = [certificates for target, certificates in found if target not in unfit]
    kept += [listing.records for listing in listings.values()]
    return [certificate for certificates in kept for certificate in certificates]


def _single(lister: Lister, target: Target, ssl_id: str) -> list[Certificate] | None:
    """Return the certificate with an id, if there is one; ``None`` if the response is not about that id."""
    try:
        response = lister.fetch(target, SSLId=ssl_id)
    except ApiError as error:
        if error.code == NOT_OFFERED or _says_not_found(error):
            return []
        raise
    if response.total is None and not response.has_field:
        raise lister.no_rows_error(target)
    # Where the platform ignores the id, it returns the first page of all certificates.
    found = [certificate for identity, certificate in lister.read(target, response.rows) if identity == ssl_id]
    if not found:
        return None if response.rows or (response.total and not response.has_field) else []
    if any(other != found[0] for other in found):
        return None  # two certificates with one id: the listing reports that they contradict each other
    return [found[0]] if found[0] is not None else []


def _says_not_found(error: ApiError) -> bool:
    """Whether an error says that the certificate does not exist. The reference has no RetCode for that."""
    if isinstance(error, (AuthenticationError, PermissionDeniedError)) or error.code in _CODES_OF_OTHER_THINGS:
        return False
    return bool(_NOT_FOUND.search(error.message)) and not _OTHER_THING.search(error.message)
