# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load balancers of the demo data: those that its certificates are bound to, and a few with nothing but defects.

Everything that is not listed below is as it should be: a strict TLS policy, and the certificates that DescribeSSLV2
says are bound. Names of load balancers are used as keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..balancers import NATIVE_POLICY, application, classic, domain_policy, host_rule, listener, policy, vserver
from ..fleet import Fleet, Record
from .demo_rows import SHOP

#: The TLS policy of all listeners but those in ``_POLICIES``: TLS 1.2, and only ciphers that Mozilla recommends.
STRICT = policy(
    "sp-strict",
    "TLSv1.2",
    [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
    ],
    name="strict",
)
#: An old version and CBC; what a listener has if nobody chose a policy; static RSA.
_POLICIES = {"search": "security-tls10s", "news": NATIVE_POLICY, "forum": "security-tls12m"}
#: HTTP listeners on port 80, with the port that they redirect to (0: none).
_PLAIN_LISTENERS = {"shop-frontend": 443, "blog": 0}
#: Hosts of forwarding rules. No certificate of ``club`` covers the last of its hosts.
_HOSTS = {
    "shop-frontend": ("shop.example.com", "www.shop.example.com", "api.example.com", "static.example.com"),
    "edge": ("checkout.example.com", "login.example.com", "images.example.com"),
    "media": ("images.example.com",),
    "search": ("search.example.com",),
    "club": ("club.example.com", "www.club.example.com", "vip.club.example.com"),
    "shop-hk": ("*.shop.example.net",),
}
#: Hosts that are regular expressions: whether certificates cover them cannot be decided.
_EXPRESSIONS = {"tickets": r"(www|m)[.]tickets[.]example[.]org"}
#: SNI certificates that listeners have, but DescribeSSLV2 does not show as bound, by the name of the certificate.
_DRIFT = {"status": "jobs.example.org"}
#: Load balancers of the shop in its first region that no certificate is bound to: the id of a certificate that does
#: not exist, or none at all.
_UNBOUND = {"lottery": ["ssl-lottery1"], "staging": []}

EXPECTED: dict[str, tuple[str, ...]] = {
    "listener_tls_version": ("news/https-443", "search/https-443"),
    "listener_weak_ciphers": ("forum/https-443", "news/https-443", "search/https-443"),
    "listener_http_without_redirect": ("blog/http-80",),
    "listener_without_certificate": ("staging/https-443",),
    "listener_without_default": ("media-streams/https-443",),
    "listener_host_uncovered": ("club/https-443",),
    "listener_sni_overlap": ("edge/https-443",),
    "listener_sni_quota": ("edge",),
    "listener_certificate_unknown": ("lottery/https-443",),
    "binding_drift": ("status/https-443",),
}
"""Name of a check -> names of the load balancers and listeners that demonstrate it."""


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
    """Give each region and project the load balancers that its certificates are bound to, and the shop a few more."""
    number = 0
    for region in fleet.region_names:
        for project in fleet.project_ids:
            listing = fleet.listing(region, project)
            records = listing.records(0, len(listing))
            found = _bound(records)
            if (region, project) == (fleet.region_names[0], SHOP):
                found.update(_unbound())
            ids = {str(record["SSLName"]): str(record["SSLId"]) for record in records}
            balancers = fleet.balancers(region, project)
            balancers.policies.append(STRICT)
            for balancer_id, balancer in found.items():
                number += 1
                address = f"203.0.113.{number}"
                if balancer_id.startswith("alb-"):
                    rows = list(_application_listeners(balancer_id, balancer, ids))
                    balancers.applications.append(application(balancer_id, balancer.name, rows, addresses=[address]))
                else:
                    rows = [_classic_listener(key, item, balancer.name) for key, item in balancer.listeners.items()]
                    balancers.classics.append(classic(balancer_id, balancer.name, rows, addresses=[address]))


def _bound(records: Iterable[Record]) -> dict[str, _Balancer]:
    """Collect load balancers and listeners, by id, from the bindings of certificates."""
    found: dict[str, _Balancer] = {}
    for record in records:
        for relation in record.get("Relations") or ():
            balancer = found.setdefault(relation["LoadBalancerId"], _Balancer(relation["LoadBalancerName"]))
            item = balancer.listeners.setdefault(relation["ListenerId"], _Listener(relation["ListenerName"]))
            item.certificates.append((record["SSLId"], relation["IsDefault"]))
    return found


def _unbound() -> dict[str, _Balancer]:
    return {
        f"alb-{name}": _Balancer(name, {f"lsn-{name}": _Listener("https-443", [(ssl_id, True) for ssl_id in ids])})
        for name, ids in _UNBOUND.items()
    }


def _application_listeners(balancer_id: str, balancer: _Balancer, ids: dict[str, str]) -> Iterable[Record]:
    name = balancer.name
    hosts = [host_rule(f"rule-{name}-{index}", host) for index, host in enumerate(_HOSTS.get(name, ()))]
    if name in _EXPRESSIONS:
        hosts.append(host_rule(f"rule-{name}", _EXPRESSIONS[name], mode=None))
    drift = [(ids[_DRIFT[name]], False)] if name in _DRIFT else []
    for listener_id, item in balancer.listeners.items():
        yield listener(
            listener_id,
            item.name,
            port=item.port,
            certificates=[*item.certificates, *drift],
            policy_id=_POLICIES.get(name) or str(STRICT["SecurityPolicyId"]),
            rules=hosts,
        )
    if name in _PLAIN_LISTENERS:
        redirect_port = _PLAIN_LISTENERS[name]
        yield listener(f"lsn-plain{balancer_id[4:]}", "http-80", protocol="HTTP", port=80, redirect_port=redirect_port)


def _classic_listener(vserver_id: str, item: _Listener, name: str) -> Record:
    (ssl_id, *_others) = (ssl_id for ssl_id, _is_default in item.certificates)
    hosts = [domain_policy(f"policy-{name}-{index}", host) for index, host in enumerate(_HOSTS.get(name, ()))]
    return vserver(vserver_id, item.name, port=item.port, ssl_id=ssl_id, bound_policy=STRICT, policies=hosts)
