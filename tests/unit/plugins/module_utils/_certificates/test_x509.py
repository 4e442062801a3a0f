# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts of certificates. Expected values are those with which the certificates were created."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import re
import warnings
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.times import iso8601
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.tests.simulator import issuing, keys
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from . import openssl

PROPERTY = settings(deadline=None, derandomize=True)


def facts(certificate: x509.Certificate) -> dict[str, Any]:
    return Parsed(certs.der(certificate)).facts()


def patched(certificate: x509.Certificate, old: str | bytes, new: str | bytes) -> bytes:
    """Replace bytes (or hexadecimal digits) in the DER of a certificate. Its signature is then invalid."""
    old, new = (bytes.fromhex(part) if isinstance(part, str) else part for part in (old, new))
    der = certs.der(certificate)
    assert old in der
    assert len(old) == len(new)
    return der.replace(old, new)


spki = certs.spki
RSA = {"type": "RSA", "size": 2048, "curve": None}


def modulus(key: Any) -> str:
    return hex(key.public_key().public_numbers().n)


def test_every_fact_of_an_rsa_certificate() -> None:
    key = certs.rsa_key()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "示例商店"),
            x509.NameAttribute(NameOID.COMMON_NAME, "shop.example.com"),
        ]
    )
    usage = x509.KeyUsage(True, False, True, False, False, False, False, False, False)
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://o.example/")
            ),
            x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier("http://ca.example/ca.crt")
            ),
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.DirectoryName(certs.CA_NAME)),
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://p.example/")
            ),
        ]
    )
    certificate = certs.build_certificate(
        key,
        subject=subject,
        issuer=certs.CA_NAME,
        signer=certs.rsa_key("ca"),
        serial=0x3AF52B9D,
        extensions=[
            certs.subject_alt_names("shop.example.com", "*.shop.example.com"),
            usage,
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            x509.BasicConstraints(ca=False, path_length=None),
            access,
        ],
    )
    der = certs.der(certificate)

    assert facts(certificate) == {
        "subject": {"country_name": "CN", "organization_name": "示例商店", "common_name": "shop.example.com"},
        "issuer": {"common_name": "Example CA"},
        "serial_number": "0x3af52b9d",
        "version": 3,
        "public_key": {**RSA, "exponent": 65537, "modulus": modulus(key)},
        "signature_algorithm": "sha256WithRSAEncryption",
        "signature_hash": "sha256",
        "subject_alt_names": ["DNS:shop.example.com", "DNS:*.shop.example.com"],
        "key_usage": ["digitalSignature", "keyEncipherment"],
        "extended_key_usage": ["serverAuth", "clientAuth"],
        "is_ca": False,
        "self_signed": False,
        "embedded_scts": 0,
        "fingerprints": {"sha256": hashlib.sha256(der).hexdigest(), "sha1": hashlib.sha1(der).hexdigest()},  # noqa: S324
        "spki_sha256": hashlib.sha256(spki(key)).hexdigest(),
        "subject_key_id": None,
        "authority_key_id": None,
        "ocsp_urls": ["http://o.example/", "http://p.example/"],
        "ca_issuers_urls": ["http://ca.example/ca.crt"],
        "crl_urls": [],
        "must_staple": False,
    }


def test_a_certificate_without_extensions() -> None:
    parsed = Parsed(
        certs.der(certs.build_certificate(subject=x509.Name([]), issuer=certs.CA_NAME, signer=certs.ec_key("ca")))
    )

    found = parsed.facts()
    assert found["subject"] == {}
    for absent in (
        "subject_alt_names", "key_usage", "extended_key_usage", "ocsp_urls", "ca_issuers_urls", "crl_urls",
    ):  # fmt: skip
        assert found[absent] == []
    assert found["is_ca"] is found["must_staple"] is False
    assert found["subject_key_id"] is found["authority_key_id"] is None
    assert found["embedded_scts"] == 0
    assert parsed.domain_names == []
    assert parsed.chain_facts["subject_cn"] is None
    assert parsed.errors == []


def test_dates() -> None:
    parsed = Parsed(certs.der(certs.build_certificate(not_before=946684800, not_after=4102444799)))

    assert (parsed.not_before, parsed.not_after) == (946684800, 4102444799)


@pytest.mark.parametrize(
    ("key", "described", "algorithm", "digest"),
    [
        (
            certs.ec_key(),
            {"type": "EC", "size": 256, "curve": "secp256r1"},
            "ecdsa-with-SHA256",
            "sha256",
        ),
        (
            certs.ec_key(curve=ec.SECP384R1),
            {"type": "EC", "size": 384, "curve": "secp384r1"},
            "ecdsa-with-SHA256",
            "sha256",
        ),
        (
            certs.ec_key(curve=ec.SECP521R1),
            {"type": "EC", "size": 521, "curve": "secp521r1"},
            "ecdsa-with-SHA256",
            "sha256",
        ),
        (
            certs.ec_key(curve=ec.SECP256K1),
            {"type": "EC", "size": 256, "curve": "secp256k1"},
            "ecdsa-with-SHA256",
            "sha256",
        ),
        (
            certs.ec_key(curve=ec.SECP224R1),
            {"type": "EC", "size": 224, "curve": "secp224r1"},
            "ecdsa-with-SHA256",
            "sha256",
        ),
        (ed25519.Ed25519PrivateKey.generate(), {"type": "Ed25519", "size": 256, "curve": None}, "ed25519", "none"),
        (ed448.Ed448PrivateKey.generate(), {"type": "Ed448", "size": 456, "curve": None}, "ed448", "none"),
        (
            keys.private_key("dsa1024", "unit"),
            {"type": "DSA", "size": 1024, "curve": None},
            "dsa-with-sha256",
            "sha256",
        ),
    ],
    ids=["p256", "p384", "p521", "secp256k1", "p224", "ed25519", "ed448", "dsa"],
)
def test_kinds_of_keys(key: Any, described: dict[str, Any], algorithm: str, digest: str) -> None:
    found = facts(certs.build_certificate(key))

    assert found["public_key"] == {**described, "exponent": None, "modulus": None}
    assert (found["signature_algorithm"], found["signature_hash"]) == (algorithm, digest)
    assert found["spki_sha256"] == hashlib.sha256(spki(key)).hexdigest()
    assert found["self_signed"] is True


