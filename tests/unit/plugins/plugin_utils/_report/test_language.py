# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The languages of reports: catalogues are complete, and nothing but data stays English."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report import language
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_html import _SCRIPT_TEXTS
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.formats import report
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.sanitize import columns, wrapped
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts, texts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import hostile_audit

CHINESE = "zh-CN"
#: Dates have the name of the month in English, and its number in Chinese.
_MONTHS = ("{day} {month} {year}, {time} UTC", "{day} {month}", "{month} {year}")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@cache
def expired() -> Any:
    certificate = audit_facts.with_dates(NOW - 100 * DAY, NOW - 2 * DAY, name="legacy")
    return audit_facts.audit(audit_facts.listing(certificate))


@pytest.mark.parametrize("name", language.LANGUAGES[1:])
def test_catalogues_have_the_texts_of_the_code_and_no_others(name: str) -> None:
    catalogue, extracted = language.catalogue(name), texts.extracted()

    missing = {text: "" for text in extracted if text not in catalogue}
    assert not missing, f"translate these: {json.dumps(missing, indent=2)}"
    assert not catalogue.keys() - set(extracted), "remove these: no text of the code is the same"


@pytest.mark.parametrize("name", language.LANGUAGES[1:])
def test_translations_have_the_placeholders_and_code_of_the_text(name: str) -> None:
    for text, translation in language.catalogue(name).items():
        assert translation or text == " ", text
        assert placeholders(text) == placeholders(translation) or text in _MONTHS, text
        assert set(re.findall("``[^`]*``", text)) == set(re.findall("``[^`]*``", translation)), text


@pytest.mark.parametrize("name", language.LANGUAGES[1:])
def test_each_text_is_translated_once(name: str) -> None:
    source = (Path(language.__file__).parent / "languages" / f"{name}.json").read_text(encoding="utf-8")
    keys = [key for key, _translation in json.loads(source, object_pairs_hook=list)]

    assert len(keys) == len(set(keys))


def test_the_texts_of_the_script_are_those_that_the_page_has() -> None:
    in_english_only = {"{count} entry", "{count} of {total} entry"}

    assert set(texts.of_script()) - in_english_only == set(_SCRIPT_TEXTS)


def test_details_are_said_in_the_language() -> None:
    (finding,) = (item for item in expired()["findings"] if item["check"] == "cert_expired")

    with language.speaking(CHINESE):
        assert language.said(finding, "title") == "证书已过期"
        assert language.said(finding, "detail") == "它已过期 2 天（2026-11-22T00:00:00Z）。"
    assert language.said(finding, "detail") == "It expired 2 days ago, at 2026-11-22T00:00:00Z."


@pytest.mark.parametrize("messages", [None, 7, {}, {"detail": None}, {"detail": []}, {"detail": {"text": ["x"]}}])
def test_details_of_other_versions_stay_english(messages: Any) -> None:
    finding = {"detail": "It has 3 horns.", "messages": messages}

    with language.speaking(CHINESE):
        assert language.said(finding, "detail") == "It has 3 horns."


def test_values_are_never_formats() -> None:
    data = {"text": "It is valid for {names}.", "values": {"names": {"items": ["{names.__class__}", 7], "more": 2}}}

    with language.speaking(CHINESE):
        said = language.said({"detail": "", "messages": {"detail": data}}, "detail")
    assert said == "它适用于 {names.__class__}、7 等，另有 2 个。"


def test_the_language_ends_with_the_report() -> None:
    with pytest.raises(OptionError):
        report(expired(), "table", language="tlh")
    report(expired(), "table", language=CHINESE)

    assert language.current() == language.ENGLISH


@pytest.mark.parametrize("name", ["json", "junit", "prometheus", "sarif"])
def test_what_programs_read_is_the_same_in_all_languages(name: str) -> None:
    assert report(expired(), name, language=CHINESE) == report(expired(), name)


@pytest.mark.parametrize("name", ["csv", "endpoints", "markdown", "overview", "table"])
def test_no_english_words_are_left_besides_ids_and_terms(name: str) -> None:
    text = report(expired(), name, language=CHINESE)

    # In CSV, evidence is data with English keys.
    text = re.sub(r"\{[^}]*\}", "", text)
    words = set(re.findall(r"[A-Za-z]{2,}(?![\w.-]*[_.\d])", re.sub(r"\S*[_\d.]\S*", "", text)))
    assert words <= {
        "ID",
        "SSL",
        "TLS",
        "SNI",
        "legacy",
        "UTC",
        "org",
        "shop",
        "https",
        "alb",
        "API",
        "CA",
        "SCT",
        "frontend",
    }, text


def test_csv_can_begin_with_a_byte_order_mark() -> None:
    assert report(expired(), "csv", bom=True, language=CHINESE).startswith("\ufeff严重程度,状态,")
    assert report(expired(), "csv").startswith("severity,status,")
    with pytest.raises(OptionError):
        report(expired(), "csv", bom="yes")


@pytest.mark.parametrize("name", ["csv", "endpoints", "html", "markdown", "overview", "table"])
def test_hostile_audits_are_reported(name: str) -> None:
    assert report(hostile_audit(), name, language=CHINESE)


def test_lines_of_wide_characters_break_before_the_edge() -> None:
    lines = wrapped("发现项：" + "证书，" * 60, 40, "  ")

    assert len(lines) > 5
    assert all(columns(line) <= 40 for line in lines)
    assert not any(line.lstrip().startswith("，") for line in lines)
    assert "".join(line.strip() for line in lines) == "发现项：" + "证书，" * 60


def test_lines_do_not_break_within_ids() -> None:
    assert wrapped("to cn-sh2", 6, "") == ["to", "cn-sh2"]
    assert wrapped("往 cn-sh2", 10, "") == ["往", "cn-sh2"]


@pytest.mark.parametrize("before", range(12))
def test_lines_do_not_end_with_an_opening_bracket(before: int) -> None:
    text = "证" * before + "已过期（2026-11-24）" * 9

    lines = wrapped(text, 40, "  ")

    assert not any(line.endswith("（") or columns(line) > 40 for line in lines)
    assert "".join(line.strip() for line in lines) == text
