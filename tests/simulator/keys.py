# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private keys of all kinds, including weak ones.

Keys are cached for the lifetime of the process, because generating RSA keys is slow and tests start many simulators.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey
SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
EXPONENT = 65537


def _close_primes_key() -> rsa.RSAPrivateKey:
    """Return an RSA-2048 key with two adjacent primes, which Fermat's method factors immediately."""
    p = rsa.generate_private_key(EXPONENT, 2048).private_numbers().p
    q = _next_prime(p)
    e = EXPONENT
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=d % (p - 1),
        dmq1=d % (q - 1),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(e, p * q),
    )
    return numbers.private_key()


def _next_prime(number: int) -> int:
    """Return the next probable prime. For large numbers, for which a single Fermat test is sufficient."""
    small = [n for n in range(3, 4000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
    candidate = number + 2
    # The exponent must not divide a prime minus one, or it would have no inverse.
    while candidate % EXPONENT == 1 or not (
        all(candidate % n for n in small) and pow(2, candidate - 1, candidate) == 1
    ):
        candidate += 2
    return candidate


_GENERATORS: dict[str, Callable[[], PrivateKey]] = {
    "rsa1024": lambda: rsa.generate_private_key(EXPONENT, 1024),  # noqa: S505 - weak on purpose
    "rsa2048": lambda: rsa.generate_private_key(EXPONENT, 2048),
    "rsa3072": lambda: rsa.generate_private_key(EXPONENT, 3072),
    "rsa4096": lambda: rsa.generate_private_key(EXPONENT, 4096),
    "fermat2048": _close_primes_key,
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    # Larger parameters are slow to generate, and DSA of any size is a finding.
    "dsa1024": lambda: dsa.generate_private_key(1024),  # noqa: S505 - weak on purpose
}

_keys: dict[tuple[str, str], PrivateKey] = {}
_locks: dict[tuple[str, str], threading.Lock] = {}


def private_key(kind: str, label: str) -> PrivateKey:
    """Return the key of this kind and label. It is generated once and then reused."""
    wanted = (kind, label)
    with _locks.setdefault(wanted, threading.Lock()):
        if wanted not in _keys:
            _keys[wanted] = _GENERATORS[kind]()
        return _keys[wanted]


def signing_key(kind: str, label: str) -> SigningKey:
    """Return a key like :func:`private_key`, of a kind that can sign certificates."""
    key = private_key(kind, label)
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise TypeError(f"authorities sign with RSA or EC keys, not with {kind}")
    return key


def key_pem(key: PrivateKey, *, traditional: bool = False) -> str:
    """Return PEM text in PKCS #8 or traditional format (such as ``BEGIN RSA PRIVATE KEY``)."""
    form = serialization.PrivateFormat
    # Ed25519 keys have no traditional format.
    use_traditional = traditional and not isinstance(key, ed25519.Ed25519PrivateKey)
    return key.private_bytes(
        serialization.Encoding.PEM,
        form.TraditionalOpenSSL if use_traditional else form.PKCS8,
        serialization.NoEncryption(),
    ).decode()
