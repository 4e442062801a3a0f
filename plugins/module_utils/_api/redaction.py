# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hide names that may contain a private key.

Somebody may have pasted a key into the name of a certificate. :mod:`decoding` undoes encodings. Then ids and digests,
which look random but are not keys, are removed, and :mod:`randomness` judges the rest.
"""

from __future__ import annotations

import re
from typing import Any

from .decoding import decoded, letters
from .randomness import BINARY_KEY, SHORTEST_KEY, has_many_signs, looks_binary, looks_random
from .values import text as as_text

#: Replaces a name that may contain a key.
HIDDEN = "(hidden: it may hold a private key)"

#: No name has more characters.
_LONGEST_NAME = 1000
#: The start of a PEM block. END is not searched for, because many words end with it, such as "backend".
_PEM_LABEL = re.compile("begin[a-z]{0,40}privatekey")
#: The ASCII form of an internationalized domain label.
_A_LABEL = re.compile(r"(?<![0-9a-z-])xn--([0-9a-z-]{1,59})(?![0-9a-z-])", re.IGNORECASE)
_FINGERPRINT = re.compile("(?:[0-9a-f]{2}:?){16,32}", re.IGNORECASE)

#: Names in Tor are public keys. Their last letter is the version.
_TOR_NAME = re.compile(r"(?<![0-9a-z])[2-7a-z]{55}d(?=\.onion(?![0-9a-z]))", re.IGNORECASE)
#: UUIDs, with their version and variant (RFC 9562, 4).
_UUID = re.compile(
    "(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE
)
#: Other ids and digests, such as MD5 and SHA-1: hexadecimal digits in one case, maybe after a letter.
_HEXADECIMAL = re.compile(
    "(?<![0-9A-Za-z])[a-z]?((?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{4,40}|(?=[A-F]*[0-9])(?=[0-9]*[A-F])[0-9A-F]{4,40})"
    "(?![0-9A-Za-z])"
)
_SHORTEST_ID = 8
#: If the ids of a name have more digits in total, they may be pieces of a key, which has at least 64. A UUID counts for
#: less than its 32 digits, because pieces of a key do not have its form.
_MAX_ID_DIGITS, _DIGITS_OF_A_UUID = 48, 24

#: ASCII, or UTF-16 with ASCII characters.
_TEXT_IN_BYTES = re.compile(rb"(?:\x00?[\t\r\n\x20-\x7e]){26,}")


def as_name(text: str) -> str:
    """Return a name or an id for a fact: the text itself, or :data:`HIDDEN` if it may contain a private key."""
    return HIDDEN if may_hold_key(text) else text


def read_name(value: Any) -> str | None:
    """Return a name or an id from a field of the API, hidden like by :func:`as_name`; ``None`` if there is none."""
    return as_name(as_text(value) or "") or None


def as_digest(text: str) -> str:
    """Return a fingerprint for a fact: up to 64 hexadecimal digits. Anything else is judged like a name."""
    return text if _FINGERPRINT.fullmatch(text) else as_name(text)


def may_hold_key(text: str) -> bool:
    """Whether a name may contain a private key, or a piece of one that is longer than a digest."""
    if len(text) < SHORTEST_KEY and "PRIVATE" not in text:
        return False
    if len(text) > _LONGEST_NAME:
        return True
    plain = decoded(text)
    if _PEM_LABEL.search(letters(plain)) or looks_binary(plain):
        return True
    rest = _without_ids(_A_LABEL.sub(_unicode_label, plain))
    return looks_random(rest) or has_many_signs(rest)


def bytes_may_hold_key(data: bytes) -> bool:
    """Whether DER may contain a private key, in binary form or as text."""
    return bool(BINARY_KEY.search(data)) or any(
        # The first and the last character may be the length before the text and the tag after it.
        may_hold_key(text.replace(b"\0", b"").decode("ascii")[1:-1])
        for text in _TEXT_IN_BYTES.findall(data)
    )


def _unicode_label(label: re.Match[str]) -> str:
    """Return the Unicode form of an A-label, with its ASCII characters first, as in Punycode.

    Random letters and digits have no Unicode form: such a label is returned unchanged.
    """
    try:
        return "".join(sorted(label[1].encode("ascii").decode("punycode"), key=lambda char: not char.isascii()))
    except (UnicodeError, OverflowError):  # OverflowError since Python 3.13, for a huge code point
        return label[0]


def _without_ids(text: str) -> str:
    """Return a name without the ids and digests in it, unless they have so many digits that they may be a key."""
    shorter, uuids = _UUID.subn("", _TOR_NAME.sub("", text))
    digits = uuids * _DIGITS_OF_A_UUID + sum(map(len, _HEXADECIMAL.findall(shorter)))
    if digits > _MAX_ID_DIGITS:
        return text
    return _HEXADECIMAL.sub(lambda found: "" if len(found[1]) >= _SHORTEST_ID else found[0], shorter)
