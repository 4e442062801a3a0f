# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints that stand for listeners of load balancers: TLS sites, and ports that do something else.

They know nothing about HTTP: they make a handshake and read until the client leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import socket
import ssl
import struct
import tempfile
import time
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .issuing import Authority, Request, certificate_pem, self_signed, subject, utc
from .keys import PrivateKey, key_pem, signing_key
from .sites import BACKLOG, HOST

#: What happens on one connection. It ends by returning, or when the endpoint is closed.
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
DAY = 86400
SHOP, OTHER, ONE, TWO = "shop.example.com", "other.example.org", "one.example.com", "two.example.com"
LONG_CHAIN = 100
HUGE = 1_000_000
_BYTES_PER_SECOND = 1.0


@dataclass(frozen=True)
class Endpoint:
    """A listening port. ``fingerprint`` is the SHA-256 of its certificate, if it has one."""

    address: str
    port: int
    fingerprint: str | None


@dataclass(frozen=True)
class Identity:
    """A certificate, the CA certificates that a server sends after it, and its key."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    key: PrivateKey

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate in hexadecimal digits."""
        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()

    def load_into(self, context: ssl.SSLContext) -> None:
        """Let a server use it. The ssl module reads keys only from files."""
        chain = "".join(map(certificate_pem, (self.certificate, *self.others)))
        with tempfile.TemporaryDirectory(prefix="ucloud-simulator-") as folder:
            path = Path(folder, "identity.pem")
            path.write_text(chain + key_pem(self.key), encoding="ascii")
            context.load_cert_chain(path)


@functools.cache
def _authority(number: int = 0) -> Authority:
    """Return the authority with this number: 0 is the root, and each one issues the next."""
    request = Request(
        subject(f"Endpoint CA {number}"),
        signing_key("p256", f"endpoint ca {number}"),
        utc(time.time() - 30 * DAY),
        utc(time.time() + 300 * DAY),
        is_ca=True,
        usage=None,
    )
    return _authority(number - 1).intermediate(request) if number else Authority.root(request)


def identity(name: str = SHOP, *, depth: int = 1, sent: int | None = None, ends: int = 60) -> Identity:
    """Return a certificate for a name.

    Args:
        name: The name, which is also that of its key.
        depth: Number of authorities between root and certificate.
        sent: Number of CA certificates that the server sends; all but the root by default.
        ends: Days until it expires.
    """
    return _identity(name, depth, sent, ends)


@functools.cache
def _identity(name: str, depth: int, sent: int | None, ends: int) -> Identity:
    key = signing_key("p256", f"endpoint {name}")
    now = time.time()
    request = Request(subject(name), key, utc(now - 30 * DAY), utc(now + ends * DAY), names=(name, f"*.{name}"))
    authorities = [_authority(number).certificate for number in range(depth, 0, -1)]
    return Identity(_authority(depth).issue(request), tuple(authorities[:sent]), key)


@functools.cache
def _self_signed() -> Identity:
    key = signing_key("p256", "endpoint self-signed")
    request = Request(subject(SHOP), key, utc(time.time() - DAY), utc(time.time() + 60 * DAY), names=(SHOP,))
    return Identity(self_signed(request), (), key)


def root_pem() -> str:
    """Return the root certificate of all endpoints."""
    return certificate_pem(_authority().certificate)


def server_context(
    presented: Identity,
    *,
    oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    by_name: dict[str, Identity] | None = None,
    needs_name: bool = False,
) -> ssl.SSLContext:
    """Return the settings of a TLS server, which may present other certificates for certain names or wildcards."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Without this, OpenSSL 3.0 and newer use neither TLS 1.0 and 1.1 nor weak keys.
    context.set_ciphers("ALL:@SECLEVEL=0")
    presented.load_into(context)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = oldest, newest
    context.set_alpn_protocols(["h2", "http/1.1"])
    others = {name: server_context(item, oldest=oldest, newest=newest) for name, item in (by_name or {}).items()}

    def choose(tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        if name is None and needs_name:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        sent = name or ""
        tls.context = others.get(sent) or others.get(f"*.{sent.partition('.')[2]}", tls.context)
        return None

    if others or needs_name:
        context.sni_callback = choose
    return context


def tls_script(context: ssl.SSLContext, *, delay: float = 0.0) -> Script:
    """Make a handshake, and wait for the client to leave. ``delay`` is in seconds, before each response."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        is_over = False
        while not is_over:
            is_over = _advance(tls)
            response = outgoing.read()
            if response:
                await asyncio.sleep(delay)
                writer.write(response)
            data = b"" if is_over else await reader.read(65536)
            if not data:
                break
            incoming.write(data)
        await until_closed(reader)

    return serve


def _advance(tls: ssl.SSLObject) -> bool:
    """Process what was received. Return whether the handshake is over, completed or not."""
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    except ssl.SSLError:
        return True
    return True


