# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate can take the place of another one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Any, Union

from .facts import PUBLIC, SELF_SIGNED, Certificate, Fleet, as_kind, names_for

_Kind = tuple[str, str]
_ByKind = dict[Union[_Kind, None], list["_Alike"]]


class _Alike:
    """Certificates that only differ in their dates, as far as it matters for what can take the place of what."""

    def __init__(self, first: Certificate) -> None:
        self.first = first
        self.defects = defects(first)
        self.items: list[Certificate] = []
        self._begins: list[int] = []

    def sort(self) -> None:
        """The latest expiry first, and up to each one the latest beginning."""
        self.items.sort(key=expiry, reverse=True)
        self._begins = list(accumulate((item.not_before or 0 for item in self.items), max))

    def newer(self, begins: int, ends: int) -> Certificate | None:
        """The one with the latest expiry of those that begin and end later."""
        place = bisect_right(self._begins, begins)
        found = self.items[place] if place < len(self.items) else None
        return found if found is not None and expiry(found) > ends else None


class Candidates:
    """Certificates that are valid and may take the place of others.

    They are kept by what they have in common with those, so that there are few to look at for each one, however many
    have the same names.
    """

    def __init__(self, fleet: Fleet, now: int) -> None:
        groups: dict[tuple[Any, ...], _Alike] = {}
        #: By project, region and name, and then by kind (``None`` if not everything is known).
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
                groups[key] = _Alike(certificate)
                for name in certificate.names:
                    of_name = self._by_name.setdefault((*certificate.scope, name), {})
                    of_name.setdefault(kind, []).append(groups[key])
            groups[key].items.append(certificate)
        for group in groups.values():
            group.sort()
        #: Projects and regions that have one of which something is not known: most have none.
        self._not_known = {key[:2] for key, of_name in self._by_name.items() if None in of_name}

    def known(self, certificate: Certificate) -> Certificate | None:
        """One that can take the place of a certificate; of both, everything is known."""
        if certificate.kind is None or not _is_known(certificate):
            return None
        key_type, issuer = certificate.kind

        def lists(of_name: _ByKind) -> list[list[_Alike]]:
            if issuer == SELF_SIGNED:
                # Whoever accepts it does not look at who has signed what.
                return [groups for kind, groups in of_name.items() if kind is not None and kind[0] == key_type]
            kinds = dict.fromkeys([(key_type, issuer), (key_type, PUBLIC)])
            return [of_name[kind] for kind in kinds if kind in of_name]

        return self._newer(certificate, lists)

    def possible(self, certificate: Certificate) -> Certificate | None:
        """One that could take its place if what is not known of the two turned out well."""
        if _is_known(certificate) and certificate.scope not in self._not_known:
            return None

        def lists(of_name: _ByKind) -> list[list[_Alike]]:
            return [of_name.get(None, [])] if _is_known(certificate) else list(of_name.values())

        return self._newer(certificate, lists)

    def _newer(self, certificate: Certificate, lists: Callable[[_ByKind], list[list[_Alike]]]) -> Certificate | None:
        """One that is newer and covers all names, of the lists that are of interest among those for a name."""

        def found(name: str) -> list[list[_Alike]]:
            of_names = (self._by_name.get((*certificate.scope, item), {}) for item in names_for(name))
            return [groups for of_name in of_names for groups in lists(of_name)]

        begins, ends = certificate.not_before or 0, expiry(certificate)
        tolerated = defects(certificate)
        # What covers all names covers each one: of those for the rarest name there are the fewest to look at.
        for groups in min(map(found, certificate.names), key=lambda groups: sum(map(len, groups))):
            newer = [
                item
                for group in groups
                if group.defects <= tolerated and (item := group.newer(begins, ends)) is not None
                # The last, as it takes the longest.
                if _may_be_alike(certificate, item) and all(map(group.first.covers, certificate.names))
            ]
            if newer:
                return max(newer, key=lambda item: (expiry(item), -item.position))
        return None


def _may_be_alike(old: Certificate, new: Certificate) -> bool:
    """Whether nothing is known that makes two certificates of different kinds, as far as that matters."""
    old_type, new_type = _key_type(old), _key_type(new)
    has_same_key = None in (old_type, new_type) or old_type == new_type
    return has_same_key and not (old.is_public and new.is_public is False)


def _key_type(certificate: Certificate) -> str | None:
    return as_kind(str, certificate.public_key.get("type"))


def _is_known(certificate: Certificate) -> bool:
    """Whether all is known of a certificate that decides what can take the place of what."""
    is_ca = (certificate.x509 or {}).get("is_ca")
    return certificate.has_known_names and certificate.kind is not None and is_ca is not None


def defects(certificate: Certificate) -> set[str]:
    """What clients are known to refuse a certificate for."""
    found = {
        "self-signed": certificate.is_self_signed is True,
        "CA": (certificate.x509 or {}).get("is_ca") is True,
        "wrong key": certificate.facts.get("key_matches") is False,
    }
    return {name for name, is_there in found.items() if is_there}


def expiry(certificate: Certificate) -> int:
    """Its last moment, for sorting."""
    return certificate.not_after or 0


def is_valid(item: Certificate, now: int) -> bool:
    """Whether it is valid for sure."""
    if item.not_before is None or item.not_after is None:
        return False
    return item.not_before <= now <= item.not_after
