# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of listeners that checks use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from ...module_utils._listeners.kinds import HTTPS, WITHOUT_TLS
from .messages import Message, message, phrase
from .subject import Subject
from .values import as_integer, as_kind, list_of_kind

#: Whether clients use TLS, by protocol. About others, that is not known.
_TERMINATES_TLS = {HTTPS: True, **dict.fromkeys(WITHOUT_TLS, False)}
#: Conditions that select whole load balancers. All others may leave out listeners of a load balancer.
_OF_WHOLE_BALANCERS = {"load_balancer_ids"}


class ServedCertificate(NamedTuple):
    """A certificate that a listener serves. ``is_default`` is ``None`` if that is not known."""

    ssl_id: str
    is_default: bool | None


class RuleHost(NamedTuple):
    """The host of a forwarding rule. ``match`` is ``exact``, ``wildcard`` or ``regex``."""

    pattern: str
    match: str


class ListenerFacts(Subject):
    """The facts of one listener. They come from outside: missing or malformed ones are ``None``.

    ``position`` is its position among all listeners. ``terminates_tls`` says whether clients use TLS; it is ``None`` if
    its protocol does not say that.
    """

    def __init__(self, facts: Mapping[str, Any], position: int = 0) -> None:
        self.facts = facts
        self.position = position
        self.listener_id = as_kind(str, facts.get("listener_id"))
        self.listener_name = as_kind(str, facts.get("listener_name"))
        self.load_balancer_id = as_kind(str, facts.get("load_balancer_id"))
        self.load_balancer_name = as_kind(str, facts.get("load_balancer_name"))
        self.load_balancer_type = as_kind(str, facts.get("load_balancer_type"))
        self.region = as_kind(str, facts.get("region"))
        self.project_id = as_kind(str, facts.get("project_id"))
        self.protocol = (as_kind(str, facts.get("protocol")) or "").strip().upper() or None
        self.port = as_integer(facts.get("port"))
        self.http2 = as_kind(bool, facts.get("http2"))
        self.redirects = as_kind(bool, facts.get("redirects"))
        self.redirects_to_port = as_integer(facts.get("redirects_to_port"))
        self.tls: dict[str, Any] | None = as_kind(dict, facts.get("tls"))
        self.terminates_tls = _TERMINATES_TLS.get(self.protocol or "") if self.tls is None else True

    @cached_property
    def scope(self) -> tuple[str, str]:
        """Project and region."""
        return (self.project_id or "", self.region or "")

    @property
    def sort_key(self) -> tuple[str, str, str, int, str]:
        """The sort key: project, region, load balancer, port, id."""
        return (*self.scope, self.load_balancer_id or "", self.port or 0, self.listener_id or "")

    @property
    def about(self) -> str:
        """Its id."""
        return self.listener_id or ""

    @property
    def identity(self) -> str:
        """Its id; without one, its load balancer and port."""
        return self.listener_id or f"{self.load_balancer_id} {self.port}"

    @property
    def reference(self) -> dict[str, str | None]:
        """The fields of a finding that name it."""
        return {
            "region": self.region,
            "project_id": self.project_id,
            "listener_id": self.listener_id,
            "load_balancer_id": self.load_balancer_id,
        }

    @property
    def label(self) -> Message:
        """Its name at the beginning of a sentence, with that of its load balancer."""
        return message("The listener {name} of {load_balancer}", **self._names)

    @property
    def name_in_sentence(self) -> Message:
        """Its name in a sentence, with that of its load balancer."""
        return message("the listener {name} of {load_balancer}", **self._names)

    @property
    def _names(self) -> dict[str, str]:
        name = self.listener_name or self.listener_id or message("on port {port}", port=self.port)
        return {"name": name, "load_balancer": self.load_balancer_label}

    @property
    def load_balancer_label(self) -> str:
        """The name of its load balancer in a sentence."""
        return self.load_balancer_name or self.load_balancer_id or phrase("a load balancer without a name")

    @cached_property
    def certificates(self) -> list[ServedCertificate] | None:
        """The certificates that it serves; ``None`` if not all of them are known."""
        found = []
        for item in self._rows("certificates"):
            ssl_id = item.get("ssl_id") if isinstance(item, dict) else None
            if not isinstance(ssl_id, str):
                return None
            found.append(ServedCertificate(ssl_id, as_kind(bool, item.get("is_default"))))
        return found

    @cached_property
    def hosts(self) -> list[RuleHost] | None:
        """The hosts of its forwarding rules; ``None`` if not all of them are known."""
        found = []
        for item in self._rows("hosts"):
            pattern = item.get("pattern") if isinstance(item, dict) else None
            if not isinstance(pattern, str):
                return None
            found.append(RuleHost(pattern, str(item.get("match"))))
        return found

    def _rows(self, name: str) -> Iterable[Any]:
        """Return a fact that is a list. Anything else counts as a list of something that is not known."""
        rows = self.facts.get(name)
        return rows if isinstance(rows, (list, tuple)) else (None,)

    def to_data(self) -> dict[str, Any]:
        """Return all facts as an audit includes them."""
        return {
            "listener_id": self.listener_id,
            "listener_name": self.listener_name,
            "load_balancer_id": self.load_balancer_id,
            "load_balancer_name": self.load_balancer_name,
            "load_balancer_type": self.load_balancer_type,
            "region": self.region,
            "project_id": self.project_id,
            "protocol": self.protocol,
            "port": self.port,
            "http2": self.http2,
            "redirects": self.redirects,
            "redirects_to_port": self.redirects_to_port,
            "tls": self.tls,
            "addresses": list_of_kind(dict, self.facts.get("addresses")),
            "hosts": list_of_kind(dict, self.facts.get("hosts")),
            "certificates": list_of_kind(dict, self.facts.get("certificates")),
        }


