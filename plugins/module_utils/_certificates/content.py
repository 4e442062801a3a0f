# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API's ``SSLContent`` -> what is in it. The one function that reads it is the last to see a private key."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import partial

from . import crypto, pem
from .chain import Chain
from .domains import unique_domains
from .model import Content
from .private_keys import identity_of_private_key
from .x509 import Parsed

#: What is wrong with every content where the library is missing.
NO_CRYPTOGRAPHY = "the Python library cryptography is not installed"

#: Private keys that are looked at in one content, which has one. For some of them it takes arithmetic.
_MOST_KEYS = 16


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
    read = [certificate for certificate in blocks.certificates if certificate is not None]
    released = [item.der for item in read if item.may_be_released] if keep_pem else []
    content = partial(Content, pem=pem.join(released) or None, private_key_stored=bool(blocks.private_keys))
    if crypto.CRYPTOGRAPHY_IMPORT_ERROR:
        return content(x509_error=NO_CRYPTOGRAPHY)
    unread = len(blocks.certificates) - len(read)
    errors = [f"{unread} block(s) named CERTIFICATE cannot be read as one"] if unread else []
    if not read:
        return content(x509_error="; ".join(errors) or "there is no certificate in the content")
    private_keys = list(dict.fromkeys(blocks.private_keys))
    keys = {identity_of_private_key(key) for key in private_keys[:_MOST_KEYS]}
    if len(private_keys) > _MOST_KEYS:
        keys.add(None)
    leaf, key_matches = _leaf(blocks.certificates, keys)
    if leaf is None:
        return content(x509_error="; ".join([*errors, "one of them may be the certificate that is served"]))
    facts = {**leaf.facts(), **Chain(blocks.certificates).facts(leaf)}
    names = leaf.domain_names
    return content(
        # A chain without the certificate that it belongs to would mislead.
        pem=pem.join(released) if leaf.der in released else None,
        key_matches=key_matches,
        not_before=leaf.not_before,
        not_after=leaf.not_after,
        domains=tuple(unique_domains(names)) if names is not None else None,
        x509=facts,
        x509_error="; ".join(dict.fromkeys(errors + leaf.errors)) or None,
    )


def _leaf(certificates: list[Parsed | None], keys: set[Hashable | None]) -> tuple[Parsed | None, bool | None]:
    """The certificate that the key belongs to, or else the first that is no CA, or else the first; and if they match.

    ``keys`` are the public halves of all private keys, ``None`` for one that cannot tell: it may be the right one. The
    leaf is ``None`` if it may be one that could not be read.
    """
    read = [item for item in certificates if item is not None]
    is_comparable = bool(keys) and None not in keys and all(item.public_key is not None for item in read)
    for item in read if keys else ():
        if item.public_key is not None and item.public_key.identity in keys:
            return item, True
    if keys and None in certificates:
        return None, None
    leaf = next((item for item in certificates if item is None or not item.is_ca), certificates[0])
    return leaf, False if is_comparable else None
