# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that match a term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.lazy_certificate import LazyCertificate
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.index import CertificateIndex, looks_like_id
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

SHOP = listed.certificate("ssl-1", "shop", domains=("shop.example.com",))


def find(certificates: Iterable[Certificate], term: str, by: str = "auto", **options: Any) -> list[str | None]:
    wanted = options.get("wanted", lambda _certificate: True)
    return [
        item.ssl_id
        for item in CertificateIndex(map(LazyCertificate.of, certificates)).find(term, by, wanted, listed.NOW)
    ]


def test_ids() -> None:
    assert looks_like_id("ssl-1")
    assert not looks_like_id("sslv3.example.com")
    assert not looks_like_id("Ssl-1")


@pytest.mark.parametrize(
    ("by", "term"),
    [
        ("id", "ssl-1"),
        ("name", "shop"),
        ("domain", "shop.example.com"),
        ("domain", "SHOP.example.com."),
        ("auto", "ssl-1"),
        ("auto", "shop"),
        ("auto", "Shop.Example.com"),
    ],
)
def test_a_term_that_fits(by: str, term: str) -> None:
    assert find([listed.certificate("ssl-0", "other"), SHOP], term, by) == ["ssl-1"]


@pytest.mark.parametrize(
    ("by", "term"),
    [
        ("id", "shop"),
        ("id", "SSL-1"),
        ("name", "ssl-1"),
        ("name", "Shop"),
        ("name", "shop.example.com"),
        ("name", "sho*"),
        ("domain", "ssl-1"),
        ("domain", "shop"),
        ("domain", "www.shop.example.com"),
        ("domain", "example.com"),
        ("auto", "ssl-2"),
        ("auto", "nothing"),
    ],
)
def test_a_term_that_does_not_fit(by: str, term: str) -> None:
    assert find([SHOP], term, by) == []


def test_auto_prefers_the_id_to_the_name_and_the_name_to_the_domain() -> None:
    fleet = [
        listed.certificate("ssl-1", "a.example.com"),
        listed.certificate("ssl-2", "ssl-1"),
        listed.certificate("ssl-3", "x", domains=("a.example.com", "ssl-9.example.com")),
        listed.certificate("ssl-4", "ssl-8"),
    ]
    assert find(fleet, "ssl-1") == ["ssl-1"]
    assert find(fleet, "a.example.com") == ["ssl-1"]
    assert find(fleet, "a.example.com", "domain") == ["ssl-3"]
    assert find(fleet, "ssl-8") == ["ssl-4"]
    assert find(fleet, "ssl-9.example.com") == ["ssl-3"]


def test_by_name_there_may_be_several_the_best_first() -> None:
    fleet = [
        listed.certificate("ssl-1", ends=-1, bindings=[listed.binding()]),
        listed.certificate("ssl-2", ends=5),
        listed.certificate("ssl-3", ends=4, bindings=[listed.binding()]),
    ]
    assert find(fleet, "shop") == ["ssl-3", "ssl-2", "ssl-1"]


def test_an_id_may_be_in_several_regions() -> None:
    fleet = [
        listed.certificate("ssl-1", region="hk"),
        listed.certificate("ssl-1", region="cn-bj2"),
        SHOP,
    ]
    assert len(find(fleet, "ssl-1")) == 3


DOMAIN = "a.shop.example.com"
EXACT, WILDCARD = ("x.example.org", DOMAIN), ("*.shop.example.com",)
BOUND = [listed.binding()]
#: Each ranks above the next one.
RANKED = [
    listed.certificate("ssl-01", domains=EXACT, bindings=BOUND, ends=50),
    listed.certificate("ssl-02", domains=EXACT, bindings=BOUND, ends=40),
    listed.certificate("ssl-03", domains=WILDCARD, bindings=BOUND, ends=90),
    listed.certificate("ssl-04", domains=EXACT, ends=95),
    listed.certificate("ssl-05", domains=EXACT, bindings=None, ends=94),
    listed.certificate("ssl-06", domains=WILDCARD, ends=99),
    listed.certificate("ssl-07", domains=EXACT, bindings=BOUND, begins=1, ends=91),
    listed.certificate("ssl-08", domains=EXACT, bindings=BOUND, ends=None),
    listed.certificate("ssl-09", domains=EXACT, bindings=BOUND, ends=-1),
    listed.certificate("ssl-10", domains=EXACT, bindings=BOUND, ends=-2),
    listed.certificate("ssl-11", domains=WILDCARD, ends=-1),
]


@given(st.permutations(RANKED), st.integers(1, len(RANKED)))
def test_by_domain_the_best_match_wins(fleet: list[Certificate], size: int) -> None:
    best = min(fleet[:size], key=lambda item: item.ssl_id or "")
    assert find(fleet[:size], DOMAIN) == [best.ssl_id]


@given(st.permutations(range(4)))
def test_equal_matches_have_a_fixed_order(order: list[int]) -> None:
    places = [("org-1", "a", "ssl-2"), ("org-1", "b", "ssl-1"), ("org-2", "a", "ssl-1"), (None, "z", "ssl-9")]
    fleet = [
        listed.certificate(ssl_id, domains=EXACT, region=region, project_id=project)
        for project, region, ssl_id in places
    ]
    assert find([fleet[number] for number in order], DOMAIN) == ["ssl-9"]
    assert find([fleet[number] for number in order if number != 3], DOMAIN) == ["ssl-2"]


def test_a_certificate_with_the_name_and_its_wildcard_ranks_as_exact() -> None:
    fleet = [
        listed.certificate("ssl-1", domains=WILDCARD, bindings=BOUND, ends=90),
        listed.certificate("ssl-2", domains=(*WILDCARD, DOMAIN), bindings=BOUND, ends=80),
    ]
    assert find(fleet, DOMAIN) == ["ssl-2"]
    assert find(fleet[:1], "*.shop.example.com") == ["ssl-1"]
    assert find(fleet, "b.a.shop.example.com") == []


def test_only_selected_certificates_are_considered() -> None:
    fleet = [listed.certificate("ssl-1", ends=90), listed.certificate("ssl-2", ends=80)]
    assert find(fleet, "shop", wanted=lambda item: item.ssl_id != "ssl-1") == ["ssl-2"]
    assert find(fleet, "ssl-1", wanted=lambda item: item.ssl_id != "ssl-1") == []


@pytest.mark.parametrize("domain", ["münchen.example.com", "xn--mnchen-3ya.example.com", "MÜNCHEN.example.com"])
def test_international_names(domain: str) -> None:
    assert find([listed.certificate(domains=("xn--mnchen-3ya.example.com",))], domain) == ["ssl-1"]


def test_certificates_without_id_and_name() -> None:
    fleet = [listed.certificate(None, None, bindings=None, ends=None, domains=("a.example.com",))]
    assert find(fleet, "a.example.com") == [None]
    assert find(fleet, "None") == []
