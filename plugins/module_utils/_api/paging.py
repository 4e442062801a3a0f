# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every page of a listing, and the proof that together they are whole.

The platform numbers its records by offset, so a record that is added or deleted while the pages are read moves
others across page borders: some then come twice, some not at all. Nothing here talks to the network; it decides
which pages to ask for, and judges what came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from .errors import Attempt, IncompleteListingError

T = TypeVar("T")

#: How often a listing that does not add up is read before it is given up.
MAX_READINGS = 3
#: How many pages may be asked for before any of them has come. It bounds what a total that lies can cost.
PAGES_AHEAD = 64


class Window(NamedTuple):
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


@dataclass
class _Reading(Generic[T]):
    """What one pass over the pages has brought so far."""

    awaited: int = 1
    pages: int = 0
    delivered: int = 0
    totals: set[int | None] = field(default_factory=set)
    records: dict[str, T | None] = field(default_factory=dict)
    windows: Iterator[Window] = field(default_factory=lambda: iter(()))

    @property
    def without_total(self) -> bool:
        """No page has named a total that could be one."""
        return self.totals <= {None, 0}

    def add(self, page: Page[T]) -> int:
        """Take a page in; return how many of its records are new."""
        before = len(self.records)
        self.awaited -= 1
        self.pages += 1
        self.delivered += len(page.records)
        self.totals.add(page.total)
        for identity, record in page.records:
            self.records.setdefault(identity, record)
        return len(self.records) - before


class Listing(Generic[T]):
    """The pages of one listing.

    Ask for the windows that :meth:`start` and :meth:`accept` return, in any order and side by side, and hand each
    page to :meth:`accept`, until :attr:`complete` is true.

    A reading is good if every page named the same total and the number of different records equals it. If the
    first page names no total (or 0, and has records), pages are asked for one after another, until an empty one
    ends the listing. A reading that is not good is thrown away and begun again, :data:`MAX_READINGS` in all.
    """

    def __init__(self, attempt: Attempt, page_size: int) -> None:
        self._attempt = attempt
        self._page_size = page_size
        self._readings = 0
        self._reading: _Reading[T] = _Reading()
        self.complete = False

    @property
    def records(self) -> list[T]:
        """The records that are wanted, in the order of their arrival."""
        return [record for record in self._reading.records.values() if record is not None]

    @property
    def total(self) -> int:
        """The number of records of the whole listing, those not wanted included."""
        return len(self._reading.records)

    def start(self) -> list[Window]:
        """Begin a reading, and return the window of its first page."""
        self._readings += 1
        self._reading = _Reading()
        return [Window(0, self._page_size)]

    def accept(self, window: Window, page: Page[T]) -> list[Window]:
        """Take a page in, and return the windows to ask for next (often none).

        :raises IncompleteListingError: the last of the readings that are allowed did not add up either.
        """
        reading = self._reading
        new = reading.add(page)
        following = self._following(window, page, new)
        reading.awaited += len(following)
        if reading.awaited:
            return following
        if self._adds_up(page):
            self.complete = True
            return []
        if self._readings < MAX_READINGS:
            return self.start()
        raise IncompleteListingError(
            self._account(),
            self._attempt,
            "Certificates may have been changed meanwhile: run again; a smaller concurrency may help.",
        )

    def _following(self, window: Window, page: Page[T], new: int) -> list[Window]:
        reading, size = self._reading, len(page.records)
        if reading.without_total:
            return [Window(window.offset + size, self._page_size)] if new else []
        if window.offset == 0 and page.total and size:
            # A first page that is shorter than asked for, of a longer listing, tells the server's own page size.
            reading.windows = (Window(offset, size) for offset in range(size, page.total, size))
            return list(islice(reading.windows, PAGES_AHEAD))
        if not new:
            # The listing ends before the total, or the server does not look at offsets: whatever the total says, there
            # is nothing behind.
            reading.windows = iter(())
        return list(islice(reading.windows, 1))

    def _adds_up(self, last: Page[T]) -> bool:
        reading = self._reading
        if reading.without_total:
            # Ended by an empty page. One that brings only what is known already proves nothing.
            return not last.records and reading.delivered == len(reading.records)
        return reading.totals == {len(reading.records)}

    def _account(self) -> str:
        reading = self._reading
        totals = " or ".join(sorted("no total" if total is None else str(total) for total in reading.totals))
        return (
            f"the listing does not add up after {self._readings} readings: the API named {totals}, and delivered"
            f" {len(reading.records)} different certificates ({reading.delivered} in all, on {reading.pages} pages)"
        )
