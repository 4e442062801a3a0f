# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that compare certificates."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

import pytest
from cryptography import x509

from ansible_collections.ucloud.ulb.tests.simulator.fleet import relation
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW, Facts, Finding, facts, judge

BJ: dict[str, Any] = {"region": "cn-bj2"}
HK: dict[str, Any] = {"region": "hk"}
UNBOUND: dict[str, Any] = {"relations": ()}


def valid(begins: int, ends: int, *names: str, label: str = "unit") -> str:
    """Return the content of a certificate with a validity in days from now."""
    names = names or (audit_facts.NAME,)
    request = audit_facts.csr(
        *names, begins=NOW + begins * DAY, ends=NOW + ends * DAY, key=audit_facts.make_key("p256", f"fleet {label}")
    )
    return audit_facts.content(request)


OLD, NEW, NEWER = valid(-60, 30), valid(-5, 85, label="new"), valid(-1, 89, label="newer")


def ids(findings: Iterable[Finding]) -> list[str]:
    return [finding["ssl_id"] for finding in findings]


# No listener serves it


def created(seconds_ago: int, **changes: Any) -> Facts:
    return facts(OLD, created=NOW - seconds_ago, **changes)


#: For each check, certificates that fail it, and similar ones that pass.
PAIRS: dict[str, tuple[list[Facts], list[Facts]]] = {
    "cert_unused": ([created(7 * DAY + 1, relations=())], [created(7 * DAY, relations=())]),
    "cert_superseded_in_use": (
        [facts(OLD, ssl_id="ssl-old"), facts(NEW, ssl_id="ssl-new")],
        [facts(OLD, ssl_id="ssl-old"), facts(NEW, ssl_id="ssl-new", region="hk")],
    ),
    "cert_drift_between_regions": (
        [facts(OLD, ssl_id="ssl-old", **BJ), facts(NEW, ssl_id="ssl-new", **HK)],
        [facts(NEW, ssl_id="ssl-old", **BJ), facts(NEW, ssl_id="ssl-new", **HK)],
    ),
    "cert_duplicate": (
        [facts(OLD, ssl_id="ssl-1"), facts(OLD, ssl_id="ssl-2")],
        [facts(OLD, ssl_id="ssl-1"), facts(OLD, ssl_id="ssl-2", region="hk")],
    ),
    "cert_key_reuse": (
        [facts(OLD, ssl_id="ssl-1"), facts(valid(-50, 30), ssl_id="ssl-2")],
        [facts(OLD, ssl_id="ssl-1"), facts(valid(-50, 30, label="another"), ssl_id="ssl-2")],
    ),
    "listener_without_default": (
        [facts(OLD, relations=[relation(("alb-1", "a"), ("lsn-1", "l"), False)])],
        [facts(OLD, relations=[relation(("alb-1", "a"), ("lsn-1", "l"), True)])],
    ),
}


@pytest.mark.parametrize("check", PAIRS)
def test_some_fail_and_some_close_to_them_pass(check: str) -> None:
    bad, good = PAIRS[check]

    assert {finding["status"] for finding in judge(check, *bad)} == {"fail"}
    assert judge(check, *good) == []


@pytest.mark.parametrize(
    ("check", "severity"),
    [
        ("cert_unused", "low"),
        ("cert_superseded_in_use", "high"),
        ("cert_drift_between_regions", "medium"),
        ("cert_duplicate", "low"),
        ("cert_key_reuse", "low"),
        ("listener_without_default", "medium"),
    ],
)
def test_severities(check: str, severity: str) -> None:
    bad, _good = PAIRS[check]

    assert {finding["severity"] for finding in judge(check, *bad)} == {severity}


def test_unused() -> None:
    (finding,) = judge("cert_unused", created(9 * DAY, relations=()))

    assert finding["detail"] == "No listener serves it 9 days after its upload."
    assert finding["evidence"] == {"created_at": "2026-11-15T00:00:00Z", "days_since_upload": 9.0}
    assert judge("cert_unused", created(9 * DAY)) == []
    assert judge("cert_unused", created(9 * DAY, relations=()), days=9) == []
    assert judge("cert_unused", created(1, relations=()), days=0)[0]["status"] == "fail"


def test_whether_it_is_used_is_not_known() -> None:
    (finding,) = judge("cert_unused", facts(OLD, Relations="?"))
    assert (finding["status"], finding["detail"]) == (
        "unknown",
        "Undecided: the platform does not report which listeners serve it.",
    )
    (finding,) = judge("cert_unused", facts(OLD, relations=(), CreateTime=0))
    assert (finding["status"], finding["detail"]) == (
        "unknown",
        "Undecided: no listener serves it, but its upload time is not known.",
    )
    assert judge("cert_unused", facts(OLD, CreateTime=0)) == []


# A newer certificate exists


def test_superseded() -> None:
    old, new = facts(OLD, ssl_id="ssl-old"), facts(NEW, ssl_id="ssl-new", name="renewed", **UNBOUND)

    (finding,) = judge("cert_superseded_in_use", old, new)
    assert finding["ssl_id"] == "ssl-old"
    assert finding["detail"] == "renewed (ssl-new) covers all its names until 2027-02-17T00:00:00Z."
    assert finding["evidence"] == {
        "newer": "ssl-new",
        "not_after": "2026-12-24T00:00:00Z",
        "newer_not_after": "2027-02-17T00:00:00Z",
    }


