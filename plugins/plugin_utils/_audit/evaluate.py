# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judge certificates, listeners and endpoints by a policy: the audit."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

from ...module_utils._certificates.times import iso8601
from .baseline import compare
from .definition import Check, Problem, Unknown
from .endpoint_facts import EndpointFacts
from .facts import CertificateFacts, FleetFacts, certificate_of
from .listener_facts import ListenerFacts
from .messages import data_of, message, phrase
from .policy import Policy, Rule
from .registry import CATALOGUE
from .schema import (
    CHANGES,
    COMPLIANT,
    GONE,
    NOT_COMPLIANT,
    SEVERITIES,
    WAIVED,
    Audit,
    AuditedCertificate,
    AuditedEndpoint,
    AuditedListener,
    Baseline,
    Finding,
    StatusCounts,
    Summary,
)
from .subject import Subject
from .values import as_kind, list_of_kind
from .waivers import WaiverIndex, warnings_about

_RANK: dict[str | None, int] = {None: 0, **{name: rank for rank, name in enumerate(SEVERITIES, start=1)}}
_ORDER = {name: number for number, name in enumerate(CATALOGUE)}
#: The fields of a finding that name what it is about.
_NAMING_NOTHING: dict[str, str | None] = dict.fromkeys(
    ("ssl_id", "ssl_name", "region", "project_id", "listener_id", "load_balancer_id", "endpoint")
)
#: The facts of a certificate that an audit includes: those that reports need, each with its type.
_SHOWN_AS_READ = ("ssl_id", "ssl_name", "region", "project_id", "domains", "bound", "bindings")
_SHOWN: dict[str, type] = {
    "domains_from": str, "source": str, "created_at": str, "not_before": str, "not_after": str, "validity_from": str,
    "private_key_stored": bool, "key_matches": bool,
}  # fmt: skip
_SHOWN_X509: dict[str, type] = {
    "subject": dict, "issuer": dict, "serial_number": str, "signature_algorithm": str, "signature_hash": str,
    "self_signed": bool, "issuer_included": bool, "unread_certificates": int, "fingerprints": dict, "trust": dict,
}  # fmt: skip


def audit(fleet: FleetFacts, policy: Policy, now: int, baseline: Baseline | None = None) -> Audit:
    """Judge all certificates, listeners and endpoints.

    Args:
        fleet: The certificates, listeners and endpoints.
        policy: The policy.
        now: The time of the audit (seconds since 1970).
        baseline: An earlier audit. With it, findings are marked as new or unchanged, and findings that are gone are
            added with the reason.

    Returns:
        Plain data in a stable order: the most severe findings first, waived ones and those that are gone last.
    """
    findings: list[Finding] = []
    not_compared: int | None = None
    by_subject = _FindingsBySubject()
    waivers = WaiverIndex(waiver for waiver in policy.waivers if waiver.is_valid(now))
    # Which waivers are used is known only after all other checks.
    judged = [rule for rule in policy.rules if rule.check.requires not in fleet.missing]
    for rule in sorted(judged, key=lambda rule: rule.check.topic == "waiver"):
        if rule.check.topic == "waiver":
            fleet.unused_waivers = [waiver.to_data() for waiver in waivers.unused()]
        for subject, verdict in rule.judge(fleet, now):
            finding = _finding(rule, subject, verdict, waivers, policy.unknown_severity)
            findings.append(finding)
            by_subject.add(subject, finding)
    if baseline is not None:
        gone, not_compared = compare(findings, baseline, fleet, policy)
        findings += gone
    findings.sort(key=_finding_order)
    certificates = [
        _audited_certificate(item, by_subject.of_certificate.get(item.position, []), now) for item in fleet.certificates
    ]
    not_judged = [rule.check.id for rule in policy.rules if rule.check.requires in fleet.missing]
    listeners = (
        None
        if fleet.listeners is None
        else [_audited_listener(item, by_subject.of_listener.get(item.position, [])) for item in fleet.listeners.items]
    )
    endpoints = (
        None
        if fleet.endpoints is None
        else [_audited_endpoint(item, by_subject.of_endpoint.get(item.position, [])) for item in fleet.endpoints.items]
    )
    return {
        "evaluated_at": str(iso8601(now)),
        "scope": fleet.scope,
        "policy": policy.to_data(),
        "summary": _summary(findings, certificates, listeners, endpoints, not_judged, not_compared),
        "findings": findings,
        "certificates": certificates,
        "listeners": listeners,
        "endpoints": endpoints,
        "warnings": warnings_about(policy.waivers, now),
    }


