# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Undo encodings, so that a secret is found however it is written."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

#: Encodings nested in each other are undone up to this depth.
_MAX_DEPTH = 10
#: Escapes of JSON, JavaScript and Python. The lookbehind keeps the time linear: a long run of backslashes is searched
#: once, not from each of its backslashes.
_ESCAPE = re.compile(r"(?<!\\)\\+(?:(?:u000000|u00|u\{0{0,6}|x\{?|0000)([0-9a-f]{2})\}?|[nrtvf0])", re.IGNORECASE)
#: Quoted-printable. A shorter run may be the values of a query string.
_QUOTED_PRINTABLE = re.compile("(?:=[0-9a-f]{2}){10,}", re.IGNORECASE)
#: Unicode categories of invisible characters and accents. Inserted into a secret, they would hide it.
_IGNORED = frozenset(("Cf", "Mn", "Me"))


def decoded(text: str) -> str:
    """Return a text without percent-encoding, quoted-printable, escapes of JSON and Python, and entities of HTML."""
    for _unused in range(_MAX_DEPTH):
        result = _QUOTED_PRINTABLE.sub(_unquoted, _ESCAPE.sub(_unescaped, text))
        result = html.unescape(unquote(result, "latin-1"))
        if result == text:
            break
        text = result
    return "".join(char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in _IGNORED)


def letters(text: str) -> str:
    """Return only the letters of a text, in lower case. A word is found in them despite blanks and separators."""
    return re.sub("[^a-z]", "", text.lower())


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else "\n"


def _unquoted(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("=", "")).decode("latin-1")
