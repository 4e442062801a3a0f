# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``SSLContent`` as a whole: which certificate is the leaf, and whether its key matches."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import content as content_module
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import pem as pem_module
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import x509 as x509_module
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import ContentReader, read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate, Content
from ansible_collections.ucloud.ulb.tests.simulator.keys import private_key
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

PROPERTY = settings(deadline=None, derandomize=True)

LEAF, CA = certs.pem(certs.leaf()), certs.pem(certs.authority())
LEAF_KEY, CA_KEY = certs.key_pem(), certs.key_pem(certs.ec_key("ca"))
STRAY_KEY = certs.key_pem(certs.rsa_key("stray"))
ENCRYPTED_KEY = certs.key_pem(encrypted=True)
CUT_KEY = LEAF_KEY[: len(LEAF_KEY) // 2]
NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nVGhpcyBpcyBub25lLg==\n-----END CERTIFICATE-----\n"
# It begins like a certificate: SEQUENCE { SEQUENCE { INTEGER } }
HOLLOW = "-----BEGIN CERTIFICATE-----\nMAUwAwIBAQ==\n-----END CERTIFICATE-----\n"
OTHER_CA = certs.pem(
    certs.build_certificate(certs.ec_key("other"), extensions=[x509.BasicConstraints(ca=True, path_length=None)])
)


def fingerprint(certificate: x509.Certificate) -> str:
    return x509_module.Parsed(certs.der(certificate)).fingerprint


def test_a_usual_upload() -> None:
    found = read_content(LEAF_KEY + LEAF + CA)

    assert found.private_key_stored is True
    assert found.key_matches is True
    assert (found.not_before, found.not_after) == (certs.NOT_BEFORE, certs.NOT_AFTER)
    assert found.domains == ("shop.example.com", "*.shop.example.com")
    assert found.x509_error is None
    assert found.pem is None
    assert found.x509 == {
        **x509_module.Parsed(certs.der(certs.leaf())).facts(),
        "issuer_included": True,
        "position": 0,
        "unread_certificates": 0,
        "chain": [
            {
                **x509_module.Parsed(certs.der(certs.authority())).chain_facts,
                "self_signed": True,
                "issuer_included": True,
                "issued_previous": True,
            }
        ],
        "trust": None,
    }


@pytest.mark.parametrize(
    ("text", "position"), [(LEAF + CA, 0), (CA + LEAF, 1), (CA + OTHER_CA + LEAF_KEY + LEAF, 2), (CA, 0)]
)
def test_the_place_of_the_leaf(text: str, position: int) -> None:
    found = read_content(text)

    assert found.x509 is not None
    assert found.x509["position"] == position
    assert len(found.x509["chain"]) == text.count("BEGIN CERTIFICATE") - 1


@pytest.mark.parametrize(
    ("text", "subject", "key_matches"),
    [
        # The leaf is the certificate that matches the key,
        (LEAF + CA + LEAF_KEY, certs.SHOP, True),
        (CA + LEAF + LEAF_KEY, certs.SHOP, True),
        (LEAF_KEY + CA + LEAF, certs.SHOP, True),
        (LEAF + CA + CA_KEY, "Example CA", True),
        (LEAF + CA + STRAY_KEY + LEAF_KEY, certs.SHOP, True),
        (LEAF + CA + ENCRYPTED_KEY + LEAF_KEY, certs.SHOP, True),
        # otherwise the first one that is not a CA,
        (CA + LEAF, certs.SHOP, None),
        (CA + LEAF + STRAY_KEY, certs.SHOP, False),
        (CA + LEAF + ENCRYPTED_KEY, certs.SHOP, None),
        (CA + LEAF + CUT_KEY, certs.SHOP, None),
        # One that cannot be read may be the leaf.
        (CA + LEAF + STRAY_KEY + ENCRYPTED_KEY, certs.SHOP, None),
        # otherwise the first one.
        (CA + OTHER_CA, "Example CA", None),
        (OTHER_CA + CA, certs.SHOP, None),
        (CA + OTHER_CA + STRAY_KEY, "Example CA", False),
    ],
)
def test_which_certificate_is_the_one(text: str, subject: str, key_matches: bool | None) -> None:
    found = read_content(text)

    assert found.x509 is not None
    assert found.x509["subject"] == {"common_name": subject}
    assert found.key_matches is key_matches
    assert found.private_key_stored is ("PRIVATE KEY" in text)
    assert len(found.x509["chain"]) == text.count("BEGIN CERTIFICATE") - 1


def test_the_chain_keeps_its_order() -> None:
    found = read_content(OTHER_CA + LEAF + CA + LEAF_KEY + OTHER_CA)

    assert found.x509 is not None
    assert [item["subject_cn"] for item in found.x509["chain"]] == [
        certs.SHOP,
        "Example CA",
        certs.SHOP,
    ]


def test_the_same_certificate_twice() -> None:
    found = read_content(LEAF + LEAF + LEAF_KEY)

    assert found.x509 is not None
    assert found.x509["fingerprints"]["sha256"] == fingerprint(certs.leaf())
    assert [item["fingerprint_sha256"] for item in found.x509["chain"]] == [fingerprint(certs.leaf())]


@pytest.mark.parametrize("form", [certs.TRADITIONAL, certs.PKCS8])
def test_rsa_keys_fit(form: PrivateFormat) -> None:
    certificate = certs.pem(certs.build_certificate(certs.rsa_key(), issuer=certs.CA_NAME))

    assert read_content(certificate + certs.key_pem(certs.rsa_key(), form)).key_matches is True
    assert read_content(certificate + certs.key_pem(certs.rsa_key("stray"), form)).key_matches is False
    assert read_content(certificate + certs.key_pem(certs.rsa_key(), form, encrypted=True)).key_matches is None


def test_a_key_that_cannot_be_compared_with_the_certificates() -> None:
    unknown = certs.sequence(certs.sequence(certs.oid("1.2.3.4")), certs.bits(b"a"))
    certificate = certs.pem_block(certs.raw_certificate(public_key=unknown))

    for key in (LEAF_KEY, STRAY_KEY, certs.key_pem(certs.rsa_key())):
        found = read_content(certificate + key)
        assert found.key_matches is None
        assert found.x509 is not None
        assert found.x509["public_key"] is None
        assert found.x509_error == "public_key: unknown type of key: 1.2.3.4"


@pytest.mark.parametrize("key", [certs.rsa_key("fits"), certs.ec_key("fits"), private_key("dsa1024", "fits")])
@pytest.mark.parametrize("form", [certs.TRADITIONAL, certs.PKCS8])
def test_a_key_fits_in_every_form(key: Any, form: PrivateFormat) -> None:
    certificate = certs.pem(certs.build_certificate(key, issuer=certs.CA_NAME))

    assert read_content(certificate + certs.key_pem(key, form)).key_matches is True
    for other in (
        certs.rsa_key("other"),
        certs.ec_key("other"),
        private_key("dsa1024", "other"),
    ):
        assert read_content(certificate + certs.key_pem(other, form)).key_matches is False


def test_an_ed25519_key_fits() -> None:
    key, other = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
    certificate = certs.pem(certs.build_certificate(key, issuer=certs.CA_NAME))

    assert read_content(certificate + certs.key_pem(key)).key_matches is True
    assert read_content(certificate + certs.key_pem(other)).key_matches is False


@pytest.mark.parametrize(
    ("text", "error", "stored"),
    [
        ("", "the content has no certificate", False),
        ("see the shared folder\n", "the content has no certificate", False),
        ("suFedZgn", "the content has no certificate", False),
        (LEAF_KEY, "the content has no certificate", True),
        (CUT_KEY, "the content has no certificate", True),
        (NO_CERTIFICATE, "1 CERTIFICATE block(s) could not be parsed", False),
        (NO_CERTIFICATE * 2 + LEAF_KEY, "2 CERTIFICATE block(s) could not be parsed", True),
        (LEAF_KEY.replace("PRIVATE KEY", "CERTIFICATE"), "1 CERTIFICATE block(s) could not be parsed", False),
    ],
)
def test_no_certificate(text: str, error: str, stored: bool) -> None:
    assert read_content(text, keep_pem=True) == Content(private_key_stored=stored, x509_error=error)


def test_a_broken_certificate_alone() -> None:
    assert read_content(HOLLOW + LEAF_KEY) == Content(
        private_key_stored=True, x509_error="1 CERTIFICATE block(s) could not be parsed"
    )


UNREAD = "1 CERTIFICATE block(s) could not be parsed"
UNDECIDED = f"{UNREAD}; one of them may be the served certificate"


@pytest.mark.parametrize(
    ("text", "subject", "key_matches"),
    [
        # The leaf is the certificate that matches the key,
        (HOLLOW + LEAF + LEAF_KEY, certs.SHOP, True),
        (LEAF + HOLLOW + LEAF_KEY, certs.SHOP, True),
        (NO_CERTIFICATE + CA + LEAF + LEAF_KEY, certs.SHOP, True),
        # otherwise the first one that is not a CA, if no unreadable certificate comes before it;
        (LEAF + HOLLOW, certs.SHOP, None),
        (CA + LEAF + HOLLOW, certs.SHOP, None),
        # otherwise it is unknown.
        (HOLLOW + LEAF, None, None),
        (HOLLOW + CA, None, None),
        (CA + HOLLOW, None, None),
        (CA + HOLLOW + LEAF, None, None),
        # A key that matches no readable certificate may match the unreadable one.
        (LEAF + HOLLOW + STRAY_KEY, None, None),
        (LEAF + HOLLOW + ENCRYPTED_KEY, None, None),
        (HOLLOW + CA + LEAF_KEY, None, None),
    ],
)
def test_a_block_that_is_not_read_may_be_the_leaf(text: str, subject: str | None, key_matches: bool | None) -> None:
    found = read_content(text)

    assert found.key_matches is key_matches
    if subject is None:
        assert found == Content(private_key_stored="PRIVATE KEY" in text, x509_error=UNDECIDED)
    else:
        assert found.x509 is not None
        assert found.x509["subject"] == {"common_name": subject}
        assert found.x509["unread_certificates"] == 1
        assert found.x509_error == UNREAD
        assert found.not_after == certs.NOT_AFTER


def test_several_broken_blocks_are_counted() -> None:
    found = read_content(NO_CERTIFICATE + HOLLOW + HOLLOW + LEAF + LEAF_KEY, keep_pem=True)

    assert found.x509 is not None
    assert found.x509["unread_certificates"] == 3
    assert (found.x509["position"], found.x509["chain"]) == (3, [])
    assert found.x509_error == "3 CERTIFICATE block(s) could not be parsed"
    assert found.pem == LEAF


def test_other_blocks_are_no_certificates_that_were_not_read() -> None:
    request = LEAF.replace(" CERTIFICATE", " CERTIFICATE REQUEST")
    attributes = HOLLOW.replace(" CERTIFICATE", " ATTRIBUTE CERTIFICATE")

    found = read_content(request + attributes + CA + attributes)

    assert found.x509 is not None
    assert found.x509["subject"] == {"common_name": "Example CA"}
    assert (found.x509["unread_certificates"], found.x509_error) == (0, None)


def test_my_certificate_is_a_certificate() -> None:
    assert read_content(LEAF.replace(" CERTIFICATE", " MY CERTIFICATE") + LEAF_KEY).x509 == read_content(LEAF).x509


INTERMEDIATE = certs.pem_block(
    certs.raw_certificate(
        certs.CA_TRUE,
        subject=certs.common_name("Example CA"),
        issuer=certs.common_name("R&D of Example_", certs.PRINTABLE),
        validity=certs.sequence(tlv(0x17, b"200101000000Z"), tlv(0x17, b"330101000000Z")),
        key=certs.ec_key("ca"),
        signer=certs.ec_key("root"),
    )
)


@pytest.mark.parametrize(
    "leaf",
    [
        # Libraries reject these, but OpenSSL reads them.
        certs.raw_certificate(
            certs.dns_names("*.example.org"),
            subject=certs.common_name("*.example.org", certs.PRINTABLE),
        ),
        certs.raw_certificate(
            certs.extension(
                certs.SUBJECT_ALT_NAME,
                certs.sequence(tlv(0x82, b"*.example.org")),
                certs.CRITICAL_FALSE,
            )
        ),
        certs.raw_certificate(certs.dns_names("*.example.org"), serial=certs.integer(-4711)),
        certs.raw_certificate(
            certs.dns_names("*.example.org"),
            validity=certs.sequence(tlv(0x17, b"2512020000Z"), tlv(0x17, b"260302080000+0800")),
        ),
        certs.raw_certificate(
            certs.dns_names("*.example.org"),
            validity=certs.sequence(tlv(0x17, b"251202000000Z"), tlv(0x18, b"20260302000000.5Z")),
        ),
        certs.raw_certificate(
            certs.dns_names("*.example.org"),
            certs.extension(certs.AUTHORITY_KEY_ID, b"\x30\x03a"),
        ),
        certs.raw_certificate(certs.dns_names("*.example.org"), version=bytes.fromhex("a003020100")),
    ],
    ids=certs.case_id,
)
@pytest.mark.parametrize("with_key", [True, False])
def test_the_dates_are_those_of_the_leaf_whatever_libraries_refuse(leaf: bytes, with_key: bool) -> None:
    found = read_content(certs.pem_block(leaf) + INTERMEDIATE + (LEAF_KEY if with_key else ""))

    assert (found.not_before, found.not_after) == (certs.NOT_BEFORE, certs.NOT_AFTER)
    assert found.domains == ("*.example.org",)
    assert found.key_matches is (True if with_key else None)
    assert found.x509 is not None
    assert [item["issuer_cn"] for item in found.x509["chain"]] == ["R&D of Example_"]


@pytest.mark.parametrize("version", ["a003020101", "a003020103"])
def test_a_version_of_x509_that_nobody_uses(version: str) -> None:
    certificate = certs.pem_block(certs.raw_certificate(certs.dns_names(certs.SHOP), version=bytes.fromhex(version)))

    found = read_content(certificate + CA)

    assert found.x509 is not None
    assert found.x509["subject"] == {"common_name": certs.SHOP}
    assert found.x509["version"] == (2 if version.endswith("1") else None)
    assert found.x509_error == (None if version.endswith("1") else "version: unknown version of X.509")


def test_a_malformed_extension_keeps_the_rest() -> None:
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.15"), b"\x03\x05a")
    certificate = certs.build_certificate(extensions=[broken, certs.subject_alt_names(certs.SHOP)])

    found = read_content(certs.pem(certificate) + LEAF_KEY)

    assert (found.not_before, found.not_after) == (certs.NOT_BEFORE, certs.NOT_AFTER)
    assert found.key_matches is True
    assert found.domains == (certs.SHOP,)
    assert found.x509 is not None
    assert found.x509["key_usage"] is None
    assert found.x509_error == "keyUsage: it is truncated"


def test_names_that_are_not_read_are_not_none() -> None:
    broken = certs.extension(certs.SUBJECT_ALT_NAME, b"\x30\x03\x82\x05a")

    assert read_content(certs.pem_block(certs.raw_certificate(broken))).domains is None
    assert read_content(certs.pem_block(certs.raw_certificate())).domains == ()


def test_names_that_are_hidden_are_not_none() -> None:
    hidden = bytes(range(32)).hex().encode() * 2

    found = read_content(certs.pem_block(certs.raw_certificate(certs.dns_names(b"shop.example.com", hidden))))

    assert found.domains is None
    assert found.x509_error == "subjectAltName: a name is hidden, because it may contain a private key"
    assert found.not_after == certs.NOT_AFTER


@pytest.mark.parametrize(
    ("name", "domains"),
    [
        (b"Shop.Example.com", ("shop.example.com",)),
        (b"_acme.example.com", ("_acme.example.com",)),
        (b"xn--mnchen-3ya.example", ("xn--mnchen-3ya.example",)),
        # Names that no client compares.
        (b" shop.example.com", ()),
        (b"shop.example.com ", ()),
        (b"shop.example.com.", ()),
        ("bücher.example".encode(), ()),
        ("bücher.example".encode("latin-1"), ()),
        (b"https://shop.example.com", ()),
        (b"shop.example.com:443", ()),
        (b"192.0.2.7", ()),
        (b"*.2.3.4", ()),
        (b"", ()),
        (b"a b", ()),
    ],
)
def test_names_are_not_cleaned(name: bytes, domains: tuple[str, ...]) -> None:
    found = read_content(certs.pem_block(certs.raw_certificate(certs.dns_names(name))))

    assert found.domains == domains
    assert found.x509 is not None
    (shown,) = found.x509["subject_alt_names"]
    assert shown in (f"DNS:{name.decode('latin-1')}", f"DNS:{name.decode('utf-8', 'replace')}")


def test_a_common_name_is_no_domain() -> None:
    assert read_content(certs.pem_block(certs.raw_certificate(subject=certs.common_name(certs.SHOP)))).domains == ()


def test_an_address_of_eight_octets_is_none() -> None:
    network = certs.extension(certs.SUBJECT_ALT_NAME, certs.sequence(tlv(0x87, bytes(8)), tlv(0x87, bytes(4))))

    found = read_content(certs.pem_block(certs.raw_certificate(network)))

    assert found.x509 is not None
    assert found.x509["subject_alt_names"] == ["IP:<invalid>", "IP:0.0.0.0"]
    assert Certificate.from_api({}, "hk", None).with_content(found).addresses == ["0.0.0.0"]  # noqa: S104 (an address)


def test_nothing_is_computed_with_a_dsa_key_of_30000_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "load_der_private_key", Mock(side_effect=AssertionError("this is computed with")))
    numbers = [certs.integer(number) for number in (0, (1 << 29_999) + 1, 7, 2, 5, 3)]

    found = read_content(LEAF + certs.pem_block(certs.sequence(*numbers), "DSA PRIVATE KEY"))

    assert (found.key_matches, found.private_key_stored) == (False, True)


