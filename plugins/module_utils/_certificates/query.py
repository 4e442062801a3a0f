# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to list: where to look, and for what."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._listing.scopes import ALL, Scope, pairs
from .selection import Selection

#: Up to so many ids are asked for one by one; more are picked from a listing, which has as many in one page.
FEW_IDS = 5


@dataclass(frozen=True)
class Query:
    """Where to look, and for what.

    ``regions`` and ``project_ids`` may be ``("all",)``; no project means the account's default one. ``content`` is
    ``none``, ``certificates`` or ``all``; ``on_error`` and ``on_unreadable`` are ``fail`` or ``warn``.
    """

    regions: tuple[str, ...]
    project_ids: tuple[str, ...] = ()
    selection: Selection = field(default_factory=Selection)
    content: str = "none"
    on_error: str = "fail"
    on_unreadable: str = "warn"
    page_size: int = 100

    @property
    def scopes(self) -> list[Scope] | None:
        """Every pair of its regions and projects; ``None`` if it takes the API to tell which there are."""
        if (ALL,) in (self.regions, self.project_ids):
            return None
        return pairs(self.regions, self.project_ids or (None,))
