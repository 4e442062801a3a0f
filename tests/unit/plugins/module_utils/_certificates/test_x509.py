# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in a certificate. The expected values are those that the certificates were made with."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import certifi
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import x509 as reader
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.times import iso8601
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed, public_key_info_of
from ansible_collections.ucloud.ulb.tests.simulator import keys, minting

from . import minted


def facts(certificate: x509.Certificate) -> dict[str, Any]:
    return Parsed(minted.der(certificate)).facts()


def patched(certificate: x509.Certificate, old: str | bytes, new: str | bytes) -> bytes:
    """The DER of a certificate with one place changed; hexadecimal or bytes. Its signature is void then."""
    old, new = (bytes.fromhex(part) if isinstance(part, str) else part for part in (old, new))
    der = minted.der(certificate)
    assert old in der
    assert len(old) == len(new)
    return der.replace(old, new)


def spki(key: Any) -> bytes:
    info: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return info


RSA = {"type": "RSA", "size": 2048, "curve": None}


def modulus(key: Any) -> str:
    return hex(key.public_key().public_numbers().n)


def test_every_fact_of_an_rsa_certificate() -> None:
    key = minted.rsa_key()
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
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.DirectoryName(minted.CA_NAME)),
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://p.example/")
            ),
        ]
    )
    certificate = minted.mint(
        key,
        subject=subject,
        issuer=minted.CA_NAME,
        signer=minted.rsa_key("ca"),
        serial=0x3AF52B9D,
        extensions=[
            minted.alternative_names("shop.example.com", "*.shop.example.com"),
            usage,
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            x509.BasicConstraints(ca=False, path_length=None),
            access,
        ],
    )
    der = minted.der(certificate)

    assert facts(certificate) == {
        "subject": {"country_name": "CN", "organization_name": "示例商店", "common_name": "shop.example.com"},
        "issuer": {"common_name": "Example CA"},
        "serial_number": "0x3af52b9d",
        "version": 3,
        "public_key": {**RSA, "exponent": 65537, "modulus": modulus(key)},
        "signature_algorithm": "sha256WithRSAEncryption",
        "subject_alt_names": ["DNS:shop.example.com", "DNS:*.shop.example.com"],
        "key_usage": ["digitalSignature", "keyEncipherment"],
        "extended_key_usage": ["serverAuth", "clientAuth"],
        "is_ca": False,
        "self_signed": False,
        "embedded_scts": 0,
        "fingerprints": {"sha256": hashlib.sha256(der).hexdigest(), "sha1": hashlib.sha1(der).hexdigest()},  # noqa: S324
        "spki_sha256": hashlib.sha256(spki(key)).hexdigest(),
        "ocsp_urls": ["http://o.example/", "http://p.example/"],
    }


def test_a_certificate_without_extensions() -> None:
    parsed = Parsed(minted.der(minted.mint(subject=x509.Name([]), issuer=minted.CA_NAME, signer=minted.ec_key("ca"))))

    found = parsed.facts()
    assert found["subject"] == {}
    for absent in ("subject_alt_names", "key_usage", "extended_key_usage", "ocsp_urls"):
        assert found[absent] == []
    assert found["is_ca"] is False
    assert found["embedded_scts"] == 0
    assert parsed.domain_names == []
    assert parsed.chain_facts["subject_cn"] is None
    assert parsed.errors == []


def test_dates() -> None:
    parsed = Parsed(minted.der(minted.mint(not_before=946684800, not_after=4102444799)))

    assert (parsed.not_before, parsed.not_after) == (946684800, 4102444799)


