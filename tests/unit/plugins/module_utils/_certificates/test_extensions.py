# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extensions, each by itself."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.extensions import AuthorityKeyId, Extensions
from ansible_collections.ucloud.ulb.tests.simulator.unsound import tlv

from . import minted

USAGES = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
]


def listed(*items: bytes) -> Extensions:
    data = tlv(0xA3, minted.sequence(*items))
    return Extensions(data, der.element(data, 0, len(data)))


def read(oid: str, value: bytes) -> Any:
    return listed(minted.extension(oid, value)).get(oid, "absent")


def test_each_extension_is_read_by_itself() -> None:
    found = listed(
        minted.SIGNS_DATA,
        minted.extension(minted.BASIC_CONSTRAINTS, b"broken", minted.CRITICAL_FALSE),
        minted.extension(minted.SUBJECT_KEY_ID, minted.octets(b"id"), minted.CRITICAL),
        minted.extension("1.2.3", b"of another kind"),
    )

    assert found.get(minted.KEY_USAGE, "absent") == ("digitalSignature",)
    assert found.get(minted.SUBJECT_KEY_ID, "absent") == b"id"
    assert found.get(minted.EXTENDED_KEY_USAGE, "absent") == "absent"
    with pytest.raises(MalformedError):
        found.get(minted.BASIC_CONSTRAINTS, "absent")


def test_one_that_is_there_twice_is_malformed() -> None:
    found = listed(minted.SIGNS_DATA, minted.SIGNS_DATA, minted.CA_TRUE)

    with pytest.raises(MalformedError, match=r"^it is there 2 times$"):
        found.get(minted.KEY_USAGE, "absent")
    assert found.get(minted.BASIC_CONSTRAINTS, "absent") is True


def test_a_certificate_without_extensions() -> None:
    assert Extensions(b"", None).get(minted.KEY_USAGE, "absent") == "absent"


@pytest.mark.parametrize(
    "data",
    [
        tlv(0xA3, b""),
        tlv(0xA3, minted.sequence() + minted.sequence()),
        tlv(0xA3, minted.integer(1)),
    ],
    ids=minted.numbered,
)
def test_a_list_that_is_none(data: bytes) -> None:
    with pytest.raises(MalformedError):
        Extensions(data, der.element(data, 0, len(data)))


@pytest.mark.parametrize(
    "broken",
    [
        minted.sequence(),
        minted.sequence(minted.oid("1.2.3")),
        minted.sequence(minted.oid("1.2.3"), minted.integer(1)),
        minted.sequence(minted.integer(1), minted.octets(b"")),
        minted.sequence(minted.oid("1.2.3"), *[minted.octets(b"")] * 3),
    ],
    ids=minted.numbered,
)
def test_one_that_is_none_does_not_hide_the_others(broken: bytes) -> None:
    assert listed(minted.SIGNS_DATA, broken, minted.CA_TRUE).get(minted.BASIC_CONSTRAINTS, "absent") is True


@pytest.mark.parametrize(
    "broken",
    [
        minted.sequence(minted.oid(minted.KEY_USAGE)),
        minted.sequence(minted.oid(minted.KEY_USAGE), minted.integer(1)),
        minted.sequence(minted.oid(minted.KEY_USAGE), minted.CRITICAL, minted.CRITICAL, minted.octets(b"")),
    ],
    ids=minted.numbered,
)
def test_one_without_a_value_is_malformed(broken: bytes) -> None:
    with pytest.raises(MalformedError, match=r"^it has no value$"):
        listed(broken).get(minted.KEY_USAGE, "absent")


