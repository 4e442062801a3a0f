# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain text for a console or a chat: one line per endpoint with what it serves, those that are wrong first."""

from __future__ import annotations

from collections import Counter

from .._audit.schema import Audit, AuditedEndpoint
from .endpoints import BAD, GOOD, UNDECIDED, EndpointVerdict, expiry_of, served_name, socket_of, verdict_of
from .language import mark, say
from .sanitize import columns, fit, visible

WIDTH = 120
_HEADER = tuple(map(mark, ("ENDPOINT", "SERVER NAME", "TLS", "SERVED CERTIFICATE", "EXPIRES", "VERDICT")))
_GAP = "  "
#: The widest cells of ENDPOINT: enough for every IP address with a port.
_WIDEST_ENDPOINT = 47
_TLS, _EXPIRES = 7, 10


def render(audit: Audit, *, limit: int | None = None, width: int = WIDTH) -> str:
    """Render a table of endpoints, and a summary.

    Args:
        audit: The audit.
        limit: The most endpoints to show, all by default.
        width: The number of columns.
    """
    endpoints = audit.get("endpoints")
    if endpoints is None:
        return say("No endpoints: this audit was given none.") + "\n"
    judged = [(verdict_of(endpoint), endpoint) for endpoint in endpoints]
    judged.sort(key=lambda item: item[0].sort_key)
    shown = [_cells(endpoint, verdict) for verdict, endpoint in judged[:limit]]
    lines = _table(shown, width) if shown else []
    if len(shown) < len(judged):
        lines.append(say("… and {number} more", number=len(judged) - len(shown)))
    lines.append(_summary([verdict for verdict, _endpoint in judged]))
    return "\n".join(lines) + "\n"


def _summary(verdicts: list[EndpointVerdict]) -> str:
    numbers = Counter(verdict.kind for verdict in verdicts)
    text = say(
        "{number} endpoints, {good} ok, {bad} not as they should be",
        number=len(verdicts),
        good=numbers[GOOD],
        bad=numbers[BAD],
    )
    if not numbers[UNDECIDED]:
        return text
    return say("{text}, {number} not decided", text=text, number=numbers[UNDECIDED])


def _cells(endpoint: AuditedEndpoint, verdict: EndpointVerdict) -> tuple[str, ...]:
    return (
        socket_of(endpoint),
        visible(endpoint["server_name"]) or "-",
        visible(endpoint.get("tls_version")) or "-",
        served_name(endpoint) or "-",
        expiry_of(endpoint) or "-",
        verdict.text
        if verdict.kind == GOOD
        else say("{name}: {text}", name=say("BAD") if verdict.kind == BAD else "?", text=verdict.text),
    )


def _table(cells: list[tuple[str, ...]], width: int) -> list[str]:
    """Lay out the lines. Addresses are not cut if the width allows it; then verdicts, then names have the most room."""
    lines = [tuple(map(say, _HEADER)), *cells]
    needed = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    socket = min(needed[0], _WIDEST_ENDPOINT, width // 3 + 7)
    rest = max(3, width - socket - _TLS - _EXPIRES - len(_GAP) * (len(_HEADER) - 1))
    verdict = max(1, min(needed[5], rest // 2))
    server = max(1, min(needed[1], max((rest - verdict) // 2, rest - verdict - needed[3])))
    widths = (socket, server, _TLS, max(1, min(needed[3], rest - verdict - server)), _EXPIRES)
    last = max(1, rest - server - widths[3])
    return [_GAP.join((*map(fit, line[:-1], widths), fit(line[-1], last, at_word=True))).rstrip() for line in lines]
