# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group findings for reports.

Most checks are undecided for a certificate that cannot be read, or a listener of which little is known. Reports for
people show this as one entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from .._audit.evaluate import counts
from .._audit.schema import SEVERITIES, Audit, Finding
from .audits import waiver_text
from .language import mark, said, say
from .subjects import ListenerNames, detail_of_subject, is_about_listener, other_subject, subject_key

#: What to do about undecided checks.
UNDECIDED_REMEDIATION = mark(
    "Check the certificate, and why it cannot be read: undecided checks do not count as passed."
)
UNDECIDED_ENDPOINT_REMEDIATION = mark(
    "Find out what is not known of the endpoint, and why: undecided checks do not count as passed."
)
UNDECIDED_LISTENER_REMEDIATION = mark(
    "Find out what is not known of the listener: undecided checks do not count as passed."
)


class Row(NamedTuple):
    """A group of findings as a row of a table. ``check`` is an id, or says how many checks there are.

    ``listener`` has the names of the load balancer and the listener that it is about, empty if it is about neither.
    ``about`` is what it is about besides or instead of these and a certificate.
    """

    severity: str
    status: str
    check: str
    ssl_id: str | None
    ssl_name: str | None
    region: str | None
    project_id: str | None
    listener: list[str]
    about: str | None
    title: str
    detail: str
    is_new: bool


def group_findings(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group undecided findings about the same certificate, listener or endpoint, or about the same other subject.

    Every other finding is a group of its own. Findings with different waivers, or with and without one, are not
    grouped. The groups are in the order of their first findings.
    """
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        key = _undecided_key(finding) if finding["status"] == "unknown" else (number,)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _undecided_key(finding: Finding) -> tuple[Any, ...]:
    waiver = waiver_text(finding) if finding["waived"] else None
    return (*subject_key(finding), other_subject(finding), waiver)


def rows(audit: Audit) -> list[Row]:
    """Return the findings that are neither waived nor gone as rows, the most severe first."""
    names = ListenerNames(audit)
    return [row_of(group, names) for group in group_findings(filter(counts, audit["findings"]))]


def row_of(group: list[Finding], names: ListenerNames) -> Row:
    """Return a group of findings as a row."""
    first = group[0]
    checks = {finding["check"] for finding in group}
    several = say("{number} checks", number=len(checks)) if len(checks) > 1 else None
    details = Counter(said(finding, "detail") for finding in group).most_common()
    detail = details[0][0]
    if len(details) > 1:
        detail = say("{detail} There are {number} more reasons.", detail=detail, number=len(details) - 1)
    return Row(
        severity=max((finding["severity"] for finding in group), key=SEVERITIES.index),
        status=first["status"],
        check=several or first["check"],
        ssl_id=first["ssl_id"],
        ssl_name=first["ssl_name"],
        region=first["region"],
        project_id=first["project_id"],
        listener=names.parts(first) if is_about_listener(first) else [],
        about=detail_of_subject(first) if is_about_listener(first) else first["about"],
        title=say("{number} checks are undecided", number=len(checks)) if several else said(first, "title"),
        detail=detail,
        is_new=any(finding["change"] == "new" for finding in group),
    )
