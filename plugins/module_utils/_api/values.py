# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert values of the API: numbers and booleans may be strings, and anything may be null."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

#: Unicode categories of invisible characters: control and format characters (including those that change the writing
#: direction), halves of surrogate pairs, line and paragraph separators. They can clear the screen of a terminal, or
#: make one text look like another.
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
#: Longer numbers do not occur in the API. They could make a message thousands of digits long.
_INTEGER = re.compile("[+-]?[0-9]{1,19}")
_LARGEST = 10**19
HIGHEST_PORT = 65535
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def text(value: Any) -> str | None:
    """Return a scalar as a string that can be encoded; ``None`` if it is empty or not a scalar."""
    if isinstance(value, str):  # by far the most values
        return encodable(value) or None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def integer(value: Any) -> int | None:
    """Return an integer of up to 19 digits; ``None`` for anything else, including booleans and fractions."""
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_LARGEST < value < _LARGEST:
        return None
    return int(value) if value == int(value) else None


def port_number(value: Any) -> int | None:
    """Return the number of a TCP or UDP port; ``None`` for anything else, including 0."""
    number = integer(value)
    return number if number is not None and 0 < number <= HIGHEST_PORT else None


def boolean(value: Any) -> bool | None:
    """Return a boolean; ``None`` for anything else."""
    return _BOOLEANS.get(str(value).strip().lower())


def encodable(string: str) -> str:
    """Return ``string`` without halves of surrogate pairs, which JSON can represent and UTF-8 cannot."""
    return string if string.isascii() else string.encode("utf-8", "replace").decode()


def without_invisible(string: str) -> str:
    """Return ``string`` with U+FFFD in place of each invisible character."""
    if string.isascii() and string.isprintable():
        return string
    return "".join("\ufffd" if unicodedata.category(char) in _INVISIBLE else char for char in string)


def printable(string: str) -> str:
    """Return ``string`` for a message: it can be encoded, and has no line breaks or invisible characters."""
    return without_invisible(encodable(string))


def one_line(string: str) -> str:
    """Return ``string`` for a message, with single spaces in place of ASCII white space, including line breaks."""
    return printable(re.sub(r"[ \t\r\n]+", " ", string).strip(" "))


def matches_any(name: str, patterns: Iterable[str]) -> bool:
    """Compare a name exactly or as a shell pattern. A name such as ``*.a.org`` matches itself."""
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)
