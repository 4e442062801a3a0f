# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Content of caches."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import ContentReader
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import Listener, LoadBalancer
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache import serialization
from ansible_collections.ucloud.ulb.tests.simulator import balancers, demo
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

WITH_ALL = listed.certificate(
    domains=("shop.example.com", "*.shop.example.com"),
    bindings=[listed.binding(), listed.binding(None, None, is_default=None, listener_name=None)],
    x509={"subject": {"common_name": "名 \ud800 {{ x }}"}, "chain": []},
    api_domains=("shop.example.com",),
    api_not_after=listed.NOW,
)


LISTENERS = [
    listener
    for row in (
        balancers.listener("lsn-1", certificates=[("ssl-1", True)]),
        balancers.listener("lsn-2", protocol="TCP"),
    )
    for listener in LoadBalancer.from_application(balancers.application("alb-1", "shop", [row]), "hk", None).listeners
    or ()
]


NOTHING = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    "certificates",
    [
        [],
        [WITH_ALL],
        [
            listed.certificate(None, None, bindings=None, ends=None, project_id=None),
            listed.certificate("ssl-2"),
        ],
    ],
)
def test_round_trip(certificates: list[Any]) -> None:
    entries = serialization.load(serialization.dump(certificates))
    assert [entry.certificate for entry in entries] == certificates
    found_by = [(entry.ssl_id, entry.ssl_name, entry.sort_key, entry.names, entry.is_unreadable) for entry in entries]
    assert found_by == [
        (item.ssl_id, item.ssl_name, item.sort_key, item.names, item.is_unreadable) for item in certificates
    ]


@pytest.mark.parametrize("listeners", [[], LISTENERS, [replace(LISTENERS[0], listener_id=None, addresses=None)]])
def test_round_trip_of_listeners(listeners: list[Listener]) -> None:
    entries = serialization.load_listeners(serialization.dump_listeners(listeners))
    assert [entry.parse() for entry in entries] == listeners
    assert [entry.listener_id for entry in entries] == [item.listener_id for item in listeners]


def test_certificates_are_parsed_on_demand() -> None:
    first, second = serialization.load(serialization.dump([WITH_ALL, WITH_ALL]))
    assert "certificate" not in vars(first)
    assert first.certificate is first.certificate
    assert "certificate" not in vars(second)


def test_the_text_does_not_depend_on_the_time() -> None:
    text = serialization.dump([WITH_ALL])
    assert "days_remaining" not in text
    assert "state" not in text


def test_private_keys_are_not_stored() -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        serialization.dump([listed.certificate(full_content="x")])


def test_no_key_of_real_content_is_stored() -> None:
    reader = ContentReader(keep_pem=True)
    contents = [record["SSLContent"] for _region, _project, record in demo(listed.NOW) if record["SSLContent"]]
    text = serialization.dump([listed.certificate(content=reader.read(content)) for content in contents])
    assert text.count("BEGIN CERTIFICATE") > 50
    assert sum("PRIVATE KEY" in content for content in contents) > 50
    assert "PRIVATE KEY" not in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '"certificates"',
        json.dumps({"format": 1, "certificates": []}),
        json.dumps({"format": 5}),
        json.dumps({"format": 5, "holds": "certificates", "sha256": NOTHING}),
        json.dumps({"format": 5, "holds": "certificates", "sha256": NOTHING}) + "\n[]",
        serialization.dump([WITH_ALL, WITH_ALL]).replace("ssl-1", "ssl-2", 1),
        serialization.dump([WITH_ALL]).replace('"format": 5', '"format": 4'),
        serialization.dump([WITH_ALL, WITH_ALL]).rpartition("\n")[0],
        serialization.dump([WITH_ALL]).replace('"ssl_name"', '"name"'),
        serialization.dump([WITH_ALL]).replace('"listener_id"', '"vserver_id"'),
        serialization.dump([WITH_ALL])[:-1],
        "[" * 100_000,
        None,
        [],
        {"format": 1, "certificates": []},
        b"\xff",
    ],
)
def test_damaged_text_and_other_formats_are_rejected(text: Any) -> None:
    for load in (serialization.load, serialization.load_listeners):
        with pytest.raises(ValueError):  # noqa: PT011 - callers rely on the type only
            load(text)


@pytest.mark.parametrize(
    "text",
    [
        serialization.dump([]),
        serialization.dump([WITH_ALL]),
        serialization.dump_listeners(LISTENERS).replace("443", "444", 1),
        serialization.dump_listeners(LISTENERS)[:-1],
    ],
)
def test_listeners_are_neither_certificates_nor_damaged(text: str) -> None:
    with pytest.raises(ValueError, match="damaged"):
        serialization.load_listeners(text)


def test_certificates_are_not_listeners() -> None:
    with pytest.raises(ValueError, match="damaged"):
        serialization.load(serialization.dump_listeners(LISTENERS))
