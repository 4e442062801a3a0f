# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The extensions of a certificate. Each is read separately, so that a malformed one does not affect the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from . import der, oids
from .names import GeneralName, general_names

SUBJECT_KEY_ID, KEY_USAGE, SUBJECT_ALT_NAME = "2.5.29.14", "2.5.29.15", "2.5.29.17"
BASIC_CONSTRAINTS, AUTHORITY_KEY_ID, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.35", "2.5.29.37"
AUTHORITY_INFORMATION_ACCESS, SIGNED_TIMESTAMPS = "1.3.6.1.5.5.7.1.1", "1.3.6.1.4.1.11129.2.4.2"
CRL_DISTRIBUTION_POINTS, TLS_FEATURES, NAME_CONSTRAINTS = "2.5.29.31", "1.3.6.1.5.5.7.1.24", "2.5.29.30"
_OCSP, _CA_ISSUERS = "1.3.6.1.5.5.7.48.1", "1.3.6.1.5.5.7.48.2"
#: The TLS extension status_request, with which a client asks for a stapled OCSP response (RFC 7633, 6).
_STATUS_REQUEST = 5
#: The tag of the reasons in a distribution point.
_REASONS = 0x81
#: In the order of their bits (RFC 5280, 4.2.1.3).
_KEY_USAGES = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip


class AuthorityKeyId(NamedTuple):
    """Which key of the issuer has signed (RFC 5280, 4.2.1.1). Missing parts are ``None``.

    ``issuer`` is the DER of the name of the issuer's own issuer, to which ``serial_number`` belongs.
    """

    key_id: bytes | None = None
    issuer: bytes | None = None
    serial_number: int | None = None


class CrlUrls(NamedTuple):
    """The URLs of CRLs in a certificate, and those of them whose CRLs are only about certain reasons."""

    urls: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()


class AccessUrls(NamedTuple):
    """URLs in an authority information access (RFC 5280, 4.2.2.1): OCSP responders, and the issuer's certificate."""

    ocsp: tuple[str, ...] = ()
    ca_issuers: tuple[str, ...] = ()


def _read_subject_alt_names(value: bytes) -> list[GeneralName]:
    """Read a subjectAltName."""
    return general_names(value, der.only(value))


def _read_is_ca(value: bytes) -> bool:
    """Whether basic constraints have CA:TRUE."""
    parts = der.only(value)
    return bool(parts) and parts[0][0] == der.BOOLEAN and der.boolean(value, parts[0])


def _read_key_usage(value: bytes) -> tuple[str, ...]:
    """Read a keyUsage."""
    bits, unused = der.bit_string(value, _one_element(value))
    count = 8 * len(bits) - unused
    return tuple(name for number, name in enumerate(_KEY_USAGES[: max(count, 0)]) if _is_set(bits, number))


def _read_extended_key_usage(value: bytes) -> tuple[str, ...]:
    """Read an extendedKeyUsage."""
    return tuple(oids.name_of(der.object_identifier(value, item)) for item in der.only(value))


def _read_access_urls(value: bytes) -> AccessUrls:
    """Read an authority information access. Locations that are not URLs are left out."""
    urls: dict[str, list[str]] = {_OCSP: [], _CA_ISSUERS: []}
    for item in der.only(value):
        method, location = der.exactly(der.inside(value, item), 2)
        of_method = urls.get(der.object_identifier(value, method))
        if of_method is not None:
            of_method += _urls(value, [location])
    return AccessUrls(tuple(urls[_OCSP]), tuple(urls[_CA_ISSUERS]))


def _read_crl_urls(value: bytes) -> CrlUrls:
    """Read the URLs of CRLs (RFC 5280, 4.2.1.13). A point may have only a name relative to that of its issuer."""
    urls: list[str] = []
    complete: set[str] = set()
    for point in der.only(value):
        before = len(urls)
        parts = {item[0]: item for item in der.inside(value, point)}
        names = der.inside(value, parts[0xA0], 0xA0) if 0xA0 in parts else []
        for name in names:
            if name[0] == 0xA0:
                urls += _urls(value, der.inside(value, name, 0xA0))
        if _REASONS not in parts:
            complete.update(urls[before:])
    return CrlUrls(tuple(urls), frozenset(urls) - complete)


def _urls(value: bytes, names: list[der.Element]) -> list[str]:
    return [name.uri for name in general_names(value, names) if name.uri is not None]


def _read_constrained_kinds(value: bytes) -> frozenset[int]:
    """Return the tags of the kinds of names that name constraints are about (RFC 5280, 4.2.1.10).

    ``0`` stands for a subtree with limits, which must not be used.
    """
    kinds: set[int] = set()
    for subtrees in der.only(value):
        for subtree in der.inside(value, subtrees, subtrees[0]):
            base, *limits = der.inside(value, subtree) or [_NOTHING]
            kinds |= {base[0], 0} if limits else {base[0]}
    return frozenset(kinds)


