# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What certificates and listeners say about each other.

A certificate names the listeners that use it (its bindings), and a listener names its certificates. Ids are unique in a
region and project.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .._certificates.model import Binding, Certificate
from .._certificates.selection import Selection
from .._listing.scopes import Scope
from .model import Listener
from .query import ListenerSelection

#: What a binding takes from its listener.
_FACTS = ("protocol", "port", "addresses", "tls")
_UNKNOWN = "unknown"


class Joined(NamedTuple):
    """Certificates whose bindings have the facts of their listeners, and the listeners that belong to a selection.

    Attributes:
        certificates: The certificates.
        listeners: The listeners, those that may or may not belong to it included.
        undecided: Only those that may or may not.
    """

    certificates: list[Certificate]
    listeners: list[Listener]
    undecided: list[Listener]


def join(
    selection: Selection,
    certificates: Sequence[Certificate],
    listeners: Sequence[Listener],
    unlisted: Collection[Scope] = (),
) -> Joined:
    """Join the certificates that were selected with all listeners, and select listeners.

    Args:
        selection: The conditions, see :func:`selects`.
        certificates: The certificates that they select.
        listeners: All listeners in the same scopes.
        unlisted: Where certificates could not be listed.
    """
    matches = selects(selection, certificates, unlisted)
    verdicts = [(listener, matches(listener)) for listener in listeners]
    return Joined(
        with_listeners(certificates, listeners),
        [listener for listener, verdict in verdicts if verdict is not False],
        [listener for listener, verdict in verdicts if verdict is None],
    )


def with_listeners(certificates: Iterable[Certificate], listeners: Iterable[Listener]) -> list[Certificate]:
    """Return the same certificates. Their bindings have the facts of their listeners, as far as these are known."""
    certificates = list(certificates)
    wanted = {(scope_of(item), binding.listener_id) for item in certificates for binding in item.bindings or ()}
    known: dict[tuple[Scope, str | None], dict[str, Any] | None] = {}
    for listener in listeners:
        key = (scope_of(listener), listener.listener_id)
        if key in wanted:
            # If two listeners have the same id, it is unknown which one serves the certificate.
            known[key] = None if key in known else listener.to_facts()
    return [
        item.with_bindings(
            tuple(_joined(binding, known.get((scope_of(item), binding.listener_id))) for binding in item.bindings)
        )
        if item.bindings
        else item
        for item in certificates
    ]


def selects(
    selection: Selection, certificates: Iterable[Certificate], unlisted: Collection[Scope] = ()
) -> Callable[[Listener], bool | None]:
    """Return a function that says whether a listener belongs to a selection; ``None`` if that is unknown.

    The conditions on load balancers and listeners apply to the listener itself. If there are others, it also has to
    serve a selected certificate.

    Args:
        selection: The conditions.
        certificates: The certificates that they select.
        unlisted: Where certificates could not be listed, so that others may be selected.
    """
    itself = ListenerSelection(load_balancer_ids=selection.load_balancer_ids, listener_ids=selection.listener_ids)
    if selection == Selection(load_balancer_ids=selection.load_balancer_ids, listener_ids=selection.listener_ids):
        return itself.matches
    serves = _Serving(selection, certificates, unlisted)

    def matches(listener: Listener) -> bool | None:
        verdicts = (itself.matches(listener), serves(listener))
        return False if False in verdicts else None if None in verdicts else True

    return matches


def scope_of(item: Certificate | Listener) -> Scope:
    """Return the region and project of a certificate or listener."""
    return Scope(item.region, item.project_id)


class _Serving:
    """Whether a listener serves one of the selected certificates, by what either of the two says."""

    def __init__(self, selection: Selection, certificates: Iterable[Certificate], unlisted: Collection[Scope]) -> None:
        found = list(certificates)
        self._selected = {(scope_of(item), item.ssl_id) for item in found}
        self._bound = {(scope_of(item), binding.listener_id) for item in found for binding in item.bindings or ()}
        self._unlisted = frozenset(unlisted)
        self._ids = selection.ssl_ids

    def __call__(self, listener: Listener) -> bool | None:
        scope = scope_of(listener)
        if listener.listener_id is not None and (scope, listener.listener_id) in self._bound:
            return True
        if listener.certificates is None:
            return None
        served = {certificate.ssl_id for certificate in listener.certificates}
        if any((scope, ssl_id) in self._selected for ssl_id in served):
            return True
        may_be_selected = scope in self._unlisted and bool(served if self._ids is None else served & self._ids)
        return None if may_be_selected else False


def _joined(binding: Binding, facts: dict[str, Any] | None) -> Binding:
    if facts is None or binding.listener_id is None:
        return binding
    if binding.load_balancer_id not in (None, facts["load_balancer_id"]):
        return binding  # they contradict each other
    kind = binding.load_balancer_type
    known_type = facts["load_balancer_type"] if kind == _UNKNOWN else kind
    return replace(binding, load_balancer_type=known_type, **{name: facts[name] for name in _FACTS})