OK: list[tuple[str, bytes, Any]] = [
    (minted.BASIC_CONSTRAINTS, minted.sequence(), False),
    (minted.BASIC_CONSTRAINTS, minted.sequence(tlv(1, b"\xff")), True),
    (minted.BASIC_CONSTRAINTS, minted.sequence(tlv(1, b"\x01")), True),
    (minted.BASIC_CONSTRAINTS, minted.sequence(tlv(1, b"\x00")), False),
    (minted.BASIC_CONSTRAINTS, minted.sequence(tlv(1, b"\xff"), minted.integer(0)), True),
    (minted.BASIC_CONSTRAINTS, minted.sequence(minted.integer(0)), False),
    (minted.KEY_USAGE, minted.bits(b""), ()),
    (minted.KEY_USAGE, minted.bits(b"\x80", 7), ("digitalSignature",)),
    (minted.KEY_USAGE, minted.bits(b"\x80"), ("digitalSignature",)),
    (minted.KEY_USAGE, minted.bits(b"\x06", 1), ("keyCertSign", "cRLSign")),
    (minted.KEY_USAGE, minted.bits(b"\xff\x80", 7), tuple(USAGES)),
    # Bits beyond those that have a name.
    (minted.KEY_USAGE, minted.bits(b"\x00\x7f\xff"), ()),
    (minted.EXTENDED_KEY_USAGE, minted.sequence(), ()),
    (
        minted.EXTENDED_KEY_USAGE,
        minted.sequence(*map(minted.oid, ("1.3.6.1.5.5.7.3.1", "2.5.29.37.0", "1.2.3.4"))),
        ("serverAuth", "anyExtendedKeyUsage", "1.2.3.4"),
    ),
    (minted.SUBJECT_KEY_ID, minted.octets(b"id"), b"id"),
    (minted.AUTHORITY_KEY_ID, minted.sequence(), AuthorityKeyId()),
    (minted.AUTHORITY_KEY_ID, minted.sequence(tlv(0x80, b"id")), AuthorityKeyId(b"id")),
    (
        minted.AUTHORITY_KEY_ID,
        minted.sequence(tlv(0x80, b"id"), tlv(0xA1, tlv(0xA4, minted.called("a"))), tlv(0x82, b"\xff")),
        AuthorityKeyId(b"id", minted.called("a"), -1),
    ),
    (minted.AUTHORITY_KEY_ID, minted.sequence(tlv(0xA1, tlv(0x82, b"a"))), AuthorityKeyId()),
    (minted.SIGNED_TIMESTAMPS, minted.octets(b"\0\0"), 0),
    (minted.SIGNED_TIMESTAMPS, minted.octets(b"\0\3\0\1a"), 1),
    (minted.SIGNED_TIMESTAMPS, minted.octets(b"\0\x08\0\1a\0\3abc"), 2),
    (minted.AUTHORITY_INFORMATION_ACCESS, minted.sequence(), ()),
    (
        minted.AUTHORITY_INFORMATION_ACCESS,
        minted.sequence(
            minted.sequence(minted.oid("1.3.6.1.5.5.7.48.2"), tlv(0x86, b"http://ca.example/")),
            minted.sequence(minted.oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://o.example/")),
            minted.sequence(minted.oid("1.3.6.1.5.5.7.48.1"), tlv(0xA4, minted.called("a"))),
        ),
        ("http://o.example/",),
    ),
]


@pytest.mark.parametrize(("oid", "value", "expected"), OK, ids=minted.numbered)
def test_values(oid: str, value: bytes, expected: Any) -> None:
    assert read(oid, value) == expected
    # Nothing may stand behind it, and it has to be whole.
    for broken in (value + b"\0", value[:-1], b""):
        with pytest.raises(MalformedError):
            read(oid, broken)


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        (minted.BASIC_CONSTRAINTS, minted.octets(b"")),
        (minted.BASIC_CONSTRAINTS, minted.sequence(tlv(1, b""))),
        (minted.BASIC_CONSTRAINTS, minted.sequence(tlv(1, b"\xff\xff"))),
        (minted.KEY_USAGE, minted.octets(b"\x80")),
        (minted.KEY_USAGE, tlv(3, b"\x08\x80")),
        (minted.EXTENDED_KEY_USAGE, minted.sequence(minted.integer(1))),
        (minted.EXTENDED_KEY_USAGE, minted.oid("1.2.3")),
        (minted.SUBJECT_KEY_ID, minted.sequence()),
        (minted.AUTHORITY_KEY_ID, minted.octets(b"id")),
        (minted.AUTHORITY_KEY_ID, minted.sequence(minted.octets(b"id"))),
        (minted.AUTHORITY_KEY_ID, minted.sequence(tlv(0x82, b""))),
        (minted.SIGNED_TIMESTAMPS, minted.octets(b"")),
        (minted.SIGNED_TIMESTAMPS, minted.octets(b"\0\2a")),
        (minted.SIGNED_TIMESTAMPS, minted.octets(b"\0\3\0\5a")),
        (minted.SIGNED_TIMESTAMPS, minted.octets(b"\0\1a")),
        (minted.SIGNED_TIMESTAMPS, minted.sequence()),
        (minted.AUTHORITY_INFORMATION_ACCESS, minted.sequence(minted.sequence())),
        (minted.AUTHORITY_INFORMATION_ACCESS, minted.sequence(minted.sequence(minted.oid("1.3.6.1.5.5.7.48.1")))),
        (minted.SUBJECT_ALT_NAME, minted.octets(b"")),
        (minted.SUBJECT_ALT_NAME, minted.sequence(minted.octets(b""))),
        (minted.SUBJECT_ALT_NAME, minted.sequence(tlv(0x82, b"a")) + b"\0"),
    ],
    ids=minted.numbered,
)
def test_values_that_are_malformed(oid: str, value: bytes) -> None:
    with pytest.raises(MalformedError):
        read(oid, value)


def test_alternative_names() -> None:
    value = minted.sequence(tlv(0x82, b"a.example.com"), tlv(0x87, bytes(8)), tlv(0x82, b""))

    found = read(minted.SUBJECT_ALT_NAME, value)
    assert [name.text for name in found] == ["DNS:a.example.com", "IP:<invalid>", "DNS:"]


@pytest.mark.parametrize("number", range(1, 2**9, 7))
def test_key_usages_are_as_cryptography_writes_them(number: int) -> None:
    flags = [bool(number >> place & 1) for place in range(9)]
    if (flags[7] or flags[8]) and not flags[4]:
        return  # these two say more of keyAgreement, and are nothing without it
    value = x509.KeyUsage(*flags).public_bytes() if hasattr(x509.KeyUsage, "public_bytes") else None
    if value is not None:
        assert read(minted.KEY_USAGE, value) == tuple(name for name, flag in zip(USAGES, flags, strict=True) if flag)
