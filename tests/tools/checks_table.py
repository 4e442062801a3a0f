# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the table of checks into the compliance guide, or tells that it is not up to date.

Usage: python checks_table.py [--check], with the collection on PYTHONPATH.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.catalogue import CATALOGUE, Check
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy

GUIDE = Path(__file__).parents[2] / "docs/docsite/rst/guide_compliance.rst"
BEGIN = ".. The table below is written by tests/tools/checks_table.py.\n"
END = ".. End of the table.\n"

HEAD = """
.. list-table::
   :header-rows: 1
   :widths: 26 14 60

   * - Check
     - Severity
     - Not passed if
"""


def table() -> str:
    """The table of all checks, as reStructuredText."""
    assert Policy.from_data(None).rules, "reading a policy loads the checks"
    return HEAD + "".join(map(row, CATALOGUE.values())) + "\n"


def row(check: Check) -> str:
    """One row of the table."""
    severity = check.severity
    if check.severity_unbound != check.severity:
        severity += f"; {check.severity_unbound} if no listener serves it"
    if not check.is_enabled:
        severity += "; off by default"
    lines = [" ".join(check.description.replace("``", "\0").split()).replace("\0", "``")]
    if check.options:
        shown = ", ".join(f"``{name}`` ({_value(value)})" for name, value in check.options.items())
        lines.append(f"Options: {shown}.")
    if check.source:
        lines.append(f"Source: {check.source}.")
    text = "\n\n       ".join(lines)
    return f"   * - ``{check.id}``\n     - {severity}\n     - {text}\n"


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return f"{value:.3g}" if isinstance(value, float) else "none" if value is None else str(value)


def main() -> int:
    """Write the table, or with ``--check`` show the difference and fail if there is one."""
    before = GUIDE.read_text(encoding="utf-8")
    head, _unused, rest = before.partition(BEGIN)
    _unused, _unused, tail = rest.partition(END)
    if not rest or not tail:
        print(f"{GUIDE} has lost the marks around the table", file=sys.stderr)
        return 2
    after = head + BEGIN + table() + END + tail
    if "--check" in sys.argv[1:]:
        difference = list(difflib.unified_diff(before.splitlines(), after.splitlines(), "guide", "code", lineterm=""))
        print("\n".join(difference) or "The table of checks is up to date.")
        return 1 if difference else 0
    GUIDE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
