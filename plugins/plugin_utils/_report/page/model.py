# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of an HTML template: everything is prepared here, so that templates only do the layout."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from ..._audit.facts import LISTENERS
from ..._audit.registry import CATALOGUE
from ..._audit.schema import (
    CHANGES,
    COMPLIANT,
    FIXED,
    NOT_COMPARABLE,
    SUPERSEDED,
    WAIVED,
    WAIVER_TARGETS,
    Audit,
    Finding,
    PolicyData,
    Summary,
)
from ..audits import joined, not_checked, not_checked_text, scope_of
from ..language import join, mark, say, say_number, say_reason
from ..subjects import SubjectKey, balancer_key, endpoint_subject, subject_key
from .balancers import Balancer, balancers_of
from .certificates import STANDINGS, CertificateEntry, days_of, entries_of, split_worst, standing_of
from .endpoints import EndpointLine, lines_of
from .findings import LISTENERS_INCOMPLETE, WORST_FIRST, FindingRow, Group, groups_of, rows_of
from .names import CertificateLinks, ListenerLinks, mapping_of, mappings
from .texts import long_date, number_of, pairs, parse_datetime, plural, short_date, text_of
from .timeline import Timeline

#: The most findings without a certificate on a page with a limit. The first of them says what was not listed.
_ABOUT_NONE = 100
#: The statuses of findings that are not gone.
_PRESENT = ("fail", "unknown", WAIVED)


@dataclass(frozen=True)
class PolicyLine:
    """A check with its settings in the policy. ``source`` says where the rule comes from.

    ``was_run`` is false if it is off, or if it is on, but requires what the audit was not given.
    """

    check: str
    title: str
    description: str
    source: str
    is_enabled: bool
    was_run: bool
    severity: str
    options: list[tuple[str, str]]
    count: int


@dataclass(frozen=True)
class WaiverLine:
    """A waiver with the number of its findings."""

    check: str
    target: str
    value: str
    reason: str
    expires: str
    has_expired: bool
    count: int


@dataclass(frozen=True)
class Conclusion:
    """The result of the audit: a severity (or ``waived``, ``compliant``, ``empty``), a headline, and a sentence."""

    severity: str
    headline: str
    detail: str


