# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data of any kind -> all that it can be read as: escapes and codes undone, archives and base64 unpacked."""

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

#: Archives in archives, base64 in base64, …: so many of them inside each other are opened.
_DEPTH = 6
_ESCAPE = re.compile(r"\\+(?:(?:U000000|u00|u\{0*|x\{?|0000)([0-9A-Fa-f]{2})\}?|([nrt])|(/))")
_QUOTED = re.compile("(?:=[0-9A-F]{2}){8,}")
_HEX = re.compile(r"(?:(?:0x)?[0-9A-Fa-f]{2}[\s:,;.-]*){8,}")
_BYTES = re.compile(r"(?:\d{1,3}[\s,;:]+){8,}\d{1,3}")
_BASE32 = re.compile(r"[A-Z2-7]{32,}")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{64,}")
_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
#: Where it is worth to read on: a text, an archive, a compressed stream.
_SENSE = re.compile(rb"[\x20-\x7e\s]{40}|PK\x03\x04|\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


class Reader:
    """Reads data; what it has read before, such as the same file in many archives, it does not read again."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def readings(self, data: str | bytes, depth: int = _DEPTH) -> Iterator[str]:
        """All texts that the data may be meant as; bytes that are no text are one character each."""
        text = data if isinstance(data, str) else data.decode("latin-1")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if digest in self._known:
            return
        self._known.add(digest)
        for variant in _decoded(text):
            yield variant
            joined = "".join(variant.split())
            yield joined
            yield joined.replace("-", "+").replace("_", "/")
            # Whatever stands between the characters, and however wide they are.
            yield _NOT_BASE64.sub("", unicodedata.normalize("NFKD", variant))
            numbers = [re.sub("0x|[^0-9A-Fa-f]", "", run).lower() for run in _HEX.findall(variant)]
            yield from numbers
            numbered = [*map(_from_hex, numbers), *_from_decimal_bytes(variant), *_from_base32(joined)]
            yield from (data.decode("latin-1") for data in numbered)
            if depth:
                sensible = filter(_SENSE.search, numbered)
                for inner in (*_unpacked(variant.encode("latin-1", "replace")), *_from_base64(joined), *sensible):
                    yield from self.readings(inner, depth - 1)


def _decoded(text: str) -> Iterator[str]:
    """The text, and the same without the escapes of JSON, Python, URLs, mails and HTML."""
    yield text
    for decoded in (
        _ESCAPE.sub(_unescaped, text),
        _unquoted(text),
        _QUOTED.sub(_unquoted_run, text),
        html.unescape(text),
    ):
        if decoded != text:
            yield decoded


def _unquoted(text: str) -> str:
    """The text without percent-encoding, however often it was encoded."""
    while (decoded := unquote(text, "latin-1")) != text:
        text = decoded
    return text


def _unquoted_run(run: re.Match[str]) -> str:
    return bytes.fromhex(run[0].replace("=", "")).decode("latin-1")


def _unescaped(escape: re.Match[str]) -> str:
    code, space, slash = escape.groups()
    return chr(int(code, 16)) if code else slash or {"n": "\n", "r": "\r", "t": "\t"}[space]


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What is in archives and compressed streams, wherever in the data they begin."""
    if b"PK\x03\x04" in data:
        # Whatever makes it no archive.
        with suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from [archive.read(name) for name in archive.namelist()]
    for start in _STREAM.finditer(data):
        with suppress(zlib.error):
            # 32 more than the size of the window: zlib's own form, or that of gzip.
            yield zlib.decompressobj(zlib.MAX_WBITS + 32).decompress(data[start.start() :])


def _from_hex(digits: str) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _from_decimal_bytes(text: str) -> Iterator[bytes]:
    """What lists of numbers are if each is a byte."""
    for run in _BYTES.findall(text):
        yield bytes(number for number in map(int, re.findall(r"\d+", run)) if number < 256)


def _from_base32(joined: str) -> Iterator[bytes]:
    for run in _BASE32.findall(joined):
        yield base64.b32decode(run[: len(run) // 8 * 8])


def _from_base64(joined: str) -> Iterator[bytes]:
    """What makes sense of the base64 in a text without white space. Words before it may seem to be its beginning."""
    for run in _BASE64.findall(joined):
        for start in range(4):
            part = run[start : len(run) - ((len(run) - start) % 4 == 1)]  # one character alone is no byte
            data = base64.b64decode(part + "=" * (-len(part) % 4), b"-_" if set("-_") & set(part) else None)
            if _SENSE.search(data):
                yield data
