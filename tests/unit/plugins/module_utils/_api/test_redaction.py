# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys are hidden in names and messages, however they are written; other names are not changed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import json
import random
import textwrap
import uuid
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.ucloud.ulb.plugins.module_utils._api.messages import MASK, without_secrets
from ansible_collections.ucloud.ulb.plugins.module_utils._api.redaction import HIDDEN, as_digest, as_name, read_name
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.leaks.dialects import DIALECTS, dialects_of
from ansible_collections.ucloud.ulb.tests.simulator.keys import key_pem, private_key

# Fixed keys, because the distribution of their characters decides whether they are recognized.
SEED = hashlib.sha256(b"redaction").digest()
KEYS = {
    "rsa2048": key_pem(private_key("rsa2048", "redaction")),
    "p256": key_pem(ec.derive_private_key(int.from_bytes(SEED, "big") >> 1, ec.SECP256R1())),
    "ed25519": key_pem(ed25519.Ed25519PrivateKey.from_private_bytes(SEED)),
}
SECRETS = Secrets(KEYS.values())
NAMES = [
    "shop",
    "wildcard.example.com-2026-11",
    "productionloadbalancercertificate",
    "ProductionLoadBalancerCertificate2026ForShopExampleComV2",
    "ip-10-0-1-23-eu-west-1-k8s-prod2-v3-lb4-zone1a",
    "k8s-ssl-cert-9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "letsencrypt-1732800000-shop.example.com-rsa2048-sha256",
    "Shop (prod) [2026] #1 / v2 & v3 + co. / backup 3 for Q4 2026",
    "DigiCert Global G2 TLS RSA SHA256 2020 CA1 for *.example.com",
    "GlobalSign RSA OV SSL CA 2018 shop.example.com 2026-11-28T13:45:00Z",
    "my private key certificate of the shop (renewed 2026)",
    "the certificate whose name somebody has made as long as a sentence, for no reason that is known",
    "the certificate for the web shop in the region hong kong and all of its load balancers, version 2",
    "certificatefortheproductionwebshopintheregionhongkongandsomeothers2",
    "prod-k8s-tls-7f9c6b5d4-x2x9z.default.svc.cluster.local",
    "www.blog.8---ki4b1aww2f5g8b5e4jta.example.jp",
    "*.a1b2c3d4e5f6g7h8.execute-api.ap-southeast-1.example.com",
    "ingress-nginx-7f9c6b5d4-x2x9z-tls-2026v3",
    "l5satjgud6gucryazcyvyvhuxhr74u6ygigiuyixe3a6ysis67ororad.onion",
    "d3b07384d113edec49eaa6238ad5ff00.cdn.example.com",
    "_acme-challenge.3f2504e0-4f89-11d3-9a0c-0305e82c3301.example.com",
    "xn--80akhbyknj4f.xn--p1ai, xn--b1akcbzg4a2ba0exa.xn--p1ai, xn--3e0b707e.xn--o39aom870eh8d.xn--p1ai",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ":".join(["0F", "a3", "7c", "D1", "5e"] * 4),
    "ssl-1a2b3c4d5e6f",
    "org-abcdef0123",
    "电子商务平台生产环境负载均衡证书二〇二六年十一月版本号第三十七号更新" * 2,
    "\x1b[2J\x1b[HAll certificates are compliant\x1b[0m",
    "a" * 1000,
    "%41 100% sure",
    "MyCompanyWildcardCertForAllProductionServicesInEuWest1AndUsEast2",
    "ProdShopStackAlbHttpsListenerCertificate5A2B9C4D",
    "vpce-d5482a90a29b9fa5f-4ldqbwzb.vpce-svc-dbc0e15637ebb8e3b.us-east-1.vpce.example.com",
    "apiserver.c2d5f4a8e90b3c1d7e6a5b4f3c2d1e0a9.cn-hangzhou.cs.example.com",
    "k8s-ingressn-ingressn-c72b22a8f5-a76ac49d7db2228b.elb.us-east-1.example.com",
    "http://privateca-content-94f14c39-1971-4981-9974-b87804c1599f.storage.example.com/41b2d9f0f7d5b4439f5a/crl.crl",
    "spiffe://2b94086d-5d1b-4731-adcf-51758c8c135c.consul/ns/web-2b3fb3b6-5af9-493c-bee0-674d9d4448b5",
    "57a1faa5-a060-4e18-b308-69dbe600de2b_b4821dcf-3e50-43fb-aca5-945cef145d96",
    "shop.example.com-045e1e2ddf73db252e27ced831b5c44109a3",
    "frontend-private-key-rotation-test-certificate-2026",
    "ldap:///CN=CORP-CA01(1),CN=PKI01,CN=CDP,CN=Public%20Key%20Services,DC=corp?certificateRevocationList?base",
    "вебмагазин-продакшн-сертификат-балансировщика-нагрузки-2026-11-28",
    "a\\nb",
    "WildcardCertificateOfTheShop!#$%&*@InHongkong",
]
LOOKALIKES = str.maketrans("ABCEHKMOPTXaceopxy", "АВСЕНКМОРТХасеорху")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


