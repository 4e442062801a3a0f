# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of keys and signatures."""

from __future__ import annotations

import re
from functools import lru_cache
from math import gcd, isqrt, prod
from typing import Any

from ..definition import Options, Problem, Texts, Unknown, Verdict, certificate_check
from ..distinguished_names import is_root, name_of
from ..facts import CertificateFacts
from ..messages import counted, listed, message, phrase
from ..values import as_kind

_NO_KEY = Unknown("its public key cannot be read")
_UNREADABLE = Unknown("the certificate cannot be read")
#: The most digits of an exponent that are shown.
_LONGEST_EXPONENT = 40
#: Bits. OpenSSL does not accept more (OPENSSL_RSA_MAX_MODULUS_BITS), and calculations would take too long.
_LARGEST_MODULUS = 16384
_HEXADECIMAL = re.compile(r"-?0x[0-9a-f]+", re.ASCII)

#: The names that cryptography and OpenSSL use. Three curves also have NIST names.
_CURVES = (
    "secp192r1", "secp224r1", "secp256r1", "secp384r1", "secp521r1", "secp256k1", "brainpoolP256r1", "brainpoolP384r1",
    "brainpoolP512r1", "sect163k1", "sect163r2", "sect233k1", "sect233r1", "sect283k1", "sect283r1", "sect409k1",
    "sect409r1", "sect571k1", "sect571r1",
)  # fmt: skip
_NIST = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_CURVE_NAMES = {
    **{name.lower(): name for name in _CURVES},
    **{usual.lower(): name for name, usual in _NIST.items()},
    "prime256v1": "secp256r1",
}  # fmt: skip
#: Normalized, the weakest first.
_HASHES = (
    "md2", "md4", "md5", "sha1", "ripemd160", "sha224", "sha512224", "sha3224", "sha256", "sha384", "sha512",
    "sha512256", "sha3256", "sha3384", "sha3512", "shake128", "shake256", "sm3",
)  # fmt: skip
#: Hashes to recommend, the most common one first.
_STRONG_HASHES = {
    "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512", "sha3256": "SHA3-256", "sha3384": "SHA3-384",
    "sha3512": "SHA3-512",
}  # fmt: skip
_PRIMES = tuple(number for number in range(2, 752) if all(number % divisor for divisor in range(2, isqrt(number) + 1)))
_PRODUCT_OF_PRIMES = prod(_PRIMES)
#: The policy's requirements for keys, for the checks that recommend a new key.
_KEY_OPTIONS = {"rsa_bits": "cert_weak_key", "ec_bits": "cert_weak_key", "allowed_curves": "cert_key_curve"}


def _advise_key(options: Options) -> str:
    """Recommend a new key that the policy allows. If a check is off, its defaults count."""
    rsa_bits = max(options["rsa_bits"] or 0, 2048)
    curves = _NIST if options["allowed_curves"] is None else options["allowed_curves"]
    wanted = [name for name in _CURVES if name in curves and _curve_bits(name) >= max(options["ec_bits"] or 0, 256)]
    # Common curves first.
    curve = next((name for name in sorted(wanted, key=lambda name: name not in _NIST)), None)
    if curve:
        return message(
            "Re-issue the certificate with a new key: EC {curve}, or RSA with at least {bits} bits.",
            curve=_NIST.get(curve, curve),
            bits=rsa_bits,
        )
    return message("Re-issue the certificate with a new key: RSA with at least {bits} bits.", bits=rsa_bits)


def _curve_bits(name: str) -> int:
    """Return the key size of a curve, which is part of its name."""
    return int(re.sub(r"\D", " ", name).split()[0])


def _advise_signature(options: Options) -> str:
    weak = options["weak_hashes"]
    strong = next((usual for name, usual in _STRONG_HASHES.items() if name not in weak), None)
    if strong:
        return message("Have the CA re-issue it, signed with {hash} or better.", hash=strong)
    return phrase("Have the CA re-issue it, signed with a hash that the policy allows.")


