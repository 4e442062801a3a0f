# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subjects and issuers, as the facts have them: dictionaries of attributes, each with one value or a list of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .values import as_kind


def values_of(name: dict[str, Any] | None, attribute: str) -> list[str]:
    """Return the values of an attribute of a distinguished name: none, one or several."""
    value = (name or {}).get(attribute, [])
    return value if isinstance(value, list) else [value]


def normalized_text(text: str) -> str:
    """Normalize a value of a distinguished name: case and the number of spaces do not count (RFC 5280, 7.1)."""
    return " ".join(text.split()).casefold()


def is_among(names: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether one of the values of a distinguished name is wanted."""
    normalized = set(map(normalized_text, wanted))
    return bool(normalized) and any(normalized_text(str(name)) in normalized for name in names)


def same_name(one: Any, other: Any) -> bool | None:
    """Whether two distinguished names have the same attributes; ``None`` if one of the names is not known."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return None
    return _comparable(one) == _comparable(other)


def is_root(member: dict[str, Any]) -> bool | None:
    """Whether a certificate of a chain is a root, that is, self-signed; ``None`` if that is not known."""
    self_signed = as_kind(bool, member.get("self_signed"))
    if self_signed is None and same_name(member.get("subject"), member.get("issuer")) is False:
        return False
    return self_signed


def name_of(member: dict[str, Any]) -> str:
    """Return the name of a chain certificate for a sentence. Some old roots have no common name."""
    subject = member.get("subject") or {}
    names = (member.get("subject_cn"), subject.get("organizational_unit_name"), subject.get("organization_name"))
    return str(next(filter(None, names), "a certificate without a name"))


def _comparable(name: dict[str, Any]) -> dict[str, list[str]]:
    return {attribute: [normalized_text(str(value)) for value in values_of(name, attribute)] for attribute in name}