class LoadBalancerFacts(Subject):
    """A load balancer with those of its listeners that were listed."""

    def __init__(self, listeners: list[ListenerFacts]) -> None:
        first = listeners[0]
        self.listeners = listeners
        self.load_balancer_id = first.load_balancer_id
        self.region, self.project_id = first.region, first.project_id

    @property
    def about(self) -> str:
        """Its id."""
        return self.load_balancer_id or ""

    @property
    def reference(self) -> dict[str, str | None]:
        """The fields of a finding that name it."""
        return {**super().reference, "load_balancer_id": self.load_balancer_id}

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return self.listeners[0].load_balancer_label

    @cached_property
    def https_ports(self) -> list[int | None]:
        """The ports of its HTTPS listeners; ``None`` for one whose port is not known."""
        return [listener.port for listener in self.listeners if listener.protocol == HTTPS]

    def has_unknown_protocol_besides(self, listener: ListenerFacts) -> bool:
        """Whether the protocol of another of its listeners is not known."""
        return self._unknown_protocols > (listener.protocol is None)

    @cached_property
    def _unknown_protocols(self) -> int:
        return sum(listener.protocol is None for listener in self.listeners)

    @property
    def load_balancer_type(self) -> str | None:
        """Its type, if any listener says so."""
        return next(filter(None, (listener.load_balancer_type for listener in self.listeners)), None)


class ListedListeners:
    """All listeners of an audit.

    Attributes:
        items: The listeners.
        is_complete: Whether every listing succeeded; ``None`` if the input does not say.
        errors: The errors of the listings.
        selection: The names of the conditions by which they were selected.
    """

    def __init__(
        self,
        items: list[ListenerFacts],
        *,
        is_complete: bool | None = None,
        errors: Iterable[dict[str, Any]] = (),
        selection: Iterable[str] = (),
    ) -> None:
        self.items = items
        self.errors = list(errors)
        self.is_complete = False if self.errors else is_complete
        self.selection = frozenset(selection)

    @property
    def is_whole(self) -> bool:
        """Whether these are known to be all listeners: the listing is complete and without selection."""
        return self.is_complete is True and not self.selection

    @property
    def has_whole_balancers(self) -> bool:
        """Whether the load balancers are known to have no other listeners.

        The module lists a load balancer with all its listeners, or not at all. So failures do not matter, as long as
        they were reported, only selections.
        """
        return self.is_complete is not None and self.selection <= _OF_WHOLE_BALANCERS

    @cached_property
    def by_id(self) -> dict[str, ListenerFacts]:
        """Listeners by their id."""
        return {item.listener_id: item for item in self.items if item.listener_id}

    @cached_property
    def shared_ids(self) -> set[str]:
        """Ids of listeners that several regions or projects have."""
        known = self.by_id
        listed = (item for item in self.items if item.listener_id)
        return {str(item.listener_id) for item in listed if known[str(item.listener_id)].scope != item.scope}

    def may_have(self, listener_id: str, region: str | None) -> bool:
        """Whether this may be one of them. One whose region is not known may be in any."""
        item = self.by_id.get(listener_id)
        if item is None or region is None or item.region in (region, None):
            return item is not None
        return not self._places_of_shared_ids.isdisjoint(((region, listener_id), (None, listener_id)))

    @cached_property
    def _places_of_shared_ids(self) -> set[tuple[str | None, str | None]]:
        return {(item.region, item.listener_id) for item in self.items if item.listener_id in self.shared_ids}

    @cached_property
    def load_balancers(self) -> dict[tuple[str, str, str], LoadBalancerFacts]:
        """Load balancers by project, region and id. Listeners whose load balancer is not known are left out."""
        groups: dict[tuple[str, str, str], list[ListenerFacts]] = {}
        for item in self.items:
            if item.load_balancer_id:
                groups.setdefault((*item.scope, item.load_balancer_id), []).append(item)
        return {key: LoadBalancerFacts(group) for key, group in groups.items()}

    def load_balancer_of(self, listener: ListenerFacts) -> LoadBalancerFacts | None:
        """Return the load balancer of a listener; ``None`` if it is not known."""
        return self.load_balancers.get((*listener.scope, listener.load_balancer_id or ""))
