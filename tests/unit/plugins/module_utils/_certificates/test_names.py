# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Distinguished names and general names."""

from __future__ import annotations

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.names import (
    GeneralName,
    general_names,
    read_name,
)
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from . import openssl

PROPERTY = settings(deadline=None, derandomize=True)
CN, ORG, OU, C, DC = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6", "0.9.2342.19200300.100.1.25"


def test_facts_of_a_name() -> None:
    name = read_name(
        certs.raw_name(
            certs.attribute(C, "CHN", certs.PRINTABLE),
            certs.attribute(OU, "Web"),
            [certs.attribute(CN, "one"), certs.attribute(OU, "Shop")],
            certs.attribute(CN, "two"),
            certs.attribute("1.2.3.4", "private"),
        )
    )

    assert name.facts == {
        "country_name": "CHN",
        "organizational_unit_name": ["Web", "Shop"],
        "common_name": ["one", "two"],
        "1.2.3.4": "private",
    }
    assert name.common_name == "one"


def test_an_empty_name() -> None:
    name = read_name(certs.sequence())

    assert (name.facts, name.key, name.common_name) == ({}, (), None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (certs.common_name("a"), certs.common_name("A"), True),
        (certs.common_name("a  b"), certs.common_name(" A B "), True),
        (certs.common_name("a\tb"), certs.common_name("a b"), True),
        (certs.common_name("a"), certs.common_name("a", certs.PRINTABLE), True),
        (
            certs.common_name("a"),
            certs.common_name("a".encode("utf-16-be"), certs.BMP),
            True,
        ),
        (certs.common_name("é"), certs.common_name(b"\xc9", certs.TELETEX), True),
        (certs.common_name("ﬁ"), certs.common_name("FI"), True),
        (certs.common_name("ab"), certs.common_name("a b"), False),
        (certs.common_name("a"), certs.common_name("b"), False),
        (
            certs.common_name("a"),
            certs.raw_name(certs.attribute(ORG, "a")),
            False,
        ),
        (certs.common_name("a"), certs.raw_name(), False),
        # Values that are not text are compared byte by byte, and never equal similar text.
        (certs.common_name(b"\1", der.INTEGER), certs.common_name(b"\1", der.INTEGER), True),
        (certs.common_name(b"\1", der.INTEGER), certs.common_name(b"\2", der.INTEGER), False),
        (certs.common_name(b"\1", der.INTEGER), certs.common_name("#020101"), False),
    ],
    ids=certs.case_id,
)
def test_when_names_are_the_same(one: bytes, other: bytes, same: bool) -> None:
    assert (read_name(one).key == read_name(other).key) is same
    assert hash(read_name(one).key) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x31\x00",
        certs.sequence(certs.integer(1)),
        certs.sequence(tlv(0x31, certs.integer(1))),
        certs.sequence(tlv(0x31, certs.sequence())),
        certs.sequence(tlv(0x31, certs.sequence(certs.oid(CN)))),
        certs.sequence(tlv(0x31, certs.sequence(certs.integer(1), tlv(certs.UTF8, b"a")))),
        certs.sequence(
            tlv(
                0x31,
                certs.sequence(certs.oid(CN), tlv(certs.UTF8, b"a"), certs.NULL),
            )
        ),
        certs.common_name("a") + b"\0",
    ],
    ids=certs.case_id,
)
def test_what_is_no_name(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_name(data)


TEXTS = ["Shop, Ltd", "#1", " a", "a ", " ", "a+b=c", 'a"b\\c', "<a>;", "a\0b", "#", "a b", "例 é"]


@pytest.mark.parametrize("text", TEXTS)
def test_directory_names_are_written_as_rfc_4514_says(text: str) -> None:
    name = certs.raw_name(
        certs.attribute(DC, "com"),
        [certs.attribute(ORG, "b"), certs.attribute("1.2.3.4", "c")],
        certs.attribute(CN, text),
    )
    (found,) = general_names(name, [(0xA4, 0, 0, len(name))])
    assert found.text.startswith("dirName:CN=")

    # Check the test itself: cryptography reads this text as the original name.
    written = found.text.partition(":")[2]
    assert written.endswith(",O=b+1.2.3.4=c,DC=com")
    if "\0" not in text and hasattr(x509.Name, "from_rfc4514_string"):
        again = x509.Name.from_rfc4514_string(written)
        assert [item.value for item in again.get_attributes_for_oid(x509.NameOID.COMMON_NAME)] == [text]


def test_what_is_no_text_is_written_in_hexadecimal_digits() -> None:
    name = certs.common_name(b"\7", der.INTEGER)

    assert general_names(name, [(0xA4, 0, 0, len(name))])[0].text == "dirName:CN=#020107"


def general(tag: int, content: bytes) -> GeneralName:
    data = tlv(tag, content)
    (found,) = general_names(data, [der.element(data, 0, len(data))])
    return found


@pytest.mark.parametrize(
    ("tag", "content", "text"),
    [
        (0x82, b"Shop.Example.com", "DNS:Shop.Example.com"),
        (0x82, b" a.example.com.", "DNS: a.example.com."),
        (0x82, b"", "DNS:"),
        (0x82, "bücher.example".encode(), "DNS:bücher.example"),
        (0x82, "bücher.example".encode("latin-1"), "DNS:bücher.example"),
        (0x82, b"192.0.2.7", "DNS:192.0.2.7"),
        (0x81, b"a@example.com", "email:a@example.com"),
        (0x86, b"https://example.com/a:b", "URI:https://example.com/a:b"),
        (0x87, bytes([192, 0, 2, 7]), "IP:192.0.2.7"),
        (0x87, bytes.fromhex("20010db8000000000000000000000007"), "IP:2001:db8::7"),
        (0x87, bytes.fromhex("00000000000000000000ffffc0000207"), "IP:::ffff:c000:207"),
        (0x87, b"", "IP:<invalid>"),
        (0x87, bytes(5), "IP:<invalid>"),
        (0x87, bytes(8), "IP:<invalid>"),
        (0x87, bytes(32), "IP:<invalid>"),
        (0x88, certs.oid("1.2.3.4")[2:], "RID:1.2.3.4"),
        (0xA0, certs.oid("1.2.3.4") + tlv(0xA0, tlv(0x0C, b"abc")), "otherName:1.2.3.4:0c03616263"),
        (0xA3, b"\x30\x00", "X400Name:#3000"),
        (0xA5, b"\x30\x00", "EdiPartyName:#3000"),
    ],
)
def test_general_names(tag: int, content: bytes, text: str) -> None:
    found = general(tag, content)

    if text == "IP:::ffff:c000:207":  # which Python writes differently since 3.13
        assert found.text in (text, "IP:::ffff:192.0.2.7")
    else:
        assert found.text == text
    assert found.value == found.text.partition(":")[2]
    assert found.is_dns is text.startswith("DNS:")
    assert found.uri == (text[4:] if text.startswith("URI:") else None)


@pytest.mark.parametrize(
    ("tag", "content", "text"),
    [
        (0x88, b"", "RID:<invalid>"),
        (0xA0, b"", "otherName:<invalid>"),
        (0xA0, certs.oid("1.2.3.4"), "otherName:<invalid>"),
        (0xA0, certs.oid("1.2.3.4") + tlv(0xA0, b"") + tlv(0xA0, b""), "otherName:<invalid>"),
        (0xA0, certs.integer(1) + tlv(0xA0, b""), "otherName:<invalid>"),
        (0xA4, b"\x31\x00", "dirName:<invalid>"),
    ],
)
def test_one_that_is_malformed_does_not_hide_the_others(tag: int, content: bytes, text: str) -> None:
    data = certs.sequence(tlv(0x82, b"a"), tlv(tag, content), tlv(0x82, b"b"))

    assert [name.text for name in general_names(data, der.only(data))] == ["DNS:a", text, "DNS:b"]


@pytest.mark.parametrize("tag", [0x80, 0x30, 0x8F])
def test_what_is_of_no_kind_that_there_is(tag: int) -> None:
    with pytest.raises(MalformedError, match=f"^tag 0x{tag:02x}, which is not a type of name$"):
        general(tag, b"")


@PROPERTY
@given(st.lists(st.tuples(st.sampled_from([CN, ORG, OU]), st.text(max_size=8)), max_size=4))
def test_any_name_is_the_same_as_itself_in_capital_letters(attributes: list[tuple[str, str]]) -> None:
    def name(change: str) -> bytes:
        return certs.raw_name(*(certs.attribute(kind, getattr(text, change)()) for kind, text in attributes))

    # Some hundred letters do not survive a conversion to upper case and back. They are left out.
    if all(text.upper().casefold() == text.casefold() for _kind, text in attributes):
        assert read_name(name("upper")).key == read_name(name("casefold")).key
    assert (
        read_name(name("strip")).key == read_name(certs.raw_name(*(certs.attribute(*item) for item in attributes))).key
    )


@pytest.mark.parametrize("text", ["Example CA", "Shop, Ltd", "例子", "a+b", "*.example.org"])
def test_names_are_as_openssl_reads_them(text: str) -> None:
    data = certs.raw_certificate(
        subject=certs.common_name(text),
        issuer=certs.raw_name(certs.attribute(ORG, text)),
    )
    seen = openssl.read(data)

    assert seen is not None
    (subject,) = general_names(certs.common_name(text), [(0xA4, 0, 0, len(certs.common_name(text)))])
    assert f"dirName:{seen.subject}" == subject.text
