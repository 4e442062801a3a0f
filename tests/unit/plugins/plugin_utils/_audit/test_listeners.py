# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what listeners offer: TLS versions, ciphers, redirects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import NATIVE_CIPHER_STRING
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import Audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.validation import validate
from ansible_collections.ucloud.ulb.tests.simulator import relation
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    LISTENER,
    STRICT,
    Facts,
    audit,
    compliant,
    judge_listeners,
    listener,
    listing,
    with_listeners,
)

PLAIN = {"checks": {"cert_internal_name": False, "cert_untrusted": False}}


def allowing(version: str | None) -> Facts:
    """A listener whose TLS policy allows this version and all later ones."""
    return listener(policy=replace(STRICT, minimum_version=version))


def ciphers(*names: str, string: str | None = None, version: str = "TLSv1.2") -> Facts:
    """A listener whose TLS policy allows these cipher suites, or those of a cipher string."""
    policy = replace(STRICT, minimum_version=version, ciphers=names or None, cipher_string=string)
    return listener(policy=policy)


def plain(port: int | None = None, listener_id: str = "lsn-0", **changes: Any) -> Facts:
    """An HTTP listener that redirects to a port."""
    return listener(listener_id, protocol="HTTP", port=80, redirect_port=port or 0, changes=changes)


#: For each check, listeners that fail it, and similar ones that pass.
PAIRS: dict[str, tuple[list[Facts], list[Facts]]] = {
    "listener_tls_version": ([allowing("TLSv1.1")], [allowing("TLSv1.2")]),
    "listener_weak_ciphers": (
        [ciphers("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256")],
        [ciphers("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384")],
    ),
    "listener_http_without_redirect": ([plain(), listener()], [plain(443), listener()]),
}


@pytest.mark.parametrize("check", PAIRS)
def test_some_fail_and_some_close_to_them_pass(check: str) -> None:
    bad, good = PAIRS[check]

    assert {finding["status"] for finding in judge_listeners(check, bad, compliant())} == {"fail"}
    assert judge_listeners(check, good, compliant()) == []


# The audit


def test_a_finding_about_a_listener() -> None:
    found = audit(with_listeners([allowing("TLSv1")], compliant()), PLAIN)

    (finding,) = found["findings"]
    assert finding == {
        "check": "listener_tls_version",
        "severity": "high",
        "status": "fail",
        "ssl_id": None,
        "ssl_name": None,
        "region": "cn-bj2",
        "project_id": "org-1",
        "listener_id": "lsn-1",
        "load_balancer_id": "alb-1",
        "endpoint": None,
        "about": "lsn-1",
        "title": "Listener allows old TLS versions",
        "detail": "Its TLS policy sp-strict allows TLSv1; at least TLSv1.2 is required.",
        "evidence": {"minimum_version": "TLSv1", "required_version": "TLSv1.2", "policy": "sp-strict"},
        "remediation": CATALOGUE["listener_tls_version"].remediation,
        "messages": {
            "detail": {
                "text": "{policy} allows {lowest}; at least {required} is required.",
                "values": {
                    "policy": {"text": "Its TLS policy {name}", "values": {"name": "sp-strict"}},
                    "lowest": "TLSv1",
                    "required": "TLSv1.2",
                },
            },
            "remediation": {
                "text": "Choose a TLS policy whose lowest version is {version} or later.",
                "values": {"version": "TLSv1.2"},
            },
        },
        "waived": False,
        "waiver": None,
        "fingerprint": finding["fingerprint"],
        "change": None,
    }
    # The certificate has no part in it.
    assert found["summary"]["compliant"] == 1


