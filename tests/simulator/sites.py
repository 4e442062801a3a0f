# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening sockets that can go away and come back."""

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
    """One port on the loopback address. Its methods belong to the loop's thread."""

    def __init__(self, handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """Take the port; 0 takes a free one. Nobody can connect before :meth:`open`."""
        self._handler = handler
        self._tls = tls
        self._socket = _bound_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        self._server: asyncio.Server | None = None
        self._http: web.Server | None = None

    async def open(self) -> None:
        """Listen, unless it does so already."""
        if self._server is not None:
            return
        loop = asyncio.get_running_loop()
        if self._http is None:
            self._http = web.Server(self._handler, access_log=None)
        self._server = await loop.create_server(self._http, sock=self._socket, ssl=self._tls, backlog=BACKLOG)

    def refuse(self) -> None:
        """Close the socket and all connections, and keep the port from others."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        # A bound socket that does not listen: connections are refused, and the port stays ours.
        self._socket = _bound_socket(self.port)
        self._drop_connections()

    async def close(self) -> None:
        """Close everything for good."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._socket.close()
        # What was accepted a moment ago is a task first, then a transport, and a connection that is known here at last.
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
        # Without it a port whose old connections have not timed out could not be taken again.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.setblocking(False)
    except BaseException:
        bound.close()
        raise
    return bound
