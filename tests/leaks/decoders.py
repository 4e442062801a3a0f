# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decode data in all common ways: undo escapes and encodings, unpack archives and base64."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

#: How many levels of archives in archives, base64 in base64 and so on are unpacked.
_MAX_DEPTH = 6
_ESCAPE = re.compile(r"\\+(?:(?:U000000|u00|u\{0*|x\{?|0000)([0-9A-Fa-f]{2})\}?|([nrtbf])|([/\"']))")
#: Escapes of JSON and Python that were encoded once only: here a backslash may stand for itself.
_ESCAPE_ONCE = re.compile(r"\\(?:(?:u00|x)([0-9A-Fa-f]{2})|([nrtbf])|([/\"'\\]))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_QUOTED = re.compile("(?:=[0-9A-F]{2}){8,}")
_HEX = re.compile(r"(?:(?:0x)?[0-9A-Fa-f]{2}[\s:,;.-]*){8,}")
_BYTES = re.compile(r"(?:\d{1,3}[\s,;:]+){8,}\d{1,3}")
_BASE32 = re.compile(r"[A-Z2-7]{32,}")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{64,}")
_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
#: What is worth decoding further: a text, an archive, a compressed stream.
_MEANINGFUL = re.compile(rb"[\x20-\x7e\s]{40}|PK\x03\x04|\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


class Decoder:
    """Decodes data. The same data, such as one file in many archives, is only decoded once."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def decode(self, data: str | bytes, depth: int = _MAX_DEPTH) -> Iterator[str]:
        """Yield every text that the data may contain. Bytes become one character each."""
        text = data if isinstance(data, str) else data.decode("latin-1")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if digest in self._seen:
            return
        self._seen.add(digest)
        for variant in _without_escapes(text):
            yield variant
            joined = "".join(variant.split())
            yield joined
            yield joined.replace("-", "+").replace("_", "/")
            # Without separators between the characters, and without full-width characters.
            yield _NOT_BASE64.sub("", unicodedata.normalize("NFKD", variant))
            numbers = [re.sub("0x|[^0-9A-Fa-f]", "", run).lower() for run in _HEX.findall(variant)]
            yield from numbers
            numbered = [*map(_from_hex, numbers), *_from_decimal_bytes(variant), *_from_base32(joined)]
            yield from (data.decode("latin-1") for data in numbered)
            if depth:
                meaningful = filter(_MEANINGFUL.search, numbered)
                for inner in (*_unpacked(variant.encode("latin-1", "replace")), *_from_base64(joined), *meaningful):
                    yield from self.decode(inner, depth - 1)


def _without_escapes(text: str) -> Iterator[str]:
    """Yield the text, and the text without escapes of JSON, Python, URLs, mails and HTML."""
    yield text
    for decoded in (
        _ESCAPE.sub(_unescaped, text),
        _ESCAPE_ONCE.sub(_unescaped, text),
        _unquoted(text),
        _QUOTED.sub(_unquoted_run, text),
        html.unescape(text),
    ):
        if decoded != text:
            yield decoded


def _unquoted(text: str) -> str:
    """Return the text without percent-encoding, however often it was encoded."""
    while (decoded := unquote(text, "latin-1")) != text:
        text = decoded
    return text


def _unquoted_run(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("=", "")).decode("latin-1")


def _unescaped(escape: re.Match[str]) -> str:
    code, letter, character = escape.groups()
    return chr(int(code, 16)) if code else character or _LETTERS[letter]


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Yield the content of archives and compressed streams, wherever they begin in the data."""
    if b"PK\x03\x04" in data:
        # Malformed archives raise different exceptions.
        with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from [archive.read(name) for name in archive.namelist()]
    for start in _STREAM.finditer(data):
        with suppress(zlib.error):
            # Adding 32 to the window size detects zlib or gzip.
            yield zlib.decompressobj(zlib.MAX_WBITS + 32).decompress(data[start.start() :])


def _from_hex(digits: str) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _from_decimal_bytes(text: str) -> Iterator[bytes]:
    """Yield lists of numbers as bytes."""
    for run in _BYTES.findall(text):
        yield bytes(number for number in map(int, re.findall(r"\d+", run)) if number < 256)


def _from_base32(joined: str) -> Iterator[bytes]:
    for run in _BASE32.findall(joined):
        yield base64.b32decode(run[: len(run) // 8 * 8])


def _from_base64(joined: str) -> Iterator[bytes]:
    """Yield meaningful bytes from base64 in a text without white space. A word before it may look like part of it."""
    for run in _BASE64.findall(joined):
        for start in range(4):
            part = run[start : len(run) - ((len(run) - start) % 4 == 1)]  # a single character is not a byte
            data = base64.b64decode(part + "=" * (-len(part) % 4), b"-_" if set("-_") & set(part) else None)
            if _MEANINGFUL.search(data):
                yield data
