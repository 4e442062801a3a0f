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
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import DAY, NOW, certificate, listener

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


Listeners = list[dict[str, Any]]


def on_one_load_balancer(count: int) -> Listeners:
    """HTTPS and HTTP listeners of one load balancer, all with the same certificate and a host of their own."""
    served: dict[str, Any] = {"certificates": [{"ssl_id": "ssl-1", "is_default": None}]}
    https = [
        listener(f"lsn-{number}", "https", hosts=[{"pattern": f"host{number}.example.com", "match": "exact"}], **served)
        for number in range(count // 2)
    ]
    return https + [
        listener(f"lsn-{number}", "http", protocol="HTTP", port=80, tls=None) for number in range(count // 2, count)
    ]


def with_many_certificates(count: int) -> Listeners:
    """One listener with many certificates."""
    return [
        listener("lsn-0", "https", certificates=[{"ssl_id": f"ssl-{n}", "is_default": False} for n in range(count)])
    ]


def with_many_hosts(count: int) -> Listeners:
    """One listener with many hosts."""
    hosts = [{"pattern": f"host{number}.example.com", "match": "exact"} for number in range(count)]
    return [listener("lsn-0", "https", certificates=[{"ssl_id": "ssl-1", "is_default": True}], hosts=hosts)]


def operations(certificates: list[dict[str, Any]], listeners: Listeners | None = None, **more: Any) -> int:
    """Return the number of function calls, which determines the time of an audit."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    listing = {"certificates": certificates, "complete": True, "errors": [], "listeners": listeners}
    listing.update(more, listeners_complete=True)
    sys.setprofile(count)
    try:
        audit(fleet_of(listing, RULES, NOW, "ucloud_"), RULES, NOW)
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize("make", [many_names, half_self_signed, equal_beginnings, one_id])
def test_twice_as_much_takes_about_twice_as_long(make: Callable[[int], list[dict[str, Any]]]) -> None:
    assert operations(make(400)) < 2.3 * operations(make(200))


@pytest.mark.parametrize("make", [on_one_load_balancer, with_many_certificates, with_many_hosts])
def test_twice_as_many_listeners_take_about_twice_as_long(make: Callable[[int], Listeners]) -> None:
    def certificates(count: int) -> list[dict[str, Any]]:
        bindings = [{"listener_id": f"lsn-{number}", "load_balancer_id": "alb-1"} for number in range(count)]
        return [
            {**facts(number, f"host{number}.example.com", "a.example.com"), "bindings": bindings if number == 1 else []}
            for number in range(count)
        ]

    assert operations(certificates(400), make(400)) < 2.3 * operations(certificates(200), make(200))


def test_twice_as_many_endpoints_take_about_twice_as_long() -> None:
    def judged(count: int) -> int:
        # The same certificate many times is expected, and another one served that the fleet has many times as well.
        certificates = [facts(number, "a.example.com") for number in range(count)]
        for number, made in enumerate(certificates):
            made["x509"]["fingerprints"] = {"sha256": f"{number % 2}" * 64}
        served = {"reachable": True, "matches_expected": False, "fingerprint": "0" * 64, "port": 443}
        endpoints = [
            {"address": f"host{number}", "expected_fingerprints": ["1" * 64], **served} for number in range(count)
        ]
        return operations(certificates, endpoints=endpoints)

    assert judged(400) < 2.3 * judged(200)