class _FindingsBySubject:
    """The findings about each certificate, listener and endpoint, by their positions."""

    def __init__(self) -> None:
        self.of_certificate: dict[int, list[Finding]] = {}
        self.of_listener: dict[int, list[Finding]] = {}
        self.of_endpoint: dict[int, list[Finding]] = {}

    def add(self, subject: Subject | None, finding: Finding) -> None:
        certificate = certificate_of(subject)
        if certificate is not None:
            self.of_certificate.setdefault(certificate.position, []).append(finding)
        elif isinstance(subject, ListenerFacts):
            self.of_listener.setdefault(subject.position, []).append(finding)
        elif isinstance(subject, EndpointFacts):
            self.of_endpoint.setdefault(subject.position, []).append(finding)


def worst_of(findings: list[Finding]) -> str | None:
    """Return the highest severity of some findings; ``None`` if there are none."""
    return max((finding["severity"] for finding in findings), key=_RANK.__getitem__, default=None)


def counts(finding: Finding) -> bool:
    """Whether a finding is neither waived nor gone since a baseline."""
    return not finding["waived"] and finding["status"] not in GONE


def _finding(
    rule: Rule,
    subject: Subject | None,
    verdict: Problem | Unknown,
    waivers: WaiverIndex,
    unknown_severity: str,
) -> Finding:
    check = rule.check
    about = verdict.about or (subject.about if subject else "")
    waiver = waivers.first(check, subject, about)
    severity = rule.severity or _severity(check, certificate_of(subject))
    detail = verdict.detail
    if isinstance(verdict, Unknown):
        severity = min(severity, unknown_severity, key=_RANK.__getitem__)
        detail = message("Undecided: {reason}.", reason=phrase(detail))
    data: dict[str, Any] = {
        "check": check.id,
        "severity": severity,
        "status": "fail" if isinstance(verdict, Problem) else "unknown",
        **_NAMING_NOTHING,
        **(subject.reference if subject else {}),
        "about": about or None,
        "title": check.title,
        "detail": str(detail),
        "evidence": verdict.evidence if isinstance(verdict, Problem) else {},
        "remediation": str(rule.remediation),
        "messages": {"detail": data_of(detail), "remediation": data_of(rule.remediation)},
        "waived": waiver is not None,
        "waiver": waiver.to_data() if waiver else None,
        "fingerprint": _fingerprint(check, subject, about),
        "change": None,
    }
    return cast("Finding", data)


def _severity(check: Check, certificate: CertificateFacts | None) -> str:
    """Return the default severity. If it is not known whether a certificate is bound, it counts as bound."""
    is_unbound = certificate is not None and certificate.bound is False
    return check.severity_unbound if is_unbound else check.severity


def _fingerprint(check: Check, subject: Subject | None, about: str) -> str:
    """Return an identity for a finding that stays the same in later audits, although dates and numbers change."""
    identity = subject.identity if subject and subject.identity != about else ""
    parts = (check.id, *(subject.scope if subject else ("", "")), identity, about)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _finding_order(finding: Finding) -> tuple[Any, ...]:
    return (
        finding["status"] in GONE,
        finding["waived"],
        -_RANK[finding["severity"]],
        finding["status"] != "fail",
        _ORDER.get(finding["check"], len(_ORDER)),
        finding["project_id"] or "",
        finding["region"] or "",
        finding["ssl_id"] or "",
        finding.get("load_balancer_id") or "",
        finding.get("listener_id") or "",
        finding.get("endpoint") or "",
        finding["fingerprint"],
    )


