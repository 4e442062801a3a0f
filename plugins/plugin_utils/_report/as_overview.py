# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain text for a console: one line per certificate, those that need attention first."""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

from ...module_utils._certificates.times import DAY
from .._audit.schema import NOT_COMPLIANT, Audit, AuditedCertificate
from .audits import timestamp_of
from .language import join, mark, said, say
from .sanitize import columns, fit, visible, wrapped

WIDTH = 120
#: A valid certificate needs attention if it has at most as many days left as the policy's option says.
_SOON_CHECK, _SOON_DAYS = "cert_expiring_warning", 30
_HEADER = tuple(map(mark, ("STATE", "DAYS", "CERTIFICATE", "DOMAINS", "REGION/PROJECT", "SERVED BY", "AS")))
_GAP = "  "
#: The columns of STATE, DAYS and AS. The other columns have at least the width of their header.
_STATE, _DAYS, _ROLE = 7, 4, 7
#: The columns that are available when the widest cells are measured.
_WIDEST = 99
#: The fewest columns of a sentence.
_NARROWEST = 40


class _Line(NamedTuple):
    """A certificate. ``domains`` and ``listeners`` are texts with the number of further ones."""

    state: str
    days: str
    name: str
    domains: tuple[str, int]
    scope: str
    listeners: tuple[str, int]
    role: str


def render(audit: Audit, *, limit: int | None = None, width: int = WIDTH) -> str:
    """Render a table of certificates, and a summary.

    Certificates that are served, or may be, come before those that are not. Within both, the order is: expired, not
    valid yet, expiring soon, without known dates, and all others.

    Args:
        audit: The audit.
        limit: The most certificates to show, all by default.
        width: The number of columns.
    """
    now, soon = timestamp_of(audit), _soon(audit)
    certificates = sorted(audit["certificates"], key=lambda item: _order(item, now, soon))
    lines = [_line(item, now) for item in certificates[:limit]]
    counts = Counter(_stage(item, now, soon) for item in certificates)
    table = _table(lines, width) if certificates else []
    if len(lines) < len(certificates):
        table.append(say("… and {number} more", number=len(certificates) - len(lines)))
    table.append(
        say(
            "{number} certificates, {expired} expired, {soon} with at most {days} days left, {later} not valid yet,"
            " {unknown} without known dates",
            number=len(certificates),
            expired=counts["expired"],
            soon=counts["soon"],
            days=f"{soon:g}",
            later=counts["not_yet_valid"],
            unknown=counts["unknown"],
        )
    )
    table += _listeners(audit)
    endpoints = audit.get("endpoints")
    if endpoints is not None:
        unreachable = sum(endpoint.get("reachable") is False for endpoint in endpoints)
        failed = sum(endpoint["status"] == NOT_COMPLIANT for endpoint in endpoints)
        table.append(
            say(
                "{number} endpoints, {unreachable} unreachable, {failed} not compliant",
                number=len(endpoints),
                unreachable=unreachable,
                failed=failed,
            )
        )
    if audit["scope"].get("complete") is False:
        table += wrapped(say("INCOMPLETE: {detail}", detail=_not_listed(audit)), max(width, _NARROWEST), _GAP)
    return "\n".join(table) + "\n"


def _listeners(audit: Audit) -> list[str]:
    """Return a line about the listeners, if the audit has any; an audit without listeners says nothing about them."""
    listeners = audit.get("listeners")
    if listeners is None:
        return []
    protocols = Counter(visible(listener.get("protocol")) or say("unknown protocol") for listener in listeners)
    counted = join(f"{number} {protocol}" for protocol, number in protocols.most_common())
    failed = sum(listener["status"] == NOT_COMPLIANT for listener in listeners)
    number = f"{len(listeners)}"
    if not counted:
        return [say("{number} listeners, {failed} not compliant", number=number, failed=failed)]
    text = say(
        "{number} listeners ({protocols}), {failed} not compliant", number=number, protocols=counted, failed=failed
    )
    return [text]


def _not_listed(audit: Audit) -> str:
    details = (said(finding, "detail") for finding in audit["findings"] if finding["check"] == "listing_incomplete")
    return visible(next(details, say("Some regions or projects were not listed.")))


