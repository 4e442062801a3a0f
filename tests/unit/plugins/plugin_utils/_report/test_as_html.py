# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report: its contents, and that no data in it becomes active. See tests/browser for tests with a browser."""

from __future__ import annotations

import base64
import calendar
import hashlib
import json
import re
from collections import Counter
from datetime import datetime, timezone
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit as evaluate
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_html import content_security_policy, render
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.page import texts
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.page.balancers import ListenerSection
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.page.listeners import Offer
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.page.model import Report
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.page.timeline import Timeline
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    EXPIRED,
    GOOD,
    HOSTILE,
    INVISIBLE,
    NOW,
    certificate,
    hostile_audit,
    plain_audit,
    unread_audit,
    waived_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import (
    endpoint,
    endpoint_finding,
    endpoints_audit,
    with_endpoints,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import served as serving
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import (
    HOST,
    HTTP,
    HTTPS,
    ODD,
    SHOP,
    STRANGE,
    TCP,
    listener,
    listener_finding,
    listeners_audit,
    with_listeners,
)

VOID = {"meta", "input", "br", "link", "img"}
#: Elements that must not contain data of an audit, and those that could load or send something.
RAW = {"script", "style"}
ACTIVE = {"a", "audio", "base", "embed", "form", "iframe", "image", "img", "link", "object", "source", "use", "video"}
DAY = 86400


class Page(HTMLParser):
    """The elements of a page with their attributes, in order, and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag
            and all(attributes.get(key.rstrip("_").replace("_", "-")) == value for key, value in wanted.items())
        ]

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _tag, attributes in self.elements if name in (attributes.get("class") or "").split()]

    def text(self) -> str:
        return " ".join(" ".join(data for tag, data in self.texts if tag not in RAW).split())

    def raw(self, tag: str) -> list[str]:
        return [data for name, data in self.texts if name == tag]


def judge(*facts: dict[str, Any], rules: dict[str, Any] | None = None, complete: bool = True) -> Any:
    policy = Policy.from_data(rules or {"checks": {"cert_internal_name": False}})
    listing = {"certificates": list(facts), "complete": complete, "total_count": len(facts), "count": len(facts)}
    errors = [] if complete else [{"region": "hk", "project_id": "org-b"}]
    return evaluate(fleet_of({**listing, "errors": errors}, policy, NOW, "ucloud_"), policy, NOW)


def binding(listener: str, *, is_default: bool | None) -> dict[str, Any]:
    return {
        "load_balancer_id": "alb-1",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "listener_id": listener,
        "listener_name": f"https {listener}",
        "is_default": is_default,
    }


def bound(ssl_id: str, name: str, days: float, *bindings: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return certificate(ssl_id, name, days, bindings=list(bindings), not_after="2027-01-31T00:00:00Z", **facts)


@pytest.fixture(scope="module")
def hostile() -> Page:
    return Page(render(hostile_audit()))


def test_it_is_a_whole_page_of_balanced_elements(hostile: Page) -> None:
    text = render(hostile_audit())
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n')
    assert text.endswith("</html>\n")
    assert (hostile.unbalanced, hostile.open) == ([], [])


@pytest.mark.parametrize("make", [hostile_audit, plain_audit, judge, listeners_audit])
def test_the_content_security_policy_lets_just_this_style_and_script_be(make: Any) -> None:
    page = Page(render(make()))
    (policy,) = page.all("meta", http_equiv="Content-Security-Policy")
    (style,), (script,) = page.raw("style"), page.raw("script")

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; script-src 'sha256-{digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_a_policy_for_no_script() -> None:
    assert content_security_policy([], []) == (
        "default-src 'none'; style-src 'none'; script-src 'none'; base-uri 'none'; form-action 'none'"
    )


def test_the_policy_stands_before_everything_that_it_is_about(hostile: Page) -> None:
    names = [tag for tag, _attributes in hostile.elements]
    assert names[:4] == ["html", "head", "meta", "meta"]
    assert names.index("style") > 3


def test_hostile_strings_make_no_elements_and_no_attributes(hostile: Page) -> None:
    counts = Counter(tag for tag, _attributes in hostile.elements)
    assert (counts["script"], counts["style"]) == (1, 1)
    assert {tag for tag in counts if tag in ACTIVE} == {"a"}
    for tag, attributes in hostile.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc", "xlink:href")
        ], tag
    assert all((link["href"] or "").startswith("#") for link in hostile.all("a"))


def test_hostile_strings_are_shown_as_they_are_apart_from_what_cannot_be_seen(hostile: Page) -> None:
    text = hostile.text()
    assert HOSTILE in text
    assert "49" not in re.findall(r"\b49\b", text)
    raw = render(hostile_audit())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe]", raw)
    assert "\ufffd\ufffd[31m" in raw


def test_hostile_strings_are_whole_in_attributes(hostile: Page) -> None:
    options = [option["value"] for option in hostile.all("option")]
    assert "cert_domain_uncovered" in options
    labels = [link["aria-label"] for link in hostile.all("a") if link.get("aria-label")]
    assert len(labels) == 5
    assert (labels[0] or "").startswith(HOSTILE[:70])


def test_ids_are_unique_and_links_lead_somewhere(hostile: Page) -> None:
    ids = [attributes["id"] for _tag, attributes in hostile.elements if attributes.get("id")]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    targets = {(link["href"] or "")[1:] for link in hostile.all("a")}
    assert {target for target in targets if "=" not in target} <= set(ids)


def test_headings_are_in_order(hostile: Page) -> None:
    levels = [int(tag[1]) for tag, _attributes in hostile.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_is_the_same_every_time() -> None:
    assert render(hostile_audit()) == render(json.loads(json.dumps(hostile_audit())))


def test_the_title_is_escaped() -> None:
    page = Page(render(plain_audit(), title="</title><script>alert(1)</script> & co"))
    assert page.raw("title")[0] == "</title><script>alert(1)</script> & co – 24 November 2026, 00:00 UTC"
    assert len(page.all("script")) == 1


def test_an_audit_of_nothing() -> None:
    page = Page(render(judge()))
    assert "Nothing was checked This audit has no certificates." in page.text()
    assert page.of_class("verdict")[0]["class"] == "verdict empty"
    assert page.of_class("chart") == []


def test_an_audit_without_findings() -> None:
    page = Page(render(plain_audit()))
    assert "Compliant No finding in 1 certificate." in page.text()
    assert page.of_class("verdict")[0]["class"] == "verdict compliant"
    assert page.of_class("finding") == []
    assert "Changes" not in page.text()


def test_the_verdict_says_how_many_of_what() -> None:
    page = Page(render(judge(bound("ssl-1", "old", -2.5), bound("ssl-2", "soon", 3), bound("ssl-3", "good", 80))))
    assert "Critical: act now 2 findings: 1 critical and 1 high in 3 certificates." in page.text()
    assert (
        "Certificates 3 Compliant 1 33 % Waived 0 Not compliant 2"
        " Critical 1 High 1 Medium 0 Low 0 Undecided 0 Waived findings 0"
    ) in page.text()
    assert [rect["width"] for rect in page.all("rect") if rect.get("height") == "14"] == ["33.333%"] * 3


def test_a_listing_that_is_not_complete_is_said_at_the_top() -> None:
    made = judge(bound("ssl-1", "good", 80), complete=False)
    (finding,) = made["findings"]
    page = Page(render(made))
    assert len(page.of_class("banner")) == 1
    consequence = "Certificates that were not listed were not checked."
    assert f"This report does not cover everything. {finding['detail']} {consequence}" in page.text()
    assert {"href": f"#f-{finding['fingerprint']}"} in page.all("a")
    assert Page(render(judge(bound("ssl-1", "good", 80)))).of_class("banner") == []


def test_findings_are_grouped_the_worst_first() -> None:
    page = Page(render(judge(bound("ssl-1", "old", -2.5), bound("ssl-2", "soon", 3), bound("ssl-3", "sooner", 2))))
    assert [group["class"] for group in page.of_class("group")] == [
        "group critical fail",
        "group high fail",
    ]
    rows = [
        (row["data-severity"], row["data-check"], row["data-status"], row["data-region"])
        for row in page.of_class("finding")
    ]
    assert rows == [
        ("critical", "cert_expired", "fail", "cn-bj2"),
        ("high", "cert_expiring_critical", "fail", "cn-bj2"),
        ("high", "cert_expiring_critical", "fail", "cn-bj2"),
    ]
    assert "days_since_expiry 2.5" in page.text()


def test_what_cannot_be_decided_about_a_certificate_is_one_row() -> None:
    unreadable = certificate("ssl-1", "broken", x509=None, x509_error="no", not_after_epoch=None, not_before_epoch=None)
    made = judge(unreadable)
    undecided = [item["check"] for item in made["findings"] if item["status"] == "unknown"]
    page = Page(render(made))
    (row,) = (row for row in page.of_class("finding") if row["data-status"] == "unknown")
    assert (row["data-check"] or "").split() == undecided
    assert len(undecided) > 10
    assert "1 certificate is not shown, because its expiry is not known: broken ." in page.text()


def test_waived_new_and_fixed_findings_are_marked(hostile: Page) -> None:
    order = {"fail": 0, "unknown": 0, "waived": 1, "fixed": 2, "superseded": 2, "not_comparable": 2}
    statuses = [row["data-status"] for row in hostile.of_class("finding")]
    changes = {row.get("data-change") for row in hostile.of_class("finding")}
    assert statuses == sorted(statuses, key=lambda status: order[status or ""])
    assert set(statuses) == {"fail", "unknown", "waived", "fixed", "superseded", "not_comparable"}
    assert changes == {"new", "unchanged", "fixed", "superseded", "not_comparable"}
    assert "Waived until 2027-01-31:" in hostile.text()


def test_there_are_three_states_and_a_waiver_makes_nothing_compliant() -> None:
    made = waived_audit()
    page = Page(render(made))
    assert "Certificates 3 Compliant 1 33 % Waived 1 Not compliant 1" in page.text()
    assert "1 critical 1 waived 1 compliant" in page.text()
    assert [rect["class"] for rect in page.all("rect") if rect.get("height") == "14"] == [
        "critical", "waived", "compliant",
    ]  # fmt: skip
    assert [row["data-severity"] for row in page.of_class("cert")] == ["critical", "waived", "compliant"]
    marks = {mark["class"]: mark.get("d") or mark.get("r") for mark in page.of_class("mark")}
    assert set(marks) == {"mark critical", "mark waived", "mark compliant"}
    assert len(set(marks.values())) == 3
    labels = [link["aria-label"] or "" for link in page.all("a") if link.get("aria-label")]
    assert [label.rpartition(". ")[2] for label in labels] == ["Critical", "Waived", "Compliant"]


def test_what_is_only_waived_is_not_said_to_be_compliant() -> None:
    waiver = {"check": "*", "name": "old", "reason": "It is so.", "expires": "2099-01-31"}
    rules = {"checks": {"cert_internal_name": False}, "waivers": [waiver]}
    page = Page(render(judge(bound("ssl-1", "old", -2.5), bound("ssl-2", "good", 80), rules=rules)))
    assert page.of_class("verdict")[0]["class"] == "verdict waived"
    assert (
        "Waived: accepted for now No finding that counts in 2 certificates. 1 certificate has only waived findings."
    ) in page.text()


def test_a_waived_finding_about_no_certificate_is_no_compliance() -> None:
    waiver = {"check": "*", "domain": "a.example.com", "reason": "It is so.", "expires": "2099-01-31"}
    checks = {"cert_internal_name": False, "cert_domain_uncovered": {"expected_domains": ["a.example.com"]}}
    made = judge(bound("ssl-1", "good", 80), rules={"checks": checks, "waivers": [waiver]})
    page = Page(render(made))
    assert page.of_class("verdict")[0]["class"] == "verdict waived"
    assert "No finding that counts in 1 certificate. 1 finding is waived." in page.text()


def test_bars_and_load_balancers_have_three_states() -> None:
    waiver = {"check": "*", "name": "old*", "reason": "It is so.", "expires": "2099-01-31"}
    rules = {"checks": {"cert_internal_name": False}, "waivers": [waiver]}
    served = binding("lsn-1", is_default=True)
    facts = [bound(f"ssl-{number}", f"old {number}", -2) for number in range(400)]
    facts += [bound("ssl-x", "old x", -2, served), bound("ssl-y", "new", 80)]
    report = Report.of(judge(*facts, rules=rules))
    assert [group.label for group in report.timeline.bars if "waived" in group.label] == [
        "401 certificates expired 0 to 7 days ago: 401 waived"
    ]
    assert [balancer.severity for balancer in report.balancers] == ["waived"]


def test_waivers_with_different_reasons_are_different_rows() -> None:
    waiver = {"ssl_id": "ssl-1", "expires": "2099-01-31"}
    waivers = [
        {**waiver, "check": "cert_expired", "reason": "One reason."},
        {**waiver, "check": "cert_weak_key", "reason": "Another."},
        {**waiver, "check": "cert_no_sct", "reason": "Another."},
    ]
    unread = certificate("ssl-1", "broken", x509=None, x509_error="no", not_after_epoch=None, not_before_epoch=None)
    made = judge(unread, rules={"checks": {"cert_internal_name": False}, "waivers": waivers})
    waived = [row for group in Report.of(made).groups for row in group.rows if row.status == "waived"]
    assert {row.reason: sorted(row.checks) for row in waived} == {
        "One reason.": ["cert_expired"],
        "Another.": ["cert_no_sct", "cert_weak_key"],
    }
    text = Page(render(made)).text()
    assert "Waived until 2099-01-31: One reason." in text
    assert "Waived until 2099-01-31: Another." in text


def test_what_is_gone_is_in_a_card_by_why(hostile: Page) -> None:
    report = Report.of(hostile_audit())
    assert {row.status for row in report.fixed} == {"fixed"}
    assert {row.status for row in report.superseded} == {"superseded"}
    assert {row.status for row in report.not_comparable} == {"not_comparable"}
    text = hostile.text()
    assert "Superseded Another finding about the same certificate has replaced these. The problem is not fixed." in text
    assert "Not comparable Their checks had other options in the baseline." in text
    assert "superseded_by cert_expired" in text
    assert {item["value"] for item in hostile.all("input", name="status")} == {
        "fail", "unknown", "waived", "fixed", "superseded", "not_comparable",
    }  # fmt: skip


def test_a_finding_that_only_options_brought_is_marked() -> None:
    made = plain_audit()
    made["findings"] = [hostile_audit()["findings"][0] | {"change": "not_comparable"}]
    made["summary"]["changes"] = {"new": 0, "not_comparable": 1}
    page = Page(render(made))
    assert [row["data-change"] for row in page.of_class("finding")] == ["not_comparable"]
    assert [tag["class"] for tag in page.of_class("tag")] == ["tag"]


def test_nothing_that_was_not_read_looks_like_nothing_or_like_none() -> None:
    page = Page(render(unread_audit()))
    text = page.text()
    for fact in (
        "Names not known", "Valid not known", "Not read the certificate was not read", "Key not known",
        "Signature not known", "Subject not known", "Issuer not known", "Serial not known", "SHA-256 not known",
        "Stored key not known", "Issuer's certificate not known", "expiry not known", "bindings not known",
        "Listeners not known",
    ):  # fmt: skip
        assert fact in text
    assert "Served by no listener" not in text
    assert "Certificates 1 Compliant 0 0 % Waived 0 Not compliant 1" in text
    assert {row["data-severity"] for row in page.of_class("cert")} == {"medium"}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, "Names ssl-1.example.com Valid"),
        ({"domains_from": "api"}, "Names ssl-1.example.com (as reported by the platform) Valid"),
        ({"domains": []}, "Names none Valid"),
        ({"domains": [], "domains_from": None}, "Names not known Valid"),
        ({"key_matches": None}, "Stored key not known whether it matches"),
        ({"key_matches": None, "private_key_stored": False}, "Stored key none"),
        ({"key_matches": None, "private_key_stored": None}, "Stored key not known"),
        ({"key_matches": False}, "Stored key does not match"),
        ({"x509_error": "key usage: no bit string"}, "Not read key usage: no bit string"),
    ],
)
def test_facts_say_where_they_come_from_and_what_is_not_known(facts: dict[str, Any], says: str) -> None:
    assert says in Page(render(judge(bound("ssl-1", "shop", 80, **facts)))).text()


@pytest.mark.parametrize(
    ("x509", "says"),
    [
        ({"issuer_included": True}, "Issuer's certificate in the content"),
        ({"issuer_included": False}, "Issuer's certificate not in the content"),
        ({"issuer_included": None}, "Issuer's certificate not known"),
        ({"subject": {}}, "Subject empty"),
        ({"subject": None}, "Subject not known"),
        ({"public_key": None}, "Key not known"),
    ],
)
def test_facts_of_the_certificate_say_what_is_not_known(x509: dict[str, Any], says: str) -> None:
    facts = bound("ssl-1", "shop", 80)
    facts["x509"] |= x509
    assert says in Page(render(judge(facts))).text()


@pytest.mark.parametrize(
    ("bound_to", "says"),
    [(False, "Served by no listener"), (None, "Listeners not known"), (True, "Listeners not known")],
)
def test_that_no_listener_serves_it_is_only_said_if_it_is_so(bound_to: Any, says: str) -> None:
    expired = certificate("ssl-1", "old", -2.5, bound=bound_to)
    text = Page(render(judge(expired))).text()
    assert {item for item in ("Served by no listener", "Listeners not known") if item in text} == {says}
    # Nor for all of them.
    none, unknown = (
        "No listener serves a certificate of this audit.",
        "The listeners of these certificates are not known.",
    )
    assert (none in text, unknown in text) == (bound_to is False, bound_to is not False)


def test_warnings_stand_at_the_top() -> None:
    made = plain_audit()
    made["warnings"] = ["It is odd.", HOSTILE]
    page = Page(render(made))
    assert len(page.of_class("banner")) == 2
    assert "Warning. It is odd. Warning. =cmd" in page.text()


def test_waivers_have_reason_expiry_and_what_they_cover(hostile: Page) -> None:
    text = hostile.text()
    assert f"ssl_id ssl-waived {HOSTILE}" in text
    assert "gone 2026-01-31 expired 0" in text


def test_waivers_are_counted_by_what_they_say() -> None:
    waiver = {"check": "*", "reason": "It is so.", "expires": "2099-01-31"}
    waivers = [{**waiver, "name": "old*"}, {**waiver, "name": "nothing*"}, {**waiver, "ssl_id": "ssl-3"}]
    facts = (bound("ssl-1", "old", -2.5), bound("ssl-2", "older", -3), bound("ssl-3", "soon", 3))
    made = judge(*facts, rules={"checks": {"cert_internal_name": False}, "waivers": waivers})
    for finding in made["findings"]:
        # The order of keys does not matter.
        finding["waiver"] = dict(reversed((finding["waiver"] or {}).items())) or None
    assert [line.count for line in Report.of(made).waivers] == [2, 0, 1]


def test_changes_that_are_not_known_are_counted_and_can_be_filtered_by() -> None:
    made = hostile_audit()
    made["summary"]["changes"] = {"new": 1, "not_checked": 2}
    made["findings"][0]["change"] = "not_checked"
    page = Page(render(made))
    assert "1 new, 0 unchanged, 0 fixed, 0 superseded, 0 not comparable, 2 not checked." in page.text()
    changes = ["new", "unchanged", "fixed", "not_checked"]
    assert [option["value"] for option in page.all("option") if option["value"] in changes] == changes
    assert "Not checked" in page.text()
    assert page.of_class("finding")[0]["data-change"] == "not_checked"


def test_what_is_only_counted_cannot_be_filtered_by() -> None:
    made = hostile_audit()
    made["summary"]["changes"]["not_checked"] = 2
    page = Page(render(made))
    assert "2 not checked." in page.text()
    assert {"value": "not_checked"} not in page.all("option")


def test_domains_that_cannot_be_decided_are_rows_of_their_own() -> None:
    made = hostile_audit()
    unknown = next(finding for finding in made["findings"] if finding["status"] == "unknown")
    unknown |= {"ssl_id": None, "ssl_name": None, "region": None, "project_id": None, "check": "cert_domain_uncovered"}
    made["findings"] = [unknown | {"about": name} for name in ("a.example.com", "b.example.com", "b.example.com")]
    rows = Report.of(made).groups[0].rows
    assert [(row.name, row.checks) for row in rows] == [
        ("a.example.com", ["cert_domain_uncovered"]),
        ("b.example.com", ["cert_domain_uncovered"]),
    ]


def test_certificates_have_their_facts() -> None:
    page = Page(render(judge(bound("ssl-1", "shop", 80, binding("lsn-1", is_default=True)))))
    text = page.text()
    for fact in (
        "CN=ssl-1.example.com", "CN=Example CA", "fingerprint of ssl-1", "EC, secp256r1", "ecdsa-with-SHA256",
        "issued by Example Root , until 2036-11-24T00:00:00Z", "shop → https lsn-1 → default", "in 80 days",
    ):  # fmt: skip
        assert fact in text
    assert len(page.all("details")) == 2
    assert [facts["id"] for facts in page.of_class("facts")] == ["c-ssl-1"]


def test_the_binding_map_has_the_default_certificate_first() -> None:
    page = Page(
        render(
            judge(
                bound("ssl-1", "a", 80, binding("lsn-1", is_default=False)),
                bound("ssl-2", "b", 80, binding("lsn-1", is_default=True)),
                bound("ssl-3", "c", 80, binding("lsn-2", is_default=None)),
            )
        )
    )
    text = page.text()
    assert (
        "alb-1 · application · cn-bj2 · org-a https lsn-1 lsn-1 compliant: b default in 80 days"
        " compliant: a SNI in 80 days https lsn-2 lsn-2 medium: c role not known in 80 days"
    ) in text


def test_after_the_default_certificate_come_the_worst() -> None:
    sni = binding("lsn-1", is_default=False)
    facts = [bound("ssl-1", "a", 80, sni), bound("ssl-2", "b", -2, sni), bound("ssl-3", "c", 5, sni)]
    made = judge(*facts, bound("ssl-4", "d", 80, binding("lsn-1", is_default=True)))
    (balancer,) = Report.of(made).balancers
    assert [item.ssl_id for item in balancer.listeners[0].served] == ["ssl-4", "ssl-2", "ssl-3", "ssl-1"]


def test_a_listener_without_default_certificate_is_marked() -> None:
    page = Page(render(judge(bound("ssl-1", "a", 80, binding("lsn-1", is_default=False)))))
    assert [tag["class"] for tag in page.of_class("tag")] == ["tag medium"]
    assert "no default certificate" in page.text()


def test_the_timeline_has_a_mark_for_each_certificate_in_the_order_of_time() -> None:
    days = [-40, -2.5, 3, 10, 25, 60, 90, 800]
    page = Page(render(judge(*(bound(f"ssl-{number}", f"n{number}", day) for number, day in enumerate(days)))))
    marks = [link for link in page.all("a") if link.get("aria-label")]
    assert [mark["href"] for mark in marks] == [f"#c-ssl-{number}" for number in range(8)]
    places = [float((svg["x"] or "")[:-1]) for svg in page.all("svg") if svg.get("overflow")]
    assert places == sorted(places)
    assert all(after - before > 2 for before, after in pairwise(places))
    assert places[0] > 2
    assert places[-1] < 98
    assert marks[1]["aria-label"] == "n1: expired 2 days ago, 2027-01-31. Critical"
    assert marks[2]["aria-label"] == "n2: expires in 3 days, 2027-01-31. High"


@pytest.mark.parametrize(
    ("seconds", "says", "label"),
    [
        (-10, "expired less than an hour ago", "n: expired less than an hour ago, 2027-01-31. Critical"),
        (0, "in less than an hour", "n: expires in less than an hour, 2027-01-31. High"),
        (10, "in less than an hour", "n: expires in less than an hour, 2027-01-31. High"),
    ],
)
def test_what_has_just_expired_has_expired(seconds: int, says: str, label: str) -> None:
    made = judge(bound("ssl-1", "n", 0, not_after_epoch=NOW + seconds))
    page = Page(render(made))
    assert says in page.text()
    assert [link["aria-label"] for link in page.all("a") if link.get("aria-label")] == [label]
    (row,) = page.of_class("cert")
    assert (float(row["data-days"] or "") < 0) == (seconds < 0)


def test_what_has_just_expired_is_in_the_bar_of_what_has_expired() -> None:
    facts = [bound(f"ssl-{number}", f"n{number}", 0, not_after_epoch=NOW - 10) for number in range(500)]
    page = Page(render(judge(*facts)))
    bars = [(link["data-days"], link["aria-label"]) for link in page.all("a") if link.get("data-days")]
    assert bars == [("-7..0", "500 certificates expired 0 to 7 days ago: 500 critical")]


class Abroad(datetime):
    """A datetime that is formatted with another locale."""

    def __format__(self, form: str) -> str:
        return super().__format__(form.replace("%B", "brumaire").replace("%b", "brum."))


@pytest.mark.parametrize("number", range(1, 13))
def test_months_are_english_whatever_the_locale_is(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = Abroad(2026, number, 4, 3, 57, tzinfo=timezone.utc)
    monkeypatch.setattr(texts, "parse_datetime", lambda _value: moment)
    name = calendar.month_name[number]
    assert texts.long_date("then") == f"4 {name} 2026, 03:57 UTC"
    ticks = Timeline.of([], moment, 14, 30).ticks
    assert [tick.date for tick in ticks if tick.label == "now"] == [f"4 {name[:3]}"]


def test_the_shape_of_a_mark_says_its_severity() -> None:
    page = Page(render(judge(bound("ssl-1", "old", -2.5), bound("ssl-2", "soon", 3), bound("ssl-3", "good", 80))))
    marks = {(mark["class"] or ""): mark.get("d") or mark.get("r") for mark in page.of_class("mark")}
    assert list(marks) == ["mark critical", "mark high", "mark compliant"]
    assert len(set(marks.values())) == 3


def test_thousands_of_certificates_are_bars_and_their_rows_need_no_elements() -> None:
    page_text = render(judge(*(bound(f"ssl-{number}", f"n{number}", number / 10 - 5) for number in range(1000))))
    page = Page(page_text)
    bars = [link for link in page.all("a") if link.get("data-days")]
    assert [item["data-days"] for item in bars] == [
        "-7..0", "0..7", "7..14", "14..21", "21..30", "30..45", "45..60", "60..90", "90..120",
    ]  # fmt: skip
    assert bars[1]["aria-label"] == "70 certificates expiring in 0 to 7 days: 41 high, 29 medium"
    assert page.of_class("mark") == []
    # All rows are on the page, but most of them in noscript elements.
    assert len(page.of_class("cert")) == 1000
    live = re.sub("<noscript>.*?</noscript>", "", page_text, flags=re.DOTALL)
    assert live.count('<li class="row cert"') == 50


def test_the_policy_is_listed_with_options_and_what_is_off() -> None:
    made = plain_audit()
    text = Page(render(made)).text()
    off = sum(not rule["enabled"] for rule in made["policy"]["checks"].values())
    assert off > 1
    not_run = made["summary"]["not_checked"]
    on = len(made["policy"]["checks"]) - off - len(not_run)
    assert "cert_untrusted" in not_run
    assert (
        f"{on} checks ran; {off} are off. {len(not_run)} checks did not run: they need verified trust, listeners"
        " and endpoints, which this audit was not given. Undecided checks count as medium at most."
    ) in text
    assert "cert_expiring_critical" in text
    assert "days: 14" in text


def test_checks_and_fields_that_another_version_has_or_lacks_do_no_harm() -> None:
    made = hostile_audit()
    made["policy"]["checks"] = {"of_the_future": {"enabled": True, "limit": 3}, "odd": None}
    made["policy"]["waivers"] = "odd"
    made["summary"]["by_severity"] = {"high": 1}
    made["findings"][0]["check"] = "of_the_future"
    for entry in made["certificates"]:
        for name in ("bindings", "chain", "public_key", "domains", "worst", "days_left", "subject", "fingerprints"):
            entry.pop(name, None)
    page = Page(render(made))
    assert "limit: 3" in page.text()
    assert "of_the_future" in {option["value"] for option in page.all("option")}


def test_a_template_of_the_user_can_replace_one_part(tmp_path: Path) -> None:
    template = tmp_path / "ours.html.j2"
    template.write_text(
        '{% extends "ucloud.ulb/report.html.j2" %}'
        "{% block footer %}<footer>{{ audit.findings[0].ssl_name }}</footer>{% endblock %}",
        encoding="utf-8",
    )
    page = Page(render(hostile_audit(), template=str(template)))
    assert len(page.all("footer")) == 1
    assert len(page.all("script")) == 1
    assert HOSTILE in "".join(data for tag, data in page.texts if tag == "footer")


def test_a_template_of_the_user_can_stand_alone_and_include_others(tmp_path: Path) -> None:
    (tmp_path / "part.j2").write_text("<p>{{ text }}</p>", encoding="utf-8")
    (tmp_path / "report.html.j2").write_text(
        "{% set text = title %}{% include 'part.j2' %}{{ csp(['a{}'], []) }}", encoding="utf-8"
    )
    assert render(plain_audit(), title="<b>", template=str(tmp_path / "report.html.j2")) == (
        "<p>&lt;b&gt;</p>default-src &#39;none&#39;; "
        "style-src &#39;sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk=&#39;; script-src &#39;none&#39;; "
        "base-uri &#39;none&#39;; form-action &#39;none&#39;"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{{ nowhere }}", "UndefinedError: 'nowhere' is undefined"),
        ("{{ report.nowhere }}", "UndefinedError: 'ansible_collections"),
        ("{{ 1 / 0 }}", "ZeroDivisionError: division by zero"),
        ("a\n{% if %}", "line 2: TemplateSyntaxError: "),
        ("{% include 'nowhere.j2' %}", "TemplateNotFound: "),
        (b"\xff", "UnicodeDecodeError: "),
    ],
)
def test_a_template_that_fails_is_an_error_that_names_it(content: Any, problem: str, tmp_path: Path) -> None:
    template = tmp_path / "bad.j2"
    template.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(OptionError) as caught:
        render(plain_audit(), template=str(template))
    assert caught.value.problem.startswith(f"template: {template} failed")
    assert problem in caught.value.problem
    assert caught.value.hint == "The comment at the top of the collection's report.html.j2 lists all variables."


def test_a_template_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"nowhere\.j2 failed: TemplateNotFound"):
        render(plain_audit(), template=str(tmp_path / "nowhere.j2"))


def big_audit(count: int) -> Any:
    """Many certificates. Every tenth has expired, and each name has the number of the certificate."""
    facts = [
        certificate(f"ssl-{number:03d}", f"name-{number:03d}", -number / 10 - 1 if number % 10 == 0 else 60)
        for number in range(count)
    ]
    rules = Policy.from_data({"checks": {"cert_internal_name": False}})
    listing = {"certificates": facts, "complete": False, "errors": [{"region": "hk"}]}
    return evaluate(fleet_of(listing, rules, NOW, "ucloud_"), rules, NOW)


def test_a_page_holds_the_worst_certificates_and_says_so() -> None:
    audit = big_audit(100)
    text = render(audit, html_limit=7)
    report = Report.of(audit, 7)

    assert [entry.name for entry in report.entries] == [f"name-0{number}0" for number in (9, 8, 7, 6, 5, 4, 3)]
    assert report.others == 93
    assert "It has 7 of 100 certificates, those with the most severe findings." in text
    assert "name-030" in text
    assert "name-020" not in text
    assert "name-001" not in text
    # The numbers cover all certificates.
    assert sum(count for _name, count in report.shares) == 100
    assert sum(group.count for group in report.timeline.bars) == 100
    assert report.timeline.marks == []
    assert {rule.check: rule.count for rule in report.rules}["cert_expired"] == 10
    # Findings without a certificate are shown.
    assert report.incomplete is not None


def test_a_page_of_few_certificates_has_all_of_them() -> None:
    audit = big_audit(20)
    assert render(audit, html_limit=20) == render(audit)
    assert "Not all certificates are on this page" not in render(audit)


def test_a_page_without_certificates_has_the_numbers() -> None:
    audit = big_audit(20)
    text = render(audit, html_limit=0)
    assert "It has 0 of 20 certificates" in text
    assert "This report does not cover everything." in text
    assert "Nothing was checked" not in text


def test_what_is_gone_does_not_make_a_page_endless() -> None:
    audit = big_audit(300)
    before: Any = evaluate(fleet_of([], Policy.from_data(None), NOW, "ucloud_"), Policy.from_data(None), NOW)
    gone = [{**audit["findings"][-1], "ssl_id": f"gone-{number}", "status": "fixed"} for number in range(500)]
    before["findings"] += gone
    report = Report.of(before, 10)
    assert sum(len(group.rows) for group in report.groups) == 100


def test_the_worst_load_balancer_comes_first() -> None:
    facts = [certificate("ssl-1", "good"), certificate("ssl-2", "bad", -3), certificate("ssl-3", "soon", 3)]
    for number, item in enumerate(facts):
        item["bindings"] = [
            {
                **binding("lsn-1", is_default=True),
                "load_balancer_id": f"alb-{number}",
                "load_balancer_name": f"balancer {number}",
            }
        ]
    rules = Policy.from_data({"checks": {"cert_internal_name": False}})
    audit = evaluate(fleet_of(facts, rules, NOW, "ucloud_"), rules, NOW)
    assert [item.name for item in Report.of(audit).balancers] == ["balancer 1", "balancer 2", "balancer 0"]


def test_the_scope_stands_on_top() -> None:
    audit = plain_audit()
    audit["scope"].update(endpoint="api.ucloud.cn", public_key="4eZf…9aQ2", regions=["<b>"], selection={})
    page = Page(render(audit))
    told = [text for tag, text in page.texts if tag in ("dt", "bdi")]
    start = told.index("Endpoint")
    assert told[start : start + 12] == [
        "Endpoint", "api.ucloud.cn", "Account", "4eZf…9aQ2", "Regions", "<b>", "Projects", "the default one",
        "Selection", "all certificates", "Listing", "complete",
    ]  # fmt: skip


# Listeners


def listener_of(audit: Any, listener_id: str) -> ListenerSection:
    balancers = Report.of(audit).balancers
    (found,) = (item for one in balancers for item in one.listeners if item.listener_id == listener_id)
    return found


@pytest.fixture(scope="module")
def served() -> Page:
    return Page(render(listeners_audit()))


def test_a_page_with_listeners_is_balanced_and_what_is_hostile_is_text(served: Page) -> None:
    assert (served.unbalanced, served.open) == ([], [])
    assert [src for tag in ("img", "iframe") for src in served.all(tag)] == []
    assert len(served.all("script")) == 1
    ids = [attributes["id"] for _tag, attributes in served.elements if attributes.get("id")]
    assert len(set(ids)) == len(ids)
    targets = {str(link["href"])[1:] for link in served.all("a") if "=" not in str(link["href"])}
    assert targets <= set(ids)


def test_load_balancers_have_all_their_listeners_by_port_and_the_worst_comes_first() -> None:
    balancers = Report.of(listeners_audit()).balancers
    ports = {item.balancer_id: [one.offer.port if one.offer else "" for one in item.listeners] for item in balancers}
    # The first one is only named by a certificate that has expired.
    assert [*ports.items()] == [("alb-1", [""]), (SHOP, ["80", "443"]), (STRANGE, ["?"]), ("ulb-mail", ["25"])]
    assert [item.severity for item in balancers] == ["critical", "critical", "medium", "compliant"]


def test_a_listener_says_what_it_offers(served: Page) -> None:
    assert listener_of(listeners_audit(), HTTPS).offer == Offer(
        protocol="HTTPS", port="443", sockets=["203.0.113.7:443", "[2001:db8::7]:443"], addressed=True,
        tls="TLSv1 and later", policy="security-tls10m (predefined)", http2="HTTP/2", redirect="",
        hosts=[(HOST, "exact"), ("*.example.org", "wildcard"), (INVISIBLE, "regex")],
    )  # fmt: skip
    text = served.text()
    assert "shop alb-shop · application · cn-bj2 · org-a 203.0.113.7 internet, Bgp 2001:db8::7 internet" in text
    assert (
        ":443 HTTPS https-443 · lsn-https 203.0.113.7:443 [2001:db8::7]:443 TLS TLSv1 and later old versions"
        " security-tls10m (predefined) · HTTP/2 Hosts www.example.com *.example.org wildcard =cmd"
    ) in text
    assert ":80 HTTP http-80 · lsn-http 203.0.113.7:80 [2001:db8::7]:80 TLS no TLS redirects to :443" in text
    assert "compliant: :25 TCP vserver-tcp TLS no TLS Hosts not routed by host Certificates none" in text


def test_the_default_certificate_comes_first_and_one_that_the_page_does_not_have_is_named() -> None:
    served = listener_of(listeners_audit(), HTTPS).served
    assert [(item.role, item.ssl_id, item.entry is not None) for item in served] == [
        ("default", GOOD, True), ("SNI", EXPIRED, True), ("SNI", "ssl-elsewhere", False),
    ]  # fmt: skip


def test_what_is_not_known_of_a_listener_is_said(served: Page) -> None:
    odd = listener_of(listeners_audit(), ODD)
    assert (odd.severity, odd.knows_served, odd.served) == ("medium", False, [])
    assert odd.offer
    assert (odd.offer.tls, odd.offer.http2, odd.offer.redirect, odd.offer.hosts) == (
        "TLS not known", "HTTP/2 not known", "", None,
    )  # fmt: skip
    assert "TLS TLS not known HTTP/2 not known Hosts not known Certificates not known" in served.text()
    assert "addresses not known" in served.text()


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"protocol": "HTTP", "redirects": False}, ("no TLS", "", "does not redirect")),
        ({"protocol": "HTTP", "redirects": None}, ("no TLS", "", "redirect not known")),
        ({"protocol": "HTTP", "redirects": True}, ("no TLS", "", "redirects")),
        ({"protocol": "HTTPS", "redirects": False, "http2": False}, ("TLS not known", "no HTTP/2", "")),
        ({"protocol": None}, ("TLS not known", "HTTP/2 not known", "")),
        ({"protocol": "HTTPS", "tls": {}, "http2": True}, ("TLS versions not known", "HTTP/2", "")),
    ],
)
def test_facts_of_listeners_in_words(facts: dict[str, Any], says: tuple[str, str, str]) -> None:
    audited: Any = listener("lsn-1", **facts)
    offer = Offer.of(audited)
    assert (offer.tls, offer.http2, offer.redirect) == says


def test_a_listener_whose_certificates_are_not_known_has_those_that_name_it() -> None:
    bad = bound("ssl-1", "old", -2.5, {**binding("lsn-1", is_default=True), "load_balancer_id": SHOP})
    known = with_listeners(judge(bad), [listener("lsn-1", certificates=[])], [])
    assert listener_of(known, "lsn-1").served == []
    unknown = with_listeners(judge(bad), [listener("lsn-1")], [])
    assert [item.ssl_id for item in listener_of(unknown, "lsn-1").served] == ["ssl-1"]
    assert "others not known" in Page(render(unknown)).text()


@pytest.mark.parametrize(
    ("days_left", "if_checked", "if_not_checked"), [(-2.5, "critical", "critical"), (80, "compliant", "")]
)
def test_the_mark_of_a_listener_counts_its_certificates(days_left: float, if_checked: str, if_not_checked: str) -> None:
    served_by = {**binding("lsn-1", is_default=True), "load_balancer_id": SHOP}
    audit = judge(bound("ssl-1", "shop", days_left, served_by))
    assert listener_of(audit, "lsn-1").severity == if_not_checked
    checked = with_listeners(audit, [listener("lsn-1", certificates=[{"ssl_id": "ssl-1", "is_default": True}])], [])
    assert listener_of(checked, "lsn-1").severity == if_checked


def test_the_mark_of_a_listener_counts_what_is_really_served() -> None:
    wrong = endpoint("192.0.2.9", listener_id="lsn-1", load_balancer_id=SHOP, region="cn-bj2", project_id="org-a")
    audit = with_endpoints(with_listeners(plain_audit(), [listener("lsn-1")], []), [{**wrong, "worst": "high"}], [])
    assert listener_of(audit, "lsn-1").severity == "high"


def test_listeners_without_id_are_all_there() -> None:
    nameless = [listener("", port=port) for port in (1, 2)]
    (balancer,) = Report.of(with_listeners(plain_audit(), nameless, [])).balancers
    assert [item.offer and item.offer.port for item in balancer.listeners] == ["1", "2"]


def test_findings_about_listeners_lead_to_them_and_back() -> None:
    report = Report.of(listeners_audit())
    rows = {row.anchor: row for group in report.groups for row in group.rows}
    host, quota = rows["f-host-1"], rows["f-quota"]
    assert (host.name, host.besides, host.ids, host.listener) == ("shop → https-443", HOST, [HTTPS, SHOP], f"l-{HTTPS}")
    assert (host.protocol, host.sockets) == ("HTTPS", ["203.0.113.7:443", "[2001:db8::7]:443"])
    assert (quota.name, quota.besides, quota.listener) == ("shop", "", f"b-{SHOP}")
    (shop,) = (item for item in report.balancers if item.balancer_id == SHOP)
    assert shop.rows == [quota]
    assert [row.anchor for row in shop.listeners[1].rows] == [f"f-listener_tls_version-{HTTPS}", "f-host-1", "f-host-2"]
    undecided = [group for group in report.groups if group.noun == "listener"]
    assert [(group.count, group.rows[0].listener) for group in undecided] == [("1 listener", f"l-{ODD}")]


def test_a_certificate_leads_to_the_listeners_that_serve_it() -> None:
    good = bound(GOOD, "good", 80, {**binding(HTTPS, is_default=True), "load_balancer_id": SHOP})
    page = Page(render(with_listeners(judge(good), [listener(HTTPS)], [])))
    assert f"#l-{HTTPS}" in {link["href"] for link in page.all("a")}


def test_listeners_are_counted(served: Page) -> None:
    text = served.text()
    assert "Load balancers 3 Listeners 4 Compliant 1 Waived 1 Not compliant 2" in text
    assert "in 6 certificates and 4 listeners." in text
    assert "Load balancers 3" not in Page(render(hostile_audit())).text()


def test_an_audit_without_listeners_says_so_and_which_checks_did_not_run() -> None:
    audit = judge(bound("ssl-1", "a", 80, binding("lsn-1", is_default=True)))
    audit["summary"]["not_checked"] = ["listener_tls_version", "binding_drift", "cert_untrusted"]
    text = Page(render(audit)).text()
    assert (
        "Listeners were not gathered: this shows only those that certificates name, without what they offer."
        " 2 checks did not run: Listener allows old TLS versions; Bindings of certificates and listeners differ."
    ) in text
    assert "3 checks did not run: they need listeners and verified trust, which this audit was not given." in text
    assert "Listeners were not gathered" not in Page(render(listeners_audit())).text()


def test_listings_of_listeners_that_failed_stand_on_top() -> None:
    nowhere = {"listener_id": None, "load_balancer_id": None, "region": "hk", "project_id": "org-a"}
    failed = [
        listener_finding("listeners_incomplete", nowhere, status="unknown", about=f"DescribeULB {number}",
                         fingerprint="x", detail="Undecided: DescribeULB failed in region hk.")
        for number in range(3)
    ]  # fmt: skip
    text = Page(render(with_listeners(plain_audit(), [], failed))).text()
    assert "Not all listeners were listed. Undecided: DescribeULB failed in region hk. 2 more listings failed." in text
    assert "3 listings" in text
    # It says nothing about certificates.
    assert "This report does not cover everything." not in text


def test_a_limit_leaves_out_the_listeners_with_the_least_severe_findings() -> None:
    report = Report.of(listeners_audit(), 2)
    listed = [item.listener_id for one in report.balancers for item in one.listeners if item.offer]
    assert listed == [HTTPS, ODD]
    assert (report.other_listeners, report.load_balancers) == (2, 3)
    assert "listener_http_without_redirect" not in {group.check for group in report.groups}
    assert "2 of 4 are left out" in Page(render(listeners_audit(), html_limit=2)).text()


def test_long_lists_of_a_listener_are_folded() -> None:
    hosts = [{"pattern": f"www{number}.example.com", "match": "exact"} for number in range(9)]
    page = Page(render(with_listeners(plain_audit(), [listener(TCP, hosts=hosts)], [])))
    assert len(page.of_class("rest")) == 1
    assert "5 more www4.example.com" in page.text()


def test_facts_of_another_type_stop_nothing() -> None:
    odd: dict[str, Any] = {"hosts": [None, "a", {}], "certificates": [7, {}], "addresses": [{}, 1], "tls": {"a": 1}}
    page = Page(render(with_listeners(plain_audit(), [listener(HTTP, **odd)], [])))
    assert "empty pattern kind not known" in page.text()
    assert "address not known" in page.text()


# Endpoints


@pytest.fixture(scope="module")
def probed() -> Page:
    return Page(render(endpoints_audit()))


def test_a_page_with_endpoints_is_balanced_and_what_is_hostile_is_text(probed: Page) -> None:
    assert (probed.unbalanced, probed.open) == ([], [])
    assert len(probed.all("script")) == 1
    ids = [attributes["id"] for _tag, attributes in probed.elements if attributes.get("id")]
    assert len(set(ids)) == len(ids)
    assert {str(link["href"])[1:] for link in probed.all("a") if "=" not in str(link["href"])} <= set(ids)


def test_a_listener_has_what_is_really_served_the_wrong_first(probed: Page) -> None:
    lines = listener_of(endpoints_audit(), HTTPS).endpoints
    assert [(line.kind, line.socket) for line in lines] == [
        ("bad", "[2001:db8::7]:443"), ("bad", "203.0.113.7:443"), ("good", "203.0.113.7:443"),
    ]  # fmt: skip
    other, refused, good = lines
    assert [item.name for item in other.expected] == ["good"]
    assert [(item.name, item.entry) for item in refused.expected] == [("0" * 16, None)]
    assert (refused.served, refused.is_silent, refused.verdict) == (None, True, "connection refused")
    assert (good.verdict, good.expected, good.trust) == (
        "as expected", [], "trusted (mozilla (certifi 2026.10.1))"
    )  # fmt: skip
    text = probed.text()
    assert "Really served [2001:db8::7]:443 www.example.com ✗ revoked, other certificate, expired, not trusted" in text
    assert "✓ as expected www.example.com until 2027-01-23 TLSv1.2, TLSv1.3 TLS_AES_256_GCM_SHA384 trusted" in text


def test_certificates_are_found_by_what_is_served_and_expected() -> None:
    audit = endpoints_audit()
    for item in audit["certificates"]:
        # The platform's fingerprints may have colons and upper case.
        sha256 = {EXPIRED: "AA:BB", GOOD: "CC:DD"}.get(item["ssl_id"])
        item["fingerprints"] = {"sha256": sha256}
    audit["endpoints"][1] |= {"fingerprint": "aabb", "expected_fingerprints": ["ccdd", "eeff"]}
    (other, *_others) = listener_of(audit, HTTPS).endpoints
    assert other.served
    assert other.served.entry
    assert other.served.entry.ssl_id == EXPIRED
    assert [(item.name, item.entry.ssl_id if item.entry else None) for item in other.expected] == [
        ("good", GOOD), ("eeff", None)
    ]  # fmt: skip


def test_endpoints_without_a_listener_on_the_page_are_a_section(probed: Page) -> None:
    assert [line.socket for line in Report.of(endpoints_audit()).endpoints][1:] == ["198.51.100.9:8443"]
    assert "#endpoints" in {link["href"] for link in probed.all("a")}
    assert "#endpoints" not in {link["href"] for link in Page(render(listeners_audit())).all("a")}
    unknown = with_endpoints(plain_audit(), [endpoint("192.0.2.1"), serving("192.0.2.2", listener_id="lsn-gone")], [])
    text = Page(render(unknown)).text()
    assert "192.0.2.1:443 without server name ? not known not known" in text
    assert "192.0.2.2:443" in text


def test_findings_about_endpoints_lead_to_them() -> None:
    report = Report.of(endpoints_audit())
    rows = {row.checks[0]: row for group in report.groups for row in group.rows}
    other = rows["endpoint_other_certificate"]
    assert other.listener == listener_of(endpoints_audit(), HTTPS).endpoints[0].anchor
    assert (other.name, other.besides) == ("shop → https-443", "[2001:db8::7]:443 www.example.com")
    undecided = [group for group in report.groups if group.noun == "endpoint"]
    assert [(group.count, group.rows[0].listener) for group in undecided] == [
        ("1 endpoint", report.endpoints[0].anchor)
    ]  # fmt: skip
    # One that is not on the page leads to its listener.
    gone = endpoint("192.0.2.9", listener_id=HTTPS, load_balancer_id=SHOP, region="cn-bj2", project_id="org-a")
    audit = with_endpoints(listeners_audit(), [], [endpoint_finding("endpoint_untrusted", gone, "192.0.2.9:443")])
    (row,) = (row for group in Report.of(audit).groups for row in group.rows if row.checks == ["endpoint_untrusted"])
    assert row.listener == f"l-{HTTPS}"


def test_endpoints_are_counted_and_the_worst_are_shown_with_a_limit(probed: Page) -> None:
    text = probed.text()
    assert "Endpoints 5 Compliant 2 Waived 1 Not compliant 2" in text
    assert "in 6 certificates, 4 listeners and 5 endpoints." in text
    report = Report.of(endpoints_audit(), 2)
    probed_lines = (line for one in report.balancers for item in one.listeners for line in item.endpoints)
    lines = [*report.endpoints, *probed_lines]
    assert [line.severity for line in lines] == ["high", "high"]
    assert report.other_endpoints == 3
    assert "endpoint_unreachable" not in {row.checks[0] for group in report.groups for row in group.rows
                                          if row.status == "waived"}  # fmt: skip
    assert "3 of 5 are left out" in Page(render(endpoints_audit(), html_limit=2)).text()


def test_the_trust_of_a_certificate_is_one_of_its_facts() -> None:
    trust = {"trusted": False, "reason": "its root is not in the store", "store": "system"}
    facts = certificate(GOOD, "good")
    facts["x509"]["trust"] = trust
    text = Page(render(judge(facts))).text()
    assert "Trust not trusted: its root is not in the store (system)" in text
    assert "Trust not trusted" not in Page(render(judge(certificate(GOOD, "good")))).text()
