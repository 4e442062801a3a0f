# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_variables
short_description: Check the variables of a role or playbook
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Ansible ignores unknown variables, so a misspelled condition has no effect. This filter reports such variables, with
    the names that were probably meant, and values that are not valid.
  - The role P(ucloud.ulb.ssl_compliance#role) and the playbooks of this collection use it to check their variables.
positional: _input, rules
options:
  _input:
    description:
      - The variables that are set, by name.
    type: dict
    required: true
  rules:
    description:
      - All valid variables by name, each with the kind of its value. With C(?) at the end, the value may also be null.
      - C(any) is any value.
      - C(text) is text that is not empty, and C(not empty) is a list that is not empty and has no empty values.
      - C(dictionary) is a dictionary, and C(dictionaries) is a list of dictionaries.
      - C(number) is an integer that is not negative, and C(limit) is the same or C(none).
      - C(connections) is an integer from 1 to 256, and C(seconds) is one from 1 to 300, as the options of
        P(ucloud.ulb.ssl_endpoint_info#module).
      - C(mode) is the mode of a file, and C(file name) is a name without folders.
      - C(file) is the path of a readable file, and C(file to be) is the same or the path of a file that does not exist.
    type: dict
    required: true
  options:
    description:
      - The prefix of the variables that are options of P(ucloud.ulb.ssl_info#module). They are checked as the
        module checks them, but without defaults from profiles.
    type: str
  names:
    description:
      - The names of all variables. Names that are similar to one of O(rules), but have another prefix, are reported as
        well, such as C(flet_regions) or C(FLEET_REGIONS) for C(fleet_regions).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Check the variables of this playbook
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
    quiet: true
  vars:
    names: "{{ query('ansible.builtin.varnames', '^fleet_') }}"
    problems: >-
      {{ dict(names | zip(query('ansible.builtin.vars', *names)))
         | ucloud.ulb.ssl_variables(rules, names=query('ansible.builtin.varnames', '.')) }}
    rules:
      fleet_regions: not empty
      fleet_limit: number
"""

RETURN = r"""
_value:
  description: The problems, a sentence or two for each variable. It is empty if there are none.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._unsafe import untrusted
from ..plugin_utils._variables import KINDS, problems_of


def ssl_variables(variables: Any, rules: Any, options: str | None = None, names: Any = ()) -> list[str]:
    """Return the problems of variables; see DOCUMENTATION."""
    for what, value in (("variables", variables), ("rules", rules)):
        if not isinstance(value, Mapping):
            raise AnsibleFilterError(f"ssl_variables: {what}: {type(value).__name__} is not a dictionary")
    for name, rule in rules.items():
        if str(rule).rstrip("?") not in KINDS:
            raise AnsibleFilterError(f"ssl_variables: {name}: unknown kind {rule!r}. Valid kinds: {', '.join(KINDS)}.")
    if not isinstance(names, (list, tuple)):
        raise AnsibleFilterError(f"ssl_variables: names: {type(names).__name__} is not a list")
    problems: list[str] = untrusted(problems_of(variables, rules, options, map(str, names)))
    return problems


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_variables": ssl_variables}
