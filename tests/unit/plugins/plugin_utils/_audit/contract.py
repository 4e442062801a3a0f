# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that the checks need and the reader of certificates does not give yet; what it gives is left as it is.

This file goes, with conftest.py beside it, as soon as the reader gives them.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import content, domains, model, pem

_DIGEST_INFO = {
    "md5": bytes.fromhex("3020300c06082a864886f70d020505000410"),
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
}


class Certificate(model.Certificate):
    """A certificate whose domains are its own, or else the platform's."""

    def to_facts(self, now: int) -> dict[str, Any]:
        facts = super().to_facts(now)
        if "domains_from" in facts:
            return facts
        parsed = self.content.x509
        if parsed is not None and parsed["subject_alt_names"] is not None:
            raw = [name[4:] for name in parsed["subject_alt_names"] if name.startswith("DNS:")]
            own = [name for name in self.content.domains if name in raw and _is_domain(name)]
            facts.update(domains=domains.unique(own), domains_from="certificate")
        else:
            known = list(filter(_is_domain, domains.unique(self.api_domains)))
            facts.update(domains=known, domains_from="api" if known else None)
        return facts


def _is_domain(name: str) -> bool:
    labels = name.removeprefix("*.").split(".")
    return (
        name.isascii()
        and not name.endswith(".")
        and " " not in name
        and not labels[-1].isdigit()
        and (len(labels) > 1 or not name.startswith("*."))
    )


def read_content(text: str) -> model.Content:
    read = content.read_content(text)
    if read.x509 is None or "unread_certificates" in read.x509:
        return read
    blocks = pem.split(text)
    parsed = []
    unread = blocks.unreadable
    for der in blocks.certificates:
        try:
            parsed.append(x509.load_der_x509_certificate(der))
        except ValueError:
            unread += 1
    facts = dict(read.x509)
    leaf = parsed.pop(facts["position"])
    ordered = [leaf, *parsed]
    chain = []
    for number, (known, item) in enumerate(zip(facts["chain"], parsed, strict=True)):
        more = _facts(item, ordered, unread)
        more["issued_previous"] = None if unread else _issued(ordered[number], item)
        chain.append({**known, **more})
    facts.update(_facts(leaf, ordered, unread), chain=chain, unread_certificates=unread)
    return replace(read, x509=facts)


def _facts(item: x509.Certificate, among: list[x509.Certificate], unread: int) -> dict[str, Any]:
    included = any(_issued(item, other) for other in among)
    algorithm = item.signature_hash_algorithm
    return {
        "signature_hash": algorithm.name if algorithm is not None else "none",
        "self_signed": item.subject == item.issuer and _verifies(item, item),
        "issuer_included": True if included else (None if unread else False),
    }


def _issued(item: x509.Certificate, issuer: x509.Certificate) -> bool:
    is_alone = item == issuer
    return item.issuer == issuer.subject and _verifies(item, issuer) and (is_alone or _is_ca(issuer))


def _is_ca(item: x509.Certificate) -> bool:
    try:
        return bool(item.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _verifies(item: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        key = issuer.public_key()
    except ValueError:
        return False
    algorithm = item.signature_hash_algorithm
    if isinstance(key, rsa.RSAPublicKey) and algorithm is not None and algorithm.name in _DIGEST_INFO:
        # Libraries do not verify these any more.
        numbers = key.public_numbers()
        opened = pow(int.from_bytes(item.signature, "big"), numbers.e, numbers.n).to_bytes(key.key_size // 8, "big")
        digest = hashlib.new(algorithm.name, item.tbs_certificate_bytes, usedforsecurity=False).digest()
        return opened.endswith(b"\0" + _DIGEST_INFO[algorithm.name] + digest)
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm is not None:
            key.verify(item.signature, item.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm is not None:
            key.verify(item.signature, item.tbs_certificate_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
