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
import sys
from typing import NamedTuple

from .x509 import Parsed

# A label is of any printable characters but the hyphen (RFC 7468, 3).
_MARKER = re.compile(r"-----(BEGIN|END) ([!-,.-~][ -,.-~]{0,63})-----")
# The lookbehind keeps the time linear: a long run of backslashes is looked at once, not from each of them.
_ESCAPED_LINE_END = re.compile(r"(?<!\\)\\+[rn]")
_WHITE_SPACE = b" \t\n\r\v\f"
#: An attribute certificate (RFC 5755) binds no key to a name.
_OTHER_CERTIFICATES = ("ATTRIBUTE CERTIFICATE",)
#: Certificates by the text of their block: thousands are sent with the same few of their issuers. Nothing but the text
#: of what was read as a certificate is kept, for another one may be a private key.
_known: dict[str, Parsed] = {}
_MOST_KNOWN = 256


class Blocks(NamedTuple):
    """What a PEM text holds: certificates and private keys (DER), each in their order.

    A block that calls itself a certificate and cannot be read as one is ``None``; a private key that is cut off or
    written in another way, such as an encrypted one, is empty.
    """

    certificates: list[Parsed | None]
    private_keys: list[bytes]


def split(text: str) -> Blocks:
    r"""Split PEM text into its blocks, in any order and with anything between them.

    Line ends may be of any kind, indented, spaces, the two characters ``\n``, or missing after the last block. A
    block without its end marker ends where the next one begins; as a certificate it does not count.
    """
    blocks = Blocks([], [])
    if "\\" in text:
        text = _ESCAPED_LINE_END.sub("\n", text)
    # What is before the first marker; then for each marker its kind, its label, and what follows it; none at the end.
    _before, *parts = [*_MARKER.split(text), "", "", ""]
    kinds, labels, bodies = parts[::3], [label.upper() for label in parts[1::3]], parts[2::3]
    for kind, label, body, next_kind, next_label in zip(kinds, labels, bodies, kinds[1:], labels[1:]):
        if kind != "BEGIN":
            continue
        is_whole = next_kind == "END" and next_label == label
        if label.endswith("PRIVATE KEY"):
            blocks.private_keys.append(_decode(body) if is_whole else b"")
        # Such as X509 CERTIFICATE, TRUSTED CERTIFICATE, and MY CERTIFICATE of UCloud's own guide.
        elif label.endswith("CERTIFICATE") and label not in _OTHER_CERTIFICATES:
            blocks.certificates.append(_certificate(body) if is_whole else None)
    return blocks


def join(certificates: list[bytes]) -> str:
    """Write certificates (DER) as PEM, one block after another."""
    return "".join(
        f"-----BEGIN CERTIFICATE-----\n{_wrap(base64.b64encode(der).decode())}\n-----END CERTIFICATE-----\n"
        for der in certificates
    )


def _wrap(payload: str) -> str:
    return "\n".join(payload[start : start + 64] for start in range(0, len(payload), 64))


def _decode(body: str) -> bytes:
    """The bytes of a block; empty if it holds anything but base64."""
    try:
        payload = body.encode("ascii").translate(None, delete=_WHITE_SPACE)
        if sys.version_info >= (3, 11):
            return binascii.a2b_base64(payload, strict_mode=True)
        return base64.b64decode(payload, validate=True)
    except ValueError:
        return b""


def _certificate(body: str) -> Parsed | None:
    """The certificate in a block, or ``None`` if it is something else under that label.

    A TRUSTED CERTIFICATE of OpenSSL has data of its own behind the certificate, which is left out.
    """
    known = _known.get(body)
    if known is not None:
        return known
    try:
        certificate = Parsed(_decode(body))
    except ValueError:
        return None
    # A leaf comes again with its whole content, if at all, and is not worth the memory.
    if certificate.is_ca:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[body] = certificate
    return certificate
