# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audit with listeners: of every status, with unknown facts and with hostile names."""

from __future__ import annotations

from typing import Any

from .audits import EXPIRED, GOOD, INVISIBLE, hostile_audit

HTTPS = "lsn-https"
HTTP = "lsn-http"
TCP = "vserver-tcp"
ODD = "lsn-odd"
SHOP = "alb-shop"
STRANGE = "alb-strange"
HOST = "www.example.com"
ADDRESSES = [
    {"address": "203.0.113.7", "version": 4, "network": "internet", "operator": "Bgp"},
    {"address": "2001:db8::7", "version": 6, "network": "internet", "operator": None},
]
POLICY = {
    "policy_id": "security-tls10m", "policy_name": "security-tls10m", "policy_kind": "predefined",
    "minimum_version": "TLSv1", "ciphers": ["AES128-SHA"], "cipher_string": None,
}  # fmt: skip
_FACTS = (
    "listener_id", "listener_name", "load_balancer_id", "load_balancer_name", "load_balancer_type", "region",
    "project_id", "protocol", "port", "addresses", "http2", "redirects", "redirects_to_port", "tls", "hosts",
    "certificates", "worst",
)  # fmt: skip


def listener(listener_id: str, **facts: Any) -> dict[str, Any]:
    """A listener of which nothing but its id and load balancer is known, with some facts."""
    place = {"load_balancer_id": SHOP, "region": "cn-bj2", "project_id": "org-a"}
    return {
        **dict.fromkeys(_FACTS), "listener_id": listener_id, **place, "status": "compliant", "findings": [], **facts
    }  # fmt: skip


def listener_finding(check: str, of: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A finding about a listener."""
    ids = {name: of[name] for name in ("listener_id", "load_balancer_id", "region", "project_id")}
    return {
        "check": check, "severity": "high", "status": "fail", "ssl_id": None, "ssl_name": None, **ids,
        "about": of["listener_id"], "title": f"Title of {check}", "detail": f"Detail of {check}.", "evidence": {},
        "remediation": f"Remediation of {check}.", "waived": False, "waiver": None, "change": None,
        "fingerprint": f"{check}-{of['listener_id']}", **facts,
    }  # fmt: skip


def with_listeners(audit: dict[str, Any], listeners: list[Any], findings: list[Any]) -> Any:
    """Add listeners and findings about them to an audit."""
    for item in listeners:
        item["findings"] = [found["fingerprint"] for found in findings if found["listener_id"] == item["listener_id"]]
    counts = {status: sum(item["status"] == status for item in listeners)
              for status in ("compliant", "waived", "not_compliant")}  # fmt: skip
    audit |= {"listeners": listeners, "findings": [*audit["findings"], *findings]}
    audit["summary"] |= {"listeners": len(listeners), "listeners_by_status": counts, "not_checked": []}
    return audit


def listeners_audit() -> Any:
    """Return the hostile audit with listeners of two load balancers."""
    shop = {"load_balancer_name": "shop", "load_balancer_type": "application", "addresses": ADDRESSES}
    https = listener(
        HTTPS, **shop, listener_name="https-443", protocol="HTTPS", port=443, http2=True, redirects=False, tls=POLICY,
        hosts=[{"pattern": HOST, "match": "exact"}, {"pattern": "*.example.org", "match": "wildcard"},
               {"pattern": INVISIBLE, "match": "regex"}],
        certificates=[{"ssl_id": EXPIRED, "is_default": False}, {"ssl_id": GOOD, "is_default": True},
                      {"ssl_id": "ssl-elsewhere", "is_default": False}],
        status="not_compliant", worst="high",
    )  # fmt: skip
    http = listener(
        HTTP, **shop, listener_name="http-80", protocol="HTTP", port=80, http2=False, redirects=True,
        redirects_to_port=443, hosts=[], certificates=[], status="waived",
    )  # fmt: skip
    tcp = listener(
        TCP, load_balancer_id="ulb-mail", load_balancer_name="mail", load_balancer_type="classic", protocol="TCP",
        port=25, addresses=[], redirects=False, hosts=[], certificates=[],
    )  # fmt: skip
    odd = listener(
        ODD, load_balancer_id=STRANGE, load_balancer_name=INVISIBLE, listener_name=INVISIBLE, protocol="HTTPS",
        status="not_compliant", worst="medium",
    )  # fmt: skip
    waiver = {"check": "*", "listener_id": HTTP, "reason": INVISIBLE, "expires": "2027-01-31T23:59:59Z"}
    unknown = {"status": "unknown", "severity": "medium", "title": "Undecided"}
    findings = [
        listener_finding("listener_tls_version", https, evidence={"minimum_version": "TLSv1"}),
        listener_finding("listener_host_uncovered", https, about=HOST, fingerprint="host-1"),
        listener_finding("listener_host_uncovered", https, about=INVISIBLE, fingerprint="host-2"),
        listener_finding(
            "listener_sni_quota", {**https, "listener_id": None}, about=SHOP, severity="low", fingerprint="quota"
        ),
        listener_finding("listener_http_without_redirect", http, waived=True, waiver=waiver),
        listener_finding("listener_tls_version", odd, **unknown, detail="Undecided: its TLS policy is not known."),
        listener_finding(
            "listener_without_certificate", odd, **unknown, detail="Undecided: its certificates are not known."
        ),
    ]
    return with_listeners(hostile_audit(), [https, http, odd, tcp], findings)
