# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from outside in Markdown.

Escaping is not enough, because GitHub, GitLab and chats look for users, issues, emoji and addresses in rendered text.
None of them does so in code spans, so that all text goes there unless it is harmless.
"""

from __future__ import annotations

import re
from typing import Any

from .sanitize import shorten, visible

#: Punctuation of Chinese, which Markdown does not know.
_FULL_WIDTH = r"\u3001\u3002\u201c\u201d\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
#: Letters and digits with simple punctuation: no markup, no domain or address, no `:emoji:`, no reference to an issue.
_HARMLESS = re.compile(rf"(?!.*\bGH-\d)(?:[^\W_]|[ ,;()'…+{_FULL_WIDTH}-]|/(?!/)|[.:](?![^\W\d_]|/))*")


def inline(value: Any, length: int = 200) -> str:
    """Return one line of at most ``length`` characters that renders literally."""
    text = shorten(visible(value), length)
    return text if _HARMLESS.fullmatch(text) else code(text)


def code(text: str) -> str:
    """Return a code span for one line of text that is not empty."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(value: Any, length: int = 200) -> str:
    r"""Return the same for a cell of a table.

    A vertical bar ends the cell even in a code span, unless it is written as ``\|``. Dialects differ on ``\\|``: a
    zero-width space separates a backslash from a bar.
    """
    return re.sub(r"\\(?=\|)", "\\\\\u200b", inline(value, length)).replace("|", r"\|")
