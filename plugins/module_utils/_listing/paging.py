# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every page of a listing, and the proof that together they are whole.

The platform numbers its records by offset, so a record that is added or deleted while the pages are read moves
others across page borders: some then come twice, some not at all. A total tells, unless one is added while another is
deleted. Therefore pages overlap by one record: if it is still the last of one page and the first of the next, nothing
before it has moved. Nothing here talks to the network; it decides which pages to ask for, and judges what came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from .._api.errors import IncompleteListingError, RequestContext

T = TypeVar("T")

#: How often a listing that does not add up is read before it is given up.
MAX_ATTEMPTS = 3
#: How many pages may be asked for before any of them has come. It bounds what a total that lies can cost.
PAGES_AHEAD = 64
#: Different records of one listing. A server that always has something new would fill the memory.
MAX_RECORDS = 200_000
#: Records of a page from which on pages overlap. Pages of two would be twice as many; to read all of them twice proves
#: more.
_SHORTEST_OVERLAPPING = 3
#: Records of a full last page from which on one more is asked for. Shorter pages are full too often for that.
_SHORTEST_DOUBTED = 10


class PageRange(NamedTuple):
    """One page to ask for."""

    offset: int
    limit: int


@dataclass(frozen=True)
class Page(Generic[T]):  # no NamedTuple: before Python 3.11 those cannot be generic
    """One page as it came: the total that it names (``None`` if it names none), and its records by identity.

    A record may be known by its identity alone (``None``): it counts for the proof, and is not wanted otherwise.
    """

    total: int | None
    records: list[tuple[str, T | None]]


class _Edges(NamedTuple):
    """The identities of the first and the last record of a page; ``None`` if it is empty."""

    first: str | None
    last: str | None


