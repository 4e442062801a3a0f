# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide by a CRL whether a certificate is revoked (RFC 5280, 6.3.3, as far as complete CRLs of the issuer need it)."""

from __future__ import annotations

from typing import NamedTuple

from . import names
from .crypto import RevocationList
from .times import iso8601
from .x509 import Parsed


class Status(NamedTuple):
    """Whether a certificate is revoked. Unknown values are ``None``.

    Attributes:
        reason: Why it is revoked, or why that is unknown.
        revoked_at: Since when it is revoked (seconds since 1970).
        url: The URL of the CRL that decided.
        next_update: Until when that CRL is valid (seconds since 1970).
    """

    revoked: bool | None
    reason: str | None = None
    revoked_at: int | None = None
    url: str | None = None
    next_update: int | None = None


def read_status(certificate: Parsed, issuer: Parsed, found: RevocationList, url: str, now: int) -> Status:
    """Return the status of a certificate by a CRL.

    An entry counts also in a CRL that has expired, because revocation is final, unless the certificate is on hold.

    Args:
        certificate: The certificate.
        issuer: The certificate that signed it.
        found: The CRL. It is trusted only if the issuer has signed it.
        url: Where it came from.
        now: The time in seconds since 1970.
    """
    problem = _mismatch(certificate, issuer, found)
    if problem is None and certificate.serial_number is None:
        problem = "its serial number cannot be read"
    if problem is not None:
        return Status(None, problem, url=url)
    try:
        entry = found.find(certificate.serial_number or 0)
    except ValueError as error:
        return Status(None, f"its CRL cannot be used: {error}", url=url)
    staleness = _staleness(found, now)
    if entry is not None and (entry.is_final or staleness is None):
        return Status(True, entry.reason, entry.since, url, found.next_update)
    if staleness is not None:
        return Status(None, staleness, url=url, next_update=found.next_update)
    if url in certificate.partial_crl_urls:
        return Status(None, "its CRL is only about certain reasons", url=url, next_update=found.next_update)
    return Status(False, url=url, next_update=found.next_update)


def _mismatch(certificate: Parsed, issuer: Parsed, found: RevocationList) -> str | None:
    """Say why a CRL does not decide about a certificate."""
    try:
        is_of_issuer = issuer.subject is not None and names.read_name(found.issuer).key == issuer.subject.key
    except ValueError:
        is_of_issuer = False
    if not is_of_issuer:
        return "its CRL is one of another issuer"
    if issuer.key_usage is None or (issuer.key_usage and "cRLSign" not in issuer.key_usage):
        return "the key usage of its issuer does not allow it to sign CRLs"
    is_signed = found.is_signed_with(issuer.public_key_info)
    if not is_signed:
        return "the signature of its CRL cannot be verified" if is_signed is None else "its issuer did not sign its CRL"
    if ("cas" if certificate.is_ca else "servers") not in found.kinds:
        return "its CRL is only about other kinds of certificates"
    if found.urls is not None and not set(found.urls).intersection(certificate.crl_urls or ()):
        return "its CRL is only about certificates that name another URL"
    return None


def _staleness(found: RevocationList, now: int) -> str | None:
    """Say why a CRL is not valid at a time."""
    if found.this_update is None or found.next_update is None:
        return "its CRL does not say when it is valid"
    if now < found.this_update:
        return f"its CRL is not valid before {iso8601(found.this_update)}"
    if now > found.next_update:
        return f"its CRL has expired at {iso8601(found.next_update)}"
    return None
