# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each extension separately."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.extensions import (
    AccessUrls,
    AuthorityKeyId,
    CrlUrls,
    Extensions,
)
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

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
    data = tlv(0xA3, certs.sequence(*items))
    return Extensions(data, der.element(data, 0, len(data)))


def read(oid: str, value: bytes) -> Any:
    return listed(certs.extension(oid, value)).get(oid, "absent")


def test_each_extension_is_read_by_itself() -> None:
    found = listed(
        certs.SIGNS_DATA,
        certs.extension(certs.BASIC_CONSTRAINTS, b"broken", certs.CRITICAL_FALSE),
        certs.extension(certs.SUBJECT_KEY_ID, certs.octets(b"id"), certs.CRITICAL),
        certs.extension("1.2.3", b"of another kind"),
    )

    assert found.get(certs.KEY_USAGE, "absent") == ("digitalSignature",)
    assert found.get(certs.SUBJECT_KEY_ID, "absent") == b"id"
    assert found.get(certs.EXTENDED_KEY_USAGE, "absent") == "absent"
    with pytest.raises(MalformedError):
        found.get(certs.BASIC_CONSTRAINTS, "absent")


def test_one_that_is_there_twice_is_malformed() -> None:
    found = listed(certs.SIGNS_DATA, certs.SIGNS_DATA, certs.CA_TRUE)

    with pytest.raises(MalformedError, match=r"^it is present 2 times$"):
        found.get(certs.KEY_USAGE, "absent")
    assert found.get(certs.BASIC_CONSTRAINTS, "absent") is True


def test_a_certificate_without_extensions() -> None:
    assert Extensions(b"", None).get(certs.KEY_USAGE, "absent") == "absent"


@pytest.mark.parametrize(
    "data",
    [
        tlv(0xA3, b""),
        tlv(0xA3, certs.sequence() + certs.sequence()),
        tlv(0xA3, certs.integer(1)),
    ],
    ids=certs.case_id,
)
def test_a_list_that_is_none(data: bytes) -> None:
    with pytest.raises(MalformedError):
        Extensions(data, der.element(data, 0, len(data)))


@pytest.mark.parametrize(
    "broken",
    [
        certs.sequence(),
        certs.sequence(certs.oid("1.2.3")),
        certs.sequence(certs.oid("1.2.3"), certs.integer(1)),
        certs.sequence(certs.integer(1), certs.octets(b"")),
        certs.sequence(certs.oid("1.2.3"), *[certs.octets(b"")] * 3),
    ],
    ids=certs.case_id,
)
def test_one_that_is_none_does_not_hide_the_others(broken: bytes) -> None:
    assert listed(certs.SIGNS_DATA, broken, certs.CA_TRUE).get(certs.BASIC_CONSTRAINTS, "absent") is True


@pytest.mark.parametrize(
    "broken",
    [
        certs.sequence(certs.oid(certs.KEY_USAGE)),
        certs.sequence(certs.oid(certs.KEY_USAGE), certs.integer(1)),
        certs.sequence(
            certs.oid(certs.KEY_USAGE),
            certs.CRITICAL,
            certs.CRITICAL,
            certs.octets(b""),
        ),
    ],
    ids=certs.case_id,
)
def test_one_without_a_value_is_malformed(broken: bytes) -> None:
    with pytest.raises(MalformedError, match=r"^it has no value$"):
        listed(broken).get(certs.KEY_USAGE, "absent")


