# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a template is given of an audit: everything worked out, so that templates only say how it looks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..._audit import checks as _checks  # noqa: F401 (defines the checks)
from ..._audit.baseline import FIXED, NOT_COMPARABLE, SUPERSEDED
from ..._audit.evaluate import COMPLIANT, WAIVED
from ..._audit.registry import CATALOGUE
from ..audits import CHANGES, scope_of
from .bindings import Balancer, balancers_of
from .certificates import STANDINGS, Entry, days_of, entries_of, split_worst, standing_of
from .findings import WORST_FIRST, Group, Row, groups_of, rows_of
from .names import Places, mappings
from .texts import long_date, moment_of, number_of, pairs, plural, short_date, text_of
from .timeline import Timeline

#: How many findings about no certificate there can be on any page. The first of them says what was not listed.
_ABOUT_NONE = 100
_WAIVER_TARGETS = ("ssl_id", "name", "domain", "fingerprint")


@dataclass(frozen=True)
class Rule:
    """A check as the policy has it; ``source`` says where it comes from."""

    check: str
    title: str
    description: str
    source: str
    is_enabled: bool
    severity: str
    options: list[tuple[str, str]]
    count: int


@dataclass(frozen=True)
class WaiverLine:
    """A waiver with the number of findings that it covers."""

    check: str
    target: str
    value: str
    reason: str
    expires: str
    has_expired: bool
    count: int


@dataclass(frozen=True)
class Verdict:
    """How it stands: a severity (or ``waived``, ``compliant``, or ``empty`` of nothing), a headline, and a sentence."""

    severity: str
    headline: str
    detail: str


@dataclass(frozen=True)
class Report:
    """An audit for a page.

    ``scope`` says what was looked at. ``shares`` are numbers of certificates by the worst severity of each, or by
    ``waived`` and ``compliant``. ``others`` is the number of certificates that are not on the page. They are in
    ``summary``, ``shares``, ``rules``, ``waivers`` and ``timeline``, but neither is what was found about them.
    """

    evaluated_at: str
    summary: Mapping[str, Any]
    unknown_severity: str
    verdict: Verdict
    incomplete: Row | None
    scope: list[tuple[str, str]]
    others: int
    shares: list[tuple[str, int]]
    groups: list[Group]
    entries: list[Entry]
    balancers: list[Balancer]
    waivers: list[WaiverLine]
    new: list[Row]
    fixed: list[Row]
    superseded: list[Row]
    not_comparable: list[Row]
    warnings: list[str]
    rules: list[Rule]
    regions: list[str]
    checks: list[tuple[str, str]]
    changes: list[str]
    timeline: Timeline
    severities: tuple[str, ...] = WORST_FIRST

    @classmethod
    def of(cls, audit: Mapping[str, Any], limit: int | None = None) -> Report:
        """Work out everything, of the worst certificates up to ``limit``."""
        findings, policy = audit["findings"], audit["policy"]
        certificates, others = split_worst(audit["certificates"], limit)
        places = Places(certificates)
        pairs_of_rows = rows_of(_shown(findings, others, places, limit), places)
        rows = [row for _finding, row in pairs_of_rows]
        entries = entries_of(certificates, pairs_of_rows, places)
        by_severity = Counter(map(standing_of, audit["certificates"]))
        summary = _summary(audit["summary"])
        rules = _rules(policy, Counter(text_of(finding.get("check")) for finding in findings if _fails(finding)))
        titles = {rule.check: rule.title for rule in rules}
        used = dict.fromkeys(check for row in rows for check in row.checks)
        return cls(
            evaluated_at=long_date(audit["evaluated_at"]),
            summary=summary,
            unknown_severity=text_of(policy.get("unknown_severity")),
            verdict=_verdict(summary),
            incomplete=next((row for row in rows if "listing_incomplete" in row.checks and row.status == "fail"), None),
            scope=scope_of(audit),
            others=len(others),
            shares=[(name, by_severity[name]) for name in STANDINGS if by_severity[name]],
            groups=groups_of(pairs_of_rows),
            entries=entries,
            balancers=balancers_of(entries, rows),
            waivers=_waivers(policy, findings, audit["evaluated_at"]),
            new=[row for row in rows if row.change == "new"],
            fixed=[row for row in rows if row.change == FIXED],
            superseded=[row for row in rows if row.change == SUPERSEDED],
            not_comparable=[row for row in rows if row.change == NOT_COMPARABLE],
            warnings=[text_of(text) for text in audit["warnings"]],
            rules=rules,
            regions=sorted({row.region for row in rows if row.region}),
            checks=sorted(((check, titles.get(check, check)) for check in used), key=lambda item: item[1].casefold()),
            changes=sorted({row.change for row in rows if row.change}, key=_change_order),
            timeline=Timeline.of(
                entries,
                moment_of(audit["evaluated_at"]),
                _days(policy, "cert_expiring_critical", 14),
                _days(policy, "cert_expiring_warning", 30),
                [(days, standing_of(facts)) for facts in others if (days := days_of(facts)) is not None],
            ),
        )


