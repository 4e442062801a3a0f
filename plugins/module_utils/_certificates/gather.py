# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions x projects x pages -> the certificates that were asked for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from threading import Lock
from typing import Any

from .._api.client import Client
from .._api.errors import (
    ApiError,
    AuthenticationError,
    IncompleteListingError,
    MissingLibraryError,
    PermissionDeniedError,
    RequestContext,
    TransportError,
    UCloudError,
)
from .._api.values import encodable, integer, text
from .._api.workers import Outcome, Workers
from .._listing.paging import Listing, Page, PageRange
from .._listing.scopes import ALL, LIST_PROJECTS, LIST_REGIONS, Scope, list_projects, list_regions, pairs, rows_of
from . import crypto
from .content import ContentReader
from .model import Certificate
from .query import FEW_IDS, Query
from .selection import Selection

ACTION = "DescribeSSLV2"

#: After so many regions and projects in a row without any answer, the others are not asked any more. Each would take
#: its timeouts.
SILENT_SCOPES = 5

_NOT_FOUND = re.compile(r"not (?:found|exist)|does ?n.t exist|不存在", re.IGNORECASE)
#: What else may not exist; and the codes for actions and parameters that do not.
_SOMETHING_ELSE = re.compile(r"action|param|project|region|service|地域|项目|接口|参数", re.IGNORECASE)
#: The RetCode of a region that does not have the service: nothing is there.
NOT_OFFERED = 4996
_CODES_OF_SOMETHING_ELSE = frozenset((160, 161, 220))


