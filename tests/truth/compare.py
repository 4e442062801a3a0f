# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparison of our facts with the program's, in a common format."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .openssl import UNREAD, Unread, View, objects, oid_of
from .ours import Reading

#: Names of attributes in our facts that differ from the program's long names with underscores.
_ATTRIBUTES = {
    "2.5.4.45": "x500unique_identifier", "0.9.2342.19200300.100.1.1": "user_id",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdiction_locality_name",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdiction_state_or_province_name",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdiction_country_name",
}  # fmt: skip
#: OIDs of our names for which the program has another name or none.
#: Names from cryptography, and from newer versions of the program.
_OIDS = {
    "dsa-with-sha1": "1.2.840.10040.4.3", "dsa-with-sha256": "2.16.840.1.101.3.4.3.2", "ed25519": "1.3.101.112",
    "ed448": "1.3.101.113", "RSASSA-PSS": "1.2.840.113549.1.1.10", "ML-DSA-44": "2.16.840.1.101.3.4.3.17",
    "ML-DSA-65": "2.16.840.1.101.3.4.3.18", "ML-DSA-87": "2.16.840.1.101.3.4.3.19",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A fact for which our value and the program's differ."""

    fact: str
    ours: Any
    theirs: Any
    file: str
    who: str = "openssl"
    #: Our ``x509_error``, and the program's output for the file, which may explain the difference.
    about: str | None = field(default=None, repr=False)
    views: tuple[View, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return f"{self.fact}: ours {_short(self.ours)}, {self.who} {_short(self.theirs)} ({self.file})"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def compare(
    reading: Reading, view: View, is_self_signed: bool | Unread, file: str, compared: Counter[str]
) -> Iterator[Difference]:
    """Return the differences between the facts of a single certificate and the program's output."""
    for name, value in {**theirs(view), "self_signed": is_self_signed}.items():
        mine = ours(reading, name)
        if name == "subject_alt_names":
            same = mine is value if UNREAD in (mine, value) else same_names(mine, value)
        else:
            same = mine == value
        compared[name] += 1
        if not same:
            yield Difference(name, mine, value, file, about=reading.facts.get("x509_error"), views=(view,))


def theirs(view: View) -> dict[str, Any]:
    """Convert the program's output to the format for comparison."""
    facts = dict(view.facts)
    for name in ("subject", "issuer"):
        facts[name] = UNREAD if facts[name] is UNREAD else _as_dict(facts[name])
    return facts


def _as_dict(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for oid, value in pairs:
        # Values that are not text are shown as hex, in any letter case.
        values.setdefault(_attributes().get(oid, oid), []).append(value.lower() if value.startswith("#") else value)
    return {name: several if len(several) > 1 else several[0] for name, several in values.items()}


@cache
def _attributes() -> dict[str, str]:
    names = {oid: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name, oid in objects().items()}
    return {**names, **_ATTRIBUTES}


def ours(reading: Reading, name: str) -> Any:
    """Return one of our facts, or ``UNREAD`` if it is null because it could not be read."""
    x509 = reading.x509
    if x509 is None:
        return UNREAD
    if name in ("not_before", "not_after"):
        value = reading.facts[f"{name}_epoch"]
    elif name.startswith("public_key."):
        key, part = x509["public_key"], name.partition(".")[2]
        return UNREAD if key is None else _number(key[part]) if part in ("exponent", "modulus") else key[part]
    elif name.startswith("fingerprints."):
        value = x509["fingerprints"][name.partition(".")[2]]
    else:
        value = x509.get(name)
    return in_our_form(value, name)


def in_our_form(value: Any, name: str) -> Any:
    """Convert a fact to the format for comparison."""
    if value is None:
        return UNREAD
    if name == "serial_number":
        return int(value, 16)
    if name == "signature_algorithm":
        return _oid(value)
    if name in ("subject", "issuer"):
        # Attributes without a name are listed by OID.
        return {_attributes().get(key, key): text for key, text in value.items()}
    return [_oid(usage) for usage in value] if name == "extended_key_usage" else value


def _oid(name: str) -> str:
    return _OIDS.get(name) or str(oid_of(name))


def _number(value: Any) -> Any:
    return int(value, 16) if isinstance(value, str) else value


def same_names(names: list[str], shown: str) -> bool:
    """Whether the program's output can be compared for these names. It shows some types differently or not at all."""
    shown, names = in_latin_1(shown), [in_latin_1(name) for name in names]
    wanted = [_as_shown(name) for name in names]
    place = 0
    for number, (start, is_whole) in enumerate(wanted):
        if not shown.startswith(start, place):
            return False
        place += len(start)
        if not is_whole:
            # Up to the start of the next one.
            following = wanted[number + 1][0] if number + 1 < len(wanted) else None
            found = len(shown) if following is None else shown.find(f", {following}", place)
            place = max(found, place)
        if number + 1 < len(wanted):
            if not shown.startswith(", ", place):
                return False
            place += 2
    return place == len(shown)


def in_latin_1(text: str) -> str:
    """Normalize text, and bytes that are not text: the program shows them unchanged, we as Latin-1."""
    try:
        return text.encode("latin-1").decode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _as_shown(name: str) -> tuple[str, bool]:
    """Return what the program shows of a name, and whether that is complete."""
    kind, _colon, value = name.partition(":")
    if kind in ("DNS", "email", "URI"):
        return name, True
    if kind == "IP":
        return f"IP Address:{_address(value)}", True
    kinds = {"dirName": "DirName:", "otherName": "othername:", "RID": "Registered ID:"}
    return kinds.get(kind, "X400Name:" if kind.lower().startswith("x400") else "EdiPartyName:"), False


def _address(value: str) -> str:
    """Format an IP address like the program."""
    try:
        packed = ipaddress.ip_address(value).packed
    except ValueError:
        return value
    if len(packed) == 4:
        return value
    return ":".join(f"{int.from_bytes(packed[place : place + 2], 'big'):X}" for place in range(0, 16, 2))
