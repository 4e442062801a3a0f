# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and a policy -> an audit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ...module_utils._api.errors import OptionError
from ...module_utils._certificates.times import iso8601
from .catalogue import CATALOGUE, SEVERITIES, Check, Problem, Unknown
from .policy import Policy, Rule
from .subjects import Certificate, Fleet, all_of_kind, as_kind

Finding = dict[str, Any]

_RANK: dict[str | None, int] = {None: 0, **{name: rank for rank, name in enumerate(SEVERITIES, start=1)}}
_ORDER = {name: number for number, name in enumerate(CATALOGUE)}
#: What a certificate's entry in an audit has of its facts: enough for a report, which relies on what kind each is of.
_SHOWN_AS_READ = ("ssl_id", "ssl_name", "region", "project_id", "domains", "bound", "bindings")
_SHOWN: dict[str, type] = {
    "source": str, "created_at": str, "not_before": str, "not_after": str, "validity_from": str,
    "private_key_stored": bool, "key_matches": bool, "x509_error": str,
}  # fmt: skip
_SHOWN_X509: dict[str, type] = {
    "subject": dict, "issuer": dict, "serial_number": str, "signature_algorithm": str, "fingerprints": dict,
}  # fmt: skip
_TEXTS = ("check", "status", "ssl_id", "ssl_name", "region", "project_id", "about", "fingerprint")
#: What every finding has.
_FINDING = frozenset((*_TEXTS, "severity", "title", "detail", "evidence", "remediation", "waived", "waiver", "change"))


def audit(fleet: Fleet, policy: Policy, now: int, baseline: dict[str, Any] | None = None) -> dict[str, Any]:
    """Judge a fleet at the moment ``now`` (seconds since 1970).

    :param baseline: an earlier audit. Findings are then marked as new or unchanged, and those that are gone as fixed.
    :returns: plain data in a stable order: the worst findings first, waived and fixed ones last.
    """
    findings: list[Finding] = []
    of_certificate: dict[int, list[Finding]] = {}
    for rule in policy.rules:
        for certificate, verdict in rule.check.judge(fleet, rule.options, now):
            finding = _finding(rule, certificate, verdict, policy, now)
            findings.append(finding)
            if certificate is not None and counts(finding):
                of_certificate.setdefault(certificate.position, []).append(finding)
    if baseline is not None:
        findings += _compare(findings, baseline)
    findings.sort(key=_finding_order)
    certificates = [
        _entry(certificate, sorted(of_certificate.get(certificate.position, ()), key=_finding_order), now)
        for certificate in fleet.certificates
    ]
    return {
        "evaluated_at": iso8601(now),
        "policy": policy.to_data(),
        "summary": _summary(findings, certificates),
        "findings": findings,
        "certificates": certificates,
    }


def read_baseline(data: Any) -> dict[str, Any] | None:
    """An earlier audit, or ``None``.

    :raises OptionError: it is something else.
    """
    if data is None:
        return None
    findings = data.get("findings") if isinstance(data, Mapping) else None
    if not isinstance(findings, list) or not all(map(_is_finding, findings)):
        raise OptionError(
            "baseline: it is no audit",
            hint="Give what ssl_audit returned before, for example from its JSON report with from_json.",
        )
    return dict(data)


def _is_finding(item: Any) -> bool:
    if not isinstance(item, Mapping) or not item.keys() >= _FINDING:
        return False
    texts = [item[name] for name in _TEXTS]
    return item["severity"] in SEVERITIES and all(isinstance(text, (str, type(None))) for text in texts)


def worst_of(findings: list[Finding]) -> str | None:
    """The severity of the worst of some findings; ``None`` of none."""
    return max((finding["severity"] for finding in findings), key=_RANK.__getitem__, default=None)


def counts(finding: Finding) -> bool:
    """Whether a finding is neither waived nor fixed."""
    return not finding["waived"] and finding["status"] != "fixed"


