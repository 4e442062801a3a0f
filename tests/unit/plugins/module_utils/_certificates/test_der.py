# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DER: elements, numbers, object identifiers, text and times. Expected values were written by hand."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from . import openssl

PROPERTY = settings(deadline=None, derandomize=True)


def first(data: bytes) -> der.Element:
    return der.element(data, 0, len(data))


@pytest.mark.parametrize(
    ("data", "start", "expected"),
    [
        ("0203010203", 0, (der.INTEGER, 0, 2, 5)),
        ("ffff0203010203", 2, (der.INTEGER, 2, 4, 7)),
        ("0200", 0, (der.INTEGER, 0, 2, 2)),
        # Lengths with more bytes than necessary, which OpenSSL accepts.
        ("02810101", 0, (der.INTEGER, 0, 3, 4)),
        ("0282000101", 0, (der.INTEGER, 0, 4, 5)),
        ("0288000000000000000101", 0, (der.INTEGER, 0, 10, 11)),
        # Data after the element is ignored.
        ("020101ff", 0, (der.INTEGER, 0, 2, 3)),
    ],
)
def test_elements(data: str, start: int, expected: der.Element) -> None:
    content = bytes.fromhex(data)

    assert der.element(content, start, len(content)) == expected


@pytest.mark.parametrize(
    ("data", "start", "message"),
    [
        ("", 0, "is truncated"),
        ("02", 0, "is truncated"),
        ("0203", 5, "is truncated"),
        ("02030102", 0, "is truncated"),
        ("028201", 0, "is truncated"),
        ("0281", 0, "is truncated"),
        ("0284ffffffff01", 0, "is truncated"),
        ("02ff01", 0, "is truncated"),
        ("028401", 0, "is truncated"),
        ("0280", 0, "indefinite length"),
        ("30800000", 0, "indefinite length"),
    ],
)
def test_what_is_no_whole_element(data: str, start: int, message: str) -> None:
    content = bytes.fromhex(data)

    with pytest.raises(MalformedError, match=message):
        der.element(content, start, len(content))


def test_an_element_ends_before_what_it_is_in() -> None:
    with pytest.raises(MalformedError):
        der.element(bytes.fromhex("0203010203"), 0, 4)


def test_elements_inside() -> None:
    data = bytes.fromhex("3009020101050002020102")

    assert [der.whole(data, item).hex() for item in der.only(data)] == ["020101", "0500", "02020102"]
    assert [der.content(data, item).hex() for item in der.inside(data, first(data))] == ["01", "", "0102"]
    assert der.only(b"\x30\x00") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("30050201010205", "is truncated"),
        ("3000ff", "it has trailing data"),
        ("0200", "tag 0x02 instead of 0x30"),
        ("3100", "tag 0x31 instead of 0x30"),
    ],
)
def test_what_is_not_one_sequence(data: str, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        der.only(bytes.fromhex(data))


def read(function: Any, data: bytes) -> Any:
    return function(data, first(data))


@PROPERTY
@given(st.integers() | st.integers(-(2**200), 2**200))
def test_integers(number: int) -> None:
    assert read(der.integer, certs.integer(number)) == number


@pytest.mark.parametrize(
    ("data", "number"), [("0200", None), ("0201ff", -1), ("02020001", 1), ("0203ffffff", -1), ("020100", 0)]
)
def test_integers_that_are_written_in_other_ways(data: str, number: int | None) -> None:
    if number is None:
        with pytest.raises(MalformedError, match=r"not a number"):
            read(der.integer, bytes.fromhex(data))
    else:
        assert read(der.integer, bytes.fromhex(data)) == number


@pytest.mark.parametrize("function", [der.integer, der.boolean, der.bit_string, der.object_identifier, der.time])
def test_what_is_something_else(function: Any) -> None:
    with pytest.raises(MalformedError, match=r"^not a"):
        read(function, bytes.fromhex("0c0161"))


@pytest.mark.parametrize(("data", "value"), [("0101ff", True), ("010101", True), ("010100", False)])
def test_truth_values(data: str, value: bool) -> None:
    assert read(der.boolean, bytes.fromhex(data)) is value


@pytest.mark.parametrize("data", ["0100", "01020000"])
def test_what_is_no_truth_value(data: str) -> None:
    with pytest.raises(MalformedError, match=r"not a boolean"):
        read(der.boolean, bytes.fromhex(data))


def test_bit_strings() -> None:
    assert read(der.bit_string, bytes.fromhex("03020560")) == (b"\x60", 5)
    assert read(der.bit_string, bytes.fromhex("030100")) == (b"", 0)


@pytest.mark.parametrize("data", ["0300", "03020860"])
def test_what_is_no_bit_string(data: str) -> None:
    with pytest.raises(MalformedError, match=r"not a bit string"):
        read(der.bit_string, bytes.fromhex(data))


@pytest.mark.parametrize(
    ("data", "dotted"),
    [
        ("0603550403", "2.5.4.3"),
        ("06092a864886f70d010101", "1.2.840.113549.1.1.1"),
        ("060a0992268993f22c640119", "0.9.2342.19200300.100.1.25"),
        ("060100", "0.0"),
        ("060127", "0.39"),
        ("060128", "1.0"),
        ("06017f", "2.47"),
        # The second number of 2.x may be of any size.
        ("06028837", "2.999"),
    ],
)
def test_object_identifiers(data: str, dotted: str) -> None:
    assert read(der.object_identifier, bytes.fromhex(data)) == dotted
    assert certs.oid(dotted).hex() == data


@PROPERTY
@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**60), max_size=5))
def test_any_object_identifier(top: int, second: int, others: list[int]) -> None:
    dotted = ".".join(map(str, (top, second, *others)))

    assert read(der.object_identifier, certs.oid(dotted)) == dotted


