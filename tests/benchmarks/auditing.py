# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmarks of the audit with many certificates."""

from __future__ import annotations

import copy
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import LoadBalancer
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import TlsPolicy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.collector import without_collector
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy

from ..simulator import bulk
from ..simulator.balancers import application, host_rule, listener, policy, predefined_policies
from .harness import Result, alternate, benchmark, timed

MANY, SOME, FEW, KINDS = 100_000, 10_000, 1_000, 100
#: The strictest TLS policy of the platform, which fails a check, and one that passes all.
_POLICIES: dict[str | None, TlsPolicy] = {
    "security-tls12s": next(map(TlsPolicy.from_api, predefined_policies())),
    "strict": TlsPolicy.from_api(policy("strict", "TLSv1.2", ["ECDHE-RSA-AES128-GCM-SHA256"])),
}
EVERYTHING = {
    "checks": {
        "private_key_stored": True,
        "cert_issuer_not_allowed": {"allowed_issuers": ["Example Trust Services"]},
        "cert_domain_uncovered": {"expected_domains": ["node1.example.com", "nowhere.example.com"]},
    }
}


@benchmark("audit with all checks: time per certificate at 100,000 / at 1,000", goal=1.2)
def audit_growth(runs: int) -> Result:
    """Time of checks that compare certificates, which must not compare all pairs."""
    now = int(time.time())
    fleet = list(facts_of(MANY, now))
    result = alternate(timed(lambda: judge(fleet, now)), timed(lambda: judge(fleet[:FEW], now)), runs)
    return Result(result.a / MANY, result.b / FEW, runs)


@benchmark("audit: most memory with the facts / the facts alone, 100,000 certificates", goal=3)
def audit_memory(runs: int) -> Result:
    """Memory of the audit, which must not copy facts."""
    return alternate(partial(_peak, "audit"), partial(_peak, "facts"), runs)


@benchmark("HTML report: most memory with audit and facts / those alone, 100,000 certificates", goal=2)
def html_memory(runs: int) -> Result:
    """Memory of the HTML report, which must depend only on what it shows."""
    return alternate(partial(_peak, "html"), partial(_peak, "audit"), runs)


@benchmark("audit of 10,000 certificates with 20,000 listeners / without listeners", goal=1.5)
def audit_listeners(runs: int) -> Result:
    """Time that listeners add to an audit with all checks."""
    now = int(time.time())
    fleet = list(facts_of(SOME, now))
    listeners = list(_listeners(fleet))
    return alternate(timed(lambda: judge(fleet, now, listeners)), timed(lambda: judge(fleet, now)), runs)


def _listeners(certificates: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Bind each certificate to an HTTPS listener for its names, and return these with an HTTP listener for each."""
    for number, facts in enumerate(certificates):
        balancer_id, name = f"alb-{number:08x}", facts["ssl_name"]
        rules = [host_rule(f"rule-{number}", host) for host in facts["domains"]]
        policy_id = "strict" if number % 2 else "security-tls12s"
        rows = [
            listener(f"lsn-{number:08x}", certificates=[(facts["ssl_id"], True)], policy_id=policy_id, rules=rules),
            listener(f"lsn-h{number:08x}", "http-80", protocol="HTTP", port=80, redirect_port=443),
        ]
        balancer = LoadBalancer.from_application(
            application(balancer_id, name, rows), facts["region"], facts["project_id"]
        )
        facts["bound"] = True
        facts["bindings"] = [
            {"listener_id": rows[0]["ListenerId"], "load_balancer_id": balancer_id, "is_default": True}
        ]
        yield from (item.with_policy(_POLICIES).to_facts() for item in balancer.listeners or ())


def _peak(step: str) -> float:
    program = [sys.executable, "-m", f"{__package__}.audit_memory", step]
    return float(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


@without_collector()
def judge(certificates: list[dict[str, Any]], now: int, listeners: list[dict[str, Any]] | None = None) -> Any:
    """Run the audit with all checks, as the filter does."""
    policy = Policy.from_data(EVERYTHING)
    listing = {"certificates": certificates, "complete": True, "errors": [], "listeners": listeners}
    listing["listeners_complete"] = None if listeners is None else True
    found = audit(fleet_of(listing, policy, now, "ucloud_"), policy, now)
    if found["summary"]["certificates"] != len(certificates):
        raise AssertionError("not all certificates were judged")
    if found["summary"]["listeners"] != (None if listeners is None else len(listeners)):
        raise AssertionError("not all listeners were judged")
    return found


def facts_of(count: int, now: int) -> Iterator[dict[str, Any]]:
    """Return facts of a number of certificates. All are different, except that one in fifty exists twice."""
    kinds = [
        Certificate.from_api(row, region, project).with_content(read_content(row["SSLContent"])).to_facts(now)
        for region, project, row in bulk(KINDS, distinct=1.0)
    ]
    for number in range(count):
        yield _variant(kinds[number % KINDS], number - number % 50 if number % 50 == 1 else number, number)


def _variant(kind: dict[str, Any], certificate: int, upload: int) -> dict[str, Any]:
    facts = copy.deepcopy(kind)
    digest = hashlib.sha256(str(certificate).encode()).hexdigest()
    names = [f"node{certificate}.example.com", f"www.node{certificate}.example.com"]
    facts.update(ssl_id=f"ssl-{upload:08x}", ssl_name=names[0], domains=names)
    facts["x509"].update(
        fingerprints={"sha256": digest, "sha1": digest[:40]},
        spki_sha256=digest[::-1],
        serial_number=f"0x{certificate:x}",
        subject={**facts["x509"]["subject"], "common_name": names[0]},
        subject_alt_names=[f"DNS:{name}" for name in names],
    )
    return facts
