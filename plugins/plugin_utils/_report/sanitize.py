# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from outside, made fit for a line on a screen."""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import Any

#: Control and format characters (among them those that change the direction of writing), surrogates, what ends lines
#: and paragraphs, private and unassigned ones: they show nothing, or make a line look like another one.
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")
_REPLACEMENT = "\ufffd"


def visible(value: Any) -> str:
    """One line of text that shows all it has; nothing for ``None``.

    White space, line ends included, becomes single spaces, and every other character that cannot be seen U+FFFD.
    """
    return without_controls(" ".join(as_text(value).split()))


def without_controls(text: str, keep: str = "") -> str:
    """``text`` with U+FFFD for every character that cannot be seen, except those to ``keep``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _REPLACEMENT if unicodedata.category(char) in _INVISIBLE and char not in keep else char for char in text
    )


def as_text(value: Any) -> str:
    """``str(value)``, and nothing for ``None``."""
    return "" if value is None else str(value)


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters, the last one an ellipsis if something is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def columns(text: str) -> int:
    """How many columns of a console a line takes: East Asian wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def fit(text: str, width: int, *, at_word: bool = False) -> str:
    """Exactly ``width`` columns of a console: filled with spaces, or cut, with an ellipsis.

    :param at_word: cut between words, if there is a place for it in the second half.
    """
    if columns(text) > width:
        taken = accumulate(map(_columns, text))
        kept = "".join(char for char, end in zip(text, taken, strict=True) if end < width)
        end = kept.rfind(" ") if at_word and not text[len(kept)].isspace() else -1
        text = (kept[:end] if end >= len(kept) // 2 else kept).rstrip() + "…"
    return text + " " * (width - columns(text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