@pytest.mark.parametrize(
    ("key", "described", "algorithm"),
    [
        (minted.ec_key(), {"type": "EC", "size": 256, "curve": "secp256r1"}, "ecdsa-with-SHA256"),
        (minted.ec_key(curve=ec.SECP384R1), {"type": "EC", "size": 384, "curve": "secp384r1"}, "ecdsa-with-SHA256"),
        (minted.ec_key(curve=ec.SECP521R1), {"type": "EC", "size": 521, "curve": "secp521r1"}, "ecdsa-with-SHA256"),
        (minted.ec_key(curve=ec.SECP256K1), {"type": "EC", "size": 256, "curve": "secp256k1"}, "ecdsa-with-SHA256"),
        (minted.ec_key(curve=ec.SECP224R1), {"type": "EC", "size": 224, "curve": "secp224r1"}, "ecdsa-with-SHA256"),
        (ed25519.Ed25519PrivateKey.generate(), {"type": "Ed25519", "size": 256, "curve": None}, "ed25519"),
        (ed448.Ed448PrivateKey.generate(), {"type": "Ed448", "size": 456, "curve": None}, "ed448"),
        (keys.private_key("dsa1024", "unit"), {"type": "DSA", "size": 1024, "curve": None}, "dsa-with-sha256"),
    ],
    ids=["p256", "p384", "p521", "secp256k1", "p224", "ed25519", "ed448", "dsa"],
)
def test_kinds_of_keys(key: Any, described: dict[str, Any], algorithm: str) -> None:
    found = facts(minted.mint(key))

    assert found["public_key"] == {**described, "exponent": None, "modulus": None}
    assert found["signature_algorithm"] == algorithm
    assert found["spki_sha256"] == hashlib.sha256(spki(key)).hexdigest()
    assert found["self_signed"] is True
    assert public_key_info_of(minted.key_pem(key).encode()) == spki(key)


def test_a_key_that_only_agrees_on_keys() -> None:
    edwards = minted.mint(ed25519.Ed25519PrivateKey.generate())
    parsed = Parsed(patched(edwards, "300506032b6570032100", "300506032b656e032100"))

    described = {"type": "X25519", "size": 256, "curve": None, "exponent": None, "modulus": None}
    assert parsed.facts()["public_key"] == described
    assert parsed.errors == []


@pytest.mark.parametrize("exponent", [1, 3, 65536, 2])
def test_unusual_rsa_exponents(exponent: int) -> None:
    key = keys.private_key("rsa2048", "unit")
    request = minting.Request(
        minting.subject("kiosk.example.net"),
        key,
        minted.utc(minted.NOT_BEFORE),
        minted.utc(minted.NOT_AFTER),
        exponent=exponent,
    )
    parsed = Parsed(minted.der(minting.self_signed(request)))

    found = parsed.facts()
    assert parsed.not_after == minted.NOT_AFTER
    assert found["subject"]["common_name"] == "kiosk.example.net"
    assert found["public_key"] == {**RSA, "exponent": exponent, "modulus": modulus(key)}
    if parsed.errors:  # Newer versions of cryptography refuse such keys, but for 3.
        assert exponent != 3
        assert [error.partition(" must be ")[0] for error in parsed.errors] == ["public_key: e"]
        assert (parsed.public_key_info, found["self_signed"]) == (None, None)
    else:
        assert found["spki_sha256"] == hashlib.sha256(parsed.public_key_info or b"").hexdigest()


def test_alternative_names_of_every_kind() -> None:
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("shop.example.com"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.7")),
            x509.IPAddress(ipaddress.ip_address("2001:db8::7")),
            x509.RFC822Name("web@example.com"),
            x509.UniformResourceIdentifier("https://example.com/a?b"),
            x509.DirectoryName(minted.name("Shop, Ltd")),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x03abc"),
            x509.DNSName("*.shop.example.com"),
        ]
    )
    parsed = Parsed(minted.der(minted.mint(extensions=[names])))

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
    extensions = [minted.alternative_names(*names)] if names else []
    parsed = Parsed(minted.der(minted.mint(subject=minted.name(common_name), extensions=extensions)))

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

    parsed = Parsed(minted.der(minted.mint(subject=subject)))

    assert parsed.facts()["subject"] == {
        "organizational_unit_name": ["Web", "Shop", "Web"],
        "common_name": "one",
        "email_address": "web@example.com",
        "domain_component": ["example", "com"],
        "state_or_province_name": "上海",
        "1.2.3.4": "private",
    }
    assert parsed.chain_facts["subject_cn"] == "one"


