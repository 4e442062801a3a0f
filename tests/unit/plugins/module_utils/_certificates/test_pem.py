# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM blocks, whatever is around them: certificates come out, keys do not."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import pem
from ansible_collections.ucloud.ulb.tests.leaks import Secrets

from . import minted

PROPERTY = settings(deadline=None, derandomize=True)

LEAF, CA = minted.der(minted.leaf()), minted.der(minted.authority())
LEAF_PEM, CA_PEM = minted.pem(minted.leaf()), minted.pem(minted.authority())
EC_PARAMETERS = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"

KEYS = {
    "pkcs1": minted.key_pem(minted.rsa_key(), minted.TRADITIONAL),
    "pkcs8-rsa": minted.key_pem(minted.rsa_key()),
    "pkcs8-ec": minted.key_pem(),
    "sec1": minted.key_pem(form=minted.TRADITIONAL),
    "sec1-with-parameters": EC_PARAMETERS + minted.key_pem(form=minted.TRADITIONAL),
    "encrypted-pkcs8": minted.key_pem(encrypted=True),
    "encrypted-traditional": minted.key_pem(minted.rsa_key(), minted.TRADITIONAL, encrypted=True),
    "openssh": minted.ec_key().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(),
}
LABELS = {
    "pkcs1": "RSA PRIVATE KEY",
    "pkcs8-rsa": "PRIVATE KEY",
    "pkcs8-ec": "PRIVATE KEY",
    "sec1": "EC PRIVATE KEY",
    "sec1-with-parameters": "EC PRIVATE KEY",
    "encrypted-pkcs8": "ENCRYPTED PRIVATE KEY",
    "encrypted-traditional": "RSA PRIVATE KEY",
    "openssh": "OPENSSH PRIVATE KEY",
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


def block(label: str, content: bytes) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(content).decode()}-----END {label}-----\n"


def public_half(key: bytes, password: bytes | None = None) -> bytes:
    public = load_pem_private_key(key, password).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_der(form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return minted.ec_key().private_bytes(Encoding.DER, form, NoEncryption())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", KEYS)
def test_every_form_in_every_order(key: str, layout: str) -> None:
    for parts in itertools.permutations([LEAF_PEM, CA_PEM, KEYS[key]]):
        blocks = pem.split(LAYOUTS[layout]("".join(parts)))

        assert blocks.certificates == ([LEAF, CA] if parts.index(LEAF_PEM) < parts.index(CA_PEM) else [CA, LEAF])
        assert blocks.unreadable == 0
        (found,) = blocks.private_keys
        label = LABELS[key].encode()
        assert found.startswith(b"-----BEGIN %s-----\n" % label)
        assert found.endswith(b"\n-----END %s-----\n" % label)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "as-written"])
@pytest.mark.parametrize("key", ["pkcs1", "pkcs8-rsa", "pkcs8-ec", "sec1", "sec1-with-parameters"])
def test_a_key_in_any_layout_is_readable_again(key: str, layout: str) -> None:
    (found,) = pem.split(LAYOUTS[layout](LEAF_PEM + KEYS[key])).private_keys

    wanted = minted.rsa_key() if "rsa" in key or key == "pkcs1" else minted.ec_key()
    assert public_half(found) == wanted.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("key", ["encrypted-pkcs8", "encrypted-traditional"])
def test_encrypted_keys_keep_what_their_readers_need(key: str) -> None:
    (found,) = pem.split(KEYS[key]).private_keys

    assert found == KEYS[key].encode()
    wanted = minted.rsa_key() if key == "encrypted-traditional" else minted.ec_key()
    assert public_half(found, minted.PASSWORD) == wanted.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )


def test_text_between_blocks_is_left_behind() -> None:
    text = (
        f"subject=CN = a\n{LEAF_PEM}\nBag Attributes: {'x' * 70}\n{KEYS['pkcs8-ec']}# end -----\n{CA_PEM}bye -----BEGIN"
    )

    blocks = pem.split(text)

    assert blocks.certificates == [LEAF, CA]
    assert blocks.private_keys == [KEYS["pkcs8-ec"].encode()]
    assert blocks.unreadable == 0


@pytest.mark.parametrize(
    "text", ["", " \n", "see the shared folder", "-----BEGIN", "-----BEGIN -----", "-----BEGIN a-----"]
)
def test_text_without_blocks(text: str) -> None:
    assert pem.split(text) == ([], [], 0)


