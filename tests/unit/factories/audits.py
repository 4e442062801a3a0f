# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits of facts that are hostile wherever they come from outside."""

from __future__ import annotations

import copy
import functools
from typing import Any

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy

NOW = 1795478400
NOW_TEXT = "2026-11-24T00:00:00Z"
DAY = 86400

#: Characters that have a meaning in at least one format.
HOSTILE = (
    "=cmd|'/C calc'!A0 <script>alert(1)</script> \" ' &amp; `a` ``b`` \\| \\ *b* _i_ ~s~ [l](https://evil.example)"
    " ![i](x) <https://evil.example> www.evil.example a@evil.example @all #1 !2 :tada: {{ 7*7 }} {% raw %} {0} %s $x$"
    " 证书"
)
#: HOSTILE with invisible characters, and as reports show it.
INVISIBLE = f"{HOSTILE} a\r\nb\tc \x00\x1b[31m\x85\u202e\u2066\u200b\ufeff\ufffe {'x' * 1000}"
SHOWN = f"{HOSTILE} a b c \ufffd\ufffd[31m \ufffd\ufffd\ufffd\ufffd\ufffd {'x' * 1000}"

EXPIRED = "ssl-expired"
WAIVED = "ssl-waived"
UNREADABLE = "ssl-unreadable"
GOOD = "ssl-good"
RENEWED = "ssl-renewed"


def certificate(ssl_id: str | None, name: Any, days_left: float = 60, **facts: Any) -> dict[str, Any]:
    """Facts of a certificate without findings."""
    begin, end = NOW - 20 * DAY, NOW + int(days_left * DAY)
    return {
        "ssl_id": ssl_id,
        "ssl_name": name,
        "source": "ulb",
        "region": "cn-bj2",
        "project_id": "org-a",
        "domains": [f"{ssl_id}.example.com"],
        "domains_from": "certificate",
        "created_at": NOW_TEXT,
        "created_at_epoch": NOW - DAY,
        "not_before": "2026-11-04T00:00:00Z",
        "not_before_epoch": begin,
        "not_after": "whenever",
        "not_after_epoch": end,
        "validity_from": "certificate",
        "bound": True,
        "bindings": [],
        "private_key_stored": True,
        "key_matches": True,
        "x509": {
            "subject": {"common_name": f"{ssl_id}.example.com"},
            "issuer": {"common_name": "Example CA"},
            "serial_number": f"0x{len(ssl_id or '')}",
            "public_key": {"type": "EC", "size": 256, "curve": "secp256r1", "exponent": None},
            "signature_algorithm": "ecdsa-with-SHA256",
            "signature_hash": "sha256",
            "subject_alt_names": [f"DNS:{ssl_id}.example.com"],
            "extended_key_usage": ["serverAuth"],
            "is_ca": False,
            "self_signed": False,
            "issuer_included": True,
            "unread_certificates": 0,
            "embedded_scts": 2,
            "fingerprints": {"sha256": f"fingerprint of {ssl_id}"},
            "spki_sha256": f"key of {ssl_id}",
            "chain": [
                {
                    "subject": {"common_name": "Example CA"},
                    "subject_cn": "Example CA",
                    "issuer": {"common_name": "Example Root"},
                    "issuer_cn": "Example Root",
                    "not_after": "2036-11-24T00:00:00Z",
                    "signature_algorithm": "ecdsa-with-SHA256",
                    "signature_hash": "sha256",
                    "self_signed": False,
                    "is_ca": True,
                    "issuer_included": False,
                    "issued_previous": True,
                }
            ],
        },
        "x509_error": None,
        **facts,
    }


def _facts() -> list[dict[str, Any]]:
    expired = certificate(EXPIRED, INVISIBLE, -2.5, domains=["*.example.com", INVISIBLE])
    expired["x509"]["issuer"] = expired["x509"]["chain"][0]["subject"] = {"common_name": [INVISIBLE, "Example CA"]}
    expired["bindings"] = [
        {"load_balancer_id": "alb-1", "load_balancer_name": INVISIBLE, "listener_id": INVISIBLE,
         "listener_name": INVISIBLE, "is_default": False},
    ]  # fmt: skip
    waived = certificate(WAIVED, "waived")
    waived["x509"]["self_signed"] = True
    unreadable = certificate(UNREADABLE, "=1+1", x509=None, x509_error=INVISIBLE, not_after_epoch=None, not_before=None)
    # If it were bound, it might cover an expected domain.
    unreadable |= {"not_before_epoch": None, "bound": False}
    return [
        expired,
        waived,
        unreadable,
        certificate(GOOD, "good"),
        certificate(None, None, 60, region=None, project_id=None),
        certificate(None, None, 50, region=None, project_id=None),
    ]


