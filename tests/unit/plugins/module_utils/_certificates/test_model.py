# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From records of the API to the model to facts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.redaction import HIDDEN
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Binding, Certificate, Content
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.leaks.dialects import DIALECTS, dialects_of
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

PROPERTY = settings(deadline=None, derandomize=True)
DAY = certs.DAY

#: The facts of a certificate, in the order of the documentation.
FIELDS = [
    "ssl_id",
    "ssl_name",
    "ssl_type",
    "source",
    "ussl_id",
    "region",
    "project_id",
    "hash_value",
    "created_at",
    "created_at_epoch",
    "domains",
    "domains_from",
    "not_before",
    "not_before_epoch",
    "not_after",
    "not_after_epoch",
    "validity_from",
    "days_remaining",
    "state",
    "bound",
    "bindings",
    "private_key_stored",
    "key_matches",
    "x509",
    "x509_error",
    "api",
    "content",
]
NOTHING: dict[str, Any] = {
    **dict.fromkeys(FIELDS),
    "region": "hk",
    "source": "unknown",
    "domains": [],
    "state": "unknown",
    "bindings": [],
    "api": {"domains": [], "not_before_epoch": None, "not_after_epoch": None},
}

RELATION = {
    "LoadBalancerId": "alb-1",
    "LoadBalancerName": "shop",
    "ListenerId": "als-9",
    "ListenerName": "https",
    "IsDefault": True,
}
BINDING = {
    "load_balancer_id": "alb-1",
    "load_balancer_name": "shop",
    "load_balancer_type": "application",
    "listener_id": "als-9",
    "listener_name": "https",
    "is_default": True,
    "protocol": None,
    "port": None,
    "addresses": None,
    "tls": None,
}
RECORD = {
    "SSLId": "ssl-abc123",
    "SSLName": "shop.example.com 2026",
    "SSLType": "Pem",
    "CreateTime": 1772352000,
    "HashValue": "1d5da9cf215d7c0e7b41b85af8adac2b",
    "Relations": [RELATION],
    "SSLSource": 1,
    "USSLId": "ussl-7",
    "Domains": "shop.example.com",
    "DNSNames": "*.Shop.example.com,shop.example.com",
    "NotBefore": 1772323200,
    "NotAfter": 1789689599,
}
FACTS: dict[str, Any] = {
    "ssl_id": "ssl-abc123",
    "ssl_name": "shop.example.com 2026",
    "ssl_type": "Pem",
    "source": "ussl",
    "ussl_id": "ussl-7",
    "region": "cn-bj2",
    "project_id": "org-1",
    "hash_value": "1d5da9cf215d7c0e7b41b85af8adac2b",
    "created_at": "2026-03-01T08:00:00Z",
    "created_at_epoch": 1772352000,
    "domains": ["shop.example.com", "*.shop.example.com"],
    "domains_from": "api",
    "not_before": "2026-03-01T00:00:00Z",
    "not_before_epoch": 1772323200,
    "not_after": "2026-09-17T23:59:59Z",
    "not_after_epoch": 1789689599,
    "validity_from": "api",
    "days_remaining": 200,
    "state": "valid",
    "bound": True,
    "bindings": [BINDING],
    "private_key_stored": None,
    "key_matches": None,
    "x509": None,
    "x509_error": None,
    "api": {
        "domains": ["shop.example.com", "*.shop.example.com"],
        "not_before_epoch": 1772323200,
        "not_after_epoch": 1789689599,
    },
    "content": None,
}


def certificate(record: dict[str, Any], **changes: Any) -> Certificate:
    return Certificate.from_api({**record, **changes}, "cn-bj2", "org-1")