PLACEHOLDER = "0123456789ab"
UTF8, PRINTABLE, TELETEX, IA5, VISIBLE, UNIVERSAL, BMP = 0x0C, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E


def with_common_name(tag: int, content: bytes) -> Parsed:
    certificate = minted.mint(subject=minted.name(PLACEHOLDER), issuer=minted.CA_NAME)
    assert len(content) == len(PLACEHOLDER)
    size = bytes([len(content)])
    return Parsed(patched(certificate, b"\x0c" + size + PLACEHOLDER.encode(), bytes([tag]) + size + content))


@pytest.mark.parametrize(
    ("tag", "content", "value"),
    [
        (BMP, "例子 A-Ü".encode("utf-16-be"), "例子 A-Ü"),
        (UNIVERSAL, "例😀a".encode("utf-32-be"), "例😀a"),
        (PRINTABLE, b"Example Shop", "Example Shop"),
        (IA5, b"shop@example", "shop@example"),
        (VISIBLE, b"Example Shop", "Example Shop"),
        (TELETEX, b"Example Shop", "Example Shop"),
        (UTF8, "例例例例".encode(), "例例例例"),
        (UTF8, b"a\0b\nc\x1bd{{ }}", "a\0b\nc\x1bd{{ }}"),
    ],
)
def test_string_types_of_names(tag: int, content: bytes, value: str) -> None:
    parsed = with_common_name(tag, content)

    assert parsed.facts()["subject"] == {"common_name": value}
    assert parsed.errors == []


@pytest.mark.parametrize(("tag", "content"), [(UTF8, b"Caf\xe9 Example"), (TELETEX, b"Caf\xe9 Example")])
def test_a_name_that_cannot_be_read_leaves_the_rest(tag: int, content: bytes) -> None:
    parsed = with_common_name(tag, content)

    found = parsed.facts()
    assert (found["subject"], found["issuer"]) == (None, {"common_name": "Example CA"})
    assert found["self_signed"] is None
    assert parsed.not_after == minted.NOT_AFTER
    assert parsed.chain_facts["subject_cn"] is None
    (error,) = parsed.errors
    assert error.startswith("subject: error parsing asn1 value: ")


ALL_USAGES = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"]
ALL_USAGES += ["keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"]


@pytest.mark.parametrize(
    "named",
    [["keyCertSign", "cRLSign"], ["keyAgreement", "encipherOnly"], ["keyAgreement", "decipherOnly"], ALL_USAGES],
)
def test_key_usages(named: list[str]) -> None:
    usage = x509.KeyUsage(*(usage in named for usage in ALL_USAGES))

    assert facts(minted.mint(extensions=[usage]))["key_usage"] == named


@pytest.mark.parametrize("usage", ALL_USAGES[:5])
def test_one_key_usage(usage: str) -> None:
    assert facts(minted.mint(extensions=[x509.KeyUsage(*(usage == other for other in ALL_USAGES))]))["key_usage"] == [
        usage
    ]


def test_unknown_extended_key_usages_have_their_numbers() -> None:
    oids = ["1.3.6.1.5.5.7.3.1", "1.2.3.4.5", "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.3"]
    usage = x509.ExtendedKeyUsage(list(map(x509.ObjectIdentifier, oids)))

    found = facts(minted.mint(extensions=[usage]))["extended_key_usage"]

    assert found == ["serverAuth", "1.2.3.4.5", "OCSPSigning", "codeSigning"]


