# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy, Rule
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import SEVERITIES

ALL = ", ".join(CATALOGUE)


def problem(data: Any) -> str:
    with pytest.raises(OptionError) as caught:
        Policy.from_data(data)
    return caught.value.describe()


def rule(check: str, data: Any) -> Rule | None:
    rules = Policy.from_data({"checks": {check: data}}).rules
    return next((item for item in rules if item.check.id == check), None)


@pytest.mark.parametrize("data", [None, {}, {"checks": None}, {"checks": {}, "waivers": None}, {"waivers": []}])
def test_without_a_policy_the_defaults_apply(data: Any) -> None:
    policy = Policy.from_data(data)

    assert [item.check.id for item in policy.rules] == [name for name, check in CATALOGUE.items() if check.is_enabled]
    assert {item.severity for item in policy.rules} == {None}
    assert all(item.options == item.check.options for item in policy.rules)
    assert (policy.waivers, policy.unknown_severity) == ((), "medium")


def test_defaults_are_not_shared() -> None:
    first, second = rule("cert_key_curve", {}), rule("cert_key_curve", {})

    assert first is not None
    assert second is not None
    first.options["allowed_curves"].append("secp521r1")
    assert second.options["allowed_curves"] == ["secp256r1", "secp384r1"]


def test_on_and_off() -> None:
    assert rule("cert_wildcard", False) is None
    assert rule("cert_wildcard", {"enabled": False, "severity": "high"}) is None
    on: tuple[Any, ...] = (True, None, {}, {"enabled": True})
    for data in on:
        assert rule("cert_wildcard", data) is not None
    off: tuple[Any, ...] = (False, None, {}, {"enabled": False})
    for data in off:
        assert rule("private_key_stored", data) is None
    # Setting a severity turns the check on.
    wanted: tuple[Any, ...] = (True, {"enabled": True}, {"severity": "high"})
    for data in wanted:
        assert rule("private_key_stored", data) is not None


@pytest.mark.parametrize(
    ("check", "option"),
    [("cert_issuer_not_allowed", "allowed_issuers"), ("cert_domain_uncovered", "expected_domains")],
)
def test_what_has_nothing_to_check_is_off(check: str, option: str) -> None:
    off: tuple[Any, ...] = (None, {}, False, {option: []}, {"enabled": False, option: []})
    for data in (*off, {"enabled": False, option: ["a"]}):
        assert rule(check, data) is None
        assert Policy.from_data({"checks": {check: data}}).to_data()["checks"][check] == {"enabled": False}
    for data in (True, {"enabled": True}, {"severity": "high"}, {"enabled": True, option: []}):
        assert problem({"checks": {check: data}}) == (
            f"policy.checks.{check}: the check is on, but {option} is empty. Set {option}, or turn the check off."
        )
    for data in ({option: ["a"]}, {"enabled": True, option: ["a"]}):
        assert rule(check, data) is not None


def test_options_of_other_checks_are_handed_on() -> None:
    def linked(**checks: Any) -> dict[str, Any]:
        rules = Policy.from_data({"checks": checks}).rules
        return {item.check.id: item.linked for item in rules if item.linked}

    keys = {"rsa_bits": 2048, "ec_bits": 256, "allowed_curves": ["secp256r1", "secp384r1"]}
    of_keys = {
        "cert_weak_key": {"allowed_curves": keys["allowed_curves"]},
        "cert_key_curve": {"rsa_bits": 2048, "ec_bits": 256},
        "cert_rsa_exponent": keys,
    }
    private: dict[str, Any] = {"private_issuers": []}
    others = {**of_keys, "cert_untrusted": private, "endpoint_untrusted": private}
    member = {"chain_member_expiring": {"days": 30}}
    expiring = {"cert_expiring_warning": {"fraction": 1 / 3}, "cert_expiring_fraction": {"days": 30}}
    assert linked() == {**expiring, **member, **others}
    assert linked(cert_expiring_warning={"days": 7}, cert_expiring_fraction={"fraction": 0.5}) == {
        "cert_expiring_warning": {"fraction": 0.5},
        "cert_expiring_fraction": {"days": 7},
        "chain_member_expiring": {"days": 7},
        **others,
    }
    assert linked(cert_expiring_warning=False) == {
        "cert_expiring_fraction": {"days": None},
        "chain_member_expiring": {"days": None},
        **others,
    }
    assert linked(cert_expiring_fraction=False) == {"cert_expiring_warning": {"fraction": None}, **member, **others}
    assert linked(cert_no_sct={"private_issuers": ["Example CA"]})["cert_untrusted"] == {
        "private_issuers": ["Example CA"]
    }


