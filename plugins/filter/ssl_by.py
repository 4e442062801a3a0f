# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_by
short_description: Index SSL certificates by what they are for
version_added: 0.1.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Makes a dictionary of facts about certificates, in which each key has the list of its certificates.
positional: _input, key
options:
  _input:
    description:
      - Facts about certificates.
    type: list
    elements: dict
    required: true
  key:
    description:
      - What to index by. Listeners and load balancers are named by their ids, issuers by their common names or, without
        one, by their organizations; fingerprints are SHA-256.
      - A certificate is there for each of its domains, listeners and load balancers, and not at all without any.
    type: str
    required: true
    choices:
      - domain
      - listener
      - load_balancer
      - fingerprint
      - issuer
"""

EXAMPLES = r"""
- name: Gather certificates
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Show what each listener serves
  ansible.builtin.debug:
    msg: "{{ item.key }}: {{ item.value | map(attribute='ssl_name') | join(', ') }}"
  loop: "{{ ssl.certificates | ucloud.ulb.ssl_by('listener') | dict2items }}"
  loop_control:
    label: "{{ item.key }}"
"""

RETURN = r"""
_value:
  description: Lists of certificates by key, keys in the order of their first appearance.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._grouping import index_by


def ssl_by(certificates: Any, key: str) -> dict[str, list[dict[str, Any]]]:
    """Index certificates; see DOCUMENTATION."""
    try:
        return index_by(certificates, key)
    except ValueError as error:
        raise AnsibleFilterError(f"ssl_by: {error}") from None


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_by": ssl_by}
