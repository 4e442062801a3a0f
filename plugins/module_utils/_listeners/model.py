# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A listener of a load balancer: from the API's record to the model to Ansible facts.

Application load balancers (ALB) and classic ones (CLB) have different records. Every field of a record is optional, may
be null, and may be a number or boolean in a string. Records of classic listeners include certificates with their
private keys; only the ids of these are read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .._api.redaction import read_name
from .._api.values import boolean, integer, port_number, text
from .kinds import APPLICATION, CLASSIC, HTTPS, WITHOUT_HOSTS, WITHOUT_TLS
from .tls_policy import TlsPolicy

_NETWORKS = {"internet": "internet", "intranet": "intranet", "outermode": "internet", "innermode": "intranet"}
_HOST_NAME = re.compile("[0-9A-Za-z_-]+(?:[.][0-9A-Za-z_-]+)*")


@dataclass(frozen=True)
class Address:
    """An IP address of a load balancer. ``network`` is ``internet`` or ``intranet``."""

    address: str
    version: int
    network: str | None
    operator: str | None


@dataclass(frozen=True)
class HostPattern:
    """The host name of a forwarding rule. ``match`` is ``exact``, ``wildcard`` or ``regex``."""

    pattern: str
    match: str


@dataclass(frozen=True)
class ListenerCertificate:
    """A certificate that a listener serves."""

    ssl_id: str
    is_default: bool | None


@dataclass(frozen=True)
class Listener:
    """One listener. Unknown values are ``None``.

    Attributes:
        load_balancer_type: ``application`` or ``classic``.
        protocol: As the platform names it, such as HTTPS.
        redirects: Whether it redirects clients to another port.
        redirects_to_port: The port to which it redirects.
        tls: Its policy; ``None`` unless it terminates TLS.
        hosts: Host names of its forwarding rules.
    """

    listener_id: str | None
    listener_name: str | None
    load_balancer_id: str | None
    load_balancer_name: str | None
    load_balancer_type: str
    region: str
    project_id: str | None
    protocol: str | None
    port: int | None
    addresses: tuple[Address, ...] | None
    http2: bool | None
    redirects: bool | None
    redirects_to_port: int | None
    tls: TlsPolicy | None
    hosts: tuple[HostPattern, ...] | None
    certificates: tuple[ListenerCertificate, ...] | None

    @property
    def sort_key(self) -> tuple[str, str, str, int, str]:
        """The sort key of listeners in all lists: project, region, load balancer, port and id."""
        return (
            self.project_id or "",
            self.region,
            self.load_balancer_id or "",
            self.port or 0,
            self.listener_id or "",
        )

    def with_policy(self, policies: Mapping[str | None, TlsPolicy]) -> Listener:
        """Return the same listener with its complete TLS policy, if ``policies`` has the id of its policy."""
        policy_id = self.tls.policy_id if self.tls else None
        known = policies.get(policy_id) if policy_id else None
        # Records of classic listeners have the whole policy.
        return self if known in (None, self.tls) else replace(self, tls=known)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Listener:
        """Return the listener that has these facts, the result of :meth:`to_facts`."""
        tls = facts["tls"]
        rows = {"addresses": Address, "hosts": HostPattern, "certificates": ListenerCertificate}
        read = {
            name: None if facts[name] is None else tuple(row(**values) for values in facts[name])
            for name, row in rows.items()
        }
        return cls(**{**facts, **read, "tls": None if tls is None else TlsPolicy.from_facts(tls)})

    def to_facts(self) -> dict[str, Any]:
        """Return the facts for playbooks."""
        facts = {name: getattr(self, name) for name in _PLAIN_FACTS}
        facts["tls"] = self.tls.to_facts() if self.tls else None
        for name in ("addresses", "hosts", "certificates"):
            values = getattr(self, name)
            facts[name] = None if values is None else [asdict(value) for value in values]
        return facts


_PLAIN_FACTS = (
    "listener_id",
    "listener_name",
    "load_balancer_id",
    "load_balancer_name",
    "load_balancer_type",
    "region",
    "project_id",
    "protocol",
    "port",
    "http2",
    "redirects",
    "redirects_to_port",
)