def test_rules_know_those_that_are_worse() -> None:
    def worse(**checks: Any) -> dict[str, list[str]]:
        rules = Policy.from_data({"checks": checks}).rules
        return {item.check.id: [other.check.id for other in item.worse] for item in rules if item.worse}

    assert worse() == {
        "cert_expiring_critical": ["cert_expired"],
        "cert_expiring_warning": ["cert_expired", "cert_expiring_critical"],
        "cert_expiring_fraction": ["cert_expired", "cert_expiring_critical", "cert_expiring_warning"],
        "chain_member_expiring": ["chain_member_expired"],
        "cert_untrusted": ["cert_expired", "cert_not_yet_valid"],
    }
    assert worse(cert_expired=False, cert_expiring_critical=False) == {
        "cert_expiring_fraction": ["cert_expiring_warning"],
        "chain_member_expiring": ["chain_member_expired"],
        "cert_untrusted": ["cert_not_yet_valid"],
    }


@pytest.mark.parametrize(
    ("check", "option", "given", "read"),
    [
        ("cert_internal_name", "suffixes", [".Corp", "LAN.", "*.home", "例子"], ["corp", "lan", "home", "xn--fsqu00a"]),
        (
            "cert_key_curve",
            "allowed_curves",
            ["P-256", "p-384", "P-521", "prime256v1", "SECP521R1", "brainpoolp256r1"],
            ["secp256r1", "secp384r1", "secp521r1", "secp256r1", "secp521r1", "brainpoolP256r1"],
        ),
        (
            "cert_weak_signature",
            "weak_hashes",
            ["SHA1", "SHA-1", "MD5", "SHA3-256"],
            ["sha1", "sha1", "md5", "sha3256"],
        ),
        (
            "cert_domain_uncovered",
            "expected_domains",
            ["A.example.com.", "2001:DB8:0::1"],
            ["a.example.com", "2001:db8::1"],
        ),
        # Names of issuers are not normalized here.
        ("cert_issuer_not_allowed", "allowed_issuers", ["Example CA."], ["Example CA."]),
    ],
)
def test_lists_are_read_in_one_spelling(check: str, option: str, given: list[str], read: list[str]) -> None:
    found = rule(check, {option: given})

    assert found is not None
    assert found.options[option] == read
    again = rule(check, {option: read})
    assert again is not None
    assert again.options == found.options


@pytest.mark.parametrize(
    ("check", "option", "value", "possible"),
    [
        ("cert_key_curve", "allowed_curves", "P-257", "secp192r1, secp224r1, secp256r1, "),
        ("cert_weak_signature", "weak_hashes", "sha", "md2, md4, md5, sha1, "),
    ],
)
def test_lists_of_what_does_not_exist(check: str, option: str, value: str, possible: str) -> None:
    said = problem({"checks": {check: {option: [value]}}})

    assert said.startswith(f"policy.checks.{check}.{option}: unknown {value!r}. Valid values: {possible}")


@pytest.mark.parametrize("severity", SEVERITIES)
def test_severities(severity: str) -> None:
    found = rule("cert_wildcard", {"severity": severity})

    assert found is not None
    assert found.severity == severity
    assert Policy.from_data({"unknown_severity": severity}).unknown_severity == severity


