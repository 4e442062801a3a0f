# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates by id, name and domain, and which of several is the best."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..module_utils._certificates import domains
from ..module_utils._certificates.model import Certificate

_ID_PREFIX = "ssl-"
#: The best one first.
_STATES = ("valid", "not_yet_valid", "unknown", "expired")


def looks_like_id(term: str) -> bool:
    """Whether ``by: auto`` takes a term for an id."""
    return term.startswith(_ID_PREFIX)


class Index:
    """Finds certificates without going through all of them."""

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        self.certificates = list(certificates)
        self._by_id: dict[str | None, list[Certificate]] = {}
        self._by_name: dict[str | None, list[Certificate]] = {}
        self._by_domain: dict[str, list[Certificate]] = {}
        for certificate in self.certificates:
            self._by_id.setdefault(certificate.ssl_id, []).append(certificate)
            self._by_name.setdefault(certificate.ssl_name, []).append(certificate)
            for domain in certificate.domains:
                self._by_domain.setdefault(domain, []).append(certificate)

    def find(self, term: str, by: str, wanted: Callable[[Certificate], bool], now: int) -> list[Certificate]:
        """What a term means, by ``id``, ``name``, ``domain`` or ``auto``, the best match at the moment ``now`` first.

        ``auto`` takes what begins with ``ssl-`` for an id, and else tries the exact name, then the domain. Only by a
        name can there be more than one: a domain has one best match. ``wanted`` tells which certificates count.
        """

        def ranked(certificates: Iterable[Certificate]) -> list[Certificate]:
            return sorted(filter(wanted, certificates), key=lambda item: _rank(item, term, now))

        if by == "id" or (by == "auto" and looks_like_id(term)):
            found = ranked(self._by_id.get(term, ()))
            if found or by == "id":
                return found
        if by in ("name", "auto"):
            found = ranked(self._by_name.get(term, ()))
            if found or by == "name":
                return found
        return ranked(self._covering(domains.fold(term)))[:1]

    def _covering(self, name: str) -> Iterable[Certificate]:
        _label, dot, parent = name.partition(".")
        wildcard = self._by_domain.get(f"*.{parent}", []) if dot else []
        exact = self._by_domain.get(name, [])
        return {id(item): item for item in (*exact, *wildcard)}.values()


def _rank(certificate: Certificate, term: str, now: int) -> tuple[Any, ...]:
    """The order of matches: valid, bound, naming the domain itself, expiring last; then always the same one."""
    return (
        _STATES.index(certificate.state(now)),
        not certificate.bound,
        domains.fold(term) not in certificate.domains,
        -(certificate.not_after or 0),
        certificate.place,
    )