def facts(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return certificate(record, **changes).to_facts(1772352000)


def test_a_full_record() -> None:
    found = facts(RECORD)

    assert found == FACTS
    assert list(found) == FIELDS


def test_an_empty_record() -> None:
    found = Certificate.from_api({}, "hk", None).to_facts(0)

    assert found == NOTHING
    assert list(found) == FIELDS


def test_the_example_of_the_reference() -> None:
    """The example in the reference of DescribeSSLV2."""
    example: dict[str, Any] = {
        "SSLId": "ssl-ngLEWbOi",
        "SSLName": "test",
        "SSLType": "Pem",
        "CreateTime": 9,
        "HashValue": "xxx",
        "SSLBindedTargetSet": ["ngLEWbOi"],
        "SSLContent": "suFedZgn",
    }
    found = certificate(example).with_content(read_content(example["SSLContent"])).to_facts(1772352000)

    assert found == {
        **NOTHING,
        "ssl_id": "ssl-ngLEWbOi",
        "ssl_name": "test",
        "ssl_type": "Pem",
        "region": "cn-bj2",
        "project_id": "org-1",
        "hash_value": "xxx",
        "created_at": "1970-01-01T00:00:09Z",
        "created_at_epoch": 9,
        "bound": True,
        "bindings": [
            {**dict.fromkeys(BINDING), "load_balancer_type": "unknown", "listener_id": "ngLEWbOi"},
        ],
        "private_key_stored": False,
        "x509_error": "the content has no certificate",
    }


#: The facts that come from a field of the record, with their values if the field is missing.
DEPENDENTS: dict[str, dict[str, Any]] = {
    "SSLId": {"ssl_id": None},
    "SSLName": {"ssl_name": None},
    "SSLType": {"ssl_type": None},
    "CreateTime": {"created_at": None, "created_at_epoch": None},
    "HashValue": {"hash_value": None},
    "Relations": {"bound": None, "bindings": []},
    "SSLSource": {"source": "unknown"},
    "USSLId": {"ussl_id": None},
    "Domains": {
        "domains": ["*.shop.example.com", "shop.example.com"],
        "api": {**FACTS["api"], "domains": ["*.shop.example.com", "shop.example.com"]},
    },
    "DNSNames": {"domains": ["shop.example.com"], "api": {**FACTS["api"], "domains": ["shop.example.com"]}},
    "NotBefore": {"not_before": None, "not_before_epoch": None, "api": {**FACTS["api"], "not_before_epoch": None}},
    "NotAfter": {
        "not_after": None,
        "not_after_epoch": None,
        "days_remaining": None,
        "state": "unknown",
        "api": {**FACTS["api"], "not_after_epoch": None},
    },
}


@pytest.mark.parametrize("field", RECORD)
def test_an_absent_field(field: str) -> None:
    record = {name: value for name, value in RECORD.items() if name != field}

    assert facts(record) == {**FACTS, **DEPENDENTS[field]}


@pytest.mark.parametrize("field", [name for name in RECORD if name != "Relations"])
def test_a_null_field(field: str) -> None:
    assert facts(RECORD, **{field: None}) == {**FACTS, **DEPENDENTS[field]}


@pytest.mark.parametrize("field", RECORD)
@pytest.mark.parametrize("value", [{"a": 1}, {}, (1,)], ids=repr)
def test_a_field_of_the_wrong_type(field: str, value: Any) -> None:
    assert facts(RECORD, **{field: value}) == {**FACTS, **DEPENDENTS[field]}


@pytest.mark.parametrize("field", ["SSLId", "SSLName", "SSLType", "HashValue", "USSLId"])
@pytest.mark.parametrize(
    ("value", "text"), [(7, "7"), (7.5, "7.5"), ("", None), (True, None), ([], None), ("a\ud83db", "a?b")]
)
def test_texts(field: str, value: Any, text: str | None) -> None:
    (fact,) = DEPENDENTS[field]

    assert facts(RECORD, **{field: value})[fact] == text


def test_unknown_fields_are_passed_over() -> None:
    assert facts(RECORD, Zone="cn-bj2-04", SSLContent="secret", ssl_id="x", Tags=[{}]) == FACTS


def test_numbers_and_truth_values_in_strings() -> None:
    strings = {name: str(value) if isinstance(value, int) else value for name, value in RECORD.items()}
    strings["Relations"] = [{**RELATION, "IsDefault": "true"}]

    assert facts(strings) == FACTS


@pytest.mark.parametrize("factor", [1, 1000])
def test_seconds_and_milliseconds(factor: int) -> None:
    times = {"CreateTime": 1772352000, "NotBefore": 1772323200, "NotAfter": 1789689599}

    assert facts(RECORD, **{name: value * factor for name, value in times.items()}) == FACTS


@pytest.mark.parametrize("unknown", [0, "0", -1, "soon", "", False, True, float("nan"), 10**20])
def test_dates_that_are_none(unknown: Any) -> None:
    found = facts(RECORD, NotBefore=unknown, NotAfter=unknown, CreateTime=unknown)

    expected = {**FACTS, **DEPENDENTS["NotBefore"], **DEPENDENTS["NotAfter"], **DEPENDENTS["CreateTime"]}
    api = {**FACTS["api"], "not_before_epoch": None, "not_after_epoch": None}
    assert found == {**expected, "validity_from": None, "api": api}


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (0, "ulb"),
        ("0", "ulb"),
        (1, "ussl"),
        ("1", "ussl"),
        (2, "unknown"),
        ("", "unknown"),
        ("ulb", "unknown"),
        (-1, "unknown"),
    ],
)
def test_sources(value: Any, source: str) -> None:
    assert facts(RECORD, SSLSource=value)["source"] == source


