# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the listeners of the demo data serve: both modules, the filter between them, and the audit of the result."""

from __future__ import annotations

from ansible_collections.ucloud.ulb.plugins.filter.ssl_audit import ssl_audit
from ansible_collections.ucloud.ulb.plugins.filter.ssl_endpoints import ssl_endpoints
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto
from ansible_collections.ucloud.ulb.plugins.modules import ssl_endpoint_info, ssl_info
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.tests.simulator import Simulator, demo
from ansible_collections.ucloud.ulb.tests.simulator.datasets import demo_sites

from .conftest import Execute


def test_the_demo_shows_every_problem_of_endpoints(execute: Execute) -> None:
    with Simulator(demo()) as sim:
        demo_sites.open_sites(sim)
        account = sim.accounts["main"]
        options = {
            "public_key": account.public_key,
            "private_key": account.private_key,
            "base_url": sim.https_url,
            "ca_path": sim.ca_path,
            "trust_store": sim.roots_path,
            "regions": ["all"],
            "project_ids": ["all"],
            "listeners": True,
        }
        fleet = execute(ssl_info.main, options).result
        probe = {"endpoints": ssl_endpoints(fleet), "trust_store": sim.roots_path, "tls_versions": True}
        served = execute(ssl_endpoint_info.main, probe).result["endpoints"]

    names = {item["load_balancer_id"]: item["load_balancer_name"] for item in fleet["listeners"]}
    found: dict[str, set[str]] = {}
    for finding in ssl_audit({**fleet, "endpoints": served})["findings"]:
        if finding["endpoint"] and finding["status"] == "fail":
            found.setdefault(finding["check"], set()).add(names[finding["load_balancer_id"]])
    expected = {check: set(names) for check, names in demo_sites.EXPECTED.items()}
    if crypto.path_library_problem():
        # Whether an expired intermediate matters can only be known with a library that looks for other paths.
        expected["endpoint_untrusted"].remove("radio")
    assert found == expected
    # Nothing publishes whether a certificate of the demo is revoked.
    endpoint_checks = {check.id for check in CATALOGUE.values() if check.topic == "endpoint"}
    assert endpoint_checks - found.keys() == {"cert_revoked"}
    assert {finding["error"] for finding in served} >= {None, "alert", "refused", "not_tls"}
