# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of endpoints, and the words for their facts."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_endpoints import render
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.endpoints import (
    label_of,
    revocation_of,
    served_name,
    tls_of,
    trust_of,
    verdict_of,
)
from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.sanitize import columns
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import (
    MODERN,
    TRUSTED,
    endpoint,
    endpoints_audit,
    served,
    with_endpoints,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import listeners_audit


def test_the_wrong_ones_come_first_and_everything_is_in_its_column() -> None:
    lines = render(endpoints_audit(), width=150).splitlines()

    assert len(lines) == 7
    assert lines[0].split() == ["ENDPOINT", "SERVER", "NAME", "TLS", "SERVED", "CERTIFICATE", "EXPIRES", "VERDICT"]
    assert [line[lines[0].index("VERDICT") :][:3].strip() for line in lines[1:-1]] == ["BAD", "BAD", "?:", "ok", "ok"]
    assert lines[1].startswith("[2001:db8::7]:443")
    assert lines[2].endswith("  -           BAD: connection refused")
    assert lines[4].split() == [
        "203.0.113.7:443", "www.example.com", "TLSv1.3", "www.example.com", "2027-01-23", "ok",
    ]  # fmt: skip
    assert lines[-1] == "5 endpoints, 2 ok, 2 not as they should be, 1 not decided"


def test_the_width_is_kept_and_everything_is_visible() -> None:
    for width in (120, 109, 60):
        for line in render(endpoints_audit(), width=width).splitlines()[:-1]:
            assert columns(line) <= width
            assert not [char for char in line if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")]


def test_a_limit_says_how_many_are_left_out() -> None:
    assert render(endpoints_audit(), limit=2).splitlines()[3] == "… and 3 more"
    assert render(endpoints_audit(), limit=0).splitlines()[0] == "… and 5 more"


def test_no_endpoints_are_not_endpoints_without_problems() -> None:
    assert render(listeners_audit()) == "No endpoints: this audit was given none.\n"
    assert render(with_endpoints(listeners_audit(), [], [])) == "0 endpoints, 0 ok, 0 not as they should be\n"


@pytest.mark.parametrize(
    ("facts", "kind", "text"),
    [
        ({}, "good", "ok"),
        ({"matches_expected": False}, "bad", "other certificate"),
        ({"matches_expected": None}, "undecided", "expected certificate not known"),
        ({"fingerprint": None, "matches_expected": None}, "undecided", "certificate not known"),
        ({"reachable": None}, "undecided", "not known"),
        ({"state": "expired"}, "bad", "expired"),
        ({"state": "not_yet_valid"}, "bad", "not valid yet"),
        ({"covers_server_name": False}, "bad", "name mismatch"),
        ({"trust": {**TRUSTED, "trusted": False}}, "bad", "not trusted"),
        ({"trust": {**TRUSTED, "trusted": None}}, "undecided", "trust not known"),
        ({"trust": None}, "good", "ok"),
        ({"issuer_included": False}, "good", "ok"),
        ({"issuer_included": False, "trust": None}, "bad", "chain incomplete"),
        ({"issuer_included": None, "trust": None}, "good", "ok"),
        ({"tls_versions": {**MODERN, "TLSv1": True, "TLSv1.1": True}}, "bad", "offers TLSv1, TLSv1.1"),
        ({"tls_versions": None, "tls_version": "TLSv1.1"}, "bad", "offers TLSv1.1"),
        ({"tls_versions": {**MODERN, "TLSv1": None}}, "good", "ok"),
        ({"revocation": {"revoked": True}}, "bad", "revoked"),
        ({"revocation": {"revoked": False}}, "good", "ok"),
        ({"revocation": {"revoked": None}}, "undecided", "revocation not known"),
        ({"state": "expired", "revocation": {}}, "bad", "expired, revocation not known"),
    ],
)
def test_the_verdict_follows_from_the_facts(facts: dict[str, Any], kind: str, text: str) -> None:
    verdict = verdict_of(served("203.0.113.7", **facts))
    assert (verdict.kind, verdict.text) == (kind, text)


@pytest.mark.parametrize(
    ("error", "text"), [("timeout", "timeout"), ("new\x1bkind", "new\ufffdkind"), (None, "unreachable")]
)
def test_an_endpoint_without_a_handshake_has_its_reason_alone(error: str | None, text: str) -> None:
    verdict = verdict_of(endpoint("203.0.113.7", reachable=False, error=error, matches_expected=None))
    assert (verdict.kind, verdict.text) == ("bad", text)


def test_words_for_facts() -> None:
    item = served("2001:db8::7")
    assert label_of(item) == "[2001:db8::7]:443 www.example.com"
    assert label_of({**item, "server_name": None}) == "[2001:db8::7]:443"
    assert served_name({**item, "subject": None}) == "www.example.com"
    assert served_name({**item, "subject": {"common_name": []}, "domains": None}) == item["fingerprint"]
    assert tls_of(item) == "TLSv1.2, TLSv1.3"
    assert tls_of({**item, "tls_versions": None}) == "TLSv1.3 used"
    assert tls_of({**item, "tls_versions": {}, "tls_version": None}) == "not known"
    assert trust_of(item) == "trusted (mozilla (certifi 2026.10.1))"
    assert trust_of({"trust": {"trusted": False, "reason": "it is\nself-signed"}}) == "not trusted: it is self-signed"
    assert trust_of({"trust": {}}) == "not known"
    assert trust_of({"trust": None}) == ""
    assert revocation_of({"revocation": {"revoked": False}}) == "not revoked"
    assert revocation_of({"revocation": {"revoked": None, "reason": "no CRL"}}) == "not known: no CRL"
    assert revocation_of({}) == ""
