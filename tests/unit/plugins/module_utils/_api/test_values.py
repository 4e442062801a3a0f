# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as the API may send them."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.values import (
    boolean,
    encodable,
    integer,
    matches_any,
    one_line,
    printable,
    text,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (" a ", " a "),
        ("", None),
        (None, None),
        (7, "7"),
        (1.5, "1.5"),
        (True, None),
        (["a"], None),
        ({"a": 1}, None),
        ("证书", "证书"),
        ("a\ud83dz", "a?z"),
    ],
)
def test_text(value: Any, expected: str | None) -> None:
    assert text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (-3, -3),
        ("12", 12),
        (" 12 ", 12),
        ("1_2", None),
        ("\u0660", None),
        (10**19 - 1, 10**19 - 1),
        (10**19, None),
        ("9" * 20, None),
        (1e300, None),
        ("1.5", None),
        ("x", None),
        ("", None),
        (None, None),
        ([], None),
        ({}, None),
        (float("inf"), None),
        (float("nan"), None),
        (3.0, 3),
        (0.5, None),
        (False, None),
        (True, None),
    ],
)
def test_integer(value: Any, expected: int | None) -> None:
    assert integer(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        (" TRUE ", True),
        ("1", True),
        ("False", False),
        ("0", False),
        (None, None),
        ("", None),
        ("yes", None),
        (2, None),
        ([True], None),
    ],
)
def test_boolean(value: Any, expected: bool | None) -> None:
    assert boolean(value) is expected


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        ("plain", "plain"),
        ("two\r\nlines", "two��lines"),
        ("\x1b[31mred\x1b[0m", "�[31mred�[0m"),
        ("a\x00\x7f\x9fb", "a���b"),
        ("\u202egpj\u2066.\u200b\u2028\u2029\ufeff\xad\U000e0041", "�gpj�.������"),
        ("  证书 🔐 ", "  证书 🔐 "),
        ("\ud83d", "?"),
        ("\t", "�"),
    ],
)
def test_printable(string: str, expected: str) -> None:
    assert printable(string) == expected


def test_one_line() -> None:
    assert one_line(" two\r\n\tlines\u2028, \x1b\n") == "two lines�, �"


@given(anything)
def test_nothing_raises_and_all_text_can_be_encoded(value: Any) -> None:
    assert isinstance(integer(value), (int, type(None)))
    assert boolean(value) in (True, False, None)
    result = text(value)
    assert result is None or result.encode().decode() == result


@given(st.text(st.characters()))
def test_printable_is_one_line_without_control_characters(string: str) -> None:
    shown = printable(string)
    assert shown.encode().decode() == shown
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in shown)
    assert len(shown) == len(string)


@given(st.text(st.characters(codec="utf-8")))
def test_encodable_leaves_valid_text_alone(string: str) -> None:
    assert encodable(string) == string


@pytest.mark.parametrize(
    ("name", "patterns", "matches"),
    [
        ("shop", ["shop"], True),
        ("shop-2026", ["mail*", "shop-*"], True),
        ("*.a.org", ["*.a.org"], True),
        ("[x]", ["[x]"], True),
        ("shop", ["Shop", "sho"], False),
        ("shop", [], False),
    ],
)
def test_names_match_exactly_or_by_a_shell_pattern(name: str, patterns: list[str], *, matches: bool) -> None:
    assert matches_any(name, patterns) is matches
