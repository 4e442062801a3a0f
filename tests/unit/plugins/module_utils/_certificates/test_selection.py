# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificates are selected, by each option alone, and by each pair of options."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate, Content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection

DAY = 86400
NOW = 1767225600

ALB = {"LoadBalancerId": "alb-1", "ListenerId": "lsn-1"}
ALB_OTHER = {"LoadBalancerId": "alb-1", "ListenerId": "lsn-2"}
ULB = {"LoadBalancerId": "ulb-1", "ListenerId": "vserver-1"}


def certificate(
    ssl_id: str | None,
    name: str | None,
    *,
    domains: tuple[str, ...] | None = (),
    days: float | None = None,
    fingerprint: str | None = None,
    error: str | None = None,
    **record: Any,
) -> Certificate:
    """Return a certificate that expires in ``days``, with content as if it had been read."""
    content = Content(
        not_before=NOW - 90 * DAY if days is not None else None,
        not_after=NOW + round(days * DAY) if days is not None else None,
        domains=domains,
        x509={"fingerprints": {"sha256": fingerprint}} if fingerprint else None,
        x509_error=error,
    )
    return Certificate.from_api({"SSLId": ssl_id, "SSLName": name, **record}, "cn-bj2", None).with_content(content)


CERTIFICATES = {
    "shop": certificate(
        "ssl-1",
        "shop 2026",
        domains=("shop.example.com", "*.shop.example.com"),
        days=40,
        fingerprint="aa" * 32,
        SSLSource=0,
        Relations=[ALB, ULB],
    ),
    "other": certificate(
        "ssl-2",
        "shop 2025",
        domains=("*.example.com",),
        days=10,
        fingerprint="bb" * 32,
        SSLSource=1,
        Relations=[ALB_OTHER],
    ),
    "expired": certificate(
        "ssl-3", "*.example.org", domains=("*.example.org",), days=-1, fingerprint="cc" * 32, SSLSource=0, Relations=[]
    ),
    # The API returned no content, so its dates and domains are those of the API.
    "platform": certificate(
        "ssl-4",
        "Shop",
        domains=None,
        SSLSource="1",
        Relations=[ULB],
        Domains="münchen.example",
        NotAfter=NOW + 20 * DAY,
    ),
    # Nothing is known about these, so the conditions are undecided.
    "bare": certificate("ssl-5", None, domains=None, SSLSource=0, Relations=None),
    "strange": certificate(None, "[a]", domains=None, error="it cannot be read", SSLSource=7),
}

#: Certificates that may or may not meet a condition.
UNKNOWN = {
    "domains": {"bare", "strange"},
    "expires_within": {"bare", "strange"},
    "expired": {"bare", "strange"},
    "fingerprints": {"platform", "bare", "strange"},
}

