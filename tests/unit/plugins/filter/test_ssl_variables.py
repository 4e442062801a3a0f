# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.ucloud.ulb.plugins.filter import ssl_variables as plugin
from ansible_collections.ucloud.ulb.plugins.filter.ssl_variables import ssl_variables
from ansible_collections.ucloud.ulb.plugins.module_utils._options import connection_spec, selection_spec
from ansible_collections.ucloud.ulb.plugins.plugin_utils._variables import KINDS

ROLE = Path(__file__).parents[4] / "roles" / "ssl_compliance"


def test_the_filter_tells_what_is_wrong() -> None:
    assert plugin.FilterModule().filters() == {"ssl_variables": ssl_variables}
    assert ssl_variables({"a_limit": 3}, {"a_limit": "number"}) == []
    assert ssl_variables({"a_limit": "x"}, {"a_limit": "number"}) == ["a_limit: 'x' is not a number. Give 0 or more."]


def test_it_looks_at_other_names() -> None:
    (problem,) = ssl_variables({}, {"fleet_limit": "number", "fleet_names": "any"}, names=["fleet_", "FLEET_LIMIT"])
    assert problem.startswith("FLEET_LIMIT: did you mean fleet_limit? ")
    with pytest.raises(AnsibleFilterError, match=r"^ssl_variables: names: str is not a list$"):
        ssl_variables({}, {}, names="x")


def test_it_needs_dictionaries_and_kinds_that_there_are() -> None:
    with pytest.raises(AnsibleFilterError, match=r"^ssl_variables: variables: list is not a dictionary$"):
        ssl_variables([], {})
    with pytest.raises(AnsibleFilterError, match=r"^ssl_variables: rules: str is not a dictionary$"):
        ssl_variables({}, "x")
    with pytest.raises(
        AnsibleFilterError, match=r"^ssl_variables: a: unknown kind 'colour\?'\. Valid kinds: any, text, "
    ):
        ssl_variables({}, {"a": "colour?"})


def test_the_role_has_rules_for_all_of_its_variables() -> None:
    load = DataLoader().load_from_file
    documented = load(str(ROLE / "meta" / "argument_specs.yml"))["argument_specs"]["main"]["options"]
    defaults = load(str(ROLE / "defaults" / "main.yml"))
    rules = load(str(ROLE / "vars" / "main.yml"))["_ssl_compliance_rules"]

    assert {*rules} == {*documented, "ssl_compliance_result"}
    assert {rule.rstrip("?") for rule in rules.values()} <= KINDS.keys()
    # Only variables without a default, or that may be empty, can be null.
    assert {name for name in defaults if rules[name].endswith("?")} == {
        "ssl_compliance_policy",
        "ssl_compliance_waivers",
    }


def test_the_role_has_all_options_of_the_module() -> None:
    load = DataLoader().load_from_file
    rules = load(str(ROLE / "vars" / "main.yml"))["_ssl_compliance_rules"]
    passed = (ROLE / "tasks" / "gather.yml").read_text(encoding="utf-8")
    # The audit does not need content, and reports unreadable certificates itself.
    wanted = {*connection_spec(), *selection_spec()} - {"content", "on_unreadable"}

    assert {name for name in wanted if f"ssl_compliance_{name}" not in rules} == set()
    assert {name for name in wanted if f"    {name}: " not in passed} == set()
