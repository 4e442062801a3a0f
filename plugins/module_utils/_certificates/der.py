# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""As much of DER as it takes to see what cryptography refuses to look at.

It refuses RSA keys with an unsound exponent, for example, which are just the ones that an audit has to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

SEQUENCE, INTEGER, BIT_STRING, VERSION = 0x30, 0x02, 0x03, 0xA0
# rsaEncryption, and id-RSASSA-PSS (RFC 4055, 3.1) for keys that sign in this way only.
_RSA_KEYS = (bytes.fromhex("06092a864886f70d010101"), bytes.fromhex("06092a864886f70d01010a"))


class Element(NamedTuple):
    """One element: its tag, where it starts, where its content begins, and where both end."""

    tag: int
    start: int
    begin: int
    end: int


def element(der: bytes, start: int = 0) -> Element | None:
    """The element at ``start``; ``None`` if there is none, or it is not whole."""
    if len(der) < start + 2:
        return None
    begin, length = start + 2, der[start + 1]
    if length & 0x80:
        size = length & 0x7F
        begin, length = begin + size, int.from_bytes(der[begin : begin + size], "big")
    return Element(der[start], start, begin, begin + length) if begin + length <= len(der) else None


def children(der: bytes, parent: Element) -> Iterator[Element]:
    """The elements inside of one, as far as they are whole."""
    start = parent.begin
    while start < parent.end:
        child = element(der, start)
        if child is None:
            return
        yield child
        start = child.end


def public_key_info(certificate: bytes) -> bytes | None:
    """The SubjectPublicKeyInfo of a certificate (RFC 5280, 4.1), as it stands in there."""
    outer = element(certificate)
    inner = element(certificate, outer.begin) if outer else None
    fields = children(certificate, inner) if inner else iter(())
    first = next(fields, None)
    # Of version 1 have no version: serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo.
    place = 5 if first and first.tag == VERSION else 4
    info = next(islice(fields, place, None), None)
    return certificate[info.start : info.end] if info and info.tag == SEQUENCE else None


def rsa_numbers(info: bytes) -> tuple[int, int] | None:
    """Modulus and exponent in the SubjectPublicKeyInfo of an RSA key (RFC 8017, A.1.1); ``None`` for other keys."""
    outer = element(info)
    parts = list(children(info, outer)) if outer else []
    if len(parts) != 2 or not info[parts[0].begin : parts[0].end].startswith(_RSA_KEYS):
        return None
    key = element(info, parts[1].begin + 1) if parts[1].tag == BIT_STRING else None  # behind the count of unused bits
    numbers = [
        int.from_bytes(info[number.begin : number.end], "big", signed=True)
        for number in (children(info, key) if key else ())
        if number.tag == INTEGER
    ]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None
