# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of keys and signatures."""

from __future__ import annotations

from functools import lru_cache
from math import isqrt
from typing import Any

from ..catalogue import Options, Problem, Texts, Unknown, Verdict, certificate_check
from ..subjects import Certificate, is_root, name_of

_NEW_KEY = "Issue the certificate anew with a new key: EC P-256, or RSA of 2048 bits or more."
_REISSUE = "Let the CA issue it anew, signed with SHA-256 or better."
_NO_KEY = Unknown("its public key cannot be read")
#: Bits. OpenSSL does not take more (OPENSSL_RSA_MAX_MODULUS_BITS), and their roots take long.
_LARGEST_MODULUS = 16384

#: As cryptography and OpenSSL call them, except for the three of NIST that have names of their own.
_CURVES = (
    "secp192r1", "secp224r1", "secp256r1", "secp384r1", "secp521r1", "secp256k1", "brainpoolP256r1", "brainpoolP384r1",
    "brainpoolP512r1", "sect163k1", "sect163r2", "sect233k1", "sect233r1", "sect283k1", "sect283r1", "sect409k1",
    "sect409r1", "sect571k1", "sect571r1",
)  # fmt: skip
_SPELLINGS = {
    **{name.lower(): name for name in _CURVES},
    "p-256": "secp256r1", "prime256v1": "secp256r1", "p-384": "secp384r1", "p-521": "secp521r1",
}  # fmt: skip
_HASHES = (
    "md2", "md4", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3224", "sha3256", "sha3384", "sha3512",
    "sm3",
)  # fmt: skip
#: Algorithms that cryptography has no name for.
_WEAK_OIDS = {
    "1.2.840.113549.1.1.2": "md2WithRSA",
    "1.3.14.3.2.3": "md5WithRSA",
    "1.3.14.3.2.27": "dsaWithSHA1",
    "1.3.14.3.2.29": "sha1WithRSA",
}