def test_options() -> None:
    found = rule("cert_expiring_warning", {"days": 45})
    assert found is not None
    assert (found.options, found.linked) == ({"days": 45}, {"fraction": 1 / 3})
    assert found.given == frozenset({"days"})
    found = rule("cert_expiring_warning", {"severity": "low"})
    assert found is not None
    assert (found.options, found.given) == ({"days": 30}, frozenset())

    found = rule("cert_validity_too_long", {"max_days": None})
    assert found is not None
    assert found.options == {"max_days": None}
    old = problem({"checks": {"cert_expiring_warning": {"fraction": 0.5}}})
    assert old == ("policy.checks.cert_expiring_warning: unknown 'fraction'. Valid values: enabled, severity, days.")


def test_an_unknown_key() -> None:
    assert problem({"check": {}}) == (
        "policy: unknown 'check'. Did you mean checks? Valid values: checks, waivers, unknown_severity."
    )


def test_an_unknown_check() -> None:
    assert problem({"checks": {"cert_expird": {}}}) == (
        f"policy.checks: unknown 'cert_expird'. Did you mean cert_expired? Valid values: {ALL}."
    )
    assert problem({"checks": {7: {}}}) == f"policy.checks: unknown 7. Valid values: {ALL}."


def test_an_unknown_option() -> None:
    assert problem({"checks": {"cert_weak_key": {"bits": 1}}}) == (
        "policy.checks.cert_weak_key: unknown 'bits'. Did you mean ec_bits?"
        " Valid values: enabled, severity, rsa_bits, ec_bits."
    )
    assert problem({"checks": {"cert_wildcard": {"xyz": 1}}}) == (
        "policy.checks.cert_wildcard: unknown 'xyz'. Valid values: enabled, severity."
    )


@pytest.mark.parametrize("severity", ["High", "warning", "", 3, ["low"]])
def test_an_unknown_severity(severity: Any) -> None:
    possible = "Valid values: low, medium, high, critical."

    assert problem({"checks": {"cert_wildcard": {"severity": severity}}}) == (
        f"policy.checks.cert_wildcard.severity: unknown {severity!r}. {possible}"
    )
    assert problem({"unknown_severity": severity}) == (f"policy.unknown_severity: unknown {severity!r}. {possible}")


@pytest.mark.parametrize("value", ["30", True, -1, float("nan"), float("inf"), float("-inf"), [30], {}])
def test_options_that_are_no_numbers(value: Any) -> None:
    assert problem({"checks": {"cert_expiring_warning": {"days": value}}}) == (
        f"policy.checks.cert_expiring_warning.days: {value!r} is not a valid number."
        " Give a number that is not negative, such as 30."
    )
    assert problem({"checks": {"cert_validity_too_long": {"max_days": value}}}) == (
        f"policy.checks.cert_validity_too_long.max_days: {value!r} is not a valid number."
        " Give a number that is not negative, such as 90."
    )


def test_an_option_that_has_to_have_a_value() -> None:
    assert problem({"checks": {"cert_expiring_warning": {"days": None}}}).startswith(
        "policy.checks.cert_expiring_warning.days: None is not a valid number."
    )


@pytest.mark.parametrize("value", ["secp521r1", None, [1], [["a"]], {"a": 1}])
def test_options_that_are_no_lists_of_texts(value: Any) -> None:
    assert problem({"checks": {"cert_key_curve": {"allowed_curves": value}}}) == (
        f"policy.checks.cert_key_curve.allowed_curves: {value!r} is not a list of texts. Give a list, such as [a, b]."
    )


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_enabled_is_a_truth_value(value: Any) -> None:
    assert problem({"checks": {"cert_wildcard": {"enabled": value}}}) == (
        f"policy.checks.cert_wildcard.enabled: {value!r} is not a boolean. Give true or false."
    )


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "policy"),
        ("strict", "policy"),
        ({"checks": ["cert_wildcard"]}, "policy.checks"),
        ({"checks": {"cert_wildcard": "off"}}, "policy.checks.cert_wildcard"),
        ({"checks": {"cert_wildcard": 0}}, "policy.checks.cert_wildcard"),
    ],
)
def test_what_has_to_be_a_dictionary(data: Any, where: str) -> None:
    assert re.fullmatch(rf"{re.escape(where)}: .+ is not a dictionary\. Give names with values\.", problem(data))


