# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that somebody else wrote, without the private keys that may be in them.

A key can be spelled in more ways than a list could hold. So it is not looked for by its spelling, but by what all of
them have in common: they are long, and their characters come at random. Names are words, numbers and separators.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterable
from itertools import accumulate, groupby
from urllib.parse import quote, quote_plus, unquote

#: What stands in the place of a name that may be a key.
HIDDEN = "(hidden: it may hold a private key)"
#: What stands in the place of a part of a message.
MASK = "***"

#: Characters. A private key has 32 bytes at least, which are 43 characters of base64. No name has more than a thousand.
_SHORTEST_KEY, _LONGEST_NAME = 40, 1000
#: Of so many characters in a row, so many may differ in kind (capital letter, small letter, digit) from the one before.
#: Of 40 in base64 or hexadecimal digits about 18 do, of 40 in a name about 5, or 10 with numbers and dates, and of a
#: domain 16 if machines have made it.
_MOST_CHANGES, _MOST_CHANGES_IN_A_WORD = ((40, 14), (60, 16)), ((40, 10), (60, 12))
_MOST_CHANGES_IN_A_DOMAIN = ((40, 16), (60, 21))
#: Letters and digits, from which on they are judged without what stands between them, too.
_LONG = 60

#: Codes are undone so many times, one inside the other.
_DEPTH = 10
# The lookbehind keeps the time linear: a long run of backslashes is looked at once, not from each of them.
_ESCAPE = re.compile(r"(?<!\\)\\+(?:(?:u000000|u00|u\{0{0,6}|x\{?|0000)([0-9a-f]{2})\}?|[nrtvf0])", re.IGNORECASE)
#: Quoted-printable. A few of them are the values of a query.
_QUOTED = re.compile("(?:=[0-9a-f]{2}){10,}", re.IGNORECASE)
#: Not END: it ends many words, such as "backend", and before it there is a key that is seen.
_LABEL = re.compile("begin[a-z]{0,40}privatekey")
#: How private keys begin that are not encrypted (PKCS #1, PKCS #8, SEC 1): a SEQUENCE, its length, the number 0 or 1.
_DER = re.compile("0[^\x00]{1,4}?\x02\x01[\x00\x01]", re.DOTALL)
#: But for the start of a terminal sequence, which is an attack of another kind, and no key.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
#: No name has such a number, and no word of letters alone has digits in it, as base32 does.
_NUMBER = re.compile("[0-9]{60}")
_BASE32 = re.compile("(?:[A-Z2-7]{50,}|[a-z2-7]{50,})=*")
#: Names in Tor are public keys; the last letter is their version.
_IN_TOR = re.compile(r"(?<![0-9a-z])[2-7a-z]{55}d(?=\.onion(?![0-9a-z]))", re.IGNORECASE)
#: UUIDs, with the version and variant that each of them has (RFC 9562, 4).
_UUID = re.compile(
    "(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE
)
#: Other ids and digests, such as MD5 and SHA-1: hexadecimal digits in one case. A letter may stand before them.
_HEXADECIMAL = re.compile(
    "(?<![0-9A-Za-z])[a-z]?((?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{4,40}|(?=[A-F]*[0-9])(?=[0-9]*[A-F])[0-9A-F]{4,40})"
    "(?![0-9A-Za-z])"
)
#: Digits of all ids and digests of a name together; more may be the pieces of a key, which has 64 at least. Of a UUID
#: fewer count than it has, for the pieces of a key have not its form.
_MOST_DIGITS, _DIGITS_OF_UUID, _SHORTEST_ID = 48, 24, 8
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:\*\.)?(?:[0-9a-z_-]{1,63}\.)+[a-z][0-9a-z-]{1,62}", re.IGNORECASE)
_FINGERPRINT = re.compile("(?:[0-9a-f]{2}:?){16,32}", re.IGNORECASE)
_A_LABEL = re.compile(r"(?<![0-9a-z-])xn--([0-9a-z-]{1,59})(?![0-9a-z-])", re.IGNORECASE)
_WORD = re.compile("[0-9A-Za-z+/=]{40,}")
_SEPARATORS = re.compile("[^0-9A-Za-z]+")
#: Base64 of URLs has other signs, about one in thirty characters. Names with hyphens have more.
_URL_WORD = re.compile("[0-9A-Za-z_-]{40,}")
_CHARACTERS_TO_A_SIGN = 10
#: Base85 and uuencode: without blanks, and many signs that names do not have together.
_LONG_WORD = re.compile("[!-~]{40,}")
_MOST_SIGNS = 4
_SIGNS = ("!", "\"'", "#", "$", "%", "&", "()", "*", ";", "<>", "@", "[]", "\\", "^", "`", "{}", "|", "~")
_BETWEEN_GROUPS = re.compile("[^0-9A-Za-z+/=]+")
_KINDS = str.maketrans(
    {
        **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A"),
        **dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"),
        **dict.fromkeys("0123456789", "0"),
    }
)
#: Kinds of characters (as Unicode names them) that are left out, and what others are taken for.
_HIDING = frozenset(("Cf", "Mn", "Me"))
_LIKE = {"Lu": "X", "Ll": "x", "Nd": "0"}
#: Where a word begins or has a number, as in ShopExample2Prod: between at least three letters and two.
_IN_CAMEL_CASE = re.compile("(?<=[a-z]{3})(?:[A-Z](?=[a-z]{2})|[0-9]{1,4}(?=[A-Z][a-z]|$))")
#: Two characters of which the second one is of another kind; a capital letter may begin a word.
_CHANGE = frozenset(("aA", "a0", "A0", "0a", "0A"))

