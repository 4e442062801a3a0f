# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chains of certificates, each with one property that decides whether clients trust it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from .certs import DAY, NOW, SHOP, ec_key, name, rsa_key, utc

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
ANY_USAGE = x509.ObjectIdentifier("2.5.29.37.0")


class Signer(NamedTuple):
    """A CA certificate and its key."""

    certificate: x509.Certificate
    key: Any


class Case(NamedTuple):
    """A content and a trust store.

    Attributes:
        trusted: Whether clients trust the first certificate of the content; ``None`` if clients differ, or the library
            does not support it.
        content: The certificates that are sent, the leaf first.
        roots: The trusted ones.
        reason: A part of the reason.
    """

    trusted: bool | None
    content: Sequence[x509.Certificate]
    roots: Sequence[x509.Certificate]
    reason: str = ""


def build(
    subject: str,
    key: Any,
    above: Signer | None,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    *,
    begins: int = NOW - 30 * DAY,
    ends: int = NOW + 60 * DAY,
    serial: int = 4711,
    key_ids: bool = True,
) -> x509.Certificate:
    """Build a certificate with these extensions (and whether they are critical). Without ``above`` it signs itself."""
    signer = above.key if above else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject) if subject else x509.Name([]))
        .issuer_name(above.certificate.subject if above else name(subject))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(utc(begins))
        .not_valid_after(utc(ends))
    )
    if key_ids:
        own, issuers = key.public_key(), signer.public_key()
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuers), critical=False)
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def usage(*names: str) -> x509.KeyUsage:
    """Return a key usage with only these bits."""
    bits = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{bit: bit in names for bit in bits})


def ca(
    subject: str,
    above: Signer | None = None,
    *,
    key: Any = None,
    path_length: int | None = None,
    is_ca: bool = True,
    may: Sequence[str] = ("key_cert_sign", "crl_sign"),
    purposes: Sequence[x509.ObjectIdentifier] = (),
    constraints: x509.NameConstraints | None = None,
    is_critical: bool = True,
    **changes: Any,
) -> Signer:
    """Return a CA. Its key is the same for the same name."""
    key = key or ec_key(subject)
    basic = x509.BasicConstraints(ca=is_ca, path_length=path_length)
    extensions: list[tuple[x509.ExtensionType, bool]] = [(basic, is_critical)]
    if may:
        extensions.append((usage(*may), is_critical))
    if purposes:
        extensions.append((x509.ExtendedKeyUsage(purposes), False))
    if constraints is not None:
        extensions.append((constraints, True))
    return Signer(build(subject, key, above, extensions, **{"ends": NOW + 1000 * DAY, **changes}), key)


def server(
    above: Signer | None,
    *names: str,
    subject: str = SHOP,
    key: Any = None,
    may: Sequence[str] = ("digital_signature",),
    purposes: Sequence[x509.ObjectIdentifier] = (SERVER,),
    others: Sequence[tuple[x509.ExtensionType, bool]] = (),
    **changes: Any,
) -> x509.Certificate:
    """Return a server certificate for these names, or the usual one; an empty one means that it has none."""
    extensions = list(others)
    found = [item for item in names or (SHOP,) if item]
    if found:
        extensions.append((x509.SubjectAlternativeName(list(map(_general_name, found))), not subject))
    if may:
        extensions.append((usage(*may), True))
    if purposes:
        extensions.append((x509.ExtendedKeyUsage(purposes), False))
    return build(subject, key or ec_key("server"), above, extensions, **changes)


def _general_name(value: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(value))
    except ValueError:
        return x509.DNSName(value)


def cases() -> dict[str, Case]:
    """Return all cases by name."""
    root = ca("Root")
    middle = ca("Middle", root, path_length=0)
    return {
        **_of_leaves(root, middle),
        **_of_chains(root, middle),
        **_of_authorities(root),
        **_of_key_rollover(root),
        **_of_crosses(root),
    }


