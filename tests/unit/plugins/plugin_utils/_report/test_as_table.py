# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from wcwidth import wcswidth

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_table import WIDTH, lines, render
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.audits import not_checked_text, read_audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.language import speaking
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.sanitize import columns, fit
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    SHOWN,
    UNREADABLE,
    WAIVED,
    hostile_audit,
    plain_audit,
    unread_audit,
    waived_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import listeners_audit

#: The number of undecided checks, all about one certificate.
UNDECIDED = hostile_audit()["summary"]["unknown"]
#: The sentence of an audit without listeners, in which no check of listeners ran.
NOT_RUN = not_checked_text(plain_audit())


def test_the_worst_comes_first_and_columns_are_aligned() -> None:
    shown = lines(hostile_audit(), "Certificates")
    name = "ssl-expired =cmd|'/C calc'!A0 <sc…"
    changes = hostile_audit()["summary"]["changes"]
    assert shown[:7] == [
        "Certificates at 2026-11-24T00:00:00Z",
        "1 of 6 certificates are compliant, 1 waived, 4 not compliant",
        "Scope: Listing: complete; Listed: 6 of 6",
        (
            f"Findings: 1 critical, 1 high, 3 medium, 3 low, {UNDECIDED} unknown, 1 waived, {changes['new']} new,"
            f" {changes['fixed']} fixed, {changes['superseded']} superseded, {changes['not_comparable']} not comparable"
        ),
        NOT_RUN,
        "",
        "SEVERITY  CERTIFICATE                         REGION  CHECK                     DETAIL",
    ]
    assert shown[7] == f"critical  {name}  cn-bj2  {'cert_expired':24}  It expired 2.5 days ago, at…"
    assert len(shown) == 7 + hostile_audit()["summary"]["findings"] + 1


def test_what_cannot_be_decided_of_a_certificate_is_one_line() -> None:
    checks = f"{UNDECIDED} checks"
    assert [line for line in lines(hostile_audit(), "t") if f"  {checks}  " in line] == [
        f"medium    {'ssl-unreadable =1+1':34}  cn-bj2  {checks:24}  Undecided: the certificate cannot be…"
    ]


def test_what_is_about_no_certificate_has_what_it_is_about() -> None:
    (line,) = (line for line in lines(hostile_audit(), "t") if "waiver_expired" in line)
    assert line.startswith("medium    *, name =cmd|'/C calc'!A0 <script…          waiver_expired  ")


def test_what_is_about_a_listener_has_its_names_and_what_else_it_is_about() -> None:
    shown = lines(listeners_audit(), "t")
    assert shown[1].endswith("4 not compliant; 1 of 4 listeners are compliant, 1 waived, 2 not compliant")
    assert [line[10:44].rstrip() for line in shown if "Detail of" in line] == [
        "shop → https-443",
        "www.example.com, shop → https-443",
        "=cmd|'/C calc'!A0 <script>alert(1…",
        "shop",
    ]
    assert any(line.startswith("SEVERITY  CERTIFICATE OR LISTENER ") for line in shown)
    (undecided,) = (line for line in shown if "  2 checks  " in line)
    assert undecided.startswith("medium    =cmd|'/C calc'!A0 <script>alert(1…")


def test_checks_that_did_not_run_are_counted_in_sentences() -> None:
    audit = plain_audit()
    audit["summary"]["not_checked"] = ["listener_tls_version", "binding_drift", "cert_untrusted", "a"]
    assert "\n".join(lines(audit, "t")[4:]).replace("\n ", "") == (
        "4 checks did not run: they need listeners, verified trust and other facts, which this audit was not given."
    )
    audit["summary"]["not_checked"] = ["cert_revoked"]
    assert lines(audit, "t")[4] == "1 check did not run: it needs endpoints, which this audit was not given."
    audit["endpoints"] = []
    assert lines(audit, "t")[4] == (
        "1 check did not run: it needs the revocation status of endpoints, which this audit was not given."
    )


