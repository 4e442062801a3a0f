# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and listeners with given properties, read like the collection reads them, and audited.

No fact is written by hand: all of them are read from PEM in records of the API.
"""

from __future__ import annotations

import calendar
import copy
import time
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import LoadBalancer
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import TlsPolicy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit as evaluate
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.tests.simulator import balancers, keys
from ansible_collections.ucloud.ulb.tests.simulator.fleet import record, relation
from ansible_collections.ucloud.ulb.tests.simulator.issuing import (
    Authority,
    Request,
    certificate_pem,
    self_signed,
    subject,
    utc,
)
from ansible_collections.ucloud.ulb.tests.simulator.keys import PrivateKey, private_key

Facts = dict[str, Any]
Finding = dict[str, Any]

DAY = 86400
#: 2026-11-24T00:00:00Z
NOW = 1795478400
NAME = "shop.example.com"

#: Binds a certificate to the listener that :func:`listener` returns.
LISTENER = relation(("alb-1", "frontend"), ("lsn-1", "https"))


def seconds(text: str) -> int:
    """Return the seconds since 1970 of a time in UTC, such as 2026-03-15T00:00:00. This uses no code under test."""
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S"))


def make_key(kind: str = "p256", label: str = "unit") -> PrivateKey:
    """Return the key of this kind, which the simulator may not have. It is always the same key."""
    return _odd_key(kind, label) if kind in ("p224", "secp256k1", "rsa2047") else private_key(kind, label)


@cache
def _odd_key(kind: str, label: str) -> PrivateKey:
    assert label
    if kind == "rsa2047":
        return rsa.generate_private_key(65537, 2047)  # noqa: S505 (too weak by one bit)
    return ec.generate_private_key(ec.SECP224R1() if kind == "p224" else ec.SECP256K1())


def csr(
    name: str = NAME,
    *names: str,
    key: PrivateKey | None = None,
    begins: int = NOW - 20 * DAY,
    ends: int = NOW + 70 * DAY - 1,
    **changes: Any,
) -> Request:
    """Return a signing request for a server certificate of 90 days without findings."""
    options: dict[str, Any] = {"names": (name, *names), "scts": 2, **changes}
    return Request(subject(name), key or make_key(), utc(begins), utc(ends), **options)


@cache
def root(kind: str = "p256", signature_hash: str = "sha256") -> Authority:
    """Return a root CA."""
    return Authority.root(_ca("Example Root", kind, signature_hash=signature_hash))


@cache
def issuing(kind: str = "p256", signature_hash: str = "sha256", ends: int = NOW + 1000 * DAY) -> Authority:
    """Return an intermediate CA below the root."""
    # Only RSA keys sign with anything but SHA-256.
    above = root("p256" if signature_hash == "sha256" else "rsa2048")
    return above.intermediate(_ca("Example TLS CA", kind, ends, signature_hash))


def _ca(name: str, kind: str, ends: int = NOW + 5000 * DAY, signature_hash: str = "sha256") -> Request:
    return Request(
        subject(name, "Example Trust Services"),
        make_key(kind, name),
        utc(NOW - 1000 * DAY),
        utc(ends),
        is_ca=True,
        usage=None,
        signature_hash=signature_hash,
    )


def pem(*certificates: x509.Certificate | Authority) -> str:
    """Return PEM blocks in this order."""
    return "".join(certificate_pem(item.certificate if isinstance(item, Authority) else item) for item in certificates)


def content(request: Request | None = None, issuer: Authority | None = None) -> str:
    """Return content as it should be uploaded: leaf, intermediate, key."""
    request, issuer = request or csr(), issuer or issuing()
    return pem(issuer.issue(request), issuer) + keys.key_pem(request.key)


def issued_for(key: Any, *extensions: x509.ExtensionType, issuer: Authority | None = None) -> x509.Certificate:
    """Return a certificate for a public key with only these extensions."""
    issuer = issuer or issuing()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(NAME))
        .issuer_name(issuer.certificate.subject)
        .public_key(key)
        .serial_number(4711)
        .not_valid_before(utc(NOW - 20 * DAY))
        .not_valid_after(utc(NOW + 70 * DAY - 1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def facts(
    text: str | None = None,
    *,
    ssl_id: str = "ssl-1",
    name: str = NAME,
    relations: Sequence[Any] = (LISTENER,),
    created: int = NOW - 20 * DAY,
    region: str = "cn-bj2",
    project: str | None = "org-1",
    **wire: Any,
) -> Facts:
    """Return the facts of a record with this content. ``wire`` adds or replaces fields of the API."""
    api_record = record(ssl_id, name, text, created, relations, **wire)
    certificate = Certificate.from_api(api_record, region, project)
    if text is not None:
        certificate = certificate.with_content(read_content(text))
    # A copy, because tests change facts, and several certificates may share them.
    return copy.deepcopy(certificate.to_facts(NOW))


#: A TLS policy that no check objects to.
STRICT = TlsPolicy.from_api(
    balancers.policy("sp-strict", "TLSv1.2", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"])
)


def listener(
    listener_id: str = "lsn-1",
    *served: tuple[str, bool],
    hosts: Sequence[Any] = (),
    balancer: tuple[str, str] = ("alb-1", "frontend"),
    policy: TlsPolicy = STRICT,
    region: str = "cn-bj2",
    project: str | None = "org-1",
    changes: Facts | None = None,
    **wire: Any,
) -> Facts:
    """Return the facts of a listener of an application load balancer.

    Args:
        listener_id: Its id.
        served: Ids of its certificates, each with whether it is the default. Without any, that is ``ssl-1``.
        hosts: Hosts of its forwarding rules, or such hosts with the mode of matching.
        balancer: Id and name of its load balancer.
        policy: Its TLS policy, if its protocol is HTTPS.
        region: Its region.
        project: Its project.
        changes: Facts that replace those that were read.
        wire: More arguments of ``balancers.listener()``, such as ``port``.
    """
    rules = [balancers.host_rule("rule", *([host] if isinstance(host, str) else host)) for host in hosts]
    if wire.get("protocol", "HTTPS") == "HTTPS":
        wire.setdefault("certificates", served or [("ssl-1", True)])
    wire.setdefault("name", "https" if wire.get("protocol", "HTTPS") == "HTTPS" else "http")
    row = balancers.listener(listener_id, rules=rules, policy_id=policy.policy_id or "", **wire)
    (read,) = LoadBalancer.from_application(balancers.application(*balancer, [row]), region, project).listeners or ()
    return {**read.with_policy({policy.policy_id: policy}).to_facts(), **(changes or {})}


def compliant(**changes: Any) -> Facts:
    """Return the facts of a certificate without findings, except that its names are example names."""
    return facts(content(), **changes)


def listing(*certificates: Facts, **changes: Any) -> dict[str, Any]:
    """Return the result of the module for a complete listing of these certificates."""
    count = len(certificates)
    whole = {"complete": True, "errors": [], "count": count, "total_count": count}
    return {"certificates": list(certificates), **whole, **changes}


def with_listeners(listeners: Sequence[Facts], *certificates: Facts, **changes: Any) -> dict[str, Any]:
    """Return the result of the module for complete listings of these listeners and certificates."""
    found = {"listeners": list(listeners), "listeners_complete": True, "listener_errors": []}
    return listing(*certificates, **{**found, **changes})


def judge_listeners(
    check: str, listeners: Sequence[Facts], *certificates: Facts, options: Any = None, **changes: Any
) -> list[Finding]:
    """Return the findings of one check with these options, for complete listings unless ``changes`` say otherwise."""
    policy = {"checks": {check: {"enabled": True, **(options or {})}}}
    found = audit(with_listeners(listeners, *certificates, **changes), policy)
    return [finding for finding in found["findings"] if finding["check"] == check]


def endpoint(served: Facts | None = None, **changes: Any) -> Facts:
    """Return the facts of an endpoint without findings that serves this certificate, or the one of :func:`compliant`.

    Its trust, TLS versions and revocation were asked for.
    """
    served = served or compliant()
    fingerprint = served["x509"]["fingerprints"]["sha256"].replace(":", "").lower()
    trusted = {"trusted": True, "reason": None, "store": "certifi", "evaluated_at": "2026-11-24T00:00:00Z"}
    revocation = {"revoked": False, "reason": None, "checked_at": "2026-11-24T00:00:00Z"}
    names = ("domains", "not_before", "not_before_epoch", "not_after", "not_after_epoch", "state", "x509", "x509_error")
    return {
        "address": "203.0.113.7",
        "port": 443,
        "server_name": NAME,
        "expected_fingerprints": [fingerprint],
        "project_id": "org-1",
        "region": "cn-bj2",
        "load_balancer_id": "alb-1",
        "listener_id": "lsn-1",
        "ip_address": "203.0.113.7",
        "reachable": True,
        "error": None,
        "error_message": None,
        "duration_ms": 42,
        "tls_version": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "alpn": "h2",
        "tls_versions": {"TLSv1": False, "TLSv1.1": False, "TLSv1.2": True, "TLSv1.3": True},
        "covers_server_name": True,
        "matches_expected": True,
        "fingerprint": fingerprint,
        **{name: served[name] for name in names},
        "trust": trusted,
        "revocation": revocation,
        **changes,
    }


def with_endpoints(endpoints: Sequence[Facts], *certificates: Facts, **changes: Any) -> dict[str, Any]:
    """Return a complete listing of these certificates together with what endpoints serve."""
    return listing(*certificates, endpoints=list(endpoints), **changes)


def judge_endpoints(check: str, endpoints: Sequence[Facts], *certificates: Facts, options: Any = None) -> list[Finding]:
    """Return the findings of one check of endpoints with these options."""
    policy = {"checks": {check: {"enabled": True, **(options or {})}}}
    found = audit(with_endpoints(endpoints, *certificates), policy)
    return [finding for finding in found["findings"] if finding["check"] == check]


def audit(data: Any, policy: dict[str, Any] | None = None, now: int = NOW, baseline: Any = None) -> Any:
    """Audit certificates like the filter does."""
    rules = Policy.from_data(policy)
    return evaluate(fleet_of(data, rules, now, "ucloud_"), rules, now, baseline)


def judge(check: str, *certificates: Facts, now: int = NOW, **options: Any) -> list[Finding]:
    """Return the findings of one check with these options, for a complete listing."""
    found = audit(listing(*certificates), {"checks": {check: {"enabled": True, **options}}}, now)
    return [finding for finding in found["findings"] if finding["check"] == check]


def verdict(check: str, certificate: Facts, now: int = NOW, **options: Any) -> Finding | None:
    """Return the finding of a check about one certificate; ``None`` if it passes."""
    found = judge(check, certificate, now=now, **options)
    assert len(found) <= 1
    return found[0] if found else None


def failed(check: str, certificate: Facts, now: int = NOW, **options: Any) -> Finding:
    """Return the finding of a check that fails."""
    finding = verdict(check, certificate, now, **options)
    assert finding is not None, f"{check} is passed"
    assert finding["status"] == "fail", finding["detail"]
    return finding


def unknown(check: str, certificate: Facts, now: int = NOW, **options: Any) -> str:
    """Return why a check is undecided."""
    finding = verdict(check, certificate, now, **options)
    assert finding is not None, f"{check} is passed"
    assert (finding["status"], finding["evidence"]) == ("unknown", {})
    return cast("str", finding["detail"])


def with_dates(begins: int, ends: int, **changes: Any) -> Facts:
    """Return the facts of a certificate that is valid between these timestamps, both included."""
    # Timestamps of transparency logs cannot be before 1970.
    return facts(content(csr(begins=begins, ends=ends, scts=0)), **changes)


def with_key(kind: str, **changes: Any) -> Facts:
    """Return the facts of a certificate for a key of this kind."""
    return facts(content(csr(key=make_key(kind))), **changes)


def alone(request: Request | None = None) -> str:
    """Return a self-signed certificate and its key."""
    request = request or csr()
    return pem(self_signed(request)) + keys.key_pem(request.key)
