# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What things are called on a page, and where they stand on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .texts import text_of

#: What has neither a name nor an id.
NAMELESS = "without name"
_NO_ANCHOR = re.compile(r"[^A-Za-z0-9_-]")


class Anchors:
    """Ids of elements that are unique in the page, and the same in the next report as far as they can be."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._used: dict[str, int] = {}

    def new(self, identity: Any) -> str:
        """An id for something whose own identity is that."""
        base = self._prefix + _NO_ANCHOR.sub("-", text_of(identity))[:80]
        self._used[base] = number = self._used.get(base, 0) + 1
        # A dot stands in no identity, so that no other one can be called so.
        return base if number == 1 else f"{base}.{number}"


@dataclass(frozen=True)
class Place:
    """Where a certificate stands on the page, and which listeners serve it, in words.

    ``is_served`` is ``None`` if that is not known.
    """

    name: str
    anchor: str
    served: list[str]
    is_served: bool | None


class Places:
    """Finds the certificate that a finding is about."""

    def __init__(self, certificates: Iterable[Mapping[str, Any]]) -> None:
        anchors = Anchors("c-")
        self._by_key: dict[tuple[str, ...], list[Place]] = {}
        self.anchors: list[str] = []
        for certificate in certificates:
            anchor = anchors.new(certificate.get("ssl_id") or certificate.get("ssl_name"))
            served = [binding_in_words(binding) for binding in bindings_of(certificate)]
            bound = certificate.get("bound")
            is_served = bool(served) or (bound if isinstance(bound, bool) else None)
            place = Place(text_of(certificate.get("ssl_name")), anchor, served, is_served)
            self.anchors.append(anchor)
            self._by_key.setdefault(self.key(certificate), []).append(place)

    @staticmethod
    def key(item: Mapping[str, Any]) -> tuple[str, ...]:
        """What a finding and the certificate that it is about have in common; several ones may have no id."""
        ssl_id = text_of(item.get("ssl_id"))
        name = "" if ssl_id else text_of(item.get("ssl_name"))
        return (text_of(item.get("project_id")), text_of(item.get("region")), ssl_id, name)

    def find(self, finding: Mapping[str, Any]) -> Place | None:
        """The place of a certificate; ``None`` if the finding is about none that is listed."""
        return next(iter(self._by_key.get(self.key(finding), ())), None)


_BINDING = tuple(f"{what}_{part}" for what in ("load_balancer", "listener") for part in ("id", "name", "type"))


def bindings_of(certificate: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The bindings of a certificate, each with all its fields."""
    return mappings(certificate.get("bindings"), (*_BINDING, "is_default"))


def mappings(items: Any, fields: Iterable[str]) -> list[Mapping[str, Any]]:
    """Those items of a list that have fields; what they lack is ``None``."""
    empty = dict.fromkeys(fields)
    return [{**empty, **item} for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def role_of(binding: Mapping[str, Any]) -> str:
    """What a certificate is to a listener."""
    is_default = binding.get("is_default")
    return ("default" if is_default else "SNI") if isinstance(is_default, bool) else "role not known"


def binding_in_words(binding: Mapping[str, Any]) -> str:
    """``shop → https-443 (default)``."""
    balancer = text_of(binding.get("load_balancer_name")) or text_of(binding.get("load_balancer_id"))
    listener = text_of(binding.get("listener_name")) or text_of(binding.get("listener_id"))
    return f"{balancer} → {listener} ({role_of(binding)})"
