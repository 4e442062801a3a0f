# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audits of what endpoints serve."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import Audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.validation import validate
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    DAY,
    NOW,
    Facts,
    audit,
    compliant,
    content,
    csr,
    endpoint,
    facts,
    judge_endpoints,
    listing,
    with_endpoints,
)

CHECKS = [check.id for check in CATALOGUE.values() if check.topic == "endpoint"]
#: Other checks of the certificates would only disturb.
ONLY_ENDPOINTS = {name: name in CHECKS for name, check in CATALOGUE.items() if not check.needs}
PLAIN: dict[str, Any] = {"checks": ONLY_ENDPOINTS}
OFFERED = {"TLSv1": False, "TLSv1.1": False, "TLSv1.2": True, "TLSv1.3": True}
UNTRUSTED = {"trusted": False, "reason": "no path leads to a root", "store": "certifi", "evaluated_at": "now"}
OTHER = "ab" * 32
#: What the platform does not have.
UNLISTED: Facts = {"fingerprint": OTHER}


def lacking_issuer() -> Facts:
    served = compliant()
    served["x509"]["issuer_included"] = False
    return served


#: For each check, facts that fail it, and similar ones that pass it.
PAIRS: dict[str, tuple[Facts, Facts]] = {
    "endpoint_unreachable": ({"reachable": False, "error": "timeout"}, {"error": "timeout"}),
    "endpoint_other_certificate": (
        {"matches_expected": False, "expected_fingerprints": [OTHER]},
        {"matches_expected": None, "expected_fingerprints": None},
    ),
    "endpoint_name_mismatch": ({"covers_server_name": False}, {"covers_server_name": None, "server_name": None}),
    "endpoint_not_valid": ({**UNLISTED, "not_after_epoch": NOW - 1}, {**UNLISTED, "not_after_epoch": NOW}),
    "endpoint_untrusted": ({"trust": UNTRUSTED}, {"trust": {**UNTRUSTED, "trusted": True}}),
    "endpoint_chain_incomplete": (
        {"x509": lacking_issuer()["x509"], "trust": None},
        {"x509": lacking_issuer()["x509"], "trust": {**UNTRUSTED, "trusted": True}},
    ),
    "endpoint_tls_version": (
        {"tls_versions": {**OFFERED, "TLSv1.1": True}},
        {"tls_versions": {"TLSv1": False, "TLSv1.1": False, "TLSv1.2": None, "TLSv1.3": True}},
    ),
    "cert_revoked": (
        {"revocation": {"revoked": True, "reason": "key_compromise", "checked_at": "now"}},
        {"revocation": {"revoked": False, "reason": "key_compromise", "checked_at": "now"}},
    ),
}

#: Facts that leave a check undecided, and why.
UNKNOWN: list[tuple[str, Facts, str]] = [
    ("endpoint_unreachable", {"reachable": None}, "whether it can be reached is not known"),
    (
        "endpoint_unreachable",
        {"reachable": False, "error": "local", "error_message": "too many open files"},
        "the machine that connects could not do so: too many open files",
    ),
    ("endpoint_other_certificate", {"matches_expected": None}, "the certificate that it serves cannot be read"),
    ("endpoint_other_certificate", {"matches_expected": "no"}, "the certificate that it serves cannot be read"),
    ("endpoint_name_mismatch", {"covers_server_name": None}, "the certificate that it serves cannot be read"),
    ("endpoint_not_valid", {"not_after_epoch": None}, "the certificate that it serves cannot be read"),
    ("endpoint_not_valid", {"not_after_epoch": 10**30}, "the certificate that it serves cannot be read"),
    ("endpoint_not_valid", {"not_before_epoch": "2026"}, "the certificate that it serves cannot be read"),
    (
        "endpoint_untrusted",
        {"trust": {"trusted": None, "reason": "the chain cannot be read"}},
        "whether it is trusted is not known: the chain cannot be read",
    ),
    (
        "endpoint_chain_incomplete",
        {"x509": {**lacking_issuer()["x509"], "issuer_included": None}, "trust": None},
        "the chain that it sends is not known",
    ),
    ("endpoint_chain_incomplete", {"x509": None, "trust": None}, "the certificate that it serves cannot be read"),
    (
        "endpoint_tls_version",
        {"tls_versions": {**OFFERED, "TLSv1": None}},
        "whether it offers TLSv1 is not known",
    ),
    ("endpoint_tls_version", {"tls_versions": {}}, "whether it offers TLSv1, TLSv1.1 is not known"),
    (
        "cert_revoked",
        {"revocation": {"revoked": None, "reason": "the list has expired"}},
        "whether its certificate is revoked is not known: the list has expired",
    ),
]


