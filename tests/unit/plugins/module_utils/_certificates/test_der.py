# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DER, as far as it is read here. What is expected comes from cryptography, or was written by hand."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import (
    INTEGER,
    SEQUENCE,
    Element,
    children,
    element,
    public_key_info,
    rsa_numbers,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.tests.simulator import keys, minting
from ansible_collections.ucloud.ulb.tests.simulator.unsound import tlv

from . import minted


def spki(public_key: Any) -> bytes:
    info: bytes = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return info


KEYS: dict[str, Callable[[], Any]] = {
    "rsa1024": lambda: keys.private_key("rsa1024", "unit"),
    "rsa2048": lambda: keys.private_key("rsa2048", "unit"),
    "rsa with exponent 3": lambda: rsa.generate_private_key(3, 2048),
    "p256": minted.ec_key,
    "p384": lambda: minted.ec_key(curve=ec.SECP384R1),
    "p521": lambda: minted.ec_key(curve=ec.SECP521R1),
    "secp256k1": lambda: minted.ec_key(curve=ec.SECP256K1),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
    "dsa": lambda: keys.private_key("dsa1024", "unit"),
}


@pytest.mark.parametrize("kind", KEYS)
def test_public_keys_are_as_cryptography_writes_them(kind: str) -> None:
    key = KEYS[kind]()

    info = public_key_info(minted.der(minted.mint(key)))

    assert info == spki(key.public_key())
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        assert rsa_numbers(info) == (numbers.n, numbers.e)
    else:
        assert rsa_numbers(info) is None


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 65536, (1 << 256) + 2])
def test_exponents_that_cryptography_may_refuse(exponent: int) -> None:
    key = keys.private_key("rsa2048", "unit")
    assert isinstance(key, rsa.RSAPrivateKey)
    request = minting.Request(
        minting.subject("kiosk.example.net"),
        key,
        minted.utc(minted.NOT_BEFORE),
        minted.utc(minted.NOT_AFTER),
        exponent=exponent,
    )
    der = minted.der(minting.self_signed(request))
    modulus = key.public_key().public_numbers().n

    assert rsa_numbers(public_key_info(der) or b"") == (modulus, exponent)
    assert Parsed(der).facts()["public_key"] == {
        "type": "RSA",
        "size": 2048,
        "curve": None,
        "exponent": exponent,
        "modulus": hex(modulus),
    }


def test_keys_for_pss_signatures_only() -> None:
    usual = spki(keys.private_key("rsa2048", "unit").public_key())
    # The other object identifier (RFC 4055) has the same length.
    special = usual.replace(bytes.fromhex("06092a864886f70d010101"), bytes.fromhex("06092a864886f70d01010a"))

    assert special != usual
    assert rsa_numbers(usual) is not None
    assert rsa_numbers(special) == rsa_numbers(usual)


def test_a_certificate_of_version_1() -> None:
    der = minted.der(minted.mint())
    version = bytes.fromhex("a003020102")
    outer, inner = element(der), element(der, 4)
    assert outer is not None
    assert inner is not None
    assert der[inner.begin : inner.begin + 5] == version
    old = tlv(SEQUENCE, tlv(SEQUENCE, der[inner.begin + 5 : inner.end]) + der[inner.end :])

    assert x509.load_der_x509_certificate(old).version == x509.Version.v1
    assert public_key_info(old) == spki(minted.ec_key().public_key())


@pytest.mark.filterwarnings("ignore:Parsed a ")  # one has the serial number 0
def test_every_root_that_everybody_knows() -> None:
    bodies = re.findall(r"-----BEGIN CERTIFICATE-----(.+?)-----END", certifi.contents(), re.DOTALL)
    assert len(bodies) > 100
    for der in map(base64.b64decode, bodies):
        key = x509.load_der_x509_certificate(der).public_key()
        info = public_key_info(der)
        assert info == spki(key)
        numbers = key.public_numbers() if isinstance(key, rsa.RSAPublicKey) else None
        assert rsa_numbers(info) == ((numbers.n, numbers.e) if numbers else None)