@dataclass(frozen=True)
class LoadBalancer:
    """A load balancer. Its ``listeners`` are ``None`` if its record does not contain them."""

    load_balancer_id: str | None
    load_balancer_name: str | None
    load_balancer_type: str
    region: str
    project_id: str | None
    addresses: tuple[Address, ...] | None
    listeners: tuple[Listener, ...] | None = None

    @classmethod
    def from_application(cls, record: Mapping[str, Any], region: str, project_id: str | None) -> LoadBalancer:
        """Read a LoadBalancer of DescribeLoadBalancers."""
        rows = _rows(record.get("IPInfos"))
        found = cls(
            load_balancer_id=read_name(record.get("LoadBalancerId")),
            load_balancer_name=read_name(record.get("Name")),
            load_balancer_type=APPLICATION,
            region=region,
            project_id=project_id,
            addresses=None if rows is None else _addresses((row.get("IP"), row) for row in rows),
        )
        return found._with_rows(record.get("Listeners"))

    @classmethod
    def from_classic(cls, record: Mapping[str, Any], region: str, project_id: str | None) -> LoadBalancer:
        """Read a ULBSet of DescribeULB."""
        found = cls(
            load_balancer_id=read_name(record.get("ULBId")),
            load_balancer_name=read_name(record.get("Name")) or read_name(record.get("ULBName")),
            load_balancer_type=CLASSIC,
            region=region,
            project_id=project_id,
            addresses=_classic_addresses(record),
        )
        return found._with_rows(record.get("VServerSet"))

    def read_listener(self, record: Mapping[str, Any]) -> Listener:
        """Read the record of one of its listeners: a Listener if it is an application load balancer, else a VServer."""
        if self.load_balancer_type == APPLICATION:
            return self._application_listener(record)
        return self._classic_listener(record)

    def _with_rows(self, value: Any) -> LoadBalancer:
        rows = _rows(value)
        return self if rows is None else replace(self, listeners=tuple(map(self.read_listener, rows)))

    def _application_listener(self, record: Mapping[str, Any]) -> Listener:
        """Read a Listener. The reference spells two fields differently in its table and in its example."""
        protocol = _protocol(record.get("ListenerProtocol")) or _protocol(record.get("ListenProtocol"))
        redirects = boolean(record.get("RedirectEnabled"))
        return self._listener(
            protocol,
            listener_id=read_name(record.get("ListenerId")),
            listener_name=read_name(record.get("Name")),
            port=port_number(record.get("ListenerPort")) or port_number(record.get("ListenPort")),
            http2=boolean(record.get("HTTP2Enabled")),
            redirects=redirects,
            redirects_to_port=port_number(record.get("RedirectPort")) if redirects else None,
            tls=TlsPolicy.by_id(read_name(record.get("SecurityPolicyId"))) if protocol == HTTPS else None,
            hosts=_rule_hosts(record.get("Rules")),
            certificates=_certificates(record.get("Certificates")),
        )

    def _classic_listener(self, record: Mapping[str, Any]) -> Listener:
        """Read a VServer, but not the private keys in its SSLSet."""
        protocol = _protocol(record.get("Protocol"))
        forward = integer(record.get("ForwardPort"))
        served = _certificates(record.get("SSLSet"))
        return self._listener(
            protocol,
            listener_id=read_name(record.get("VServerId")),
            listener_name=read_name(record.get("VServerName")),
            port=port_number(record.get("FrontendPort")),
            http2=boolean(record.get("EnableHTTP2")),
            redirects=None if forward is None else forward > 0,
            redirects_to_port=port_number(forward),
            tls=TlsPolicy.from_api(record.get("SecurityPolicy")) if protocol == HTTPS else None,
            hosts=_policy_hosts(record.get("PolicySet")),
            certificates=_sole_is_default(served),
        )

    def _listener(
        self,
        protocol: str | None,
        *,
        hosts: tuple[HostPattern, ...] | None,
        certificates: tuple[ListenerCertificate, ...] | None,
        **fields: Any,
    ) -> Listener:
        """Create a listener. Values that its protocol excludes are known to be absent, whatever the API returned."""
        return Listener(
            load_balancer_id=self.load_balancer_id,
            load_balancer_name=self.load_balancer_name,
            load_balancer_type=self.load_balancer_type,
            region=self.region,
            project_id=self.project_id,
            protocol=protocol,
            addresses=self.addresses,
            hosts=() if not hosts and protocol in WITHOUT_HOSTS else hosts,
            certificates=() if not certificates and protocol in WITHOUT_TLS else certificates,
            **fields,
        )


def _rows(value: Any) -> list[Mapping[str, Any]] | None:
    """Return a list of objects; ``None`` for anything else."""
    if not isinstance(value, list):
        return None
    for item in value:
        if not isinstance(item, dict):
            return None
    return value


def _protocol(value: Any) -> str | None:
    return (read_name(value) or "").strip().upper() or None


def _addresses(found: Iterable[tuple[Any, Mapping[str, Any]]]) -> tuple[Address, ...] | None:
    """Read addresses, each with the row that describes it. Return ``None`` if one of them is not an address."""
    addresses = []
    for value, row in found:
        try:
            address = ipaddress.ip_address((text(value) or "").strip())
        except ValueError:
            return None
        network = _NETWORKS.get((text(row.get("AddressType")) or "").strip().lower())
        addresses.append(Address(str(address), address.version, network, read_name(row.get("OperatorName"))))
    return tuple(addresses)