def test_no_line_is_too_wide_or_has_what_cannot_be_seen() -> None:
    audit = hostile_audit()
    for finding in audit["findings"]:
        finding["ssl_name"] = "证书" * 40
        finding["detail"] = SHOWN
    for line in lines(audit, SHOWN):
        assert line.isprintable()
        assert wcswidth(line) <= WIDTH
        assert line == line.rstrip()


def test_wide_characters_do_not_shift_what_comes_after_them() -> None:
    audit = hostile_audit()
    audit["findings"] = audit["findings"][:3]
    for finding, name in zip(audit["findings"], ("证书", "a\u0301b", "한글テスト"), strict=True):
        finding["ssl_name"] = name
    body = lines(audit, "t")[7:]
    assert len({wcswidth(line[: re.search(r"cert_", line).start()]) for line in body}) == 1  # type: ignore[union-attr]


def test_lines_are_limited() -> None:
    shown = lines(hostile_audit(), "t", 1)
    assert [line[:8] for line in shown[6:]] == ["SEVERITY", "critical", "8 more a"]
    assert shown[7].endswith("…  cn-bj2  cert_expired  It expired 2.5 days ago, at 2026-11-21T12:00:00Z.")
    assert shown[8] == "8 more are not shown"


def test_numbers_that_are_too_many_for_a_line_are_two() -> None:
    audit = hostile_audit()
    by_status = {"compliant": 50_000, "waived": 1_000, "not_compliant": 49_000}
    audit["summary"] |= {"certificates": 100_000, "by_status": by_status, "unknown": 200_000, "waived": 10_000}
    audit["summary"]["changes"] = {"new": 40_000, "unchanged": 10_000, "fixed": 20_000, "not_checked": 30_000}
    del audit["scope"]
    assert lines(read_audit(audit), "t")[1:6] == [
        "50000 of 100000 certificates are compliant, 1000 waived, 49000 not compliant",
        (
            "Findings: 1 critical, 1 high, 3 medium, 3 low, 200000 unknown, 10000 waived, 40000 new, 20000 fixed,"
            " 30000 not checked"
        ),
        NOT_RUN,
        "",
        "SEVERITY  CERTIFICATE                         REGION  CHECK                     DETAIL",
    ]


def test_an_audit_without_findings_is_five_lines() -> None:
    assert render(plain_audit(), title="t") == (
        "t at 2026-11-24T00:00:00Z\n"
        "1 of 1 certificates are compliant\n"
        "Scope: Listing: complete; Listed: 1 of 1\n"
        "Findings: 0 critical, 0 high, 0 medium, 0 low, 0 unknown, 0 waived\n"
        f"{NOT_RUN}\n"
    )


def test_what_is_waived_is_not_compliant_and_is_not_listed() -> None:
    shown = lines(waived_audit(), "t")
    assert shown[1] == "1 of 3 certificates are compliant, 1 waived, 1 not compliant"
    assert "1 waived" in shown[3]
    assert not [line for line in shown[4:] if WAIVED in line]


def test_a_certificate_of_which_nothing_is_known_is_not_compliant() -> None:
    shown = lines(unread_audit(), "t")
    assert shown[1] == "0 of 1 certificates are compliant, 1 not compliant"
    assert [line.split()[:2] for line in shown[7:]] == [["medium", UNREADABLE]]


