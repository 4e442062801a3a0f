# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses for private and special use."""

from __future__ import annotations

import ipaddress

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.addresses import is_reserved, read_address


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("0.0.0.0", "0.255.255.255"),  # noqa: S104
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.0.0.0", "192.0.0.255"),
        ("192.0.2.0", "192.0.2.255"),
        ("192.31.196.0", "192.31.196.255"),
        ("192.52.193.0", "192.52.193.255"),
        ("192.88.99.0", "192.88.99.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("192.175.48.0", "192.175.48.255"),
        ("198.18.0.0", "198.19.255.255"),
        ("198.51.100.0", "198.51.100.255"),
        ("203.0.113.0", "203.0.113.255"),
        ("224.0.0.0", "255.255.255.255"),
        ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ],
)
def test_blocks_from_the_first_to_the_last_address(first: str, last: str) -> None:
    assert is_reserved(ipaddress.ip_address(first))
    assert is_reserved(ipaddress.ip_address(last))


@pytest.mark.parametrize(
    "address",
    [
        # private addresses in another notation
        "::ffff:10.0.0.1",
        "2002:a00:1::",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2001:0:a00:1::1",
        "::10.0.0.1",
        # IPv6 only
        "6162::",
        "fec0::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
        "3fff::1",
        "5f00::1",
        "100::1",
        "100:0:0:1::1",
        "2001:2::1",
        "2001:20::1",
        "::",
        "::1",
    ],
)
def test_reserved_addresses(address: str) -> None:
    assert is_reserved(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        # including neighbours of the blocks above
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "9.9.9.9", "126.255.255.255", "128.0.0.0", "169.253.255.255",
        "169.255.0.0", "192.31.195.255", "192.31.197.0", "192.52.192.255", "192.52.194.0", "192.88.98.255",
        "192.88.100.0", "192.175.47.255", "192.175.49.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
        "203.0.114.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.255", "192.0.3.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2000::1", "2001:200::1",
        "2001:db7::1", "2001:db9::1", "2001:ffff::1", "2003::1", "2620:4f:7fff::1", "2620:4f:8001::1", "3ffe:ffff::1",
        "2620:fe::fe", "2a00::1", "2400:3200::1", "3fff:1000::1", "3ffe::1",
    ],
)  # fmt: skip
def test_addresses_of_the_internet(address: str) -> None:
    assert not is_reserved(ipaddress.ip_address(address))


def test_texts() -> None:
    assert read_address("2001:DB8:0::1") == ipaddress.ip_address("2001:db8::1")
    for text in ("", "10.0.0", "10.0.0.0/8", "010.0.0.1", "<invalid>", "a.example.com", "[::1]", "１０.0.0.1"):
        assert read_address(text) is None
