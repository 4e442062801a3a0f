# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What findings are about: a certificate, a listener, a load balancer, an endpoint, or something else; and its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._audit.schema import Audit, AuditedListener
from .endpoints import label_of
from .sanitize import visible

#: Project and region; id of a certificate, and for one without id, its name; ids of a load balancer and a listener; an
#: endpoint.
SubjectKey = tuple[Any, Any, Any, Any, Any, Any, str]
#: Project and region; ids of a load balancer and a listener.
ListenerKey = tuple[Any, Any, Any, Any]
BalancerKey = tuple[Any, Any, Any]


def subject_key(item: Mapping[str, Any]) -> SubjectKey:
    """Return what a certificate, a listener or an endpoint, and the findings about it, have in common."""
    ssl_id, ssl_name = item.get("ssl_id"), item.get("ssl_name")
    if ssl_id or ssl_name:
        return (item["project_id"], item["region"], ssl_id, None if ssl_id else ssl_name, None, None, "")
    ids = (item.get("load_balancer_id"), item.get("listener_id"))
    return (item["project_id"], item["region"], None, None, *ids, visible(item.get("endpoint")))


def endpoint_subject(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """Return an endpoint with the fields that findings about it have."""
    ids = ("project_id", "region", "load_balancer_id", "listener_id")
    label = label_of(endpoint)
    return {**{name: endpoint.get(name) for name in ids}, "endpoint": label, "about": label}


def listener_key(item: Mapping[str, Any]) -> ListenerKey:
    """Return what a listener, and the findings and bindings that name it, have in common."""
    return (*balancer_key(item), item.get("listener_id"))


def balancer_key(item: Mapping[str, Any]) -> BalancerKey:
    """Return what the listeners of a load balancer, and the findings about them, have in common."""
    return (item["project_id"], item["region"], item.get("load_balancer_id"))


def is_about_endpoint(finding: Mapping[str, Any]) -> bool:
    """Whether a finding is about an endpoint. It may be one of a listener, so that it is about this as well."""
    return bool(finding.get("endpoint"))


def is_about_listener(finding: Mapping[str, Any]) -> bool:
    """Whether a finding is about a listener or a load balancer, or one of its endpoints, not about a certificate."""
    is_certificate = finding["ssl_id"] or finding["ssl_name"]
    return not is_certificate and bool(finding.get("load_balancer_id") or finding.get("listener_id"))


def ids_of(item: Mapping[str, Any]) -> list[Any]:
    """Return the ids of a load balancer and its listener, or of the load balancer alone, or of a certificate."""
    if item.get("ssl_id") or item.get("ssl_name"):
        return [item.get("ssl_id")]
    balancer, listener = item.get("load_balancer_id"), item.get("listener_id")
    return [balancer, listener] if listener else [balancer]


def other_subject(finding: Mapping[str, Any]) -> str | None:
    """Return what a finding is about if it is neither about a certificate nor about a listener alone."""
    is_listener = is_about_listener(finding) and not is_about_endpoint(finding)
    return None if finding["ssl_id"] or finding["ssl_name"] or is_listener else finding["about"]


def detail_of_subject(finding: Mapping[str, Any]) -> str:
    """Return what a finding is about besides a listener, such as a host; empty if it is about the listener itself."""
    about = finding["about"] if is_about_listener(finding) else None
    return "" if about in (None, finding.get("listener_id"), finding.get("load_balancer_id")) else visible(about)


class ListenerNames:
    """The names of the listeners and load balancers of an audit. Findings only have their ids."""

    def __init__(self, audit: Audit) -> None:
        self._listeners: dict[ListenerKey, AuditedListener] = {}
        self._balancers: dict[BalancerKey, AuditedListener] = {}
        for listener in audit.get("listeners") or ():
            self._listeners.setdefault(listener_key(listener), listener)
            self._balancers.setdefault(balancer_key(listener), listener)

    def find(self, item: Mapping[str, Any]) -> AuditedListener | None:
        """Return the listener that a finding is about; ``None`` if the audit does not have it."""
        return self._listeners.get(listener_key(item)) if item.get("listener_id") else None

    def given(self, item: Mapping[str, Any]) -> dict[str, str | None]:
        """Return the names that the platform has for its load balancer and its listener."""
        balancer = self._balancers.get(balancer_key(item)) if item.get("load_balancer_id") else None
        listener = self.find(item)
        return {
            "load_balancer_name": balancer.get("load_balancer_name") if balancer else None,
            "listener_name": listener.get("listener_name") if listener else None,
        }

    def parts(self, item: Mapping[str, Any]) -> list[str]:
        """Return the names of the load balancer and of the listener, or their ids. What is not known is left out."""
        names = self.given(item)
        kinds = ("load_balancer", "listener")
        found = (visible(names[f"{kind}_name"]) or visible(item.get(f"{kind}_id")) for kind in kinds)
        return [name for name in found if name]

    def text(self, item: Mapping[str, Any]) -> str:
        """Return the same as one text: ``shop → https-443``."""
        return " → ".join(self.parts(item))

    def subject(self, finding: Mapping[str, Any]) -> str:
        """Return the same for a finding, with what else it is about: ``shop → https-443, www.example.com``."""
        return ", ".join(filter(None, (self.text(finding), detail_of_subject(finding))))

    def label(self, item: Mapping[str, Any]) -> str:
        """Return a name for a certificate, a listener, or what a finding is about, in one line, with ids and place."""
        if is_about_endpoint(item):
            place = filter(None, map(visible, (self.text(item), item["region"], item["project_id"])))
            return f"{visible(item['endpoint'])} ({', '.join(place)})".replace(" ()", "")
        listener = "" if item.get("ssl_id") or item.get("ssl_name") else self.text(item)
        name = visible(item.get("ssl_name")) or listener or visible(item.get("about"))
        where = ", ".join(filter(None, map(visible, (ids_of(item)[-1], item["region"], item["project_id"]))))
        return f"{name} ({where})" if name and where else name or where or "all"
