# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domain names: their normal form, and which certificate covers which."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import domains

PROPERTY = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("name", "normal"),
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
        # Greek final sigma is a separate letter as well
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
def test_normalize(name: str, normal: str) -> None:
    assert domains.normalize(name) == normal


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        # IDNA 2008 does not allow these, but browsers use them.
        ("I♥.example.com", "xn--i-n3p.example.com"),
        ("😀.Example.com", "xn--e28h.example.com"),
        ("a_b.Ü.example", "a_b.xn--tda.example"),
        ("_ü.example", "xn--_-eha.example"),
        # A final sigma and a sharp s are not replaced, in upper or lower case (non-transitional).
        ("ΒΌΛΟΣ.example", "xn--nxasmq6b.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("ΒΌΛΟς.EXAMPLE", "xn--nxasmm1c.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("\u200d.example", "xn--1ug.example"),
        # Every full stop of UTS #46, and characters that it removes or decomposes.
        ("例\u3002a\uff0eb\uff61example", "xn--fsq.a.b.example"),
        ("。", ""),
        ("ex\u00adample.例", "example.xn--fsq"),
        ("ﬁle.例", "file.xn--fsq"),
        ("№.example", "no.example"),
        # An address in other digits is an address.
        ("１９２.0.2.7", "192.0.2.7"),
    ],
)
def test_normalize_is_what_browsers_do(name: str, normal: str) -> None:
    assert domains.normalize(name) == normal
    assert domains.is_domain(normal) is (normal not in ("", "192.0.2.7"))


@pytest.mark.parametrize(
    "name",
    [
        "ü..example.com",
        "ü*.Example",
        "ü b.example",
        "Ü" * 64 + ".example",
        "https://ü.example/",
        "ü.example.1",
        "a.例.*",
    ],
)
def test_what_is_no_domain_does_not_become_one(name: str) -> None:
    assert not domains.is_domain(domains.normalize(name))
    assert domains.refusal_of(name) is not None


def test_a_name_that_is_longer_than_any_domain_is_none() -> None:
    assert not domains.is_domain(domains.normalize("Ü." * 500))
    assert domains.normalize("Ü." * 501) == ("ü." * 501).rstrip(".")


def test_fold_without_the_idna_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert domains.normalize("straße.example") == "xn--strae-oqa.example"

    monkeypatch.setitem(sys.modules, "idna", None)

    assert domains.normalize("*.MÜNCHEN.example.") == "*.xn--mnchen-3ya.example"
    assert domains.normalize("例子。example。com") == "xn--fsqu00a.example.com"
    assert domains.normalize("😀.Example.com") == "xn--e28h.example.com"
    # Case folding in Python converts a sharp s to two letters.
    assert domains.normalize("straße.example") == "strasse.example"
    assert not domains.is_domain(domains.normalize("ü..Example"))


@PROPERTY
@given((st.text() | st.text(alphabet="aÜß例*-.。． 😀\u00ad")).map(lambda text: "".join(text.split())))
def test_fold_takes_any_text_and_gives_one_spelling(name: str) -> None:
    normal = domains.normalize(name)

    assert domains.normalize(normal) == normal
    assert not normal.endswith(".")


LABEL = st.text(alphabet="abxyz09", min_size=1, max_size=5)
#: A name that ends in a number is not a domain.
NAME = st.builds(
    lambda labels, last: ".".join([*labels, last]), st.lists(LABEL, min_size=1, max_size=3), st.just("zone")
)


