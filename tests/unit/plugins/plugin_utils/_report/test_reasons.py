# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reasons in facts are recognized: those that ``module_utils`` has today, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.messages import data_of, sentence
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.waivers import Waiver, warnings_about
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report import language, reasons
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.formats import report
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW

MODULE_UTILS = Path(__file__).parents[5] / "plugins/module_utils"
#: Files with the reasons, and the texts in them that are none.
FILES = {
    "_certificates/trust.py": (
        # Parts of the library's messages.
        "path length constraint violated", "name constraint matched SAN", "name constraints matched SAN",
        "signature does not match", "not valid at validation time", "2.5.29.19: missing", "cA must be asserted",
        "keyCertSign must be asserted", "required EKU not found", "name constraint",
        # A part of a list.
        ", ",
    ),
    "_certificates/crypto.py": (
        "issuer is no CA", "issuer must not sign", "issuer is not for servers", "larger than any key in use",
        "an exponent larger than any in use", " ", "ca ", "CA ",
    ),
    "_certificates/revocation.py": (),
    "_certificates/content.py": ("; ",),
    "_endpoints/failures.py": (),
    "_endpoints/handshake.py": ("during the handshake",),
    "_endpoints/connecting.py": ("from the name server", "while connecting", "ucloud.ulb names"),
    "_endpoints/revocation.py": ("its server",),
    "_endpoints/served.py": ("; ",),
}  # fmt: skip
#: What values are in the texts that are made here, where any text is not enough.
VALUES = {
    "iso8601": "2026-11-24T03:57:00Z", "doing": "while connecting", "_DOING": "during the handshake", "unread": "7",
    "_MAX_RECEIVED": "7", "alert_name": "handshake_failure", "alert": "40", "response.status": "404",
    "_RESOLVING": "from the name server",
    "': ' if reason": ": it cannot be read", "reason or ''": "",
}  # fmt: skip


def made(node: ast.AST) -> str | None:
    """Return a text of the code, with values in it; ``None`` if it is none, or has no spaces besides them."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) and " " in node.value else None
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = [part for part in node.values if isinstance(part, (ast.Constant, ast.FormattedValue))]
    if not any(isinstance(part, ast.Constant) and " " in str(part.value) for part in parts):
        return None
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else value_of(ast.unparse(part.value)) for part in parts
    )


def value_of(expression: str) -> str:
    """Return a value for an expression in a text."""
    return next((value for start, value in VALUES.items() if expression.startswith(start)), "Some CA")


def texts_of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part != node}
    parts |= {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if id(node) not in parts and (text := made(node)):
            yield text


@pytest.mark.parametrize("name", FILES)
def test_the_reasons_of_modules_are_recognized(name: str) -> None:
    unknown = [text for text in texts_of(MODULE_UTILS / name) if reasons.recognize(text) is None]

    assert sorted(set(unknown)) == sorted(FILES[name])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it expired at 2026-11-24T03:57:00Z", "已于 2026-11-24T03:57:00Z 过期"),
        ("it expired at noon", "it expired at noon"),
        ("Connection refused while connecting", "连接时出错：连接被拒绝"),
        ("EHOSTDOWN while connecting", "连接时出错：EHOSTDOWN"),
        ("its CA Superior CA: key compromise", "其 CA Superior CA：密钥泄露"),
        (
            "a certificate in its chain has expired: A at 2026-11-24T03:57:00Z, B, Inc. at 2026-11-25T03:57:00Z",
            "其证书链中有证书已过期：A（2026-11-24T03:57:00Z）、B, Inc.（2026-11-25T03:57:00Z）",
        ),
        (
            "1 CERTIFICATE block(s) could not be parsed; one of them may be the served certificate",
            "1 个 CERTIFICATE 块无法解析；其中之一可能是所使用的证书",
        ),
        ("it cannot be read; the dog ate it", "it cannot be read; the dog ate it"),
        ("OpenSSL ended the handshake: {0.__class__}", "OpenSSL 终止了握手：{0.__class__}"),
        ("OpenSSL ended the handshake: " + "x" * 1000, "OpenSSL ended the handshake: " + "x" * 1000),
    ],
)
def test_reasons_are_said_with_their_values(text: str, said: str) -> None:
    with language.speaking("zh-CN"):
        assert language.say_reason(text) == said
    assert language.say_reason(text) == text


def test_warnings_are_said_in_all_reports_for_people() -> None:
    waiver = Waiver("*", "name", "*", "all is well", NOW + DAY)
    (warning,) = warnings_about([waiver], NOW)
    audit = {**audit_facts.audit(audit_facts.listing()), "warnings": [warning, "Something else."]}

    for name in ("html", "markdown", "table"):
        text = report(audit, name, language="zh-CN").replace("\n  ", "")
        assert "Something else." in text
        assert re.search(r"对名称 .*\* 豁免全部检查项，会在 [\dTZ:-]+ 之前接受所有证书的所有问题。", text)
        assert "accepts" not in text


def test_details_quote_reasons_in_the_language() -> None:
    with language.speaking("zh-CN"):
        finding = {"detail": "", "messages": {"detail": data_of(sentence("it expired at 2026-11-24T03:57:00Z"))}}
        assert language.said(finding, "detail") == "已于 2026-11-24T03:57:00Z 过期。"