@pytest.mark.parametrize("check", CHECKS)
def test_pairs(check: str) -> None:
    failing, passing = PAIRS[check]

    (finding,) = judge_endpoints(check, [endpoint(**failing), endpoint(**passing, port=8443)], compliant())

    assert (finding["status"], finding["severity"]) == ("fail", CATALOGUE[check].severity)
    assert finding["about"] == finding["endpoint"] == "203.0.113.7:443 shop.example.com"
    assert (finding["ssl_id"], finding["listener_id"], finding["load_balancer_id"]) == (None, "lsn-1", "alb-1")
    (other,) = judge_endpoints(check, [endpoint(**failing)], compliant(), options={"severity": "low"})
    assert (other["severity"], other["fingerprint"]) == ("low", finding["fingerprint"])


@pytest.mark.parametrize(("check", "changes", "reason"), UNKNOWN)
def test_undecided(check: str, changes: Facts, reason: str) -> None:
    (finding,) = judge_endpoints(check, [endpoint(**changes)])

    assert (finding["status"], finding["detail"]) == ("unknown", f"Undecided: {reason}.")
    assert (finding["severity"], finding["evidence"]) == ("medium", {})


def test_an_endpoint_that_cannot_be_reached_has_one_finding() -> None:
    nothing = dict.fromkeys(
        ("tls_version", "tls_versions", "covers_server_name", "matches_expected", "fingerprint", "x509", "trust")
    )
    gone = endpoint(reachable=False, error="refused", error_message="connection refused", revocation=None, **nothing)

    found = audit(with_endpoints([gone, endpoint(port=8443)], compliant()), PLAIN)

    (finding,) = found["findings"]
    assert finding["check"] == "endpoint_unreachable"
    assert finding["detail"] == "No TLS handshake was completed: connection refused."
    assert finding["evidence"] == {"error": "refused"}
    assert found["summary"]["endpoints_by_status"] == {"compliant": 1, "waived": 0, "not_compliant": 1}


def test_another_certificate_is_named_by_what_the_fleet_knows() -> None:
    new, old = compliant(), facts(content(csr("old.example.com")), ssl_id="ssl-2", name="old")
    (expected,) = endpoint(new)["expected_fingerprints"]
    served = endpoint(old, matches_expected=False, expected_fingerprints=[expected.upper()])

    (finding,) = judge_endpoints("endpoint_other_certificate", [served], new, old)
    until = old["not_after"]
    assert finding["detail"] == (
        f"It serves the certificate old.example.com (ssl-2), valid until {until}, instead of {new['ssl_name']} (ssl-1)."
    )
    assert finding["evidence"]["served_ssl_ids"] == ["ssl-2"]
    assert finding["evidence"]["expected_fingerprints"] == [expected]

    (finding,) = judge_endpoints("endpoint_other_certificate", [served])
    assert finding["detail"] == (
        f"It serves the certificate old.example.com, valid until {until}, instead of the certificate with the"
        f" fingerprint {expected}."
    )
    (finding,) = judge_endpoints("endpoint_other_certificate", [{**served, "expected_fingerprints": []}])
    assert finding["detail"].endswith(", although its listener has none.")


def test_what_is_served_outside_of_its_validity_needs_no_trust_store() -> None:
    (issuer,) = [compliant()["x509"]["issuer"]["common_name"]]
    policy = {"checks": {**ONLY_ENDPOINTS, "endpoint_untrusted": {"exempt_issuers": [issuer]}}}
    dates: Facts = {"not_before_epoch": NOW - DAY, "not_after_epoch": NOW - 1, "not_after": "2026-11-23T23:59:59Z"}
    for trust in (None, UNTRUSTED):
        found = audit(with_endpoints([endpoint(**UNLISTED, **dates, trust=trust)], compliant()), policy)
        (finding,) = found["findings"]
        assert (finding["check"], finding["severity"]) == ("endpoint_not_valid", "critical")
    assert finding["detail"] == (
        "It serves the certificate shop.example.com, valid until 2026-11-23T23:59:59Z, which has expired."
    )
    assert finding["evidence"]["not_after"] == dates["not_after"]
    (finding,) = judge_endpoints("endpoint_not_valid", [endpoint(not_before_epoch=NOW + 1)])
    assert finding["detail"].endswith(", which is not valid before 2026-11-24T00:00:01Z.")


def test_what_is_listed_and_bound_is_left_to_the_checks_of_certificates() -> None:
    listed = compliant()
    expired = endpoint(listed, not_after_epoch=NOW - 1)
    for bound, number in ((True, 0), (None, 0), (False, 1)):
        assert len(judge_endpoints("endpoint_not_valid", [expired], {**listed, "bound": bound})) == number