def _finding(
    rule: Rule, certificate: Certificate | None, verdict: Problem | Unknown, policy: Policy, now: int
) -> Finding:
    check = rule.check
    about = verdict.about
    waiver = next(
        (item for item in policy.waivers if item.holds(now) and item.is_about(check.id, certificate, about)), None
    )
    severity = rule.severity or _severity(check, certificate)
    if isinstance(verdict, Unknown):
        severity = min(severity, policy.unknown_severity, key=_RANK.__getitem__)
    place = {
        "ssl_id": certificate.ssl_id if certificate else None,
        "ssl_name": certificate.ssl_name if certificate else None,
        "region": certificate.region if certificate else None,
        "project_id": certificate.project_id if certificate else None,
    }
    return {
        "check": check.id,
        "severity": severity,
        "status": "fail" if isinstance(verdict, Problem) else "unknown",
        **place,
        "about": about or None,
        "title": check.title,
        "detail": verdict.detail if isinstance(verdict, Problem) else _sentence(verdict.detail),
        "evidence": verdict.evidence if isinstance(verdict, Problem) else {},
        "remediation": check.remediation,
        "waived": waiver is not None,
        "waiver": waiver.to_data() if waiver else None,
        "fingerprint": _fingerprint(check.id, certificate, about),
        "change": None,
    }


def _severity(check: Check, certificate: Certificate | None) -> str:
    """How bad it is. A certificate of which it is not known whether it is bound counts as bound."""
    is_unbound = certificate is not None and certificate.bound is False
    return check.severity_unbound if is_unbound else check.severity


def _sentence(text: str) -> str:
    return f"Cannot be decided: {text}."


def _fingerprint(check: str, certificate: Certificate | None, about: str) -> str:
    """The identity of a finding from one audit to the next: it does not depend on numbers that change by the day."""
    identity = (certificate.ssl_id or f"{certificate.label} {certificate.fingerprint}") if certificate else ""
    parts = (check, *(certificate.scope if certificate else ("", "")), identity, about)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _compare(findings: list[Finding], baseline: dict[str, Any]) -> list[Finding]:
    """Mark findings as new or unchanged, and return those of the baseline that are gone, marked as fixed."""
    earlier = {item["fingerprint"]: item for item in baseline["findings"] if item["status"] != "fixed"}
    for finding in findings:
        finding["change"] = "unchanged" if finding["fingerprint"] in earlier else "new"
    present = {finding["fingerprint"] for finding in findings}
    fixed = {"status": "fixed", "change": "fixed", "waived": False, "waiver": None}
    return [{**item, **fixed} for fingerprint, item in earlier.items() if fingerprint not in present]


def _finding_order(finding: Finding) -> tuple[Any, ...]:
    return (
        finding["status"] == "fixed",
        finding["waived"],
        -_RANK[finding["severity"]],
        finding["status"] != "fail",
        _ORDER.get(finding["check"], len(_ORDER)),
        finding["project_id"] or "",
        finding["region"] or "",
        finding["ssl_id"] or "",
        finding["fingerprint"],
    )


def _entry(certificate: Certificate, findings: list[Finding], now: int) -> dict[str, Any]:
    """What an audit tells of one certificate, which has these findings that count."""
    x509 = certificate.x509 or {}
    return {
        **{name: getattr(certificate, name) for name in _SHOWN_AS_READ},
        **{name: as_kind(kind, certificate.facts.get(name)) for name, kind in _SHOWN.items()},
        **{name: as_kind(kind, x509.get(name)) for name, kind in _SHOWN_X509.items()},
        "chain": all_of_kind(dict, x509.get("chain")),
        "not_after_epoch": certificate.not_after,
        "public_key": {name: certificate.public_key.get(name) for name in ("type", "size", "curve", "exponent")},
        "days_left": certificate.days_left(now),
        "state": certificate.state(now),
        "worst": worst_of(findings),
        "findings": list(dict.fromkeys(finding["check"] for finding in findings)),
    }


def _summary(findings: list[Finding], certificates: list[dict[str, Any]]) -> dict[str, Any]:
    counted = list(filter(counts, findings))
    failed = [finding for finding in counted if finding["status"] == "fail"]
    by_severity = dict.fromkeys(reversed(SEVERITIES), 0)
    for finding in failed:
        by_severity[finding["severity"]] += 1
    changes = dict.fromkeys(("new", "unchanged", "fixed"), 0)
    for finding in findings:
        if finding["change"]:
            changes[finding["change"]] += 1
    return {
        "certificates": len(certificates),
        "compliant": sum(not entry["findings"] for entry in certificates),
        "findings": len(failed),
        "unknown": len(counted) - len(failed),
        "waived": sum(finding["waived"] for finding in findings),
        "by_severity": by_severity,
        "worst": worst_of(counted),
        "changes": changes if any(changes.values()) else None,
    }
