# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say what to probe."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, probe_query, probe_spec

FINGERPRINT = "4A" * 32
DEFAULTS = {name: option.get("default") for name, option in probe_spec().items()}
ENDPOINT = {
    name: option.get("default") for name, option in probe_spec()["endpoints"]["options"].items()
} | {"address": "203.0.113.7"}  # fmt: skip


def query(options: dict[str, Any] | None = None, **endpoint: Any) -> Any:
    return probe_query({**DEFAULTS, "endpoints": [{**ENDPOINT, **endpoint}], **(options or {})})


def read(**endpoint: Any) -> Endpoint:
    (found,) = query(**endpoint).endpoints
    assert isinstance(found, Endpoint)
    return found


def test_defaults() -> None:
    assert read() == Endpoint("203.0.113.7", 443, None, None)
    found = query()
    assert (found.timeout, found.concurrency, found.retries) == (10, 32, 1)
    assert (found.tls_versions, found.source_address) == (False, None)


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("Shop.Example.com.", "shop.example.com"),
        (" bücher.example ", "xn--bcher-kva.example"),
        ("localhost", "localhost"),
        ("a_b.example.com", "a_b.example.com"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("203.0.113.7", "203.0.113.7"),
    ],
)
def test_names_are_normalized(given: str, normal: str) -> None:
    found = read(address=given, server_name=given)

    assert (found.address, found.server_name) == (normal, normal)
    assert found.sent_name == (None if normal[-1].isdigit() else normal)


def test_fingerprints_are_normalized() -> None:
    colons = ":".join(["4a"] * 32)

    assert read(expected_fingerprints=[FINGERPRINT, colons, f" {FINGERPRINT} "]).expected == ("4a" * 32,)
    assert read(expected_fingerprints=[]).expected == ()


def test_the_listener_is_passed_on() -> None:
    identity = {"project_id": "org-a", "region": "hk", "load_balancer_id": "alb-1", "listener_id": "lsn-1"}
    facts = read(**identity).to_facts()

    assert facts == {
        "address": "203.0.113.7",
        "port": 443,
        "server_name": None,
        "expected_fingerprints": None,
        **identity,
    }


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        ({"address": "https://shop.example.com/"}, "endpoints[0].address: 'https://shop.example.com/' is a URL, not a"),
        ({"address": "203.0.113.7:443"}, "endpoints[0].address: '203.0.113.7:443' contains more than a domain"),
        (
            {"address": "[::1]"},
            "endpoints[0].address: '[::1]' contains more than a domain. Give only the name: ::1.",
        ),
        ({"address": "[beef]"}, "endpoints[0].address: '[beef]' is not a domain"),
        ({"address": ""}, "endpoints[0].address: '' is not a domain"),
        ({"address": "a..example"}, "endpoints[0].address: 'a..example' is not a domain"),
        ({"address": "127.1"}, "endpoints[0].address: '127.1' is not a domain"),
        ({"address": "*.example.com"}, "endpoints[0].address: '*.example.com' is a wildcard"),
        ({"server_name": "*.example.com"}, "endpoints[0].server_name: '*.example.com' is a wildcard"),
        ({"server_name": ""}, "endpoints[0].server_name: '' is not a domain"),
        ({"server_name": "a" * 64 + ".example"}, "endpoints[0].server_name: 'aaaa"),
        ({"server_name": "a" * 64}, "endpoints[0].server_name: 'aaaa"),
        ({"server_name": "ü" * 64 + ".example"}, "endpoints[0].server_name: 'üüüü"),
        ({"port": 0}, "endpoints[0].port: 0 is out of range. Give a number from 1 to 65535."),
        ({"port": 65536}, "endpoints[0].port: 65536 is out of range"),
        ({"expected_fingerprints": ["4a"]}, "endpoints[0].expected_fingerprints: '4a' is not a SHA-256 fingerprint"),
    ],
)
def test_invalid_endpoints(endpoint: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as raised:
        query(**endpoint)
    assert raised.value.describe().startswith(message)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout": 0}, "timeout: 0 is out of range. Give a number from 1 to 300."),
        ({"concurrency": 257}, "concurrency: 257 is out of range. Give a number from 1 to 256."),
        ({"retries": -1}, "retries: -1 is out of range. Give a number from 0 to 10."),
        ({"retries": 10**5000}, "retries: the number is out of range. Give a number from 0 to 10."),
        ({"source_address": "eth0"}, "source_address: 'eth0' is not an IP address."),
        ({"source_address": "203.0.113.7"}, "source_address: 203.0.113.7 cannot be used: "),
    ],
)
def test_invalid_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as raised:
        query(options)
    assert raised.value.describe().startswith(message)


def test_a_source_address() -> None:
    assert query({"source_address": "127.0.0.5"}).source_address == "127.0.0.5"