_RUN = re.compile(
    r"(?:[0-9A-Za-z+/=_-]|%[0-9a-f]{2}|\\{1,8}(?:u00|x)[0-9a-f]{2}|\\{1,8}[nrt]|&#x?[0-9a-f]{1,4};){20,}", re.IGNORECASE
)
#: Hexadecimal digits in pairs, or a row of single characters.
_PAIRS = re.compile(
    r"(?:(?:0x)?[0-9a-f]{1,2}[\s:,;.-]{1,3}){10,}(?:0x)?[0-9a-f]{0,2}|(?:(?<!\w)\w\W{1,3}){10,}\w?", re.IGNORECASE
)

#: Elements that private keys begin with (PKCS #1, PKCS #8, SEC 1): a SEQUENCE with the number 0 or 1, and then another
#: SEQUENCE, an OCTET STRING, or a large number.
_BINARY_KEY = re.compile(
    rb"\x30(?:[\x20-\x7f]|\x81.|\x82..|\x83...|\x84....)\x02\x01[\x00\x01](?:\x04|\x02[\x20-\x84]|"
    # Not the field of a curve that is written out (RFC 3279, 2.3.5).
    rb"\x30(?!.\x06\x07\x2a\x86\x48\xce\x3d\x01))"
    # Algorithms that encrypt them (PKCS #5, PKCS #12), and what other tools begin theirs with.
    rb"|\x2a\x86\x48\x86\xf7\x0d\x01(?:\x05|\x0c\x01)|openssh-key-v|PuTTY-User-Key",
    re.DOTALL,
)
#: ASCII, or UTF-16 of it.
_TEXT_IN_BYTES = re.compile(rb"(?:\x00?[\t\r\n\x20-\x7e]){26,}")


def as_name(text: str) -> str:
    """A name or an id as a fact: the text itself, or :data:`HIDDEN` if it may hold a private key."""
    return HIDDEN if may_hold_key(text) else text


def as_digest(text: str) -> str:
    """A fingerprint as a fact: up to 64 hexadecimal digits; anything else is judged like a name."""
    return text if _FINGERPRINT.fullmatch(text) else as_name(text)


def may_hold_key(text: str) -> bool:
    """Whether a name holds what may be a private key, or a piece of one that is longer than a digest."""
    if len(text) < _SHORTEST_KEY and "PRIVATE" not in text:
        return False
    if len(text) > _LONGEST_NAME:
        return True
    plain = _plain(text)
    if _LABEL.search(_letters(plain)) or _is_binary(plain):
        return True
    plain = _without_ids(_A_LABEL.sub(_decoded, plain))
    return _is_code(plain) or any(map(_has_many_signs, _LONG_WORD.findall(plain)))


def bytes_may_hold_key(data: bytes) -> bool:
    """Whether DER holds what may be a private key, as it is or as text."""
    return bool(_BINARY_KEY.search(data)) or any(
        # The length of a text stands before it, and a tag behind it: they may look like characters, too.
        may_hold_key(text.replace(b"\0", b"").decode("ascii")[1:-1])
        for text in _TEXT_IN_BYTES.findall(data)
    )


def without_secrets(text: str, own: Iterable[str | None] = ()) -> str | None:
    """A text for a message, with :data:`MASK` in the place of what may be secret; ``None`` if it must not be shown.

    That is stricter than for names: whatever has 20 characters that a code might have is masked. Cut the text to its
    length afterwards: a run that is cut before may be too short to be seen.

    :param own: secrets that are known, such as the private key of the account.
    """
    for secret in own:
        for spelling in _spellings(secret or ""):
            text = text.replace(spelling, MASK)
    plain = _plain(text)
    if "privatekey" in _letters(plain) or _is_binary(plain):
        return None
    masked = _RUN.sub(MASK, _PAIRS.sub(MASK, text))
    plain = _plain(masked)
    return None if _RUN.search(plain) or _is_code(plain) else masked


