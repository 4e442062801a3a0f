# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names, hashes and parameters of signature algorithms, compared with cryptography and openssl where possible."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import SignatureAlgorithmOID

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import oids, signature_algorithms
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.signature_algorithms import (
    SignatureAlgorithm,
    read_signature_algorithm,
)
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

PSS, MGF1, SHA256, SHA3_256 = (
    "1.2.840.113549.1.1.10",
    "1.2.840.113549.1.1.8",
    "2.16.840.1.101.3.4.2.1",
    "2.16.840.1.101.3.4.2.8",
)


def read(oid: str, *parameters: bytes) -> SignatureAlgorithm:
    return read_signature_algorithm(certs.sequence(certs.oid(oid), *parameters))


@pytest.mark.parametrize(
    ("oid", "name", "key", "digest"),
    [
        ("1.2.840.113549.1.1.2", "md2WithRSAEncryption", "RSA", "md2"),
        ("1.2.840.113549.1.1.4", "md5WithRSAEncryption", "RSA", "md5"),
        ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", "RSA", "sha1"),
        ("1.3.14.3.2.29", "sha1WithRSA", "RSA", "sha1"),
        ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", "RSA", "sha256"),
        ("2.16.840.1.101.3.4.3.14", "RSA-SHA3-256", "RSA", "sha3-256"),
        ("1.2.840.10045.4.1", "ecdsa-with-SHA1", "EC", "sha1"),
        ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", "EC", "sha384"),
        ("1.2.840.10040.4.3", "dsa-with-sha1", "DSA", "sha1"),
        ("1.2.156.10197.1.501", "SM2-with-SM3", "SM2", "sm3"),
        ("1.3.101.112", "ed25519", "Ed25519", "none"),
        ("1.3.101.113", "ed448", "Ed448", "none"),
        ("1.2.3.4", "1.2.3.4", "", None),
    ],
)
def test_algorithms(oid: str, name: str, key: str, digest: str | None) -> None:
    assert read(oid, certs.NULL) == read(oid) == SignatureAlgorithm(name, key, digest)


def test_every_algorithm_has_a_name_that_says_its_hash() -> None:
    for oid, (_key, digest) in signature_algorithms._ALGORITHMS.items():
        name = oids.NAMES[oid].lower().replace("sha3-", "sha3").replace("_", "-")
        if digest not in ("none", "sha", "gost94", "streebog256", "streebog512"):
            assert digest.replace("sha3-", "sha3").split("-")[0] in name


def test_hashes_are_those_that_cryptography_says() -> None:
    compared = 0
    known = {name: oid for name, oid in vars(SignatureAlgorithmOID).items() if isinstance(oid, x509.ObjectIdentifier)}
    table = x509.oid._SIG_OIDS_TO_HASH if hasattr(x509.oid, "_SIG_OIDS_TO_HASH") else {}
    for oid in known.values():
        if oid.dotted_string in signature_algorithms._ALGORITHMS and table.get(oid) is not None:
            assert read(oid.dotted_string).hash == table[oid].name
            compared += 1
    assert compared > 10 or not table


def pss(*parts: bytes) -> SignatureAlgorithm:
    return read(PSS, certs.sequence(*parts))


def hashed(oid: str) -> bytes:
    return certs.sequence(certs.oid(oid), certs.NULL)


def masked(oid: str, function: str = MGF1) -> bytes:
    return certs.sequence(certs.oid(function), hashed(oid))


def test_parameters_of_pss() -> None:
    assert pss(
        tlv(0xA0, hashed(SHA256)), tlv(0xA1, masked(SHA256)), tlv(0xA2, certs.integer(32))
    ) == SignatureAlgorithm("rsassaPss", "PSS", "sha256", "sha256", 32)
    assert pss(
        tlv(0xA0, hashed(SHA3_256)), tlv(0xA1, masked(SHA256)), tlv(0xA3, certs.integer(1))
    ) == SignatureAlgorithm("rsassaPss", "PSS", "sha3-256", "sha256", 20)


def test_what_pss_leaves_out_is_sha1() -> None:
    expected = SignatureAlgorithm("rsassaPss", "PSS", "sha1", "sha1", 20)

    assert pss() == expected
    # A certificate must have parameters (RFC 4055, 3.1).
    assert read(PSS) == SignatureAlgorithm("rsassaPss")


def test_hashes_of_pss_that_are_not_known() -> None:
    found = pss(tlv(0xA0, hashed("1.2.3.4")), tlv(0xA1, masked(SHA256, "1.2.3.4")))

    assert found == SignatureAlgorithm("rsassaPss", "PSS", None, None, 20)


@pytest.mark.parametrize(
    "parts",
    [
        (tlv(0xA0, b""),),
        (tlv(0xA0, certs.sequence()),),
        (tlv(0xA0, hashed(SHA256) * 2),),
        (tlv(0xA0, hashed(SHA256) * 3),),
        (tlv(0xA0, certs.sequence(certs.integer(1))),),
        (tlv(0xA1, b""),),
        (tlv(0xA1, certs.sequence()),),
        (tlv(0xA1, certs.sequence(certs.oid(MGF1))),),
        (tlv(0xA1, certs.sequence(certs.oid(MGF1), certs.sequence())),),
        (tlv(0xA2, b""),),
        (tlv(0xA2, certs.octets(b"")),),
        (tlv(0xA2, certs.integer(1) * 2),),
    ],
    ids=certs.case_id,
)
def test_parameters_of_pss_that_are_malformed_say_nothing(parts: tuple[bytes, ...]) -> None:
    assert pss(*parts) == SignatureAlgorithm("rsassaPss")


def test_parameters_of_pss_that_are_no_list_say_nothing() -> None:
    assert read(PSS, certs.integer(1)) == SignatureAlgorithm("rsassaPss")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        certs.sequence(),
        certs.sequence(certs.integer(1)),
        certs.oid("1.2.3"),
    ],
)
def test_what_is_no_algorithm(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_signature_algorithm(data)
