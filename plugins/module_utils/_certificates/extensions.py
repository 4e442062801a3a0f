# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The extensions of a certificate, each read by itself: one that is broken leaves the others as they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from . import der, oids
from .names import GeneralName, general_names

T = TypeVar("T")

# What a CA writes into one certificate it writes into all of them.
_remembered = lru_cache(maxsize=256)

SUBJECT_KEY_ID, KEY_USAGE, SUBJECT_ALT_NAME = "2.5.29.14", "2.5.29.15", "2.5.29.17"
BASIC_CONSTRAINTS, AUTHORITY_KEY_ID, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.35", "2.5.29.37"
AUTHORITY_INFORMATION_ACCESS, SIGNED_TIMESTAMPS = "1.3.6.1.5.5.7.1.1", "1.3.6.1.4.1.11129.2.4.2"
_OCSP = "1.3.6.1.5.5.7.48.1"
#: In the order of their bits (RFC 5280, 4.2.1.3).
_KEY_USAGES = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip


class AuthorityKeyId(NamedTuple):
    """Which key of an issuer has signed (RFC 5280, 4.2.1.1). What it does not say is ``None``.

    ``issuer`` is the DER of the name of the issuer's own issuer, which ``serial_number`` belongs to.
    """

    key_id: bytes | None = None
    issuer: bytes | None = None
    serial_number: int | None = None


class Extensions:
    """The extensions of a certificate by object identifier.

    :raises MalformedError: it is not known which ones there are.
    """

    def __init__(self, data: bytes, item: der.Element | None) -> None:
        self._values: dict[str, list[bytes]] = {}
        if item is None:
            return
        (listed,) = _one(der.inside(data, item, item[0]))
        for extension in der.inside(data, listed):
            # Whether it is critical stands between the two, and may be written out where it is not.
            parts = der.inside(data, extension)
            if len(parts) not in (2, 3) or parts[-1][0] != der.OCTET_STRING:
                raise der.MalformedError("one of them has no value")
            self._values.setdefault(der.object_identifier(data, parts[0]), []).append(der.content(data, parts[-1]))

    def read(self, oid: str, read: Callable[[bytes], T], absent: T) -> T:
        """What an extension says, or ``absent``.

        :raises ValueError: it is malformed, or there more than once.
        """
        values = self._values.get(oid)
        if values is None:
            return absent
        if len(values) > 1:
            raise der.MalformedError(f"it is there {len(values)} times")
        return read(values[0])


def read_subject_alt_names(value: bytes) -> list[GeneralName]:
    """Read a subjectAltName."""
    return general_names(value, der.only(value))


@_remembered
def read_is_ca(value: bytes) -> bool:
    """Whether basic constraints say CA:TRUE."""
    parts = der.only(value)
    return bool(parts) and parts[0][0] == der.BOOLEAN and der.boolean(value, parts[0])


@_remembered
def read_key_usage(value: bytes) -> tuple[str, ...]:
    """Read a keyUsage."""
    bits, _unused = der.bit_string(value, _one_element(value))
    return tuple(name for number, name in enumerate(_KEY_USAGES) if _is_set(bits, number))


@_remembered
def read_extended_key_usage(value: bytes) -> tuple[str, ...]:
    """Read an extendedKeyUsage."""
    return tuple(oids.name_of(der.object_identifier(value, item)) for item in der.only(value))


@_remembered
def read_ocsp_urls(value: bytes) -> tuple[str, ...]:
    """The addresses of OCSP responders in an authority information access."""
    urls: list[str] = []
    for item in der.only(value):
        method, location = der.inside(value, item)
        if der.object_identifier(value, method) == _OCSP:
            urls += [name.uri for name in general_names(value, [location]) if name.uri is not None]
    return tuple(urls)


def read_timestamp_count(value: bytes) -> int:
    """How many signed certificate timestamps there are: a list as TLS writes it (RFC 6962, 3.3)."""
    item = _one_element(value)
    listed = der.content(value, item)
    if item[0] != der.OCTET_STRING or len(listed) < 2 or int.from_bytes(listed[:2], "big") != len(listed) - 2:
        raise der.MalformedError("not a list of timestamps")
    count, place = 0, 2
    while place < len(listed):
        place += 2 + int.from_bytes(listed[place : place + 2], "big")
        count += 1
    if place != len(listed):
        raise der.MalformedError("the last timestamp is not whole")
    return count


def read_subject_key_id(value: bytes) -> bytes | None:
    """Read a subjectKeyIdentifier."""
    item = _one_element(value)
    if item[0] != der.OCTET_STRING:
        raise der.MalformedError("not a key identifier")
    return der.content(value, item)


@_remembered
def read_authority_key_id(value: bytes) -> AuthorityKeyId:
    """Read an authorityKeyIdentifier."""
    parts: dict[int, Any] = {item[0]: item for item in der.only(value)}
    if not parts.keys() <= {0x80, 0xA1, 0x82}:
        raise der.MalformedError("not a key identifier")
    names = der.inside(value, parts[0xA1], 0xA1) if 0xA1 in parts else []
    directory = next((der.content(value, item) for item in names if item[0] == 0xA4), None)
    return AuthorityKeyId(
        key_id=der.content(value, parts[0x80]) if 0x80 in parts else None,
        issuer=directory,
        serial_number=der.integer(value, (der.INTEGER, *parts[0x82][1:])) if 0x82 in parts else None,
    )


def _one_element(value: bytes) -> der.Element:
    item = der.element(value, 0, len(value))
    if item[3] != len(value):
        raise der.MalformedError("something stands behind it")
    return item


def _one(items: list[der.Element]) -> list[der.Element]:
    if len(items) != 1:
        raise der.MalformedError("not a single list")
    return items


def _is_set(bits: bytes, number: int) -> bool:
    place, bit = divmod(number, 8)
    return place < len(bits) and bool(bits[place] & 0x80 >> bit)