OK: list[tuple[str, bytes, Any]] = [
    (certs.BASIC_CONSTRAINTS, certs.sequence(), False),
    (certs.BASIC_CONSTRAINTS, certs.sequence(tlv(1, b"\xff")), True),
    (certs.BASIC_CONSTRAINTS, certs.sequence(tlv(1, b"\x01")), True),
    (certs.BASIC_CONSTRAINTS, certs.sequence(tlv(1, b"\x00")), False),
    (
        certs.BASIC_CONSTRAINTS,
        certs.sequence(tlv(1, b"\xff"), certs.integer(0)),
        True,
    ),
    (certs.BASIC_CONSTRAINTS, certs.sequence(certs.integer(0)), False),
    (certs.KEY_USAGE, certs.bits(b""), ()),
    (certs.KEY_USAGE, certs.bits(b"\x80", 7), ("digitalSignature",)),
    (certs.KEY_USAGE, certs.bits(b"\x80"), ("digitalSignature",)),
    (certs.KEY_USAGE, certs.bits(b"\x06", 1), ("keyCertSign", "cRLSign")),
    (certs.KEY_USAGE, certs.bits(b"\xff\x80", 7), tuple(USAGES)),
    # Bits without a name.
    (certs.KEY_USAGE, certs.bits(b"\x00\x7f\xff"), ()),
    (certs.EXTENDED_KEY_USAGE, certs.sequence(), ()),
    (
        certs.EXTENDED_KEY_USAGE,
        certs.sequence(*map(certs.oid, ("1.3.6.1.5.5.7.3.1", "2.5.29.37.0", "1.2.3.4"))),
        ("serverAuth", "anyExtendedKeyUsage", "1.2.3.4"),
    ),
    (certs.SUBJECT_KEY_ID, certs.octets(b"id"), b"id"),
    (certs.AUTHORITY_KEY_ID, certs.sequence(), AuthorityKeyId()),
    (certs.AUTHORITY_KEY_ID, certs.sequence(tlv(0x80, b"id")), AuthorityKeyId(b"id")),
    (
        certs.AUTHORITY_KEY_ID,
        certs.sequence(tlv(0x80, b"id"), tlv(0xA1, tlv(0xA4, certs.common_name("a"))), tlv(0x82, b"\xff")),
        AuthorityKeyId(b"id", certs.common_name("a"), -1),
    ),
    (certs.AUTHORITY_KEY_ID, certs.sequence(tlv(0xA1, tlv(0x82, b"a"))), AuthorityKeyId()),
    (certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\0"), 0),
    (certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\3\0\1a"), 1),
    (certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\x08\0\1a\0\3abc"), 2),
    (certs.AUTHORITY_INFORMATION_ACCESS, certs.sequence(), AccessUrls()),
    (
        certs.AUTHORITY_INFORMATION_ACCESS,
        certs.sequence(
            certs.sequence(certs.oid("1.3.6.1.5.5.7.48.2"), tlv(0x86, b"http://ca.example/")),
            certs.sequence(certs.oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://o.example/")),
            certs.sequence(certs.oid("1.3.6.1.5.5.7.48.1"), tlv(0xA4, certs.common_name("a"))),
        ),
        AccessUrls(("http://o.example/",), ("http://ca.example/",)),
    ),
    (certs.CRL_DISTRIBUTION_POINTS, certs.sequence(), CrlUrls()),
    (
        certs.CRL_DISTRIBUTION_POINTS,
        certs.sequence(
            certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://c.example/") + tlv(0x86, b"ldap://d.example/")))),
            # A name relative to that of the CA, only reasons, and a directory instead of a URL.
            certs.sequence(tlv(0xA0, tlv(0xA1, certs.attribute("2.5.4.3", "a"))), tlv(0x81, b"\6\x40")),
            certs.sequence(tlv(0x81, b"\6\x40"), tlv(0xA2, tlv(0xA4, certs.common_name("a")))),
            certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0xA4, certs.common_name("a"))))),
            certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://e.example/")))),
        ),
        CrlUrls(("http://c.example/", "ldap://d.example/", "http://e.example/")),
    ),
    (
        certs.CRL_DISTRIBUTION_POINTS,
        certs.sequence(
            certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://c.example/"))), tlv(0x81, b"\6\x40")),
            certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://d.example/"))), tlv(0x81, b"\6\x40")),
            certs.sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://d.example/")))),
        ),
        CrlUrls(("http://c.example/", "http://d.example/", "http://d.example/"), frozenset(("http://c.example/",))),
    ),
    (certs.NAME_CONSTRAINTS, certs.sequence(), frozenset()),
    (
        certs.NAME_CONSTRAINTS,
        certs.sequence(
            tlv(0xA0, certs.sequence(tlv(0x82, b"example.com"))),
            tlv(0xA1, certs.sequence(tlv(0x87, b"\0" * 8)) + certs.sequence(tlv(0x82, b"a"), tlv(0x80, b"\0"))),
        ),
        frozenset({0x82, 0x87, 0}),
    ),
    (certs.TLS_FEATURES, certs.sequence(), False),
    (certs.TLS_FEATURES, certs.sequence(certs.integer(5)), True),
    (certs.TLS_FEATURES, certs.sequence(certs.integer(17), certs.integer(5)), True),
    # Only status_request_v2, which nothing supports.
    (certs.TLS_FEATURES, certs.sequence(certs.integer(17)), False),
]