def test_a_certificate_whose_constraints_are_unknown_is_taken_for_no_ca() -> None:
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.19"), b"\x30\x05a")
    certificate = certs.build_certificate(subject=certs.name("unclear.example.com"), extensions=[broken])

    found = read_content(CA + certs.pem(certificate))

    assert found.x509 is not None
    assert found.x509["subject"] == {"common_name": "unclear.example.com"}
    assert found.x509["is_ca"] is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (LEAF_KEY + "junk\n" + LEAF + CUT_KEY + CA, LEAF + CA),
        ((CA + LEAF + LEAF_KEY).replace("\n", "\\n"), CA + LEAF),
        (LEAF_KEY, None),
        ("", None),
    ],
)
def test_keeping_the_pem_keeps_the_certificates_in_their_own_order(text: str, kept: str | None) -> None:
    assert read_content(text, keep_pem=True).pem == kept
    assert read_content(text).pem is None


def test_the_pem_is_kept_without_cryptography_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "CRYPTOGRAPHY_IMPORT_ERROR", "Traceback …")

    assert read_content(LEAF_KEY + LEAF + CA, keep_pem=True) == Content(
        pem=LEAF + CA, private_key_stored=True, x509_error="the Python library cryptography is not installed"
    )
    assert read_content(LEAF) == Content(
        private_key_stored=False, x509_error="the Python library cryptography is not installed"
    )


