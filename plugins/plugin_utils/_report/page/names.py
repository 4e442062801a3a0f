# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and anchors of certificates, listeners and load balancers on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._audit.schema import Audit, AuditedCertificate, AuditedEndpoint, AuditedListener, Finding
from ..endpoints import label_of
from ..language import mark, say
from ..listeners import protocol_of, sockets_of
from ..subjects import (
    BalancerKey,
    ListenerKey,
    ListenerNames,
    SubjectKey,
    endpoint_subject,
    is_about_endpoint,
    is_about_listener,
    subject_key,
)
from .texts import text_of

#: The name of something that has neither a name nor an id.
NAMELESS = mark("without name")
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


@dataclass(frozen=True)
class ListenerLink:
    """How a finding or a certificate refers to a listener, load balancer or endpoint: its anchor, where it listens."""

    anchor: str
    protocol: str = ""
    sockets: Sequence[str] = ()


class ListenerLinks:
    """Finds the listener, load balancer or endpoint of a finding on the page, and its name."""

    def __init__(
        self, audit: Audit, listeners: Iterable[AuditedListener], endpoints: Iterable[AuditedEndpoint] = ()
    ) -> None:
        self.names = ListenerNames(audit)
        self.anchors: list[str] = []
        self._new, self._new_balancer = Anchors("l-"), Anchors("b-")
        self._by_key: dict[ListenerKey, ListenerLink] = {}
        self._balancers: dict[BalancerKey, str] = {}
        for listener in listeners:
            key = key_of(listener, listener["project_id"], listener["region"])
            self.anchors.append(self.new(listener))
            self._by_key.setdefault(key, ListenerLink(self.anchors[-1], protocol_of(listener), sockets_of(listener)))
            self.balancer(key[:3])
        new = Anchors("e-").new
        self.endpoint_anchors: list[str] = []
        self._endpoints: dict[SubjectKey, ListenerLink] = {}
        for endpoint in endpoints:
            self.endpoint_anchors.append(new(label_of(endpoint)))
            own = self.of_endpoint(endpoint) or ListenerLink("")
            link = ListenerLink(self.endpoint_anchors[-1], own.protocol, own.sockets)
            self._endpoints.setdefault(subject_key(endpoint_subject(endpoint)), link)

    def new(self, listener: Mapping[str, Any]) -> str:
        """Return a new anchor for a listener."""
        return self._new.new(listener.get("listener_id") or listener.get("listener_name"))

    def balancer(self, key: BalancerKey) -> str:
        """Return the anchor of a load balancer."""
        if key not in self._balancers:
            self._balancers[key] = self._new_balancer.new(key[2])
        return self._balancers[key]

    def find(self, finding: Finding) -> ListenerLink | None:
        """Return the subject of a finding; ``None`` if it is not on the page, or is a certificate or something else.

        For a finding about an endpoint that is not on the page, it is the listener.
        """
        if is_about_endpoint(finding) and subject_key(finding) in self._endpoints:
            return self._endpoints[subject_key(finding)]
        return self.at(finding, finding["project_id"], finding["region"]) if is_about_listener(finding) else None

    def of_endpoint(self, endpoint: AuditedEndpoint) -> ListenerLink | None:
        """Return the listener of an endpoint; ``None`` if it has none, or it is not on the page."""
        if not endpoint.get("listener_id"):
            return None
        return self._by_key.get(key_of(endpoint, endpoint.get("project_id"), endpoint.get("region")))

    def at(self, item: Mapping[str, Any], project_id: Any, region: Any) -> ListenerLink | None:
        """Return the listener, or else the load balancer, with these ids in a project and region."""
        key = key_of(item, project_id, region)
        if key[3] or key[:3] not in self._balancers:
            return self._by_key.get(key)
        return ListenerLink(self._balancers[key[:3]])


def key_of(item: Mapping[str, Any], project_id: Any, region: Any) -> ListenerKey:
    """Return a key of texts for a listener. Without an id, the name stands for it."""
    balancer, listener = (
        text_of(item.get(f"{what}_id")) or text_of(item.get(f"{what}_name")) for what in ("load_balancer", "listener")
    )
    return (text_of(project_id), text_of(region), balancer, listener)


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
    return (say("default") if is_default else "SNI") if isinstance(is_default, bool) else say("role not known")


def binding_in_words(binding: Mapping[str, Any]) -> str:
    """``shop → https-443 (default)``."""
    balancer = text_of(binding.get("load_balancer_name")) or text_of(binding.get("load_balancer_id"))
    listener = text_of(binding.get("listener_name")) or text_of(binding.get("listener_id"))
    return say("{name} ({kind})", name=f"{balancer} → {listener}", kind=role_of(binding))
