# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SARIF 2.1.0, for code scanning and other tools that collect findings.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ...module_utils._version import VERSION
from .._audit.definition import Check
from .._audit.evaluate import counts
from .._audit.registry import CATALOGUE
from .._audit.schema import SEVERITIES, Audit, Finding
from .as_json import dump
from .audits import is_on, not_checked
from .grouping import UNDECIDED_REMEDIATION, group_findings, row_of
from .inline_markdown import inline
from .sanitize import visible
from .subjects import ListenerNames, detail_of_subject, ids_of, is_about_endpoint, is_about_listener, other_subject

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
#: In the middle of GitHub's ranges: critical (over 9.0), high (from 7.0), medium (from 4.0) and low.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
#: Kinds other than "fail" must have the level "none" (3.27.10).
_KINDS = {"fail": "fail", "unknown": "open"}
_BASELINE_STATES = ("new", "unchanged")
#: The rule of several undecided checks about one certificate, listener or endpoint.
_UNDECIDED = "undecided"


def render(audit: Audit) -> str:
    """Render one run, with the checks that ran as rules, and the findings as results.

    Undecided checks are of the kind ``open``, with one result per subject. Findings that are waived or
    gone are left out: SARIF has states for them, but GitHub shows every result as an open alert.
    """
    names = ListenerNames(audit)
    groups = group_findings(filter(counts, audit["findings"]))
    rules = _rules(audit, groups, names)
    driver = {"name": "ucloud.ulb.ssl_audit", "semanticVersion": VERSION, "rules": list(rules.values())}
    positions = {check: number for number, check in enumerate(rules)}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "ucloud.ulb.ssl_audit/"},
        "results": [_result(group, positions, names) for group in groups],
        "properties": {"evaluatedAt": audit["evaluated_at"], "summary": audit["summary"]},
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(audit: Audit, groups: Iterable[list[Finding]], names: ListenerNames) -> dict[str, dict[str, Any]]:
    """Return rules for the checks that ran, for checks of other versions, and for groups of undecided checks."""
    checks = audit["policy"]["checks"]
    rules = {
        check.id: _rule_of_check(check, checks[check.id].get("severity") or check.severity)
        for check in CATALOGUE.values()
        if is_on(audit, check.id) and check.id not in not_checked(audit)
    }
    undecided = [group for group in groups if len(group) > 1]
    for (finding,) in (group for group in groups if len(group) == 1):
        if finding["check"] not in rules:
            check = CATALOGUE.get(finding["check"])
            known = _rule_of_check(check, finding["severity"]) if check else _rule_of_finding(finding)
            rules[finding["check"]] = known
    if undecided:
        rules[_UNDECIDED] = _rule_of_undecided(undecided, names)
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
        **_rating(severity, check.topic if check.topic in ("listener", "endpoint") else "certificate"),
    }


def _rule_of_finding(finding: Finding) -> dict[str, Any]:
    """Return a rule for a check that this version does not have, from what the finding says."""
    title, remediation = _message(finding["title"]), _message(finding["remediation"])
    return {
        "id": finding["check"],
        "shortDescription": {"text": title},
        "help": {"text": remediation, "markdown": f"**Remediation:** {inline(remediation)}"},
        **_rating(finding["severity"], _kind(finding)),
    }


def _kind(finding: Finding) -> str:
    """Return what a finding is about, for a tag."""
    return "endpoint" if is_about_endpoint(finding) else "listener" if is_about_listener(finding) else "certificate"


def _rule_of_undecided(groups: list[list[Finding]], names: ListenerNames) -> dict[str, Any]:
    severity = max((row_of(group, names).severity for group in groups), key=SEVERITIES.index)
    return {
        "id": _UNDECIDED,
        "name": "Undecided",
        "shortDescription": {"text": "Several checks are undecided"},
        "help": {"text": UNDECIDED_REMEDIATION, "markdown": f"**Remediation:** {UNDECIDED_REMEDIATION}"},
        **_rating(severity),
    }


def _rating(severity: str, subject: str = "certificate") -> dict[str, Any]:
    return {
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"security-severity": _SCORES[severity], "tags": ["security", subject]},
    }


def _result(group: list[Finding], positions: dict[str, int], names: ListenerNames) -> dict[str, Any]:
    """Return the result of a group of findings."""
    first, row = group[0], row_of(group, names)
    is_group = len(group) > 1
    if is_group:
        first = {**first, "about": other_subject(first)}
    rule = _UNDECIDED if is_group else first["check"]
    kind = _KINDS[first["status"]]
    change = "new" if row.is_new else first["change"]
    fingerprint = _fingerprint(first) if is_group else first["fingerprint"]
    detail = f"{row.title}. {row.detail}" if is_group else first["detail"]
    result = {
        "ruleId": rule,
        "ruleIndex": positions[rule],
        "kind": kind,
        "level": _LEVELS[row.severity] if kind == "fail" else "none",
        "message": {"text": _message(f"{_name(first, names)}: {detail}")},
        "locations": [_location(first)],
        # GitHub only uses the first one, which is a hash with the number of its occurrence in a file.
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1", "ucloudFinding/v1": fingerprint},
        "properties": {
            "severity": row.severity,
            "security-severity": _SCORES[row.severity],
            **({"checks": [finding["check"] for finding in group]} if is_group else {"evidence": first["evidence"]}),
        },
    }
    if change in _BASELINE_STATES:
        result["baselineState"] = change
    return result


def _fingerprint(finding: Finding) -> str:
    """Return an identity for a group of undecided checks that does not depend on the checks."""
    parts = [finding["project_id"], finding["region"], finding["ssl_id"], finding["ssl_name"], finding["about"]]
    if is_about_listener(finding):
        parts += [finding.get("load_balancer_id"), finding.get("listener_id")]
    return hashlib.sha256("\0".join((_UNDECIDED, *map(str, parts))).encode()).hexdigest()[:16]


def _name(finding: Finding, names: ListenerNames) -> str:
    if is_about_listener(finding):
        return names.subject(finding)
    return str(finding["ssl_name"] or finding["ssl_id"] or finding["about"] or "All certificates")


def _location(finding: Finding) -> dict[str, Any]:
    """Return the location of its subject as an address, because GitHub requires one. There is no such file."""
    about = detail_of_subject(finding) if is_about_listener(finding) else finding["about"]
    parts = [visible(part) or "-" for part in (finding["project_id"], finding["region"], *ids_of(finding))]
    logical = {"name": parts[-1], "fullyQualifiedName": "/".join(parts), "kind": "resource"}
    if about:
        # Also in the address, because otherwise all domains without a certificate would have the same one.
        logical["decoratedName"] = visible(about)
        parts.append(logical["decoratedName"])
    uri = "/".join(["ucloud", *map(_segment, parts)])
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
        "logicalLocations": [logical],
    }


def _segment(part: str) -> str:
    """Return a segment of an address. Consumers reject segments that end in a dot, because ``..`` is the parent."""
    quoted = quote(part, safe="")
    return f"{quoted}_" if quoted.endswith(".") else quoted


def _message(text: Any) -> str:
    """Return a plain text message without links (3.11.6) and placeholders (3.11.5)."""
    return re.sub(r"\{(?=\d+\})", "{ ", visible(text).replace("](", "] ("))
