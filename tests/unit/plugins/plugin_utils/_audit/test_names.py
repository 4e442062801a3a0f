# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the names in a certificate, and of its permitted uses."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ansible_collections.ucloud.ulb.tests.simulator.issuing import Authority, Request, utc
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import DAY, NOW, Facts, failed, unknown, verdict

BROKEN = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), bytes.fromhex("3003820561"))


def named(*names: str, **changes: Any) -> Facts:
    """Return a certificate with these names, the first of which is also its common name."""
    return audit_facts.facts(audit_facts.content(audit_facts.csr(*names, **changes)))


def only_named(common_name: str, *names: str) -> Facts:
    """Return a certificate with this common name and these alternative names."""
    return audit_facts.facts(audit_facts.content(audit_facts.csr(common_name, names=names)))


#: For each check, a certificate that fails it, and a similar one that passes.
PAIRS = {
    "cert_wildcard": (named("shop.example.com", "*.shop.example.com"), named("shop.example.com", "w.shop.example.com")),
    "cert_san_missing": (only_named("shop.example.com"), only_named("shop.example.com", "www.shop.example.com")),
    "cert_cn_not_in_san": (
        only_named("shop.example.com", "www.shop.example.com"),
        only_named("shop.example.com", "www.shop.example.com", "shop.example.com"),
    ),
    "cert_internal_name": (named("shop.local"), named("shop.local.com")),
    "cert_is_ca": (named("shop.example.com", is_ca=True), named("shop.example.com", is_ca=False)),
    "cert_eku_missing_server_auth": (
        named("shop.example.com", usage=ExtendedKeyUsageOID.CLIENT_AUTH),
        named("shop.example.com", usage=ExtendedKeyUsageOID.SERVER_AUTH),
    ),
    "cert_no_sct": (named("shop.example.com", scts=0), named("shop.example.com", scts=1)),
}


@pytest.mark.parametrize("check", PAIRS)
def test_one_fails_and_one_close_to_it_passes(check: str) -> None:
    bad, good = PAIRS[check]

    assert failed(check, bad)["check"] == check
    assert verdict(check, good) is None


@pytest.mark.parametrize(
    ("check", "severity"),
    [
        ("cert_wildcard", "low"),
        ("cert_san_missing", "medium"),
        ("cert_cn_not_in_san", "medium"),
        ("cert_internal_name", "low"),
        ("cert_is_ca", "medium"),
        ("cert_eku_missing_server_auth", "medium"),
        ("cert_no_sct", "low"),
    ],
)
def test_severity_does_not_depend_on_what_serves_it(check: str, severity: str) -> None:
    bad, _good = PAIRS[check]

    assert failed(check, bad)["severity"] == severity
    assert failed(check, {**bad, "bound": False, "bindings": []})["severity"] == severity


@pytest.mark.parametrize("check", PAIRS)
def test_without_a_certificate_nothing_is_decided(check: str) -> None:
    for nothing in (audit_facts.facts(), audit_facts.facts("no certificate")):
        assert unknown(check, nothing) == "Undecided: the certificate cannot be read."


@pytest.mark.parametrize(
    ("check", "fact", "reason"),
    [
        ("cert_san_missing", "subject_alt_names", "its names cannot be read."),
        ("cert_cn_not_in_san", "subject_alt_names", "its names cannot be read."),
        ("cert_cn_not_in_san", "subject", "its subject cannot be read."),
        ("cert_wildcard", "subject_alt_names", "its names cannot be read."),
        ("cert_wildcard", "subject", "its names cannot be read."),
        ("cert_internal_name", "subject_alt_names", "its names cannot be read."),
        ("cert_internal_name", "subject", "its names cannot be read."),
        ("cert_is_ca", "is_ca", "its basic constraints cannot be read."),
        ("cert_eku_missing_server_auth", "extended_key_usage", "its extended key usage cannot be read."),
        ("cert_no_sct", "embedded_scts", "its signed certificate timestamps cannot be read."),
    ],
)
def test_what_cannot_be_read_is_not_missing(check: str, fact: str, reason: str) -> None:
    certificate = audit_facts.facts(audit_facts.content(audit_facts.csr("shop.example.com", "www.example.com")))
    certificate["x509"][fact] = None

    assert unknown(check, certificate) == f"Undecided: {reason}"


