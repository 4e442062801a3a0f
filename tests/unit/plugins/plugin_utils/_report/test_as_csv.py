# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import csv
import io
import json

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_csv import COLUMNS, render
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    HOSTILE,
    NOW_TEXT,
    WAIVED,
    hostile_audit,
    plain_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import (
    HOST,
    HTTPS,
    ODD,
    SHOP,
    STRANGE,
    listeners_audit,
)

SIGNS = ("=", "+", "-", "@", "＝")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def cell_of(value: str) -> str:
    """Return a name as a reader sees it."""
    audit = hostile_audit()
    audit["findings"] = audit["findings"][:1]
    audit["findings"][0]["ssl_name"] = value
    return read(render(audit))[0]["ssl_name"]


def test_there_is_a_row_a_finding_with_everything() -> None:
    audit = hostile_audit()
    rows = read(render(audit))
    assert [row["fingerprint"] for row in rows] == [finding["fingerprint"] for finding in audit["findings"]]
    assert rows[0] | {"ssl_name": "-", "fingerprint": "-"} == {
        "severity": "critical",
        "status": "fail",
        "change": "new",
        "check": "cert_expired",
        "title": "Certificate has expired",
        "ssl_id": "ssl-expired",
        "ssl_name": "-",
        "load_balancer_id": "",
        "load_balancer_name": "",
        "listener_id": "",
        "listener_name": "",
        "endpoint": "",
        "region": "cn-bj2",
        "project_id": "org-a",
        "about": "",
        "detail": "It expired 2.5 days ago, at 2026-11-21T12:00:00Z.",
        "evidence": '{"not_after": "2026-11-21T12:00:00Z", "days_since_expiry": 2.5}',
        "remediation": "Upload a renewed certificate, bind it to the listeners, and then delete this one.",
        "waived": "false",
        "waiver_reason": "",
        "waiver_expires": "",
        "fingerprint": "-",
        "evaluated_at": NOW_TEXT,
    }
    assert [json.loads(row["evidence"]) for row in rows] == [finding["evidence"] for finding in audit["findings"]]


def test_a_waiver_has_its_reason_and_its_end() -> None:
    (row,) = (row for row in read(render(hostile_audit())) if row["waived"] == "true")
    assert row["ssl_id"] == WAIVED
    assert row["waiver_reason"].startswith(f"'{HOSTILE} a\r\nb\tc")
    assert row["waiver_expires"] == "2027-01-31T23:59:59Z"


def test_what_is_gone_says_why() -> None:
    audit = hostile_audit()
    rows = [row for row in read(render(audit)) if row["status"] not in ("fail", "unknown")]
    assert {row["status"] for row in rows} == {"fixed", "superseded", "not_comparable"}
    assert all(row["change"] == row["status"] for row in rows)
    evidence = [json.loads(row["evidence"]) for row in rows if row["status"] == "superseded"]
    assert {item["superseded_by"] for item in evidence} == {"cert_expired"}


def test_a_finding_about_a_listener_has_its_ids_and_names() -> None:
    names = ("load_balancer_id", "load_balancer_name", "listener_id", "listener_name", "ssl_id", "region", "about")
    rows = {row["fingerprint"]: [row[name] for name in names] for row in read(render(listeners_audit()))}
    assert rows["host-1"] == [SHOP, "shop", HTTPS, "https-443", "", "cn-bj2", HOST]
    assert rows["quota"] == [SHOP, "shop", "", "", "", "cn-bj2", SHOP]
    odd = rows[f"listener_tls_version-{ODD}"]
    assert [odd[0], odd[2]] == [STRANGE, ODD]
    assert odd[1] == odd[3]
    assert odd[1].startswith(f"'{HOSTILE} a\r\nb\tc")


def test_an_audit_without_findings_is_a_header() -> None:
    assert render(plain_audit()) == ",".join(COLUMNS) + "\r\n"


def test_lines_end_with_cr_lf() -> None:
    audit = plain_audit()
    audit["findings"] = [dict.fromkeys(COLUMNS) | {"evidence": {}, "waived": False, "waiver": None, "check": "c"}]
    assert render(audit).splitlines(keepends=True)[1] == ",,,c,,,,,,,,,,,,,{},,false,,,,2026-11-24T00:00:00Z\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000@"])
def test_nothing_begins_a_formula(start: str) -> None:
    assert cell_of(f"{start}cmd()") == f"'{start}cmd()"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("a;=cmd()", "a;'=cmd()"),
        ("a;\t  -1", "a;\t'  -1"),
        ('x;"=1+1"', 'x;\'"=1+1"'),
        ('x; ""\u3000" ＝1', 'x;\' ""\u3000" ＝1'),
        ('x\t"@a', "x\t'\"@a"),
        ('x;"a=b"', 'x;"a=b"'),
        ("a\n@b", "a\n'@b"),
        ("a\r\n+b", "a\r\n'+b"),
        ("a=b;c", "a=b;c"),
        ("", ""),
        ('"quoted", and more', '"quoted", and more'),
        ("证书 | `a` <b>", "证书 | `a` <b>"),
        ("\x00\x1b[31m\u202e\ud800", "\ufffd\ufffd[31m\ufffd\ufffd"),
    ],
)
def test_what_could_begin_one_in_some_reader_is_made_safe_and_the_rest_stays(value: str, cell: str) -> None:
    assert cell_of(value) == cell


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("quotes", ["", '"', '""', '"""', '" "', ' "', '";"', '"\t"', '"\n'])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_no_reader_finds_a_formula_whatever_separates_cells_to_it(separator: str, quotes: str, sign: str) -> None:
    audit = hostile_audit()
    value = f'x{separator}{quotes}{sign}1+1"{separator}{quotes}{sign}2'
    audit["findings"] = [finding | {"ssl_name": value, "detail": value} for finding in audit["findings"][:2]]
    cells = [cell for row in csv.reader(io.StringIO(render(audit), newline=""), delimiter=separator) for cell in row]
    assert len(cells) > 3
    assert [cell for cell in cells if cell.strip()[:1] in SIGNS] == []


def test_text_can_be_written_as_utf_8() -> None:
    assert render(hostile_audit()).encode().decode() == render(hostile_audit())


def test_a_finding_about_an_endpoint_has_it_in_a_column_of_its_own() -> None:
    rows = [row for row in read(render(endpoints_audit())) if row["check"] == "endpoint_other_certificate"]
    names = ("endpoint", "listener_id", "listener_name", "ssl_id")
    assert [[row[name] for name in names] for row in rows] == [
        ["[2001:db8::7]:443 www.example.com", HTTPS, "https-443", ""]
    ]
