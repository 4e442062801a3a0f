# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates by id, name and domain, and which of several is the best."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...module_utils._certificates import domains
from ...module_utils._certificates.model import Certificate

_ID_PREFIX = "ssl-"
#: The best one first.
_STATES = ("valid", "not_yet_valid", "unknown", "expired")


def looks_like_id(term: str) -> bool:
    """Whether ``by: auto`` takes a term for an id."""
    return term.startswith(_ID_PREFIX)


@dataclass(frozen=True)
class Entry:
    """What a certificate is found by and sorted by; the certificate itself is read when it is asked for."""

    ssl_id: str | None
    ssl_name: str | None
    sort_key: tuple[str, str, str]
    names: list[str]
    is_unreadable: bool
    read: Callable[[], Certificate]

    @classmethod
    def of(cls, certificate: Certificate) -> Entry:
        """The entry of a certificate that is there."""
        found_by = (certificate.ssl_id, certificate.ssl_name, certificate.sort_key, certificate.names)
        return cls(*found_by, certificate.is_unreadable, lambda: certificate)

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate."""
        return self.read()


class Index:
    """Finds certificates without going through all of them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        self._by_id: dict[str | None, list[Entry]] = {}
        self._by_name: dict[str | None, list[Entry]] = {}
        self._by_domain: dict[str, list[Entry]] = {}
        for entry in self._entries:
            self._by_id.setdefault(entry.ssl_id, []).append(entry)
            self._by_name.setdefault(entry.ssl_name, []).append(entry)
            for domain in entry.names:
                self._by_domain.setdefault(domain, []).append(entry)

    @property
    def unreadable(self) -> list[Certificate]:
        """Those that have content from which their names or dates could not be read."""
        return [entry.certificate for entry in self._entries if entry.is_unreadable]

    @property
    def certificates(self) -> list[Certificate]:
        """All of them, in their order."""
        return [entry.certificate for entry in self._entries]

    def find(self, term: str, by: str, wanted: Callable[[Certificate], bool], now: int) -> list[Certificate]:
        """What a term means, by ``id``, ``name``, ``domain`` or ``auto``, the best match at the moment ``now`` first.

        ``auto`` takes what begins with ``ssl-`` for an id, and else tries the exact name, then the domain. Only by a
        name can there be more than one: a domain has one best match. ``wanted`` tells which certificates count.
        """

        def ranked(entries: Iterable[Entry]) -> list[Certificate]:
            certificates = (entry.certificate for entry in entries)
            return sorted(filter(wanted, certificates), key=lambda item: _rank(item, term, now))

        if by == "id" or (by == "auto" and looks_like_id(term)):
            found = ranked(self._by_id.get(term, ()))
            if found or by == "id":
                return found
        if by in ("name", "auto"):
            found = ranked(self._by_name.get(term, ()))
            if found or by == "name":
                return found
        return ranked(self._covering(domains.normalize(term)))[:1]

    def _covering(self, name: str) -> Iterable[Entry]:
        wildcard = domains.wildcard_of(name)
        exact = self._by_domain.get(name, []) if domains.is_usable(name) else []
        found = (*exact, *(self._by_domain.get(wildcard, []) if wildcard else []))
        return {id(item): item for item in found}.values()


def _rank(certificate: Certificate, term: str, now: int) -> tuple[Any, ...]:
    """The order of matches: valid, bound, naming the domain itself, expiring last; then always the same one."""
    return (
        _STATES.index(certificate.state(now)),
        not certificate.bound,
        domains.normalize(term) not in certificate.names,
        -(certificate.not_after or 0),
        certificate.sort_key,
    )
