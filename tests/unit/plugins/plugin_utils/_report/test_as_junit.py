# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report import as_junit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_junit import render
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    EXPIRED,
    SHOWN,
    UNREADABLE,
    WAIVED,
    hostile_audit,
    plain_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import HTTP, HTTPS, ODD, TCP, listeners_audit

WHERE = "cn-bj2, org-a"


def read(audit: Any) -> JUnitXml:
    return JUnitXml.fromstring(render(audit, title=SHOWN).encode())


def suite_of(report: JUnitXml, check: str) -> TestSuite:
    (suite,) = (suite for suite in report if suite.name == check)
    return suite


def case_of(report: JUnitXml, check: str, ssl_id: str) -> TestCase:
    (case,) = (case for case in suite_of(report, check) if f"({ssl_id}, " in case.name)
    return case


@pytest.fixture(scope="module")
def hostile() -> JUnitXml:
    return read(hostile_audit())


def test_there_is_a_suite_for_each_check_that_is_on(hostile: JUnitXml) -> None:
    rules = hostile_audit()["policy"]["checks"]
    assert [suite.name for suite in hostile] == [check for check, rule in rules.items() if rule["enabled"]]
    assert "cert_internal_name" not in [suite.name for suite in hostile]


def test_a_suite_has_a_case_a_certificate(hostile: JUnitXml) -> None:
    suite = suite_of(hostile, "cert_wildcard")
    assert [case.name for case in suite] == [
        "all", "all #2", f"{SHOWN} ({EXPIRED}, {WHERE})", f"good (ssl-good, {WHERE})", f"=1+1 ({UNREADABLE}, {WHERE})",
        f"waived ({WAIVED}, {WHERE})",
    ]  # fmt: skip
    assert {case.classname for case in suite} == {"cert_wildcard"}
    assert suite.timestamp == "2026-11-24T00:00:00"


def test_counts_are_right(hostile: JUnitXml) -> None:
    summary = hostile_audit()["summary"]
    assert hostile.name == SHOWN
    assert (hostile.failures, hostile.errors, hostile.skipped) == (
        summary["findings"],
        summary["unknown"],
        1 + len(summary["not_checked"]),
    )
    assert hostile.tests == sum(suite.tests for suite in hostile)
    wildcard = suite_of(hostile, "cert_wildcard")
    assert (wildcard.tests, wildcard.failures, wildcard.errors, wildcard.skipped) == (6, 1, 1, 0)


def test_a_finding_is_a_failure_with_its_numbers(hostile: JUnitXml) -> None:
    (verdict,) = case_of(hostile, "cert_expired", EXPIRED).result
    assert isinstance(verdict, Failure)
    assert (verdict.type, verdict.message) == ("critical", "It expired 2.5 days ago, at 2026-11-21T12:00:00Z.")
    assert verdict.text == (
        "critical: Certificate has expired\n"
        "It expired 2.5 days ago, at 2026-11-21T12:00:00Z.\n"
        'Evidence: {"not_after": "2026-11-21T12:00:00Z", "days_since_expiry": 2.5}\n'
        "Remediation: Upload a renewed certificate, bind it to the listeners, and then delete this one."
    )


def test_what_cannot_be_decided_is_an_error(hostile: JUnitXml) -> None:
    (verdict,) = case_of(hostile, "cert_expired", UNREADABLE).result
    assert isinstance(verdict, Error)
    assert (verdict.type, verdict.message) == ("low", "Undecided: its expiry is not known.")


def test_what_is_waived_is_skipped_with_the_reason(hostile: JUnitXml) -> None:
    (verdict,) = case_of(hostile, "cert_self_signed", WAIVED).result
    assert isinstance(verdict, Skipped)
    assert verdict.message == f"{SHOWN} (until 2027-01-31T23:59:59Z)"
    assert verdict.text.splitlines()[-1] == f"Waived: {SHOWN} (until 2027-01-31T23:59:59Z)"


def test_hostile_text_is_text(hostile: JUnitXml) -> None:
    (verdict,) = case_of(hostile, "cert_unparseable", UNREADABLE).result
    assert verdict.message == f"{SHOWN}."
    assert verdict.text.splitlines()[:2] == ["medium: Certificate cannot be read", f"{SHOWN}."]


def test_what_is_about_no_certificate_is_a_case_of_its_own(hostile: JUnitXml) -> None:
    (case,) = suite_of(hostile, "waiver_expired")
    assert case.name == f"*, name {SHOWN}, until 2026-01-31"
    assert [type(verdict) for verdict in case.result] == [Failure]


def test_no_two_cases_of_a_suite_have_the_same_name() -> None:
    audit = hostile_audit()
    (finding,) = (item for item in audit["findings"] if item["check"] == "waiver_expired")
    audit["findings"] = [finding | {"about": about} for about in ("a", "a", "b\u200b", "b\u200d")]
    suite = suite_of(read(audit), "waiver_expired")
    assert [case.name for case in suite] == ["a", "a #2", "b\ufffd", "b\ufffd #2"]
    assert [len(case.result) for case in suite] == [1] * 4


