# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_markdown import render
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.inline_markdown import cell, inline
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

#: What a hostile name may be rendered as; anything else would be markup.
HARMLESS = {"text", "code_inline"}

#: The number of undecided checks, all about one certificate.
UNDECIDED = hostile_audit()["summary"]["unknown"]


def parser() -> MarkdownIt:
    """GitHub's dialect, with HTML and automatic links."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": True})


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables, as rows of cells of rendered text."""
    found: list[list[list[str]]] = []
    for token in parser().parse(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and token.level > 3:
            rendered = "".join(child.content for child in token.children or [])
            found[-1][-1].append(rendered.replace("\u200b", ""))
    return found


def inlines(text: str) -> list[Token]:
    return [child for token in parser().parse(text) for child in token.children or []]


def shortened(text: str, length: int) -> str:
    return text[: length - 1].rstrip() + "…"


def test_the_summary_is_a_heading_a_sentence_and_a_table() -> None:
    text = render(hostile_audit(), title="Certificates")
    assert text.startswith(
        "## Certificates\n\n**Worst: critical.**"
        " 1 of 6 certificates are compliant, 1 waived, 4 not compliant at 2026-11-24T00:00:00Z.\n\n"
    )
    changes = {name: str(number) for name, number in hostile_audit()["summary"]["changes"].items()}
    assert tables(text)[0] == [
        ["Critical", "High", "Medium", "Low", "Unknown", "Waived", "New", "Fixed", "Superseded", "Not comparable"],
        ["1", "1", "3", "3", str(UNDECIDED), "1", changes["new"], changes["fixed"], changes["superseded"],
         changes["not_comparable"]],
    ]  # fmt: skip


def test_findings_are_a_table_the_worst_first_with_the_unknown_of_a_certificate_in_one_row() -> None:
    rows = tables(render(hostile_audit(), title="t"))[1]
    name = shortened(SHOWN, 80)
    assert rows[0] == ["Severity", "Certificate", "Where", "Check", "Detail"]
    assert rows[1] == [
        "critical (new)", f"{name} ssl-expired", "org-a / cn-bj2", "cert_expired",
        "It expired 2.5 days ago, at 2026-11-21T12:00:00Z.",
    ]  # fmt: skip
    assert rows[3] == ["medium", "=1+1 ssl-unreadable", "org-a / cn-bj2", "cert_unparseable", shortened(SHOWN, 200)]
    assert rows[5][1:4] == [shortened(f"*, name {SHOWN}", 80), "", "waiver_expired"]
    assert [row for row in rows if "checks" in row[3]] == [
        [
            "medium", "=1+1 ssl-unreadable", "org-a / cn-bj2", f"{UNDECIDED} checks",
            "Undecided: the certificate cannot be read. There are 5 more reasons.",
        ]
    ]  # fmt: skip
    assert len(rows) == 1 + hostile_audit()["summary"]["findings"] + 1


def test_listeners_that_are_not_compliant_are_a_table() -> None:
    text = render(listeners_audit(), title="t")
    _numbers, findings, listeners = tables(text)
    assert findings[0][1] == "Certificate or listener"
    assert [row[1] for row in findings if row[3] == "listener_host_uncovered"] == [
        "shop → https-443 www.example.com",
        f"shop → https-443 {shortened(SHOWN, 80)}",
    ]
    name = shortened(SHOWN, 80)
    assert listeners == [
        ["Worst", "Listener", "Where", "Serves", "TLS", "Findings"],
        [
            "high", "shop → https-443", "org-a / cn-bj2", "HTTPS, 203.0.113.7:443, [2001:db8::7]:443",
            "TLSv1 (security-tls10m)", "3",
        ],
        ["medium", f"{name} → {name}", "org-a / cn-bj2", "HTTPS, :?", "not known", "2"],
    ]  # fmt: skip
    assert "### Load balancers" in text
    assert render(listeners_audit(), title="t", limit=1).endswith("\n\n1 more listeners are not shown.\n")
    assert {token.type for token in inlines(text)} == {"text", "code_inline", "strong_open", "strong_close"}


def test_checks_that_did_not_run_are_counted_in_a_sentence() -> None:
    audit = plain_audit()
    audit["summary"]["not_checked"] = ["listener_tls_version", "binding_drift"]
    text = render(audit, title="t")
    assert "\n\n2 checks did not run: they need listeners, which this audit was not given.\n\n" in text
    assert "Load balancers" not in text


def test_rows_are_limited() -> None:
    text = render(hostile_audit(), title="t", limit=2)
    assert len(tables(text)[1]) == 3
    assert text.endswith("|\n\n7 more are not shown.\n")


def test_twenty_rows_are_shown_unless_more_are_wanted() -> None:
    audit = hostile_audit()
    audit["findings"] = audit["findings"][:1] * 25
    text = render(audit, title="t")
    assert len(tables(text)[1]) == 21
    assert text.endswith("5 more are not shown.\n")
    assert len(tables(render(audit, title="t", limit=25))[1]) == 26


def test_no_rows_are_no_table() -> None:
    text = render(hostile_audit(), title="t", limit=0)
    assert len(tables(text)) == 1
    assert text.endswith("9 more are not shown.\n")


def test_an_audit_without_findings_is_a_summary() -> None:
    text = render(plain_audit(), title="t")
    assert "**Worst: none.** 1 of 1 certificates are compliant" in text
    assert tables(text) == [
        [["Critical", "High", "Medium", "Low", "Unknown", "Waived"], ["0", "0", "0", "0", "0", "0"]]
    ]


def test_warnings_are_said_and_no_markup() -> None:
    audit = plain_audit()
    audit["warnings"] = ["It is odd.", "<b>@all</b>"]
    text = render(audit, title="t")
    assert "**Warning:** It is odd.\n\n**Warning:** `<b>@all</b>`\n\n" in text


def test_what_is_waived_is_not_compliant_and_is_not_listed() -> None:
    text = render(waived_audit(), title="t")
    assert " 1 of 3 certificates are compliant, 1 waived, 1 not compliant at " in text
    assert WAIVED not in text


def test_a_certificate_of_which_nothing_is_known_is_not_compliant() -> None:
    text = render(unread_audit(), title="t")
    assert " 0 of 1 certificates are compliant, 1 not compliant at " in text
    assert [row[:2] for row in tables(text)[1][1:]] == [["medium", UNREADABLE]]


def test_nothing_hostile_is_markup() -> None:
    text = render(hostile_audit(), title=SHOWN, limit=100)
    kinds = {token.type for token in inlines(text)}
    assert kinds == {"text", "code_inline", "strong_open", "strong_close"}
    assert sum(token.type == "strong_open" for token in inlines(text)) == 1
    assert [token.type for token in parser().parse(text) if token.type.startswith("html")] == []


@pytest.mark.parametrize(
    "text",
    [
        SHOWN[:190],
        "<script>alert(1)</script>",
        "<!-- a",
        "a|b",
        "a\\|b",
        "\\",
        "|",
        "`",
        "``a`b```",
        "a`",
        "*a* _b_ ~~c~~",
        "[l](https://evil.example)",
        "![i](https://evil.example)",
        "[a][b]",
        "https://evil.example",
        "http://evil",
        "www.evil.example",
        "evil.example",
        "a@evil.example",
        "@all",
        "#1",
        "!1",
        "a/b#1",
        "GH-1",
        "see GH-1",
        ":tada:",
        "&lt;b&gt;",
        "$x$",
        "# a",
        "- a",
        "1. a",
        "证书",
        "It expired 2.5 days ago, at 2026-11-21T12:00:00Z (UTC); 1/3 isn't left, a-b.",
    ],
)
def test_text_renders_as_itself_in_a_cell_and_outside(text: str) -> None:
    for document in (f"A {inline(text)}", f"| a |\n| - |\n| {cell(text)} |"):
        content = [token for token in inlines(document) if token.content not in ("a", "A ")]
        assert {token.type for token in content} <= HARMLESS
        rendered = "".join(token.content for token in content).removeprefix("A ").replace("\u200b", "")
        assert rendered == text


@pytest.mark.parametrize("text", ["@all", "#1", "GH-1", ":tada:", "evil.example", "http://evil", "a%1", "SHA#", "a!1"])
def test_what_only_a_platform_gives_a_meaning_stands_in_a_code_span(text: str) -> None:
    assert inline(text) == f"`{text}`"


@pytest.mark.parametrize("text", ["It has a DSA key (1024 bits).", "at 12:00", "Undecided: x", "证书", "1/3", "a-b"])
def test_what_has_no_meaning_stays_readable(text: str) -> None:
    assert inline(text) == text


def test_a_backslash_before_a_bar_cannot_free_it() -> None:
    assert cell("a\\|b") == "`a\\\u200b\\|b`"


def test_long_text_is_cut() -> None:
    assert inline("x" * 1000) == "x" * 199 + "…"
    assert inline("x " * 6, 10) == "x x x x x…"


def test_endpoints_that_are_not_compliant_are_a_table_of_what_they_serve() -> None:
    text = render(endpoints_audit(), title="Endpoints")
    table = text.split("### Endpoints\n\n")[1].splitlines()
    assert table[0] == "| Worst | Endpoint | Listener | Serves | TLS | Verdict |"
    assert len(table) == 4
    assert table[2].startswith("| high | `[2001:db8::7]:443 www.example.com` | shop → https-443 | ")
    verdict = "revoked, other certificate, expired, not trusted, offers TLSv1"
    assert table[2].endswith(f" until 2026-11-21 | TLSv1, TLSv1.2, TLSv1.3 | {verdict} |")
    assert table[3].endswith(" |  |  | not known | not known |")
    assert "1 more endpoints are not shown." in render(endpoints_audit(), title="Endpoints", limit=1)
    assert "### Endpoints" not in render(endpoints_audit(), title="Endpoints", limit=0)
