# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and keys that say exactly what a test wants them to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from ansible_collections.ucloud.ulb.tests.simulator.keys import private_key

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

#: Forms of private keys: the traditional one (PKCS #1, SEC 1), and PKCS #8.
TRADITIONAL, PKCS8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8


def rsa_key(label: str = "unit") -> Key:
    """An RSA-2048 key, the same one for the same label."""
    key = private_key("rsa2048", label)
    assert not isinstance(key, ec.EllipticCurvePrivateKey)
    return key


@cache
def ec_key(label: str = "unit", curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    """A key on this curve, the same one for the same label."""
    assert label
    return ec.generate_private_key(curve())


def utc(moment: int) -> datetime:
    """An aware datetime for seconds since 1970."""
    return datetime.fromtimestamp(moment, timezone.utc)


def name(common_name: str) -> x509.Name:
    """A distinguished name with nothing but a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def alternative_names(*names: str) -> x509.SubjectAlternativeName:
    """An extension with DNS names."""
    return x509.SubjectAlternativeName([x509.DNSName(item) for item in names])


def mint(
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
    """A certificate: without an issuer it is issued in its own name, without a signer it is signed with its own key."""
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
    """A server's certificate, issued by :func:`authority` for :func:`ec_key`."""
    return mint(
        issuer=CA_NAME,
        signer=ec_key("ca"),
        extensions=[alternative_names(SHOP, f"*.{SHOP}"), x509.BasicConstraints(ca=False, path_length=None)],
    )


@cache
def authority() -> x509.Certificate:
    """The self-signed CA that issued :func:`leaf`."""
    return mint(
        ec_key("ca"),
        subject=CA_NAME,
        not_after=NOW + 3650 * DAY,
        extensions=[x509.BasicConstraints(ca=True, path_length=None)],
    )


def der(certificate: x509.Certificate) -> bytes:
    """The bytes of a certificate."""
    return certificate.public_bytes(Encoding.DER)


def pem(*certificates: x509.Certificate) -> str:
    """PEM blocks, as cryptography writes them."""
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)


def key_pem(key: Any = None, form: PrivateFormat = PKCS8, *, encrypted: bool = False) -> str:
    """A private key as PEM, as cryptography writes it."""
    encryption: KeySerializationEncryption = BestAvailableEncryption(PASSWORD) if encrypted else NoEncryption()
    text: bytes = (key or ec_key()).private_bytes(Encoding.PEM, form, encryption)
    return text.decode()
