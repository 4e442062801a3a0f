# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audit of twice as many certificates takes about twice as long, whatever they have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.evaluate import audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import DAY, NOW, certificate

RULES = Policy.from_data({})


def facts(number: int, *names: str, self_signed: bool = False, begins: int = 0) -> dict[str, Any]:
    made = certificate(f"ssl-{number}", "name", 60 + number / 1000, domains=list(names))
    made["not_before_epoch"] = NOW - 20 * DAY + begins
    made["x509"].update(
        subject_alt_names=[f"DNS:{name}" for name in names],
        fingerprints={"sha256": str(number)},
        spki_sha256=str(number),
        self_signed=self_signed,
    )
    return made


def many_names(count: int) -> list[dict[str, Any]]:
    names = [f"host{number}.example.com" for number in range(count)]
    return [facts(number, *names, begins=number) for number in range(3)]


def half_self_signed(count: int) -> list[dict[str, Any]]:
    """All possible replacements are self-signed."""
    sound = [facts(number, "a.example.com", begins=number - count) for number in range(count // 2)]
    return sound + [
        facts(number, "a.example.com", self_signed=True, begins=number) for number in range(count // 2, count)
    ]


def equal_beginnings(count: int) -> list[dict[str, Any]]:
    return [facts(number, "a.example.com") for number in range(count)]


def one_id(count: int) -> list[dict[str, Any]]:
    return [{**facts(number, "a.example.com"), "ssl_id": "ssl-1"} for number in range(count)]


def operations(certificates: list[dict[str, Any]]) -> int:
    """Return the number of function calls, which determines the time of an audit."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    listing = {"certificates": certificates, "complete": True, "errors": []}
    sys.setprofile(count)
    try:
        audit(fleet_of(listing, RULES, NOW, "ucloud_"), RULES, NOW)
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize("make", [many_names, half_self_signed, equal_beginnings, one_id])
def test_twice_as_much_takes_about_twice_as_long(make: Callable[[int], list[dict[str, Any]]]) -> None:
    assert operations(make(400)) < 2.3 * operations(make(200))
