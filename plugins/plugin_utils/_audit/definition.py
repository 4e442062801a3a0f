# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check is: its description, its verdicts, and the decorators that turn a function into a check."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Union

from .endpoint_facts import EndpointFacts
from .facts import ENDPOINTS, LISTENERS, CertificateFacts, FleetFacts
from .listener_facts import ListedListeners, ListenerFacts
from .subject import Subject


class Problem(NamedTuple):
    """The check fails.

    Attributes:
        detail: What is wrong, as a sentence with the numbers that led to it.
        evidence: Exact values; durations are numbers of days.
        about: What the problem is about besides the certificate or listener, such as a domain. It is part of the
            identity of the finding.
    """

    detail: str
    evidence: dict[str, Any]
    about: str = ""


class Unknown(NamedTuple):
    """The check cannot be decided. ``detail`` says what is missing; ``about`` is as in :class:`Problem`."""

    detail: str
    about: str = ""


class InvalidTextError(ValueError):
    """A text is not valid for an option. ``problem`` is the reason, and ``hint`` says what to write instead."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem, hint)
        self.problem = problem
        self.hint = hint


class Texts(NamedTuple):
    """Which texts an option accepts.

    Attributes:
        normalize: Normalizes a text. It raises :class:`InvalidTextError` if the text is not valid.
        valid: All normalized texts that are valid; empty if there is no such list.
    """

    normalize: Callable[[str], str]
    valid: tuple[str, ...] = ()


Options = dict[str, Any]
#: Returns the remediation for the options of the check and its linked options.
Advise = Callable[[Options], str]
#: The result for one certificate; ``None`` if it passes.
Verdict = Union[Problem, Unknown, None]
#: Judges one certificate: its facts, the options, and the time of the audit (seconds since 1970).
JudgeOne = Callable[[CertificateFacts, Options, int], Verdict]
#: Problems and undecided checks, each with its certificate or listener (``None`` if it is about neither).
Found = Iterable["tuple[Subject | None, Problem | Unknown]"]
#: Judges one listener by its own facts and the options.
JudgeListener = Callable[[ListenerFacts, Options], Verdict]
#: Judges all listeners together, each with the certificates that it serves.
JudgeListeners = Callable[[ListedListeners, FleetFacts, Options, int], Found]
#: Judges what one endpoint serves; the certificates of the fleet say what should be served. The last argument is the
#: time of the audit.
JudgeEndpoint = Callable[[EndpointFacts, FleetFacts, Options, int], Verdict]
#: Judges all certificates together.
JudgeAll = Callable[[FleetFacts, Options, int], Found]


@dataclass(frozen=True)
class Check:
    """A check.

    Attributes:
        id: Its name in policies and findings.
        title: What a finding says, in a few words.
        severity: The severity of a finding.
        severity_unbound: The severity for a certificate that no listener serves.
        description: When the check fails.
        remediation: What to do, with default options.
        source: Where the rule comes from; may be empty.
        is_enabled: Whether it is on by default.
        options: Its options with their defaults.
        texts: Which texts are valid in options that are lists.
        needs: An option without which the check is off; may be empty.
        linked: Options of other checks that this one is also given: their names with the ids of those checks.
        own_limits: Options for which it matters whether the policy sets them, because their defaults give way to
            something else.
        yields_to: Checks that report the same problem at a more severe stage. A certificate that fails one of these
            (if it is on) has no finding of this check.
        topic: What findings are about if not about a certificate: ``domain``, ``listener``, ``endpoint``,
            ``listing`` or ``waiver``.
        requires: What the audit has to be given for this check, such as ``listeners`` or ``trust``; may be empty.
            Without it, nothing is judged, and the audit says so.
        compares: Whether a finding may depend on other certificates.
        judge: Judges all certificates.
        judge_one: Judges one certificate; ``None`` if the check needs all of them.
        advise: Returns the remediation for other options, so that it never recommends what the policy forbids.
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
    requires: str
    compares: bool
    judge: JudgeAll
    judge_one: JudgeOne | None
    advise: Advise | None


