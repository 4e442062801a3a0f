# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparison of whole files as users upload them: leaf certificate, chain, and private key."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from .certificates import CertificateFile
from .compare import Difference, in_our_form, theirs
from .issuers import Issuers
from .openssl import UNREAD, View, run
from .ours import Reading

_KEY = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)
#: Facts that exist for both chain and leaf certificates.
_SHARED = ("subject", "issuer", "not_before", "not_after", "signature_algorithm", "signature_hash", "is_ca")


def compare_file(
    file: CertificateFile,
    reading: Reading,
    known: Mapping[bytes, View | None],
    issuers: Issuers,
    compared: Counter[str],
) -> Iterator[Difference]:
    """Return the differences between the facts of a file and the program's output."""
    views = [known[der] for der in file.certificates]
    for name, mine, value, about in _facts(file, reading, views, issuers):
        compared[f"file.{name}"] += 1
        if mine != value:
            read = tuple(view for view in views if view is not None)
            yield Difference(f"file.{name}", mine, value, file.name, about=about, views=read)


def _facts(
    file: CertificateFile, reading: Reading, views: Sequence[View | None], issuers: Issuers
) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield name, our value, the program's value, and what may explain a difference."""
    about = reading.facts.get("x509_error")
    yield "private_key_stored", reading.facts["private_key_stored"], file.has_key, about
    keys = _public_keys(file.text)
    place = _leaf(views, keys)
    x509 = reading.x509
    if x509 is None:
        # The leaf may be unknown because of certificates that could not be read. Then there are no facts.
        yield "leaf", UNREAD, UNREAD if place is None else _fingerprint(views[place]), about
        return
    mine = [member["fingerprint_sha256"] for member in x509["chain"]]
    mine.insert(_rank(views, x509["position"]), x509["fingerprints"]["sha256"])
    read = [view for view in views if view is not None]
    yield "certificates", mine, list(map(_fingerprint, read)), about
    if mine != list(map(_fingerprint, read)):
        return
    yield "unread_certificates", x509["unread_certificates"], len(views) - len(read), about
    if place is None:
        return
    leaf = views[place]
    assert leaf is not None
    yield "leaf", x509["fingerprints"]["sha256"], _fingerprint(leaf), about
    if x509["fingerprints"]["sha256"] != _fingerprint(leaf):
        return
    yield "key_matches", reading.facts["key_matches"], _matches(read, leaf, keys), about
    yield "issuer_included", x509["issuer_included"], _is_issuer_included(leaf, views, issuers), about
    previous: View | None = leaf
    members = deque(x509["chain"])
    for number, view in enumerate(views):
        if number == place:
            continue
        if view is None:
            previous = None
            continue
        member = members.popleft()
        facts = theirs(view)
        for name in _SHARED:
            yield f"chain.{name}", in_our_form(_member_fact(member, name), name), facts[name], about
        signed = issuers.is_self_signed(view)
        yield "chain.self_signed", _unread_if_none(member["self_signed"]), signed, about
        issued = UNREAD if previous is None else issuers.has_issued(view, previous)
        yield "chain.issued_previous", _unread_if_none(member["issued_previous"]), issued, about
        included = _is_issuer_included(view, views, issuers)
        yield "chain.issuer_included", member["issuer_included"], included, about
        previous = view


def _member_fact(member: Mapping[str, Any], name: str) -> Any:
    value = member[name]
    return value if value is None or not name.startswith("not_") else _epoch(value)


def _epoch(value: str) -> int:
    return int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())


def _unread_if_none(value: Any) -> Any:
    return UNREAD if value is None else value


def _fingerprint(view: View | None) -> Any:
    return view.facts["fingerprints.sha256"] if view else UNREAD


def _rank(views: Sequence[View | None], position: int) -> int:
    """Return the index of the leaf among the certificates that were read. Its position also counts unread ones."""
    return sum(view is not None for view in views[:position])


def private_keys(text: str) -> set[str]:
    """Return the private keys in a text as PEM."""
    return {match[0] for match in _KEY.finditer(text)}


def _public_keys(text: str) -> list[str | None]:
    """Return the SHA-256 of the public key of each private key, or ``None`` if the program cannot read it."""
    found: list[str | None] = []
    for key in private_keys(text):
        public = run("pkey", "-pubout", "-outform", "DER", "-passin", "pass:", data=key.encode("utf-8", "replace"))
        found.append(None if public.returncode else hashlib.sha256(public.stdout).hexdigest())
    return found


def _leaf(views: Sequence[View | None], keys: Sequence[str | None]) -> int | None:
    """Return the index of the leaf: that of the key, or the first non-CA, or the first. ``None`` if unknown."""
    for place, view in enumerate(views):
        if view is not None and view.facts["spki_sha256"] in keys:
            return place
    if keys and None in views:
        return None
    place = next((place for place, view in enumerate(views) if view is None or view.facts["is_ca"] is not True), 0)
    view = views[place]
    return None if view is None or view.facts["is_ca"] is UNREAD else place


def _matches(read: Sequence[View], leaf: View, keys: Sequence[str | None]) -> bool | None:
    if leaf.facts["spki_sha256"] in keys:
        return True
    is_comparable = keys and None not in keys and all(view.facts["public_key.type"] is not UNREAD for view in read)
    return False if is_comparable else None


def _is_issuer_included(certificate: View, views: Sequence[View | None], issuers: Issuers) -> bool | None:
    signed = issuers.is_self_signed(certificate)
    verdicts = [issuers.has_issued(view, certificate) for view in views if view is not None and view is not certificate]
    if signed is True or True in verdicts:
        return True
    return None if signed is UNREAD or UNREAD in verdicts or None in views else False
