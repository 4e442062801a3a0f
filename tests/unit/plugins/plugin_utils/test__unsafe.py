# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strings from outside are not evaluated as templates, with any ansible-core."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.ucloud.ulb.plugins.plugin_utils._unsafe import untrusted

from ..documented import trusted

TEMPLATE = "{{ 6 * 7 }}"


def rendered(text: Any, **variables: Any) -> Any:
    return Templar(DataLoader(), variables=variables).template(text)


def test_what_stands_in_a_playbook_is_a_template() -> None:
    assert int(rendered(trusted(TEMPLATE))) == 42


@pytest.mark.parametrize("value", [TEMPLATE, "{% if true %}a{% endif %}", "{# gone #}b"])
def test_a_string_is_what_it_is(value: str) -> None:
    assert rendered(untrusted(value)) == value


def test_strings_inside_of_facts_are_what_they_are() -> None:
    facts = {"ssl_name": TEMPLATE, "domains": [TEMPLATE, "a"], "x509": {"subject": {"common_name": TEMPLATE}}}
    assert rendered(untrusted(facts)) == facts


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("{{ facts.ssl_name }}", TEMPLATE),
        ("{{ facts.domains | join(',') }}", f"{TEMPLATE},a"),
        ("<{{ facts.ssl_name ~ '-' ~ facts.days_remaining }}>", f"<{TEMPLATE}-3>"),
        ("{{ facts.ssl_name | upper }}", "{{ 6 * 7 }}"),
    ],
)
def test_what_is_made_of_them_is_no_template_when_used_once_more(expression: str, result: str) -> None:
    facts = untrusted({"ssl_name": TEMPLATE, "domains": [TEMPLATE, "a"], "days_remaining": 3})
    made = rendered(trusted(expression), facts=facts)
    assert made == result
    assert rendered(trusted("{{ made }}"), made=made) == result


def test_what_is_no_string_stays_what_it_is() -> None:
    facts: dict[str, Any] = {"days_remaining": 3, "bound": True, "project_id": None, "bindings": []}
    assert untrusted(facts) == facts
    assert {value.__class__ for value in untrusted(facts).values()} == {int, bool, type(None), list}
