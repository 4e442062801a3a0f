# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the certificates that a server presented, by the same code as those of the platform."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from .._certificates import crypto, domains, times
from .._certificates.chain import Chain
from .._certificates.content import NO_CRYPTOGRAPHY, Trust
from .._certificates.x509 import Parsed

#: One that cannot be read stands for those that are not known, so that a missing issuer proves nothing.
_NOT_KNOWN: list[Parsed | None] = [None]


@dataclass(frozen=True)
class Served:
    """What a server presented. Unknown values are ``None``.

    Attributes:
        fingerprint: SHA-256 of the certificate in lower-case hexadecimal digits.
        domains: The DNS names that clients compare.
        addresses: Its IP addresses.
        not_before: Timestamp (seconds since 1970).
        not_after: Timestamp (seconds since 1970).
        x509: As in the facts of ``ssl_info``.
        path: The certificates from it to a trusted root, if trust was verified and there is such a path.
    """

    fingerprint: str | None = None
    domains: tuple[str, ...] | None = None
    addresses: tuple[str, ...] | None = None
    not_before: int | None = None
    not_after: int | None = None
    x509: dict[str, Any] | None = None
    x509_error: str | None = None
    path: tuple[Parsed, ...] = ()

    def covers(self, name: str | None) -> bool | None:
        """Whether the certificate is for a server name; ``None`` without a name, or if that is unknown."""
        if name is None or self.domains is None or self.addresses is None:
            return None
        return domains.covers([*self.domains, *self.addresses], name)

    def to_facts(self, now: int) -> dict[str, Any]:
        """Return the facts for playbooks at the time ``now``. They have the names that certificates have."""
        return {
            "fingerprint": self.fingerprint,
            "domains": None if self.domains is None else list(self.domains),
            "not_before": times.iso8601(self.not_before),
            "not_before_epoch": self.not_before,
            "not_after": times.iso8601(self.not_after),
            "not_after_epoch": self.not_after,
            "days_remaining": (self.not_after - now) // times.DAY if self.not_after is not None else None,
            "state": times.state(self.not_before, self.not_after, now),
            "x509": self.x509,
            "x509_error": self.x509_error,
        }


class ServedReader:
    """Read each different chain once, because many endpoints serve the same. Threads may share a reader."""

    def __init__(self, trust: Trust | None = None) -> None:
        self._trust = trust
        self._cache: dict[tuple[bytes, bool], Served] = {}

    def read(self, certificates: tuple[bytes, ...], *, is_whole: bool) -> Served:
        """Return what a server presented. ``is_whole`` is whether ``certificates`` (DER) are all that it sent."""
        digest = hashlib.sha256(b"".join(hashlib.sha256(item).digest() for item in certificates)).digest()
        served = self._cache.get((digest, is_whole))
        if served is None:
            # Two threads may read the same chain at the same time. Their results are equal.
            served = self._cache[digest, is_whole] = read_served(certificates, is_whole=is_whole, trust=self._trust)
        return served


def read_served(certificates: tuple[bytes, ...], *, is_whole: bool, trust: Trust | None = None) -> Served:
    """Read what a server presented. This never raises: problems are in ``x509_error``."""
    if not certificates:
        return Served(x509_error="the server presented no certificate")
    fingerprint = hashlib.sha256(certificates[0]).hexdigest()
    # A server presents its own certificate first (RFC 8446, 4.4.2), whatever else it sends.
    leaf, *others = [_parse(item) for item in certificates]
    if leaf is None:
        return Served(fingerprint, x509_error="the certificate could not be parsed")
    names = leaf.domain_names
    alternative_names = leaf.subject_alt_names
    unread = others.count(None)
    has_cryptography = not crypto.CRYPTOGRAPHY_IMPORT_ERROR
    verdict = None
    if trust and has_cryptography:
        verdict = trust.store.judge(leaf, [leaf, *(others if is_whole else _NOT_KNOWN)], trust.now)
    facts = _x509(leaf, others if is_whole else None) if has_cryptography else None
    if facts is not None:
        facts["trust"] = trust.store.facts_of(verdict, trust.now) if trust and verdict else None
    errors = [f"{unread} certificate(s) could not be parsed"] if unread else []
    return Served(
        fingerprint,
        domains=None if names is None else tuple(domains.unique_domains(names)),
        addresses=None
        if alternative_names is None
        else tuple(domains.addresses_of(name.text for name in alternative_names)),
        not_before=leaf.not_before,
        not_after=leaf.not_after,
        x509=facts,
        x509_error="; ".join(dict.fromkeys(errors + leaf.errors)) or None if has_cryptography else NO_CRYPTOGRAPHY,
        path=verdict.path if verdict else (),
    )


def _parse(data: bytes) -> Parsed | None:
    try:
        return Parsed(data)
    except ValueError:
        return None


def _x509(leaf: Parsed, others: list[Parsed | None] | None) -> dict[str, Any]:
    """Return the ``x509`` fact without trust. Without ``others``, it is unknown what else the server sent."""
    if others is not None:
        chain = Chain([leaf, *others]).facts(leaf)
    else:
        unknown = {"position": 0, "unread_certificates": None, "chain": None}
        chain = {"issuer_included": True if leaf.is_self_signed else None, **unknown}
    return {**leaf.facts(), **chain}