@pytest.mark.parametrize(("oid", "value", "expected"), OK, ids=certs.case_id)
def test_values(oid: str, value: bytes, expected: Any) -> None:
    assert read(oid, value) == expected
    # It must be complete, without data after it.
    for broken in (value + b"\0", value[:-1], b""):
        with pytest.raises(MalformedError):
            read(oid, broken)


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        (certs.BASIC_CONSTRAINTS, certs.octets(b"")),
        (certs.BASIC_CONSTRAINTS, certs.sequence(tlv(1, b""))),
        (certs.BASIC_CONSTRAINTS, certs.sequence(tlv(1, b"\xff\xff"))),
        (certs.KEY_USAGE, certs.octets(b"\x80")),
        (certs.KEY_USAGE, tlv(3, b"\x08\x80")),
        (certs.EXTENDED_KEY_USAGE, certs.sequence(certs.integer(1))),
        (certs.EXTENDED_KEY_USAGE, certs.oid("1.2.3")),
        (certs.SUBJECT_KEY_ID, certs.sequence()),
        (certs.AUTHORITY_KEY_ID, certs.octets(b"id")),
        (certs.AUTHORITY_KEY_ID, certs.sequence(certs.octets(b"id"))),
        (certs.AUTHORITY_KEY_ID, certs.sequence(tlv(0x82, b""))),
        (certs.SIGNED_TIMESTAMPS, certs.octets(b"")),
        (certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\2a")),
        (certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\3\0\5a")),
        (certs.SIGNED_TIMESTAMPS, certs.octets(b"\0\1a")),
        (certs.SIGNED_TIMESTAMPS, certs.sequence()),
        (
            certs.AUTHORITY_INFORMATION_ACCESS,
            certs.sequence(certs.sequence()),
        ),
        (
            certs.AUTHORITY_INFORMATION_ACCESS,
            certs.sequence(certs.sequence(certs.oid("1.3.6.1.5.5.7.48.1"))),
        ),
        (certs.CRL_DISTRIBUTION_POINTS, certs.sequence(certs.octets(b"a"))),
        (certs.CRL_DISTRIBUTION_POINTS, certs.sequence(certs.sequence(tlv(0xA0, tlv(0xA0, b"a"))))),
        (certs.CRL_DISTRIBUTION_POINTS, certs.sequence(certs.sequence(tlv(0xA0, tlv(0xA0, certs.octets(b"a")))))),
        (certs.NAME_CONSTRAINTS, certs.sequence(tlv(0xA0, certs.octets(b"a")))),
        (certs.TLS_FEATURES, certs.integer(5)),
        (certs.TLS_FEATURES, certs.sequence(certs.octets(b"\5"))),
        (certs.SUBJECT_ALT_NAME, certs.octets(b"")),
        (certs.SUBJECT_ALT_NAME, certs.sequence(certs.octets(b""))),
        (certs.SUBJECT_ALT_NAME, certs.sequence(tlv(0x82, b"a")) + b"\0"),
    ],
    ids=certs.case_id,
)
def test_values_that_are_malformed(oid: str, value: bytes) -> None:
    with pytest.raises(MalformedError):
        read(oid, value)


def test_alternative_names() -> None:
    value = certs.sequence(tlv(0x82, b"a.example.com"), tlv(0x87, bytes(8)), tlv(0x82, b""))

    found = read(certs.SUBJECT_ALT_NAME, value)
    assert [name.text for name in found] == ["DNS:a.example.com", "IP:<invalid>", "DNS:"]


@pytest.mark.parametrize("number", range(1, 2**9, 7))
def test_key_usages_are_as_cryptography_writes_them(number: int) -> None:
    flags = [bool(number >> place & 1) for place in range(9)]
    if (flags[7] or flags[8]) and not flags[4]:
        return  # these two are only valid together with keyAgreement
    value = x509.KeyUsage(*flags).public_bytes() if hasattr(x509.KeyUsage, "public_bytes") else None
    if value is not None:
        assert read(certs.KEY_USAGE, value) == tuple(name for name, flag in zip(USAGES, flags, strict=True) if flag)
