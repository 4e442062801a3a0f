# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All texts that reports translate, as they are in the code and in the templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.messages import data_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE

PLUGIN_UTILS = Path(__file__).parents[3] / "plugins/plugin_utils"
TEMPLATES = PLUGIN_UTILS / "_report/page/templates"
#: Functions with the number of the argument that is a text.
_FUNCTIONS = {
    "say": 0, "mark": 0, "message": 0, "phrase": 0, "sentence": 0, "Problem": 0, "Unknown": 0,
    "say_number": 1, "counted": 1, "join": 1,
}  # fmt: skip
#: Constants whose items are texts.
_CONSTANTS = ("WORDS", "NOUNS", "COLUMNS", "TEMPLATES", "_SCRIPT_TEXTS")
_PHRASE = re.compile(r"'s |\bof\b")
_SAY = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
_SAY_NUMBER = re.compile(r'\bsay_number\(\s*"(?:[^"\\]|\\.)*",\s*"((?:[^"\\]|\\.)*)"')


def extracted() -> list[str]:
    """Return the English texts in a stable order, each once."""
    texts: list[str] = []
    for part in ("_report", "_audit"):
        for path in sorted((PLUGIN_UTILS / part).rglob("*.py")):
            texts += _of_code(ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted(TEMPLATES.glob("*.j2")):
        source = path.read_text(encoding="utf-8")
        texts += _SAY.findall(source) + _SAY_NUMBER.findall(source)
    for check in CATALOGUE.values():
        data = data_of(check.remediation)
        # Other sources are names of documents and programs.
        texts += [check.source] if _PHRASE.search(check.source) else []
        texts += [check.title, data["text"] if data else str(check.remediation), " ".join(check.description.split())]
    return list(dict.fromkeys(texts))


def of_script() -> list[str]:
    """Return the texts of the page's script, without those for one entry, which are only English."""
    source = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    return re.findall(r'"([^"\n`$]*\{\w+\}[^"\n`$]*)"', source)


def _of_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in _FUNCTIONS and len(node.args) > _FUNCTIONS[name]:
                yield from _constants(node.args[_FUNCTIONS[name]])
            elif name == "map" and isinstance(node.args[0], ast.Name) and node.args[0].id == "mark":
                yield from _constants(node.args[1])
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _CONSTANTS:
            yield from _constants(node.value)


def _constants(node: ast.AST) -> Iterator[str]:
    """Yield texts, also those of which an expression chooses one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple):
        for item in node.elts:
            yield from _constants(item)
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for item in node.values:
            yield from _constants(item)
