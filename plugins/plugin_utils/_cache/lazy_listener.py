# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners that are parsed on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...module_utils._listeners.model import Listener


@dataclass(frozen=True)
class LazyListener:
    """The id of a listener. The listener itself is parsed when it is needed."""

    listener_id: str | None
    parse: Callable[[], Listener]

    @classmethod
    def of(cls, listener: Listener) -> LazyListener:
        """Wrap a listener that is parsed already."""
        return cls(listener.listener_id, lambda: listener)
