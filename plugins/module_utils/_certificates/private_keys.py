# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the public half of private keys, to compare it with that of a certificate.

Most private keys contain it. Otherwise it is computed, unless the key is larger than any in use.
"""

from __future__ import annotations

from collections.abc import Hashable

from . import crypto, der
from .keys import ALGORITHMS, DSA, EC, RSA, algorithm, dsa_identity, ec_identity, read_public_key, rsa_identity

#: The key does not contain its public half.
_NOT_INCLUDED = "not included"
#: Maximum number of bytes of DSA numbers. The largest ones of FIPS 186-4 have 3072 and 256 bits.
_MAX_DSA_PRIME, _MAX_DSA_SECRET = 4096 // 8 + 1, 64


def identity_of_private_key(key: bytes) -> Hashable | None:
    """Return the ``identity`` of the public half of a private key (DER); ``None`` if it is unknown.

    It is unknown for encrypted keys. The key is discarded before this returns.
    """
    try:
        identity = _public_half(key)
        if identity != _NOT_INCLUDED:
            return identity
        info = crypto.public_half(key)
        return read_public_key(info).identity if info is not None else None
    except ValueError:  # not passed on, because it may quote the key
        return None


def _public_half(key: bytes) -> Hashable | None:
    """Read the public half from a key, whose format is detected by its content."""
    version, second, *others = der.only(key)
    if version[0] != der.INTEGER:
        return None  # encrypted
    if second[0] == der.SEQUENCE:
        return _of_pkcs8(key, second, others)
    if second[0] == der.OCTET_STRING:
        return _of_ec(key, others, None)
    if len(others) == 4:  # p, q, g, y and x of a DSA key
        return dsa_identity(der.integer(key, second), der.integer(key, others[2]))
    return _of_rsa(key)


def _of_rsa(key: bytes) -> Hashable:
    """Return the public half in an RSAPrivateKey (RFC 8017, A.1.2)."""
    _version, modulus, exponent, *_secrets = der.only(key)
    return rsa_identity(der.integer(key, modulus), der.integer(key, exponent))


def _of_pkcs8(data: bytes, identifier: der.Element, others: list[der.Element]) -> Hashable | None:
    """Return the public half in a PrivateKeyInfo (RFC 5208), which contains one of the other formats."""
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
        is_small = prime[3] - prime[2] <= _MAX_DSA_PRIME and len(inner) <= _MAX_DSA_SECRET
        return _NOT_INCLUDED if is_small else None
    return _NOT_INCLUDED if kind else None


def _of_ec(data: bytes, optional: list[der.Element], parameters: bytes | None) -> Hashable | None:
    """Return the public half in an ECPrivateKey (RFC 5915), whose curve and point are optional."""
    found = {item[0]: item for item in optional}
    if 0xA0 in found:
        parameters = der.content(data, found[0xA0])
    if 0xA1 not in found or parameters is None:
        return _NOT_INCLUDED
    (point,) = der.inside(data, found[0xA1], 0xA1)
    return ec_identity(parameters, der.bit_string(data, point)[0])
