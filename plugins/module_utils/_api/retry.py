# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide which requests are retried, and how long to wait before.

This collection only reads from the API, so a request can safely be sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .errors import ApiError, RateLimitedError, TransportError, UCloudError

#: The longest wait in seconds, whatever a server requests.
LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_LONGEST_BACKOFF = 20.0

# Gateway timeout, gateway or authentication service at fault, service unavailable; then "failed to get ...".
_RETRYABLE_CODES = frozenset((110, 130, 150, 153, 4079, 4100, 4103))
_RETRYABLE_TEXT = re.compile(r"try again|retry later|请稍后|稍后再试|稍后重试", re.IGNORECASE)


def is_retryable(error: UCloudError) -> bool:
    """Whether a request that failed with ``error`` may succeed when it is sent again."""
    if isinstance(error, TransportError):
        return error.retryable
    if isinstance(error, RateLimitedError):
        return True
    return isinstance(error, ApiError) and (
        error.code in _RETRYABLE_CODES or bool(_RETRYABLE_TEXT.search(error.message))
    )


def backoff_seconds(failures: int, error: UCloudError, uniform: Callable[[float, float], float]) -> float:
    """Return how many seconds to wait after a number of failures in a row.

    Exponential backoff with full jitter, so that many clients do not retry at the same time
    (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/). It is at least the wait that
    the server requests, and at most :data:`LONGEST_WAIT`.

    Args:
        failures: Failures in a row (1, 2, …).
        error: The last failure.
        uniform: Returns a random number between two limits.
    """
    backoff = uniform(0.0, min(_LONGEST_BACKOFF, _FIRST_WAIT * 2 ** (failures - 1)))
    requested = getattr(error, "retry_after", None) or 0.0
    return min(LONGEST_WAIT, max(requested, backoff))