def test_warnings_come_before_the_findings() -> None:
    audit = plain_audit()
    audit["warnings"] = [f"It is odd. {'x' * 30} {'y' * 90}", "So is this."]
    assert lines(audit, "t")[4:] == [
        NOT_RUN, f"Warning: It is odd. {'x' * 30}", f"  {'y' * 90}", "Warning: So is this.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("abc", "abc  "),
        ("abcde", "abcde"),
        ("abcdef", "abcd…"),
        ("abc def", "abc… "),
        ("证书", "证书 "),
        ("证书a", "证书a"),
        ("证书书", "证书…"),
        ("a证书", "a证书"),
        ("a证书书", "a证… "),
        ("e\u0301e\u0301", "e\u0301e\u0301   "),
        ("", "     "),
    ],
)
def test_text_fits_a_column(text: str, fitted: str) -> None:
    assert fit(text, 5) == fitted
    assert wcswidth(fitted) == 5


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("It expired 2.5 days ago", "It expired 2.5…  "),
        ("It expired 2.5 days", "It expired 2.5…  "),
        ("It expired 2.5 dy", "It expired 2.5 dy"),
        ("It expired 2.5 d ago", "It expired 2.5 d…"),
        ("a b ccccccccccccccccc", "a b cccccccccccc…"),
        # Chinese has no spaces between words.
        ("证书证书 证书证书 证书证书", "证书证书 证书证… "),
    ],
)
def test_a_sentence_ends_with_a_whole_word(text: str, fitted: str) -> None:
    assert fit(text, 17, at_word=True) == fitted
    assert wcswidth(fitted) == 17


def test_the_scope_is_told() -> None:
    audit = plain_audit()
    audit["scope"] = {
        "endpoint": "api.ucloud.cn", "public_key": "4eZf…9aQ2", "regions": ["cn-bj2", "hk"], "project_ids": [],
        "selection": {"names": ["a\u202e", "b"], "bound": True}, "complete": False, "certificates": 1, "total": None,
    }  # fmt: skip
    assert lines(audit, "t")[2:4] == [
        "Scope: Endpoint: api.ucloud.cn; Account: 4eZf…9aQ2; Regions: cn-bj2, hk; Projects: the default one;",
        "  Selection: names: a\ufffd, b; bound: true; Listing: not complete",
    ]


def test_the_head_breaks_between_its_parts_and_within_one_only_if_it_is_longer_than_a_line() -> None:
    audit = endpoints_audit()
    audit["scope"] = {
        "endpoint": "api.ucloud-global.com", "public_key": "4eZf…9aQ2", "regions": ["all"],
        "project_ids": [f"org-{number:010}" for number in range(8)], "selection": {}, "complete": True,
    }  # fmt: skip
    assert lines(audit, "t")[1:6] == [
        (
            "1 of 6 certificates are compliant, 1 waived, 4 not compliant;"
            " 1 of 4 listeners are compliant, 1 waived, 2 not compliant;"
        ),
        "  2 of 5 endpoints are compliant, 1 waived, 2 not compliant",
        "Scope: Endpoint: api.ucloud-global.com; Account: 4eZf…9aQ2; Regions: all;",
        "  Projects: org-0000000000, org-0000000001, org-0000000002, org-0000000003, org-0000000004, org-0000000005,",
        "  org-0000000006, org-0000000007; Selection: all certificates; Listing: complete",
    ]
    audit["scope"] |= {"project_ids": ["org-3"], "regions": ["cn-bj2", "cn-sh2", "hk"], "certificates": 6, "total": 6}
    with speaking("zh-CN"):
        assert lines(audit, "t")[3:5] == [
            (
                "范围：API 地址：api.ucloud-global.com；账号：4eZf…9aQ2；地域：cn-bj2、cn-sh2、hk；项目：org-3；"
                "筛选条件：全部证书；"
            ),
            "  列表：完整；已列出：6 / 6",
        ]


@pytest.mark.parametrize("text", ["ascii", "证书", "e\u0301", "한글", "ｗｉｄｅ", "…", "😀", "العربية", "\ufffd", "ß"])
def test_widths_are_those_of_terminals(text: str) -> None:
    assert columns(text) == wcswidth(text)


def test_what_is_about_an_endpoint_has_its_listener_and_the_endpoint() -> None:
    text = render(endpoints_audit(), title="Endpoints")
    assert "2 of 5 endpoints are compliant, 1 waived, 2 not compliant" in " ".join(text.split())
    assert "CERTIFICATE, LISTENER OR ENDPOINT" in text
    assert "[2001:db8::7]:443 www.example.com…  cn-bj2" in text
