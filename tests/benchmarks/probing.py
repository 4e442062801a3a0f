# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmarks of probes of endpoints, with a latency of 20 ms."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import trust
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.probing import probe_all
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, ProbeQuery

from .harness import Result, alternate, benchmark, timed

FEW, MANY = 1_000, 10_000
CONCURRENCY, TIMEOUT = 32, 60
LATENCY = 0.02


@benchmark("probes of 1,000 endpoints, 20 ms latency / only their TLS handshakes, as many at once", goal=1.25)
def probe_vs_floor(runs: int) -> Result:
    """Overhead of reading, verifying and describing what is served."""
    with serving() as endpoints:
        return alternate(timed(lambda: probe(endpoints)), timed(lambda: handshakes(endpoints, CONCURRENCY)), runs)


@benchmark("handshakes with 1,000 endpoints one after another / probes of them", goal=10, better="higher")
def probe_vs_serial(runs: int) -> Result:
    """Compared to a loop over a module that connects to one endpoint."""
    with serving() as endpoints:
        return alternate(
            timed(lambda: handshakes(endpoints, 1)), timed(lambda: probe(endpoints)), min(runs, 3), is_warm=True
        )


@benchmark("peak memory of probes of 10,000 endpoints / of 1,000", goal=1.5)
def probe_memory(runs: int) -> Result:
    """Whether memory is needed for results only."""
    with serving(0.0) as endpoints:

        def peak(count: int) -> float:
            command = [sys.executable, "-m", f"{__package__}.probe_memory"]
            given = json.dumps([endpoint.port for endpoint in endpoints[:1]] + [count])
            program = subprocess.run(command, input=given, check=True, capture_output=True, text=True)
            return float(program.stdout)

        return alternate(lambda: peak(MANY), lambda: peak(FEW), min(runs, 3), is_warm=True)


def probe(endpoints: list[Endpoint]) -> None:
    """Probe endpoints as the module does by default."""
    found = probe_all(ProbeQuery(tuple(endpoints), TIMEOUT, CONCURRENCY), int(time.time()), trust.load("mozilla"))
    if not all(facts["matches_expected"] for facts in found):
        raise AssertionError("not all endpoints were reached")


def handshakes(endpoints: list[Endpoint], concurrency: int) -> None:
    """Make handshakes, and discard the certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    def shake_hands(endpoint: Endpoint) -> bool:
        with (
            socket.create_connection((endpoint.address, endpoint.port), TIMEOUT) as connection,
            context.wrap_socket(connection, server_hostname=endpoint.server_name) as tls,
        ):
            return bool(tls.getpeercert(binary_form=True))

    with ThreadPoolExecutor(concurrency) as pool:
        if not all(pool.map(shake_hands, endpoints)):
            raise AssertionError("not all endpoints were reached")


@contextmanager
def serving(latency: float = LATENCY) -> Iterator[list[Endpoint]]:
    """Serve endpoints in another process, and return those to probe."""
    command = [sys.executable, "-m", f"{__package__}.endpoint_server", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        names = json.loads(server.stdout.readline())
        given = [Endpoint("127.0.0.1", port, name, (fingerprint,)) for port, name, fingerprint in names]
        try:
            yield [given[number % len(given)] for number in range(FEW)]
        finally:
            server.terminate()