LOOKALIKES = str.maketrans("ABCEHKMOPTXaceopxy", "АВСЕНКМОРТХасеорху")

#: Ways to write a piece of a key, its size in bytes, and the minimum percentage of pieces that are hidden. Each way is
#: recognized by a different criterion.
PIECES: dict[str, tuple[Callable[[bytes], str], int, int]] = {
    "base64": (_base64, 32, 95),
    "base64 of URLs": (lambda key: base64.urlsafe_b64encode(key).decode().rstrip("="), 32, 95),
    "groups of four": (lambda key: " ".join(textwrap.wrap(_base64(key), 4)), 32, 95),
    "groups of eight": (lambda key: "-".join(textwrap.wrap(_base64(key), 8)), 32, 90),
    "groups of any length": (lambda key: _in_uneven_groups(_base64(key)), 32, 40),
    "quoted-printable": (lambda key: "".join(f"={ord(char):02X}" for char in _base64(key)), 32, 95),
    "percent-encoded": (lambda key: "".join(f"%{ord(char):02x}" for char in _base64(key)), 32, 95),
    "invisible characters": (lambda key: _in_uneven_groups(_base64(key)).replace(".", "\u200b"), 32, 95),
    "accents": (lambda key: _in_uneven_groups(_base64(key)).replace(".", "\u0301"), 32, 95),
    "letters of another alphabet": (lambda key: _base64(key).translate(LOOKALIKES), 32, 90),
    "small letters": (lambda key: _base64(key).lower(), 48, 72),
    "groups of small letters": (lambda key: ".".join(textwrap.wrap(_base64(key).lower(), 13)), 48, 59),
}


def _in_uneven_groups(text: str) -> str:
    starts = (0, 11, 16, 29, 38, len(text))
    return ".".join(text[start:end] for start, end in itertools.pairwise(starts))


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_as_they_are(name: str) -> None:
    assert as_name(name) == name


@pytest.mark.parametrize("form", PIECES)
def test_most_pieces_of_keys_are_hidden(form: str) -> None:
    write, size, least = PIECES[form]
    chance = random.Random(SEED)

    texts = [write(chance.randbytes(size)) for _number in range(1000)]

    assert sum(as_name(text) == HIDDEN for text in texts) >= 10 * least


@pytest.mark.parametrize(
    "name", ["-----BEGIN PRIVATE KEY-----", "BEGIN RSA PRIVATE KEY of the shop", "BEGIN%20PRIVATE%20KEY"]
)
def test_a_label_is_hidden_without_its_key(name: str) -> None:
    assert as_name(name) == HIDDEN


@pytest.mark.parametrize("width", [6, 10, 13, 16])
def test_the_begin_of_a_key_is_hidden_in_pieces_too(width: int) -> None:
    line = KEYS["rsa2048"].splitlines()[1]

    assert as_name("-".join(textwrap.wrap(f"{line[:40]}aaaaaaaaaaaaaaaaaaaa", width))) == HIDDEN


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_dialect_of_a_key_comes_through(dialect: str, kind: str) -> None:
    for text in dialects_of(dialect, KEYS[kind]):
        named = f"shop.example.com {text}"
        assert as_name(text) == as_digest(text) == as_name(named) == HIDDEN
        shown = without_secrets(f"invalid parameter: {text}")
        assert SECRETS.found_in(shown or "") == set()


@pytest.mark.parametrize("kind", KEYS)
def test_codes_with_more_signs_than_names_have(kind: str) -> None:
    der = base64.b64decode("".join(KEYS[kind].splitlines()[1:-1]))
    lines = [der[start : start + 45] for start in range(0, len(der), 45)]

    for text in (
        base64.b85encode(der).decode(),
        base64.a85encode(der).decode(),
        "".join(binascii.b2a_uu(line, backtick=True).decode() for line in lines),
    ):
        assert as_name(text) == HIDDEN