def test_the_one_that_expires_last_is_named() -> None:
    three = [facts(text, ssl_id=name) for text, name in [(OLD, "ssl-1"), (NEW, "ssl-2"), (NEWER, "ssl-3")]]

    found = judge("cert_superseded_in_use", *three)
    assert [(finding["ssl_id"], finding["evidence"]["newer"]) for finding in found] == [
        ("ssl-1", "ssl-3"),
        ("ssl-2", "ssl-3"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "superseded"),
    [
        # names
        (("a.example.com",), ("a.example.com", "b.example.com"), True),
        (("a.example.com", "b.example.com"), ("a.example.com",), False),
        (("a.example.com",), ("*.example.com",), True),
        (("*.example.com",), ("a.example.com",), False),
        (("*.example.com",), ("*.example.com",), True),
        (("a.b.example.com",), ("*.example.com",), False),
        (("a.example.com", "b.example.com"), ("*.example.com", "c.example.com"), True),
        (("a.example.com", "example.com"), ("*.example.com",), False),
        (("a.example.com", "example.com"), ("*.example.com", "example.com"), True),
    ],
)
def test_a_newer_one_covers_all_names(old: tuple[str, ...], new: tuple[str, ...], superseded: bool) -> None:
    certificates = (
        facts(valid(-60, 30, *old), ssl_id="ssl-old"),
        facts(valid(-5, 85, *new, label="new"), ssl_id="ssl-new"),
    )

    assert ids(judge("cert_superseded_in_use", *certificates)) == (["ssl-old"] if superseded else [])


@pytest.mark.parametrize(
    ("new", "superseded"),
    [
        ((-59, 31), True),
        # not later at both ends
        ((-60, 31), False),
        ((-59, 30), False),
        ((-61, 85), False),
        # not valid now
        ((-20, -1), False),
        ((1, 85), False),
        ((0, 85), True),
    ],
)
def test_newer_is_what_begins_and_ends_later_and_is_valid(new: tuple[int, int], superseded: bool) -> None:
    certificates = facts(OLD, ssl_id="ssl-old"), facts(valid(*new, label="new"), ssl_id="ssl-new")

    assert ids(judge("cert_superseded_in_use", *certificates)) == (["ssl-old"] if superseded else [])


def reasons(check: str, *certificates: Facts, **options: Any) -> dict[str | None, str]:
    """Why a check is undecided, by certificate (or by what it is about)."""
    found = judge(check, *certificates, **options)
    assert {finding["status"] for finding in found} <= {"unknown"}
    return {finding["ssl_id"] or finding["about"]: finding["detail"].removeprefix("Undecided: ") for finding in found}


UNREADABLE = "the certificate cannot be read."
NO_NAMES = "its names cannot be read."
NO_DATES = "its dates are not known."


def test_what_cannot_be_superseded() -> None:
    new = facts(NEW, ssl_id="ssl-new")

    for old in (
        facts(OLD, ssl_id="ssl-old", **UNBOUND),
        facts(OLD, ssl_id="ssl-old", project="org-2"),
        facts(OLD, ssl_id="ssl-old", project=None),
        facts(ssl_id="ssl-old", **UNBOUND),
        # It has no names.
        facts(audit_facts.content(audit_facts.csr(names=(), begins=NOW - 60 * DAY)), ssl_id="ssl-old"),
    ):
        assert judge("cert_superseded_in_use", old, new) == []


def test_whether_it_is_superseded_is_not_known() -> None:
    check, new = "cert_superseded_in_use", facts(NEW, ssl_id="ssl-new")
    dates: dict[str, Any] = {"NotBefore": NOW - 60 * DAY, "NotAfter": NOW + DAY}

    assert reasons(check, facts(ssl_id="ssl-old"), new) == {"ssl-old": NO_DATES}
    end_only = facts(ssl_id="ssl-old", Domains=audit_facts.NAME, NotAfter=NOW + DAY)
    assert reasons(check, end_only, new) == {"ssl-old": NO_DATES}
    assert reasons(check, facts(ssl_id="ssl-old", **dates), new) == {"ssl-old": NO_NAMES}
    # It may have other names than the platform reports.
    for said in (audit_facts.NAME, "other.example.com"):
        assert reasons(check, facts(ssl_id="ssl-old", Domains=said, **dates), new) == {"ssl-old": NO_NAMES}
    not_said = "the platform does not report which listeners serve it."
    assert reasons(check, facts(OLD, ssl_id="ssl-old", Relations="?"), new) == {"ssl-old": not_said}
    assert reasons(check, facts(OLD, ssl_id="ssl-old", Relations="?")) == {}


@pytest.mark.parametrize(
    ("old", "new", "superseded"),
    [
        (("a.example.com", "192.0.2.1"), ("a.example.com",), False),
        (("a.example.com", "192.0.2.1"), ("a.example.com", "192.0.2.1"), True),
        (("a.example.com", "192.0.2.1"), ("a.example.com", "192.0.2.2"), False),
        (("192.0.2.1",), ("192.0.2.1", "a.example.com"), True),
    ],
)
def test_a_newer_one_covers_all_addresses(old: tuple[str, ...], new: tuple[str, ...], superseded: bool) -> None:
    test_a_newer_one_covers_all_names(old, new, superseded)


