# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare the certificates of an audit for a page, those with the most severe findings first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..._audit.schema import COMPLIANT, WAIVED, AuditedCertificate, AuditedEndpoint, AuditedListener, Finding
from ..endpoints import trust_of
from ..language import say, say_reason
from .findings import WORST_FIRST, FindingRow
from .names import NAMELESS, CertificateLinks, ListenerLinks, bindings_of, mapping_of, mappings
from .texts import in_words, number_of, parse_datetime, short_date, text_of

#: The severity of a certificate's worst finding, or its status if no finding counts.
STANDINGS = (*WORST_FIRST, WAIVED, COMPLIANT)
_FIELDS = (
    "bound", "chain", "created_at", "domains_from", "issuer", "issuer_included", "key_matches", "not_after",
    "not_before", "private_key_stored", "serial_number", "signature_algorithm", "subject", "validity_from",
    "x509_error",
)  # fmt: skip
_Audited = TypeVar("_Audited", AuditedCertificate, AuditedListener, AuditedEndpoint)
#: Days; less than the precision of an audit.
_SMALLEST = 0.001
_NAME_PARTS = {"common_name": "CN", "organization_name": "O", "organizational_unit_name": "OU", "country_name": "C"}


@dataclass
class CertificateEntry:
    """A certificate.

    ``facts`` are its fields in the audit, ``rows`` its findings, and ``severity`` is one of STANDINGS. ``days`` are the
    remaining days, negative from the first second after the expiry. ``bindings`` have the ``link`` to their listener if
    the page has it.
    """

    facts: Mapping[str, Any]
    anchor: str
    severity: str
    name: str
    ssl_id: str
    region: str
    project_id: str
    domains: list[str]
    days: float | None
    expires: str
    expires_on: str
    key: str
    subject: str
    issuer: str
    sha256: str
    sha1: str
    not_read: str
    trust: str
    chain: list[Mapping[str, Any]]
    bindings: list[Mapping[str, Any]]
    rows: list[FindingRow] = field(default_factory=list)


def entries_of(
    certificates: Iterable[AuditedCertificate],
    rows: Iterable[tuple[Finding, FindingRow]],
    links: CertificateLinks,
    listeners: ListenerLinks,
) -> list[CertificateEntry]:
    """Return all certificates by severity, then by remaining days."""
    entries = [_entry(facts, anchor, listeners) for facts, anchor in zip(certificates, links.anchors)]
    by_anchor = {entry.anchor: entry for entry in entries}
    for _finding, row in rows:
        if row.certificate in by_anchor:
            by_anchor[row.certificate].rows.append(row)
    return sorted(entries, key=_order)


def split_worst(items: list[_Audited], limit: int | None) -> tuple[list[_Audited], list[_Audited]]:
    """Split off those with the most severe findings, up to a limit. Both lists keep the order."""
    if limit is None or len(items) <= limit:
        return items, []
    ranked = sorted(range(len(items)), key=lambda number: _urgency(items[number]))
    worst = set(ranked[:limit])
    shown = [facts for number, facts in enumerate(items) if number in worst]
    return shown, [facts for number, facts in enumerate(items) if number not in worst]


def standing_of(facts: Mapping[str, Any]) -> str:
    """Return the severity of its worst finding, or its status: one of STANDINGS."""
    return text_of(facts.get("worst")) or (WAIVED if facts.get("status") == WAIVED else COMPLIANT)


def days_of(facts: Mapping[str, Any]) -> float | None:
    """Return the remaining days. An audit rounds them, so that their sign is taken from the state."""
    days = number_of(facts.get("days_left"))
    if days is None or facts.get("state") not in ("expired", "valid"):
        return days
    return min(days, -_SMALLEST) if facts["state"] == "expired" else max(0.0, days)


def _urgency(facts: Mapping[str, Any]) -> tuple[int, float]:
    days = days_of(facts)
    return rank_of(standing_of(facts)), float("inf") if days is None else days


def rank_of(severity: str) -> int:
    """Return the rank of a standing: 0 for the highest severity, the last for compliant."""
    return STANDINGS.index(severity) if severity in STANDINGS else len(STANDINGS)


def _order(entry: CertificateEntry) -> tuple[Any, ...]:
    days = float("inf") if entry.days is None else entry.days
    return (rank_of(entry.severity), days, entry.project_id, entry.region, entry.anchor)


def _entry(facts: AuditedCertificate, anchor: str, listeners: ListenerLinks) -> CertificateEntry:
    fingerprints = mapping_of(facts.get("fingerprints"))
    days, domains = days_of(facts), facts.get("domains")
    return CertificateEntry(
        facts={**dict.fromkeys(_FIELDS), **facts},
        anchor=anchor,
        severity=standing_of(facts),
        name=text_of(facts.get("ssl_name")) or text_of(facts.get("ssl_id")) or say(NAMELESS),
        ssl_id=text_of(facts.get("ssl_id")),
        region=text_of(facts.get("region")),
        project_id=text_of(facts.get("project_id")),
        domains=[text_of(name) for name in domains] if isinstance(domains, list) else [],
        days=days,
        expires=in_words(days),
        expires_on=short_date(facts.get("not_after")) if parse_datetime(facts.get("not_after")) else "",
        key=_key(mapping_of(facts.get("public_key"))),
        subject=_distinguished_name(facts.get("subject")),
        issuer=_distinguished_name(facts.get("issuer")),
        sha256=text_of(fingerprints.get("sha256")),
        sha1=text_of(fingerprints.get("sha1")),
        not_read=say_reason(text_of(facts.get("x509_error"))),
        trust=trust_of(facts),
        chain=mappings(facts.get("chain"), ("subject_cn", "issuer_cn", "not_after")),
        bindings=[
            {**binding, "link": listeners.at(binding, facts["project_id"], facts["region"])}
            for binding in bindings_of(facts)
        ],
    )


def _key(key: Mapping[str, Any]) -> str:
    """Return ``RSA, 2048 bits`` or ``EC, secp256r1``."""
    kind, curve, size = (text_of(key.get(name)) for name in ("type", "curve", "size"))
    if kind == "RSA" and key.get("exponent") not in (None, 65537):
        size = say("{size} bits, exponent {exponent}", size=size, exponent=text_of(key.get("exponent")))
    elif size:
        size = say("{size} bits", size=size)
    if kind and (curve or size):
        return say("{kind}, {size}", kind=kind, size=curve or size)
    return kind or curve or size


def _distinguished_name(name: Any) -> str:
    """Return ``CN=…, O=…``, the common name first; ``empty`` for an empty name, and empty text if it is not known."""
    if name == {}:
        return say("empty")
    parts = sorted(mapping_of(name).items(), key=lambda part: (part[0] not in _NAME_PARTS, part[0]))
    return ", ".join(f"{_NAME_PARTS.get(text_of(key), text_of(key))}={text_of(value)}" for key, value in parts)
