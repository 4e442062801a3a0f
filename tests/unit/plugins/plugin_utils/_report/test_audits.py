# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections import UserDict
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.audits import is_on, read_audit, waiver_text
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.subjects import ListenerNames
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import SHOWN, hostile_audit, plain_audit


class Text(str):
    """A subclass of str, like Ansible's."""

    __slots__ = ()


def test_an_audit_is_copied_as_plain_data() -> None:
    audit = hostile_audit()
    audit["findings"][0]["ssl_name"] = Text("name")
    audit["findings"][0]["evidence"] = UserDict({Text("a"): (1, 2.5, True, None, Text("b"))})
    copied = read_audit(UserDict(audit))
    assert copied["findings"][0]["ssl_name"].__class__ is str
    assert copied["findings"][0]["evidence"] == {"a": [1, 2.5, True, None, "b"]}
    assert copied["findings"][1:] == audit["findings"][1:]
    assert copied["findings"] is not audit["findings"]


def test_numbers_that_are_none_are_text() -> None:
    audit = hostile_audit()
    audit["findings"][0]["evidence"] = {"a": float("nan"), "b": float("inf")}
    assert read_audit(audit)["findings"][0]["evidence"] == {"a": "nan", "b": "inf"}


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    audit = hostile_audit()
    audit["findings"][0] |= {"ssl_name": "a\ud800", "evidence": {"\udfff": 1}}
    finding = read_audit(audit)["findings"][0]
    assert (finding["ssl_name"], finding["evidence"]) == ("a?", {"?": 1})


def test_a_json_report_is_an_audit() -> None:
    assert read_audit(json.loads(json.dumps(hostile_audit()))) == hostile_audit()


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("findings",), None, "findings: expected a list, got None"),
        (("evaluated_at",), 5, "evaluated_at: expected text, got 5"),
        (("policy", "checks"), [], "policy.checks: expected a dictionary, got a list"),
        (("summary", "unknown"), "1\n", "summary.unknown: expected an integer, got '1\\n'"),
        (("summary", "unknown"), True, "summary.unknown: expected an integer, got True"),
        (("summary", "by_severity"), None, "summary.by_severity: expected a dictionary, got None"),
        (
            ("summary", "by_severity"),
            {"a": 1},
            "summary.by_severity: expected one of low, medium, high, critical, got 'a'",
        ),
        (("summary", "changes", "new"), "1", "summary.changes.new: expected an integer, got '1'"),
        (("summary", "worst"), "x", "summary.worst: expected one of low, medium, high, critical, got 'x'"),
        (("summary",), {}, "summary.certificates: missing"),
        (("findings", 1), "x", "findings[1]: expected a dictionary, got 'x'"),
        (("findings", 0), {"check": "x"}, "findings[0].severity: missing"),
        (
            ("findings", 2, "severity"),
            "bad",
            "findings[2].severity: expected one of low, medium, high, critical, got 'bad'",
        ),
        (("summary", "changes"), {"<b>": 1}, "summary.changes: expected lower case letters and underscores, got '<b>'"),
        (
            ("findings", 0, "status"),
            "bad",
            "findings[0].status: expected one of fail, unknown, fixed, superseded, not_comparable, got 'bad'",
        ),
        (("findings", 0, "change"), ["new"], "findings[0].change: expected text, got a list"),
        (("findings", 0, "waiver"), "x", "findings[0].waiver: expected a dictionary, got 'x'"),
        (("certificates", 0), {}, "certificates[0].ssl_id: missing"),
        (
            ("certificates", 0, "status"),
            "fine",
            "certificates[0].status: expected one of compliant, waived, not_compliant, got 'fine'",
        ),
        (("certificates", 0, "days_left"), "x" * 99, f"certificates[0].days_left: expected a number, got '{'x' * 78}…"),
        (("summary", "by_status"), {"compliant": 1}, "summary.by_status.waived: missing"),
        (("summary", "by_status", "waived"), "1", "summary.by_status.waived: expected an integer, got '1'"),
        (("warnings",), "x", "warnings: expected a list, got 'x'"),
        (("warnings",), [1], "warnings[0]: expected text, got 1"),
    ],
)
def test_what_is_no_audit_is_refused_with_the_place(path: tuple[Any, ...], value: Any, problem: str) -> None:
    audit = hostile_audit()
    part: Any = audit
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(OptionError) as caught:
        read_audit(audit)
    assert caught.value.problem == f"audit.{problem}"


def test_the_moment_has_to_be_one() -> None:
    with pytest.raises(OptionError, match=r"^audit\.evaluated_at: 'soon' is not a valid timestamp\. "):
        read_audit(hostile_audit() | {"evaluated_at": "soon"})


def test_an_audit_without_baseline_has_no_changes() -> None:
    assert read_audit(plain_audit())["summary"]["changes"] is None


def test_an_audit_without_warnings_has_none() -> None:
    audit = hostile_audit()
    del audit["warnings"]
    assert read_audit(audit)["warnings"] == []


def test_other_data_is_no_audit() -> None:
    with pytest.raises(
        OptionError,
        match=r"^audit: expected a dictionary, got a list\. Give the result of the filter ucloud\.ulb\.ssl_audit",
    ):
        read_audit([])


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"ssl_name": "n", "ssl_id": "i", "region": "r", "project_id": "p"}, "n (i, r, p)"),
        ({"ssl_name": None, "ssl_id": "i", "region": None, "project_id": None}, "i"),
        ({"ssl_name": None, "ssl_id": None, "region": None, "project_id": None, "about": "d"}, "d"),
        ({"ssl_name": None, "ssl_id": None, "region": None, "project_id": None, "about": None}, "all"),
    ],
)
def test_things_have_labels(item: Any, text: str) -> None:
    assert ListenerNames(plain_audit()).label(item) == text


def test_a_check_is_on_if_the_policy_says_so() -> None:
    audit: Any = {"policy": {"checks": {"a": {"enabled": True}, "b": {"enabled": False}, "c": None}}}
    assert [is_on(audit, check) for check in "abcd"] == [True, False, False, False]


def test_a_waiver_says_why_and_until_when() -> None:
    waived: Any = {"waiver": {"reason": SHOWN, "expires": "then"}}
    without: Any = {"waiver": None}
    assert waiver_text(waived) == f"{SHOWN} (until then)"
    assert waiver_text(without) == "None (until None)"