@pytest.mark.parametrize(
    ("domains", "dns_names", "expected"),
    [
        ("b.example.com", "a.example.com;b.example.com", ["b.example.com", "a.example.com"]),
        ("", "a.example.com\nb.example.com", ["a.example.com", "b.example.com"]),
        (None, '["a.example.com", "A.example.com."]', ["a.example.com"]),
        ("münchen.example", ["xn--mnchen-3ya.example"], ["xn--mnchen-3ya.example"]),
        # Names that are not domains are only in the facts about the platform.
        ("\ud83d.example.com", None, []),
        ("Example Shop Ltd", "b.example.com", ["b.example.com"]),
        ("192.0.2.7", None, []),
        ("https://a.example.com", None, []),
        (None, None, []),
    ],
)
def test_domains(domains: Any, dns_names: Any, expected: list[str]) -> None:
    found = facts(RECORD, Domains=domains, DNSNames=dns_names)

    assert found["domains"] == expected
    assert found["domains_from"] == ("api" if expected else None)


@pytest.mark.parametrize(
    ("domains", "listed"),
    [
        ("\ud83d.example.com", ["?.example.com"]),
        ("Example Shop Ltd", ["example shop ltd"]),
        ("192.0.2.7 B.example.com", ["192.0.2.7 b.example.com"]),
    ],
)
def test_names_of_the_platform_that_are_no_domains_are_kept_in_its_own(domains: str, listed: list[str]) -> None:
    assert facts(RECORD, Domains=domains, DNSNames=None)["api"]["domains"] == listed


CERTIFICATES_OWN = ("a.example.com", "*.a.example.com")


@pytest.mark.parametrize(
    ("record", "content", "domains", "domains_from"),
    [
        # Names in the certificate take precedence, and are never mixed with those of the platform.
        (RECORD, Content(domains=CERTIFICATES_OWN), list(CERTIFICATES_OWN), "certificate"),
        ({}, Content(domains=CERTIFICATES_OWN), list(CERTIFICATES_OWN), "certificate"),
        # It was read, but has no names.
        (RECORD, Content(domains=()), [], "certificate"),
        ({}, Content(domains=()), [], "certificate"),
        # They could not be read.
        (RECORD, Content(x509_error="subjectAltName: …"), FACTS["domains"], "api"),
        (RECORD, Content(), FACTS["domains"], "api"),
        ({}, Content(x509_error="subjectAltName: …"), [], None),
        ({"Domains": "Example Shop Ltd"}, Content(), [], None),
    ],
)
def test_where_the_domains_come_from(
    record: dict[str, Any], content: Content, domains: list[str], domains_from: str | None
) -> None:
    found = certificate(record).with_content(content).to_facts(1772352000)

    assert (found["domains"], found["domains_from"]) == (domains, domains_from)


def test_names_are_domains_and_addresses() -> None:
    names = ["DNS:a.example.com", "IP:192.0.2.7", "IP:<invalid>", "IP:2001:db8::7"]
    found = certificate(RECORD).with_content(Content(domains=("a.example.com",), x509={"subject_alt_names": names}))

    assert found.addresses == ["192.0.2.7", "2001:db8::7"]
    assert found.names == ["a.example.com", "192.0.2.7", "2001:db8::7"]
    for unknown in (None, {"subject_alt_names": None}):
        assert certificate(RECORD).with_content(Content(x509=unknown)).addresses == []