def test_an_audit_has_the_listeners_with_their_results() -> None:
    first, second = allowing("TLSv1"), listener("lsn-2", port=8443)
    bound = compliant(relations=[LISTENER, relation(("alb-1", "frontend"), ("lsn-2", "https"))])
    found = audit(with_listeners([second, first, second], bound), PLAIN)

    assert found["listeners"] == [
        {**first, "status": "not_compliant", "worst": "high", "findings": ["listener_tls_version"]},
        {**second, "status": "compliant", "worst": None, "findings": []},
    ]
    assert found["summary"]["listeners"] == 2
    assert found["summary"]["listeners_by_status"] == {"compliant": 1, "waived": 0, "not_compliant": 1}
    assert {CATALOGUE[check].topic for check in found["summary"]["not_checked"]} == {"endpoint"}
    validate(found, Audit, "audit", "")


def test_without_listeners_the_audit_says_what_was_not_checked() -> None:
    for data in (listing(compliant()), listing(compliant(), listeners=None), [compliant()]):
        found = audit(data, PLAIN)
        assert (found["listeners"], found["summary"]["listeners"]) == (None, None)
        assert "listener_tls_version" in found["summary"]["not_checked"]

    less = {"checks": {**PLAIN["checks"], "listener_tls_version": False}}
    assert "listener_tls_version" not in audit(listing(compliant()), less)["summary"]["not_checked"]
    found = audit(with_listeners([], compliant()), PLAIN)
    assert (found["listeners"], found["summary"]["listeners"]) == ([], 0)
    assert {CATALOGUE[check].topic for check in found["summary"]["not_checked"]} == {"endpoint"}


@pytest.mark.parametrize("value", ["all", 7, {"a": 1}, True])
def test_listeners_that_are_no_list(value: Any) -> None:
    with pytest.raises(OptionError, match=f"listeners: not a list but {type(value).__name__}"):
        audit(listing(compliant(), listeners=value))


@pytest.mark.parametrize("item", ["lsn-1", None, {}, {"ssl_id": "ssl-1"}, ["listener_id"]])
def test_items_that_are_no_listeners(item: Any) -> None:
    with pytest.raises(OptionError, match=r"listeners: .* has no listener_id"):
        audit(with_listeners([item], compliant()))


# TLS versions


@pytest.mark.parametrize(
    ("lowest", "required", "fails"),
    [
        ("TLSv1.2", "TLSv1.3", True),
        ("TLSv1.1", "TLSv1.1", False),
        ("TLSv1", "1.1", True),
        ("TLSv1", "TLS 1.0", False),
        ("TLSv1.3", "tlsv1.2", False),
    ],
)
def test_tls_versions(lowest: str, required: str, fails: bool) -> None:
    found = judge_listeners("listener_tls_version", [allowing(lowest)], options={"minimum_version": required})
    assert [finding["status"] for finding in found] == ["fail"] * fails


@pytest.mark.parametrize("value", ["TLSv1.4", "SSLv3", "", 1.2, None, ["TLSv1.2"], True])
def test_what_is_no_tls_version(value: Any) -> None:
    with pytest.raises(OptionError, match=r"policy\.checks\.listener_tls_version\.minimum_version: "):
        Policy.from_data({"checks": {"listener_tls_version": {"minimum_version": value}}})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tls": None}, "the lowest TLS version of its policy is not known"),
        ({"tls": {"minimum_version": None}}, "the lowest TLS version of its policy is not known"),
        ({"tls": {"minimum_version": ["TLSv1"]}}, "the lowest TLS version of its policy is not known"),
        ({"tls": "TLSv1.2"}, "the lowest TLS version of its policy is not known"),
        ({"protocol": None, "tls": None}, "its protocol is not known"),
    ],
)
def test_unknown_tls_versions(changes: Facts, why: str) -> None:
    (finding,) = judge_listeners("listener_tls_version", [listener(changes=changes)])
    assert (finding["status"], finding["severity"], finding["detail"]) == ("unknown", "medium", f"Undecided: {why}.")


@pytest.mark.parametrize(("protocol", "statuses"), [(" https", ["fail"]), ("TLS", ["unknown"]), ("tcp", [])])
def test_other_forms_of_protocols(protocol: str, statuses: list[str]) -> None:
    old = listener(changes={"protocol": protocol, "tls": None, "certificates": []})

    found = judge_listeners("listener_without_certificate", [old], compliant())
    assert [finding["status"] for finding in found] == statuses


