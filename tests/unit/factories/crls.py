# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CRLs, and certificates that name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from . import chains
from .certs import DAY, NOW, utc
from .chains import Signer

URL, OTHER_URL = "http://crl.example.com/ca.crl", "http://crl.example.com/other.crl"
SERIAL = 4711
Reasons = x509.ReasonFlags


def distribution_points(*urls: str, reasons: frozenset[Reasons] | None = None) -> x509.CRLDistributionPoints:
    """Return an extension that names these URLs, maybe only for certain reasons."""
    return x509.CRLDistributionPoints(
        [x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, reasons, None) for url in urls]
    )


def server(above: Signer, *urls: str, serial: int = SERIAL) -> x509.Certificate:
    """Return a server certificate that names these CRLs."""
    others = [(distribution_points(*urls), False)] if urls else []
    return chains.server(above, others=others, serial=serial)


def entry(serial: int = SERIAL, reason: Reasons | None = Reasons.key_compromise) -> x509.RevokedCertificate:
    """Return an entry of a CRL, of two days ago."""
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(utc(NOW - 2 * DAY))
    if reason is not None:
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    return builder.build()


def part(*urls: str, **properties: Any) -> x509.IssuingDistributionPoint:
    """Return an extension that says which part of the certificates a CRL is about."""
    values: dict[str, Any] = {
        "full_name": [x509.UniformResourceIdentifier(url) for url in urls] or None, "relative_name": None,
        "only_contains_user_certs": False, "only_contains_ca_certs": False, "only_some_reasons": None,
        "indirect_crl": False, "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**{**values, **properties})


def crl(
    signer: Signer,
    *entries: x509.RevokedCertificate,
    issuer: x509.Name | None = None,
    begins: int = NOW - DAY,
    ends: int = NOW + 7 * DAY,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> x509.CertificateRevocationList:
    """Build a CRL with these extensions (and whether they are critical)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer or signer.certificate.subject)
        .last_update(utc(begins))
        .next_update(utc(ends))
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    for revoked in entries:
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign(signer.key, hashes.SHA256())