def test_what_clients_refuse_is_no_replacement() -> None:
    def newer(**changes: Any) -> Any:
        return audit_facts.csr(
            begins=NOW - 5 * DAY, ends=NOW + 85 * DAY, key=audit_facts.make_key("p256", "newer"), **changes
        )

    alone, ca = (
        facts(audit_facts.alone(newer()), ssl_id="ssl-new"),
        facts(audit_facts.content(newer(is_ca=True)), ssl_id="ssl-new"),
    )
    wrong = facts(NEW, ssl_id="ssl-new")
    wrong["key_matches"] = False
    old_alone = audit_facts.alone(audit_facts.csr(begins=NOW - 60 * DAY, ends=NOW + 30 * DAY))
    old_ca = audit_facts.content(audit_facts.csr(begins=NOW - 60 * DAY, ends=NOW + 30 * DAY, is_ca=True))
    old_wrong = {**facts(OLD, ssl_id="ssl-old"), "key_matches": False}

    for same, new in ((facts(old_alone, ssl_id="ssl-old"), alone), (facts(old_ca, ssl_id="ssl-old"), ca)):
        assert judge("cert_superseded_in_use", facts(OLD, ssl_id="ssl-old"), new) == []
        assert ids(judge("cert_superseded_in_use", same, new)) == ["ssl-old"]
    assert judge("cert_superseded_in_use", facts(OLD, ssl_id="ssl-old"), wrong) == []
    assert ids(judge("cert_superseded_in_use", old_wrong, wrong)) == ["ssl-old"]
    # A valid one after it is found.
    sound = facts(valid(-6, 80, label="sound"), ssl_id="ssl-sound")
    (finding,) = judge("cert_superseded_in_use", facts(OLD, ssl_id="ssl-old"), alone, sound)
    assert finding["evidence"]["newer"] == "ssl-sound"


def pair(old: dict[str, Any], new: dict[str, Any]) -> list[Facts]:
    """Return a certificate and a newer one for the same name, with these changes of their ``x509`` facts."""
    both = facts(OLD, ssl_id="ssl-old"), facts(NEW, ssl_id="ssl-new", **UNBOUND)
    return [{**item, "x509": {**item["x509"], **said}} for item, said in zip(both, (old, new), strict=True)]


EC, RSA = {"public_key": {"type": "EC"}}, {"public_key": {"type": "RSA"}}
PUBLIC, PRIVATE = {"embedded_scts": 2}, {"embedded_scts": 0}
EDGE, CORP = {"organization_name": "Edge CDN Origin CA"}, {"organization_name": "Corp", "common_name": "Corp CA 1"}
NEXT_CORP = {"organization_name": "CORP", "common_name": "Corp CA 2"}
ITSELF = {"self_signed": True}


@pytest.mark.parametrize(
    ("old", "new", "superseded"),
    [
        # Certificates with different types of keys are a pair.
        (EC, EC, True),
        (RSA, RSA, True),
        (RSA, EC, False),
        (EC, RSA, False),
        # A certificate from a public CA is only replaced by one from any public CA.
        (PUBLIC, PUBLIC, True),
        ({**PUBLIC, "issuer": CORP}, {**PUBLIC, "issuer": EDGE}, True),
        (PUBLIC, PRIVATE, False),
        ({**PUBLIC, "issuer": CORP}, {**PRIVATE, "issuer": CORP}, False),
        # Clients that trust one private CA do not trust another one.
        ({**PRIVATE, "issuer": CORP}, {**PRIVATE, "issuer": NEXT_CORP}, True),
        ({**PRIVATE, "issuer": CORP}, {**PRIVATE, "issuer": EDGE}, False),
        ({**PRIVATE, "issuer": CORP}, {**PUBLIC, "issuer": EDGE}, True),
        # For a self-signed certificate, clients trust no CA.
        (ITSELF, PUBLIC, True),
        (ITSELF, {**PRIVATE, "issuer": EDGE}, True),
        (ITSELF, ITSELF, True),
        ({**ITSELF, **RSA}, {**ITSELF, **EC}, False),
        (PRIVATE, ITSELF, False),
    ],
)
def test_what_can_take_the_place(old: dict[str, Any], new: dict[str, Any], superseded: bool) -> None:
    assert ids(judge("cert_superseded_in_use", *pair(old, new))) == (["ssl-old"] if superseded else [])


def test_a_private_one_for_fifteen_years_takes_no_place_of_a_public_one() -> None:
    old = facts(OLD, ssl_id="ssl-public")
    request = audit_facts.csr(f"*.{audit_facts.NAME}", audit_facts.NAME, scts=0, ends=NOW + 5475 * DAY)
    origin = facts(audit_facts.content(request), ssl_id="ssl-origin")

    assert judge("cert_superseded_in_use", old, origin) == []
    # Another public one after it is found.
    assert ids(judge("cert_superseded_in_use", old, origin, facts(NEW, ssl_id="ssl-z"))) == ["ssl-public"]


def test_a_pair_on_one_listener() -> None:
    rsa = facts(
        audit_facts.content(audit_facts.csr(key=audit_facts.make_key("rsa2048"), begins=NOW - 60 * DAY)),
        ssl_id="ssl-rsa",
    )
    ec = facts(NEW, ssl_id="ssl-ec")

    assert judge("cert_superseded_in_use", rsa, ec) == []
    newer = audit_facts.content(
        audit_facts.csr(key=audit_facts.make_key("rsa2048", "newer"), begins=NOW - DAY, ends=NOW + 89 * DAY)
    )
    (finding,) = judge("cert_superseded_in_use", rsa, ec, facts(newer, ssl_id="ssl-rsa-2"))
    assert (finding["ssl_id"], finding["evidence"]["newer"]) == ("ssl-rsa", "ssl-rsa-2")


