# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide which pages of a listing to request, and whether the pages together are the whole listing.

The platform numbers records by offset. A record that is added or deleted while pages are read therefore moves others
across page borders: some records are returned twice, some not at all. A wrong total reveals that, unless one record is
added while another one is deleted. So pages overlap by one record: if it is still the last of one page and the first of
the next, nothing before it has moved.

Nothing here sends requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from .._api.errors import IncompleteListingError, RequestContext

T = TypeVar("T")

#: How often an inconsistent listing is read before it fails.
MAX_ATTEMPTS = 3
#: How many pages may be requested before any of them has arrived. This limits what a wrong total can cost.
PAGES_AHEAD = 64
#: Maximum number of records in one listing. A server that always sends new records would fill the memory.
MAX_RECORDS = 200_000
#: Pages of at least this many records overlap. Overlapping pages of two would double the number of requests. Reading
#: all pages twice costs the same, and proves more.
_MIN_OVERLAPPING = 3
#: If a full last page has at least this many records, one more page is requested. Shorter pages are full too often.
_MIN_FULL_LAST_PAGE = 10


class PageRange(NamedTuple):
    """One page to request."""

    offset: int
    limit: int


@dataclass(frozen=True)
class Page(Generic[T]):  # no NamedTuple: before Python 3.11 those cannot be generic
    """One page as it was returned.

    Attributes:
        total: The total in the response; ``None`` if it has none.
        records: Identity and record of each row. The record is ``None`` if it is not wanted; its identity still counts
            for the proof that the listing is complete.
    """

    total: int | None
    records: list[tuple[str, T | None]]


class _Edges(NamedTuple):
    """The identities of the first and the last record of a page; ``None`` if the page is empty."""

    first: str | None
    last: str | None


@dataclass
class _Attempt(Generic[T]):
    """One pass over all pages.

    Attributes:
        awaited: Pages requested and not returned yet.
        delivered: Records returned, counting each time that a record was returned.
        totals: Every total that a page had.
        records: Records by identity.
        page_ranges: Pages that can be requested next.
        edges: The edges of each page, by offset.
        full: The number of records of each page that is not shorter than requested, by offset.
        apart: Offsets of pages that do not overlap with the page before, such as the first one.
        contradicts: One identity was returned with two different records.
        has_checked_end: The page after a full last page was requested.
    """

    awaited: int = 1
    delivered: int = 0
    totals: set[int | None] = field(default_factory=set)
    records: dict[str, T | None] = field(default_factory=dict)
    page_ranges: Iterator[PageRange] = field(default_factory=lambda: iter(()))
    edges: dict[int, _Edges] = field(default_factory=dict)
    full: dict[int, int] = field(default_factory=dict)
    apart: set[int] = field(default_factory=lambda: {0})
    contradicts: bool = False
    has_checked_end: bool = False

    @property
    def without_total(self) -> bool:
        """Whether no page had a usable total."""
        return self.totals <= {None, 0}

    @property
    def overlaps(self) -> bool:
        """Whether every page begins with the record that the page before ends with."""
        return self.overlapping == len(self.edges) - 1

    @property
    def overlapping(self) -> int:
        """How many pages begin with the record that the page before ends with."""
        offsets = sorted(self.edges)
        borders = [
            (self.edges[offset].last, self.edges[following].first)
            for offset, following in zip(offsets, offsets[1:])
            if following not in self.apart
        ]
        return sum(last is not None and last == first for last, first in borders)

    @property
    def unique_deliveries(self) -> int:
        """How many records were returned, not counting those that pages share on purpose."""
        return self.delivered - self.overlapping

    def page_after_last(self) -> list[PageRange]:
        """Return the page after a full last page; nothing if the attempt has failed anyway."""
        last = max(self.edges)
        size = self.full.get(last, 0)
        # Only once: if the server ignores offsets, every page is full.
        if self.has_checked_end or size < _MIN_FULL_LAST_PAGE or self.totals != {len(self.records)}:
            return []
        self.has_checked_end = True
        return [PageRange(last + size - 1, size)]

    def add(self, page_range: PageRange, page: Page[T]) -> int:
        """Add a page, and return how many of its records are new."""
        before = len(self.records)
        self.awaited -= 1
        self.delivered += len(page.records)
        self.totals.add(page.total)
        for identity, record in page.records:
            # A record that changed during the listing, or two records with one identity.
            if self.records.setdefault(identity, record) != record:
                self.contradicts = True
        names = [identity for identity, _record in page.records]
        self.edges[page_range.offset] = _Edges(names[0], names[-1]) if names else _Edges(None, None)
        if len(names) >= page_range.limit:
            self.full[page_range.offset] = len(names)
        return len(self.records) - before


