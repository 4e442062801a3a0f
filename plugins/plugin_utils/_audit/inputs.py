# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the certificates of an audit from the data of playbooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...module_utils._api.errors import OptionError
from .facts import CertificateFacts, FleetFacts, all_of_kind, as_kind
from .policy import Policy

_FORMS = "Give a list of certificate facts, the result of ucloud.ulb.ssl_info, or hostvars of the inventory plugin."
#: The parts of a listing's scope that an audit repeats.
_REQUESTED = ("endpoint", "public_key", "regions", "project_ids", "selection")


def fleet_of(data: Any, policy: Policy, now: int, hostvars_prefix: str) -> FleetFacts:
    """Read certificates in any form that the collection returns, each certificate once.

    Args:
        data: A list of facts, the result of the module, or ``hostvars`` of the inventory plugin.
        policy: The policy, for its expired waivers.
        now: The time of the audit.
        hostvars_prefix: The prefix of the variables in ``hostvars``.

    Raises:
        OptionError: The data has none of these forms.
    """
    is_complete = is_whole = None
    errors: Any = None
    scope: dict[str, Any] = {}
    if isinstance(data, Mapping) and isinstance(data.get("certificates"), list):
        facts: Iterable[Any] = data["certificates"]
        is_complete = data.get("complete")
        errors = data.get("errors")
        requested = as_kind(dict, data.get("scope")) or {}
        scope = {"complete": is_complete, "certificates": len(data["certificates"]), "total": data.get("total_count")}
        scope.update({name: requested.get(name) for name in _REQUESTED})
        if is_complete is not None:
            is_whole = bool(is_complete) and data.get("total_count") == data.get("count")
    elif isinstance(data, Mapping):
        facts = _of_hosts(data, hostvars_prefix)
    elif isinstance(data, (list, tuple)):
        facts = data
    else:
        raise OptionError(f"certificates: {type(data).__name__} cannot be audited", hint=_FORMS)
    return FleetFacts(
        _each_once(facts),
        is_complete=is_complete,
        is_whole=is_whole,
        errors=all_of_kind(dict, errors),
        scope=scope,
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
        raise OptionError(f"certificates: no host has a variable {prefix}ssl_id or {prefix}certificates", hint=_FORMS)


def _list_of(value: Any, name: str) -> Iterable[Any]:
    if not isinstance(value, (list, tuple)):
        raise OptionError(f"certificates: {name} of a host is not a list but {type(value).__name__}", hint=_FORMS)
    return value


def _each_once(facts: Iterable[Any]) -> list[CertificateFacts]:
    """Return each certificate once, in an order that does not depend on the input. Hosts often share certificates."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for item in facts:
        if not isinstance(item, Mapping) or "ssl_id" not in item:
            raise OptionError(f"certificates: {str(item)[:80]!r} has no ssl_id", hint=_FORMS)
        copy = dict(item)
        key = CertificateFacts(copy).sort_key
        *_scope, ssl_id, _position = key
        same = found.setdefault(key, [])
        # The same facts often occur many times in a row, once for each host.
        if not ssl_id or not same or copy != same[-1]:
            same.append(copy)
    certificates = []
    for key in sorted(found):
        # With an id, one of them represents all. Without an id, all are kept, sorted by their facts.
        *_scope, ssl_id, _position = key
        if len(found[key]) == 1:
            certificates += found[key]
        elif ssl_id:
            certificates.append(min(found[key], key=_canonical))
        else:
            certificates += sorted(found[key], key=_canonical)
    return [CertificateFacts(item, position) for position, item in enumerate(certificates)]


def _canonical(facts: dict[str, Any]) -> str:
    return json.dumps(facts, sort_keys=True, default=str)
