# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that users expect to be covered."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.definition import InvalidTextError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.expected import expected_name
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(InvalidTextError) as caught:
        expected_name(text)
    return caught.value.problem, caught.value.hint


def test_nothing_is_nothing() -> None:
    assert expected_name("") == expected_name(" ") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("shop.example.com", "shop.example.com"),
        (" Shop.Example.com. ", "shop.example.com"),
        ("*.example.com", "*.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("localhost", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
    ],
)
def test_expected_domains(text: str, name: str) -> None:
    assert expected_name(text) == name
    assert expected_name(name) == name


@pytest.mark.parametrize(
    ("text", "what", "name"),
    [
        ("https://shop.example.com", "is a URL, not a domain", "shop.example.com"),
        ("https://user:word@Shop.example.com:8443/a?b=c@d#e", "is a URL, not a domain", "Shop.example.com"),
        ("//shop.example.com", "is a URL, not a domain", "shop.example.com"),
        ("https://[2001:db8::1]:443/", "is a URL, not a domain", "2001:db8::1"),
        ("https://", "is a URL, not a domain", "such as shop.example.com"),
        ("shop.example.com/", "contains more than a domain", "shop.example.com"),
        ("shop.example.com:443", "contains more than a domain", "shop.example.com"),
        ("shop.example.com:", "contains more than a domain", "shop.example.com"),
        ("192.0.2.1:443", "contains more than a domain", "192.0.2.1"),
        ("192.0.2.0/24", "contains more than a domain", "192.0.2.0"),
        ("[2001:db8::1]:443", "contains more than a domain", "2001:db8::1"),
        ("admin@shop.example.com", "contains more than a domain", "shop.example.com"),
    ],
)
def test_expected_domains_that_are_more_than_that(text: str, what: str, name: str) -> None:
    assert refusal(text) == (what, f"Give only the name: {name}.")


@pytest.mark.parametrize(
    "text",
    [
        "shop.example.com www.example.com",
        "shop.example.com,www.example.com",
        ".example.com",
        "shop..example.com",
        "*",
        "w*.example.com",
        "10.0.0",
        "256.0.0.1",
        "see https://shop.example.com/ and so on",
    ],
)
def test_what_is_no_domain_is_left_as_it_is(text: str) -> None:
    assert expected_name(text) == text
    assert [
        item["detail"]
        for item in audit_facts.judge("cert_domain_uncovered", audit_facts.compliant(), expected_domains=[text])
    ] == [f"No certificate covers {text}."]
