# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fuzzes a target; see the package."""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import atheris

from . import corpus

with atheris.instrument_imports(include=["ansible_collections.ucloud.ulb.plugins"]):
    from . import targets

#: Targets with their seed inputs and maximum input lengths.
TARGETS = {
    "content": (targets.content, corpus.contents, 20_000),
    "certificate": (targets.certificate, corpus.certificates, 4_000),
    "elements": (targets.elements, corpus.certificates, 2_000),
    "distinguished_name": (targets.distinguished_name, corpus.distinguished_names, 1_000),
    "key": (targets.key, corpus.keys, 3_000),
    "answer": (targets.answer, corpus.answers, 30_000),
    "names": (targets.names, corpus.names, 2_000),
    "moments": (targets.moments, corpus.times, 200),
}


def main() -> None:
    """Run the fuzzer. libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("folder", type=Path, help="for seed inputs, new inputs, and inputs that fail")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    run, seeds, longest = TARGETS[options.target]
    folder: Path = options.folder / options.target
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (folder / f"seed-{number:03}").write_bytes(seed)
    # cryptography warns about certificates that violate RFC 5280.
    warnings.simplefilter("ignore")
    flags = [
        f"-max_total_time={options.seconds}",
        f"-max_len={longest}",
        f"-artifact_prefix={options.folder}/broken-{options.target}-",
        # Limits per input in seconds and megabytes.
        "-timeout=60",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]

    def run_and_show(data: bytes) -> None:
        try:
            run(data)
        except Exception:
            print(f"failed for {data!r}", file=sys.stderr)
            raise

    atheris.Setup([sys.argv[0], *flags, str(folder)], run_and_show)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
