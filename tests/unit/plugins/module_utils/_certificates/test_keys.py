# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts and identities of public keys, compared with cryptography and openssl where they support the key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import certifi
import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto, keys
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.keys import read_public_key
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.pem import split
from ansible_collections.ucloud.ulb.tests.simulator.keys import private_key
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from . import openssl

RSA_ALGORITHM = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
P256 = "1.2.840.10045.3.1.7"


def rsa_info(modulus: int, exponent: int, algorithm: bytes = RSA_ALGORITHM) -> bytes:
    numbers = certs.sequence(certs.integer(modulus), certs.integer(exponent))
    return certs.sequence(algorithm, certs.bits(numbers))


def ec_info(parameters: bytes, point: bytes) -> bytes:
    algorithm = certs.sequence(certs.oid("1.2.840.10045.2.1"), parameters)
    return certs.sequence(algorithm, certs.bits(point))


def dsa_info(prime: int, value: int) -> bytes:
    parameters = certs.sequence(certs.integer(prime), certs.integer(7), certs.integer(2))
    algorithm = certs.sequence(certs.oid("1.2.840.10040.4.1"), parameters)
    return certs.sequence(algorithm, certs.bits(certs.integer(value)))


def facts(kind: str, size: int | None, curve: str | None = None, **others: Any) -> dict[str, Any]:
    return {"type": kind, "size": size, "curve": curve, "exponent": None, "modulus": None, **others}


FIXED: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "p256": (certs.ec_key, facts("EC", 256, "secp256r1")),
    "p224": (lambda: certs.ec_key(curve=ec.SECP224R1), facts("EC", 224, "secp224r1")),
    "p384": (lambda: certs.ec_key(curve=ec.SECP384R1), facts("EC", 384, "secp384r1")),
    "p521": (lambda: certs.ec_key(curve=ec.SECP521R1), facts("EC", 521, "secp521r1")),
    "secp256k1": (lambda: certs.ec_key(curve=ec.SECP256K1), facts("EC", 256, "secp256k1")),
    "brainpool": (lambda: certs.ec_key(curve=ec.BrainpoolP384R1), facts("EC", 384, "brainpoolP384r1")),
    "ed25519": (ed25519.Ed25519PrivateKey.generate, facts("Ed25519", 256)),
    "ed448": (ed448.Ed448PrivateKey.generate, facts("Ed448", 456)),
    "x25519": (x25519.X25519PrivateKey.generate, facts("X25519", 256)),
    "x448": (x448.X448PrivateKey.generate, facts("X448", 448)),
    "dsa": (lambda: private_key("dsa1024", "unit"), facts("DSA", 1024)),
}


@pytest.mark.parametrize("kind", FIXED)
def test_kinds_of_keys(kind: str) -> None:
    make, expected = FIXED[kind]
    key = make()
    found = read_public_key(certs.spki(key))

    assert found.facts == expected
    assert found.identity == read_public_key(certs.spki(key)).identity
    if kind in ("ed25519", "ed448", "x25519", "x448"):
        assert found.identity != read_public_key(certs.spki(make())).identity


def test_every_curve_that_cryptography_knows() -> None:
    """Names and sizes are compared with cryptography."""
    oids = {name: oid.dotted_string for name, oid in vars(ec.EllipticCurveOID).items() if name.isupper()}
    assert len(oids) > 8
    for name, dotted in oids.items():
        curve = getattr(ec, name.replace("BRAINPOOLP", "BrainpoolP").replace("R1", "R1"), None)
        if curve is None or not isinstance(getattr(curve, "name", None), str):
            continue
        known, size = keys._CURVES[dotted]
        assert known == curve.name
        # For curves over binary fields, cryptography has the size of the field, and openssl the size of the order.
        assert size == curve.key_size or (name.startswith("SECT") and 0 <= curve.key_size - size <= 2)


def test_every_curve_has_the_size_that_openssl_says() -> None:
    compared = 0
    for name, size in keys._CURVES.values():
        known = {"secp192r1": "prime192v1", "secp256r1": "prime256v1"}.get(name, name)
        made = openssl.run("ecparam", "-name", known, "-genkey", "-noout")
        shown = openssl.run("pkey", "-noout", "-text", given=made.encode()) if made else None
        if shown:
            assert f"({size} bit" in shown.splitlines()[0]
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("exponent", [3, 65537])
def test_rsa_keys(exponent: int) -> None:
    key = certs.rsa_key() if exponent == 65537 else rsa.generate_private_key(3, 2048)
    assert isinstance(key, rsa.RSAPrivateKey)
    numbers = key.public_key().public_numbers()
    found = read_public_key(certs.spki(key))

    assert found.facts == facts("RSA", 2048, exponent=exponent, modulus=hex(numbers.n))
    assert found.identity == keys.rsa_identity(numbers.n, exponent)


