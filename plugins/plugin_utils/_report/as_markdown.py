# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Markdown with tables, for chats and merge requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._audit.schema import Audit
from .audits import numbers, scope_text, standing
from .grouping import Row, rows
from .inline_markdown import cell, inline

_LIMIT = 20
_NAME_LENGTH = 80
_WARNING_LENGTH = 400
_SCOPE_LENGTH = 1000


def render(audit: Audit, *, title: str, limit: int | None = None) -> str:
    """Render the summary of an audit and its most severe findings.

    Args:
        audit: The audit.
        title: The title.
        limit: The most findings to show, 20 by default.
    """
    summary = audit["summary"]
    counted = list(numbers(audit))
    scope = scope_text(audit)
    parts = [
        f"## {inline(title)}",
        f"**Worst: {summary['worst'] or 'none'}.** {standing(audit)} at {inline(audit['evaluated_at'])}.",
        *([f"Scope: {inline(scope, _SCOPE_LENGTH)}."] if scope else []),
        *(f"**Warning:** {inline(text, _WARNING_LENGTH)}" for text in audit["warnings"]),
        _table([name.capitalize() for name, _number in counted], [[str(number) for _name, number in counted]], "---:"),
    ]
    found = rows(audit)
    shown = found[: _LIMIT if limit is None else limit]
    if shown:
        parts.append(_table(["Severity", "Certificate", "Where", "Check", "Detail"], map(_cells, shown), "---"))
    if len(found) > len(shown):
        parts.append(f"{len(found) - len(shown)} more are not shown.")
    return "\n\n".join(parts) + "\n"


def _cells(row: Row) -> Iterator[str]:
    new = " (new)" if row.is_new else ""
    yield f"{row.severity}{new}"
    names = [name for name in (row.ssl_name, row.ssl_id) if name] or [row.about or ""]
    yield " ".join(cell(name, _NAME_LENGTH) for name in names)
    yield " / ".join(cell(item, _NAME_LENGTH) for item in (row.project_id, row.region) if item)
    yield cell(row.check, _NAME_LENGTH)
    yield cell(row.detail)


def _table(header: list[str], lines: Iterable[Iterable[str]], alignment: str) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, [alignment] * len(header), *lines))