def _audited_certificate(certificate: CertificateFacts, findings: list[Finding], now: int) -> AuditedCertificate:
    """Return a certificate as the audit includes it, with the result of its findings."""
    x509 = certificate.x509 or {}
    data: dict[str, Any] = {
        **{name: getattr(certificate, name) for name in _SHOWN_AS_READ},
        **{name: as_kind(kind, certificate.facts.get(name)) for name, kind in _SHOWN.items()},
        **{name: as_kind(kind, x509.get(name)) for name, kind in _SHOWN_X509.items()},
        "x509_error": _reading_error(certificate),
        "chain": list_of_kind(dict, x509.get("chain")),
        "not_after_epoch": certificate.not_after,
        "public_key": {name: certificate.public_key.get(name) for name in ("type", "size", "curve", "exponent")},
        "days_left": certificate.days_left(now),
        "state": certificate.state(now),
        **_result(findings),
    }
    return cast("AuditedCertificate", data)


def _audited_listener(listener: ListenerFacts, findings: list[Finding]) -> AuditedListener:
    """Return a listener as the audit includes it, with the result of its findings."""
    data = listener.to_data()
    data.update(_result(findings))
    return cast("AuditedListener", data)


def _audited_endpoint(endpoint: EndpointFacts, findings: list[Finding]) -> AuditedEndpoint:
    """Return what an endpoint serves as the audit includes it, with the result of its findings."""
    data = endpoint.to_data()
    data.update(_result(findings))
    return cast("AuditedEndpoint", data)


def _result(findings: list[Finding]) -> dict[str, Any]:
    """Return the result of the findings about a certificate, a listener or an endpoint."""
    if not findings:
        return {"status": COMPLIANT, "worst": None, "findings": []}
    findings = sorted(findings, key=_finding_order) if len(findings) > 1 else findings
    counted = list(filter(counts, findings))
    return {
        "status": NOT_COMPLIANT if counted else WAIVED,
        "worst": worst_of(counted),
        "findings": list(dict.fromkeys(finding["check"] for finding in counted)),
    }


def _reading_error(certificate: CertificateFacts) -> str | None:
    """Return why the certificate, or a part of it, could not be read. If nothing was read, there is always a reason."""
    error = as_kind(str, certificate.facts.get("x509_error"))
    return error or ("the certificate was not read" if certificate.x509 is None else None)


def _summary(
    findings: list[Finding],
    certificates: list[AuditedCertificate],
    listeners: list[AuditedListener] | None,
    endpoints: list[AuditedEndpoint] | None,
    not_judged: list[str],
    not_compared: int | None,
) -> Summary:
    """Count findings, certificates, listeners and endpoints.

    Args:
        findings: All findings.
        certificates: The certificates with their results.
        listeners: The listeners with their results; ``None`` if the audit was given none.
        endpoints: The endpoints with their results; ``None`` if the audit was given none.
        not_judged: The ids of checks that are on, but require what the audit was not given.
        not_compared: The number of the baseline's findings that were not checked again; ``None`` without a baseline.
    """
    counted = list(filter(counts, findings))
    failed = [finding for finding in counted if finding["status"] == "fail"]
    by_severity = Counter(finding["severity"] for finding in failed)
    changes = Counter(finding["change"] for finding in findings)
    by_status = _by_status(certificates)
    return {
        "certificates": len(certificates),
        "compliant": by_status["compliant"],
        "by_status": by_status,
        "listeners": None if listeners is None else len(listeners),
        "listeners_by_status": None if listeners is None else _by_status(listeners),
        "endpoints": None if endpoints is None else len(endpoints),
        "endpoints_by_status": None if endpoints is None else _by_status(endpoints),
        "not_checked": not_judged,
        "findings": len(failed),
        "unknown": len(counted) - len(failed),
        "waived": sum(finding["waived"] for finding in findings),
        "by_severity": {name: by_severity[name] for name in reversed(SEVERITIES)},
        "worst": worst_of(counted),
        "changes": None
        if not_compared is None
        else {**{name: changes[name] for name in CHANGES}, "not_checked": not_compared},
    }


def _by_status(items: Iterable[AuditedCertificate | AuditedListener | AuditedEndpoint]) -> StatusCounts:
    statuses = Counter(item["status"] for item in items)
    return {
        "compliant": statuses[COMPLIANT],
        "waived": statuses[WAIVED],
        "not_compliant": statuses[NOT_COMPLIANT],
    }
