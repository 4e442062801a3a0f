# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the generated tables of the guides: docs_tables.py [--check].

One table lists all compliance checks. Another lists faults and their effects, as in the unit tests. The last ones list
the versions of ansible-core and Python that are supported and tested.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.definition import Check
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.tests.tools import support
from ansible_collections.ucloud.ulb.tests.unit.plugins.faults import CASES

GUIDES = Path(__file__).parents[2] / "docs/docsite/rst"
BEGIN = ".. The table below is written by tests/tools/docs_tables.py.\n"
END = ".. End of the table.\n"

CHECKS_HEAD = """
.. list-table::
   :header-rows: 1
   :widths: 26 14 60

   * - Check
     - Severity
     - Not passed if
"""
FAULTS_HEAD = """
.. list-table::
   :header-rows: 1
   :widths: 50 50

   * - Fault
     - Effect in module, lookup and inventory
"""


def checks() -> str:
    """Return the table of all checks as reStructuredText."""
    return CHECKS_HEAD + "".join(map(row, CATALOGUE.values())) + "\n"


def faults() -> str:
    """Return the table of faults as reStructuredText."""
    return FAULTS_HEAD + "".join(f"   * - {case.what}\n     - {case.outcome}\n" for case in CASES) + "\n"


def row(check: Check) -> str:
    """Return the row of a check."""
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
    """Write the tables, or with ``--check`` show the differences and fail if there are any."""
    check = "--check" in sys.argv[1:]
    # Check all tables, even if the first one differs.
    outcomes = [
        write(GUIDES / "guide_compliance.rst", checks(), check=check),
        write(GUIDES / "guide_scale.rst", faults(), check=check),
        write(GUIDES / "guide_support.rst", support.table(), check=check),
    ]
    return max(outcomes)


def write(guide: Path, table: str, *, check: bool, begin: str = BEGIN) -> int:
    """Write a table between the markers in a guide, or with ``check`` compare it. Return the exit status."""
    before = guide.read_text(encoding="utf-8")
    head, _unused, rest = before.partition(begin)
    _unused, _unused, tail = rest.partition(END)
    if not rest or not tail:
        print(f"{guide} has lost the marks around the table", file=sys.stderr)
        return 2
    after = head + begin + table + END + tail
    if check:
        difference = list(difflib.unified_diff(before.splitlines(), after.splitlines(), "guide", "code", lineterm=""))
        print("\n".join(difference) or f"The table in {guide.name} is up to date.")
        return 1 if difference else 0
    guide.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
