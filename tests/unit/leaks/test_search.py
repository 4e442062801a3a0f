# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Leaks are found however they are written and packed. Public data is not reported as a leak."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import pickle
import random
import sys
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from ansible_collections.ucloud.ulb.tests.leaks import WIDTH, Secrets
from ansible_collections.ucloud.ulb.tests.leaks import __main__ as leaks_main
from ansible_collections.ucloud.ulb.tests.leaks.dialects import DIALECTS, FORMS, dialects_of
from ansible_collections.ucloud.ulb.tests.simulator.issuing import (
    Authority,
    Request,
    certificate_pem,
    self_signed,
    subject,
    utc,
)
from ansible_collections.ucloud.ulb.tests.simulator.keys import key_pem, private_key

KINDS = ["rsa2048", "p256", "p521", "ed25519", "dsa1024"]
CREDENTIAL = base64.urlsafe_b64encode(random.Random(1).randbytes(48)).decode()


@cache
def pem(kind: str, label: str = "leaks") -> str:
    return key_pem(private_key(kind, label))


@cache
def certificate(kind: str) -> str:
    """Return a certificate for a key. An authority signs it if the key itself cannot."""
    key = private_key(kind, "leaks")
    request = Request(subject("shop.example.com"), key, utc(1_700_000_000), utc(1_800_000_000))
    if isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        return certificate_pem(self_signed(request))
    signer = Request(subject("CA"), private_key("p256", "leaks ca"), utc(1_700_000_000), utc(1_800_000_000), is_ca=True)
    return certificate_pem(Authority.root(signer).issue(request))


@cache
def secrets() -> Secrets:
    certificates = [certificate(kind) for kind in KINDS]
    return Secrets([*map(pem, KINDS), *certificates], [CREDENTIAL])


def der(kind: str, label: str = "leaks") -> bytes:
    return base64.b64decode("".join(pem(kind, label).splitlines()[1:-1]))


def number(kind: str) -> int:
    """Return a secret number of a private key."""
    key = private_key(kind, "leaks")
    if isinstance(key, rsa.RSAPrivateKey):
        return key.private_numbers().q
    assert not isinstance(key, ed25519.Ed25519PrivateKey)
    numbers = key.private_numbers()
    return numbers.private_value if isinstance(numbers, ec.EllipticCurvePrivateNumbers) else numbers.x


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/a.py", b"# nothing")
        archive.writestr("folder/b.py", data)
    return file.getvalue()


def ansiballz(data: bytes) -> str:
    """Return data packed like Ansible packs its modules."""
    return f'#!/usr/bin/python3\nx = 1\nZIPDATA = """{base64.b64encode(zipped(data)).decode()}"""\n'


TEXTS: dict[str, Callable[[str], str | bytes]] = {
    "as it is": str,
    "on one line": lambda text: "".join(text.split("\n")),
    "on one line with blanks": lambda text: text.replace("\n", " "),
    "with other line ends": lambda text: text.replace("\n", "\r\n"),
    "with shorter lines": lambda text: "\n".join(textwrap.wrap(text, 10)),
    "indented": lambda text: textwrap.indent(text, "        "),
    "quoted": lambda text: textwrap.indent(text, "> | "),
    "lines reversed": lambda text: "\n".join(reversed(text.split("\n"))),
    "reversed": lambda text: text[::-1],
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps({"a": json.dumps([text])}),
    "JSON with all slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON with all characters escaped": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "repr": lambda text: repr({"a": [text]}),
    "repr of bytes": lambda text: repr(text.encode()),
    "HTML": lambda text: html.escape(text).replace("+", "&#43;").replace("/", "&#x2F;"),
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "pickle": lambda text: pickle.dumps({"a": text}),
    "pickle for people": lambda text: pickle.dumps({"a": text}, 0),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind words": lambda text: "the content " + base64.b64encode(b"#" + text.encode()).decode(),
    "base64 on lines": lambda text: base64.encodebytes(text.encode()),
    "base64 twice": lambda text: base64.b64encode(base64.encodebytes(text.encode())),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()),
    "gzip": lambda text: b"before" + gzip.compress(text.encode()),
    "zlib": lambda text: pickle.dumps(zlib.compress(text.encode())),
    "base64 of gzip": lambda text: base64.b64encode(gzip.compress(text.encode())),
    "zip": lambda text: zipped(text.encode()),
    "module of Ansible": lambda text: ansiballz(text.encode()),
    "archive in an archive": lambda text: zipped(gzip.compress(ansiballz(text.encode()).encode())),
}


