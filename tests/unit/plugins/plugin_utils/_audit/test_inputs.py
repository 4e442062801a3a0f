# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of certificates in playbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.facts import FleetFacts
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.inputs import fleet_of
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import NOW

POLICY = Policy.from_data(None)
FORMS = "Give a list of certificate facts, the result of ucloud.ulb.ssl_info, or hostvars of the inventory plugin."


def read(data: Any, prefix: str = "ucloud_") -> FleetFacts:
    return fleet_of(data, POLICY, NOW, prefix)


def ids(data: Any, prefix: str = "ucloud_") -> list[Any]:
    return [item.ssl_id for item in read(data, prefix).certificates]


def one(ssl_id: Any, **facts: Any) -> dict[str, Any]:
    return {"ssl_id": ssl_id, "region": "hk", "project_id": None, **facts}


def test_a_list_of_facts() -> None:
    fleet = read([one("b"), one("a")])

    assert [item.facts for item in fleet.certificates] == [one("a"), one("b")]
    assert (fleet.is_complete, fleet.is_whole, fleet.errors) == (None, None, [])
    assert ids((one("a"),)) == ["a"]
    assert ids([]) == []


@pytest.mark.parametrize(
    ("complete", "total", "count", "is_whole"),
    [(True, 2, 2, True), (True, 3, 2, False), (True, None, 2, False), (False, 2, 2, False)],
)
def test_the_result_of_the_module(complete: bool, total: int | None, count: int, is_whole: bool) -> None:
    errors = [{"region": "hk"}]
    data = {"certificates": [one("a"), one("b")], "complete": complete, "errors": errors}
    fleet = read({**data, "total_count": total, "count": count, "changed": False})

    assert [item.ssl_id for item in fleet.certificates] == ["a", "b"]
    assert (fleet.is_complete, fleet.is_whole, fleet.errors) == (complete, is_whole, errors)


@pytest.mark.parametrize(("text", "complete"), [("True", True), ("False", False), ("false", False), ("maybe", None)])
def test_values_that_a_template_turned_into_text(text: str, complete: bool | None) -> None:
    data = {"certificates": [one("a")], "complete": text, "total_count": "1", "count": "1"}
    fleet = read({**data, "listeners": [], "listeners_complete": text})

    assert fleet.listeners is not None
    assert (fleet.is_complete, fleet.is_whole, fleet.listeners.is_complete) == (complete, complete, complete)


def test_a_result_without_some_of_its_certificates_is_not_whole() -> None:
    assert read({"certificates": [one("a")], "complete": True, "total_count": 2, "count": 2}).is_whole is False


def test_a_result_that_does_not_say_whether_it_is_complete() -> None:
    fleet = read({"certificates": [one("a")]})

    assert (fleet.is_complete, fleet.is_whole) == (None, None)


def test_hosts_that_are_certificates() -> None:
    facts = audit_facts.compliant()
    variables = {f"ucloud_{name}": value for name, value in facts.items()}
    hosts = {"ssl-1": {**variables, "ansible_host": "x"}, "localhost": {"ansible_connection": "local"}, "odd": None}

    (certificate,) = read(hosts).certificates
    assert certificate.facts == facts
    assert ids({"a": {"ssl_id": "a"}}, prefix="") == ["a"]
    assert ids({"a": {"x_ssl_id": "a"}}, prefix="x_") == ["a"]


def test_hosts_that_have_certificates() -> None:
    first, second = one("a"), one("b")
    hosts = {
        "a.example.com": {"ucloud_domain": "a.example.com", "ucloud_certificates": [second, first]},
        "b.example.com": {"ucloud_domain": "b.example.com", "ucloud_certificates": [second]},
        "c.example.com": {"ucloud_domain": "c.example.com", "ucloud_certificates": []},
    }

    assert ids(hosts) == ["a", "b"]


class Lazy(Mapping[str, Any]):
    """Variables like Ansible's: they are evaluated when they are read, and some fail."""

    def __init__(self, variables: dict[str, Any]) -> None:
        self.variables = variables

    def __getitem__(self, name: str) -> Any:
        value = self.variables[name]
        if isinstance(value, Exception):
            raise value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)