TAKES = "whether shop.example.com (ssl-new) can replace it is not known."


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ({"public_key": None}, {}, False),
        ({}, {"public_key": None}, False),
        ({"embedded_scts": None}, {}, False),
        ({}, {"embedded_scts": None}, False),
        ({"self_signed": None}, {}, False),
        ({}, {"self_signed": None}, False),
        ({"is_ca": None}, {}, False),
        ({}, {"is_ca": None}, False),
        ({**PRIVATE, "issuer": None}, PRIVATE, False),
        (PRIVATE, {**PRIVATE, "issuer": None}, False),
        # A known fact makes them different anyway.
        (RSA, {**EC, "embedded_scts": None}, True),
        (PUBLIC, {**PRIVATE, "issuer": None}, True),
        ({**PUBLIC, "is_ca": None}, {**PRIVATE, "issuer": EDGE}, True),
        ({}, {"subject_alt_names": ["DNS:other.example.com"], "is_ca": None, **RSA}, True),
    ],
)
def test_what_can_take_the_place_is_not_known(old: dict[str, Any], new: dict[str, Any], differs: bool) -> None:
    check = "cert_superseded_in_use"

    assert reasons(check, *pair(old, new)) == ({} if differs else {"ssl-old": TAKES})
    if not old and not differs:
        # A certain replacement is preferred.
        (finding,) = judge(check, *pair(old, new), facts(NEWER, ssl_id="ssl-sure", **UNBOUND))
        assert (finding["status"], finding["evidence"]["newer"]) == ("fail", "ssl-sure")


def test_an_unread_one_for_the_same_names_may_take_the_place() -> None:
    check, old = "cert_superseded_in_use", facts(OLD, ssl_id="ssl-old")
    dates: dict[str, Any] = {"NotBefore": NOW - DAY, "NotAfter": NOW + 89 * DAY}
    early: dict[str, Any] = {"NotBefore": NOW - 90 * DAY, "NotAfter": NOW}

    same = facts("no certificate", ssl_id="ssl-new", Domains=audit_facts.NAME, **dates, **UNBOUND)
    assert reasons(check, old, same) == {"ssl-old": TAKES}
    for other in (
        facts("no certificate", ssl_id="ssl-new", Domains="other.example.com", **dates, **UNBOUND),
        facts("no certificate", ssl_id="ssl-new", Domains=audit_facts.NAME, **early, **UNBOUND),
        facts("no certificate", ssl_id="ssl-new", **UNBOUND),
    ):
        assert reasons(check, old, other) == {}


def test_facts_of_an_earlier_version_supersede_nothing() -> None:
    old, new = facts(OLD, ssl_id="ssl-old"), facts(NEW, ssl_id="ssl-new", **UNBOUND)
    del old["domains_from"], new["domains_from"]

    assert reasons("cert_superseded_in_use", old, new) == {"ssl-old": NO_NAMES}
    assert reasons("cert_superseded_in_use", facts(OLD, ssl_id="ssl-old"), new) == {"ssl-old": TAKES}
    assert reasons("cert_drift_between_regions", old, {**new, "region": "hk"}) == {
        "ssl-old": NO_NAMES,
        "ssl-new": NO_NAMES,
    }


def test_an_expired_one_is_superseded_too() -> None:
    assert ids(judge("cert_superseded_in_use", facts(valid(-90, -1), ssl_id="ssl-old"), facts(NEW, ssl_id="z"))) == [
        "ssl-old"
    ]


# Regions and projects


def test_drift() -> None:
    found = judge(
        "cert_drift_between_regions",
        facts(OLD, ssl_id="ssl-bj", **BJ),
        facts(NEW, ssl_id="ssl-hk", **HK),
        facts(NEWER, ssl_id="ssl-sh", region="cn-sh2"),
    )

    # The newest one has no finding.
    assert ids(found) == ["ssl-bj", "ssl-hk"]
    assert found[0]["detail"] == (
        "cn-sh2 (org-1) has one that expires at 2027-02-21T00:00:00Z; this one expires at 2026-12-24T00:00:00Z."
    )
    assert found[0]["evidence"] == {
        "newest": "ssl-sh",
        "newest_region": "cn-sh2",
        "newest_project_id": "org-1",
        "newest_not_after": "2027-02-21T00:00:00Z",
        "not_after": "2026-12-24T00:00:00Z",
    }


def test_drift_between_projects() -> None:
    found = judge(
        "cert_drift_between_regions", facts(OLD, ssl_id="a", project="p"), facts(NEW, ssl_id="b", project="q")
    )
    assert ids(found) == ["a"]

    found = judge(
        "cert_drift_between_regions", facts(OLD, ssl_id="a", **BJ, project=None), facts(NEW, ssl_id="b", **HK)
    )
    assert ids(found) == ["a"]
    found = judge(
        "cert_drift_between_regions", facts(OLD, ssl_id="a", **BJ), facts(NEW, ssl_id="b", **HK, project=None)
    )
    assert found[0]["detail"].startswith("hk has one ")


def test_the_order_of_names_does_not_matter_but_the_names_do() -> None:
    bj = facts(valid(-60, 30, "a.example.com", "b.example.com"), ssl_id="bj", **BJ)
    same = facts(valid(-5, 85, "b.example.com", "a.example.com"), ssl_id="hk", **HK)
    more = facts(valid(-5, 85, "b.example.com", "a.example.com", "c.example.com"), ssl_id="hk", **HK)

    assert ids(judge("cert_drift_between_regions", bj, same)) == ["bj"]
    assert judge("cert_drift_between_regions", bj, more) == []


def test_the_latest_of_each_region_counts() -> None:
    both = facts(OLD, ssl_id="old", **BJ), facts(NEW, ssl_id="new", **BJ)

    assert judge("cert_drift_between_regions", *both, facts(NEW, ssl_id="hk", **HK)) == []
    assert judge("cert_drift_between_regions", *both[::-1], facts(NEW, ssl_id="hk", **HK)) == []
    assert ids(judge("cert_drift_between_regions", *both, facts(NEWER, ssl_id="hk", **HK))) == ["new"]


