# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CRLs of what endpoints serve: which are requested, and what follows if one cannot be had."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto, trust
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints import revocation
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.probing import probe_all
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import (
    Endpoint,
    ProbeQuery,
    probe_query,
    probe_spec,
)
from ansible_collections.ucloud.ulb.tests.simulator import Simulator
from ansible_collections.ucloud.ulb.tests.simulator.endpoints import Identity, server_context, tls_script
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts, certs, chains, crls
from ansible_collections.ucloud.ulb.tests.unit.factories.certs import NOW
from ansible_collections.ucloud.ulb.tests.unit.factories.crls import crl, entry

ROOT = chains.ca("Example Root")
CA = chains.ca("Example CA", ROOT)
RECEIVED = "its CRL was not received: "
Reply = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """An HTTP server on loopback. Tests add replies by path, and read which paths were requested."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.requested: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requested.append(self.path)
                outer.headers.append(dict(self.headers))
                outer.replies[self.path](self)

            def log_message(self, *_arguments: Any) -> None:
                """Do not write to the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path: str, reply: Reply) -> str:
        """Serve a reply, and return its URL."""
        self.replies[path] = reply
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def trickle(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a byte of a header now and then, until the test has ended."""
        while not self.ended.wait(0.05):
            handler.wfile.write(b"a")

    def close(self) -> None:
        """Stop."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def body(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def signed(signer: chains.Signer, *serials: int) -> Reply:
    """Reply with a CRL."""
    return body(crl(signer, *(entry(serial) for serial in serials)).public_bytes(Encoding.DER))


def path_of(*certificates: Any) -> revocation.Path:
    return tuple(Parsed(certs.der(item)) for item in certificates)


def fact_of(*urls: str) -> dict[str, Any]:
    """Return the fact of a certificate of the root that names these CRLs."""
    (fact,) = revocation.facts_of([path_of(crls.server(ROOT, *urls), ROOT.certificate)], NOW, "test")
    assert fact
    return fact


def test_all_that_a_list_says(server: Server) -> None:
    url = server.url("/root.crl", signed(ROOT, crls.SERIAL))

    assert fact_of(url) == {
        "revoked": True, "reason": "key compromise", "revoked_at": "2025-12-30T00:00:00Z", "crl_url": url,
        "next_update": "2026-01-08T00:00:00Z", "checked_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    assert server.headers[0]["User-Agent"] == "test"
    assert "Cookie" not in server.headers[0]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (body(b"", 404), f"{RECEIVED}HTTP status 404"),
        (body(b"", 302, {"Location": "http://127.0.0.1:9/"}), f"{RECEIVED}HTTP status 302"),
        (body(b"<html>"), "its CRL cannot be used: it cannot be read"),
        (body(b"short", headers={"Content-Length": "9"}), RECEIVED),
        (body(b"", headers={"Content-Encoding": "br"}), RECEIVED),
    ],
)
def test_a_list_that_is_none(server: Server, reply: Reply, reason: str) -> None:
    fact = fact_of(server.url("/root.crl", reply))

    assert fact["revoked"] is None
    assert fact["reason"].startswith(reason)


def test_one_that_is_too_large(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.ucloud.ulb.plugins.module_utils._api.session.MAX_RESPONSE_BYTES", 99)

    assert "the response has more than" in fact_of(server.url("/root.crl", signed(ROOT)))["reason"]


def test_one_that_never_ends(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocation, "SECONDS", 0.2)
    fact = fact_of(server.url("/root.crl", server.trickle))

    assert (fact["revoked"], fact["reason"]) == (None, f"{RECEIVED}no complete response within 0.2 s")


def test_nobody_listens_there() -> None:
    assert fact_of("http://127.0.0.1:9/root.crl")["reason"] == f"{RECEIVED}the connection was refused"


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/ca.crl", "ldap://127.0.0.1/cn=CA", "file:///etc/passwd", "http:///ca.crl", "http://[::1"]
)
def test_only_http_is_used(url: str) -> None:
    assert fact_of(url)["reason"] == "it names no CRL with an http URL"


