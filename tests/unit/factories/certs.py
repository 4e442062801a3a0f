# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates certificates, keys and DER structures for tests.

Functions named ``raw_*`` encode DER without any checks, so that any field can contain any bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from ansible_collections.ucloud.ulb.tests.simulator.keys import private_key
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes as Key

DAY = 86400
#: 2026-01-01T00:00:00Z
NOW = 1767225600
NOT_BEFORE = NOW - 30 * DAY
NOT_AFTER = NOW + 60 * DAY
PASSWORD = b"of a test"

SHOP = "shop.example.com"
CA_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example CA")])

#: Formats of private keys: the traditional one (PKCS #1, SEC 1), and PKCS #8.
TRADITIONAL, PKCS8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8


def rsa_key(label: str = "unit") -> Key:
    """Return an RSA-2048 key. It is the same for the same label."""
    key = private_key("rsa2048", label)
    assert not isinstance(key, ec.EllipticCurvePrivateKey)
    return key


@cache
def ec_key(label: str = "unit", curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    """Return a key on this curve. It is the same for the same label."""
    assert label
    return ec.generate_private_key(curve())


def utc(timestamp: int) -> datetime:
    """Return an aware datetime for seconds since 1970."""
    return datetime.fromtimestamp(timestamp, timezone.utc)


def name(common_name: str) -> x509.Name:
    """Return a distinguished name with only a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def subject_alt_names(*names: str) -> x509.SubjectAlternativeName:
    """Return a subject alternative name extension with DNS names."""
    return x509.SubjectAlternativeName([x509.DNSName(item) for item in names])


def build_certificate(
    key: Key | None = None,
    *,
    subject: x509.Name | None = None,
    issuer: x509.Name | None = None,
    signer: Key | None = None,
    extensions: Iterable[x509.ExtensionType] = (),
    not_before: int = NOT_BEFORE,
    not_after: int = NOT_AFTER,
    serial: int = 4711,
) -> x509.Certificate:
    """Build a certificate. Without ``issuer`` and ``signer`` it is self-signed."""
    key = key or ec_key()
    subject = name(SHOP) if subject is None else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(utc(not_before))
        .not_valid_after(utc(not_after))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    signer = signer or key
    is_edwards = isinstance(signer, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey))
    return builder.sign(signer, None if is_edwards else hashes.SHA256())


@cache
def leaf() -> x509.Certificate:
    """Return a server certificate, issued by :func:`authority` for :func:`ec_key`."""
    return build_certificate(
        issuer=CA_NAME,
        signer=ec_key("ca"),
        extensions=[subject_alt_names(SHOP, f"*.{SHOP}"), x509.BasicConstraints(ca=False, path_length=None)],
    )


@cache
def authority() -> x509.Certificate:
    """Return the self-signed CA certificate that issued :func:`leaf`."""
    return build_certificate(
        ec_key("ca"),
        subject=CA_NAME,
        not_after=NOW + 3650 * DAY,
        extensions=[x509.BasicConstraints(ca=True, path_length=None)],
    )


def der(certificate: x509.Certificate) -> bytes:
    """Return the DER of a certificate."""
    return certificate.public_bytes(Encoding.DER)


def pem(*certificates: x509.Certificate) -> str:
    """Return the PEM of certificates."""
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)


def key_pem(key: Any = None, form: PrivateFormat = PKCS8, *, encrypted: bool = False) -> str:
    """Return the PEM of a private key."""
    encryption: KeySerializationEncryption = BestAvailableEncryption(PASSWORD) if encrypted else NoEncryption()
    text: bytes = (key or ec_key()).private_bytes(Encoding.PEM, form, encryption)
    return text.decode()


def spki(key: Any) -> bytes:
    """Return the SubjectPublicKeyInfo for a private key."""
    info: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return info


# DER encoding without checks, for structures that libraries refuse to create.

UTF8, PRINTABLE, TELETEX, IA5, VISIBLE, UNIVERSAL, BMP = 0x0C, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E
NULL = b"\x05\x00"


def sequence(*parts: bytes) -> bytes:
    """Encode a SEQUENCE."""
    return tlv(0x30, b"".join(parts))


def integer(number: int) -> bytes:
    """Encode an INTEGER in its shortest form."""
    return tlv(
        0x02, number.to_bytes((number if number >= 0 else -number - 1).bit_length() // 8 + 1, "big", signed=True)
    )


def oid(dotted: str) -> bytes:
    """Encode an OBJECT IDENTIFIER."""
    first, second, *others = map(int, dotted.split("."))
    content = b""
    for arc in (40 * first + second, *others):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(arc & 0x7F | 0x80)
        content += bytes(reversed(digits))
    return tlv(0x06, content)


def octets(content: bytes) -> bytes:
    """Encode an OCTET STRING."""
    return tlv(0x04, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """Encode a BIT STRING."""
    return tlv(0x03, bytes([unused]) + content)


def attribute(kind: str, value: str | bytes, tag: int = UTF8) -> bytes:
    """Encode an attribute of a name."""
    return sequence(oid(kind), tlv(tag, value.encode() if isinstance(value, str) else value))


def raw_name(*relative: bytes | Sequence[bytes]) -> bytes:
    """Encode a distinguished name. Each part is an attribute, or several attributes in one SET."""
    return sequence(*(tlv(0x31, part if isinstance(part, bytes) else b"".join(part)) for part in relative))


def common_name(common_name: str | bytes, tag: int = UTF8) -> bytes:
    """Encode a distinguished name with only a common name."""
    return raw_name(attribute("2.5.4.3", common_name, tag))


def extension(kind: str, value: bytes, critical: bytes = b"") -> bytes:
    """Encode an extension. ``critical`` is the encoded flag, if any."""
    return sequence(oid(kind), critical, octets(value))


CRITICAL, CRITICAL_FALSE = b"\x01\x01\xff", b"\x01\x01\x00"
SUBJECT_KEY_ID, KEY_USAGE, SUBJECT_ALT_NAME = "2.5.29.14", "2.5.29.15", "2.5.29.17"
BASIC_CONSTRAINTS, AUTHORITY_KEY_ID, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.35", "2.5.29.37"
AUTHORITY_INFORMATION_ACCESS, SIGNED_TIMESTAMPS = "1.3.6.1.5.5.7.1.1", "1.3.6.1.4.1.11129.2.4.2"
CRL_DISTRIBUTION_POINTS, TLS_FEATURES, NAME_CONSTRAINTS = "2.5.29.31", "1.3.6.1.5.5.7.1.24", "2.5.29.30"

CA_TRUE = extension(BASIC_CONSTRAINTS, sequence(tlv(0x01, b"\xff")), CRITICAL)
CA_FALSE = extension(BASIC_CONSTRAINTS, sequence())
#: keyCertSign and cRLSign; digitalSignature.
SIGNS_CERTIFICATES, SIGNS_DATA = extension(KEY_USAGE, bits(b"\x06", 1)), extension(KEY_USAGE, bits(b"\x80", 7))


def dns_names(*names: str | bytes) -> bytes:
    """Encode a subjectAltName extension with DNS names."""
    texts = [item.encode() if isinstance(item, str) else item for item in names]
    return extension(SUBJECT_ALT_NAME, sequence(*(tlv(0x82, item) for item in texts)))


SHA256_WITH_RSA = sequence(oid("1.2.840.113549.1.1.11"), NULL)
ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))
VERSION_3 = bytes.fromhex("a003020102")
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
VALIDITY = sequence(tlv(UTC_TIME, b"251202000000Z"), tlv(UTC_TIME, b"260302000000Z"))


def signer_of(key: Any, digest: hashes.HashAlgorithm | None = None) -> Callable[[bytes], bytes]:
    """Return a function that signs bytes with a key and the usual algorithm."""
    digest = digest or hashes.SHA256()
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, padding.PKCS1v15(), digest)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ec.ECDSA(digest))
    sign: Callable[[bytes], bytes] = key.sign
    return sign


def raw_certificate(
    *extensions: bytes,
    key: Any = None,
    signer: Any = None,
    sign: Callable[[bytes], bytes] | None = None,
    version: bytes = VERSION_3,
    serial: bytes | None = None,
    algorithm: bytes | None = None,
    issuer: bytes | None = None,
    validity: bytes = VALIDITY,
    subject: bytes | None = None,
    public_key: bytes | None = None,
    unique_ids: bytes = b"",
    extensions_field: bytes | None = None,
    outer_algorithm: bytes | None = None,
) -> bytes:
    """Encode a certificate with arbitrary bytes in any field. By default, it is self-signed.

    ``extensions_field`` replaces the whole extensions field. Without ``signer``, the certificate's own ``key`` signs.
    """
    key = key or ec_key()
    signer = signer or key
    if algorithm is None:
        algorithm = SHA256_WITH_RSA if isinstance(signer, rsa.RSAPrivateKey) else ECDSA_WITH_SHA256
    subject = common_name(SHOP) if subject is None else subject
    if extensions_field is None:
        extensions_field = tlv(0xA3, sequence(*extensions)) if extensions else b""
    signed = sequence(
        version,
        integer(4711) if serial is None else serial,
        algorithm,
        subject if issuer is None else issuer,
        validity,
        subject,
        spki(key) if public_key is None else public_key,
        unique_ids,
        extensions_field,
    )
    signature = (sign or signer_of(signer))(signed)
    return sequence(signed, outer_algorithm or algorithm, bits(signature))


def pem_block(content: bytes, label: str = "CERTIFICATE") -> str:
    """Return a PEM block with any label."""
    return f"-----BEGIN {label}-----\n{base64.encodebytes(content).decode()}-----END {label}-----\n"


def case_id(_value: object) -> str:
    """Return the same id for all parameters, because they are random. pytest appends numbers."""
    return "case"
