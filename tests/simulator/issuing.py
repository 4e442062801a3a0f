# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and certificate authorities, generated for tests."""

from __future__ import annotations

import hashlib
import ipaddress
import struct
from dataclasses import dataclass
from datetime import datetime, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from .keys import PrivateKey, SigningKey, private_key
from .malformed import resigned, tlv


def certificate_pem(certificate: x509.Certificate) -> str:
    """Return PEM text with a final newline."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def subject(common_name: str, organization: str = "Example Shop Ltd") -> x509.Name:
    """Return a distinguished name. An empty common name is omitted."""
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)]
    if common_name:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes)


@dataclass(frozen=True)
class Request:
    """The content of a certificate to issue. Times are aware datetimes in UTC, and may be in the wrong order."""

    subject: x509.Name
    key: PrivateKey
    not_before: datetime
    not_after: datetime
    names: tuple[str, ...] = ()
    """Subject alternative names: DNS names (A-labels) or IP addresses. Without names, there is no such extension."""
    is_ca: bool = False
    usage: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.SERVER_AUTH
    scts: int = 0
    """Number of embedded signed certificate timestamps."""
    signature_hash: str = "sha256"
    """``sha256``, or ``sha1`` or ``md5`` if the issuer has an RSA key."""
    exponent: int | None = None
    """Public exponent that replaces that of the RSA key. Even values and 1 are possible."""


@dataclass(frozen=True)
class Authority:
    """A CA certificate and its key."""

    certificate: x509.Certificate
    key: SigningKey

    @classmethod
    def root(cls, request: Request) -> Authority:
        """Create a self-signed authority."""
        key = _require_signing_key(request.key)
        return cls(_build(request, request.subject, key), key)

    def intermediate(self, request: Request) -> Authority:
        """Create an authority that this one issues."""
        return Authority(self.issue(request), _require_signing_key(request.key))

    def issue(self, request: Request) -> x509.Certificate:
        """Issue a certificate."""
        return _build(request, self.certificate.subject, self.key)


def self_signed(request: Request) -> x509.Certificate:
    """Create a self-signed certificate."""
    return _build(request, request.subject, _require_signing_key(request.key))


def _require_signing_key(key: PrivateKey) -> SigningKey:
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise TypeError("only RSA and EC keys can sign certificates")
    return key


def _build(request: Request, issuer: x509.Name, issuer_key: SigningKey) -> x509.Certificate:
    public_key = request.key.public_key()
    begins, ends = sorted((request.not_before, request.not_after))
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(request.is_ca, None), critical=True)
        .add_extension(_key_usage(request.is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if request.names:
        names = x509.SubjectAlternativeName([_general_name(name) for name in request.names])
        builder = builder.add_extension(names, critical=False)
    if request.usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([request.usage]), critical=False)
    if issuer != request.subject:
        ocsp = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP,
            x509.UniformResourceIdentifier("http://ocsp.example.net/"),
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([ocsp]), critical=False)
    if request.scts:
        builder = builder.add_extension(_sct_list(request.scts, request.not_before), critical=False)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    is_reversed = begins != request.not_before
    if request.signature_hash == "sha256" and request.exponent is None and not is_reversed:
        return certificate
    return resigned(
        certificate,
        issuer_key,
        signature_hash=request.signature_hash,
        exponent=request.exponent,
        swap_dates=is_reversed,
    )


def _key_usage(is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _sct_list(count: int, timestamp: datetime) -> x509.UnrecognizedExtension:
    """Return an embedded SCT list (RFC 6962, section 3.3) of logs that do not exist."""
    log_key = private_key("p256", "transparency log")
    assert isinstance(log_key, ec.EllipticCurvePrivateKey)
    entries = b""
    for index in range(count):
        log_id = hashlib.sha256(b"example log %d" % index).digest()
        head = b"\0" + log_id + struct.pack(">QH", int(timestamp.timestamp() * 1000), 0)
        signature = log_key.sign(head, ec.ECDSA(hashes.SHA256()))
        # 4 and 3 are SHA-256 and ECDSA in TLS 1.2.
        entry = head + struct.pack(">BBH", 4, 3, len(signature)) + signature
        entries += struct.pack(">H", len(entry)) + entry
    value = tlv(0x04, struct.pack(">H", len(entries)) + entries)
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), value)


def utc(epoch: float) -> datetime:
    """Return an aware datetime in UTC, truncated to seconds as in certificates."""
    return datetime.fromtimestamp(int(epoch), timezone.utc)


def validity(certificate: x509.Certificate) -> tuple[int, int]:
    """Return start and end of the validity period in seconds since 1970."""
    # cryptography before 42 only has naive datetimes. Newer versions deprecate them.
    aware = hasattr(certificate, "not_valid_after_utc")
    names = ("not_valid_before", "not_valid_after")
    values = (getattr(certificate, f"{name}_utc" if aware else name) for name in names)
    begin, end = (int(value.replace(tzinfo=timezone.utc).timestamp()) for value in values)
    return begin, end