def test_names_that_are_broken() -> None:
    certificate = audit_facts.facts(
        audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), BROKEN), audit_facts.issuing())
    )

    assert certificate["x509"] is not None
    for check in ("cert_san_missing", "cert_cn_not_in_san"):
        assert unknown(check, certificate) == "Undecided: its names cannot be read."


def test_wildcards() -> None:
    finding = failed("cert_wildcard", named("a.example.com", "*.a.example.com", "*.b.example.com"))

    assert finding["detail"] == "It is valid for *.a.example.com, *.b.example.com."
    assert finding["evidence"] == {"wildcards": ["*.a.example.com", "*.b.example.com"]}
    # Names from the platform count only if there is no content.
    assert failed("cert_wildcard", audit_facts.facts(Domains="*.example.com"))["status"] == "fail"
    assert verdict("cert_wildcard", audit_facts.facts(audit_facts.content(), Domains="*.example.com")) is None
    assert verdict("cert_internal_name", audit_facts.facts(audit_facts.content(), Domains="shop.local")) is None


@pytest.mark.parametrize("name", ["*.internal", "*", "w*.example.com", "www.*.example.com", "*.2.3.4"])
def test_wildcards_that_no_client_accepts(name: str) -> None:
    assert failed("cert_wildcard", named("a.example.com", name))["evidence"] == {"wildcards": [name]}


def test_a_definite_problem_stands_whatever_else_is_unread() -> None:
    wildcard, internal = named("*.example.com"), named("a.example.com", "shop.local")
    wildcard["x509"]["subject"] = internal["x509"]["subject"] = None

    assert failed("cert_wildcard", wildcard)["evidence"] == {"wildcards": ["*.example.com"]}
    assert failed("cert_internal_name", internal)["evidence"] == {"internal_names": ["shop.local"]}
    common_only = only_named("*.corp.local")
    common_only["x509"]["subject_alt_names"] = None
    assert failed("cert_wildcard", common_only)["evidence"] == {"wildcards": ["*.corp.local"]}


NAMES = ("cert_wildcard", "cert_internal_name")


@pytest.mark.parametrize("check", NAMES)
def test_names_of_the_platform_alone_are_not_all_names(check: str) -> None:
    certificate = audit_facts.facts(Domains="www.example.com")

    assert unknown(check, certificate) == "Undecided: the certificate cannot be read."


@pytest.mark.parametrize("check", NAMES)
def test_alternative_names_that_cannot_be_read(check: str) -> None:
    broken = audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), BROKEN), audit_facts.issuing())

    assert unknown(check, audit_facts.facts(broken)) == "Undecided: its names cannot be read."
    assert unknown(check, audit_facts.facts(broken, Domains="a.example.com")) == "Undecided: its names cannot be read."
    assert failed(check, audit_facts.facts(broken, Domains="*.corp.local"))["status"] == "fail"


@pytest.mark.parametrize(
    ("certificate", "wildcards", "internal"),
    [
        (only_named("*.corp.local"), ["*.corp.local"], ["*.corp.local"]),
        (only_named("db.CORP.local", "www.example.com"), [], ["db.corp.local"]),
        (only_named("*.Example.com", "www.example.com"), ["*.example.com"], []),
        (only_named("10.0.0.1"), [], ["10.0.0.1"]),
        (only_named("localhost"), [], ["localhost"]),
        # A single word next to names, or text that is not a name, is a label.
        (only_named("localhost", "www.example.com"), [], []),
        (only_named("Shop 2026 (Example Inc.)"), [], []),
        (only_named("www.example.com"), [], []),
    ],
)
def test_common_names_are_names(certificate: Facts, wildcards: list[str], internal: list[str]) -> None:
    found = {check: verdict(check, certificate) for check in NAMES}

    evidence = {check: finding and finding["evidence"] for check, finding in found.items()}
    assert evidence == {
        "cert_wildcard": {"wildcards": wildcards} if wildcards else None,
        "cert_internal_name": {"internal_names": internal} if internal else None,
    }


