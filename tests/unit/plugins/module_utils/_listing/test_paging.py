# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages, and the proof that a listing is complete, with a minimal server."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    IncompleteListingError,
    RequestContext,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._listing.paging import (
    MAX_ATTEMPTS,
    PAGES_AHEAD,
    Listing,
    Page,
    PageRange,
)

CONTEXT = RequestContext("DescribeSSLV2", "api.ucloud.cn", "cn-bj2")
TRUE = object()
"""A total that is what it should be."""


def no_change(_items: list[str], _number: int) -> None:
    """Do nothing: no record is added, deleted or moved."""


@dataclass
class Server:
    """A listing on the platform. ``change`` is called before each page is returned."""

    items: list[str]
    max_limit: int = 100
    total: Any = TRUE
    change: Callable[[list[str], int], None] = no_change
    page_ranges: list[PageRange] = field(default_factory=list)
    totals: list[int | None] = field(default_factory=list)

    def page(self, page_range: PageRange) -> Page[str]:
        self.change(self.items, len(self.page_ranges))
        self.page_ranges.append(page_range)
        size = min(page_range.limit, self.max_limit)
        found = self.items[page_range.offset : page_range.offset + size]
        self.totals.append(len(self.items) if self.total is TRUE else self.total)
        return Page(self.totals[-1], [(item, item.upper()) for item in found])


def read(server: Server, page_size: int = 100, pick: Callable[[int], int] = lambda _count: 0) -> Listing[str]:
    """Read a listing to the end. ``pick`` chooses which of the pages in flight arrives next."""
    listing: Listing[str] = Listing(CONTEXT, page_size)
    waiting = listing.start()
    while waiting:
        page_range = waiting.pop(pick(len(waiting)))
        waiting += listing.accept(page_range, server.page(page_range))
    assert listing.complete
    return listing


def items(count: int) -> list[str]:
    return [f"ssl-{number}" for number in range(count)]


def test_one_page() -> None:
    server = Server(items(3))
    listing = read(server)
    assert listing.records == ["SSL-0", "SSL-1", "SSL-2"]
    assert listing.total == 3
    assert server.page_ranges == [PageRange(0, 100)]


def test_pages_after_the_first_are_asked_for_at_once() -> None:
    listing: Listing[str] = Listing(CONTEXT, 3)
    server = Server(items(7))
    (first,) = listing.start()
    assert listing.accept(first, server.page(first)) == [PageRange(2, 3), PageRange(4, 3)]
    assert not listing.complete


def test_a_server_that_clamps_the_limit() -> None:
    server = Server(items(250), max_limit=100)
    assert read(server, page_size=1000).total == 250
    assert server.page_ranges == [PageRange(0, 1000), PageRange(99, 100), PageRange(198, 100)]


def test_no_more_than_some_pages_are_asked_for_ahead() -> None:
    listing: Listing[str] = Listing(CONTEXT, 1)
    server = Server(items(200))
    (first,) = listing.start()
    following = listing.accept(first, server.page(first))
    assert len(following) == PAGES_AHEAD
    # For each page that arrives, one more is requested.
    assert listing.accept(following[0], server.page(following[0])) == [PageRange(PAGES_AHEAD + 1, 1)]


def test_an_empty_listing_is_whole() -> None:
    server = Server([])
    listing = read(server)
    assert (listing.records, listing.total) == ([], 0)
    assert server.page_ranges == [PageRange(0, 100)]


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_total_a_page_with_nothing_new_ends_the_listing(total: int | None) -> None:
    server = Server(items(5), total=total)
    assert read(server, page_size=3).total == 5
    assert server.page_ranges == [PageRange(0, 3), PageRange(2, 3), PageRange(4, 3)]


def test_records_that_are_not_wanted_count_for_the_proof() -> None:
    listing: Listing[str] = Listing(CONTEXT, 10)
    (page_range,) = listing.start()
    assert listing.accept(page_range, Page(3, [("a", None), ("b", "B"), ("c", None)])) == []
    assert listing.complete
    assert (listing.records, listing.total) == (["B"], 3)


