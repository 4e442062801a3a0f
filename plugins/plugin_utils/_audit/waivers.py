# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: findings that somebody accepts for a reason, until a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ...module_utils._api.errors import OptionError
from ...module_utils._certificates.domains import covers, fold
from ...module_utils._certificates.times import iso8601
from .catalogue import CATALOGUE
from .moments import read_moment
from .subjects import Certificate

_TARGETS = ("ssl_id", "name", "domain", "fingerprint")
_KEYS = ("check", *_TARGETS, "reason", "expires")


@dataclass(frozen=True)
class Waiver:
    """Which findings are accepted: those of ``check`` (an id, or ``*``) about what ``target`` and ``value`` say.

    ``target`` is ``ssl_id``, ``name`` (a shell pattern), ``domain`` or ``fingerprint``; ``expires`` is the last moment
    (seconds since 1970) at which it holds.
    """

    check: str
    target: str
    value: str
    reason: str
    expires: int

    @classmethod
    def from_data(cls, data: Any, where: str) -> Waiver:
        """Read a waiver.

        :raises OptionError: it does not say which findings, why, and until when.
        """
        if not isinstance(data, Mapping):
            raise OptionError(f"{where}: {data!r} is no waiver", hint=f"Give a dictionary with {', '.join(_KEYS)}.")
        unknown = [key for key in data if key not in _KEYS]
        if unknown:
            raise OptionError(f"{where}: there is no {unknown[0]!r}", hint=f"There is: {', '.join(_KEYS)}.")
        for key in ("check", "reason"):
            if not isinstance(data.get(key), str) or not data[key].strip():
                raise OptionError(
                    f"{where}.{key}: it is missing", hint="A waiver says which check it is about, and why."
                )
        if data["check"] != "*" and data["check"] not in CATALOGUE:
            raise OptionError(
                f"{where}.check: there is no check {data['check']!r}", hint=f"There is: *, {', '.join(CATALOGUE)}."
            )
        targets = [key for key in _TARGETS if data.get(key)]
        if len(targets) != 1:
            raise OptionError(f"{where}: it has to name one thing", hint=f"Give exactly one of {', '.join(_TARGETS)}.")
        if data.get("expires") is None:
            raise OptionError(f"{where}.expires: it is missing", hint="Give the last day on which it holds.")
        expires = read_moment(data["expires"], f"{where}.expires", end_of_day=True)
        return cls(
            data["check"], targets[0], _normal(targets[0], str(data[targets[0]])), data["reason"].strip(), expires
        )

    def to_data(self) -> dict[str, Any]:
        """The waiver as :meth:`from_data` reads it."""
        return {
            "check": self.check,
            self.target: self.value,
            "reason": self.reason,
            "expires": iso8601(self.expires),
        }

    def is_about(self, check: str, certificate: Certificate | None, about: str) -> bool:
        """Whether it is for a finding of a check about a certificate, or about something else such as a domain."""
        if self.check not in ("*", check):
            return False
        if certificate is None:
            return self.target == "domain" and bool(about) and covers([self.value], about)
        if self.target == "name":
            return fnmatchcase(certificate.ssl_name or "", self.value)
        if self.target == "domain":
            return self.value in certificate.domains
        return self.value == (certificate.ssl_id if self.target == "ssl_id" else certificate.fingerprint)

    def holds(self, now: int) -> bool:
        """Whether it has not expired."""
        return now <= self.expires


def _normal(target: str, value: str) -> str:
    if target == "domain":
        return fold(value)
    return value.replace(":", "").lower() if target == "fingerprint" else value
