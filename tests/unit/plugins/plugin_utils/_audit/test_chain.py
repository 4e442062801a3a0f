# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of certificate chains, and of what the platform reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import NO_CRYPTOGRAPHY
from ansible_collections.ucloud.ulb.tests.simulator import keys
from ansible_collections.ucloud.ulb.tests.simulator.issuing import Authority, Request, utc
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    DAY,
    NOW,
    Facts,
    failed,
    issuing,
    root,
    unknown,
    verdict,
)

ROOT, ISSUING = root(), issuing()
LEAF = ISSUING.issue(audit_facts.csr())
KEY = keys.key_pem(audit_facts.make_key())
BEGINS, ENDS = NOW - 20 * DAY, NOW + 70 * DAY - 1


def chain(*certificates: x509.Certificate | Authority) -> Facts:
    """Return a certificate with its key, uploaded in this order."""
    return audit_facts.facts(audit_facts.pem(*certificates) + KEY)


#: A PEM block of a certificate that cannot be read.
UNREAD = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"


def with_unread(*certificates: x509.Certificate | Authority) -> Facts:
    """Return a certificate with its key, followed by these certificates and one that cannot be read."""
    return audit_facts.facts(audit_facts.pem(*certificates) + UNREAD + KEY)


def without(certificate: Facts, *names: str) -> Facts:
    """Facts of an earlier version, which did not have these of the certificate and its chain."""
    x509_facts = {name: value for name, value in certificate["x509"].items() if name not in names}
    x509_facts["chain"] = [
        {name: value for name, value in member.items() if name not in names} for member in x509_facts["chain"]
    ]
    return {**certificate, "x509": x509_facts}


def ending(ends: int) -> Facts:
    """Return a certificate whose intermediate ends at this time."""
    above = issuing(ends=ends)
    return chain(above.issue(audit_facts.csr()), above)


def trusting(trusted: bool | None, reason: str | None = None, **changes: Any) -> Facts:
    """Return a certificate whose trust was verified with this result."""
    certificate = audit_facts.compliant(**changes)
    certificate["x509"]["trust"] = {
        "trusted": trusted,
        "reason": reason,
        "store": "mozilla (certifi 2026.10.1)",
        "evaluated_at": "2026-11-24T00:00:00Z",
    }
    return certificate


def dated(not_before: int, not_after: int) -> Facts:
    """Return a certificate for which the platform reports these dates."""
    return audit_facts.compliant(NotBefore=not_before, NotAfter=not_after)


def namesake(**changes: Any) -> x509.Certificate:
    """Return a certificate with the name of the issuing authority, but another key, or with these changes."""
    said = {"key": audit_facts.make_key("p256", "namesake"), "is_ca": True, "usage": None, **changes}
    return ROOT.issue(Request(ISSUING.certificate.subject, not_before=utc(BEGINS), not_after=utc(ENDS), **said))