def test_a_key_that_only_agrees_on_keys() -> None:
    edwards = certs.build_certificate(ed25519.Ed25519PrivateKey.generate())
    parsed = Parsed(patched(edwards, "300506032b6570032100", "300506032b656e032100"))

    described = {"type": "X25519", "size": 256, "curve": None, "exponent": None, "modulus": None}
    assert parsed.facts()["public_key"] == described
    assert parsed.errors == []


@pytest.mark.parametrize("exponent", [1, 3, 65536, 2])
def test_unusual_rsa_exponents(exponent: int) -> None:
    key = keys.private_key("rsa2048", "unit")
    request = issuing.Request(
        issuing.subject("kiosk.example.net"),
        key,
        certs.utc(certs.NOT_BEFORE),
        certs.utc(certs.NOT_AFTER),
        exponent=exponent,
    )
    parsed = Parsed(certs.der(issuing.self_signed(request)))

    found = parsed.facts()
    assert parsed.not_after == certs.NOT_AFTER
    assert found["subject"]["common_name"] == "kiosk.example.net"
    assert found["public_key"] == {**RSA, "exponent": exponent, "modulus": modulus(key)}
    assert found["spki_sha256"] == hashlib.sha256(parsed.public_key_info).hexdigest()
    assert parsed.errors == []
    # Newer versions of cryptography reject such exponents, except for 3.
    assert found["self_signed"] in ((False,) if exponent == 3 else (False, None))


def test_alternative_names_of_every_kind() -> None:
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("shop.example.com"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.7")),
            x509.IPAddress(ipaddress.ip_address("2001:db8::7")),
            x509.RFC822Name("web@example.com"),
            x509.UniformResourceIdentifier("https://example.com/a?b"),
            x509.DirectoryName(certs.name("Shop, Ltd")),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x03abc"),
            x509.DNSName("*.shop.example.com"),
        ]
    )
    parsed = Parsed(certs.der(certs.build_certificate(extensions=[names])))

    assert parsed.facts()["subject_alt_names"] == [
        "DNS:shop.example.com",
        "IP:192.0.2.7",
        "IP:2001:db8::7",
        "email:web@example.com",
        "URI:https://example.com/a?b",
        r"dirName:CN=Shop\, Ltd",
        "RID:1.2.3.4",
        "otherName:1.3.6.1.4.1.311.20.2.3:0c03616263",
        "DNS:*.shop.example.com",
    ]
    assert parsed.domain_names == ["shop.example.com", "*.shop.example.com"]


@pytest.mark.parametrize(
    ("common_name", "names", "ordered"),
    [
        (
            "b.example.com",
            ("a.example.com", "B.example.com", "c.example.com"),
            ["B.example.com", "a.example.com", "c.example.com"],
        ),
        ("B.EXAMPLE.com", ("a.example.com", "b.example.com"), ["b.example.com", "a.example.com"]),
        ("elsewhere.example.com", ("b.example.com", "a.example.com"), ["b.example.com", "a.example.com"]),
        ("Example Shop", (), []),
    ],
)
def test_the_common_name_comes_first_among_the_domains(
    common_name: str, names: tuple[str, ...], ordered: list[str]
) -> None:
    extensions = [certs.subject_alt_names(*names)] if names else []
    parsed = Parsed(certs.der(certs.build_certificate(subject=certs.name(common_name), extensions=extensions)))

    assert parsed.domain_names == ordered


def test_attributes_of_names() -> None:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Web"),
            x509.NameAttribute(NameOID.COMMON_NAME, "one"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Shop"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Web"),
            x509.NameAttribute(NameOID.EMAIL_ADDRESS, "web@example.com"),
            x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "example"),
            x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "com"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "上海"),
            x509.NameAttribute(x509.ObjectIdentifier("1.2.3.4"), "private"),
        ]
    )

    parsed = Parsed(certs.der(certs.build_certificate(subject=subject)))

    assert parsed.facts()["subject"] == {
        "organizational_unit_name": ["Web", "Shop", "Web"],
        "common_name": "one",
        "email_address": "web@example.com",
        "domain_component": ["example", "com"],
        "state_or_province_name": "上海",
        "1.2.3.4": "private",
    }
    assert parsed.chain_facts["subject_cn"] == "one"


@pytest.mark.parametrize(
    ("tag", "content", "value"),
    [
        (certs.BMP, "例子 A-Ü".encode("utf-16-be"), "例子 A-Ü"),
        (certs.UNIVERSAL, "例😀a".encode("utf-32-be"), "例😀a"),
        (certs.PRINTABLE, b"Example Shop", "Example Shop"),
        # Libraries reject a PrintableString with these characters, but OpenSSL reads it.
        (certs.PRINTABLE, b"*.example.org", "*.example.org"),
        (certs.PRINTABLE, b"Example & Co_@", "Example & Co_@"),
        (certs.IA5, b"shop@example", "shop@example"),
        (certs.VISIBLE, b"Example Shop", "Example Shop"),
        (certs.TELETEX, b"Caf\xe9 Example", "Café Example"),
        (certs.UTF8, "例例例例".encode(), "例例例例"),
        (certs.UTF8, b"Caf\xe9 Example", "Caf\ufffd Example"),
        (certs.UTF8, b"a\0b\nc\x1bd{{ }}", "a\0b\nc\x1bd{{ }}"),
        (0x02, b"\7", "#020107"),
    ],
)
@pytest.mark.parametrize("place", ["subject", "issuer"])
def test_string_types_of_names(tag: int, content: bytes, value: str, place: str) -> None:
    names = {
        "subject": certs.common_name("a"),
        "issuer": certs.common_name("b"),
        place: certs.common_name(content, tag),
    }
    data = certs.raw_certificate(certs.dns_names(certs.SHOP), **names)  # type: ignore[arg-type]
    parsed = Parsed(data)

    found = parsed.facts()
    assert found[place] == {"common_name": value}
    assert parsed.domain_names == [certs.SHOP]
    assert (parsed.not_before, parsed.not_after) == (certs.NOT_BEFORE, certs.NOT_AFTER)
    assert parsed.errors == []
    if tag in (
        certs.PRINTABLE,
        certs.TELETEX,
        certs.IA5,
        certs.BMP,
        certs.UNIVERSAL,
    ):
        assert openssl.dates(data) == (certs.NOT_BEFORE, certs.NOT_AFTER)


