# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM blocks with anything around them: certificates are extracted, and keys are not."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import pem
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.keys import read_public_key
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.private_keys import identity_of_private_key
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

PROPERTY = settings(deadline=None, derandomize=True)

LEAF, CA = certs.der(certs.leaf()), certs.der(certs.authority())
LEAF_PEM, CA_PEM = (
    certs.pem(certs.leaf()),
    certs.pem(certs.authority()),
)
EC_PARAMETERS = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"

KEYS = {
    "pkcs1": certs.key_pem(certs.rsa_key(), certs.TRADITIONAL),
    "pkcs8-rsa": certs.key_pem(certs.rsa_key()),
    "pkcs8-ec": certs.key_pem(),
    "sec1": certs.key_pem(form=certs.TRADITIONAL),
    "sec1-with-parameters": EC_PARAMETERS + certs.key_pem(form=certs.TRADITIONAL),
    "encrypted-pkcs8": certs.key_pem(encrypted=True),
    "encrypted-traditional": certs.key_pem(certs.rsa_key(), certs.TRADITIONAL, encrypted=True),
    "openssh": certs.ec_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
}
LAYOUTS: dict[str, Callable[[str], str]] = {
    "as-written": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "cr": lambda text: text.replace("\n", "\r"),
    "indented": lambda text: "".join(f"    {line}\n" for line in text.splitlines()),
    "tabs-and-trailing-blanks": lambda text: "".join(f"\t{line}  \n" for line in text.splitlines()),
    "blank-lines": lambda text: text.replace("\n", "\n\n"),
    "no-final-newline": str.rstrip,
    "one-line": lambda text: " ".join(text.split("\n")),
    "literal-newlines": lambda text: text.replace("\n", "\\n"),
    "literal-crlf": lambda text: text.replace("\n", "\\r\\n"),
    "doubled-backslashes": lambda text: text.replace("\n", "\\\\n"),
    "doubled-backslashes-twice": lambda text: text.replace("\n", "\\\\\\\\r\\\\\\\\n"),
    "byte-order-mark": lambda text: "\ufeff" + text,
    "no-line-ends-at-all": lambda text: text.replace("\n", ""),
}


block = certs.pem_block


def read(text: str) -> tuple[list[bytes | None], list[bytes]]:
    """Return the blocks of a text, each certificate as its DER."""
    blocks = pem.split(text)
    return [item.der if item else None for item in blocks.certificates], blocks.private_keys


def decoded(text: str) -> bytes:
    """Return the bytes of the last block of a text."""
    return base64.b64decode("".join(text.rpartition("-----BEGIN ")[2].splitlines()[1:-1]))


def key_der(form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return certs.ec_key().private_bytes(Encoding.DER, form, NoEncryption())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", KEYS)
def test_every_form_in_every_order(key: str, layout: str) -> None:
    # A key with lines that are not base64, such as the name of its cipher, is only counted.
    wanted = b"" if key == "encrypted-traditional" else decoded(KEYS[key])
    for parts in itertools.permutations([LEAF_PEM, CA_PEM, KEYS[key]]):
        certificates, keys = read(LAYOUTS[layout]("".join(parts)))

        assert certificates == ([LEAF, CA] if parts.index(LEAF_PEM) < parts.index(CA_PEM) else [CA, LEAF])
        assert keys == [wanted]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", ["pkcs1", "pkcs8-rsa", "pkcs8-ec", "sec1", "sec1-with-parameters"])
def test_a_key_in_any_layout_is_readable_again(key: str, layout: str) -> None:
    (found,) = pem.split(LAYOUTS[layout](LEAF_PEM + KEYS[key])).private_keys

    wanted = certs.rsa_key() if "rsa" in key or key == "pkcs1" else certs.ec_key()
    assert identity_of_private_key(found) == read_public_key(certs.spki(wanted)).identity


@pytest.mark.parametrize("key", ["encrypted-pkcs8", "encrypted-traditional", "openssh"])
def test_a_key_that_cannot_tell_its_public_half_is_there(key: str) -> None:
    (found,) = pem.split(KEYS[key]).private_keys

    assert identity_of_private_key(found) is None


def test_text_between_blocks_is_left_behind() -> None:
    text = (
        f"subject=CN = a\n{LEAF_PEM}\nBag Attributes: {'x' * 70}\n{KEYS['pkcs8-ec']}# end -----\n{CA_PEM}bye -----BEGIN"
    )

    assert read(text) == ([LEAF, CA], [key_der()])


@pytest.mark.parametrize(
    "text", ["", " \n", "see the shared folder", "-----BEGIN", "-----BEGIN -----", "-----BEGIN a-----"]
)
def test_text_without_blocks(text: str) -> None:
    assert pem.split(text) == ([], [])


CALLED_CERTIFICATE = [
    "CERTIFICATE",
    "X509 CERTIFICATE",
    "TRUSTED CERTIFICATE",
    # as the platform's own guide prints it
    "MY CERTIFICATE",
    "SERVER CERTIFICATE",
    "INTERMEDIATE CA 2 CERTIFICATE",
]


@pytest.mark.parametrize("label", CALLED_CERTIFICATE)
def test_labels_of_certificates(label: str) -> None:
    assert read(block(LEAF, label)) == ([LEAF], [])
    # A certificate that cannot be read counts as well.
    assert read(block(b"0", label)) == ([None], [])


OTHER_LABELS = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "PKCS7", "X509 CRL", "PUBLIC KEY", "DH PARAMETERS"]
OTHER_LABELS += ["ATTRIBUTE CERTIFICATE", "CERTIFICATES", "CERTIFICATE CHAIN"]


