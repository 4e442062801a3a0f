# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private key disguised as a certificate is not returned. Certificates are returned unchanged."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der, pem
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs
from ansible_collections.ucloud.ulb.tests.unit.factories.certs import (
    bits,
    extension,
    integer,
    octets,
    oid,
    pem_block,
    raw_certificate,
    sequence,
)

KEY = certs.key_pem(certs.rsa_key("canary"))
DER = base64.b64decode("".join(KEY.splitlines()[1:-1]))
TRADITIONAL = certs.rsa_key("canary").private_bytes(Encoding.DER, certs.TRADITIONAL, NoEncryption())
ENCRYPTED_PEM = certs.key_pem(certs.rsa_key("canary"), encrypted=True)
ENCRYPTED = base64.b64decode("".join(ENCRYPTED_PEM.splitlines()[1:-1]))
EC_KEY = ec.derive_private_key(int.from_bytes(hashlib.sha256(b"canary").digest(), "big") >> 1, ec.SECP256R1())
EC_DER = EC_KEY.private_bytes(Encoding.DER, certs.PKCS8, NoEncryption())
SEC1 = EC_KEY.private_bytes(Encoding.DER, certs.TRADITIONAL, NoEncryption())
OPENSSH = EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
OPENSSH_DER = base64.b64decode(b"".join(OPENSSH.splitlines()[1:-1]))
EDWARDS = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"bird").digest())
EDWARDS_DER = EDWARDS.private_bytes(Encoding.DER, certs.PKCS8, NoEncryption())
PBES1 = sequence(sequence(oid("1.2.840.113549.1.12.1.3"), sequence(octets(b"salt1234"), integer(2048))), octets(DER))
SOUND = certs.pem(certs.leaf())
CERTIFICATES = [certs.pem(certs.build_certificate(key)) for key in (certs.rsa_key("canary"), EC_KEY, EDWARDS)]
SECRETS = Secrets(
    [
        KEY,
        ENCRYPTED_PEM,
        certs.key_pem(EC_KEY),
        OPENSSH.decode(),
        certs.key_pem(EDWARDS),
        SOUND,
        *CERTIFICATES,
    ]
)

TIME = tlv(0x17, b"260302000000Z")
PRIVATE_OID = "1.3.6.1.4.1.99999.1"
LEAF = certs.der(certs.leaf())
TBS, ALGORITHM, SIGNATURE = (der.whole(LEAF, item) for item in der.only(LEAF))


def in_extension(value: bytes) -> bytes:
    return raw_certificate(certs.dns_names(certs.SHOP), extension(PRIVATE_OID, value))


def named(value: bytes, tag: int = certs.UTF8) -> bytes:
    return raw_certificate(subject=certs.common_name(value, tag))


