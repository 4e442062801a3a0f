# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sanitize text from outside, and fit it to the width of a console."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import accumulate
from textwrap import wrap
from typing import Any

#: Control characters, format characters (such as those that change the direction of text), surrogates, line and
#: paragraph separators, private and unassigned characters: they are invisible, or make a line look like another one.
#: Messages keep the last two (see ``_api.values``). Reports do not, because XML forbids some of them, such as U+FFFE.
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")
_REPLACEMENT = "\ufffd"


def visible(value: Any) -> str:
    """Return a value as one line of visible text; empty for ``None``.

    White space, including line ends, becomes single spaces. Every other invisible character becomes U+FFFD.
    """
    return without_controls(" ".join(as_text(value).split()))


def without_controls(text: str, keep: str = "") -> str:
    """Replace every invisible character with U+FFFD, except those in ``keep``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _REPLACEMENT if unicodedata.category(char) in _INVISIBLE and char not in keep else char for char in text
    )


def as_text(value: Any) -> str:
    """Return ``str(value)``; empty for ``None``."""
    return "" if value is None else str(value)


def shorten(text: str, length: int) -> str:
    """Cut a text to at most ``length`` characters, with an ellipsis at the end if something is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def columns(text: str) -> int:
    """Count the console columns of a line: wide East Asian characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def wrapped(text: str, width: int, indent: str) -> list[str]:
    """Wrap a text to lines of at most ``width`` console columns; all but the first begin with ``indent``.

    Lines break at spaces, and also at wide characters, which languages without spaces have. They do not break at
    hyphens, which ids and names have.
    """
    if columns(text) <= len(text):
        return wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)
    lines, line = [], ""
    for part in _BREAKABLE.findall(text):
        # Punctuation must not begin a line, so that there is some space for it.
        is_after = unicodedata.category(part[0]) in ("Po", "Pe", "Pf")
        if line.strip() and not is_after and columns(line + part.rstrip()) > width - 4:
            lines.append(line.rstrip())
            line = indent + part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()] if line.strip() else lines


def packed(parts: Iterable[str], width: int, indent: str) -> list[str]:
    """Fill lines of at most ``width`` console columns with parts; all but the first line begin with ``indent``.

    A part is only broken if it is longer than a line.

    Args:
        parts: Texts that end with what separates them from the next one.
        width: The number of columns.
        indent: The beginning of all lines but the first.
    """
    lines: list[str] = []
    for part in parts:
        text = part.rstrip()
        if lines and columns(lines[-1] + text) <= width:
            lines[-1] += part
        else:
            lines += wrapped(indent + text if lines else text, width, indent)
            lines[-1] += part[len(text) :]
    return [line.rstrip() for line in lines]


def fit(text: str, width: int, *, at_word: bool = False) -> str:
    """Fill a text with spaces, or cut it with an ellipsis, to exactly ``width`` console columns.

    Args:
        text: One line.
        width: The number of columns.
        at_word: Cut between words, if that is possible in the second half of the text.
    """
    if columns(text) > width:
        taken = accumulate(map(_columns, text))
        kept = "".join(char for char, end in zip(text, taken, strict=True) if end < width)
        # Between wide characters, there are no spaces.
        is_in_word = not text[len(kept)].isspace() and columns(kept[-1:] + text[len(kept)]) <= _NARROW_PAIR
        end = kept.rfind(" ") if at_word and is_in_word else -1
        text = (kept[:end] if end >= len(kept) // 2 else kept).rstrip() + "…"
    return text + " " * (width - columns(text))


_NARROW_PAIR = 2
#: Wide characters one by one, and everything else up to a space. Opening brackets stay with what is in them.
_BREAKABLE = re.compile(r"[\uff08\u300c]?(?:[\u2e80-\u9fff\uff00-\uffef] ?|[^ \t\u2e80-\u9fff\uff00-\uffef]+ *)| +")


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