@dataclass(frozen=True)
class Report:
    """An audit for a page.

    ``scope`` says what was listed. ``shares`` are the numbers of certificates by their worst severity, or by the status
    ``waived`` or ``compliant``. ``others`` is the number of certificates that are not on the page. These are counted in
    ``summary``, ``shares``, ``rules``, ``waivers`` and ``timeline``, but their findings are not shown.
    ``other_listeners`` and ``other_endpoints`` are the same for listeners and endpoints.
    ``load_balancers`` counts those of all listeners.
    ``knows_listeners`` is false if the audit was given none: then ``balancers`` only has those that certificates name,
    and ``not_run_titles`` are the titles of the checks that need listeners. ``not_run`` says how many checks did not
    run, and why.
    ``endpoints`` are those without a listener on the page; the others are with their listeners.
    ``listeners_incomplete`` are the rows of the listings of listeners that failed.
    """

    evaluated_at: str
    summary: Mapping[str, Any]
    unknown_severity: str
    verdict: Conclusion
    incomplete: FindingRow | None
    listeners_incomplete: list[FindingRow]
    knows_listeners: bool
    not_run: str
    not_run_titles: list[str]
    scope: list[tuple[str, str]]
    others: int
    other_listeners: int
    other_endpoints: int
    load_balancers: int
    shares: list[tuple[str, int]]
    groups: list[Group]
    entries: list[CertificateEntry]
    balancers: list[Balancer]
    endpoints: list[EndpointLine]
    waivers: list[WaiverLine]
    new: list[FindingRow]
    fixed: list[FindingRow]
    superseded: list[FindingRow]
    not_comparable: list[FindingRow]
    warnings: list[str]
    rules: list[PolicyLine]
    regions: list[str]
    checks: list[tuple[str, str]]
    changes: list[str]
    timeline: Timeline
    severities: tuple[str, ...] = WORST_FIRST

    @classmethod
    def of(cls, audit: Audit, limit: int | None = None) -> Report:
        """Prepare an audit, with up to ``limit`` certificates, those with the most severe findings."""
        findings, policy = audit["findings"], audit["policy"]
        certificates, others = split_worst(audit["certificates"], limit)
        listeners, other_listeners = split_worst(audit.get("listeners") or [], limit)
        endpoints, other_endpoints = split_worst(audit.get("endpoints") or [], limit)
        links, listener_links = CertificateLinks(certificates), ListenerLinks(audit, listeners, endpoints)
        silent = set(map(subject_key, map(endpoint_subject, other_endpoints)))
        left_out = {*map(subject_key, others), *map(subject_key, other_listeners), *silent}

        def find(finding: Finding) -> object:
            # Findings about endpoints that are left out lead to their listener, which may be on the page.
            return subject_key(finding) not in silent and (links.find(finding) or listener_links.find(finding))

        shown = _shown(findings, left_out, find, limit)
        pairs_of_rows = rows_of(shown, links, listener_links)
        rows = [row for _finding, row in pairs_of_rows]
        entries = entries_of(certificates, pairs_of_rows, links, listener_links)
        lines = lines_of(endpoints, entries, listener_links)
        by_severity = Counter(map(standing_of, audit["certificates"]))
        summary = _summary(audit["summary"])
        not_run = not_checked(audit)
        rules = _policy_lines(policy, Counter(finding["check"] for finding in findings if _fails(finding)), not_run)
        titles = {rule.check: rule.title for rule in rules}
        used = dict.fromkeys(check for row in rows for check in row.checks)
        return cls(
            evaluated_at=long_date(audit["evaluated_at"]),
            summary=summary,
            unknown_severity=say(text_of(policy.get("unknown_severity"))),
            verdict=_conclusion(summary),
            incomplete=next((row for row in rows if "listing_incomplete" in row.checks and row.status == "fail"), None),
            listeners_incomplete=[row for row in rows if LISTENERS_INCOMPLETE in row.checks and row.status in _PRESENT],
            knows_listeners=audit.get("listeners") is not None,
            not_run=not_checked_text(audit),
            not_run_titles=[titles.get(check, check) for check in not_run if _needs_listeners(check)],
            scope=scope_of(audit),
            others=len(others),
            other_listeners=len(other_listeners),
            other_endpoints=len(other_endpoints),
            load_balancers=len(set(map(balancer_key, audit.get("listeners") or ()))),
            shares=[(name, by_severity[name]) for name in STANDINGS if by_severity[name]],
            groups=groups_of(pairs_of_rows),
            entries=entries,
            balancers=balancers_of(listeners, entries, pairs_of_rows, listener_links, lines),
            endpoints=[line for line in lines if line.listener is None],
            waivers=_waivers(policy, findings, audit["evaluated_at"]),
            new=[row for row in rows if row.change == "new"],
            fixed=[row for row in rows if row.change == FIXED],
            superseded=[row for row in rows if row.change == SUPERSEDED],
            not_comparable=[row for row in rows if row.change == NOT_COMPARABLE],
            warnings=[say_reason(text_of(text)) for text in audit["warnings"]],
            rules=rules,
            regions=sorted({row.region for row in rows if row.region}),
            checks=sorted(((check, titles.get(check, check)) for check in used), key=lambda item: item[1].casefold()),
            changes=sorted({row.change for row in rows if row.change}, key=_change_order),
            timeline=Timeline.of(
                entries,
                parse_datetime(audit["evaluated_at"]),
                _days(policy, "cert_expiring_critical", 14),
                _days(policy, "cert_expiring_warning", 30),
                [(days, standing_of(facts)) for facts in others if (days := days_of(facts)) is not None],
            ),
        )


def _needs_listeners(check: str) -> bool:
    return check in CATALOGUE and CATALOGUE[check].requires == LISTENERS


def _shown(
    findings: list[Finding], left_out: Set[SubjectKey], find: Callable[[Finding], object], limit: int | None
) -> Iterator[Finding]:
    """Yield the findings for a page: those of its certificates and listeners, and a limited number of the others."""
    about_none = 0
    for finding in findings:
        if limit is not None and not find(finding):
            about_none += subject_key(finding) not in left_out
            if subject_key(finding) in left_out or about_none > max(limit, _ABOUT_NONE):
                continue
        yield finding


def _summary(summary: Summary) -> Summary:
    """Return the summary with all severities and changes, and what audits of earlier versions do not have."""
    changes = summary["changes"]
    return {
        "listeners": None,
        "listeners_by_status": None,
        "endpoints": None,
        "endpoints_by_status": None,
        "not_checked": [],
        **summary,
        "by_severity": {name: summary["by_severity"].get(name, 0) for name in WORST_FIRST},
        "changes": {**dict.fromkeys(CHANGES, 0), **changes} if changes else None,
    }