@pytest.mark.parametrize(
    ("content", "is_unreadable"),
    [
        (Content(), False),
        (Content(domains=(), not_before=1, not_after=2), False),
        (Content(domains=(), not_before=1, not_after=2, x509_error="keyUsage: …"), False),
        (Content(not_before=1, not_after=2, x509_error="subjectAltName: …"), True),
        (Content(domains=(), not_after=2, x509_error="not_before: …"), True),
        (Content(domains=(), not_before=1, x509_error="not_after: …"), True),
        (Content(x509_error="the content has no certificate"), True),
    ],
)
def test_what_could_not_be_read(content: Content, is_unreadable: bool) -> None:
    assert certificate(RECORD).with_content(content).is_unreadable is is_unreadable


def test_what_the_platform_says_by_itself_is_kept_apart() -> None:
    content = Content(domains=("a.example.com",), not_before=1, not_after=2, x509={"fingerprints": {"sha256": "f"}})

    found = certificate(RECORD).with_content(content).to_facts(1772352000)

    assert (found["not_before_epoch"], found["not_after_epoch"], found["validity_from"]) == (1, 2, "certificate")
    assert found["api"] == FACTS["api"]


# Bindings


@pytest.mark.parametrize(
    ("relations", "bound"),
    [
        ([RELATION], True),
        ([], False),
        (None, False),
        # Unknown values mean that nothing is known.
        ("", None),
        (0, None),
        ({}, None),
        ("ulb-1", None),
        ([None, 5, "", " ", []], None),
    ],
)
def test_bound(relations: Any, bound: bool | None) -> None:
    found = facts(RECORD, Relations=relations)

    assert found["bound"] is bound
    assert found["bindings"] == ([BINDING] if bound else [])


def binding(**values: Any) -> dict[str, Any]:
    return {**dict.fromkeys(BINDING), "load_balancer_type": "unknown", **values}


@pytest.mark.parametrize("field", ["Relations", "SSLBindedTargetSet", "BindedTargetSet"])
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (RELATION, BINDING),
        (
            {"VServerId": "vserver-1", "VServerName": "web", "ULBId": "ulb-1", "ULBName": "old"},
            binding(
                load_balancer_id="ulb-1",
                load_balancer_name="old",
                load_balancer_type="classic",
                listener_id="vserver-1",
                listener_name="web",
            ),
        ),
        ("vserver-1", binding(listener_id="vserver-1", load_balancer_type="classic")),
        ("lsn-1", binding(listener_id="lsn-1", load_balancer_type="application")),
        ("als-1", binding(listener_id="als-1", load_balancer_type="application")),
        ("alb-1", binding(load_balancer_id="alb-1", load_balancer_type="application")),
        ("ulb-1", binding(load_balancer_id="ulb-1", load_balancer_type="classic")),
        ("ngLEWbOi", binding(listener_id="ngLEWbOi")),
    ],
)
def test_forms_of_bindings(field: str, target: Any, expected: dict[str, Any]) -> None:
    record = {name: value for name, value in RECORD.items() if name != "Relations"}

    found = facts(record, **{field: [target, None]})

    assert found["bindings"] == [expected]
    assert found["bound"] is True


def test_the_field_with_bindings_counts() -> None:
    assert facts(RECORD, Relations=[], BindedTargetSet=["ulb-1"])["bindings"] == [
        binding(load_balancer_id="ulb-1", load_balancer_type="classic")
    ]
    assert facts(RECORD, SSLBindedTargetSet=["ulb-1"])["bindings"] == [BINDING]
    assert facts(RECORD, Relations="?", SSLBindedTargetSet=[])["bound"] is False