def test_no_drift() -> None:
    check = "cert_drift_between_regions"

    # Renewed at the same time, with a key for each region.
    assert judge(check, facts(NEW, **BJ), facts(valid(-5, 85, label="other"), **HK)) == []
    # Unreadable certificates have no fingerprint.
    unreadable = facts(ssl_id="ssl-2", Domains=audit_facts.NAME, NotAfter=NOW + DAY, **HK)
    assert reasons(check, facts(NEW, **BJ), unreadable) == {"ssl-2": UNREADABLE}
    # Another address is another name.
    more = facts(valid(-60, 30, audit_facts.NAME, "192.0.2.1"), **HK)
    assert judge(check, facts(NEW, **BJ), more) == []
    # Without names, there is nothing to compare.
    assert judge(check, facts(audit_facts.content(audit_facts.csr(names=())), **BJ), facts(NEW, **HK)) == []


@pytest.mark.parametrize(
    ("ahead", "drifts"),
    [
        ({}, True),
        # Replacing it with the other half of a pair, or with a certificate that other clients trust, would do harm.
        (PRIVATE, False),
        (RSA, False),
        (ITSELF, False),
    ],
)
def test_only_what_can_take_the_place_is_compared(ahead: dict[str, Any], drifts: bool) -> None:
    old, new = pair({}, ahead)

    found = judge("cert_drift_between_regions", old, {**new, "region": "hk"})
    assert ids(found) == (["ssl-old"] if drifts else [])


@pytest.mark.parametrize("fact", ["public_key", "embedded_scts", "self_signed"])
def test_a_kind_that_is_not_known_cannot_be_compared(fact: str) -> None:
    old, new = pair({}, {fact: None})

    assert reasons("cert_drift_between_regions", old, {**new, "region": "hk"}) == {
        "ssl-new": "its key or its issuer cannot be read."
    }


@pytest.mark.parametrize(
    "useless",
    [
        {"not_before_epoch": NOW + 1},
        {"not_before_epoch": NOW - DAY, "not_after_epoch": NOW - 2 * DAY},
        {"key_matches": False},
    ],
)
def test_what_cannot_be_served_yet_is_not_ahead(useless: dict[str, Any]) -> None:
    old, new = pair({}, {})

    assert judge("cert_drift_between_regions", old, {**new, "region": "hk", **useless}) == []
    assert judge("cert_drift_between_regions", {**old, **useless}) == []


def test_what_is_needed_to_compare_regions() -> None:
    check, new = "cert_drift_between_regions", facts(NEW, ssl_id="ssl-2", **HK)
    nameless, endless = facts(OLD, **BJ), facts(OLD, **BJ)
    nameless["x509"] = {**nameless["x509"], "subject_alt_names": None}
    endless["not_after_epoch"] = None

    assert reasons(check, nameless, new) == {"ssl-1": NO_NAMES}
    assert reasons(check, endless, new) == {"ssl-1": NO_DATES}


# Copies


def test_duplicates() -> None:
    found = judge("cert_duplicate", *(facts(OLD, ssl_id=f"ssl-{number}") for number in range(1, 4)), facts(NEW))

    assert ids(found) == ["ssl-1", "ssl-2", "ssl-3"]
    assert found[1]["detail"] == "It is a copy of ssl-1, ssl-3."
    fingerprint = facts(OLD)["x509"]["fingerprints"]["sha256"]
    assert found[1]["evidence"] == {"copies": 3, "others": ["ssl-1", "ssl-3"], "fingerprint_sha256": fingerprint}


def test_no_duplicates() -> None:
    unreadable = {"a": UNREADABLE, "b": UNREADABLE}
    assert reasons("cert_duplicate", facts(ssl_id="a"), facts(ssl_id="b"), facts(OLD)) == unreadable
    assert reasons("cert_duplicate", facts("none", ssl_id="a"), facts("none", ssl_id="b")) == unreadable
    assert judge("cert_duplicate", facts(OLD, ssl_id="a"), facts(OLD, ssl_id="b", project="org-2")) == []


def test_key_reuse() -> None:
    texts = [valid(-50 + number, 30) for number in range(3)]
    found = judge(
        "cert_key_reuse",
        *(facts(text, ssl_id=f"ssl-{number}") for number, text in enumerate(texts)),
        facts(texts[0], ssl_id="ssl-copy", **HK),
        facts(NEW, ssl_id="ssl-new"),
    )

    # Another upload of the same certificate is not another use of its key.
    assert {finding["ssl_id"]: finding["evidence"]["others"] for finding in found} == {
        "ssl-0": ["ssl-1", "ssl-2"],
        "ssl-1": ["ssl-0", "ssl-2"],
        "ssl-2": ["ssl-0", "ssl-1"],
        "ssl-copy": ["ssl-1", "ssl-2"],
    }
    assert found[0]["detail"] == "It has the same key as ssl-1, ssl-2."
    assert found[0]["evidence"]["certificates"] == 3
    assert found[0]["evidence"]["spki_sha256"] == facts(OLD)["x509"]["spki_sha256"]
    assert judge("cert_key_reuse", facts(OLD, ssl_id="a", **BJ), facts(OLD, ssl_id="b", **HK)) == []
    assert reasons("cert_key_reuse", facts(OLD), facts(ssl_id="a")) == {"a": "its public key cannot be read."}


