# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log of requests."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class RequestRecord:
    """A request to the API, without signature and token, because logs end up in reports."""

    number: int
    """Counts from 1 since the last reset."""
    seconds: float
    """Time since the simulator was started."""
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
    """Names of all headers, as sent."""
    peer_port: int
    """Port of the client. Requests with the same port share a connection."""
    in_flight: int
    """Number of requests in flight when this one arrived, including this one."""
    request_uuid: str
    """Value of the header ``X-UCLOUD-REQUEST-UUID`` of the response, if it has one."""

    def to_mapping(self) -> dict[str, Any]:
        """Return all fields for JSON."""
        return asdict(self)


class Recorder:
    """Requests in order of arrival. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[RequestRecord] = []

    def add(self, **values: Any) -> RequestRecord:
        """Record a request with the next number."""
        with self._lock:
            request = RequestRecord(number=len(self._requests) + 1, **values)
            self._requests.append(request)
            return request

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._requests.clear()

    def snapshot(self) -> list[RequestRecord]:
        """Return a copy of the log."""
        with self._lock:
            return list(self._requests)

    def __len__(self) -> int:
        return len(self._requests)
