# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the names in a certificate, and of what it may be used for."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ansible_collections.ucloud.ulb.tests.simulator.minting import Authority, Request, utc

from . import made
from .made import DAY, NOW, Facts, failed, unknown, verdict

BROKEN = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), bytes.fromhex("3003820561"))


def named(*names: str, **changes: Any) -> Facts:
    """A certificate with these names, of which the first is its common name as well."""
    return made.facts(made.content(made.ask(*names, **changes)))


def only_named(common_name: str, *names: str) -> Facts:
    """A certificate with this common name, and these alternative names besides."""
    return made.facts(made.content(made.ask(common_name, names=names)))


#: A certificate that does not pass a check, and one close to it that does.
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
    for nothing in (made.facts(), made.facts("no certificate")):
        assert unknown(check, nothing) == "Cannot be decided: the certificate cannot be read."


@pytest.mark.parametrize(
    "check", ["cert_san_missing", "cert_cn_not_in_san", "cert_is_ca", "cert_eku_missing_server_auth"]
)
def test_extensions_that_cannot_be_read_are_not_missing(check: str) -> None:
    certificate = made.facts(made.pem(made.issued_for(made.make_key().public_key(), BROKEN), made.issuing()))

    assert certificate["x509"] is not None
    assert unknown(check, certificate) == "Cannot be decided: the certificate cannot be read."


def test_timestamps_that_cannot_be_read_are_not_missing() -> None:
    certificate = made.facts(made.pem(made.issued_for(made.make_key().public_key(), BROKEN), made.issuing()))

    assert unknown("cert_no_sct", certificate) == "Cannot be decided: its timestamps cannot be read."


def test_wildcards() -> None:
    finding = failed("cert_wildcard", named("a.example.com", "*.a.example.com", "*.b.example.com"))

    assert finding["detail"] == "It is for *.a.example.com, *.b.example.com."
    assert finding["evidence"] == {"wildcards": ["*.a.example.com", "*.b.example.com"]}
    # What the platform names is enough where there is no content.
    assert failed("cert_wildcard", made.facts(Domains="*.example.com"))["status"] == "fail"


NAMES = ("cert_wildcard", "cert_internal_name")


@pytest.mark.parametrize("check", NAMES)
def test_names_of_the_platform_alone_are_not_all_names(check: str) -> None:
    certificate = made.facts(Domains="www.example.com")

    assert unknown(check, certificate) == "Cannot be decided: the certificate cannot be read."


@pytest.mark.parametrize("check", NAMES)
def test_alternative_names_that_cannot_be_read(check: str) -> None:
    broken = made.pem(made.issued_for(made.make_key().public_key(), BROKEN), made.issuing())

    assert unknown(check, made.facts(broken)) == "Cannot be decided: its names cannot be read."
    assert unknown(check, made.facts(broken, Domains="a.example.com")) == "Cannot be decided: its names cannot be read."
    assert failed(check, made.facts(broken, Domains="*.corp.local"))["status"] == "fail"


@pytest.mark.parametrize(
    ("certificate", "wildcards", "internal"),
    [
        (only_named("*.corp.local"), ["*.corp.local"], ["*.corp.local"]),
        (only_named("db.CORP.local", "www.example.com"), [], ["db.corp.local"]),
        (only_named("*.Example.com", "www.example.com"), ["*.example.com"], []),
        (only_named("10.0.0.1"), [], ["10.0.0.1"]),
        (only_named("localhost"), [], ["localhost"]),
        # A word beside names, and what is no name, is what somebody calls it.
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
    assert finding["detail"] == "Its common name a.example.com is not among its alternative names."
    assert finding["evidence"] == {
        "common_name": ["a.example.com"],
        "subject_alt_names": ["DNS:b.example.com", "DNS:*.example.com"],
    }


def test_several_common_names_and_none() -> None:
    def with_common_names(*names: str) -> Facts:
        request = made.ask("a.example.com")
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, item) for item in names])
        changed = Request(name, request.key, request.not_before, request.not_after, ("a.example.com",), scts=2)
        return made.facts(made.content(changed))

    finding = failed("cert_cn_not_in_san", with_common_names("a.example.com", "b.example.com", "c.example.com"))
    assert finding["detail"] == "Its common name b.example.com, c.example.com is not among its alternative names."
    assert verdict("cert_cn_not_in_san", with_common_names("a.example.com")) is None
    assert verdict("cert_cn_not_in_san", with_common_names()) is None