#: Option, value, and the selected certificates.
CONDITIONS: list[tuple[str, Any, set[str]]] = [
    ("ssl_ids", frozenset(["ssl-1", "ssl-3", "ssl-9"]), {"shop", "expired"}),
    ("ssl_ids", frozenset(["ssl-9"]), set()),
    ("ssl_ids", frozenset(), set()),
    ("names", ("shop 2026",), {"shop"}),
    ("names", ("shop*",), {"shop", "other"}),
    ("names", ("shop 202?", "Shop"), {"shop", "other", "platform"}),
    ("names", ("[Ss]hop*",), {"shop", "other", "platform"}),
    ("names", ("SHOP",), set()),
    # A name may look like a pattern.
    ("names", ("*.example.org",), {"expired"}),
    ("names", ("[a]",), {"strange"}),
    ("names", ("*",), {"shop", "other", "expired", "platform", "strange"}),
    ("names", (), set()),
    ("domains", ("shop.example.com",), {"shop", "other"}),
    ("domains", ("a.shop.example.com",), {"shop"}),
    ("domains", ("*.example.com",), {"other"}),
    ("domains", ("a.example.org", "xn--mnchen-3ya.example"), {"expired", "platform"}),
    ("domains", ("example.com",), set()),
    ("domains", (), set()),
    ("sources", frozenset(["ulb"]), {"shop", "expired", "bare"}),
    ("sources", frozenset(["ussl"]), {"other", "platform"}),
    ("sources", frozenset(["ulb", "ussl"]), {"shop", "expired", "bare", "other", "platform"}),
    ("sources", frozenset(), set()),
    ("bound", True, {"shop", "other", "platform"}),
    ("bound", False, {"expired", "bare"}),
    ("load_balancer_ids", frozenset(["alb-1"]), {"shop", "other"}),
    ("load_balancer_ids", frozenset(["ulb-1", "alb-9"]), {"shop", "platform"}),
    ("load_balancer_ids", frozenset(), set()),
    ("listener_ids", frozenset(["lsn-2"]), {"other"}),
    ("listener_ids", frozenset(["lsn-1", "lsn-2"]), {"shop", "other"}),
    ("expires_within", 0, {"expired"}),
    ("expires_within", 10 * DAY - 1, {"expired"}),
    ("expires_within", 10 * DAY, {"expired", "other"}),
    ("expires_within", 30 * DAY, {"expired", "other", "platform"}),
    ("expires_within", 10**20, {"expired", "other", "platform", "shop"}),
    ("expired", True, {"expired"}),
    ("expired", False, {"shop", "other", "platform"}),
    ("fingerprints", frozenset(["aa" * 32, "cc" * 32]), {"shop", "expired"}),
    ("fingerprints", frozenset(["dd" * 32]), set()),
]
NEED_CONTENT = {"domains", "expires_within", "expired", "fingerprints"}


def kept(selection: Selection, now: int = NOW) -> set[str]:
    return {
        name for name, item in CERTIFICATES.items() if selection.by_record(item) and selection.by_content(item, now)
    }


@pytest.mark.parametrize(("option", "value", "expected"), CONDITIONS)
def test_what_is_not_known_is_neither_kept_nor_left_out(option: str, value: Any, expected: set[str]) -> None:
    verdicts = {name: Selection(**{option: value}).by_content(item, NOW) for name, item in CERTIFICATES.items()}

    unknown = {name for name, verdict in verdicts.items() if verdict is None}
    assert unknown == UNKNOWN.get(option, set())
    if option in NEED_CONTENT:
        assert {name for name, verdict in verdicts.items() if verdict is True} == expected
    assert set(verdicts.values()) <= {True, False, None}


def test_one_condition_that_fails_decides_whatever_is_unknown() -> None:
    item = certificate("ssl-6", "a", domains=None, days=-1, error="subjectAltName: …")

    assert Selection(domains=("a.example.com",)).by_content(item, NOW) is None
    assert Selection(domains=("a.example.com",), expired=True).by_content(item, NOW) is None
    assert Selection(domains=("a.example.com",), expired=False).by_content(item, NOW) is False


@pytest.mark.parametrize(
    ("domains", "record", "error", "verdict"),
    [
        # Names in the certificate decide, whatever the platform reports.
        (("a.example.com",), {}, None, True),
        ((), {"Domains": "a.example.com"}, None, False),
        (("b.example.com",), {"Domains": "a.example.com"}, "keyUsage: …", False),
        # If they are unknown, names of the platform are only a hint: a match is kept as undecided.
        (None, {"Domains": "a.example.com"}, "subjectAltName: …", None),
        (None, {"Domains": "b.example.com"}, "subjectAltName: …", False),
        (None, {}, "subjectAltName: …", None),
        (None, {"Domains": "Example Shop Ltd"}, "subjectAltName: …", None),
        # Without content, there is no other source.
        (None, {"Domains": "a.example.com"}, None, True),
        (None, {"Domains": "b.example.com"}, None, False),
        (None, {}, None, None),
    ],
)
def test_whose_names_decide(
    domains: tuple[str, ...] | None, record: dict[str, Any], error: str | None, verdict: bool | None
) -> None:
    item = certificate("ssl-6", "a", domains=domains, error=error, **record)

    assert Selection(domains=("a.example.com",)).by_content(item, NOW) is verdict