def _of_leaves(root: Signer, middle: Signer) -> dict[str, Case]:
    top = [root.certificate]

    def below(trusted: bool | None, reason: str, *names: str, **changes: Any) -> Case:
        return Case(trusted, [server(middle, *names, **changes), middle.certificate], top, reason)

    alone = server(None)
    internal = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0")
    ids = x509.SubjectKeyIdentifier.from_public_key(ec_key("server").public_key())
    mismatch = [(x509.AuthorityKeyIdentifier(b"another key", None, None), False)]
    number = [(x509.AuthorityKeyIdentifier(None, [x509.DirectoryName(name("Root"))], 1), False)]
    return {
        "usual": below(True, ""),
        "wildcard": below(True, "", "*.example.com"),
        "address": below(True, "", "192.0.2.1"),
        "name with an underscore": below(True, "", "a_b.example.com"),
        "without key identifiers": below(True, "", key_ids=False),
        "without a subject": below(True, "", subject=""),
        "without usages": below(True, "", may=(), purposes=()),
        "client as well": below(True, "", purposes=(CLIENT, SERVER)),
        "expires now": below(True, "", ends=NOW),
        "expired": below(False, "it expired at 2025-12-31T23:59:59Z", ends=NOW - 1),
        "begins now": below(True, "", begins=NOW),
        "not valid yet": below(False, "it is not valid before 2026-01-01T00:00:01Z", begins=NOW + 1),
        "only for clients": below(False, "does not include serverAuth", purposes=(CLIENT,)),
        "for any purpose": below(None, "anyExtendedKeyUsage", purposes=(ANY_USAGE,)),
        "only signs CRLs": below(None, "does not allow it to be used for TLS", may=("crl_sign",)),
        "without names": below(None, "no subject alternative name", ""),
        "critical key identifier": below(None, "may not hold for all clients", key_ids=False, others=[(ids, True)]),
        "with an unknown critical extension": below(None, "may not hold for all clients", others=[(internal, True)]),
        "with an unknown extension": below(True, "", others=[(internal, False)]),
        "names another key of its issuer": below(None, "another key", key_ids=False, others=mismatch),
        "names another serial number of its issuer": below(None, "another key", key_ids=False, others=number),
        "self-signed": Case(False, [alone], top, "self-signed"),
        "self-signed with a trusted key": Case(
            None, [alone], [ca(SHOP, key=ec_key("server")).certificate], "another certificate with its name"
        ),
        "self-signed and trusted": Case(True, [alone], [alone], ""),
        "directly below the root": Case(True, [server(root)], top, ""),
        "a CA": Case(None, [ca("A CA", root, may=()).certificate], top, "is a CA certificate"),
    }


def _of_chains(root: Signer, middle: Signer) -> dict[str, Case]:
    top, leaf = [root.certificate], server(middle)
    private = ca("Private Root")
    of_private = ca("Private CA", private)
    other_key = ca("Middle", root, key=ec_key("other"))
    no_root = ca("Root", key=ec_key("other"))
    unnamed = ca("Middle", root, key=ec_key("other"), key_ids=False)
    unnamed_root = ca("Root", key=ec_key("other"), key_ids=False)
    old_root = ca("Root", key=ec_key("other"), key_ids=False, ends=NOW - DAY)
    same_key = ca("Root", serial=4712)
    return {
        "with the root": Case(True, [leaf, middle.certificate, root.certificate], top),
        "in another order": Case(True, [leaf, root.certificate, middle.certificate], top),
        "with others": Case(True, [leaf, private.certificate, other_key.certificate, middle.certificate], top),
        "with a namesake that key identifiers do not exclude": Case(
            None, [leaf, unnamed.certificate, middle.certificate], top, f"same name for {SHOP}'s issuer"
        ),
        "with a namesake after its issuer": Case(True, [leaf, middle.certificate, unnamed.certificate], top),
        "with a namesake of the root": Case(True, [leaf, middle.certificate, unnamed_root.certificate], top),
        "incomplete": Case(False, [leaf], top, "has the certificate of its issuer, Middle"),
        "intermediate is trusted": Case(True, [leaf], [middle.certificate]),
        "private": Case(
            False,
            [server(of_private), of_private.certificate],
            top,
            "its chain ends with Private CA, and neither the content nor the trust store has the certificate of its"
            " issuer, Private Root",
        ),
        "private with its root": Case(
            False,
            [server(of_private), of_private.certificate, private.certificate],
            top,
            "its chain ends with Private Root, which is not in the trust store",
        ),
        "private and trusted": Case(True, [server(of_private), of_private.certificate], [private.certificate]),
        "issuer has another key": Case(False, [leaf, other_key.certificate], top, "was not signed by"),
        "root has another key": Case(False, [leaf, middle.certificate], [no_root.certificate], "was not signed by"),
        "two roots with the name": Case(True, [leaf, middle.certificate], [no_root.certificate, *top]),
        "two roots that key identifiers do not exclude": Case(
            None, [leaf, middle.certificate], [*top, unnamed_root.certificate], "same name for Middle's issuer"
        ),
        "two roots, and one has expired": Case(True, [leaf, middle.certificate], [old_root.certificate, *top]),
        "two roots with the same key": Case(True, [leaf, middle.certificate], [same_key.certificate, *top]),
    }


