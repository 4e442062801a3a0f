# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal audit of listeners, as they are in the API's records.

It is independent of the collection, and only has to find the defects that the demo data declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .demo_audit import Item

Record = dict[str, Any]


@dataclass(frozen=True)
class DemoListener:
    """A listener with what its load balancer, its region and its project know about it."""

    balancer: Record
    record: Record
    siblings: list[Record]
    policies: Mapping[str, Record]
    certificates: Mapping[str, Item]

    @property
    def name(self) -> str:
        return f"{self.balancer['Name']}/{self.record.get('Name') or self.record.get('VServerName')}"

    @property
    def listener_id(self) -> str:
        return str(self.record.get("ListenerId") or self.record.get("VServerId"))

    @property
    def is_application(self) -> bool:
        return "Listeners" in self.balancer

    @property
    def is_https(self) -> bool:
        return _protocol(self.record) == "HTTPS"

    @property
    def policy(self) -> Record:
        """Its TLS policy. The native one of application listeners is not in any list."""
        native = {"TLSVersion": "TLSv1", "SSLCiphers": ["ALL"]}
        return self.record.get("SecurityPolicy") or self.policies.get(self.record["SecurityPolicyId"], native)

    @property
    def served(self) -> dict[str, bool]:
        """Ids of its certificates, with whether they are the default one."""
        rows = self.record.get("Certificates") or self.record.get("SSLSet") or []
        return {row["SSLId"]: row.get("IsDefault", True) for row in rows}

    @property
    def bound(self) -> set[str]:
        """Ids of certificates that are bound to it, by the list of certificates."""
        return {
            ssl_id
            for ssl_id, item in self.certificates.items()
            if any(relation["ListenerId"] == self.listener_id for relation in item.wire["Relations"])
        }

    @property
    def hosts(self) -> list[str]:
        """Hosts that are no regular expressions."""
        conditions = [row["RuleConditions"][0]["HostConfig"] for row in self.record.get("Rules", [])]
        found = [config["Values"][0] for config in conditions if "MatchMode" in config]
        return found + [row["Match"] for row in self.record.get("PolicySet", [])]

    def names(self, ssl_id: str) -> set[str]:
        return self.certificates[ssl_id].names if ssl_id in self.certificates else set()


def findings_of_listener(listener: DemoListener) -> Iterator[str]:
    """Yield the names of the checks that a listener fails."""
    if listener.is_https:
        yield from _tls(listener)
        yield from _certificates(listener)
        yield from _names(listener)
    elif any(_protocol(record) == "HTTPS" for record in listener.siblings) and not listener.record["RedirectEnabled"]:
        yield "listener_http_without_redirect"


def _tls(listener: DemoListener) -> Iterator[str]:
    if listener.policy["TLSVersion"] != "TLSv1.2":
        yield "listener_tls_version"
    if any(not ("ECDHE" in cipher and "GCM" in cipher) for cipher in listener.policy["SSLCiphers"]):
        yield "listener_weak_ciphers"


def _certificates(listener: DemoListener) -> Iterator[str]:
    served = listener.served
    if not served:
        yield "listener_without_certificate"
    elif not any(served.values()):
        yield "listener_without_default"
    if served.keys() - listener.certificates.keys():
        yield "listener_certificate_unknown"
    elif served.keys() != listener.bound:
        yield "binding_drift"


def _names(listener: DemoListener) -> Iterator[str]:
    covered = set().union(*map(listener.names, listener.served))
    if not covered.issuperset(listener.hosts):
        yield "listener_host_uncovered"
    sni = [ssl_id for ssl_id, is_default in listener.served.items() if not is_default]
    if any(listener.names(one) & listener.names(other) for one, other in combinations(sni, 2)):
        yield "listener_sni_overlap"


def sni_certificates(balancer: Record) -> int:
    """Return the number of SNI certificates of an application load balancer."""
    return sum(not row["IsDefault"] for record in balancer["Listeners"] for row in record["Certificates"])


def _protocol(record: Record) -> str:
    return str(record.get("ListenerProtocol") or record.get("Protocol"))
