# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Terms and options of the lookup -> results, warnings and errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unittest.mock import create_autospec

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    OptionError,
    PermissionDeniedError,
    RequestContext,
    TransportError,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate, Content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.unreadable import UnreadableError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.lazy_certificate import LazyCertificate
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.index import CertificateIndex
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.resolver import LookupOptions, Resolver
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.source import CertificateSource
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

CONTEXT = RequestContext("DescribeSSLV2", "api.example.com", "hk", "org-1")
DENIED = PermissionDeniedError(CONTEXT, 299, "no right")
BROKEN = TransportError("connection reset", CONTEXT, retryable=True)

FLEET = [
    listed.certificate("ssl-1", "shop", domains=("shop.example.com",), bindings=[listed.binding()]),
    listed.certificate("ssl-2", "shop", region="hk", ends=-3),
    listed.certificate("ssl-3", "api", domains=("*.api.example.com",), x509={"issuer": {"common_name": "CA"}}),
]


class LookUp:
    """A lookup in a given list of certificates. Records calls of the source and warnings."""

    def __init__(self, certificates: Iterable[Certificate] | None = None, errors: Iterable[UCloudError] = ()) -> None:
        available = FLEET if certificates is None else certificates
        self.source = create_autospec(CertificateSource, instance=True)
        self.source.index.side_effect = lambda ids: CertificateIndex(
            LazyCertificate.of(certificate) for certificate in available if ids is None or certificate.ssl_id in ids
        )
        self.source.errors = list(errors)
        self.warnings: list[str] = []

    def __call__(
        self,
        *terms: Any,
        selection: Selection | None = None,
        on_error: str = "fail",
        on_unreadable: str = "warn",
        **options: Any,
    ) -> Any:
        lookup_options = LookupOptions(
            **{
                "by": "auto",
                "on_missing": "error",
                "on_denied": "error",
                "on_ambiguous": "error",
                "attribute": "ssl_id",
                "warn": self.warnings.append,
                **options,
            }
        )
        query = Query(("all",), selection=selection or Selection(), on_error=on_error, on_unreadable=on_unreadable)
        return Resolver(self.source, query, lookup_options, listed.NOW).resolve(terms)

    @property
    def asked(self) -> list[Any]:
        return [call.args[0] for call in self.source.index.call_args_list]


def test_results_are_in_the_order_of_the_terms() -> None:
    terms = ["x.api.example.com", "ssl-2", "shop.example.com", "api", "ssl-2"]
    assert LookUp()(*terms) == ["ssl-3", "ssl-2", "ssl-1", "ssl-3", "ssl-2"]


def test_without_terms_all_selected_certificates_are_returned() -> None:
    assert LookUp()() == ["ssl-1", "ssl-2", "ssl-3"]
    assert LookUp()(selection=Selection(bound=True)) == ["ssl-1"]
    assert LookUp()(selection=Selection(expired=True)) == ["ssl-2"]


def test_an_empty_list_selects_nothing() -> None:
    assert LookUp()([]) == []


def test_lists_of_terms_are_flattened() -> None:
    assert LookUp()(["ssl-1", "ssl-2"], "ssl-3", ("ssl-1",)) == ["ssl-1", "ssl-2", "ssl-3", "ssl-1"]


def test_terms_are_stripped() -> None:
    assert LookUp()(" ssl-1\n") == ["ssl-1"]


@pytest.mark.parametrize("term", ["", "  ", None, 7, {"ssl_id": "ssl-1"}, [["ssl-1"]], True])
def test_a_term_that_is_not_a_string(term: Any) -> None:
    with pytest.raises(OptionError, match=r"_terms: .* is not an id, name or domain\. Give non-empty strings\."):
        LookUp()("ssl-1", term)


def test_all_facts_without_an_attribute() -> None:
    assert LookUp()("ssl-3", attribute=None) == [FLEET[2].to_facts(listed.NOW)]


