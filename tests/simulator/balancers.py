# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of load balancers, listeners and TLS policies, as the API returns them.

Fields have the names of the reference of DescribeLoadBalancers, DescribeListeners, DescribeULB, DescribeVServer and
DescribeSecurityPoliciesV2. Fields that no client of this simulator reads, such as backends, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]

NATIVE_POLICY = "Default"
_STRONG_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
)
_STATIC_RSA_CIPHERS = ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA")
_NATIVE_CIPHERS = ("ALL", "!NULL", "!aNULL", "!DSS", "!RC4", "!RC2", "!EXP", "!LOW")
PREDEFINED, CUSTOM = 0, 1


def policy(policy_id: str, version: str, ciphers: Iterable[str], *, name: str = "", kind: int = CUSTOM) -> Record:
    """Return a TLS policy (``SecurityPolicyInfo``) with its lowest version, and ciphers by their OpenSSL names."""
    return {
        "SecurityPolicyId": policy_id,
        "SecurityPolicyName": name or policy_id,
        "SecurityPolicyType": kind,
        "TLSVersion": version,
        "SSLCiphers": list(ciphers),
        "Relations": [],
    }


def predefined_policies() -> list[Record]:
    """Return the policies that exist in every region and project."""
    lists = {"s": _STRONG_CIPHERS, "m": (*_STRONG_CIPHERS, *_STATIC_RSA_CIPHERS), "o": _NATIVE_CIPHERS}
    versions = {"12": "TLSv1.2", "11": "TLSv1.1", "10": "TLSv1"}
    return [
        policy(f"security-tls{number}{letter}", version, ciphers, kind=PREDEFINED)
        for number, version in versions.items()
        for letter, ciphers in lists.items()
        if (number, letter) != ("10", "o")
    ]


def host_rule(rule_id: str, host: str, mode: str | None = "Wildcard") -> Record:
    """Return a forwarding rule of an application listener for a host; a regular expression if ``mode`` is ``None``."""
    config: Record = {"Values": [host]}
    if mode is not None:
        config["MatchMode"] = mode
    condition = {"Type": "Host", "HostConfig": config}
    return {"RuleId": rule_id, "IsDefault": False, "RuleConditions": [condition], "RuleActions": []}


def listener(
    listener_id: str,
    name: str = "https-443",
    *,
    protocol: str = "HTTPS",
    port: int = 443,
    certificates: Iterable[tuple[str, bool]] = (),
    policy_id: str = "security-tls12s",
    redirect_port: int = 0,
    rules: Iterable[Record] = (),
    **extra: Any,
) -> Record:
    """Return a listener of an application load balancer. ``certificates`` are pairs of id and ``IsDefault``."""
    is_https = protocol == "HTTPS"
    return {
        "ListenerId": listener_id,
        "Name": name,
        "ListenerProtocol": protocol,
        "ListenerPort": port,
        "HTTP2Enabled": is_https,
        "Certificates": [{"SSLId": ssl_id, "IsDefault": is_default} for ssl_id, is_default in certificates],
        "SecurityPolicyId": policy_id if is_https else "",
        "RedirectEnabled": bool(redirect_port),
        "RedirectPort": redirect_port,
        "Rules": list(rules),
        "Remark": "",
        **extra,
    }


def application(
    balancer_id: str, name: str, listeners: Iterable[Record] = (), *, addresses: Iterable[str] = (), **extra: Any
) -> Record:
    """Return an application load balancer (``LoadBalancer``). Without ``addresses``, it is an internal one."""
    addresses = list(addresses)
    infos = [{"IP": address, "AddressType": "Internet", "OperatorName": "Bgp"} for address in addresses]
    infos = infos or [{"IP": "10.23.0.10", "AddressType": "Intranet", "OperatorName": ""}]
    return {
        "LoadBalancerId": balancer_id,
        "Name": name,
        "Type": "Application",
        "Tag": "Default",
        "Remark": "",
        "IPVersion": "IPv4",
        "IPInfos": [{**info, "IPVersion": "IPv6" if ":" in info["IP"] else "IPv4"} for info in infos],
        "VPCId": "uvnet-main",
        "SubnetId": "subnet-main",
        "Status": "Normal",
        "CreateTime": 1700000000,
        "Listeners": list(listeners),
        **extra,
    }


def vserver(
    vserver_id: str,
    name: str = "https-443",
    *,
    protocol: str = "HTTPS",
    port: int = 443,
    ssl_id: str | None = None,
    bound_policy: Record | None = None,
    forward_port: int = 0,
    policies: Iterable[Record] = (),
    **extra: Any,
) -> Record:
    """Return a listener of a classic load balancer (``ULBVServerSet``). ``policies`` are its forwarding rules."""
    record: Record = {
        "VServerId": vserver_id,
        "VServerName": name,
        "Protocol": protocol,
        "FrontendPort": port,
        "ListenType": "RequestProxy",
        "MonitorType": "Port",
        "PersistenceType": "None",
        "EnableHTTP2": 0,
        "ForwardPort": forward_port,
        "SSLSet": [{"SSLId": ssl_id}] if ssl_id else [],
        "PolicySet": list(policies),
        **extra,
    }
    if bound_policy is not None:
        shown = ("SecurityPolicyId", "SecurityPolicyName", "SecurityPolicyType", "TLSVersion", "SSLCiphers")
        record["SecurityPolicy"] = {name: bound_policy[name] for name in shown}
    return record


def domain_policy(policy_id: str, host: str, mode: str | None = "Wildcard") -> Record:
    """Return a forwarding rule of a classic listener for a host; a regular expression if ``mode`` is ``None``."""
    record: Record = {"PolicyId": policy_id, "PolicyType": "Custom", "Type": "Domain", "Match": host}
    return record if mode is None else {**record, "DomainMatchMode": mode}


def classic(
    balancer_id: str, name: str, vservers: Iterable[Record] = (), *, addresses: Iterable[str] = (), **extra: Any
) -> Record:
    """Return a classic load balancer (``ULBSet``). Without ``addresses``, it is an internal one."""
    addresses = list(addresses)
    return {
        "ULBId": balancer_id,
        "Name": name,
        "ULBType": "OuterMode" if addresses else "InnerMode",
        "Tag": "Default",
        "Remark": "",
        "ListenType": "RequestProxy",
        "IPVersion": "IPv4",
        "IPSet": [{"EIP": address, "OperatorName": "Bgp"} for address in addresses],
        "PrivateIP": "" if addresses else "10.23.0.20",
        "VPCId": "uvnet-main",
        "SubnetId": "subnet-main",
        "CreateTime": 1700000000,
        "VServerSet": [{**record, "ULBId": balancer_id} for record in vservers],
        **extra,
    }


@dataclass
class Balancers:
    """The load balancers and TLS policies of one region and project. A test may change them in place."""

    applications: list[Record] = field(default_factory=list)
    classics: list[Record] = field(default_factory=list)
    policies: list[Record] = field(default_factory=predefined_policies)