#: Where somebody may put a key. Each is DER under the label CERTIFICATE.
HIDING_PLACES: dict[str, Callable[[], bytes]] = {
    # Data that is not a certificate.
    "pkcs8": lambda: DER,
    "pkcs1": lambda: TRADITIONAL,
    "sec1": lambda: SEC1,
    "ed25519": lambda: EDWARDS_DER,
    "encrypted": lambda: ENCRYPTED,
    "in a sequence": lambda: sequence(DER),
    "in two sequences": lambda: sequence(sequence(DER)),
    "three elements": lambda: sequence(DER, ALGORITHM, bits(b"signature")),
    "signed part that holds nothing else": lambda: sequence(sequence(DER), ALGORITHM, SIGNATURE),
    "in place of the signature": lambda: sequence(TBS, ALGORITHM, DER),
    "in place of the algorithm": lambda: sequence(TBS, DER, SIGNATURE),
    # Before, between and after the parts of a certificate.
    "behind the signature": lambda: sequence(TBS, ALGORITHM, SIGNATURE, DER),
    "behind the signature, as octets": lambda: sequence(TBS, ALGORITHM, SIGNATURE, octets(DER)),
    "behind the signature, as text": lambda: sequence(TBS, ALGORITHM, SIGNATURE, tlv(certs.UTF8, KEY.encode())),
    "before the signed part": lambda: sequence(DER, TBS, ALGORITHM, SIGNATURE),
    "between algorithm and signature": lambda: sequence(TBS, ALGORITHM, DER, SIGNATURE),
    "behind the certificate": lambda: certs.der(certs.leaf()) + DER,
    "behind the certificate, as text": lambda: certs.der(certs.leaf()) + KEY.encode(),
    "behind the certificate, as a trusted one has": lambda: certs.der(certs.leaf()) + sequence(octets(DER)),
    # In the fields.
    "serial number": lambda: raw_certificate(serial=tlv(0x02, DER)),
    "serial number, the secret alone": lambda: raw_certificate(serial=integer(EC_KEY.private_numbers().private_value)),
    "serial number, negative": lambda: raw_certificate(serial=integer(-EC_KEY.private_numbers().private_value)),
    "serial number, behind zeros": lambda: raw_certificate(serial=tlv(0x02, bytes(40) + DER)),
    "version": lambda: raw_certificate(version=tlv(0xA0, DER)),
    "behind the version": lambda: raw_certificate(version=tlv(0xA0, integer(2) + DER)),
    "version, as a number": lambda: raw_certificate(version=tlv(0xA0, tlv(0x02, DER))),
    "parameters of the signature": lambda: raw_certificate(algorithm=sequence(oid("1.2.840.10045.4.3.2"), DER)),
    "parameters, octets": lambda: raw_certificate(algorithm=sequence(oid("1.2.840.10045.4.3.2"), octets(DER))),
    "parameters of the outer algorithm": lambda: raw_certificate(
        outer_algorithm=sequence(oid("1.2.840.10045.4.3.2"), DER)
    ),
    "object identifier": lambda: raw_certificate(algorithm=sequence(tlv(0x06, DER))),
    "behind the parameters": lambda: raw_certificate(algorithm=sequence(oid("1.2.840.10045.4.3.2"), certs.NULL, DER)),
    "in the validity": lambda: raw_certificate(validity=sequence(TIME, TIME, DER)),
    "as a time": lambda: raw_certificate(validity=sequence(tlv(0x17, DER), TIME)),
    "as a fraction of a time": lambda: raw_certificate(
        validity=sequence(tlv(0x18, b"20251202000000.%dZ" % EC_KEY.private_numbers().private_value), TIME)
    ),
    "common name": lambda: named(KEY.encode()),
    "common name, its base64 alone": lambda: named(base64.b64encode(DER)),
    "common name, hexadecimal": lambda: named(DER.hex().encode()),
    "common name, in UTF-16": lambda: named(KEY.encode("utf-16-be"), certs.BMP),
    "common name, in UTF-32": lambda: named(KEY.encode("utf-32-be"), certs.UNIVERSAL),
    "common name, bytes": lambda: named(DER, certs.TELETEX),
    "common name, octets": lambda: named(DER, 0x04),
    "common name, sequence": lambda: named(DER[4:], 0x30),
    "attribute that is no pair": lambda: raw_certificate(
        subject=sequence(tlv(0x31, sequence(oid("2.5.4.3"), DER, DER)))
    ),
    "issuer": lambda: raw_certificate(issuer=certs.common_name(KEY)),
    "unique identifier of the issuer": lambda: raw_certificate(unique_ids=tlv(0x81, b"\0" + DER)),
    "unique identifier of the subject": lambda: raw_certificate(unique_ids=tlv(0x82, b"\0" + DER)),
    "unique identifier, in parts": lambda: raw_certificate(unique_ids=tlv(0xA2, bits(DER))),
    "public key": lambda: raw_certificate(public_key=DER),
    "behind the public key": lambda: raw_certificate(public_key=sequence(certs.spki(certs.ec_key()), DER)),
    "bits of the public key": lambda: raw_certificate(
        public_key=sequence(sequence(oid("1.2.840.10045.2.1")), bits(SEC1))
    ),
    "parameters of the public key": lambda: raw_certificate(
        public_key=sequence(sequence(oid("1.2.840.10045.2.1"), DER), bits(b"\4" + bytes(64)))
    ),
    "behind the extensions": lambda: raw_certificate(extensions_field=tlv(0xA3, sequence(certs.CA_FALSE) + DER)),
    "among the extensions": lambda: raw_certificate(certs.CA_FALSE, DER),
    "as octets among the extensions": lambda: raw_certificate(certs.CA_FALSE, sequence(octets(DER))),
    "behind the value of an extension": lambda: raw_certificate(sequence(oid(PRIVATE_OID), octets(b"x"), octets(DER))),
    "in place of critical": lambda: raw_certificate(sequence(oid(PRIVATE_OID), tlv(0x01, DER), octets(b"x"))),
    "one extension twice": lambda: raw_certificate(extension(PRIVATE_OID, b"x"), extension(PRIVATE_OID, EC_DER)),
    "private extension": lambda: in_extension(DER),
    "private extension, pkcs1": lambda: in_extension(TRADITIONAL),
    "private extension, sec1": lambda: in_extension(SEC1),
    "private extension, pkcs8 of an EC key": lambda: in_extension(EC_DER),
    "private extension, ed25519": lambda: in_extension(EDWARDS_DER),
    "private extension, encrypted": lambda: in_extension(ENCRYPTED),
    "private extension, encrypted in the old way": lambda: in_extension(PBES1),
    "private extension, OpenSSH": lambda: in_extension(OPENSSH_DER),
    "private extension, octets": lambda: in_extension(octets(DER)),
    "private extension, PEM": lambda: in_extension(KEY.encode()),
    "private extension, text": lambda: in_extension(tlv(certs.UTF8, KEY.encode())),
    "private extension, UTF-16": lambda: in_extension(tlv(certs.BMP, KEY.encode("utf-16-be"))),
    "private extension, little end first": lambda: in_extension(KEY.encode("utf-16-le")),
    "private extension, base64": lambda: in_extension(base64.b64encode(DER)),
    "private extension, hexadecimal": lambda: in_extension(DER.hex().encode()),
    "private extension, in the middle": lambda: in_extension(b"\1" * 100 + DER + b"\1" * 100),
    "DNS name": lambda: raw_certificate(certs.dns_names(KEY)),
    "DNS names, line by line": lambda: raw_certificate(certs.dns_names(*KEY.splitlines())),
    "other name": lambda: raw_certificate(
        extension(certs.SUBJECT_ALT_NAME, sequence(tlv(0xA0, oid(PRIVATE_OID) + tlv(0xA0, octets(DER)))))
    ),
    "e-mail address": lambda: raw_certificate(
        extension(certs.SUBJECT_ALT_NAME, sequence(tlv(0x81, base64.b64encode(DER))))
    ),
    "URI": lambda: raw_certificate(
        extension(certs.SUBJECT_ALT_NAME, sequence(tlv(0x86, b"data:," + base64.b64encode(DER))))
    ),
    "X.400 name": lambda: raw_certificate(extension(certs.SUBJECT_ALT_NAME, sequence(tlv(0xA3, DER)))),
    "address of an OCSP responder": lambda: raw_certificate(
        extension(
            certs.AUTHORITY_INFORMATION_ACCESS,
            sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://ocsp/" + base64.b64encode(DER)))),
        )
    ),
    "signature": lambda: raw_certificate(sign=lambda _data: DER),
    "signature, as text": lambda: raw_certificate(sign=lambda _data: KEY.encode()),
    "bits that do not count": lambda: sequence(TBS, ALGORITHM, tlv(0x03, b"\x07" + DER)),
    "bits that cannot be": lambda: sequence(TBS, ALGORITHM, tlv(0x03, DER)),
    "length that is longer than it has to be": lambda: b"\x30\x84" + len(DER).to_bytes(4, "big") + DER,
}  # fmt: skip


