# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: findings that somebody accepts for a reason, until a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ...module_utils._api.errors import OptionError
from ...module_utils._certificates.domains import normalize
from ...module_utils._certificates.times import iso8601
from .._timestamps import read_moment
from .facts import Certificate
from .registry import CATALOGUE, Check

_TARGETS = ("ssl_id", "name", "domain", "fingerprint")
_KEYS = ("check", *_TARGETS, "reason", "expires")
#: Findings that no waiver is for: that something was not looked at, or is not accepted any more.
_NEVER_WAIVED = ("listing", "waiver")
_SHA256 = re.compile(r"[0-9a-f]{64}")


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
        if data["check"] != "*" and CATALOGUE[data["check"]].topic in _NEVER_WAIVED:
            raise OptionError(f"{where}.check: {data['check']} cannot be waived", hint="Switch the check off instead.")
        targets = [key for key in _TARGETS if data.get(key)]
        if len(targets) != 1:
            raise OptionError(f"{where}: it has to name one thing", hint=f"Give exactly one of {', '.join(_TARGETS)}.")
        if data.get("expires") is None:
            raise OptionError(f"{where}.expires: it is missing", hint="Give the last day on which it holds.")
        expires = read_moment(data["expires"], f"{where}.expires", end_of_day=True)
        value = _normal(targets[0], data[targets[0]], f"{where}.{targets[0]}")
        return cls(data["check"], targets[0], value, data["reason"].strip(), expires)

    def to_data(self) -> dict[str, Any]:
        """The waiver as :meth:`from_data` reads it."""
        return {
            "check": self.check,
            self.target: self.value,
            "reason": self.reason,
            "expires": iso8601(self.expires),
        }

    def holds(self, now: int) -> bool:
        """Whether it has not expired."""
        return now <= self.expires

    @property
    def accepts_everything(self) -> bool:
        """Whether it is for all findings about all certificates that have a name."""
        return self.check == "*" and self.target == "name" and set(self.value) <= {"*", "?"} and "*" in self.value


def warnings_about(waivers: Iterable[Waiver], now: int) -> list[str]:
    """What whoever wrote these should think about again, a sentence each."""
    return list(
        dict.fromkeys(
            f"The waiver of all checks for the name {waiver.value} accepts whatever is wrong with any certificate until"
            f" {iso8601(waiver.expires)}. Name the checks, or the certificates."
            for waiver in waivers
            if waiver.accepts_everything and waiver.holds(now)
        )
    )


def told_apart(waivers: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each of some waivers (plain data) once, with a name that no other one of them has, and what it is for."""
    seen: dict[str, list[dict[str, Any]]] = {}
    for waiver in waivers:
        ((kind, target),) = ((name, waiver[name]) for name in _TARGETS if name in waiver)
        about = f"{waiver['check']}, {kind} {target}, until {waiver['expires'][:10]}"
        same = seen.setdefault(about, [])
        if waiver not in same:
            same.append(waiver)
            yield about if len(same) == 1 else f"{about} #{len(same)}", target, waiver


class Index:
    """Waivers by what they are about, so that not each of them is tried for each finding."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._all = list(waivers)
        self._used: set[int] = set()
        self._named: dict[tuple[str, str], list[int]] = {}
        self._patterns: list[int] = []
        self._of_certificate: dict[int, list[int]] = {}
        for number, waiver in enumerate(self._all):
            if waiver.target == "name" and any(sign in waiver.value for sign in "*?["):
                self._patterns.append(number)
            else:
                self._named.setdefault((waiver.target, waiver.value), []).append(number)

    def first(self, check: Check, certificate: Certificate | None, about: str) -> Waiver | None:
        """The first waiver for a finding of a check about a certificate, or about a domain."""
        if check.topic in _NEVER_WAIVED:
            return None
        if certificate is not None:
            found = self._about(certificate)
        elif check.topic == "domain":
            found = self._in_order([("domain", about), ("domain", f"*.{about.partition('.')[2]}")])
        else:
            found = []
        matching = [number for number in found if self._all[number].check in ("*", check.id)]
        # The others are for something as well, although it is accepted without them.
        self._used.update(matching)
        return self._all[matching[0]] if matching else None

    def unused(self) -> list[Waiver]:
        """Those that are for no finding so far."""
        return [waiver for number, waiver in enumerate(self._all) if number not in self._used]

    def _about(self, certificate: Certificate) -> list[int]:
        known = self._of_certificate.get(certificate.position)
        if known is None:
            name = certificate.ssl_name or ""
            keys = [
                ("ssl_id", certificate.ssl_id or ""),
                ("name", name),
                ("fingerprint", certificate.fingerprint or ""),
            ]
            keys += [("domain", domain) for domain in certificate.domains]
            patterns = [number for number in self._patterns if fnmatchcase(name, self._all[number].value)]
            known = self._of_certificate[certificate.position] = self._in_order(keys, patterns)
        return known

    def _in_order(self, keys: Iterable[tuple[str, str]], more: Iterable[int] = ()) -> list[int]:
        """The numbers of the waivers for any of these, in the order of the policy."""
        return sorted({*more, *(number for key in keys for number in self._named.get(key, ()))})


def _normal(target: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise OptionError(f"{where}: {value!r} is no text", hint="Give the one that it is about.")
    if target != "fingerprint":
        return normalize(value) if target == "domain" else str(value)
    digits = str(value).strip().replace(":", "").lower()
    if not _SHA256.fullmatch(digits):
        hint = "Give the 64 hexadecimal digits of the certificate's SHA-256, not the fingerprint of a finding."
        raise OptionError(f"{where}: {value!r} is no SHA-256 fingerprint", hint=hint)
    return digits
