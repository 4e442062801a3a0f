# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests and responses on the network, and the errors for network failures."""

from __future__ import annotations

import errno
import gc
import gzip
import importlib.util
import io
import os
import re
import socket
import ssl
import sys
import threading
import tracemalloc
import warnings
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import pytest
import requests
import urllib3
from requests.adapters import BaseAdapter

from ansible_collections.ucloud.ulb.plugins.module_utils._api import session as session_module
from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    MissingLibraryError,
    RequestContext,
    TransportError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.session import Response, Session
from ansible_collections.ucloud.ulb.tests.simulator import Fault, RequestRecord, Simulator, tls

from .times import FakeTime
from .wire import http, serving, tunnelling

MakeClient = Callable[..., Client]
MakeSession = Callable[[str], Session]

NOT_TRUSTED = "the TLS certificate of the endpoint is not trusted: "
UNTRUSTED_HINT = "Check base_url; set ca_path if a private CA issued the certificate of the endpoint."
TLS_HINT = "Check base_url: its scheme, its port, and that the endpoint supports TLS 1.2 or newer."
PROXY_HINT = "Check the environment variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY."
BROKEN_HINT = "If this persists, check base_url, and the network between here and the endpoint."
unverified = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


@pytest.fixture
def session_of() -> Iterator[MakeSession]:
    """Open a session for a URL, and close it at the end."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(closing(Session(Connection("a", "b", base_url=url), "tests/1.0")))


@pytest.fixture
def sockets_swept() -> Iterator[None]:
    """Close sockets that are left after the test and the end of its simulator.

    A failed handshake or tunnel leaves open sockets on both sides (urllib3 before 2.0; asyncio of Python 3.10). Python
    would warn about them during another test.
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def regions(client: Client) -> list[str]:
    answer = client.call(client.context("GetRegion"))
    return [row["Region"] for row in answer["Regions"]]


def failure(client: Client) -> TransportError:
    with pytest.raises(TransportError) as caught:
        client.call(client.context("GetRegion"))
    return caught.value


def only_request(sim: Simulator) -> RequestRecord:
    (request,) = sim.requests
    return request


