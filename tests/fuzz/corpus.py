# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seed inputs for mutations: realistic data, generated on demand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from ssl import PEM_cert_to_DER_cert

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ..simulator import demo
from ..simulator.keys import private_key

_END = "-----END CERTIFICATE-----\n"
_RECORDS = [record for _region, _project, record in demo()]
_CONTENTS = list(dict.fromkeys(record["SSLContent"] for record in _RECORDS if record.get("SSLContent")))


def contents() -> Iterator[bytes]:
    """All ``SSLContent`` of the demo data, and keys in all formats."""
    certificate, *_others = _certificates()
    yield from map(str.encode, _CONTENTS)
    for kind in ("rsa2048", "p256"):
        key = private_key(kind, "fuzz")
        for form in (PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8):
            for encryption in (NoEncryption(), BestAvailableEncryption(b"of a test")):
                yield certificate.encode() + key.private_bytes(Encoding.PEM, form, encryption)
        yield key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    for line_end in ("\r\n", "\\n", " ", ""):
        yield certificate.replace("\n", line_end).encode()


def certificates() -> Iterator[bytes]:
    """The DER of all certificates of the demo data."""
    return map(PEM_cert_to_DER_cert, _certificates())


def distinguished_names() -> Iterator[bytes]:
    """Subjects of all certificates of the demo data, and their subject alternative names without the outer SEQUENCE."""
    for der in certificates():
        with suppress(ValueError):  # one of them is cut off
            yield x509.load_der_x509_certificate(der).subject.public_bytes()
    for name in ("820b6578616d706c652e636f6d", "8704c0000207", "8603612f62", "88032a0304", "a00906032a0304a0020c00"):
        yield bytes.fromhex(name)


def keys() -> Iterator[bytes]:
    """Public and private keys of all types in the demo data."""
    for kind in ("rsa1024", "rsa2048", "p256", "p384", "ed25519", "dsa1024"):
        key = private_key(kind, "fuzz")
        yield key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        yield key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        if kind != "ed25519":
            yield key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def answers() -> Iterator[bytes]:
    """Pages of the demo data, and responses that are not pages."""
    records = iter(_RECORDS)
    while page := list(islice(records, 3)):
        yield json.dumps({"RetCode": 0, "TotalCount": len(page), "DataSet": page}).encode()
    yield b'{"RetCode": 299, "Message": "IAM permission denied"}'
    yield b'{"RetCode": "0", "TotalCount": "1", "DataSet ": [{"SSLId": "ssl-1", "SSLBindedTargetSet": ["lsn-1"]}]}'


def names() -> Iterator[bytes]:
    """Lists of domains in all supported formats."""
    for separator in (",", ";", " ", "\n"):
        yield separator.join(["shop.example.com", "*.商城.example", "straße.example."]).encode()
    yield b'["shop.example.com", "*.shop.example.com"]'


def times() -> Iterator[bytes]:
    """Timestamps of the API, and durations."""
    return chain((b"1767225600", b'"1767225600"', b"1767225600000", b"0", b"-1", b"1e9"), (b"30d", b"1w2d3h4m5s"))


def _certificates() -> Iterator[str]:
    for content in _CONTENTS:
        for block in content.split(_END)[:-1]:
            yield block[block.rindex("-----BEGIN CERTIFICATE-----") :] + _END
