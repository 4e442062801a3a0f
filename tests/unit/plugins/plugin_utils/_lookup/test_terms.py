# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Terms and options of the lookup -> what it returns, warns of, or fails with."""

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
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.index import Entry, Index
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.source import Fleet
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.terms import Policy, Terms
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
    """A lookup in a fleet that is known; what it asked the fleet for, and what it warned of."""

    def __init__(self, certificates: Iterable[Certificate] | None = None, errors: Iterable[UCloudError] = ()) -> None:
        known = FLEET if certificates is None else certificates
        self.fleet = create_autospec(Fleet, instance=True)
        self.fleet.index.side_effect = lambda ids: Index(
            Entry.of(certificate) for certificate in known if ids is None or certificate.ssl_id in ids
        )
        self.fleet.errors = list(errors)
        self.warnings: list[str] = []

    def __call__(
        self,
        *terms: Any,
        selection: Selection | None = None,
        on_error: str = "fail",
        on_unreadable: str = "warn",
        **options: Any,
    ) -> Any:
        policy = Policy(
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
        return Terms(self.fleet, query, policy, listed.NOW).look_up(terms)

    @property
    def asked(self) -> list[Any]:
        return [call.args[0] for call in self.fleet.index.call_args_list]


def test_results_are_in_the_order_of_the_terms() -> None:
    terms = ["x.api.example.com", "ssl-2", "shop.example.com", "api", "ssl-2"]
    assert LookUp()(*terms) == ["ssl-3", "ssl-2", "ssl-1", "ssl-3", "ssl-2"]


def test_without_terms_all_that_are_selected() -> None:
    assert LookUp()() == ["ssl-1", "ssl-2", "ssl-3"]
    assert LookUp()(selection=Selection(bound=True)) == ["ssl-1"]
    assert LookUp()(selection=Selection(expired=True)) == ["ssl-2"]


def test_an_empty_list_asks_for_nothing() -> None:
    assert LookUp()([]) == []


def test_lists_among_the_terms_stand_for_their_items() -> None:
    assert LookUp()(["ssl-1", "ssl-2"], "ssl-3", ("ssl-1",)) == ["ssl-1", "ssl-2", "ssl-3", "ssl-1"]


def test_blanks_around_a_term_are_no_part_of_it() -> None:
    assert LookUp()(" ssl-1\n") == ["ssl-1"]


@pytest.mark.parametrize("term", ["", "  ", None, 7, {"ssl_id": "ssl-1"}, [["ssl-1"]], True])
def test_a_term_that_is_no_text(term: Any) -> None:
    with pytest.raises(OptionError, match=r"_terms: .* is no id, name or domain\. Give non-empty strings\."):
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
def test_only_ids_are_asked_for_one_by_one(by: str, terms: list[str], asked: list[Any]) -> None:
    look_up = LookUp()
    assert look_up(*terms, by=by)
    assert look_up.asked == asked


def test_what_looks_like_an_id_may_be_a_name() -> None:
    look_up = LookUp([listed.certificate("ssl-1", "ssl-legacy"), listed.certificate("ssl-2")])
    assert look_up("ssl-legacy", "ssl-2") == ["ssl-1", "ssl-2"]
    assert look_up.asked == [frozenset({"ssl-legacy", "ssl-2"}), None]


def test_by_id_it_may_not() -> None:
    look_up = LookUp([listed.certificate("ssl-1", "ssl-legacy")])
    assert look_up("ssl-legacy", by="id", on_missing="skip") == []
    assert look_up.asked == [frozenset({"ssl-legacy"})]


MISSING = (
    "no certificate matches 'nothing' (by: auto). Check the term, regions, project_ids and the other conditions, or set"
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


def test_what_the_conditions_leave_out_is_missing() -> None:
    look_up = LookUp()
    assert look_up("ssl-1", "ssl-2", selection=Selection(expired=False), on_missing="null") == ["ssl-1", None]


AMBIGUOUS = (
    "2 certificates match 'shop': ssl-1 in cn-bj2, ssl-2 in hk. Use an id or by: domain, narrow it down with regions or"
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


def test_conditions_make_a_name_unambiguous() -> None:
    assert LookUp()("shop", selection=Selection(bound=False)) == ["ssl-2"]


@pytest.mark.parametrize("error", [DENIED, BROKEN])
@pytest.mark.parametrize("terms", [[], ["ssl-1"]])
def test_what_failed_is_an_error(error: UCloudError, terms: list[str]) -> None:
    with pytest.raises(type(error)) as caught:
        LookUp(errors=[error])(*terms)
    assert caught.value is error


@pytest.mark.parametrize(("on_denied", "warnings"), [("warn", [DENIED.describe()]), ("skip", [])])
def test_denied_is_no_error(on_denied: str, warnings: list[str]) -> None:
    look_up = LookUp(errors=[DENIED])
    assert look_up("ssl-1", on_denied=on_denied) == ["ssl-1"]
    assert look_up.warnings == warnings


def test_on_denied_is_about_rights_only() -> None:
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
def test_on_error_warn_is_about_all(on_denied: str, warnings: list[str]) -> None:
    look_up = LookUp(errors=[DENIED, BROKEN])
    assert look_up("ssl-1", on_error="warn", on_denied=on_denied) == ["ssl-1"]
    assert look_up.warnings == warnings


def test_an_attribute_that_is_no_fact() -> None:
    with pytest.raises(OptionError, match="attribute: 'expiry' is not a fact"):
        LookUp()("ssl-1", attribute="expiry")


UNREAD = Content(x509_error="1 block(s) named CERTIFICATE cannot be read as one")
#: The platform has the names of the first, and nobody has those of the second.
UNREADABLE = [
    listed.certificate("ssl-7", "named", content=UNREAD, api_domains=("shop.example.net",)),
    listed.certificate("ssl-8", "nameless", content=UNREAD),
]


def test_a_term_that_an_unread_certificate_may_be_for() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("mail.example.com", on_missing="null") == [None]
    (warning,) = look_up.warnings
    assert warning.startswith(
        "2 certificate(s) could not be read, and may be for 'mail.example.com': ssl-7 in cn-bj2 ("
    )
    with pytest.raises(OptionError, match=r"no certificate matches 'mail\.example\.com'"):
        look_up("mail.example.com")


def test_a_term_that_a_certificate_is_for_does_not_depend_on_unread_ones() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("shop.example.com") == ["ssl-1"]
    assert look_up.warnings == []


def test_a_term_that_only_the_platform_says_a_certificate_is_for() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("shop.example.net") == ["ssl-7"]
    (warning,) = look_up.warnings
    assert "only the platform says that they are for 'shop.example.net': ssl-7" in warning


def test_names_and_ids_need_nothing_read() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up("nameless", "ssl-7", "named") == ["ssl-8", "ssl-7", "ssl-7"]
    assert look_up.warnings == []


@pytest.mark.parametrize("term", ["shop.example.com", "shop.example.net", "mail.example.com"])
def test_unread_certificates_can_be_a_failure(term: str) -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    with pytest.raises(UnreadableError, match=f"may be for '{term}': ssl-7 in cn-bj2 .*, ssl-8"):
        look_up(term, on_unreadable="fail", on_missing="null")
    assert look_up("nameless", on_unreadable="fail") == ["ssl-8"]


def test_conditions_that_cannot_be_judged_keep_and_warn() -> None:
    look_up = LookUp([*FLEET, *UNREADABLE])
    assert look_up(selection=Selection(expired=True)) == ["ssl-2", "ssl-7", "ssl-8"]
    (warning,) = look_up.warnings
    assert warning.startswith("2 certificate(s) could not be read, and may or may not be what was asked for: ssl-7")
    with pytest.raises(UnreadableError):
        look_up(selection=Selection(expired=True), on_unreadable="fail")


@pytest.mark.parametrize("by", ["auto", "domain"])
@pytest.mark.parametrize(
    ("term", "problem"),
    [
        ("https://shop.example.com/", "is a URL, and no domain"),
        ("shop.example.com/path", "has more in it than a domain"),
        ("shop.example.com:443", "has more in it than a domain"),
        ("[2001:db8::1]:443", "has more in it than a domain"),
    ],
)
def test_the_address_of_a_service_is_no_domain(term: str, problem: str, by: str) -> None:
    with pytest.raises(OptionError, match=problem):
        LookUp()(term, by=by, on_missing="skip")


def test_a_name_may_look_like_the_address_of_a_service() -> None:
    look_up = LookUp([listed.certificate("ssl-1", "shop.example.com:443")])
    assert look_up("shop.example.com:443") == ["ssl-1"]


def test_an_address_is_found_as_one() -> None:
    look_up = LookUp([listed.certificate("ssl-1", x509={"subject_alt_names": ["IP:192.0.2.7", "DNS:192.0.2.8"]})])
    assert look_up("192.0.2.7", "192.0.2.8", by="domain", on_missing="null") == ["ssl-1", None]
