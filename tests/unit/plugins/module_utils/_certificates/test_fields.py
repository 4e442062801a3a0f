# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a certificate, and data that is not a certificate."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.der import MalformedError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.fields import fields_of
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from . import openssl

EMPTY, NUMBER = certs.sequence(), certs.integer(1)
SIX = (NUMBER, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY)
TAIL = EMPTY + certs.bits(b"")


def test_every_field() -> None:
    data = certs.raw_certificate(certs.CA_TRUE, serial=certs.integer(-7), issuer=certs.common_name("a"))
    fields = fields_of(data)

    assert fields.data == data
    assert fields.version is not None
    assert der.whole(data, fields.version) == certs.VERSION_3
    assert der.whole(data, fields.serial_number) == certs.integer(-7)
    assert der.whole(data, fields.inner_algorithm) == der.whole(data, fields.algorithm) == certs.ECDSA_WITH_SHA256
    assert der.whole(data, fields.issuer) == certs.common_name("a")
    assert der.whole(data, fields.validity) == certs.VALIDITY
    assert der.whole(data, fields.subject) == certs.common_name(certs.SHOP)
    assert der.whole(data, fields.public_key) == certs.spki(certs.ec_key())
    assert fields.extensions is not None
    assert der.content(data, fields.extensions) == certs.sequence(certs.CA_TRUE)
    assert der.whole(data, fields.signed) in data
    assert fields.signature[0] == der.BIT_STRING


def test_version_1_has_neither_version_nor_extensions() -> None:
    fields = fields_of(certs.raw_certificate(version=b""))

    assert (fields.version, fields.extensions) == (None, None)


@pytest.mark.parametrize(
    "ids",
    [
        tlv(0x81, b"\0\1"),
        tlv(0x82, b"\0\1"),
        tlv(0x81, b"\0\1") + tlv(0x82, b"\0\1"),
        tlv(0xA1, certs.bits(b"\1")),
        tlv(0xA2, certs.bits(b"\1")),
    ],
)
def test_unique_identifiers_of_version_2_are_passed_over(ids: bytes) -> None:
    data = certs.raw_certificate(certs.CA_TRUE, version=bytes.fromhex("a003020101"), unique_ids=ids)
    fields = fields_of(data)

    assert der.whole(data, fields.public_key) == certs.spki(certs.ec_key())
    assert fields.extensions is not None


def test_what_stands_behind_a_certificate_is_left_out() -> None:
    data = certs.raw_certificate()

    assert fields_of(data + b"anything").data == data


def test_lengths_may_be_longer_than_they_have_to_be() -> None:
    data = certs.raw_certificate()
    outer = der.element(data, 0, len(data))
    longer = b"\x30\x84" + (outer[3] - outer[2]).to_bytes(4, "big") + der.content(data, outer)

    assert fields_of(longer).data == longer
    assert openssl.read(longer) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x00",
        b"not DER",
        certs.raw_certificate()[:-1],
        certs.sequence(certs.sequence(*SIX)),
        certs.sequence(certs.sequence(*SIX), EMPTY),
        certs.sequence(certs.sequence(*SIX), certs.bits(b""), EMPTY),
        certs.sequence(certs.sequence(*SIX), TAIL, EMPTY),
        certs.sequence(certs.sequence(*SIX), EMPTY, certs.octets(b"")),
        certs.sequence(certs.sequence(), TAIL),
        certs.sequence(certs.sequence(*SIX[1:]), TAIL),
        certs.sequence(certs.sequence(*SIX[:-1]), TAIL),
        certs.sequence(certs.sequence(*SIX, EMPTY), TAIL),
        certs.sequence(certs.sequence(*SIX[:-1], NUMBER), TAIL),
        certs.sequence(certs.sequence(*SIX, tlv(0xA3, b""), EMPTY), TAIL),
        certs.sequence(certs.sequence(*SIX, tlv(0x82, b"\0"), tlv(0x81, b"\0")), TAIL),
        tlv(0x31, certs.sequence(*SIX) + TAIL),
        # a certificate request, a revocation list and a private key have a similar structure
        certs.sequence(certs.sequence(NUMBER, EMPTY, EMPTY, tlv(0xA0, b"")), TAIL),
        certs.sequence(certs.sequence(NUMBER, EMPTY, EMPTY, tlv(0x17, b"")), TAIL),
        certs.sequence(NUMBER, EMPTY, certs.octets(b"")),
    ],
    ids=certs.case_id,
)
def test_what_is_no_certificate(data: bytes) -> None:
    with pytest.raises(MalformedError):
        fields_of(data)


def test_the_smallest_thing_that_has_the_fields_of_a_certificate() -> None:
    data = certs.sequence(certs.sequence(*SIX), TAIL)

    assert fields_of(data).data == data
