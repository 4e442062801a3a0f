# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What probes find, and that they end."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import random
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto, trust
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints import (
    client_settings,
    connecting,
    failures,
    handshake,
    old_versions,
    probing,
    served,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, ProbeQuery
from ansible_collections.ucloud.ulb.tests.simulator import Simulator, endpoints
from ansible_collections.ucloud.ulb.tests.simulator.endpoints import KINDS, ONE, OTHER, SHOP, TWO
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import end_requests
from .conftest import Probe

MISBEHAVIOURS = int(os.environ.get("MISBEHAVIOURS", "1000"))
SERVED = [
    "good", "all_versions", "tls_1_2", "tls_1_3", "old_versions", "other_certificate", "expired", "self_signed",
    "incomplete_chain", "long_chain", "by_server_name", "needs_server_name",
]  # fmt: skip
ALL_FACTS = {
    "address", "port", "server_name", "expected_fingerprints", "project_id", "region", "load_balancer_id",
    "listener_id", "ip_address", "reachable", "error", "error_message", "duration_ms", "tls_version", "cipher", "alpn",
    "tls_versions", "covers_server_name", "matches_expected", "fingerprint", "domains", "not_before",
    "not_before_epoch", "not_after", "not_after_epoch", "days_remaining", "state", "x509", "x509_error",
    "revocation",
}  # fmt: skip


def probe_one(endpoint: Endpoint, **options: Any) -> dict[str, Any]:
    (facts,) = probing.probe_all(ProbeQuery((endpoint,), **{"retries": 0, **options}), certs.NOW)
    return facts


def chain_of(facts: dict[str, Any]) -> list[str]:
    """The fingerprints of a chain in the order of the server."""
    return [facts["fingerprint"], *(item["fingerprint_sha256"] for item in facts["x509"]["chain"])]


def test_facts(probe: Probe) -> None:
    facts = probe("good")

    assert facts.keys() == ALL_FACTS
    assert (facts["reachable"], facts["error"], facts["error_message"]) == (True, None, None)
    assert (facts["address"], facts["ip_address"]) == ("127.0.0.1", "127.0.0.1")
    assert (facts["tls_version"], facts["cipher"], facts["alpn"]) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384", "h2")
    assert (facts["tls_versions"], facts["x509"]["trust"], facts["x509_error"]) == (None, None, None)
    assert facts["domains"] == [SHOP, f"*.{SHOP}"]
    assert (facts["covers_server_name"], facts["matches_expected"]) == (True, True)
    assert facts["x509"]["fingerprints"]["sha256"] == facts["fingerprint"] == endpoints.identity().fingerprint
    assert (facts["x509"]["issuer_included"], facts["x509"]["position"]) == (True, 0)
    assert [item["subject_cn"] for item in facts["x509"]["chain"]] == ["Endpoint CA 1"]
    assert facts["x509"]["chain"][0]["issued_previous"]


@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [
        ("no_tls", "not_tls", "the response is not TLS; it begins with 'HTTP/1.1 400 Bad'"),
        ("banner", "not_tls", "the response is not TLS; it begins with 'SSH-2.0-OpenSSH_'"),
        ("garbage", "not_tls", "the response is not TLS; it begins with '\\xff\\xfe"),
        ("alert", "alert", "the server sent the alert handshake_failure (40)"),
        ("huge", "handshake", "OpenSSL ended the handshake: "),
        ("reset", "reset", os.strerror(104)),
        ("close", "reset", "the server closed the connection during the handshake"),
        ("flaky", "reset", os.strerror(104)),
        ("silence", "timeout", "no response in time during the handshake"),
        ("trickle", "timeout", "no response in time during the handshake"),
    ],
)
def test_what_serves_nothing(probe: Probe, kind: str, error: str, message: str) -> None:
    facts = probe(kind, timeout=1)

    assert facts.keys() == ALL_FACTS
    assert (facts["reachable"], facts["error"]) == (False, error)
    assert facts["error_message"].startswith(message)
    assert facts["ip_address"] == "127.0.0.1" or error == "reset"
    nothing = ("tls_version", "cipher", "alpn", "tls_versions", "covers_server_name", "matches_expected", "fingerprint")
    assert {facts[name] for name in (*nothing, "domains", "x509", "x509_error", "not_after")} == {None}
    assert facts["state"] == "unknown"


