# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: faults, requests and limits over HTTP, for clients that do not run in this process."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Fault

if TYPE_CHECKING:
    from .server import Simulator

Body = dict[str, Any]


class Control:
    """Routes of the control API. Every response is a JSON object."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._routes: dict[tuple[str, str], Callable[[object], Awaitable[Body]]] = {
            ("GET", "/"): self._info,
            ("GET", "/requests"): self._requests,
            ("DELETE", "/requests"): self._clear_requests,
            ("GET", "/faults"): self._faults,
            ("POST", "/faults"): self._add_faults,
            ("DELETE", "/faults"): self._clear_faults,
            ("POST", "/rate_limit"): self._limit,
            ("DELETE", "/rate_limit"): self._unlimit,
            ("POST", "/tls_site"): self._tls_site,
            ("POST", "/endpoint"): self._endpoint,
        }

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Respond to a request with HTTP status 200, or with 400, 404 or 405 and an ``error``."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            known = any(path == request.path for _unused, path in self._routes)
            return _error(405 if known else 404, f"unknown route {request.method} {request.path}")
        try:
            body = await request.read()
            return web.json_response(await route(json.loads(body) if body else {}))
        except (ValueError, TypeError) as error:
            return _error(400, str(error))

    async def _info(self, _body: object) -> Body:
        return self._simulator.info()

    async def _requests(self, _body: object) -> Body:
        requests = self._simulator.requests
        return {
            "count": len(requests),
            "requests": [request.to_mapping() for request in requests],
        }

    async def _clear_requests(self, _body: object) -> Body:
        self._simulator.clear_requests()
        return {}

    async def _faults(self, _body: object) -> Body:
        return {"faults": self._simulator.faults}

    async def _add_faults(self, body: object) -> Body:
        # Parse all faults before adding any, so that an invalid one changes nothing.
        faults = [Fault.from_mapping(item) for item in (body if isinstance(body, list) else [body])]
        self._simulator.add_fault(*faults)
        return {"added": len(faults)}

    async def _clear_faults(self, _body: object) -> Body:
        await self._simulator.remove_faults()
        return {}

    async def _limit(self, body: object) -> Body:
        values = _values(body, {"per_second", "mode"})
        if "per_second" not in values:
            raise ValueError("a rate limit needs per_second")
        self._simulator.rate_limit(**values)
        return {}

    async def _unlimit(self, _body: object) -> Body:
        self._simulator.rate_limit(None)
        return {}

    async def _tls_site(self, body: object) -> Body:
        kind = _values(body, {"kind"}).get("kind")
        if not isinstance(kind, str):
            raise TypeError("a TLS site needs a kind")
        return {"url": await self._simulator.open_tls_site(kind)}

    async def _endpoint(self, body: object) -> Body:
        kind = _values(body, {"kind"}).get("kind")
        if not isinstance(kind, str):
            raise TypeError("an endpoint needs a kind")
        return asdict(await self._simulator.open_endpoint(kind))


def _values(body: object, known: set[str]) -> Body:
    if not isinstance(body, dict):
        raise TypeError("expected an object")
    if unknown := set(body) - known:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return body


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)
