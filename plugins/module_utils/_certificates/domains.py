# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domain names: one spelling for each, and which certificate covers which."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from .._api.values import encodable

try:
    # A dependency of requests. Python's own codec is of the older standard, in which "ß" is "ss".
    import idna
except ImportError:
    HAS_IDNA = False
else:
    HAS_IDNA = True


#: Characters of a name that IDNA may allow: a domain has 253 at most, once it is written in ASCII.
_LONGEST = 1000


def fold(name: str) -> str:
    """The one spelling of a domain name: lower case, IDNA A-labels, no final dot.

    A name that IDNA does not allow is only put into lower case.
    """
    name = name.strip().rstrip(".").lower()
    # Before its version 3.7, the library took a time that grew with the square of the length (CVE-2024-3651).
    if name.isascii() or len(name) > _LONGEST:
        return name
    wildcard, rest = ("*.", name[2:]) if name.startswith("*.") else ("", name)
    try:
        encoded = idna.encode(rest, uts46=True) if HAS_IDNA else rest.encode("idna")
    except UnicodeError:
        return name
    return wildcard + encoded.decode("ascii").rstrip(".")  # IDNA has more full stops than one


def unique(names: Iterable[str]) -> list[str]:
    """Folded names, each once, in the order of their first appearance."""
    return list(dict.fromkeys(folded for folded in map(fold, names) if folded))


def covers(patterns: Iterable[str], name: str) -> bool:
    """Tell whether a certificate for ``patterns`` serves ``name``; both are folded names.

    A wildcard stands for exactly one label, the first (RFC 6125, 6.4.3). It serves itself, too: whoever asks for
    ``*.example.com`` wants the certificate that names it.
    """
    label, dot, parent = name.partition(".")
    wildcard = f"*.{parent}" if label and dot else None
    return any(pattern in (name, wildcard) for pattern in patterns)


def split_names(value: Any) -> list[str]:
    """Read the API's ``DNSNames`` and ``Domains``: their separator is not documented.

    Commas, semicolons, blanks, line ends, a JSON list in a string, and a list are understood.
    """
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = value.translate(str.maketrans('[]"', "   "))
    if isinstance(value, str):
        value = re.split(r"[\s,;]+", value)
    if not isinstance(value, list):
        return []
    return [encodable(name) for name in value if isinstance(name, str) and name]
