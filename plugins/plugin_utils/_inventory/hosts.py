# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about certificates -> hosts of an inventory. Nothing here knows Ansible's inventory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._certificates.model import Certificate
from .._grouping import Facts

#: What hosts can be: the values of the option ``hosts_are``.
HOSTS_ARE = ("certificate", "domain", "load_balancer", "listener")

#: A record whose hosts have all variables that exist.
_EXAMPLE = {"SSLId": "ssl-1", "Domains": "example.com", "Relations": [{"LoadBalancerId": "alb-1", "ListenerId": "l-1"}]}


@dataclass
class Host:
    """A host of the inventory.

    Attributes:
        name: Its name.
        key: Makes the name unique if several hosts have the same name.
        variables: Its variables, without prefix.
        certificates: The certificates that determine its groups.
        own_values: Values by grouping criterion that override those of the certificates. A load balancer is only in
            its own group, although its certificates may be used by others as well.
    """

    name: str
    key: str
    variables: Facts
    certificates: list[Facts] = field(default_factory=list)
    own_values: dict[str, list[Any]] = field(default_factory=dict)


def create_hosts(certificates: list[Facts], hosts_are: str, *, include_wildcards: bool = False) -> list[Host]:
    """Create hosts from certificates. Each is named after its id or domain.

    Args:
        certificates: Facts about certificates.
        hosts_are: One of :data:`HOSTS_ARE`.
        include_wildcards: Whether to create hosts for wildcard domains.
    """
    if hosts_are == "certificate":
        return [_certificate_host(facts) for facts in certificates]
    if hosts_are == "domain":
        return list(_domain_hosts(certificates, include_wildcards))
    return list(_binding_hosts(certificates, hosts_are))


def variable_names(hosts_are: str) -> list[str]:
    """Return the names of the variables of hosts, without prefix."""
    (host,) = create_hosts([Certificate.from_api(_EXAMPLE, "", None).to_facts(0)], hosts_are)
    return list(host.variables)


def _certificate_host(facts: Facts) -> Host:
    name = facts["ssl_id"] or facts["ssl_name"] or "certificate"
    key = facts["ssl_id"] or "_".join(filter(None, (name, facts["region"], facts["project_id"])))
    return Host(name, key, facts, [facts])


def _domain_hosts(certificates: list[Facts], include_wildcards: bool) -> Iterator[Host]:
    by_domain: dict[str, list[tuple[bool, Facts]]] = {}
    for facts in certificates:
        is_default = any(binding["is_default"] for binding in facts["bindings"])
        for domain in facts["domains"]:
            if include_wildcards or not domain.startswith("*."):
                by_domain.setdefault(domain, []).append((is_default, facts))
    for domain, found in by_domain.items():
        served = _default_first(found)
        yield Host(domain, domain, {"domain": domain, "certificates": served}, served, {"domain": [domain]})


def _binding_hosts(certificates: list[Facts], hosts_are: str) -> Iterator[Host]:
    by_id: dict[str, list[tuple[Facts, Facts]]] = {}
    for facts in certificates:
        for binding in facts["bindings"]:
            identifier = binding[f"{hosts_are}_id"]
            if identifier is not None:
                by_id.setdefault(identifier, []).append((binding, facts))
    for identifier, found in by_id.items():
        served = _default_first([(bool(binding["is_default"]), facts) for binding, facts in found])
        variables = {**_binding_variables(*found[0], hosts_are), "certificates": served}
        own = {name: [binding[f"{name}_id"] for binding, _facts in found] for name in ("load_balancer", "listener")}
        yield Host(identifier, identifier, variables, served, own)


def _binding_variables(binding: Facts, facts: Facts, hosts_are: str) -> Facts:
    own = {name: value for name, value in binding.items() if name.startswith(("load_balancer_", f"{hosts_are}_"))}
    return {**own, "region": facts["region"], "project_id": facts["project_id"]}


def _default_first(found: list[tuple[bool, Facts]]) -> list[Facts]:
    """Return each certificate once, default certificates first, otherwise in the given order."""
    ordered = sorted(found, key=lambda item: not item[0])
    return list({id(facts): facts for _is_default, facts in ordered}.values())
