# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that libraries refuse to create.

They are signed with MD5 or SHA-1, have an invalid RSA exponent, or end before they begin. The DER of a valid
certificate is changed and signed again.
"""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from .keys import SigningKey

# The object identifiers of the RSA signature algorithms differ in the last byte only.
_RSA_SIGNATURE_OID = bytes.fromhex("06092a864886f70d0101")
_RSA_SIGNATURE_BYTE = {"md5": b"\x04", "sha1": b"\x05", "sha256": b"\x0b"}
_DIGEST_INFO = {
    "md5": bytes.fromhex("3020300c06082a864886f70d020505000410"),
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
}


def resigned(
    certificate: x509.Certificate,
    issuer_key: SigningKey,
    *,
    signature_hash: str = "sha256",
    exponent: int | None = None,
    swap_dates: bool = False,
) -> x509.Certificate:
    """Return the certificate with another signature hash or RSA exponent, or with its dates swapped.

    ``signature_hash`` is ``sha256``, or ``md5`` or ``sha1`` if the issuer has an RSA key.
    The given certificate must be signed with SHA-256. Even exponents and 1 are possible.
    """
    der = certificate.public_bytes(serialization.Encoding.DER)
    body = certificate.tbs_certificate_bytes
    tail = der[der.index(body) + len(body) :]
    algorithm = tail[: 2 + tail[1]]
    if exponent is not None:
        body = _with_exponent(body, certificate.public_key(), exponent)
    if swap_dates:
        body = _with_dates_swapped(body)
    if isinstance(issuer_key, rsa.RSAPrivateKey):
        old = _RSA_SIGNATURE_OID + _RSA_SIGNATURE_BYTE["sha256"]
        new = _RSA_SIGNATURE_OID + _RSA_SIGNATURE_BYTE[signature_hash]
        body = body.replace(old, new, 1)
        algorithm = algorithm.replace(old, new)
        signature = _pkcs1_signature(issuer_key, signature_hash, body)
    elif signature_hash == "sha256":
        signature = issuer_key.sign(body, ec.ECDSA(hashes.SHA256()))
    else:
        raise ValueError("weak signature hashes need an RSA issuer")
    patched = tlv(0x30, body + algorithm + tlv(0x03, b"\0" + signature))
    return x509.load_der_x509_certificate(patched)


def _with_exponent(body: bytes, key: object, exponent: int) -> bytes:
    """Replace the exponent of the RSA public key in the body of a certificate."""
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("only RSA keys have an exponent")
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    numbers = _integer(key.public_numbers().n) + _integer(exponent)
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    wanted = tlv(0x30, algorithm + tlv(0x03, b"\0" + tlv(0x30, numbers)))
    return tlv(0x30, body[_header_length(body) :].replace(encoded, wanted, 1))


def _with_dates_swapped(body: bytes) -> bytes:
    """Swap the two dates in the body of a certificate. Both are before 2050."""
    # Validity ::= SEQUENCE of two UTCTime of 13 characters each
    start = body.index(bytes.fromhex("301e170d")) + 2
    first, last = body[start : start + 15], body[start + 15 : start + 30]
    return body[:start] + last + first + body[start + 30 :]


def _header_length(tlv: bytes) -> int:
    return 2 if tlv[1] < 0x80 else 2 + (tlv[1] & 0x7F)


def tlv(tag: int, content: bytes) -> bytes:
    """Encode a DER element."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _integer(number: int) -> bytes:
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _pkcs1_signature(key: rsa.RSAPrivateKey, digest_name: str, message: bytes) -> bytes:
    """Return an RSASSA-PKCS1-v1_5 signature. Computed here, because system policies may disable MD5 and SHA-1."""
    digest = hashlib.new(digest_name, message, usedforsecurity=False).digest()
    info = _DIGEST_INFO[digest_name] + digest
    size = (key.key_size + 7) // 8
    padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    numbers = key.private_numbers()
    signed = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    return signed.to_bytes(size, "big")
