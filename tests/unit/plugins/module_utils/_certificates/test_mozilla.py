# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real certificates: every root that Mozilla trusts."""

from __future__ import annotations

import re
import warnings

import certifi
import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, mozilla
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve


@pytest.fixture(scope="module")
def roots() -> Fleet:
    return mozilla()


@pytest.fixture
def certificates(roots: Fleet, serve: Serve, connect: Connect) -> list[Certificate]:
    query = Query(("all",), ("all",), content="certificates")
    with warnings.catch_warnings():
        # Some roots are older than the rules that cryptography warns about.
        warnings.simplefilter("ignore")
        found = gather(connect(serve(roots)), query, certs.NOW)
    assert found.complete
    return found.certificates


def test_every_root_is_read(certificates: list[Certificate]) -> None:
    assert len(certificates) == len(re.findall("BEGIN CERTIFICATE", certifi.contents())) > 100
    assert {certificate.content.x509_error for certificate in certificates} == {None}


def test_facts_of_roots(certificates: list[Certificate]) -> None:
    for certificate in certificates:
        facts = certificate.to_facts(certs.NOW)
        x509 = facts["x509"]
        # A few have no common name. Their name on the platform is then the unit or the organization.
        names = [x509["subject"].get(name) for name in ("common_name", "organizational_unit_name", "organization_name")]
        assert facts["ssl_name"] in [text for name in names for text in (name if isinstance(name, list) else [name])]
        if "common_name" in x509["subject"]:
            assert x509["subject"]["common_name"] == facts["ssl_name"]
        assert x509["subject"] == x509["issuer"]
        assert x509["is_ca"] is True
        # This includes signatures with SHA-1.
        assert (x509["self_signed"], x509["issuer_included"]) == (True, True)
        assert x509["public_key"]["type"] in ("RSA", "EC")
        assert x509["version"] == 3
        assert x509["chain"] == []
        assert (facts["private_key_stored"], facts["key_matches"]) == (False, None)
        assert facts["created_at_epoch"] == facts["not_before_epoch"]
        assert facts["ssl_id"] == f"ssl-{x509['fingerprints']['sha256'][:10]}"
        assert facts["content"] in certifi.contents()