def test_other_variables_of_hosts_are_left_alone() -> None:
    broken = ValueError("'undefined_variable' is undefined")

    assert ids(Lazy({"a": Lazy({"ucloud_ssl_id": "a", "my_variable": broken})})) == ["a"]


@pytest.mark.parametrize("value", [None, "ssl-1", 7, {"ssl_id": "a"}])
def test_hosts_whose_certificates_are_no_list(value: Any) -> None:
    with pytest.raises(OptionError) as caught:
        read({"a": {"ucloud_certificates": value}})
    kind = type(value).__name__
    assert caught.value.describe() == (f"certificates: ucloud_certificates of a host is not a list but {kind}. {FORMS}")
    assert ids({"a": {"ucloud_certificates": []}}) == []


def test_hosts_without_certificates() -> None:
    with pytest.raises(OptionError) as caught:
        read({"localhost": {"ansible_connection": "local"}})
    assert caught.value.describe() == (
        f"certificates: no host has a variable ucloud_ssl_id or ucloud_certificates. {FORMS}"
    )
    # An inventory without hosts has no certificates.
    assert ids({}) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (one("a"), "the facts of one certificate are not a list"),
        ({"certificates": None, "complete": True}, "in the result, they are not a list but NoneType"),
        ({"certificates": "ssl-1"}, "in the result, they are not a list but str"),
    ],
)
def test_results_that_are_no_hosts(data: Any, problem: str) -> None:
    with pytest.raises(OptionError) as caught:
        read(data)
    assert caught.value.describe() == f"certificates: {problem}. {FORMS}"


@pytest.mark.parametrize("data", ["ssl-1", 7, None, b"", {1, 2}])
def test_what_cannot_be_audited(data: Any) -> None:
    with pytest.raises(OptionError) as caught:
        read(data)
    assert caught.value.describe() == f"certificates: {type(data).__name__} cannot be audited. {FORMS}"


@pytest.mark.parametrize("item", ["ssl-1", None, {}, {"ssl_name": "x"}, ["ssl_id"], "x" * 1000])
def test_items_that_are_no_certificates(item: Any) -> None:
    with pytest.raises(OptionError) as caught:
        read([one("a"), item])
    assert caught.value.describe() == f"certificates: {str(item)[:80]!r} has no ssl_id. {FORMS}"


def test_each_certificate_once() -> None:
    assert ids([one("a"), one("a"), one("a", region="sg"), one("a", project_id="p")]) == ["a", "a", "a"]
    # If two contradict each other, the same one is always used.
    both = [one("a", days=1), one("a", days=2)]
    assert [item.facts for item in read(both).certificates] == [item.facts for item in read(both[::-1]).certificates]


def test_those_without_an_id_are_all_kept() -> None:
    assert ids([one(None), one(None), one(None, region="sg"), one("")]) == ["", None, None, None]


def test_positions_tell_them_apart() -> None:
    assert [item.position for item in read([one(None), one("a"), one(None)]).certificates] == [0, 1, 2]


VALUES = st.one_of(st.none(), st.integers(0, 2), st.sampled_from(["a", "b", ""]), st.lists(st.integers(), max_size=1))


@given(st.data())
def test_the_order_of_the_input_does_not_matter(data: st.DataObject) -> None:
    facts = data.draw(
        st.lists(
            st.fixed_dictionaries({"ssl_id": VALUES, "region": VALUES, "project_id": VALUES, "x": VALUES}), max_size=8
        )
    )
    shuffled = data.draw(st.permutations(facts))

    assert [item.facts for item in read(shuffled).certificates] == [item.facts for item in read(facts).certificates]


def test_expired_waivers_are_handed_on() -> None:
    waiver = {"check": "*", "ssl_id": "a", "reason": "r", "expires": NOW}
    policy = Policy.from_data({"waivers": [waiver]})

    assert fleet_of([], policy, NOW, "").expired_waivers == []
    assert fleet_of([], policy, NOW + 1, "").expired_waivers == [{**waiver, "expires": "2026-11-24T00:00:00Z"}]