def _spellings(secret: str) -> list[str]:
    """How a request holds a secret, the longest first; none of nothing."""
    return sorted({secret, quote(secret, safe=""), quote(secret), quote_plus(secret)} - {""}, key=len, reverse=True)


def _plain(text: str) -> str:
    """The text without percent-encoding, escapes of JSON and Python, and entities of HTML."""
    for _unused in range(_DEPTH):
        decoded = _QUOTED.sub(_unquoted, _ESCAPE.sub(_unescaped, text))
        decoded = html.unescape(unquote(decoded, "latin-1"))
        if decoded == text:
            break
        text = decoded
    # Characters that nobody sees, and accents, would only hide the others.
    return "".join(char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in _HIDING)


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else "\n"


def _unquoted(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("=", "")).decode("latin-1")


def _letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


def _decoded(label: re.Match[str]) -> str:
    """What an A-label stands for, its ASCII first, as it is written. Random letters and digits stand for nothing."""
    try:
        return "".join(sorted(label[1].encode("ascii").decode("punycode"), key=lambda char: not char.isascii()))
    except (UnicodeError, OverflowError):  # the latter from Python 3.13 on, of a character whose number is huge
        return label[0]


def _without_ids(text: str) -> str:
    """A name without the ids and digests in it, unless they are so many that they may be a key together."""
    shorter, uuids = _UUID.subn("", _IN_TOR.sub("", text))
    digits = uuids * _DIGITS_OF_UUID + sum(map(len, _HEXADECIMAL.findall(shorter)))
    if digits > _MOST_DIGITS:
        return text
    return _HEXADECIMAL.sub(lambda found: "" if len(found[1]) >= _SHORTEST_ID else found[0], shorter)


def _is_binary(text: str) -> bool:
    return bool(_DER.search(text)) or len(set(_CONTROLS.findall(text))) > 3


def _is_code(text: str) -> bool:
    """Whether characters in a row come at random, with or without what stands between them."""
    if len(text) < _SHORTEST_KEY:
        return False
    if not text.isascii():
        # Letters of other alphabets may look like those of ASCII.
        text = "".join(char if char.isascii() else _LIKE.get(unicodedata.category(char), char) for char in text)
    alone = _SEPARATORS.sub("", text)
    limits = _MOST_CHANGES_IN_A_DOMAIN if _DOMAIN.fullmatch(text) else _MOST_CHANGES
    return (
        _is_random(text, limits)
        or any(map(_is_no_word, (*_WORD.findall(text), *_groups(text), *_url_words(text))))
        or any(map(_begins_key, (*_WORD.findall(text), alone)))
        or (len(alone) >= _LONG and (bool(_NUMBER.search(alone)) or _is_random(alone, limits)))
    )


def _groups(text: str) -> list[str]:
    """What groups of the same length make together: words of a name seldom have the same. Pairs are fingerprints."""
    parts = groupby(_BETWEEN_GROUPS.split(text), key=len)
    joined = ("".join(group) for length, group in parts if length != 2)
    return [word for word in joined if len(word) >= _SHORTEST_KEY]


def _url_words(text: str) -> list[str]:
    words = ((word, _SEPARATORS.sub("", word)) for word in _URL_WORD.findall(text))
    return [alone for word, alone in words if len(word) - len(alone) <= len(word) // _CHARACTERS_TO_A_SIGN]


def _has_many_signs(word: str) -> bool:
    parts = (word[start : start + _SHORTEST_KEY] for start in range(0, len(word), _SHORTEST_KEY // 2))
    # In groups, not all in one place.
    return any(
        sum(any(char in part for char in signs) for signs in _SIGNS) > _MOST_SIGNS
        and len(_SEPARATORS.findall(part)) > _MOST_SIGNS
        for part in parts
    )


def _is_no_word(word: str) -> bool:
    is_base32 = _BASE32.fullmatch(word) and sum(map(word.count, "234567")) > 3
    return bool(is_base32) or _is_random(word, _MOST_CHANGES_IN_A_WORD)


def _begins_key(word: str) -> bool:
    """Whether base64 begins like a private key. The first line of a large one has few random characters."""
    head = word[:_SHORTEST_KEY]
    is_base64 = len(head) == _SHORTEST_KEY and "=" not in head
    return is_base64 and bool(_BINARY_KEY.match(base64.b64decode(head)))


def _is_random(text: str, limits: Iterable[tuple[int, int]]) -> bool:
    kinds = _IN_CAMEL_CASE.sub(lambda found: "a" * len(found[0]), text).translate(_KINDS)
    changes = [0, *accumulate(pair in _CHANGE for pair in map("".join, zip(kinds, kinds[1:])))]
    return any(last - first > most for width, most in limits for first, last in zip(changes, changes[width - 1 :]))
