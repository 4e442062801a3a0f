# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to list, and where."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._listing.scopes import ALL, Scope, pairs
from .selection import Selection

#: Up to this many ids are requested one by one. For more, everything is listed: one request then returns a whole page.
FEW_IDS = 5


@dataclass(frozen=True)
class Query:
    """What to list, and where.

    Attributes:
        regions: Ids of regions, or ``("all",)``.
        project_ids: Ids of projects, or ``("all",)``. Empty means the default project of the account.
        selection: Conditions on certificates.
        content: ``none``, ``certificates`` or ``all``.
        on_error: ``fail`` or ``warn``.
        on_unreadable: ``fail`` or ``warn``.
        trust_store: ``none``, ``mozilla``, ``system``, or the path of a bundle.
        page_size: Records to request per page.
        listeners: Whether listeners are wanted, too.
    """

    regions: tuple[str, ...]
    project_ids: tuple[str, ...] = ()
    selection: Selection = field(default_factory=Selection)
    content: str = "none"
    on_error: str = "fail"
    on_unreadable: str = "warn"
    trust_store: str = "none"
    page_size: int = 100
    listeners: bool = False

    @property
    def scopes(self) -> list[Scope] | None:
        """Every pair of a region and a project; ``None`` if the API has to list them first."""
        if (ALL,) in (self.regions, self.project_ids):
            return None
        return pairs(self.regions, self.project_ids or (None,))
