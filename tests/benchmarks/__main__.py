# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run all or the named benchmarks, print a table, and write ``build/bench.json`` or the table of the guide."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..tools import docs_tables
from . import auditing, listing, parsing, plugins, probing
from .harness import BENCHMARKS, Result

MODULES = (listing, parsing, plugins, auditing, probing)
BEGIN = ".. The table below is written by: nox -e bench -- --write\n"
HEAD = """
.. list-table::
   :header-rows: 1
   :widths: 26 44 10 10 10

   * - Name
     - Measured / to what
     - Ratio
     - Goal
     - Met
"""


def main() -> None:
    """Run the command line interface."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--runs", type=int, default=5, help="number of measurements (default: %(default)s)")
    parser.add_argument("--output", type=Path, required=True, help="file to write")
    parser.add_argument("--guide", type=Path, help="guide in which to update the table of results")
    options = parser.parse_args()
    if options.guide and options.names:
        parser.error("the table of the guide is of all benchmarks, in one run")
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"unknown {', '.join(sorted(unknown))}; valid values: {', '.join(BENCHMARKS)}")
    results: dict[str, Result] = {}
    print(f"{'benchmark':<34} {'ratio':>7}    goal")
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        results[name] = benchmark.measure(options.runs)
        verdict = "" if benchmark.is_met(results[name]) else "  MISSED"
        print(f"{name:<34} {results[name].value:7.2f}  {benchmark.wanted:<7}{verdict}", flush=True)
    report = {name: BENCHMARKS[name].report(result) for name, result in results.items()}
    options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.output}")
    if options.guide:
        docs_tables.write(options.guide, table(results), check=False, begin=BEGIN)


def table(results: dict[str, Result]) -> str:
    """Format the results for the guide as reStructuredText."""
    rows = []
    for name, result in results.items():
        benchmark = BENCHMARKS[name]
        verdict = "yes" if benchmark.is_met(result) else "**no**"
        cells = (f"``{name}``", benchmark.what, f"{result.value:.2f}", benchmark.wanted, verdict)
        rows.append("   * - " + "\n     - ".join(cells) + "\n")
    return HEAD + "".join(rows) + "\n"


if __name__ == "__main__":
    main()