def _of_authorities(root: Signer) -> dict[str, Case]:
    top = [root.certificate]

    def under(trusted: bool | None, reason: str, above: Signer = root, *names: str, **changes: Any) -> Case:
        middle = ca("Middle", above, **changes)
        return Case(trusted, [server(middle, *names), middle.certificate], top, reason)

    short = ca("Short", root, path_length=0)
    deep = ca("Deep", short)
    allowed = x509.NameConstraints([x509.DNSName("example.com")], None)
    elsewhere = x509.NameConstraints([x509.DNSName("example.net")], None)
    alternative = x509.SubjectAlternativeName([x509.DNSName("example.net")])
    own = x509.NameConstraints(None, [x509.DNSName("example.net")])
    basic = (x509.BasicConstraints(ca=True, path_length=None), True)
    of_named = [basic, (usage("key_cert_sign"), True), (alternative, False), (own, True)]
    named = Signer(build("Named", ec_key("Named"), root, of_named), ec_key("Named"))
    directory = x509.NameConstraints([x509.DirectoryName(name("Another"))], None)
    exact = x509.NameConstraints(None, [x509.DNSName("a.shop.example.com")])
    excluded = x509.NameConstraints(None, [x509.DNSName("shop.example.com")])
    old_root = ca("Old Root", ends=NOW - DAY)
    edwards = ca("Edwards", root, key=ed25519.Ed25519PrivateKey.generate())
    koblitz = ca("Koblitz", root, key=ec_key("koblitz", ec.SECP256K1))
    no_ca = Signer(server(root, subject="No CA"), ec_key("server"))
    return {
        "intermediate has expired": under(False, "Middle at 2025-12-31T00:00:00Z", ends=NOW - DAY),
        "intermediate is not valid yet": under(False, "is not valid at this time", begins=NOW + DAY),
        "root has expired": Case(False, [server(old_root)], [old_root.certificate], "not valid any more"),
        "path length": Case(
            False, [server(deep), deep.certificate, short.certificate], top, "must not issue other CAs at this depth"
        ),
        "path length of the leaf": Case(True, [server(short), short.certificate], top),
        "constraints allow its name": under(True, "", constraints=allowed),
        "constraints do not allow its name": under(False, "name constraints", constraints=elsewhere),
        "constraints are about the subject": under(None, "", constraints=directory),
        "constraints and an address": under(None, "in different ways", root, "192.0.2.1", constraints=elsewhere),
        "constraints exclude the CA itself": Case(
            None, [server(named, "a.example.com"), named.certificate], top, "may not hold"
        ),
        "constraints exclude a name of its wildcard": under(
            None, "may not hold", root, "*.shop.example.com", constraints=exact
        ),
        "constraints exclude its name": under(False, "name constraints", constraints=excluded),
        "intermediate for clients": under(False, "extended key usage of a CA", purposes=(CLIENT,)),
        "intermediate for servers": under(True, "", purposes=(SERVER,)),
        "intermediate for anything": under(None, "usage of Middle is one", purposes=(ANY_USAGE,)),
        "intermediate may not issue": under(False, "key usage of a CA", may=("crl_sign",)),
        "intermediate has no usage": under(True, "", may=()),
        "constraints are not critical": under(True, "", is_critical=False),
        "intermediate is no CA": under(False, "is not a CA", is_ca=False, may=()),
        "issued by a server": Case(False, [server(no_ca), no_ca.certificate], top, "is not a CA"),
        "below Ed25519": Case(None, [server(edwards), edwards.certificate], top, "does not support"),
        "below secp256k1": Case(None, [server(koblitz), koblitz.certificate], top, "does not support"),
        "below RSA": under(True, "", key=rsa_key("middle")),
    }


