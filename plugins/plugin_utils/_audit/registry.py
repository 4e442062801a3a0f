# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check is, and the list of all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Union

from .facts import Certificate, Fleet

#: From the least to the worst.
SEVERITIES = ("low", "medium", "high", "critical")


class Problem(NamedTuple):
    """A check is not passed.

    :param detail: what is wrong, as a sentence with the numbers that led to it.
    :param evidence: exact values, durations in days as numbers.
    :param about: what it is about besides the certificate, such as a listener; part of the identity of the finding.
    """

    detail: str
    evidence: dict[str, Any]
    about: str = ""


class Unknown(NamedTuple):
    """A check cannot be decided; ``detail`` says what is missing, ``about`` is that of a problem."""

    detail: str
    about: str = ""


class SpellingError(ValueError):
    """A text cannot be what an option wants; ``problem`` and ``hint`` say what is wrong, and what to write instead."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem, hint)
        self.problem = problem
        self.hint = hint


class Texts(NamedTuple):
    """What the texts of an option may be: ``spelling`` makes one form of each, ``possible`` has all (empty: any).

    For a text that cannot be one, ``spelling`` raises :class:`SpellingError`.
    """

    spelling: Callable[[str], str]
    possible: tuple[str, ...] = ()


Options = dict[str, Any]
#: Options of a check, and those that are linked to it -> what is to be done.
Advise = Callable[[Options], str]
Verdict = Union[Problem, Unknown, None]
#: One certificate, options and the moment (seconds since 1970) -> what is wrong with it.
JudgeOne = Callable[[Certificate, Options, int], Verdict]
#: All certificates, options and the moment -> what is wrong, and with which one (``None`` for none in particular).
Found = Iterable["tuple[Certificate | None, Problem | Unknown]"]
JudgeAll = Callable[[Fleet, Options, int], Found]


@dataclass(frozen=True)
class Check:
    """A check, as code, documentation and policy know it.

    ``severity_unbound`` is the severity for a certificate that no listener serves. ``options`` are defaults, and
    ``texts`` tells what is in those that are lists. Without a value of the option ``needs``, the check is off.
    ``linked`` are options of other checks that it is given as well: the name of each with the id of its check.
    ``remediation`` is what to do by the default options, and ``advise`` makes that text from other ones, so that it
    never advises what the policy forbids. Of ``own_limits``, it matters whether the policy gives them: a default gives
    way to something else.

    ``yields_to`` are checks that are worse news of the same: a certificate that does not pass one of these, if it is
    on, has no finding of this one.

    ``topic`` is what findings are about if that is no certificate: a ``domain``, a ``listener`` (which has some), the
    ``listing`` or a ``waiver``. ``compares`` tells whether certificates that are not there could be the reason for one.
    """

    id: str
    title: str
    severity: str
    severity_unbound: str
    description: str
    remediation: str
    source: str
    is_enabled: bool
    options: Options
    texts: dict[str, Texts]
    needs: str
    linked: dict[str, str]
    own_limits: tuple[str, ...]
    yields_to: tuple[str, ...]
    topic: str
    compares: bool
    judge: JudgeAll
    judge_one: JudgeOne | None
    advise: Advise | None


#: By id, in the order of their definition, which is that of the documentation.
CATALOGUE: dict[str, Check] = {}


def certificate_check(title: str, severity: str, **about: Any) -> Callable[[JudgeOne], JudgeOne]:
    """Make a function a check of single certificates. Its name is the id; its docstring says when it is not passed.

    :param about: ``remediation``, or ``advise`` that makes it, and optionally ``source``, ``unbound`` (severity),
        ``enabled``, and ``options``, ``texts``, ``needs``, ``linked``, ``own_limits``, ``yields_to`` and ``topic`` as
        :class:`Check` has them.
    """

    def register(judge: JudgeOne) -> JudgeOne:
        def judge_one(certificate: Certificate, options: Options, now: int) -> Verdict:
            return _guarded(judge, certificate, options, now)

        def judge_all(fleet: Fleet, options: Options, now: int) -> Iterator[tuple[Certificate, Problem | Unknown]]:
            for certificate in fleet.certificates:
                verdict = judge_one(certificate, options, now)
                if verdict is not None:
                    yield certificate, verdict

        _register(judge, judge_all, title, severity, {**about, "judge_one": judge_one})
        return judge

    return register


def fleet_check(title: str, severity: str, **about: Any) -> Callable[[JudgeAll], JudgeAll]:
    """Make a function a check that looks at all certificates together. See :func:`certificate_check`."""

    def register(judge: JudgeAll) -> JudgeAll:
        _register(judge, judge, title, severity, {**about, "compares": True})
        return judge

    return register


def _register(function: Callable[..., Any], judge: JudgeAll, title: str, severity: str, about: dict[str, Any]) -> None:
    name = function.__name__
    advise = about.get("advise")
    options, linked = about.get("options", {}), about.get("linked", {})
    CATALOGUE[name] = Check(
        id=name,
        title=title,
        severity=severity,
        severity_unbound=about.get("unbound", severity),
        description=inspect.getdoc(function) or "",
        remediation=advise({**dict.fromkeys(linked), **options}) if advise else about["remediation"],
        source=about.get("source", ""),
        is_enabled=about.get("enabled", "needs" not in about),
        options=options,
        texts=about.get("texts", {}),
        needs=about.get("needs", ""),
        linked=linked,
        own_limits=about.get("own_limits", ()),
        yields_to=about.get("yields_to", ()),
        topic=about.get("topic", ""),
        compares=about.get("compares", False),
        judge=judge,
        judge_one=about.get("judge_one"),
        advise=advise,
    )


def _guarded(judge: JudgeOne, certificate: Certificate, options: Options, now: int) -> Verdict:
    """One certificate whose facts are not what they should be does not stop the audit of the others."""
    try:
        return judge(certificate, options, now)
    except Exception as error:  # noqa: BLE001 (facts come from outside, and may be anything)
        return Unknown(f"its facts cannot be understood: {type(error).__name__}: {error}")
