# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only module that imports ``requests``: guarded import, session setup, and translation of its exceptions."""

from __future__ import annotations

import os
import socket
import ssl
import traceback
import weakref
import zlib
from collections.abc import Callable, Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple

from .connection import Connection
from .errors import MissingLibraryError, RequestContext, TransportError, forget_locals

#: Bytes to read at once. With the default of requests (10 KiB), a page arrives in fifty pieces, and a thread waits for
#: its turn before each of them: listing 10,000 records took 50 % longer.
_CHUNK = 1024 * 1024
#: Maximum size of a response after decompression. A page of 100 certificates has about one megabyte.
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
#: Maximum number of digits of a length. Python refuses to convert thousands of them.
_MAX_DIGITS = 19
#: Makes zlib detect whether data is gzip or zlib.
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_FAULT_HINT = "This is a fault of the endpoint, or of a gateway in front of it."
_BROKEN_HINT = "If this persists, check base_url, and the network between here and the endpoint."
_UNTRUSTED_HINT = "Check base_url; set ca_path if a private CA issued the certificate of the endpoint."

try:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.utils import get_environ_proxies
    from urllib3._version import __version__ as urllib3_version
    from urllib3.exceptions import HTTPError, InvalidHeader, NewConnectionError
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None
    # Exception class, problem, hint, and whether a retry may succeed. The first class that matches the exception or one
    # nested in it counts; later ones are more general (even the exceptions of requests are OSErrors).
    _DIAGNOSES: tuple[tuple[type[BaseException], str, str | None, bool], ...] = (
        (
            ssl.SSLCertVerificationError,
            "the TLS certificate of the endpoint is not trusted: {cause}",
            _UNTRUSTED_HINT,
            False,
        ),
        (ssl.SSLEOFError, "the TLS connection broke: {cause}", _BROKEN_HINT, True),
        # An unexpected end of the connection in a Python that ignores those, such as Debian 12's
        # (SSL_OP_IGNORE_UNEXPECTED_EOF).
        (ssl.SSLZeroReturnError, "the TLS connection broke: {cause}", _BROKEN_HINT, True),
        (
            ssl.SSLError,
            "the TLS connection failed: {cause}",
            "Check base_url: its scheme, its port, and that the endpoint supports TLS 1.2 or newer.",
            False,
        ),
        (
            # urllib3 before 2.0 compares the host name itself.
            requests.exceptions.SSLError,
            "the TLS certificate of the endpoint is not trusted: {last}",
            _UNTRUSTED_HINT,
            False,
        ),
        (
            requests.exceptions.ProxyError,
            "the proxy did not forward the request: {root}",
            "Check the environment variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY.",
            True,
        ),
        (
            socket.gaierror,
            "the host name cannot be resolved: {cause}",
            "Check base_url and the name servers of this machine.",
            False,
        ),
        (
            requests.exceptions.Timeout,
            "no response within {timeout:g} s",
            "Check that the endpoint can be reached from here, or raise timeout.",
            True,
        ),
        (
            ConnectionRefusedError,
            "the connection was refused",
            "Check base_url and its port, and that no firewall blocks it.",
            True,
        ),
        (
            NewConnectionError,
            "no connection could be made: {root}",
            "Check base_url, and the network of this machine.",
            True,
        ),
        (
            InvalidHeader,
            "the response is malformed HTTP: its headers contradict each other",
            _FAULT_HINT,
            False,
        ),
        (requests.exceptions.ConnectionError, "the connection broke: {root}", _BROKEN_HINT, True),
        (requests.exceptions.ChunkedEncodingError, "the connection broke: {root}", _BROKEN_HINT, True),
    )

    class _Adapter(HTTPAdapter):
        """Refuse TLS older than 1.2, however Python was built.

        urllib3 does so itself since version 2.0. Older versions use the default of Python, which in Debian and Ubuntu
        is what OpenSSL allows.
        """

        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
            super().init_poolmanager(connections, maxsize, block, **more, **_tls_options())

        def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
            return super().proxy_manager_for(proxy, **more, **_tls_options())


class Response(NamedTuple):
    """An HTTP response: status, headers (case-insensitive) and the complete body."""

    status: int
    headers: Any
    body: bytes