@pytest.mark.parametrize(
    "broken",
    [
        certs.sequence(certs.integer(1)),
        certs.sequence(tlv(0x31, certs.sequence())),
        certs.sequence(tlv(0x31, certs.sequence(certs.oid("2.5.4.3")))),
        certs.sequence(tlv(0x31, b"\x30\x05")),
    ],
)
def test_a_name_that_cannot_be_read_leaves_the_rest(broken: bytes) -> None:
    parsed = Parsed(
        certs.raw_certificate(
            certs.dns_names(certs.SHOP),
            subject=broken,
            issuer=certs.common_name("Example CA"),
        )
    )

    found = parsed.facts()
    assert (found["subject"], found["issuer"]) == (None, {"common_name": "Example CA"})
    assert found["self_signed"] is None
    assert parsed.domain_names == [certs.SHOP]
    assert parsed.not_after == certs.NOT_AFTER
    assert (parsed.chain_facts["subject"], parsed.chain_facts["subject_cn"]) == (None, None)
    (error,) = parsed.errors
    assert error.startswith("subject: ")


ALL_USAGES = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"]
ALL_USAGES += ["keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"]


@pytest.mark.parametrize(
    "named",
    [["keyCertSign", "cRLSign"], ["keyAgreement", "encipherOnly"], ["keyAgreement", "decipherOnly"], ALL_USAGES],
)
def test_key_usages(named: list[str]) -> None:
    usage = x509.KeyUsage(*(usage in named for usage in ALL_USAGES))

    assert facts(certs.build_certificate(extensions=[usage]))["key_usage"] == named


@pytest.mark.parametrize("usage", ALL_USAGES[:5])
def test_one_key_usage(usage: str) -> None:
    assert facts(certs.build_certificate(extensions=[x509.KeyUsage(*(usage == other for other in ALL_USAGES))]))[
        "key_usage"
    ] == [usage]


def test_unknown_extended_key_usages_have_their_numbers() -> None:
    oids = ["1.3.6.1.5.5.7.3.1", "1.2.3.4.5", "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.3"]
    usage = x509.ExtendedKeyUsage(list(map(x509.ObjectIdentifier, oids)))

    found = facts(certs.build_certificate(extensions=[usage]))["extended_key_usage"]

    assert found == ["serverAuth", "1.2.3.4.5", "OCSPSigning", "codeSigning"]


@pytest.mark.parametrize("count", [1, 3])
def test_embedded_timestamps_are_counted(count: int) -> None:
    request = issuing.Request(
        issuing.subject("a.example.com"),
        keys.private_key("p256", "unit"),
        certs.utc(certs.NOT_BEFORE),
        certs.utc(certs.NOT_AFTER),
        scts=count,
    )

    assert facts(issuing.self_signed(request))["embedded_scts"] == count


def test_a_ca() -> None:
    parsed = Parsed(certs.der(certs.authority()))

    assert parsed.is_ca is True
    assert parsed.facts()["is_ca"] is True
    assert parsed.chain_facts == {
        "subject": {"common_name": "Example CA"},
        "subject_cn": "Example CA",
        "issuer": {"common_name": "Example CA"},
        "issuer_cn": "Example CA",
        "not_before": "2025-12-02T00:00:00Z",
        "not_after": "2035-12-30T00:00:00Z",
        "signature_algorithm": "ecdsa-with-SHA256",
        "signature_hash": "sha256",
        "fingerprint_sha256": hashlib.sha256(certs.der(certs.authority())).hexdigest(),
        "is_ca": True,
    }


def test_self_signed() -> None:
    assert facts(certs.authority())["self_signed"] is True
    assert facts(certs.leaf())["self_signed"] is False


def test_same_names_but_another_key_is_not_self_signed() -> None:
    assert facts(certs.build_certificate(certs.ec_key(), signer=certs.ec_key("ca")))["self_signed"] is False
    assert (
        facts(certs.build_certificate(certs.ec_key("unit", ec.SECP384R1), signer=certs.ec_key("ca")))["self_signed"]
        is False
    )


@pytest.mark.parametrize("signature_hash", ["sha1", "md5"])
def test_weak_signatures_are_verified_directly(signature_hash: str) -> None:
    key = keys.private_key("rsa2048", "unit")
    request = issuing.Request(
        issuing.subject("fax.example.net"),
        key,
        certs.utc(certs.NOT_BEFORE),
        certs.utc(certs.NOT_AFTER),
        signature_hash=signature_hash,
    )
    parsed = Parsed(certs.der(issuing.self_signed(request)))

    found = parsed.facts()
    assert found["signature_algorithm"] == f"{signature_hash}WithRSAEncryption"
    assert found["signature_hash"] == signature_hash
    assert found["self_signed"] is True
    assert parsed.is_signed_with(spki(certs.rsa_key("other"))) is False


