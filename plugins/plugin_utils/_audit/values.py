# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read values that come from outside, and may be of any type."""

from __future__ import annotations

from typing import Any, TypeVar

from ...module_utils._certificates.times import FIRST, LAST

T = TypeVar("T")


def as_kind(kind: type[T], value: Any) -> T | None:
    """Return the value if it is of this type, otherwise ``None``."""
    return value if isinstance(value, kind) else None


def as_integer(value: Any) -> int | None:
    """Return an integer, otherwise ``None``. In Python, booleans are integers."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_timestamp(value: Any) -> int | None:
    """Return seconds since 1970 that dates can represent, otherwise ``None``."""
    number = as_integer(value)
    return number if number is not None and FIRST <= number <= LAST else None


def list_of_kind(kind: type[T], value: Any) -> list[T] | None:
    """Return the items of a list that are of this type; ``None`` if the value is not a list, and so not known."""
    return [item for item in value if isinstance(item, kind)] if isinstance(value, (list, tuple)) else None


def all_of_kind(kind: type[T], value: Any) -> list[T]:
    """Return the items of a list that are of this type; empty if the value is not a list."""
    return list_of_kind(kind, value) or []


def as_verdict(value: Any, key: str) -> dict[str, Any] | None:
    """Return a dictionary with a verdict, such as ``trusted``; ``None`` for one without, which says nothing."""
    verdict = as_kind(dict, value)
    return verdict if verdict is not None and key in verdict else None