def test_the_canaries_sing() -> None:
    assert len(HIDING_PLACES) >= 40
    plain = {"serial number, the secret alone", "serial number, negative", "as a fraction of a time"}
    for name, make in HIDING_PLACES.items():
        data = make()
        assert name in plain or SECRETS.found_in(data, data.replace(b"\0", b"")), name
    assert SECRETS.found_in(hex(EC_KEY.private_numbers().private_value))


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_no_key_is_let_out(place: str) -> None:
    data = HIDING_PLACES[place]()
    is_behind = place.startswith("behind the certificate")

    for label in ("CERTIFICATE", "TRUSTED CERTIFICATE", "MY CERTIFICATE"):
        for text in (pem_block(data, label), SOUND + pem_block(data, label), pem_block(data, label) + SOUND):
            content = read_content(text, keep_pem=True)

            assert SECRETS.found_in(content.pem or "") == set()
            assert SECRETS.found_in(json.dumps([content.x509, content.x509_error, content.domains])) == set()
            assert set((content.pem or "").split("-----BEGIN")) <= {"", *SOUND.split("-----BEGIN")}
            assert not is_behind or content.pem


@pytest.mark.parametrize("header", ["X-Key: {}", "Comment: {}", "{}"])
def test_nothing_of_the_headers_of_a_block_is_let_out(header: str) -> None:
    begin, *lines = SOUND.splitlines()
    headed = "\n".join([begin, header.format(base64.b64encode(DER).decode()), "", *lines, ""])

    content = read_content(headed + SOUND, keep_pem=True)

    assert content.pem in (None, SOUND)
    assert SECRETS.found_in(content.pem or "") == set()


