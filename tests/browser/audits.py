# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits for browser tests: of the simulator's certificates and listeners, and of thousands of them."""

from __future__ import annotations

import functools
import time
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._options import settings
from ansible_collections.ucloud.ulb.plugins.modules.ssl_info import list_certificates
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.tests.simulator import Simulator, demo
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import NOW, certificate
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import ADDRESSES, listener
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import POLICY as OLD_TLS

DAY = 86400
POLICY = {
    "waivers": [
        {
            "check": "cert_self_signed",
            "domain": "admin.example.org",
            "reason": "Internal console behind the VPN, accepted by the security board, ticket 4711.",
            "expires": "2099-01-31",
        },
        {"check": "*", "name": "fax*", "reason": "Goes away with the fax gateway.", "expires": "2099-12-31"},
        {"check": "cert_unused", "name": "spare*", "reason": "Kept for the migration.", "expires": "2020-10-01"},
    ],
}


def judge(
    facts: list[dict[str, Any]], now: int, rules: dict[str, Any], baseline: Any = None, listeners: Any = None
) -> Any:
    policy = Policy.from_data(rules)
    listing = {"certificates": facts, "complete": True, "total_count": len(facts), "count": len(facts), "errors": []}
    listing |= {"listeners": listeners, "listeners_complete": None if listeners is None else True}
    return audit(fleet_of(listing, policy, now, "ucloud_"), policy, now, baseline)


@functools.cache
def _demo_listing() -> tuple[dict[str, Any], int]:
    """The demo certificates and listeners, and when they were listed."""
    now = int(time.time())
    with Simulator(demo()) as simulator:
        account = simulator.accounts["main"]
        options = {
            "public_key": account.public_key, "private_key": account.private_key, "base_url": simulator.https_url,
            "ca_path": str(simulator.ca_path), "validate_certs": True, "timeout": 30, "total_timeout": 3600,
            "max_retries": 5, "concurrency": 8, "page_size": 100, "content": "none", "on_error": "fail",
            "on_unreadable": "warn",
            "regions": ["all"], "project_ids": ["all"], "listeners": True,
        }  # fmt: skip
        wanted = settings(options)
        listing, _warnings = list_certificates(Client(wanted.connection, "tests"), wanted, now)
    return listing, now


@functools.cache
def demo_audit(*, with_listeners: bool = True) -> Any:
    """The demo certificates and listeners, compared with an audit of twelve days ago, with waivers."""
    listing, now = _demo_listing()
    facts, listeners = listing["certificates"], listing["listeners"] if with_listeners else None
    old = [item for item in facts if not item["ssl_name"].startswith("pay.")]
    return judge(facts, now, POLICY, judge(old, now - 12 * DAY, {}, listeners=listeners), listeners)


@functools.cache
def large_audit(count: int = 10_000) -> Any:
    """Many certificates: one in ten has expired, the next one expires in days."""
    facts = [
        certificate(
            f"ssl-{number:05d}",
            f"node{number:05d}.example.com",
            -10 if number % 10 == 0 else 5 if number % 10 == 1 else 60 + number % 300,
            region=("cn-bj2", "hk")[number % 2],
            domains=[f"node{number:05d}.example.com"],
            not_after="2027-01-31T00:00:00Z",
            not_before_epoch=NOW - 60 * DAY,
            bindings=[
                {
                    "load_balancer_id": f"alb-{number // 8}", "load_balancer_name": f"balancer {number // 8}",
                    "load_balancer_type": "application", "listener_id": f"lsn-{number}", "listener_name": "https",
                    "is_default": True,
                }
            ],
        )
        for number in range(count)
    ]  # fmt: skip
    return judge(facts, NOW, {"checks": {"cert_internal_name": False}})


@functools.cache
def fleet_audit(count: int = 500) -> Any:
    """Many load balancers with two listeners: HTTPS, every fifth one with old TLS versions, and a redirect to it."""
    facts, listeners = [], []
    for number in range(count):
        host = f"www.shop{number}.example.com"
        facts.append(
            certificate(
                f"ssl-{number}", host, 60 + number % 300, domains=[host], not_before_epoch=NOW - 60 * DAY,
                not_after="2027-01-31T00:00:00Z",
            )
        )  # fmt: skip
        common = {
            "load_balancer_id": f"alb-{number}", "load_balancer_name": f"shop {number}", "http2": True,
            "load_balancer_type": "application",
            "addresses": [{**ADDRESSES[0], "address": f"10.{number // 250}.7.{number % 250}"}],
        }  # fmt: skip
        policy = OLD_TLS if number % 5 == 0 else {**OLD_TLS, "minimum_version": "TLSv1.2"}
        served = [{"ssl_id": f"ssl-{number}", "is_default": True}]
        hosts = [{"pattern": host, "match": "exact"}]
        listeners += [
            listener(
                f"lsn-{number}-443", **common, listener_name="https-443", protocol="HTTPS", port=443, redirects=False,
                tls=policy, hosts=hosts, certificates=served,
            ),
            listener(
                f"lsn-{number}-80", **common, listener_name="http-80", protocol="HTTP", port=80, redirects=True,
                redirects_to_port=443, hosts=[], certificates=[],
            ),
        ]  # fmt: skip
    checks = {"cert_internal_name": False, "listener_weak_ciphers": False, "binding_drift": False}
    return judge(facts, NOW, {"checks": checks}, listeners=listeners)
