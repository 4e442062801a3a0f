# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names in certificates: distinguished names (RFC 5280, 4.1.2.4) and general names (4.2.1.6)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, NamedTuple

from .._api.redaction import HIDDEN, as_name, bytes_may_hold_key
from . import der, oids

_COMMON_NAME = oids.attribute_of("2.5.4.3")
_OTHER_NAME, _DIRECTORY_NAME, _IP_ADDRESS, _REGISTERED_ID = 0xA0, 0xA4, 0x87, 0x88
_EMAIL, _DNS_NAME, _URI = 0x81, 0x82, 0x86
#: Labels as in OpenSSL.
_KINDS = {
    _EMAIL: "email", _DNS_NAME: "DNS", _URI: "URI", _IP_ADDRESS: "IP", _DIRECTORY_NAME: "dirName",
    _OTHER_NAME: "otherName", _REGISTERED_ID: "RID", 0xA3: "X400Name", 0xA5: "EdiPartyName",
}  # fmt: skip
_INVALID = "<invalid>"
#: Characters that need a backslash (RFC 4514, 2.4).
_SPECIAL = re.compile(r'([\\"+,;<>\0]|^[ #]|(?<=.) $)')


class Name(NamedTuple):
    """A distinguished name.

    Attributes:
        facts: ``{common_name: …}``; an attribute that occurs more than once has a list.
        key: Equal for names that are the same by RFC 5280, 7.1, which ignores case and the number of spaces.
        common_name: The first one.
    """

    facts: dict[str, Any]
    key: Hashable
    common_name: str | None


# A few CAs issue most certificates, and their names are in each of them.
@lru_cache(maxsize=256)
def read_name(encoded: bytes) -> Name:
    """Read a distinguished name.

    Raises:
        MalformedError: It is not one.
    """
    values: dict[str, list[str]] = {}
    relatives = [_relative(der.whole(encoded, item)) for item in der.only(encoded)]
    for relative in relatives:
        for attribute in relative.attributes:
            values.setdefault(attribute.name, []).append(attribute.text)
    facts = {name: several if len(several) > 1 else several[0] for name, several in values.items()}
    return Name(facts, tuple([relative.key for relative in relatives]), next(iter(values.get(_COMMON_NAME, ())), None))


class _Attribute(NamedTuple):
    """An attribute of a name. Facts call it ``name``; ``key`` is equal for the same values."""

    oid: str
    name: str
    text: str
    key: str | bytes


class _Relative(NamedTuple):
    """A relative distinguished name: one attribute, or several in any order."""

    attributes: list[_Attribute]
    key: Hashable


# Most certificates of an organization only differ in the common name.
@lru_cache(maxsize=256)
def _relative(relative: bytes) -> _Relative:
    """Read a relative distinguished name."""
    attributes = []
    for item in der.only(relative, der.SET):
        kind, value = der.exactly(der.inside(relative, item), 2)
        text = der.text(relative, value)
        key = _comparable(text) if der.is_text(value) else der.whole(relative, value)
        shown = as_name(text) if der.is_text(value) else _unless_key(der.whole(relative, value), text)
        oid = der.object_identifier(relative, kind)
        attributes.append(_Attribute(oid, oids.attribute_of(oid), shown, key))
    return _Relative(attributes, frozenset([(attribute.oid, attribute.key) for attribute in attributes]))


def _unless_key(data: bytes, text: str) -> str:
    return HIDDEN if bytes_may_hold_key(data) else text


def _comparable(text: str) -> str:
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.split())


def _as_text(encoded: bytes) -> str:
    """Return a distinguished name as text (RFC 4514): the last part first."""
    return ",".join(
        "+".join(f"{oids.LETTERS.get(item.oid, item.oid)}={_escaped(item)}" for item in attributes)
        for attributes, _key in (_relative(der.whole(encoded, item)) for item in reversed(der.only(encoded)))
    )


def _escaped(item: _Attribute) -> str:
    if isinstance(item.key, bytes):
        return item.text
    return _SPECIAL.sub(lambda match: "\\00" if match[1] == "\0" else f"\\{match[1]}", item.text)


class GeneralName(NamedTuple):
    """A general name: its tag, and its text as in OpenSSL, such as ``DNS:shop.example.com``."""

    tag: int
    text: str

    @property
    def is_dns(self) -> bool:
        """Whether it is a DNS name."""
        return self.tag == _DNS_NAME

    @property
    def value(self) -> str:
        """Its text without the label."""
        return self.text.partition(":")[2]

    @property
    def uri(self) -> str | None:
        """Its value, if it is a URI."""
        return self.value if self.tag == _URI else None


def general_names(data: bytes, items: list[der.Element]) -> list[GeneralName]:
    """Read general names.

    Raises:
        MalformedError: One of them has an unknown type.
    """
    kinds = [_kind(item[0]) for item in items]
    values = [_value(data, item) for item in items]
    if HIDDEN in values:
        # Other values without a dot may be parts of the same key.
        values = [value if "." in value else HIDDEN for value in values]
    return [GeneralName(item[0], f"{kind}:{value}") for item, kind, value in zip(items, kinds, values)]


def _kind(tag: int) -> str:
    if tag not in _KINDS:
        raise der.MalformedError(f"tag 0x{tag:02x}, which is not a type of name")
    return _KINDS[tag]


def _value(data: bytes, item: der.Element) -> str:
    """Return the value of a general name. A malformed one does not affect the others."""
    try:
        return _READERS.get(item[0], _as_hexadecimal)(data, item)
    except ValueError:
        return _INVALID


def _ia5_text(data: bytes, item: der.Element) -> str:
    """Read text that should be ASCII, and sometimes is UTF-8 or Latin-1."""
    value = der.content(data, item)
    try:
        return as_name(value.decode("utf-8"))
    except UnicodeDecodeError:
        return as_name(value.decode("latin-1"))


def _ip_address(data: bytes, item: der.Element) -> str:
    value = der.content(data, item)
    # With 8 or 32 bytes it would be a network, which only name constraints have.
    return str(ipaddress.ip_address(value)) if len(value) in (4, 16) else _INVALID


def _other_name(data: bytes, item: der.Element) -> str:
    kind, wrapped = der.exactly(der.elements(data, item[2], item[3]), 2)
    value = der.content(data, wrapped)
    return f"{der.object_identifier(data, kind)}:{_unless_key(value, value.hex())}"


def _registered_id(data: bytes, item: der.Element) -> str:
    return der.object_identifier(data, (der.OBJECT_IDENTIFIER, *item[1:]))


def _as_hexadecimal(data: bytes, item: der.Element) -> str:
    value = der.content(data, item)
    return _unless_key(value, f"#{value.hex()}")


_READERS: dict[int, Callable[[bytes, der.Element], str]] = {
    **dict.fromkeys((_EMAIL, _DNS_NAME, _URI), _ia5_text),
    _IP_ADDRESS: _ip_address,
    _DIRECTORY_NAME: lambda data, item: _as_text(der.content(data, item)),
    _OTHER_NAME: _other_name,
    _REGISTERED_ID: _registered_id,
}