@pytest.mark.parametrize(
    ("load_balancer", "listener", "kind"),
    [
        ("alb-1", "als-1", "application"),
        ("alb-1", None, "application"),
        (None, "als-1", "application"),
        (None, "lsn-1", "application"),
        ("ulb-1", "vserver-1", "classic"),
        ("ulb-1", "lsn-1", "classic"),
        ("nlb-1", "lsn-1", "application"),
        ("", "vserver-1", "classic"),
        ("nlb-1", "x", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_types_of_load_balancers(load_balancer: str | None, listener: str | None, kind: str) -> None:
    found = Binding.from_api({"LoadBalancerId": load_balancer, "ListenerId": listener})

    assert found == Binding(load_balancer or None, None, kind, listener, None, None)


@pytest.mark.parametrize(
    ("value", "is_default"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("False", False),
        (1, True),
        (0, False),
        ("1", True),
        ("0", False),
        (None, None),
        ("", None),
        ("yes", None),
        (2, None),
        ([], None),
    ],
)
def test_is_default(value: Any, is_default: bool | None) -> None:
    found = Binding.from_api({**RELATION, "IsDefault": value})

    assert found is not None
    assert found.is_default is is_default


@pytest.mark.parametrize("field", RELATION)
def test_a_binding_with_a_null_field(field: str) -> None:
    found = facts(RECORD, Relations=[{**RELATION, field: None}])["bindings"]

    snake_case = {"LoadBalancerId": "load_balancer_id", "LoadBalancerName": "load_balancer_name"}
    snake_case |= {"ListenerId": "listener_id", "ListenerName": "listener_name", "IsDefault": "is_default"}
    assert found == [{**BINDING, snake_case[field]: None}]


# Dates


def test_the_dates_of_the_certificate_win() -> None:
    content = read_content(certs.pem(certs.leaf(), certs.authority()))

    found = certificate(RECORD).with_content(content).to_facts(certs.NOW)

    assert (found["not_before"], found["not_before_epoch"]) == ("2025-12-02T00:00:00Z", certs.NOT_BEFORE)
    assert (found["not_after"], found["not_after_epoch"]) == ("2026-03-02T00:00:00Z", certs.NOT_AFTER)
    assert found["validity_from"] == "certificate"
    assert found["days_remaining"] == 60
    assert found["private_key_stored"] is False
    assert found["x509"]["subject"] == {"common_name": certs.SHOP}


def test_dates_of_two_origins_are_never_mixed() -> None:
    with_end_only = certificate(RECORD).with_content(Content(not_after=1789689599 + DAY))
    with_start_only = certificate(RECORD).with_content(Content(not_before=1))

    assert (with_end_only.not_before, with_end_only.validity_from) == (None, "certificate")
    assert (with_start_only.not_before, with_start_only.validity_from) == (1772323200, "api")


@pytest.mark.parametrize(
    ("not_before", "not_after", "now", "state", "days"),
    [
        (1000, 1000 + DAY, 999, "not_yet_valid", 1),
        (1000, 1000 + DAY, 1000, "valid", 1),
        (1000, 1000 + DAY, 1001, "valid", 0),
        (1000, 1000 + DAY, 1000 + DAY, "valid", 0),
        (1000, 1000 + DAY, 1001 + DAY, "expired", -1),
        (1000, 1000 + DAY, 1000 + 2 * DAY, "expired", -1),
        (1000, 1000 + DAY, 1001 + 2 * DAY, "expired", -2),
        (1000, 1000 + 10 * DAY, 1001, "valid", 9),
        # unknown
        (None, 1000, 1000, "valid", 0),
        (None, 1000, 1001, "expired", -1),
        (1000, None, 0, "unknown", None),
        (1000, None, 2000, "unknown", None),
        (None, None, 0, "unknown", None),
        # A certificate that ends before it begins has never been valid.
        (2000, 1000, 1500, "expired", -1),
    ],
)
@pytest.mark.parametrize("origin", ["api", "certificate"])
def test_state_and_days(
    not_before: int | None, not_after: int | None, now: int, state: str, days: int | None, origin: str
) -> None:
    plain = certificate({})
    if origin == "api":
        subject = replace(plain, api_not_before=not_before, api_not_after=not_after)
    else:
        subject = plain.with_content(Content(not_before=not_before, not_after=not_after))

    found = subject.to_facts(now)

    assert found["state"] == subject.state(now) == state
    assert found["days_remaining"] == days
    assert found["not_after_epoch"] == not_after


# Content


def test_content_is_the_one_that_was_asked_for() -> None:
    plain = certificate(RECORD)

    assert plain.to_facts(0)["content"] is None
    assert plain.with_content(Content(pem="chain")).to_facts(0)["content"] == "chain"
    assert plain.with_content(Content(), "everything").to_facts(0)["content"] == "everything"


def test_fingerprint() -> None:
    plain = certificate(RECORD)

    assert plain.fingerprint is None
    assert plain.with_content(Content(x509={"fingerprints": {"sha256": "ab" * 32}})).fingerprint == "ab" * 32


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*RECORD, *RELATION, "ULBId"]), inner),
    max_leaves=6,
)