@pytest.mark.parametrize("count", [1, 3])
def test_embedded_timestamps_are_counted(count: int) -> None:
    request = minting.Request(
        minting.subject("a.example.com"),
        keys.private_key("p256", "unit"),
        minted.utc(minted.NOT_BEFORE),
        minted.utc(minted.NOT_AFTER),
        scts=count,
    )

    assert facts(minting.self_signed(request))["embedded_scts"] == count


def test_timestamps_that_this_cryptography_cannot_read_are_not_counted() -> None:
    opaque = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), b"")

    assert reader._count(opaque) is None


def test_extensions_are_read_once_for_certificates_that_come_again() -> None:
    der = minted.der(minted.authority())
    assert reader.parse(der) is reader.parse(bytes(der))


def test_a_ca() -> None:
    parsed = Parsed(minted.der(minted.authority()))

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
        "self_signed": True,
        "fingerprint_sha256": hashlib.sha256(minted.der(minted.authority())).hexdigest(),
        "is_ca": True,
    }


def test_self_signed() -> None:
    assert facts(minted.authority())["self_signed"] is True
    assert facts(minted.leaf())["self_signed"] is False


def test_same_names_but_another_key_is_not_self_signed() -> None:
    assert facts(minted.mint(minted.ec_key(), signer=minted.ec_key("ca")))["self_signed"] is False
    assert facts(minted.mint(minted.ec_key("unit", ec.SECP384R1), signer=minted.ec_key("ca")))["self_signed"] is False


@pytest.mark.parametrize("signature_hash", ["sha1", "md5"])
def test_a_signature_that_cryptography_does_not_verify_is_not_known_to_be_foreign(signature_hash: str) -> None:
    request = minting.Request(
        minting.subject("fax.example.net"),
        keys.private_key("rsa2048", "unit"),
        minted.utc(minted.NOT_BEFORE),
        minted.utc(minted.NOT_AFTER),
        signature_hash=signature_hash,
    )

    found = facts(minting.self_signed(request))

    assert found["signature_algorithm"] == f"{signature_hash}WithRSAEncryption"
    assert found["self_signed"] is None


@pytest.mark.parametrize(
    "key",
    [
        minted.rsa_key(),
        minted.ec_key(),
        minted.ec_key(curve=ec.SECP384R1),
        ed25519.Ed25519PrivateKey.generate(),
        ed448.Ed448PrivateKey.generate(),
        keys.private_key("dsa1024", "unit"),
    ],
    ids=["rsa", "p256", "p384", "ed25519", "ed448", "dsa"],
)
def test_older_versions_of_cryptography_tell_who_has_signed(key: Any) -> None:
    certificate, other = minted.mint(key), minted.mint(key, serial=2)
    reader._verify_signature(certificate, key.public_key())
    mixed = Mock(
        signature=other.signature,
        signature_hash_algorithm=certificate.signature_hash_algorithm,
        tbs_certificate_bytes=certificate.tbs_certificate_bytes,
    )
    with pytest.raises(InvalidSignature):
        reader._verify_signature(mixed, key.public_key())


@pytest.mark.parametrize("signature_hash", ["md5", "sha1"])
def test_older_versions_of_cryptography_do_not_tell_more_than_others(signature_hash: str) -> None:
    signed = Mock(signature_hash_algorithm=SimpleNamespace(name=signature_hash))
    with pytest.raises(ValueError, match="prove nothing"):
        reader._verify_signature(signed, minted.rsa_key().public_key())


