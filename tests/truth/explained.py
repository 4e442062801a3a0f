# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences that are right, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .compare import Difference
from .openssl import UNREAD


@dataclass(frozen=True)
class Explanation:
    """Why some differences of some facts are right. ``facts`` are the beginnings of their names."""

    facts: tuple[str, ...]
    reason: str
    holds: Callable[[Difference], bool]


def reason_of(difference: Difference) -> str | None:
    """Why a difference is right; ``None`` if nothing explains it."""
    return next(
        (item.reason for item in _TABLE if difference.fact.startswith(item.facts) and item.holds(difference)), None
    )


def _only_we(difference: Difference) -> bool:
    return difference.theirs is UNREAD and difference.ours is not UNREAD


def _said(*texts: str) -> Callable[[Difference], bool]:
    """Ours is null, and the reason that stands beside it has one of these texts."""
    return lambda difference: difference.ours is UNREAD and any(text in str(difference.about) for text in texts)


_TABLE: tuple[Explanation, ...] = ()