@pytest.mark.parametrize(
    ("kind", "versions"),
    [
        ("good", (False, False, True, True)),
        ("all_versions", (True, True, True, True)),
        ("tls_1_2", (False, False, True, False)),
        ("tls_1_3", (False, False, False, True)),
        ("old_versions", (True, True, False, False)),
    ],
)
def test_versions_that_are_offered(probe: Probe, kind: str, versions: tuple[bool, ...]) -> None:
    facts = probe(kind, tls_versions=True)

    assert facts["tls_versions"] == dict(zip(("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), versions, strict=True))
    assert facts["tls_versions"][facts["tls_version"]]


def alert(number: int, level: int = 2) -> bytes:
    return bytes((21, 3, 1, 0, 2, level, number))


def server_hello(version: int) -> bytes:
    """The beginning of a hello that chooses a cipher suite with 3DES."""
    body = version.to_bytes(2, "big") + bytes(32) + b"\0\0\x0a\0"
    message = b"\2" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + len(message).to_bytes(2, "big") + message


@pytest.mark.parametrize(
    ("answer", "offered"),
    [
        (server_hello(0x0301), (True, False)),
        (alert(112, level=1) + server_hello(0x0302), (False, True)),
        (alert(40), (False, False)),
        (alert(70), (False, False)),
        (alert(71), (False, False)),
        (alert(80), (None, None)),
        (b"", (None, None)),
        (b"HTTP/1.1 400 Bad Request", (None, None)),
        (b"\x16\3\1\0\4\x0b\0\0\0", (None, None)),
        (b"\x16\3\1\0\1\2\x16\3\1\0\x3d", (None, None)),  # a piece of one byte
    ],
)
def test_old_versions_with_other_ciphers_than_openssl_has(
    probe: Probe, answer: bytes, offered: tuple[bool | None, ...]
) -> None:
    """The server refuses all cipher suites of TLS 1.0 and 1.1, until it is asked for 3DES."""
    usual, refusing = endpoints.tls_script(endpoints.server_context(endpoints.identity())), alert(40)
    seen: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer)
        if len(seen) in (1, 6):  # TLS 1.3, which it prefers, and TLS 1.2
            await usual(reader, writer)
            return
        # OpenSSL, then our own hello: twice.
        hello = await reader.read(65536)
        names_host = SHOP.encode() in hello
        writer.write(refusing if len(seen) in (2, 4) else answer if names_host else b"")
        await writer.drain()
        writer.close()

    versions = probe(serve, tls_versions=True)["tls_versions"]

    assert versions == dict(zip(("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), (*offered, True, True), strict=True))
    assert len(seen) == 6


@pytest.mark.parametrize(("kind", "offers"), [("all_versions", True), ("old_versions", True), ("tls_1_2", None)])
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1.1"])
@pytest.mark.parametrize("name", [SHOP, None])
def test_servers_understand_our_hello(
    sim: Simulator, kind: str, offers: bool | None, version: str, name: str | None
) -> None:
    opened = sim.endpoint(kind)
    deadline = failures.Deadline(10)
    with connecting.connect(opened.address, opened.port, deadline) as connection:
        if offers:
            assert handshake.ask_for(connection, version, name, deadline)
        else:
            with pytest.raises(handshake.HandshakeError, match="protocol_version") as caught:
                handshake.ask_for(connection, version, name, deadline)
            assert caught.value.refuses_version


@pytest.mark.parametrize(
    ("kind", "offered"), [("good", (False, False, None, True)), ("all_versions", (True, True, None, True))]
)
def test_only_old_versions_are_known_if_openssl_cannot_use_them(
    probe: Probe, monkeypatch: pytest.MonkeyPatch, kind: str, offered: tuple[bool | None, ...]
) -> None:
    def refusing(oldest: ssl.TLSVersion, newest: ssl.TLSVersion) -> ssl.SSLContext:
        if newest == ssl.TLSVersion.TLSv1:
            raise ValueError("unsupported protocol version")
        context = real(oldest, newest)
        if newest == ssl.TLSVersion.TLSv1_1:
            context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384")  # which TLS 1.1 does not have
        if oldest == ssl.TLSVersion.TLSv1_2:
            raise ValueError("unsupported protocol version")
        return context

    real = client_settings._context
    monkeypatch.setattr(client_settings, "_context", refusing)

    versions = probe(kind, tls_versions=True)["tls_versions"]

    assert versions == dict(zip(("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"), offered, strict=True))


def test_a_version_is_unknown_if_the_connection_is_reset(probe: Probe) -> None:
    usual, connections = endpoints.tls_script(endpoints.server_context(endpoints.identity())), []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await (usual if len(connections) == 1 else endpoints.reset)(reader, writer)

    versions = probe(once, tls_versions=True)["tls_versions"]

    assert versions == {"TLSv1": None, "TLSv1.1": None, "TLSv1.2": None, "TLSv1.3": True}


def test_another_certificate(probe: Probe, sim: Simulator) -> None:
    opened = sim.endpoint("other_certificate")
    facts = probe_one(Endpoint(opened.address, opened.port, SHOP, (endpoints.identity().fingerprint,)))

    assert (facts["matches_expected"], facts["covers_server_name"]) == (False, False)
    assert facts["fingerprint"] == opened.fingerprint == endpoints.identity(OTHER).fingerprint
    assert probe("other_certificate", server_name=f"a.{OTHER}")["covers_server_name"] is True


@pytest.mark.parametrize(("expected", "matches"), [(None, None), ((), False), (("00" * 32,), False)])
def test_what_is_expected(sim: Simulator, expected: tuple[str, ...] | None, matches: bool | None) -> None:
    opened = sim.endpoint("good")

    assert probe_one(Endpoint(opened.address, opened.port, None, expected))["matches_expected"] is matches


@pytest.mark.parametrize(("name", "wanted"), [(ONE, ONE), (TWO, TWO), (OTHER, SHOP), (None, SHOP), ("127.0.0.1", SHOP)])
def test_the_server_name_decides(probe: Probe, name: str | None, wanted: str) -> None:
    facts = probe("by_server_name", name)

    assert facts["fingerprint"] == endpoints.identity(wanted).fingerprint
    assert facts["covers_server_name"] is (None if name is None else name == wanted)


@pytest.mark.parametrize(("name", "error"), [(SHOP, None), (None, "alert"), ("127.0.0.1", "alert"), ("::1", "alert")])
def test_no_server_name_is_sent_without_one_or_for_an_address(probe: Probe, name: str | None, error: str) -> None:
    facts = probe("needs_server_name", name)

    assert facts["error"] == error
    assert not error or facts["error_message"].endswith("unrecognized_name (112)")


def test_chains(probe: Probe) -> None:
    incomplete, self_signed, long = probe("incomplete_chain"), probe("self_signed"), probe("long_chain")

    assert (incomplete["x509"]["chain"], incomplete["x509"]["issuer_included"]) == ([], False)
    assert (self_signed["x509"]["self_signed"], self_signed["x509"]["issuer_included"]) == (True, True)
    assert len(chain_of(long)) == endpoints.LONG_CHAIN
    assert long["x509"]["chain"][-1]["issuer_cn"] == "Endpoint CA 0"


@pytest.mark.parametrize(
    ("kind", "trusted"),
    [("good", True), ("by_server_name", True), ("incomplete_chain", False), ("self_signed", False), ("expired", False)],
)
def test_trust(sim: Simulator, tmp_path: Path, kind: str, trusted: bool) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text(endpoints.root_pem(), encoding="ascii")
    opened, now = sim.endpoint(kind), int(time.time())
    query = ProbeQuery((Endpoint(opened.address, opened.port, SHOP),))
    (facts,) = probing.probe_all(query, now, trust.load(str(roots)))

    # Without a library that finds paths, it is unknown what is trusted.
    assert facts["x509"]["trust"]["trusted"] is (None if trusted and crypto.path_library_problem() else trusted)
    assert facts["x509"]["trust"]["store"] == str(roots)


def test_validity_is_at_the_time_of_the_probe(probe: Probe, sim: Simulator) -> None:
    ends = probe("expired")["not_after_epoch"]
    opened = sim.endpoint("expired")
    query = ProbeQuery((Endpoint(opened.address, opened.port),))

    for now, state, days in ((ends, "valid", 0), (ends + 1, "expired", -1)):
        (facts,) = probing.probe_all(query, now)
        assert (facts["state"], facts["days_remaining"]) == (state, days)


def test_the_first_certificate_is_the_one_of_the_server(probe: Probe) -> None:
    """Even if it is a CA certificate, and another one is not."""
    root, leaf = endpoints._authority(), endpoints.identity()
    strange = endpoints.Identity(root.certificate, (leaf.certificate,), root.key)
    facts = probe(endpoints.tls_script(endpoints.server_context(strange)))

    assert chain_of(facts) == [strange.fingerprint, leaf.fingerprint]
    assert (facts["x509"]["is_ca"], facts["x509"]["position"]) == (True, 0)


@pytest.mark.parametrize(("kind", "count"), [("reset", 3), ("close", 3), ("silence", 3), ("alert", 1), ("no_tls", 1)])
def test_a_reset_or_timeout_is_tried_again(probe: Probe, kind: str, count: int) -> None:
    connections: list[object] = []
    script, _none = KINDS[kind]()

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await script(reader, writer)

    assert not probe(counted, retries=2, timeout=1)["reachable"]
    assert len(connections) == count


def test_the_second_attempt_may_succeed(probe: Probe) -> None:
    assert probe("flaky", retries=1)["reachable"]


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_nothing_is_sent_after_the_handshake(probe: Probe, newest: ssl.TLSVersion) -> None:
    context = endpoints.server_context(endpoints.identity(), newest=newest)
    sent = []

    async def listening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        while not endpoints._advance(tls):
            writer.write(outgoing.read())
            incoming.write(await reader.read(65536))
        sent.append(incoming.read())
        writer.write(outgoing.read())
        try:
            sent.append(await reader.read(65536))
        except ConnectionResetError:
            sent.append(b"")

    assert probe(listening)["reachable"]
    deadline = time.monotonic() + 10
    while len(sent) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sent == [b"", b""]


def test_a_refused_connection() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # does not listen
        facts = probe_one(Endpoint("127.0.0.1", reserved.getsockname()[1]))

    assert (facts["error"], facts["ip_address"]) == ("refused", None)


def test_ipv6(sim: Simulator) -> None:
    try:
        opened = sim.endpoint("good", "::1")
    except OSError as error:
        pytest.skip(f"IPv6 is NOT tested: {error}")
    assert probe_one(Endpoint("::1", opened.port))["reachable"]
    facts = probe_one(Endpoint("::1", opened.port), source_address="127.0.0.1")
    assert (facts["error"], facts["reachable"]) == ("local", False)


def test_the_source_address(probe: Probe) -> None:
    seen = []

    async def telling(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername")[0])

    probe(telling, source_address="127.0.0.5")

    assert seen == ["127.0.0.5"]
    assert connecting.check_source_address("127.0.0.5") is None
    assert connecting.check_source_address("203.0.113.7") == os.strerror(99)


def test_a_name_is_tried_at_each_of_its_addresses(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = sim.endpoint("good")
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.9", 0))
        closed = (socket.AF_INET, reserved.getsockname())
        found = [closed, (socket.AF_INET, (opened.address, opened.port))]
        monkeypatch.setattr(connecting, "_look_up", lambda *_arguments: found)
        facts = probe_one(Endpoint(SHOP, opened.port, SHOP))
        found.pop()
        refused = probe_one(Endpoint(SHOP, opened.port, SHOP))
        found.pop()
        nothing = probe_one(Endpoint(SHOP, opened.port, SHOP))

    assert (facts["address"], facts["ip_address"], facts["reachable"]) == (SHOP, opened.address, True)
    assert (refused["error"], nothing["error"]) == ("refused", "unresolvable")


def test_names_without_address(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = {
        "unresolvable": socket.gaierror(socket.EAI_NONAME, "unknown"),
        "local": OSError(24, "too many files"),
    }
    for kind, error in errors.items():

        def refuse(*_arguments: object, error: OSError = error, **_options: object) -> None:
            raise error

        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert probe_one(Endpoint(SHOP))["error"] == kind


def test_a_name_server_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    answered: list[bool] = []

    def hang(*_arguments: Any, **_options: Any) -> list[Any]:
        answered.append(gate.wait(30))
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    facts = probe_one(Endpoint(SHOP), timeout=1)

    assert not answered
    assert (facts["error"], facts["error_message"]) == ("timeout", "no response in time from the name server")
    gate.set()


@pytest.mark.parametrize(
    ("number", "kind"), [(24, "local"), (12, "local"), (113, "unreachable"), (101, "unreachable"), (110, "timeout")]
)
def test_errors_of_the_operating_system(monkeypatch: pytest.MonkeyPatch, number: int, kind: str) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(number, "any message")

    monkeypatch.setattr(socket.socket, "connect", fail)
    facts = probe_one(Endpoint("127.0.0.1"))

    assert (facts["error"], facts["error_message"]) == (kind, f"{os.strerror(number)} while connecting")


def test_a_defect_does_not_discard_other_results(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = sim.endpoint("good")
    real = probing.probe

    def failing(endpoint: Endpoint, *arguments: Any) -> probing.Probed:
        if endpoint.server_name == OTHER:
            raise KeyError("defect")
        return real(endpoint, *arguments)

    monkeypatch.setattr(probing, "probe", failing)
    query = ProbeQuery(tuple(Endpoint(opened.address, opened.port, name) for name in (SHOP, OTHER, None)))
    found = probing.probe_all(query, certs.NOW)

    assert [facts["reachable"] for facts in found] == [True, False, True]
    assert (found[1]["error"], found[1]["error_message"]) == ("local", "unexpected KeyError: 'defect'")
    assert found[1].keys() == ALL_FACTS


def test_endpoints_keep_their_order_and_no_more_connect_than_allowed(sim: Simulator) -> None:
    context, current, most = endpoints.server_context(endpoints.identity()), [], []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        current.append(writer)
        most.append(len(current))
        await endpoints.tls_script(context, delay=0.01)(reader, writer)
        current.remove(writer)

    opened = sim.endpoint(counted)
    names = [f"{number}.{SHOP}" for number in range(40)]
    query = ProbeQuery(tuple(Endpoint(opened.address, opened.port, name) for name in names), concurrency=3)
    found = probing.probe_all(query, certs.NOW)

    assert [facts["server_name"] for facts in found] == names
    assert all(facts["covers_server_name"] for facts in found)
    # The server may notice the end of a connection after the beginning of the next one.
    assert len(most) == 40
    assert max(most) <= 6


@pytest.mark.parametrize("kind", SERVED)
def test_openssl_gets_the_same(sim: Simulator, kind: str) -> None:
    opened = sim.endpoint(kind)
    facts = probe_one(Endpoint(opened.address, opened.port, SHOP))
    client = ["openssl", "s_client", "-connect", f"{opened.address}:{opened.port}", "-servername", SHOP, "-showcerts"]
    options = ["-cipher", "ALL:@SECLEVEL=0", "-min_protocol", "TLSv1", "-alpn", "h2,http/1.1"]
    shown = subprocess.run([*client, *options], input="", capture_output=True, text=True, check=False).stdout
    blocks = shown.split("-----BEGIN CERTIFICATE-----")[1:]
    ders = [
        ssl.PEM_cert_to_DER_cert("-----BEGIN CERTIFICATE-----" + block.split("---\n")[0] + "---\n") for block in blocks
    ]

    assert chain_of(facts) == [served.read_served((der,), is_whole=False).fingerprint for der in ders]
    assert f", Cipher is {facts['cipher']}\n" in shown
    assert re.search(rf"(New, |Protocol *: ){facts['tls_version']}\b(?!\.)", shown)
    assert f"ALPN protocol: {facts['alpn']}" in shown


@pytest.mark.parametrize("version", [(3, 9), (3, 12)])
def test_chains_on_older_pythons(probe: Probe, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    class Older:
        version_info = version

    class Plain:
        """A connection on Python 3.9."""

        def __init__(self, tls: ssl.SSLObject) -> None:
            self.getpeercert = tls.getpeercert

    real = handshake._certificates
    monkeypatch.setattr(handshake, "sys", Older)
    if version == (3, 9):
        monkeypatch.setattr(handshake, "_certificates", lambda tls: real(Plain(tls)))  # type: ignore[arg-type]
    facts = probe("good")

    assert facts["fingerprint"] == endpoints.identity().fingerprint
    if version == (3, 9):
        unknown = ("chain", "issuer_included", "unread_certificates")
        assert [facts["x509"][name] for name in unknown] == [None, None, None]
        assert probe("self_signed")["x509"]["issuer_included"] is True
    else:
        assert len(chain_of(facts)) == 2


PROGRAM = """
import json, sys
sys.modules["cryptography"] = None
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.probing import probe_all
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, ProbeQuery
port, fingerprint = json.load(sys.stdin)
json.dump(probe_all(ProbeQuery((Endpoint("127.0.0.1", port, "shop.example.com", (fingerprint,)),)), 0), sys.stdout)
"""


def test_without_cryptography(sim: Simulator) -> None:
    opened = sim.endpoint("good")
    root = Path(probing.__file__).parents[6]
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=f'[{opened.port}, "{opened.fingerprint}"]',
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    (facts,) = json.loads(program.stdout or program.stderr)

    assert (facts["x509"], facts["x509_error"]) == (None, "the Python library cryptography is not installed")
    assert (facts["matches_expected"], facts["covers_server_name"]) == (True, True)
    assert (facts["domains"], facts["state"]) == ([SHOP, f"*.{SHOP}"], "not_yet_valid")


def random_script(seed: str) -> endpoints.Script:
    """A server that does anything: parts of a handshake, changed, in pieces, and with any end."""
    choices = random.Random(seed)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if choices.random() < 0.9:
            hello = await reader.read(65536)
            data = bytearray(endpoints.flight(choices.choice(contexts()), hello))
        else:
            data = bytearray(choices.randbytes(choices.choice([1, 6, 100, 5000])))
        for _change in range(choices.choice([0, 0, 1, 1, 5])):
            change(data, choices)
        size = choices.choice([1, 7, 500, 100_000, 100_000])
        pause = choices.choice([0, 0, 0, 0.001])
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()  # raises if the client has left
            await asyncio.sleep(pause)
        end = choices.random()
        if end < 0.45:
            endpoints.abort(writer)
        elif end < 0.9:
            await writer.drain()
        else:
            await endpoints.until_closed(reader)

    return serve


def change(data: bytearray, choices: random.Random) -> None:
    """Replace, remove or insert something, insert an alert, or remove the rest."""
    position = choices.randrange(len(data)) if data else 0
    removed, inserted = choices.choice(
        [
            (1, choices.randbytes(1)),
            (choices.randrange(200), b""),
            (0, choices.randbytes(choices.randrange(200))),
            (0, b"\x15\x03\x03\x00\x02" + choices.randbytes(2)),
            (len(data), b""),
        ]
    )
    data[position : position + removed] = inserted


def open_files() -> int:
    """The number of open files of this process, sockets included."""
    return len(list(Path("/proc/self/fd").iterdir()))


@functools.cache
def contexts() -> list[ssl.SSLContext]:
    version = ssl.TLSVersion
    return [
        endpoints.server_context(endpoints.identity(), newest=version.TLSv1_2),
        endpoints.server_context(endpoints.identity(), oldest=version.TLSv1, newest=version.TLSv1_1),
        endpoints.server_context(endpoints.identity(), oldest=version.TLSv1_3),
        endpoints.server_context(endpoints.identity(depth=20)),
    ]


def test_no_misbehaviour_hangs_or_crashes_a_probe(sim: Simulator) -> None:
    usual = endpoints.tls_script(endpoints.server_context(endpoints.identity()))
    seen: list[int] = []

    async def anything(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(0)
        number = len(seen)
        # Some are as they should be, and must be found between the others.
        await (usual if number % 20 == 0 else random_script(f"seed {number}"))(reader, writer)

    opened = sim.endpoint(anything)
    endpoint = Endpoint(opened.address, opened.port, SHOP, (endpoints.identity().fingerprint,))
    before = open_files()
    end_requests()
    query = ProbeQuery((endpoint,) * MISBEHAVIOURS, timeout=2, concurrency=256, retries=0, tls_versions=True)
    found = probing.probe_all(query, certs.NOW)

    assert all(facts.keys() == ALL_FACTS for facts in found)
    # A probe that does not end at its deadlines is given up, which is a "local" error.
    known = {None, "timeout", "reset", "not_tls", "alert", "handshake"}
    assert {facts["error"] for facts in found} <= known
    assert {facts["reachable"] == (facts["error"] is None) for facts in found} == {True}
    # A handshake proves who the server is, so that nothing that was changed on the way can be a fact.
    reached = [facts for facts in found if facts["reachable"]]
    assert reached
    assert all(facts["matches_expected"] or facts["fingerprint"] in IDENTITIES for facts in reached)
    end_requests()
    assert not [thread for thread in threading.enumerate() if thread.name == "ucloud.ulb"]
    deadline = time.monotonic() + 20
    while open_files() > before and time.monotonic() < deadline:
        time.sleep(0.05)  # the server notices that clients have left
    assert open_files() <= before
    # One connection for each, and after a handshake at most one for each version, and one for each old version.
    assert len(seen) <= MISBEHAVIOURS + len(reached) * (len(client_settings.VERSIONS) + len(old_versions.CODES))


IDENTITIES = {endpoints.identity(depth=20).fingerprint}
