# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_variables
short_description: Find misspelt and wrong variables of a role or playbook
version_added: 0.1.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Ansible ignores variables that do not exist, so that a misspelt condition is none. This filter tells of them, with
    the names that were probably meant, and of values that cannot be used.
  - The role P(ucloud.ulb.ssl_compliance#role) and the playbooks of this collection check their variables with it.
positional: _input, rules
options:
  _input:
    description:
      - The variables that are set, by name.
    type: dict
    required: true
  rules:
    description:
      - The variables that there are, by name, with what may be in each. With C(?) behind, it may also be null.
      - C(any) is anything; C(text) and C(not empty) a text and a list with something in it; C(dictionary) and
        C(dictionaries) a dictionary and a list of them; C(number) a whole number that is not negative, and C(limit)
        the same, or C(none); C(mode) the mode of a file; C(file name) a name without folders; C(file) the path of a
        file that can be read, and C(file to be) of one that can be read, or is not there.
    type: dict
    required: true
  options:
    description:
      - What the names of those variables begin with that are options of P(ucloud.ulb.ssl_info#module). They are
        checked as the module would check them, without its defaults from profiles.
    type: str
  names:
    description:
      - The names of all variables that there are. One that is like one of O(rules), but begins otherwise, such as
        C(flet_regions) or C(FLEET_REGIONS) for C(fleet_regions), is told, too.
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
  description: What is wrong, a sentence or two for each variable. It is empty if all is well.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._unsafe import untrusted
from ..plugin_utils._variables import KINDS, problems_of


def ssl_variables(variables: Any, rules: Any, options: str | None = None, names: Any = ()) -> list[str]:
    """What is wrong with variables; see DOCUMENTATION."""
    for what, value in (("variables", variables), ("rules", rules)):
        if not isinstance(value, Mapping):
            raise AnsibleFilterError(f"ssl_variables: {what}: {type(value).__name__} is no dictionary")
    for name, rule in rules.items():
        if str(rule).rstrip("?") not in KINDS:
            raise AnsibleFilterError(f"ssl_variables: {name}: there is no {rule!r}. There is: {', '.join(KINDS)}.")
    if not isinstance(names, (list, tuple)):
        raise AnsibleFilterError(f"ssl_variables: names: {type(names).__name__} is no list")
    problems: list[str] = untrusted(problems_of(variables, rules, options, map(str, names)))
    return problems


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_variables": ssl_variables}
