# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JUnit XML: one test suite per check, one test case per certificate."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from ...module_utils._certificates.times import iso8601
from .._audit.schema import GONE, Audit, Finding
from .audits import is_on, label, timestamp_of, waiver_text
from .grouping import CertificateKey, certificate_key
from .sanitize import visible

#: Checks that are not about certificates. Their suites have one test case per finding, or a single one that passes.
NOT_OF_CERTIFICATES = ("cert_domain_uncovered", "listing_incomplete", "waiver_expired", "waiver_unused")

_Findings = dict[CertificateKey, list[Finding]]


def render(audit: Audit, *, title: str) -> str:
    """Render a test suite for each check that is on.

    A finding is a failure. An undecided check is an error, because it is not passed. A waived finding is skipped, with
    its reason. A finding of the baseline that is gone is left out.
    """
    by_check: dict[str, _Findings] = {check: {} for check in audit["policy"]["checks"] if is_on(audit, check)}
    for finding in audit["findings"]:
        if finding["status"] not in GONE:
            by_check.setdefault(finding["check"], {}).setdefault(certificate_key(finding), []).append(finding)
    certificates = list(_names(audit))
    timestamp = str(iso8601(timestamp_of(audit))).rstrip("Z")  # JUnit's schema does not allow time zones
    root = ET.Element("testsuites", name=visible(title), time="0")
    for check, found in by_check.items():
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


def _names(audit: Audit) -> Iterator[tuple[CertificateKey, str]]:
    """Yield the key of each certificate with a unique name."""
    certificates = audit["certificates"]
    yield from zip(map(certificate_key, certificates), _unique(map(label, certificates)))


def _unique(names: Iterable[str]) -> Iterator[str]:
    """Number names that occur more than once."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name} #{seen[name]}" if seen[name] > 1 else name


def _cases(certificates: list[tuple[CertificateKey, str]], found: _Findings) -> Iterator[tuple[str, list[Finding]]]:
    """Yield the test cases of a suite: the certificates, then the findings about anything else."""
    for key, name in certificates:
        yield name, found.get(key, [])
    known = {key for key, _name in certificates}
    others = [finding for key, findings in found.items() if key not in known for finding in findings]
    yield from ((name, [finding]) for finding, name in zip(others, _unique(map(label, others))))
    if not certificates and not others:
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
