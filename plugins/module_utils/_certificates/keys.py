# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read public keys: SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) to facts.

There is no arithmetic with keys here, so the cost of a hostile key depends only on its length.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, NamedTuple

from . import crypto, der

RSA, EC, DSA = "RSA", "EC", "DSA"
ALGORITHMS = {
    "1.2.840.113549.1.1.1": RSA,
    "1.2.840.113549.1.1.10": RSA,  # id-RSASSA-PSS: keys that only sign this way (RFC 4055, 3.1)
    "2.5.8.1.1": RSA,  # X.509 itself, before PKCS #1
    "1.2.840.10045.2.1": EC,
    "1.2.840.10040.4.1": DSA,
    "1.3.101.110": "X25519",
    "1.3.101.111": "X448",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}
#: Bits, and bytes of the key: RFC 7748, RFC 8032.
_FIXED_SIZES = {"X25519": (256, 32), "X448": (448, 56), "Ed25519": (256, 32), "Ed448": (456, 57)}
#: Names in cryptography and OpenSSL, and bits: RFC 5480, RFC 5639, SEC 2, GB/T 32918.
_CURVES = {
    "1.2.840.10045.3.1.1": ("secp192r1", 192),
    "1.2.840.10045.3.1.7": ("secp256r1", 256),
    "1.3.132.0.33": ("secp224r1", 224),
    "1.3.132.0.34": ("secp384r1", 384),
    "1.3.132.0.35": ("secp521r1", 521),
    "1.3.132.0.10": ("secp256k1", 256),
    "1.3.132.0.31": ("secp192k1", 192),
    "1.3.132.0.32": ("secp224k1", 225),
    "1.3.132.0.1": ("sect163k1", 163),
    "1.3.132.0.15": ("sect163r2", 163),
    "1.3.132.0.26": ("sect233k1", 232),
    "1.3.132.0.27": ("sect233r1", 233),
    "1.3.132.0.16": ("sect283k1", 281),
    "1.3.132.0.17": ("sect283r1", 282),
    "1.3.132.0.36": ("sect409k1", 407),
    "1.3.132.0.37": ("sect409r1", 409),
    "1.3.132.0.38": ("sect571k1", 570),
    "1.3.132.0.39": ("sect571r1", 570),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
    "1.2.156.10197.1.301": ("SM2", 256),
}
#: Maximum number of bits of a number in facts. JSON readers round larger ones, so larger exponents are hexadecimal.
_MAX_NUMBER_BITS = 64


class PublicKey(NamedTuple):
    """A public key.

    Attributes:
        facts: ``type``, ``size`` (bits), ``curve``, ``exponent`` and ``modulus``.
        identity: Equal for the same key, whatever its encoding.
    """

    facts: dict[str, Any]
    identity: Hashable


def read_public_key(info: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo.

    Raises:
        ValueError: It is not one, or the type of key is unknown.
    """
    identifier, bits = der.exactly(der.only(info), 2)
    oid, parameters = _known_algorithm(der.whole(info, identifier))
    key, unused = der.bit_string(info, bits)
    kind = ALGORITHMS.get(oid)
    if kind is None:
        raise ValueError(f"unknown type of key: {oid}")
    if unused:
        raise der.MalformedError("not a whole number of bytes")
    if kind == RSA:
        return _rsa_key(key)
    if kind == EC:
        return _ec_key(parameters, key, info)
    if kind == DSA:
        return _dsa_key(parameters, key)
    size, length = _FIXED_SIZES.get(kind, (None, len(key)))
    if length != len(key):
        raise der.MalformedError(f"{len(key)} bytes instead of {length}")
    return PublicKey(_facts(kind, size), (oid, key))


def algorithm(data: bytes, item: der.Element) -> tuple[str, bytes | None]:
    """Return the object identifier of an algorithm, and its parameters (DER) if there are some."""
    parts = der.inside(data, item)
    if not parts:
        raise der.MalformedError("it has no algorithm")
    return der.object_identifier(data, parts[0]), der.whole(data, parts[1]) if len(parts) > 1 else None


# Nearly all public keys have the same few. Nothing of private keys is cached.
@lru_cache(maxsize=256)
def _known_algorithm(encoded: bytes) -> tuple[str, bytes | None]:
    return algorithm(encoded, der.element(encoded, 0, len(encoded)))


def _facts(kind: str, size: int | None, **others: Any) -> dict[str, Any]:
    return {"type": kind, "size": size, "curve": None, "exponent": None, "modulus": None, **others}


def _rsa_key(key: bytes) -> PublicKey:
    first, second = der.exactly(der.only(key), 2)
    modulus, exponent = der.integer(key, first), der.integer(key, second)
    if modulus <= 0:
        raise der.MalformedError("the modulus of the RSA key is not positive")
    shown = exponent if exponent.bit_length() <= _MAX_NUMBER_BITS else hex(exponent)
    return PublicKey(
        _facts(RSA, modulus.bit_length(), exponent=shown, modulus=hex(modulus)), rsa_identity(modulus, exponent)
    )


def _ec_key(parameters: bytes | None, point: bytes, info: bytes) -> PublicKey:
    if parameters is None:
        raise der.MalformedError("an EC key without a curve")
    item = der.element(parameters, 0, len(parameters))
    if item[0] == der.OBJECT_IDENTIFIER:
        oid = der.object_identifier(parameters, item)
        if oid not in _CURVES:
            raise ValueError(f"unknown elliptic curve: {oid}")
        curve, size = _CURVES[oid]
        crypto.check_point(info)
        return PublicKey(_facts(EC, size, curve=curve), ec_identity(parameters, point))
    # A curve with explicit parameters: version, field, curve, base, order, … (RFC 3279, 2.3.5).
    numbers = der.only(parameters)
    if len(numbers) < 5:
        raise der.MalformedError("an EC key without a curve")
    return PublicKey(_facts(EC, der.integer(parameters, numbers[4]).bit_length()), ec_identity(parameters, point))


def rsa_identity(modulus: int, exponent: int) -> Hashable:
    """Return the identity of an RSA key."""
    return RSA, modulus, exponent


def ec_identity(parameters: bytes, point: bytes) -> Hashable:
    """Return the identity of an EC key: its curve (DER of the parameters) and its point.

    A point is encoded as two numbers, or as the first number and whether the second one is odd.
    """
    if not point:
        raise der.MalformedError("an EC key without a point")
    if point[0] in (2, 3):
        return EC, parameters, point[1:], point[0] & 1
    return EC, parameters, point[1 : 1 + len(point) // 2], point[-1] & 1


def _dsa_key(parameters: bytes | None, key: bytes) -> PublicKey:
    value = der.integer(key, der.element(key, 0, len(key)))
    # Without parameters, those of the issuer apply (RFC 3279, 2.3.2).
    numbers = der.only(parameters) if parameters and parameters[0] == der.SEQUENCE else []
    prime = der.integer(parameters or b"", numbers[0]) if numbers else None
    if prime is not None and prime <= 0:
        raise der.MalformedError("the prime of the DSA key is not positive")
    return PublicKey(_facts(DSA, prime.bit_length() if prime is not None else None), dsa_identity(prime, value))


def dsa_identity(prime: int | None, value: int) -> Hashable:
    """Return the identity of a DSA key: its prime, if it has one, and its public number."""
    return DSA, prime, value
