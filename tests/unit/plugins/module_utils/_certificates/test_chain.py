# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who issued whom. Results are also compared with openssl."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import chain, crypto
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.chain import Chain
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.tests.simulator.malformed import tlv
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from . import openssl

CA, ROOT_KEY, OTHER_KEY = certs.common_name("Example CA"), "ca", "other"
OWN_ID = certs.extension(certs.SUBJECT_KEY_ID, certs.octets(b"own id"))


def authority(*extensions: bytes, key: str = ROOT_KEY, subject: bytes = CA, **fields: Any) -> bytes:
    """Return a CA certificate, which is self-signed unless it has an issuer."""
    return certs.raw_certificate(*(extensions or (certs.CA_TRUE,)), key=certs.ec_key(key), subject=subject, **fields)


def issued(*extensions: bytes, issuer: bytes = CA, signer: str = ROOT_KEY, **fields: Any) -> bytes:
    """A leaf."""
    return certs.raw_certificate(
        *(extensions or (certs.dns_names(certs.SHOP),)),
        issuer=issuer,
        signer=certs.ec_key(signer),
        **fields,
    )


def authority_key(*, key_id: bytes | None = None, name: bytes = b"", serial: int | None = None) -> bytes:
    parts = tlv(0x80, key_id) if key_id is not None else b""
    parts += tlv(0xA1, tlv(0xA4, name)) if name else b""
    if serial is not None:
        parts += tlv(0x82, certs.integer(serial)[2:])
    return certs.extension(certs.AUTHORITY_KEY_ID, certs.sequence(parts))


def facts(*certificates: bytes | None, leaf: int = 0) -> dict[str, Any]:
    parsed = [Parsed(item) if item is not None else None for item in certificates]
    wanted = parsed[leaf]
    assert wanted is not None
    return Chain(parsed).facts(wanted)


def attributes(*texts: tuple[str, str]) -> bytes:
    return certs.raw_name(*(certs.attribute(*text) for text in texts))


ORG, OU, CN = "2.5.4.10", "2.5.4.11", "2.5.4.3"
PAIRS: dict[str, tuple[Callable[[], tuple[bytes, bytes]], bool]] = {
    "usual": (lambda: (authority(), issued()), True),
    "not self-signed": (
        lambda: (
            authority(issuer=certs.common_name("Root"), signer=certs.ec_key("root")),
            issued(),
        ),
        True,
    ),
    "key usage": (
        lambda: (authority(certs.CA_TRUE, certs.SIGNS_CERTIFICATES), issued()),
        True,
    ),
    "the same key id": (
        lambda: (authority(certs.CA_TRUE, OWN_ID), issued(authority_key(key_id=b"own id"))),
        True,
    ),
    "no key id of its own": (lambda: (authority(), issued(authority_key(key_id=b"own id"))), True),
    "the same serial number": (
        lambda: (authority(serial=certs.integer(7)), issued(authority_key(name=CA, serial=7))),
        True,
    ),
    "right name, other key": (lambda: (authority(key=OTHER_KEY), issued()), False),
    "other name, right key": (lambda: (authority(subject=certs.common_name("Other CA")), issued()), False),
    "CA:FALSE": (lambda: (authority(certs.CA_FALSE), issued()), False),
    "no basic constraints": (lambda: (authority(certs.SIGNS_CERTIFICATES), issued()), False),
    "no keyCertSign": (
        lambda: (authority(certs.CA_TRUE, certs.SIGNS_DATA), issued()),
        False,
    ),
    "another key id": (
        lambda: (authority(certs.CA_TRUE, OWN_ID), issued(authority_key(key_id=b"another"))),
        False,
    ),
    "another serial number": (
        lambda: (authority(serial=certs.integer(7)), issued(authority_key(name=CA, serial=8))),
        False,
    ),
    "another issuer's issuer": (
        lambda: (
            authority(serial=certs.integer(7)),
            issued(authority_key(name=certs.common_name("Other"), serial=7)),
        ),
        False,
    ),
    "letter case": (lambda: (authority(subject=certs.common_name("EXAMPLE ca")), issued()), True),
    "blanks": (lambda: (authority(subject=certs.common_name("  Example   CA ")), issued()), True),
    "string types": (
        lambda: (authority(subject=certs.common_name("Example CA", certs.PRINTABLE)), issued()),
        True,
    ),
    "the order of one set": (
        lambda: (
            authority(subject=certs.raw_name([certs.attribute(ORG, "a"), certs.attribute(CN, "b")])),
            issued(issuer=certs.raw_name([certs.attribute(CN, "b"), certs.attribute(ORG, "a")])),
        ),
        True,
    ),
    "the order of the sets": (
        lambda: (
            authority(subject=attributes((ORG, "a"), (CN, "b"))),
            issued(issuer=attributes((CN, "b"), (ORG, "a"))),
        ),
        False,
    ),
    "one set or two": (
        lambda: (
            authority(subject=certs.raw_name([certs.attribute(ORG, "a"), certs.attribute(CN, "b")])),
            issued(issuer=attributes((ORG, "a"), (CN, "b"))),
        ),
        False,
    ),
    "the order of equal attributes": (
        lambda: (authority(subject=attributes((OU, "a"), (OU, "b"))), issued(issuer=attributes((OU, "b"), (OU, "a")))),
        False,
    ),
}
#: openssl accepts an issuer without basic constraints if its key usage has keyCertSign; RFC 5280, 6.1.4 (k) does not.
OPENSSL_DIFFERS = {"no basic constraints"}


