# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmarks of listings: compared to the official SDK and to a minimal client, and with many certificates."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from .harness import Result, alternate, benchmark, constant, timed
from .servers import PAGE, UNREAD, Server, serving

FLEET, MANY, FEW = 10_000, 100_000, 1_000
BALANCERS = 500
PER_SECOND = 20


@benchmark("official SDK / ours, 10,000 certificates, without parsing, 20 ms latency", goal=6, better="higher")
def list_vs_sdk(runs: int) -> Result:
    """Compare with the paging loop of the official SDK."""
    with serving(FLEET, latency=0.02) as server:
        return alternate(timed(server.sdk), timed(lambda: server.gather(UNREAD)), runs)


@benchmark("official SDK without parsing / ours with parsing, 100 ms latency", goal=5, better="higher")
def list_parsed_vs_sdk(runs: int) -> Result:
    """Compare with the official SDK, including all facts."""
    with serving(FLEET, latency=0.1) as server:
        return alternate(timed(server.sdk), timed(server.gather), runs)


@benchmark(
    "official SDK / ours, 2,000 listeners of 500 load balancers in 20 regions, 20 ms latency", goal=5, better="higher"
)
def listeners_vs_sdk(runs: int) -> Result:
    """Compare with the paging loop of the official SDK, with the same actions."""
    with serving(FEW, latency=0.02, regions=20, balancers=BALANCERS) as server:
        return alternate(timed(server.sdk_listeners), timed(server.gather_listeners), runs)


@benchmark("ssl_info with 2,000 listeners / without listeners, with as many pages of certificates", goal=1.5)
def ssl_info_listeners(runs: int) -> Result:
    """Time of listing listeners, joining them with certificates, and returning their facts."""
    # Three pages for each type of load balancer, and one of TLS policies.
    pages_of_listeners = 7
    with (
        serving(FLEET // 2, latency=0.02, balancers=BALANCERS) as server,
        serving(FLEET // 2 + pages_of_listeners * (PAGE - 1), latency=0.02) as other,
    ):
        return alternate(timed(lambda: server.ssl_info(listeners=True)), timed(other.ssl_info), runs)


@benchmark("ours without parsing / a minimal multithreaded client, 20 ms latency", goal=1.25)
def list_vs_floor(runs: int) -> Result:
    """Overhead of the client."""
    with serving(FLEET, latency=0.02) as server:
        return alternate(timed(lambda: server.gather(UNREAD)), timed(server.floor), runs)


@benchmark("requests for 10,000 certificates / the same without overlapping pages", goal=1.02)
def overlap(runs: int) -> Result:
    """Overhead of detecting changes during a listing."""
    with serving(FLEET) as server:
        return alternate(lambda: server.requests_of(lambda: server.gather(UNREAD)), constant(FLEET / PAGE), runs)


@benchmark("ours with parsing, all different / a minimal multithreaded client, 20 ms latency", goal=4)
def parsed_vs_floor(runs: int) -> Result:
    """Overhead of reading certificates."""
    with serving(FLEET, latency=0.02, distinct=1.0) as server:
        return alternate(timed(server.gather), timed(server.floor), runs)


@benchmark("listing: time per certificate at 100,000 / at 1,000", goal=1.2)
def gather_growth(runs: int) -> Result:
    """Time of a listing, which must grow linearly."""
    with serving(MANY, regions=10) as many, serving(FEW, regions=1) as few:
        # Repeat it, so that both are measured with the same number of certificates.
        repeated = MANY // FEW
        result = alternate(timed(many.gather), timed(lambda: [few.gather() for _unused in range(repeated)]), runs)
    return Result(result.a / MANY, result.b / MANY, runs)


@benchmark("listing: peak memory per certificate / its JSON without content, at 100,000", goal=4)
def memory_per_certificate(_runs: int) -> Result:
    """Memory of a listing, which must not keep contents."""
    with serving(MANY, regions=10) as many, serving(FEW, regions=1) as few:
        size = _record_size(few)

        def growth() -> float:
            grown = _peak_memory(many) - _peak_memory(few)
            if grown <= 0:
                raise AssertionError("100,000 certificates take no memory")
            return grown / (MANY - FEW)

        # Memory does not depend on the load of the machine.
        return alternate(growth, constant(size), runs=1, is_warm=True)


@benchmark("ours / pages ÷ rate, where the server allows 20 requests a second", goal=1.25)
def throttled(runs: int) -> Result:
    """Throughput below a rate limit."""
    pages = 200
    with serving(pages * 100) as server:

        def listed() -> float:
            # Set the limit again, so that each run starts with a full bucket.
            server.limit(PER_SECOND)
            start = time.perf_counter()
            server.gather(UNREAD, max_retries=20)
            return time.perf_counter() - start

        return alternate(listed, constant(pages / PER_SECOND), runs)


def _record_size(server: Server) -> float:
    form = {"Action": "DescribeSSLV2", "Region": server.regions[0], "Offset": 0, "Limit": 100}
    rows = server.call(form)["DataSet"]
    for row in rows:
        row["SSLContent"] = ""
    return len(json.dumps(rows, ensure_ascii=False).encode()) / len(rows)


def _peak_memory(server: Server) -> int:
    """Return the peak memory of a process that lists certificates, in bytes."""
    program = [sys.executable, "-m", f"{__package__}.peak_memory"]
    given = json.dumps({"state": server.state, "regions": len(server.regions), "count": server.count})
    return int(subprocess.run(program, input=given, check=True, capture_output=True, text=True).stdout)
