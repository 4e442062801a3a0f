# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The overview of certificates."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_overview import render
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.sanitize import columns
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW, Facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import plain_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import listeners_audit

EVIL = "x\x1b[2J\u202e\u2028\r\n\x9b31m"


def dated(name: str, days: float | None, bound: bool | None = True, **changes: Any) -> Facts:
    facts = audit_facts.facts(ssl_id=f"ssl-{name}", name=name)
    not_after = None if days is None else int(NOW + days * DAY)
    facts |= {
        "not_before_epoch": NOW - 900 * DAY, "not_after_epoch": not_after, "bound": bound, "domains": ["a.example.com"],
        "domains_from": "api",
        **changes,
    }  # fmt: skip
    return facts if bound else {**facts, "bindings": []}


FLEET = [
    dated("later", 40),
    dated("unbound", -9, bound=False),
    dated("unbound-later", 31, bound=False),
    dated("not-known", None, bindings=[]),
    dated("maybe", None, bound=None),
    dated("soon", 30.5),
    dated("sooner", 2.9),
    dated("early", 90, not_before_epoch=NOW + DAY),
    dated("expired", -0.1),
    dated("long-expired", -3),
]


def table(facts: list[Facts], policy: dict[str, Any] | None = None, complete: bool = True, **options: Any) -> list[str]:
    audit = audit_facts.audit(audit_facts.listing(*facts, complete=complete), policy)
    return render(audit, **options).splitlines()


def test_what_needs_attention_comes_first() -> None:
    lines = table(FLEET)

    assert [line.split()[:1] + line[9:36].split() for line in lines[1:-1]] == [
        ["expired", "-3", "long-expired"],
        ["expired", "-1", "expired"],
        ["not", "90", "early"],
        ["valid", "2", "sooner"],
        ["valid", "30", "soon"],
        ["unknown", "-", "maybe"],
        ["unknown", "-", "not-known"],
        ["valid", "40", "later"],
        ["expired", "-9", "unbound"],
        ["valid", "31", "unbound-later"],
    ]
    assert lines[-1] == (
        "10 certificates, 3 expired, 2 with at most 30 days left, 1 not valid yet, 2 without known dates"
    )


def test_the_policy_says_what_is_soon() -> None:
    policy = {"checks": {"cert_expiring_warning": {"days": 2}}}
    assert "1 with at most 2 days left" in table(FLEET, policy)[-1]
    assert "0 with at most 1.5 days left" in table(FLEET, {"checks": {"cert_expiring_warning": {"days": 1.5}}})[-1]
    assert "2 with at most 30 days left" in table(FLEET, {"checks": {"cert_expiring_warning": False}})[-1]


@pytest.mark.parametrize(("limit", "shown"), [(0, 0), (3, 3), (10, 10), (99, 10), (None, 10)])
def test_a_limit(limit: int | None, shown: int) -> None:
    lines = table(FLEET, limit=limit)
    more = [f"… and {10 - shown} more"] if shown < 10 else []
    assert lines[1 + shown :] == [*more, lines[-1]]


def test_without_certificates_there_is_no_table() -> None:
    assert [line.partition(",")[0] for line in table([])] == ["0 certificates"]


def test_an_incomplete_listing() -> None:
    errors = [{"region": region, "project_id": "org-1"} for region in ("hk", "cn-sh2")]
    data = audit_facts.listing(*FLEET, complete=False, errors=errors)
    assert render(audit_facts.audit(data)).endswith("\nINCOMPLETE: Not listed: cn-sh2 (org-1), hk (org-1).\n")
    assert render(audit_facts.audit(data), width=0).endswith("Not listed: cn-sh2 (org-1),\n  hk (org-1).\n")
    unchecked = audit_facts.audit(data, {"checks": {"listing_incomplete": False}})
    assert render(unchecked).endswith("\nINCOMPLETE: Some regions or projects were not listed.\n")


def test_listeners_are_counted_by_protocol() -> None:
    assert "\n4 listeners (2 HTTPS, 1 HTTP, 1 TCP), 2 not compliant\n" in render(listeners_audit())
    assert "listeners" not in render(plain_audit())
    assert "\n0 listeners, 0 not compliant\n" in render(plain_audit() | {"listeners": []})


def test_cells() -> None:
    named = dated("证书", 40, domains=["a.example.com", "b.example.com", "c.example.com"])
    listener = {"load_balancer_id": "alb-1", "load_balancer_name": None, "listener_id": None, "is_default": False}
    named["bindings"] = [listener, *named["bindings"]]
    unread = dated("", None, bound=None, domains=[], domains_from=None, bindings=[], region=None, project_id=None)
    nameless = dated("y", 50, bound=False, domains=[], domains_from="certificate", ssl_name=None)

    header, *rows = (line.split() for line in table([named, unread, nameless])[:-1])
    assert header == ["STATE", "DAYS", "CERTIFICATE", "DOMAINS", "REGION/PROJECT", "SERVED", "BY", "AS"]
    assert rows == [
        ["unknown", "-", "ssl-", "?", "?", "-"],
        ["valid", "40", "证书", "a.example.com", "+2", "cn-bj2/org-1", "alb-1", "→", "?", "+1", "SNI"],
        ["valid", "50", "ssl-y", "-", "cn-bj2/org-1", "-", "-"],
    ]


@pytest.mark.parametrize("width", [70, 109, 120, 300])
def test_every_line_has_the_width(width: int) -> None:
    facts = [*FLEET, dated("证书" * 99, 10, domains=["域" * 99])]
    lines = table(facts, width=width)[: len(facts) + 1]
    assert {
        columns(line[: line.rindex(" ") + 1]) for line in lines if line.endswith(("AS", "-", "SNI", "default"))
    } == {width - 7}


def test_a_width_that_is_too_small_cuts_names_and_not_regions() -> None:
    (_header, line, _summary) = table([dated("name", 40)], width=0)
    assert "cn-bj2/org-1" in line


def test_no_name_controls_a_terminal() -> None:
    relation = {f"{kind}{field}": EVIL for kind in ("LoadBalancer", "Listener") for field in ("Id", "Name")}
    record = {"SSLId": EVIL, "SSLName": EVIL, "Domains": EVIL, "Relations": [relation]}
    facts = Certificate.from_api(record, EVIL, EVIL).to_facts(0)

    text = render(audit_facts.audit(audit_facts.listing(facts)), width=300)

    # White space, the line separator included, becomes one space.
    shown = "x\ufffd[2J\ufffd \ufffd31m"
    assert f"  {shown}/{shown}  {shown}" in text
    assert {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")} == {"\n"}
    assert len(text.splitlines()) == 3


def test_endpoints_are_counted() -> None:
    assert "5 endpoints, 1 unreachable, 2 not compliant" in render(endpoints_audit()).splitlines()
    assert "endpoints" not in render(listeners_audit())