@pytest.mark.parametrize("label", OTHER_LABELS)
def test_other_labels_are_left_behind(label: str) -> None:
    assert read(block(LEAF, label)) == ([], [])
    assert read(block(LEAF, label) + CA_PEM) == ([CA], [])


def test_data_behind_a_trusted_certificate_is_cut_off() -> None:
    trust = bytes.fromhex("300c300a06082b06010505070301")

    assert read(block(LEAF + trust, "TRUSTED CERTIFICATE")) == ([LEAF], [])


def test_a_key_behind_a_certificate_in_the_same_block_is_cut_off() -> None:
    assert read(block(LEAF + key_der())) == ([LEAF], [])


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_key_that_calls_itself_certificate_is_no_certificate(form: PrivateFormat) -> None:
    assert read(block(key_der(form))) == ([None], [])


def test_an_encrypted_key_that_calls_itself_certificate_is_no_certificate() -> None:
    assert read(block(decoded(KEYS["encrypted-pkcs8"]))) == ([None], [])


def test_a_key_inside_an_unfinished_certificate() -> None:
    cut = LEAF_PEM[: len(LEAF_PEM) // 2]

    assert read(cut + "\n" + KEYS["pkcs8-ec"] + CA_PEM) == ([None, CA], [key_der()])


@pytest.mark.parametrize("label", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ANY OTHER PRIVATE KEY"])
def test_a_truncated_key_is_known_to_be_there_and_has_no_content(label: str) -> None:
    whole = block(key_der(), label)
    cut = whole[: len(whole) // 2]

    assert read(LEAF_PEM + cut) == ([LEAF], [b""])
    assert read(cut + LEAF_PEM) == ([LEAF], [b""])
    assert read(cut + "-----END CERTIFICATE-----\n" + LEAF_PEM) == ([LEAF], [b""])


def test_an_unknown_kind_of_private_key_is_a_private_key() -> None:
    assert read(block(b"\x30\x03abc", "POST QUANTUM PRIVATE KEY") + LEAF_PEM) == ([LEAF], [b"\x30\x03abc"])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "VGhpcyBpcyBub3QgYSBjZXJ0aWZpY2F0ZS4=",
        "not base64!",
        "AAA",
        "MA==AAAA",
        "MA==",
        "MAA=",
        "MIID",
        "MAMwAQ==",
        "MAIwAA==",
        "MAQwAgUA",
        "MIQ=",
        "ümlaut",
    ],
)
def test_what_calls_itself_certificate_and_is_none_keeps_its_place(body: str) -> None:
    text = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"

    assert read(text + LEAF_PEM + text) == ([None, LEAF, None], [])


@pytest.mark.parametrize("change", ["=", "====", "-", "_", ".", "\0", "\u00a0", "A=B"])
def test_what_is_not_strictly_base64_is_not_read(change: str) -> None:
    lines = LEAF_PEM.splitlines(keepends=True)
    lines[3] = lines[3][:10] + change + lines[3][10:]

    assert read("".join(lines)) == ([None], [])


def test_a_certificate_without_its_end_is_not_read() -> None:
    assert read(LEAF_PEM.replace("-----END CERTIFICATE-----", "")) == ([None], [])
    assert read(LEAF_PEM.replace("END CERTIFICATE", "END X509 CERTIFICATE")) == ([None], [])
    assert read("-----END CERTIFICATE-----\n" + LEAF_PEM) == ([LEAF], [])


def test_the_same_issuer_is_read_once() -> None:
    first, second = pem.split(LEAF_PEM + CA_PEM), pem.split(CA_PEM + LEAF_PEM)

    assert first.certificates[1] is second.certificates[0]


def test_a_certificate_that_issues_none_is_not_remembered() -> None:
    before = dict(pem._cache)

    assert read(LEAF_PEM) == ([LEAF], [])
    assert pem._cache == before


def test_nothing_but_certificates_is_remembered() -> None:
    text = block(key_der()) + KEYS["pkcs1"] + block(key_der(), "MY CERTIFICATE")
    before = dict(pem._cache)

    assert read(text)[0] == [None, None]
    assert pem._cache == before


def test_what_is_remembered_has_a_bound() -> None:
    for number in range(2 * pem._MAX_CACHED):
        issuer = certs.raw_certificate(certs.CA_TRUE, serial=certs.integer(number), sign=lambda _data: b"")
        pem.split(block(issuer))

    assert 0 < len(pem._cache) <= pem._MAX_CACHED


def test_join_writes_what_openssl_writes() -> None:
    assert pem.join([LEAF, CA]) == LEAF_PEM + CA_PEM
    assert pem.join([]) == ""


SECRETS = Secrets([LEAF_PEM, CA_PEM, *KEYS.values()], width=12)
CERTIFICATES = {LEAF_PEM: LEAF, CA_PEM: CA}
KEY_LINES = [line for key in KEYS.values() for line in key.splitlines()]

_junk = st.one_of(
    st.text(max_size=60),
    # parts of a key after somebody cut, sorted or quoted it incorrectly
    st.lists(st.sampled_from(KEY_LINES), max_size=12).map("\n".join),
    st.sampled_from(list(KEYS.values())).flatmap(lambda key: st.integers(0, len(key)).map(lambda end: key[:end])),
    st.sampled_from(["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-----BEGIN A", "\\", "-----"]),
)
_block = st.tuples(
    st.sampled_from([LEAF_PEM, CA_PEM, *KEYS.values()]),
    st.sampled_from(list(LAYOUTS.values())),
    _junk,
)


@PROPERTY
@given(parts=st.lists(_block, max_size=8))
def test_exactly_the_certificates_come_out_whatever_is_around_them(
    parts: list[tuple[str, Callable[[str], str], str]],
) -> None:
    text = "".join(f"{junk}\n{layout(part)}\n" for part, layout, junk in parts)

    certificates, keys = read(text)

    wanted = [CERTIFICATES[part] for part, *_rest in parts if part in CERTIFICATES]
    # Parts of other blocks and keys may have the label of a certificate.
    assert [item for item in certificates if item is not None] == wanted
    assert len(keys) >= sum(part not in CERTIFICATES for part, *_rest in parts)
    written = pem.join(wanted)
    assert written == "".join(part for part, *_rest in parts if part in CERTIFICATES)
    assert SECRETS.found_in(written) == set()


PIECES = ["-----", "BEGIN ", "END ", "CERTIFICATE", "PRIVATE KEY", "TRUSTED ", "\\", "n", "\r", "\n", "=", ": "]
PIECES += ["MIIB", "MAQw", "AgUA", "\ud800", "\0", "ü"]


@PROPERTY
@given(
    text=st.one_of(
        st.text(),
        st.lists(st.sampled_from([*PIECES, LEAF_PEM, LEAF_PEM[:90], KEYS["pkcs1"], KEYS["pkcs1"][-90:]])).map("".join),
    )
)
def test_split_takes_any_text(text: str) -> None:
    certificates = [item for item in read(text)[0] if item is not None]

    assert SECRETS.found_in(pem.join(certificates)) == set()
    # The output can be read again, with the same result.
    assert read(pem.join(certificates)) == (certificates, [])


@PROPERTY
@given(content=st.binary(max_size=60))
def test_no_bytes_under_the_label_of_a_certificate_raise(content: bytes) -> None:
    ((certificate,), keys) = read(block(content))

    assert certificate is None or content.startswith(certificate)
    assert keys == []


MILLION = 1_000_000
LONG: dict[str, tuple[Callable[[], str], tuple[int, int, int]]] = {
    "lines": (
        lambda: "-----BEGIN CERTIFICATE-----\n" + ("A" * 64 + "\n") * MILLION + "-----END CERTIFICATE-----\n",
        (0, 0, 1),
    ),
    "certificate-begins": (lambda: "-----BEGIN CERTIFICATE-----\n" * MILLION, (0, 0, MILLION)),
    "key-begins": (lambda: "-----BEGIN PRIVATE KEY-----" * MILLION, (0, MILLION, 0)),
    "ends": (lambda: "-----END CERTIFICATE-----" * MILLION, (0, 0, 0)),
    "half-begins": (lambda: "-----BEGIN " * MILLION, (0, 0, 0)),
    "dashes": (lambda: "-" * MILLION, (0, 0, 0)),
    "backslashes": (lambda: "\\" * MILLION, (0, 0, 0)),
    "escapes": (lambda: "\\n" * MILLION, (0, 0, 0)),
    "headers": (lambda: "-----BEGIN PRIVATE KEY-----" + "\n\n:" * MILLION + "-----END PRIVATE KEY-----", (0, 1, 0)),
    "label": (lambda: "-----BEGIN " + "A" * MILLION, (0, 0, 0)),
}


@pytest.mark.parametrize("kind", LONG)
def test_a_million_of_anything_comes_to_an_end(kind: str) -> None:
    make, expected = LONG[kind]

    certificates, keys = read(make())

    assert (len(certificates) - certificates.count(None), len(keys), certificates.count(None)) == expected
