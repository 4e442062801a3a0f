# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server for responses that no HTTP library would send."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Reply = Callable[[bytes], bytes]


@dataclass
class Wire:
    """The address of the server, and the complete requests that it received."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(reply: Reply) -> Iterator[Wire]:
    """Send the result of ``reply`` for each request, and close the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listener.getsockname()[1])
    done = threading.Event()

    def serve() -> None:
        while True:
            connection, _unused = listener.accept()
            with connection:
                if done.is_set():
                    return
                wire.requests.append(_whole_request(connection))
                connection.sendall(reply(wire.requests[-1]))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        done.set()
        socket.create_connection(("127.0.0.1", wire.port)).close()
        thread.join()
        listener.close()


@contextmanager
def tunnelling() -> Iterator[Wire]:
    """Run a proxy that opens one tunnel, and record what the client sends: the CONNECT request, then the rest.

    The client has to close its connection.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listener.getsockname()[1])

    def serve() -> None:
        client, _unused = listener.accept()
        wire.requests.append(_whole_request(client))
        host, port = wire.requests[0].split()[1].decode().rsplit(":", 1)
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_relay, args=(server, client, []), daemon=True)
            back.start()
            _relay(client, server, wire.requests)
            back.join()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        thread.join(30)
        listener.close()


def _relay(source: socket.socket, target: socket.socket, seen: list[bytes]) -> None:
    with suppress(OSError):  # a client that aborts a handshake may disconnect immediately
        for part in iter(lambda: source.recv(65536), b""):
            seen.append(part)
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a valid HTTP response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def form_of(request: bytes) -> bytes:
    """Return the form in a request."""
    return request.partition(b"\r\n\r\n")[2]


def _whole_request(connection: socket.socket) -> bytes:
    received = b""
    while not _is_whole(received):
        part = connection.recv(65536)
        if not part:
            break
        received += part
    return received


def _is_whole(request: bytes) -> bool:
    head, blank, body = request.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return bool(blank) and len(body) >= sum(lengths)
