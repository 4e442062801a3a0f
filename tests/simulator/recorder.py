# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of requests."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class RequestRecord:
    """One request to the API, without signature and token: logs end up in reports."""

    number: int
    """Counts from 1 since the last reset."""
    seconds: float
    """Since the simulator was started."""
    scheme: str
    method: str
    action: str | None
    region: str | None
    project_id: str | None
    limit: int | None
    offset: int | None
    ssl_id: str | None
    public_key: str | None
    user_agent: str | None
    channel_key: str | None
    """Value of the ``channel-key`` header."""
    headers: tuple[str, ...]
    """Names of all headers, as they were written."""
    peer_port: int
    """Port of the client's end: requests with the same one share a connection."""
    in_flight: int
    """Requests that were under way when this one came, itself included."""
    request_uuid: str
    """What the answer's ``X-UCLOUD-REQUEST-UUID`` says, if it has one."""

    def to_mapping(self) -> dict[str, Any]:
        """All fields, fit for JSON."""
        return asdict(self)


class Recorder:
    """Requests in the order of their arrival. It may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[RequestRecord] = []

    def add(self, **values: Any) -> RequestRecord:
        """Number a request and keep it."""
        with self._lock:
            request = RequestRecord(number=len(self._requests) + 1, **values)
            self._requests.append(request)
            return request

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()

    def snapshot(self) -> list[RequestRecord]:
        """A copy of the log."""
        with self._lock:
            return list(self._requests)

    def __len__(self) -> int:
        return len(self._requests)
