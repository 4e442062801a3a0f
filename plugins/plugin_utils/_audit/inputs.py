# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the certificates, listeners and endpoints of an audit from the data of playbooks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from ...module_utils._api.errors import OptionError
from ...module_utils._api.values import boolean, integer
from .endpoint_facts import EndpointFacts, ProbedEndpoints
from .facts import CertificateFacts, FleetFacts
from .listener_facts import ListedListeners, ListenerFacts
from .policy import Policy
from .values import all_of_kind, as_kind

_FORMS = "Give a list of certificate facts, the result of ucloud.ulb.ssl_info, or hostvars of the inventory plugin."
_LISTENER_FORMS = "Give the listeners that ucloud.ulb.ssl_info or ucloud.ulb.listener_info returns."
_ENDPOINT_FORMS = "Give the endpoints that ucloud.ulb.ssl_endpoint_info returns."
F = TypeVar("F", CertificateFacts, ListenerFacts)
#: The parts of a listing's scope that an audit repeats.
_REQUESTED = ("endpoint", "public_key", "regions", "project_ids", "selection")


def fleet_of(data: Any, policy: Policy, now: int, hostvars_prefix: str) -> FleetFacts:
    """Read certificates, listeners and endpoints, each of them once, in any form that the collection returns.

    Args:
        data: A list of facts, the result of the module, or ``hostvars`` of the inventory plugin. Only the result of
            the module, or a dictionary like it, may have listeners and endpoints.
        policy: The policy, for its expired waivers.
        now: The time of the audit.
        hostvars_prefix: The prefix of the variables in ``hostvars``.

    Raises:
        OptionError: The data has none of these forms.
    """
    is_complete = is_whole = None
    errors: Any = None
    listeners = endpoints = None
    scope: dict[str, Any] = {}
    if isinstance(data, Mapping) and isinstance(data.get("certificates"), (list, tuple)):
        facts: Iterable[Any] = data["certificates"]
        # Before ansible-core 2.19, a template with a single value returns text.
        is_complete = boolean(data.get("complete"))
        errors = data.get("errors")
        requested = as_kind(dict, data.get("scope")) or {}
        listed, total = len(data["certificates"]), integer(data.get("total_count"))
        scope = {"complete": is_complete, "certificates": listed, "total": total}
        scope.update({name: requested.get(name) for name in _REQUESTED})
        if is_complete is not None:
            # Some of the certificates may have been left out since.
            count = integer(data.get("count"))
            is_whole = is_complete and total == count and count in (None, listed)
        listeners = _listeners_of(data, as_kind(dict, requested.get("selection")) or {})
        endpoints = _endpoints_of(data.get("endpoints"))
    elif isinstance(data, Mapping):
        facts = _of_hosts(data, hostvars_prefix)
    elif isinstance(data, (list, tuple)):
        facts = data
    else:
        raise OptionError(f"certificates: {type(data).__name__} cannot be audited", hint=_FORMS)
    return FleetFacts(
        _certificates_of(facts),
        is_complete=is_complete,
        is_whole=is_whole,
        errors=all_of_kind(dict, errors),
        scope=scope,
        listeners=listeners,
        endpoints=endpoints,
        expired_waivers=[waiver.to_data() for waiver in policy.waivers if not waiver.is_valid(now)],
    )


def _of_hosts(hostvars: Mapping[str, Any], prefix: str) -> Iterator[Any]:
    """Yield the certificates of hosts. Hosts without certificates come from other inventories, and are skipped."""
    found = False
    for variables in hostvars.values():
        if not isinstance(variables, Mapping):
            continue
        if f"{prefix}certificates" in variables:
            found = True
            yield from _list_of(variables[f"{prefix}certificates"], f"{prefix}certificates")
        elif f"{prefix}ssl_id" in variables:
            found = True
            # Other variables are not read, because Ansible evaluates each variable that is read.
            yield {name[len(prefix) :]: variables[name] for name in variables if str(name).startswith(prefix)}
    if hostvars and not found:
        problem = f"no host has a variable {prefix}ssl_id or {prefix}certificates"
        if "ssl_id" in hostvars:
            problem = "the facts of one certificate are not a list"
        elif "certificates" in hostvars:
            problem = f"in the result, they are not a list but {type(hostvars['certificates']).__name__}"
        raise OptionError(f"certificates: {problem}", hint=_FORMS)


def _list_of(value: Any, name: str) -> Iterable[Any]:
    if not isinstance(value, (list, tuple)):
        raise OptionError(f"certificates: {name} of a host is not a list but {type(value).__name__}", hint=_FORMS)
    return value


def _certificates_of(facts: Iterable[Any]) -> list[CertificateFacts]:
    """Return certificates in an order that does not depend on the input. Hosts often share certificates."""
    return _each_once("certificates", "ssl_id", facts, CertificateFacts, _FORMS)


def _listeners_of(data: Mapping[str, Any], selection: Mapping[str, Any]) -> ListedListeners | None:
    """Return the listeners of a result, in an order that does not depend on the input; ``None`` if it has none."""
    rows = data.get("listeners")
    if rows is None:
        return None
    if not isinstance(rows, (list, tuple)):
        raise OptionError(f"listeners: not a list but {type(rows).__name__}", hint=_LISTENER_FORMS)
    return ListedListeners(
        _each_once("listeners", "listener_id", rows, ListenerFacts, _LISTENER_FORMS),
        is_complete=boolean(data.get("listeners_complete")),
        errors=all_of_kind(dict, data.get("listener_errors")),
        selection=map(str, selection),
    )


def _endpoints_of(rows: Any) -> ProbedEndpoints | None:
    """Return endpoints in an order that does not depend on the input; ``None`` if there are none.

    If the same endpoint was probed several times with different results, all of them are kept.
    """
    if rows is None:
        return None
    if not isinstance(rows, (list, tuple)):
        raise OptionError(f"endpoints: not a list but {type(rows).__name__}", hint=_ENDPOINT_FORMS)
    found: dict[tuple[Any, ...], EndpointFacts] = {}
    for row in rows:
        if not isinstance(row, Mapping) or "address" not in row or "reachable" not in row:
            raise OptionError(f"endpoints: {str(row)[:80]!r} was not probed", hint=_ENDPOINT_FORMS)
        item = EndpointFacts(dict(row))
        found[item.sort_key, _canonical(item)] = item
    once = [found[key] for key in sorted(found)]
    for position, item in enumerate(once):
        item.position = position
    return ProbedEndpoints(once)


def _each_once(
    what: str, id_field: str, rows: Iterable[Any], read: Callable[[dict[str, Any]], F], hint: str
) -> list[F]:
    """Return what is different among facts, sorted, and with its positions.

    Args:
        what: What it is, for a message.
        id_field: The field that all must have. Those with an id and the same sort key are the same thing.
        rows: The facts, possibly several times.
        read: Reads facts.
        hint: Which facts are valid.
    """
    found: dict[Any, list[F]] = {}
    for row in rows:
        if not isinstance(row, Mapping) or id_field not in row:
            raise OptionError(f"{what}: {str(row)[:80]!r} has no {id_field}", hint=hint)
        item = read(dict(row))
        same = found.setdefault(item.sort_key, [])
        # The same facts often occur many times in a row, once for each host.
        if not same or item.facts != same[-1].facts or not _has_id(item.facts, id_field):
            same.append(item)
    once: list[F] = []
    for key in sorted(found):
        same = found[key]
        if len(same) > 1:
            # With an id, one of them represents all. Without an id, all are kept, sorted by their facts.
            same.sort(key=_canonical)
            same = same[:1] if _has_id(same[0].facts, id_field) else same
        once += same
    for position, item in enumerate(once):
        item.position = position
    return once


def _has_id(facts: Mapping[str, Any], id_field: str) -> bool:
    return bool(as_kind(str, facts.get(id_field)))


def _canonical(item: CertificateFacts | ListenerFacts | EndpointFacts) -> str:
    return json.dumps(item.facts, sort_keys=True, default=str)
