# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calculations with cryptography, and keys that are not used for calculations."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.signature_algorithms import SignatureAlgorithm
from ansible_collections.ucloud.ulb.tests.simulator.keys import private_key
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from .unguarded import import_without

DATA = b"what is signed"
RSA, EC, DSA = (SignatureAlgorithm("", kind, "sha256") for kind in ("RSA", "EC", "DSA"))
ED25519, ED448 = (SignatureAlgorithm("", kind, "none") for kind in ("Ed25519", "Ed448"))


def signature_of(key: Any) -> bytes:
    if hasattr(key, "parameters"):
        return bytes(key.sign(DATA, hashes.SHA256()))
    return certs.signer_of(key)(DATA)


KEYS: dict[str, tuple[Any, SignatureAlgorithm]] = {
    "rsa": (certs.rsa_key(), RSA),
    "p256": (certs.ec_key(), EC),
    "p521": (certs.ec_key(curve=ec.SECP521R1), EC),
    "dsa": (private_key("dsa1024", "unit"), DSA),
    "ed25519": (ed25519.Ed25519PrivateKey.generate(), ED25519),
    "ed448": (ed448.Ed448PrivateKey.generate(), ED448),
}


@pytest.mark.parametrize("kind", KEYS)
def test_signatures_of_every_kind_of_key(kind: str) -> None:
    key, algorithm = KEYS[kind]
    info, signature = certs.spki(key), signature_of(key)

    assert crypto.has_signed(info, algorithm, signature, DATA) is True
    assert crypto.has_signed(info, algorithm, signature, DATA + b"!") is False
    assert crypto.has_signed(info, algorithm, b"", DATA) is False
    # An algorithm for another type of key cannot be the algorithm of this signature.
    for other, (_key, foreign) in KEYS.items():
        if foreign.key != algorithm.key and {other, kind} != {"ed25519", "ed448"}:
            assert crypto.has_signed(info, foreign, signature, DATA) is False


@pytest.mark.parametrize(
    "algorithm",
    [
        SignatureAlgorithm("1.2.3"),
        SignatureAlgorithm("", "RSA", None),
        SignatureAlgorithm("", "RSA", "md2"),
        SignatureAlgorithm("", "PSS", "sha256", None, 32),
        SignatureAlgorithm("", "GOST", "gost94"),
    ],
)
def test_what_is_not_known_cannot_be_told(algorithm: SignatureAlgorithm) -> None:
    key = certs.rsa_key()

    assert crypto.has_signed(certs.spki(key), algorithm, signature_of(key), DATA) is None


@pytest.mark.parametrize("info", [b"", b"no key", certs.sequence()])
def test_what_is_no_key_cannot_tell(info: bytes) -> None:
    assert crypto.has_signed(info, RSA, b"", DATA) is None


@pytest.mark.parametrize("bits", [16385, 30_000])
def test_nothing_is_computed_with_a_large_rsa_key(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = certs.sequence(certs.integer((1 << (bits - 1)) + 1), certs.integer(65537))
    algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
    info = certs.sequence(algorithm, certs.bits(numbers))
    monkeypatch.setattr(crypto, "_scheme", Mock(side_effect=AssertionError("this is computed with")))

    assert crypto.has_signed(info, RSA, bytes(bits // 8), DATA) is None


@pytest.mark.parametrize("bits", [65, 2000])
def test_nothing_is_computed_with_a_large_exponent(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = certs.sequence(certs.integer((1 << 2047) + 1), certs.integer((1 << (bits - 1)) + 1))
    algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
    info = certs.sequence(algorithm, certs.bits(numbers))
    monkeypatch.setattr(crypto, "_scheme", Mock(side_effect=AssertionError("this is computed with")))

    assert crypto.has_signed(info, RSA, bytes(256), DATA) is None


def test_public_halves() -> None:
    for key, _algorithm in KEYS.values():
        der = key.private_bytes(Encoding.DER, certs.PKCS8, NoEncryption())
        assert crypto.public_half(der) == certs.spki(key)
    encrypted = certs.ec_key().private_bytes(Encoding.DER, certs.PKCS8, BestAvailableEncryption(certs.PASSWORD))
    for unreadable in (encrypted, b"", b"\xff"):
        assert crypto.public_half(unreadable) is None


def test_importing_without_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = import_without(monkeypatch, crypto, "cryptography")

    assert crypto.CRYPTOGRAPHY_IMPORT_ERROR is None
    assert bare.CRYPTOGRAPHY_IMPORT_ERROR.startswith("Traceback (most recent call last):")
    assert "cryptography" in bare.CRYPTOGRAPHY_IMPORT_ERROR.splitlines()[-1]