class Session:
    """A pool of connections to one endpoint.

    Threads may share it, because nothing in it changes after it was created (cookies are refused).
    """

    def __init__(self, connection: Connection, user_agent: str) -> None:
        if REQUESTS_IMPORT_ERROR:
            raise MissingLibraryError("requests", REQUESTS_IMPORT_ERROR)
        self._url = connection.base_url
        self._session = _new_session(connection.base_url, user_agent)
        self._session.verify = connection.validate_certs and (
            connection.ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        )
        adapter = _Adapter(pool_connections=1, pool_maxsize=connection.concurrency, pool_block=False)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        if connection.channel_key:
            self._session.headers["channel-key"] = connection.channel_key

    def post(self, form: dict[str, str], timeout: float, context: RequestContext) -> Response:
        """Send a form and read the complete response.

        Args:
            form: The parameters of the request.
            timeout: Seconds for connecting and for each read.
            context: The request, for errors.

        Raises:
            TransportError: There is no complete response, or it is too large.
        """
        return _received(
            lambda: self._session.post(self._url, data=form, timeout=timeout, allow_redirects=False, stream=True),
            timeout,
            context,
        )

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()


def download(url: str, timeout: float, context: RequestContext, user_agent: str) -> Response:
    """Request a URL, without credentials, and read the complete response. Redirects are not followed.

    Args:
        url: The URL.
        timeout: Seconds for connecting and for each read.
        context: The request, for errors.
        user_agent: The User-Agent header.

    Raises:
        TransportError: There is no complete response, or it is too large.
        MissingLibraryError: ``requests`` is not installed.
    """
    if REQUESTS_IMPORT_ERROR:
        raise MissingLibraryError("requests", REQUESTS_IMPORT_ERROR)
    with _new_session(url, user_agent) as session:
        return _received(
            lambda: session.get(url, timeout=timeout, allow_redirects=False, stream=True), timeout, context
        )


def _new_session(url: str, user_agent: str) -> requests.Session:
    """Create a session for one server that only uses what is set here."""
    session = requests.Session()
    # With trust_env, requests would send a password from ~/.netrc, and REQUESTS_CA_BUNDLE would override
    # validate_certs. So the environment variables that do count are read here, once.
    session.trust_env = False
    session.proxies.update(get_environ_proxies(url))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "gzip"})
    return session


def _received(send: Callable[[], requests.Response], timeout: float, context: RequestContext) -> Response:
    # Errors are raised here and not where they are caught: exceptions of the libraries quote what was received, and
    # the frames of their tracebacks contain it, so they must not become the context of this error.
    outcome = _exchange(send, timeout, context)
    if isinstance(outcome, Response):
        return outcome
    try:
        raise outcome
    finally:
        del outcome  # the error refers to this frame


def _exchange(
    send: Callable[[], requests.Response], timeout: float, context: RequestContext
) -> Response | TransportError:
    """Return a response or an error. No frame that the error refers to contains what was received."""
    has_begun = False
    try:
        with send() as response:
            has_begun = True
            body = _read_body(response, context)
            return Response(response.status_code, response.headers, body)
    except TransportError as error:
        forget_locals(error)
        return error.with_traceback(None)
    # The exceptions of requests are OSErrors. Versions before 2.28 do not convert all exceptions of urllib3.
    except (OSError, ValueError, HTTPError) as error:
        failure = _transport_error(error, timeout, context, has_begun=has_begun)
        forget_locals(error)
        return failure


