# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate covers a domain."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.ucloud.ulb.plugins.test import covers_domain as plugin
from ansible_collections.ucloud.ulb.plugins.test.covers_domain import covers_domain
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts

CERTIFICATE = audit_facts.facts(
    audit_facts.content(audit_facts.csr("shop.example.com", "*.shop.example.com", "xn--fsqu00a.example.com"))
)


@pytest.mark.parametrize(
    ("domain", "covered"),
    [
        ("shop.example.com", True),
        ("SHOP.Example.com.", True),
        ("www.shop.example.com", True),
        ("*.shop.example.com", True),
        ("例子.example.com", True),
        ("xn--fsqu00a.example.com", True),
        # A wildcard stands for one label.
        ("a.www.shop.example.com", False),
        (".shop.example.com", False),
        ("example.com", False),
        ("shop.example.org", False),
        ("", False),
    ],
)
def test_domains(domain: str, covered: bool) -> None:
    assert covers_domain(CERTIFICATE, domain) is covered


def test_the_test_is_there() -> None:
    assert plugin.TestModule().tests() == {"covers_domain": covers_domain}
    assert covers_domain(audit_facts.facts(), "shop.example.com") is False
    assert covers_domain(audit_facts.facts(Domains="a.example.com"), "a.example.com") is True


@pytest.mark.parametrize("certificate", [None, "ssl-1", [CERTIFICATE], {}, {"ssl_id": "ssl-1"}, {"domains": None}])
def test_what_is_no_certificate(certificate: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        covers_domain(certificate, "a.example.com")
    assert str(caught.value) == "covers_domain: not the facts of a certificate: domains is missing, or not a list"


@pytest.mark.parametrize("domain", [None, 7, ["a.example.com"]])
def test_what_is_no_domain(domain: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        covers_domain(CERTIFICATE, domain)
    assert str(caught.value) == f"covers_domain: {domain!r} is not a domain name"


@pytest.mark.parametrize(
    "malformed",
    [
        {"domains": [7]},
        {"domains": [None]},
        {"domains": [["a.example.com"]]},
        {"x509": "text"},
        {"x509": {"subject_alt_names": "DNS:a.example.com"}},
        {"x509": {"subject_alt_names": {"DNS": "a.example.com"}}},
        {"x509": {"subject_alt_names": [7]}},
    ],
)
def test_malformed_facts(malformed: dict[str, Any]) -> None:
    with pytest.raises(AnsibleFilterError, match=r"^covers_domain: "):
        covers_domain({"domains": ["a.example.com"], **malformed}, "b.example.com")
