# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find out who issued whom among the certificates of one content.

The issuer is the certificate whose key made the signature (RFC 5280, 6.1.3). Its name alone proves nothing, because
anybody can use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .names import Name, read_name
from .x509 import Parsed

#: Maximum number of signatures to verify in one content. Usually there are fewer than ten. Only hostile content has
#: hundreds of certificates with the same name, each of which may have issued any other.
_MAX_CHECKS = 64


class Chain:
    """The certificates of one content in their order, with ``None`` for each one that could not be parsed."""

    def __init__(self, certificates: Sequence[Parsed | None]) -> None:
        self._certificates = certificates
        self._unread = certificates.count(None)
        self._checks = 0
        self._by_subject: dict[Any, list[Parsed]] = {}
        self._verified: dict[tuple[int, int], bool | None] = {}
        for item in certificates:
            if item is not None and item.subject is not None:
                self._by_subject.setdefault(item.subject.key, []).append(item)
        self._unchecked = {id(item) for item in certificates[_MAX_CHECKS:]}
        self._has_nameless = any(item is not None and item.subject is None for item in certificates)

    def facts(self, leaf: Parsed) -> dict[str, Any]:
        """Return what the ``x509`` fact of the leaf contains about the other certificates."""
        position = self._certificates.index(leaf)
        others = [*self._certificates[:position], *self._certificates[position + 1 :]]
        chain = [
            {
                **item.chain_facts,
                "self_signed": self._is_self_signed(item),
                "issuer_included": self._issuer_included(item),
                "issued_previous": self._has_issued(item, previous) if previous is not None else None,
            }
            for previous, item in zip([leaf, *others], others)
            if item is not None
        ]
        return {
            "issuer_included": self._issuer_included(leaf),
            "position": position,
            "unread_certificates": self._unread,
            "chain": chain,
        }

    def _issuer_included(self, item: Parsed) -> bool | None:
        """Whether one of the certificates has issued it, or it has issued itself."""
        is_self_signed = self._is_self_signed(item)
        if is_self_signed:
            return True
        if item.issuer is None:
            return None
        candidates = self._by_subject.get(item.issuer.key, [])
        is_unknown = is_self_signed is None or bool(self._unread) or self._has_nameless or len(candidates) > _MAX_CHECKS
        for candidate in candidates[:_MAX_CHECKS]:
            found = self._has_issued(candidate, item)
            if found:
                return True
            is_unknown |= found is None
        return None if is_unknown else False

    def _is_self_signed(self, item: Parsed) -> bool | None:
        return None if id(item) in self._unchecked else item.is_self_signed

    def _has_issued(self, issuer: Parsed, item: Parsed) -> bool | None:
        identity = id(issuer), id(item)
        if identity not in self._verified:
            self._verified[identity] = self._check(issuer, item)
        return self._verified[identity]

    def _check(self, issuer: Parsed, item: Parsed) -> bool | None:
        if issuer.subject is None or item.issuer is None:
            return None
        if issuer.subject.key != item.issuer.key or contradicts(issuer, item):
            return False
        may_sign = _may_sign(issuer)
        if may_sign is False:
            return False
        if self._checks == _MAX_CHECKS:
            return None
        self._checks += 1
        has_signed = _has_signed(issuer, item) if item.is_ca else item.is_signed_with(issuer.public_key_info)
        return has_signed and may_sign if has_signed is not None else None


# CA certificates come with each certificate that they issued, as a shared object from pem.py. Only they are cached.
@lru_cache(maxsize=64)
def _has_signed(issuer: Parsed, item: Parsed) -> bool | None:
    return item.is_signed_with(issuer.public_key_info)


def _may_sign(issuer: Parsed) -> bool | None:
    """Whether a certificate belongs to a CA whose key may sign certificates (RFC 5280, 4.2.1.3 and 4.2.1.9).

    Roots of the first version of X.509 cannot declare that.
    """
    if issuer.is_version_1:
        return issuer.is_self_signed
    if issuer.is_ca is False:
        return False
    usage = issuer.key_usage
    if usage and "keyCertSign" not in usage:
        return False
    return None if issuer.is_ca is None or usage is None else True


def contradicts(issuer: Parsed, item: Parsed) -> bool:
    """Whether a certificate names another key of its issuer than this one.

    OpenSSL then rejects the issuer, even if its key signed, and so do most command line tools.
    """
    wanted = item.authority_key_id
    if wanted is None:
        return False
    if wanted.key_id is not None and issuer.key_id is not None and wanted.key_id != issuer.key_id:
        return True
    if wanted.serial_number is not None and wanted.serial_number != issuer.serial_number:
        return True
    return bool(wanted.issuer and issuer.issuer) and not _is_name(wanted.issuer, issuer.issuer)


def _is_name(encoded: bytes | None, name: Name | None) -> bool:
    try:
        return name is not None and read_name(encoded or b"").key == name.key
    except ValueError:
        return True  # a malformed name does not contradict
