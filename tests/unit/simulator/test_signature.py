# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.tests.simulator.signature import flatten, sign, verify

# Examples from the API's documentation.
PUBLIC_KEY = "ucloudsomeone@example.com1296235120854146120"
PRIVATE_KEY = "46f09bb9fab4f12dfc160dae12273d5332b5debe"
LISTING = {
    "Action": "DescribeUHostInstance",
    "Region": "cn-bj2",
    "Limit": 10,
    "PublicKey": PUBLIC_KEY,
}
CREATION = {
    "Action": "CreateUHostInstance",
    "CPU": 2,
    "ChargeType": "Month",
    "DiskSpace": 10,
    "ImageId": "f43736e1-65a5-4bea-ad2e-8a46e18883c2",
    "LoginMode": "Password",
    "Memory": 2048,
    "Name": "Host01",
    "Password": "VUNsb3VkLmNu",
    "PublicKey": PUBLIC_KEY,
    "Quantity": 1,
    "Region": "cn-bj2",
    "Zone": "cn-bj2-04",
}


@pytest.mark.parametrize(
    ("parameters", "signature"),
    [
        (LISTING, "cba5cf5ec4d4233d206b1b54951e3787350a642f"),
        (CREATION, "4f9ef5df2abab2c6fccd1e9515cb7e2df8c6bb65"),
    ],
)
def test_documented_examples(parameters: dict[str, object], signature: str) -> None:
    assert sign(flatten(parameters), PRIVATE_KEY) == signature
    assert verify({**flatten(parameters), "Signature": signature}, PRIVATE_KEY)


@pytest.mark.parametrize("signature", ["", "0" * 40, "数字"])
def test_any_other_signature_is_wrong(signature: str) -> None:
    assert not verify({**flatten(LISTING), "Signature": signature}, PRIVATE_KEY)


def test_values_become_the_strings_that_are_signed() -> None:
    body = {
        "Yes": True,
        "No": False,
        "Whole": 42.0,
        "Huge": 1e16,
        "Part": 0.5,
        "Absent": None,
        "IP": ["a", "b"],
        "Disk": [{"Size": 1}, {"Size": 2}],
        "Login": {"Mode": "Key"},
    }
    assert flatten(body) == {
        "Yes": "true",
        "No": "false",
        "Whole": "42",
        "Huge": "10000000000000000",
        "Part": "0.5",
        "IP.0": "a",
        "IP.1": "b",
        "Disk.0.Size": "1",
        "Disk.1.Size": "2",
        "Login.Mode": "Key",
    }


def test_names_are_sorted_by_code_point() -> None:
    assert sign({"b": "1", "a": "2", "B": "3"}, "k") == sign({"B": "3", "a": "2", "b": "1"}, "k")
    assert sign({"B": "", "a": "x"}, "") == sign({"Bax": ""}, "")