@pytest.mark.parametrize("data", ["0600", "060180", "06025583", "0641" + "01" * 65])
def test_what_is_no_object_identifier(data: str) -> None:
    with pytest.raises(MalformedError, match=r"not an object identifier"):
        read(der.object_identifier, bytes.fromhex(data))


@pytest.mark.parametrize(
    ("tag", "content", "value"),
    [
        (certs.UTF8, "例 A".encode(), "例 A"),
        (certs.PRINTABLE, b"Example", "Example"),
        # Characters that a PrintableString must not have, but OpenSSL reads.
        (certs.PRINTABLE, b"*.example.org & co_", "*.example.org & co_"),
        (certs.TELETEX, b"Caf\xe9", "Café"),
        (certs.IA5, b"shop@example", "shop@example"),
        (certs.VISIBLE, b"Example", "Example"),
        (0x12, b"1 2", "1 2"),
        (certs.UNIVERSAL, "例😀".encode("utf-32-be"), "例😀"),
        (certs.BMP, "例".encode("utf-16-be"), "例"),
        # Invalid bytes are replaced, so that the text can be written to a file.
        (certs.UTF8, b"Caf\xe9", "Caf\ufffd"),
        (certs.BMP, b"\xd8\x3d\0a", "\ufffda"),
        (certs.BMP, b"\0a\0", "a\ufffd"),
        (certs.UNIVERSAL, b"\0\0\0a\0\0\xd8\x3d", "a\ufffd"),
        (certs.UTF8, b"a\0b\x1b", "a\0b\x1b"),
        (der.INTEGER, b"\7", "#020107"),
        (der.SEQUENCE, b"", "#3000"),
    ],
)
def test_text(tag: int, content: bytes, value: str) -> None:
    data = tlv(tag, content)

    assert read(der.text, data) == value
    assert der.is_text(first(data)) is not value.startswith("#")


@PROPERTY
@given(st.integers(0, 255), st.binary(max_size=30))
def test_any_text_can_be_written(tag: int, content: bytes) -> None:
    assert isinstance(read(der.text, tlv(tag, content)).encode(), bytes)


UTC, GENERALIZED = certs.UTC_TIME, certs.GENERALIZED_TIME
TIMES = [
    (UTC, "260302112233Z", (2026, 3, 2, 11, 22, 33)),
    (UTC, "491231235959Z", (2049, 12, 31, 23, 59, 59)),
    (UTC, "500101000000Z", (1950, 1, 1, 0, 0, 0)),
    (UTC, "991231235959Z", (1999, 12, 31, 23, 59, 59)),
    (UTC, "000229000000Z", (2000, 2, 29, 0, 0, 0)),
    # without seconds, and with a zone
    (UTC, "2603021122Z", (2026, 3, 2, 11, 22, 0)),
    (UTC, "260302112233+0830", (2026, 3, 2, 2, 52, 33)),
    (UTC, "260302112233-0830", (2026, 3, 2, 19, 52, 33)),
    (UTC, "2603021122+0000", (2026, 3, 2, 11, 22, 0)),
    (GENERALIZED, "20260302112233Z", (2026, 3, 2, 11, 22, 33)),
    (GENERALIZED, "20500101000000Z", (2050, 1, 1, 0, 0, 0)),
    (GENERALIZED, "99991231235959Z", (9999, 12, 31, 23, 59, 59)),
    (GENERALIZED, "19500101000000Z", (1950, 1, 1, 0, 0, 0)),
    (GENERALIZED, "202603021122Z", (2026, 3, 2, 11, 22, 0)),
    (GENERALIZED, "20260302112233.987654321Z", (2026, 3, 2, 11, 22, 33)),
    (GENERALIZED, "20260302112233+0800", (2026, 3, 2, 3, 22, 33)),
]


