# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds what is left of private keys, in whatever spelling."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

#: So many characters of a key in a row are a leak.
WIDTH = 16

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]*)-----(.*?)-----END \1-----", re.DOTALL)


def windows(text: str, width: int = WIDTH) -> set[str]:
    """Every run of ``width`` characters in the text."""
    return {text[start : start + width] for start in range(len(text) - width + 1)}


class Secrets:
    """The private keys of PEM texts, without what their certificates tell everybody (the public halves)."""

    def __init__(self, contents: Iterable[str], width: int = WIDTH) -> None:
        self._width = width
        keys: list[str] = []
        public: list[str] = []
        for text in contents:
            for label, body in _BLOCK.findall(text.replace("\r\n", "\n")):
                block = f"-----BEGIN {label}-----{body}-----END {label}-----\n"
                (keys if label.endswith("PRIVATE KEY") else public).append(block)
        self.keys = list(dict.fromkeys(keys))
        known = {run for block in public for spelling in _spellings(block) for run in windows(spelling, width)}
        hidden = {run for block in self.keys for spelling in _spellings(block) for run in windows(spelling, width)}
        self._runs = hidden - known
        assert len(self._runs) > 100 * len(self.keys), "too little is secret to be found"

    def found_in(self, *texts: str) -> set[str]:
        """Runs of the keys that occur in the texts, whatever white space or escaped line ends stand in between."""
        found: set[str] = set()
        for text in texts:
            for variant in (text, re.sub(r"\s|\\+[nr]", "", text)):
                found |= self._runs & windows(variant, self._width)
        return found


def _spellings(block: str) -> Iterable[str]:
    """A PEM block as base64, hexadecimal, and the secret numbers in it; each forwards and backwards."""
    match = _BLOCK.match(block)
    assert match
    lines = [line.strip() for line in match[2].splitlines() if line.strip() and ":" not in line]
    plain = "".join(lines)
    yield from (plain, plain[::-1], "".join(reversed(lines)), plain.replace("+", "-").replace("/", "_"))
    content = base64.b64decode(plain)
    yield from (content.hex(), content.hex().upper(), content.hex(":"))
    # the other two ways in which base64 may cut the same bytes into groups
    yield from (base64.b64encode(content[start:]).decode() for start in (1, 2))
    if match[1].endswith("PRIVATE KEY") and "ENCRYPTED" not in block and "OPENSSH" not in block:
        for number in _secret_numbers(block):
            yield from (str(number), f"{number:x}")


def _secret_numbers(block: str) -> list[int]:
    key: Any = load_pem_private_key(block.encode(), None)
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        return [numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return [key.private_numbers().private_value]
    return [key.private_numbers().x] if isinstance(key, dsa.DSAPrivateKey) else []