def test_issuers_can_be_exempt_from_trust() -> None:
    (issuer,) = [compliant()["x509"]["issuer"]["common_name"]]
    untrusted = endpoint(trust=UNTRUSTED)

    assert not judge_endpoints("endpoint_untrusted", [untrusted], options={"exempt_issuers": [issuer]})
    (finding,) = judge_endpoints("endpoint_untrusted", [untrusted], options={"exempt_issuers": ["Another CA"]})
    assert finding["detail"] == "No path leads to a root."
    unreadable = {**untrusted, "x509": None}
    (finding,) = judge_endpoints("endpoint_untrusted", [unreadable], options={"exempt_issuers": [issuer]})
    assert finding["status"] == "unknown"


def test_trust_may_be_among_the_facts_of_the_certificate() -> None:
    served = endpoint(trust=None)
    served["x509"]["trust"] = UNTRUSTED

    (finding,) = judge_endpoints("endpoint_untrusted", [served])
    assert finding["status"] == "fail"


def test_the_lowest_version_is_an_option() -> None:
    (finding,) = judge_endpoints("endpoint_tls_version", [endpoint()], options={"minimum_version": "1.3"})
    assert finding["detail"] == "It offers TLSv1.2; at least TLSv1.3 is required."
    assert finding["remediation"].endswith("TLSv1.3 or later.")


def test_without_versions_the_handshake_can_only_prove_a_failure() -> None:
    new, old = endpoint(tls_versions=None), endpoint(tls_versions=None, tls_version="TLSv1.1", port=8443)

    found = judge_endpoints("endpoint_tls_version", [new, old])
    assert [(item["about"].partition(" ")[0], item["status"]) for item in found] == [
        ("203.0.113.7:8443", "fail"),
        ("203.0.113.7:443", "unknown"),
    ]
    found = audit(with_endpoints([new], compliant()), PLAIN)
    assert (found["findings"], "endpoint_tls_version" in found["summary"]["not_checked"]) == ([], True)


def test_what_was_not_asked_for_is_not_checked() -> None:
    served = endpoint(tls_versions=None, trust=None, revocation=None)

    found = audit(with_endpoints([served], compliant()), PLAIN)
    assert found["findings"] == []
    assert found["summary"]["not_checked"] == ["endpoint_untrusted", "endpoint_tls_version", "cert_revoked"]
    # If it was asked for, it is only unknown for this one.
    found = audit(with_endpoints([served, endpoint(port=8443)], compliant()), PLAIN)
    assert found["summary"]["not_checked"] == []
    assert {item["check"]: item["status"] for item in found["findings"]} == {
        "endpoint_untrusted": "unknown", "endpoint_tls_version": "unknown", "cert_revoked": "unknown",
    }  # fmt: skip
    for data in (listing(compliant()), listing(compliant(), endpoints=None), [compliant()]):
        found = audit(data, PLAIN)
        assert (found["endpoints"], found["summary"]["endpoints"]) == (None, None)
        assert found["summary"]["not_checked"] == CHECKS


def test_an_audit_has_the_endpoints_with_their_results() -> None:
    served = [endpoint(port=8443, covers_server_name=False), endpoint(address="2001:db8::1", server_name=None)]

    certificate = compliant()

    found = audit(with_endpoints([*served, *served], certificate), PLAIN)

    validate(found, Audit, "audit", "")
    assert audit(with_endpoints(served[::-1], certificate), PLAIN) == found
    assert [(item["address"], item["status"], item["worst"], item["findings"]) for item in found["endpoints"]] == [
        ("2001:db8::1", "compliant", None, []),
        ("203.0.113.7", "not_compliant", "high", ["endpoint_name_mismatch"]),
    ]
    assert found["summary"]["endpoints"] == 2
    assert found["endpoints"][1]["subject"] == compliant()["x509"]["subject"]
    (finding,) = judge_endpoints("endpoint_unreachable", [{**served[1], "reachable": False}])
    assert finding["about"] == "[2001:db8::1]:443"


def test_different_results_of_the_same_endpoint_are_all_judged() -> None:
    (finding,) = judge_endpoints("endpoint_name_mismatch", [endpoint(), endpoint(covers_server_name=False)])
    assert finding["status"] == "fail"


@pytest.mark.parametrize("value", ["all", 7, {"a": 1}, True, [None], ["203.0.113.7"], [{"address": "203.0.113.7"}]])
def test_what_is_not_a_list_of_probed_endpoints(value: Any) -> None:
    with pytest.raises(OptionError, match=r"endpoints: .*") as caught:
        audit(listing(compliant(), endpoints=value))
    assert "ssl_endpoint_info" in str(caught.value.hint)