POLICY: dict[str, Any] = {
    "checks": {"cert_domain_uncovered": {"expected_domains": [INVISIBLE]}, "cert_internal_name": False},
    "waivers": [
        {"check": "cert_self_signed", "ssl_id": WAIVED, "reason": INVISIBLE, "expires": "2027-01-31"},
        {"check": "*", "name": INVISIBLE, "reason": "gone", "expires": "2026-01-31"},
    ],
}


def listener(listener_id: str, name: str, version: str = "TLSv1.2", **facts: Any) -> dict[str, Any]:
    """Facts of a listener that serves the good certificate: without findings if it only allows TLS 1.2."""
    return {
        "listener_id": listener_id,
        "listener_name": name,
        "load_balancer_id": "alb-1",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "region": "cn-bj2",
        "project_id": "org-a",
        "protocol": "HTTPS",
        "port": 443,
        "addresses": [{"address": "203.0.113.7", "version": 4, "network": "internet", "operator": "Bgp"}],
        "http2": True,
        "redirects": False,
        "redirects_to_port": None,
        "tls": {
            "policy_id": "sp-1",
            "policy_name": "strict",
            "policy_kind": "custom",
            "minimum_version": version,
            "ciphers": ["ECDHE-ECDSA-AES128-GCM-SHA256"],
            "cipher_string": None,
        },
        "hosts": [{"pattern": f"{GOOD}.example.com", "match": "exact"}],
        "certificates": [{"ssl_id": GOOD, "is_default": True}],
        **facts,
    }


def _audit(facts: list[dict[str, Any]], rules: dict[str, Any], baseline: Any = None, **more: Any) -> Any:
    policy = Policy.from_data(rules)
    data = {"certificates": facts, "complete": True, "total_count": len(facts), "count": len(facts), "errors": []}
    data.update(more)
    return audit(fleet_of(data, policy, NOW, "ucloud_"), policy, NOW, baseline)


@functools.cache
def _hostile() -> Any:
    soon, renewed = certificate(EXPIRED, INVISIBLE, 3), certificate(RENEWED, INVISIBLE, 1)
    stricter = {**POLICY, "checks": {**POLICY["checks"], "cert_weak_key": {"ec_bits": 384}}}
    return _audit(_facts(), POLICY, _audit([soon, *_facts()[2:], renewed], stricter))


def hostile_audit() -> Any:
    """Return an audit with findings of every status and change, waived findings, and findings without a certificate."""
    return copy.deepcopy(_hostile())


def unread_audit() -> Any:
    """Return an audit of one certificate of which only the id is known."""
    return _audit([{"ssl_id": UNREADABLE}], {})


def waived_audit() -> Any:
    """Return an audit of a compliant, a waived and a non-compliant certificate, with a waiver of all checks."""
    waived, bad = certificate(WAIVED, "waived"), certificate(EXPIRED, "expired", -2.5)
    waived["x509"]["self_signed"] = True
    waiver = {"check": "*", "name": "wai*", "reason": "It is so.", "expires": "2027-01-31"}
    policy = {"checks": {"cert_internal_name": False}, "waivers": [waiver]}
    return _audit([certificate(GOOD, "good"), waived, bad], policy)


def plain_audit() -> Any:
    """Return an audit without baseline and findings."""
    return _audit([certificate(GOOD, "good")], {"checks": {"cert_internal_name": False}})


def listeners_audit(baseline: Any = None) -> Any:
    """Return an audit of listeners: a compliant, a waived and a hostile one that is not compliant."""
    bound = {"load_balancer_id": "alb-1", "load_balancer_name": "shop", "listener_name": "https", "is_default": True}
    served = [{**bound, "listener_id": listener_id} for listener_id in ("lsn-good", "lsn-waived", "lsn-old")]
    waiver = {
        "check": "listener_tls_version",
        "listener_id": "lsn-waived",
        "reason": "Old tills.",
        "expires": "2027-01-31",
    }
    listeners = [
        listener("lsn-good", "https"),
        listener("lsn-waived", "tills", "TLSv1.1", port=8443),
        listener("lsn-old", INVISIBLE, "TLSv1", port=9443, load_balancer_name=INVISIBLE),
    ]
    policy = {"checks": {"cert_internal_name": False}, "waivers": [waiver]}
    complete = {"listeners": listeners, "listeners_complete": True, "listener_errors": []}
    return _audit([certificate(GOOD, "good", bindings=served)], policy, baseline, **complete)
