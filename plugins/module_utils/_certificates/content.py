# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the API's ``SSLContent``. The results do not contain private keys."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import partial
from typing import NamedTuple

from . import crypto, pem
from .chain import Chain
from .domains import unique_domains
from .model import Content
from .private_keys import identity_of_private_key
from .trust import TrustStore
from .x509 import Parsed

#: The error of every content if the library is missing.
NO_CRYPTOGRAPHY = "the Python library cryptography is not installed"

#: Maximum number of private keys to read in one content, because some require computation. Usually there is one.
_MAX_KEYS = 16


class Trust(NamedTuple):
    """Which roots to verify certificates by, and for which time in seconds since 1970."""

    store: TrustStore
    now: int


class ContentReader:
    """Read each different content once, because the same certificate is often uploaded to many regions.

    Results are cached by the SHA-256 of the content. Threads may share a reader.
    """

    def __init__(self, *, keep_pem: bool = False, trust: Trust | None = None) -> None:
        self._keep_pem = keep_pem
        self._trust = trust
        self._cache: dict[bytes, Content] = {}

    def read(self, text: str) -> Content:
        """Return what ``text`` contains, without its private keys."""
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        content = self._cache.get(digest)
        if content is None:
            # Two threads may read the same content at the same time. Their results are equal.
            content = self._cache[digest] = read_content(text, keep_pem=self._keep_pem, trust=self._trust)
        return content


def read_content(text: str, *, keep_pem: bool = False, trust: Trust | None = None) -> Content:
    """Read an ``SSLContent``. This never raises: problems are in ``x509_error``."""
    blocks = pem.split(text)
    read = [certificate for certificate in blocks.certificates if certificate is not None]
    released = [item.der for item in read if item.may_be_released] if keep_pem else []
    content = partial(Content, pem=pem.join(released) or None, private_key_stored=bool(blocks.private_keys))
    if crypto.CRYPTOGRAPHY_IMPORT_ERROR:
        return content(x509_error=NO_CRYPTOGRAPHY)
    unread = len(blocks.certificates) - len(read)
    errors = [f"{unread} CERTIFICATE block(s) could not be parsed"] if unread else []
    if not read:
        return content(x509_error="; ".join(errors) or "the content has no certificate")
    private_keys = list(dict.fromkeys(blocks.private_keys))
    keys = {identity_of_private_key(key) for key in private_keys[:_MAX_KEYS]}
    if len(private_keys) > _MAX_KEYS:
        keys.add(None)
    leaf, key_matches = _leaf(blocks.certificates, keys)
    if leaf is None:
        return content(x509_error="; ".join([*errors, "one of them may be the served certificate"]))
    facts = {
        **leaf.facts(),
        **Chain(blocks.certificates).facts(leaf),
        "trust": trust.store.facts(leaf, blocks.certificates, trust.now) if trust else None,
    }
    names = leaf.domain_names
    return content(
        # A chain without its certificate would mislead.
        pem=pem.join(released) if leaf.der in released else None,
        key_matches=key_matches,
        not_before=leaf.not_before,
        not_after=leaf.not_after,
        domains=tuple(unique_domains(names)) if names is not None else None,
        x509=facts,
        x509_error="; ".join(dict.fromkeys(errors + leaf.errors)) or None,
    )


def _leaf(certificates: list[Parsed | None], keys: set[Hashable | None]) -> tuple[Parsed | None, bool | None]:
    """Return the leaf, and whether its private key matches.

    The leaf is the certificate that a private key matches, or else the first one that is not of a CA, or else the first
    one. It is ``None`` if it may be one that could not be parsed.

    Args:
        certificates: The certificates; ``None`` for each one that could not be parsed.
        keys: The public halves of all private keys; ``None`` for each one that is unknown, and may be the right one.
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