@dataclass
class _Attempt(Generic[T]):
    """What one pass over the pages has brought so far.

    ``apart`` has the offsets of pages that do not overlap with the one before, as the first page; ``full`` has the
    numbers of records on pages that are not shorter than asked for, by offset.
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
    has_looked_behind: bool = False

    @property
    def without_total(self) -> bool:
        """No page has named a total that could be one."""
        return self.totals <= {None, 0}

    @property
    def overlaps(self) -> bool:
        """Whether every page begins with the record that the one before it ends with."""
        return self.overlapping == len(self.edges) - 1

    @property
    def overlapping(self) -> int:
        """How many pages do."""
        offsets = sorted(self.edges)
        borders = [
            (self.edges[offset].last, self.edges[following].first)
            for offset, following in zip(offsets, offsets[1:])
            if following not in self.apart
        ]
        return sum(last is not None and last == first for last, first in borders)

    def behind_the_last(self) -> list[PageRange]:
        """The page behind a last one that is full, unless the records do not add up anyway."""
        last = max(self.edges)
        size = self.full.get(last, 0)
        # Once: where offsets do not count, every page is full.
        if self.has_looked_behind or size < _SHORTEST_DOUBTED or self.totals != {len(self.records)}:
            return []
        self.has_looked_behind = True
        return [PageRange(last + size - 1, size)]

    def add(self, page_range: PageRange, page: Page[T]) -> int:
        """Take a page in; return how many of its records are new."""
        before = len(self.records)
        self.awaited -= 1
        self.delivered += len(page.records)
        self.totals.add(page.total)
        for identity, record in page.records:
            # One identity with two contents: changed meanwhile, or one of two that are mistaken for each other.
            if self.records.setdefault(identity, record) != record:
                self.contradicts = True
        names = [identity for identity, _record in page.records]
        self.edges[page_range.offset] = _Edges(names[0], names[-1]) if names else _Edges(None, None)
        if len(names) >= page_range.limit:
            self.full[page_range.offset] = len(names)
        return len(self.records) - before


class Listing(Generic[T]):
    """The pages of one listing.

    Ask for the page ranges that :meth:`start` and :meth:`accept` return, in any order and side by side, and hand each
    page to :meth:`accept`, until :attr:`complete` is true.

    An attempt adds up if every page named the same total, the number of different records equals it, and none of them
    came with two contents. If the last page is full, one more is asked for, lest the total be only as large as a page,
    or as the platform can count. If the first page names no total (or 0, and has records), pages are asked for one
    after another, until one brings nothing new. An attempt that adds up is good if all pages overlap, or if the one
    before it added up to the same records. Another one is begun again, :data:`MAX_ATTEMPTS` in all.

    Why that is enough: new records come first or last in a listing. A record that is added or deleted before an
    overlap moves it, unless as many are added as deleted before it; and then the total stays only if nothing changes
    behind it. So all pages are as they were at one moment. What two attempts have in common was there between them,
    and if that is as many as the total says, it was all.
    """

    def __init__(self, context: RequestContext, page_size: int) -> None:
        self._context = context
        self._page_size = page_size
        self._attempts = 0
        self._attempt: _Attempt[T] = _Attempt()
        self._ids_before: frozenset[str] | None = None
        self.complete = False

    @property
    def records(self) -> list[T]:
        """The records that are wanted, in the order of their arrival."""
        return [record for record in self._attempt.records.values() if record is not None]

    @property
    def total(self) -> int:
        """The number of records of the whole listing, those not wanted included."""
        return len(self._attempt.records)

    def start(self) -> list[PageRange]:
        """Begin an attempt, and return the range of its first page."""
        self._attempts += 1
        self._attempt = _Attempt()
        return [PageRange(0, self._page_size)]

    def accept(self, page_range: PageRange, page: Page[T]) -> list[PageRange]:
        """Take a page in, and return the page_ranges to ask for next (often none).

        :raises IncompleteListingError: the last of the attempts that are allowed was not good either, or there are
            more records than :data:`MAX_RECORDS`.
        """
        attempt = self._attempt
        new = attempt.add(page_range, page)
        if len(attempt.records) > MAX_RECORDS:
            raise IncompleteListingError(
                f"the listing has more than {MAX_RECORDS:,} certificates, or no end",
                self._context,
                "This bound is fixed, to keep an endpoint from filling the memory. Check base_url; name up to five"
                " ssl_ids to ask for those alone.",
            )
        following = self._following(page_range, page, new)
        if attempt.awaited + len(following) == 0:
            following = attempt.behind_the_last()
        attempt.awaited += len(following)
        if attempt.awaited:
            return following
        ids_before, self._ids_before = self._ids_before, None
        if self._adds_up(page_range, page):
            if attempt.overlaps or ids_before == attempt.records.keys():
                self.complete = True
                return []
            self._ids_before = frozenset(attempt.records)
        if self._attempts < MAX_ATTEMPTS:
            return self.start()
        raise IncompleteListingError(
            self._account(),
            self._context,
            "Certificates may have been changed meanwhile: run again; a smaller concurrency may help.",
        )

    def _following(self, page_range: PageRange, page: Page[T], new: int) -> list[PageRange]:
        attempt, size = self._attempt, len(page.records)
        if attempt.without_total:
            return self._next_without_total(page_range, size, new)
        if page_range.offset == 0 and page.total and size:
            # A first page that is shorter than asked for, of a longer listing, tells the server's own page size.
            attempt.page_ranges = self._windows(size, page.total)
            return list(islice(attempt.page_ranges, PAGES_AHEAD))
        if size < page_range.limit or new < max(1, size - 2):
            # Of a sound page only the edges may be known from others. The listing ends here, or the server does not
            # look at offsets: whatever the total says, there is nothing behind.
            attempt.page_ranges = iter(())
        return list(islice(attempt.page_ranges, 1))

    def _windows(self, size: int, total: int) -> Iterator[PageRange]:
        """The pages behind the first one."""
        if size >= _SHORTEST_OVERLAPPING:
            # The last record has to be behind the first of a page: that one is known from the page before.
            return (PageRange(offset, size) for offset in range(size - 1, total - 1, size - 1))
        offsets = range(size, total, size)
        return (self._set_apart(PageRange(offset, size)) for offset in offsets)

    def _next_without_total(self, page_range: PageRange, size: int, new: int) -> list[PageRange]:
        # Whatever else a page has than the one record that is known already, it is the end, or makes no sense.
        if not new or new < size - (page_range.offset not in self._attempt.apart):
            return []
        if size > 1:
            return [PageRange(page_range.offset + size - 1, self._page_size)]
        return [self._set_apart(PageRange(page_range.offset + 1, self._page_size))]

    def _set_apart(self, page_range: PageRange) -> PageRange:
        self._attempt.apart.add(page_range.offset)
        return page_range

    def _adds_up(self, page_range: PageRange, last: Page[T]) -> bool:
        attempt = self._attempt
        if attempt.contradicts:
            return False
        if attempt.without_total:
            # Ended by a page with nothing but the overlap, if there is one. Another one proves nothing.
            known = 0 if page_range.offset in attempt.apart else 1
            return len(last.records) == known and attempt.delivered - attempt.overlapping == len(attempt.records)
        return attempt.totals == {len(attempt.records)}

    def _account(self) -> str:
        attempt = self._attempt
        totals = " or ".join(sorted("no total" if total is None else str(total) for total in attempt.totals))
        account = (
            f"inconsistent listing after {self._attempts} attempts: the API named {totals}, and delivered"
            f" {len(attempt.records)} different certificates"
            f" ({attempt.delivered - attempt.overlapping} in all, on {len(attempt.edges)} pages)"
        )
        if attempt.contradicts:
            return account + ", one of them with two contents"
        return account + ", which moved meanwhile" if attempt.totals == {len(attempt.records)} else account
