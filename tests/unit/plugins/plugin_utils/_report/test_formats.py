# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.formats import FORMATS, report
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import hostile_audit

ALL = "csv, endpoints, html, json, junit, markdown, overview, prometheus, sarif, table"


def test_there_are_these_formats() -> None:
    assert ", ".join(FORMATS) == ALL


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reports_the_same_of_an_audit_that_was_read_back(name: str) -> None:
    assert report(hostile_audit(), name) == report(
        json.loads(json.dumps(hostile_audit())), name, title=None, template=None, limit=None
    )


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reports_changes_that_it_does_not_know(name: str) -> None:
    audit = hostile_audit()
    audit["summary"]["changes"]["not_checked"] = 2
    for finding in audit["findings"][:2]:
        finding["change"] = "not_checked"
    assert audit["findings"][0]["fingerprint"] in report(audit, name) or name not in ("csv", "json", "sarif", "html")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_text_ends_with_one_line_end(name: str) -> None:
    text = report(hostile_audit(), name)
    assert text.rstrip() + ("\r\n" if name == "csv" else "\n") == text


@pytest.mark.parametrize("name", ["html", "junit", "markdown", "table"])
def test_the_title_can_be_set(name: str) -> None:
    assert "SSL certificate compliance" in report(hostile_audit(), name)
    text = report(hostile_audit(), name, title="Our certificates")
    assert "Our certificates" in text
    assert "SSL certificate compliance" not in text


@pytest.mark.parametrize("name", ["csv", "json", "prometheus", "sarif"])
def test_formats_without_title_and_limit_take_no_notice_of_them(name: str) -> None:
    assert report(hostile_audit(), name, title="t", limit=1) == report(hostile_audit(), name)


@pytest.mark.parametrize("name", ["markdown", "table"])
def test_findings_can_be_limited(name: str) -> None:
    assert "8 more are not shown" in report(hostile_audit(), name, limit=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"name": "jsn"},
            f"format: unknown 'jsn'. Did you mean json? Valid values: {ALL}.",
        ),
        (
            {"name": None},
            f"format: unknown None. Valid values: {ALL}.",
        ),
        (
            {"name": "csv", "template": "x.j2"},
            "template: csv does not use templates. Leave it out, or use the format html.",
        ),
        ({"name": "table", "limit": -1}, "limit: -1 is not a valid number. Give 0 or more."),
        ({"name": "table", "limit": "5"}, "limit: '5' is not a valid number. Give 0 or more."),
        ({"name": "table", "limit": True}, "limit: True is not a valid number. Give 0 or more."),
    ],
)
def test_what_is_not_possible_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as failed:
        report(hostile_audit(), **options)
    assert str(failed.value) == message


def test_html_gets_the_template_of_the_user(tmp_path: Any) -> None:
    template = tmp_path / "own.j2"
    template.write_text("{{ title }}: {{ audit.summary.certificates }}")
    assert report(hostile_audit(), "html", template=str(template)) == "SSL certificate compliance: 6"
