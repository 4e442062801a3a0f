# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SARIF 2.1.0, for code scanning and whatever else collects findings.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ...module_utils._version import VERSION
from .._audit.evaluate import counts
from .._audit.registry import CATALOGUE, SEVERITIES, Check
from .as_json import dump
from .audits import Audit, Finding, is_on
from .inline_markdown import inline
from .rows import folded, other_than_certificate, row_of
from .sanitize import visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
#: In the middle of what GitHub takes for critical (over 9.0), high (from 7.0), medium (from 4.0) and low.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
#: What is not "fail" has to have the level "none" (3.27.10).
_KINDS = {"fail": "fail", "unknown": "open"}
_BASELINE_STATES = ("new", "unchanged")
#: The rule of what several checks cannot decide about one certificate.
_UNDECIDED = "undecided"


def render(audit: Audit) -> str:
    """One run: the checks that are on as rules, and the findings that count as results.

    What cannot be decided is of the kind ``open``, one result for a certificate. What is waived, or gone since a
    baseline, is left out: SARIF has states for it, but code scanning of GitHub shows all results as open, and closes
    alerts that have none any more.
    """
    groups = folded(filter(counts, audit["findings"]))
    rules = _rules(audit, groups)
    driver = {"name": "ucloud.ulb.ssl_audit", "semanticVersion": VERSION, "rules": list(rules.values())}
    positions = {check: number for number, check in enumerate(rules)}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "ucloud.ulb.ssl_audit/"},
        "results": [_result(group, positions) for group in groups],
        "properties": {"evaluatedAt": audit["evaluated_at"], "summary": audit["summary"]},
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(audit: Audit, groups: Iterable[list[Finding]]) -> dict[str, dict[str, Any]]:
    """The checks that are on, others that findings of another version name, and what is of no check."""
    checks = audit["policy"]["checks"]
    rules = {
        check.id: _rule_of_check(check, checks[check.id].get("severity") or check.severity)
        for check in CATALOGUE.values()
        if is_on(audit, check.id)
    }
    folds = [group for group in groups if len(group) > 1]
    for (finding,) in (group for group in groups if len(group) == 1):
        if finding["check"] not in rules:
            check = CATALOGUE.get(finding["check"])
            known = _rule_of_check(check, finding["severity"]) if check else _rule_of_finding(finding)
            rules[finding["check"]] = known
    if folds:
        rules[_UNDECIDED] = _rule_of_folds(folds)
    return rules


def _rule_of_check(check: Check, severity: str) -> dict[str, Any]:
    markdown = " ".join(check.description.split())
    text = markdown.replace("``", "")
    source = f" Source: {check.source}." if check.source else ""
    return {
        "id": check.id,
        "name": "".join(word.capitalize() for word in check.id.split("_")),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": text},
        "help": {
            "text": f"{text} {check.remediation}{source}",
            "markdown": f"{markdown}\n\n**Remediation:** {check.remediation}{source}",
        },
        **_rating(severity),
    }


def _rule_of_finding(finding: Finding) -> dict[str, Any]:
    """A rule for a check that this version does not have: nothing but the finding tells of it."""
    title, remediation = _message(finding["title"]), _message(finding["remediation"])
    return {
        "id": finding["check"],
        "shortDescription": {"text": title},
        "help": {"text": remediation, "markdown": f"**Remediation:** {inline(remediation)}"},
        **_rating(finding["severity"]),
    }


def _rule_of_folds(folds: list[list[Finding]]) -> dict[str, Any]:
    severity = max((row_of(group).severity for group in folds), key=SEVERITIES.index)
    remediation = "Look at what the certificate is, and why it cannot be read: nothing here counts as passed."
    return {
        "id": _UNDECIDED,
        "name": "Undecided",
        "shortDescription": {"text": "Several checks cannot be decided"},
        "help": {"text": remediation, "markdown": f"**Remediation:** {remediation}"},
        **_rating(severity),
    }


def _rating(severity: str) -> dict[str, Any]:
    return {
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"security-severity": _SCORES[severity], "tags": ["security", "certificate"]},
    }


def _result(group: list[Finding], positions: dict[str, int]) -> dict[str, Any]:
    """The result of a finding, or of several that are folded."""
    first, row = group[0], row_of(group)
    is_folded = len(group) > 1
    if is_folded:
        first = {**first, "about": other_than_certificate(first)}
    rule = _UNDECIDED if is_folded else first["check"]
    kind = _KINDS[first["status"]]
    change = "new" if row.is_new else first["change"]
    fingerprint = _fingerprint(first) if is_folded else first["fingerprint"]
    detail = f"{row.title}. {row.detail}" if is_folded else first["detail"]
    result = {
        "ruleId": rule,
        "ruleIndex": positions[rule],
        "kind": kind,
        "level": _LEVELS[row.severity] if kind == "fail" else "none",
        "message": {"text": _message(f"{_name(first)}: {detail}")},
        "locations": [_location(first)],
        # GitHub goes by the first one only, which is a hash and the number of its occurrence in a file.
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1", "ucloudFinding/v1": fingerprint},
        "properties": {
            "severity": row.severity,
            "security-severity": _SCORES[row.severity],
            **({"checks": [finding["check"] for finding in group]} if is_folded else {"evidence": first["evidence"]}),
        },
    }
    if change in _BASELINE_STATES:
        result["baselineState"] = change
    return result


def _fingerprint(finding: Finding) -> str:
    """The identity of what is undecided about something, whichever checks there are."""
    names = ("project_id", "region", "ssl_id", "ssl_name", "about")
    return hashlib.sha256("\0".join((_UNDECIDED, *(str(finding[name]) for name in names))).encode()).hexdigest()[:16]


def _name(finding: Finding) -> str:
    return str(finding["ssl_name"] or finding["ssl_id"] or finding["about"] or "All certificates")


def _location(finding: Finding) -> dict[str, Any]:
    """Where a certificate is. There is no file, but GitHub takes no result without the address of one."""
    parts = [visible(finding[name]) or "-" for name in ("project_id", "region", "ssl_id")]
    logical = {"name": parts[2], "fullyQualifiedName": "/".join(parts), "kind": "resource"}
    if finding["about"]:
        # In the address, too: domains that have no certificate would all be in the same place.
        logical["decoratedName"] = visible(finding["about"])
        parts.append(logical["decoratedName"])
    uri = "/".join(["ucloud", *map(_segment, parts)])
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
        "logicalLocations": [logical],
    }


def _segment(part: str) -> str:
    """A part of an address. What ends in dots could be taken for a way up, and is refused as such."""
    quoted = quote(part, safe="")
    return f"{quoted}_" if quoted.endswith(".") else quoted


def _message(text: Any) -> str:
    """A plain text message in which nothing is a link (3.11.6) or a placeholder (3.11.5)."""
    return re.sub(r"\{(?=\d+\})", "{ ", visible(text).replace("](", "] ("))
