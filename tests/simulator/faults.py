# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults to inject: what fails, for which requests, and how often."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .accounts import LISTING_ACTIONS
from .balancer_actions import BALANCER_ACTIONS
from .recorder import RequestRecord

NUMBER = (int, float)
TEXT = (str,)
INTEGER = (int,)


@dataclass(frozen=True)
class Kind:
    """The parameters of a kind of fault."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    listings: bool = False
    """Whether requests that list certificates can match. Without this and ``balancers``, all requests can."""
    balancers: bool = False
    """Whether requests that list load balancers, listeners or policies can match."""


def _kind(required: str = "", optional: str = "", *, listings: bool = False, balancers: bool = False) -> Kind:
    return Kind(frozenset(required.split()), frozenset(optional.split()), listings, balancers)


KINDS: dict[str, Kind] = {
    "latency": _kind("seconds"),
    "http_status": _kind("status", "retry_after body"),
    "redirect": _kind("location", "status"),
    "retcode": _kind("code", "message"),
    "refused": _kind("seconds"),
    "reset": _kind(),
    "truncated": _kind(),
    "slow_drip": _kind("interval"),
    "not_json": _kind(optional="body"),
    "bomb": _kind("value"),
    "html": _kind(optional="body"),
    "not_object": _kind(),
    "no_retcode": _kind(),
    "string_types": _kind(),
    "total": _kind(optional="value delta", listings=True, balancers=True),
    "empty_page": _kind(listings=True, balancers=True),
    "shift": _kind("how", listings=True),
    "null_fields": _kind(optional="names", listings=True, balancers=True),
    "spaced_key": _kind(listings=True),
    "legacy_bindings": _kind(listings=True),
    "as_in_examples": _kind(balancers=True),
}
SHIFTS = ("insert_at_front", "delete_first", "move", "swap")

_TYPES: dict[str, tuple[type, ...]] = {
    "kind": TEXT,
    "action": TEXT,
    "region": TEXT,
    "project_id": TEXT,
    "offset": INTEGER,
    "after": INTEGER,
    "times": INTEGER,
    "seconds": NUMBER,
    "interval": NUMBER,
    "status": INTEGER,
    "retry_after": (*NUMBER, *TEXT),
    "body": TEXT,
    "location": TEXT,
    "code": INTEGER,
    "message": TEXT,
    "value": INTEGER,
    "delta": INTEGER,
    "how": TEXT,
    "names": (list, tuple),
}


@dataclass(frozen=True)
class Fault:
    """A fault to inject.

    A request matches if it has the given action, region, project and offset; ``None`` matches all. The first ``after``
    matching requests succeed, the next ``times`` fail (``None``: all). Invalid parameters raise ``ValueError`` or
    ``TypeError``. The kinds:

    ``latency``          wait ``seconds`` before the response
    ``http_status``      HTTP ``status``, with the header ``retry_after`` and HTML ``body`` if given
    ``redirect``         redirect to ``location`` with HTTP ``status`` (302 by default)
    ``retcode``          RetCode ``code`` and ``message``
    ``refused``          drop all connections, including this one, and refuse new ones for ``seconds``
    ``reset``            reset the connection
    ``truncated``        announce the whole body, send half of it, close
    ``slow_drip``        send the body a byte at a time, ``interval`` seconds apart
    ``not_json``         ``body`` unchanged, declared as JSON
    ``bomb``             ``value`` MiB of spaces after the response, compressed
    ``html``             HTTP 200 with an HTML page, ``body`` if given
    ``not_object``       a JSON list
    ``no_retcode``       the response without RetCode
    ``string_types``     all integers and booleans are strings
    ``total``            TotalCount is ``value``, or wrong by ``delta``, or missing if neither is given
    ``empty_page``       no records, with the correct total
    ``shift``            change the data before this request is answered, until faults are cleared;
                         ``how`` is ``insert_at_front``, ``delete_first``, ``move`` (move the last
                         record to the front) or ``swap`` (delete the first, append another)
    ``null_fields``      the fields ``names`` are null; without names, all but SSLId
    ``spaced_key``       the key ``DataSet`` has a space at its end
    ``legacy_bindings``  a list of listener ids, ``SSLBindedTargetSet``, instead of ``Relations``
    ``as_in_examples``   field names as in the examples of the reference, such as ``ListenPort``, and
                         nested configurations in a list of one
    """

    kind: str
    action: str | None = None
    region: str | None = None
    project_id: str | None = None
    offset: int | None = None
    after: int = 0
    times: int | None = 1
    seconds: float | None = None
    interval: float | None = None
    status: int | None = None
    retry_after: float | str | None = None
    body: str | None = None
    location: str | None = None
    code: int | None = None
    message: str | None = None
    value: int | None = None
    delta: int | None = None
    how: str | None = None
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        self._check_types()
        if self.names is not None:
            object.__setattr__(self, "names", tuple(self.names))
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}; valid values: {', '.join(sorted(KINDS))}")
        self._check_values(KINDS[self.kind])

    def _check_types(self) -> None:
        for name, types in _TYPES.items():
            value = getattr(self, name)
            if value is None and name not in ("kind", "after"):
                continue
            if not isinstance(value, types) or isinstance(value, bool):
                wanted = " or ".join(kind.__name__ for kind in types)
                raise TypeError(f"{name} must be {wanted}, not {value!r}")

    def _check_values(self, kind: Kind) -> None:
        given = {name for name in _SPECIFIC if getattr(self, name) is not None}
        if missing := kind.required - given:
            raise ValueError(f"{self.kind} needs {', '.join(sorted(missing))}")
        if surplus := given - kind.required - kind.optional:
            raise ValueError(f"{self.kind} does not support {', '.join(sorted(surplus))}")
        for name in ("after", "times", "offset", "seconds", "interval"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} must not be negative")
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError("status must be from 200 to 599")
        if self.how is not None and self.how not in SHIFTS:
            raise ValueError(f"how must be one of {', '.join(SHIFTS)}")
        if self.value is not None and self.delta is not None:
            raise ValueError("total takes value or delta, not both")

    @classmethod
    def from_mapping(cls, values: object) -> Fault:
        """Create a fault from JSON.

        Raises:
            ValueError: A parameter is missing, unknown or out of range.
            TypeError: A parameter has the wrong type.
        """
        if not isinstance(values, Mapping):
            raise TypeError("a fault must be an object")
        if unknown := set(values) - {item.name for item in fields(cls)}:
            raise ValueError(f"unknown parameters of a fault: {', '.join(sorted(unknown))}")
        if "kind" not in values:
            raise ValueError("a fault needs a kind")
        return cls(**values)

    def to_mapping(self) -> dict[str, Any]:
        """Return all parameters that are not ``None``, and always ``times``."""
        return {name: value for name, value in asdict(self).items() if value is not None or name == "times"}

    def matches(self, request: RequestRecord) -> bool:
        """Whether a request matches this fault."""
        kind = KINDS[self.kind]
        actions = (*LISTING_ACTIONS * kind.listings, *tuple(BALANCER_ACTIONS) * kind.balancers)
        if actions and request.action not in actions:
            return False
        return (
            self.action in (None, request.action)
            and self.region in (None, request.region)
            and self.project_id in (None, request.project_id)
            # Requests without an offset are for the first page.
            and self.offset in (None, request.offset or 0)
        )


_COMMON = {"kind", "action", "region", "project_id", "offset", "after", "times"}
_SPECIFIC = [item.name for item in fields(Fault) if item.name not in _COMMON]


@dataclass
class _Active:
    fault: Fault
    seen: int = 0
    fired: int = 0
    shifts: dict[tuple[str, str], int] = field(default_factory=dict)
    """(region, project) -> how often its data was shifted."""


class FaultBoard:
    """Active faults with their counters. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[_Active] = []

    def add(self, fault: Fault) -> None:
        """Activate a fault."""
        with self._lock:
            self._active.append(_Active(fault))

    def clear(self) -> None:
        """Remove all faults. This undoes shifts, because they only change the view of the data."""
        with self._lock:
            self._active.clear()

    def describe(self) -> list[dict[str, Any]]:
        """Return the active faults, with how many requests each has matched (``seen``) and affected (``fired``)."""
        with self._lock:
            return [
                {**active.fault.to_mapping(), "seen": active.seen, "fired": active.fired} for active in self._active
            ]

    def fire(self, request: RequestRecord, scope: tuple[str, str]) -> list[Fault]:
        """Count a request, and return the faults to apply to it."""
        hit = []
        with self._lock:
            for active in self._active:
                fault = active.fault
                if not fault.matches(request):
                    continue
                active.seen += 1
                if active.seen <= fault.after:
                    continue
                if fault.times is not None and active.fired >= fault.times:
                    continue
                active.fired += 1
                hit.append(fault)
                if fault.kind == "shift":
                    active.shifts[scope] = active.shifts.get(scope, 0) + 1
        return hit

    def shifts(self, scope: tuple[str, str]) -> list[tuple[str, int]]:
        """Return the current changes to the data of a (region, project) as (``how``, how often)."""
        with self._lock:
            return [(active.fault.how or "", active.shifts[scope]) for active in self._active if scope in active.shifts]