def test_an_address_is_covered_by_an_address_alone() -> None:
    x509 = {"subject_alt_names": ["DNS:192.0.2.7", "IP:192.0.2.8"], "fingerprints": {"sha256": ""}}
    item = certificate("ssl-6", "a").with_content(Content(domains=(), x509=x509))

    assert Selection(domains=("192.0.2.8",)).by_content(item, NOW) is True
    assert Selection(domains=("192.0.2.7",)).by_content(item, NOW) is False


def test_no_condition_keeps_all() -> None:
    assert kept(Selection()) == set(CERTIFICATES)
    assert Selection().needs_content is False


@pytest.mark.parametrize(("option", "value", "expected"), CONDITIONS)
def test_one_option(option: str, value: Any, expected: set[str]) -> None:
    selection = Selection(**{option: value})

    assert kept(selection) == expected
    assert selection.needs_content is (option in NEED_CONTENT)


@pytest.mark.parametrize(("option", "value", "expected"), CONDITIONS)
def test_conditions_on_the_record_need_no_content(option: str, value: Any, expected: set[str]) -> None:
    selection = Selection(**{option: value})

    by_record = {name for name, item in CERTIFICATES.items() if selection.by_record(item)}
    by_content = {name for name, item in CERTIFICATES.items() if selection.by_content(item, NOW)}
    if option in NEED_CONTENT:
        assert (by_record, by_content) == (set(CERTIFICATES), expected)
    else:
        assert (by_record, by_content) == (expected, set(CERTIFICATES))


PAIRS = [pair for pair in itertools.combinations(CONDITIONS, 2) if pair[0][0] != pair[1][0]]


def test_every_pair_of_options_must_hold_together() -> None:
    wrong = []
    for (option, value, expected), (other_option, other_value, other_expected) in PAIRS:
        both = expected & other_expected
        if {option, other_option} == {"load_balancer_ids", "listener_ids"}:
            continue  # these two must match the same binding, see below
        if kept(Selection(**{option: value, other_option: other_value})) != both:
            wrong.append((option, value, other_option, other_value))

    assert wrong == []
    assert len(PAIRS) > 500


@pytest.mark.parametrize(
    ("load_balancer", "listener", "expected"),
    [
        ("alb-1", "lsn-1", {"shop"}),
        ("alb-1", "lsn-2", {"other"}),
        ("ulb-1", "vserver-1", {"shop", "platform"}),
        # "shop" has both, but not in one binding.
        ("alb-1", "vserver-1", set()),
        ("ulb-1", "lsn-1", set()),
    ],
)
def test_load_balancer_and_listener_are_of_one_binding(load_balancer: str, listener: str, expected: set[str]) -> None:
    selection = Selection(load_balancer_ids=frozenset([load_balancer]), listener_ids=frozenset([listener]))

    assert kept(selection) == expected


def test_all_options_at_once() -> None:
    selection = Selection(
        ssl_ids=frozenset(["ssl-1", "ssl-2"]),
        names=("shop*",),
        domains=("shop.example.com",),
        sources=frozenset(["ulb"]),
        bound=True,
        load_balancer_ids=frozenset(["alb-1"]),
        listener_ids=frozenset(["lsn-1"]),
        expires_within=40 * DAY,
        expired=False,
        fingerprints=frozenset(["aa" * 32]),
    )

    assert kept(selection) == {"shop"}


def test_the_moment_decides() -> None:
    expired = Selection(expired=True)

    assert kept(expired, NOW - DAY) == set()
    assert kept(expired, NOW - DAY + 1) == {"expired"}
    assert kept(expired, NOW + 20 * DAY) == {"expired", "other"}
    assert kept(expired, NOW + 20 * DAY + 1) == {"expired", "other", "platform"}
    assert kept(Selection(expires_within=DAY), NOW + 9 * DAY) == {"expired", "other"}


def test_conditions_that_nothing_meets() -> None:
    assert Selection().empty == []
    assert Selection(names=("a",), bound=False, expired=False, expires_within=0).empty == []
    assert Selection(ssl_ids=frozenset(), names=(), domains=("a.example.com",)).empty == ["ssl_ids", "names"]