def certificate_check(title: str, severity: str, **about: Any) -> Callable[[JudgeOne], Check]:
    """Make a check from a function that judges one certificate.

    The name of the function becomes the id, its docstring the description. Add the check to ``CHECKS`` of its file.

    Args:
        title: See :class:`Check`.
        severity: See :class:`Check`.
        about: ``remediation`` or ``advise``, and optionally ``source``, ``unbound`` (the severity), ``enabled``,
            ``options``, ``texts``, ``needs``, ``requires``, ``linked``, ``own_limits``, ``yields_to`` and ``topic``.
    """

    def make(judge: JudgeOne) -> Check:
        def judge_one(certificate: CertificateFacts, options: Options, now: int) -> Verdict:
            return _guarded(judge, certificate, options, now)

        def judge_all(
            fleet: FleetFacts, options: Options, now: int
        ) -> Iterator[tuple[CertificateFacts, Problem | Unknown]]:
            for certificate in fleet.certificates:
                verdict = judge_one(certificate, options, now)
                if verdict is not None:
                    yield certificate, verdict

        return _make(judge, judge_all, title, severity, {**about, "judge_one": judge_one})

    return make


def fleet_check(title: str, severity: str, **about: Any) -> Callable[[JudgeAll], Check]:
    """Make a check from a function that judges all certificates together. See :func:`certificate_check`."""

    def make(judge: JudgeAll) -> Check:
        return _make(judge, judge, title, severity, {**about, "compares": True})

    return make


def listener_check(title: str, severity: str, **about: Any) -> Callable[[JudgeListener], Check]:
    """Make a check from a function that judges one listener by its own facts. See :func:`certificate_check`."""

    def make(judge: JudgeListener) -> Check:
        def judge_all(fleet: FleetFacts, options: Options, _now: int) -> Iterator[tuple[Subject, Problem | Unknown]]:
            for listener in fleet.listeners.items if fleet.listeners else ():
                verdict = _guarded(judge, listener, options)
                if verdict is not None:
                    yield listener, verdict

        return _make(judge, judge_all, title, severity, {**_ABOUT_LISTENERS, **about})

    return make


def listeners_check(title: str, severity: str, **about: Any) -> Callable[[JudgeListeners], Check]:
    """Make a check from a function that judges all listeners together. See :func:`certificate_check`."""

    def make(judge: JudgeListeners) -> Check:
        def judge_all(fleet: FleetFacts, options: Options, now: int) -> Found:
            return () if fleet.listeners is None else judge(fleet.listeners, fleet, options, now)

        return _make(judge, judge_all, title, severity, {**_ABOUT_LISTENERS, "compares": True, **about})

    return make


def endpoint_check(title: str, severity: str, **about: Any) -> Callable[[JudgeEndpoint], Check]:
    """Make a check from a function that judges what one endpoint serves. See :func:`certificate_check`.

    Only with ``unreached=True`` it is called for endpoints with which no handshake was completed, because nothing else
    is known about them.
    """

    def make(judge: JudgeEndpoint) -> Check:
        def judge_all(fleet: FleetFacts, options: Options, now: int) -> Iterator[tuple[Subject, Problem | Unknown]]:
            if fleet.endpoints is None:
                return
            for endpoint in fleet.endpoints.items if about.get("unreached") else fleet.endpoints.served:
                verdict = _guarded(judge, endpoint, fleet, options, now)
                if verdict is not None:
                    yield endpoint, verdict

        return _make(judge, judge_all, title, severity, {**_ABOUT_ENDPOINTS, **about})

    return make


_ABOUT_ENDPOINTS = {"topic": "endpoint", "requires": ENDPOINTS}
_ABOUT_LISTENERS = {"topic": "listener", "requires": LISTENERS}


def _make(function: Callable[..., Any], judge: JudgeAll, title: str, severity: str, about: dict[str, Any]) -> Check:
    advise = about.get("advise")
    options, linked = about.get("options", {}), about.get("linked", {})
    return Check(
        id=function.__name__,
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
        requires=about.get("requires", ""),
        compares=about.get("compares", False),
        judge=judge,
        judge_one=about.get("judge_one"),
        advise=advise,
    )


def _guarded(judge: Callable[..., Verdict], *arguments: Any) -> Verdict:
    """Judge by facts, and report unusable ones as undecided: they must not stop the audit of the others."""
    try:
        return judge(*arguments)
    except Exception as error:  # noqa: BLE001 (facts come from outside, and may be anything)
        return Unknown(f"its facts cannot be used: {type(error).__name__}: {error}")
