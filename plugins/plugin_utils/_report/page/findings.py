# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings of an audit -> groups of rows, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._audit.registry import SEVERITIES
from ..audits import waiver_text
from .names import NAMELESS, Anchors, Places
from .texts import pairs, plural, short_date, text_of

Finding = Mapping[str, Any]
WORST_FIRST = tuple(reversed(SEVERITIES))


@dataclass
class Row:
    """A finding, or all findings of one certificate that cannot be decided, and are waived for the same reason, if so.

    ``certificate`` is the anchor of the certificate, ``undecided`` has (reason, ids of the checks that give it).
    """

    anchor: str
    severity: str
    status: str
    checks: list[str]
    name: str
    ssl_id: str
    region: str
    project_id: str
    about: str
    certificate: str | None
    detail: str
    evidence: list[tuple[str, str]]
    served: list[str]
    is_served: bool | None
    waived_until: str
    reason: str
    change: str
    title: str
    undecided: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Rows of one severity and status about one check; ``check`` is empty if they are about several ones."""

    severity: str
    status: str
    check: str
    title: str
    remediation: str
    rows: list[Row]

    @property
    def count(self) -> str:
        """How much is in it, in words."""
        return plural(len(self.rows), "finding" if self.check else "certificate")


def rows_of(findings: Iterable[Finding], places: Places) -> list[tuple[Finding, Row]]:
    """Rows in the order of the findings, each with the (first) finding that it shows."""
    anchors = Anchors("f-")
    rows: list[tuple[Finding, Row]] = []
    folded: dict[tuple[Any, ...], Row] = {}
    for finding in findings:
        status = "waived" if finding.get("waived") else text_of(finding.get("status"))
        is_folded = finding.get("status") == "unknown"
        about = "" if finding.get("ssl_id") or finding.get("ssl_name") else text_of(finding.get("about"))
        key = (status, *places.key(finding), about, waiver_text(finding) if finding.get("waived") else "")
        known = folded.get(key) if is_folded else None
        if known is None:
            known = _row(finding, status, anchors, places)
            rows.append((finding, known))
            if is_folded:
                known.title, known.checks, known.detail = "Cannot be decided", [], ""
                folded[key] = known
        if is_folded:
            check = text_of(finding.get("check"))
            for checks in (known.checks, known.undecided.setdefault(text_of(finding.get("detail")), [])):
                if check not in checks:
                    checks.append(check)
            if finding.get("change") == "new":
                known.change = "new"
    return rows


def groups_of(rows: Iterable[tuple[Finding, Row]]) -> list[Group]:
    """Rows by severity, status and check; those that are waived or gone stand last."""
    groups: dict[tuple[Any, ...], Group] = {}
    for finding, row in rows:
        check = "" if row.undecided else text_of(finding.get("check"))
        remediation = (
            "Look at what the certificate is, and why it cannot be read: nothing here counts as passed."
            if row.undecided
            else text_of(finding.get("remediation"))
        )
        key = (row.status, row.severity, check)
        if key not in groups:
            groups[key] = Group(row.severity, row.status, check, row.title or check, remediation, [])
        groups[key].rows.append(row)
    return list(groups.values())


def _row(finding: Finding, status: str, anchors: Anchors, places: Places) -> Row:
    place = places.find(finding)
    about = text_of(finding.get("about"))
    waiver = finding.get("waiver") or {}
    return Row(
        anchor=anchors.new(finding.get("fingerprint")),
        severity=text_of(finding.get("severity")),
        status=status,
        checks=[text_of(finding.get("check"))],
        name=text_of(finding.get("ssl_name")) or text_of(finding.get("ssl_id")) or about or (NAMELESS if place else ""),
        ssl_id=text_of(finding.get("ssl_id")),
        region=text_of(finding.get("region")),
        project_id=text_of(finding.get("project_id")),
        about=about,
        certificate=place.anchor if place else None,
        detail=text_of(finding.get("detail")),
        evidence=pairs(finding.get("evidence")),
        served=place.served if place else [],
        is_served=place.is_served if place else None,
        waived_until=short_date(waiver.get("expires")),
        reason=text_of(waiver.get("reason")),
        change=text_of(finding.get("change")),
        title=text_of(finding.get("title")),
    )