def _soon(audit: Audit) -> float:
    rule = audit["policy"]["checks"].get(_SOON_CHECK)
    days = rule.get("days") if isinstance(rule, dict) else None
    return days if isinstance(days, (int, float)) and not isinstance(days, bool) else _SOON_DAYS


def _days(certificate: AuditedCertificate, now: int) -> int | None:
    """Return the remaining whole days; -1 on the first day after the expiry."""
    not_after = certificate["not_after_epoch"]
    return None if not_after is None else (not_after - now) // DAY


def _stage(certificate: AuditedCertificate, now: int, soon: float) -> str:
    days = _days(certificate, now)
    return "soon" if certificate["state"] == "valid" and days is not None and days <= soon else certificate["state"]


def _order(certificate: AuditedCertificate, now: int, soon: float) -> tuple[bool, int, float]:
    stages = ("expired", "not_yet_valid", "soon", "unknown", "valid")
    stage = _stage(certificate, now, soon)
    not_after = certificate["not_after_epoch"]
    return (
        certificate.get("bound") is False,
        stages.index(stage) if stage in stages else len(stages),
        math.inf if not_after is None else not_after,
    )


def _line(certificate: AuditedCertificate, now: int) -> _Line:
    days = _days(certificate, now)
    domains, bindings = certificate.get("domains") or [], certificate.get("bindings") or []
    first_domain = domains[0] if domains else "?" if certificate.get("domains_from") is None else "-"
    first_binding = bindings[0] if bindings else {}
    is_default = first_binding.get("is_default")
    return _Line(
        state=say("not yet") if certificate["state"] == "not_yet_valid" else say(visible(certificate["state"])),
        days="-" if days is None else str(days),
        name=visible(certificate["ssl_name"] or certificate["ssl_id"]) or "-",
        domains=(visible(first_domain), len(domains)),
        scope="/".join(filter(None, (visible(certificate["region"]), visible(certificate["project_id"])))),
        listeners=(_listener(certificate), len(bindings)),
        role="-" if is_default is None else say("default") if is_default else "SNI",
    )


def _listener(certificate: AuditedCertificate) -> str:
    bindings = certificate.get("bindings")
    if not bindings:
        return "-" if certificate.get("bound") is False else "?"
    names = (bindings[0].get(f"{kind}_name") or bindings[0].get(f"{kind}_id") for kind in ("load_balancer", "listener"))
    return " → ".join(visible(name) or "?" for name in names)


def _first(texts: tuple[str, int], width: int) -> str:
    """Return the first of several texts, and how many more there are."""
    text, count = texts
    more = f" +{count - 1}" if count > 1 else ""
    return fit(fit(text, max(1, width - len(more))).rstrip() + more, width)


def _table(lines: list[_Line], width: int) -> list[str]:
    """Lay out the lines. Regions and projects are never cut. Listeners, domains and names share the other columns."""
    head = list(map(say, _HEADER))
    scope = max([columns(head[4]), *(columns(line.scope) for line in lines)])
    domains, listeners = (
        max([columns(header), *(columns(_first(cell, _WIDEST).rstrip()) for cell in cells)])
        for header, cells in (
            (head[3], [line.domains for line in lines]),
            (head[5], [line.listeners for line in lines]),
        )
    )
    rest = width - _STATE - _DAYS - _ROLE - scope - len(_GAP) * (len(_HEADER) - 1)
    listeners = max(1, min(listeners, rest * 3 // 7))
    domains = max(1, min(domains, (rest - listeners) // 2))
    name = max(1, rest - listeners - domains)
    header = _Line(head[0], head[1], head[2], (head[3], 1), head[4], (head[5], 1), head[6])
    return [
        _GAP.join(
            (
                line.state + " " * (_STATE - columns(line.state)),
                " " * (_DAYS - columns(line.days)) + line.days,
                fit(line.name, name),
                _first(line.domains, domains),
                fit(line.scope, scope),
                _first(line.listeners, listeners),
                line.role,
            )
        )
        for line in (header, *lines)
    ]