@pytest.mark.parametrize(
    ("server", "page_size", "account"),
    [
        (
            Server(items(5), total=7),
            3,
            "the total was 7, and the API returned 5 different records (5 in all, on 3 pages)",
        ),
        (
            Server(items(5), total=-1),
            100,
            "the total was -1, and the API returned 5 different records (5 in all, on 1 pages)",
        ),
        (
            Server([], total=3),
            100,
            "the total was 3, and the API returned 0 different records (0 in all, on 1 pages)",
        ),
        (
            Server(["a", "b", "a", "c"]),
            3,
            "the total was 4, and the API returned 3 different records (4 in all, on 2 pages)",
        ),
        (
            Server(["a", "b", "a", "b"], total=None),
            2,
            "the total was none, and the API returned 2 different records (3 in all, on 2 pages)",
        ),
    ],
)
def test_message_of_an_inconsistent_listing(server: Server, page_size: int, account: str) -> None:
    with pytest.raises(IncompleteListingError) as caught:
        read(server, page_size)
    assert str(caught.value) == (
        "DescribeSSLV2 in region cn-bj2 at api.ucloud.cn: inconsistent listing after 3 attempts: "
        f"{account}. The records may have changed during the listing. Run again. A lower concurrency may help."
    )
    assert server.page_ranges.count(PageRange(0, page_size)) == MAX_ATTEMPTS


def test_message_has_every_total() -> None:
    totals = itertools.cycle([3, None, 2])
    listing: Listing[str] = Listing(CONTEXT, 1)
    waiting = listing.start()

    def read_on() -> None:
        while waiting:
            page_range = waiting.pop(0)
            page = Page(next(totals), [(f"ssl-{page_range.offset}", "x")])
            waiting.extend(listing.accept(page_range, page))

    with pytest.raises(IncompleteListingError) as caught:
        read_on()
    assert caught.value.problem == (
        "inconsistent listing after 3 attempts: the total was 2 or 3 or none, and the API returned"
        " 3 different records (3 in all, on 3 pages)"
    )


def test_a_change_between_pages_is_solved_by_another_attempt() -> None:
    def delete_first_once(current: list[str], number: int) -> None:
        if number == 1:
            del current[0]

    server = Server(items(6), change=delete_first_once)
    listing = read(server, page_size=3)
    assert listing.records == [item.upper() for item in items(6)[1:]]
    assert server.page_ranges.count(PageRange(0, 3)) == 2


@pytest.mark.parametrize("newest_first", [True, False])
def test_one_is_added_while_another_is_deleted(*, newest_first: bool) -> None:
    """The total and the number of different records stay the same. Only the overlap shows the change."""

    def swap_once(current: list[str], number: int) -> None:
        if number == 2:
            del current[5 if newest_first else 0]
            current.insert(0 if newest_first else len(current), "new")

    server = Server(items(7), change=swap_once)
    listing = read(server, page_size=3)
    assert sorted(listing.records) == sorted(item.upper() for item in server.items)
    assert server.page_ranges.count(PageRange(0, 3)) == 2


def test_a_listing_that_moves_all_the_time_is_given_up() -> None:
    def swap(current: list[str], number: int) -> None:
        if number % 4 == 1:
            del current[0]
            current.append(f"new-{number}")

    with pytest.raises(IncompleteListingError) as caught:
        read(Server(items(7), change=swap), page_size=2)
    assert caught.value.problem == (
        "inconsistent listing after 3 attempts: the total was 7, and the API returned 7 different records"
        " (7 in all, on 4 pages), which moved between pages"
    )


def test_two_equal_attempts_are_as_good_as_an_overlap() -> None:
    """Here the platform sorts each page separately, so no page begins with the last record of the page before."""

    class Unsorted(Server):
        def page(self, page_range: PageRange) -> Page[str]:
            page = super().page(page_range)
            return Page(page.total, sorted(page.records, reverse=True))

    server = Unsorted(items(5))
    assert sorted(read(server, page_size=3).records) == [item.upper() for item in items(5)]
    assert server.page_ranges == [PageRange(0, 3), PageRange(2, 3)] * 2


