# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signatures, compared with examples of the reference and with the official SDK."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ucloud.core.auth import _cfg as sdk_auth
from ucloud.core.typesystem import encoder as sdk_encoder

from ansible_collections.ucloud.ulb.plugins.module_utils._api.signing import flatten, sign

PUBLIC_KEY = "ucloudsomeone@example.com1296235120854146120"
PRIVATE_KEY = "46f09bb9fab4f12dfc160dae12273d5332b5debe"

VECTORS = {
    "cba5cf5ec4d4233d206b1b54951e3787350a642f": {
        "Action": "DescribeUHostInstance",
        "Region": "cn-bj2",
        "Limit": 10,
    },
    "4f9ef5df2abab2c6fccd1e9515cb7e2df8c6bb65": {
        "Action": "CreateUHostInstance",
        "CPU": 2,
        "ChargeType": "Month",
        "DiskSpace": 10,
        "ImageId": "f43736e1-65a5-4bea-ad2e-8a46e18883c2",
        "LoginMode": "Password",
        "Memory": 2048,
        "Name": "Host01",
        "Password": "VUNsb3VkLmNu",
        "Quantity": 1,
        "Region": "cn-bj2",
        "Zone": "cn-bj2-04",
    },
}


@pytest.mark.parametrize("signature", VECTORS)
def test_vectors_of_the_reference(signature: str) -> None:
    parameters = {"PublicKey": PUBLIC_KEY, **VECTORS[signature]}
    assert sign(flatten(parameters), PRIVATE_KEY) == signature


def _sdk_can_write(number: float) -> bool:
    """Whether the SDK writes a number correctly: it uses str(float), which is scientific notation below 0.0001."""
    return number % 1 == 0 or "e" not in str(number)


# Text in all alphabets, without halves of surrogate pairs, which neither side can encode.
names = st.text("AaZz09._-端口é🔐", min_size=1, max_size=4)
texts = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(["负载均衡", "証明書 2026", "🔐🌏", "a&b=c d+%20", "\u0000", "ＡＢＣ", "é", "e\u0301"]),
)
scalars = st.one_of(
    texts,
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False).filter(_sdk_can_write),
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Generate dicts, and lists of scalars and dicts, but not lists in lists, of which the SDK writes the repr."""
    dicts = st.dictionaries(names, inner, max_size=3)
    return st.one_of(scalars, dicts, st.lists(st.one_of(scalars, dicts), max_size=3))


parameter_sets = st.dictionaries(names, nested(nested(scalars)), max_size=4)


@settings(max_examples=2000)
@given(parameters=parameter_sets, private_key=texts)
@example(parameters={"IP": ["10.0.0.1", "10.0.0.2"], "IP.1": "first wins or last"}, private_key="k")
@example(parameters={"b": 42.0, "a": 1e22, "c": 0.1, "d": -0.0, "e": -1.5}, private_key="k")
@example(parameters={"UDisk": [{"Size": 20, "Tags": ["x", True]}]}, private_key="私钥🔑")
def test_flat_form_and_signature_are_those_of_the_official_sdk(parameters: dict[str, Any], private_key: str) -> None:
    expected = sdk_encoder.encode(parameters)
    flat = flatten(parameters)
    assert flat == expected
    assert sign(flat, private_key) == sdk_auth.verify_ac(private_key, expected)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_exact_and_never_in_scientific_notation(number: float) -> None:
    written = flatten({"x": number})["x"]
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", written)
    assert float(written) == number


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (42.0, "42"),
        (-0.0, "0"),
        (1e16, "10000000000000000"),
        (1e-05, "0.00001"),
        (-2.5e-07, "-0.00000025"),
        (0.1, "0.1"),
        (5e-324, format(Decimal("5e-324"), "f")),
    ],
)
def test_form_of_floats(number: float, written: str) -> None:
    assert flatten({"x": number}) == {"x": written}


def test_lists_and_dicts_nest_to_any_depth() -> None:
    nested = {"A": [["x", "y"], ({"B": {"C": (1,)}},)], "D": {"E": []}}
    assert flatten(nested) == {"A.0.0": "x", "A.0.1": "y", "A.1.0.B.C.0": "1"}


def test_none_is_left_out_everywhere_and_keeps_its_place_in_a_list() -> None:
    parameters = {"A": None, "B": ["x", None, "y"], "C": {"D": None, "E": ""}}
    assert flatten(parameters) == {"B.0": "x", "B.2": "y", "C.E": ""}


def test_signature_does_not_sign_itself() -> None:
    assert sign({"A": "1", "Signature": "x"}, "k") == sign({"A": "1"}, "k")


def test_names_are_sorted_by_code_point() -> None:
    # SHA-1 of "B2a1é3" and the key "k".
    unsorted = {"é": "3", "a": "1", "B": "2"}
    assert sign(unsorted, "k") == sign({"B2a1é": "3"}, "k")
