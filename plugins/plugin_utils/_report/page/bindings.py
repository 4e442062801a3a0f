# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group certificates by the load balancers and listeners that serve them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .certificates import CertificateEntry, rank_of
from .findings import FindingRow
from .names import NAMELESS, role_of
from .texts import text_of

_ROLES = ("default", "SNI", "role not known")


@dataclass
class ListenerSection:
    """A listener with its certificates and their roles, the default one first.

    ``without_default`` is the severity of the finding that it has no default certificate; empty if there is none.
    """

    listener_id: str
    name: str
    without_default: str = ""
    served: list[tuple[str, CertificateEntry]] = field(default_factory=list)


@dataclass
class Balancer:
    """A load balancer. ``severity`` is the highest of its certificates."""

    balancer_id: str
    name: str
    kind: str
    region: str
    project_id: str
    severity: str
    listeners: dict[str, ListenerSection] = field(default_factory=dict)


def balancers_of(entries: Iterable[CertificateEntry], rows: Iterable[FindingRow]) -> list[Balancer]:
    """Return load balancers by severity, the highest first, then by project, region and name."""
    without_default = {
        row.about: row.severity for row in rows if row.status == "fail" and row.checks == ["listener_without_default"]
    }
    balancers: dict[tuple[str, ...], Balancer] = {}
    for entry in entries:
        for binding in entry.bindings:
            balancer_id, name, kind = (text_of(binding.get(f"load_balancer_{part}")) for part in ("id", "name", "type"))
            key = (entry.project_id, entry.region, balancer_id or name)
            if key not in balancers:
                balancers[key] = Balancer(
                    balancer_id, name or balancer_id or NAMELESS, kind, entry.region, entry.project_id, entry.severity
                )
            balancer = balancers[key]
            balancer.severity = min(balancer.severity, entry.severity, key=rank_of)
            listener_id, listener_name = (text_of(binding.get(f"listener_{part}")) for part in ("id", "name"))
            listener = balancer.listeners.setdefault(
                listener_id or listener_name,
                ListenerSection(
                    listener_id, listener_name or listener_id or NAMELESS, without_default.get(listener_id, "")
                ),
            )
            listener.served.append((role_of(binding), entry))
    for balancer in balancers.values():
        balancer.listeners = dict(sorted(balancer.listeners.items(), key=lambda item: (item[1].name, item[0])))
        for listener in balancer.listeners.values():
            listener.served.sort(key=_order)
    return sorted(
        balancers.values(),
        key=lambda item: (rank_of(item.severity), item.project_id, item.region, item.name, item.balancer_id),
    )


def _order(served: tuple[str, CertificateEntry]) -> tuple[Any, ...]:
    role, entry = served
    return (_ROLES.index(role), entry.name, entry.anchor)
