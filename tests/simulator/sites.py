# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening sockets that can be closed and reopened."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

from aiohttp import web

HOST = "127.0.0.1"
BACKLOG = 512
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Site:
    """A port on the loopback address. Call its methods only in the thread of the event loop."""

    def __init__(self, handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Bind the port; 0 selects a free one. Clients cannot connect before :meth:`open`."""
        self._handler = handler
        self._tls = tls
        self._socket = _bound_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        self._server: asyncio.Server | None = None
        self._http: web.Server | None = None

    async def open(self) -> None:
        """Listen, unless it is already listening."""
        if self._server is not None:
            return
        loop = asyncio.get_running_loop()
        if self._http is None:
            self._http = web.Server(self._handler, access_log=None)
        self._server = await loop.create_server(self._http, sock=self._socket, ssl=self._tls, backlog=BACKLOG)

    def refuse(self) -> None:
        """Close the socket and all connections, but keep the port reserved."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        # A bound socket that does not listen refuses connections and keeps the port reserved.
        self._socket = _bound_socket(self.port)
        self._drop_connections()

    async def close(self) -> None:
        """Close everything permanently."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._socket.close()
        # A connection that was just accepted is a task first, then a transport, and only then listed as a connection.
        for _step in range(3):
            await asyncio.sleep(0)
        self._drop_connections()
        if self._http is not None:
            await self._http.shutdown(timeout=0.1)

    def _drop_connections(self) -> None:
        for connection in self._http.connections if self._http is not None else ():
            if connection.transport is not None:
                connection.transport.abort()


def _bound_socket(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Without it, a port could not be reused until its old connections have timed out.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.setblocking(False)
    except BaseException:
        bound.close()
        raise
    return bound
