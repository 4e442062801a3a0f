# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from outside in Markdown.

Escapes do not help everywhere: GitHub, GitLab and chats look for names of users, issues, emoji and addresses in what is
rendered. All of them leave code spans alone, so that is where text goes unless nothing in it can have a meaning.
"""

from __future__ import annotations

import re
from typing import Any

from .sanitize import shorten, visible

#: Letters and digits with little between them: no markup, no domain or address, no `:emoji:`, no reference to an issue.
_HARMLESS = re.compile(r"(?!.*\bGH-\d)(?:[^\W_]|[ ,;()'…+-]|/(?!/)|[.:](?![^\W\d_]|/))*")


def inline(value: Any, length: int = 200) -> str:
    """One line that renders as the text that it is, of at most ``length`` characters."""
    text = shorten(visible(value), length)
    return text if _HARMLESS.fullmatch(text) else code(text)


def code(text: str) -> str:
    """A code span for one line of text that is not empty."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(value: Any, length: int = 200) -> str:
    r"""The same for a cell of a table, where a vertical bar ends the cell even in a code span, unless it is ``\|``.

    Dialects do not agree on ``\\|``: a zero-width space keeps a backslash of the text away from a bar.
    """
    return re.sub(r"\\(?=\|)", "\\\\\u200b", inline(value, length)).replace("|", r"\|")
