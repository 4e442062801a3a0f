# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load balancers of the demo data: those that its certificates are bound to, with a few listeners more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..balancers import application, classic, host_rule, listener, policy, vserver
from ..fleet import Fleet, Record

#: The TLS policy of all listeners but those in ``_POLICIES``: TLS 1.2, and only ciphers that are recommended.
STRICT = policy(
    "sp-strict",
    "TLSv1.2",
    ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"],
    name="strict",
)
#: Other TLS policies, by the name of the load balancer.
_POLICIES = {"search": "security-tls10s", "news": "Default", "forum": "security-tls12m"}
#: Load balancers with an HTTP listener, and the port that it redirects to (0: none).
_PLAIN_LISTENERS = {"shop-frontend": 443, "blog": 0}


@dataclass
class _Listener:
    """A listener, as far as bindings tell: its name, and the certificates with whether they are the default one."""

    name: str
    certificates: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.name.rpartition("-")[2])


@dataclass
class _Balancer:
    name: str
    listeners: dict[str, _Listener] = field(default_factory=dict)


def add_load_balancers(fleet: Fleet) -> None:
    """Give each region and project the load balancers that its certificates are bound to."""
    number = 0
    for region in fleet.region_names:
        for project in fleet.project_ids:
            listing = fleet.listing(region, project)
            found = _balancers(listing.records(0, len(listing)))
            balancers = fleet.balancers(region, project)
            balancers.policies.append(STRICT)
            for balancer_id, balancer in found.items():
                number += 1
                address = f"203.0.113.{number}"
                if balancer_id.startswith("alb-"):
                    rows = list(_application_listeners(balancer_id, balancer))
                    balancers.applications.append(application(balancer_id, balancer.name, rows, addresses=[address]))
                else:
                    rows = [_classic_listener(key, item) for key, item in balancer.listeners.items()]
                    balancers.classics.append(classic(balancer_id, balancer.name, rows, addresses=[address]))


def _balancers(records: Iterable[Record]) -> dict[str, _Balancer]:
    """Collect load balancers and listeners, by id, from the bindings of certificates."""
    found: dict[str, _Balancer] = {}
    for record in records:
        for relation in record.get("Relations") or ():
            balancer = found.setdefault(relation["LoadBalancerId"], _Balancer(relation["LoadBalancerName"]))
            item = balancer.listeners.setdefault(relation["ListenerId"], _Listener(relation["ListenerName"]))
            item.certificates.append((record["SSLId"], relation["IsDefault"]))
    return found


def _application_listeners(balancer_id: str, balancer: _Balancer) -> Iterable[Record]:
    for listener_id, item in balancer.listeners.items():
        rules = [host_rule(f"rule-{balancer_id[4:]}", f"{balancer.name}.example.com")]
        yield listener(
            listener_id,
            item.name,
            port=item.port,
            certificates=item.certificates,
            policy_id=_POLICIES.get(balancer.name, STRICT["SecurityPolicyId"]),
            rules=rules if balancer.name.isascii() else [],
        )
    if balancer.name in _PLAIN_LISTENERS:
        redirect_port = _PLAIN_LISTENERS[balancer.name]
        yield listener(f"lsn-plain{balancer_id[4:]}", "http-80", protocol="HTTP", port=80, redirect_port=redirect_port)


def _classic_listener(vserver_id: str, item: _Listener) -> Record:
    (ssl_id, *_others) = (ssl_id for ssl_id, _is_default in item.certificates)
    return vserver(vserver_id, item.name, port=item.port, ssl_id=ssl_id, bound_policy=STRICT)