@pytest.mark.parametrize("case", PAIRS)
def test_an_issuer_is_who_signed(case: str, tmp_path: Path) -> None:
    make, expected = PAIRS[case]
    issuer, leaf = make()

    found = facts(leaf, issuer)
    assert found["issuer_included"] is expected
    assert found["chain"][0]["issued_previous"] is expected
    # Neither the order nor other certificates matter.
    assert facts(issuer, leaf, leaf=1)["issuer_included"] is expected
    assert facts(leaf, certs.der(certs.leaf()), issuer)["issuer_included"] is expected
    if case not in OPENSSL_DIFFERS:
        assert openssl.has_issued(certs.pem_block(issuer), certs.pem_block(leaf), tmp_path) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ünïon CA", "ÜNÏON ca"),
        ("Straße", "STRASSE"),
        ("ｅｘａｍｐｌｅ", "example"),
        ("u\u0308", "Ü"),
        ("a\u00a0b", "A  b"),
    ],
)
def test_names_of_other_alphabets_are_compared_without_case(one: str, other: str) -> None:
    found = facts(issued(issuer=certs.common_name(one)), authority(subject=certs.common_name(other)))

    assert found["issuer_included"] is True


def test_a_certificate_that_issued_itself() -> None:
    found = facts(authority())

    assert found == {"issuer_included": True, "position": 0, "unread_certificates": 0, "chain": []}


def test_a_certificate_alone() -> None:
    assert facts(issued())["issuer_included"] is False


def test_its_own_name_and_another_key_is_not_self_signed() -> None:
    fake = certs.raw_certificate(
        certs.CA_TRUE,
        signer=certs.ec_key(OTHER_KEY),
        issuer=certs.common_name(certs.SHOP),
    )

    assert facts(fake)["issuer_included"] is False


def test_a_root_of_version_1_may_sign() -> None:
    root = certs.raw_certificate(version=b"", key=certs.ec_key(ROOT_KEY), subject=CA)
    found = facts(issued(), root)

    assert (found["issuer_included"], found["chain"][0]["is_ca"]) == (True, False)
    # Without extensions, a certificate that is not a root cannot be declared a CA.
    no_root = certs.raw_certificate(
        version=b"",
        key=certs.ec_key(ROOT_KEY),
        subject=CA,
        issuer=certs.common_name("Root"),
        signer=certs.ec_key("root"),
    )
    assert facts(issued(), no_root)["issuer_included"] is False


def test_a_whole_chain() -> None:
    root = authority(subject=certs.common_name("Root"), key="root")
    middle = authority(issuer=certs.common_name("Root"), signer=certs.ec_key("root"))
    leaf = issued()

    for order in itertools.permutations([leaf, middle, root]):
        found = facts(*order, leaf=order.index(leaf))
        assert found["issuer_included"] is True
        assert [item["issuer_included"] for item in found["chain"]] == [True, True]
        assert found["position"] == order.index(leaf)
        is_in_order = [item for item in order if item is not leaf] == [middle, root]
        assert [item["issued_previous"] for item in found["chain"]] == ([True, True] if is_in_order else [False, False])
    assert [item["issuer_included"] for item in facts(leaf, middle)["chain"]] == [False]


