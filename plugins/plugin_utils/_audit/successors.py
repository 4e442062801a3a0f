# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate can replace another one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Any, Union

from .facts import PUBLIC, SELF_SIGNED, CertificateFacts, FleetFacts, names_for
from .values import as_kind

_Kind = tuple[str, str]
_ByKind = dict[Union[_Kind, None], list["_Equivalent"]]


class _Equivalent:
    """Certificates that can replace the same certificates, except for their dates."""

    def __init__(self, first: CertificateFacts) -> None:
        self.first = first
        self.defects = defects(first)
        self.items: list[CertificateFacts] = []
        self._begins: list[int] = []

    def sort(self) -> None:
        """Sort by expiry, the latest first, and note for each position the latest start up to there."""
        self.items.sort(key=expiry, reverse=True)
        self._begins = list(accumulate((item.not_before or 0 for item in self.items), max))

    def newer(self, begins: int, ends: int) -> CertificateFacts | None:
        """Return the one with the latest expiry among those that begin and end later."""
        number = bisect_right(self._begins, begins)
        found = self.items[number] if number < len(self.items) else None
        return found if found is not None and expiry(found) > ends else None


class Candidates:
    """Valid certificates that may replace others.

    They are grouped by the properties that have to match, so that few have to be compared even if many certificates
    have the same names.
    """

    def __init__(self, fleet: FleetFacts, now: int) -> None:
        groups: dict[tuple[Any, ...], _Equivalent] = {}
        #: By project, region and name, then by kind (``None`` if not all facts are known).
        self._by_name: dict[tuple[str, ...], _ByKind] = {}
        for certificate in fleet.certificates:
            if not is_valid(certificate, now):
                continue
            kind = certificate.kind if _is_known(certificate) else None
            same = (
                kind,
                _key_type(certificate),
                certificate.is_public,
                tuple(sorted(defects(certificate))),
            )
            key = (certificate.scope, *same, frozenset(certificate.names))
            if key not in groups:
                groups[key] = _Equivalent(certificate)
                for name in certificate.names:
                    of_name = self._by_name.setdefault((*certificate.scope, name), {})
                    of_name.setdefault(kind, []).append(groups[key])
            groups[key].items.append(certificate)
        for group in groups.values():
            group.sort()
        #: Projects and regions with a certificate whose facts are not all known. Most have none.
        self._not_known = {key[:2] for key, of_name in self._by_name.items() if None in of_name}

    def known(self, certificate: CertificateFacts) -> CertificateFacts | None:
        """Return a certificate that can replace this one. All facts of both are known."""
        if certificate.kind is None or not _is_known(certificate):
            return None
        key_type, issuer = certificate.kind

        def lists(of_name: _ByKind) -> list[list[_Equivalent]]:
            if issuer == SELF_SIGNED:
                # Clients that accept a self-signed certificate do not check the issuer.
                return [groups for kind, groups in of_name.items() if kind is not None and kind[0] == key_type]
            kinds = dict.fromkeys([(key_type, issuer), (key_type, PUBLIC)])
            return [of_name[kind] for kind in kinds if kind in of_name]

        return self._newer(certificate, lists)

    def possible(self, certificate: CertificateFacts) -> CertificateFacts | None:
        """Return a certificate that may replace this one, depending on facts that are not known."""
        if _is_known(certificate) and certificate.scope not in self._not_known:
            return None

        def lists(of_name: _ByKind) -> list[list[_Equivalent]]:
            return [of_name.get(None, [])] if _is_known(certificate) else list(of_name.values())

        return self._newer(certificate, lists)

    def _newer(
        self, certificate: CertificateFacts, lists: Callable[[_ByKind], list[list[_Equivalent]]]
    ) -> CertificateFacts | None:
        """Return a newer certificate that covers all names.

        Args:
            certificate: The certificate to replace.
            lists: Selects the candidates to compare among those for one name.
        """

        def found(name: str) -> list[list[_Equivalent]]:
            of_names = (self._by_name.get((*certificate.scope, item), {}) for item in names_for(name))
            return [groups for of_name in of_names for groups in lists(of_name)]

        begins, ends = certificate.not_before or 0, expiry(certificate)
        tolerated = defects(certificate)
        # A candidate covers every name, so it is enough to compare those for the name with the fewest candidates.
        for groups in min(map(found, certificate.names), key=lambda groups: sum(map(len, groups))):
            newer = [
                item
                for group in groups
                if group.defects <= tolerated and (item := group.newer(begins, ends)) is not None
                # Last, because it takes the longest.
                if _may_be_same_kind(certificate, item) and all(map(group.first.covers, certificate.names))
            ]
            if newer:
                return max(newer, key=lambda item: (expiry(item), -item.position))
        return None


def _may_be_same_kind(old: CertificateFacts, new: CertificateFacts) -> bool:
    """Whether no known fact rules out that one replaces the other."""
    old_type, new_type = _key_type(old), _key_type(new)
    has_same_key = None in (old_type, new_type) or old_type == new_type
    return has_same_key and not (old.is_public and new.is_public is False)


def _key_type(certificate: CertificateFacts) -> str | None:
    return as_kind(str, certificate.public_key.get("type"))


def _is_known(certificate: CertificateFacts) -> bool:
    """Whether all facts are known that decide what can replace what."""
    is_ca = (certificate.x509 or {}).get("is_ca")
    return certificate.has_known_names and certificate.kind is not None and is_ca is not None


def defects(certificate: CertificateFacts) -> set[str]:
    """Return the known reasons for which clients reject a certificate."""
    found = {
        "self-signed": certificate.is_self_signed is True,
        "CA": (certificate.x509 or {}).get("is_ca") is True,
        "wrong key": certificate.facts.get("key_matches") is False,
    }
    return {name for name, is_there in found.items() if is_there}


def expiry(certificate: CertificateFacts) -> int:
    """Return the end of its validity, for sorting."""
    return certificate.not_after or 0


def is_valid(item: CertificateFacts, now: int) -> bool:
    """Whether it is known to be valid."""
    if item.not_before is None or item.not_after is None:
        return False
    return item.not_before <= now <= item.not_after


def may_be_valid(item: CertificateFacts, now: int) -> bool:
    """Whether it is valid, as far as its dates are known."""
    begins = now if item.not_before is None else item.not_before
    ends = now if item.not_after is None else item.not_after
    return begins <= now <= ends
