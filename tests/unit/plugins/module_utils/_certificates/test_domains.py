# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domain names: one spelling for each, and which certificate covers which."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import domains

from .unguarded import import_without

PROPERTY = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("shop.example.com", "shop.example.com"),
        ("Shop.EXAMPLE.com", "shop.example.com"),
        ("  shop.example.com\n", "shop.example.com"),
        ("shop.example.com.", "shop.example.com"),
        ("*.Shop.example.com.", "*.shop.example.com"),
        ("localhost", "localhost"),
        ("10.0.3.7", "10.0.3.7"),
        ("_acme.example.com", "_acme.example.com"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.example.", "xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example"),
        # the letter u with a combining diaeresis
        ("mu\u0308nchen.example", "xn--mnchen-3ya.example"),
        ("*.münchen.example", "*.xn--mnchen-3ya.example"),
        ("例子.example.com", "xn--fsqu00a.example.com"),
        # IDNA 2008: not "strasse"
        ("straße.example", "xn--strae-oqa.example"),
        # Greek final sigma is a letter of its own, too
        ("βόλος.example", "xn--nxasmm1c.example"),
        # full-width letters and full stops
        ("ｓｈｏｐ．ｅｘａｍｐｌｅ．ｃｏｍ", "shop.example.com"),
        ("例子。example。com", "xn--fsqu00a.example.com"),
        ("例子。", "xn--fsqu00a"),
        ("", ""),
        (".", ""),
        (" . ", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert domains.fold(name) == folded


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        # IDNA 2008 allows no emoji
        ("I♥.example.com", "i♥.example.com"),
        ("😀.Example.com", "😀.example.com"),
        ("ü..example.com", "ü..example.com"),
        ("a_b.Ü.example", "a_b.ü.example"),
        ("ü*.Example", "ü*.example"),
        ("-ü.example", "-ü.example"),
        ("Ü" * 64 + ".example", "ü" * 64 + ".example"),
        ("\u200d.example", "\u200d.example"),
        ("。", "。"),
    ],
)
def test_a_name_that_idna_does_not_allow_is_only_put_into_lower_case(name: str, folded: str) -> None:
    assert domains.fold(name) == folded


def test_a_name_that_is_longer_than_any_domain_is_only_put_into_lower_case() -> None:
    assert domains.fold("Ü." * 500) == ("ü." * 500).rstrip(".")


def test_fold_without_the_idna_library(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = import_without(monkeypatch, domains, "idna")

    assert domains.HAS_IDNA is True
    assert plain.HAS_IDNA is False
    assert plain.fold("*.MÜNCHEN.example.") == "*.xn--mnchen-3ya.example"
    assert plain.fold("例子。example。com") == "xn--fsqu00a.example.com"
    # Python's own codec is of the older standard.
    assert plain.fold("straße.example") == "strasse.example"
    assert plain.fold("ü..Example") == "ü..example"


@PROPERTY
@given((st.text() | st.text(alphabet="aÜß例*-.。． 😀\u00ad")).map(lambda text: "".join(text.split())))
def test_fold_takes_any_text_and_gives_one_spelling(name: str) -> None:
    folded = domains.fold(name)

    assert domains.fold(folded) == folded
    assert not folded.endswith(".")


LABEL = st.text(alphabet="abxyz09", min_size=1, max_size=5)
NAME = st.lists(LABEL, min_size=2, max_size=4).map(".".join)


@PROPERTY
@given(NAME, st.randoms())
def test_ascii_names_differ_in_nothing_but_letter_case_and_final_dot(name: str, random: Any) -> None:
    shouted = "".join(random.choice([letter.lower(), letter.upper()]) for letter in name)

    assert domains.fold(shouted) == domains.fold(f" {shouted}. ") == name


def test_unique_keeps_the_first_of_each_in_order() -> None:
    names = ["B.example.com", "a.example.com.", "", " . ", "b.EXAMPLE.com", "münchen.example", "xn--mnchen-3ya.example"]

    assert domains.unique(names) == ["b.example.com", "a.example.com", "xn--mnchen-3ya.example"]
    assert domains.unique([]) == []


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("a.example.com", "a.example.com", True),
        ("a.example.com", "b.example.com", False),
        ("example.com", "a.example.com", False),
        ("a.example.com", "example.com", False),
        # RFC 6125, 6.4.3: the whole first label, and one label only
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "xn--mnchen-3ya.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.example.com", ".example.com", False),
        ("*.example.com", "a.example.org", False),
        ("*.example.com", "aexample.com", False),
        ("*.b.example.com", "a.b.example.com", True),
        # no part of a label, nowhere else than in front, not twice
        ("w*.example.com", "www.example.com", False),
        ("*w.example.com", "www.example.com", False),
        ("xn--*.example.com", "xn--mnchen-3ya.example.com", False),
        ("a.*.example.com", "a.b.example.com", False),
        ("*.*.example.com", "a.b.example.com", False),
        ("*", "localhost", False),
        ("*", "a.example.com", False),
        ("localhost", "localhost", True),
        # Whoever asks for the wildcard wants the certificate that names it, or a wider one does not do.
        ("*.example.com", "*.example.com", True),
        ("a.example.com", "*.example.com", False),
        ("*.example.com", "*.a.example.com", False),
    ],
)
def test_covers(pattern: str, name: str, covered: bool) -> None:
    assert domains.covers([pattern], name) is covered
    assert domains.covers(["other.example.net", pattern], name) is covered
    assert domains.covers((), name) is False


