# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of object identifiers, compared with those of cryptography and openssl."""

from __future__ import annotations

import re

import pytest
from cryptography import x509

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import oids
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.signature_algorithms import _ALGORITHMS

from . import openssl

#: Names that differ from those of others only in wording.
OTHER_WORDS = {
    "1.2.840.113549.1.1.10": {"RSASSA-PSS"},
    "1.2.840.10040.4.3": {"dsa-with-sha1", "dsaWithSHA1", "DSA-SHA1"},
    "1.3.6.1.4.1.311.10.3.3": {"serverGatedCrypto"},
}


def normalized(name: str) -> str:
    """Return a name without differences in notation."""
    return re.sub("[^a-z0-9]", "", name.lower())


def test_names_are_those_of_cryptography() -> None:
    compared = 0
    for dotted, name in oids.NAMES.items():
        known = x509.ObjectIdentifier(dotted)._name
        if known != "Unknown OID" and dotted not in OTHER_WORDS:
            assert normalized(known) == normalized(name)
            compared += 1
    assert compared > 50


def test_names_are_those_of_openssl() -> None:
    listed = openssl.run("list", "-objects")
    if listed is None:
        pytest.skip("this openssl does not list what it knows")
    known: dict[str, set[str]] = {}
    for line in listed.splitlines():
        parts = [part.strip() for part in re.split("[=,]", line)]
        if re.fullmatch(r"\d+(\.\d+)+", parts[-1]):
            known.setdefault(parts[-1], set()).update(map(normalized, parts[:-1]))
    names = {dotted: name for dotted, name in oids.NAMES.items() if dotted in known}
    assert len(names) > 80
    compared = {dotted: name for dotted, name in names.items() if dotted in _ALGORITHMS and dotted not in OTHER_WORDS}
    assert {dotted: name for dotted, name in compared.items() if normalized(name) not in known[dotted]} == {}


@pytest.mark.parametrize(
    ("oid", "attribute"),
    [
        ("2.5.4.3", "common_name"),
        ("2.5.4.9", "street_address"),
        ("2.5.4.46", "dn_qualifier"),
        ("0.9.2342.19200300.100.1.1", "user_id"),
        ("1.2.643.100.1", "ogrn"),
        ("1.3.6.1.4.1.311.60.2.1.3", "jurisdiction_country_name"),
        ("1.2.3.4", "1.2.3.4"),
    ],
)
def test_attributes(oid: str, attribute: str) -> None:
    assert oids.attribute_of(oid) == attribute


def test_letters_are_those_of_attributes() -> None:
    assert set(oids.LETTERS) <= set(oids.NAMES)


def test_what_has_no_name_keeps_its_number() -> None:
    assert oids.name_of("2.5.4.3") == "commonName"
    assert oids.name_of("1.2.3.4") == "1.2.3.4"
