# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: findings that are accepted for a reason, until a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, cast

from ...module_utils._api.errors import OptionError
from ...module_utils._certificates.domains import normalize
from ...module_utils._certificates.times import iso8601
from .._timestamps import read_timestamp
from .definition import Check
from .endpoint_facts import EndpointFacts
from .facts import CertificateFacts, certificate_of
from .hosts import host_name
from .listener_facts import RuleHost
from .registry import CATALOGUE
from .schema import WAIVER_TARGETS, WaiverData
from .subject import Subject

_KEYS = ("check", *WAIVER_TARGETS, "reason", "expires")
#: Topics of findings that cannot be waived: an incomplete listing, and waivers themselves.
_NEVER_WAIVED = ("listing", "waiver")
#: What a waiver of a listener's findings can name, besides the host that a finding is about.
_LISTENER_TARGETS = ("listener_id", "load_balancer_id")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Waiver:
    """A waiver.

    Attributes:
        check: The id of a check, or ``*`` for all.
        target: What ``value`` is: ``ssl_id``, ``name`` (a shell pattern), ``domain``, ``fingerprint``,
            ``listener_id`` or ``load_balancer_id``.
        value: The id, name, domain or fingerprint.
        reason: Why the findings are accepted.
        expires: The last second in which the waiver is valid (seconds since 1970).
    """

    check: str
    target: str
    value: str
    reason: str
    expires: int

    @classmethod
    def from_data(cls, data: Any, where: str) -> Waiver:
        """Read a waiver.

        Raises:
            OptionError: The waiver is not valid, for example because it has no expiry.
        """
        if not isinstance(data, Mapping):
            raise OptionError(f"{where}: {data!r} is not a waiver", hint=f"Give a dictionary with {', '.join(_KEYS)}.")
        unknown = [key for key in data if key not in _KEYS]
        if unknown:
            raise OptionError(f"{where}: unknown key {unknown[0]!r}", hint=f"Valid keys: {', '.join(_KEYS)}.")
        check = _text(data, "check", where)
        reason = _text(data, "reason", where).strip()
        _check_can_be_waived(check, f"{where}.check")
        targets = [key for key in WAIVER_TARGETS if data.get(key)]
        if len(targets) != 1:
            raise OptionError(
                f"{where}: {len(targets)} targets instead of one",
                hint=f"Give exactly one of {', '.join(WAIVER_TARGETS)}.",
            )
        target = targets[0]
        if data.get("expires") is None:
            raise OptionError(f"{where}.expires: missing", hint="Give the last day on which the waiver is valid.")
        expires = read_timestamp(data["expires"], f"{where}.expires", end_of_day=True)
        return cls(check, target, _normalized(target, data[target], f"{where}.{target}"), reason, expires)

    def to_data(self) -> WaiverData:
        """Return the waiver as plain data that :meth:`from_data` reads."""
        data: Any = {
            "check": self.check,
            self.target: self.value,
            "reason": self.reason,
            "expires": iso8601(self.expires),
        }
        return cast("WaiverData", data)

    def is_valid(self, now: int) -> bool:
        """Whether it has not expired."""
        return now <= self.expires

    @property
    def accepts_everything(self) -> bool:
        """Whether it accepts all findings about all certificates that have a name."""
        return self.check == "*" and self.target == "name" and set(self.value) <= {"*", "?"} and "*" in self.value


def warnings_about(waivers: Iterable[Waiver], now: int) -> list[str]:
    """Return warnings about waivers that are probably too broad, a sentence or two each."""
    return list(
        dict.fromkeys(
            f"The waiver of all checks for the name {waiver.value} accepts every problem of every certificate until"
            f" {iso8601(waiver.expires)}. Name the checks or the certificates."
            for waiver in waivers
            if waiver.accepts_everything and waiver.is_valid(now)
        )
    )


class WaiverIndex:
    """Waivers by their targets, so that only a few have to be compared with each finding."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._all = list(waivers)
        self._used: set[int] = set()
        self._named: dict[tuple[str, str], list[int]] = {}
        self._patterns: list[int] = []
        self._of_certificate: dict[int, list[int]] = {}
        for number, waiver in enumerate(self._all):
            if waiver.target == "name" and any(char in waiver.value for char in "*?["):
                self._patterns.append(number)
            else:
                self._named.setdefault((waiver.target, waiver.value), []).append(number)

    def first(self, check: Check, subject: Subject | None, about: str) -> Waiver | None:
        """Return the first waiver that matches a finding of a check."""
        if check.topic in _NEVER_WAIVED or not self._all:
            return None
        certificate = certificate_of(subject)
        found = self._about(certificate) if certificate is not None else []
        keys = [(name, value) for name in _LISTENER_TARGETS if subject and (value := subject.reference.get(name))]
        name = _name_in(check, subject, about, is_known=bool(keys))
        if name:
            domain = host_name(RuleHost(name, "exact")) or name
            keys += [("domain", domain), ("domain", f"*.{domain.partition('.')[2]}")]
        if keys:
            found = self._in_order(keys, found)
        matching = [number for number in found if self._all[number].check in ("*", check.id)]
        # The others count as used as well, although the finding would be waived without them.
        self._used.update(matching)
        return self._all[matching[0]] if matching else None

    def unused(self) -> list[Waiver]:
        """Return the waivers that have not matched any finding so far."""
        return [waiver for number, waiver in enumerate(self._all) if number not in self._used]

    def _about(self, certificate: CertificateFacts) -> list[int]:
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
        """Return the numbers of the waivers with any of these targets, in the order of the policy."""
        return sorted({*more, *(number for key in keys for number in self._named.get(key, ()))})


def _name_in(check: Check, subject: Subject | None, about: str, *, is_known: bool) -> str | None:
    """Return the domain or host that a finding is about, besides a certificate or listener that ``is_known``."""
    if isinstance(subject, EndpointFacts):
        return subject.server_name
    return about if check.topic == "domain" or (subject and is_known and about != subject.about) else None


def _text(data: Mapping[str, Any], key: str, where: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise OptionError(f"{where}.{key}: missing", hint="A waiver names a check and a reason.")
    return value


def _check_can_be_waived(check: str, where: str) -> None:
    if check == "*":
        return
    if check not in CATALOGUE:
        raise OptionError(f"{where}: unknown check {check!r}", hint=f"Valid values: *, {', '.join(CATALOGUE)}.")
    if CATALOGUE[check].topic in _NEVER_WAIVED:
        raise OptionError(f"{where}: {check} cannot be waived", hint="Turn the check off instead.")


def _normalized(target: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise OptionError(f"{where}: {value!r} is not text", hint="Give the value that the waiver is for.")
    if target != "fingerprint":
        return normalize(value) if target == "domain" else str(value)
    digits = str(value).strip().replace(":", "").lower()
    if not _SHA256.fullmatch(digits):
        hint = "Give the 64 hexadecimal digits of the certificate's SHA-256, not the fingerprint of a finding."
        raise OptionError(f"{where}: {value!r} is not a SHA-256 fingerprint", hint=hint)
    return digits
