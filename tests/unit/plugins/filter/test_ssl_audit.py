# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter. The audit itself has tests of its own."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.ucloud.ulb.plugins.filter import ssl_audit as plugin
from ansible_collections.ucloud.ulb.plugins.filter.ssl_audit import ssl_audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._unsafe import untrusted
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts

NOW = audit_facts.NOW
CERTIFICATES = audit_facts.listing(
    audit_facts.compliant(name="{{ 7 * 7 }}"), audit_facts.facts("no certificate", ssl_id="ssl-2")
)


def test_the_filter_audits() -> None:
    assert plugin.FilterModule().filters() == {"ssl_audit": ssl_audit}
    assert ssl_audit(CERTIFICATES, now=NOW) == audit_facts.audit(CERTIFICATES)
    assert ssl_audit(CERTIFICATES["certificates"], now=NOW) == audit_facts.audit(CERTIFICATES["certificates"])


@pytest.mark.parametrize("now", [NOW, str(NOW), "2026-11-24", "2026-11-24T00:00:00Z", date(2026, 11, 24)])
def test_the_moment_can_be_pinned(now: Any) -> None:
    assert ssl_audit(CERTIFICATES, now=now)["evaluated_at"] == "2026-11-24T00:00:00Z"


def test_the_present_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW + 0.9)

    assert ssl_audit([])["evaluated_at"] == "2026-11-24T00:00:00Z"
    # The first second of 1970 is valid as well.
    assert ssl_audit([], now=0)["evaluated_at"] == "1970-01-01T00:00:00Z"


def test_a_policy() -> None:
    policy = {"checks": {"cert_internal_name": False}}

    assert ssl_audit(CERTIFICATES, policy, NOW) == audit_facts.audit(CERTIFICATES, policy)
    assert ssl_audit([], policy=policy)["policy"] == Policy.from_data(policy).to_data()


def test_a_baseline() -> None:
    before = ssl_audit(CERTIFICATES, now=NOW)

    assert ssl_audit(CERTIFICATES, now=NOW, baseline=before) == audit_facts.audit(CERTIFICATES, baseline=before)
    assert ssl_audit([], baseline=before)["summary"]["changes"]["not_checked"] == len(before["findings"])


def test_a_waiver_of_everything_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(plugin.display, "warning", said.append)
    waiver = {"check": "*", "name": "*", "reason": "It is so.", "expires": "2027-01-31"}

    audit = ssl_audit([], {"waivers": [waiver]}, NOW)
    ssl_audit([], {"waivers": [{**waiver, "check": "cert_expired"}]}, NOW)

    assert said == audit["warnings"]
    assert len(said) == 1
    assert said[0].startswith("The waiver of all checks for the name * accepts every problem ")


@pytest.mark.parametrize("value", [2027, 20270131, 31])
def test_a_year_is_no_moment(value: int) -> None:
    waiver = {"check": "cert_expired", "name": "x", "reason": "r", "expires": value}

    with pytest.raises(
        AnsibleFilterError, match=rf"^policy\.waivers\[0\]\.expires: {value} is not a valid timestamp\. "
    ):
        ssl_audit([], {"waivers": [waiver]})
    with pytest.raises(AnsibleFilterError, match=rf"^now: {value} is not a valid timestamp\. "):
        ssl_audit([], now=value)


def test_hosts_of_the_inventory() -> None:
    hosts = {"a": {f"x_{name}": value for name, value in audit_facts.compliant().items()}}

    assert ssl_audit(hosts, hostvars_prefix="x_")["summary"]["certificates"] == 1
    with pytest.raises(AnsibleFilterError, match="no host has a variable ucloud_ssl_id or ucloud_certificates"):
        ssl_audit(hosts)


def test_no_sentence_becomes_a_template() -> None:
    (finding, *_unused) = ssl_audit(CERTIFICATES, {"checks": {"cert_expired": {"severity": "critical"}}}, "2037-01-01")[
        "findings"
    ]

    assert finding["ssl_name"] == "{{ 7 * 7 }}"
    assert finding["ssl_name"].__class__ is type(untrusted("x"))
    assert finding["detail"].__class__ is type(untrusted("x"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"certificates": "ssl-1"}, r"certificates: str cannot be audited\. Give a list "),
        ({"now": "soon"}, r"now: 'soon' is not a valid timestamp\. Give one such as "),
        (
            {"policy": {"checks": {"cert_x": True}}},
            r"policy\.checks: unknown 'cert_x'\. .*Valid values: cert_expired, ",
        ),
        ({"policy": {"waivers": [{}]}}, r"policy\.waivers\[0\]\.check: missing\. "),
        ({"baseline": {"findings": [{}]}}, r"baseline\.findings\[0\]\.check: missing\. "),
    ],
)
def test_problems_are_told_as_ansible_does(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"^{message}"):
        ssl_audit(**{"certificates": [], **arguments})


def test_the_policy_of_the_example_is_one() -> None:
    tasks = DataLoader().load(plugin.EXAMPLES)

    policy = Policy.from_data(tasks[1]["vars"]["policy"])
    assert [rule.severity for rule in policy.rules if rule.check.id == "cert_issuer_not_allowed"] == ["high"]
    assert policy.waivers[0].expires == 1801439999