def _of_key_rollover(root: Signer) -> dict[str, Case]:
    """A CA that signs its own next key. Such a certificate does not count for the path length (RFC 5280, 6.1.4)."""
    top = [root.certificate]
    first = ca("Middle", root, path_length=0)
    second = ca("Middle", first, key=ec_key("second"), path_length=0)
    unnamed = ca("Middle", first, key=ec_key("second"), key_ids=False)
    return {
        "own next key": Case(None, [server(second), second.certificate, first.certificate], top, "may not hold"),
        "own next key and no limit": Case(
            True, [server(second), second.certificate, ca("Middle", root).certificate], top
        ),
        "own next key without key identifiers": Case(
            None, [server(unnamed), unnamed.certificate, ca("Middle", root).certificate], top, "same name for Middle's"
        ),
    }


def _of_crosses(root: Signer) -> dict[str, Case]:
    """A new root that an old one signed as well, so that clients with only one of them trust its certificates."""
    new, old = ca("New Root"), ca("Old Root")
    expired = ca("Old Root", ends=NOW - DAY)
    cross = Signer(ca("New Root", old).certificate, new.key)
    expired_cross = ca("New Root", old, ends=NOW - DAY)
    middle = ca("Middle", new)
    content = [server(middle), middle.certificate, cross.certificate]
    expired_new = ca("New Root", ends=NOW - DAY)
    # Both have the key of "New Root".
    twice = [content[0], middle.certificate, ca("New Root", root).certificate, cross.certificate]
    return {
        "crossed twice with both roots": Case(True, twice, [root.certificate, old.certificate]),
        "crossed twice with the root of the first": Case(True, twice, [root.certificate]),
        "crossed twice with the root of the second": Case(
            None, twice, [old.certificate], "some clients take another certificate with the same name for Middle's"
        ),
        "crossed twice, and the first has expired": Case(
            True, [*content[:2], expired_cross.certificate, cross.certificate], [old.certificate]
        ),
        "cross after the new root itself": Case(
            None, [*content[:2], new.certificate, cross.certificate], [old.certificate], "same name for"
        ),
        "cross with the old root, and the new one has expired": Case(
            None, content, [expired_new.certificate, old.certificate], "same name for Middle's issuer"
        ),
        "cross with the new root": Case(True, content, [new.certificate]),
        "cross with the old root": Case(True, content, [old.certificate]),
        "cross with both": Case(True, content, [old.certificate, new.certificate]),
        "cross with neither": Case(False, content, [root.certificate], "issuer, Old Root"),
        "cross with an expired root": Case(False, content, [expired.certificate], "not valid any more"),
        "cross with an expired root and the new one": Case(True, content, [expired.certificate, new.certificate]),
        "expired cross with the new root": Case(True, [*content[:2], expired_cross.certificate], [new.certificate]),
        "expired cross with the old root": Case(
            False, [*content[:2], expired_cross.certificate], [old.certificate], "New Root at 2025-12-31"
        ),
    }
