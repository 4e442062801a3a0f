# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public half of private keys, to compare it to that of a certificate.

It stands in most of them. Where it does not, it is computed, if that takes no longer than for a usual key.
"""

from __future__ import annotations

from collections.abc import Hashable

from . import crypto, der
from .keys import ALGORITHMS, DSA, EC, RSA, algorithm, dsa_identity, ec_identity, read_public_key, rsa_identity

#: It is not written in the key.
_NOT_WRITTEN = "not written"
#: Bytes. The largest numbers of FIPS 186-4 have 3072 and 256 bits.
_LARGEST_DSA_PRIME, _LARGEST_DSA_SECRET = 4096 // 8 + 1, 64


def identity_of_private_key(key: bytes) -> Hashable | None:
    """The ``identity`` of the public half of a private key (DER); ``None`` if it cannot be told.

    An encrypted key cannot tell. The key is dropped before this returns.
    """
    try:
        identity = _public_half(key)
        if identity != _NOT_WRITTEN:
            return identity
        info = crypto.public_half(key)
        return read_public_key(info).identity if info is not None else None
    except ValueError:  # which goes no further, for it may speak of the key
        return None


def _public_half(key: bytes) -> Hashable | None:
    """What a key says of its public half. What form it has is told by what is in it."""
    version, second, *others = der.only(key)
    if version[0] != der.INTEGER:
        return None  # an encrypted one
    if second[0] == der.SEQUENCE:
        return _of_pkcs8(key, second, others)
    if second[0] == der.OCTET_STRING:
        return _of_ec(key, others, None)
    if len(others) == 4:  # p, q, g, y and x of a DSA key
        return dsa_identity(der.integer(key, second), der.integer(key, others[2]))
    return _of_rsa(key)


def _of_rsa(key: bytes) -> Hashable:
    """The public half in an RSAPrivateKey (RFC 8017, A.1.2)."""
    _version, modulus, exponent, *_secrets = der.only(key)
    return rsa_identity(der.integer(key, modulus), der.integer(key, exponent))


def _of_pkcs8(data: bytes, identifier: der.Element, others: list[der.Element]) -> Hashable | None:
    """The public half in a PrivateKeyInfo (RFC 5208), which has one of the other forms inside."""
    oid, parameters = algorithm(data, identifier)
    octets, *_attributes = others
    kind, inner = ALGORITHMS.get(oid), der.content(data, octets)
    if kind == RSA:
        return _of_rsa(inner)
    if kind == EC:
        _version, _secret, *optional = der.only(inner)
        return _of_ec(inner, optional, parameters)
    if kind == DSA:
        prime, *_others = der.only(parameters or b"")
        is_usual = prime[3] - prime[2] <= _LARGEST_DSA_PRIME and len(inner) <= _LARGEST_DSA_SECRET
        return _NOT_WRITTEN if is_usual else None
    return _NOT_WRITTEN if kind else None


def _of_ec(data: bytes, optional: list[der.Element], parameters: bytes | None) -> Hashable | None:
    """The public half in an ECPrivateKey (RFC 5915), of which its curve and its point may be left out."""
    found = {item[0]: item for item in optional}
    if 0xA0 in found:
        parameters = der.content(data, found[0xA0])
    if 0xA1 not in found or parameters is None:
        return _NOT_WRITTEN
    (point,) = der.inside(data, found[0xA1], 0xA1)
    return ec_identity(parameters, der.bit_string(data, point)[0])
