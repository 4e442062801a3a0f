# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read signature algorithms: AlgorithmIdentifier to type of key and hash (RFC 3279, 4055, 5758, 8410, 9688)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from . import der, oids

_RSASSA_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
_HASHES = {
    "1.2.840.113549.2.2": "md2",
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.5": "sha512-224",
    "2.16.840.1.101.3.4.2.6": "sha512-256",
    "2.16.840.1.101.3.4.2.7": "sha3-224",
    "2.16.840.1.101.3.4.2.8": "sha3-256",
    "2.16.840.1.101.3.4.2.9": "sha3-384",
    "2.16.840.1.101.3.4.2.10": "sha3-512",
    "1.2.156.10197.1.401": "sm3",
}
#: Type of key and hash of each algorithm without parameters for them.
_ALGORITHMS = {
    "1.2.840.113549.1.1.2": ("RSA", "md2"),
    "1.2.840.113549.1.1.3": ("RSA", "md4"),
    "1.2.840.113549.1.1.4": ("RSA", "md5"),
    "1.2.840.113549.1.1.5": ("RSA", "sha1"),
    "1.2.840.113549.1.1.11": ("RSA", "sha256"),
    "1.2.840.113549.1.1.12": ("RSA", "sha384"),
    "1.2.840.113549.1.1.13": ("RSA", "sha512"),
    "1.2.840.113549.1.1.14": ("RSA", "sha224"),
    "1.2.840.113549.1.1.15": ("RSA", "sha512-224"),
    "1.2.840.113549.1.1.16": ("RSA", "sha512-256"),
    "1.3.14.3.2.2": ("RSA", "md4"),
    "1.3.14.3.2.3": ("RSA", "md5"),
    "1.3.14.3.2.4": ("RSA", "md4"),
    "1.3.14.3.2.15": ("RSA", "sha"),
    "1.3.14.3.2.29": ("RSA", "sha1"),
    "1.3.36.3.3.1.2": ("RSA", "ripemd160"),
    "2.16.840.1.101.3.4.3.13": ("RSA", "sha3-224"),
    "2.16.840.1.101.3.4.3.14": ("RSA", "sha3-256"),
    "2.16.840.1.101.3.4.3.15": ("RSA", "sha3-384"),
    "2.16.840.1.101.3.4.3.16": ("RSA", "sha3-512"),
    "1.2.156.10197.1.504": ("RSA", "sm3"),
    "1.2.840.10045.4.1": ("EC", "sha1"),
    "1.2.840.10045.4.3.1": ("EC", "sha224"),
    "1.2.840.10045.4.3.2": ("EC", "sha256"),
    "1.2.840.10045.4.3.3": ("EC", "sha384"),
    "1.2.840.10045.4.3.4": ("EC", "sha512"),
    "2.16.840.1.101.3.4.3.9": ("EC", "sha3-224"),
    "2.16.840.1.101.3.4.3.10": ("EC", "sha3-256"),
    "2.16.840.1.101.3.4.3.11": ("EC", "sha3-384"),
    "2.16.840.1.101.3.4.3.12": ("EC", "sha3-512"),
    "1.2.840.10040.4.3": ("DSA", "sha1"),
    "1.3.14.3.2.13": ("DSA", "sha"),
    "1.3.14.3.2.27": ("DSA", "sha1"),
    "2.16.840.1.101.3.4.3.1": ("DSA", "sha224"),
    "2.16.840.1.101.3.4.3.2": ("DSA", "sha256"),
    "2.16.840.1.101.3.4.3.3": ("DSA", "sha384"),
    "2.16.840.1.101.3.4.3.4": ("DSA", "sha512"),
    "2.16.840.1.101.3.4.3.5": ("DSA", "sha3-224"),
    "2.16.840.1.101.3.4.3.6": ("DSA", "sha3-256"),
    "2.16.840.1.101.3.4.3.7": ("DSA", "sha3-384"),
    "2.16.840.1.101.3.4.3.8": ("DSA", "sha3-512"),
    "1.2.156.10197.1.501": ("SM2", "sm3"),
    "1.2.643.2.2.3": ("GOST", "gost94"),
    "1.2.643.7.1.1.3.2": ("GOST", "streebog256"),
    "1.2.643.7.1.1.3.3": ("GOST", "streebog512"),
    # These have a fixed hash.
    "1.3.101.112": ("Ed25519", "none"),
    "1.3.101.113": ("Ed448", "none"),
    "2.16.840.1.101.3.4.3.17": ("ML-DSA", "none"),
    "2.16.840.1.101.3.4.3.18": ("ML-DSA", "none"),
    "2.16.840.1.101.3.4.3.19": ("ML-DSA", "none"),
}


class SignatureAlgorithm(NamedTuple):
    """How a certificate is signed.

    Attributes:
        name: The name in RFCs, or the object identifier if it is unknown.
        key: The type of key: ``RSA``, ``PSS``, ``EC``, ``DSA``, …; empty if it is unknown.
        hash: Such as ``sha256``; ``none`` if the algorithm has a fixed hash, ``None`` if it is unknown.
        mask_hash: The mask hash of RSASSA-PSS.
        salt_length: The salt length of RSASSA-PSS in bytes.
    """

    name: str
    key: str = ""
    hash: str | None = None
    mask_hash: str | None = None
    salt_length: int = 0


@lru_cache(maxsize=256)
def read_signature_algorithm(encoded: bytes) -> SignatureAlgorithm:
    """Read an AlgorithmIdentifier.

    Raises:
        MalformedError: It is not one.
    """
    parts = der.only(encoded)
    if not parts:
        raise der.MalformedError("it has no algorithm")
    oid = der.object_identifier(encoded, parts[0])
    if oid == _RSASSA_PSS:
        return _read_pss(encoded, parts[1:])
    # Some early certificates only name the hash.
    return SignatureAlgorithm(oids.name_of(oid), *_ALGORITHMS.get(oid, ("", _HASHES.get(oid))))


def _read_pss(data: bytes, parameters: list[der.Element]) -> SignatureAlgorithm:
    """Read the parameters of RSASSA-PSS (RFC 4055, 3.1). The defaults are SHA-1 and 20 bytes.

    A certificate must have parameters, because the hash is unknown without them.
    """
    name = oids.name_of(_RSASSA_PSS)
    try:
        (sequence,) = der.exactly(parameters, 1)
        given = {item[0]: item for item in der.inside(data, sequence)}
        digest = _hash(data, _inner(data, given[0xA0])) if 0xA0 in given else "sha1"
        mask: str | None = "sha1"
        if 0xA1 in given:
            function, digest_of_mask = der.exactly(der.inside(data, _inner(data, given[0xA1])), 2)
            mask = _hash(data, digest_of_mask) if der.object_identifier(data, function) == _MGF1 else None
        salt = der.integer(data, _inner(data, given[0xA2])) if 0xA2 in given else 20
    except ValueError:
        return SignatureAlgorithm(name)
    return SignatureAlgorithm(name, "PSS", digest, mask, salt)


def _inner(data: bytes, item: der.Element) -> der.Element:
    """Return the only element inside a tagged element."""
    (inner,) = der.exactly(der.inside(data, item, item[0]), 1)
    return inner


def _hash(data: bytes, identifier: der.Element) -> str | None:
    name, *_parameters = der.inside(data, identifier)
    return _HASHES.get(der.object_identifier(data, name))
