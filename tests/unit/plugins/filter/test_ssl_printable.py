# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.filter import ssl_printable as plugin
from ansible_collections.ucloud.ulb.plugins.filter.ssl_printable import ssl_printable
from ansible_collections.ucloud.ulb.plugins.plugin_utils._unsafe import untrusted


def test_the_filter_is_there() -> None:
    assert plugin.FilterModule().filters() == {"ssl_printable": ssl_printable}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("shop.example.com", "shop.example.com"),
        ("证书 déjà 😀", "证书 déjà 😀"),
        ("", ""),
        (None, ""),
        (7, "7"),
        ("a\x1b[2J\x1b[HAll certificates are compliant", "a\ufffd[2J\ufffd[HAll certificates are compliant"),
        ("a\r\nb\tc", "a\ufffd\ufffdb\ufffdc"),
        ("moc.elgoog\u202e", "moc.elgoog\ufffd"),
        ("a\u2028b\u2029c", "a\ufffdb\ufffdc"),
        ("\x9b31m", "\ufffd31m"),
        ("a\ud800b", "a\ufffdb"),
        ("\U000e0041", "\ufffd"),
    ],
)
def test_what_cannot_be_seen_is_replaced(value: Any, shown: str) -> None:
    assert ssl_printable(value) == shown


def test_every_character_of_the_categories_is_replaced() -> None:
    for number in (*range(0x10000), *range(0xE0000, 0xE0100)):
        char = chr(number)
        hidden = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        assert (ssl_printable(char) == "\ufffd") is (hidden or char == "\ufffd")


def test_a_name_is_no_template() -> None:
    assert isinstance(ssl_printable("{{ 7 * 7 }}"), type(untrusted("x")))
