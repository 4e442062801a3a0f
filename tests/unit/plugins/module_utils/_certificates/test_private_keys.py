# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public half of private keys. Expected values come from the keys that these tests create."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto, keys
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.keys import read_public_key
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.private_keys import identity_of_private_key
from ansible_collections.ucloud.ulb.tests.simulator.keys import private_key
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

PROPERTY = settings(deadline=None, derandomize=True)

KEYS: dict[str, Callable[[], Any]] = {
    "rsa1024": lambda: private_key("rsa1024", "unit"),
    "rsa2048": certs.rsa_key,
    "p256": certs.ec_key,
    "p384": lambda: certs.ec_key(curve=ec.SECP384R1),
    "p521": lambda: certs.ec_key(curve=ec.SECP521R1),
    "secp256k1": lambda: certs.ec_key(curve=ec.SECP256K1),
    "dsa": lambda: private_key("dsa1024", "unit"),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
}
WITHOUT_OTHER_FORMS = ("ed25519", "ed448")


def written(key: Any, form: Any = certs.PKCS8) -> bytes:
    der: bytes = key.private_bytes(Encoding.DER, form, NoEncryption())
    return der


@pytest.mark.parametrize("kind", KEYS)
def test_every_kind_in_every_form(kind: str) -> None:
    key = KEYS[kind]()
    wanted = read_public_key(certs.spki(key)).identity

    assert identity_of_private_key(written(key)) == wanted
    if kind not in WITHOUT_OTHER_FORMS:
        assert identity_of_private_key(written(key, certs.TRADITIONAL)) == wanted


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
def test_encrypted_keys_cannot_tell(kind: str) -> None:
    der = KEYS[kind]().private_bytes(Encoding.DER, certs.PKCS8, BestAvailableEncryption(certs.PASSWORD))

    assert identity_of_private_key(der) is None


EC_ALGORITHM, P256 = certs.oid("1.2.840.10045.2.1"), certs.oid("1.2.840.10045.3.1.7")


def secret() -> bytes:
    return certs.octets(certs.ec_key().private_numbers().private_value.to_bytes(32, "big"))


def point(form: PublicFormat = PublicFormat.UncompressedPoint) -> bytes:
    return tlv(0xA1, certs.bits(certs.ec_key().public_key().public_bytes(Encoding.X962, form)))


EC_KEYS: dict[str, Callable[[], bytes]] = {
    "sec1 without the public half": lambda: certs.sequence(certs.integer(1), secret(), tlv(0xA0, P256)),
    "sec1 with a compressed one": lambda: certs.sequence(
        certs.integer(1), secret(), tlv(0xA0, P256), point(PublicFormat.CompressedPoint)
    ),
    "pkcs8 without the public half": lambda: certs.sequence(
        certs.integer(0),
        certs.sequence(EC_ALGORITHM, P256),
        certs.octets(certs.sequence(certs.integer(1), secret())),
    ),
    "pkcs8 with the curve inside, too": lambda: certs.sequence(
        certs.integer(0),
        certs.sequence(EC_ALGORITHM, P256),
        certs.octets(certs.sequence(certs.integer(1), secret(), tlv(0xA0, P256), point())),
    ),
    "pkcs8 with attributes": lambda: certs.sequence(
        certs.integer(0),
        certs.sequence(EC_ALGORITHM, P256),
        certs.octets(certs.sequence(certs.integer(1), secret(), point())),
        tlv(0xA0, b""),
    ),
}


@pytest.mark.parametrize("form", EC_KEYS)
def test_forms_of_ec_keys(form: str) -> None:
    key = EC_KEYS[form]()
    identity = identity_of_private_key(key)

    if form == "sec1 without the public half" and crypto.public_half(key) is None:
        assert identity is None  # older versions of cryptography do not load it
    else:
        assert identity == read_public_key(certs.spki(certs.ec_key())).identity


def test_a_sec1_key_without_curve_cannot_tell() -> None:
    assert identity_of_private_key(certs.sequence(certs.integer(1), secret(), point())) is None


def dsa_pkcs8(prime: int, value: int) -> bytes:
    parameters = certs.sequence(certs.integer(prime), certs.integer(7), certs.integer(2))
    return certs.sequence(
        certs.integer(0),
        certs.sequence(certs.oid("1.2.840.10040.4.1"), parameters),
        certs.octets(certs.integer(value)),
    )


LARGE = (1 << 29_999) + 1


