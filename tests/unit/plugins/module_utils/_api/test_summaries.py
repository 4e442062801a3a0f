# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One message per problem."""

from __future__ import annotations

import itertools
import random

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    OptionError,
    RequestContext,
    TransportError,
    UCloudError,
    api_error,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.summaries import describe_all, some_of


def context(region: str | None, project: str | None, action: str = "DescribeSSLV2") -> RequestContext:
    return RequestContext(action, "api.example.com", region, project)


def denied(region: str | None, project: str | None, message: str = "no", code: int = 299) -> UCloudError:
    return api_error(context(region, project), code, message, f"request-{region}-{project}")


def broken(region: str | None, project: str | None) -> UCloudError:
    return TransportError("no answer", context(region, project), "Raise timeout.", retryable=True)


RIGHT = "IAM denies this action: ask an administrator to grant DescribeSSLV2 for this project."


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([("hk", "a"), ("bj", "a")], "regions bj, hk and project a"),
        ([("hk", "b"), ("hk", "a")], "region hk and projects a, b"),
        ([*itertools.product(["bj", "hk"], ["a", "b"])], "regions bj, hk and projects a, b"),
        ([("bj", "a"), ("hk", "a"), ("hk", "b")], "regions bj, hk and project a; region hk and project b"),
        ([("hk", None), ("bj", None)], "regions bj, hk"),
        ([(None, "a"), (None, "b")], "projects a, b"),
        ([("h\x1bk\n", "a\x1b[2J"), ("bj", "a\x1b[2J")], "regions bj, h"),
    ],
)
def test_places(places: list[tuple[str, str]], said: str) -> None:
    (message,) = describe_all(denied(*place) for place in places)
    assert message.startswith(f"DescribeSSLV2 in {said}")
    assert message.endswith(f" at api.example.com: no (RetCode 299). {RIGHT}")
    assert message.isprintable()


def test_the_order_of_errors_makes_no_difference() -> None:
    errors = [denied(*place) for place in itertools.product("dcba", "zyx")]
    before = describe_all(errors)
    random.Random(1).shuffle(errors)
    assert describe_all(errors) == before


def test_another_reason_is_another_message() -> None:
    errors = [
        denied("hk", "a"),
        denied("bj", "a"),
        denied("hk", "b", "another"),
        denied("hk", "a", code=293),
        broken("hk", "a"),
        broken("bj", "a"),
        api_error(context("hk", "a", "GetRegion"), 299, "no", "request-1"),
    ]
    messages = describe_all(errors)
    assert [message.partition(" at ")[0] for message in messages] == [
        "DescribeSSLV2 in regions bj, hk and project a",
        "DescribeSSLV2 in region hk and project b",
        "DescribeSSLV2 in region hk and project a",
        "DescribeSSLV2 in regions bj, hk and project a",
        "GetRegion in region hk and project a",
    ]
    assert messages[3].endswith(": no answer. Raise timeout.")


def test_a_single_error_is_as_it_is() -> None:
    error = denied("hk", "a")
    assert describe_all([error]) == [error.describe()]
    assert describe_all([error], with_requests=False) == [
        f"DescribeSSLV2 in region hk and project a at api.example.com: no (RetCode 299). {RIGHT}"
    ]


def test_what_was_never_sent_has_no_place() -> None:
    assert describe_all([OptionError("x: no", hint="Y.")] * 2) == ["x: no. Y."]
    assert describe_all([]) == []


def test_only_the_first_names_are_shown_and_read() -> None:
    names = iter(["a", "b\n", "c", "d", "e", "f", "g"])

    assert str(some_of(names, 7)) == "a, b\ufffd, c, d, e and 2 more"
    assert next(names) == "f"
    assert f"{some_of(['a', 'b'], 2)}" == "a, b"