def test_a_signature_of_something_else_is_not_its_own() -> None:
    other = certs.signer_of(certs.ec_key())(b"something else")

    assert Parsed(certs.raw_certificate(sign=lambda _signed: other)).facts()["self_signed"] is False
    assert Parsed(certs.raw_certificate(sign=lambda _signed: b"")).facts()["self_signed"] is False


def test_a_signature_that_is_no_bit_string_of_whole_content_is_none() -> None:
    data = certs.raw_certificate()
    place = data.rindex(b"\x03", 0, -60)
    parsed = Parsed(data[: place + 2] + b"\x09" + data[place + 3 :])

    assert parsed.facts()["self_signed"] is False


def test_both_places_have_to_name_the_same_algorithm() -> None:
    other = certs.sequence(certs.oid("1.2.840.10045.4.3.3"))

    assert Parsed(certs.raw_certificate(outer_algorithm=other)).facts()["self_signed"] is False


def pss_algorithm(digest: str = "2.16.840.1.101.3.4.2.1", salt: int = 32) -> bytes:
    hashed = certs.sequence(certs.oid(digest))
    mask = certs.sequence(certs.oid("1.2.840.113549.1.1.8"), hashed)
    return certs.sequence(
        certs.oid("1.2.840.113549.1.1.10"),
        certs.sequence(tlv(0xA0, hashed), tlv(0xA1, mask), tlv(0xA2, certs.integer(salt))),
    )


def pss_signed(digest: hashes.HashAlgorithm, salt: int) -> Callable[[bytes], bytes]:
    key = certs.rsa_key()
    assert isinstance(key, rsa.RSAPrivateKey)
    return lambda data: key.sign(data, padding.PSS(padding.MGF1(digest), salt), digest)


@pytest.mark.parametrize(
    ("oid", "digest", "name"),
    [
        ("2.16.840.1.101.3.4.2.1", hashes.SHA256(), "sha256"),
        ("2.16.840.1.101.3.4.2.3", hashes.SHA512(), "sha512"),
        ("2.16.840.1.101.3.4.2.8", hashes.SHA3_256(), "sha3-256"),
    ],
)
def test_pss_signatures(oid: str, digest: hashes.HashAlgorithm, name: str) -> None:
    data = certs.raw_certificate(key=certs.rsa_key(), algorithm=pss_algorithm(oid), sign=pss_signed(digest, 32))

    found = Parsed(data).facts()
    assert (found["signature_algorithm"], found["signature_hash"], found["self_signed"]) == ("rsassaPss", name, True)


def test_a_pss_signature_with_another_salt_than_it_says() -> None:
    data = certs.raw_certificate(key=certs.rsa_key(), algorithm=pss_algorithm(), sign=pss_signed(hashes.SHA256(), 20))

    assert Parsed(data).facts()["self_signed"] is False


def test_a_key_for_pss_signatures_only() -> None:
    special = certs.spki(certs.rsa_key()).replace(
        bytes.fromhex("06092a864886f70d0101010500"), bytes.fromhex("06092a864886f70d01010a0500")
    )
    data = certs.raw_certificate(
        key=certs.rsa_key(),
        public_key=special,
        algorithm=pss_algorithm(),
        sign=pss_signed(hashes.SHA256(), 32),
    )

    found = Parsed(data).facts()
    assert found["public_key"] == {**RSA, "exponent": 65537, "modulus": modulus(certs.rsa_key())}
    assert found["self_signed"] in (True, None)  # None: not every version of cryptography loads it


@pytest.mark.parametrize(
    ("oid", "name", "digest"),
    [
        ("1.2.156.10197.1.501", "SM2-with-SM3", "sm3"),
        ("1.2.840.113549.1.1.2", "md2WithRSAEncryption", "md2"),
        ("1.2.3.4", "1.2.3.4", None),
    ],
)
def test_what_cannot_be_verified_is_not_known(oid: str, name: str, digest: str | None) -> None:
    found = Parsed(certs.raw_certificate(key=certs.rsa_key(), algorithm=certs.sequence(certs.oid(oid)))).facts()

    assert (found["signature_algorithm"], found["signature_hash"]) == (name, digest)
    assert found["self_signed"] is None


def test_an_sm2_certificate() -> None:
    key = openssl.run("genpkey", "-algorithm", "SM2")
    if key is None:
        pytest.skip("this openssl has no SM2")
    info = openssl.run_bytes("pkey", "-pubout", "-outform", "DER", given=key.encode())
    data = certs.raw_certificate(public_key=info, algorithm=certs.sequence(certs.oid("1.2.156.10197.1.501")))

    found = Parsed(data).facts()
    assert found["public_key"] == {"type": "EC", "size": 256, "curve": "SM2", "exponent": None, "modulus": None}
    assert found["self_signed"] is None


# A malformed part does not affect the others.

