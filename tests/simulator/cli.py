# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line interface."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from . import daemon, state
from .api import Settings
from .datasets import bulk, demo, mozilla, pem
from .datasets.bulk_balancers import add_bulk_balancers
from .datasets.demo_sites import open_sites
from .fleet import Fleet
from .server import Simulator

REGION_NAMES = ("cn-bj2", "cn-sh2", "hk", "cn-gd", "cn-wlcb", "us-ca", "jpn-tky", "sg")
#: The option of the demo data that opens what its listeners serve, on loopback addresses.
ENDPOINTS = "endpoints"


def _demo(argument: str) -> Fleet:
    if argument not in ("", ENDPOINTS):
        raise ValueError(f"unknown demo option {argument!r}; valid value: {ENDPOINTS}")
    return demo()


def _bulk(argument: str) -> Fleet:
    count, *pairs = argument.split(",")
    values = dict(pair.split("=", 1) for pair in pairs)
    if unknown := set(values) - {"regions", "projects", "distinct", "balancers"}:
        raise ValueError(f"unknown bulk options: {', '.join(sorted(unknown))}")
    regions = [_region_name(number) for number in range(int(values.get("regions", 1)))]
    projects = [f"org-bulk{number + 1}" for number in range(int(values.get("projects", 1)))]
    distinct = float(values["distinct"]) if "distinct" in values else None
    fleet = bulk(int(count), regions=regions, projects=projects, distinct=distinct)
    add_bulk_balancers(fleet, int(values.get("balancers", 0)))
    return fleet


def _region_name(number: int) -> str:
    return REGION_NAMES[number] if number < len(REGION_NAMES) else f"region-{number + 1}"


DATASETS: dict[str, Callable[[str], Fleet]] = {
    "demo": _demo,
    "mozilla": lambda _unused: mozilla(),
    "bulk": _bulk,
    "pem": pem,
}


def _fleet(data: str) -> Fleet:
    """Return the fleet for the option ``--data``.

    Raises:
        ValueError: The data set does not exist, or its arguments are not valid.
        OSError: Files cannot be read.
    """
    name, _unused, argument = data.partition(":")
    if name not in DATASETS:
        raise ValueError(f"unknown data set {name!r}; valid values: {', '.join(DATASETS)}")
    return DATASETS[name](argument)


def _positive(text: str) -> float:
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("must be greater than 0")
    return number


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description="Serve the UCloud API locally.")
    add = parser.add_argument
    add(
        "--data",
        default="demo",
        help="demo, demo:endpoints (with its listeners), mozilla, pem:DIR, or"
        " bulk:COUNT[,regions=N][,projects=N][,distinct=FRACTION][,balancers=N]",
    )
    add("--port", type=int, default=0, help="HTTP port; 0 selects a free one")
    add("--https-port", type=int, default=0)
    add("--control-port", type=int, default=0)
    add("--latency", type=float, default=0.0, metavar="SECONDS", help="delay before every response")
    add("--max-limit", type=int, default=100, metavar="N", help="maximum page size")
    add("--state-file", type=_absolute, metavar="PATH", help="written when ready (mode 0600)")
    add(
        "--lifetime",
        type=_positive,
        default=3600.0,
        metavar="SECONDS",
        help="end after that time (default: %(default)s)",
    )
    add("--daemon", action="store_true", help="return when ready, and serve in the background")
    add("--stop", type=_absolute, metavar="STATE_FILE", help="end the simulator of this state file")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.stop is not None:
        return _stop(options.stop)
    if options.daemon and options.state_file is None:
        parser.error("--daemon needs --state-file, which contains the URLs")
    if options.data.startswith("pem:"):
        # The background process has a different working directory.
        options.data = f"pem:{_absolute(options.data[4:])}"
    if not options.daemon:
        return _serve(options, _report_in_foreground)
    detached = daemon.detach()
    if isinstance(detached, daemon.Reporter):
        return _serve(options, detached.report)
    outcome = detached.outcome()
    if outcome == daemon.READY:
        return 0
    print(f"simulator: {outcome}", file=sys.stderr)
    return 1


def _stop(path: Path) -> int:
    try:
        print(f"simulator: {daemon.stop(path)}")
    except (OSError, ValueError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    return 0


def _report_in_foreground(outcome: str) -> None:
    if outcome != daemon.READY:
        print(f"simulator: {outcome}", file=sys.stderr)


def _serve(options: argparse.Namespace, report: Callable[[str], None]) -> int:
    """Serve until a signal arrives or the lifetime ends.

    ``report`` is called once, when the simulator is ready or has failed.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_unused: ended.set())
    try:
        simulator = _started(options)
    except (OSError, ValueError) as error:
        report(str(error))
        return 1
    try:
        if options.state_file is not None:
            state.write(options.state_file, state.describe(simulator))
        elif not ended.is_set():
            print(json.dumps(state.describe(simulator), indent=2), flush=True)
    except OSError as error:
        simulator.stop()
        report(str(error))
        return 1
    report(daemon.READY)
    ended.wait(options.lifetime)
    simulator.stop()
    # Last, because --stop waits until this file is gone.
    if options.state_file is not None:
        state.remove(options.state_file)
    return 0


def _started(options: argparse.Namespace) -> Simulator:
    simulator = Simulator(
        _fleet(options.data),
        Settings(latency=options.latency, max_limit=options.max_limit),
        http_port=options.port,
        https_port=options.https_port,
        control_port=options.control_port,
    )
    simulator.start()
    try:
        if options.data == f"demo:{ENDPOINTS}":
            open_sites(simulator)
    except BaseException:
        simulator.stop()
        raise
    return simulator