def test_no_alternative_names() -> None:
    finding = failed("cert_san_missing", only_named("shop.example.com"))

    assert (finding["detail"], finding["evidence"]) == (
        "It has no subject alternative name.",
        {"subject_alt_names": []},
    )
    assert verdict("cert_san_missing", named("10.0.0.1")) is None


def test_the_common_name_is_an_alternative_name_in_whatever_form() -> None:
    for common, alternative in [
        ("Shop.Example.COM", "shop.example.com"),
        ("192.0.2.1", "192.0.2.1"),
        ("例子.example.com", "xn--fsqu00a.example.com"),
        ("*.example.com", "*.example.com"),
    ]:
        assert verdict("cert_cn_not_in_san", only_named(common, alternative)) is None

    finding = failed("cert_cn_not_in_san", only_named("a.example.com", "b.example.com", "*.example.com"))
    assert finding["detail"] == "Its common name a.example.com is not a subject alternative name."
    assert finding["evidence"] == {
        "common_name": ["a.example.com"],
        "subject_alt_names": ["DNS:b.example.com", "DNS:*.example.com"],
    }


@pytest.mark.parametrize(
    "name",
    [
        x509.UniformResourceIdentifier("a.example.com"),
        x509.UniformResourceIdentifier("https://a.example.com"),
        x509.RFC822Name("a.example.com"),
        x509.DNSName(" a.example.com"),
        x509.DNSName("a.example.com."),
        x509.DNSName("*.example.com"),
    ],
)
def test_what_is_another_name(name: x509.GeneralName) -> None:
    names = x509.SubjectAlternativeName([name, x509.DNSName("www.example.com")])
    certificate = audit_facts.issued_for(audit_facts.make_key().public_key(), names)
    facts = audit_facts.facts(audit_facts.pem(certificate, audit_facts.issuing()))
    facts["x509"]["subject"] = {"common_name": "a.example.com"}

    assert failed("cert_cn_not_in_san", facts)["evidence"]["common_name"] == ["a.example.com"]


def test_addresses_are_common_names_in_any_form() -> None:
    certificate = only_named("2001:DB8:0:0::1", "2001:db8::1")

    assert verdict("cert_cn_not_in_san", certificate) is None
    # An address is not a DNS name.
    names = x509.SubjectAlternativeName([x509.DNSName("192.0.2.1")])
    text = audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), names), audit_facts.issuing())
    as_dns = audit_facts.facts(text)
    as_dns["x509"]["subject"] = {"common_name": "192.0.2.2"}
    assert failed("cert_cn_not_in_san", as_dns)["status"] == "fail"


def test_no_common_name_needs_no_alternative_name() -> None:
    certificate = named("a.example.com")
    certificate["x509"].update(subject={"organization_name": "Example Inc"}, subject_alt_names=None)

    assert verdict("cert_cn_not_in_san", certificate) is None


def test_several_common_names_and_none() -> None:
    def with_common_names(*names: str) -> Facts:
        certificate = named("a.example.com")
        certificate["x509"]["subject"] = {"common_name": names[0] if len(names) == 1 else list(names)} if names else {}
        return certificate

    empty = failed("cert_cn_not_in_san", with_common_names(""))
    assert empty["detail"] == "Its common name (empty) is not a subject alternative name."
    assert empty["evidence"]["common_name"] == [""]
    finding = failed("cert_cn_not_in_san", with_common_names("a.example.com", "b.example.com", "c.example.com"))
    assert finding["detail"] == "Its common name b.example.com, c.example.com is not a subject alternative name."
    assert verdict("cert_cn_not_in_san", with_common_names("a.example.com")) is None
    assert verdict("cert_cn_not_in_san", with_common_names()) is None


