# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of the simulated cloud: regions, projects, and certificate records per region and project."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .balancers import Balancers

Record = dict[str, Any]
"""A certificate as returned by DescribeSSLV2 (an ``SSLInfo``)."""


@dataclass(frozen=True)
class Region:
    """A region and its zones. GetRegion returns one row per zone."""

    name: str
    zones: tuple[str, ...] = ()
    is_default: bool = False

    def to_wire(self, number: int) -> list[Record]:
        """Return the rows of GetRegion. ``number`` makes ``RegionId`` unique."""
        return [
            {
                "RegionId": 1000000 + number * 100 + index,
                "RegionName": self.name,
                "IsDefault": self.is_default and index == 0,
                "BitMaps": "",
                "Region": self.name,
                "Zone": zone,
            }
            for index, zone in enumerate(self.zones or (f"{self.name}-01",))
        ]


@dataclass(frozen=True)
class Project:
    """A project of the account."""

    project_id: str
    name: str = ""
    is_default: bool = False
    created: int = 1609459200
    """Unix seconds."""

    def to_wire(self) -> Record:
        """Return the row of GetProjectList."""
        return {
            "ProjectId": self.project_id,
            "ProjectName": self.name or self.project_id,
            "ParentId": "",
            "ParentName": "",
            "CreateTime": self.created,
            "IsDefault": self.is_default,
            "MemberCount": 1,
            "ResourceCount": 0,
        }


def relation(load_balancer: tuple[str, str], listener: tuple[str, str], is_default: bool = True) -> Record:
    """Return a binding (``SSLRelation``). Load balancer and listener are (id, name)."""
    return {
        "LoadBalancerId": load_balancer[0],
        "LoadBalancerName": load_balancer[1],
        "ListenerId": listener[0],
        "ListenerName": listener[1],
        "IsDefault": is_default,
    }


def record(
    ssl_id: str,
    name: str,
    content: str | None,
    created: int,
    relations: Iterable[Record] = (),
    **extra: Any,
) -> Record:
    """Return an uploaded certificate as the API returns it.

    ``created`` is in Unix seconds; ``extra`` adds or replaces fields by their wire names.
    """
    hashed = hashlib.md5((content or "").encode(), usedforsecurity=False).hexdigest()
    return {
        "SSLId": ssl_id,
        "SSLName": name,
        "SSLType": "Pem",
        "SSLContent": content,
        "CreateTime": created,
        "HashValue": hashed,
        "Relations": list(relations),
        "SSLSource": 0,
        **extra,
    }


def dump(value: object) -> bytes:
    """Return JSON as the API sends it: UTF-8, without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Listing(ABC):
    """The certificates of a region and project, in listing order."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of records."""

    @abstractmethod
    def __getitem__(self, index: int) -> Record:
        """Record at a position."""

    def records(self, start: int, stop: int) -> list[Record]:
        """Return the records from ``start`` up to, but not including, ``stop`` or the end of the listing."""
        return [self[index] for index in range(start, min(stop, len(self)))]

    def render(self, start: int, stop: int) -> bytes:
        """Return the same records as JSON objects, separated by commas."""
        return b",".join(dump(item) for item in self.records(start, stop))

    def find(self, ssl_id: str) -> int | None:
        """Return the index of the record with this id."""
        for index in range(len(self)):
            if self[index].get("SSLId") == ssl_id:
                return index
        return None


class PlainListing(Listing):
    """A list of records that tests may change in place, because every page is rendered again."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.items = list(records)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Record:
        return self.items[index]


class Fleet:
    """All regions, projects and records. May be changed while a simulator serves it."""

    def __init__(self, regions: Sequence[Region], projects: Sequence[Project]) -> None:
        if not regions or not projects:
            raise ValueError("a fleet needs at least one region and one project")
        self.regions = list(regions)
        self.projects = list(projects)
        self.roots = ""
        """Root certificates that clients of its listeners trust, in PEM format."""
        self._listings: dict[tuple[str, str], Listing] = {}
        self._balancers: dict[tuple[str, str], Balancers] = {}

    @classmethod
    def single(cls, records: Iterable[Record] = (), *, region: str = "cn-bj2", project: str = "org-default") -> Fleet:
        """Return a fleet with one region and one project, which is the default project."""
        fleet = cls([Region(region, is_default=True)], [Project(project, is_default=True)])
        fleet.replace(records, region=region, project=project)
        return fleet

    @property
    def default_project(self) -> str:
        """Id of the project of requests without ``ProjectId``."""
        for project in self.projects:
            if project.is_default:
                return project.project_id
        return self.projects[0].project_id

    @property
    def region_names(self) -> list[str]:
        """Names of all regions."""
        return [region.name for region in self.regions]

    @property
    def project_ids(self) -> list[str]:
        """Ids of all projects."""
        return [project.project_id for project in self.projects]

    def _scope(self, region: str | None, project: str | None) -> tuple[str, str]:
        scope = (region or self.regions[0].name, project or self.default_project)
        if scope[0] not in self.region_names or scope[1] not in self.project_ids:
            raise ValueError(f"no such region or project in this fleet: {scope}")
        return scope

    def listing(self, region: str | None = None, project: str | None = None) -> Listing:
        """Return the records of a scope, by default of the first region and the default project."""
        return self._listings.setdefault(self._scope(region, project), PlainListing())

    def balancers(self, region: str | None = None, project: str | None = None) -> Balancers:
        """Return the load balancers of a scope, by default of the first region and the default project."""
        return self._balancers.setdefault(self._scope(region, project), Balancers())

    def replace(
        self,
        records: Iterable[Record] | Listing,
        *,
        region: str | None = None,
        project: str | None = None,
    ) -> None:
        """Replace all records of a scope."""
        listing = records if isinstance(records, Listing) else PlainListing(records)
        self._listings[self._scope(region, project)] = listing

    def add(self, *records: Record, region: str | None = None, project: str | None = None) -> None:
        """Append records to a scope."""
        listing = self.listing(region, project)
        self.replace([*listing.records(0, len(listing)), *records], region=region, project=project)

    def __len__(self) -> int:
        return sum(len(listing) for listing in self._listings.values())

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[tuple[str, str, Record]]:
        """Iterate over all records with their region and project id."""
        for (region, project), listing in self._listings.items():
            for index in range(len(listing)):
                yield region, project, listing[index]