@certificate_check(
    "Key is too weak", "high", options={"rsa_bits": 2048, "ec_bits": 256}, remediation=_NEW_KEY, source="zlint, Prowler"
)
def cert_weak_key(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """It has an RSA key of less than ``rsa_bits``, an EC key of less than ``ec_bits``, or any DSA key."""
    kind, size = certificate.public_key.get("type"), certificate.public_key.get("size")
    if kind is None:
        return _NO_KEY
    if kind == "DSA":
        return Problem(f"It has a DSA key ({size} bits).", {"type": kind, "size": size})
    least = {"RSA": options["rsa_bits"], "EC": options["ec_bits"]}.get(kind)
    if least is None:
        return None
    if size is None:
        return Unknown("the size of its key is not known")
    if size >= least:
        return None
    return Problem(
        f"Its {kind} key has {size} bits; {least} are needed.", {"type": kind, "size": size, "least_size": least}
    )


@certificate_check(
    "Curve of the key is not allowed",
    "medium",
    options={"allowed_curves": ["secp256r1", "secp384r1"]},
    texts={"allowed_curves": Texts(lambda text: _SPELLINGS.get(text.strip().lower(), text), _CURVES)},
    remediation=_NEW_KEY,
    source="Mozilla Root Store Policy 5.1",
)
def cert_key_curve(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """It has an EC key on a curve that is not among ``allowed_curves`` (P-521, for example, is secp521r1)."""
    kind, curve = certificate.public_key.get("type"), certificate.public_key.get("curve")
    if kind is None:
        return _NO_KEY
    if kind != "EC" or curve in options["allowed_curves"]:
        return None
    if curve is None:
        return Unknown("the curve of its key is not known")
    return Problem(f"Its key is on the curve {curve}.", {"curve": curve, "allowed_curves": options["allowed_curves"]})


@certificate_check("RSA exponent is even or too small", "medium", remediation=_NEW_KEY, source="zlint")
def cert_rsa_exponent(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """The public exponent of its RSA key is even, or less than 3."""
    kind, exponent = certificate.public_key.get("type"), certificate.public_key.get("exponent")
    if kind is not None and kind != "RSA":
        return None
    if exponent is None:
        return _NO_KEY
    if exponent >= 3 and exponent % 2 == 1:
        return None
    return Problem(f"The exponent of its RSA key is {exponent}.", {"exponent": exponent})


@certificate_check(
    "RSA key can be factored",
    "critical",
    options={"rounds": 100},
    remediation="Replace key and certificate at once, and revoke this one: anybody can work out its private key.",
    source="CA/Browser Forum Baseline Requirements 6.1.1.3, zlint",
)
def cert_fermat_weak(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """Fermat's method factors its RSA modulus within ``rounds``: the two primes are close to each other."""
    kind, modulus = certificate.public_key.get("type"), certificate.public_key.get("modulus")
    if kind is not None and kind != "RSA":
        return None
    if modulus is None:
        return _NO_KEY
    number = int(modulus, 16)
    if number.bit_length() > _LARGEST_MODULUS:
        return Unknown("its RSA modulus is larger than any that is in use")
    needed = _fermat_rounds(number, int(options["rounds"]))
    if needed is None:
        return None
    return Problem(
        f"Its RSA modulus is factored in {needed} round{'s' * (needed > 1)} of Fermat's method.",
        {"rounds": needed, "size": certificate.public_key.get("size")},
    )


@certificate_check(
    "Signature algorithm is weak",
    "high",
    options={"weak_hashes": ["md2", "md5", "sha1"]},
    texts={"weak_hashes": Texts(lambda text: _folded(text.strip()), _HASHES)},
    remediation=_REISSUE,
    source="zlint",
)
def cert_weak_signature(certificate: Certificate, options: Options, _now: int) -> Verdict:
    """It, or an intermediate certificate sent with it, is signed with one of ``weak_hashes``.

    What a self-signed root says does not matter: nobody relies on its signature. RSASSA-PSS cannot be decided, as the
    facts do not tell its hash.
    """
    if certificate.x509 is None:
        return Unknown("the certificate cannot be read")
    signed = [(certificate.label, certificate.x509)]
    signed += [(name_of(member), member) for member in certificate.chain if not is_root(member)]
    algorithms = [(name, _signature_algorithm(facts)) for name, facts in signed]
    weak = {
        name: algorithm
        for name, algorithm in algorithms
        if any(digest in _folded(algorithm) for digest in options["weak_hashes"])
    }
    if weak:
        said = ", ".join(f"{name} with {algorithm}" for name, algorithm in weak.items())
        return Problem(f"Signed weakly: {said}.", {"signature_algorithms": weak})
    return next(filter(None, (_without_hash(algorithm) for _name, algorithm in algorithms)), None)


@certificate_check("Certificate is self-signed", "medium", remediation="Replace it by one of a CA that clients trust.")
def cert_self_signed(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """It names itself as its issuer, and its signature verifies with its own key."""
    if certificate.is_self_signed is None:
        return Unknown("who signed it cannot be told")
    if not certificate.is_self_signed:
        return None
    return Problem("It has signed itself.", {"subject": (certificate.x509 or {}).get("subject")})


@certificate_check(
    "Key does not belong to the certificate",
    "high",
    remediation="Upload the certificate anew together with its own private key.",
)
def key_mismatch(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """The private key that is stored with it belongs to another certificate."""
    if certificate.facts.get("key_matches") is False:
        return Problem("The stored private key does not belong to it.", {"key_matches": False})
    if certificate.facts.get("private_key_stored") and certificate.facts.get("key_matches") is None:
        return Unknown("the stored private key cannot be read, or not be compared")
    return None


@certificate_check(
    "Private key can be read back",
    "low",
    enabled=False,
    remediation="Use certificates of the certificate platform (USSL), or give DescribeSSLV2 to the few who need it.",
)
def private_key_stored(certificate: Certificate, _options: Options, _now: int) -> Verdict:
    """The API hands out a private key with it. All certificates that were uploaded have one: it is off by default."""
    if certificate.facts.get("private_key_stored") is None:
        return Unknown("the API handed out no content")
    if not certificate.facts["private_key_stored"]:
        return None
    return Problem("The API hands out its private key.", {"private_key_stored": True})


def _signature_algorithm(facts: dict[str, Any]) -> str:
    algorithm = facts.get("signature_algorithm") or ""
    return _WEAK_OIDS.get(algorithm, algorithm)


def _without_hash(algorithm: str) -> Unknown | None:
    """What to say of a signature algorithm that does not tell its hash."""
    if not algorithm:
        return Unknown("a signature algorithm is not known")
    # cryptography has written the first in two ways; what it has no name for is an OID.
    if _folded(algorithm) == "rsassapss" or algorithm[0].isdigit():
        return Unknown(f"the hash of the signature algorithm {algorithm} is not known")
    return None


def _folded(algorithm: str) -> str:
    return algorithm.lower().replace("-", "").replace("_", "")


@lru_cache(maxsize=4096)
def _fermat_rounds(modulus: int, rounds: int) -> int | None:
    """How many rounds it takes to find a and b with a² - b² = modulus; ``None`` if more than ``rounds``."""
    if modulus < 1 or modulus % 2 == 0:
        return None
    a = isqrt(modulus - 1) + 1
    square = a * a - modulus
    for number in range(1, rounds + 1):
        # A square ends in 0, 1, 4 or 9 in base 16: three quarters of all numbers need no root.
        if square & 15 in (0, 1, 4, 9) and isqrt(square) ** 2 == square:
            return number
        square += 2 * a + 1
        a += 1
    return None