UNREADABLE_NAME = certs.sequence(certs.integer(1))
BROKEN = b"\x30\x05a"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        # A certificate that could not be read may be the issuer,
        ((None,), None),
        ((None, authority(key=OTHER_KEY)), None),
        # but does not matter if the issuer is included.
        ((None, authority()), True),
        # A name that could not be read may be the right one.
        ((authority(subject=UNREADABLE_NAME),), None),
        ((authority(subject=UNREADABLE_NAME), authority()), True),
        # It has signed, but whether its key may sign is unknown.
        ((authority(certs.extension(certs.BASIC_CONSTRAINTS, BROKEN)),), None),
        (
            (authority(certs.CA_TRUE, certs.extension(certs.KEY_USAGE, BROKEN)),),
            None,
        ),
        # It has not signed, whether its key may sign or not.
        (
            (authority(certs.extension(certs.BASIC_CONSTRAINTS, BROKEN), key=OTHER_KEY),),
            False,
        ),
        # Key ids that could not be read contradict nothing.
        (
            (
                authority(
                    certs.CA_TRUE,
                    certs.extension(certs.SUBJECT_KEY_ID, BROKEN),
                ),
            ),
            True,
        ),
        ((authority(extensions_field=tlv(0xA3, BROKEN[:2] + b"abcde")),), None),
    ],
    ids=certs.case_id,
)
def test_what_is_not_read_is_not_absent(others: tuple[bytes | None, ...], expected: bool | None) -> None:
    assert facts(issued(authority_key(key_id=b"id")), *others)["issuer_included"] is expected


def test_who_issued_a_certificate_whose_issuer_is_not_read() -> None:
    found = facts(issued(issuer=UNREADABLE_NAME), authority())

    assert (found["issuer_included"], found["chain"][0]["issued_previous"]) == (None, None)


def test_an_authority_key_id_that_is_not_read_contradicts_nothing() -> None:
    leaf = issued(certs.extension(certs.AUTHORITY_KEY_ID, BROKEN))

    assert facts(leaf, authority(certs.CA_TRUE, OWN_ID))["issuer_included"] is True


def test_the_name_of_an_issuers_issuer_that_is_not_read_contradicts_nothing() -> None:
    leaf = issued(authority_key(name=UNREADABLE_NAME))

    assert facts(leaf, authority())["issuer_included"] is True


def test_an_algorithm_that_cannot_be_verified_is_not_known() -> None:
    unknown = certs.sequence(certs.oid("1.2.3.4"))
    found = facts(issued(algorithm=unknown), authority())

    assert (found["issuer_included"], found["chain"][0]["issued_previous"]) == (None, None)


def test_unread_certificates_are_counted_and_say_nothing_of_the_next() -> None:
    found = facts(issued(), None, authority(), None)

    assert found["unread_certificates"] == 2
    assert [item["issued_previous"] for item in found["chain"]] == [None]
    assert found["issuer_included"] is True


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts the signatures that are verified."""
    counter = Mock(side_effect=crypto.has_signed)
    monkeypatch.setattr(crypto, "has_signed", counter)
    return counter


@pytest.mark.parametrize("count", [100, 1000])
def test_many_certificates_of_one_name_take_few_checks(count: int, checks: Mock) -> None:
    """Each of them may have issued any other one, which would be a million checks."""
    others = [authority(key=OTHER_KEY, serial=certs.integer(number)) for number in range(1, count)]
    found = facts(issued(), *others)

    assert checks.call_count <= 4 * chain._MAX_CHECKS
    assert len(found["chain"]) == count - 1
    assert found["issuer_included"] in (False, None)


def test_certificates_that_name_each_other_take_few_checks(checks: Mock) -> None:
    names = [certs.common_name("a"), certs.common_name("b")]
    others = [
        authority(subject=names[number % 2], issuer=names[1 - number % 2], serial=certs.integer(number))
        for number in range(600)
    ]
    facts(issued(issuer=names[0]), *others)

    assert checks.call_count <= 4 * chain._MAX_CHECKS


def test_a_usual_chain_takes_a_check_for_each_signature(checks: Mock) -> None:
    root = authority(subject=certs.common_name("Root"), key="root")
    facts(issued(), authority(issuer=certs.common_name("Root"), signer=certs.ec_key("root")), root)

    assert checks.call_count == 3