def test_three_thousand_copies_stay_small() -> None:
    """The size of each finding must not grow with the number of certificates."""
    text = facts(OLD)
    copies = [{**text, "ssl_id": f"ssl-{number:04}"} for number in range(3000)]
    start = time.process_time()

    audit = audit_facts.audit(audit_facts.listing(*copies))

    assert time.process_time() - start < 60
    found = [finding for finding in audit["findings"] if finding["check"] == "cert_duplicate"]
    assert len(found) == 3000
    assert found[0]["detail"] == "It is a copy of ssl-0001, ssl-0002, ssl-0003 and 2996 more."
    assert found[2999]["detail"] == "It is a copy of ssl-0000, ssl-0001, ssl-0002 and 2996 more."
    assert found[0]["evidence"]["copies"] == 3000
    assert {len(finding["evidence"]["others"]) for finding in found} == {10}
    assert max(len(json.dumps(finding["evidence"])) for finding in audit["findings"]) < 1000


def test_three_thousand_certificates_for_one_key_and_listener_stay_small() -> None:
    text = facts(OLD, relations=[relation(("alb-1", "a"), ("lsn-1", "l"), False)])
    many = []
    for number in range(3000):
        x509 = {**text["x509"], "fingerprints": {"sha256": f"{number:064x}"}}
        many.append({**text, "ssl_id": f"ssl-{number:04}", "x509": x509})

    audit = audit_facts.audit(audit_facts.listing(*many))

    found = [finding for finding in audit["findings"] if finding["check"] == "cert_key_reuse"]
    assert len(found) == 3000
    assert found[1]["detail"] == "It has the same key as ssl-0000, ssl-0002, ssl-0003 and 2996 more."
    assert {finding["evidence"]["certificates"] for finding in found} == {3000}
    (listener,) = (finding for finding in audit["findings"] if finding["check"] == "listener_without_default")
    assert listener["evidence"]["certificates"] == 3000
    assert len(listener["evidence"]["ssl_ids"]) == 10
    assert max(len(json.dumps(finding["evidence"])) for finding in audit["findings"]) < 1000


# Expected domains


EXPECTED = "cert_domain_uncovered"


def test_domains_without_a_certificate() -> None:
    serving = facts(valid(-60, 30, "a.example.com", "*.b.example.com"))

    names = ["a.example.com", "A.Example.com.", "x.b.example.com", "*.b.example.com"]
    assert judge(EXPECTED, serving, expected_domains=names) == []
    found = judge(EXPECTED, serving, expected_domains=["b.example.com", "x.y.b.example.com", "b.example.com"])
    assert {finding["about"]: finding["detail"] for finding in found} == {
        "b.example.com": "No certificate covers b.example.com.",
        "x.y.b.example.com": "No certificate covers x.y.b.example.com.",
    }
    assert len(found) == 2
    assert found[0]["evidence"] == {"domain": found[0]["about"], "certificate_exists": False}
    assert {(finding["severity"], finding["ssl_id"], finding["region"]) for finding in found} == {("high", None, None)}


@pytest.mark.parametrize(
    "certificate",
    [
        # Clients ignore common names (RFC 9525, 6.3), even if the platform repeats them.
        facts(audit_facts.content(audit_facts.csr("a.example.com", names=())), Domains="a.example.com"),
        # Names from the platform do not count for a certificate that was read.
        facts(OLD, Domains="a.example.com"),
        # No client accepts these names.
        facts(audit_facts.content(audit_facts.csr(" a.example.com"))),
        facts(audit_facts.content(audit_facts.csr("a.example.com."))),
        facts(audit_facts.content(audit_facts.csr("w*.example.com"))),
    ],
    ids=["common-name", "platform", "blank", "full-stop", "part"],
)
def test_what_covers_nothing(certificate: Facts) -> None:
    (finding,) = judge(EXPECTED, certificate, expected_domains=["a.example.com"])

    assert (finding["status"], finding["detail"]) == ("fail", "No certificate covers a.example.com.")


@pytest.mark.parametrize(
    ("names", "expected"),
    [(("*.internal",), "db.internal"), (("*.2.3.4",), "1.2.3.4"), (("a.example.com", "*.0.2.1"), "192.0.2.1")],
)
def test_wildcards_that_cover_nothing(names: tuple[str, ...], expected: str) -> None:
    certificate = facts(audit_facts.content(audit_facts.csr(*names)))

    assert [item["status"] for item in judge(EXPECTED, certificate, expected_domains=[expected])] == ["fail"]


def test_an_address_that_is_written_as_a_domain_covers_none() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName("192.0.2.1"), x509.UniformResourceIdentifier("a.example.com")])
    certificate = facts(
        audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), names), audit_facts.issuing())
    )

    found = judge(EXPECTED, certificate, expected_domains=["192.0.2.1", "a.example.com"])
    assert [item["status"] for item in found] == ["fail", "fail"]


def unread(**changes: Any) -> Facts:
    return facts("no certificate", ssl_id="ssl-2", name="broken", **changes)


@pytest.mark.parametrize(
    ("broken", "matters"),
    [
        (unread(), True),
        (unread(Domains="c.example.com", NotAfter=NOW), True),
        (unread(Relations="?"), True),
        # It is not served, whatever its names are.
        (unread(**UNBOUND), False),
        (unread(NotAfter=NOW - 1), False),
        (unread(NotBefore=NOW + 1), False),
    ],
)
def test_a_bound_certificate_that_is_unread_may_cover_a_domain(broken: Facts, matters: bool) -> None:
    (finding,) = judge(EXPECTED, facts(OLD), broken, expected_domains=[audit_facts.NAME, "b.example.com"])

    assert finding["about"] == "b.example.com"
    if matters:
        reason = "whether broken (ssl-2), whose names cannot be read, covers b.example.com is not known"
        assert (finding["status"], finding["detail"]) == ("unknown", f"Undecided: {reason}.")
    else:
        assert (finding["status"], finding["detail"]) == ("fail", "No certificate covers b.example.com.")