@pytest.mark.parametrize(
    ("exponent", "shown"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (65536, 65536),
        (-1, -1),
        ((1 << 64) - 1, (1 << 64) - 1),
        (1 << 64, "0x10000000000000000"),
        ((1 << 256) + 2, hex((1 << 256) + 2)),
        ((1 << 19_999) + 1, hex((1 << 19_999) + 1)),
    ],
    ids=certs.case_id,
)
def test_exponents_that_nobody_can_use(exponent: int, shown: int | str) -> None:
    found = read_public_key(rsa_info(161, exponent)).facts

    assert found == facts("RSA", 8, exponent=shown, modulus="0xa1")


@pytest.mark.parametrize("modulus", [0, -1, -(1 << 2047)], ids=certs.case_id)
def test_a_modulus_that_is_not_positive(modulus: int) -> None:
    with pytest.raises(ValueError, match="the modulus of the RSA key is not positive"):
        read_public_key(rsa_info(modulus, 65537))


@pytest.mark.parametrize(
    "algorithm",
    [
        certs.sequence(certs.oid("1.2.840.113549.1.1.10")),  # PSS
        certs.sequence(certs.oid("1.2.840.113549.1.1.10"), certs.sequence()),
        certs.sequence(certs.oid("2.5.8.1.1"), certs.integer(2048)),
        certs.sequence(certs.oid("1.2.840.113549.1.1.1")),  # without its NULL
    ],
)
def test_rsa_keys_under_another_algorithm_are_the_same(algorithm: bytes) -> None:
    usual, other = read_public_key(rsa_info(161, 5)), read_public_key(rsa_info(161, 5, algorithm))

    assert other == usual


def compressed(key: Any) -> bytes:
    point: bytes = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return point


def uncompressed(key: Any) -> bytes:
    point: bytes = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point


@pytest.mark.parametrize("label", ["a", "b", "c", "d"])
def test_a_point_is_the_same_however_it_is_written(label: str) -> None:
    key = certs.ec_key(label)
    usual = read_public_key(certs.spki(key))

    short = read_public_key(ec_info(certs.oid(P256), compressed(key)))
    assert short.facts == usual.facts
    assert short.identity == usual.identity
    mirrored = bytes([compressed(key)[0] ^ 1]) + compressed(key)[1:]
    assert read_public_key(ec_info(certs.oid(P256), mirrored)).identity != usual.identity


def test_a_point_that_is_not_on_its_curve_is_no_key() -> None:
    wrong = bytearray(uncompressed(certs.ec_key()))
    wrong[-1] ^= 1

    with pytest.raises(ValueError, match=r"."):
        read_public_key(ec_info(certs.oid(P256), bytes(wrong)))


#: The explicit parameters of P-256 (FIPS 186-4, D.1.2.3).
PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
B = bytes.fromhex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")


def explicit(*, order: int = ORDER) -> bytes:
    return certs.sequence(
        certs.integer(1),
        certs.sequence(certs.oid("1.2.840.10045.1.1"), certs.integer(PRIME)),
        certs.sequence(certs.octets((PRIME - 3).to_bytes(32, "big")), certs.octets(B)),
        certs.octets(BASE),
        certs.integer(order),
        certs.integer(1),
    )


def test_a_curve_that_is_written_out_has_a_size_and_no_name() -> None:
    written = certs.raw_certificate(public_key=ec_info(explicit(), uncompressed(certs.ec_key())))
    found = read_public_key(ec_info(explicit(), uncompressed(certs.ec_key())))

    assert found.facts == facts("EC", 256)
    assert openssl.public_key(written) is not None


def test_nothing_is_computed_with_a_curve_that_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "check_point", Mock(side_effect=AssertionError))
    parameters = explicit(order=(1 << 30_000) + 1)

    assert read_public_key(ec_info(parameters, uncompressed(certs.ec_key()))).facts == facts("EC", 30_001)


def test_dsa_keys() -> None:
    key = private_key("dsa1024", "unit")
    assert isinstance(key, dsa.DSAPrivateKey)
    numbers = key.public_key().public_numbers()

    found = read_public_key(certs.spki(key))
    assert found.identity == keys.dsa_identity(numbers.parameter_numbers.p, numbers.y)
    other = read_public_key(dsa_info(numbers.parameter_numbers.p, numbers.y + 1))
    assert other.facts == found.facts
    assert other.identity != found.identity