def _classic_addresses(record: Mapping[str, Any]) -> tuple[Address, ...] | None:
    """Read the internet addresses (``IPSet``) and the internal address (``PrivateIP``) of a classic load balancer."""
    rows = _rows(record.get("IPSet"))
    internal = text(record.get("PrivateIP"))
    kind = record.get("ULBType")
    is_internal = _NETWORKS.get((text(kind) or "").strip().lower()) == "intranet"
    if rows is None and not (internal and is_internal and record.get("IPSet") is None):
        # Other load balancers have internet addresses, and these were not read.
        return None
    external = [(row.get("EIP"), {**row, "AddressType": kind or "Internet"}) for row in rows or ()]
    private = [(internal, {"AddressType": "Intranet"})] if internal else []
    return _addresses([*external, *private])


def _certificates(value: Any) -> tuple[ListenerCertificate, ...] | None:
    """Read the certificates of a listener. Return ``None`` if they are absent, or if one of them has no id."""
    rows = _rows(value)
    if rows is None:
        return None
    found = [(read_name(row.get("SSLId")), boolean(row.get("IsDefault"))) for row in rows]
    known = tuple(ListenerCertificate(ssl_id, is_default) for ssl_id, is_default in found if ssl_id)
    return known if len(known) == len(rows) else None


def _sole_is_default(served: tuple[ListenerCertificate, ...] | None) -> tuple[ListenerCertificate, ...] | None:
    """Mark the certificate of a classic listener as the default if it is the only one: all clients get it."""
    if served is None or len(served) != 1:
        return served
    return (replace(served[0], is_default=True),)


def _rule_hosts(value: Any) -> tuple[HostPattern, ...] | None:
    """Read the hosts in the rules of an application listener. ``HostConfig`` may be an object or a list of one."""
    rules = _rows(value)
    if rules is None:
        return None
    patterns: list[HostPattern] = []
    for rule in rules:
        if boolean(rule.get("IsDefault")):
            # It applies to whatever no other rule applies to, and has no conditions.
            continue
        conditions = _rows(rule.get("RuleConditions"))
        if conditions is None:
            return None
        for condition in conditions:
            found = _condition_hosts(condition)
            if found is None:
                return None
            patterns += found
    return tuple(dict.fromkeys(patterns))


def _condition_hosts(condition: Mapping[str, Any]) -> list[HostPattern] | None:
    """Return the hosts of a condition: none if it is about something else, ``None`` if they are unknown."""
    kind = _kind(condition)
    if kind != "host":
        return None if kind is None else []
    config = condition.get("HostConfig")
    patterns = []
    for item in config if isinstance(config, list) else [config]:
        fields = item if isinstance(item, Mapping) else {}
        values = fields.get("Values")
        for value in values if isinstance(values, list) else [values]:
            host = read_name(value)
            if host is None:
                return None
            patterns.append(_pattern(host, fields.get("MatchMode")))
    return patterns or None


def _policy_hosts(value: Any) -> tuple[HostPattern, ...] | None:
    """Read the hosts in the content forwarding rules of a classic listener."""
    policies = _rows(value)
    if policies is None:
        return None
    patterns = []
    for policy in policies:
        kind, host = _kind(policy), read_name(policy.get("Match"))
        if kind == "domain" and host is not None:
            patterns.append(_pattern(host, policy.get("DomainMatchMode")))
        elif kind in ("domain", None) and not _is_default_policy(policy):
            return None
    return tuple(dict.fromkeys(patterns))


def _is_default_policy(policy: Mapping[str, Any]) -> bool:
    """Whether a rule applies to what no other rule applies to. Its other fields are empty."""
    return (text(policy.get("PolicyType")) or "").strip().lower() == "default" and not policy.get("Match")


def _kind(rule: Mapping[str, Any]) -> str | None:
    """Return what a rule compares; ``None`` if that is unknown."""
    return (text(rule.get("Type")) or "").strip().lower() or None


def _pattern(host: str, mode: Any) -> HostPattern:
    """Return a host with the way it is matched. By default it is a regular expression, but often a plain host name.

    A wildcard may also be written without its asterisk: ``.example.com`` and ``www.example.``.
    """
    name = host.strip()
    is_wildcard = (text(mode) or "").strip().lower() == "wildcard"
    if is_wildcard and ("*" in name or name.startswith(".") or name.endswith(".")):
        return HostPattern(name, "wildcard")
    if is_wildcard or _HOST_NAME.fullmatch(name):
        return HostPattern(name, "exact")
    return HostPattern(name, "regex")
