# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal client."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from ansible_collections.ucloud.ulb.tests.simulator import Account, Record, record, relation
from ansible_collections.ucloud.ulb.tests.simulator.signature import sign

TIMEOUT = 20.0


class Caller:
    """Signs and sends requests for an account."""

    def __init__(self, url: str, account: Account) -> None:
        self.url = url
        self.account = account

    def signed(self, action: str, **parameters: Any) -> dict[str, str]:
        values = {name: str(value) for name, value in parameters.items() if value is not None}
        values.update(Action=action, PublicKey=self.account.public_key)
        if self.account.security_token:
            values.setdefault("SecurityToken", self.account.security_token)
        return {**values, "Signature": sign(values, self.account.private_key)}

    def post(self, action: str = "DescribeSSLV2", **parameters: Any) -> requests.Response:
        parameters.setdefault("Region", "cn-bj2")
        data = self.signed(action, **parameters)
        return requests.post(self.url, data=data, timeout=TIMEOUT, allow_redirects=False)

    def call(self, action: str = "DescribeSSLV2", **parameters: Any) -> dict[str, Any]:
        response = self.post(action, **parameters)
        assert response.status_code == 200
        document: dict[str, Any] = response.json()
        return document

    def ids(self, **parameters: Any) -> list[str]:
        return [item["SSLId"] for item in self.call(**parameters)["DataSet"]]


def send(main: Caller) -> socket.socket:
    """Send a raw request, and leave the response in the socket."""
    body = urlencode(main.signed("DescribeSSLV2", Region="cn-bj2")).encode()
    head = (
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    address = urlsplit(main.url)
    connection = socket.create_connection((address.hostname, address.port or 0), TIMEOUT)
    connection.sendall(head.encode() + body)
    return connection


def some_records(count: int) -> list[Record]:
    bound = [relation(("alb-1", "shop"), ("lsn-1", "https"), is_default=True)]
    return [record(f"ssl-{n}", f"cert {n}", "PEM", 1_700_000_000 + n, bound) for n in range(count)]
