# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List records of paged actions in many regions and projects concurrently.

Nothing here knows what a record is. A :class:`PagedAction` says which action to call and how to read a row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

from .._api.client import Client
from .._api.errors import (
    ApiError,
    AuthenticationError,
    IncompleteListingError,
    RequestContext,
    TransportError,
    UCloudError,
)
from .._api.values import integer, text
from .._api.workers import Workers
from .paging import Listing, Page, PageRange
from .scopes import ALL, LIST_PROJECTS, LIST_REGIONS, Scope, list_projects, list_regions, pairs, rows_of

T = TypeVar("T")

#: The RetCode of a region that does not offer a service.
NOT_OFFERED = 4996
#: After this many scopes in a row without any response, the others are not requested: each would wait for its timeouts.
SILENT_SCOPES = 5
#: Threads besides those with a request in flight, so that requests do not wait while responses are read. With two more,
#: listing 2,000 listeners took 20 % less time.
_READERS = 2


@dataclass(frozen=True, eq=False)  # compared by identity, because the functions in it cannot be compared
class PagedAction(Generic[T]):
    """An action that lists records by offset and limit.

    Attributes:
        name: The action, such as ``DescribeSSLV2``.
        noun: What error messages call its records, in the plural.
        read: Converts a row to its identity and its record. The identity is unique within the scope. The record is
            ``None`` if it is not wanted; its identity still counts for the proof that the listing is complete.
        parameters: Request parameters besides region, project, offset and limit.
        rows_field: The response field with the rows.
        permission: The IAM permission of the action, such as ``ulb:DescribeSSLV2``.
        narrowing_hint: How to request fewer records, as a sentence for the error about a listing that is too large.
        not_offered: RetCodes of a region that does not have the service, and therefore no records.
    """

    name: str
    noun: str
    read: Callable[[dict[str, Any], Scope], tuple[str, T | None]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows_field: str = "DataSet"
    permission: str | None = None
    narrowing_hint: str = ""
    not_offered: frozenset[int] = frozenset((NOT_OFFERED,))


class Target(NamedTuple):
    """An action to call in a scope."""

    action: PagedAction[Any]
    scope: Scope


class Rows(NamedTuple):
    """The rows of one response. ``total`` is ``None`` if it has none; ``has_field`` is false if the rows are absent."""

    rows: list[dict[str, Any]]
    total: int | None
    has_field: bool


class Lister:
    """Send requests for many scopes concurrently. Use it as a context manager.

    All state belongs to the calling thread. Worker threads only send requests and read their responses.

    A target fails as a whole. With ``on_error="fail"``, its first error is raised. With ``"warn"``, that error is kept
    for ``errors``, and other targets continue, including other actions in the same scope, because an account may have
    permission for only some of the actions. Rejected credentials are always raised: they would fail for every target.

    Args:
        client: Sends the requests. Its connection limits concurrency and time.
        page_size: Rows to request per page.
        on_error: ``fail`` or ``warn``.
    """

    def __init__(self, client: Client, page_size: int = 100, on_error: str = "fail") -> None:
        connection = client.connection
        self._client = client
        self._page_size = page_size
        self._on_error = on_error
        # One second more than the client's own limit, which has the better error message.
        time_limit = connection.call_timeout + 1.0
        self._workers = Workers(
            connection.concurrency + _READERS, time_limit, client.throttle, connection.total_timeout
        )
        self._reading = Lock()
        self._errors: dict[Target, UCloudError] = {}

    def __enter__(self) -> Lister:
        self._workers.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._workers.__exit__(*exception)

    @property
    def failed(self) -> KeysView[Target]:
        """The targets that failed."""
        return self._errors.keys()

    @property
    def errors(self) -> list[UCloudError]:
        """The first error of each target that failed."""
        return list(self._errors.values())

    def errors_of(self, actions: Collection[str]) -> list[UCloudError]:
        """Return the errors of targets with one of these actions."""
        return [error for target, error in self._errors.items() if target.action.name in actions]

    def find_scopes(self, regions: tuple[str, ...], project_ids: tuple[str, ...]) -> list[Scope]:
        """Return every pair of a region and a project; ``("all",)`` is replaced by what the API lists.

        Args:
            regions: Ids of regions, or ``("all",)``.
            project_ids: Ids of projects, or ``("all",)``. Empty means the default project of the account.

        Raises:
            UCloudError: The regions or projects cannot be listed.
        """
        found: dict[str, Any] = {"regions": regions, "projects": project_ids or (None,)}
        if regions == (ALL,):
            self._workers.submit("regions", self._client.context(LIST_REGIONS), partial(list_regions, self._client))
        if project_ids == (ALL,):
            self._workers.submit("projects", self._client.context(LIST_PROJECTS), partial(list_projects, self._client))
        for outcome in self._workers.outcomes():
            if outcome.error is not None:
                raise outcome.error
            found[outcome.key] = outcome.value
        return pairs(found["regions"], found["projects"])

    def list_all(self, targets: Iterable[Target]) -> dict[Target, Listing[Any]]:
        """Read every page of every target.

        Returns:
            The listings that are complete. Those of failed targets are left out.

        Raises:
            UCloudError: A target failed and ``on_error`` is ``fail``, or the credentials were rejected.
        """
        listings = {target: self._listing(target) for target in targets}
        for target, listing in listings.items():
            self._submit_pages(target, listing.start())
        for target, page_range, page in self.results():
            if target in self.failed:
                continue
            try:
                following = listings[target].accept(page_range, page)
            except UCloudError as error:
                self.fail(target, error)
            else:
                self._submit_pages(target, following)
        return {target: listing for target, listing in listings.items() if target not in self.failed}

    def submit(self, target: Target, key: Any, call: Callable[[], Any]) -> None:
        """Run ``call`` on a worker thread. :meth:`results` returns its value together with ``target`` and ``key``."""
        self._workers.submit((target, key), self.context(target), call)

    def results(self) -> Iterator[tuple[Target, Any, Any]]:
        """Yield target, key and value of each call that succeeded, as they end, until none is left.

        A call that failed makes its target fail. When :data:`SILENT_SCOPES` scopes in a row have not responded at all,
        the remaining calls are cancelled, and their targets fail, too.

        Raises:
            UCloudError: A target failed and ``on_error`` is ``fail``, or the credentials were rejected.
        """
        silent: set[Scope] = set()
        for outcome in self._workers.outcomes():
            target, key = outcome.key
            error = outcome.error
            if error is None:
                yield target, key, outcome.value
            elif isinstance(error, UCloudError):
                self.fail(target, error)
            else:
                raise error
            if isinstance(error, TransportError) and error.is_silence:
                silent.add(target.scope)
            else:
                silent.clear()
            if len(silent) >= SILENT_SCOPES:
                for (cancelled, _key), context in self._workers.abandon().items():
                    self.fail(cancelled, _not_requested(context))

    def fail(self, target: Target, error: UCloudError) -> None:
        """Record that a target failed. Only its first error is kept.

        Raises:
            UCloudError: ``error`` itself, if ``on_error`` is ``fail`` or the credentials were rejected.
        """
        if self._on_error == "fail" or isinstance(error, AuthenticationError):
            raise error
        self._errors.setdefault(target, error)

    def context(self, target: Target) -> RequestContext:
        """Return the request context of an action in a scope."""
        return self._client.context(target.action.name, *target.scope, permission=target.action.permission)

    def fetch(self, target: Target, **parameters: Any) -> Rows:
        """Call the action with additional parameters. This runs on a worker thread.

        Raises:
            UCloudError: The call failed, or its rows are not a list of objects.
        """
        action, context = target.action, self.context(target)
        response = self._client.call(context, {**action.parameters, **parameters})
        rows = rows_of(response, action.rows_field, context)
        return Rows(rows, integer(response.get("TotalCount")), response.get(action.rows_field) is not None)

    def read(self, target: Target, rows: Iterable[dict[str, Any]]) -> list[tuple[str, Any]]:
        """Read rows, those of one response at a time. This runs on a worker thread.

        Threads that compute concurrently only compete for Python's lock: with eight of them, reading took 50 % longer.
        """
        with self._reading:
            # Some keys of the API have trailing spaces.
            return [
                target.action.read({key.strip(): value for key, value in row.items()}, target.scope) for row in rows
            ]

    def no_rows_error(self, target: Target) -> IncompleteListingError:
        """Return the error about a response without records and without a total."""
        problem = "the response has neither records nor a total"
        return IncompleteListingError(problem, self.context(target), "Check base_url.")

    def _listing(self, target: Target) -> Listing[Any]:
        action = target.action
        return Listing(self.context(target), self._page_size, action.noun, action.narrowing_hint)

    def _submit_pages(self, target: Target, page_ranges: Iterable[PageRange]) -> None:
        for page_range in page_ranges:
            self.submit(target, page_range, partial(self._page, target, page_range))

    def _page(self, target: Target, page_range: PageRange) -> Page[Any]:
        try:
            found = self.fetch(target, Offset=page_range.offset, Limit=page_range.limit)
        except ApiError as error:
            if error.code in target.action.not_offered and not page_range.offset:
                return Page(0, [])
            raise
        # Without a total, an empty page can end a listing, but not begin one. A page without the field does neither.
        if found.total is None and not found.rows and not (page_range.offset and found.has_field):
            raise self.no_rows_error(target)
        return Page(found.total, self.read(target, found.rows))


def identity_of(row: Mapping[str, Any], id_field: str) -> str:
    """Return the id of a row, or a digest of the row if it has none.

    The position of the row is not suitable: a server that repeats one page forever would then seem to have endless
    records.
    """
    return text(row.get(id_field)) or hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()


def _not_requested(context: RequestContext) -> TransportError:
    return TransportError(
        f"cancelled, because the endpoint did not respond for {SILENT_SCOPES} regions and projects in a row",
        context,
        "Check base_url and the network; if the endpoint is only slow, raise timeout.",
        retryable=False,
        is_silence=True,
    )
