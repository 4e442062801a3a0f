# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encode secrets in the ways that `decoders` cannot undo."""

from __future__ import annotations

import base64
import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]*)-----(.*?)-----END \1-----", re.DOTALL)
# Validating an RSA key takes a thousand times as long as loading it. Not every version of cryptography can skip it.
_SKIP_CHECK = "unsafe_skip_rsa_key_validation"
_OPTIONS = {_SKIP_CHECK: True} if _SKIP_CHECK in inspect.signature(load_pem_private_key).parameters else {}

#: Most bytes of a number. Python refuses to write more than 4300 decimal digits.
_MAX_NUMBER_BYTES = 1785


class Block(NamedTuple):
    """A PEM block: its label, the block as a whole, and the bytes in it."""

    label: str
    pem: str
    content: bytes

    @property
    def is_key(self) -> bool:
        return self.label.endswith("PRIVATE KEY")


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a valid PEM text."""
    for label, body in _BLOCK.findall(text.replace("\r\n", "\n")):
        # An encrypted key in the traditional format has headers.
        payload = "".join(line.strip() for line in body.splitlines() if ":" not in line)
        pem = f"-----BEGIN {label}-----{body}-----END {label}-----\n"
        yield Block(label, pem, base64.b64decode(payload))


def encodings(block: Block) -> Iterator[str]:
    """Yield a block as bytes, base64 and hexadecimal digits, and the secret numbers in it as decimal digits."""
    yield from encodings_of_bytes(block.content)
    if block.is_key and "ENCRYPTED" not in block.pem and "OPENSSH" not in block.label:
        yield from map(str, _secret_numbers(block.pem))


def encodings_of_bytes(content: bytes) -> Iterator[str]:
    """Yield bytes as they are (one character each), as base64, as hexadecimal digits, and as one decimal number."""
    yield content.decode("latin-1")
    # The three ways in which base64 may group the same bytes.
    yield from (base64.b64encode(content[start:]).decode().rstrip("=") for start in range(3))
    yield content.hex()
    if len(content) <= _MAX_NUMBER_BYTES:
        yield str(int.from_bytes(content, "big"))


def _secret_numbers(pem: str) -> list[int]:
    key: Any = load_pem_private_key(pem.encode(), None, **_OPTIONS)
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        return [numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return [key.private_numbers().private_value]
    return [key.private_numbers().x] if isinstance(key, dsa.DSAPrivateKey) else []