def test_certificates_without_id_have_their_own_cases() -> None:
    audit = plain_audit()
    (good,) = audit["certificates"]
    audit["certificates"] = [good | {"ssl_id": None, "ssl_name": name} for name in ("a", "b")]
    audit["findings"] = [
        hostile_audit()["findings"][0] | {"ssl_id": None, "ssl_name": "b", "region": "cn-bj2", "project_id": "org-a"}
    ]
    suite = suite_of(read(audit), "cert_expired")
    assert [(case.name, len(case.result)) for case in suite] == [(f"a ({WHERE})", 0), (f"b ({WHERE})", 1)]


def test_suites_that_judge_no_certificate_pass_with_one_case(hostile: JUnitXml) -> None:
    of_none = ["cert_domain_uncovered", "listing_incomplete", "waiver_expired", "waiver_unused"]
    assert {CATALOGUE[check].topic for check in of_none} == {"domain", "listing", "waiver"}
    assert [(case.name, case.result) for case in suite_of(hostile, "listing_incomplete")] == [("all", [])]


def test_a_suite_about_listeners_has_a_case_a_listener() -> None:
    cases = [*suite_of(read(listeners_audit()), "listener_without_default")]
    assert [case.name for case in cases] == [
        f"shop → https-443 ({HTTPS}, {WHERE})", f"shop → http-80 ({HTTP}, {WHERE})",
        f"{SHOWN} → {SHOWN} ({ODD}, {WHERE})", f"mail → {TCP} ({TCP}, {WHERE})",
        f"{SHOWN} ({EXPIRED}, {WHERE})",
    ]  # fmt: skip
    # The last one is about the listener of a certificate.
    assert [len(case.result) for case in cases] == [0, 0, 0, 0, 1]


def test_findings_about_a_listener_are_verdicts_of_its_case() -> None:
    audit = listeners_audit()
    for item in audit["findings"]:
        if item["fingerprint"].startswith("host"):
            item["check"] = "listener_without_default"
    suite = suite_of(read(audit), "listener_without_default")
    verdicts = [case.result for case in suite]
    assert [len(verdict) for verdict in verdicts] == [1, 0, 0, 0, 1]
    assert verdicts[0][0].message == "Detail of listener_host_uncovered. Detail of listener_host_uncovered."


def test_a_check_that_did_not_run_is_skipped() -> None:
    audit = plain_audit()
    assert "listener_tls_version" in audit["summary"]["not_checked"]
    (case,) = suite_of(read(audit), "listener_tls_version")
    assert case.name == "all"
    assert [(type(item), item.message) for item in case.result] == [
        (Skipped, "It did not run: it needs listeners, which this audit was not given.")
    ]


def test_what_is_gone_since_a_baseline_is_left_out(hostile: JUnitXml) -> None:
    gone = {item["status"] for item in hostile_audit()["findings"]} - {"fail", "unknown"}
    assert gone == {"fixed", "superseded", "not_comparable"}
    assert {item["status"] for item in hostile_audit()["findings"] if item["ssl_id"] == "ssl-renewed"} == {"fixed"}
    assert not [case for suite in hostile for case in suite if "ssl-renewed" in case.name]
    assert all(case.is_passed for case in suite_of(hostile, "cert_expiring_critical") if UNREADABLE not in case.name)


def test_an_audit_without_findings_passes() -> None:
    report = read(plain_audit())
    assert (report.tests, report.failures, report.errors, report.skipped) == (
        len(list(report)),
        0,
        0,
        len(plain_audit()["summary"]["not_checked"]),
    )


def test_an_audit_without_certificates_has_a_case_a_suite() -> None:
    audit = plain_audit()
    audit["certificates"] = []
    assert {tuple(case.name for case in suite) for suite in read(audit)} == {("all",)}


def test_several_findings_of_a_certificate_are_one_case_and_the_worst_decides() -> None:
    audit = plain_audit()
    finding = hostile_audit()["findings"][0] | {"ssl_id": "ssl-good"}
    audit["findings"] = [
        finding | {"detail": "A."},
        finding | {"detail": "B."},
        finding | {"status": "unknown", "detail": "C."},
        finding | {"waived": True, "detail": "D."},
    ]
    (verdict,) = case_of(read(audit), "cert_expired", "ssl-good").result
    assert isinstance(verdict, Failure)
    assert verdict.message == "A. B."


def test_a_check_that_is_not_known_has_a_suite() -> None:
    audit = plain_audit()
    audit["findings"] = [hostile_audit()["findings"][0] | {"check": "check of tomorrow"}]
    assert len(suite_of(read(audit), "check of tomorrow")) == 2


def test_the_file_has_no_character_that_xml_forbids() -> None:
    text = render(hostile_audit(), title=SHOWN)
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<testsuites ')
    assert not re.search("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)


def test_a_suite_about_endpoints_has_a_case_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    check = "endpoint_unreachable"
    known = dataclasses.replace(CATALOGUE["listener_tls_version"], id=check, topic="endpoint")
    monkeypatch.setattr(as_junit, "CATALOGUE", {check: known})
    audit = endpoints_audit()
    audit["policy"]["checks"] = {check: {"enabled": True}}
    cases = [*suite_of(read(audit), check)]
    assert [case.name for case in cases[:4]] == [
        f"203.0.113.7:443 www.example.com (shop → https-443, {WHERE})",
        f"[2001:db8::7]:443 www.example.com (shop → https-443, {WHERE})",
        f"203.0.113.7:443 old.example.com (shop → https-443, {WHERE})",
        "198.51.100.9:8443",
    ]
    assert [[type(item) for item in case.result] for case in cases[:4]] == [[], [], [Skipped], []]