GOOD = {
    "subject_alt_names": certs.dns_names(certs.SHOP),
    "authority_key_id": certs.extension(certs.AUTHORITY_KEY_ID, certs.sequence(tlv(0x80, b"id"))),
    "subject_key_id": certs.extension(certs.SUBJECT_KEY_ID, certs.octets(b"own")),
    "key_usage": certs.SIGNS_DATA,
    "extended_key_usage": certs.extension(
        certs.EXTENDED_KEY_USAGE,
        certs.sequence(certs.oid("1.3.6.1.5.5.7.3.1")),
    ),
    "is_ca": certs.CA_FALSE,
    "ocsp_urls": certs.extension(
        certs.AUTHORITY_INFORMATION_ACCESS,
        certs.sequence(certs.sequence(certs.oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://o.example/"))),
    ),
    "embedded_scts": certs.extension(certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\5\0\3abc")),
    "crl_urls": certs.extension(
        certs.CRL_DISTRIBUTION_POINTS,
        certs.sequence(certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://c.example/"))))),
    ),
    "must_staple": certs.extension(certs.TLS_FEATURES, certs.sequence(certs.integer(5))),
}
READ = {
    "authority_key_id": "69:64",
    "subject_key_id": "6f:77:6e",
    "subject_alt_names": ["DNS:shop.example.com"],
    "key_usage": ["digitalSignature"],
    "extended_key_usage": ["serverAuth"],
    "is_ca": False,
    "ocsp_urls": ["http://o.example/"],
    "embedded_scts": 1,
    "crl_urls": ["http://c.example/"],
    "must_staple": True,
}
NAMES = {
    "subject_alt_names": "subjectAltName",
    "authority_key_id": "authorityKeyIdentifier",
    "subject_key_id": "subjectKeyIdentifier",
    "key_usage": "keyUsage",
    "extended_key_usage": "extendedKeyUsage",
    "is_ca": "basicConstraints",
    "ocsp_urls": "authorityInfoAccess",
    "embedded_scts": "signedCertificateTimestampList",
    "crl_urls": "cRLDistributionPoints",
    "must_staple": "tlsFeature",
}
OIDS = {
    "subject_alt_names": certs.SUBJECT_ALT_NAME,
    "authority_key_id": certs.AUTHORITY_KEY_ID,
    "subject_key_id": certs.SUBJECT_KEY_ID,
    "key_usage": certs.KEY_USAGE,
    "extended_key_usage": certs.EXTENDED_KEY_USAGE,
    "is_ca": certs.BASIC_CONSTRAINTS,
    "ocsp_urls": certs.AUTHORITY_INFORMATION_ACCESS,
    "embedded_scts": certs.SIGNED_TIMESTAMPS,
    "crl_urls": certs.CRL_DISTRIBUTION_POINTS,
    "must_staple": certs.TLS_FEATURES,
}


def test_all_extensions_that_are_read() -> None:
    parsed = Parsed(certs.raw_certificate(*GOOD.values()))

    assert {name: parsed.facts()[name] for name in READ} == READ
    assert parsed.errors == []


@pytest.mark.parametrize("broken", GOOD)
@pytest.mark.parametrize("value", [b"", b"\x30\x05a", b"\x05\x00", b"\xff"])
def test_one_broken_extension_is_unknown_and_no_other(broken: str, value: bytes) -> None:
    extensions = {**GOOD, broken: certs.extension(OIDS[broken], value)}
    parsed = Parsed(certs.raw_certificate(*extensions.values()))

    found = parsed.facts()
    assert {name: found[name] for name in READ} == {**READ, **({broken: None} if broken in READ else {})}
    assert (parsed.not_before, parsed.not_after) == (certs.NOT_BEFORE, certs.NOT_AFTER)
    assert found["subject"] == {"common_name": certs.SHOP}
    assert parsed.domain_names == (None if broken == "subject_alt_names" else [certs.SHOP])
    (error,) = parsed.errors
    assert error.startswith(f"{NAMES[broken]}: ")


@pytest.mark.parametrize("twice", GOOD)
def test_an_extension_that_is_there_twice_says_nothing(twice: str) -> None:
    parsed = Parsed(certs.raw_certificate(*GOOD.values(), GOOD[twice]))

    found = parsed.facts()
    assert {name: found[name] for name in READ} == {**READ, **({twice: None} if twice in READ else {})}
    assert parsed.errors == [f"{NAMES[twice]}: it is present 2 times"]


@pytest.mark.parametrize("critical", [certs.CRITICAL, certs.CRITICAL_FALSE], ids=["true", "false"])
def test_whether_an_extension_is_critical_may_be_written_out(critical: bytes) -> None:
    value = certs.sequence(tlv(0x82, certs.SHOP.encode()))
    data = certs.raw_certificate(certs.extension(certs.SUBJECT_ALT_NAME, value, critical))

    assert Parsed(data).domain_names == [certs.SHOP]
    assert openssl.read(data) is not None


def test_a_list_of_extensions_that_is_none() -> None:
    parsed = Parsed(certs.raw_certificate(extensions_field=tlv(0xA3, certs.octets(b"a"))))

    found = parsed.facts()
    for unknown in READ:
        assert found[unknown] is None
    assert parsed.domain_names is None
    assert parsed.not_after == certs.NOT_AFTER
    (error,) = parsed.errors
    assert error.startswith("extensions: ")


def test_key_identifiers_are_shown_like_other_tools_do() -> None:
    key = certs.ec_key("ids").public_key()
    own, issuers = x509.SubjectKeyIdentifier.from_public_key(key), certs.ec_key("ca").public_key()
    certificate = certs.build_certificate(
        certs.ec_key("ids"),
        extensions=[own, x509.AuthorityKeyIdentifier.from_issuer_public_key(issuers)],
    )

    found = facts(certificate)
    assert found["subject_key_id"] == ":".join(f"{byte:02x}" for byte in own.digest)
    shown = openssl.run(
        "x509", "-inform", "DER", "-noout", "-ext", "authorityKeyIdentifier", given=certs.der(certificate)
    )
    assert shown is not None
    assert found["authority_key_id"].upper() in shown


@pytest.mark.parametrize(("length", "is_shown"), [(20, True), (29, True), (30, False), (32, False), (0, False)])
def test_a_key_identifier_that_may_be_a_private_key_is_not_shown(length: int, is_shown: bool) -> None:
    value = bytes(range(1, length + 1))
    parsed = Parsed(
        certs.raw_certificate(
            certs.extension(certs.SUBJECT_KEY_ID, certs.octets(value)),
            certs.extension(certs.AUTHORITY_KEY_ID, certs.sequence(tlv(0x80, value))),
        )
    )

    found = parsed.facts()
    assert found["subject_key_id"] == found["authority_key_id"] == (value.hex(":") if is_shown else None)
    assert parsed.errors == []


def test_errors_do_not_depend_on_what_was_asked_before() -> None:
    broken = certs.extension(certs.AUTHORITY_KEY_ID, b"\xff")
    asked, fresh = Parsed(certs.raw_certificate(broken)), Parsed(certs.raw_certificate(broken))
    assert asked.authority_key_id is None
    assert asked.public_key

    assert asked.facts()["is_ca"] is fresh.facts()["is_ca"] is False
    assert asked.errors == fresh.errors != []


@pytest.mark.parametrize(
    ("validity", "dates", "errors"),
    [
        (certs.sequence(tlv(0x17, b"2512020000Z"), tlv(0x18, b"20260302000000.5Z")), (True, True), []),
        (
            certs.sequence(tlv(0x17, b"251202080000+0800"), tlv(0x18, b"20260301190000-0500")),
            (True, True),
            [],
        ),
        (
            certs.sequence(tlv(0x17, b"259902000000Z"), tlv(0x17, b"260302000000Z")),
            (False, True),
            ["not_before"],
        ),
        (certs.sequence(tlv(0x17, b"251202000000Z"), tlv(0x17, b"")), (True, False), ["not_after"]),
        (certs.sequence(tlv(0x17, b"251202000000Z")), (False, False), ["validity"]),
        (certs.sequence(), (False, False), ["validity"]),
    ],
)
def test_forms_of_dates(validity: bytes, dates: tuple[bool, bool], errors: list[str]) -> None:
    parsed = Parsed(certs.raw_certificate(certs.dns_names(certs.SHOP), validity=validity))

    assert parsed.not_before == (certs.NOT_BEFORE if dates[0] else None)
    assert parsed.not_after == (certs.NOT_AFTER if dates[1] else None)
    assert parsed.domain_names == [certs.SHOP]
    assert [error.partition(": ")[0] for error in parsed.errors] == errors


@pytest.mark.parametrize(
    ("serial", "shown"),
    [(-4711, "-0x1267"), (0, "0x0"), (1 << 200, hex(1 << 200)), ((1 << 20_000) - 1, None)],
    ids=certs.case_id,
)
def test_serial_numbers_that_nobody_may_use(serial: int, shown: str | None) -> None:
    data = certs.raw_certificate(serial=certs.integer(serial))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Parsed(data).facts()["serial_number"] == shown
    if serial.bit_length() < 1000:  # it splits longer ones into several lines
        seen = openssl.read(data)
        assert seen is not None
        assert seen.serial_number == serial


def test_a_country_of_three_letters() -> None:
    country = certs.raw_name(certs.attribute("2.5.4.6", "CHN", certs.PRINTABLE))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Parsed(certs.raw_certificate(subject=country)).facts()["subject"] == {"country_name": "CHN"}


@pytest.mark.parametrize(
    ("version", "number"),
    [(b"", 1), ("a003020100", 1), ("a003020101", 2), ("a003020102", 3), ("a003020103", None), ("a0030201ff", None)],
)
def test_versions(version: bytes | str, number: int | None) -> None:
    written = bytes.fromhex(version) if isinstance(version, str) else version
    parsed = Parsed(certs.raw_certificate(certs.dns_names(certs.SHOP), version=written))

    assert parsed.facts()["version"] == number
    assert parsed.errors == ([] if number else ["version: unknown version of X.509"])
    assert parsed.domain_names == [certs.SHOP]


def test_unique_identifiers_of_version_2() -> None:
    ids = tlv(0x81, b"\0\1") + tlv(0x82, b"\0\2")
    parsed = Parsed(certs.raw_certificate(version=bytes.fromhex("a003020101"), unique_ids=ids))

    assert parsed.facts()["self_signed"] is True
    assert parsed.errors == []


def large_key(exponent: int) -> bytes:
    numbers = certs.sequence(certs.integer((1 << 2047) + 1), certs.integer(exponent))
    algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
    return certs.sequence(algorithm, certs.bits(numbers))


def test_an_exponent_of_20000_bits() -> None:
    exponent = (1 << 19_999) + 1
    parsed = Parsed(certs.raw_certificate(public_key=large_key(exponent), algorithm=certs.SHA256_WITH_RSA))

    found = parsed.facts()
    assert found["public_key"]["exponent"] == hex(exponent)
    assert found["self_signed"] is None
    assert json.loads(json.dumps(found)) == found


def test_a_negative_modulus_is_malformed() -> None:
    numbers = certs.sequence(certs.integer(-(1 << 2047)), certs.integer(65537))
    algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
    parsed = Parsed(certs.raw_certificate(public_key=certs.sequence(algorithm, certs.bits(numbers))))

    assert parsed.facts()["public_key"] is None
    assert parsed.errors == ["public_key: the modulus of the RSA key is not positive"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # the object identifiers of EC keys and of P-256 become unknown ones
        ("06072a8648ce3d0201", "06072a8648ce3d0277"),
        ("06082a8648ce3d030107", "06082a8648ce3d030177"),
    ],
    ids=["kind", "curve"],
)
def test_an_unknown_kind_of_key_leaves_the_rest(old: str, new: str) -> None:
    parsed = Parsed(patched(certs.leaf(), old, new))

    found = parsed.facts()
    assert found["public_key"] is None
    # The other facts are still known.
    info = spki(certs.ec_key()).replace(bytes.fromhex(old), bytes.fromhex(new))
    assert found["spki_sha256"] == hashlib.sha256(info).hexdigest()
    assert found["subject_alt_names"] == ["DNS:shop.example.com", "DNS:*.shop.example.com"]
    assert parsed.not_after == certs.NOT_AFTER
    (error,) = parsed.errors
    assert error.startswith("public_key: ")


def test_an_unknown_signature_algorithm_has_its_number() -> None:
    parsed = Parsed(patched(certs.authority(), "06082a8648ce3d040302", "06082a8648ce3d040377"))

    found = parsed.facts()
    assert (found["signature_algorithm"], found["signature_hash"]) == ("1.2.840.10045.4.3.119", None)
    # The algorithms inside and outside of the signed part differ as well.
    assert found["self_signed"] in (None, False)


@pytest.mark.parametrize(
    "der",
    [b"", b"\x30\x00", b"not DER", certs.der(certs.leaf())[:-1]],
    ids=["empty", "empty-sequence", "text", "cut-off"],
)
def test_what_is_no_certificate_raises(der: bytes) -> None:
    with pytest.raises(MalformedError):
        Parsed(der)


def test_what_stands_behind_it_is_no_part_of_it() -> None:
    assert Parsed(certs.der(certs.leaf()) + b"\0").der == certs.der(certs.leaf())


def test_a_certificate_shows_nothing_but_its_fingerprint() -> None:
    parsed = Parsed(certs.der(certs.leaf()))

    assert repr(parsed) == f"<certificate {parsed.fingerprint[:16]}>"


# Everything that cryptography reads in a certificate is read here as well, with the same result.

USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
_text = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())
_attribute = st.one_of(
    st.tuples(st.sampled_from([NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.LOCALITY_NAME]), _text),
    st.tuples(st.just(NameOID.DOMAIN_COMPONENT), st.text(alphabet="abc-019", min_size=1)),
)
_name = st.lists(_attribute, max_size=4).map(lambda parts: x509.Name([x509.NameAttribute(*part) for part in parts]))
_label = st.text(alphabet="abcxyz019", min_size=1, max_size=8)
_general_name = st.one_of(
    st.lists(_label, min_size=1, max_size=4).map(lambda labels: x509.DNSName(".".join(labels))),
    st.ip_addresses().map(x509.IPAddress),
    _label.map(lambda text: x509.RFC822Name(f"{text}@example.com")),
    _label.map(lambda text: x509.UniformResourceIdentifier(f"https://{text}.example/")),
)
_extensions = st.fixed_dictionaries(
    {},
    optional={
        "names": st.lists(_general_name, min_size=1, max_size=5).map(x509.SubjectAlternativeName),
        "ca": st.booleans().map(lambda ca: x509.BasicConstraints(ca=ca, path_length=None)),
        "usage": st.lists(st.booleans(), min_size=7, max_size=7)
        .filter(any)
        .map(lambda flags: x509.KeyUsage(*[*flags, False, False])),
        "purposes": st.lists(
            st.sampled_from(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.2.3.4", "2.5.29.37.0"]),
            min_size=1,
            unique=True,
        ).map(lambda oids: x509.ExtendedKeyUsage(list(map(x509.ObjectIdentifier, oids)))),
    },
)
_moments = st.integers(-631152000, 253402300799)
KEY_KINDS = ["rsa2048", "p256", "p384", "ed25519"]


def shown(name: x509.GeneralName) -> str:
    kinds = {"DNSName": "DNS", "IPAddress": "IP", "RFC822Name": "email", "UniformResourceIdentifier": "URI"}
    return f"{kinds[type(name).__name__]}:{name.value}"


def values(name: x509.Name) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in name:
        found.setdefault(attribute.oid._name, []).append(str(attribute.value))
    return found


@settings(PROPERTY, max_examples=60)
@given(
    kind=st.sampled_from(KEY_KINDS),
    subject=_name,
    issuer=_name,
    serial=st.integers(1, 2**159 - 1),
    dates=st.tuples(_moments, _moments).map(sorted),
    extensions=_extensions,
)
def test_what_cryptography_reads_is_read_here_and_the_same(
    kind: str, subject: x509.Name, issuer: x509.Name, serial: int, dates: list[int], extensions: dict[str, Any]
) -> None:
    key: Any = keys.private_key(kind, "unit")
    certificate = certs.build_certificate(
        key,
        subject=subject,
        issuer=issuer,
        serial=serial,
        not_before=dates[0],
        not_after=dates[1],
        extensions=extensions.values(),
    )
    parsed = Parsed(certs.der(certificate))
    found = parsed.facts()

    assert parsed.errors == []
    for name, expected in (("subject", subject), ("issuer", issuer)):
        listed = {item: text if isinstance(text, list) else [text] for item, text in found[name].items()}
        assert listed == {re.sub("([A-Z])", r"_\1", item).lower(): texts for item, texts in values(expected).items()}
    assert found["serial_number"] == hex(serial)
    assert (parsed.not_before, parsed.not_after) == tuple(dates)
    names = extensions.get("names", ())
    assert found["subject_alt_names"] == list(map(shown, names))
    assert sorted(parsed.domain_names or ()) == sorted(item.value for item in names if isinstance(item, x509.DNSName))
    assert found["is_ca"] is ("ca" in extensions and extensions["ca"].ca)
    usage = extensions.get("usage")
    assert found["key_usage"] == [text for flag, text in USAGES.items() if usage and getattr(usage, flag)]
    purposes = {"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth", "1.2.3.4": "1.2.3.4"}
    purposes["2.5.29.37.0"] = "anyExtendedKeyUsage"
    assert found["extended_key_usage"] == [purposes[item.dotted_string] for item in extensions.get("purposes", ())]
    if kind == "rsa2048":
        assert found["public_key"]["modulus"] == modulus(key)
        assert found["public_key"]["exponent"] == 65537
    assert found["public_key"]["size"] == {"rsa2048": 2048, "p256": 256, "p384": 384, "ed25519": 256}[kind]
    assert found["spki_sha256"] == hashlib.sha256(spki(key)).hexdigest()
    assert found["self_signed"] is (subject == issuer)
    assert found["fingerprints"]["sha256"] == certificate.fingerprint(hashes.SHA256()).hex()
    assert json.loads(json.dumps(found)) == found


SOUND = [
    certs.raw_certificate(*GOOD.values()),
    certs.der(certs.authority()),
    certs.der(certs.build_certificate(certs.rsa_key())),
    certs.raw_certificate(key=certs.rsa_key(), algorithm=pss_algorithm(), sign=pss_signed(hashes.SHA256(), 32)),
]


@PROPERTY
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=3)), min_size=1, max_size=4),
)
def test_no_damage_raises_anything_else(data: bytes, changes: list[tuple[int, bytes]]) -> None:
    damaged = bytearray(data)
    for place, change in changes:
        start = place % len(damaged)
        damaged[start : start + len(change)] = change
    try:
        parsed = Parsed(bytes(damaged))
    except MalformedError:
        return
    found = {**parsed.facts(), **parsed.chain_facts}

    assert json.loads(json.dumps(found, ensure_ascii=False).encode()) == found
    unknown = [name for name, value in found.items() if value is None]
    # Every unknown fact has an error, except for these, which are unknown because of others, or absent.
    others = ("subject_cn", "issuer_cn", "signature_hash", "self_signed", "subject_key_id", "authority_key_id")
    assert parsed.errors or all(name in others for name in unknown)