@certificate_check(
    "Key is too weak",
    "high",
    options={"rsa_bits": 2048, "ec_bits": 256},
    linked={"allowed_curves": "cert_key_curve"},
    advise=_advise_key,
    source="zlint, Prowler",
)
def cert_weak_key(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """It has an RSA key with fewer bits than ``rsa_bits``, an EC key with fewer than ``ec_bits``, or any DSA key."""
    kind, size = certificate.public_key.get("type"), certificate.public_key.get("size")
    if kind is None:
        return _NO_KEY
    if kind == "DSA":
        return Problem(message("It has a DSA key ({size} bits).", size=size), {"type": kind, "size": size})
    least = {"RSA": options["rsa_bits"], "EC": options["ec_bits"]}.get(kind)
    if least is None:
        return None
    if size is None:
        return Unknown("the size of its key is not known")
    if size >= least:
        return None
    return Problem(
        message("Its {kind} key has {size} bits; at least {least} are required.", kind=kind, size=size, least=least),
        {"type": kind, "size": size, "least_size": least},
    )


@certificate_check(
    "Key uses a curve that is not allowed",
    "medium",
    options={"allowed_curves": ["secp256r1", "secp384r1"]},
    texts={"allowed_curves": Texts(lambda text: _CURVE_NAMES.get(text.strip().lower(), text), _CURVES)},
    linked={"rsa_bits": "cert_weak_key", "ec_bits": "cert_weak_key"},
    advise=_advise_key,
    source="Mozilla Root Store Policy 5.1",
)
def cert_key_curve(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """It has an EC key on a curve that is not in ``allowed_curves``. P-521, for example, is secp521r1."""
    kind, curve = certificate.public_key.get("type"), certificate.public_key.get("curve")
    if kind is None:
        return _NO_KEY
    if kind != "EC" or curve in options["allowed_curves"]:
        return None
    if curve is None:
        return Unknown("the curve of its key is not known")
    detail = message("Its key uses the curve {curve}.", curve=curve)
    return Problem(detail, {"curve": curve, "allowed_curves": options["allowed_curves"]})


@certificate_check(
    "RSA exponent is even or too small",
    "medium",
    linked=_KEY_OPTIONS,
    advise=_advise_key,
    source="CA/Browser Forum Baseline Requirements 6.1.6, zlint",
)
def cert_rsa_exponent(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The public exponent of its RSA key is even or less than 3."""
    kind, exponent = certificate.public_key.get("type"), certificate.public_key.get("exponent")
    if kind is not None and kind != "RSA":
        return None
    if exponent is None:
        return _NO_KEY
    # Large exponents are hexadecimal text, because Python limits the number of decimal digits.
    number = int(exponent, 16) if isinstance(exponent, str) else exponent
    if number >= 3 and number % 2 == 1:
        return None
    text = str(exponent)
    shown = text if len(text) <= _LONGEST_EXPONENT else f"{text[:_LONGEST_EXPONENT]}… ({number.bit_length()} bits)"
    detail = message("The exponent of its RSA key is {exponent}.", exponent=shown)
    return Problem(detail, {"exponent": exponent if shown == text else shown})


@certificate_check(
    "RSA key can be factored",
    "critical",
    options={"rounds": 100},
    remediation="Replace key and certificate immediately, and revoke this one: anyone can calculate its private key.",
    source="CA/Browser Forum Baseline Requirements 6.1.1.3 and 6.1.6, zlint",
)
def cert_factorable(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """Its RSA modulus has a prime factor below 752, or Fermat's method factors it within ``rounds``.

    Fermat's method finds two primes that are close to each other. Moduli of more than 16384 bits are not tested.
    """
    kind, modulus = certificate.public_key.get("type"), certificate.public_key.get("modulus")
    if kind is not None and kind != "RSA":
        return None
    if modulus is None:
        return _NO_KEY
    number = _modulus(modulus)
    if number is None:
        return Unknown("its RSA modulus is malformed, or too large to test")
    size = certificate.public_key.get("size")
    common = gcd(number, _PRODUCT_OF_PRIMES)
    if common > 1:
        factor = next(prime for prime in _PRIMES if common % prime == 0)
        return Problem(
            message("Its RSA modulus is divisible by {factor}.", factor=factor), {"factor": factor, "size": size}
        )
    needed = _fermat_rounds(number, int(options["rounds"]))
    if needed is None:
        return None
    return Problem(
        counted(
            "Fermat's method factors its RSA modulus in {number} round.",
            "Fermat's method factors its RSA modulus in {number} rounds.",
            needed,
        ),
        {"rounds": needed, "size": size},
    )


@certificate_check(
    "Signature algorithm is weak",
    "high",
    options={"weak_hashes": ["md2", "md4", "md5", "sha1"]},
    texts={"weak_hashes": Texts(lambda text: _normalized(text.strip()), _HASHES)},
    advise=_advise_signature,
    source="zlint",
)
def cert_weak_signature(certificate: CertificateFacts, options: Options, _now: int) -> Verdict:
    """It, or an intermediate certificate of its chain, is signed with one of ``weak_hashes``.

    The signature of a self-signed root does not count, because clients do not rely on it.
    """
    if certificate.x509 is None:
        return _UNREADABLE
    weak = {}
    missing = None if certificate.is_read_whole else Unknown("not all certificates in the content can be read")
    signed: list[tuple[str, dict[str, Any], bool | None]] = [(certificate.label, certificate.x509, False)]
    signed += [(name_of(member), member, is_root(member)) for member in certificate.chain]
    for name, facts, is_exempt in signed:
        algorithm, digest = facts.get("signature_algorithm"), as_kind(str, facts.get("signature_hash"))
        if is_exempt:
            continue
        if digest is None:
            missing = Unknown(_no_hash(algorithm))
        elif _normalized(digest) in options["weak_hashes"] and is_exempt is None:
            missing = Unknown(
                message("whether {name}, which is signed with {hash}, is a root is not known", name=name, hash=digest)
            )
        elif _normalized(digest) in options["weak_hashes"]:
            weak[name] = _with_hash(algorithm, digest)
    if weak:
        names = listed(message("{name} with {hash}", name=name, hash=algorithm) for name, algorithm in weak.items())
        return Problem(message("Weak signatures: {names}.", names=names), {"signature_algorithms": weak})
    return missing


@certificate_check(
    "Certificate is self-signed", "medium", remediation="Replace it with one from a CA that clients trust."
)
def cert_self_signed(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """It is its own issuer, and its signature verifies with its own key."""
    if certificate.is_self_signed is None:
        return Unknown("who signed it is not known")
    if not certificate.is_self_signed:
        return None
    return Problem("It is signed with its own key.", {"subject": (certificate.x509 or {}).get("subject")})


@certificate_check(
    "Private key does not match the certificate",
    "high",
    remediation="Upload the certificate again, together with its own private key.",
)
def key_mismatch(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The private key that is stored with it does not match it."""
    matches = certificate.facts.get("key_matches")
    if matches is False and certificate.is_read_whole:
        return Problem("The stored private key does not match it.", {"key_matches": False})
    if matches is False or (certificate.facts.get("private_key_stored") and matches is None):
        return Unknown("the stored private key cannot be read or compared")
    return None


@certificate_check(
    "Private key can be read through the API",
    "low",
    enabled=False,
    remediation="Use certificates of the certificate platform (USSL), or restrict the permission for DescribeSSLV2.",
)
def private_key_stored(certificate: CertificateFacts, _options: Options, _now: int) -> Verdict:
    """The API returns a private key with it.

    This is the case for every uploaded certificate, so the check is off by default.
    """
    if certificate.facts.get("private_key_stored") is None:
        return Unknown("the API returned no content")
    if not certificate.facts["private_key_stored"]:
        return None
    return Problem("The API returns its private key.", {"private_key_stored": True})


def _no_hash(algorithm: Any) -> str:
    if not algorithm:
        return phrase("the hash of the signature algorithm of a certificate is not known")
    return message("the hash of the signature algorithm {algorithm} is not known", algorithm=algorithm)


def _with_hash(algorithm: Any, digest: str) -> str:
    """Return a signature algorithm, with its hash if the name does not include it."""
    if not algorithm:
        return digest
    return str(algorithm) if _normalized(digest) in _normalized(str(algorithm)) else f"{algorithm} ({digest})"


def _modulus(text: str) -> int | None:
    """Return a modulus as a number; ``None`` if it is malformed or too large."""
    if not _HEXADECIMAL.fullmatch(text) or len(text) > len("0x") + _LARGEST_MODULUS // 4:
        return None
    number = int(text, 16)
    return number if number > 0 else None


def _normalized(algorithm: str) -> str:
    return algorithm.lower().replace("-", "").replace("_", "")


@lru_cache(maxsize=4096)
def _fermat_rounds(modulus: int, rounds: int) -> int | None:
    """Count the rounds it takes to find a and b with a² - b² = modulus (odd); ``None`` if more than ``rounds``."""
    a = isqrt(modulus - 1) + 1
    square = a * a - modulus
    for number in range(1, rounds + 1):
        # In base 16, a square ends in 0, 1, 4 or 9, so that three quarters of all numbers need no square root.
        if square & 15 in (0, 1, 4, 9) and isqrt(square) ** 2 == square:
            return number
        square += 2 * a + 1
        a += 1
    return None


CHECKS = (
    cert_weak_key,
    cert_key_curve,
    cert_rsa_exponent,
    cert_factorable,
    cert_weak_signature,
    cert_self_signed,
    key_mismatch,
    private_key_stored,
)