@pytest.mark.parametrize("total", [TRUE, None])
def test_pages_that_are_too_short_to_overlap_are_read_twice(total: Any) -> None:
    server = Server(items(3), max_limit=1, total=total)
    assert read(server).records == ["SSL-0", "SSL-1", "SSL-2"]
    once = [
        PageRange(0, 100),
        *(PageRange(offset, 1 if total is TRUE else 100) for offset in ((1, 2) if total else (1, 2, 3))),
    ]
    assert server.page_ranges == once * 2


def test_at_the_usual_page_size_overlaps_cost_one_request_in_a_hundred() -> None:
    server = Server(items(10_000))
    assert read(server).total == 10_000
    # One of them is after the last page, which is full.
    assert len(server.page_ranges) == 102


@pytest.mark.parametrize("total", [1, 2])
@pytest.mark.parametrize("records", [["A", "B"], ["A", None], [None, "A"]])
def test_one_id_with_two_contents_is_inconsistent(total: int, records: list[str | None]) -> None:
    listing: Listing[str] = Listing(CONTEXT, 10)
    page = Page(total, [("a", record) for record in records])
    (page_range,) = listing.start()

    def read_on() -> None:
        for _attempt in range(MAX_ATTEMPTS):
            assert listing.accept(page_range, page) == [page_range]

    with pytest.raises(IncompleteListingError) as caught:
        read_on()
    assert caught.value.problem.endswith("1 different records (2 in all, on 1 pages), one of them with two contents")


def test_a_listing_without_an_end_has_a_bound() -> None:
    class Endless(Server):
        def page(self, page_range: PageRange) -> Page[str]:
            self.page_ranges.append(page_range)
            numbers = range(page_range.offset, page_range.offset + page_range.limit)
            return Page(self.total, [(str(number), "x") for number in numbers])

    for total in (None, 10**12):
        server = Endless([], total=total)
        with pytest.raises(IncompleteListingError, match="has more than 200,000 records, or does not end"):
            read(server, page_size=10_000)
        assert len(server.page_ranges) == 21


def test_a_page_that_brings_next_to_nothing_ends_an_attempt() -> None:
    """A server may always have new records, but a valid page has at most two known ones."""

    class Slow(Server):
        def page(self, page_range: PageRange) -> Page[str]:
            self.page_ranges.append(page_range)
            known = [(str(number), "x") for number in range(9)]
            return Page(None, [*known, (f"new {page_range.offset}", "x")])

    server = Slow([])
    with pytest.raises(IncompleteListingError, match="the total was none, and the API returned 11 different"):
        read(server, page_size=10)
    assert len(server.page_ranges) == 2 * MAX_ATTEMPTS


def test_a_server_that_ignores_offsets_is_given_up_soon() -> None:
    """A large total must not make the client request the same page again and again."""

    class Stubborn(Server):
        def page(self, page_range: PageRange) -> Page[str]:
            super().page(page_range)
            assert len(self.page_ranges) < 1000, "no end in sight"
            return Page(10**9, [("a", "A"), ("b", "B")])

    server = Stubborn([])
    with pytest.raises(IncompleteListingError, match="the total was 1000000000, and the API returned 2 different"):
        read(server)
    assert len(server.page_ranges) == MAX_ATTEMPTS * (1 + PAGES_AHEAD)


def test_a_total_that_lies_costs_no_more_than_the_pages_ahead() -> None:
    server = Server(items(30), total=10**9)
    with pytest.raises(IncompleteListingError):
        read(server, page_size=10)
    assert len(server.page_ranges) == MAX_ATTEMPTS * (3 + PAGES_AHEAD)


def delete_any(current: list[str], chance: random.Random) -> None:
    if current:
        del current[chance.randrange(len(current))]


def move_any(current: list[str], chance: random.Random) -> None:
    if current:
        current.insert(0, current.pop(chance.randrange(len(current))))


def double_any(current: list[str], chance: random.Random) -> None:
    if current:
        current.append(chance.choice(current))


CHANGES: dict[str, Callable[[list[str], random.Random], None]] = {
    "add in front": lambda current, chance: current.insert(0, f"new-{chance.random()}"),
    "add behind": lambda current, chance: current.append(f"new-{chance.random()}"),
    "delete": delete_any,
    "move": move_any,
    "double": double_any,
    "nothing": lambda _current, _chance: None,
}