def flight(context: ssl.SSLContext, hello: bytes) -> bytes:
    """Return what a server sends in response to the first message of a client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(hello)
    _advance(tls)
    return outgoing.read()


async def until_closed(reader: asyncio.StreamReader) -> None:
    """Read and discard until the client leaves."""
    with contextlib.suppress(OSError):
        while await reader.read(65536):
            pass


def sending(data: bytes, *, first: bool = False, then_close: bool = True) -> Script:
    """Send some bytes, before or after the client has sent something."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not first:
            await reader.read(65536)
        writer.write(data)
        await writer.drain()
        if not then_close:
            await until_closed(reader)

    return serve


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reset the connection after the client has sent something."""
    await reader.read(65536)
    abort(writer)


def abort(writer: asyncio.StreamWriter) -> None:
    """Close a connection with a reset."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _close(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read(65536)


async def _silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await until_closed(reader)


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a valid handshake, one byte a second."""
    for byte in flight(_usual_context(), await reader.read(65536)):
        writer.write(bytes([byte]))
        await writer.drain()  # raises if the client has left
        await asyncio.sleep(_BYTES_PER_SECOND)


def _flaky() -> Script:
    """Reset the first connection, and serve all others."""
    usual, seen = tls_script(_usual_context()), []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer)
        await (reset if len(seen) == 1 else usual)(reader, writer)

    return serve


def _huge() -> bytes:
    """Return a Server Hello of TLS 1.2, and a certificate message that is too long."""
    hello = b"\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2b" + b"\x00"
    messages = b"\x02" + len(hello).to_bytes(3, "big") + hello
    messages += b"\x0b" + (HUGE + 3).to_bytes(3, "big") + HUGE.to_bytes(3, "big") + bytes(HUGE)
    pieces = (messages[start : start + 16384] for start in range(0, len(messages), 16384))
    return b"".join(b"\x16\x03\x03" + len(piece).to_bytes(2, "big") + piece for piece in pieces)


@functools.cache
def _usual_context() -> ssl.SSLContext:
    return server_context(identity())


def _tls(presented: Identity, **settings: object) -> tuple[Script, str]:
    context = server_context(presented, **settings)  # type: ignore[arg-type]
    return tls_script(context), presented.fingerprint


_V = ssl.TLSVersion
_BY_NAME = (ONE, TWO)
#: What each kind of endpoint does, and the fingerprint of its certificate.
KINDS: dict[str, Callable[[], tuple[Script, str | None]]] = {
    "good": lambda: _tls(identity()),
    "all_versions": lambda: _tls(identity(), oldest=_V.TLSv1),
    "tls_1_2": lambda: _tls(identity(), newest=_V.TLSv1_2),
    "tls_1_3": lambda: _tls(identity(), oldest=_V.TLSv1_3),
    "old_versions": lambda: _tls(identity(), oldest=_V.TLSv1, newest=_V.TLSv1_1),
    "other_certificate": lambda: _tls(identity(OTHER)),
    "expired": lambda: _tls(identity(ends=-1)),
    "self_signed": lambda: _tls(_self_signed()),
    "incomplete_chain": lambda: _tls(identity(sent=0)),
    "long_chain": lambda: _tls(identity(depth=LONG_CHAIN - 1)),
    "by_server_name": lambda: _tls(identity(), by_name={name: identity(name) for name in _BY_NAME}),
    "needs_server_name": lambda: _tls(identity(), needs_name=True),
    "flaky": lambda: (_flaky(), identity().fingerprint),
    "no_tls": lambda: (sending(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), None),
    "banner": lambda: (sending(b"SSH-2.0-OpenSSH_9.6\r\n", first=True), None),
    "garbage": lambda: (sending(bytes(range(255, 100, -1)) * 20), None),
    "alert": lambda: (sending(b"\x15\x03\x01\x00\x02\x02\x28"), None),
    "huge": lambda: (sending(_huge(), then_close=False), None),
    "reset": lambda: (reset, None),
    "close": lambda: (_close, None),
    "silence": lambda: (_silence, None),
    "trickle": lambda: (_trickle, None),
}


class Endpoints:
    """Opens endpoints. Call its methods only in the thread of the event loop."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def open(self, kind: str, address: str = HOST, port: int = 0) -> Endpoint:
        """Open an endpoint of a kind, one of :data:`KINDS`. Port 0 selects a free one."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of endpoint {kind!r}; valid values: {', '.join(KINDS)}")
        script, fingerprint = KINDS[kind]()
        return await self.open_script(script, address, port, fingerprint)

    async def open_script(
        self, script: Script, address: str = HOST, port: int = 0, fingerprint: str | None = None
    ) -> Endpoint:
        """Open an endpoint that runs a script for each connection."""

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._connections.add(task)
            try:
                await script(reader, writer)
            except (OSError, asyncio.CancelledError):
                pass  # the client left, or the endpoint is closed
            finally:
                self._connections.discard(task)
                writer.close()

        server = await asyncio.start_server(connected, address, port, backlog=BACKLOG)
        self._servers.append(server)
        return Endpoint(address, server.sockets[0].getsockname()[1], fingerprint)

    async def close(self) -> None:
        """Close all endpoints and connections."""
        for server in self._servers:
            server.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
