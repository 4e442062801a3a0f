# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain text for a console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._audit.schema import Audit
from .audits import kinds, not_checked_text, numbers, scope_of, standings
from .grouping import Row, rows
from .language import join, say, say_reason
from .sanitize import columns, fit, packed, visible, wrapped

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
    counted = (say("{number} {name}", number=number, name=name) for name, number in numbers(audit))
    scope = [say("{name}: {text}", name=name, text=text) for name, text in scope_of(audit)]
    head = [
        fit(say("{title} at {time}", title=visible(title), time=visible(audit["evaluated_at"])), WIDTH).rstrip(),
        *_packed(join(_breakable(standings(audit)), "; ")),
        *(_packed(say("Scope: {scope}", scope=join(_breakable(scope), "; "))) if scope else ()),
        *_packed(say("Findings: {counted}", counted=join(_breakable(counted)))),
        *wrapped(not_checked_text(audit), WIDTH, _GAP),
        *(
            line
            for text in audit["warnings"]
            for line in wrapped(say("Warning: {text}", text=visible(say_reason(text))), WIDTH, _GAP)
        ),
    ]
    found = rows(audit)
    shown = found[:limit]
    if not shown:
        return head
    table = [(say("SEVERITY"), kinds(audit).upper(), say("REGION"), say("CHECK"), say("DETAIL")), *map(_cells, shown)]
    widths = [min(widest, max(columns(line[number]) for line in table)) for number, widest in enumerate(_WIDEST)]
    widths.append(WIDTH - sum(widths) - len(_GAP) * len(widths))
    body = [_line(line, widths) for line in table]
    more = [say("{number} more are not shown", number=len(found) - len(shown))] if len(found) > len(shown) else []
    return [*head, "", *body, *more]


def _breakable(texts: Iterable[str]) -> Iterator[str]:
    """Mark where lines may break: before each text but the first. None of them has line ends."""
    for number, text in enumerate(texts):
        yield f"\n{text}" if number else text


def _packed(text: str) -> list[str]:
    return packed(text.split("\n"), WIDTH, _GAP)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    """Join cells. The last one is a sentence, and is cut between words."""
    parts = [fit(text, width) for text, width in zip(cells, widths, strict=True)]
    parts[-1] = fit(cells[-1], widths[-1], at_word=True)
    return _GAP.join(parts).rstrip()


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    # What differs within a listener comes first, because long names are cut.
    subject = ", ".join(filter(None, (visible(row.about), " → ".join(row.listener))))
    name = f"{visible(row.ssl_id)} {visible(row.ssl_name)}".strip() or subject
    return say(row.severity), name, visible(row.region), visible(row.check), visible(row.detail)