class TestRequest:
    def test_it_is_a_form_with_a_user_agent(self, client: Client, sim: Simulator) -> None:
        assert regions(client) == ["cn-bj2", "hk"]
        request = only_request(sim)
        assert (request.method, request.scheme) == ("POST", "http")
        assert request.user_agent == "tests/1.0"
        assert request.action == "GetRegion"
        assert request.public_key == sim.accounts["main"].public_key

    def test_no_optional_header_without_need(self, client: Client, sim: Simulator) -> None:
        regions(client)
        names = {name.lower() for name in only_request(sim).headers}
        assert names == {
            "host",
            "user-agent",
            "accept-encoding",
            "accept",
            "connection",
            "content-length",
            "content-type",
        }

    def test_channel_key(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.settings.channel_key = "chan-1"
        assert regions(client_of(channel_key="chan-1")) == ["cn-bj2", "hk"]
        assert only_request(sim).channel_key == "chan-1"

    def test_netrc_is_not_consulted(self, client: Client, sim: Simulator, home: Path) -> None:
        netrc = home / ".netrc"
        netrc.write_text("machine 127.0.0.1 login somebody password hunter2\n")
        netrc.chmod(0o600)
        # requests itself would use it.
        requests.post(sim.http_url, data={"Action": "x"}, timeout=10)
        assert "Authorization" in sim.requests[0].headers
        regions(client)
        assert "Authorization" not in sim.requests[1].headers

    def test_cookies_are_refused(self) -> None:
        reply = http(b'{"RetCode": 0}', "Set-Cookie: a=b; Path=/", "Connection: close")
        with serving(lambda _request: reply) as wire:
            client = Client(Connection("a", "b", base_url=wire.url), "tests/1.0")
            for _unused in range(2):
                client.call(client.context("GetRegion"))
            client.close()
        assert len(wire.requests) == 2
        assert all(b"\r\ncookie:" not in request.lower() for request in wire.requests)

    def test_calls_share_one_connection(self, client: Client, sim: Simulator) -> None:
        for _unused in range(3):
            regions(client)
        assert len({request.peer_port for request in sim.requests}) == 1

    def test_closed_clients_connect_anew(self, client: Client, sim: Simulator) -> None:
        regions(client)
        client.close()
        regions(client)
        assert len({request.peer_port for request in sim.requests}) == 2

    def test_as_many_connections_are_kept_as_requests_may_be_under_way(
        self, client_of: MakeClient, sim: Simulator
    ) -> None:
        client = client_of(concurrency=3)
        for _unused in range(2):
            # Long enough for all three to be in flight together, so that each needs its connection.
            sim.settings.latency = 0.1
            threads = [threading.Thread(target=regions, args=(client,), daemon=True) for _number in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        assert sim.request_count == 6
        assert len({request.peer_port for request in sim.requests}) <= 3


class TestRedirect:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_it_is_never_followed(self, client: Client, sim: Simulator, time: FakeTime, status: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            other.setblocking(False)
            # Another name of the same host is another host as well.
            location = f"http://localhost:{other.getsockname()[1]}/"
            sim.add_fault(Fault("redirect", location=location, status=status))
            error = failure(client)
            with pytest.raises(BlockingIOError):
                other.accept()
        assert error.describe() == (
            f"GetRegion at {client.connection.endpoint}: the endpoint responded with a redirect (HTTP status"
            f" {status}), which is never followed: it would send a signed request to another server."
            " Check base_url."
        )
        assert sim.request_count == 1
        assert time.sleeps == []

    def test_not_even_to_the_same_host(self, client: Client, sim: Simulator) -> None:
        sim.add_fault(Fault("redirect", location="/"))
        assert failure(client).retryable is False
        assert sim.request_count == 1


@pytest.mark.usefixtures("sockets_swept")
class TestProxy:
    @pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
    def test_of_the_environment_is_used(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        # The simulator also accepts requests in the form for proxies.
        with serving(lambda _request: http(b'{"RetCode": 0, "Regions": []}')) as proxy:
            monkeypatch.setenv(name, proxy.url)
            client = client_of()
            assert regions(client) == []
        assert sim.request_count == 0
        (request,) = proxy.requests
        assert request.startswith(f"POST {sim.http_url}/ HTTP/1.1\r\n".encode())

    @pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
    def test_exceptions_are_honoured(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        with serving(lambda _request: http(b"{}")) as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            monkeypatch.setenv(name, "example.org,127.0.0.1")
            assert regions(client_of()) == ["cn-bj2", "hk"]
        assert proxy.requests == []
        assert sim.request_count == 1

    def test_https_goes_through_a_tunnel_and_a_refusal_is_told(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refusal = http(b"", status="407 Proxy Authentication Required")
        with serving(lambda _request: refusal) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//me:hunter2@"))
            client = client_of(base_url=sim.https_url, ca_path=sim.ca_path, max_retries=1)
            error = failure(client)
        # The text around the proxy's own message is from Python.
        assert error.problem.startswith("the proxy did not forward the request: ")
        assert error.problem.endswith("407 Proxy Authentication Required (tried 2 times)")
        assert error.hint == PROXY_HINT
        assert len(proxy.requests) == 2
        host = client.connection.endpoint
        assert all(request.startswith(f"CONNECT {host} ".encode()) for request in proxy.requests)
        assert b"Signature" not in b"".join(proxy.requests)

    def test_a_proxy_sees_nothing_of_what_goes_through_its_tunnel(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tunnelling() as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            client = client_of(base_url=sim.https_url, ca_path=sim.ca_path)
            assert regions(client) == ["cn-bj2", "hk"]
            client.close()
        assert proxy.requests[0].startswith(f"CONNECT {client.connection.endpoint} ".encode())
        assert len(proxy.requests) > 2
        seen = b"".join(proxy.requests)
        for secret in ("Signature", "PublicKey", client.connection.public_key):
            assert secret.encode() not in seen

    def test_the_endpoint_is_verified_through_a_tunnel(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tunnelling() as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            error = failure(client_of(base_url=sim.tls_site("unknown_ca"), ca_path=sim.ca_path))
        assert error.problem.startswith(NOT_TRUSTED)
        assert sim.request_count == 0

    def test_a_proxy_that_is_not_there(self, client_of: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
        with serving(lambda _request: b"") as gone:
            pass
        monkeypatch.setenv("HTTP_PROXY", gone.url)
        error = failure(client_of(max_retries=0))
        assert error.problem == f"the proxy did not forward the request: {os.strerror(errno.ECONNREFUSED)}"
        assert (error.hint, error.retryable) == (PROXY_HINT, True)

    def test_an_address_that_is_none_keeps_its_password(
        self, client_of: MakeClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://me:hunter2@:x")
        error = failure(client_of())
        assert error.problem.startswith("the request could not be sent: ")
        assert "hunter2" not in str(error)
        assert error.retryable is False


@pytest.mark.usefixtures("sockets_swept")
class TestTls:
    def test_ca_path(self, client_of: MakeClient, sim: Simulator) -> None:
        client = client_of(base_url=sim.https_url, ca_path=sim.ca_path)
        assert regions(client) == ["cn-bj2", "hk"]
        assert only_request(sim).scheme == "https"

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_bundles_of_the_environment(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(name, sim.ca_path)
        assert regions(client_of(base_url=sim.https_url)) == ["cn-bj2", "hk"]

    def test_ca_path_comes_before_the_environment(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
        client = client_of(base_url=sim.https_url, ca_path=sim.ca_path)
        assert regions(client) == ["cn-bj2", "hk"]

    @unverified
    def test_validate_certs_false_is_not_overruled_by_the_environment(
        self, client_of: MakeClient, sim: Simulator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
        monkeypatch.setenv("CURL_CA_BUNDLE", certifi.where())
        client = client_of(base_url=sim.https_url, validate_certs=False)
        assert regions(client) == ["cn-bj2", "hk"]

    @unverified
    @pytest.mark.parametrize("kind", ["expired", "wrong_host", "self_signed", "unknown_ca"])
    def test_validate_certs_false_takes_any_certificate(self, client_of: MakeClient, sim: Simulator, kind: str) -> None:
        client = client_of(base_url=sim.tls_site(kind), validate_certs=False)
        assert regions(client) == ["cn-bj2", "hk"]

    # The CA of unknown_ca has the name of the one in ca_path, and another key.
    @pytest.mark.parametrize(
        ("kind", "trusted"),
        [("good", False), ("unknown_ca", True), ("self_signed", True), ("expired", True), ("wrong_host", True)],
    )
    def test_certificates_that_are_refused_at_once(
        self,
        client_of: MakeClient,
        sim: Simulator,
        time: FakeTime,
        *,
        kind: str,
        trusted: bool,
    ) -> None:
        url = sim.https_url if kind == "good" else sim.tls_site(kind)
        error = failure(client_of(base_url=url, ca_path=sim.ca_path if trusted else None))
        assert error.problem.startswith(NOT_TRUSTED)
        # urllib3 before 2.0 compares names itself, with its own message.
        reason = "127.0.0.1" if kind == "wrong_host" else _why_untrusted(url, sim.ca_path if trusted else None)
        assert reason in error.problem
        assert (error.hint, error.retryable) == (UNTRUSTED_HINT, False)
        assert sim.request_count == 0
        assert time.sleeps == []

    def test_a_ca_path_without_the_ca_of_the_endpoint(
        self, client_of: MakeClient, sim: Simulator, time: FakeTime
    ) -> None:
        error = failure(client_of(base_url=sim.https_url, ca_path=certifi.where()))
        assert error.problem.startswith(NOT_TRUSTED)
        assert _why_untrusted(sim.https_url, certifi.where()) in error.problem
        assert (error.hint, error.retryable) == (UNTRUSTED_HINT, False)
        assert (sim.request_count, time.sleeps) == (0, [])

    @pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
    def test_a_server_that_speaks_older_protocols_only(
        self, client_of: MakeClient, sim: Simulator, time: FakeTime, tmp_path: Path, version: ssl.TLSVersion
    ) -> None:
        context = tls.server_context(tls.GOOD, tmp_path)
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
        old = ssl.create_default_context(cafile=sim.ca_path)
        old.minimum_version = version
        old.set_ciphers("ALL:@SECLEVEL=0")
        spoken: list[str | None] = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = threading.Thread(target=_greet, args=(listener, context, spoken), daemon=True)
            server.start()
            port = listener.getsockname()[1]
            for validate_certs in (True, False):
                client = client_of(
                    base_url=f"https://127.0.0.1:{port}", ca_path=sim.ca_path, validate_certs=validate_certs
                )
                error = failure(client)
                assert error.problem.startswith("the TLS connection failed: ")
                assert (error.hint, error.retryable) == (TLS_HINT, False)
            # Check the test itself: a client that accepts this version gets it.
            with socket.create_connection(("127.0.0.1", port)) as plain:
                old.wrap_socket(plain, server_hostname="localhost").close()
            server.join(30)
        assert spoken == [None, None, {"TLSv1": "TLSv1", "TLSv1_1": "TLSv1.1"}[version.name]]
        assert time.sleeps == []

    @pytest.mark.parametrize("validate_certs", [True, False])
    @pytest.mark.parametrize("version", [b"\x03\x01", b"\x03\x02"], ids=["1.0", "1.1"])
    def test_a_server_that_insists_on_an_older_protocol_is_refused(
        self, client_of: MakeClient, time: FakeTime, version: bytes, *, validate_certs: bool
    ) -> None:
        received: list[bytes] = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = threading.Thread(target=_insist_on, args=(listener, version, received), daemon=True)
            server.start()
            url = f"https://127.0.0.1:{listener.getsockname()[1]}"
            error = failure(client_of(base_url=url, validate_certs=validate_certs))
            server.join(30)
        assert error.problem.startswith("the TLS connection failed: ")
        assert (error.hint, error.retryable) == (TLS_HINT, False)
        # After the greeting, only a fatal alert about the version was sent (RFC 5246, 7.2).
        assert received[0][:1] == b"\x16"
        assert (received[1][:1], received[1][5:]) == (b"\x15", b"\x02\x46")
        assert time.sleeps == []

    @pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
    @pytest.mark.parametrize(
        ("allowed", "taken"),
        [
            (ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_2),
            (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2),
            (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2),
            (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3),
        ],
    )
    def test_an_old_urllib3_does_not_leave_the_oldest_protocol_to_how_python_was_built(
        self, monkeypatch: pytest.MonkeyPatch, allowed: ssl.TLSVersion, taken: ssl.TLSVersion
    ) -> None:
        context = ssl.create_default_context()
        context.minimum_version = allowed
        monkeypatch.setattr(session_module, "urllib3_version", "1.26.5")
        monkeypatch.setattr(session_module, "create_urllib3_context", lambda: context)
        session = Session(Connection("a", "b"), "tests/1.0")
        assert _tls_options(session)["ssl_context"] is context
        assert context.minimum_version is taken

    def test_a_new_urllib3_is_left_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session_module, "urllib3_version", "2.0.7")
        session = Session(Connection("a", "b"), "tests/1.0")
        assert "ssl_context" not in _tls_options(session)

    def test_https_to_a_port_without(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        error = failure(client_of(base_url=sim.http_url.replace("http:", "https:")))
        assert error.problem.startswith("the TLS connection failed: ")
        assert error.hint == TLS_HINT
        assert error.retryable is False
        assert time.sleeps == []

    def test_a_connection_that_ends_in_the_handshake_may_do_better_later(self, session_of: MakeSession) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        hang_up = threading.Thread(target=_accept_and_close, args=(listener,), daemon=True)
        hang_up.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        session = session_of(url)
        with pytest.raises(TransportError) as caught:
            session.post({}, 10, RequestContext("GetRegion", "host"))
        hang_up.join(30)
        listener.close()
        assert caught.value.problem.startswith("the TLS connection broke: ")
        assert (caught.value.hint, caught.value.retryable) == (BROKEN_HINT, True)

    @pytest.mark.parametrize("kind", [ssl.SSLEOFError, ssl.SSLZeroReturnError])
    def test_a_connection_that_ends_has_two_names(
        self, session_of: MakeSession, monkeypatch: pytest.MonkeyPatch, kind: type[ssl.SSLError]
    ) -> None:
        """Which exception Python raises depends on how it was built."""

        def broken(*_arguments: Any, **_more: Any) -> Any:
            raise requests.exceptions.SSLError(urllib3.exceptions.SSLError(kind(8, "the end")))

        session = session_of("https://host")
        monkeypatch.setattr(session._session, "post", broken)
        with pytest.raises(TransportError) as caught:
            session.post({}, 10, RequestContext("GetRegion", "host"))
        assert caught.value.describe() == f"GetRegion at host: the TLS connection broke: the end. {BROKEN_HINT}"
        assert caught.value.retryable is True

    @pytest.mark.parametrize("content", [None, "this is no certificate"])
    def test_a_ca_bundle_of_the_environment_that_is_none(
        self,
        client_of: MakeClient,
        sim: Simulator,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        *,
        content: str | None,
    ) -> None:
        bundle = tmp_path / "ca.pem"
        if content is not None:
            bundle.write_text(content)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        error = failure(client_of(base_url=sim.https_url))
        assert error.retryable is False
        if content is None:
            assert error.problem.startswith("the request could not be sent: ")
            assert str(bundle) in error.problem
            assert error.hint == ("Check base_url, ca_path, channel_key, and the proxy addresses in the environment.")
        else:
            assert error.problem.startswith("the TLS connection failed: ")


def _tls_options(session: Session) -> Any:
    """Return the TLS options for connections of a session."""
    adapter: Any = session._session.get_adapter("https://host")
    return adapter.poolmanager.connection_pool_kw


def _why_untrusted(url: str, ca_path: str | None) -> str:
    """Return this OpenSSL's description of what is wrong with a server certificate."""
    address = urlsplit(url)
    context = ssl.create_default_context(cafile=ca_path)
    with (
        socket.create_connection((address.hostname or "", address.port or 0), 30) as plain,
        pytest.raises(ssl.SSLCertVerificationError) as caught,
    ):
        context.wrap_socket(plain, server_hostname=address.hostname)
    return str(caught.value.verify_message)


def _accept_and_close(listener: socket.socket) -> None:
    connection, _unused = listener.accept()
    connection.recv(65536)
    connection.close()


def _greet(listener: socket.socket, context: ssl.SSLContext, spoken: list[str | None]) -> None:
    """Make three handshakes, and record their TLS versions; ``None`` for one that fails."""
    for _unused in range(3):
        connection, _address = listener.accept()
        with connection:
            try:
                with context.wrap_socket(connection, server_side=True) as encrypted:
                    spoken.append(encrypted.version())
            except ssl.SSLError:
                spoken.append(None)


def _insist_on(listener: socket.socket, version: bytes, received: list[bytes]) -> None:
    """Respond to a ClientHello with a ServerHello of an older version, whatever was offered (RFC 2246, 7.4.1.3)."""
    connection, _unused = listener.accept()
    with connection:
        received.append(connection.recv(65536))
        hello = version + bytes(32) + b"\x00" + b"\x00\x2f" + b"\x00"  # no session, AES128-SHA, no compression
        message = b"\x02" + len(hello).to_bytes(3, "big") + hello
        connection.sendall(b"\x16" + version + len(message).to_bytes(2, "big") + message)
        received.append(b"".join(iter(lambda: connection.recv(65536), b"")))


class TestFailures:
    def test_refused(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        client = client_of(max_retries=2)
        sim.refuse(600)
        error = failure(client)
        assert error.describe() == (
            f"GetRegion at {client.connection.endpoint}: the connection was refused (tried 3 times)."
            " Check base_url and its port, and that no firewall blocks it."
        )
        assert time.sleeps == [0.5, 1.0]

    def test_no_route(self, session_of: MakeSession) -> None:
        # Linux refuses to connect to a broadcast address as it does without a network.
        with pytest.raises(TransportError) as caught:
            session_of("http://255.255.255.255").post({"Action": "GetRegion"}, 5, RequestContext("GetRegion", "host"))
        assert caught.value.describe() == (
            f"GetRegion at host: no connection could be made: {os.strerror(errno.ENETUNREACH)}."
            " Check base_url, and the network of this machine."
        )
        assert caught.value.retryable is True

    def test_reset(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.add_fault(Fault("reset", times=None))
        error = failure(client_of(max_retries=0))
        assert (error.problem, error.hint) == (f"the connection broke: {os.strerror(errno.ECONNRESET)}", BROKEN_HINT)

    def test_no_answer_in_time(self, sim: Simulator, session_of: MakeSession) -> None:
        sim.settings.latency = 30
        session = session_of(sim.http_url)
        with pytest.raises(TransportError) as caught:
            session.post({"Action": "GetRegion"}, 0.0512, RequestContext("GetRegion", "host"))
        assert caught.value.describe() == (
            "GetRegion at host: no response within 0.05 s."
            " Check that the endpoint can be reached from here, or raise timeout."
        )
        assert caught.value.retryable is True
        sim.settings.latency = 0

    def test_an_answer_that_comes_to_a_halt(self, sim: Simulator, session_of: MakeSession) -> None:
        sim.add_fault(Fault("slow_drip", interval=30))
        session = session_of(sim.http_url)
        with pytest.raises(TransportError) as caught:
            session.post({"Action": "GetRegion"}, 0.2, RequestContext("GetRegion", "host"))
        assert caught.value.problem.startswith("the connection broke: ")
        assert caught.value.retryable is True

    def test_cut_off(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.add_fault(Fault("truncated", times=None))
        error = failure(client_of(max_retries=0))
        # urllib3 detects it itself since version 2.0.
        assert re.fullmatch(
            "the response was cut off after [0-9]+ of [0-9]+ bytes"
            "|the connection broke: the response ended early, or is not HTTP",
            error.problem,
        )
        assert error.retryable is True

    def test_cut_off_where_urllib3_does_not_see_it(self, session_of: MakeSession) -> None:
        class Adapter(BaseAdapter):
            def send(self, *_arguments: Any, **_more: Any) -> requests.Response:
                response = requests.Response()
                response.status_code = 200
                response.headers["Content-Length"] = "10"
                response.raw = io.BytesIO(b"{}")
                assert response.content == b"{}"
                return response

            def close(self) -> None:
                """Do nothing."""

        session = session_of("http://host")
        session._session.mount("http://", Adapter())
        with pytest.raises(TransportError) as caught:
            session.post({}, 10, RequestContext("GetRegion", "host"))
        assert caught.value.describe() == "GetRegion at host: the response was cut off after 2 of 10 bytes."
        assert caught.value.retryable is True

    def test_what_urllib3_raises_while_an_answer_is_read(
        self, sim: Simulator, session_of: MakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Versions of requests before 2.28 do not convert this exception."""

        def broken(_self: object, _size: int) -> Iterator[bytes]:
            raise urllib3.exceptions.SSLError(ssl.SSLEOFError("EOF occurred in violation of protocol"))

        monkeypatch.setattr(requests.Response, "iter_content", broken)
        with pytest.raises(TransportError, match="the TLS connection broke") as caught:
            session_of(sim.http_url).post({}, 10, RequestContext("GetRegion", "host"))
        assert caught.value.retryable

    def test_a_failure_keeps_no_answer_alive(
        self, sim: Simulator, session_of: MakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not even until the next garbage collection, because the request may be retried many times before that."""
        responses = []
        iter_content = requests.Response.iter_content

        def watched(response: requests.Response, size: int) -> Iterator[bytes]:
            responses.append(weakref.ref(response))
            return iter_content(response, size)

        monkeypatch.setattr(requests.Response, "iter_content", watched)
        sim.add_fault(Fault("truncated", times=None))
        session = session_of(sim.http_url)
        gc.collect()
        gc.disable()
        try:
            with pytest.raises(TransportError):
                session.post({}, 10, RequestContext("GetRegion", "host"))
            # The error that pytest keeps has its own frames.
            assert [response() for response in responses] == [None]
        finally:
            gc.enable()

    def test_closed_without_an_answer(self, session_of: MakeSession) -> None:
        with serving(lambda _request: b"") as wire:
            session = session_of(wire.url)
            with pytest.raises(TransportError) as caught:
                session.post({}, 10, RequestContext("GetRegion", "host"))
        assert caught.value.problem.startswith("the connection broke: ")
        assert caught.value.retryable is True

    @pytest.mark.parametrize(("number", "retryable"), [(socket.EAI_AGAIN, True), (socket.EAI_NONAME, False)])
    def test_name_that_cannot_be_resolved(
        self, session_of: MakeSession, monkeypatch: pytest.MonkeyPatch, number: int, *, retryable: bool
    ) -> None:
        def getaddrinfo(*_arguments: Any, **_more: Any) -> Any:
            raise socket.gaierror(number, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        session = session_of("http://api.example.invalid")
        with pytest.raises(TransportError) as caught:
            session.post({}, 10, RequestContext("GetRegion", "api.example.invalid"))
        assert caught.value.describe() == (
            "GetRegion at api.example.invalid: the host name cannot be resolved: Name or service not known."
            " Check base_url and the name servers of this machine."
        )
        assert caught.value.retryable is retryable

    def test_a_header_that_cannot_be_sent(self, client_of: MakeClient, sim: Simulator) -> None:
        error = failure(client_of(channel_key="two\nlines"))
        assert error.problem.startswith("the request could not be sent: ")
        assert error.retryable is False
        assert sim.request_count == 0

    def test_words_for_an_error_that_has_none(self) -> None:
        assert session_module._text(ConnectionError()) == "ConnectionError"


OK = b'{"RetCode": 0}'
FAULT = "This is a fault of the endpoint, or of a gateway in front of it."


def raw(*headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode("latin-1") + body


def bomb(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _number in range(mebibytes)) + packer.flush()


class TestBodies:
    """Response bodies that are compressed, too large, or malformed HTTP."""

    def posted(self, session_of: MakeSession, answer: bytes) -> Response:
        with serving(lambda _request: answer) as wire:
            return session_of(wire.url).post({}, 10, RequestContext("GetRegion", "host"))

    @pytest.mark.parametrize(
        "answer",
        [
            http(gzip.compress(OK, mtime=0), "Content-Encoding: gzip"),
            http(gzip.compress(OK, mtime=0), "Content-Encoding: X-GZip"),
            http(zlib.compress(OK), "Content-Encoding: deflate"),
            http(OK, "Content-Encoding: identity"),
            raw("Content-Length: ²", body=OK),
            raw(f"Content-Length: {'9' * 5000}", body=OK),
            raw("Content-Length: -5", body=OK),
        ],
    )
    def test_that_are_sound_enough(self, session_of: MakeSession, answer: bytes) -> None:
        assert self.posted(session_of, answer).body == OK

    @pytest.mark.parametrize(
        ("answer", "problem", "hint", "retryable"),
        [
            (
                http(OK, "Content-Encoding: gzip"),
                "the response declares gzip compression, but is not compressed that way",
                FAULT,
                False,
            ),
            (
                http(gzip.compress(gzip.compress(OK, mtime=0), mtime=0), "Content-Encoding: gzip, gzip"),
                "the response has a compression that was not requested, or more than one",
                "Only gzip is supported.",
                False,
            ),
            (
                http(OK, "Content-Encoding: br"),
                "the response has a compression that was not requested, or more than one",
                "Only gzip is supported.",
                False,
            ),
            (
                http(gzip.compress(OK, mtime=0)[:-9], "Content-Encoding: gzip"),
                "the response was cut off: its compressed content is incomplete",
                None,
                True,
            ),
            *(
                (
                    raw("Transfer-Encoding: chunked", body=size + b"\r\n" + OK),
                    "the response is malformed HTTP",
                    FAULT,
                    False,
                )
                for size in (b"-5", b"-1")
            ),
            (
                raw("Content-Length: 5", "Content-Length: 14", body=OK),
                "the response is malformed HTTP: its headers contradict each other",
                FAULT,
                False,
            ),
        ],
    )
    def test_that_are_no_answer(
        self, session_of: MakeSession, *, answer: bytes, problem: str, hint: str | None, retryable: bool
    ) -> None:
        with pytest.raises(TransportError) as caught:
            self.posted(session_of, answer)
        error = caught.value
        assert (error.problem, error.hint, error.retryable) == (problem, hint, retryable)
        assert (error.__cause__, error.__context__) == (None, None)

    @pytest.mark.parametrize("size", [b"-5", b"-1", b"0x5", b"5;x=\x00", b"\xb2", b"9" * 5000, b""])
    def test_chunks_of_no_size_do_not_blame_proxies(self, session_of: MakeSession, size: bytes) -> None:
        answer = raw("Transfer-Encoding: chunked", body=size + b"\r\n" + OK[:5] + b"\r\n0\r\n\r\n")
        outcome = ""
        try:
            assert self.posted(session_of, answer).body in (b"", OK[:5])
        except TransportError as error:
            outcome = str(error)
        # Libraries differ in what they accept.
        assert "prox" not in outcome

    @pytest.mark.parametrize("compressed", [True, False])
    def test_only_so_much_is_read(
        self, session_of: MakeSession, monkeypatch: pytest.MonkeyPatch, *, compressed: bool
    ) -> None:
        monkeypatch.setattr(session_module, "MAX_RESPONSE_BYTES", 3 << 20)
        whole = http(bomb(3), "Content-Encoding: gzip") if compressed else http(bytes(3 << 20))
        assert len(self.posted(session_of, whole).body) == 3 << 20
        larger = http(bomb(100), "Content-Encoding: gzip") if compressed else http(bytes((3 << 20) + 1))
        if compressed:
            # Data after the end of the compressed data counts as well.
            with pytest.raises(TransportError, match="the response has more than 3 MiB"):
                self.posted(session_of, http(bomb(1) + bytes(3 << 20), "Content-Encoding: gzip"))
        with pytest.raises(TransportError, match="the response has more than 3 MiB") as caught:
            self.posted(session_of, larger)
        assert caught.value.hint is not None
        assert "a smaller page_size" in caught.value.hint
        assert caught.value.retryable is False

    def test_memory_that_a_small_answer_may_take(
        self, session_of: MakeSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert session_module.MAX_RESPONSE_BYTES == 64 << 20
        monkeypatch.setattr(session_module, "MAX_RESPONSE_BYTES", 8 << 20)
        answer = http(bomb(100), "Content-Encoding: gzip")
        tracemalloc.start()
        try:
            with pytest.raises(TransportError, match="the response has more than 8 MiB"):
                self.posted(session_of, answer)
            _current, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 4 * (8 << 20)


def test_without_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    assert session_module.__file__ is not None
    name = f"{session_module.__package__}.session_without_requests"
    spec = importlib.util.spec_from_file_location(name, session_module.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(MissingLibraryError) as caught:
        module.Session(Connection("a", "b"), "x")
    assert caught.value.library == "requests"
    assert caught.value.reason.startswith("Traceback (most recent call last):")
    assert "requests" in caught.value.reason.splitlines()[-1]