@PROPERTY
@given(
    record=st.dictionaries(st.sampled_from([*RECORD, "SSLBindedTargetSet", "BindedTargetSet", "Other"]), ANYTHING),
    now=st.integers(0, 4_000_000_000),
)
def test_any_record_becomes_facts(record: dict[str, Any], now: int) -> None:
    found = Certificate.from_api(record, "cn-bj2", None).to_facts(now)

    assert list(found) == FIELDS
    assert found["state"] in ("valid", "expired", "not_yet_valid", "unknown")
    assert (found["state"] == "unknown") is (found["not_after"] is None)
    assert found["bound"] in (None, bool(found["bindings"]))
    # Ansible writes results as JSON in UTF-8.
    assert json.loads(json.dumps(found, ensure_ascii=False, allow_nan=False).encode()) == found


KEY = certs.key_pem(certs.rsa_key("canary"))
CANARIES = Secrets([KEY])
#: Every field that becomes text in the facts.
FIELDS_WITH_TEXT: dict[str, Callable[[Any], dict[str, Any]]] = {
    **{
        name: partial(lambda name, text: {name: text}, name)
        for name in ("SSLId", "SSLName", "SSLType", "HashValue", "USSLId", "Domains", "DNSNames")
    },
    **{
        f"list of {name}": partial(lambda name, text: {name: text.splitlines()}, name)
        for name in ("Domains", "DNSNames")
    },
    **{
        f"{where}: {name}": partial(lambda where, name, text: {"Relations": None, where: [{name: text}]}, where, name)
        for where in ("Relations", "SSLBindedTargetSet", "BindedTargetSet")
        for name in (
            "LoadBalancerId", "LoadBalancerName", "ListenerId", "ListenerName", "ULBId", "ULBName", "VServerId",
            "VServerName",
        )
    },
    "ids of targets": lambda text: {"Relations": [text]},
    "ids of load balancers": lambda text: {"Relations": [f"alb-{text}"]},
    "source": lambda text: {"SSLSource": text},
    "times": lambda text: dict.fromkeys(("CreateTime", "NotBefore", "NotAfter"), text),
    "default": lambda text: {"Relations": [{"ListenerId": "lsn-1", "IsDefault": text}]},
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS_WITH_TEXT)
def test_a_key_in_any_field_of_a_record_is_no_fact(field: str) -> None:
    record = {name: value for name, value in RECORD.items() if name != "Relations"}

    for dialect in DIALECTS:
        for text in dialects_of(dialect, KEY):
            found = certificate(record, **FIELDS_WITH_TEXT[field](text))
            shown = json.dumps(found.to_facts(0)) + repr(found)
            assert not CANARIES.found_in(shown), dialect
            # A JSON list of numbers contains no names.
            is_text = field not in ("source", "times", "default") and dialect != "bytes as decimal bytes"
            assert HIDDEN in shown or not is_text, dialect


def test_many_addresses_are_no_key() -> None:
    addresses = [f"{number}.176.2{number}.97" for number in range(10, 40)] + ["2001:db8:85a3:1f2e:3d4c:5b6a:370:7334"]

    found = Certificate.from_api({"Domains": ",".join(addresses)}, "cn-bj2", None).to_facts(0)

    assert found["api"]["domains"] == addresses


def test_what_is_hidden_says_so() -> None:
    found = facts(RECORD, SSLName=KEY, Domains=f"shop.example.com,{KEY}", Relations=[{**RELATION, "ListenerName": KEY}])

    assert found["ssl_name"] == found["bindings"][0]["listener_name"] == HIDDEN
    assert found["api"]["domains"] == [HIDDEN, "shop.example.com", "*.shop.example.com"]
    assert found["domains"] == ["shop.example.com", "*.shop.example.com"]
    assert found["ssl_id"] == FACTS["ssl_id"]


@pytest.mark.parametrize("digest", ["1d5da9cf215d7c0e7b41b85af8adac2b", "A" * 64, ":".join(["0f"] * 32)])
def test_a_fingerprint_stays(digest: str) -> None:
    assert facts(RECORD, HashValue=digest)["hash_value"] == digest
