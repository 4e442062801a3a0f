# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any number of load balancers for benchmarks, with four listeners each."""

from __future__ import annotations

from typing import Any

from ..balancers import Record, application, classic, domain_policy, host_rule, listener, policy, vserver
from ..fleet import Fleet

LISTENERS_EACH = 4
_POLICY = policy("sp-bulk", "TLSv1.2", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"])


def add_bulk_balancers(fleet: Fleet, count: int) -> None:
    """Add load balancers, distributed equally over all regions and projects, half of them classic ones.

    Their ids are those that bulk certificates are bound to. Classic listeners contain certificates and keys.
    """
    if count < 0:
        raise ValueError("a fleet cannot have fewer than 0 load balancers")
    scopes = [(region, project) for project in fleet.project_ids for region in fleet.region_names]
    for index, (region, project) in enumerate(scopes):
        records = fleet.listing(region, project)
        content = str(records[0]["SSLContent"]) if len(records) else ""
        found = fleet.balancers(region, project)
        found.policies.append(_POLICY)
        for number in range(count * index // len(scopes), count * (index + 1) // len(scopes)):
            if number % 2:
                found.classics.append(_classic(number // 2, content))
            else:
                found.applications.append(_application(number // 2))


def _application(number: int) -> Record:
    first = 100 * number
    served = [(f"ssl-bulk{first + 1:06d}", True), (f"ssl-bulk{first + 2:06d}", False)]
    rules = [host_rule(f"rule-{each}", f"www.node{each}.example.com") for each in range(5)]
    return application(
        f"alb-bulk{number:04d}",
        f"alb {number}",
        [
            listener(f"lsn-bulk{first + 1:06d}", certificates=served, policy_id="sp-bulk", rules=rules),
            listener(f"lsn-bulk{first + 2:06d}", "https-8443", port=8443, certificates=served[:1]),
            listener(f"lsn-bulk{first + 5:06d}", "http-80", protocol="HTTP", port=80, redirect_port=443),
            listener(f"lsn-bulk{first + 6:06d}", "http-8080", protocol="HTTP", port=8080),
        ],
        addresses=[f"203.0.113.{number % 256}"],
    )


def _classic(number: int, content: str) -> Record:
    first = 100 * number
    served: dict[str, Any] = {
        "SSLSet": [{"SSLId": f"ssl-bulk{first:06d}", "SSLName": f"bulk {first:06d}", "SSLContent": content}]
    }
    hosts = [domain_policy(f"pol-{each}", f"www.node{each}.example.com") for each in range(5)]
    return classic(
        f"ulb-bulk{number:04d}",
        f"ulb {number}",
        [
            vserver(f"vserver-bulk{first:06d}", bound_policy=_POLICY, policies=hosts, **served),
            vserver(f"vserver-bulk{first + 4:06d}", "https-8443", port=8443, bound_policy=_POLICY, **served),
            vserver(f"vserver-bulk{first + 8:06d}", "http-80", protocol="HTTP", port=80, forward_port=443),
            vserver(f"vserver-bulk{first + 12:06d}", "tcp-25", protocol="TCP", port=25),
        ],
        addresses=[f"198.51.100.{number % 256}"],
    )
