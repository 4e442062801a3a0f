# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Markdown with tables, for chats and merge requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from .._audit.schema import NOT_COMPLIANT, SEVERITIES, Audit, AuditedEndpoint, AuditedListener
from .audits import kinds, not_checked_text, numbers, scope_text, standings
from .endpoints import expiry_of, label_of, served_name, verdict_of
from .endpoints import tls_of as endpoint_tls
from .grouping import Row, rows
from .inline_markdown import cell, inline
from .language import join, say, say_reason
from .listeners import protocol_of, sockets_of, tls_of
from .subjects import ListenerNames, endpoint_subject

_LIMIT = 20
_NAME_LENGTH = 80
_WARNING_LENGTH = 400
_SCOPE_LENGTH = 1000
_SOCKETS = 2

Item = TypeVar("Item", AuditedListener, AuditedEndpoint)


def render(audit: Audit, *, title: str, limit: int | None = None) -> str:
    """Render the summary of an audit, its most severe findings, and its listeners and endpoints that are not compliant.

    Args:
        audit: The audit.
        title: The title.
        limit: The most findings, listeners and endpoints, each, to show, 20 by default.
    """
    summary = audit["summary"]
    counted = list(numbers(audit))
    scope = scope_text(audit)
    parts = [
        f"## {inline(title)}",
        say(
            "**Worst: {worst}.** {standing} at {time}.",
            worst=say(summary["worst"] or "none"),
            standing=join(standings(audit), "; "),
            time=inline(audit["evaluated_at"]),
        ),
        *([say("Scope: {scope}.", scope=inline(scope, _SCOPE_LENGTH))] if scope else []),
        *filter(None, [not_checked_text(audit)]),
        *(say("**Warning:** {text}", text=inline(say_reason(text), _WARNING_LENGTH)) for text in audit["warnings"]),
        _table([name.capitalize() for name, _number in counted], [[str(number) for _name, number in counted]], "---:"),
    ]
    found = rows(audit)
    shown = found[: _LIMIT if limit is None else limit]
    if shown:
        parts.append(
            _table(
                [say("Severity"), kinds(audit).capitalize(), say("Where"), say("Check"), say("Detail")],
                map(_cells, shown),
                "---",
            )
        )
    if len(found) > len(shown):
        parts.append(say("{number} more are not shown", number=len(found) - len(shown)) + say("."))
    parts += _load_balancers(audit, _LIMIT if limit is None else limit)
    parts += _endpoints(audit, _LIMIT if limit is None else limit)
    return "\n\n".join(parts) + "\n"


def _cells(row: Row) -> Iterator[str]:
    yield say("{severity} (new)", severity=say(row.severity)) if row.is_new else say(row.severity)
    names = [name for name in (row.ssl_name, row.ssl_id) if name] or [row.about or ""]
    yield _listener_cell(row.listener, row.about) if row.listener else " ".join(cell(n, _NAME_LENGTH) for n in names)
    yield " / ".join(cell(item, _NAME_LENGTH) for item in (row.project_id, row.region) if item)
    yield cell(row.check, _NAME_LENGTH)
    yield cell(row.detail)


def _listener_cell(names: list[str], about: str | None = None) -> str:
    text = " → ".join(cell(name, _NAME_LENGTH) for name in names)
    return f"{text} {cell(about, _NAME_LENGTH)}" if about else text


def _load_balancers(audit: Audit, limit: int) -> Iterator[str]:
    """Yield a section with the listeners that are not compliant, the worst first."""
    names, failed = ListenerNames(audit), _not_compliant(audit.get("listeners"))
    if failed and limit:
        yield f"### {say('Load balancers')}"
        header = [say("Worst"), say("Listener"), say("Where"), say("Serves"), "TLS", say("Findings")]
        yield _table(header, (_listener_cells(listener, names) for listener in failed[:limit]), "---")
        if len(failed) > limit:
            yield say("{number} more listeners are not shown.", number=len(failed) - limit)


def _listener_cells(listener: AuditedListener, names: ListenerNames) -> Iterator[str]:
    yield say(listener.get("worst") or "unknown")
    yield _listener_cell(names.parts(listener))
    yield " / ".join(cell(item, _NAME_LENGTH) for item in (listener["project_id"], listener["region"]) if item)
    yield cell(f"{protocol_of(listener)}, {', '.join(sockets_of(listener)[:_SOCKETS])}", _NAME_LENGTH)
    yield cell(tls_of(listener), _NAME_LENGTH)
    yield str(len(listener.get("findings") or ()))


def _endpoints(audit: Audit, limit: int) -> Iterator[str]:
    """Yield a section with the endpoints that are not compliant, the worst first: what they serve, and the verdict."""
    names, failed = ListenerNames(audit), _not_compliant(audit.get("endpoints"))
    if failed and limit:
        yield f"### {say('Endpoints')}"
        header = [say("Worst"), say("endpoint").capitalize(), say("Listener"), say("Serves"), "TLS", say("Verdict")]
        yield _table(header, (_endpoint_cells(endpoint, names) for endpoint in failed[:limit]), "---")
        if len(failed) > limit:
            yield say("{number} more endpoints are not shown.", number=len(failed) - limit)


def _endpoint_cells(endpoint: AuditedEndpoint, names: ListenerNames) -> Iterator[str]:
    yield say(endpoint.get("worst") or "unknown")
    yield cell(label_of(endpoint), _NAME_LENGTH)
    yield _listener_cell(names.parts(endpoint_subject(endpoint)))
    expiry = expiry_of(endpoint)
    yield say(" until ").join(cell(text, _NAME_LENGTH) for text in (served_name(endpoint), expiry) if text)
    yield cell(endpoint_tls(endpoint), _NAME_LENGTH)
    yield cell(verdict_of(endpoint).text, _NAME_LENGTH)


def _not_compliant(items: list[Item] | None) -> list[Item]:
    """Return those that are not compliant, the worst first."""
    failed = [item for item in items or () if item["status"] == NOT_COMPLIANT]
    return sorted(failed, key=lambda item: SEVERITIES.index(item.get("worst") or SEVERITIES[0]), reverse=True)


def _table(header: list[str], lines: Iterable[Iterable[str]], alignment: str) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, [alignment] * len(header), *lines))