#: For each check, a certificate that fails it, and a similar one that passes.
PAIRS = {
    "chain_missing": (chain(LEAF), chain(LEAF, ISSUING)),
    "chain_broken": (chain(LEAF, namesake()), chain(LEAF, ISSUING)),
    "chain_order": (chain(ISSUING, LEAF), chain(LEAF, ISSUING)),
    "chain_has_root": (chain(LEAF, ISSUING, ROOT), chain(LEAF, ISSUING)),
    "chain_member_expired": (ending(NOW - 1), ending(NOW)),
    "chain_member_expiring": (ending(NOW + 30 * DAY), ending(NOW + 30 * DAY + 1)),
    "cert_untrusted": (trusting(False, "its issuer is missing"), trusting(True)),
    "cert_unparseable": (
        audit_facts.facts("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
        audit_facts.compliant(),
    ),
    "api_certificate_drift": (dated(BEGINS, ENDS + 1), dated(BEGINS, ENDS)),
}


@pytest.mark.parametrize("check", PAIRS)
def test_one_fails_and_one_close_to_it_passes(check: str) -> None:
    bad, good = PAIRS[check]

    assert failed(check, bad)["check"] == check
    assert verdict(check, good) is None


@pytest.mark.parametrize(
    ("check", "severity"),
    [
        ("chain_missing", "medium"),
        ("chain_broken", "high"),
        ("chain_order", "low"),
        ("chain_has_root", "low"),
        ("chain_member_expired", "high"),
        ("chain_member_expiring", "medium"),
        ("cert_unparseable", "medium"),
        ("api_certificate_drift", "medium"),
    ],
)
def test_severity_does_not_depend_on_what_serves_it(check: str, severity: str) -> None:
    bad, _good = PAIRS[check]

    assert failed(check, bad)["severity"] == severity
    assert failed(check, {**bad, "bound": False, "bindings": []})["severity"] == severity


OF_CHAIN = (
    "chain_missing", "chain_broken", "chain_order", "chain_has_root", "chain_member_expired", "chain_member_expiring",
)  # fmt: skip


@pytest.mark.parametrize("check", OF_CHAIN)
def test_without_a_certificate_nothing_is_decided(check: str) -> None:
    for nothing in (audit_facts.facts(), audit_facts.facts("no certificate")):
        assert unknown(check, nothing) == "Undecided: the certificate cannot be read."


def test_the_issuer_is_missing() -> None:
    finding = failed("chain_missing", chain(LEAF, ROOT))

    assert finding["detail"] == "The content does not include its issuer's certificate."
    assert finding["evidence"]["issuer"]["common_name"] == "Example TLS CA"
    assert finding["evidence"]["chain"] == ["Example Root"]
    # Its position does not matter here.
    assert verdict("chain_missing", chain(ROOT, ISSUING, LEAF)) is None


def test_what_has_signed_itself_needs_no_chain() -> None:
    assert verdict("chain_missing", audit_facts.facts(audit_facts.alone())) is None
    old = audit_facts.alone(audit_facts.csr(key=audit_facts.make_key("rsa2048"), signature_hash="sha1"))
    assert verdict("chain_missing", audit_facts.facts(old)) is None


def test_the_right_name_makes_no_issuer() -> None:
    finding = failed("chain_missing", chain(LEAF, namesake()))

    assert finding["detail"] == "Example TLS CA has the issuer's name, but did not sign it."
    assert finding["evidence"]["chain"] == ["Example TLS CA"]
    assert failed("chain_order", chain(LEAF, namesake()))["detail"] == (
        "Example TLS CA did not issue the certificate before it."
    )
    # Followed by the right one, nothing is missing.
    assert verdict("chain_missing", chain(LEAF, namesake(), ISSUING)) is None


def test_an_issuer_is_a_ca() -> None:
    finding = failed("chain_missing", chain(LEAF, namesake(key=ISSUING.key, is_ca=False)))

    assert finding["detail"] == "Example TLS CA has the issuer's name, but is not a CA."


def test_three_namesakes_are_enough_for_a_sentence() -> None:
    finding = failed("chain_missing", chain(LEAF, *(namesake() for _number in range(5))))

    assert finding["detail"].count("has the issuer's name") == 3


def test_a_chain_is_broken_by_a_certificate_with_the_right_name_alone() -> None:
    finding = failed("chain_broken", chain(LEAF, namesake()))

    assert finding["detail"] == "Example TLS CA has the issuer's name, but did not issue shop.example.com."
    assert finding["evidence"] == {"chain": ["Example TLS CA"]}
    no_ca = failed("chain_broken", chain(LEAF, namesake(key=ISSUING.key, is_ca=False)))
    assert no_ca["detail"] == "Example TLS CA has the issuer's name, but is not a CA."


def test_a_chain_is_broken_further_up() -> None:
    other_root = root("rsa2048")

    finding = failed("chain_broken", chain(LEAF, ISSUING, other_root))
    assert finding["detail"] == "Example Root has the issuer's name, but did not issue Example TLS CA."


def test_a_chain_is_not_broken_by_another_order_or_a_gap() -> None:
    for order in ((LEAF,), (LEAF, ROOT), (LEAF, ROOT, ISSUING), (ISSUING, LEAF), (LEAF, namesake(), ISSUING)):
        assert verdict("chain_broken", chain(*order)) is None


def test_whether_a_chain_is_broken_is_not_known() -> None:
    reason = "Undecided: which certificate in the content issued which one is not known."
    for changes in (
        {"issued_previous": None},
        {"subject": None},
    ):
        certificate = chain(LEAF, namesake())
        certificate["x509"]["chain"][0].update(changes)
        assert unknown("chain_broken", certificate) == reason
    for unread in ("issuer", "issuer_included"):
        certificate = chain(LEAF, namesake())
        certificate["x509"][unread] = None
        assert unknown("chain_broken", certificate) == reason


def test_a_member_of_the_chain_expires_before_the_leaf() -> None:
    finding = failed("chain_member_expiring", ending(NOW + 10 * DAY))

    assert finding["detail"] == "Expiring before it: Example TLS CA at 2026-12-04T00:00:00Z."
    assert finding["evidence"] == {"expiring": {"Example TLS CA": "2026-12-04T00:00:00Z"}}


def test_a_member_of_the_chain_that_outlives_the_leaf_is_replaced_with_it() -> None:
    def leaf_below(ends: int) -> Facts:
        above = issuing(ends=ends)
        return chain(above.issue(audit_facts.csr(ends=NOW + 20 * DAY)), above)

    assert verdict("chain_member_expiring", leaf_below(NOW + 20 * DAY)) is None
    assert failed("chain_member_expiring", leaf_below(NOW + 20 * DAY - 1))
    # Without the end of the leaf, it counts.
    unlimited = {**leaf_below(NOW + 20 * DAY), "not_after_epoch": None}
    assert failed("chain_member_expiring", unlimited)


def test_how_long_before_a_member_of_the_chain_expires() -> None:
    def found(days: int | None, ends: int) -> list[str]:
        rule = {"enabled": False} if days is None else {"days": days}
        audit = audit_facts.audit([ending(ends)], {"checks": {"cert_expiring_warning": rule}})
        return [finding["check"] for finding in audit["findings"] if finding["check"].startswith("chain_member")]

    assert found(60, NOW + 60 * DAY) == found(None, NOW + 30 * DAY) == ["chain_member_expiring"]
    assert found(60, NOW + 60 * DAY + 1) == found(None, NOW + 30 * DAY + 1) == []
    # One that has expired is reported as that alone.
    assert found(60, NOW - 1) == ["chain_member_expired"]
    assert found(60, NOW) == ["chain_member_expiring"]


def test_clients_do_not_trust_it() -> None:
    finding = failed("cert_untrusted", trusting(False, "its issuer is missing"))

    assert finding["detail"] == "Its issuer is missing."
    assert finding["evidence"] == {
        "reason": "its issuer is missing",
        "store": "mozilla (certifi 2026.10.1)",
        "evaluated_at": "2026-11-24T00:00:00Z",
    }
    assert finding["severity"] == "high"
    assert failed("cert_untrusted", trusting(False, "it is missing", relations=()))["severity"] == "low"
    assert failed("cert_untrusted", trusting(False))["detail"] == "The reason is not known."


def test_whether_clients_trust_it_is_not_known() -> None:
    assert unknown("cert_untrusted", trusting(None, "an algorithm is not supported")) == (
        "Undecided: whether it is trusted is not known: an algorithm is not supported."
    )
    assert unknown("cert_untrusted", trusting("yes")) == (  # type: ignore[arg-type]
        "Undecided: whether it is trusted is not known: the reason is not known."
    )


def test_trust_that_was_not_verified_is_not_judged() -> None:
    without = audit_facts.compliant(ssl_id="ssl-2")

    assert without["x509"]["trust"] is None
    assert audit_facts.judge("cert_untrusted", without) == []
    # If it was verified for others, it is undecided for these.
    (found,) = audit_facts.judge("cert_untrusted", without, trusting(True))
    assert (found["ssl_id"], found["detail"]) == (
        "ssl-2",
        "Undecided: whether it is trusted is not known: it was not verified.",
    )
    unread = {**audit_facts.facts("no certificate", ssl_id="ssl-3")}
    (found,) = audit_facts.judge("cert_untrusted", unread, trusting(True))
    assert found["detail"] == "Undecided: the certificate cannot be read."


@pytest.mark.parametrize(("of", "option"), [("cert_untrusted", "exempt_issuers"), ("cert_no_sct", "private_issuers")])
def test_private_issuers_need_not_be_trusted(of: str, option: str) -> None:
    def found(exempt: str, **changes: Any) -> list[str]:
        certificate = trusting(False, "it is private")
        certificate["x509"].update(changes)
        audit = audit_facts.audit([certificate], {"checks": {of: {option: [exempt]}}})
        return [finding["status"] for finding in audit["findings"] if finding["check"] == "cert_untrusted"]

    assert found("example  tls ca") == []
    assert found("Example Root") == ["fail"]
    assert found("Example TLS CA", issuer=None) == ["unknown"]


def test_an_expired_certificate_is_reported_as_that() -> None:
    certificate = trusting(False, "it expired at 2026-11-23T00:00:00Z")
    certificate["not_after_epoch"] = NOW - DAY

    assert verdict("cert_untrusted", certificate) is None


@pytest.mark.parametrize("check", ["chain_missing", "chain_order"])
def test_whether_somebody_issued_it_is_not_known(check: str) -> None:
    certificate = chain(LEAF, ISSUING)
    certificate["x509"]["issuer_included"] = certificate["x509"]["chain"][0]["issued_previous"] = None

    reasons = {
        "chain_missing": "Undecided: whether the content includes its issuer is not known.",
        "chain_order": "Undecided: which certificate in the content issued which one is not known.",
    }
    assert unknown(check, certificate) == reasons[check]
    # What follows may still be wrong.
    wrong = chain(LEAF, ISSUING, LEAF)
    wrong["x509"]["chain"][0]["issued_previous"] = None
    assert failed("chain_order", wrong)["evidence"] == {"chain": ["Example TLS CA", "shop.example.com"]}


NEEDS_ALL = OF_CHAIN
PART_UNREAD = "Undecided: not all certificates in the content can be read."


def test_a_certificate_that_is_unread_may_be_the_one() -> None:
    # The reader does not know. A "no" would only be about the part that it has read.
    assert unknown("chain_missing", with_unread(LEAF)) == (
        "Undecided: whether the content includes its issuer is not known."
    )
    assert verdict("chain_missing", with_unread(LEAF, ISSUING)) is None
    certain = with_unread(LEAF)
    certain["x509"]["issuer_included"] = False
    assert unknown("chain_missing", certain) == PART_UNREAD
    for check in NEEDS_ALL[1:]:
        assert unknown(check, with_unread(LEAF, ISSUING)) == PART_UNREAD
    # Whether the unread one is the right one is not known.
    assert unknown("chain_broken", with_unread(LEAF, namesake())) == (
        "Undecided: which certificate in the content issued which one is not known."
    )


def test_what_is_wrong_is_so_whatever_else_is_unread() -> None:
    expired = issuing(ends=NOW - DAY)

    assert failed("chain_order", with_unread(ISSUING, LEAF))["evidence"]["position"] == 1
    assert failed("chain_has_root", with_unread(LEAF, ISSUING, ROOT))["evidence"] == {"roots": ["Example Root"]}
    leaf = expired.issue(audit_facts.csr())
    assert failed("chain_member_expired", with_unread(leaf, expired))["evidence"] == {
        "expired": {"Example TLS CA": "2026-11-23T00:00:00Z"}
    }


@pytest.mark.parametrize("check", NEEDS_ALL)
def test_facts_of_an_earlier_version_decide_nothing(check: str) -> None:
    new = ("issuer_included", "issued_previous", "unread_certificates", "signature_hash")

    assert unknown(check, without(chain(LEAF, ISSUING), *new)).startswith("Undecided: ")
    assert unknown(check, without(chain(LEAF), *new)).startswith("Undecided: ")


def test_the_leaf_comes_first() -> None:
    finding = failed("chain_order", chain(ISSUING, ROOT, LEAF))

    assert finding["detail"] == "2 other certificates come before it."
    assert finding["evidence"] == {"position": 2, "chain": ["Example TLS CA", "Example Root"]}


def test_each_certifies_the_one_before() -> None:
    finding = failed("chain_order", chain(LEAF, ROOT, ISSUING))

    assert finding["detail"] == "Example Root did not issue the certificate before it."
    assert finding["evidence"] == {"chain": ["Example Root", "Example TLS CA"]}
    for order in ((LEAF,), (LEAF, ISSUING), (LEAF, ISSUING, ROOT)):
        assert verdict("chain_order", chain(*order)) is None
    # A duplicate is one too many.
    assert failed("chain_order", chain(LEAF, ISSUING, ISSUING))["evidence"] == {
        "chain": ["Example TLS CA", "Example TLS CA"]
    }


def test_the_key_decides_which_one_is_the_leaf() -> None:
    another = ISSUING.issue(audit_facts.csr("other.example.com", key=audit_facts.make_key("p256", "other")))

    finding = failed("chain_order", chain(another, LEAF, ISSUING))
    assert finding["evidence"]["position"] == 1


def test_a_root_is_sent_along() -> None:
    finding = failed("chain_has_root", chain(LEAF, ISSUING, ROOT))

    assert finding["detail"] == "The chain includes the root Example Root."
    assert finding["evidence"] == {"roots": ["Example Root"]}


def test_an_old_root_is_a_root_too() -> None:
    old = root("rsa2048", "sha1")

    assert failed("chain_has_root", chain(old.issue(audit_facts.csr()), old))["evidence"] == {"roots": ["Example Root"]}


def test_a_new_key_under_an_old_name_makes_no_root() -> None:
    # Key rollover of a CA: the old key certifies the new one under the same name.
    request = Request(
        ISSUING.certificate.subject,
        audit_facts.make_key("p256", "next"),
        utc(BEGINS),
        utc(ENDS),
        is_ca=True,
        usage=None,
    )

    assert verdict("chain_has_root", chain(LEAF, ISSUING, ISSUING.issue(request))) is None


def test_roots_without_a_common_name_are_called_by_what_they_have() -> None:
    def named(*attributes: tuple[x509.ObjectIdentifier, str]) -> Facts:
        name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
        key = audit_facts.make_key("p256", "nameless")
        above = Authority.root(Request(name, key, utc(NOW - DAY), utc(NOW + DAY), is_ca=True))
        return chain(above.issue(audit_facts.csr()), above)

    unit, organization = NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME
    for attributes, called in [
        ([(organization, "Example Inc"), (unit, "Class 2 CA")], "Class 2 CA"),
        ([(organization, "Example Inc")], "Example Inc"),
        ([(NameOID.COUNTRY_NAME, "CN")], "a certificate without a name"),
    ]:
        assert failed("chain_has_root", named(*attributes))["evidence"] == {"roots": [called]}


def test_whether_it_is_a_root_is_not_known() -> None:
    certificate = chain(LEAF, ISSUING)
    (member,) = certificate["x509"]["chain"]
    member["self_signed"] = None

    # Its name differs from its issuer's.
    assert verdict("chain_has_root", certificate) is None
    for changes in ({"subject": None}, {"issuer": None}, {"subject": member["issuer"]}):
        certificate["x509"]["chain"] = [{**member, **changes}]
        reason = "Undecided: who signed the certificates in the content is not known."
        assert unknown("chain_has_root", certificate) == reason


def test_a_member_of_the_chain_has_expired() -> None:
    finding = failed("chain_member_expired", ending(NOW - 10 * DAY))

    assert finding["detail"] == "Expired: Example TLS CA at 2026-11-14T00:00:00Z."
    assert finding["evidence"] == {"expired": {"Example TLS CA": "2026-11-14T00:00:00Z"}}
    # The leaf has a check of its own.
    assert verdict("chain_member_expired", ending(NOW + 200 * DAY), NOW + 100 * DAY) is None


def test_a_chain_without_a_date() -> None:
    certificate = chain(LEAF, ISSUING)
    certificate["x509"]["chain"][0]["not_after"] = None

    reason = "Undecided: the expiry of a certificate in its chain is not known."
    assert unknown("chain_member_expired", certificate) == reason


@pytest.mark.parametrize(
    "text", ["see the shared folder\n", KEY, "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"]
)
def test_content_that_is_no_certificate(text: str) -> None:
    certificate = audit_facts.facts(text)
    error = certificate["x509_error"]

    finding = failed("cert_unparseable", certificate)
    assert finding["detail"] == f"{error[0].upper()}{error[1:]}."
    assert finding["evidence"] == {"x509_error": error}


def test_a_part_that_cannot_be_read() -> None:
    certificate = with_unread(LEAF, ISSUING)
    error = certificate["x509_error"]

    assert certificate["x509"] is not None
    finding = failed("cert_unparseable", certificate)
    assert finding["detail"] == f"Part of the certificate cannot be read: {error}."
    assert finding["evidence"] == {"x509_error": error}
    assert verdict("cert_unparseable", chain(LEAF, ISSUING)) is None


def test_a_key_that_is_read_although_the_library_refuses_it() -> None:
    refused = {**audit_facts.compliant(), "x509_error": "public_key: Invalid exponent"}

    assert verdict("cert_unparseable", refused) is None
    without = {**refused, "x509": {**refused["x509"], "public_key": None}}
    assert (
        failed("cert_unparseable", without)["detail"]
        == "Part of the certificate cannot be read: public_key: Invalid exponent."
    )
    both = {**refused, "x509_error": "1 block(s) named CERTIFICATE hold none; public_key: Invalid exponent"}
    assert failed("cert_unparseable", both)["evidence"] == {"x509_error": both["x509_error"]}


def test_no_content_is_not_unreadable_content() -> None:
    assert verdict("cert_unparseable", audit_facts.facts()) is None


def test_without_the_library_it_cannot_be_told_whether_it_is_readable() -> None:
    certificate = {**audit_facts.compliant(), "x509": None, "x509_error": NO_CRYPTOGRAPHY}

    assert unknown("cert_unparseable", certificate) == f"Undecided: {NO_CRYPTOGRAPHY}."


@pytest.mark.parametrize(
    ("begins", "ends", "differences"),
    [
        (BEGINS, ENDS + 1, {"not_after": 0.0}),
        (BEGINS, ENDS - 1, {"not_after": 0.0}),
        (BEGINS - 1, ENDS, {"not_before": 0.0}),
        (BEGINS + DAY, ENDS + 30 * DAY, {"not_before": 1.0, "not_after": 30.0}),
    ],
)
def test_dates_of_the_platform(begins: int, ends: int, differences: dict[str, float]) -> None:
    finding = failed("api_certificate_drift", dated(begins, ends))

    assert {name: value["days"] for name, value in finding["evidence"].items()} == differences
    assert finding["detail"] == f"The platform reports other values: {', '.join(differences)}."


def test_both_dates_are_shown() -> None:
    assert failed("api_certificate_drift", dated(BEGINS, ENDS + DAY))["evidence"] == {
        "not_after": {"platform": "2027-02-02T23:59:59Z", "certificate": "2027-02-01T23:59:59Z", "days": 1.0}
    }


def test_tolerance_is_an_option() -> None:
    certificate = dated(BEGINS, ENDS + 60)

    assert verdict("api_certificate_drift", certificate, tolerance=60) is None
    assert failed("api_certificate_drift", certificate, tolerance=59)["status"] == "fail"


def test_what_the_platform_does_not_name_cannot_differ() -> None:
    assert verdict("api_certificate_drift", audit_facts.compliant()) is None
    assert verdict("api_certificate_drift", dated(0, ENDS)) is None
    assert verdict("api_certificate_drift", audit_facts.facts()) is None
    assert verdict("api_certificate_drift", audit_facts.facts("no certificate")) is None


@pytest.mark.parametrize(
    "said",
    [
        {"Domains": "bonus.example.com"},
        {"DNSNames": "shop.example.com,bonus.example.com"},
    ],
)
def test_domains_of_the_platform(said: dict[str, Any]) -> None:
    finding = failed("api_certificate_drift", audit_facts.compliant(**said))

    assert finding["evidence"] == {"domains": {"platform_only": ["bonus.example.com"]}}


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        (
            audit_facts.csr("a.example.com", "b.example.com"),
            {"DNSNames": "B.example.com. a.example.com"},
        ),
        (audit_facts.csr("a.example.com", "10.0.0.1"), {"DNSNames": "10.0.0.1"}),
        (audit_facts.csr("xn--fsqu00a.example.com"), {"Domains": "例子.example.com"}),
        # The common name is a name in the certificate as well.
        (audit_facts.csr("a.example.com", names=("b.example.com",)), {"Domains": "a.example.com"}),
        (audit_facts.csr("a.example.com", names=()), {"Domains": "a.example.com"}),
    ],
)
def test_the_same_names_in_another_form(certificate: Request, said: dict[str, Any]) -> None:
    assert verdict("api_certificate_drift", audit_facts.facts(audit_facts.content(certificate), **said)) is None


