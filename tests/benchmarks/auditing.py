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
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy

from ..simulator import bulk
from .harness import Result, alternate, benchmark, timed

MANY, FEW, KINDS = 100_000, 1_000, 100
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


def _peak(step: str) -> float:
    program = [sys.executable, "-m", f"{__package__}.audit_memory", step]
    return float(subprocess.run(program, check=True, capture_output=True, text=True).stdout)


def judge(certificates: list[dict[str, Any]], now: int) -> Any:
    """Run the audit with all checks."""
    policy = Policy.from_data(EVERYTHING)
    listing = {"certificates": certificates, "complete": True, "errors": []}
    found = audit(fleet_of(listing, policy, now, "ucloud_"), policy, now)
    if found["summary"]["certificates"] != len(certificates):
        raise AssertionError("not all certificates were judged")
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