@pytest.mark.parametrize(("tag", "content", "expected"), TIMES)
def test_times(tag: int, content: str, expected: tuple[int, ...]) -> None:
    found = read(der.time, tlv(tag, content.encode()))

    assert found == int(datetime(*expected, tzinfo=timezone.utc).timestamp())  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(("tag", "content", "expected"), TIMES)
def test_times_are_as_openssl_reads_them(tag: int, content: str, expected: tuple[int, ...]) -> None:
    written = certs.raw_certificate(validity=certs.sequence(tlv(UTC, b"000101000000Z"), tlv(tag, content.encode())))

    # Some versions do not show times in formats that RFC 5280 does not allow.
    seen = openssl.dates(written)
    if seen is not None:
        assert seen[1] == read(der.time, tlv(tag, content.encode()))
    else:
        assert not content.endswith("Z") or "." in content or len(content) not in (13, 15)
    assert expected


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (UTC, ""),
        (UTC, "260302112233"),
        (UTC, "260302112233z"),
        (UTC, "269902112233Z"),
        (UTC, "260230112233Z"),
        (UTC, "260302252233Z"),
        (UTC, "260302112261Z"),
        (UTC, "20260302112233Z"),
        (UTC, "260302112233.5Z"),
        (UTC, "260302112233+08"),
        (UTC, "260302112233+0830Z"),
        (UTC, "2603021122 3Z"),
        (UTC, "٢٦0302112233Z"),
        (GENERALIZED, "2603021122Z"),
        (GENERALIZED, "00000302112233Z"),
        (GENERALIZED, "20260302112233.Z"),
        (GENERALIZED, "20260302112233"),
        (GENERALIZED, "99991231235959-0001"),
        (GENERALIZED, "00010101000000+0001"),
        (GENERALIZED, "20260302112233." + "1" * 1000 + "Z"),
        (certs.UTF8, "260302112233Z"),
    ],
)
def test_what_is_no_time(tag: int, content: str) -> None:
    with pytest.raises(MalformedError, match=r"not a time"):
        read(der.time, tlv(tag, content.encode()))


@PROPERTY
@given(st.sampled_from([UTC, GENERALIZED]), st.text(alphabet="0123456789Z+-.", max_size=24))
def test_any_text_is_a_time_or_malformed(tag: int, content: str) -> None:
    try:
        found = read(der.time, tlv(tag, content.encode()))
    except MalformedError:
        return
    assert -62135596800 <= found <= 253402300799


@PROPERTY
@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001 (made aware below)
def test_every_time_is_read_as_it_was_written(time_: datetime) -> None:
    time_ = time_.replace(microsecond=0, tzinfo=timezone.utc)
    text = f"{time_.year:04}{time_:%m%d%H%M%S}Z"

    assert read(der.time, tlv(GENERALIZED, text.encode())) == int(time_.timestamp())
    if 1950 <= time_.year < 2050:
        assert read(der.time, tlv(UTC, text[2:].encode())) == int(time_.timestamp())


CERTIFICATE = certs.der(certs.build_certificate(certs.rsa_key()))


@PROPERTY
@given(st.binary(max_size=200) | st.integers(0, len(CERTIFICATE)).map(lambda place: CERTIFICATE[place:]))
def test_elements_are_never_outside(data: bytes) -> None:
    try:
        found = der.elements(data, 0, len(data))
    except MalformedError:
        return
    assert b"".join(der.whole(data, item) for item in found) == data
    for tag, start, begin, end in found:
        assert 0 <= start < begin <= end <= len(data)
        assert data[start] == tag


def test_what_is_written_here_is_what_cryptography_reads() -> None:
    """Check the test itself: the certificates in these tests are valid where they should be."""
    written = certs.raw_certificate(certs.dns_names(certs.SHOP), certs.CA_FALSE, certs.SIGNS_DATA)
    certificate = x509.load_der_x509_certificate(written)

    assert certificate.subject == certs.name(certs.SHOP)
    assert [item.oid.dotted_string for item in certificate.extensions] == ["2.5.29.17", "2.5.29.19", "2.5.29.15"]
    assert certs.der(certs.build_certificate(extensions=[certs.subject_alt_names(certs.SHOP)])).startswith(written[:2])
