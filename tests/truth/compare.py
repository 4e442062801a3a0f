# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our facts in the form in which they are compared, and what is different."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .openssl import UNREAD, View, objects
from .ours import Reading

#: The facts that a name's attributes have: of RFC 5280, RFC 4519, X.520, the CA/Browser Forum's EV guidelines, ….
ATTRIBUTES = {
    "2.5.4.3": "common_name", "2.5.4.4": "surname", "2.5.4.5": "serial_number", "2.5.4.6": "country_name",
    "2.5.4.7": "locality_name", "2.5.4.8": "state_or_province_name", "2.5.4.9": "street_address",
    "2.5.4.10": "organization_name", "2.5.4.11": "organizational_unit_name", "2.5.4.12": "title",
    "2.5.4.16": "postal_address", "2.5.4.17": "postal_code", "2.5.4.42": "given_name", "2.5.4.43": "initials",
    "2.5.4.44": "generation_qualifier", "2.5.4.45": "x500_unique_identifier", "2.5.4.46": "dn_qualifier",
    "2.5.4.65": "pseudonym", "2.5.4.97": "organization_identifier",
    "0.9.2342.19200300.100.1.1": "user_id", "0.9.2342.19200300.100.1.25": "domain_component",
    "1.2.840.113549.1.9.1": "email_address", "1.2.840.113549.1.9.2": "unstructured_name",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdiction_locality_name",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdiction_state_or_province_name",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdiction_country_name", "2.5.4.15": "business_category",
}  # fmt: skip
#: OIDs that our names stand for, where the program has another name or none.
NAMES = {"dsa-with-sha1": "1.2.840.10040.4.3", "RSASSA-PSS": "1.2.840.113549.1.1.10"}


@dataclass(frozen=True)
class Difference:
    """A fact that is one thing for us and another for them."""

    fact: str
    ours: Any
    theirs: Any
    file: str
    who: str = "openssl"
    #: Whatever may explain it.
    about: Any = field(default=None, repr=False)
    view: View | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.fact}: ours {_short(self.ours)}, {self.who} {_short(self.theirs)} ({self.file})"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def compare(reading: Reading, view: View, file: str, compared: Counter[str]) -> Iterator[Difference]:
    """What is different between the facts of one certificate, read alone, and the program's view of it."""
    for name, value in theirs(view).items():
        mine = ours(reading, name)
        if name == "subject_alt_names":
            same = mine is value if UNREAD in (mine, value) else _same_names(mine, value)
        else:
            same = mine == value
        compared[name] += 1
        if not same:
            yield Difference(name, mine, value, file, about=reading.facts.get("x509_error"), view=view)


def theirs(view: View) -> dict[str, Any]:
    """The program's view in the form in which it is compared."""
    facts = dict(view.facts)
    for name in ("subject", "issuer"):
        facts[name] = UNREAD if facts[name] is UNREAD else _as_dict(facts[name])
    return facts


def _as_dict(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for oid, value in pairs:
        values.setdefault(ATTRIBUTES.get(oid, oid), []).append(value)
    return {name: several if len(several) > 1 else several[0] for name, several in values.items()}


def ours(reading: Reading, name: str) -> Any:
    """One of our facts; what is null because it was not read is ``UNREAD``."""
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
    if value is None:
        return UNREAD
    if name == "serial_number":
        return int(value, 16)
    if name == "signature_algorithm":
        return oid_of(value)
    return [oid_of(usage) for usage in value] if name == "extended_key_usage" else value


def oid_of(name: str) -> str:
    """The OID that a name stands for, or the name itself if it is none that the program knows."""
    if re.fullmatch(r"[0-9.]+", name):
        return name
    return NAMES.get(name) or objects().get(name) or name


def _number(value: Any) -> Any:
    return int(value, 16) if isinstance(value, str) else value


def _same_names(names: list[str], shown: str) -> bool:
    """Whether the program shows these names. Some kinds of names it shows in a way of its own, or not at all."""
    wanted = [_as_shown(name) for name in names]
    place = 0
    for number, (start, is_whole) in enumerate(wanted):
        if not shown.startswith(start, place):
            return False
        place += len(start)
        if not is_whole:
            # Up to where the next one begins.
            following = wanted[number + 1][0] if number + 1 < len(wanted) else None
            found = len(shown) if following is None else shown.find(f", {following}", place)
            place = max(found, place)
        if number + 1 < len(wanted):
            if not shown.startswith(", ", place):
                return False
            place += 2
    return place == len(shown)


def _as_shown(name: str) -> tuple[str, bool]:
    """What the program shows of a name, and whether that is all."""
    kind, _colon, value = name.partition(":")
    if kind in ("DNS", "email", "URI"):
        return name, True
    if kind == "IP":
        return f"IP Address:{_address(value)}", True
    kinds = {"dirName": "DirName:", "otherName": "othername:", "RID": "Registered ID:"}
    return kinds.get(kind, "X400Name:" if kind.lower().startswith("x400") else "EdiPartyName:"), False


def _address(value: str) -> str:
    """An address as the program writes it."""
    try:
        packed = ipaddress.ip_address(value).packed
    except ValueError:
        return value
    if len(packed) == 4:
        return value
    return ":".join(f"{int.from_bytes(packed[place : place + 2], 'big'):X}" for place in range(0, 16, 2))
