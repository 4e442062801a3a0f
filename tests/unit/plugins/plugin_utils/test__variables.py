# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Misspelt and invalid variables of a role or playbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._variables import problems_of

RULES = {
    "fleet_regions": "not empty",
    "fleet_names": "not empty?",
    "fleet_limit": "limit?",
    "fleet_timeout": "any?",
    "fleet_ca_path": "any?",
    "fleet_title": "text",
}


def problems(value: Any, kind: str) -> list[str]:
    return problems_of({"x": value}, {"x": kind}, None)


def test_variables_that_are_all_right() -> None:
    assert problems_of({}, RULES, "fleet_") == []
    assert problems_of({"fleet_regions": ["hk"], "fleet_names": None, "fleet_title": "T"}, RULES, "fleet_") == []


def test_a_misspelt_variable_is_told_with_the_nearest_names() -> None:
    assert problems_of({"fleet_region": "hk", "fleet_regions": ["hk"], "fleet_nam": 1}, RULES, None) == [
        "fleet_region: unknown variable. Did you mean fleet_regions?",
        "fleet_nam: unknown variable. Did you mean fleet_names?",
    ]


def test_all_names_are_told_where_none_is_near() -> None:
    (problem,) = problems_of({"fleet_\x1b[2J": 1}, RULES, None)
    assert problem == f"fleet_\ufffd[2J: unknown variable. Valid variables: {', '.join(RULES)}."


def test_null_is_only_for_some() -> None:
    assert problems_of({"fleet_regions": None, "fleet_names": None}, RULES, None) == [
        "fleet_regions: no value. Give one, or leave the variable out if it has a default."
    ]


@pytest.mark.parametrize("value", [[], "", " ", [""], ["", " "], ",", ()])
def test_an_empty_list_selects_nothing(value: Any) -> None:
    assert problems(value, "not empty") == [
        "x: empty list, which selects nothing. To set no condition, leave the variable out."
    ]


def test_an_empty_value_in_a_list() -> None:
    assert problems(["hk", ""], "not empty") == ["x: the list has an empty value. Remove it."]
    assert problems("hk,", "not empty") == ["x: the list has an empty value. Remove it."]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("any", ["", [], 0, False]),
        ("text", ["x", 7]),
        ("not empty", ["hk", "hk,cn-bj2", ["hk"], 7]),
        ("dictionary", [{}, {"checks": {}}]),
        ("dictionaries", [[], [{}], ({},)]),
        ("number", [0, 5000, "0", "5000"]),
        ("connections", [1, 256, "256"]),
        ("seconds", [1, 300, "300"]),
        ("limit", [0, "0", 100, "100", "none", "None"]),
        ("mode", ["0640", "640", 0o640, "u=rw,g=r,o=", "1777"]),
        ("file name", ["fleet", "my report", ".hidden", "x" * 200]),
    ],
)
def test_values_that_can_be_used(kind: str, values: list[Any]) -> None:
    assert [problems(value, kind) for value in values] == [[]] * len(values)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("text", ["", "  "], "empty text."),
        ("dictionary", ["strict", [], 7], "is not a dictionary."),
        ("dictionaries", ["x", {}, ["x"], [{}, 1]], "is not a list of dictionaries."),
        ("number", [-1, "abc", True, 1.5, "", "9" * 10], "is not a number."),
        ("connections", [0, 257, "all", True], "is out of range. Give a number from 1 to 256."),
        ("seconds", [0, 301, "", 1.5], "is out of range. Give a number from 1 to 300."),
        ("limit", [-1, "abc", "", True, "all"], "is not a number of findings."),
        ("mode", ["abc", "", "9640", -1, True, "0640 "], "is not a file mode."),
        ("file name", ["a/b", "..", "", "/etc/passwd", "a\nb"], "is not a file name."),
        ("file name", ["x" * 201, "\u8bc1" * 67], "is too long for a file name."),
    ],
)
def test_values_that_cannot_be_used(kind: str, values: list[Any], said: str) -> None:
    for value in values:
        (problem,) = problems(value, kind)
        assert problem.startswith("x: ")
        assert said in problem


def test_a_long_value_is_cut() -> None:
    (problem,) = problems("x" * 1000, "dictionary")
    assert problem.startswith(f"x: '{'x' * 78}… is not a dictionary. ")


def test_files(tmp_path: Path) -> None:
    there, missing = tmp_path / "there", tmp_path / "missing"
    there.write_text("x", encoding="utf-8")

    assert problems(str(there), "file") == problems(str(there), "file to be") == problems(str(missing), "file to be")
    assert problems(str(there), "file") == []
    assert problems(str(missing), "file") == [f"x: '{missing}' cannot be read: No such file or directory."[:200]]
    for kind in ("file", "file to be"):
        assert problems(str(tmp_path), kind) == [f"x: '{tmp_path}' cannot be read: Is a directory."]
        (problem,) = problems("y" * 5000, kind)
        assert problem.endswith(" cannot be read: File name too long.")
    assert problems("a\0b", "file") == ["x: 'a\\x00b' cannot be read: not a valid path."]


def test_options_are_checked_as_the_module_checks_them() -> None:
    given = {"fleet_timeout": "0", "fleet_ca_path": "/nowhere"}
    assert problems_of(given, RULES, "fleet_") == ["fleet_timeout: 0 is out of range. Give a number from 1 to 3600."]
    assert problems_of({"fleet_names": ["a", " "]}, RULES, None) != []
    assert problems_of({"fleet_timeout": "soon"}, RULES, "fleet_")[0].startswith("fleet_*: ")
    # Without the names of options, they cannot be checked.
    assert problems_of(given, RULES, None) == []


def test_no_key_is_needed_or_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UCLOUD_PUBLIC_KEY", "UCLOUD_PRIVATE_KEY", "UCLOUD_REGION"):
        monkeypatch.delenv(name, raising=False)
    rules = {"fleet_private_key": "any?", "fleet_timeout": "any?"}

    told = problems_of({"fleet_private_key": "very secret", "fleet_timeout": 0}, rules, "fleet_")

    assert told == ["fleet_timeout: 0 is out of range. Give a number from 1 to 3600."]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sll_inventory_regions", "ssl_inventory_regions"),
        ("ssl_inventroy_regions", "ssl_inventory_regions"),
        ("ssl_inventry_regions", "ssl_inventory_regions"),
        ("ssl_invenntory_region", "ssl_inventory_regions"),
        ("SSL_INVENTORY_REGIONS", "ssl_inventory_regions"),
        ("ssl-inventory-fail-on", "ssl_inventory_fail_on"),
        ("sslinventory_fail_on", "ssl_inventory_fail_on"),
        ("ssl_inventoryfail_on", "ssl_inventory_fail_on"),
    ],
)
def test_a_misspelt_beginning_is_told(name: str, meant: str) -> None:
    rules = {"ssl_inventory_regions": "any", "ssl_inventory_fail_on": "any"}
    assert problems_of({}, rules, None, ["inventory_hostname", name, meant]) == [
        f"{name}: did you mean {meant}? If not, rename the variable: the names are too similar."
    ]


@pytest.mark.parametrize(
    "name",
    [
        "ssl_inventory", "ssl_inventories", "ssl_inventory2_regions", "my_ssl_inventory_regions", "regions",
        "_ssl_inventory_regions", "tls_inventory_regions", "ssl_inventry_owner", "inventory_regions", "\x1b[2J",
    ],
)  # fmt: skip
def test_names_of_others_are_none_of_our_business(name: str) -> None:
    assert problems_of({}, {"ssl_inventory_regions": "any", "ssl_inventory_rest": "any"}, None, [name]) == []
