# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read DER (X.690), as far as certificates need it: elements, numbers, object identifiers, text and times.

This is as lenient as OpenSSL: a length may have more bytes than necessary. It is strict where that matters: a truncated
element is an error, and no work grows faster than the size of the input.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from .._api.values import encodable
from .times import DAY, FIRST, LAST

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x01, 0x02, 0x03, 0x04, 0x06
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31

#: An element: its tag, its start, the start of its content, and the end of both. A plain tuple, because a certificate
#: has a hundred of them, and creating named tuples took a third of the parsing time.
Element = tuple[int, int, int, int]

_ONE_BYTE = "latin-1"
#: The encoding of each string type. T61String is read as Latin-1, as OpenSSL does.
_ENCODINGS = {
    0x0C: "utf-8", 0x12: _ONE_BYTE, 0x13: _ONE_BYTE, 0x14: _ONE_BYTE, 0x16: _ONE_BYTE, 0x1A: _ONE_BYTE,
    0x1C: "utf-32-be", 0x1E: "utf-16-be",
}  # fmt: skip
_UTC = re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(?:Z|([+-])(\d\d)(\d\d))")
_GENERALIZED = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(\.\d{1,20})?(?:Z|([+-])(\d\d)(\d\d))")
_EPOCH = date(1970, 1, 1).toordinal()
#: The bit of a length that has more than one byte; alone it means an indefinite length.
_INDEFINITE = 0x80
#: Maximum number of bytes. Those in use have fewer than 20, and the work grows with the square of the length.
_LONGEST_OID = 64


class MalformedError(ValueError):
    """Data does not follow the standard; the message says what is wrong."""


def element(data: bytes, start: int, end: int) -> Element:
    """Return the element at ``start``.

    Raises:
        MalformedError: There is none before ``end``, or it is truncated.
    """
    begin = start + 2
    if begin > end:
        raise MalformedError("it is truncated")
    length = data[start + 1]
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[begin : begin + size], "big")
        begin += size
        if not size:
            raise MalformedError("an indefinite length, which DER does not allow")
    finish = begin + length
    if finish > end or begin > end:
        raise MalformedError("it is truncated")
    return data[start], start, begin, finish


def elements(data: bytes, begin: int, end: int) -> list[Element]:
    """Return the elements from ``begin`` to ``end``.

    Raises:
        MalformedError: They are not a sequence of complete elements.
    """
    found = []
    while begin < end:
        start, begin = begin, begin + 2
        # The same as element(), without a call for each element, which takes a tenth of the parsing time.
        length = data[start + 1] if begin <= end else _INDEFINITE
        if length > _INDEFINITE:
            begin += length - _INDEFINITE
            length = int.from_bytes(data[start + 2 : begin], "big")
        elif length == _INDEFINITE:
            element(data, start, end)  # raises the error
        finish = begin + length
        if finish > end:
            raise MalformedError("it is truncated")
        found.append((data[start], start, begin, finish))
        begin = finish
    return found


def content(data: bytes, item: Element) -> bytes:
    """Return the content of an element."""
    return data[item[2] : item[3]]


def whole(data: bytes, item: Element) -> bytes:
    """Return an element with its tag and length."""
    return data[item[1] : item[3]]


def inside(data: bytes, item: Element, tag: int = SEQUENCE) -> list[Element]:
    """Return the elements inside an element with this tag.

    Raises:
        MalformedError: It has another tag, or its content is not a sequence of complete elements.
    """
    if item[0] != tag:
        raise MalformedError(f"tag 0x{item[0]:02x} instead of 0x{tag:02x}")
    return elements(data, item[2], item[3])


def exactly(items: list[Element], number: int) -> list[Element]:
    """Return the elements, if there is exactly this number of them.

    Raises:
        MalformedError: There are more or fewer.
    """
    if len(items) != number:
        raise MalformedError(f"{len(items)} elements instead of {number}")
    return items


