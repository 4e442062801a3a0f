# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy of an audit: which checks run, with which severities and options, and what is waived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import inf
from typing import Any

from ...module_utils._api.errors import OptionError
from .._plugin import check_known
from .definition import Check, Found, InvalidTextError, Options, Problem, Texts
from .facts import CertificateFacts, FleetFacts
from .registry import CATALOGUE
from .schema import SEVERITIES, PolicyData
from .subject import Subject
from .waivers import Waiver

_KEYS = ("checks", "waivers", "unknown_severity")
_COMMON = ("enabled", "severity")
_ALL_DAYS = date.max.toordinal()
#: The largest useful values of numeric options, by name. More rounds would take seconds for each certificate, and
#: larger keys are not tested.
_LARGEST = {
    "days": _ALL_DAYS, "max_days": _ALL_DAYS, "fraction": 1, "tolerance": _ALL_DAYS * 86_400, "rsa_bits": 16_384,
    "ec_bits": 16_384, "rounds": 10_000, "share": 1,
}  # fmt: skip
_LARGEST_SHOWN = 10**30


@dataclass(frozen=True)
class Rule:
    """A check as the policy uses it.

    Attributes:
        check: The check.
        severity: The severity that the policy sets; ``None`` if it does not.
        options: All options of the check.
        given: Which of the check's ``own_limits`` the policy sets.
        linked: The linked options of other checks; ``None`` for a check that is off.
        worse: The rules that this one yields to.
    """

    check: Check
    severity: str | None
    options: Options
    given: frozenset[str] = frozenset()
    linked: Options = field(default_factory=dict)
    worse: tuple[Rule, ...] = ()

    @cached_property
    def remediation(self) -> str:
        """What to do, according to this policy."""
        return self.check.advise(self._all_options) if self.check.advise else self.check.remediation

    @cached_property
    def _all_options(self) -> Options:
        given = {"given": self.given} if self.check.own_limits else {}
        return {**self.linked, **self.options, **given}

    def judge(self, fleet: FleetFacts, now: int) -> Found:
        """Judge all certificates. See ``Found``."""
        found = self.check.judge(fleet, self._all_options, now)
        return self._without_worse(found, now) if self.worse else found

    def _without_worse(self, found: Found, now: int) -> Iterator[tuple[Subject | None, Any]]:
        for subject, verdict in found:
            if isinstance(subject, CertificateFacts) and any(rule.fails(subject, now) for rule in self.worse):
                continue
            yield subject, verdict

    def fails(self, certificate: CertificateFacts, now: int) -> bool:
        """Whether a certificate fails the check."""
        judge_one = self.check.judge_one
        return judge_one is not None and isinstance(judge_one(certificate, self._all_options, now), Problem)


@dataclass(frozen=True)
class Policy:
    """A policy. ``unknown_severity`` is the highest severity of undecided checks."""

    rules: tuple[Rule, ...]
    waivers: tuple[Waiver, ...]
    unknown_severity: str

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Policy:
        """Read a policy. Checks that it does not mention have their defaults.

        Raises:
            OptionError: Something in it is unknown or not valid. The hint lists valid values.
        """
        data = _dictionary(data, "policy")
        check_known("policy", data, _KEYS)
        wanted = _dictionary(data.get("checks"), "policy.checks")
        check_known("policy.checks", wanted, CATALOGUE)
        rules = [_rule(check, wanted.get(check.id)) for check in CATALOGUE.values()]
        unknown_severity = data.get("unknown_severity", "medium")
        _one_of("policy.unknown_severity", unknown_severity, SEVERITIES)
        waivers = data.get("waivers") or []
        if not isinstance(waivers, list):
            raise OptionError(f"policy.waivers: {waivers!r} is not a list", hint="Give a list of waivers.")
        return cls(
            _linked([rule for rule in rules if rule is not None]),
            tuple(Waiver.from_data(waiver, f"policy.waivers[{number}]") for number, waiver in enumerate(waivers)),
            unknown_severity,
        )

    def to_data(self) -> PolicyData:
        """Return the policy as it was applied, including defaults, as plain data that :meth:`from_data` reads."""
        enabled = {rule.check.id: rule for rule in self.rules}
        return {
            "checks": {
                check.id: _rule_data(enabled[check.id]) if check.id in enabled else {"enabled": False}
                for check in CATALOGUE.values()
            },
            "waivers": [waiver.to_data() for waiver in self.waivers],
            "unknown_severity": self.unknown_severity,
        }


