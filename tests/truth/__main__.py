# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command line of the comparison; see the package."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import sys
from pathlib import Path

from .certificates import search
from .report import Report


def main() -> int:
    """Run the comparison. Return the exit code, 1 if there are unexplained differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folders", nargs="*", type=Path, help="folders with certificates (default: those of installed packages)"
    )
    parser.add_argument(
        "--zlint", type=Path, metavar="FOLDER", help="zlint's sources, for the expected results of its tests"
    )
    parser.add_argument(
        "--lint", type=int, default=1000, metavar="NUMBER", help="maximum number of certificates to check with pkilint"
    )
    parser.add_argument(
        "--limbo", type=Path, metavar="FILE", help="limbo.json of x509-limbo, for the expected results of its cases"
    )
    options = parser.parse_args()
    # pkilint logs a traceback for many malformed certificates.
    logging.disable()
    report = Report(search(options.folders or default_folders()))
    report.compare_hosts()
    report.compare_verdicts(options.zlint, options.lint)
    report.compare_trust(options.limbo)
    return report.print()


def default_folders() -> list[Path]:
    """Return the folders in which installed packages keep certificates. x509-limbo has no package."""
    names = ("certifi", "cryptography_vectors")
    specs = {name: importlib.util.find_spec(name) for name in names}
    for name, spec in specs.items():
        if spec is None:
            print(f"The certificates of {name} are NOT compared: it is not installed.")
    return [Path(spec.origin).parent for spec in specs.values() if spec and spec.origin]


if __name__ == "__main__":
    sys.exit(main())