def test_listeners_without_tls_have_no_version() -> None:
    assert judge_listeners("listener_tls_version", [listener(protocol="HTTP"), listener(protocol="TCP")]) == []


# Ciphers

GCM = "ECDHE-RSA-AES128-GCM-SHA256"


def test_weak_ciphers() -> None:
    (finding,) = judge_listeners("listener_weak_ciphers", [ciphers(GCM, "AES256-SHA", "DES-CBC3-SHA")])

    assert finding["severity"] == "medium"
    assert finding["detail"] == (
        "Its TLS policy sp-strict allows cipher suites that are not in Mozilla's profile intermediate:"
        " AES256-SHA, DES-CBC3-SHA."
    )
    assert finding["evidence"] == {
        "policy": "sp-strict",
        "outside": 2,
        "ciphers": ["AES256-SHA", "DES-CBC3-SHA"],
        "cipher_string": None,
    }


@pytest.mark.parametrize(
    ("names", "policy", "label"),
    [
        ({"policy_name": "ours"}, "ours", "Its TLS policy ours"),
        ({"policy_name": ["ours"], "policy_id": "sp-1"}, "sp-1", "Its TLS policy sp-1"),
        ({"policy_name": "", "policy_id": None}, None, "Its TLS policy"),
        ({"policy_name": 7, "policy_id": {"id": 7}}, None, "Its TLS policy"),
    ],
)
def test_the_name_of_a_policy(names: Facts, policy: str | None, label: str) -> None:
    weak = ciphers("AES256-SHA", version="TLSv1")
    old = {**weak, "listener_id": "lsn-2", "tls": {**weak["tls"], **names}}
    for check in ("listener_weak_ciphers", "listener_tls_version"):
        findings = judge_listeners(check, [weak, old])
        assert [finding["evidence"]["policy"] for finding in findings] == ["sp-strict", policy]
        labels = [finding["detail"].partition(" allows ")[0] for finding in findings]
        assert labels == ["Its TLS policy sp-strict", label]


