# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The index of certificates."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.ucloud.ulb.plugins.filter import ssl_by as plugin
from ansible_collections.ucloud.ulb.plugins.filter.ssl_by import ssl_by
from ansible_collections.ucloud.ulb.tests.simulator.fleet import relation
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts

BOTH = [relation(("alb-1", "a"), ("lsn-1", "x")), relation(("alb-1", "a"), ("lsn-2", "y"))]
FIRST = audit_facts.facts(
    audit_facts.content(audit_facts.csr("a.example.com", "*.example.com")),
    ssl_id="ssl-1",
    relations=BOTH,
)
SECOND = audit_facts.facts(audit_facts.content(audit_facts.csr("a.example.com")), ssl_id="ssl-2", relations=BOTH[1:])
COPY = {**FIRST, "ssl_id": "ssl-3", "bindings": [], "bound": False}
NOTHING = audit_facts.facts(ssl_id="ssl-4", relations=())
ALL = [FIRST, SECOND, COPY, NOTHING]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("domain", {"a.example.com": ["ssl-1", "ssl-2", "ssl-3"], "*.example.com": ["ssl-1", "ssl-3"]}),
        ("listener", {"lsn-1": ["ssl-1"], "lsn-2": ["ssl-1", "ssl-2"]}),
        # A certificate with two listeners of one load balancer is listed once.
        ("load_balancer", {"alb-1": ["ssl-1", "ssl-2"]}),
        (
            "fingerprint",
            {
                FIRST["x509"]["fingerprints"]["sha256"]: ["ssl-1", "ssl-3"],
                SECOND["x509"]["fingerprints"]["sha256"]: ["ssl-2"],
            },
        ),
        ("issuer", {"Example TLS CA": ["ssl-1", "ssl-2", "ssl-3"]}),
    ],
)
def test_indexes(key: str, expected: dict[str, list[str]]) -> None:
    index = ssl_by(ALL, key)

    assert {name: [item["ssl_id"] for item in found] for name, found in index.items()} == expected
    assert list(index) == list(expected)
    assert all(item in ALL for found in index.values() for item in found)


def test_the_filter_is_there() -> None:
    assert plugin.FilterModule().filters() == {"ssl_by": ssl_by}
    assert ssl_by([], "domain") == {}
    assert ssl_by((FIRST,), "listener")["lsn-1"] == [FIRST]


@pytest.mark.parametrize("key", ["region", "", None, "Domain", ["domain"]])
def test_an_unknown_key(key: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        ssl_by(ALL, key)
    assert str(caught.value) == (
        f"key: unknown {key!r}. Valid values: domain, listener, load_balancer, fingerprint, issuer."
    )


@pytest.mark.parametrize(
    "certificates",
    [
        None,
        "ssl-1",
        {"certificates": ALL},
        ["ssl-1"],
        [FIRST, None],
        [{}],
        [{"ssl_id": "ssl-1"}],
        [{**FIRST, "domains": 7}],
    ],
)
def test_what_is_no_list_of_certificates(certificates: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        ssl_by(certificates, "domain")
    assert str(caught.value) == (
        "certificates: not a list of certificate facts."
        " Give a list of facts, such as the certificates of ucloud.ulb.ssl_info."
    )


@pytest.mark.parametrize(
    ("key", "malformed"),
    [
        ("domain", {"domains": [{"a": 1}]}),
        ("domain", {"domains": [["a.example.com"]]}),
        ("domain", {"domains": [7]}),
        ("listener", {"bindings": ["lsn-1"]}),
        ("listener", {"bindings": [None]}),
        ("listener", {"bindings": [{"listener_id": ["lsn-1"]}]}),
        ("load_balancer", {"bindings": [{"load_balancer_id": {"id": "alb-1"}}]}),
        ("load_balancer", {"bindings": [7]}),
        ("fingerprint", {"x509": "text"}),
        ("fingerprint", {"x509": [1]}),
        ("fingerprint", {"x509": {"fingerprints": "text"}}),
        ("fingerprint", {"x509": {"fingerprints": {"sha256": 7}}}),
        ("issuer", {"x509": {"issuer": "CN=CA"}}),
        ("issuer", {"x509": {"issuer": {"common_name": {"a": "b"}}}}),
        ("issuer", {"x509": {"issuer": {"common_name": ["CA", ["CB"]]}}}),
    ],
)
def test_malformed_items(key: str, malformed: dict[str, Any]) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        ssl_by([FIRST, {**FIRST, **malformed}], key)
    assert str(caught.value).startswith(f"certificates[1]: malformed {key}: ")


@pytest.mark.parametrize("key", ["fingerprint", "issuer", "listener", "load_balancer", "domain"])
def test_facts_that_are_not_there(key: str) -> None:
    assert ssl_by([{"domains": [], "bindings": [{}]}, {"domains": [None], "bindings": [], "x509": None}], key) == {}
