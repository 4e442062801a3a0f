# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as the API sends them: numbers and truth values may come as strings, and anything may be null."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Names of what is secret, as an answer or an echo of the request holds them, and signatures.
_SECRET = re.compile(r"SSLContent|PRIVATE KEY|SecurityToken|Signature\W{0,9}[0-9a-f]{8}|[0-9a-f]{40}")
#: Control and format characters (among them those that change the direction of writing), halves of surrogate pairs,
#: line and paragraph separators: on a terminal they clear the screen, or make a text look like another one.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
#: What is longer is none of the API's, and would make messages of thousands of digits.
_INTEGER = re.compile("[+-]?[0-9]{1,19}")
_LARGEST = 10**19
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def text(value: Any) -> str | None:
    """A string that every encoder takes; ``None`` for what is empty or no scalar."""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return encodable(str(value)) or None
    return None


def integer(value: Any) -> int | None:
    """A whole number of up to 19 digits, or ``None``: a truth value is none, nor is a number with a fraction."""
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_LARGEST < value < _LARGEST:
        return None
    return int(value) if value == int(value) else None


def boolean(value: Any) -> bool | None:
    """A truth value, or ``None`` for what is none."""
    return _TRUTH.get(str(value).strip().lower())


def encodable(string: str) -> str:
    """``string`` without halves of surrogate pairs, which JSON can express and UTF-8 cannot."""
    return string if string.isascii() else string.encode("utf-8", "replace").decode()


def without_unseen(string: str) -> str:
    """``string`` with U+FFFD for each character that nobody sees."""
    if string.isascii() and string.isprintable():
        return string
    return "".join("\ufffd" if unicodedata.category(char) in _UNSEEN else char for char in string)


def printable(string: str) -> str:
    """``string`` for a message: one line that can be written anywhere, without characters that nobody sees."""
    return without_unseen(encodable(string))


def one_line(string: str) -> str:
    """``string`` for a message, with single blanks for the white space of ASCII, line ends included."""
    return printable(re.sub(r"[ \t\r\n]+", " ", string).strip(" "))


def may_be_secret(string: str) -> bool:
    """Whether ``string``, which came from elsewhere, may hold a private key, a token or a signature."""
    return bool(_SECRET.search(string))