@pytest.mark.parametrize("value", [None, 7, "x", [], [7], {}, {"a": [1]}, True, float("nan")])
def test_malformed_facts_do_not_stop_the_audit(value: Any) -> None:
    names = [name for name in endpoint() if name not in ("address", "reachable")]
    broken = [endpoint(port=number, **{name: value}) for number, name in enumerate(names) if name != "port"]
    broken += [{**dict.fromkeys(names, value), "address": value, "reachable": True}]
    nested = [endpoint(port=1000 + number, **{name: {"trusted": value, "reason": value, "revoked": value}})
              for number, name in enumerate(("trust", "revocation", "tls_versions", "x509"))]  # fmt: skip

    found = audit(with_endpoints([*broken, *nested], compliant()), PLAIN)
    validate(found, Audit, "audit", "")
    assert found["summary"]["endpoints"] == len(broken) + len(nested)


@pytest.mark.parametrize("value", [None, {}, {"reason": "x"}, [], "trusted"])
def test_what_has_no_verdict_was_not_asked_for(value: Any) -> None:
    """An endpoint whose trust or revocation says nothing does not make checks of it undecided, also for others."""
    judged = endpoint(port=1)
    silent = endpoint(port=2, trust=value, revocation=value)
    alone = audit(with_endpoints([silent], compliant()), PLAIN)
    together = audit(with_endpoints([judged, silent], compliant()), PLAIN)

    assert [name for name in ("endpoint_untrusted", "cert_revoked") if name in alone["summary"]["not_checked"]] == [
        "endpoint_untrusted",
        "cert_revoked",
    ]
    unknown = {item["check"] for item in together["findings"] if item["status"] == "unknown"}
    assert unknown == {"endpoint_untrusted", "cert_revoked"}


@pytest.mark.parametrize(
    ("target", "value", "other"),
    [
        ("listener_id", "lsn-1", "lsn-2"),
        ("load_balancer_id", "alb-1", "alb-2"),
        ("domain", "Shop.Example.com", "example.com"),
        ("domain", "*.example.com", "*.shop.example.com"),
    ],
)
def test_waivers(target: str, value: str, other: str) -> None:
    waiver = {"check": "endpoint_name_mismatch", "reason": "known", "expires": "2027-01-31"}
    data = with_endpoints([endpoint(covers_server_name=False)], compliant())

    for named, waived in ((value, True), (other, False)):
        (finding,) = audit(data, {**PLAIN, "waivers": [{**waiver, target: named}]})["findings"]
        assert finding["waived"] is waived


def change_of(check: str, before: Facts, after: list[Facts]) -> str:
    """Return what has become of the finding about an endpoint, when these were probed."""
    baseline = audit(with_endpoints([before], compliant()), PLAIN)
    assert [item["check"] for item in baseline["findings"]] == [check]
    found = audit(with_endpoints(after, compliant()), PLAIN, baseline=baseline)
    changes = [item["change"] for item in found["findings"] if item["check"] == check]
    not_checked = found["summary"]["changes"]["not_checked"]
    assert len(changes) + not_checked == 1
    return changes[0] if changes else "not_checked"


def test_changes_since_a_baseline() -> None:
    check, bad = "endpoint_name_mismatch", endpoint(covers_server_name=False)

    assert change_of(check, bad, [bad]) == "unchanged"
    assert change_of(check, bad, [endpoint()]) == "fixed"
    # Only what was probed and reached can be compared.
    assert change_of(check, bad, []) == "not_checked"
    assert change_of(check, bad, [endpoint(port=8443)]) == "not_checked"
    assert change_of(check, bad, [endpoint(region="hk")]) == "not_checked"
    assert change_of(check, bad, [endpoint(reachable=False)]) == "not_checked"
    unreachable = endpoint(reachable=False)
    assert change_of("endpoint_unreachable", unreachable, [unreachable]) == "unchanged"
    assert change_of("endpoint_unreachable", unreachable, [bad]) == "fixed"


def test_what_was_not_asked_for_is_not_fixed() -> None:
    other = endpoint(matches_expected=False)
    unasked = endpoint(matches_expected=None, expected_fingerprints=None)
    assert change_of("endpoint_other_certificate", other, [unasked]) == "not_checked"
    assert change_of("endpoint_untrusted", endpoint(trust=UNTRUSTED), [endpoint(trust=None)]) == "not_checked"
    revoked = endpoint(revocation={"revoked": True})
    assert change_of("cert_revoked", revoked, [endpoint(revocation=None)]) == "not_checked"
