# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare the findings of an audit for a page: rows, and groups of rows, the most severe first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..._audit.schema import SEVERITIES, Finding
from ..grouping import UNDECIDED_REMEDIATION, group_findings
from .names import NAMELESS, Anchors, CertificateLinks
from .texts import pairs, plural, short_date, text_of

WORST_FIRST = tuple(reversed(SEVERITIES))


@dataclass
class FindingRow:
    """A group of findings as a row.

    ``certificate`` is the anchor of the certificate. ``undecided`` has the reasons, each with the ids of its checks.
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
    """Rows with the same severity, status and check. ``check`` is empty for undecided checks."""

    severity: str
    status: str
    check: str
    title: str
    remediation: str
    rows: list[FindingRow]

    @property
    def count(self) -> str:
        """The number of rows in words."""
        return plural(len(self.rows), "finding" if self.check else "certificate")


def rows_of(findings: Iterable[Finding], links: CertificateLinks) -> list[tuple[Finding, FindingRow]]:
    """Return rows in the order of the findings, each with its (first) finding."""
    anchors = Anchors("f-")
    return [(group[0], _row(group, anchors, links)) for group in group_findings(findings)]


def groups_of(rows: Iterable[tuple[Finding, FindingRow]]) -> list[Group]:
    """Group rows by severity, status and check, in the order of the rows."""
    groups: dict[tuple[str, str, str], Group] = {}
    for finding, row in rows:
        check = "" if row.undecided else finding["check"]
        remediation = UNDECIDED_REMEDIATION if row.undecided else finding["remediation"]
        key = (row.status, row.severity, check)
        if key not in groups:
            groups[key] = Group(row.severity, row.status, check, row.title or check, remediation, [])
        groups[key].rows.append(row)
    return list(groups.values())


def _row(group: list[Finding], anchors: Anchors, links: CertificateLinks) -> FindingRow:
    finding = group[0]
    is_undecided = finding["status"] == "unknown"
    undecided: dict[str, list[str]] = {}
    for item in group if is_undecided else ():
        undecided.setdefault(item["detail"], []).append(item["check"])
    link = links.find(finding)
    about = text_of(finding["about"])
    waiver = finding["waiver"] or {}
    is_new = any(item["change"] == "new" for item in group)
    return FindingRow(
        anchor=anchors.new(finding["fingerprint"]),
        severity=finding["severity"],
        status="waived" if finding["waived"] else finding["status"],
        checks=list(dict.fromkeys(item["check"] for item in group)),
        name=finding["ssl_name"] or finding["ssl_id"] or about or (NAMELESS if link else ""),
        ssl_id=text_of(finding["ssl_id"]),
        region=text_of(finding["region"]),
        project_id=text_of(finding["project_id"]),
        about=about,
        certificate=link.anchor if link else None,
        detail="" if is_undecided else finding["detail"],
        evidence=pairs(finding["evidence"]),
        served=link.served if link else [],
        is_served=link.is_served if link else None,
        waived_until=short_date(waiver.get("expires")),
        reason=text_of(waiver.get("reason")),
        change="new" if is_new else text_of(finding["change"]),
        title="Undecided" if is_undecided else finding["title"],
        undecided={detail: list(dict.fromkeys(checks)) for detail, checks in undecided.items()},
    )