@PROPERTY
@given(NAME, LABEL)
def test_a_wildcard_stands_for_one_label(parent: str, label: str) -> None:
    wildcard = f"*.{parent}"

    assert domains.covers([parent], parent)
    assert domains.covers([wildcard], f"{label}.{parent}")
    assert not domains.covers([wildcard], f"{label}.{label}.{parent}")
    assert not domains.covers([wildcard], parent)
    assert not domains.covers([parent], f"{label}.{parent}")


@PROPERTY
@given(patterns=st.lists(NAME | NAME.map("*.{}".format)), name=NAME)
def test_covers_agrees_with_a_comparison_of_labels(patterns: list[str], name: str) -> None:
    def fits(pattern: str) -> bool:
        labels, wanted = pattern.split("."), name.split(".")
        return len(labels) == len(wanted) and labels[1:] == wanted[1:] and labels[0] in ("*", wanted[0])

    assert domains.covers(patterns, name) is any(map(fits, patterns))


@pytest.mark.parametrize("separator", [",", ";", " ", "\n", "\r\n", "\t", ", ", " ; ", ",\n", ",,", "\u3000"])
def test_separators(separator: str) -> None:
    names = ["shop.example.com", "*.shop.example.com", "münchen.example"]

    assert domains.split_names(separator.join(names)) == names
    assert domains.split_names(separator + separator.join(names) + separator) == names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("shop.example.com", ["shop.example.com"]),
        (json.dumps(["a.example.com", "b.example.com"]), ["a.example.com", "b.example.com"]),
        (' \n["a.example.com",\n "b.example.com"] ', ["a.example.com", "b.example.com"]),
        ('["a.example.com", 1, null, "", ["c"], {"d": "e"}]', ["a.example.com"]),
        ("[]", []),
        ("[a.example.com, b.example.com]", ["a.example.com", "b.example.com"]),
        ('["a.example.com", "b.example.com"', ["a.example.com", "b.example.com"]),
        ("[" * 100_000, []),
        (["a.example.com", "b.example.com"], ["a.example.com", "b.example.com"]),
        (["a.example.com", None, 7, "", b"c"], ["a.example.com"]),
        ([], []),
        ("", []),
        (" ,;\n", []),
        (None, []),
        (0, []),
        (True, []),
        (1.5, []),
        ({"a.example.com": 1}, []),
        # Half of a surrogate pair, which no encoder takes.
        ("\ud83d.example.com", ["?.example.com"]),
        (r'["\ud83d.example.com"]', ["?.example.com"]),
    ],
)
def test_split_names(value: Any, names: list[str]) -> None:
    assert domains.split_names(value) == names


@PROPERTY
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists) | st.text().map("[{}".format))
def test_split_names_takes_anything(value: Any) -> None:
    for name in domains.split_names(value):
        assert name.encode()