@pytest.mark.parametrize(
    ("by", "terms", "asked"),
    [
        ("auto", ["ssl-1", "ssl-3", "ssl-1"], [frozenset({"ssl-1", "ssl-3"})]),
        ("id", ["ssl-1"], [frozenset({"ssl-1"})]),
        ("auto", ["ssl-1", "api"], [None]),
        ("name", ["api"], [None]),
        ("domain", ["shop.example.com"], [None]),
        ("auto", [], [None]),
    ],
)
def test_only_ids_are_requested_one_by_one(by: str, terms: list[str], asked: list[Any]) -> None:
    look_up = LookUp()
    assert look_up(*terms, by=by)
    assert look_up.asked == asked


def test_what_looks_like_an_id_may_be_a_name() -> None:
    look_up = LookUp([listed.certificate("ssl-1", "ssl-legacy"), listed.certificate("ssl-2")])
    assert look_up("ssl-legacy", "ssl-2") == ["ssl-1", "ssl-2"]
    assert look_up.asked == [frozenset({"ssl-legacy", "ssl-2"}), None]


def test_by_id_ignores_names() -> None:
    look_up = LookUp([listed.certificate("ssl-1", "ssl-legacy")])
    assert look_up("ssl-legacy", by="id", on_missing="skip") == []
    assert look_up.asked == [frozenset({"ssl-legacy"})]


MISSING = (
    "no certificate matches 'nothing' (by: auto). Check the term, regions, project_ids and selection options, or set"
    " on_missing."
)


def test_missing_is_an_error() -> None:
    with pytest.raises(OptionError) as caught:
        LookUp()("api", "nothing")
    assert caught.value.describe() == MISSING


@pytest.mark.parametrize(
    ("on_missing", "results", "warnings"),
    [
        ("warn", ["ssl-3", "ssl-1"], [MISSING]),
        ("skip", ["ssl-3", "ssl-1"], []),
        ("null", ["ssl-3", None, "ssl-1"], []),
    ],
)
@pytest.mark.parametrize("attribute", ["ssl_id", None])
def test_missing_is_no_error(on_missing: str, results: list[Any], warnings: list[str], attribute: str | None) -> None:
    look_up = LookUp()
    found = look_up("api", "nothing", "ssl-1", on_missing=on_missing, attribute=attribute)
    assert [item and (item if attribute else item["ssl_id"]) for item in found] == results
    assert look_up.warnings == warnings


def test_certificates_that_are_not_selected_are_missing() -> None:
    look_up = LookUp()
    assert look_up("ssl-1", "ssl-2", selection=Selection(expired=False), on_missing="null") == ["ssl-1", None]


AMBIGUOUS = (
    "2 certificates match 'shop': ssl-1 in cn-bj2, ssl-2 in hk. Give an id or by: domain, restrict regions or"
    " bound, or set on_ambiguous."
)


def test_ambiguous_is_an_error() -> None:
    with pytest.raises(OptionError) as caught:
        LookUp()("shop")
    assert caught.value.describe() == AMBIGUOUS


@pytest.mark.parametrize(("on_ambiguous", "warnings"), [("warn", [AMBIGUOUS]), ("first", [])])
def test_ambiguous_is_the_best_match(on_ambiguous: str, warnings: list[str]) -> None:
    look_up = LookUp()
    assert look_up("shop", on_ambiguous=on_ambiguous) == ["ssl-1"]
    assert look_up.warnings == warnings


def test_selection_makes_a_name_unambiguous() -> None:
    assert LookUp()("shop", selection=Selection(bound=False)) == ["ssl-2"]


@pytest.mark.parametrize("error", [DENIED, BROKEN])
@pytest.mark.parametrize("terms", [[], ["ssl-1"]])
def test_errors_of_the_source_are_raised(error: UCloudError, terms: list[str]) -> None:
    with pytest.raises(type(error)) as caught:
        LookUp(errors=[error])(*terms)
    assert caught.value is error


@pytest.mark.parametrize(("on_denied", "warnings"), [("warn", [DENIED.describe()]), ("skip", [])])
def test_on_denied(on_denied: str, warnings: list[str]) -> None:
    look_up = LookUp(errors=[DENIED])
    assert look_up("ssl-1", on_denied=on_denied) == ["ssl-1"]
    assert look_up.warnings == warnings


def test_on_denied_only_applies_to_permissions() -> None:
    with pytest.raises(TransportError):
        LookUp(errors=[DENIED, BROKEN])("ssl-1", on_denied="skip")


