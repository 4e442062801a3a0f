# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extract certificates from PEM text. Private keys are removed here.

This selects what to keep, not what to remove: only blocks with the structure of a certificate are written again, from
their decoded bytes. Everything else in the text, whatever its encoding, is dropped.
"""

from __future__ import annotations

import base64
import binascii
import re
import sys
from typing import NamedTuple

from .x509 import Parsed

# A label has any printable characters except the hyphen (RFC 7468, 3).
_MARKER = re.compile(r"-----(BEGIN|END) ([!-,.-~][ -,.-~]{0,63})-----")
# The lookbehind keeps the time linear: a long run of backslashes is searched once, not from each of its backslashes.
_ESCAPED_LINE_END = re.compile(r"(?<!\\)\\+[rn]")
_WHITE_SPACE = b" \t\n\r\v\f"
#: An attribute certificate (RFC 5755) does not bind a key to a name.
_OTHER_CERTIFICATES = ("ATTRIBUTE CERTIFICATE",)
#: Certificates of CAs by the text of their block, because thousands of certificates come with the same few of them.
#: Only text that was parsed as a certificate is kept, because any other text may be a private key.
_cache: dict[str, Parsed] = {}
_MAX_CACHED = 256


class Blocks(NamedTuple):
    """Certificates and private keys (DER) of a PEM text, each in their order.

    A block with the label of a certificate that cannot be parsed is ``None``. A private key that is truncated or in
    another format, such as an encrypted one, is empty.
    """

    certificates: list[Parsed | None]
    private_keys: list[bytes]


def split(text: str) -> Blocks:
    r"""Split PEM text into its blocks, in any order and with anything between them.

    Line ends may be of any kind, indented, spaces, the two characters ``\n``, or missing after the last block. A block
    without its end marker ends where the next one begins; it is not accepted as a certificate.
    """
    blocks = Blocks([], [])
    if "\\" in text:
        text = _ESCAPED_LINE_END.sub("\n", text)
    # The text before the first marker; then for each marker its kind, its label and the text after it; at the end,
    # an empty marker.
    _before, *parts = [*_MARKER.split(text), "", "", ""]
    kinds, labels, bodies = parts[::3], [label.upper() for label in parts[1::3]], parts[2::3]
    for kind, label, body, next_kind, next_label in zip(kinds, labels, bodies, kinds[1:], labels[1:]):
        if kind != "BEGIN":
            continue
        is_complete = next_kind == "END" and next_label == label
        if label.endswith("PRIVATE KEY"):
            blocks.private_keys.append(_decode(body) if is_complete else b"")
        # Such as X509 CERTIFICATE, TRUSTED CERTIFICATE, and MY CERTIFICATE of UCloud's own guide.
        elif label.endswith("CERTIFICATE") and label not in _OTHER_CERTIFICATES:
            blocks.certificates.append(_certificate(body) if is_complete else None)
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
    """Return the bytes of a block; empty if it contains anything but base64."""
    try:
        payload = body.encode("ascii").translate(None, delete=_WHITE_SPACE)
        if sys.version_info >= (3, 11):
            return binascii.a2b_base64(payload, strict_mode=True)
        return base64.b64decode(payload, validate=True)
    except ValueError:
        return b""


def _certificate(body: str) -> Parsed | None:
    """Return the certificate in a block; ``None`` if it is something else with that label.

    A TRUSTED CERTIFICATE of OpenSSL has additional data after the certificate, which is dropped.
    """
    cached = _cache.get(body)
    if cached is not None:
        return cached
    try:
        certificate = Parsed(_decode(body))
    except ValueError:
        return None
    # Leaves are not cached: a leaf that occurs again usually has the same content, which ContentReader caches.
    if certificate.is_ca:
        if len(_cache) >= _MAX_CACHED:
            _cache.clear()
        _cache[body] = certificate
    return certificate
