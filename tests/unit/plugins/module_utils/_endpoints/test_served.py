# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that a server presented."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto, trust
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import Trust, read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.served import Served, ServedReader, read_served
from ansible_collections.ucloud.ulb.tests.simulator import endpoints
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

LEAF, CA = certs.der(certs.leaf()), certs.der(certs.authority())


def test_the_facts_are_those_of_the_platform() -> None:
    """The same certificates in both places have the same facts."""
    served = read_served((LEAF, CA), is_whole=True)
    content = read_content(certs.pem(certs.leaf(), certs.authority()))

    assert (served.x509, served.x509_error) == (content.x509, content.x509_error)
    assert (served.domains, served.not_before, served.not_after) == (
        content.domains,
        content.not_before,
        content.not_after,
    )


def test_trust_without_the_chain(tmp_path: Path) -> None:
    """On Python 3.9, an issuer that is not known may have been sent."""
    roots = tmp_path / "roots.pem"
    roots.write_text(endpoints.root_pem(), encoding="ascii")
    store = trust.load(str(roots))
    assert store
    now = int(time.time())
    for presented, moment, trusted in (
        (endpoints.identity(depth=0), now, True),
        (endpoints.identity(depth=0), now + 1000 * certs.DAY, False),
        (endpoints.identity(depth=1), now, None),
    ):
        der = certs.der(presented.certificate)
        x509 = read_served((der,), is_whole=False, trust=Trust(store, moment)).x509
        assert x509
        assert x509["trust"]["trusted"] is (None if trusted and crypto.path_library_problem() else trusted)


def test_the_first_one_is_the_certificate() -> None:
    served = read_served((CA, LEAF), is_whole=True)

    assert served.x509
    assert served.fingerprint == served.x509["fingerprints"]["sha256"]
    assert (served.x509["is_ca"], served.x509["position"], len(served.x509["chain"])) == (True, 0, 1)


def test_what_cannot_be_parsed() -> None:
    nothing = read_served((), is_whole=True)
    garbage = read_served((b"garbage", CA), is_whole=True)
    partly = read_served((LEAF, b"garbage"), is_whole=True)

    assert nothing == Served(x509_error="the server presented no certificate")
    assert (garbage.x509, garbage.x509_error) == (None, "the certificate could not be parsed")
    assert garbage.fingerprint
    assert garbage.covers(certs.SHOP) is None
    assert partly.x509
    assert (partly.x509["unread_certificates"], partly.x509["issuer_included"]) == (1, None)
    assert partly.x509_error == "1 certificate(s) could not be parsed"


@pytest.mark.parametrize(
    ("name", "covers"),
    [(certs.SHOP, True), (f"a.{certs.SHOP}", True), (f"a.b.{certs.SHOP}", False), ("192.0.2.1", False), (None, None)],
)
def test_names_that_are_covered(name: str | None, covers: bool | None) -> None:
    assert read_served((LEAF,), is_whole=False).covers(name) is covers


def test_equal_chains_are_read_once() -> None:
    reader = ServedReader()
    first = reader.read((LEAF, CA), is_whole=True)

    assert reader.read((LEAF, CA), is_whole=True) is first
    assert reader.read((LEAF,), is_whole=True) is not first
    assert reader.read((LEAF,), is_whole=False) is not reader.read((LEAF,), is_whole=True)