def test_nothing_is_computed_with_keys_beyond_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = certs.sequence(certs.integer((1 << 29_999) + 1), certs.integer(65537))
    algorithm = certs.sequence(certs.oid("1.2.840.113549.1.1.1"), certs.NULL)
    info = certs.sequence(algorithm, certs.bits(numbers))
    data = certs.raw_certificate(public_key=info, algorithm=certs.SHA256_WITH_RSA)
    verified = Mock(side_effect=AssertionError("this is computed with"))
    monkeypatch.setattr(crypto, "_scheme", verified)

    found = Parsed(data).facts()
    assert (found["public_key"]["size"], found["self_signed"]) == (30_000, None)


WELL_KNOWN = {
    # as https://letsencrypt.org/certificates/ and https://www.digicert.com/kb/digicert-root-certificates.htm have them,
    # and crt.sh for the SHA-256 of the keys
    "ISRG Root X1": {
        "sha256": "96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6",
        "sha1": "cabd2a79a1076a31f21d253635cb039d4329a5e8",
        "serial_number": "0x8210cfb0d240e3594463e0bb63828b00",
        "spki": "C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=",
        "public_key": {"type": "RSA", "size": 4096, "curve": None, "exponent": 65537},
        "signature_algorithm": "sha256WithRSAEncryption",
        "not_before": "2015-06-04T11:04:38Z",
        "not_after": "2035-06-04T11:04:38Z",
        "subject": {
            "country_name": "US",
            "organization_name": "Internet Security Research Group",
            "common_name": "ISRG Root X1",
        },
    },
    "ISRG Root X2": {
        "sha256": "69729b8e15a86efc177a57afb7171dfc64add28c2fca8cf1507e34453ccb1470",
        "sha1": "bdb1b93cd5978d45c6261455f8db95c75ad153af",
        "serial_number": "0x41d29dd172eaeea780c12c6ce92f8752",
        "spki": "diGVwiVYbubAI3RW4hB9xU8e/CH2GnkuvVFZE8zmgzI=",
        "public_key": {"type": "EC", "size": 384, "curve": "secp384r1", "exponent": None},
        "signature_algorithm": "ecdsa-with-SHA384",
        "not_before": "2020-09-04T00:00:00Z",
        "not_after": "2040-09-17T16:00:00Z",
        "subject": {
            "country_name": "US",
            "organization_name": "Internet Security Research Group",
            "common_name": "ISRG Root X2",
        },
    },
    "DigiCert Global Root G2": {
        "sha256": "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
        "sha1": "df3c24f9bfd666761b268073fe06d1cc8d4f82a4",
        "serial_number": "0x33af1e6a711a9a0bb2864b11d09fae5",
        "spki": "i7WTqTvh0OioIruIfFR4kMPnBqrS2rdiVPl/s2uC/CY=",
        "public_key": {"type": "RSA", "size": 2048, "curve": None, "exponent": 65537},
        "signature_algorithm": "sha256WithRSAEncryption",
        "not_before": "2013-08-01T12:00:00Z",
        "not_after": "2038-01-15T12:00:00Z",
        "subject": {
            "country_name": "US",
            "organization_name": "DigiCert Inc",
            "organizational_unit_name": "www.digicert.com",
            "common_name": "DigiCert Global Root G2",
        },
    },
}


