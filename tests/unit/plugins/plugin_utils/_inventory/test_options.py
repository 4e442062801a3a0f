# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the inventory plugin's options."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.options import (
    check_filters,
    check_prefixes,
    strip_prefix,
)


def test_valid_filters() -> None:
    check_filters([])
    check_filters([{"include": "a"}, {"exclude": "b"}, {"exclude": True}, {"include": False}])


@pytest.mark.parametrize(
    "rule",
    [
        "include",
        {},
        {"includes": "a"},
        {"include": "a", "exclude": "b"},
        {"include": "a", "x": "b"},
        None,
        ["include"],
        {"exclude": 1},
    ],
)
def test_invalid_filters(rule: Any) -> None:
    with pytest.raises(OptionError) as caught:
        check_filters([{"include": "a"}, rule])
    assert caught.value.describe() == (
        f"filters: {rule!r} is not a valid rule. Give a single key, 'include' or 'exclude', with an expression."
    )


@pytest.mark.parametrize(
    ("hostname", "plain"),
    [
        ("ssl_id", "ssl_id"),
        ("ucloud_ssl_id", "ssl_id"),
        ("ucloud_x509.subject.common_name", "x509.subject.common_name"),
        ("x509.subject.common_name", "x509.subject.common_name"),
        ("ucloud_certificates.0.ssl_id", "certificates.0.ssl_id"),
        ("listener_id", "listener_id"),
        ("ucloud_nothing ~ ssl_id", "ucloud_nothing ~ ssl_id"),
        ("'text'", "'text'"),
        ("extra.name", "extra.name"),
    ],
)
def test_hostnames_with_and_without_the_prefix(hostname: str, plain: str) -> None:
    assert strip_prefix([hostname], "certificate", "ucloud_", ["extra"]) == [plain]


@pytest.mark.parametrize("hostname", ["ssl_idd", "ucloud_ssl_idd", "ucloud_", "x5o9.subject", "nothing"])
def test_an_unknown_hostname(hostname: str) -> None:
    with pytest.raises(
        OptionError, match=r"^hostnames: unknown '[a-z0-9_]+'\. .*Valid values: domain, certificates\.$"
    ):
        strip_prefix(["domain", hostname], "domain", "ucloud_")


@pytest.mark.parametrize("prefix", ["", "u", "ucloud_", "_", "U1_"])
def test_prefixes_of_variables(prefix: str) -> None:
    check_prefixes(prefix, "")


@pytest.mark.parametrize("prefix", ["1", "u-", "u.", " ", "ü", "u x", "{{ x }}"])
def test_invalid_prefixes_of_variables(prefix: str) -> None:
    with pytest.raises(OptionError, match=r"^hostvars_prefix: .* is not a valid prefix for variable names\. Give "):
        check_prefixes(prefix, "")


@pytest.mark.parametrize("prefix", ["", "ucloud-", "c_", "c.", "证书-"])
def test_prefixes_of_hosts(prefix: str) -> None:
    check_prefixes("", prefix)


@pytest.mark.parametrize("prefix", ["-", ".", "a b", "a:", "*", "x" * 41, "\u202e"])
def test_invalid_prefixes_of_hosts(prefix: str) -> None:
    with pytest.raises(OptionError, match=r"^host_prefix: .* is not a valid prefix for host names\. Give at most 40 "):
        check_prefixes("", prefix)