@pytest.mark.parametrize("write", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("secret", [*KINDS, "credential"])
def test_texts_are_found(secret: str, write: Callable[[str], str | bytes]) -> None:
    text = CREDENTIAL if secret == "credential" else pem(secret)
    found = secrets().found_in("before", write(text), "after")
    assert secrets().owners(found) == {text}


CODES: dict[str, Callable[[bytes], str | bytes]] = {
    "bytes": bytes,
    "bytes as text": lambda content: content.decode("latin-1"),
    "bytes reversed": lambda content: content[::-1],
    "bytes as Python shows them": repr,
    "bytes in JSON": lambda content: json.dumps(content.decode("latin-1")),
    "bytes in a URL": quote,
    "bytes in a pickle": lambda content: pickle.dumps([content]),
    "bytes in an archive": zipped,
    "base64": base64.b64encode,
    "base64 from the second byte on": lambda content: base64.b64encode(content[1:]),
    "base64 from the third byte on": lambda content: base64.b64encode(content[2:]),
    "base64 behind a byte": lambda content: base64.b64encode(b"\x01" + content),
    "base64 behind two bytes": lambda content: base64.b64encode(b"\x01\x02" + content),
    "base64 reversed": lambda content: base64.b64encode(content)[::-1],
    "base64 for URLs": base64.urlsafe_b64encode,
    "base64 for URLs behind a byte": lambda content: base64.urlsafe_b64encode(b"\x01" + content),
    "hex": lambda content: content.hex(),
    "upper hex": lambda content: content.hex().upper(),
    "hex with colons": lambda content: content.hex(":"),
    "upper hex with colons": lambda content: content.hex(":").upper(),
    "hex with blanks": lambda content: content.hex(" "),
    "hex in groups": lambda content: content.hex(" ", 2),
    "hex on lines": lambda content: "\n    ".join(textwrap.wrap(content.hex(":"), 45)),
    "hex in C": lambda content: ", ".join(f"0x{byte:02X}" for byte in content),
    "hex reversed": lambda content: content.hex()[::-1],
}


@pytest.mark.parametrize("write", CODES.values(), ids=CODES)
@pytest.mark.parametrize("kind", KINDS)
def test_bytes_are_found(kind: str, write: Callable[[bytes], str | bytes]) -> None:
    found = secrets().found_in("before", write(der(kind)), "after")
    assert secrets().owners(found) == {pem(kind)}


@pytest.mark.parametrize("write", CODES.values(), ids=CODES)
def test_bytes_of_credentials_are_found(write: Callable[[bytes], str | bytes]) -> None:
    assert secrets().owners(secrets().found_in(write(CREDENTIAL.encode()))) == {CREDENTIAL}


NUMBERS: dict[str, Callable[[int], str | bytes]] = {
    "decimal": str,
    "decimal reversed": lambda value: str(value)[::-1],
    "decimal on lines": lambda value: "\\n".join(textwrap.wrap(str(value), 20)),
    "hex": hex,
    "upper hex": lambda value: f"{value:X}",
    "hex with an odd number of digits": lambda value: f"0x0{value:064x}",
    "base64 in JWK": lambda value: base64.urlsafe_b64encode(value.to_bytes(128, "big")).rstrip(b"="),
    "bytes": lambda value: value.to_bytes(128, "big"),
}


@pytest.mark.parametrize("write", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ed25519"])
def test_numbers_are_found(kind: str, write: Callable[[int], str | bytes]) -> None:
    assert secrets().owners(secrets().found_in("n = ", write(number(kind)))) == {pem(kind)}


def test_keys_with_a_password_are_found() -> None:
    forms = [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL]
    key = private_key("rsa2048", "leaks")
    pems = [key.private_bytes(Encoding.PEM, form, BestAvailableEncryption(b"of a test")).decode() for form in forms]
    encrypted = Secrets(pems)
    for text in pems:
        assert encrypted.owners(encrypted.found_in(json.dumps(text))) == {text}


def test_the_smallest_piece_is_found_and_nothing_smaller() -> None:
    body = "".join(pem("p256").splitlines()[1:-1])
    piece = body[60 : 60 + WIDTH]
    assert secrets().found_in(f"<{piece}>") == {piece}
    assert secrets().found_in(f"<{piece[1:]}>", f"<{piece[:-1]}>") == set()


@pytest.mark.parametrize("write", TEXTS.values(), ids=TEXTS)
def test_what_is_public_is_none(write: Callable[[str], str | bytes]) -> None:
    for kind in KINDS:
        assert secrets().found_in(write(certificate(kind))) == set()


@pytest.mark.parametrize("line_end", ["\n", "\\n", "%0A", "%0D%0A", "\\u000A", "=0A"])
@pytest.mark.parametrize("kind", KINDS)
def test_line_ends_of_what_is_public_are_none(kind: str, line_end: str) -> None:
    body = "".join(certificate(kind).splitlines()[1:-1])
    for width in range(8, 77):
        text = line_end.join(textwrap.wrap(body, width))
        assert secrets().found_in(text) == set(), width


def test_the_key_of_somebody_else_is_another() -> None:
    for kind in KINDS:
        # The end, because all keys of a kind have the same beginning.
        other = der(kind, "another")[-32:]
        assert secrets().found_in(other, other.hex(), base64.b64encode(other)) == set()


def test_what_cannot_be_unpacked_is_passed_over() -> None:
    broken = [zipped(b"a" * 100)[:-30], b"PK\x03\x04" + b"x" * 100, gzip.compress(b"a" * 100)[:-30], bz2.compress(b"a")]
    assert secrets().found_in(*broken, *map(base64.b64encode, broken)) == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_key_in_any_dialect_is_found(dialect: str, kind: str) -> None:
    for text in dialects_of(dialect, pem(kind)):
        known = Secrets([pem(kind), text]) if dialect in FORMS else secrets()
        assert known.found_in(f"shop.example.com {text}", json.dumps({"name": text})), dialect


def test_names_of_files_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    body = "".join(pem("p256").splitlines()[1:-1])
    (tmp_path / "state.json").write_text('{"accounts": {}}')
    (tmp_path / "everything.json").write_text(json.dumps({"certificates": [{"content": pem("p256")}]}))
    for name in ("sound", "leaky"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{'shop' if name == 'sound' else body[60:90].replace('/', '_')}.json").touch()
    paths = [str(tmp_path / name) for name in ("state.json", "everything.json", "sound", "leaky")]
    monkeypatch.setattr(sys, "argv", ["leaks", *paths])
    leaks_main.main()
    found = json.loads(capsys.readouterr().out)["found"]
    assert found["sound"] == {"keys": 0, "credentials": 0}
    assert found["leaky"] == {"keys": 1, "credentials": 0}
