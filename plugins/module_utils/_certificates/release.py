# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether a certificate may be returned unchanged, or may contain a private key.

Facts are read wherever possible. The bytes themselves are only returned if each of them belongs to the certificate,
because somebody may have put a key after the signature, into the serial number, or into a private extension.
"""

from __future__ import annotations

from .._api.redaction import HIDDEN, bytes_may_hold_key
from . import der
from .fields import Fields
from .names import read_name

#: In bytes (RFC 5280, 4.1.2.2).
_LONGEST_SERIAL_NUMBER = 20
#: Maximum number of bytes of an algorithm with its parameters. The longest ones in signatures, those of RSASSA-PSS,
#: have fewer than 80. Those of public keys may have large numbers: DSA with 3072 bits, or explicit curve parameters.
_LONGEST_ALGORITHM, _LONGEST_PARAMETERS = 128, 2048


def may_be_released(fields: Fields) -> bool:
    """Whether every byte belongs to the certificate, and none of them looks like a private key."""
    try:
        _check(fields)
    except ValueError:
        return False
    # Version and serial number begin like a key. They were checked above.
    return not bytes_may_hold_key(fields.data[fields.serial_number[3] :])


def _check(fields: Fields) -> None:
    """Check all fields.

    Raises:
        ValueError: One of them contains something that does not belong there.
    """
    data = fields.data
    if fields.has_unique_ids:
        raise der.MalformedError("unique identifiers, which may hold anything")
    if fields.version is not None and der.content(data, fields.version) not in (b"\2\1\0", b"\2\1\1", b"\2\1\2"):
        raise der.MalformedError("unknown version of X.509")
    if fields.serial_number[3] - fields.serial_number[2] > _LONGEST_SERIAL_NUMBER:
        raise der.MalformedError("the serial number is longer than 20 octets")
    for algorithm in (fields.inner_algorithm, fields.algorithm):
        _check_algorithm(data, algorithm)
    for name in (fields.issuer, fields.subject):
        _check_name(der.whole(data, name))
    for limit in der.exactly(der.inside(data, fields.validity), 2):
        der.time(data, limit)
    identifier, key = der.exactly(der.inside(data, fields.public_key), 2)
    _check_algorithm(data, identifier, _LONGEST_PARAMETERS)
    if der.bit_string(data, key)[1] or der.bit_string(data, fields.signature)[1]:
        raise der.MalformedError("not a whole number of bytes")
    if fields.extensions is not None:
        _check_extensions(data, fields.extensions)


def _check_algorithm(data: bytes, item: der.Element, longest: int = _LONGEST_ALGORITHM) -> None:
    oid, *parameters = der.inside(data, item)
    der.object_identifier(data, oid)
    if len(parameters) > 1 or item[3] - item[1] > longest:
        raise der.MalformedError("more than parameters")


def _check_name(encoded: bytes) -> None:
    for value in read_name(encoded).facts.values():
        for text in value if isinstance(value, list) else [value]:
            if text == HIDDEN:
                raise der.MalformedError("a name that may be a private key")


def _check_extensions(data: bytes, item: der.Element) -> None:
    (listed,) = der.exactly(der.inside(data, item, item[0]), 1)
    known = set()
    extensions = der.inside(data, listed)
    for extension in extensions:
        oid, *critical, value = der.inside(data, extension)
        known.add(der.object_identifier(data, oid))
        for flag in critical:
            der.boolean(data, flag)
        if value[0] != der.OCTET_STRING or len(critical) > 1:
            raise der.MalformedError("not an extension")
    if len(known) < len(extensions):
        raise der.MalformedError("one extension twice")
