# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain text for a console."""

from __future__ import annotations

from textwrap import wrap

from .._audit.schema import Audit
from .audits import kinds, not_checked_text, numbers, scope_of, standing
from .grouping import Row, rows
from .sanitize import columns, fit, visible

WIDTH = 120
#: The most console columns that these may take. The rest is for the detail.
_WIDEST = (8, 34, 12, 24)
_GAP = "  "


def render(audit: Audit, *, title: str, limit: int | None = None) -> str:
    """Render lines of at most 120 columns: the summary of an audit, and its findings, the most severe first.

    Args:
        audit: The audit.
        title: The title.
        limit: The most findings to show, all by default.
    """
    return "\n".join(lines(audit, title, limit)) + "\n"


def lines(audit: Audit, title: str, limit: int | None = None) -> list[str]:
    """Return the lines of the table."""
    # Numbers are not separated from their names.
    counted = ", ".join(f"{number} {name}".replace(" ", "\N{NO-BREAK SPACE}") for name, number in numbers(audit))
    scope = "; ".join(f"{name}: {text}".replace(" ", "\N{NO-BREAK SPACE}") for name, text in scope_of(audit))
    head = [
        fit(f"{visible(title)} at {visible(audit['evaluated_at'])}", WIDTH).rstrip(),
        standing(audit),
        *(
            line.replace("\N{NO-BREAK SPACE}", " ")
            for line in (wrap(f"Scope: {scope}", WIDTH, subsequent_indent=_GAP) if scope else [])
        ),
        *(
            line.replace("\N{NO-BREAK SPACE}", " ")
            for line in wrap(f"Findings: {counted}", WIDTH, subsequent_indent=_GAP)
        ),
        *wrap(not_checked_text(audit), WIDTH, subsequent_indent=_GAP),
        *(
            line
            for text in audit["warnings"]
            for line in wrap(f"Warning: {visible(text)}", WIDTH, subsequent_indent=_GAP)
        ),
    ]
    found = rows(audit)
    shown = found[:limit]
    if not shown:
        return head
    table = [("SEVERITY", kinds(audit).upper(), "REGION", "CHECK", "DETAIL"), *map(_cells, shown)]
    widths = [min(widest, max(columns(line[number]) for line in table)) for number, widest in enumerate(_WIDEST)]
    widths.append(WIDTH - sum(widths) - len(_GAP) * len(widths))
    body = [_line(line, widths) for line in table]
    more = [f"{len(found) - len(shown)} more are not shown"] if len(found) > len(shown) else []
    return [*head, "", *body, *more]


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """Join cells. The last one is a sentence, and is cut between words."""
    parts = [fit(text, width) for text, width in zip(cells, widths, strict=True)]
    parts[-1] = fit(cells[-1], widths[-1], at_word=True)
    return _GAP.join(parts).rstrip()


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    listener = ", ".join(filter(None, (" → ".join(row.listener), row.about))) if row.listener else visible(row.about)
    name = f"{visible(row.ssl_id)} {visible(row.ssl_name)}".strip() or listener
    return row.severity, name, visible(row.region), visible(row.check), visible(row.detail)