def _read_body(response: requests.Response, context: RequestContext) -> bytes:
    """Read the body of a response and decompress it as it arrives, up to :data:`MAX_RESPONSE_BYTES`.

    The libraries would decompress everything, however often it is compressed: 5 kB can become 10 GB.

    Raises:
        TransportError: The body is too large, cut off, or not compressed as declared.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        problem = "the response has a compression that was not requested, or more than one"
        raise TransportError(problem, context, "Only gzip is supported.", retryable=False)
    decoder = None
    if encoding not in ("", "identity"):
        decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        # Otherwise urllib3 would decompress the body itself.
        response.raw.headers.pop("Content-Encoding", None)
    _refuse_negative_sizes(response.raw)
    body = bytearray()
    received = 0
    for part in response.iter_content(_CHUNK):
        received += len(part)
        try:
            if decoder is None:
                body += part
            elif not decoder.eof:  # it would keep all data after the end
                body += decoder.decompress(part, MAX_RESPONSE_BYTES + 1 - len(body))
        except zlib.error:
            break
        if max(len(body), received) > MAX_RESPONSE_BYTES:
            raise TransportError(
                f"the response has more than {MAX_RESPONSE_BYTES >> 20} MiB",
                context,
                "This limit keeps an endpoint from filling the memory. Check base_url; if it is right, request fewer"
                " records at once with a smaller page_size.",
                retryable=False,
            )
    else:
        _check_complete(response, decoder, context)
        return bytes(body)
    # Not raised where it is caught, so that what was received does not become part of its context.
    problem = f"the response declares {encoding} compression, but is not compressed that way"
    raise TransportError(problem, context, _FAULT_HINT, retryable=False)


def _refuse_negative_sizes(raw: Any) -> None:
    """Refuse a chunk of negative size. The libraries would read to the end of the connection for it."""
    source: Any = getattr(raw, "_fp", None)
    read = getattr(type(source), "_safe_read", None)
    if read is not None:
        own = weakref.ref(source)  # a cycle of references would live until the next garbage collection
        source._safe_read = lambda size: read(own(), _not_negative(size))


def _not_negative(size: int) -> int:
    if size < 0:
        raise ValueError("a chunk of negative size")
    return size


def _check_complete(response: requests.Response, decoder: Any, context: RequestContext) -> None:
    """Check that a body is complete.

    Raises:
        TransportError: It was cut off.
    """
    expected = response.headers.get("Content-Length", "")
    length = int(expected) if expected.isascii() and expected.isdigit() and len(expected) < _MAX_DIGITS else 0
    # urllib3 before 2.0 returns a body that was cut off without an error.
    if response.raw.tell() < length:
        problem = f"the response was cut off after {response.raw.tell()} of {length} bytes"
        raise TransportError(problem, context, retryable=True)
    # An empty body is not compressed, whatever its headers say.
    if decoder is not None and not decoder.eof and response.raw.tell():
        problem = "the response was cut off: its compressed content is incomplete"
        raise TransportError(problem, context, retryable=True)


def _tls_options() -> dict[str, Any]:
    """Return TLS options for an old urllib3; requests still decides about the verification of certificates."""
    if not urllib3_version.startswith("1."):
        return {}
    context = create_urllib3_context()
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    return {"ssl_context": context}


def _transport_error(error: Exception, timeout: float, context: RequestContext, *, has_begun: bool) -> TransportError:
    causes = list(_causes(error))
    for kind, problem, hint, may_pass in _DIAGNOSES:
        found = next((cause for cause in causes if isinstance(cause, kind)), None)
        if found is not None:
            details = {"cause": _text(found), "root": _root(causes), "last": _text(causes[-1])}
            text = problem.format(**details, timeout=round(timeout, 2))
            name_server_failed = isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN
            retryable = may_pass or name_server_failed
            return TransportError(text, context, hint, retryable=retryable, is_silence=not has_begun)
    if has_begun:
        # The exception is not quoted, because it may quote what was received.
        return TransportError("the response is malformed HTTP", context, _FAULT_HINT, retryable=False)
    # The address of a proxy may contain a password.
    problem = f"the request could not be sent: {' '.join(map(_without_password, _text(error).split(' ')))}"
    hint = "Check base_url, ca_path, channel_key, and the proxy addresses in the environment."
    return TransportError(problem, context, hint, retryable=False)


def _without_password(word: str) -> str:
    before, slashes, address = word.partition("//")
    return before + slashes + address.rpartition("@")[2]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those nested in it, outermost first: requests and urllib3 nest them in four ways."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        item = waiting.pop(0)
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        inner = (getattr(item, "reason", None), *item.args, item.__cause__, item.__context__)
        waiting += [other for other in inner if isinstance(other, BaseException)]


def _root(causes: list[BaseException]) -> str:
    """Describe what broke a connection, by the innermost error of the operating system or Python.

    Other errors are not quoted: they quote what the other side sent, which may be part of a private key.
    """
    own = [item for item in causes if isinstance(item, OSError) and not isinstance(item, requests.RequestException)]
    return _text(own[-1]) if own else "the response ended early, or is not HTTP"


def _text(error: BaseException) -> str:
    """Return the operating system's message of an error, without the object addresses that urllib3 puts before it."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).strip() or type(error).__name__