def test_a_dsa_key_without_parameters() -> None:
    algorithm = certs.sequence(certs.oid("1.2.840.10040.4.1"))
    found = read_public_key(certs.sequence(algorithm, certs.bits(certs.integer(5))))

    assert found.facts == facts("DSA", None)


NEVER = Mock(side_effect=AssertionError("this is computed with"))


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (
            rsa_info((1 << 29_999) + 1, (1 << 19_999) + 1),
            facts("RSA", 30_000, exponent=hex((1 << 19_999) + 1), modulus=hex((1 << 29_999) + 1)),
        ),
        (dsa_info((1 << 29_999) + 1, 5), facts("DSA", 30_000)),
    ],
    ids=["rsa", "dsa"],
)
def test_nothing_is_computed_with_what_is_absurdly_large(
    info: bytes, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for function in ("load_der_public_key", "load_der_private_key"):
        monkeypatch.setattr(crypto, function, NEVER)

    assert read_public_key(info).facts == expected


def test_keys_of_hashes_that_are_not_yet_in_use() -> None:
    info = certs.sequence(
        certs.sequence(certs.oid("2.16.840.1.101.3.4.3.18")),
        certs.bits(b"\1" * 1952),
    )

    assert read_public_key(info).facts == facts("ML-DSA-65", None)


EMPTY, ONE = certs.sequence(), certs.integer(1)
ED25519 = certs.sequence(certs.oid("1.3.101.112"))


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (b"", "truncated"),
        (EMPTY, "0 elements instead of 2"),
        (certs.sequence(RSA_ALGORITHM), "1 elements instead of 2"),
        (certs.sequence(RSA_ALGORITHM, certs.bits(b""), EMPTY), "3 elements instead of 2"),
        (certs.sequence(EMPTY, certs.bits(b"")), "no algorithm"),
        (certs.sequence(RSA_ALGORITHM, ONE), "not a bit string"),
        (certs.sequence(RSA_ALGORITHM, tlv(3, b"")), "not a bit string"),
        (certs.sequence(RSA_ALGORITHM, certs.bits(b"")), "truncated"),
        (certs.sequence(RSA_ALGORITHM, certs.bits(EMPTY, 1)), "not a whole number of bytes"),
        (certs.sequence(RSA_ALGORITHM, certs.bits(EMPTY)), "elements instead of 2"),
        (
            certs.sequence(RSA_ALGORITHM, certs.bits(certs.sequence(ONE))),
            "elements instead of 2",
        ),
        (
            certs.sequence(RSA_ALGORITHM, certs.bits(certs.sequence(ONE, ONE, ONE))),
            "elements instead of 2",
        ),
        (
            certs.sequence(RSA_ALGORITHM, certs.bits(certs.sequence(ONE, EMPTY))),
            "not a number",
        ),
        (
            certs.sequence(certs.sequence(certs.oid("1.2.3.4")), certs.bits(b"a")),
            r"unknown type of key: 1\.2\.3\.4",
        ),
        (certs.sequence(ED25519, certs.bits(b"a" * 31)), "31 bytes instead of 32"),
        (ec_info(b"", b"\4" * 65), "without a curve"),
        (ec_info(certs.NULL, b"\4" * 65), "tag 0x05"),
        (ec_info(certs.oid("1.2.3.4"), b"\4" * 65), r"unknown elliptic curve: 1\.2\.3\.4"),
        (ec_info(certs.sequence(ONE), b"\4" * 65), "without a curve"),
        (ec_info(explicit(), b""), "without a point"),
    ],
    ids=certs.case_id,
)
def test_what_is_no_key(info: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_public_key(info)


def test_every_root_that_everybody_knows() -> None:
    certificates = [item for item in split(certifi.contents()).certificates if item is not None]
    assert len(certificates) > 100
    for item in certificates:
        key = load_der_public_key(item.public_key_info)
        found = read_public_key(item.public_key_info)
        if isinstance(key, rsa.RSAPublicKey):
            numbers = key.public_numbers()
            assert found.facts == facts("RSA", key.key_size, exponent=numbers.e, modulus=hex(numbers.n))
        else:
            assert isinstance(key, ec.EllipticCurvePublicKey)
            assert found.facts == facts("EC", key.key_size, key.curve.name)