@dataclass
class Gathered:
    """What was found: ``total`` is the number before selection (``None`` where single ids were asked for)."""

    certificates: list[Certificate] = field(default_factory=list)
    total: int | None = 0
    errors: list[UCloudError] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every region and project was listed as a whole."""
        return not self.errors


def check_libraries(selection: Selection) -> None:
    """Refuse conditions that cannot be judged here.

    :raises MissingLibraryError: certificates would have to be read, and ``cryptography`` is not there.
    """
    if selection.needs_content and crypto.CRYPTOGRAPHY_IMPORT_ERROR:
        raise MissingLibraryError("cryptography", crypto.CRYPTOGRAPHY_IMPORT_ERROR)


def find_scopes(client: Client, query: Query) -> list[Scope]:
    """Where a query has to look: every pair of its regions and projects, ``all`` resolved.

    :raises UCloudError: they cannot be listed.
    """
    with _workers(client) as workers:
        return _find_scopes(client, query, workers)


def gather(client: Client, query: Query, now: int, scopes: Iterable[Scope] | None = None) -> Gathered:
    """List certificates, judged at the moment ``now``, sorted by project, region and id.

    :param scopes: where to look, if that is known already or not everywhere.

    All requests, of whatever region and project, are under way side by side, up to the client's concurrency.

    :raises UCloudError: a region or project failed, unless ``on_error`` is ``warn``; credentials that are not
        accepted fail always, for they would everywhere.
    """
    check_libraries(query.selection)
    with _workers(client) as workers:
        if scopes is None:
            scopes = _find_scopes(client, query, workers)
        return _Gathering(client, query, now, workers).run(list(scopes))


def _workers(client: Client) -> Workers:
    connection = client.connection
    # The client's own deadline comes first where it can.
    return Workers(connection.concurrency, connection.call_timeout + 1.0, client.throttle, connection.total_timeout)


def _find_scopes(client: Client, query: Query, workers: Workers) -> list[Scope]:
    if query.scopes is not None:
        return query.scopes
    found: dict[str, Any] = {"regions": query.regions, "projects": query.project_ids or (None,)}
    if query.regions == (ALL,):
        workers.submit("regions", client.context(LIST_REGIONS), partial(list_regions, client))
    if query.project_ids == (ALL,):
        workers.submit("projects", client.context(LIST_PROJECTS), partial(list_projects, client))
    for outcome in workers.outcomes():
        found[outcome.key] = _value(outcome)
    return pairs(found["regions"], found["projects"])


class _Gathering:
    """One call of :func:`gather`. All of its state belongs to the calling thread, but for the reader."""

    def __init__(self, client: Client, query: Query, now: int, workers: Workers) -> None:
        self._client = client
        self._query = query
        self._now = now
        self._workers = workers
        self._reader = ContentReader(keep_pem=query.content == "certificates")
        self._reading = Lock()
        self._result = Gathered()
        self._failed: set[Scope] = set()

    def run(self, scopes: list[Scope]) -> Gathered:
        """Do it."""
        ids = self._query.selection.ssl_ids
        if ids is not None and len(ids) <= FEW_IDS:
            self._result.total = None
            self._pick(scopes, sorted(ids))
        else:
            listings = self._list(scopes)
            self._result.total = sum(listing.total for listing in listings)
            self._result.certificates = [record for listing in listings for record in listing.records]
        self._result.certificates.sort(key=attrgetter("sort_key"))
        return self._result

    def _list(self, scopes: list[Scope]) -> list[Listing[Certificate]]:
        """Read every page of every scope. Those that are whole are returned."""
        listings = {scope: self._listing(scope) for scope in scopes}
        for scope, listing in listings.items():
            self._submit_pages(scope, listing.start())
        for outcome in self._outcomes():
            scope, page_range = outcome.key
            if scope in self._failed:
                continue
            try:
                following = listings[scope].accept(page_range, _value(outcome))
            except UCloudError as error:
                self._fail(scope, error)
            else:
                self._submit_pages(scope, following)
        return [listing for scope, listing in listings.items() if scope not in self._failed]

    def _pick(self, scopes: list[Scope], ids: list[str]) -> None:
        """Ask every scope for single certificates. The API's total says nothing then, so there is no proof.

        A scope that does not answer with what it was asked for is listed.
        """
        unfit: set[Scope] = set()
        found: list[tuple[Scope, list[Certificate]]] = []
        for scope in scopes:
            for ssl_id in ids:
                self._workers.submit((scope, ssl_id), self._context(scope), partial(self._single, scope, ssl_id))
        for outcome in self._outcomes():
            scope, _ssl_id = outcome.key
            try:
                certificates = _value(outcome)
            except UCloudError as error:
                self._fail(scope, error)
            else:
                if certificates is None:
                    unfit.add(scope)
                else:
                    found.append((scope, certificates))
        listings = self._list([scope for scope in scopes if scope in unfit and scope not in self._failed])
        kept = [certificates for scope, certificates in found if scope not in unfit]
        kept += [listing.records for listing in listings]
        self._result.certificates = [certificate for some in kept for certificate in some]

    def _outcomes(self) -> Iterator[Outcome]:
        """Outcomes as they come. An endpoint that has not answered for several scopes in a row is given up."""
        silent: set[Scope] = set()
        for outcome in self._workers.outcomes():
            yield outcome
            if isinstance(outcome.error, TransportError) and outcome.error.is_silence:
                silent.add(outcome.key[0])
            else:
                silent.clear()
            if len(silent) >= SILENT_SCOPES:
                for (scope, _what), context in self._workers.abandon().items():
                    self._fail(scope, _not_asked(context))

    def _listing(self, scope: Scope) -> Listing[Certificate]:
        return Listing(self._context(scope), self._query.page_size)

    def _submit_pages(self, scope: Scope, page_ranges: list[PageRange]) -> None:
        for page_range in page_ranges:
            self._workers.submit((scope, page_range), self._context(scope), partial(self._page, scope, page_range))

    def _page(self, scope: Scope, page_range: PageRange) -> Page[Certificate]:
        context = self._context(scope)
        try:
            answer = self._client.call(context, {"Offset": page_range.offset, "Limit": page_range.limit})
        except ApiError as error:
            if error.code == NOT_OFFERED and not page_range.offset:
                return Page(0, [])
            raise
        rows, total = rows_of(answer, "DataSet", context), integer(answer.get("TotalCount"))
        # An empty page may end a listing without a total, but not begin one; what is no page at all does neither.
        if total is None and not rows and (not page_range.offset or answer.get("DataSet") is None):
            raise _says_nothing(context)
        # One page at a time: threads that compute side by side take Python's lock from each other in the middle of it,
        # and with eight of them half as much time again.
        with self._reading:
            return Page(total, [self._read(row, scope) for row in rows])

    def _single(self, scope: Scope, ssl_id: str) -> list[Certificate] | None:
        """The certificate with an id, or none; ``None`` if the answer is not about that id."""
        context = self._context(scope)
        try:
            answer = self._client.call(context, {"SSLId": ssl_id})
        except ApiError as error:
            if error.code == NOT_OFFERED or _says_not_found(error):
                return []
            raise
        rows, total = rows_of(answer, "DataSet", context), integer(answer.get("TotalCount"))
        if answer.get("DataSet") is None and total is None:
            raise _says_nothing(context)
        # Where the platform does not look at the id, it answers with the first page of all there are.
        with self._reading:
            found = [
                certificate for identity, certificate in (self._read(row, scope) for row in rows) if identity == ssl_id
            ]
        if not found:
            return None if rows or (answer.get("DataSet") is None and total) else []
        if any(other != found[0] for other in found):
            return None  # which of them is it? A listing says that they contradict each other
        return [found[0]] if found[0] is not None else []

    def _read(self, row: dict[str, Any], scope: Scope) -> tuple[str, Certificate | None]:
        """Read a record: its identity within the scope, and the certificate if it is wanted.

        This is where private keys end, on the thread that received them.
        """
        row = {key.strip(): value for key, value in row.items()}
        ssl_id = text(row.get("SSLId"))
        # A record without an id is known by what is in it: by its place, one page that comes again and again would
        # always be new, and the listing without an end.
        identity = ssl_id or hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
        selection = self._query.selection
        # Of thousands that are not wanted, no more than that is read.
        if not selection.by_identity(ssl_id, text(row.get("SSLName"))):
            return identity, None
        certificate = Certificate.from_api(row, scope.region, scope.project_id)
        if not selection.by_record(certificate):
            return identity, None
        content = row.get("SSLContent")
        if isinstance(content, str) and content:
            certificate = certificate.with_content(
                self._reader.read(content), encodable(content) if self._query.content == "all" else None
            )
        return identity, None if selection.by_content(certificate, self._now) is False else certificate

    def _fail(self, scope: Scope, error: UCloudError) -> None:
        if self._query.on_error == "fail" or isinstance(error, AuthenticationError):
            raise error
        if scope not in self._failed:
            self._failed.add(scope)
            self._result.errors.append(error)

    def _context(self, scope: Scope) -> RequestContext:
        return self._client.context(ACTION, *scope)


def _value(outcome: Outcome) -> Any:
    if outcome.error is not None:
        raise outcome.error
    return outcome.value


def _says_nothing(context: RequestContext) -> IncompleteListingError:
    return IncompleteListingError("the answer has neither records nor a total", context, "Check base_url.")


def _not_asked(context: RequestContext) -> TransportError:
    return TransportError(
        f"this was not asked for to the end, for the endpoint has not answered for {SILENT_SCOPES} regions and projects"
        " in a row",
        context,
        "Check base_url and the network; if the endpoint is only slow, raise timeout.",
        retryable=False,
        is_silence=True,
    )


def _says_not_found(error: ApiError) -> bool:
    """Whether it is the certificate that is not there. The reference does not say which code that has."""
    if isinstance(error, (AuthenticationError, PermissionDeniedError)) or error.code in _CODES_OF_SOMETHING_ELSE:
        return False
    return bool(_NOT_FOUND.search(error.message)) and not _SOMETHING_ELSE.search(error.message)