@pytest.mark.parametrize("kind", ["rsa1024", "rsa2048", "rsa3072", "rsa4096"])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_the_first_line_of_a_large_key(kind: str, form: PrivateFormat) -> None:
    """Most of it is the same in all keys, so it contains hardly any random characters."""
    key = private_key(kind, "redaction")
    assert isinstance(key, rsa.RSAPrivateKey)
    modulus = key.public_key().public_numbers().n.to_bytes(key.key_size // 8, "big")
    head = key.private_bytes(Encoding.DER, form, NoEncryption()).partition(modulus)[0]

    for rest in (b"\x80" + bytes(63), b"\xff" * 64, modulus):
        line = base64.b64encode(head + rest).decode()[:64]
        assert as_name(line) == as_name(f"shop.example.com {line}") == HIDDEN


def test_the_numbers_of_keys_alone() -> None:
    """Numbers of 32 bytes, as in JSON Web Keys and raw keys."""
    number = random.Random(1).randbytes(32)
    code = base64.urlsafe_b64encode(number).decode().rstrip("=")
    digits = number.hex()

    for text in (
        code,
        json.dumps({"kty": "OKP", "crv": "Ed25519", "d": code}),
        base64.b32encode(number).decode(),
        base64.b32encode(number).decode().lower().rstrip("=") + ".example.com",
        digits,
        f"{digits[:40]} {digits[40:]}",
        f"{uuid.UUID(hex=digits[:32])} {uuid.UUID(hex=digits[32:])}",
        f"x-{digits[:17]}.x-{digits[17:34]}.x-{digits[34:51]}.x-{digits[51:]}.example.com",
    ):
        assert as_name(text) == HIDDEN


def test_letters_of_other_alphabets_that_look_like_those_of_a_key() -> None:
    (line,) = (line for line in KEYS["ed25519"].splitlines() if len(line) == 64)

    assert as_name(line.translate(str.maketrans("ACEOPacopx", "АСЕОРасорх"))) == HIDDEN


def test_a_label_of_huge_numbers_is_no_traceback() -> None:
    """Since Python 3.13, the Punycode codec raises a different exception for these."""
    name = "shop.xn--bb332794801817101f.production.example.com"

    assert as_name(name) == name


@pytest.mark.parametrize("kind", ["p256", "ed25519"])
def test_a_line_of_a_key_is_enough(kind: str) -> None:
    _label, *lines, _end = KEYS[kind].splitlines()

    for line in lines:
        if len(line) == 64:
            assert as_name(line) == as_name(f"shop-{line}-2026") == HIDDEN
            assert without_secrets(f"the value {line} is wrong") == f"the value {MASK} is wrong"


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_in_the_form_of_a_domain_is_hidden(kind: str) -> None:
    digits = base64.b64decode("".join(KEYS[kind].splitlines()[1:-1]))[-48:].hex()

    for size in (4, 8, 16, 32, 63):
        labels = [digits[start : start + size] for start in range(0, len(digits), size)]
        assert as_name(".".join(labels) + ".example.com") == HIDDEN
        assert as_name("*." + ".x-".join(labels) + ".com") == HIDDEN


@pytest.mark.parametrize("size", [1, 4, 8, 10, 16, 20, 32])
@pytest.mark.parametrize("between", [" ", "\n", ", ", "-", " | "])
def test_groups_of_the_shortest_key(size: int, between: str) -> None:
    body = "".join(KEYS["ed25519"].splitlines()[1:-1])
    text = between.join(body[start : start + size] for start in range(0, len(body), size))

    assert as_name(text) == as_name(f"{text} ") == as_name(f"shop {text}") == HIDDEN


def test_more_than_any_name_is_hidden() -> None:
    assert as_name("a" * 1001) == HIDDEN


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha256"])
def test_fingerprints_stay(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"certificate", usedforsecurity=False)

    for text in (digest.hexdigest(), digest.hexdigest().upper(), digest.digest().hex(":")):
        assert as_digest(text) == text


def test_what_is_longer_than_a_fingerprint_is_none() -> None:
    digits = hashlib.sha512(b"certificate").hexdigest()

    assert as_digest(digits) == HIDDEN
    assert as_digest(f"{digits[:32]} {digits[32:64]} {digits[64:96]} {digits[96:]}") == HIDDEN


@pytest.mark.parametrize("character", ["\\", "%", "&", "a", "0", " ", "a ", "xn--", "\\u00", "%2", "0\x01"])
def test_the_time_is_linear(character: str) -> None:
    """Quadratic time would take hours."""
    text = character * (300_000 // len(character))

    assert len(without_secrets(text) or "") <= len(text)
    assert as_name(text) == HIDDEN


@pytest.mark.parametrize(
    ("value", "name"), [("shop", "shop"), (7, "7"), ("", None), (None, None), (True, None), (["shop"], None)]
)
def test_a_field_of_the_api_is_a_name_or_none(value: object, name: str | None) -> None:
    assert read_name(value) == name
    assert read_name(KEYS["p256"]) == HIDDEN
