# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place that knows `requests`: guarded import, how a session is set up, what its failures mean."""

from __future__ import annotations

import os
import socket
import ssl
import traceback
import weakref
import zlib
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple

from .connection import Connection
from .errors import MissingLibraryError, RequestContext, TransportError, forget_locals

#: Bytes of an answer that are read at once. requests' own 10 KiB hand a page over in fifty pieces, and for each of them
#: a thread waits for its turn among the others: listing 10,000 certificates took half as long again.
_CHUNK = 1024 * 1024
#: Bytes of an answer, decompressed. A page of 100 certificates has about one megabyte.
LARGEST_ANSWER = 64 * 1024 * 1024
#: Digits of a length. Python refuses to read thousands of them.
_MOST_DIGITS = 19
#: For zlib: find out whether it is gzip or zlib.
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_FAULT_HINT = "That is a fault of the endpoint, or of what stands before it."
_UNTRUSTED_HINT = "Check base_url; set ca_path if the endpoint has a certificate of a private CA."

try:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.utils import get_environ_proxies
    from urllib3._version import __version__ as urllib3_version
    from urllib3.exceptions import HTTPError, InvalidHeader
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None
    # What an exception, or one inside it, means; how to say it; what to try; whether it may pass. The first that fits
    # counts: the later ones are more general (even requests' own exceptions are OSErrors).
    _DIAGNOSES: tuple[tuple[type[BaseException], str, str | None, bool], ...] = (
        (
            ssl.SSLCertVerificationError,
            "the TLS certificate of the endpoint is not trusted: {cause}",
            _UNTRUSTED_HINT,
            False,
        ),
        (ssl.SSLEOFError, "the TLS connection broke: {cause}", None, True),
        # What a connection that ends without a word is to a Python that ignores that, such as Debian 12's
        # (SSL_OP_IGNORE_UNEXPECTED_EOF).
        (ssl.SSLZeroReturnError, "the TLS connection broke: {cause}", None, True),
        (
            ssl.SSLError,
            "the TLS connection failed: {cause}",
            "Check base_url: its scheme, its port, and that the endpoint speaks TLS 1.2 or newer.",
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
            "the proxy did not pass the request on: {root}",
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
            "no answer within {timeout:g} s",
            "Check that the endpoint can be reached from here, or raise timeout.",
            True,
        ),
        (
            ConnectionRefusedError,
            "the connection was refused",
            "Check base_url and its port, and that no firewall stands between.",
            True,
        ),
        (
            InvalidHeader,
            "the answer is not sound HTTP: its headers contradict each other",
            _FAULT_HINT,
            False,
        ),
        (requests.exceptions.ConnectionError, "the connection broke: {root}", None, True),
        (requests.exceptions.ChunkedEncodingError, "the connection broke: {root}", None, True),
    )

    class _Adapter(HTTPAdapter):
        """Refuses what is older than TLS 1.2, however Python was built.

        urllib3 does so by itself from version 2.0 on. Before, it takes the default of Python, and in Debian's and
        Ubuntu's that is what OpenSSL allows.
        """

        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
            super().init_poolmanager(connections, maxsize, block, **more, **_tls())

        def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
            return super().proxy_manager_for(proxy, **more, **_tls())


class Response(NamedTuple):
    """What came over the wire: HTTP status, headers (case-insensitive), the whole body."""

    status: int
    headers: Any
    body: bytes


class Session:
    """A pool of connections to one endpoint.

    Safe for use by many threads: nothing in it changes after it was made (cookies are refused).
    """

    def __init__(self, connection: Connection, user_agent: str) -> None:
        if REQUESTS_IMPORT_ERROR:
            raise MissingLibraryError("requests", REQUESTS_IMPORT_ERROR)
        self._url = connection.base_url
        self._session = requests.Session()
        # With trust_env requests would send a password from ~/.netrc along, and would let REQUESTS_CA_BUNDLE
        # overrule validate_certs. What is wanted from the environment is therefore looked up here, once.
        self._session.trust_env = False
        self._session.proxies.update(get_environ_proxies(connection.base_url))
        self._session.verify = connection.validate_certs and (
            connection.ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        )
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = _Adapter(pool_connections=1, pool_maxsize=connection.concurrency, pool_block=False)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.headers["User-Agent"] = user_agent
        self._session.headers["Accept-Encoding"] = "gzip"
        if connection.channel_key:
            self._session.headers["channel-key"] = connection.channel_key

    def post(self, form: dict[str, str], timeout: float, context: RequestContext) -> Response:
        """Send one form and read the whole answer; ``timeout`` is in seconds, for connecting and for each read.

        :raises TransportError: no whole answer came, or one that is too large.
        """
        failure = None
        has_begun = False
        try:
            with self._session.post(
                self._url, data=form, timeout=timeout, allow_redirects=False, stream=True
            ) as response:
                has_begun = True
                body = _body(response, context)
        # requests' own are OSErrors; requests before 2.28 lets some of urllib3's through while it reads.
        except (OSError, ValueError, HTTPError) as error:
            failure = _transport_error(error, timeout, context, has_begun=has_begun)
            forget_locals(error)
        if failure is not None:
            # Not where it is caught: some exceptions quote what came over the wire, and the frames of their tracebacks
            # hold it, so they must not become the context of this one. Nor may this frame hold it, which it holds.
            try:
                raise failure
            finally:
                del failure
        return Response(response.status_code, response.headers, body)

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()


