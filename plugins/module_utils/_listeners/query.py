# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which listeners to list, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from .._api.values import matches_any
from .kinds import APPLICATION, CLASSIC

if TYPE_CHECKING:
    # Not imported at run time: options need this file, and a lookup with a cached listing needs no model.
    from .model import Listener

LOAD_BALANCER_TYPES = (APPLICATION, CLASSIC)


@dataclass(frozen=True)
class ListenerSelection:
    """Conditions on listeners. All of them must hold, each for any of its values. ``None`` means no condition."""

    load_balancer_ids: frozenset[str] | None = None
    load_balancer_types: frozenset[str] | None = None
    listener_ids: frozenset[str] | None = None
    names: tuple[str, ...] | None = None
    protocols: frozenset[str] | None = None
    ports: frozenset[int] | None = None
    certificate_ids: frozenset[str] | None = None

    @property
    def empty(self) -> list[str]:
        """Return the names of the conditions that no listener meets, because their lists are empty."""
        return [item.name for item in fields(self) if getattr(self, item.name) in ((), frozenset())]

    def matches(self, listener: Listener) -> bool | None:
        """Whether a listener meets all conditions; ``None`` if that depends on an unknown fact."""
        certificates = None if listener.certificates is None else [item.ssl_id for item in listener.certificates]
        verdicts = [
            _is_one_of(listener.load_balancer_id, self.load_balancer_ids),
            _is_one_of(listener.load_balancer_type, self.load_balancer_types),
            _is_one_of(listener.listener_id, self.listener_ids),
            _matches_name(listener.listener_name, self.names),
            _is_one_of(listener.protocol, self.protocols),
            _is_one_of(listener.port, self.ports),
            _has_one_of(certificates, self.certificate_ids),
        ]
        return False if False in verdicts else None if None in verdicts else True


@dataclass(frozen=True)
class ListenerQuery:
    """Which listeners to list, and where. ``("all",)`` means all regions or projects that the API lists."""

    regions: tuple[str, ...]
    project_ids: tuple[str, ...] = ()
    selection: ListenerSelection = field(default_factory=ListenerSelection)
    on_error: str = "fail"
    page_size: int = 100

    @property
    def load_balancer_types(self) -> tuple[str, ...]:
        """The types of load balancers that have to be listed."""
        wanted = self.selection.load_balancer_types
        return tuple(kind for kind in LOAD_BALANCER_TYPES if wanted is None or kind in wanted)


def _is_one_of(value: object, wanted: frozenset[str] | frozenset[int] | None) -> bool | None:
    if wanted is None:
        return True
    return None if value is None else value in wanted


def _has_one_of(values: Iterable[str] | None, wanted: frozenset[str] | None) -> bool | None:
    if wanted is None:
        return True
    return None if values is None else not wanted.isdisjoint(values)


def _matches_name(name: str | None, wanted: tuple[str, ...] | None) -> bool | None:
    """Compare exactly or as a shell pattern, like the names of certificates."""
    if wanted is None:
        return True
    return None if name is None else matches_any(name, wanted)
