# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Probe the simulator's endpoints with sslyze and with our own code, and print every difference."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sslyze import Scanner, ServerNetworkConfiguration, ServerNetworkLocation, ServerScanRequest
from sslyze.plugins.scan_commands import ScanCommand

from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.probing import probe_all
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, ProbeQuery

from ..simulator import Fleet, Simulator
from ..simulator.endpoints import KINDS, SHOP

VERSIONS = {
    "TLSv1": ScanCommand.TLS_1_0_CIPHER_SUITES,
    "TLSv1.1": ScanCommand.TLS_1_1_CIPHER_SUITES,
    "TLSv1.2": ScanCommand.TLS_1_2_CIPHER_SUITES,
    "TLSv1.3": ScanCommand.TLS_1_3_CIPHER_SUITES,
}
#: Two that never end, and one that resets only the first connection, whoever makes it.
LEFT_OUT = ("silence", "trickle", "flaky")


def main() -> None:
    """Compare all kinds of endpoints."""
    kinds = [kind for kind in KINDS if kind not in LEFT_OUT]
    with Simulator(Fleet.single([])) as simulator:
        opened = [simulator.endpoint(kind) for kind in kinds]
        theirs = dict(zip(kinds, sslyze_finds([item.port for item in opened]), strict=True))
        query = ProbeQuery(
            tuple(Endpoint(item.address, item.port, SHOP) for item in opened), retries=0, tls_versions=True
        )
        ours = dict(zip(kinds, map(compared, probe_all(query, int(time.time()))), strict=True))
    differences = [kind for kind in kinds if ours[kind] != theirs[kind]]
    for kind in differences:
        print(f"{kind}:\n  we find     {ours[kind]}\n  sslyze finds {theirs[kind]}")
    reached = sum(finding is not None for finding in ours.values())
    print(f"{len(kinds)} endpoints, {reached} of them with TLS, {len(differences)} differences")
    if differences or not reached:
        raise SystemExit(1)


def compared(facts: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is compared; ``None`` for an endpoint that could not be reached."""
    if not facts["reachable"]:
        return None
    chain = [facts["fingerprint"], *(item["fingerprint_sha256"] for item in facts["x509"]["chain"])]
    return {"chain": chain, "versions": facts["tls_versions"], "covers": facts["covers_server_name"]}


def sslyze_finds(ports: list[int]) -> list[dict[str, Any] | None]:
    """Return the same of sslyze, for endpoints on the loopback address."""
    scanner = Scanner()
    requests = [
        ServerScanRequest(
            ServerNetworkLocation(hostname=SHOP, ip_address="127.0.0.1", port=port),
            ServerNetworkConfiguration(tls_server_name_indication=SHOP, network_max_retries=1),
            scan_commands={ScanCommand.CERTIFICATE_INFO, *VERSIONS.values()},
        )
        for port in ports
    ]
    scanner.queue_scans(requests)
    found = {result.server_location.port: _finding(result.scan_result) for result in scanner.get_results()}
    return [found[port] for port in ports]


def _finding(result: Any) -> dict[str, Any] | None:
    if result is None:
        return None
    (deployment,) = result.certificate_info.result.certificate_deployments
    ders = [item.public_bytes(Encoding.DER) for item in deployment.received_certificate_chain]
    names = deployment.received_certificate_chain[0].extensions
    listed = names.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    return {
        "chain": [hashlib.sha256(der).hexdigest() for der in ders],
        "versions": {
            name: getattr(result, command.value).result.is_tls_version_supported for name, command in VERSIONS.items()
        },
        "covers": SHOP in listed,
    }


if __name__ == "__main__":
    main()