@given(
    count=st.integers(0, 60),
    page_size=st.integers(1, 30),
    max_limit=st.integers(1, 30),
    total=st.sampled_from([TRUE, TRUE, TRUE, None, 0, -5, 7, 40, 10**6]),
    changes=st.dictionaries(st.integers(0, 200), st.sampled_from(sorted(CHANGES)), max_size=6),
    empty=st.sets(st.integers(0, 60), max_size=2),
    seed=st.integers(0, 2**32),
)
def test_it_always_ends_and_is_complete_only_with_the_proof(
    *,
    count: int,
    page_size: int,
    max_limit: int,
    total: Any,
    changes: dict[int, str],
    empty: set[int],
    seed: int,
) -> None:
    chance = random.Random(seed)

    def change(current: list[str], number: int) -> None:
        CHANGES[changes.get(number, "nothing")](current, chance)

    server = Server(items(count), max_limit, total, change)
    listing: Listing[str] = Listing(CONTEXT, page_size)
    waiting = listing.start()
    attempt: list[Page[str]] = []
    # In an attempt, every page has something new, except for the last ones, which were requested ahead.
    most = MAX_ATTEMPTS * (count + len(changes) + 2 + PAGES_AHEAD)
    error = None
    while waiting:
        page_range = waiting.pop(chance.randrange(len(waiting)))
        page = server.page(page_range)
        if len(server.page_ranges) in empty:
            page = Page(page.total, [])
        attempt.append(page)
        assert len(server.page_ranges) <= most
        try:
            following = listing.accept(page_range, page)
        except IncompleteListingError as incomplete:
            error = incomplete
            break
        if following == [PageRange(0, page_size)] and not waiting:
            attempt = []
        waiting += following
    if error is not None:
        assert not listing.complete
        assert "after 3 attempts" in error.problem
        return
    assert listing.complete
    distinct = {identity for page in attempt for identity, _unused in page.records}
    named = {page.total for page in attempt}
    assert listing.total == len(distinct)
    assert sorted(listing.records) == sorted(identity.upper() for identity in distinct)
    if named <= {None, 0}:
        assert len(attempt[-1].records) <= 1
    else:
        assert named == {len(distinct)}


@given(
    count=st.integers(0, 300),
    page_size=st.integers(1, 120),
    max_limit=st.integers(1, 120),
    total=st.sampled_from([TRUE, None, 0]),
    seed=st.integers(0, 2**32),
)
def test_what_does_not_change_is_whole_and_costs_no_more_than_it_has_to(
    count: int, page_size: int, max_limit: int, total: Any, seed: int
) -> None:
    chance = random.Random(seed)
    server = Server(items(count), max_limit, total)
    listing = read(server, page_size, chance.randrange)
    assert sorted(listing.records) == sorted(item.upper() for item in items(count))
    size = min(page_size, max_limit)
    if total is TRUE:
        overlap = size > 2
        pages = 1 + -(-max(0, count - size) // (size - overlap))
        # One more after a full last page. If the page size of the server is smaller, its first page seems to be short.
        is_full = size >= 10 and count >= size and (count - size) % (size - 1) == 0
        pages += is_full and (count > size or size == page_size)
        attempts = 1 if overlap or pages == 1 else 2
    else:
        overlap = min(size, count) > 1
        pages = count + 1 if not overlap else 1 + -(-(count - 1) // (size - 1))
        attempts = 1 if overlap or not count else 2
    assert len(server.page_ranges) == attempts * pages


@pytest.mark.parametrize("total", [100, 199, 298])
def test_a_total_that_is_only_as_large_as_pages_is_seen(total: int) -> None:
    """For example the number of records on the page, or the largest number to which a search counts."""
    with pytest.raises(IncompleteListingError, match=f"the total was {total}, and the API returned"):
        read(Server(items(500), total=total))


def test_a_last_page_that_is_full_costs_one_more() -> None:
    server = Server(items(100))

    assert read(server).total == 100
    assert server.page_ranges == [PageRange(0, 100), PageRange(99, 100)]