def test_waivers_are_a_list() -> None:
    assert problem({"waivers": {"check": "*"}}) == (
        "policy.waivers: {'check': '*'} is not a list. Give a list of waivers."
    )
    waiver = {"check": "*", "ssl_id": "ssl-1", "reason": "r", "expires": "2027-01-31"}
    assert problem({"waivers": [waiver, {}]}).startswith("policy.waivers[1].check: ")


def test_texts_that_an_option_cannot_take_say_where_they_are() -> None:
    where = "policy.checks.cert_domain_uncovered.expected_domains"

    assert problem(
        {"checks": {"cert_domain_uncovered": {"expected_domains": ["a.example.com", "b.example.com:443"]}}}
    ) == (f"{where}: 'b.example.com:443' contains more than a domain. Give only the name: b.example.com.")


RULES = st.one_of(
    st.none(),
    st.booleans(),
    st.fixed_dictionaries({}, optional={"enabled": st.booleans(), "severity": st.sampled_from(SEVERITIES)}),
)


@given(
    st.dictionaries(st.sampled_from([name for name, check in CATALOGUE.items() if not check.needs]), RULES),
    st.sampled_from(SEVERITIES),
)
def test_the_applied_policy_is_a_policy_that_says_the_same(checks: dict[str, Any], unknown_severity: str) -> None:
    waiver = {"check": "*", "domain": "A.example.com", "reason": " r ", "expires": "2027-01-31"}
    policy = Policy.from_data({"checks": checks, "waivers": [waiver], "unknown_severity": unknown_severity})

    again = Policy.from_data(policy.to_data())

    assert again == policy
    assert again.to_data() == policy.to_data()
    assert list(policy.to_data()["checks"]) == list(CATALOGUE)


def test_the_applied_policy_shows_all_defaults() -> None:
    shown = Policy.from_data({"checks": {"cert_wildcard": False, "cert_weak_key": {"severity": "low"}}}).to_data()

    assert shown["checks"]["cert_wildcard"] == {"enabled": False}
    assert shown["checks"]["cert_weak_key"] == {"enabled": True, "severity": "low", "rsa_bits": 2048, "ec_bits": 256}
    assert shown["checks"]["cert_expired"] == {"enabled": True}
    assert (shown["waivers"], shown["unknown_severity"]) == ([], "medium")


@pytest.mark.parametrize(
    ("check", "option", "most"),
    [
        ("cert_factorable", "rounds", 10_000),
        ("cert_expiring_warning", "days", 3_652_059),
        ("cert_expiring_fraction", "fraction", 1),
        ("cert_validity_too_long", "max_days", 3_652_059),
        ("cert_weak_key", "rsa_bits", 16_384),
        ("cert_weak_key", "ec_bits", 16_384),
        ("api_certificate_drift", "tolerance", 3_652_059 * 86_400),
    ],
)
def test_numbers_have_an_upper_bound(check: str, option: str, most: int) -> None:
    assert rule(check, {option: most}) is not None
    for value, shown in ((most + 1, str(most + 1)), (10**5000, "this number")):
        assert problem({"checks": {check: {option: value}}}) == (
            f"policy.checks.{check}.{option}: {shown} is out of range. Give a number from 0 to {most}."
        )


def test_every_option_that_is_a_number_has_an_upper_bound() -> None:
    for check in CATALOGUE.values():
        for name, default in check.options.items():
            if not isinstance(default, (list, str)):
                with pytest.raises(OptionError, match=f"{name}: this number is out of range"):
                    Policy.from_data({"checks": {check.id: {name: 10**1000}}})