def only(data: bytes, tag: int = SEQUENCE) -> list[Element]:
    """Return the elements inside the only element of ``data``, which must have this tag.

    Raises:
        MalformedError: It has another tag, or there is data after it.
    """
    item = element(data, 0, len(data))
    if item[3] != len(data):
        raise MalformedError("it has trailing data")
    return inside(data, item, tag)


def integer(data: bytes, item: Element) -> int:
    """Return an integer.

    Raises:
        MalformedError: It is not one.
    """
    if item[0] != INTEGER or item[2] == item[3]:
        raise MalformedError("not a number")
    return int.from_bytes(data[item[2] : item[3]], "big", signed=True)


def boolean(data: bytes, item: Element) -> bool:
    """Return a boolean.

    Raises:
        MalformedError: It is not one.
    """
    if item[0] != BOOLEAN or item[3] - item[2] != 1:
        raise MalformedError("not a boolean")
    return data[item[2]] != 0


def bit_string(data: bytes, item: Element) -> tuple[bytes, int]:
    """Return the bytes of a bit string, and the number of unused bits at their end.

    Raises:
        MalformedError: It is not one.
    """
    if item[0] != BIT_STRING or item[2] == item[3] or data[item[2]] > 7:
        raise MalformedError("not a bit string")
    return data[item[2] + 1 : item[3]], data[item[2]]


def object_identifier(data: bytes, item: Element) -> str:
    """Return an object identifier, such as ``2.5.4.3``.

    Raises:
        MalformedError: It is not one.
    """
    if item[0] != OBJECT_IDENTIFIER:
        raise MalformedError("not an object identifier")
    return _dotted(data[item[2] : item[3]])


@lru_cache(maxsize=512)
def _dotted(value: bytes) -> str:
    if not value or value[-1] & 0x80 or len(value) > _LONGEST_OID:
        raise MalformedError("not an object identifier")
    arcs, arc = [], 0
    for byte in value:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    # The first number contains two: 0, 1 or 2, and the rest.
    top = min(arcs[0] // 40, 2)
    return ".".join(map(str, (top, arcs[0] - 40 * top, *arcs[1:])))


def text(data: bytes, item: Element) -> str:
    """Return text. Elements of other types become hexadecimal digits after a ``#`` (RFC 4514, 2.4)."""
    encoding = _ENCODINGS.get(item[0])
    if encoding is None:
        return f"#{whole(data, item).hex()}"
    return encodable(content(data, item).decode(encoding, "replace"))


def is_text(item: Element) -> bool:
    """Whether an element has one of the string types."""
    return item[0] in _ENCODINGS


def time(data: bytes, item: Element) -> int:
    """Return a time as a timestamp (seconds since 1970). Fractions of a second are dropped.

    Besides what RFC 5280, 4.1.2.5 allows, times without seconds and with a zone are accepted, as by OpenSSL.

    Raises:
        MalformedError: It is not one.
    """
    match = None
    if item[0] == UTC_TIME:
        match = _UTC.fullmatch(data, item[2], item[3])
    elif item[0] == GENERALIZED_TIME:
        match = _GENERALIZED.fullmatch(data, item[2], item[3])
    if match is None:
        raise MalformedError("not a time")
    year, month, day, hour, minute = map(int, match.group(1, 2, 3, 4, 5))
    second = int(match[6] or 0)
    if item[0] == UTC_TIME:
        year += 1900 if year >= 50 else 2000
    if hour > 23 or minute > 59 or second > 59:
        raise MalformedError("not a time")
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError as error:
        raise MalformedError(f"not a time: {error}") from None
    sign, zone_hours, zone_minutes = match.group(8, 9, 10)
    offset = int(sign + b"1") * (3600 * int(zone_hours) + 60 * int(zone_minutes)) if sign else 0
    timestamp = DAY * days + 3600 * hour + 60 * minute + second - offset
    if not FIRST <= timestamp <= LAST:
        raise MalformedError("not a time that can be written in UTC")
    return timestamp
