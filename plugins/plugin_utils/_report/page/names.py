# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and anchors of certificates and listeners on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..._audit.schema import AuditedCertificate, Finding
from ..subjects import SubjectKey, subject_key
from .texts import text_of

#: The name of something that has neither a name nor an id.
NAMELESS = "without name"
_NO_ANCHOR = re.compile(r"[^A-Za-z0-9_-]")


class Anchors:
    """Makes ids of elements that are unique on the page, and if possible the same in the next report."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._used: dict[str, int] = {}

    def new(self, identity: Any) -> str:
        """Return an id for something with this identity."""
        base = self._prefix + _NO_ANCHOR.sub("-", text_of(identity))[:80]
        self._used[base] = number = self._used.get(base, 0) + 1
        # Identities have no dots here, so that no other id can be the same.
        return base if number == 1 else f"{base}.{number}"


@dataclass(frozen=True)
class CertificateLink:
    """How a finding refers to its certificate: the anchor, and in words, the listeners that serve it.

    ``is_served`` is ``None`` if that is not known.
    """

    anchor: str
    served: list[str]
    is_served: bool | None


class CertificateLinks:
    """Finds the certificate of a finding on the page. Certificates without an id may have the same key."""

    def __init__(self, certificates: Iterable[AuditedCertificate]) -> None:
        anchors = Anchors("c-")
        self._by_key: dict[SubjectKey, CertificateLink] = {}
        self.anchors: list[str] = []
        for certificate in certificates:
            anchor = anchors.new(certificate["ssl_id"] or certificate["ssl_name"])
            served = [binding_in_words(binding) for binding in bindings_of(certificate)]
            bound = certificate.get("bound")
            is_served = bool(served) or (bound if isinstance(bound, bool) else None)
            self.anchors.append(anchor)
            self._by_key.setdefault(subject_key(certificate), CertificateLink(anchor, served, is_served))

    def find(self, finding: Finding) -> CertificateLink | None:
        """Return the certificate of a finding; ``None`` if it is not on the page, or the finding has none."""
        return self._by_key.get(subject_key(finding))


_BINDING = tuple(f"{what}_{part}" for what in ("load_balancer", "listener") for part in ("id", "name", "type"))


def bindings_of(certificate: AuditedCertificate) -> list[Mapping[str, Any]]:
    """Return the bindings of a certificate, each with all fields."""
    return mappings(certificate.get("bindings"), (*_BINDING, "is_default"))


def mappings(items: Any, fields: Iterable[str]) -> list[Mapping[str, Any]]:
    """Return the dictionaries in a list, with ``None`` for missing fields."""
    empty = dict.fromkeys(fields)
    return [{**empty, **item} for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def mapping_of(value: Any) -> Mapping[str, Any]:
    """Return the value if it is a dictionary; empty otherwise."""
    return value if isinstance(value, Mapping) else {}


def role_of(binding: Mapping[str, Any]) -> str:
    """Return the role of a certificate for a listener."""
    is_default = binding.get("is_default")
    return ("default" if is_default else "SNI") if isinstance(is_default, bool) else "role not known"


def binding_in_words(binding: Mapping[str, Any]) -> str:
    """``shop → https-443 (default)``."""
    balancer = text_of(binding.get("load_balancer_name")) or text_of(binding.get("load_balancer_id"))
    listener = text_of(binding.get("listener_name")) or text_of(binding.get("listener_id"))
    return f"{balancer} → {listener} ({role_of(binding)})"
