# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group listeners by load balancer, each with its certificates and findings.

An audit that was given no listeners only knows those that its certificates name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..._audit.schema import AuditedListener, Finding
from ..language import join, mark, say
from ..listeners import dictionaries
from ..subjects import BalancerKey, ListenerKey
from .certificates import CertificateEntry, rank_of, standing_of
from .endpoints import EndpointLine
from .findings import WORST_FIRST, FindingRow
from .listeners import TLS_TAGS, Offer
from .names import NAMELESS, ListenerLinks, key_of, role_of
from .texts import text_of

_ROLES = (mark("default"), "SNI", mark("role not known"))
#: Findings that a status does not make harmless.
_COUNTED = ("fail", "unknown")


class CertificateLine(NamedTuple):
    """A certificate of a listener. ``entry`` is ``None`` if the page does not have it."""

    role: str
    ssl_id: str
    entry: CertificateEntry | None


@dataclass
class ListenerSection:
    """A listener.

    ``offer`` is ``None`` if it is only known from certificates. ``severity`` is one of STANDINGS, the highest of its
    own, its certificates and its endpoints; empty if it was not checked and there are no findings. ``knows_served`` is
    whether its certificates are known, which is different from having none. ``tls_tags`` are what findings say about
    its TLS policy, with their severity. ``rows`` are its findings. ``endpoints`` are what its addresses really serve.
    """

    anchor: str
    listener_id: str
    name: str
    severity: str = ""
    offer: Offer | None = None
    knows_served: bool = True
    served: list[CertificateLine] = field(default_factory=list)
    rows: list[FindingRow] = field(default_factory=list)
    endpoints: list[EndpointLine] = field(default_factory=list)

    @property
    def without_default(self) -> str:
        """The severity of the finding that it has no default certificate; empty if there is none."""
        return next((row.severity for row in self._failed() if row.checks == ["listener_without_default"]), "")

    @property
    def tls_tags(self) -> list[tuple[str, str]]:
        """What findings say about its TLS policy, with their severity."""
        found = [(row.severity, say(TLS_TAGS.get(row.checks[0], ""))) for row in self._failed()]
        return [(severity, text) for severity, text in found if text]

    def _failed(self) -> list[FindingRow]:
        return [row for row in self.rows if row.status == "fail"]


@dataclass
class Balancer:
    """A load balancer. ``severity`` is the highest of its listeners, certificates and endpoints.

    ``addresses`` are addresses with where they can be reached from; ``None`` if they are not known. ``rows`` are the
    findings about itself.
    """

    anchor: str
    balancer_id: str
    name: str
    kind: str
    region: str
    project_id: str
    severity: str
    addresses: list[tuple[str, str]] | None = None
    listeners: list[ListenerSection] = field(default_factory=list)
    rows: list[FindingRow] = field(default_factory=list)


def balancers_of(
    listeners: Iterable[AuditedListener],
    entries: Iterable[CertificateEntry],
    rows: Iterable[tuple[Finding, FindingRow]],
    links: ListenerLinks,
    endpoints: Iterable[EndpointLine] = (),
) -> list[Balancer]:
    """Return load balancers by severity, the highest first, then by project, region and name."""
    entries = list(entries)
    fleet = _Fleet(links)
    own = {(entry.project_id, entry.region, entry.ssl_id): entry for entry in entries if entry.ssl_id}
    for listener, anchor in zip(listeners, links.anchors):
        fleet.add(listener, anchor, own)
    for entry in entries:
        for binding in entry.bindings:
            fleet.add_binding(binding, entry)
    for endpoint in endpoints:
        fleet.add_endpoint(endpoint)
    for finding, row in rows:
        fleet.add_finding(finding, row)
    return fleet.sorted()


