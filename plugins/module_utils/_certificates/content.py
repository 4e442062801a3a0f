# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API's ``SSLContent`` -> what is in it. The one function that reads it is the last to see a private key."""

from __future__ import annotations

import hashlib
from functools import partial

from . import pem, x509
from .model import Content

#: What is wrong with every content where the library is missing.
NO_CRYPTOGRAPHY = "the Python library cryptography is not installed"


class ContentReader:
    """Reads each different content once: the same certificate is often uploaded to many regions.

    It remembers what it read by the SHA-256 of the content. Threads may share it.
    """

    def __init__(self, *, keep_pem: bool = False) -> None:
        self._keep_pem = keep_pem
        self._known: dict[bytes, Content] = {}

    def read(self, text: str) -> Content:
        """What ``text`` holds, without its private keys."""
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        content = self._known.get(digest)
        if content is None:
            # Two threads may read the same at the same time: the results are equal.
            content = self._known[digest] = read_content(text, keep_pem=self._keep_pem)
        return content


def read_content(text: str, *, keep_pem: bool = False) -> Content:
    """Read one ``SSLContent``. It never raises: what is wrong with it is in ``x509_error``."""
    blocks = pem.split(text)
    content = partial(
        Content,
        pem=pem.join(blocks.certificates) or None if keep_pem else None,
        private_key_stored=bool(blocks.private_keys),
    )
    if x509.CRYPTOGRAPHY_IMPORT_ERROR:
        return content(x509_error=NO_CRYPTOGRAPHY)
    certificates, errors = _parse(blocks)
    if not certificates:
        return content(x509_error="; ".join(errors) or "there is no certificate in the content")
    keys = {x509.public_key_info_of(key) for key in set(blocks.private_keys)}
    leaf, key_matches = _leaf(certificates, keys)
    position = certificates.index(leaf)
    chain = [other.chain_facts for other in certificates[:position] + certificates[position + 1 :]]
    return content(
        key_matches=key_matches,
        not_before=leaf.not_before,
        not_after=leaf.not_after,
        domains=tuple(leaf.domain_names),
        x509={**leaf.facts(), "position": position, "chain": chain},
        x509_error="; ".join(dict.fromkeys(errors + leaf.errors)) or None,
    )


def _parse(blocks: pem.Blocks) -> tuple[list[x509.Parsed], list[str]]:
    certificates, errors = [], []
    for der in blocks.certificates:
        try:
            certificates.append(x509.parse(der))
        except ValueError as error:
            errors.append(f"a certificate cannot be read: {error}")
    if blocks.unreadable:
        errors.append(f"{blocks.unreadable} block(s) named CERTIFICATE hold none")
    return certificates, errors


def _leaf(certificates: list[x509.Parsed], keys: set[bytes | None]) -> tuple[x509.Parsed, bool | None]:
    """The certificate that the key belongs to, or else the first that is no CA, or else the first.

    ``keys`` are the public halves of all private keys, ``None`` for one that cannot tell: it may be the right one.
    """
    for certificate in certificates if keys else ():
        if certificate.has_key(keys):
            return certificate, True
    leaf = next((item for item in certificates if not item.is_ca), certificates[0])
    comparable = bool(keys) and None not in keys and leaf.public_key_info is not None
    return leaf, False if comparable else None