@PROPERTY
@given(NAME, st.randoms())
def test_ascii_names_differ_in_nothing_but_letter_case_and_final_dot(name: str, random: Any) -> None:
    shouted = "".join(random.choice([letter.lower(), letter.upper()]) for letter in name)

    assert domains.normalize(shouted) == domains.normalize(f" {shouted}. ") == name


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
        # RFC 6125, 6.4.3: exactly one label, the whole first one
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "xn--mnchen-3ya.example.com", True),
        ("*.example.com", "a.b.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.example.com", ".example.com", False),
        ("*.example.com", "a.example.org", False),
        ("*.example.com", "aexample.com", False),
        ("*.b.example.com", "a.b.example.com", True),
        # not a part of a label, not in another position, not twice
        ("w*.example.com", "www.example.com", False),
        ("*w.example.com", "www.example.com", False),
        ("xn--*.example.com", "xn--mnchen-3ya.example.com", False),
        ("a.*.example.com", "a.b.example.com", False),
        ("*.*.example.com", "a.b.example.com", False),
        ("*", "localhost", False),
        ("*", "a.example.com", False),
        ("localhost", "localhost", True),
        # Two labels must follow.
        ("*.internal", "a.internal", False),
        ("*.internal", "*.internal", False),
        ("*.com", "example.com", False),
        # An address is not a domain, and no wildcard covers it.
        ("192.0.2.7", "192.0.2.7", True),
        ("*.0.2.7", "192.0.2.7", False),
        ("*.2.3.4", "1.2.3.4", False),
        ("*.2.3.4", "*.2.3.4", False),
        ("2001:db8::7", "2001:db8::7", True),
        ("2001:db8::7", "2001:db8::8", False),
        # A wildcard is only covered by a certificate with exactly this name.
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
        # Half of a surrogate pair, which cannot be encoded.
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


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["Shop.Example.com", "shop.example.COM", "a.example.com"], ["shop.example.com", "a.example.com"]),
        (["*.Example.com", "localhost", "_a.example.com"], ["*.example.com", "localhost", "_a.example.com"]),
        ([" a.example.com", "a.example.com ", "a.example.com.", "a b.example.com", "\ta.example.com"], []),
        (["bücher.example", "ａ.example", "\u212a.example", "ﬁ.example"], []),
        (["https://a.example.com", "a.example.com/", "a.example.com:443", "a@example.com"], []),
        (["192.0.2.7", "2001:db8::7", "*.2.3.4", "a.0x7f", "1"], []),
        (["", ".", "*", "a..example.com", ".example.com", "a.*.example.com", "w*.example.com"], []),
        (["a" * 64 + ".example.com", ".".join(["a" * 60] * 5)], []),
    ],
)
def test_names_of_a_certificate_are_not_cleaned(names: list[str], kept: list[str]) -> None:
    assert domains.unique_domains(names) == kept


@PROPERTY
@given(st.lists(st.text(alphabet="aZ.*-_ ü:/1\u3002", max_size=12)))
def test_names_of_a_certificate_are_its_own_but_for_letter_case(names: list[str]) -> None:
    found = domains.unique_domains(names)

    assert set(found) <= {name.lower() for name in names}
    assert all(domains.is_domain(name) and domains.normalize(name) == name for name in found)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("shop.example.com", None),
        ("*.shop.example.com", None),
        ("Bücher.example.", None),
        ("localhost", None),
        ("192.0.2.7", None),
        ("2001:db8::7", None),
        ("https://shop.example.com", "is a URL, not a domain"),
        ("https://shop.example.com:8443/a?b", "is a URL, not a domain"),
        ("shop.example.com/", "contains more than a domain"),
        ("web@example.com", "contains more than a domain"),
        ("shop.example.com:443", "contains more than a domain"),
        ("bücher.example:443", "contains more than a domain"),
        ("192.0.2.7:443", "contains more than a domain"),
        ("[2001:db8::7]:443", "contains more than a domain"),
        ("shop example com", "is not a domain"),
        ("a..example.com", "is not a domain"),
        ("*", "is not a domain"),
        ("a.*.example.com", "is not a domain"),
        ("192.0.2.300", "is not a domain"),
        ("", "is not a domain"),
    ],
)
def test_problems_of_what_users_give(name: str, problem: str | None) -> None:
    refusal = domains.refusal_of(name)
    assert (refusal.problem if refusal else None) == problem


@pytest.mark.parametrize(
    ("value", "names"),
    [
        # The title of a certificate on the platform is one name, but not a domain.
        ("Example Shop Ltd", ["Example Shop Ltd"]),
        ("shop.example.com and more", ["shop.example.com and more"]),
        ("my certificate,shop.example.com", ["my certificate", "shop.example.com"]),
        ("a.example.com b.example.com", ["a.example.com", "b.example.com"]),
    ],
)
def test_a_name_of_the_platform_with_blanks_is_one(value: str, names: list[str]) -> None:
    assert domains.split_names(value) == names


def test_addresses_are_those_of_ip_addresses_alone() -> None:
    names = ["DNS:192.0.2.7", "IP:192.0.2.8", "IP:2001:DB8:0:0::9", "IP:<invalid>", "URI:https://192.0.2.1/", "IP:a"]

    assert domains.addresses_of(names) == ["192.0.2.8", "2001:db8::9"]