class _Fleet:
    """The load balancers while they are collected."""

    def __init__(self, links: ListenerLinks) -> None:
        self._links = links
        self._balancers: dict[BalancerKey, Balancer] = {}
        self._listeners: dict[ListenerKey, ListenerSection] = {}
        self._by_anchor: dict[str, tuple[Balancer, ListenerSection]] = {}
        #: Audits of earlier versions only have the listener's id in such a finding.
        self._by_id: dict[tuple[str, str, str], ListenerSection] = {}
        #: Listeners whose own certificates are known.
        self._decided: set[ListenerKey] = set()

    def add(self, listener: AuditedListener, anchor: str, own: Mapping[tuple[str, str, str], CertificateEntry]) -> None:
        """Add a listener with its own certificates."""
        key = key_of(listener, listener["project_id"], listener["region"])
        balancer = self._balancer(key, listener)
        if balancer.addresses is None and listener.get("addresses") is not None:
            balancer.addresses = [_address(item) for item in dictionaries(listener.get("addresses"))]
        section = self._new_section(key, listener, anchor)
        section.offer = Offer.of(listener)
        section.severity = standing_of(listener)
        _count(section.severity, balancer)
        certificates = listener.get("certificates")
        section.knows_served = certificates is not None
        if section.knows_served:
            self._decided.add(key)
        for item in dictionaries(certificates):
            ssl_id = text_of(item.get("ssl_id"))
            _serve(balancer, section, CertificateLine(role_of(item), ssl_id, own.get((*key[:2], ssl_id))))

    def add_binding(self, binding: Mapping[str, Any], entry: CertificateEntry) -> None:
        """Add a listener that a certificate names, unless its own certificates are known."""
        key = key_of(binding, entry.project_id, entry.region)
        if key not in self._decided:
            balancer = self._balancer(key, binding)
            section = self._listeners.get(key) or self._new_section(key, binding, self._links.new(binding))
            _serve(balancer, section, CertificateLine(role_of(binding), entry.ssl_id, entry))

    def add_endpoint(self, endpoint: EndpointLine) -> None:
        """Add an endpoint to its listener. One without a listener on the page is left out."""
        place = self._by_anchor.get(endpoint.listener.anchor) if endpoint.listener else None
        if place:
            balancer, section = place
            section.endpoints.append(endpoint)
            _count(endpoint.severity, balancer, section)

    def add_finding(self, finding: Finding, row: FindingRow) -> None:
        """Add a finding to its listener, or else to its load balancer."""
        key = key_of(finding, finding["project_id"], finding["region"])
        section, balancer = self._listeners.get(key), self._balancers.get(key[:3])
        if row.checks == ["listener_without_default"]:
            section = section or self._by_id.get((*key[:2], row.about))
        if section:
            balancer, _section = self._by_anchor[section.anchor]
            section.rows.append(row)
        elif balancer and not key[3]:
            balancer.rows.append(row)
        else:
            return
        if row.status in _COUNTED:
            _count(row.severity, balancer, section)

    def sorted(self) -> list[Balancer]:
        """Return them in their order, and everything in them."""
        for balancer in self._balancers.values():
            balancer.listeners.sort(key=_listener_order)
            for listener in balancer.listeners:
                listener.served.sort(key=_served_order)
        return sorted(
            self._balancers.values(),
            key=lambda item: (rank_of(item.severity), item.project_id, item.region, item.name, item.balancer_id),
        )

    def _balancer(self, key: ListenerKey, item: Mapping[str, Any]) -> Balancer:
        if key[:3] not in self._balancers:
            balancer_id, name, kind = (text_of(item.get(f"load_balancer_{part}")) for part in ("id", "name", "type"))
            self._balancers[key[:3]] = Balancer(
                self._links.balancer(key[:3]),
                balancer_id,
                name or balancer_id or say(NAMELESS),
                say(kind),
                key[1],
                key[0],
                "",
            )
        return self._balancers[key[:3]]

    def _new_section(self, key: ListenerKey, item: Mapping[str, Any], anchor: str) -> ListenerSection:
        listener_id, name = (text_of(item.get(f"listener_{part}")) for part in ("id", "name"))
        section = ListenerSection(anchor, listener_id, name or listener_id or say(NAMELESS))
        # Listeners without id may have the same key.
        self._listeners.setdefault(key, section)
        self._by_id.setdefault((*key[:2], listener_id), section)
        self._balancers[key[:3]].listeners.append(section)
        self._by_anchor[anchor] = self._balancers[key[:3]], section
        return section


def _serve(balancer: Balancer, section: ListenerSection, served: CertificateLine) -> None:
    section.served.append(served)
    if served.entry:
        _count(served.entry.severity, balancer, section)


def _count(severity: str, balancer: Balancer, section: ListenerSection | None = None) -> None:
    """Raise the severity of a load balancer, and of its listener, to that of what belongs to it.

    What belongs to a listener that was not checked does not make it compliant.
    """
    balancer.severity = min(balancer.severity, severity, key=rank_of)
    if section and (section.severity or severity in WORST_FIRST):
        section.severity = min(section.severity, severity, key=rank_of)


def _address(item: Mapping[str, Any]) -> tuple[str, str]:
    where = join(filter(None, (say(text_of(item.get("network"))), text_of(item.get("operator")))))
    return text_of(item.get("address")) or say("address not known"), where


def _listener_order(listener: ListenerSection) -> tuple[Any, ...]:
    port = listener.offer.port if listener.offer else ""
    return (not port.isdecimal(), int(port) if port.isdecimal() else 0, listener.name, listener.listener_id)


def _served_order(served: CertificateLine) -> tuple[Any, ...]:
    """The default certificate, then the worst, because the page folds long lists."""
    entry = served.entry
    return (
        list(map(say, _ROLES)).index(served.role),
        # As severe as ``listener_certificate_unknown``.
        rank_of(entry.severity if entry else "medium"),
        entry.name if entry else served.ssl_id,
        entry.anchor if entry else "",
    )