def test_a_subject_that_cannot_be_read() -> None:
    certificate = audit_facts.compliant()
    certificate["x509"]["subject"] = None

    assert unknown("cert_cn_not_in_san", certificate) == "Undecided: its subject cannot be read."


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "buildserver",
        "*.local",
        "a.local",
        "*.a.internal",
        "a.home.arpa",
        "a.onion",
        "a.test",
        "a.example",
        "10.0.3.7",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "192.0.2.1",
        "0.0.0.0",  # noqa: S104
        "240.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "2001:db8::1",
        "6162::1",
    ],
)
def test_internal_names(name: str) -> None:
    finding = failed("cert_internal_name", named("shop.example.com", name))

    assert finding["evidence"] == {"internal_names": [name]}
    assert finding["detail"] == f"It is valid for {name}."


@pytest.mark.parametrize(
    "name",
    ["internal.example.com", "a.notlocal", "a.arpa", "*.example.com", "9.9.9.9", "172.32.0.1", "2620:fe::fe", "1.de"],
)
def test_public_names(name: str) -> None:
    assert verdict("cert_internal_name", named("shop.example.com", name)) is None


def test_addresses_that_the_platform_calls_domains() -> None:
    assert failed("cert_internal_name", audit_facts.facts(Domains="10.0.0.1"))["evidence"] == {
        "internal_names": ["10.0.0.1"]
    }
    assert unknown("cert_internal_name", audit_facts.facts(Domains="9.9.9.9")).endswith("cannot be read.")
    # An invalid address is not in any network.
    assert failed("cert_internal_name", audit_facts.facts(Domains="10.0.0"))["evidence"] == {
        "internal_names": ["10.0.0"]
    }
    # Text that is not a name is a label.
    titled = audit_facts.facts(Domains=["Shop of 2026", "www.example.com"])
    assert unknown("cert_internal_name", titled).endswith("cannot be read.")
    # A name in both is reported once.
    both = audit_facts.facts(audit_facts.content(audit_facts.csr("shop.example.com", "10.0.0.1")), Domains="10.0.0.1")
    assert failed("cert_internal_name", both)["evidence"] == {"internal_names": ["10.0.0.1"]}


def test_suffixes_are_an_option() -> None:
    certificate = named("shop.corp.example.com", "a.local")

    found = failed("cert_internal_name", certificate, suffixes=["corp.example.com"])
    assert found["evidence"] == {"internal_names": ["shop.corp.example.com"]}
    assert verdict("cert_internal_name", certificate, suffixes=[]) is None
    for suffix in (".Corp.example.com", "*.corp.example.com."):
        assert failed("cert_internal_name", certificate, suffixes=[suffix])["evidence"] == found["evidence"]
    assert verdict("cert_internal_name", certificate, suffixes=[".orp.example.com"]) is None


def test_a_ca() -> None:
    finding = failed("cert_is_ca", named("shop.example.com", is_ca=True))

    assert (finding["detail"], finding["evidence"]) == ("Its basic constraints have CA:TRUE.", {"is_ca": True})


def test_usages() -> None:
    finding = failed("cert_eku_missing_server_auth", named("a.example.com", usage=ExtendedKeyUsageOID.CLIENT_AUTH))
    assert finding["detail"] == "Its extended key usage is clientAuth."
    assert finding["evidence"] == {"extended_key_usage": ["clientAuth"]}

    finding = failed("cert_eku_missing_server_auth", named("a.example.com", usage=None))
    assert finding["detail"] == "Its extended key usage is missing."
    assert finding["evidence"] == {"extended_key_usage": []}