def test_other_names_than_the_only_one() -> None:
    certificate = audit_facts.facts(
        audit_facts.content(audit_facts.csr("a.example.com", names=())), Domains="b.example.com"
    )

    assert failed("api_certificate_drift", certificate)["evidence"]["domains"] == {"platform_only": ["b.example.com"]}


@pytest.mark.parametrize(
    "make",
    [
        lambda: audit_facts.facts("no certificate", NotAfter=ENDS),
        lambda: audit_facts.facts("no certificate", NotBefore=BEGINS),
        lambda: audit_facts.facts("no certificate", Domains="shop.example.com"),
        lambda: audit_facts.facts(NotAfter=ENDS),
    ],
)
def test_values_of_the_platform_alone_cannot_be_compared(make: Callable[[], Facts]) -> None:
    assert unknown("api_certificate_drift", make()) == "Undecided: the certificate cannot be read."


def test_what_the_platform_says_of_a_certificate_whose_dates_are_unread() -> None:
    # Its names can be read, and are different.
    certificate = audit_facts.compliant(NotBefore=BEGINS, NotAfter=ENDS, Domains="bonus.example.com")
    certificate["validity_from"] = "api"

    assert failed("api_certificate_drift", certificate)["evidence"] == {
        "domains": {"platform_only": ["bonus.example.com"]}
    }
    certificate["api"]["domains"] = [audit_facts.NAME]
    assert unknown("api_certificate_drift", certificate) == "Undecided: the certificate cannot be read."
    one_date = {**certificate, "validity_from": "certificate", "not_before_epoch": None}
    assert unknown("api_certificate_drift", one_date) == "Undecided: its dates are not known."