def _body(response: requests.Response, context: RequestContext) -> bytes:
    """Read the body of an answer, and decompress it while it comes: no more of it than :data:`LARGEST_ANSWER`.

    The libraries would decompress whatever comes, however often it is compressed: 5 kB can become 10 GB.

    :raises TransportError: it is larger, cut off, or not compressed as it says.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        problem = "the answer is compressed in a way that was not asked for, or more than once"
        raise TransportError(problem, context, "Only gzip is.", retryable=False)
    decoder = None
    if encoding not in ("", "identity"):
        decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        # This is where urllib3 looks for it when it is asked for the first part.
        response.raw.headers.pop("Content-Encoding", None)
    _refuse_negative_sizes(response.raw)
    body = bytearray()
    received = 0
    for part in response.iter_content(_CHUNK):
        received += len(part)
        try:
            if decoder is None:
                body += part
            elif not decoder.eof:  # it would keep whatever else comes
                body += decoder.decompress(part, LARGEST_ANSWER + 1 - len(body))
        except zlib.error:
            break
        if max(len(body), received) > LARGEST_ANSWER:
            raise TransportError(
                f"the answer has more than {LARGEST_ANSWER >> 20} MiB",
                context,
                "This bound keeps an endpoint from filling the memory. Check base_url; if it is right, ask for fewer"
                " certificates at once with a smaller page_size.",
                retryable=False,
            )
    else:
        _check_whole(response, decoder, context)
        return bytes(body)
    # Not where it is caught, so that what came over the wire is not a part of its context.
    problem = f"the answer says that it is compressed ({encoding}), and is not"
    raise TransportError(problem, context, _FAULT_HINT, retryable=False)


def _refuse_negative_sizes(raw: Any) -> None:
    """Have a chunk that says it has -1 bytes refused. The libraries would read to the end of the connection for it."""
    source: Any = getattr(raw, "_fp", None)
    read = getattr(type(source), "_safe_read", None)
    if read is not None:
        own = weakref.ref(source)  # no cycle, which would live until the next collection of garbage
        source._safe_read = lambda size: read(own(), _no_less_than_none(size))


def _no_less_than_none(size: int) -> int:
    if size < 0:
        raise ValueError("a chunk of less than no bytes")
    return size


def _check_whole(response: requests.Response, decoder: Any, context: RequestContext) -> None:
    """Refuse what was cut off.

    :raises TransportError: it was.
    """
    expected = response.headers.get("Content-Length", "")
    length = int(expected) if expected.isascii() and expected.isdigit() and len(expected) < _MOST_DIGITS else 0
    # urllib3 before 2.0 hands out a body that was cut off without a word.
    if response.raw.tell() < length:
        problem = f"the answer was cut off after {response.raw.tell()} of {length} bytes"
        raise TransportError(problem, context, retryable=True)
    # An empty body is none, whatever its headers say.
    if decoder is not None and not decoder.eof and response.raw.tell():
        raise TransportError("the answer was cut off: its compressed content has no end", context, retryable=True)


def _tls() -> dict[str, Any]:
    """What an old urllib3 has to be told about TLS; certificates are still for requests to see about."""
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
            words = {"cause": _text(found), "root": _root(causes), "last": _text(causes[-1])}
            text = problem.format(**words, timeout=round(timeout, 2))
            name_server_failed = isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN
            retryable = may_pass or name_server_failed
            return TransportError(text, context, hint, retryable=retryable, is_silence=not has_begun)
    if has_begun:
        # Nothing of it is quoted: it may speak of what came over the wire.
        problem = "the answer cannot be read: it is not sound HTTP"
        return TransportError(problem, context, _FAULT_HINT, retryable=False)
    # The address of a proxy may have a password in it.
    problem = f"the request could not be sent: {' '.join(map(_without_password, _text(error).split(' ')))}"
    hint = "Check base_url, ca_path, channel_key, and the addresses of proxies in the environment."
    return TransportError(problem, context, hint, retryable=False)


def _without_password(word: str) -> str:
    before, slashes, address = word.partition("//")
    return before + slashes + address.rpartition("@")[2]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and those inside it, outermost first: requests and urllib3 nest them in four ways."""
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
    """Words for what broke a connection, from the innermost failure that the operating system or Python reports.

    Others are not repeated: they quote what the other side sent, which may be a part of a private key.
    """
    own = [item for item in causes if isinstance(item, OSError) and not isinstance(item, requests.RequestException)]
    return _text(own[-1]) if own else "the answer ends too early, or is not HTTP"


def _text(error: BaseException) -> str:
    """The operating system's words for an error, without the object addresses that urllib3 puts before them."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).strip() or type(error).__name__
