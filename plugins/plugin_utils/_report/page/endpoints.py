# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare what endpoints serve for a page, those that serve something wrong first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..._audit.schema import AuditedEndpoint
from ..endpoints import (
    BAD,
    GOOD,
    UNDECIDED,
    expiry_of,
    offered_by,
    revocation_of,
    served_name,
    socket_of,
    tls_of,
    trust_of,
    verdict_of,
)
from ..language import say, say_reason
from .certificates import CertificateEntry, standing_of
from .names import ListenerLink, ListenerLinks
from .texts import text_of

_ORDER = (BAD, UNDECIDED, GOOD)
#: The first digits of a fingerprint tell certificates apart.
_SHORT = 16


class Shown(NamedTuple):
    """A certificate by its fingerprint. ``entry`` is ``None`` if the page does not have it."""

    name: str
    entry: CertificateEntry | None


@dataclass(frozen=True)
class EndpointLine:
    """An endpoint: what it serves beside what it should serve.

    ``kind`` is ``good``, ``bad`` or ``undecided`` by the facts, ``verdict`` says so in words, and ``severity`` is one
    of STANDINGS by the findings. ``listener`` is its listener if the page has it. ``served`` is ``None`` if it
    serves nothing, which ``is_silent`` says, or if that is not known. ``expected`` are the certificates that it should
    serve, if it does not. Texts are empty if something does not apply.
    """

    anchor: str
    socket: str
    server_name: str
    place: list[str]
    listener: ListenerLink | None
    severity: str
    kind: str
    verdict: str
    error: str
    served: Shown | None
    is_silent: bool
    names: list[str]
    expires: str
    expected: list[Shown]
    tls: str
    used: str
    trust: str
    revocation: str


def lines_of(
    endpoints: Iterable[AuditedEndpoint], entries: Iterable[CertificateEntry], links: ListenerLinks
) -> list[EndpointLine]:
    """Return the endpoints, those that serve something wrong first, otherwise in their order."""
    own = {entry.sha256.replace(":", "").lower(): entry for entry in entries if entry.sha256}
    lines = [_line(endpoint, anchor, own, links) for endpoint, anchor in zip(endpoints, links.endpoint_anchors)]
    return sorted(lines, key=lambda line: _ORDER.index(line.kind))


def _line(
    endpoint: AuditedEndpoint, anchor: str, own: dict[str, CertificateEntry], links: ListenerLinks
) -> EndpointLine:
    verdict = verdict_of(endpoint)
    fingerprint = text_of(endpoint.get("fingerprint"))
    is_other = endpoint.get("matches_expected") is not True
    domains = [text_of(name) for name in endpoint.get("domains") or ()]
    name = served_name(endpoint)
    ids = ("load_balancer_id", "listener_id", "region", "project_id")
    return EndpointLine(
        anchor=anchor,
        socket=socket_of(endpoint),
        server_name=text_of(endpoint.get("server_name")),
        place=[text for item in ids if (text := text_of(endpoint.get(item)))],
        listener=links.of_endpoint(endpoint),
        severity=standing_of(endpoint),
        kind=verdict.kind,
        verdict=say("as expected") if verdict.kind == GOOD else verdict.text,
        error=say_reason(text_of(endpoint.get("error_message"))),
        served=Shown(name, own.get(fingerprint)) if fingerprint else None,
        is_silent=endpoint.get("reachable") is False,
        names=[text for text in domains if text != name],
        expires=expiry_of(endpoint) or (say("expiry not known") if fingerprint else ""),
        expected=[_expected(text_of(item), own) for item in endpoint.get("expected_fingerprints") or () if is_other],
        tls=tls_of(endpoint) if offered_by(endpoint) else "",
        used=text_of(endpoint.get("cipher")),
        trust=trust_of(endpoint),
        revocation=revocation_of(endpoint),
    )


def _expected(fingerprint: str, own: dict[str, CertificateEntry]) -> Shown:
    entry = own.get(fingerprint)
    return Shown(entry.name if entry else fingerprint[:_SHORT], entry)