@pytest.mark.parametrize("name", WELL_KNOWN)
def test_roots_that_everybody_knows(name: str) -> None:
    known = WELL_KNOWN[name]
    bodies = re.findall(r"-----BEGIN CERTIFICATE-----(.+?)-----END", certifi.contents(), re.DOTALL)
    ders = {hashlib.sha256(der).hexdigest(): der for der in map(base64.b64decode, bodies)}
    parsed = Parsed(ders[str(known["sha256"])])

    found = parsed.facts()
    assert found["subject"] == found["issuer"] == known["subject"]
    assert found["fingerprints"] == {"sha256": known["sha256"], "sha1": known["sha1"]}
    assert base64.b64encode(bytes.fromhex(found["spki_sha256"])).decode() == known["spki"]
    for same in ("serial_number", "signature_algorithm"):
        assert found[same] == known[same]
    number = found["public_key"]["modulus"]
    assert {**found["public_key"], "modulus": None} == {**known["public_key"], "modulus": None}  # type: ignore[dict-item]
    if found["public_key"]["type"] == "RSA":
        assert int(number, 16).bit_length() == found["public_key"]["size"]
    else:
        assert number is None
    assert (iso8601(parsed.not_before), iso8601(parsed.not_after)) == (known["not_before"], known["not_after"])
    assert (found["is_ca"], found["self_signed"], found["version"]) == (True, True, 3)
    assert found["subject_alt_names"] == []
    assert "keyCertSign" in found["key_usage"]
    assert parsed.errors == []