def _shown(
    findings: list[Any], others: list[Mapping[str, Any]], places: Places, limit: int | None
) -> Iterator[Mapping[str, Any]]:
    """The findings for a page: not those about other certificates, and not any number of those about none."""
    left_out = set(map(Places.key, others))
    about_none = 0
    for finding in findings:
        if limit is not None and places.find(finding) is None:
            about_none += Places.key(finding) not in left_out
            if Places.key(finding) in left_out or about_none > max(limit, _ABOUT_NONE):
                continue
        yield finding


def _summary(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The summary with all its numbers."""
    changes = summary["changes"]
    return {
        **summary,
        "by_severity": {name: summary["by_severity"].get(name, 0) for name in WORST_FIRST},
        "changes": {**dict.fromkeys(CHANGES, 0), **changes} if changes else None,
    }


def _change_order(change: str) -> tuple[int, str]:
    return (CHANGES.index(change) if change in CHANGES else len(CHANGES), change)


def _fails(finding: Mapping[str, Any]) -> bool:
    return finding.get("status") == "fail" and not finding.get("waived")


def _days(policy: Mapping[str, Any], check: str, default: float) -> float:
    days = number_of(_mapping(policy["checks"].get(check)).get("days"))
    return default if days is None else days


_HEADLINES = {
    "critical": "Critical: act now",
    "high": "High: act this week",
    "medium": "Medium: plan the work",
    "low": "Low: tidy up",
    WAIVED: "Waived: accepted for now",
    COMPLIANT: "Compliant",
    "empty": "Nothing was checked",
}


def _verdict(summary: Mapping[str, Any]) -> Verdict:
    waived = summary["by_status"][WAIVED]
    is_waived = bool(summary["waived"])
    without_finding = WAIVED if is_waived else COMPLIANT if summary["certificates"] else "empty"
    severity = text_of(summary["worst"]) or without_finding
    counts = [f"{summary['by_severity'][name]:,} {name}" for name in WORST_FIRST if summary["by_severity"][name]]
    certificates = plural(summary["certificates"], "certificate")
    if counts:
        found = f"{' and '.join(filter(None, (', '.join(counts[:-1]), counts[-1])))} in {certificates}."
        detail = f"{plural(summary['findings'], 'finding')}: {found}"
    elif severity == "empty":
        detail = "There is no certificate in this audit."
    else:
        detail = f"No finding {'that counts ' if is_waived else ''}in {certificates}."
    if waived:
        detail += f" {plural(waived, 'certificate is', 'certificates are')} only accepted by waivers."
    elif is_waived:
        detail += f" {plural(summary['waived'], 'finding is', 'findings are')} accepted by waivers."
    if summary["unknown"]:
        detail += f" {plural(summary['unknown'], 'check')} could not be decided, and did not count as passed."
    return Verdict(severity, _HEADLINES.get(severity, severity), detail)


def _rules(policy: Mapping[str, Any], counts: Mapping[str, int]) -> list[Rule]:
    rules = []
    for check, options in policy["checks"].items():
        known, data = CATALOGUE.get(check), _mapping(options)
        # Limits that the policy does not give are not in its data.
        shown = {**known.options, **data} if known and data.get("enabled") else data
        severity = text_of(data.get("severity")) or (_severity(known.severity, known.severity_unbound) if known else "")
        rules.append(
            Rule(
                check=check,
                title=known.title if known else check,
                description=known.description if known else "",
                source=known.source if known else "",
                is_enabled=bool(data.get("enabled")),
                severity=severity,
                options=pairs({key: value for key, value in shown.items() if key not in ("enabled", "severity")}),
                count=counts[check],
            )
        )
    return rules


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _severity(bound: str, unbound: str) -> str:
    return bound if bound == unbound else f"{bound}, {unbound} if not bound"


def _identity(waiver: Any) -> str:
    """A text that equal waivers, and no others, have in common."""
    return json.dumps(waiver, sort_keys=True, default=str)


def _waivers(policy: Mapping[str, Any], findings: list[Any], evaluated_at: Any) -> list[WaiverLine]:
    now = moment_of(evaluated_at)
    used = Counter(_identity(finding.get("waiver")) for finding in findings if finding.get("waived"))
    lines = []
    for waiver in mappings(policy.get("waivers"), ()):
        target = next((name for name in _WAIVER_TARGETS if name in waiver), "")
        expires = moment_of(waiver.get("expires"))
        lines.append(
            WaiverLine(
                check=text_of(waiver.get("check")),
                target=target,
                value=text_of(waiver.get(target)),
                reason=text_of(waiver.get("reason")),
                expires=short_date(waiver.get("expires")),
                has_expired=bool(now and expires and expires < now),
                count=used[_identity(waiver)],
            )
        )
    return lines