@pytest.mark.parametrize(
    "key",
    [
        dsa_pkcs8(LARGE, 5),
        dsa_pkcs8(161, LARGE),
        certs.sequence(*map(certs.integer, (0, LARGE, 7, 2, 5, LARGE))),
        certs.sequence(*map(certs.integer, (0, LARGE, LARGE, 2, 3, 5, 7, 11, 13))),
        certs.sequence(
            certs.integer(0),
            certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL),
            certs.octets(certs.sequence(*map(certs.integer, (0, LARGE, LARGE, 2, 3, 5, 7, 11, 13)))),
        ),
    ],
    ids=["dsa-prime", "dsa-secret", "old-dsa", "rsa", "rsa-pkcs8"],
)
def test_nothing_is_computed_with_what_is_absurdly_large(key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for function in ("public_half", "check_point", "load_der_private_key", "load_der_public_key"):
        monkeypatch.setattr(crypto, function, Mock(side_effect=AssertionError("this is computed with")))

    identity = identity_of_private_key(key)

    assert identity in (None, keys.dsa_identity(LARGE, 5), keys.rsa_identity(LARGE, LARGE))


def test_usual_rsa_and_ec_keys_take_no_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "public_half", Mock(side_effect=AssertionError("this is computed with")))

    for key in (certs.rsa_key(), certs.ec_key()):
        for form in (certs.TRADITIONAL, certs.PKCS8):
            assert identity_of_private_key(written(key, form)) is not None


def test_a_dsa_key_takes_arithmetic() -> None:
    key = private_key("dsa1024", "unit")
    assert isinstance(key, dsa.DSAPrivateKey)
    numbers = key.private_numbers()

    assert identity_of_private_key(written(key)) == keys.dsa_identity(
        numbers.public_numbers.parameter_numbers.p, numbers.public_numbers.y
    )


def nested(depth: int) -> bytes:
    """Return PKCS #8 that claims to contain an RSA key, but contains PKCS #8, and so on."""
    key = written(certs.rsa_key(), certs.TRADITIONAL)
    for _unused in range(depth):
        algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
        key = certs.sequence(certs.integer(0), algorithm, certs.octets(key))
    return key


@pytest.mark.parametrize("depth", [2, 3000])
def test_a_key_inside_of_the_wrapping_of_another_one_is_none(depth: int) -> None:
    assert identity_of_private_key(nested(1)) is not None
    assert identity_of_private_key(nested(depth)) is None


ONE, EMPTY = certs.integer(1), certs.sequence()


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"no key",
        b"\xff",
        EMPTY,
        certs.sequence(ONE),
        certs.sequence(ONE, ONE),
        certs.sequence(EMPTY, ONE),
        certs.sequence(ONE, EMPTY),
        certs.sequence(ONE, EMPTY, ONE),
        certs.sequence(ONE, certs.sequence(EC_ALGORITHM, P256)),
        certs.sequence(ONE, certs.sequence(EC_ALGORITHM, P256), certs.octets(b"")),
        certs.sequence(ONE, certs.sequence(EC_ALGORITHM, P256), certs.octets(EMPTY)),
        certs.sequence(
            ONE,
            certs.sequence(certs.oid("1.2.840.10040.4.1"), EMPTY),
            certs.octets(b""),
        ),
        certs.sequence(
            ONE,
            certs.sequence(certs.oid("1.2.840.10040.4.1")),
            certs.octets(b""),
        ),
        certs.sequence(ONE, certs.sequence(certs.oid("1.2.3.4")), certs.octets(b"")),
        certs.sequence(ONE, certs.sequence(certs.oid("1.3.101.112")), certs.octets(b"a")),
        certs.sequence(ONE, secret(), tlv(0xA0, P256), tlv(0xA1, b"")),
        certs.sequence(ONE, secret(), tlv(0xA0, P256), tlv(0xA1, certs.bits(b""))),
        certs.sequence(ONE, certs.octets(b"\0" * 32), tlv(0xA0, P256)),
        certs.der(certs.leaf()),
    ],
    ids=certs.case_id,
)
def test_what_is_no_key_cannot_tell(key: bytes) -> None:
    assert identity_of_private_key(key) is None


SAMPLES = [
    written(certs.rsa_key()),
    written(certs.ec_key()),
    written(certs.ec_key(), certs.TRADITIONAL),
]
SAMPLES += [dsa_pkcs8(161, 5), written(ed25519.Ed25519PrivateKey.generate())]


@PROPERTY
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 60), st.binary(min_size=1, max_size=3)), min_size=1, max_size=3),
    st.integers(0, 2000),
)
def test_no_damage_raises(key: bytes, changes: list[tuple[int, bytes]], end: int) -> None:
    damaged = bytearray(key)
    for place, change in changes:
        damaged[place : place + len(change)] = change

    for broken in (bytes(damaged), bytes(damaged)[:end]):
        hash(identity_of_private_key(broken))
