# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests are retried, and after how long."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    IncompleteListingError,
    OptionError,
    RateLimitedError,
    RequestContext,
    TransportError,
    UCloudError,
    api_error,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.retry import (
    LONGEST_WAIT,
    backoff_seconds,
    is_retryable,
)

CONTEXT = RequestContext("DescribeSSLV2", "host")


@pytest.mark.parametrize("code", [110, 130, 150, 153, 4079, 4100, 4103])
def test_passing_codes_are_repeated(code: int) -> None:
    assert is_retryable(api_error(CONTEXT, code, "x")) is True


@pytest.mark.parametrize("code", [160, 161, 170, 171, 172, 174, 220, 230, 292, 293, 294, 295, 299, 4108, 4111, 9999])
def test_lasting_codes_are_not_repeated(code: int) -> None:
    assert is_retryable(api_error(CONTEXT, code, "certificate in use")) is False


@pytest.mark.parametrize(
    "message",
    ["Failed to get ULB, TRY AGAIN later", "please retry later", "系统繁忙，请稍后", "稍后再试", "稍后重试"],
)
def test_messages_that_ask_for_it_are_repeated(message: str) -> None:
    assert is_retryable(api_error(CONTEXT, 9999, message)) is True


def test_rate_limit_by_http_status_is_repeated() -> None:
    assert is_retryable(RateLimitedError(CONTEXT, None, "too many requests")) is True


@pytest.mark.parametrize("retryable", [True, False])
def test_transport_errors_say_it_themselves(retryable: bool) -> None:
    assert is_retryable(TransportError("x", CONTEXT, retryable=retryable)) is retryable


@pytest.mark.parametrize("kind", [OptionError, IncompleteListingError, UCloudError])
def test_nothing_else_is_repeated(kind: type[UCloudError]) -> None:
    assert is_retryable(kind("try again later", CONTEXT)) is False


def test_backoff_doubles_up_to_twenty_seconds() -> None:
    error = api_error(CONTEXT, 150, "x")
    waits = [backoff_seconds(failures, error, lambda _low, high: high) for failures in range(1, 10)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0]


def test_jitter_is_full() -> None:
    error = api_error(CONTEXT, 150, "x")
    assert backoff_seconds(5, error, lambda low, _high: low) == 0.0


@pytest.mark.parametrize(("asked", "wait"), [(None, 1.0), (0.0, 1.0), (0.5, 1.0), (7.0, 7.0), (3600.0, 60.0)])
def test_what_the_server_asks_for_is_the_least_up_to_a_minute(asked: float | None, wait: float) -> None:
    error = TransportError("x", CONTEXT, retryable=True, retry_after=asked)
    assert backoff_seconds(2, error, lambda _low, high: high) == wait


@given(
    failures=st.integers(1, 200),
    asked=st.none() | st.floats(0, 1e9),
    seed=st.integers(0, 2**32),
)
def test_wait_is_always_within_its_bounds(failures: int, asked: float | None, seed: int) -> None:
    error = api_error(CONTEXT, 150, "x", retry_after=asked)
    wait = backoff_seconds(failures, error, random.Random(seed).uniform)
    assert min(asked or 0.0, LONGEST_WAIT) <= wait <= LONGEST_WAIT