def test_a_malformed_extension_leaves_the_rest() -> None:
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), bytes.fromhex("3003820561"))
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    parsed = Parsed(minted.der(minted.mint(extensions=[broken, usage])))

    found = parsed.facts()
    # They are read all together or not at all: none of them may look as if it were absent.
    for unknown in ("subject_alt_names", "key_usage", "extended_key_usage", "is_ca", "embedded_scts", "ocsp_urls"):
        assert found[unknown] is None
    assert (parsed.not_before, parsed.not_after) == (minted.NOT_BEFORE, minted.NOT_AFTER)
    assert found["subject"] == {"common_name": minted.SHOP}
    described = {"type": "EC", "size": 256, "curve": "secp256r1", "exponent": None, "modulus": None}
    assert found["public_key"] == described
    assert parsed.domain_names == []
    assert parsed.is_ca is None
    (error,) = parsed.errors
    assert error.startswith("extensions: error parsing asn1 value: ")


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
    parsed = Parsed(patched(minted.leaf(), old, new))

    found = parsed.facts()
    assert (found["public_key"], parsed.public_key_info) == (None, None)
    # What it is can be told all the same.
    info = spki(minted.ec_key()).replace(bytes.fromhex(old), bytes.fromhex(new))
    assert found["spki_sha256"] == hashlib.sha256(info).hexdigest()
    assert found["subject_alt_names"] == ["DNS:shop.example.com", "DNS:*.shop.example.com"]
    assert parsed.not_after == minted.NOT_AFTER
    (error,) = parsed.errors
    assert error.startswith("public_key: ")


def test_an_unknown_signature_algorithm_has_its_number() -> None:
    parsed = Parsed(patched(minted.authority(), "06082a8648ce3d040302", "06082a8648ce3d040377"))

    found = parsed.facts()
    assert found["signature_algorithm"] == "1.2.840.10045.4.3.119"
    assert found["self_signed"] is None


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30\x00",
        b"not DER",
        minted.der(minted.leaf())[:-1],
        minted.der(minted.leaf()) + b"\0",
        patched(minted.leaf(), b"260302000000Z", b"269902000000Z"),
    ],
    ids=["empty", "empty-sequence", "text", "cut-off", "something-behind", "month-99"],
)
def test_what_is_no_certificate_raises(der: bytes) -> None:
    with pytest.raises(ValueError, match="error parsing asn1 value: "):
        Parsed(der)


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_that_does_not_exist_raises(version: int) -> None:
    with pytest.raises(ValueError, match=f"^{version} is not a valid X509 version$"):
        Parsed(patched(minted.leaf(), "a003020102", f"a00302010{version}"))


def test_public_half_of_private_keys() -> None:
    for form in (minted.TRADITIONAL, minted.PKCS8):
        assert public_key_info_of(minted.key_pem(minted.rsa_key(), form).encode()) == spki(minted.rsa_key())
        assert public_key_info_of(minted.key_pem(form=form).encode()) == spki(minted.ec_key())
        assert public_key_info_of(minted.key_pem(form=form, encrypted=True).encode()) is None


@pytest.mark.parametrize(
    "key", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", b"\xff"]
)
def test_unreadable_private_keys_have_no_public_half(key: bytes) -> None:
    assert public_key_info_of(key) is None


def test_a_key_that_cannot_be_written_has_no_info() -> None:
    key = Mock(spec=ec.EllipticCurvePublicKey)
    key.public_bytes.side_effect = ValueError("unsupported")

    assert reader._public_key_info(key) is None


def test_text_is_what_every_encoder_takes() -> None:
    assert reader._text(b"Caf\xe9") == "Caf\ufffd"
    assert reader._text("\ud83d") == "?"
    assert reader._text(ipaddress.ip_network("192.0.2.0/24")) == "192.0.2.0/24"


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
    number = found["public_key"].pop("modulus")
    assert found["public_key"] == known["public_key"]
    if found["public_key"]["type"] == "RSA":
        assert int(number, 16).bit_length() == found["public_key"]["size"]
    else:
        assert number is None
    assert (iso8601(parsed.not_before), iso8601(parsed.not_after)) == (known["not_before"], known["not_after"])
    assert (found["is_ca"], found["self_signed"], found["version"]) == (True, True, 3)
    assert found["subject_alt_names"] == []
    assert "keyCertSign" in found["key_usage"]
    assert parsed.errors == []
