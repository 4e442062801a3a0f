# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Index of certificates by id, name and domain, with a ranking of matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...module_utils._certificates import domains
from ...module_utils._certificates.model import Certificate
from .._cache.lazy_certificate import LazyCertificate

_ID_PREFIX = "ssl-"
#: States of certificates, best first.
_STATES = ("valid", "not_yet_valid", "unknown", "expired")


def looks_like_id(term: str) -> bool:
    """Whether ``by: auto`` treats a term as an id."""
    return term.startswith(_ID_PREFIX)


class CertificateIndex:
    """Finds certificates without searching all of them."""

    def __init__(self, items: Iterable[LazyCertificate]) -> None:
        self._items = list(items)
        self._by_id: dict[str | None, list[LazyCertificate]] = {}
        self._by_name: dict[str | None, list[LazyCertificate]] = {}
        self._by_domain: dict[str, list[LazyCertificate]] = {}
        for item in self._items:
            self._by_id.setdefault(item.ssl_id, []).append(item)
            self._by_name.setdefault(item.ssl_name, []).append(item)
            for domain in item.names:
                self._by_domain.setdefault(domain, []).append(item)

    @property
    def unreadable(self) -> list[Certificate]:
        """Certificates with content from which names or dates could not be read."""
        return [item.certificate for item in self._items if item.is_unreadable]

    @property
    def certificates(self) -> list[Certificate]:
        """All certificates, in order."""
        return [item.certificate for item in self._items]

    def find(self, term: str, by: str, is_selected: Callable[[Certificate], bool], now: int) -> list[Certificate]:
        """Return the certificates that match a term, the best match first.

        Args:
            term: The term.
            by: What the term is: ``id``, ``name``, ``domain``, or ``auto``, which treats terms that begin with ``ssl-``
                as ids, and tries other terms as names first and then as domains. Only a name can match several
                certificates, because only the best match of a domain is returned.
            is_selected: Whether to consider a certificate.
            now: The current time in seconds since 1970.
        """

        def ranked(items: Iterable[LazyCertificate]) -> list[Certificate]:
            certificates = (item.certificate for item in items)
            return sorted(filter(is_selected, certificates), key=lambda item: _rank(item, term, now))

        if by == "id" or (by == "auto" and looks_like_id(term)):
            found = ranked(self._by_id.get(term, ()))
            if found or by == "id":
                return found
        if by in ("name", "auto"):
            found = ranked(self._by_name.get(term, ()))
            if found or by == "name":
                return found
        return ranked(self._covering(domains.normalize(term)))[:1]

    def _covering(self, name: str) -> Iterable[LazyCertificate]:
        wildcard = domains.wildcard_of(name)
        exact = self._by_domain.get(name, []) if domains.is_usable(name) else []
        found = (*exact, *(self._by_domain.get(wildcard, []) if wildcard else []))
        return {id(item): item for item in found}.values()


def _rank(certificate: Certificate, term: str, now: int) -> tuple[Any, ...]:
    """Return the sort key of matches: valid, bound, with the domain itself, expiring last, then a fixed order."""
    return (
        _STATES.index(certificate.state(now)),
        not certificate.bound,
        domains.normalize(term) not in certificate.names,
        -(certificate.not_after or 0),
        certificate.sort_key,
    )
