# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM text -> certificates. The place where private keys are cut out.

What comes out is chosen, not what stays behind: only blocks that have the structure of a certificate are written
anew, from their decoded bytes. Whatever else the text holds, in whatever spelling, is left behind.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from .der import INTEGER, SEQUENCE, VERSION, element

_CERTIFICATE_LABELS = frozenset(("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"))
_MARKER = re.compile(r"-----(BEGIN|END) ([A-Z0-9][A-Z0-9 ]{0,40})-----")
# The lookbehind keeps the time linear: a long run of backslashes is looked at once, not from each of them.
_ESCAPED_LINE_END = re.compile(r"(?<!\\)\\+[rn]")


class Blocks(NamedTuple):
    """What a PEM text holds: certificates as DER in their order, and private keys as PEM (empty if cut off).

    ``unreadable`` counts blocks that call themselves certificates and are none.
    """

    certificates: list[bytes]
    private_keys: list[bytes]
    unreadable: int


def split(text: str) -> Blocks:
    r"""Split PEM text into its blocks, in any order and with anything between them.

    Line ends may be of any kind, indented, spaces, the two characters ``\n``, or missing after the last block. A
    block without its end marker ends where the next one begins; as a certificate it does not count.
    """
    blocks = Blocks([], [], 0)
    unreadable = 0
    if "\\" in text:
        text = _ESCAPED_LINE_END.sub("\n", text)
    markers = list(_MARKER.finditer(text))
    for index, marker in enumerate(markers):
        if marker[1] != "BEGIN":
            continue
        end = markers[index + 1] if index + 1 < len(markers) else None
        body = text[marker.end() : end.start() if end else len(text)]
        label = marker[2]
        is_whole = end is not None and end[1] == "END" and end[2] == label
        if label.endswith("PRIVATE KEY"):
            blocks.private_keys.append(_canonical(label, body) if is_whole else b"")
        elif label in _CERTIFICATE_LABELS:
            certificate = _certificate(_decode(body)) if is_whole else None
            if certificate:
                blocks.certificates.append(certificate)
            else:
                unreadable += 1
    return blocks._replace(unreadable=unreadable)


def join(certificates: list[bytes]) -> str:
    """Write certificates (DER) as PEM, one block after another."""
    return "".join(
        f"-----BEGIN CERTIFICATE-----\n{_wrap(base64.b64encode(der).decode())}\n-----END CERTIFICATE-----\n"
        for der in certificates
    )


def _canonical(label: str, body: str) -> bytes:
    """A block as readers of PEM expect it; the headers of an encrypted key of the old form are kept."""
    head, blank, rest = body.rpartition("\n\n")
    headers = f"{head.strip()}\n\n" if blank and ":" in head else ""
    payload = "".join((rest if headers else body).split())
    text = f"-----BEGIN {label}-----\n{headers}{_wrap(payload)}\n-----END {label}-----\n"
    # JSON can express halves of surrogate pairs, which UTF-8 cannot.
    return text.encode("utf-8", "replace")


def _wrap(payload: str) -> str:
    return "\n".join(payload[start : start + 64] for start in range(0, len(payload), 64))


def _decode(body: str) -> bytes:
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _certificate(der: bytes) -> bytes | None:
    """The certificate that ``der`` begins with, or ``None`` if it is something else under that label.

    ``Certificate ::= SEQUENCE { SEQUENCE { [0] version or INTEGER serialNumber, … }, … }`` (RFC 5280, 4.1). A
    private key begins with an INTEGER in the outer sequence, an encrypted one with an OBJECT IDENTIFIER in the inner.
    A TRUSTED CERTIFICATE of OpenSSL has data of its own behind the certificate.
    """
    outer = element(der)
    inner = element(der, outer.begin) if outer and outer.tag == SEQUENCE else None
    first = element(der, inner.begin) if inner and inner.tag == SEQUENCE else None
    return der[: outer.end] if outer and first and first.tag in (VERSION, INTEGER) else None
