# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal audit of certificates that only uses cryptography.

It is independent of the collection, and only has to find the defects that the demo data declares.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

DAY = 86400
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----.+?PRIVATE KEY-----", re.DOTALL)


@dataclass(frozen=True)
class Item:
    """An API record with its scope."""

    region: str
    project: str
    wire: dict[str, Any]

    @property
    def ssl_id(self) -> str:
        return str(self.wire["SSLId"])

    @property
    def content(self) -> str:
        return self.wire["SSLContent"] or ""

    @cached_property
    def certificates(self) -> list[x509.Certificate]:
        """Certificates in the order of the PEM, or none if one of them cannot be read."""
        try:
            blocks = CERTIFICATE.findall(self.content)
            return [x509.load_pem_x509_certificate(block.encode()) for block in blocks]
        except ValueError:
            return []

    @cached_property
    def leaf(self) -> x509.Certificate:
        """The first certificate that issued none of the others."""
        issuers = {other.issuer for other in self.certificates if other.issuer != other.subject}
        return next(item for item in self.certificates if item.subject not in issuers)

    @property
    def chain(self) -> list[x509.Certificate]:
        return [item for item in self.certificates if item is not self.leaf]

    @cached_property
    def public_key(self) -> Any:
        """``None`` if cryptography rejects the key."""
        try:
            return self.leaf.public_key()
        except ValueError:
            return None

    @cached_property
    def private_key(self) -> Any:
        found = PRIVATE_KEY.search(self.content)
        if found is None:
            return None
        return serialization.load_pem_private_key(found[0].encode(), None, unsafe_skip_rsa_key_validation=True)

    @cached_property
    def names(self) -> set[str]:
        if (extension := self.extension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)) is None:
            return set()
        return {str(name.value) for name in extension}

    @property
    def common_name(self) -> str:
        return str(self.leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def extension(self, oid: x509.ObjectIdentifier) -> Any:
        try:
            return self.leaf.extensions.get_extension_for_oid(oid).value
        except x509.ExtensionNotFound:
            return None

    @property
    def fingerprint(self) -> bytes:
        return self.leaf.fingerprint(hashes.SHA256())

    def ends(self) -> float:
        return self.leaf.not_valid_after_utc.timestamp()

    def starts(self) -> float:
        return self.leaf.not_valid_before_utc.timestamp()


def findings_of_one(item: Item, now: float) -> set[str]:
    """Return the names of the checks that a certificate fails on its own."""
    if item.content and not item.certificates:
        return {"cert_unparseable"}
    if not item.content:
        return set()
    return {
        *_dates(item, now),
        *_key(item),
        *_signature(item),
        *_names(item),
        *_chain(item, now),
        *_platform(item, now),
    }


def _dates(item: Item, now: float) -> Iterator[str]:
    left = (item.ends() - now) / DAY
    lifetime = (item.ends() - item.starts()) / DAY
    if left < 0:
        yield "cert_expired"
    elif left <= min(14, lifetime / 6):
        yield "cert_expiring_critical"
    elif left <= min(30, lifetime / 3):
        yield "cert_expiring_warning" if lifetime >= 90 else "cert_expiring_fraction"
    if now < item.starts():
        yield "cert_not_yet_valid"
    if lifetime < 0:
        yield "cert_validity_reversed"
    if lifetime > 100:
        yield "cert_validity_too_long"


def _key(item: Item) -> Iterator[str]:
    key = item.public_key
    if isinstance(key, dsa.DSAPublicKey) or (isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048):
        yield "cert_weak_key"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp521r1":
        yield "cert_key_curve"
    if (numbers := rsa_numbers(item.leaf)) is not None:
        modulus, exponent = numbers
        if exponent < 3 or exponent % 2 == 0:
            yield "cert_rsa_exponent"
        if any(_is_square(a * a - modulus) for a in _first_fermat_values(modulus)):
            yield "cert_factorable"
    if item.private_key is not None and item.private_key.public_key() != key:
        yield "key_mismatch"


def rsa_numbers(certificate: x509.Certificate) -> tuple[int, int] | None:
    """Return modulus and exponent from the DER, because cryptography rejects invalid ones."""
    oid = bytes.fromhex("2a864886f70d0101010500")
    _head, found, rest = certificate.tbs_certificate_bytes.partition(oid)
    if not found:
        return None
    bit_string = _element(rest)[1]
    key = _element(bit_string[1:])[1]
    _tag, modulus, tail = _element(key)
    exponent = _element(tail)[1]
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """Return tag, content, and the rest."""
    if der[1] < 0x80:
        start, length = 2, der[1]
    else:
        start = 2 + (der[1] & 0x7F)
        length = int.from_bytes(der[2:start], "big")
    return der[0], der[start : start + length], der[start + length :]


def _first_fermat_values(modulus: int) -> range:
    root = math.isqrt(modulus)
    return range(root + 1, root + 101)


def _is_square(number: int) -> bool:
    return math.isqrt(number) ** 2 == number


def _signature(item: Item) -> Iterator[str]:
    signed = [item.leaf, *(other for other in item.chain if other.issuer != other.subject)]
    if any(_weakly_signed(certificate) for certificate in signed):
        yield "cert_weak_signature"
    if item.leaf.issuer == item.leaf.subject and issued(item.leaf, item.leaf):
        yield "cert_self_signed"


def _weakly_signed(certificate: x509.Certificate) -> bool:
    return isinstance(certificate.signature_hash_algorithm, (hashes.MD5, hashes.SHA1))


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key verifies the signature."""
    algorithm = certificate.signature_hash_algorithm
    assert algorithm is not None
    numbers = rsa_numbers(issuer)
    if numbers is not None:
        # Verified here, because libraries no longer support MD5 and SHA-1.
        modulus, exponent = numbers
        opened = pow(int.from_bytes(certificate.signature, "big"), exponent, modulus)
        digest = hashlib.new(algorithm.name, certificate.tbs_certificate_bytes).digest()
        return opened.to_bytes((modulus.bit_length() + 7) // 8, "big").endswith(b"\4" + bytes([len(digest)]) + digest)
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _names(item: Item) -> Iterator[str]:
    if not item.names:
        yield "cert_san_missing"
    if item.common_name not in item.names:
        yield "cert_cn_not_in_san"
    names = {*item.names, item.common_name}
    if any(name.startswith("*.") for name in names):
        yield "cert_wildcard"
    if any(_is_internal(name) for name in names):
        yield "cert_internal_name"
    constraints = item.extension(ExtensionOID.BASIC_CONSTRAINTS)
    if constraints is not None and constraints.ca:
        yield "cert_is_ca"
    usages = item.extension(ExtensionOID.EXTENDED_KEY_USAGE) or []
    if ExtendedKeyUsageOID.SERVER_AUTH not in usages:
        yield "cert_eku_missing_server_auth"
    if not item.extension(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS):
        yield "cert_no_sct"


def _is_internal(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return "." not in name or name.endswith((".local", ".internal"))


def _chain(item: Item, now: float) -> Iterator[str]:
    self_signed = [other for other in item.chain if other.issuer == other.subject]
    if not item.chain and item.leaf.issuer != item.leaf.subject:
        yield "chain_missing"
    if self_signed:
        yield "chain_has_root"
    if any(other.not_valid_after_utc.timestamp() < now for other in item.chain):
        yield "chain_member_expired"
    pairs = zip(item.certificates, item.certificates[1:], strict=False)
    if any(one.issuer != following.subject for one, following in pairs):
        yield "chain_order"


def _platform(item: Item, now: float) -> Iterator[str]:
    wire = item.wire
    if not wire["Relations"] and now - wire["CreateTime"] > 7 * DAY:
        yield "cert_unused"
    end = wire.get("NotAfter") or 0
    end_seconds = end / 1000 if end > 10**11 else end
    if end_seconds and (end_seconds != item.ends() or wire["Domains"] not in item.names):
        yield "api_certificate_drift"


def findings_between(items: Iterable[Item]) -> dict[str, set[str]]:
    """Return the ids of certificates that fail a check in comparison with others, by check."""
    readable = [item for item in items if item.certificates]
    keys: dict[Any, set[bytes]] = {}
    scopes_of_names: dict[frozenset[str], set[tuple[str, str, bytes]]] = {}
    copies = Counter((item.region, item.project, item.fingerprint) for item in readable)
    for item in readable:
        if item.public_key is not None:
            keys.setdefault(_spki(item), set()).add(item.fingerprint)
        names = scopes_of_names.setdefault(frozenset(item.names), set())
        names.add((item.region, item.project, item.fingerprint))
    return {
        "cert_duplicate": {item.ssl_id for item in readable if copies[item.region, item.project, item.fingerprint] > 1},
        "cert_key_reuse": {
            item.ssl_id for item in readable if item.public_key is not None and len(keys[_spki(item)]) > 1
        },
        "cert_drift_between_regions": {
            item.ssl_id for item in readable if _drifts(scopes_of_names[frozenset(item.names)])
        },
        "cert_superseded_in_use": {
            item.ssl_id
            for item in readable
            if item.wire["Relations"] and any(_supersedes(other, item) for other in readable)
        },
        "listener_without_default": _without_default(readable),
    }


def _spki(item: Item) -> bytes:
    encoded: bytes = item.public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded


def _drifts(places: set[tuple[str, str, bytes]]) -> bool:
    scopes = {(region, project) for region, project, _unused in places}
    return len(scopes) > 1 and len({fingerprint for _unused, _unused, fingerprint in places}) > 1


def _supersedes(newer: Item, older: Item) -> bool:
    return (
        (newer.region, newer.project) == (older.region, older.project)
        and bool(older.names)
        and older.names <= newer.names
        and newer.starts() > older.starts()
    )


def _without_default(items: list[Item]) -> set[str]:
    defaults: dict[str, bool] = {}
    users: dict[str, set[str]] = {}
    for item in items:
        for relation in item.wire["Relations"]:
            listener = relation["ListenerId"]
            defaults[listener] = defaults.get(listener, False) or relation["IsDefault"]
            users.setdefault(listener, set()).add(item.ssl_id)
    return {user for listener, known in defaults.items() if not known for user in users[listener]}