def _read_must_staple(value: bytes) -> bool:
    """Whether a TLS feature extension requires a stapled OCSP response (RFC 7633)."""
    return _STATUS_REQUEST in [der.integer(value, item) for item in der.only(value)]


def _read_timestamp_count(value: bytes) -> int:
    """Count signed certificate timestamps, which are a list in the encoding of TLS (RFC 6962, 3.3)."""
    item = _one_element(value)
    listed = der.content(value, item)
    if item[0] != der.OCTET_STRING or len(listed) < 2 or int.from_bytes(listed[:2], "big") != len(listed) - 2:
        raise der.MalformedError("not a list of timestamps")
    count, position = 0, 2
    while position < len(listed):
        position += 2 + int.from_bytes(listed[position : position + 2], "big")
        count += 1
    if position != len(listed):
        raise der.MalformedError("the last timestamp is truncated")
    return count


def _read_subject_key_id(value: bytes) -> bytes | None:
    """Read a subjectKeyIdentifier."""
    item = _one_element(value)
    if item[0] != der.OCTET_STRING:
        raise der.MalformedError("not a key identifier")
    return der.content(value, item)


def _read_authority_key_id(value: bytes) -> AuthorityKeyId:
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
        raise der.MalformedError("it has trailing data")
    return item


def _is_set(bits: bytes, number: int) -> bool:
    position, bit = divmod(number, 8)
    return position < len(bits) and bool(bits[position] & 0x80 >> bit)


_READERS: dict[str, Callable[[bytes], Any]] = {
    SUBJECT_KEY_ID: _read_subject_key_id,
    KEY_USAGE: _read_key_usage,
    SUBJECT_ALT_NAME: _read_subject_alt_names,
    BASIC_CONSTRAINTS: _read_is_ca,
    AUTHORITY_KEY_ID: _read_authority_key_id,
    EXTENDED_KEY_USAGE: _read_extended_key_usage,
    AUTHORITY_INFORMATION_ACCESS: _read_access_urls,
    CRL_DISTRIBUTION_POINTS: _read_crl_urls,
    TLS_FEATURES: _read_must_staple,
    NAME_CONSTRAINTS: _read_constrained_kinds,
    SIGNED_TIMESTAMPS: _read_timestamp_count,
}


class Extensions:
    """The extensions of a certificate by object identifier.

    Raises:
        MalformedError: They cannot be separated from each other.
    """

    def __init__(self, data: bytes, item: der.Element | None) -> None:
        found = []
        if item is not None:
            (listed,) = der.exactly(der.inside(data, item, item[0]), 1)
            found = [_read_extension(der.whole(data, part)) for part in der.inside(data, listed)]
        self._by_oid = {extension.oid: extension for extension in found}
        is_repeated = len(self._by_oid) < len(found)
        self._numbers = Counter(extension.oid for extension in found) if is_repeated else {}

    def get(self, oid: str, absent: Any) -> Any:
        """Return the value of an extension, or ``absent``.

        Raises:
            MalformedError: It is malformed, or present more than once.
        """
        extension = self._by_oid.get(oid)
        if extension is None:
            return absent
        number = self._numbers.get(oid, 1)
        if number > 1:
            raise der.MalformedError(f"it is present {number} times")
        if extension.problem is not None:
            raise der.MalformedError(extension.problem)
        return extension.value


class _Extension(NamedTuple):
    """The value of an extension, or what is wrong with it."""

    oid: str
    value: Any
    problem: str | None


# A CA writes the same extensions into most of its certificates. This saves a fifth of the parsing time.
@lru_cache(maxsize=256)
def _read_extension(encoded: bytes) -> _Extension:
    oid, *others = der.only(encoded) or [_NOTHING]
    try:
        name = der.object_identifier(encoded, oid)
    except der.MalformedError as error:
        # It is not one of the extensions that are read here.
        return _Extension("", None, str(error))
    read = _READERS.get(name)
    if read is None:
        return _Extension(name, None, None)
    try:
        return _Extension(name, read(_value(encoded, others)), None)
    except ValueError as error:
        return _Extension(name, None, str(error))


def _value(data: bytes, parts: list[der.Element]) -> bytes:
    """Return the value, which follows the name. The ``critical`` flag may be between them, even if it is false."""
    if not 0 < len(parts) < 3 or parts[-1][0] != der.OCTET_STRING:
        raise der.MalformedError("it has no value")
    return der.content(data, parts[-1])


_NOTHING: der.Element = (0, 0, 0, 0)