def test_names_that_clients_do_not_accept_are_other_names() -> None:
    blank, wildcard = (
        audit_facts.csr("a.example.com", names=(" shop.example.com",)),
        audit_facts.csr("a.example.com", names=("*.internal",)),
    )

    # The certificate has the same text.
    same = audit_facts.facts(audit_facts.content(blank), Domains=[" shop.example.com"])
    assert verdict("api_certificate_drift", {**same, "api": {**same["api"], "domains": [" shop.example.com"]}}) is None
    assert failed("api_certificate_drift", audit_facts.facts(audit_facts.content(blank), Domains="shop.example.com"))[
        "evidence"
    ] == {"domains": {"platform_only": ["shop.example.com"]}}
    assert (
        verdict("api_certificate_drift", audit_facts.facts(audit_facts.content(wildcard), Domains="*.internal")) is None
    )


def test_a_uri_is_no_domain() -> None:
    names = x509.SubjectAlternativeName(
        [x509.UniformResourceIdentifier("bonus.example.com"), x509.DNSName("a.example.com")]
    )
    text = audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), names), ISSUING)

    assert failed("api_certificate_drift", audit_facts.facts(text, Domains="bonus.example.com"))["status"] == "fail"


def test_a_subject_that_cannot_be_read_may_have_the_name() -> None:
    certificate = audit_facts.compliant(Domains="bonus.example.com")
    certificate["x509"]["subject"] = None

    reason = "Undecided: its names cannot be read."
    assert unknown("api_certificate_drift", certificate) == reason


def test_names_that_cannot_be_compared() -> None:
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), bytes.fromhex("3003820561"))
    text = audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), broken), ISSUING)

    reason = "Undecided: its names cannot be read."
    assert unknown("api_certificate_drift", audit_facts.facts(text, Domains="bonus.example.com")) == reason
    assert failed("api_certificate_drift", audit_facts.facts(text, Domains="bonus.example.com", NotAfter=1))[
        "evidence"
    ].keys() == {"not_after"}
    assert verdict("api_certificate_drift", audit_facts.facts(text, Domains="shop.example.com")) is None