@pytest.mark.parametrize(
    ("on_denied", "warnings"),
    [
        ("error", [DENIED.describe(), BROKEN.describe()]),
        ("warn", [DENIED.describe(), BROKEN.describe()]),
        ("skip", [BROKEN.describe()]),
    ],
)
def test_on_error_warn_applies_to_all_errors(on_denied: str, warnings: list[str]) -> None:
    look_up = LookUp(errors=[DENIED, BROKEN])
    assert look_up("ssl-1", on_error="warn", on_denied=on_denied) == ["ssl-1"]
    assert look_up.warnings == warnings


def test_an_unknown_attribute() -> None:
    with pytest.raises(OptionError, match="attribute: 'expiry' is not a fact"):
        LookUp()("ssl-1", attribute="expiry")


UNREAD = Content(x509_error="1 CERTIFICATE block(s) could not be parsed")
#: The platform has the domain names of the first. Those of the second are unknown.
UNREADABLE = [
    listed.certificate("ssl-7", "named", content=UNREAD, api_domains=("shop.example.net",)),
    listed.certificate("ssl-8", "nameless", content=UNREAD),
]


def test_unreadable_certificates_may_match_a_term() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("mail.example.com", on_missing="null") == [None]
    (warning,) = look_up.warnings
    assert warning.startswith("2 certificate(s) could not be read, and may match 'mail.example.com': ssl-7 in cn-bj2 (")
    with pytest.raises(OptionError, match=r"no certificate matches 'mail\.example\.com'"):
        look_up("mail.example.com")


def test_unreadable_certificates_do_not_matter_if_another_matches() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("shop.example.com") == ["ssl-1"]
    assert look_up.warnings == []


def test_an_unreadable_certificate_matches_by_the_platforms_domains() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("shop.example.net") == ["ssl-7"]
    (warning,) = look_up.warnings
    assert "match 'shop.example.net' only by the platform's domain names: ssl-7" in warning


def test_names_and_ids_match_unreadable_certificates() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("nameless", "ssl-7", "named") == ["ssl-8", "ssl-7", "ssl-7"]
    assert look_up.warnings == []


@pytest.mark.parametrize("term", ["shop.example.com", "shop.example.net", "mail.example.com"])
def test_on_unreadable_fail(term: str) -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    with pytest.raises(UnreadableError, match=f"may match '{term}': ssl-7 in cn-bj2 .*, ssl-8"):
        look_up(term, on_unreadable="fail", on_missing="null")
    assert look_up("nameless", on_unreadable="fail") == ["ssl-8"]


def test_undecided_certificates_are_kept_with_a_warning() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up(selection=Selection(expired=True)) == ["ssl-2", "ssl-7", "ssl-8"]
    (warning,) = look_up.warnings
    assert warning.startswith("2 certificate(s) could not be read, and may or may not match the selection: ssl-7")
    with pytest.raises(UnreadableError):
        look_up(selection=Selection(expired=True), on_unreadable="fail")


@pytest.mark.parametrize("by", ["auto", "domain"])
@pytest.mark.parametrize(
    ("term", "problem"),
    [
        ("https://shop.example.com/", "is a URL, not a domain"),
        ("shop.example.com/path", "contains more than a domain"),
        ("shop.example.com:443", "contains more than a domain"),
        ("[2001:db8::1]:443", "contains more than a domain"),
    ],
)
def test_a_service_address_is_not_a_domain(term: str, problem: str, by: str) -> None:
    with pytest.raises(OptionError, match=problem):
        LookUp()(term, by=by, on_missing="skip")


def test_a_name_may_look_like_a_service_address() -> None:
    look_up = LookUp([listed.certificate("ssl-1", "shop.example.com:443")])
    assert look_up("shop.example.com:443") == ["ssl-1"]


def test_ip_addresses() -> None:
    look_up = LookUp([listed.certificate("ssl-1", x509={"subject_alt_names": ["IP:192.0.2.7", "DNS:192.0.2.8"]})])
    assert look_up("192.0.2.7", "192.0.2.8", by="domain", on_missing="null") == ["ssl-1", None]