@pytest.mark.parametrize(
    "certificate",
    [
        certs.der(certs.leaf()),
        certs.der(certs.authority()),
        certs.der(certs.build_certificate(certs.rsa_key(), subject=certs.name("Example CA"), serial=(1 << 159) - 1)),
        raw_certificate(version=b""),
        raw_certificate(serial=integer(0), version=b""),
        raw_certificate(serial=integer(-5)),
        raw_certificate(extension(PRIVATE_OID, bytes(range(256)) * 20)),
        raw_certificate(extension(certs.SUBJECT_ALT_NAME, b"broken")),
        raw_certificate(
            certs.dns_names("d3b07384d113edec49eaa6238ad5ff00.cdn.example.com", "xn--b1akcbzg4a2ba0exa.xn--p1ai")
        ),
        raw_certificate(
            subject=certs.common_name("The Name of an Organization That is as Long as the Standard Allows (64)")
        ),
        raw_certificate(
            extension("2.5.29.32", sequence(sequence(oid("2.5.29.32.0"), sequence(integer(1), integer(2)))))
        ),
    ],
    ids=certs.case_id,
)
def test_certificates_are_let_out_as_they_are(certificate: bytes) -> None:
    assert read_content(pem_block(certificate), keep_pem=True).pem == pem.join([certificate])


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1 << 159, hex(1 << 159)), (1 << 200, hex(1 << 200)), (1 << 240, None), (-(1 << 240), None)],
)
def test_a_serial_number_over_20_octets_makes_facts_and_no_content(number: int, shown: str | None) -> None:
    content = read_content(pem_block(raw_certificate(serial=integer(number))), keep_pem=True)

    assert content.pem is None
    assert content.x509 is not None
    assert content.x509["serial_number"] == shown
    assert content.x509["subject"] == {"common_name": certs.SHOP}
    assert (content.x509_error is None) == (shown is not None)


def test_no_chain_is_let_out_without_the_certificate_that_it_belongs_to() -> None:
    leaf = raw_certificate(serial=integer(1 << 159))

    assert read_content(pem_block(leaf) + certs.pem(certs.authority()), keep_pem=True).pem is None


def test_keys_of_other_kinds_of_password_are_known() -> None:
    for password in (b"a", b"a password"):
        key = EC_KEY.private_bytes(Encoding.DER, certs.PKCS8, BestAvailableEncryption(password))
        assert read_content(pem_block(in_extension(key)), keep_pem=True).pem is None