def test_a_reader_reads_each_content_once() -> None:
    reader = ContentReader()

    first = reader.read(LEAF + LEAF_KEY)

    assert first == read_content(LEAF + LEAF_KEY)
    assert reader.read(LEAF + LEAF_KEY) is first
    assert reader.read(LEAF + LEAF_KEY + "\n") is not first
    assert reader.read(CA) == read_content(CA)
    assert ContentReader(keep_pem=True).read(LEAF + LEAF_KEY).pem == LEAF


def test_a_reader_remembers_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = ContentReader()
    reader.read(LEAF + LEAF_KEY)

    assert [len(key) for key in reader._cache] == [32]
    monkeypatch.setattr(content_module, "read_content", None)
    assert reader.read(LEAF + LEAF_KEY).key_matches is True


def test_a_reader_takes_halves_of_surrogate_pairs() -> None:
    assert ContentReader().read(f"\ud83d{LEAF}").domains == ("shop.example.com", "*.shop.example.com")


MUTABLE = [
    certs.der(certs.leaf()),
    certs.der(certs.authority()),
    certs.der(certs.build_certificate(certs.rsa_key(), extensions=[x509.KeyUsage(*[True] * 9)])),
    certs.der(
        certs.build_certificate(
            certs.ec_key(curve=ec.SECP521R1),
            extensions=[x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.2.3")])],
        )
    ),
]


@PROPERTY
@given(
    der=st.sampled_from(MUTABLE),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=3)), min_size=1, max_size=4),
)
def test_no_damage_raises(der: bytes, changes: list[tuple[int, bytes]]) -> None:
    damaged = bytearray(der)
    for place, change in changes:
        start = place % len(damaged)
        damaged[start : start + len(change)] = change

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography warns about values that RFC 5280 does not allow
        found = read_content(pem_module.join([bytes(damaged)]) + LEAF_KEY, keep_pem=True)

    assert found.private_key_stored is True
    assert (found.x509 is None) <= (found.x509_error is not None)
    # The result can be written as UTF-8.
    assert json.loads(json.dumps(found.x509, ensure_ascii=False).encode()) == found.x509
    assert (found.x509_error or "").encode().decode() == (found.x509_error or "")


