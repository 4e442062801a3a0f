# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of each kind of fault on a client."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from ansible_collections.ucloud.ulb.tests.simulator import Fault, Simulator

from .calling import TIMEOUT, Caller, send


def pieces(connection: socket.socket) -> list[bytes]:
    """Yield all data until the connection is closed."""
    received = []
    while data := connection.recv(65536):
        received.append(data)
    return received


def test_latency(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("latency", seconds=30))
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(main.url, data=main.signed("GetRegion"), timeout=0.2)
    assert main.call()["RetCode"] == 0


@pytest.mark.parametrize("status", [403, 404, 429, 500, 502, 503, 504])
def test_http_status(sim: Simulator, main: Caller, status: int) -> None:
    sim.add_fault(Fault("http_status", status=status))
    response = main.post()
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html"
    assert f"Error {status}" in response.text


def test_http_status_with_header_and_body(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("http_status", status=503, retry_after=7, body="<p>later</p>"))
    response = main.post()
    assert (response.headers["Retry-After"], response.text) == ("7", "<p>later</p>")


def test_redirect(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("redirect", location="http://elsewhere.example/"))
    sim.add_fault(Fault("redirect", location="/x", status=307, after=1))
    first, second = main.post(), main.post()
    assert (first.status_code, first.headers["Location"]) == (302, "http://elsewhere.example/")
    assert (second.status_code, second.headers["Location"]) == (307, "/x")


def test_retcode(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("retcode", code=4079, message="try again later"))
    response = main.post()
    document = response.json()
    assert (document["RetCode"], document["Message"]) == (4079, "try again later")
    assert document["Action"] == "DescribeSSLV2Response"
    assert response.headers["X-UCLOUD-REQUEST-UUID"] == sim.requests[-1].request_uuid


def test_refused_until_cleared(sim: Simulator, main: Caller) -> None:
    address = urlsplit(sim.http_url)
    kept = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
    kept.request("GET", "/")
    kept.getresponse().read()
    sim.refuse(600)
    assert kept.sock is not None
    assert kept.sock.recv(1) == b""
    kept.close()
    for url in (sim.http_url, sim.https_url):
        refused = urlsplit(url)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((refused.hostname, refused.port or 0), TIMEOUT)
    assert requests.get(sim.control_url, timeout=TIMEOUT).status_code == 200
    sim.clear_faults()
    assert main.call()["RetCode"] == 0


def test_refused_ends_by_itself(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("refused", seconds=0.05))
    with pytest.raises(requests.exceptions.ConnectionError):
        main.post()
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            assert main.call()["RetCode"] == 0
            break
        except requests.exceptions.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_stop_while_refused(sim: Simulator) -> None:
    sim.refuse(600)
    sim.stop()
    sim.stop()


def test_reset(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("reset"))
    with send(main) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert main.call()["RetCode"] == 0


def test_truncated(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("truncated"))
    address = urlsplit(main.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
    connection.request("GET", "/?" + urlencode(main.signed("DescribeSSLV2", Region="cn-bj2")))
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead) as raised:
        response.read()
    connection.close()
    assert raised.value.partial.startswith(b'{"RetCode":0')
    assert raised.value.expected


def test_slow_drip(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("slow_drip", interval=0.001))
    with send(main) as connection:
        received = pieces(connection)
    assert len(received) > 3
    assert json.loads(b"".join(received).split(b"\r\n\r\n", 1)[1])["RetCode"] == 0


def test_slow_drip_can_be_given_up(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("slow_drip", interval=30))
    with send(main) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert main.call()["RetCode"] == 0


def test_not_json(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("not_json"), Fault("not_json", body="\x1b[31mred", after=1))
    assert [main.post().text, main.post().text] == ["this is not JSON", "\x1b[31mred"]


def test_html(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("html"))
    response = main.post()
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html")
    assert response.text.startswith("<html>")


def test_not_object(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("not_object"))
    assert isinstance(main.post().json(), list)


def test_no_retcode(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("no_retcode"))
    document = main.call()
    assert "RetCode" not in document
    assert document["TotalCount"] == 5


@pytest.mark.parametrize(("values", "total"), [({"value": 99}, 99), ({"delta": -2}, 3), ({"value": 0}, 0), ({}, None)])
def test_total(sim: Simulator, main: Caller, values: dict[str, Any], total: int | None) -> None:
    sim.add_fault(Fault("total", **values))
    document = main.call()
    assert document.get("TotalCount") == total
    assert len(document["DataSet"]) == 5


def test_empty_page(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("empty_page", offset=2))
    document = main.call(Offset=2)
    assert (document["DataSet"], document["TotalCount"]) == ([], 5)


def test_string_types(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("string_types"))
    document = main.call()
    assert (document["RetCode"], document["TotalCount"]) == ("0", "5")
    item = document["DataSet"][0]
    assert item["CreateTime"] == "1700000000"
    assert item["Relations"][0]["IsDefault"] == "true"


def test_null_fields(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("null_fields", names=("Relations", "SSLName")))
    sim.add_fault(Fault("null_fields", after=1))
    some = main.call()["DataSet"][0]
    assert {name for name, value in some.items() if value is None} == {"Relations", "SSLName"}
    nearly_all = main.call()["DataSet"][0]
    assert [name for name, value in nearly_all.items() if value is not None] == ["SSLId"]


def test_spaced_key(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("spaced_key"))
    document = main.call()
    assert len(document["DataSet "]) == 5
    assert "DataSet" not in document


def test_legacy_bindings(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("legacy_bindings"))
    item = main.call()["DataSet"][0]
    assert item["SSLBindedTargetSet"] == ["lsn-1"]
    assert "Relations" not in item


def test_several_distortions(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("total", delta=1), Fault("spaced_key"), Fault("string_types"))
    document = main.call()
    assert document["TotalCount"] == "6"
    assert "DataSet " in document
