# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What playbooks have of certificates -> the fleet of an audit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...module_utils._api.errors import OptionError
from .facts import Certificate, Fleet, all_of_kind, as_kind
from .policy import Policy


def fleet_of(data: Any, policy: Policy, now: int, hostvars_prefix: str) -> Fleet:
    """Read certificates in any of the forms in which the collection gives them, each certificate once.

    That is a list of facts, the result of the module, or variables of hosts of the inventory plugin by host.

    :raises OptionError: it is none of these.
    """
    is_complete = is_whole = None
    errors: Any = None
    scope: dict[str, Any] = {}
    if isinstance(data, Mapping) and isinstance(data.get("certificates"), list):
        facts: Iterable[Any] = data["certificates"]
        is_complete = data.get("complete")
        errors = data.get("errors")
        asked = as_kind(dict, data.get("scope")) or {}
        scope = {"complete": is_complete, "certificates": len(data["certificates"]), "total": data.get("total_count")}
        scope.update({name: asked.get(name) for name in _ASKED})
        if is_complete is not None:
            is_whole = bool(is_complete) and data.get("total_count") == data.get("count")
    elif isinstance(data, Mapping):
        facts = _of_hosts(data, hostvars_prefix)
    elif isinstance(data, (list, tuple)):
        facts = data
    else:
        raise OptionError(f"certificates: {type(data).__name__} is not what can be audited", hint=_FORMS)
    return Fleet(
        _each_once(facts),
        is_complete=is_complete,
        is_whole=is_whole,
        errors=all_of_kind(dict, errors),
        scope=scope,
        expired_waivers=[waiver.to_data() for waiver in policy.waivers if not waiver.holds(now)],
    )


_FORMS = "Give a list of certificates' facts, the result of ucloud.ulb.ssl_info, or hostvars of the inventory plugin."


_ASKED = ("endpoint", "public_key", "regions", "project_ids", "selection")


def _of_hosts(hostvars: Mapping[str, Any], prefix: str) -> Iterator[Any]:
    """The certificates of hosts; hosts that have none are other ones, and passed over."""
    found = False
    for variables in hostvars.values():
        if not isinstance(variables, Mapping):
            continue
        if f"{prefix}certificates" in variables:
            found = True
            yield from _list_of(variables[f"{prefix}certificates"], f"{prefix}certificates")
        elif f"{prefix}ssl_id" in variables:
            found = True
            # Other variables are left alone: Ansible evaluates each one that is looked at.
            yield {name[len(prefix) :]: variables[name] for name in variables if str(name).startswith(prefix)}
    if hostvars and not found:
        raise OptionError(f"certificates: no host has a variable {prefix}ssl_id or {prefix}certificates", hint=_FORMS)


def _list_of(value: Any, name: str) -> Iterable[Any]:
    if not isinstance(value, (list, tuple)):
        raise OptionError(f"certificates: {name} of a host is {type(value).__name__}, and no list", hint=_FORMS)
    return value


def _each_once(facts: Iterable[Any]) -> list[Certificate]:
    """Certificates in an order that does not depend on that of the input; hosts often have the same ones."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for item in facts:
        if not isinstance(item, Mapping) or "ssl_id" not in item:
            raise OptionError(f"certificates: {str(item)[:80]!r} has no ssl_id", hint=_FORMS)
        copy = dict(item)
        key = Certificate(copy).key
        *_scope, ssl_id, _position = key
        same = found.setdefault(key, [])
        # The same facts often come many times in a row, once for each host.
        if not ssl_id or not same or copy != same[-1]:
            same.append(copy)
    certificates = []
    for key in sorted(found):
        # Without an id they are told apart by what they say; with one, the first stands for all.
        *_scope, ssl_id, _position = key
        if len(found[key]) == 1:
            certificates += found[key]
        elif ssl_id:
            certificates.append(min(found[key], key=_canonical))
        else:
            certificates += sorted(found[key], key=_canonical)
    return [Certificate(item, position) for position, item in enumerate(certificates)]


def _canonical(facts: dict[str, Any]) -> str:
    return json.dumps(facts, sort_keys=True, default=str)
