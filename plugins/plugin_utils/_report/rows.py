# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings as the rows of a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .._audit.evaluate import counts
from .._audit.registry import SEVERITIES
from .audits import Audit, Finding, place, waiver_text


class Row(NamedTuple):
    """A finding that fails, or everything that cannot be decided about one certificate.

    ``check`` is an id, or for several how many; the rest is as in findings.
    """

    severity: str
    status: str
    check: str
    ssl_id: Any
    ssl_name: Any
    region: Any
    project_id: Any
    about: Any
    title: str
    detail: str
    is_new: bool


def rows(audit: Audit) -> list[Row]:
    """What is neither waived nor gone, the worst first.

    A certificate that cannot be read fails to be decided by most checks: it is one row.
    """
    return [row_of(group) for group in folded(filter(counts, audit["findings"]))]


def folded(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings one by one, except for what cannot be decided: what is about the same certificate stands together.

    So does what is about the same other thing. What is waived stands apart.
    """
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        key = _undecided_key(finding) if finding["status"] == "unknown" else (number,)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def other_than_certificate(finding: Finding) -> Any:
    """What a finding is about, if that is no certificate."""
    return None if finding["ssl_id"] or finding["ssl_name"] else finding["about"]


def _undecided_key(finding: Finding) -> tuple[Any, ...]:
    waiver = waiver_text(finding) if finding["waived"] else None
    return ("unknown", *place(finding), finding["ssl_name"], other_than_certificate(finding), waiver)


def numbers(audit: Audit) -> Iterator[tuple[str, int]]:
    """How many findings a summary counts, in words, the worst first."""
    summary = audit["summary"]
    for severity in reversed(SEVERITIES):
        yield severity, summary["by_severity"].get(severity, 0)
    yield "unknown", summary["unknown"]
    yield "waived", summary["waived"]
    changes = summary["changes"] or {}
    for change in ("new", "fixed") if changes else ():
        yield change, changes.get(change, 0)
    for change, number in changes.items():
        if change not in ("new", "unchanged", "fixed") and number:
            yield change.replace("_", " "), number


def row_of(group: list[Finding]) -> Row:
    """The row of findings that :func:`folded` puts together."""
    first = group[0]
    checks = {finding["check"] for finding in group}
    several = f"{len(checks)} checks" if len(checks) > 1 else None
    details = Counter(finding["detail"] for finding in group).most_common()
    others = f" There are {len(details) - 1} more reasons." if len(details) > 1 else ""
    return Row(
        severity=max((finding["severity"] for finding in group), key=SEVERITIES.index),
        status=first["status"],
        check=several or first["check"],
        ssl_id=first["ssl_id"],
        ssl_name=first["ssl_name"],
        region=first["region"],
        project_id=first["project_id"],
        about=first["about"],
        title=f"{several} cannot be decided" if several else first["title"],
        detail=f"{details[0][0]}{others}",
        is_new=any(finding["change"] == "new" for finding in group),
    )