def _change_order(change: str) -> tuple[int, str]:
    return (CHANGES.index(change) if change in CHANGES else len(CHANGES), change)


def _fails(finding: Finding) -> bool:
    return finding["status"] == "fail" and not finding["waived"]


def _days(policy: PolicyData, check: str, default: float) -> float:
    days = number_of(mapping_of(policy["checks"].get(check)).get("days"))
    return default if days is None else days


_HEADLINES = {
    "critical": mark("Critical: act now"),
    "high": mark("High: act this week"),
    "medium": mark("Medium: plan the work"),
    "low": mark("Low: fix when convenient"),
    WAIVED: mark("Waived: accepted for now"),
    COMPLIANT: mark("Compliant"),
    "empty": mark("Nothing was checked"),
}


def _conclusion(summary: Summary) -> Conclusion:
    is_waived = bool(summary["waived"])
    judged = [plural(summary["certificates"], "certificate")]
    counted = (("listener", summary["listeners"]), ("endpoint", summary["endpoints"]))
    judged += [plural(count, noun) for noun, count in counted if count]
    without_finding = WAIVED if is_waived else COMPLIANT if summary["certificates"] or len(judged) > 1 else "empty"
    severity = text_of(summary["worst"]) or without_finding
    by_severity = summary["by_severity"]
    counts = [
        say("{number} {name}", number=f"{by_severity[name]:,}", name=say(name))
        for name in WORST_FIRST
        if by_severity[name]
    ]
    subjects = joined(judged)
    if counts:
        detail = say(
            "{findings}: {counts} in {subjects}.",
            findings=plural(summary["findings"], "finding"),
            counts=joined(counts),
            subjects=subjects,
        )
    elif severity == "empty":
        detail = say("This audit has no certificates.")
    elif is_waived:
        detail = say("No finding that counts in {subjects}.", subjects=subjects)
    else:
        detail = say("No finding in {subjects}.", subjects=subjects)
    return Conclusion(severity, say(_HEADLINES.get(severity, severity)), join([detail, *_notes(summary)], " "))


def _notes(summary: Summary) -> Iterator[str]:
    waived = summary["by_status"]["waived"]
    if waived:
        yield say_number(
            "{number} certificate has only waived findings.", "{number} certificates have only waived findings.", waived
        )
    elif summary["waived"]:
        yield say_number("{number} finding is waived.", "{number} findings are waived.", summary["waived"])
    if summary["unknown"]:
        yield say_number(
            "{number} check is undecided, and do not count as passed.",
            "{number} checks are undecided, and do not count as passed.",
            summary["unknown"],
        )


def _policy_lines(policy: PolicyData, counts: Mapping[str, int], not_run: Collection[str]) -> list[PolicyLine]:
    lines = []
    for check, options in policy["checks"].items():
        known, data = CATALOGUE.get(check), mapping_of(options)
        # Limits that the policy does not set are not in its data.
        shown = {**known.options, **data} if known and data.get("enabled") else data
        severity = say(text_of(data.get("severity"))) or (
            _severity(known.severity, known.severity_unbound) if known else ""
        )
        lines.append(
            PolicyLine(
                check=check,
                title=say(known.title) if known else check,
                description=say(" ".join(known.description.split())) if known else "",
                source=say(known.source) if known else "",
                is_enabled=bool(data.get("enabled")),
                was_run=bool(data.get("enabled")) and check not in not_run,
                severity=severity,
                options=pairs({key: value for key, value in shown.items() if key not in ("enabled", "severity")}),
                count=counts[check],
            )
        )
    return lines


def _severity(bound: str, unbound: str) -> str:
    if bound == unbound:
        return say(bound)
    return say("{bound}, {unbound} if not bound", bound=say(bound), unbound=say(unbound))


def _identity(waiver: Any) -> str:
    """Return a text that only equal waivers have in common."""
    return json.dumps(waiver, sort_keys=True, default=str)


def _waivers(policy: PolicyData, findings: list[Finding], evaluated_at: str) -> list[WaiverLine]:
    now = parse_datetime(evaluated_at)
    used = Counter(_identity(finding["waiver"]) for finding in findings if finding["waived"])
    lines = []
    for waiver in mappings(policy.get("waivers"), ()):
        target = next((name for name in WAIVER_TARGETS if name in waiver), "")
        expires = parse_datetime(waiver.get("expires"))
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
