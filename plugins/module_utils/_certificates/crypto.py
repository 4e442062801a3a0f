# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only module that imports ``cryptography`` (36 or newer): everything that needs arithmetic with keys."""

from __future__ import annotations

import inspect
import traceback
from contextlib import suppress
from functools import lru_cache
from typing import Any

from .signature_algorithms import SignatureAlgorithm

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_der_private_key,
        load_der_public_key,
    )
except ImportError:
    CRYPTOGRAPHY_IMPORT_ERROR: str | None = traceback.format_exc()
    _KEY_OPTIONS: dict[str, Any] = {}
    _HASHES: dict[str, Any] = {}
    _KINDS: dict[str, Any] = {}
else:
    CRYPTOGRAPHY_IMPORT_ERROR = None
    # Validating an RSA key takes a thousand times as long as comparing its public half, which is all that happens here.
    # The option exists since cryptography 39.
    _SKIP_CHECK = "unsafe_skip_rsa_key_validation"
    _KEY_OPTIONS = {_SKIP_CHECK: True} if _SKIP_CHECK in inspect.signature(load_der_private_key).parameters else {}
    _HASHES = {
        # Old certificates are signed with the first two. The audit reports that these are weak.
        "md5": hashes.MD5(), "sha1": hashes.SHA1(),  # noqa: S303
        "sha224": hashes.SHA224(), "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(), "sha512": hashes.SHA512(), "sha512-224": hashes.SHA512_224(),
        "sha512-256": hashes.SHA512_256(), "sha3-224": hashes.SHA3_224(), "sha3-256": hashes.SHA3_256(),
        "sha3-384": hashes.SHA3_384(), "sha3-512": hashes.SHA3_512(),
    }  # fmt: skip
    _KINDS = {"RSA": rsa.RSAPublicKey, "EC": ec.EllipticCurvePublicKey, "DSA": dsa.DSAPublicKey}

#: Maximum number of bits of a key. OpenSSL has the same limit for RSA (OPENSSL_RSA_MAX_MODULUS_BITS). DSA is slower.
_MAX_BITS = {"RSA": 16384, "DSA": 4096, "EC": 1024}
_MAX_EXPONENT_BITS = 64
#: The type of key for each algorithm; empty for those with a fixed hash, which are verified without further arguments.
_KIND_NEEDED = {"RSA": "RSA", "PSS": "RSA", "EC": "EC", "DSA": "DSA", "Ed25519": "", "Ed448": "", "ML-DSA": ""}


def public_half(private_key: bytes) -> bytes | None:
    """Return the SubjectPublicKeyInfo (DER) of a private key (DER); ``None`` if it cannot be determined.

    The key is discarded before this returns.
    """
    try:
        key: Any = load_der_private_key(private_key, None, **_KEY_OPTIONS)
        return bytes(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    except Exception:  # noqa: BLE001 (not passed on, because it may quote the key)
        return None


def check_point(info: bytes) -> None:
    """Check that an EC key (as SubjectPublicKeyInfo) is a point on its curve.

    Keys on curves that the library does not know are accepted.

    Raises:
        ValueError: It is not.
    """
    with suppress(UnsupportedAlgorithm):
        load_der_public_key(info)


def has_signed(key: bytes, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool | None:
    """Whether a public key (the DER of its SubjectPublicKeyInfo) has made a signature of ``data``.

    Return ``None`` if the library does not support the key, the algorithm or the hash.
    """
    try:
        kind, public_key = _load(key)
        if kind != _KIND_NEEDED[algorithm.key]:
            return False
        public_key.verify(signature, data, *_scheme(algorithm))
    except InvalidSignature:
        return False
    except Exception:  # noqa: BLE001 (unsupported keys and algorithms raise different exceptions, by version)
        return None
    return True


@lru_cache(maxsize=128)
def _load(info: bytes) -> tuple[str, Any]:
    """Return a public key and its type. Keys that would take too long to verify are errors."""
    key: Any = load_der_public_key(info)
    kind = next((name for name, family in _KINDS.items() if isinstance(key, family)), "")
    if kind and key.key_size > _MAX_BITS[kind]:
        raise ValueError("larger than any key in use")
    if kind == "RSA" and key.public_numbers().e.bit_length() > _MAX_EXPONENT_BITS:
        raise ValueError("an exponent larger than any in use")
    return kind, key


@lru_cache(maxsize=128)
def _scheme(algorithm: SignatureAlgorithm) -> tuple[Any, ...]:
    """Return the arguments of ``verify`` besides signature and data.

    Raises:
        KeyError: The algorithm or its hash is unknown.
    """
    if not _KIND_NEEDED[algorithm.key]:
        return ()
    digest = _HASHES[str(algorithm.hash)]
    if algorithm.key == "PSS":
        return padding.PSS(padding.MGF1(_HASHES[str(algorithm.mask_hash)]), algorithm.salt_length), digest
    return {"RSA": (padding.PKCS1v15(), digest), "EC": (ec.ECDSA(digest),), "DSA": (digest,)}[algorithm.key]