KEY_DER = certs.ec_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
LABELS = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]
BREAKS: list[Callable[[str, int], str]] = [
    lambda text, _place: text,
    lambda text, place: text[: place % len(text)],
    lambda text, place: text[place % len(text) :],
    lambda text, place: text + text[: place % len(text)],
    lambda text, place: text.replace("-----", "-" * (place % 7), 1),
    lambda text, place: text.replace(LABELS[0], LABELS[place % 6]),
    lambda text, place: text.replace("BEGIN", "END") if place % 2 else text.replace("END", "BEGIN"),
    lambda text, place: text.replace("\n", ["\\n", " ", "", "\r", "\n\n", "\0"][place % 6]),
    lambda text, place: text[: place % len(text)] + "\ud800" + text[place % len(text) :],
]


@PROPERTY
@given(
    blocks=st.lists(
        st.tuples(
            st.sampled_from([*MUTABLE, KEY_DER]),
            st.sampled_from(LABELS),
            st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 7)), max_size=2),
            st.sampled_from(BREAKS),
            st.integers(0, 3000),
        ),
        max_size=5,
    ),
    keep_pem=st.booleans(),
)
def test_no_mixture_of_damaged_blocks_raises(
    blocks: list[tuple[bytes, str, list[tuple[int, int]], Callable[[str, int], str], int]], *, keep_pem: bool
) -> None:
    text = ""
    for der, label, flips, broken, place in blocks:
        damaged = bytearray(der)
        for byte, bit in flips:
            damaged[byte % len(damaged)] ^= 1 << bit
        body = base64.encodebytes(damaged).decode()
        text += broken(f"-----BEGIN {label}-----\n{body}-----END {label}-----\n", place)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        found = read_content(text, keep_pem=keep_pem)

    assert (found.x509 is None) <= (found.x509_error is not None)
    assert json.loads(json.dumps(vars(found), ensure_ascii=False).encode()) == {
        **vars(found),
        "domains": None if found.domains is None else list(found.domains),
    }
    if found.pem:
        again = read_content(found.pem)
        assert again.private_key_stored is False
        assert again.x509 is not None
        assert again.x509["unread_certificates"] == 0
        if found.x509:
            assert len(again.x509["chain"]) == len(found.x509["chain"])
