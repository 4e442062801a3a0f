# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place that knows `cryptography`: what takes arithmetic with keys. Works with its version 36 and newer."""

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
    # Checking an RSA key takes a thousand times as long as comparing its public half, which is all that is done
    # here. The option is there since cryptography 39.
    _SKIP_CHECK = "unsafe_skip_rsa_key_validation"
    _KEY_OPTIONS = {_SKIP_CHECK: True} if _SKIP_CHECK in inspect.signature(load_der_private_key).parameters else {}
    _HASHES = {
        # Old certificates are signed with the first two; that these prove little is for others to say.
        "md5": hashes.MD5(), "sha1": hashes.SHA1(),  # noqa: S303
        "sha224": hashes.SHA224(), "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(), "sha512": hashes.SHA512(), "sha512-224": hashes.SHA512_224(),
        "sha512-256": hashes.SHA512_256(), "sha3-224": hashes.SHA3_224(), "sha3-256": hashes.SHA3_256(),
        "sha3-384": hashes.SHA3_384(), "sha3-512": hashes.SHA3_512(),
    }  # fmt: skip
    _KINDS = {"RSA": rsa.RSAPublicKey, "EC": ec.EllipticCurvePublicKey, "DSA": dsa.DSAPublicKey}

#: Bits. OpenSSL, too, does not compute with larger ones (OPENSSL_RSA_MAX_MODULUS_BITS); DSA takes longer.
_LARGEST = {"RSA": 16384, "DSA": 4096, "EC": 1024}
_LARGEST_EXPONENT = 64
#: By what an algorithm says of its key: the kind of key; those that hash by themselves what they sign need no name.
_KIND_NEEDED = {"RSA": "RSA", "PSS": "RSA", "EC": "EC", "DSA": "DSA", "Ed25519": "", "Ed448": "", "ML-DSA": ""}


def public_half(private_key: bytes) -> bytes | None:
    """The DER of the SubjectPublicKeyInfo of a private key (DER); ``None`` if it cannot be told.

    The key is dropped before this returns.
    """
    try:
        key: Any = load_der_private_key(private_key, None, **_KEY_OPTIONS)
        return bytes(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    except Exception:  # noqa: BLE001 (whatever makes it unreadable; it goes no further, for it may speak of the key)
        return None


def check_point(info: bytes) -> None:
    """Refuse an EC key (its SubjectPublicKeyInfo) that is no point on its curve.

    A curve that the library does not know is let through.

    :raises ValueError: it is none.
    """
    with suppress(UnsupportedAlgorithm):
        load_der_public_key(info)


def has_signed(key: bytes, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool | None:
    """Whether a public key (the DER of its SubjectPublicKeyInfo) has made a signature of ``data``.

    ``None`` if it cannot be told: the library does not know or take the key, the algorithm or the hash.
    """
    try:
        kind, public_key = _load(key)
        if kind != _KIND_NEEDED[algorithm.key]:
            return False
        public_key.verify(signature, data, *_scheme(algorithm))
    except InvalidSignature:
        return False
    except Exception:  # noqa: BLE001 (what a key or algorithm that is not supported raises depends on the version)
        return None
    return True


@lru_cache(maxsize=128)
def _load(info: bytes) -> tuple[str, Any]:
    """A public key that can be computed with in a reasonable time, and its kind, if it is one of those above."""
    key: Any = load_der_public_key(info)
    kind = next((name for name, family in _KINDS.items() if isinstance(key, family)), "")
    if kind and key.key_size > _LARGEST[kind]:
        raise ValueError("larger than any key that is in use")
    if kind == "RSA" and key.public_numbers().e.bit_length() > _LARGEST_EXPONENT:
        raise ValueError("an exponent that is larger than any that is in use")
    return kind, key


@lru_cache(maxsize=128)
def _scheme(algorithm: SignatureAlgorithm) -> tuple[Any, ...]:
    """What ``verify`` of the kind of key takes besides signature and data.

    :raises KeyError: the algorithm or its hash is not known here.
    """
    if not _KIND_NEEDED[algorithm.key]:
        return ()
    digest = _HASHES[str(algorithm.hash)]
    if algorithm.key == "PSS":
        return padding.PSS(padding.MGF1(_HASHES[str(algorithm.mask_hash)]), algorithm.salt_length), digest
    return {"RSA": (padding.PKCS1v15(), digest), "EC": (ec.ECDSA(digest),), "DSA": (digest,)}[algorithm.key]