class Listing(Generic[T]):
    """The pages of one listing.

    Request the page ranges that :meth:`start` and :meth:`accept` return, in any order and concurrently, and pass each
    page to :meth:`accept`, until :attr:`complete` is true.

    An attempt is consistent if every page has the same total, the number of different records equals that total, and
    no record was returned with two contents. If the last page is full, one more page is requested, because the total
    may only be the size of the page, or the largest number to which the platform counts. If the first page has no total
    (or 0 despite records), pages are requested one after another, until one has nothing new.

    A consistent attempt is accepted if all pages overlap, or if the attempt before was consistent and had the same
    records. Otherwise another attempt begins, up to :data:`MAX_ATTEMPTS`.

    Why that is enough: new records appear first or last in a listing. Adding or deleting a record before an overlap
    moves the overlap, unless as many are added as deleted before it; the total then only stays the same if nothing
    changes after it. So all pages show the state of one point in time. Records that two attempts have in common existed
    between them, and if their number equals the total, there were no others.

    Args:
        context: What is listed, for errors.
        page_size: Records to request per page.
        noun: What errors call the records, in the plural.
        narrowing_hint: How to request fewer records, as a sentence for errors.
    """

    def __init__(
        self, context: RequestContext, page_size: int, noun: str = "records", narrowing_hint: str = ""
    ) -> None:
        self._context = context
        self._page_size = page_size
        self._noun = noun
        self._narrowing_hint = narrowing_hint
        self._attempts = 0
        self._attempt: _Attempt[T] = _Attempt()
        self._ids_before: frozenset[str] | None = None
        self.complete = False

    @property
    def records(self) -> list[T]:
        """The wanted records, in the order in which they arrived."""
        return [record for record in self._attempt.records.values() if record is not None]

    @property
    def total(self) -> int:
        """The number of records in the whole listing, including those that are not wanted."""
        return len(self._attempt.records)

    def start(self) -> list[PageRange]:
        """Begin an attempt, and return the range of its first page."""
        self._attempts += 1
        self._attempt = _Attempt()
        return [PageRange(0, self._page_size)]

    def accept(self, page_range: PageRange, page: Page[T]) -> list[PageRange]:
        """Add a page, and return the page ranges to request next (often none).

        Raises:
            IncompleteListingError: The last attempt failed, or there are more records than :data:`MAX_RECORDS`.
        """
        attempt = self._attempt
        new = attempt.add(page_range, page)
        if len(attempt.records) > MAX_RECORDS:
            raise self._too_many_error()
        following = self._following(page_range, page, new)
        if attempt.awaited + len(following) == 0:
            following = attempt.page_after_last()
        attempt.awaited += len(following)
        if attempt.awaited:
            return following
        ids_before, self._ids_before = self._ids_before, None
        if self._is_consistent(page_range, page):
            if attempt.overlaps or ids_before == attempt.records.keys():
                self.complete = True
                return []
            self._ids_before = frozenset(attempt.records)
        if self._attempts < MAX_ATTEMPTS:
            return self.start()
        raise self._inconsistent_error()

    def _following(self, page_range: PageRange, page: Page[T], new: int) -> list[PageRange]:
        attempt, size = self._attempt, len(page.records)
        if attempt.without_total:
            return self._next_without_total(page_range, size, new)
        if page_range.offset == 0 and page.total and size:
            # A first page shorter than requested, of a longer listing, has the server's own page size.
            attempt.page_ranges = self._ranges_after_first(size, page.total)
            return list(islice(attempt.page_ranges, PAGES_AHEAD))
        if size < page_range.limit or new < max(1, size - 2):
            # Of a valid page only the first and the last record can be known from other pages. Otherwise the listing
            # ends here, or the server ignores offsets: whatever the total says, no page follows.
            attempt.page_ranges = iter(())
        return list(islice(attempt.page_ranges, 1))

    def _ranges_after_first(self, size: int, total: int) -> Iterator[PageRange]:
        if size >= _MIN_OVERLAPPING:
            # Ends before total - 1: a page that would begin with the last record has nothing new.
            return (PageRange(offset, size) for offset in range(size - 1, total - 1, size - 1))
        offsets = range(size, total, size)
        return (self._set_apart(PageRange(offset, size)) for offset in offsets)

    def _next_without_total(self, page_range: PageRange, size: int, new: int) -> list[PageRange]:
        # Only the overlapping record may be known already. Any other page is the end, or inconsistent.
        if not new or new < size - (page_range.offset not in self._attempt.apart):
            return []
        if size > 1:
            return [PageRange(page_range.offset + size - 1, self._page_size)]
        return [self._set_apart(PageRange(page_range.offset + 1, self._page_size))]

    def _set_apart(self, page_range: PageRange) -> PageRange:
        self._attempt.apart.add(page_range.offset)
        return page_range

    def _is_consistent(self, page_range: PageRange, last: Page[T]) -> bool:
        attempt = self._attempt
        if attempt.contradicts:
            return False
        if attempt.without_total:
            # The last page must have nothing but the overlap, if there is one. Another page proves nothing.
            known = 0 if page_range.offset in attempt.apart else 1
            return len(last.records) == known and attempt.unique_deliveries == len(attempt.records)
        return attempt.totals == {len(attempt.records)}

    def _too_many_error(self) -> IncompleteListingError:
        hint = "This limit is fixed, to keep an endpoint from filling the memory. Check base_url."
        return IncompleteListingError(
            f"the listing has more than {MAX_RECORDS:,} {self._noun}, or does not end",
            self._context,
            f"{hint} {self._narrowing_hint}".strip(),
        )

    def _inconsistent_error(self) -> IncompleteListingError:
        attempt = self._attempt
        totals = " or ".join(sorted("none" if total is None else str(total) for total in attempt.totals))
        problem = (
            f"inconsistent listing after {self._attempts} attempts: the total was {totals}, and the API returned"
            f" {len(attempt.records)} different {self._noun}"
            f" ({attempt.unique_deliveries} in all, on {len(attempt.edges)} pages)"
        )
        if attempt.contradicts:
            problem += ", one of them with two contents"
        elif attempt.totals == {len(attempt.records)}:
            problem += ", which moved between pages"
        return IncompleteListingError(
            problem,
            self._context,
            f"The {self._noun} may have changed during the listing. Run again. A lower concurrency may help.",
        )