@pytest.mark.parametrize(
    ("facts", "options", "status"),
    [
        (ciphers(GCM), {"profile": "modern"}, "fail"),
        (ciphers("TLS_AES_128_GCM_SHA256"), {"profile": "Modern"}, None),
        (ciphers("TLS_AES_128_CCM_8_SHA256"), {}, "fail"),
        # Suites of older versions do not matter if only TLS 1.3 is allowed.
        (ciphers(GCM, version="TLSv1.3"), {"profile": "modern"}, None),
        (ciphers("TLS_AES_128_CCM_8_SHA256", version="TLSv1.3"), {}, "fail"),
        (ciphers(string=NATIVE_CIPHER_STRING, version="TLSv1.3"), {}, None),
        (ciphers("DES-CBC3-SHA"), {"profile": "old"}, None),
        (ciphers("RC4-SHA"), {"profile": "old"}, "fail"),
        (ciphers("AES128-SHA", "TLS_AES_128_GCM_SHA256"), {"ciphers": ["aes128-sha"]}, None),
        (ciphers("AES128-SHA", GCM), {"ciphers": ["AES128-SHA"]}, "fail"),
        (ciphers(string=NATIVE_CIPHER_STRING), {}, "fail"),
        # It may allow more than this profile, but not for certain.
        (ciphers(string=NATIVE_CIPHER_STRING), {"profile": "old"}, "unknown"),
        (ciphers(string=f"{GCM}:!aNULL"), {}, None),
        (ciphers(string=f"{GCM}:HIGH:!kRSA:!SHA1"), {}, "fail"),
        (ciphers(string="ECDHE+AESGCM"), {}, "unknown"),
        (ciphers(string=""), {}, "unknown"),
        (ciphers(), {}, "unknown"),
        # Names at IANA.
        (ciphers("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), {}, None),
        (ciphers(GCM, "TLS_RSA_WITH_AES_128_CBC_SHA"), {}, "fail"),
        (ciphers("TLS_RSA_WITH_3DES_EDE_CBC_SHA"), {"profile": "old"}, None),
        (ciphers("TLS_RSA_WITH_RC4_128_SHA"), {"profile": "old"}, "fail"),
        (ciphers(GCM, "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256"), {}, "unknown"),
        (ciphers("RC4-SHA", "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256"), {}, "fail"),
        (ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", version="TLSv1.3"), {}, None),
        (listener(changes={"tls": {"ciphers": []}}), {}, "unknown"),
        (listener(changes={"tls": {"ciphers": [GCM, None]}}), {}, "unknown"),
        (listener(changes={"tls": {"ciphers": GCM, "cipher_string": 7}}), {}, "unknown"),
        (listener(changes={"tls": None}), {}, "unknown"),
        (listener(changes={"tls": None, "protocol": None}), {}, "unknown"),
        (listener(protocol="HTTP"), {}, None),
    ],
)
def test_ciphers(facts: Facts, options: Facts, status: str | None) -> None:
    found = judge_listeners("listener_weak_ciphers", [facts], options=options)
    assert [finding["status"] for finding in found] == [status] * (status is not None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"profile": "best"}, "profile: unknown 'best'. Valid values: modern, intermediate, old."),
        ({"profile": 1}, "profile: 1 is not text. Give a text, such as intermediate."),
        ({"ciphers": ["HIGH"]}, "ciphers: 'HIGH' is not OpenSSL's name of a cipher suite."),
        ({"ciphers": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}, "is not OpenSSL's name of a cipher suite."),
        ({"ciphers": "AES128-SHA"}, "ciphers: 'AES128-SHA' is not a list of texts."),
    ],
)
def test_what_are_no_ciphers(options: Facts, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        Policy.from_data({"checks": {"listener_weak_ciphers": options}})
    assert message in caught.value.describe()


def test_the_remediation_recommends_what_the_policy_allows() -> None:
    for options, text in (({"profile": "old"}, "profile old"), ({"ciphers": [GCM]}, "that the policy allows")):
        (finding,) = judge_listeners("listener_weak_ciphers", [ciphers("RC4-SHA")], options=options)
        assert text in finding["remediation"]
    (finding,) = judge_listeners("listener_tls_version", [allowing("TLSv1")], options={"minimum_version": "TLSv1.3"})
    assert "TLSv1.3 or later" in finding["remediation"]


# Redirects

OTHER = listener("lsn-2", balancer=("alb-2", "other"))


@pytest.mark.parametrize(
    ("listeners", "status"),
    [
        ([plain()], None),
        ([plain(), OTHER], None),
        ([plain(80), listener()], "fail"),
        ([plain(8443), listener()], "fail"),
        ([plain(8443), listener(), listener("lsn-2", port=8443)], None),
        ([plain(redirects=None), listener()], "unknown"),
        ([plain(redirects="yes"), listener()], "unknown"),
        ([plain(redirects=None)], None),
        ([plain(443, redirects_to_port=None), listener()], "unknown"),
        ([plain(8443), listener(), listener("lsn-2", changes={"protocol": None})], "unknown"),
        ([plain(8443), listener(changes={"port": None})], "unknown"),
        # Its load balancer may have an HTTPS listener.
        ([plain(), listener(changes={"protocol": None})], "unknown"),
        ([plain(load_balancer_id=None), listener()], "unknown"),
        ([plain(protocol=None, redirects=False)], None),
        ([plain(protocol=None, redirects=False), listener()], "unknown"),
        ([listener(protocol="TCP"), listener("lsn-2")], None),
    ],
)
def test_redirects(listeners: list[Facts], status: str | None) -> None:
    found = judge_listeners("listener_http_without_redirect", listeners)
    about = [(finding["status"], finding["about"]) for finding in found if finding["about"] == "lsn-0"]
    assert about == [(status, "lsn-0")] * (status is not None)


def test_a_listener_that_does_not_redirect() -> None:
    first, second = judge_listeners(
        "listener_http_without_redirect", [plain(), plain(8080, "lsn-00"), listener(), listener("lsn-2", port=8443)]
    )

    serves = "It serves HTTP on port 80 and"
    assert first["detail"] == f"{serves} does not redirect, although frontend has an HTTPS listener."
    assert first["evidence"] == {"port": 80, "redirects_to_port": None, "https_ports": [443, 8443]}
    assert second["detail"] == f"{serves} redirects to port 8080, although frontend has an HTTPS listener."


@pytest.mark.parametrize(
    ("changes", "is_decided"),
    [
        ({}, True),
        ({"listeners_complete": None}, False),
        # Load balancers are listed with all their listeners, or not at all.
        ({"listeners_complete": False, "listener_errors": [{}]}, True),
        ({"scope": {"selection": {}}}, True),
        ({"scope": {"selection": {"load_balancer_ids": ["alb-1"]}}}, True),
        ({"scope": {"selection": {"listener_ids": ["lsn-0"]}}}, False),
        ({"scope": {"selection": {"load_balancer_ids": ["alb-1"], "domains": ["a.example.com"]}}}, False),
    ],
)
def test_an_https_listener_may_be_missing_from_the_listing(changes: Facts, is_decided: bool) -> None:
    found = judge_listeners("listener_http_without_redirect", [plain()], **changes)
    assert [finding["status"] for finding in found] == ["unknown"] * (not is_decided)
    # A known one is enough, and so is a redirect to it.
    found = judge_listeners("listener_http_without_redirect", [plain(), listener()], **changes)
    assert [finding["status"] for finding in found] == ["fail"]
    assert judge_listeners("listener_http_without_redirect", [plain(443), listener()], **changes) == []


# Listings that failed


def error(action: str | None = "DescribeULB", **changes: Any) -> Facts:
    message = f"{action} in region hk and project org-1 at api.ucloud.cn: RetCode 299: refused." if action else None
    return {"region": "hk", "project_id": "org-1", "code": 299, "message": message, "request_id": None, **changes}


def test_listings_of_listeners_that_failed() -> None:
    errors = [
        error(),
        error("DescribeSecurityPoliciesV2", region="cn-bj2"),
        error(None, code=None, region=None),
        error(),
    ]
    found = judge_listeners("listeners_incomplete", [], listener_errors=errors, listeners_complete=False)

    assert [(item["status"], item["severity"], item["region"], item["project_id"]) for item in found] == [
        ("unknown", "medium", None, "org-1"),
        ("unknown", "medium", "cn-bj2", "org-1"),
        ("unknown", "medium", "hk", "org-1"),
    ]
    not_checked = "so that its listeners were not checked."
    not_known = (
        "so that the TLS policies of application load balancers there are not known; their listeners were listed."
    )
    assert [item["detail"] for item in found] == [
        f"Undecided: A listing in project org-1 failed, {not_checked}",
        f"Undecided: DescribeSecurityPoliciesV2 in region cn-bj2 and project org-1 failed (RetCode 299), {not_known}",
        f"Undecided: DescribeULB in region hk and project org-1 failed (RetCode 299), {not_checked}",
    ]
    assert len({item["fingerprint"] for item in found}) == 3


def test_listings_that_failed_are_no_matter_of_certificates() -> None:
    found = audit(with_listeners([], compliant(), listener_errors=[error()]), PLAIN)

    assert {finding["check"] for finding in found["findings"]} == {"listeners_incomplete"}
    assert (found["summary"]["compliant"], found["summary"]["listeners"], found["summary"]["unknown"]) == (1, 0, 1)


def test_an_incomplete_listing_without_an_error() -> None:
    (finding,) = judge_listeners("listeners_incomplete", [], listeners_complete=False)
    assert finding["detail"] == "Undecided: some listeners were not listed, and so were not checked."
    assert judge_listeners("listeners_incomplete", []) == []
    assert judge_listeners("listeners_incomplete", [], listeners_complete=None) == []
    assert judge_listeners("listeners_incomplete", [], listeners_complete="no") == []