@pytest.mark.parametrize("label", ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"])
def test_labels_of_certificates(label: str) -> None:
    assert pem.split(block(label, LEAF)) == ([LEAF], [], 0)


@pytest.mark.parametrize("label", ["CERTIFICATE REQUEST", "PKCS7", "X509 CRL", "PUBLIC KEY", "DH PARAMETERS"])
def test_other_labels_are_left_behind(label: str) -> None:
    assert pem.split(block(label, LEAF)) == ([], [], 0)


def test_data_behind_a_trusted_certificate_is_cut_off() -> None:
    trust = bytes.fromhex("300c300a06082b06010505070301")

    assert pem.split(block("TRUSTED CERTIFICATE", LEAF + trust)) == ([LEAF], [], 0)


def test_a_key_behind_a_certificate_in_the_same_block_is_cut_off() -> None:
    assert pem.split(block("CERTIFICATE", LEAF + key_der())) == ([LEAF], [], 0)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_key_that_calls_itself_certificate_is_no_certificate(form: PrivateFormat) -> None:
    assert pem.split(block("CERTIFICATE", key_der(form))) == ([], [], 1)


def test_an_encrypted_key_that_calls_itself_certificate_is_no_certificate() -> None:
    body = "".join(KEYS["encrypted-pkcs8"].splitlines()[1:-1])

    assert pem.split(block("CERTIFICATE", base64.b64decode(body))) == ([], [], 1)


def test_a_key_inside_an_unfinished_certificate() -> None:
    cut = LEAF_PEM[: len(LEAF_PEM) // 2]

    assert pem.split(cut + "\n" + KEYS["pkcs8-ec"] + CA_PEM) == ([CA], [KEYS["pkcs8-ec"].encode()], 1)


@pytest.mark.parametrize("label", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ANY OTHER PRIVATE KEY"])
def test_a_truncated_key_is_known_to_be_there_and_has_no_content(label: str) -> None:
    whole = block(label, key_der())
    cut = whole[: len(whole) // 2]

    assert pem.split(LEAF_PEM + cut) == ([LEAF], [b""], 0)
    assert pem.split(cut + LEAF_PEM) == ([LEAF], [b""], 0)
    assert pem.split(cut + "-----END CERTIFICATE-----\n" + LEAF_PEM) == ([LEAF], [b""], 0)


def test_an_unknown_kind_of_private_key_is_a_private_key() -> None:
    text = block("POST QUANTUM PRIVATE KEY", b"\x30\x03abc")

    assert pem.split(text + LEAF_PEM) == ([LEAF], [text.encode()], 0)


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
def test_what_calls_itself_certificate_and_is_none_is_counted(body: str) -> None:
    text = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"

    assert pem.split(text + LEAF_PEM + text) == ([LEAF], [], 2)


def test_a_certificate_without_its_end_does_not_count() -> None:
    assert pem.split(LEAF_PEM.replace("-----END CERTIFICATE-----", "")) == ([], [], 1)
    assert pem.split(LEAF_PEM.replace("END CERTIFICATE", "END X509 CERTIFICATE")) == ([], [], 1)
    assert pem.split("-----END CERTIFICATE-----\n" + LEAF_PEM) == ([LEAF], [], 0)


def test_join_writes_what_openssl_writes() -> None:
    assert pem.join([LEAF, CA]) == LEAF_PEM + CA_PEM
    assert pem.join([]) == ""


SECRETS = Secrets([LEAF_PEM, CA_PEM, *KEYS.values()], width=12)
CERTIFICATES = {LEAF_PEM: LEAF, CA_PEM: CA}
KEY_LINES = [line for key in KEYS.values() for line in key.splitlines()]

_junk = st.one_of(
    st.text(max_size=60),
    # what is left of a key when somebody cuts, sorts or quotes it badly
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

    blocks = pem.split(text)

    assert blocks.certificates == [CERTIFICATES[part] for part, *_rest in parts if part in CERTIFICATES]
    written = pem.join(blocks.certificates)
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
    blocks = pem.split(text)

    assert SECRETS.found_in(pem.join(blocks.certificates)) == set()
    # What was written can be read, and says the same.
    assert pem.split(pem.join(blocks.certificates)) == (blocks.certificates, [], 0)


@PROPERTY
@given(content=st.binary(max_size=60))
def test_no_bytes_under_the_label_of_a_certificate_raise(content: bytes) -> None:
    blocks = pem.split(block("CERTIFICATE", content))

    assert len(blocks.certificates) + blocks.unreadable == 1
    assert all(content.startswith(certificate) for certificate in blocks.certificates)


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

    blocks = pem.split(make())

    assert (len(blocks.certificates), len(blocks.private_keys), blocks.unreadable) == expected
