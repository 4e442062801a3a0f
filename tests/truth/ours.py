# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's facts, read through its public functions, with the time that each takes."""

from __future__ import annotations

import signal
import time
import warnings
from dataclasses import dataclass
from types import FrameType
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate

#: 2026-01-01T00:00:00Z. The comparison does not depend on it.
NOW = 1767225600
#: Timeout in seconds per content. Exceeding it is reported as a difference.
PATIENCE = 10


class TookTooLong(BaseException):
    """Not an ``Exception``, because the reader catches all of those."""


@dataclass(frozen=True)
class Reading:
    """The facts of a content, or the error, and the duration in seconds.

    ``warned`` contains warnings of libraries, which would appear in the user's terminal.
    """

    facts: dict[str, Any]
    seconds: float
    failure: str | None = None
    warned: tuple[str, ...] = ()

    @property
    def x509(self) -> dict[str, Any] | None:
        """Return a fact by name."""
        x509: dict[str, Any] | None = self.facts.get("x509")
        return x509


def read(text: str, ssl_id: str = "ssl-truth") -> Reading:
    """Read a content like the plugins do."""
    previous = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    start = time.perf_counter()
    facts: dict[str, Any] = {}
    caught: list[warnings.WarningMessage] = []
    failure = None
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            certificate = Certificate.from_api({"SSLId": ssl_id}, "hk", None).with_content(read_content(text))
            facts = certificate.to_facts(NOW)
    except TookTooLong:
        failure = f"takes longer than {PATIENCE} s"
    except Exception as error:  # noqa: BLE001 (any exception is a result)
        failure = f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    return Reading(facts, time.perf_counter() - start, failure, tuple(str(warning.message) for warning in caught))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong
