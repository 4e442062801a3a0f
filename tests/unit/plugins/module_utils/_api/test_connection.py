# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection as a value, and URLs that are not valid."""

from __future__ import annotations

import pickle

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import (
    Connection,
    check_base_url,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError

REMEDY = " Give a URL such as https://api.ucloud.cn/."


def test_defaults() -> None:
    connection = Connection("public", "private")
    assert connection.base_url == "https://api.ucloud.cn/"
    assert connection.endpoint == "api.ucloud.cn"
    assert (connection.timeout, connection.max_retries, connection.concurrency) == (30, 5, 8)
    assert (connection.validate_certs, connection.ca_path) == (True, None)
    assert (connection.channel_key, connection.security_token) == (None, None)


def test_repr_holds_no_secret_and_a_value_survives_a_pickle() -> None:
    connection = Connection("public", "hunter2", security_token="token3")
    assert "hunter2" not in repr(connection)
    assert "token3" not in repr(connection)
    assert pickle.loads(pickle.dumps(connection)) == connection  # noqa: S301 - its own


def test_endpoint_has_the_port() -> None:
    connection = Connection("a", "b", base_url="https://api.example.com:8443/path/")
    assert connection.endpoint == "api.example.com:8443"


@pytest.mark.parametrize(("retries", "deadline"), [(0, 10.0), (5, 60.0)])
def test_deadline_leaves_time_for_every_try(retries: int, deadline: float) -> None:
    assert Connection("a", "b", timeout=10, max_retries=retries).call_timeout == deadline


@pytest.mark.parametrize(
    "url",
    [
        "https://api.ucloud.cn/",
        "https://api.ucloud.cn",
        "http://api.service.ucloud.cn",
        "HTTPS://api.ucloud.cn:443/some/path",
        "http://127.0.0.1:8080",
        "https://[::1]:8443/",
    ],
)
def test_addresses_that_are_accepted(url: str) -> None:
    assert check_base_url(url) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "base_url: '' is not an http:// or https:// URL." + REMEDY),
        (
            "api.ucloud.cn",
            "base_url: 'api.ucloud.cn' is not an http:// or https:// URL." + REMEDY,
        ),
        (
            "ftp://api.ucloud.cn",
            "base_url: 'ftp://api.ucloud.cn' is not an http:// or https:// URL." + REMEDY,
        ),
        ("https:///path", "base_url: 'https:///path' is not an http:// or https:// URL." + REMEDY),
        ("http://[::1", "base_url: 'http://[::1' is not a URL: Invalid IPv6 URL." + REMEDY),
        (
            "https://host:99999",
            "base_url: 'https://host:99999' is not a URL: Port out of range 0-65535." + REMEDY,
        ),
        ("https://host/?a=b", "base_url: 'https://host/?a=b' has a query or fragment." + REMEDY),
        ("https://host/#top", "base_url: 'https://host/#top' has a query or fragment." + REMEDY),
    ],
)
def test_addresses_that_are_refused(url: str, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        check_base_url(url)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@host/",
        "https://hunter2@host/",
        "https://user:hun:hunter2@host:port",
        "https://user:hunter2/x@host",
        "https://user:hunter2@[::1",
        "user:hunter2@host",
        "https://user:#hunter2@host",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(OptionError) as caught:
        check_base_url(url)
    assert str(caught.value) == (
        "base_url: the URL contains a user name or password. Set public_key and private_key instead."
    )
