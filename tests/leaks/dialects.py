# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways to write a private key. Add another one here, and all tests try it."""

from __future__ import annotations

import base64
import html
import json
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

from cryptography.hazmat.primitives.asymmetric import dsa, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

#: Ways to write PEM text.
OF_PEM: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case labels": lambda pem: pem.replace("BEGIN PRIVATE KEY", "begin private key"),
    "in mixed case labels": lambda pem: pem.replace("PRIVATE KEY", "Private kEy"),
    "under another label": lambda pem: pem.replace("PRIVATE KEY", "THING"),
    "as a certificate": lambda pem: pem.replace("PRIVATE KEY", "CERTIFICATE"),
    "without hyphens": lambda pem: pem.replace("-----", ""),
    "with other hyphens": lambda pem: pem.replace("-", "\u2013"),
    "in Windows lines": lambda pem: pem.replace("\n", "\r\n"),
    "in old Macintosh lines": lambda pem: pem.replace("\n", "\r"),
    "in one line": lambda pem: pem.replace("\n", ""),
    "in one line with spaces": lambda pem: pem.replace("\n", " "),
    "with escaped line ends": lambda pem: pem.replace("\n", "\\n"),
    "with line ends escaped twice": lambda pem: pem.replace("\n", "\\\\n"),
    "as JSON": json.dumps,
    "as JSON in JSON": lambda pem: json.dumps(json.dumps(pem)),
    "percent-encoded": quote,
    "percent-encoded twice": lambda pem: quote(quote(pem)),
    "as a form": quote_plus,
    "percent-encoded throughout": lambda pem: "".join(f"%{ord(char):02x}" for char in pem),
    "as entities": lambda pem: "".join(f"&#{ord(char)};" for char in pem),
    "as hexadecimal entities": lambda pem: "".join(f"&#x{ord(char):x};" for char in pem),
    "as HTML": lambda pem: html.escape(pem).replace("\n", "<br>"),
    "as escapes of JSON": lambda pem: "".join(f"\\u{ord(char):04x}" for char in pem),
    "as long escapes of Python": lambda pem: "".join(f"\\U{ord(char):08x}" for char in pem),
    "as escapes of ECMAScript": lambda pem: "".join(f"\\u{{{ord(char):x}}}" for char in pem),
    "as escapes of CSS": lambda pem: "".join(f"\\{ord(char):06x}" for char in pem),
    "quoted-printable": lambda pem: "".join(f"={ord(char):02X}" for char in pem),
    "percent-encoded four times": lambda pem: quote(quote(quote(quote("".join(f"%{ord(char):02x}" for char in pem))))),
    "as escapes of Python": lambda pem: "".join(f"\\x{ord(char):02x}" for char in pem),
    "reversed": lambda pem: pem[::-1],
    "with its lines reversed": lambda pem: "\n".join(reversed(pem.splitlines())),
    "quoted like a mail": lambda pem: textwrap.indent(pem, "> "),
    "as a comment": lambda pem: textwrap.indent(pem, "# "),
    "as a list": lambda pem: str(pem.splitlines()),
    "with headers": lambda pem: pem.replace("-----\n", "-----\nProc-Type: 0,NONE\nX-Note: shop\n\n", 1),
    "cut off": lambda pem: pem[: len(pem) * 3 // 4],
    "without its beginning": lambda pem: pem[len(pem) // 4 :],
    "without markers": lambda pem: "\n".join(pem.splitlines()[1:-1]),
    "in short lines": lambda pem: "\n".join(textwrap.wrap("".join(pem.splitlines()[1:-1]), 16)),
    "in groups of four": lambda pem: " ".join(textwrap.wrap("".join(pem.splitlines()[1:-1]), 4)),
    "one character a line": lambda pem: "\n".join("".join(pem.splitlines()[1:-1])),
    "with commas": lambda pem: ",".join(textwrap.wrap("".join(pem.splitlines()[1:-1]), 10)),
    "with invisible characters": "\u200b".join,
    "with accents": lambda pem: "\u0301".join(pem.splitlines()[1]),
    "in full width": lambda pem: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in pem),
    "in base64": lambda pem: base64.b64encode(pem.encode()).decode(),
    "in hexadecimal digits": lambda pem: pem.encode().hex(),
    "in UTF-16": lambda pem: pem.encode("utf-16-le").decode("latin-1"),
}

#: Ways to write the bytes in it.
OF_BYTES: dict[str, Callable[[bytes], str]] = {
    "base64": lambda der: base64.b64encode(der).decode(),
    "base64 of URLs": lambda der: base64.urlsafe_b64encode(der).decode(),
    "base64 without padding": lambda der: base64.b64encode(der).decode().rstrip("="),
    "base64, percent-encoded": lambda der: quote(base64.b64encode(der).decode(), safe=""),
    "base64, twice": lambda der: base64.b64encode(base64.b64encode(der)).decode(),
    "base32": lambda der: base64.b32encode(der).decode(),
    "hexadecimal": bytes.hex,
    "hexadecimal capitals": lambda der: der.hex().upper(),
    "hexadecimal with colons": lambda der: der.hex(":"),
    "hexadecimal with spaces": lambda der: der.hex(" "),
    "hexadecimal in groups": lambda der: der.hex(" ", 4),
    "hexadecimal, percent-encoded": lambda der: "".join(f"%{byte:02X}" for byte in der),
    "hexadecimal with prefixes": lambda der: ", ".join(f"0x{byte:02x}" for byte in der),
    "hexadecimal with escapes": lambda der: "".join(f"\\x{byte:02x}" for byte in der),
    "hexadecimal number": lambda der: hex(int.from_bytes(der, "big")),
    "decimal number": lambda der: str(int.from_bytes(der, "big")),
    "decimal bytes": lambda der: str(list(der)),
    "bytes": lambda der: der.decode("latin-1"),
    "bytes of Python": repr,
    "bytes of Python, in base64": lambda der: base64.b64encode(repr(der).encode()).decode(),
}

#: Formats of the key itself. Not every type of key has all of them.
FORMS = {
    "PKCS #8": (PrivateFormat.PKCS8, NoEncryption()),
    "traditional": (PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "OpenSSH": (PrivateFormat.OpenSSH, NoEncryption()),
    "PKCS #8, encrypted": (PrivateFormat.PKCS8, BestAvailableEncryption(b"password")),
}

DIALECTS = [*(f"text {name}" for name in OF_PEM), *(f"bytes as {name}" for name in OF_BYTES), *FORMS]


def dialects_of(dialect: str, pem: str) -> Iterator[str]:
    """Yield a private key (PEM, PKCS #8) in one of :data:`DIALECTS`; nothing if its type has no such format."""
    if dialect in FORMS:
        text = _in_form(dialect, pem)
        if text is not None:
            yield text
    elif dialect.startswith("text "):
        yield OF_PEM[dialect.removeprefix("text ")](pem)
    else:
        yield OF_BYTES[dialect.removeprefix("bytes as ")](base64.b64decode("".join(pem.splitlines()[1:-1])))


@cache
def _in_form(name: str, pem: str) -> str | None:
    key: Any = load_pem_private_key(pem.encode(), None)
    form, encryption = FORMS[name]
    if form == PrivateFormat.TraditionalOpenSSL and isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    if form == PrivateFormat.OpenSSH and isinstance(key, dsa.DSAPrivateKey):
        return None
    text: str = key.private_bytes(Encoding.PEM, form, encryption).decode()
    return text
