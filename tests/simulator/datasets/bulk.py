# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any number of records for benchmarks, with a few real certificates and keys in rotation."""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from ..fleet import Fleet, Listing, Project, Record, Region, dump
from ..issuing import Authority, Request, certificate_pem, subject, utc
from ..keys import key_pem, private_key, signing_key

DAY = 86400
DEFAULT_DISTINCT = 24
KEY_COUNT = 4
CACHE_BYTES = 64 * 1024 * 1024
"""Size of the page cache of a listing. A page of 100 records has about half a megabyte."""


def bulk(
    count: int,
    *,
    regions: Sequence[str] = ("cn-bj2",),
    projects: Sequence[str] = ("org-bulk",),
    distinct: float | None = None,
) -> Fleet:
    """Return ``count`` records, distributed equally over all regions and projects.

    ``distinct`` is the number of different certificates as a fraction (0 to 1) of the records, by default 24 in all.
    The content has 4 to 5 kB: leaf certificate, intermediate and key, all RSA-2048.
    """
    if count < 0:
        raise ValueError("a fleet cannot have fewer than 0 records")
    if distinct is not None and not 0 <= distinct <= 1:
        raise ValueError("distinct must be a fraction from 0 to 1")
    wanted = DEFAULT_DISTINCT if distinct is None else max(1, round(count * distinct))
    contents = _contents(min(wanted, max(1, count)))
    fleet = Fleet(
        [Region(name, is_default=index == 0) for index, name in enumerate(regions)],
        [Project(name, is_default=index == 0) for index, name in enumerate(projects)],
    )
    scopes = [(region, project) for project in projects for region in regions]
    for number, (region, project) in enumerate(scopes):
        first = count * number // len(scopes)
        last = count * (number + 1) // len(scopes)
        fleet.replace(BulkListing(contents, first, last - first), region=region, project=project)
    return fleet


@dataclass(frozen=True)
class _Content:
    rendered: bytes
    """The PEM as a JSON string."""
    digest: str


def _contents(number: int) -> list[_Content]:
    now = int(time.time())
    root = Authority.root(
        Request(
            subject("Example Bulk Root", "Example Trust Services"),
            signing_key("p256", "bulk root"),
            utc(now - 1000 * DAY),
            utc(now + 4000 * DAY),
            is_ca=True,
            usage=None,
        )
    )
    issuing = root.intermediate(
        Request(
            subject("Example Bulk CA", "Example Trust Services"),
            signing_key("rsa2048", "bulk issuing"),
            utc(now - 900 * DAY),
            utc(now + 1000 * DAY),
            is_ca=True,
            usage=None,
        )
    )
    return [_content(index, now, issuing) for index in range(number)]


def _content(index: int, now: int, issuing: Authority) -> _Content:
    key = private_key("rsa2048", f"bulk {index % KEY_COUNT}")
    # From 30 days ago to 90 days ahead, so that all states occur.
    ends = now + (index * 37 % 120 - 30) * DAY + DAY // 2
    name = f"node{index}.example.com"
    leaf = issuing.issue(
        Request(
            subject(name),
            key,
            utc(ends - 90 * DAY),
            utc(ends),
            names=(name, f"www.{name}"),
            scts=2,
        )
    )
    pem = certificate_pem(leaf) + certificate_pem(issuing.certificate) + key_pem(key)
    digest = hashlib.md5(pem.encode(), usedforsecurity=False).hexdigest()
    return _Content(dump(pem), digest)


class BulkListing(Listing):
    """Records that are rendered as JSON when a page is requested."""

    def __init__(self, contents: Sequence[_Content], first: int, count: int) -> None:
        self._contents = contents
        self._first = first
        self._count = count
        self._pages: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._cached_bytes = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Record:
        if not 0 <= index < self._count:
            raise IndexError(index)
        loaded: Record = json.loads(self._render_one(index))
        return loaded

    def render(self, start: int, stop: int) -> bytes:
        """Return records as JSON. Recent pages are cached."""
        wanted = (start, min(stop, self._count))
        page = self._pages.get(wanted)
        if page is None:
            page = b",".join(self._render_one(index) for index in range(*wanted))
            self._keep(wanted, page)
        else:
            self._pages.move_to_end(wanted)
        return page

    def find(self, ssl_id: str) -> int | None:
        """Return the index of a record, which is part of its id."""
        digits = ssl_id.removeprefix("ssl-bulk")
        index = int(digits) - self._first if digits.isdecimal() else -1
        known = 0 <= index < self._count and ssl_id == _ssl_id(self._first + index)
        return index if known else None

    def _keep(self, wanted: tuple[int, int], page: bytes) -> None:
        self._pages[wanted] = page
        self._cached_bytes += len(page)
        while self._cached_bytes > CACHE_BYTES:
            _unused, dropped = self._pages.popitem(last=False)
            self._cached_bytes -= len(dropped)

    def _render_one(self, index: int) -> bytes:
        number = self._first + index
        content = self._contents[number % len(self._contents)]
        head = (
            f'{{"SSLId":"{_ssl_id(number)}","SSLName":"bulk {number:06d}","SSLType":"Pem",'
            f'"CreateTime":{1700000000 + number},"HashValue":"{content.digest}","SSLSource":0,'
            f'"Relations":[{_relation(number)}],"SSLContent":'
        )
        return head.encode() + content.rendered + b"}"


def _ssl_id(number: int) -> str:
    return f"ssl-bulk{number:06d}"


def _relation(number: int) -> str:
    """Bind three of four records, a hundred of them to the same load balancer."""
    if number % 4 == 3:
        return ""
    kind, listener = ("ulb", "vserver") if number % 4 == 0 else ("alb", "lsn")
    balancer = number // 100
    return (
        f'{{"LoadBalancerId":"{kind}-bulk{balancer:04d}","LoadBalancerName":"{kind} {balancer}",'
        f'"ListenerId":"{listener}-bulk{number:06d}","ListenerName":"https {number}",'
        f'"IsDefault":true}}'
    )
