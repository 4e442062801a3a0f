# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Split Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } into fields (RFC 5280, 4.1)."""

from __future__ import annotations

from typing import NamedTuple

from . import der

_VERSION, _ISSUER_ID, _SUBJECT_ID, _EXTENSIONS = 0xA0, (0x81, 0xA1), (0x82, 0xA2), 0xA3
_OUTER = [der.SEQUENCE, der.SEQUENCE, der.BIT_STRING]
_SIGNED = [der.INTEGER, *[der.SEQUENCE] * 5]


class Fields(NamedTuple):
    """The positions of the fields of a certificate in its DER.

    ``signed`` is the part that the signature covers. ``version`` and ``extensions`` may be missing.
    """

    data: bytes
    signed: der.Element
    version: der.Element | None
    serial_number: der.Element
    inner_algorithm: der.Element
    issuer: der.Element
    validity: der.Element
    subject: der.Element
    public_key: der.Element
    extensions: der.Element | None
    algorithm: der.Element
    signature: der.Element
    has_unique_ids: bool


def fields_of(data: bytes) -> Fields:
    """Split a certificate into its fields. Data after the certificate is ignored.

    This decides what a certificate is: each field must be in its position with its type, and nothing else may be there.
    The content of the fields may still be malformed.

    Raises:
        MalformedError: It is not a certificate.
    """
    outer = der.element(data, 0, len(data))
    signed, algorithm, signature = _exactly(der.inside(data, outer), "the certificate", _OUTER)
    parts = der.inside(data, signed)
    version = parts.pop(0) if parts and parts[0][0] == _VERSION else None
    extensions = parts.pop() if parts and parts[-1][0] == _EXTENSIONS else None
    # Unique identifiers of version 2, which are not in use.
    count = len(parts)
    for tags in (_SUBJECT_ID, _ISSUER_ID):
        if parts and parts[-1][0] in tags:
            parts.pop()
    has_unique_ids = len(parts) < count
    serial_number, inner_algorithm, issuer, validity, subject, public_key = _exactly(parts, "its signed part", _SIGNED)
    return Fields(
        data=data[: outer[3]],
        signed=signed,
        version=version,
        serial_number=serial_number,
        inner_algorithm=inner_algorithm,
        issuer=issuer,
        validity=validity,
        subject=subject,
        public_key=public_key,
        extensions=extensions,
        algorithm=algorithm,
        signature=signature,
        has_unique_ids=has_unique_ids,
    )


def _exactly(items: list[der.Element], what: str, tags: list[int]) -> list[der.Element]:
    if [item[0] for item in items] != tags:
        raise der.MalformedError(f"{what} does not have the fields of a certificate")
    return items
