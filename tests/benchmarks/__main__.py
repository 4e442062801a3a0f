# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run benchmarks, all or those that are named, print a table, and write ``build/bench.json``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from . import auditing, listing, parsing, plugins
from .harness import BENCHMARKS, Result

MODULES = (listing, parsing, plugins, auditing)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--runs", type=int, default=5, help="how often to measure, in turn (default: %(default)s)")
    parser.add_argument("--output", type=Path, required=True, help="the file to write")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(BENCHMARKS)}")
    results: dict[str, Result] = {}
    print(f"{'benchmark':<34} {'ratio':>7}    goal")
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        results[name] = benchmark.measure(options.runs)
        sign = "≥" if benchmark.better == "higher" else "≤"
        verdict = "" if benchmark.is_met(results[name]) else "  MISSED"
        print(f"{name:<34} {results[name].value:7.2f}  {sign} {benchmark.goal:<5g}{verdict}", flush=True)
    report = {name: BENCHMARKS[name].report(result) for name, result in results.items()}
    options.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.output}")


if __name__ == "__main__":
    main()
