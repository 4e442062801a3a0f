# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roots that Mozilla trusts, from certifi: real certificates from elsewhere."""

from __future__ import annotations

import re
import warnings

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from ..fleet import Fleet, Project, Record, Region, record
from ..issuing import validity

REGIONS = ("cn-bj2", "cn-sh2", "hk")
PROJECT = "org-mozilla"
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)


def mozilla() -> Fleet:
    """Return a record for every root of the bundle, distributed over three regions."""
    fleet = Fleet(
        [Region(name, is_default=name == REGIONS[0]) for name in REGIONS],
        [Project(PROJECT, "Mozilla roots", is_default=True)],
    )
    records = [_record(block) for block in _BLOCK.findall(certifi.contents())]
    for index, region in enumerate(REGIONS):
        fleet.replace(records[index :: len(REGIONS)], region=region)
    return fleet


def _record(block: str) -> Record:
    with warnings.catch_warnings():
        # Some roots are older than the rules that cryptography warns about.
        warnings.simplefilter("ignore")
        certificate = x509.load_pem_x509_certificate(block.encode())
    created, _unused = validity(certificate)
    ssl_id = f"ssl-{certificate.fingerprint(hashes.SHA256()).hex()[:10]}"
    return record(ssl_id, _name(certificate.subject), block, created)


def _name(subject: x509.Name) -> str:
    """Return the common name, or for roots without one the unit or organization."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in subject.get_attributes_for_oid(oid):
            return str(attribute.value)
    return subject.rfc4514_string()
