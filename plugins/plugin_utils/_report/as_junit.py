# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JUnit XML: one test suite a check, one test case a certificate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from ...module_utils._certificates.times import iso8601
from .._audit.baseline import GONE
from .audits import Audit, Finding, is_on, label, moment_of, place, waiver_text
from .sanitize import visible

#: Checks that do not judge single certificates: their suites have a test case a finding, or one that passes.
NOT_OF_CERTIFICATES = ("cert_domain_uncovered", "listing_incomplete", "waiver_expired", "waiver_unused")

_Place = tuple[Any, ...]
_Verdicts = dict[_Place, list[Finding]]


def render(audit: Audit, *, title: str) -> str:
    """A suite for each check that is on.

    A finding is a failure. What cannot be decided is an error: the check came to no verdict, so it is not passed
    either. A waived finding is skipped, with its reason; one that is gone since a baseline is left out.
    """
    verdicts: dict[str, _Verdicts] = {check: {} for check in audit["policy"]["checks"] if is_on(audit, check)}
    for finding in audit["findings"]:
        if finding["status"] not in GONE:
            verdicts.setdefault(finding["check"], {}).setdefault(_place(finding), []).append(finding)
    certificates = list(_names(audit))
    timestamp = str(iso8601(moment_of(audit))).rstrip("Z")  # the schema of JUnit's reports has no zones
    root = ET.Element("testsuites", name=visible(title), time="0")
    for check, found in verdicts.items():
        suite = ET.SubElement(root, "testsuite", name=visible(check), time="0", timestamp=timestamp)
        judged = [] if check in NOT_OF_CERTIFICATES else certificates
        for name, findings in _cases(judged, found):
            case = ET.SubElement(suite, "testcase", name=name, classname=visible(check), time="0")
            if findings:
                _add_verdict(case, findings)
        _add_counts(suite)
    _add_counts(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _names(audit: Audit) -> Iterator[tuple[_Place, str]]:
    """Certificates by place, with a name for each that no other one has."""
    certificates = audit["certificates"]
    yield from zip(map(_place, certificates), _told_apart(map(label, certificates)))


def _place(item: Mapping[str, Any]) -> _Place:
    """What a certificate and the findings about it have in common."""
    return (*place(item), None if item["ssl_id"] else item["ssl_name"])


def _told_apart(names: Iterable[str]) -> Iterator[str]:
    """Names of which no two are the same."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name} #{seen[name]}" if seen[name] > 1 else name


def _cases(certificates: list[tuple[_Place, str]], found: _Verdicts) -> Iterator[tuple[str, list[Finding]]]:
    """Test cases of a suite, by name: the certificates, and then what is found about anything else."""
    for where, name in certificates:
        yield name, found.get(where, [])
    known = {where for where, _name in certificates}
    others = [finding for where, findings in found.items() if where not in known for finding in findings]
    yield from ((name, [finding]) for finding, name in zip(others, _told_apart(map(label, others))))
    if not certificates and not others:
        yield "all", []


def _add_verdict(case: ET.Element, findings: list[Finding]) -> None:
    """The worst that is found decides; what is of another kind, which a check rarely has, is left out."""
    counted = [finding for finding in findings if not finding["waived"]]
    failed = [finding for finding in counted if finding["status"] == "fail"]
    name, told = ("failure", failed) if failed else ("error", counted) if counted else ("skipped", findings)
    said = " ".join(finding["detail"] for finding in told) if counted else waiver_text(told[0])
    verdict = ET.SubElement(case, name, message=visible(said), type=told[0]["severity"])
    verdict.text = "\n".join(line for finding in told for line in _lines(finding))


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
