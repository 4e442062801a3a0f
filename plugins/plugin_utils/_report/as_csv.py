# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV (RFC 4180) with one row per finding, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from .._audit.schema import Audit, Finding
from .language import said, say, say_word
from .sanitize import as_text, without_controls
from .subjects import ListenerNames

COLUMNS = (
    "severity", "status", "change", "check", "title", "ssl_id", "ssl_name", "load_balancer_id",
    "load_balancer_name", "listener_id", "listener_name", "endpoint", "region", "project_id",
    "about", "detail", "evidence", "remediation", "waived", "waiver_reason", "waiver_expires",
    "fingerprint", "evaluated_at",
)  # fmt: skip

_BOM = "\ufeff"
# The characters that begin a formula, at the beginning of a cell, and after characters that some spreadsheets treat as
# the end of a cell; there, quotation marks may begin a quoted cell. Some locales accept the full-width forms.
# https://owasp.org/www-community/attacks/CSV_Injection
_SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
_FORMULA = re.compile(rf"^(?=[\t\r\n]|\s*[{_SIGNS}])|(?<=[;\t\r\n])(?=(?:(?![\t\r\n])[\s\"])*[{_SIGNS}])")


def render(audit: Audit, *, bom: bool = False) -> str:
    """Render a header and all findings, including waived and fixed ones. Lines end with CR LF.

    Args:
        audit: The audit.
        bom: Whether to begin with a byte order mark, without which Excel does not read UTF-8.
    """
    file = io.StringIO(newline="")
    file.write(_BOM * bom)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(say, COLUMNS))
    names = ListenerNames(audit)
    for finding in audit["findings"]:
        cells = _cells(finding, names, audit["evaluated_at"])
        writer.writerow([_cell(cells[name]) for name in COLUMNS])
    return file.getvalue()


def _cells(finding: Finding, names: ListenerNames, evaluated_at: str) -> dict[str, Any]:
    waiver = finding["waiver"] or {}
    return {
        "load_balancer_id": None,
        "listener_id": None,
        "endpoint": None,
        **finding,
        **_words(finding),
        **names.given(finding),
        "evidence": json.dumps(finding["evidence"]),
        "waived": say_word("true" if finding["waived"] else "false"),
        "waiver_reason": waiver.get("reason"),
        "waiver_expires": waiver.get("expires"),
        "evaluated_at": evaluated_at,
    }


def _words(finding: Finding) -> dict[str, str]:
    """Return the fields that are words."""
    names = {name: say_word(finding[name]) for name in ("severity", "status", "change") if finding[name]}
    return {**names, **{name: said(finding, name) for name in ("title", "detail", "remediation")}}


def _cell(value: Any) -> str:
    """Return text that no spreadsheet runs as a formula: an apostrophe precedes everything that could begin one."""
    return _FORMULA.sub("'", without_controls(as_text(value), keep="\t\r\n"))
