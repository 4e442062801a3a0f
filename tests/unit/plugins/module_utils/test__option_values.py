# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of options are parsed, or an error names the option and what it accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._option_values import duration, fingerprints, number, ports

HUGE = 10**5000


def test_values_are_parsed() -> None:
    assert (number("x", 1, 1, 3), number("x", 3, 1, 3)) == (1, 3)
    assert ports("x", [443, 1, 65535, 443]) == {1, 443, 65535}
    assert duration("x", "1w2d") == 9 * 86400
    assert fingerprints("x", ["AB:" * 31 + "ab", " " + "ab" * 32, "0" * 64]) == ("ab" * 32, "0" * 64)


@pytest.mark.parametrize(
    ("parse", "message"),
    [
        (lambda where: number(where, 0, 1, 3), "x: 0 is out of range. Give a number from 1 to 3."),
        (lambda where: number(where, 4, 1, 3), "x: 4 is out of range. Give a number from 1 to 3."),
        (lambda where: number(where, HUGE, 1, 3), "x: the number is out of range. Give a number from 1 to 3."),
        (lambda where: number(where, "2", 1, 3), "x: 2 is out of range. Give a number from 1 to 3."),
        (lambda where: ports(where, [443, 0]), "x: 0 is not a port. Give numbers from 1 to 65535."),
        (lambda where: ports(where, [65536]), "x: 65536 is not a port. Give numbers from 1 to 65535."),
        (lambda where: ports(where, [HUGE]), "x: the number is not a port. Give numbers from 1 to 65535."),
        (
            lambda where: fingerprints(where, ["0" * 64, "0" * 63]),
            f"x: '{'0' * 63}' is not a SHA-256 fingerprint. Give 64 hexadecimal digits, with or without colons.",
        ),
        (
            lambda where: duration(where, "soon"),
            "x: 'soon' is not a duration. Give numbers with units (w, d, h, m, s), such as 30d, 12h or 1w2d.",
        ),
    ],
)
def test_values_that_are_refused(parse: Callable[[str], Any], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse("x")
    assert caught.value.describe() == message