def test_a_subject_that_cannot_be_read() -> None:
    certificate = made.sound()
    certificate["x509"]["subject"] = None

    assert unknown("cert_cn_not_in_san", certificate) == "Cannot be decided: its subject cannot be read."


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
    ],
)
def test_internal_names(name: str) -> None:
    finding = failed("cert_internal_name", named("shop.example.com", name))

    assert finding["evidence"] == {"internal_names": [name]}
    assert finding["detail"] == f"It is for {name}."


@pytest.mark.parametrize(
    "name",
    ["internal.example.com", "a.notlocal", "a.arpa", "*.example.com", "9.9.9.9", "172.32.0.1", "2620:fe::fe", "1.de"],
)
def test_public_names(name: str) -> None:
    assert verdict("cert_internal_name", named("shop.example.com", name)) is None


def test_addresses_that_the_platform_calls_domains() -> None:
    assert failed("cert_internal_name", made.facts(Domains="10.0.0.1"))["evidence"] == {"internal_names": ["10.0.0.1"]}
    assert unknown("cert_internal_name", made.facts(Domains="9.9.9.9")).endswith("cannot be read.")
    # What looks like one, and is none, has no place in any network.
    assert failed("cert_internal_name", made.facts(Domains="10.0.0"))["evidence"] == {"internal_names": ["10.0.0"]}
    # Named by both it is named once.
    both = made.facts(made.content(made.ask("shop.example.com", "10.0.0.1")), Domains="10.0.0.1")
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

    assert (finding["detail"], finding["evidence"]) == ("Its basic constraints say CA:TRUE.", {"is_ca": True})


def test_usages() -> None:
    finding = failed("cert_eku_missing_server_auth", named("a.example.com", usage=ExtendedKeyUsageOID.CLIENT_AUTH))
    assert finding["detail"] == "Its extended key usage is clientAuth."
    assert finding["evidence"] == {"extended_key_usage": ["clientAuth"]}

    finding = failed("cert_eku_missing_server_auth", named("a.example.com", usage=None))
    assert finding["detail"] == "Its extended key usage is missing."
    assert finding["evidence"] == {"extended_key_usage": []}


def test_both_usages_are_fine() -> None:
    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = made.facts(made.pem(made.issued_for(made.make_key().public_key(), usages), made.issuing()))

    assert verdict("cert_eku_missing_server_auth", certificate) is None


def test_timestamps() -> None:
    finding = failed("cert_no_sct", named("a.example.com", scts=0))

    assert finding["detail"] == "It has no embedded signed certificate timestamp."
    assert finding["evidence"] == {"embedded_scts": 0}


def test_private_issuers_need_no_timestamps() -> None:
    certificate = named("a.example.com", scts=0)

    assert verdict("cert_no_sct", certificate, private_issuers=["Another", "Example TLS CA"]) is None
    assert failed("cert_no_sct", certificate, private_issuers=["Example TLS"])["status"] == "fail"


def by(*attributes: tuple[x509.ObjectIdentifier, str]) -> Facts:
    """A certificate by an issuer of this name."""
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    request = Request(name, made.make_key("p256", "issuer"), utc(NOW - DAY), utc(NOW + 99 * DAY), is_ca=True)
    return made.facts(made.content(issuer=Authority.root(request)))


COMMON, ORGANIZATION = NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME


def test_issuers() -> None:
    check = "cert_issuer_not_allowed"
    certificate = made.sound()

    assert made.judge(check, certificate) == []
    for allowed in ("Example TLS CA", "Example Trust Services"):
        assert verdict(check, certificate, allowed_issuers=["Another", allowed]) is None
    finding = failed(check, certificate, allowed_issuers=["Another"])
    assert (finding["severity"], finding["detail"]) == ("medium", "Its issuer is Example TLS CA.")
    assert finding["evidence"] == {
        "issuer": {"organization_name": "Example Trust Services", "common_name": "Example TLS CA"},
        "allowed_issuers": ["Another"],
    }
    # Part of a name is no name.
    assert failed(check, certificate, allowed_issuers=["Example"])["status"] == "fail"


def test_issuers_with_more_or_less_names() -> None:
    check = "cert_issuer_not_allowed"

    several = by((ORGANIZATION, "One"), (ORGANIZATION, "Two"))
    assert verdict(check, several, allowed_issuers=["Two"]) is None
    assert failed(check, several, allowed_issuers=["Three"])["detail"] == "Its issuer is One."
    nameless = by((NameOID.COUNTRY_NAME, "CN"))
    assert failed(check, nameless, allowed_issuers=["CN"])["detail"] == "Its issuer is one without a name."
    reason = "Cannot be decided: the certificate cannot be read."
    assert unknown(check, made.facts("no certificate"), allowed_issuers=["One"]) == reason
    assert verdict(check, made.facts("no certificate")) is None