def _rule(check: Check, data: Any) -> Rule | None:
    where = f"policy.checks.{check.id}"
    if isinstance(data, bool):
        data = {"enabled": data}
    data = _dictionary(data, where)
    check_known(where, data, (*_COMMON, *check.options))
    # Setting an option of a check that is off by default turns it on.
    enabled = data.get("enabled", check.is_enabled or bool(data))
    if not isinstance(enabled, bool):
        raise OptionError(f"{where}.enabled: {enabled!r} is not a boolean", hint="Give true or false.")
    severity = data.get("severity")
    if severity is not None:
        _one_of(f"{where}.severity", severity, SEVERITIES)
    options = {
        name: _option(f"{where}.{name}", data.get(name, default), default, check.texts.get(name))
        for name, default in check.options.items()
    }
    if check.needs and not options[check.needs]:
        # An empty list alone leaves the check off. Anything else turns it on, so that a value is missing.
        if enabled and data.keys() != {check.needs}:
            hint = f"Set {check.needs}, or turn the check off."
            raise OptionError(f"{where}: the check is on, but {check.needs} is empty", hint=hint)
        return None
    return Rule(check, severity, options, frozenset(data.keys() & {*check.own_limits})) if enabled else None


def _linked(rules: list[Rule]) -> tuple[Rule, ...]:
    """Return the rules, each with the options and rules of others that it needs."""
    options = {rule.check.id: rule.options for rule in rules}
    linked = {
        rule.check.id: replace(
            rule, linked={name: options.get(other, {}).get(name) for name, other in rule.check.linked.items()}
        )
        for rule in rules
    }
    return tuple(
        replace(rule, worse=tuple(linked[other] for other in rule.check.yields_to if other in linked))
        for rule in linked.values()
    )


def _rule_data(rule: Rule) -> dict[str, Any]:
    severity = {"severity": rule.severity} if rule.severity is not None else {}
    # Leave out these defaults: when the data is read again, they would count as set by the policy, with another effect.
    defaults = {*rule.check.own_limits} - rule.given
    return {"enabled": True, **severity, **{name: rule.options[name] for name in rule.options if name not in defaults}}


def _option(where: str, value: Any, default: Any, texts: Texts | None) -> Any:
    """Read an option of a check. Its default says whether it is a number (or null), a text, or a list of texts."""
    if isinstance(default, list):
        return _list(where, value, texts or Texts(str))
    if isinstance(default, str):
        return _text(where, value, default, texts or Texts(str))
    if value is None and default is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < inf:
        hint = f"Give a number that is not negative, such as {default or 90}."
        raise OptionError(f"{where}: {value!r} is not a valid number", hint=hint)
    most = _LARGEST[where.rpartition(".")[2]]
    if value > most:
        # Python limits the length of the numbers that it converts to text.
        shown = value if value < _LARGEST_SHOWN else "this number"
        raise OptionError(f"{where}: {shown} is out of range", hint=f"Give a number from 0 to {most}.")
    return value


def _text(where: str, value: Any, default: str, texts: Texts) -> str:
    if not isinstance(value, str):
        raise OptionError(f"{where}: {value!r} is not text", hint=f"Give a text, such as {default}.")
    return _normalized(where, [value], texts)[0]


def _list(where: str, value: Any, texts: Texts) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise OptionError(f"{where}: {value!r} is not a list of texts", hint="Give a list, such as [a, b].")
    return _normalized(where, value, texts)


def _normalized(where: str, value: list[str], texts: Texts) -> list[str]:
    """Return texts in their normal form, if they are valid."""
    normalized = []
    for item in value:
        try:
            normalized.append(texts.normalize(item))
        except InvalidTextError as error:
            raise OptionError(f"{where}: {item!r} {error.problem}", hint=error.hint) from None
    for item, text in zip(value, normalized, strict=True):
        if texts.valid and text not in texts.valid:
            valid = ", ".join(texts.valid)
            raise OptionError(f"{where}: unknown {item!r}", hint=f"Valid values: {valid}.")
    return normalized


def _dictionary(data: Any, where: str) -> Mapping[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise OptionError(f"{where}: {data!r} is not a dictionary", hint="Give names with values.")
    return data


def _one_of(where: str, value: Any, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise OptionError(f"{where}: unknown {value!r}", hint=f"Valid values: {', '.join(allowed)}.")
