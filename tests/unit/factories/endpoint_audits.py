# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audit with endpoints: of every verdict, with and without a listener, with unknown facts and with hostile names."""

from __future__ import annotations

from typing import Any

from .audits import EXPIRED, GOOD, INVISIBLE
from .listener_audits import HOST, HTTPS, SHOP, listeners_audit

STORE = "mozilla (certifi 2026.10.1)"
TRUSTED = {"trusted": True, "reason": None, "store": STORE, "evaluated_at": "2026-11-24T00:00:00Z"}
MODERN = {"TLSv1": False, "TLSv1.1": False, "TLSv1.2": True, "TLSv1.3": True}
_FACTS = (
    "address", "port", "server_name", "region", "project_id", "load_balancer_id", "listener_id", "ip_address",
    "reachable", "error", "error_message", "tls_version", "cipher", "alpn", "tls_versions", "covers_server_name",
    "matches_expected", "expected_fingerprints", "fingerprint", "subject", "issuer", "issuer_included", "domains",
    "not_before", "not_after", "not_after_epoch", "state", "trust", "revocation", "worst",
)  # fmt: skip


def endpoint(address: str | None, **facts: Any) -> dict[str, Any]:
    """An endpoint of which nothing but its address and port is known, with some facts."""
    return {**dict.fromkeys(_FACTS), "address": address, "port": 443, "status": "compliant", "findings": [], **facts}


def served(address: str | None, **facts: Any) -> dict[str, Any]:
    """An endpoint that serves what it should, with other facts."""
    fingerprint = f"fingerprint of {GOOD}"
    facts = {
        "server_name": HOST, "ip_address": address, "reachable": True, "tls_version": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384", "alpn": "h2", "tls_versions": MODERN, "covers_server_name": True,
        "matches_expected": True, "expected_fingerprints": [fingerprint], "fingerprint": fingerprint,
        "subject": {"common_name": "www.example.com"}, "issuer": {"common_name": "Example CA"},
        "issuer_included": True, "domains": [HOST], "not_before": "2026-11-04T00:00:00Z",
        "not_after": "2027-01-23T00:00:00Z", "not_after_epoch": 1800662400, "state": "valid", "trust": TRUSTED, **facts,
    }  # fmt: skip
    return endpoint(address, **facts)


def endpoint_finding(check: str, of: dict[str, Any], label: str, **facts: Any) -> dict[str, Any]:
    """A finding about an endpoint."""
    ids = {name: of[name] for name in ("listener_id", "load_balancer_id", "region", "project_id")}
    return {
        "check": check, "severity": "high", "status": "fail", "ssl_id": None, "ssl_name": None, **ids,
        "about": label, "endpoint": label, "title": f"Title of {check}", "detail": f"Detail of {check}.",
        "evidence": {}, "remediation": f"Remediation of {check}.", "waived": False, "waiver": None, "change": None,
        "fingerprint": f"{check}-{label}", **facts,
    }  # fmt: skip


def with_endpoints(audit: Any, endpoints: list[Any], findings: list[Any]) -> Any:
    """Add endpoints and findings about them to an audit."""
    counts = {status: sum(item["status"] == status for item in endpoints)
              for status in ("compliant", "waived", "not_compliant")}  # fmt: skip
    audit |= {"endpoints": endpoints, "findings": [*audit["findings"], *findings]}
    audit["summary"] |= {"endpoints": len(endpoints), "endpoints_by_status": counts}
    return audit


def endpoints_audit() -> Any:
    """Return the hostile audit with listeners, and with endpoints of one of them and of none."""
    place = {"listener_id": HTTPS, "load_balancer_id": SHOP, "region": "cn-bj2", "project_id": "org-a"}
    failed = {"status": "not_compliant", "worst": "high"}
    good = served("203.0.113.7", **place)
    other = served(
        "2001:db8::7", **place, **failed, matches_expected=False, fingerprint=f"fingerprint of {EXPIRED}",
        state="expired", not_after="2026-11-21T12:00:00Z", tls_versions={**MODERN, "TLSv1": True},
        revocation={"revoked": True, "reason": "keyCompromise", "checked_at": "2026-11-24T00:00:00Z"},
        trust={**TRUSTED, "trusted": False, "reason": INVISIBLE}, subject={"common_name": [INVISIBLE]},
    )  # fmt: skip
    refused = endpoint(
        "203.0.113.7", **place, status="waived", reachable=False, error="refused", error_message=INVISIBLE,
        server_name="old.example.com", expected_fingerprints=["0" * 64],
    )  # fmt: skip
    lonely = served("198.51.100.9", server_name=None, covers_server_name=None, port=8443)
    odd = endpoint(INVISIBLE, port=None, server_name=INVISIBLE, **failed)
    waiver = {"check": "*", "domain": "old.example.com", "reason": INVISIBLE, "expires": "2027-01-31T23:59:59Z"}
    v6, v4, strange = f"[2001:db8::7]:443 {HOST}", "203.0.113.7:443 old.example.com", f"[{INVISIBLE}]:? {INVISIBLE}"
    findings = [
        endpoint_finding("endpoint_other_certificate", other, v6),
        endpoint_finding("cert_revoked", other, v6, severity="critical"),
        endpoint_finding("endpoint_unreachable", refused, v4, severity="medium", waived=True, waiver=waiver),
        endpoint_finding("endpoint_unreachable", odd, strange, status="unknown", severity="medium"),
        endpoint_finding("endpoint_tls_version", odd, strange, status="unknown"),
    ]
    for item, label in ((other, v6), (refused, v4), (odd, strange)):
        item["findings"] = [found["fingerprint"] for found in findings if found["endpoint"] == label]
    return with_endpoints(listeners_audit(), [good, other, refused, lonely, odd], findings)
