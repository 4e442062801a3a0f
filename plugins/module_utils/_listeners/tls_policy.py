# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS policies of listeners: which versions and ciphers they allow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from .._api.redaction import as_name, read_name
from .._api.values import integer, text

#: The policy of a listener without a chosen policy: its id on the platform, and its contents by the product guide.
NATIVE_ID = "Default"
NATIVE_MINIMUM_VERSION = "TLSv1"
NATIVE_CIPHER_STRING = "ALL:!NULL:!aNULL:!DSS:!RC4:!RC2:!EXP:!LOW"

#: TLS versions as the platform writes them, the oldest first.
VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_KINDS = {0: "predefined", 1: "custom"}
#: More policies than an account has.
_MANY = 1024
#: The name of a cipher suite in OpenSSL or at IANA. Keywords such as HIGH, whose meaning depends on the OpenSSL of the
#: server, do not match.
_CIPHER = re.compile(r"(?:TLS_)?[A-Z0-9]+(?:[-_][A-Za-z0-9]+)+")


@dataclass(frozen=True)
class TlsPolicy:
    """A TLS policy, as in the fact ``tls`` of a listener. Unknown values are ``None``.

    Attributes:
        policy_id: Its id.
        policy_name: Its name.
        policy_kind: ``native``, ``predefined``, ``custom`` or ``unknown``.
        minimum_version: The lowest version allowed, one of :data:`VERSIONS`. The highest is always TLSv1.3.
        ciphers: The cipher suites allowed for TLS 1.2 and older, with their names in OpenSSL.
        cipher_string: An expression that the OpenSSL of the server expands, if the policy has one instead of a list.
    """

    policy_id: str | None = None
    policy_name: str | None = None
    policy_kind: str = "unknown"
    minimum_version: str | None = None
    ciphers: tuple[str, ...] | None = None
    cipher_string: str | None = None

    @classmethod
    def from_api(cls, record: Any) -> TlsPolicy:
        """Read a SecurityPolicy, whether from DescribeSecurityPoliciesV2 or from a classic listener."""
        if not isinstance(record, Mapping):
            return cls()
        policy_id = read_name(record.get("SecurityPolicyId"))
        is_native = policy_id == NATIVE_ID
        ciphers, cipher_string = _ciphers(record.get("SSLCiphers"))
        if is_native and ciphers is None:
            cipher_string = cipher_string or NATIVE_CIPHER_STRING
        return cls(
            policy_id=policy_id,
            policy_name=read_name(record.get("SecurityPolicyName")),
            policy_kind="native" if is_native else _KINDS.get(_kind(record), "unknown"),
            minimum_version=_version(record.get("TLSVersion")) or (NATIVE_MINIMUM_VERSION if is_native else None),
            ciphers=ciphers,
            cipher_string=cipher_string,
        )

    @classmethod
    @lru_cache(maxsize=_MANY)
    def by_id(cls, policy_id: str | None) -> TlsPolicy:
        """Return a policy with a known id. Of the native policy, the contents are known as well."""
        return cls.from_api({"SecurityPolicyId": policy_id})

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> TlsPolicy:
        """Return the policy that has these facts, the result of :meth:`to_facts`."""
        ciphers = facts["ciphers"]
        return cls(**{**facts, "ciphers": None if ciphers is None else tuple(ciphers)})

    def to_facts(self) -> dict[str, Any]:
        """Return the fact ``tls``."""
        return {**asdict(self), "ciphers": None if self.ciphers is None else list(self.ciphers)}


def _kind(record: Mapping[str, Any]) -> int:
    kind = integer(record.get("SecurityPolicyType"))
    return -1 if kind is None else kind


def _version(value: Any) -> str | None:
    """Return a version as the platform writes it. ``TLSv1.0`` and ``TLS 1.2`` are accepted as well."""
    found = re.fullmatch(r"TLS\s*v?\s*1(?:\.([0-3]))?", (text(value) or "").strip(), re.IGNORECASE)
    return VERSIONS[int(found[1] or 0)] if found else None


def _ciphers(value: Any) -> tuple[tuple[str, ...] | None, str | None]:
    """Return the ciphers of a policy, either as names or as a cipher string; neither if an item is not text."""
    items = ["" if item == "" else text(item) for item in (value if isinstance(value, list) else [value])]
    known = [item for item in items if item is not None]
    return _split(":".join(known)) if len(known) == len(items) else (None, None)


# Thousands of listeners have the same few policies.
@lru_cache(maxsize=_MANY)
def _split(expression: str) -> tuple[tuple[str, ...] | None, str | None]:
    parts = [part for part in re.split(r"[:,\s]+", expression) if part]
    if not parts:
        return None, None
    if all(_CIPHER.fullmatch(part) for part in parts):
        return tuple(dict.fromkeys(map(as_name, parts))), None
    return None, as_name(":".join(parts))