def test_names_that_only_the_platform_knows_cover_nothing_for_sure() -> None:
    dates: dict[str, Any] = {"NotBefore": NOW - DAY, "NotAfter": NOW + DAY}
    reason = f"whether a certificate that covers {audit_facts.NAME} is bound and valid is not known."

    assert reasons(EXPECTED, unread(Domains=audit_facts.NAME, **dates), expected_domains=[audit_facts.NAME]) == {
        audit_facts.NAME: reason
    }
    old = facts(OLD)
    del old["domains_from"]
    assert reasons(EXPECTED, old, expected_domains=[audit_facts.NAME]) == {audit_facts.NAME: reason}


@pytest.mark.parametrize(
    "certificate",
    [
        facts(OLD, **UNBOUND),
        facts(valid(-60, -1)),
        facts(valid(1, 85)),
        # Another unknown fact does not matter.
        facts(Domains=audit_facts.NAME, **UNBOUND),
        facts(valid(-60, -1), Relations="?"),
        facts(Domains=audit_facts.NAME, NotAfter=NOW - 1),
        facts(Domains=audit_facts.NAME, NotBefore=NOW + 1),
    ],
    ids=["unbound", "expired", "not-yet-valid", "unbound-only", "expired-only", "end-only", "begin-only"],
)
def test_domains_with_a_certificate_that_does_not_serve(certificate: Facts) -> None:
    (finding,) = judge(EXPECTED, certificate, expected_domains=[audit_facts.NAME])

    assert finding["detail"] == "No certificate that covers shop.example.com is bound and valid."
    assert finding["evidence"] == {"domain": audit_facts.NAME, "certificate_exists": True}


def test_domains_of_no_certificates_at_all() -> None:
    assert [finding["about"] for finding in judge(EXPECTED, expected_domains=["例子.example.com"])] == [
        "xn--fsqu00a.example.com"
    ]


@pytest.mark.parametrize(
    "certificate",
    [
        facts(OLD, Relations="?"),
        facts(Domains=audit_facts.NAME),
        facts(Domains=audit_facts.NAME, NotAfter=NOW),
        facts(Domains=audit_facts.NAME, NotBefore=NOW),
    ],
    ids=["binding", "dates", "begin", "end"],
)
def test_whether_a_domain_is_served_is_not_known(certificate: Facts) -> None:
    reason = f"whether a certificate that covers {audit_facts.NAME} is bound and valid is not known."

    assert reasons(EXPECTED, certificate, expected_domains=[audit_facts.NAME]) == {audit_facts.NAME: reason}
    assert judge(EXPECTED, certificate, facts(NEW, ssl_id="ssl-2"), expected_domains=[audit_facts.NAME]) == []


@pytest.mark.parametrize("changes", [{"complete": False}, {"total_count": 3}, {"total_count": None}])
def test_without_the_whole_listing_no_domain_is_known_to_be_uncovered(changes: dict[str, Any]) -> None:
    policy = {"checks": {EXPECTED: {"expected_domains": ["a.example.com", audit_facts.NAME]}}}
    whole, part = audit_facts.listing(facts(OLD)), audit_facts.listing(facts(OLD), **changes)

    def found(data: Any) -> list[tuple[str, str, str]]:
        findings = audit_facts.audit(data, policy)["findings"]
        return [(item["about"], item["status"], item["detail"]) for item in findings if item["check"] == EXPECTED]

    detail = "Undecided: whether a certificate covers a.example.com needs a complete listing without selection."
    assert found(part) == found([facts(OLD)]) == [("a.example.com", "unknown", detail)]
    assert found(whole) == [("a.example.com", "fail", "No certificate covers a.example.com.")]


def test_addresses_that_are_expected() -> None:
    serving = facts(valid(-60, 30, audit_facts.NAME, "192.0.2.1", "2001:db8::1"))

    assert judge(EXPECTED, serving, expected_domains=["192.0.2.1", "2001:DB8:0:0::1"]) == []
    found = judge(EXPECTED, serving, expected_domains=["192.0.2.2", "2001:db8::2"])
    assert {finding["about"] for finding in found} == {"192.0.2.2", "2001:db8::2"}


# Listeners


def served(*defaults: bool | None, listener: tuple[str, str] = ("lsn-1", "https")) -> list[Facts]:
    """Certificates of one listener, each with whether it is the default."""
    bindings = [{**relation(("alb-1", "frontend"), listener), "IsDefault": is_default} for is_default in defaults]
    return [facts(OLD, ssl_id=f"ssl-{number}", relations=[item]) for number, item in enumerate(bindings)]


LISTENER = "listener_without_default"


def test_a_listener_without_default() -> None:
    (finding,) = judge(LISTENER, *served(False, False))

    assert finding["ssl_id"] == "ssl-0"
    assert finding["detail"] == "The listener https of frontend has no default certificate."
    assert finding["about"] == "lsn-1"
    assert finding["evidence"] == {
        "listener_id": "lsn-1",
        "load_balancer_id": "alb-1",
        "certificates": 2,
        "ssl_ids": ["ssl-0", "ssl-1"],
    }


def test_what_has_no_name_is_called_by_its_id() -> None:
    bare = {"LoadBalancerId": "alb-1", "ListenerId": "lsn-1", "IsDefault": False}

    (finding,) = judge(LISTENER, facts(OLD, relations=[bare]))
    assert finding["detail"] == "The listener lsn-1 of alb-1 has no default certificate."


def test_listeners_with_a_default() -> None:
    for defaults in ((True,), (False, True), (None, True)):
        assert judge(LISTENER, *served(*defaults)) == []
    assert judge(LISTENER, facts(OLD, **UNBOUND)) == []
    # A binding without a listener, as in the older action, is ignored.
    assert judge(LISTENER, facts(OLD, relations=["ulb-1"])) == []