@pytest.mark.parametrize(
    ("der", "start", "expected"),
    [
        ("0203010203", 0, Element(INTEGER, 0, 2, 5)),
        ("ffff0203010203", 2, Element(INTEGER, 2, 4, 7)),
        ("0200", 0, Element(INTEGER, 0, 2, 2)),
        ("02810101", 0, Element(INTEGER, 0, 3, 4)),
        ("0282000101", 0, Element(INTEGER, 0, 4, 5)),
        # What stands behind it belongs to something else.
        ("020101ff", 0, Element(INTEGER, 0, 2, 3)),
        # There is none, or it is not whole.
        ("", 0, None),
        ("02", 0, None),
        ("0203", 5, None),
        ("02030102", 0, None),
        ("028201", 0, None),
        ("0284ffffffff01", 0, None),
        ("028401", 0, None),
        # DER has no indefinite length: this is an empty one.
        ("0280", 0, Element(INTEGER, 0, 2, 2)),
    ],
)
def test_elements(der: str, start: int, expected: Element | None) -> None:
    assert element(bytes.fromhex(der), start) == expected


def test_children() -> None:
    der = bytes.fromhex("3009020101050002020102")
    parent = element(der)
    assert parent is not None
    assert [der[item.start : item.end].hex() for item in children(der, parent)] == ["020101", "0500", "02020102"]

    cut = bytes.fromhex("30050201010205")
    parent = element(cut)
    assert parent is not None
    assert [cut[item.start : item.end].hex() for item in children(cut, parent)] == ["020101"]
    assert list(children(b"\x30\x00", Element(SEQUENCE, 0, 2, 2))) == []


SERIAL, EMPTY = tlv(INTEGER, b"\1"), tlv(SEQUENCE, b"")


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"\x30\x00",
        tlv(SEQUENCE, tlv(SEQUENCE, b"")),
        tlv(SEQUENCE, tlv(SEQUENCE, SERIAL + 4 * EMPTY)),
        tlv(SEQUENCE, tlv(SEQUENCE, SERIAL + 4 * EMPTY + SERIAL)),
    ],
    ids=["nothing", "cut", "empty", "no-fields", "too-few-fields", "no-sequence"],
)
def test_what_has_no_public_key(der: bytes) -> None:
    assert public_key_info(der) is None


RSA_ALGORITHM = tlv(SEQUENCE, bytes.fromhex("06092a864886f70d0101010500"))


@pytest.mark.parametrize(
    "info",
    [
        b"",
        EMPTY,
        tlv(SEQUENCE, RSA_ALGORITHM),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(INTEGER, b"\0")),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"")),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"\0")),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"\0" + EMPTY)),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"\0" + tlv(SEQUENCE, SERIAL))),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"\0" + tlv(SEQUENCE, 3 * SERIAL))),
        tlv(SEQUENCE, EMPTY + tlv(0x03, b"\0" + tlv(SEQUENCE, 2 * SERIAL))),
        tlv(SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"\0" + tlv(SEQUENCE, 2 * SERIAL)) + EMPTY),
    ],
)
def test_what_is_no_rsa_key(info: bytes) -> None:
    assert rsa_numbers(info) is None


def test_the_smallest_rsa_key() -> None:
    info = tlv(
        SEQUENCE, RSA_ALGORITHM + tlv(0x03, b"\0" + tlv(SEQUENCE, tlv(INTEGER, b"\0\xa1") + tlv(INTEGER, b"\xff")))
    )

    assert rsa_numbers(info) == (161, -1)


CERTIFICATE = minted.der(minted.mint(minted.rsa_key()))


@given(st.integers(0, len(CERTIFICATE) - 1), st.binary(min_size=1, max_size=4))
def test_whatever_is_wrong_with_it_nothing_is_raised(place: int, change: bytes) -> None:
    broken = CERTIFICATE[:place] + change + CERTIFICATE[place + len(change) :]

    for der in (broken, CERTIFICATE[:place], CERTIFICATE[place:]):
        info = public_key_info(der)
        assert info is None or (info in der and info[0] == SEQUENCE)
        numbers = rsa_numbers(info or der)
        assert numbers is None or len(numbers) == 2