def test_another_url_is_tried(server: Server) -> None:
    bad, good = server.url("/bad", body(b"", 500)), server.url("/good", signed(ROOT))

    assert fact_of("ldap://127.0.0.1/cn=CA", bad, good)["revoked"] is False
    assert server.requested == ["/bad", "/good"]


def test_each_list_is_requested_once(server: Server) -> None:
    url = server.url("/root.crl", signed(ROOT, 2))
    paths = [path_of(crls.server(ROOT, url, serial=number), ROOT.certificate) for number in (1, 2, 3, 2)]
    found = revocation.facts_of([*paths, None, ()], NOW, "")

    assert [fact and fact["revoked"] for fact in found] == [False, True, False, True, None, None]
    assert found[4] is None
    assert found[5]
    assert found[5]["reason"] == "no CRL was requested, because no path to a trusted root was found"
    assert server.requested == ["/root.crl"]


def test_certificates_above_it_count(server: Server) -> None:
    """Revoked if one is, and not revoked only if none is."""
    of_root, of_ca = server.url("/root.crl", signed(ROOT, 7, 4711)), server.url("/ca.crl", signed(CA))

    def found(*urls: str, serial: int = 8) -> dict[str, Any]:
        names = [(crls.distribution_points(*urls), False)] if urls else []
        middle = chains.build(
            "Example CA", CA.key, ROOT, [(x509.BasicConstraints(ca=True, path_length=None), True), *names],
            serial=serial,
        )  # fmt: skip
        leaf = crls.server(chains.Signer(middle, CA.key), of_ca)
        (fact,) = revocation.facts_of([path_of(leaf, middle, ROOT.certificate)], NOW, "")
        assert fact
        return fact

    assert found(of_root)["revoked"] is False
    revoked, unknown = found(of_root, serial=7), found()
    assert (revoked["revoked"], revoked["reason"]) == (True, "its CA Example CA: key compromise")
    assert (unknown["revoked"], unknown["reason"]) == (None, "its CA Example CA: it names no CRL with an http URL")


def test_a_root_cannot_be_revoked() -> None:
    (fact,) = revocation.facts_of([path_of(ROOT.certificate)], NOW, "")

    assert fact
    assert (fact["revoked"], fact["reason"]) == (None, "it is a root itself, and there are no CRLs about roots")


@pytest.mark.parametrize("serial", [crls.SERIAL, 1])
def test_from_the_handshake_to_the_finding(sim: Simulator, server: Server, tmp_path: Path, serial: int) -> None:
    leaf = crls.server(ROOT, server.url("/root.crl", signed(ROOT, serial)))
    script = tls_script(server_context(Identity(leaf, (), certs.ec_key("server"))))
    opened = sim.endpoint(script)
    (tmp_path / "roots.pem").write_text(certs.pem(ROOT.certificate))
    query = ProbeQuery(
        (Endpoint(opened.address, opened.port, certs.SHOP),), retries=0, trust_store=str(tmp_path), revocation="crl"
    )
    facts = probe_all(query, NOW, trust.load(str(tmp_path / "roots.pem")), "test")
    findings = audit_facts.audit({"certificates": [], "endpoints": facts})["findings"]
    verdicts = {item["check"]: item["status"] for item in findings}

    has_paths = crypto.path_library_problem() is None
    is_revoked = serial == crls.SERIAL
    assert facts[0]["revocation"]["revoked"] is (is_revoked if has_paths else None)
    assert server.requested == (["/root.crl"] if has_paths else [])
    assert verdicts.get("cert_revoked") == ("fail" if is_revoked and has_paths else None if has_paths else "unknown")


def test_without_trust_there_are_no_requests() -> None:
    options = {name: spec.get("default") for name, spec in probe_spec().items()}
    wanted = {**options, "endpoints": [], "revocation": "crl"}

    assert probe_query(wanted).revocation == "crl"
    with pytest.raises(OptionError, match="revocation: crl needs a trust store"):
        probe_query({**wanted, "trust_store": "none"})
