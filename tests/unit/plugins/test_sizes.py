# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time and memory are proportional to the size of the input.

Each test takes seconds. With quadratic time it would take hours, and the guard would fail it.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import json
import re
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import read_response
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import RequestContext, UCloudError
from ansible_collections.ucloud.ulb.plugins.module_utils._api.session import Response, _without_password
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import domains
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.private_keys import identity_of_private_key
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.checks import keys as key_checks
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.checks import names as name_checks
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.facts import CertificateFacts
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

MB = 1_000_000
CONTEXT = RequestContext("DescribeSSLV2", "api.example.com", "hk")
COMMON_NAME = certs.attribute("2.5.4.3", "a")
CUT_KEY, LEAF = "-----BEGIN PRIVATE KEY-----", certs.pem(certs.leaf())


@contextmanager
def hang_guard(seconds: int = 120) -> Iterator[None]:
    """Fail after a timeout. Python's regular expressions can be interrupted."""

    def give_up(*_signal: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def answer(document: Any) -> None:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    try:
        read_response(Response(200, CaseInsensitiveDict(), body), CONTEXT)
    except UCloudError as error:
        error.describe()


def record(**fields: Any) -> Any:
    return Certificate.from_api(fields, "hk", None).to_facts(certs.NOW)


def read(*extensions: bytes, **fields: Any) -> object:
    """Read an unusual certificate."""
    return json.dumps(read_content(LEAF + certs.pem_block(certs.raw_certificate(*extensions, **fields)) * 2).x509)


def rsa_info(modulus: int, exponent: int) -> bytes:
    algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
    return certs.sequence(
        algorithm,
        certs.bits(certs.sequence(certs.integer(modulus), certs.integer(exponent))),
    )


def nested(depth: int) -> bytes:
    """Return nested elements. Their length fields are longer than necessary, so that this is fast."""
    data = bytearray()
    for level in range(depth):
        data += b"\x30\x84" + (6 * (depth - level - 1)).to_bytes(4, "big")
    return bytes(data)


LARGE: dict[str, Callable[[], object]] = {
    "certificates and cut keys": lambda: read_content(LEAF * 5_000 + CUT_KEY * 500_000),
    "common names": lambda: read(subject=certs.raw_name(*[COMMON_NAME] * 300_000)),
    "common names in one set": lambda: read(subject=certs.raw_name([COMMON_NAME] * 300_000)),
    "one common name": lambda: read(subject=certs.common_name("a" * MB)),
    "alternative names": lambda: read(certs.dns_names(*["a.example.com"] * 200_000)),
    "one alternative name": lambda: read(certs.dns_names("a." * MB)),
    "directory names": lambda: read(
        certs.extension(
            certs.SUBJECT_ALT_NAME,
            certs.sequence(*[tlv(0xA4, certs.common_name('"' * 100))] * 20_000),
        )
    ),
    "extensions": lambda: read(*[certs.extension("1.2.3", b"")] * 100_000),
    "one extension again and again": lambda: read(*[certs.CA_TRUE] * 100_000),
    "key usage": lambda: read(certs.extension(certs.KEY_USAGE, certs.bits(b"\xff" * MB))),
    "extended key usages": lambda: read(
        certs.extension(
            certs.EXTENDED_KEY_USAGE,
            certs.sequence(*[certs.oid("1.2.3")] * 200_000),
        )
    ),
    "object identifier": lambda: read(
        certs.extension(certs.EXTENDED_KEY_USAGE, certs.sequence(tlv(6, b"\xff" * MB + b"\1")))
    ),
    "timestamps": lambda: read(certs.extension(certs.SIGNED_TIMESTAMPS, certs.octets(b"\xff\xfe" + b"\0\0" * 32_767))),
    "serial number": lambda: read(serial=certs.integer(1 << 8 * MB)),
    "exponent": lambda: read(public_key=rsa_info((1 << 2047) + 1, (1 << 8 * MB) + 1)),
    "modulus of a certificate": lambda: read(public_key=rsa_info((1 << 8 * MB) + 1, 65537)),
    "dates": lambda: read(validity=certs.sequence(tlv(0x18, b"2" * MB), tlv(0x17, b"2" * MB))),
    "signature": lambda: read(sign=lambda _signed: b"a" * MB),
    "nested elements": lambda: read(subject=nested(100_000)),
    "private key": lambda: identity_of_private_key(certs.sequence(*[certs.integer(1 << MB)] * 9)),
    "nested private keys": lambda: identity_of_private_key(nested(100_000)),
    # Before version 3.7, idna searched the whole label for each of these characters.
    "domain": lambda: domains.normalize("・" * MB + "カ"),
    "domains": lambda: record(DNSNames="a.example.com," * 50_000, Domains=["b.example.com"] * 50_000),
    "address": lambda: name_checks._ADDRESS.fullmatch(":" * MB + "z"),
    "modulus": lambda: key_checks.cert_factorable.judge_one(  # type: ignore[misc]
        CertificateFacts({"x509": {"public_key": {"type": "RSA", "modulus": "0x" + "b7" * 2 * MB}}}),
        {"rounds": 100},
        0,
    ),
    "proxy": lambda: _without_password("/" * MB),
    "nested lists": lambda: answer(b"[" * MB),
    "nested objects": lambda: answer(b'{"a":' * MB),
    "nested lists with an end": lambda: answer(b'{"RetCode": 0, "DataSet": ' + b"[" * MB + b"]" * MB + b"}"),
    "message": lambda: answer({"RetCode": 1, "Message": "Signature" * (MB // 9)}),
}


@pytest.mark.parametrize("what", LARGE)
def test_large_input_is_processed_in_time(what: str) -> None:
    with hang_guard():
        LARGE[what]()


@pytest.mark.parametrize(
    ("factor", "make", "use"),
    [
        (25, lambda: {"RetCode": 0, "DataSet": [{"SSLContent": "A" * MB}]}, answer),
        (25, lambda: {"RetCode": 1, "Message": "\x01商" * (MB // 4)}, answer),
        (25, lambda: {"RetCode": 0, "DataSet": [[]] * (MB // 4)}, answer),
        (10, lambda: "x" * MB, lambda name: record(SSLName=name)),
        # A string has 50 bytes overhead, and each name has a normalized form and a key.
        pytest.param(
            150,
            lambda: ",".join(f"a{number}.b" for number in range(MB // 8)),
            lambda names: record(DNSNames=names),
            marks=pytest.mark.slow,
        ),
        (10, lambda: "A" * MB, read_content),
        (10, lambda: f"-----BEGIN CERTIFICATE-----\n{'A' * MB}\n-----END CERTIFICATE-----\n", read_content),
        (60, lambda: "-----BEGIN CERTIFICATE-----\n" * (MB // 28), read_content),
        (60, lambda: CUT_KEY * (MB // 27), read_content),
        (10, lambda: LEAF * (MB // len(LEAF)), read_content),
    ],
)
def test_memory_is_proportional(factor: int, make: Callable[[], Any], use: Callable[[Any], object]) -> None:
    given = make()
    size = len(given if isinstance(given, str) else json.dumps(given))
    with hang_guard():
        use(given)  # Fill caches before measuring.
        tracemalloc.start()
        try:
            kept = use(given)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    del kept
    assert peak < factor * size


PLUGINS = Path(__file__).parents[3] / "plugins"
Use = Callable[[str], object]


def expressions() -> Iterator[tuple[Path, str, Use]]:
    """Yield every regular expression of the plugins with its file and the way it is used."""
    for path in sorted(PLUGINS.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for call in ast.walk(ast.parse(source)):
            if not (isinstance(call, ast.Call) and re.fullmatch(r"re\.\w+", ast.unparse(call.func))):
                continue
            method, pattern = ast.unparse(call.func)[3:], call.args[0]
            if method != "compile":
                assert isinstance(pattern, ast.Constant), ast.unparse(pattern)
                yield path, str(pattern.value), use_of(re.compile(str(pattern.value)), method)
        for name, methods in _compiled(source):
            pattern = getattr(_module(path), name)
            for method in sorted(methods):
                yield path, str(pattern.pattern), use_of(pattern, method)


def _compiled(source: str) -> Iterator[tuple[str, set[str]]]:
    for name in re.findall(r"^(\w+) = re\.compile\(", source, re.MULTILINE):
        methods = set(re.findall(rf"\b{name}\.(\w+)\(", source))
        assert methods, f"{name} is not used"
        yield name, methods
    assert source.count("re.compile(") == len(re.findall(r"^\w+ = re\.compile\(", source, re.MULTILINE))


def _module(path: Path) -> Any:
    inside = ".".join(path.relative_to(PLUGINS).with_suffix("").parts)
    return importlib.import_module(f"ansible_collections.ucloud.ulb.plugins.{inside}")


def use_of(pattern: re.Pattern[Any], method: str) -> Use:
    if isinstance(pattern.pattern, bytes):
        return lambda text: getattr(pattern, method)(text.encode())
    if method in ("sub", "subn"):
        return lambda text: getattr(pattern, method)("", text)
    if method == "finditer":
        return lambda text: list(pattern.finditer(text))
    return getattr(pattern, method)  # type: ignore[no-any-return]


EXPRESSIONS = list(expressions())
#: Strings that cause backtracking, because two adjacent parts of an expression match them.
PIECES = [*"aZ0 \n\\/:-.;={\"'`<+", "ü", "//", "-----BEGIN A", "Signature"]


def test_all_expressions_are_found() -> None:
    found = {path for path, _pattern, _use in EXPRESSIONS}
    sources = {path: path.read_text(encoding="utf-8") for path in PLUGINS.rglob("*.py")}
    assert found == {
        path for path, source in sources.items() if re.search(r"^(import|from) re\b", source, re.MULTILINE)
    }


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(EXPRESSIONS)), ids=[pattern for _path, pattern, _use in EXPRESSIONS])
def test_no_expression_backtracks_excessively(number: int) -> None:
    _path, _pattern, use = EXPRESSIONS[number]
    for piece in PIECES:
        with hang_guard(20):  # It takes milliseconds.
            use(piece * (MB // 5) + "\0")
    with hang_guard():
        for first, second in itertools.permutations(PIECES, 2):
            use((first + second) * 50 + "\0")
