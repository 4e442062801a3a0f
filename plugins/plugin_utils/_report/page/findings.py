# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare the findings of an audit for a page: rows, and groups of rows, the most severe first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..._audit.schema import SEVERITIES, Finding
from ..grouping import (
    UNDECIDED_ENDPOINT_REMEDIATION,
    UNDECIDED_LISTENER_REMEDIATION,
    UNDECIDED_REMEDIATION,
    group_findings,
)
from ..language import said, say
from ..subjects import detail_of_subject, ids_of, is_about_endpoint, is_about_listener
from .names import NAMELESS, Anchors, CertificateLinks, ListenerLink, ListenerLinks
from .texts import pairs, plural, short_date, text_of

WORST_FIRST = tuple(reversed(SEVERITIES))
#: The check whose findings are about listings of listeners that failed.
LISTENERS_INCOMPLETE = "listeners_incomplete"
_NOWHERE = ListenerLink("")


@dataclass
class FindingRow:
    """A group of findings as a row.

    ``certificate`` is the anchor of the certificate, ``listener`` that of the listener, load balancer or endpoint if it
    is about one of these, and ``besides`` is what else it is about, such as a host. ``ids`` are those that are not in
    the name.
    ``undecided`` has the reasons, each with the ids of its checks.
    """

    anchor: str
    severity: str
    status: str
    checks: list[str]
    name: str
    ssl_id: str
    ids: list[str]
    region: str
    project_id: str
    about: str
    certificate: str | None
    listener: str | None
    besides: str
    protocol: str
    sockets: Sequence[str]
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
    """Rows with the same severity, status and check. ``check`` is empty for undecided checks.

    ``noun`` is what the rows of undecided checks are about.
    """

    severity: str
    status: str
    check: str
    title: str
    remediation: str
    rows: list[FindingRow]
    noun: str = "finding"

    @property
    def count(self) -> str:
        """The number of rows in words."""
        return plural(len(self.rows), self.noun)


def rows_of(
    findings: Iterable[Finding], links: CertificateLinks, listeners: ListenerLinks
) -> list[tuple[Finding, FindingRow]]:
    """Return rows in the order of the findings, each with its (first) finding."""
    anchors = Anchors("f-")
    return [(group[0], _row(group, anchors, links, listeners)) for group in group_findings(findings)]


def groups_of(rows: Iterable[tuple[Finding, FindingRow]]) -> list[Group]:
    """Group rows by severity, status and check, in the order of the rows."""
    groups: dict[tuple[str, str, str, str], Group] = {}
    for finding, row in rows:
        check, noun, remediation = finding["check"], "finding", said(finding, "remediation")
        if row.undecided:
            check, (noun, remediation) = "", _undecided(finding)
        key = (row.status, row.severity, check, noun)
        if key not in groups:
            groups[key] = Group(row.severity, row.status, check, row.title or check, remediation, [], noun)
        groups[key].rows.append(row)
    return list(groups.values())


def _undecided(finding: Finding) -> tuple[str, str]:
    """Return what an undecided finding is about, as a noun, and what to do."""
    if is_about_endpoint(finding):
        return "endpoint", say(UNDECIDED_ENDPOINT_REMEDIATION)
    if is_about_listener(finding):
        return "listener", say(UNDECIDED_LISTENER_REMEDIATION)
    if finding["check"] == LISTENERS_INCOMPLETE:
        return "listing", said(finding, "remediation")
    return "certificate", say(UNDECIDED_REMEDIATION)


def _row(group: list[Finding], anchors: Anchors, links: CertificateLinks, listeners: ListenerLinks) -> FindingRow:
    finding = group[0]
    is_undecided = finding["status"] == "unknown"
    undecided: dict[str, list[str]] = {}
    for item in group if is_undecided else ():
        undecided.setdefault(said(item, "detail"), []).append(item["check"])
    link, listener = links.find(finding), listeners.find(finding) or _NOWHERE
    about = text_of(finding["about"])
    waiver = finding["waiver"] or {}
    name = finding["ssl_name"] or finding["ssl_id"] or about or (say(NAMELESS) if link else "")
    if is_about_listener(finding):
        name = listeners.names.text(finding)
    is_new = any(item["change"] == "new" for item in group)
    return FindingRow(
        anchor=anchors.new(finding["fingerprint"]),
        severity=finding["severity"],
        status="waived" if finding["waived"] else finding["status"],
        checks=list(dict.fromkeys(item["check"] for item in group)),
        name=name,
        ssl_id=text_of(finding["ssl_id"]),
        ids=[text for item in reversed(ids_of(finding)) if (text := text_of(item)) and text not in name.split(" → ")],
        region=text_of(finding["region"]),
        project_id=text_of(finding["project_id"]),
        about=about,
        certificate=link.anchor if link else None,
        listener=listener.anchor or None,
        besides=detail_of_subject(finding),
        protocol=listener.protocol,
        sockets=listener.sockets,
        detail="" if is_undecided else said(finding, "detail"),
        evidence=pairs(finding["evidence"]),
        served=link.served if link else [],
        is_served=link.is_served if link else None,
        waived_until=short_date(waiver.get("expires")),
        reason=text_of(waiver.get("reason")),
        change="new" if is_new else text_of(finding["change"]),
        title=say("Undecided") if is_undecided else said(finding, "title"),
        undecided={detail: list(dict.fromkeys(checks)) for detail, checks in undecided.items()},
    )
