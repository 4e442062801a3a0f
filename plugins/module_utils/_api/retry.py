# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be repeated, and how long to wait before it.

Everything that this collection asks is a read, so repeating it is safe.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .errors import ApiError, RateLimitedError, TransportError, UCloudError

#: The longest wait in seconds, whatever a server asks for.
LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_LONGEST_BACKOFF = 20.0

# Gateway timeout, gateway or authentication service at fault, service unavailable; then "failed to get ...".
_PASSING_CODES = frozenset((110, 130, 150, 153, 4079, 4100, 4103))
_PASSING_TEXT = re.compile(r"try again|retry later|请稍后|稍后再试|稍后重试", re.IGNORECASE)


def is_retryable(error: UCloudError) -> bool:
    """Tell whether the request that ended in ``error`` may fare better when it is sent again."""
    if isinstance(error, TransportError):
        return error.retryable
    if isinstance(error, RateLimitedError):
        return True
    return isinstance(error, ApiError) and (error.code in _PASSING_CODES or bool(_PASSING_TEXT.search(error.message)))


def backoff_seconds(failures: int, error: UCloudError, uniform: Callable[[float, float], float]) -> float:
    """How long to wait after the ``failures``-th failure in a row (1, 2, …).

    Exponential with full jitter, so that many clients do not come back at the same moment
    (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/). A wait that the server
    asked for is the least that is waited, up to :data:`LONGEST_WAIT`.
    """
    backoff = uniform(0.0, min(_LONGEST_BACKOFF, _FIRST_WAIT * 2 ** (failures - 1)))
    asked = getattr(error, "retry_after", None) or 0.0
    return min(LONGEST_WAIT, max(asked, backoff))
