# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests -> API calls -> HTTP responses, with injected faults."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web

from .api import Api, ApiResponse, Settings
from .distortions import DISTORTING_KINDS, distort
from .faults import Fault, FaultBoard
from .fleet import dump
from .recorder import Recorder, RequestRecord
from .signature import flatten
from .throttle import Throttle

REQUEST_UUID = "X-UCLOUD-REQUEST-UUID"
ERROR_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>gateway</body></html>\n"


@dataclass
class Reply:
    """A complete HTTP response, not sent yet."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Gateway:
    """Handles requests to the API, with any path."""

    def __init__(
        self,
        api: Api,
        settings: Settings,
        faults: FaultBoard,
        recorder: Recorder,
        refuse: Callable[[float], None],
    ) -> None:
        """``refuse`` makes all sites of the API refuse connections for a number of seconds."""
        self._api = api
        self._settings = settings
        self._faults = faults
        self._recorder = recorder
        self._refuse = refuse
        self._started = time.monotonic()
        self._in_flight = 0
        self.throttle: Throttle | None = None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Respond to a request."""
        self._in_flight += 1
        try:
            return await self._handle(request)
        finally:
            self._in_flight -= 1

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        parameters = await _parameters(request)
        record = self._record(request, parameters)
        if self._settings.latency:
            await asyncio.sleep(self._settings.latency)
        throttle = self.throttle
        if throttle is not None and not throttle.admits():
            return _response(_throttled(throttle, record))
        fired = self._faults.fire(record, self._api.scope(parameters))
        for fault in fired:
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds or 0)
        if any(self._cuts_off(fault, request) for fault in fired):
            return web.Response()
        reply = self._reply(parameters, record, fired)
        return await _deliver(request, reply, fired)

    def _record(self, request: web.BaseRequest, parameters: dict[str, str]) -> RequestRecord:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        return self._recorder.add(
            seconds=round(time.monotonic() - self._started, 6),
            scheme=request.scheme,
            method=request.method,
            action=parameters.get("Action"),
            region=parameters.get("Region"),
            project_id=parameters.get("ProjectId"),
            limit=_integer(parameters.get("Limit")),
            offset=_integer(parameters.get("Offset")),
            ssl_id=parameters.get("SSLId"),
            public_key=parameters.get("PublicKey"),
            user_agent=request.headers.get("User-Agent"),
            channel_key=request.headers.get("channel-key"),
            headers=tuple(name.decode("latin-1") for name, _unused in request.raw_headers),
            peer_port=peer[1] if peer else 0,
            in_flight=self._in_flight,
            request_uuid=str(uuid.uuid4()),
        )

    def _cuts_off(self, fault: Fault, request: web.BaseRequest) -> bool:
        """Apply faults that end the connection without a response. Return whether this is one."""
        if fault.kind == "refused":
            self._refuse(fault.seconds or 0)
            return True
        if fault.kind == "reset" and request.transport is not None:
            # With a linger time of 0 seconds, the kernel sends RST instead of FIN.
            connection = request.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.transport.abort()
            return True
        return False

    def _reply(self, parameters: dict[str, str], record: RequestRecord, fired: list[Fault]) -> Reply:
        for fault in fired:
            if fault.kind in _REPLACEMENTS:
                return _REPLACEMENTS[fault.kind](fault, record)
        response = self._api.respond(parameters, record.channel_key)
        distortions = [fault for fault in fired if fault.kind in DISTORTING_KINDS]
        if not distortions:
            return _api_reply(response.render(), record)
        document = response.document()
        for fault in distortions:
            document = distort(document, fault)
        return _api_reply(dump(document), record)


async def _parameters(request: web.BaseRequest) -> dict[str, str]:
    """Return the parameters of a query, a form or a JSON body, or nothing if they cannot be parsed."""
    if request.method == "GET":
        return dict(request.query)
    body = await request.read()
    try:
        if request.content_type == "application/json":
            loaded = json.loads(body)
            return flatten(loaded) if isinstance(loaded, dict) else {}
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        return {}


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _api_reply(body: bytes, record: RequestRecord) -> Reply:
    return Reply(body, headers={REQUEST_UUID: record.request_uuid})


def _page(status: int, title: str, body: str | None = None) -> Reply:
    return Reply((body or ERROR_PAGE.format(title)).encode(), status, "text/html")


def _throttled(throttle: Throttle, record: RequestRecord) -> Reply:
    if throttle.mode == "http429":
        reply = _page(429, "429 Too Many Requests")
        reply.headers["Retry-After"] = "1"
        return reply
    return _api_reply(ApiResponse(record.action, 153, "Request rate limit exceeded").render(), record)


def _http_status(fault: Fault, _record: RequestRecord) -> Reply:
    reply = _page(fault.status or 500, f"Error {fault.status}", fault.body)
    if fault.retry_after is not None:
        reply.headers["Retry-After"] = str(fault.retry_after)
    return reply


def _redirect(fault: Fault, _record: RequestRecord) -> Reply:
    reply = _page(fault.status or 302, "Moved")
    reply.headers["Location"] = fault.location or ""
    return reply


def _retcode(fault: Fault, record: RequestRecord) -> Reply:
    message = "injected fault" if fault.message is None else fault.message
    return _api_reply(ApiResponse(record.action, fault.code or 0, message).render(), record)


def _html(fault: Fault, _record: RequestRecord) -> Reply:
    return _page(200, "Service temporarily unavailable", fault.body)


def _not_json(fault: Fault, record: RequestRecord) -> Reply:
    body = "this is not JSON" if fault.body is None else fault.body
    return _api_reply(body.encode(), record)


def _bomb(fault: Fault, record: RequestRecord) -> Reply:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    body = packer.compress(ApiResponse(record.action).render())
    body += b"".join(packer.compress(b" " * 2**20) for _mebibyte in range(fault.value or 0)) + packer.flush()
    reply = _api_reply(body, record)
    reply.headers["Content-Encoding"] = "gzip"
    return reply


def _not_object(_fault: Fault, record: RequestRecord) -> Reply:
    return _api_reply(b'[{"RetCode":0}]', record)


_REPLACEMENTS: dict[str, Callable[[Fault, RequestRecord], Reply]] = {
    "http_status": _http_status,
    "redirect": _redirect,
    "retcode": _retcode,
    "bomb": _bomb,
    "html": _html,
    "not_json": _not_json,
    "not_object": _not_object,
}
"""Kinds of faults that replace the response of the API."""


def _response(reply: Reply) -> web.Response:
    return web.Response(
        body=reply.body,
        status=reply.status,
        headers={"Content-Type": reply.content_type, **reply.headers},
    )


async def _deliver(request: web.BaseRequest, reply: Reply, fired: list[Fault]) -> web.StreamResponse:
    """Send the response completely, slowly, or only in part."""
    kinds = {fault.kind: fault for fault in fired}
    if "truncated" not in kinds and "slow_drip" not in kinds:
        return _response(reply)
    response = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type, **reply.headers})
    response.content_length = len(reply.body)
    await response.prepare(request)
    body = reply.body[: len(reply.body) // 2] if "truncated" in kinds else reply.body
    if "slow_drip" in kinds:
        for index in range(len(body)):
            await response.write(body[index : index + 1])
            await asyncio.sleep(kinds["slow_drip"].interval or 0)
    else:
        await response.write(body)
    if "truncated" in kinds and request.transport is not None:
        request.transport.close()
    return response
