# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JUnit XML: one test suite per check, one test case per certificate, listener, load balancer or endpoint."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from ...module_utils._certificates.times import iso8601
from .._audit.registry import CATALOGUE
from .._audit.schema import GONE, Audit, Finding
from .audits import is_on, not_checked, timestamp_of, waiver_text
from .sanitize import visible
from .subjects import ListenerNames, SubjectKey, endpoint_subject, subject_key

#: Topics of checks that are about neither certificates nor listeners. Their suites have one test case per finding, or a
#: single one that passes.
_OTHER_TOPICS = ("domain", "listing", "waiver")
#: The check about load balancers.
_OF_BALANCERS = "listener_sni_quota"

_Findings = dict[SubjectKey, list[Finding]]
#: Keys with unique names.
_Subjects = list[tuple[SubjectKey, str]]


def render(audit: Audit, *, title: str) -> str:
    """Render a test suite for each check that is on.

    A finding is a failure. An undecided check is an error, because it is not passed. A waived finding is skipped, with
    its reason. So is a check that did not run. A finding of the baseline that is gone is left out.
    """
    by_check: dict[str, _Findings] = {check: {} for check in audit["policy"]["checks"] if is_on(audit, check)}
    for finding in audit["findings"]:
        if finding["status"] not in GONE:
            by_check.setdefault(finding["check"], {}).setdefault(subject_key(finding), []).append(finding)
    names, subjects = ListenerNames(audit), _Judged(audit)
    skipped = not_checked(audit)
    timestamp = str(iso8601(timestamp_of(audit))).rstrip("Z")  # JUnit's schema does not allow time zones
    root = ET.Element("testsuites", name=visible(title), time="0")
    for check, found in by_check.items():
        suite = ET.SubElement(root, "testsuite", name=visible(check), time="0", timestamp=timestamp)
        for name, findings in _cases([] if check in skipped else subjects.of(check), found, names):
            case = ET.SubElement(suite, "testcase", name=name, classname=visible(check), time="0")
            if check in skipped and not findings:
                message = f"It did not run: it needs {skipped[check]}, which this audit was not given."
                ET.SubElement(case, "skipped", message=message)
            if findings:
                _add_verdict(case, findings)
        _add_counts(suite)
    _add_counts(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


class _Judged:
    """What the checks of an audit judge, each with a unique name."""

    def __init__(self, audit: Audit) -> None:
        names, listeners = ListenerNames(audit), audit.get("listeners")
        self._has_listeners, self._has_endpoints = listeners is not None, audit.get("endpoints") is not None
        self._certificates = _named(audit["certificates"], names)
        self._listeners = _named(listeners or (), names)
        balancers = [{**listener, "listener_id": None} for listener in listeners or ()]
        self._balancers = _named({subject_key(item): item for item in balancers}.values(), names)

        self._endpoints = _named(map(endpoint_subject, audit.get("endpoints") or ()), names)

    def of(self, check: str) -> _Subjects:
        """Return what a check judges. Checks of other versions judge certificates."""
        topic = CATALOGUE[check].topic if check in CATALOGUE else ""
        if topic in _OTHER_TOPICS:
            return []
        if topic == "listener" and self._has_listeners:
            return self._balancers if check == _OF_BALANCERS else self._listeners
        if topic == "endpoint" and self._has_endpoints:
            return self._endpoints
        return self._certificates


def _named(items: Iterable[Mapping[str, Any]], names: ListenerNames) -> _Subjects:
    items = list(items)
    return list(zip(map(subject_key, items), _unique(map(names.label, items))))


def _unique(names: Iterable[str]) -> Iterator[str]:
    """Number names that occur more than once."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name} #{seen[name]}" if seen[name] > 1 else name


def _cases(judged: _Subjects, found: _Findings, names: ListenerNames) -> Iterator[tuple[str, list[Finding]]]:
    """Yield the test cases of a suite: what is judged, then the findings about anything else."""
    for key, name in judged:
        yield name, found.get(key, [])
    known = {key for key, _name in judged}
    others = [finding for key, findings in found.items() if key not in known for finding in findings]
    yield from ((name, [finding]) for finding, name in zip(others, _unique(map(names.label, others))))
    if not judged and not others:
        yield "all", []


def _add_verdict(case: ET.Element, findings: list[Finding]) -> None:
    """Add a failure, else an error, else a skip. Findings of the other kinds, which are rare, are left out."""
    counted = [finding for finding in findings if not finding["waived"]]
    failed = [finding for finding in counted if finding["status"] == "fail"]
    name, shown = ("failure", failed) if failed else ("error", counted) if counted else ("skipped", findings)
    message = " ".join(finding["detail"] for finding in shown) if counted else waiver_text(shown[0])
    verdict = ET.SubElement(case, name, message=visible(message), type=shown[0]["severity"])
    verdict.text = "\n".join(line for finding in shown for line in _lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding['severity']}: {visible(finding['title'])}"
    yield visible(finding["detail"])
    yield f"Evidence: {visible(json.dumps(finding['evidence']))}"
    yield f"Remediation: {visible(finding['remediation'])}"
    if finding["waived"]:
        yield f"Waived: {visible(waiver_text(finding))}"


def _add_counts(suite: ET.Element) -> None:
    for attribute, path in (
        ("tests", ".//testcase"),
        ("failures", ".//failure"),
        ("errors", ".//error"),
        ("skipped", ".//skipped"),
    ):
        suite.set(attribute, str(len(suite.findall(path))))
