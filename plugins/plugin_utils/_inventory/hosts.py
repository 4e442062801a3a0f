# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about certificates and listeners -> hosts of an inventory. Nothing here knows Ansible's inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...module_utils._certificates.model import Certificate
from .._grouping import Facts

#: What hosts can be: the values of the option ``hosts_are``.
HOSTS_ARE = ("certificate", "domain", "load_balancer", "listener")
#: Those with hosts for listeners that have no certificate.
LISTENER_HOSTS = ("load_balancer", "listener")

#: The variables of these hosts. What several listeners of a host say differently is unknown, except for its names.
_NAMES = {
    "load_balancer": ("load_balancer_id", "load_balancer_name", "load_balancer_type"),
    "listener": ("load_balancer_id", "load_balancer_name", "load_balancer_type", "listener_id", "listener_name"),
}
_FACTS = {"load_balancer": ("addresses",), "listener": ("protocol", "port", "addresses", "tls")}
#: Values by grouping criterion of one listener of a host.
_OWN_VALUES: dict[str, Callable[[Facts], Any]] = {
    "load_balancer": lambda listener: listener["load_balancer_id"],
    "listener": lambda listener: listener["listener_id"],
    "region": lambda listener: listener["region"],
    "project": lambda listener: listener["project_id"],
    "protocol": lambda listener: listener["protocol"],
    "tls_version": lambda listener: (listener["tls"] or {}).get("minimum_version"),
}

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


class _Use(NamedTuple):
    """A listener, with a certificate that it serves. ``listener`` has the facts of a binding, and its scope."""

    listener: Facts
    certificate: Facts | None = None
    is_default: bool = False


def create_hosts(
    certificates: list[Facts], hosts_are: str, listeners: Sequence[Facts] = (), *, include_wildcards: bool = False
) -> list[Host]:
    """Create hosts from certificates and listeners. Each is named after its id or domain.

    Args:
        certificates: Facts about certificates.
        hosts_are: One of :data:`HOSTS_ARE`.
        listeners: Facts about listeners. They become hosts even without a certificate.
        include_wildcards: Whether to create hosts for wildcard domains.
    """
    if hosts_are == "certificate":
        return [_certificate_host(facts) for facts in certificates]
    if hosts_are == "domain":
        return list(_domain_hosts(certificates, include_wildcards))
    return list(_listener_hosts(certificates, listeners, hosts_are))


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


def _listener_hosts(certificates: list[Facts], listeners: Sequence[Facts], hosts_are: str) -> Iterator[Host]:
    by_id: dict[str, list[_Use]] = {}
    for use in (*_bindings(certificates), *_uses(listeners, certificates)):
        identifier = use.listener[f"{hosts_are}_id"]
        if identifier is not None:
            by_id.setdefault(identifier, []).append(use)
    for identifier, uses in by_id.items():
        found = [use.listener for use in uses]
        served = _default_first([(use.is_default, use.certificate) for use in uses if use.certificate is not None])
        variables = {name: next(_known(found, name), None) for name in _NAMES[hosts_are]}
        variables |= {name: _agreed(found, name) for name in _FACTS[hosts_are]}
        variables |= {name: found[0][name] for name in ("region", "project_id")}
        own = {criterion: list(map(value_of, found)) for criterion, value_of in _OWN_VALUES.items()}
        yield Host(identifier, identifier, {**variables, "certificates": served}, served, own)


def _bindings(certificates: Iterable[Facts]) -> Iterator[_Use]:
    """Yield what certificates say about their listeners."""
    for facts in certificates:
        scope = {"region": facts["region"], "project_id": facts["project_id"]}
        for binding in facts["bindings"]:
            yield _Use({**binding, **scope}, facts, bool(binding["is_default"]))


def _uses(listeners: Sequence[Facts], certificates: Iterable[Facts]) -> Iterator[_Use]:
    """Yield what listeners say about themselves and their certificates."""
    known = {_key(facts, facts["ssl_id"]): facts for facts in certificates} if listeners else {}
    for listener in listeners:
        yield _Use(listener)
        for served in listener["certificates"] or ():
            yield _Use(listener, known.get(_key(listener, served["ssl_id"])), bool(served["is_default"]))


def _key(facts: Facts, ssl_id: str | None) -> tuple[Any, ...]:
    return (facts["region"], facts["project_id"], ssl_id)


def _known(listeners: Iterable[Facts], name: str) -> Iterator[Any]:
    return (listener[name] for listener in listeners if listener[name] is not None)


def _agreed(listeners: Iterable[Facts], name: str) -> Any:
    """Return the value of a fact, if all that know it have the same."""
    values = list(_known(listeners, name))
    return values[0] if values and all(value == values[0] for value in values) else None


def _default_first(found: list[tuple[bool, Facts]]) -> list[Facts]:
    """Return each certificate once, default certificates first, otherwise in the given order."""
    ordered = sorted(found, key=lambda item: not item[0])
    return list({id(facts): facts for _is_default, facts in ordered}.values())
