# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mask secrets in texts from the platform and from other servers, before an error quotes them.

This is stricter than :mod:`redaction` is for names: it does no harm if an error message loses a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from .decoding import decoded, letters
from .randomness import looks_binary, looks_random

#: Replaces a part of a message.
MASK = "***"

#: Names of secrets in a response or in an echo of the request, and signatures.
_SECRET = re.compile(r"SSLContent|PRIVATE KEY|SecurityToken|Signature\W{0,9}[0-9a-f]{8}|[0-9a-f]{40}")
#: Twenty characters in a row that a key may consist of, encoded or not.
_RUN = re.compile(
    r"(?:[0-9A-Za-z+/=_-]|%[0-9a-f]{2}|\\{1,8}(?:u00|x)[0-9a-f]{2}|\\{1,8}[nrt]|&#x?[0-9a-f]{1,4};){20,}", re.IGNORECASE
)
#: Ten pairs of hexadecimal digits, or ten single characters, with separators between them.
_SPACED = re.compile(
    r"(?:(?:0x)?[0-9a-f]{1,2}[\s:,;.-]{1,3}){10,}(?:0x)?[0-9a-f]{0,2}|(?:(?<!\w)\w\W{1,3}){10,}\w?", re.IGNORECASE
)


def may_be_secret(text: str) -> bool:
    """Whether a text from elsewhere names a secret: a private key, a token or a signature."""
    return bool(_SECRET.search(text))


def without_secrets(text: str, own_secrets: Iterable[str | None] = ()) -> str | None:
    """Return a text with :data:`MASK` in place of what may be secret; ``None`` if the text must not be shown.

    Shorten the text afterwards, because the rest of a run that was cut may be too short to be recognized.

    Args:
        text: The text.
        own_secrets: Known secrets, such as the private key of the account.
    """
    for secret in own_secrets:
        for encoded in _encodings(secret or ""):
            text = text.replace(encoded, MASK)
    plain = decoded(text)
    if "privatekey" in letters(plain) or looks_binary(plain):
        return None
    masked = _RUN.sub(MASK, _SPACED.sub(MASK, text))
    plain = decoded(masked)
    return None if _RUN.search(plain) or looks_random(plain) else masked


def _encodings(secret: str) -> list[str]:
    """Return how a request may contain a secret, the longest form first."""
    return sorted({secret, quote(secret, safe=""), quote(secret), quote_plus(secret)} - {""}, key=len, reverse=True)
