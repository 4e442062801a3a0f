# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what listeners offer: TLS versions, ciphers, redirects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import Audit, validate
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    STRICT,
    Facts,
    audit,
    compliant,
    judge_listeners,
    listener,
    listing,
    with_listeners,
)

PLAIN = {"checks": {"cert_internal_name": False}}


def allowing(version: str | None) -> Facts:
    """A listener whose TLS policy allows this version and all later ones."""
    return listener(policy=replace(STRICT, minimum_version=version))


#: For each check, listeners that fail it, and similar ones that pass.
PAIRS: dict[str, tuple[list[Facts], list[Facts]]] = {
    "listener_tls_version": ([allowing("TLSv1.1")], [allowing("TLSv1.2")]),
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
        "about": "lsn-1",
        "title": "Listener allows old TLS versions",
        "detail": "Its TLS policy sp-strict allows TLSv1; at least TLSv1.2 is required.",
        "evidence": {"minimum_version": "TLSv1", "required_version": "TLSv1.2", "policy": "sp-strict"},
        "remediation": CATALOGUE["listener_tls_version"].remediation,
        "waived": False,
        "waiver": None,
        "fingerprint": finding["fingerprint"],
        "change": None,
    }
    # The certificate has no part in it.
    assert found["summary"]["compliant"] == 1


def test_an_audit_has_the_listeners_with_their_results() -> None:
    first, second = allowing("TLSv1"), listener("lsn-2", port=8443)
    found = audit(with_listeners([second, first, second], compliant()), PLAIN)

    assert found["listeners"] == [
        {**first, "status": "not_compliant", "worst": "high", "findings": ["listener_tls_version"]},
        {**second, "status": "compliant", "worst": None, "findings": []},
    ]
    assert found["summary"]["listeners"] == 2
    assert found["summary"]["listeners_by_status"] == {"compliant": 1, "waived": 0, "not_compliant": 1}
    assert found["summary"]["not_checked"] == []
    validate(found, Audit, "audit", "")


def test_without_listeners_the_audit_says_what_was_not_checked() -> None:
    for data in (listing(compliant()), listing(compliant(), listeners=None), [compliant()]):
        found = audit(data, PLAIN)
        assert (found["listeners"], found["summary"]["listeners"]) == (None, None)
        assert "listener_tls_version" in found["summary"]["not_checked"]

    less = {"checks": {**PLAIN["checks"], "listener_tls_version": False}}
    assert "listener_tls_version" not in audit(listing(compliant()), less)["summary"]["not_checked"]
    found = audit(with_listeners([], compliant()), PLAIN)
    assert (found["listeners"], found["summary"]["listeners"], found["summary"]["not_checked"]) == ([], 0, [])


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


def test_listeners_without_tls_have_no_version() -> None:
    assert judge_listeners("listener_tls_version", [listener(protocol="HTTP"), listener(protocol="TCP")]) == []