def test_whether_it_is_the_default_is_not_known() -> None:
    (finding,) = judge(LISTENER, *served(False, None))

    assert (finding["status"], finding["about"]) == ("unknown", "lsn-1")
    assert finding["detail"] == ("Undecided: the platform does not report the default certificate of lsn-1.")


@pytest.mark.parametrize(
    "changes",
    [{"complete": False}, {"total_count": 3}, {"total_count": None}],
    ids=["incomplete", "selected", "count-not-known"],
)
def test_a_listing_that_is_not_whole_decides_nothing(changes: dict[str, Any]) -> None:
    audit = audit_facts.audit(audit_facts.listing(*served(False, False), **changes))

    (finding,) = (finding for finding in audit["findings"] if finding["check"] == LISTENER)
    assert finding["status"] == "unknown"
    assert finding["detail"] == (
        "Undecided: whether lsn-1 has a default certificate needs a complete listing without selection."
    )
    # But a default that is listed counts.
    audit = audit_facts.audit(audit_facts.listing(*served(False, True), **changes))
    assert LISTENER not in {finding["check"] for finding in audit["findings"]}


def test_a_certificate_of_which_the_bindings_are_not_said_may_be_the_default() -> None:
    elsewhere = facts(NEW, ssl_id="ssl-x", Relations="?")

    assert reasons(LISTENER, *served(False), elsewhere) == {
        "ssl-0": "the platform does not report for all certificates whether lsn-1 serves them."
    }
    # A certificate of another region cannot be the default.
    assert [item["status"] for item in judge(LISTENER, *served(False), {**elsewhere, "region": "hk"})] == ["fail"]


@pytest.mark.parametrize(
    ("bare", "matters"),
    [
        ({"LoadBalancerId": "alb-1"}, True),
        ({"LoadBalancerId": "alb-1", "IsDefault": True}, True),
        ({"LoadBalancerName": "frontend"}, True),
        ({"LoadBalancerId": "alb-1", "IsDefault": False}, False),
        ({"LoadBalancerId": "alb-2"}, False),
    ],
)
def test_a_binding_without_listener_may_be_the_default(bare: dict[str, Any], matters: bool) -> None:
    found = judge(LISTENER, *served(False), facts(NEW, ssl_id="ssl-x", relations=[bare]))

    assert [item["status"] for item in found] == ["unknown" if matters else "fail"]


def test_a_list_of_facts_does_not_say_that_it_is_whole() -> None:
    audit = audit_facts.audit(served(False))

    assert [finding["status"] for finding in audit["findings"] if finding["check"] == LISTENER] == ["unknown"]


# The listing itself


def test_an_incomplete_listing() -> None:
    errors: list[dict[str, Any]] = [
        {"region": "hk", "project_id": "org-1", "code": 299, "message": "denied", "request_id": "1"},
        {"region": "sg", "project_id": "org-1", "code": None, "message": "timeout", "request_id": None},
        {"region": "bj", "project_id": "org-2", "code": None, "message": "timeout", "request_id": None},
    ]

    # They may be in any order.
    audit = audit_facts.audit(audit_facts.listing(audit_facts.compliant(), complete=False, errors=errors[::-1]))

    (finding,) = (finding for finding in audit["findings"] if finding["check"] == "listing_incomplete")
    assert (finding["severity"], finding["status"], finding["ssl_id"]) == ("high", "fail", None)
    assert finding["detail"] == "Not listed: hk (org-1), sg (org-1), bj (org-2)."
    assert finding["evidence"] == {"errors": errors}
    audit = audit_facts.audit(audit_facts.listing(complete=False, errors=[{**errors[0], "project_id": None}]))
    assert audit["findings"][0]["detail"] == "Not listed: hk."


@pytest.mark.parametrize("errors", [[], None, "?", 1, ["?"]])
def test_an_incomplete_listing_without_reasons(errors: Any) -> None:
    audit = audit_facts.audit(audit_facts.listing(audit_facts.compliant(), complete=False, errors=errors))

    (finding,) = (finding for finding in audit["findings"] if finding["check"] == "listing_incomplete")
    assert finding["detail"] == "Some regions or projects were not listed."


@pytest.mark.parametrize("complete", [True, None])
def test_complete_or_not_said(complete: bool | None) -> None:
    audit = audit_facts.audit(audit_facts.listing(audit_facts.compliant(), complete=complete))

    assert "listing_incomplete" not in {finding["check"] for finding in audit["findings"]}


# Waivers


def test_an_expired_waiver() -> None:
    waiver = {"check": "cert_wildcard", "name": "legacy-*", "reason": "ticket 4711", "expires": "2026-11-23"}

    audit = audit_facts.audit(audit_facts.listing(audit_facts.compliant()), {"waivers": [waiver]})

    (finding,) = (finding for finding in audit["findings"] if finding["check"] == "waiver_expired")
    assert (finding["severity"], finding["status"]) == ("medium", "fail")
    assert finding["detail"] == "The waiver of cert_wildcard for legacy-* expired at 2026-11-23T23:59:59Z."
    assert finding["about"] == "cert_wildcard, name legacy-*, until 2026-11-23"
    assert finding["evidence"] == {"waiver": {**waiver, "expires": "2026-11-23T23:59:59Z"}}
    # It is valid on its last day.
    audit = audit_facts.audit(
        audit_facts.listing(audit_facts.compliant()), {"waivers": [{**waiver, "expires": "2026-11-24"}]}
    )
    assert "waiver_expired" not in {finding["check"] for finding in audit["findings"]}