@pytest.mark.parametrize("other", [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
def test_both_usages_are_fine(other: x509.ObjectIdentifier) -> None:
    usages = x509.ExtendedKeyUsage([other, ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = audit_facts.facts(
        audit_facts.pem(audit_facts.issued_for(audit_facts.make_key().public_key(), usages), audit_facts.issuing())
    )

    assert verdict("cert_eku_missing_server_auth", certificate) is None


def test_any_usage_is_not_enough() -> None:
    certificate = named("a.example.com", usage=ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    certificate["x509"]["extended_key_usage"] = ["anyExtendedKeyUsage"]

    assert failed("cert_eku_missing_server_auth", certificate)["detail"] == (
        "Its extended key usage is anyExtendedKeyUsage; not all clients accept that for a server."
    )


def test_timestamps() -> None:
    finding = failed("cert_no_sct", named("a.example.com", scts=0))

    assert finding["detail"] == "It has no embedded signed certificate timestamp."
    assert finding["evidence"] == {"embedded_scts": 0}


def test_private_issuers_need_no_timestamps() -> None:
    certificate = named("a.example.com", scts=0)

    assert verdict("cert_no_sct", certificate, private_issuers=["Another", "Example TLS CA"]) is None
    assert verdict("cert_no_sct", certificate, private_issuers=["EXAMPLE  tls ca"]) is None
    assert failed("cert_no_sct", certificate, private_issuers=["Example TLS"])["status"] == "fail"


def test_an_issuer_that_cannot_be_read_may_be_a_private_one() -> None:
    certificate = named("a.example.com", scts=0)
    certificate["x509"]["issuer"] = None

    reason = "Undecided: its issuer, which may be a private CA, cannot be read."
    assert unknown("cert_no_sct", certificate, private_issuers=["Another"]) == reason
    assert failed("cert_no_sct", certificate)["status"] == "fail"
    assert verdict("cert_no_sct", {**certificate, "x509": {**certificate["x509"], "embedded_scts": 1}}) is None


def by(*attributes: tuple[x509.ObjectIdentifier, str]) -> Facts:
    """Return a certificate from an issuer with this name."""
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    request = Request(name, audit_facts.make_key("p256", "issuer"), utc(NOW - DAY), utc(NOW + 99 * DAY), is_ca=True)
    return audit_facts.facts(audit_facts.content(issuer=Authority.root(request)))


ORGANIZATION = NameOID.ORGANIZATION_NAME


def test_issuers() -> None:
    check = "cert_issuer_not_allowed"
    certificate = audit_facts.compliant()

    for allowed in ("Example TLS CA", "Example Trust Services"):
        assert verdict(check, certificate, allowed_issuers=["Another", allowed]) is None
    finding = failed(check, certificate, allowed_issuers=["Another"])
    assert (finding["severity"], finding["detail"]) == ("medium", "Its issuer is Example TLS CA.")
    assert finding["evidence"] == {
        "issuer": {"organization_name": "Example Trust Services", "common_name": "Example TLS CA"},
        "allowed_issuers": ["Another"],
    }
    assert finding["remediation"] == "Replace it with one from an issuer that the policy allows: Another."
    # Case and spaces do not count; part of a name does not match.
    assert verdict(check, certificate, allowed_issuers=["example  TLS ca"]) is None
    assert failed(check, certificate, allowed_issuers=["Example"])["status"] == "fail"
    certificate["x509"]["issuer"] = None
    assert unknown(check, certificate, allowed_issuers=["A"]) == "Undecided: its issuer cannot be read."


def test_issuers_with_more_or_less_names() -> None:
    check = "cert_issuer_not_allowed"

    several = by((ORGANIZATION, "One"), (ORGANIZATION, "Two"))
    assert verdict(check, several, allowed_issuers=["Two"]) is None
    assert failed(check, several, allowed_issuers=["Three"])["detail"] == "Its issuer is One."
    nameless = by((NameOID.COUNTRY_NAME, "CN"))
    assert failed(check, nameless, allowed_issuers=["CN"])["detail"] == "Its issuer is a CA without a name."
    reason = "Undecided: the certificate cannot be read."
    assert unknown(check, audit_facts.facts("no certificate"), allowed_issuers=["One"]) == reason
