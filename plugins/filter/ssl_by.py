# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_by
short_description: Index SSL certificates by domain, listener or issuer
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Returns a dictionary with the certificates of each domain, listener, load balancer, fingerprint or issuer.
positional: _input, key
options:
  _input:
    description:
      - A list of certificate facts.
    type: list
    elements: dict
    required: true
  key:
    description:
      - What to index by. The keys of listeners and load balancers are their ids, those of issuers their common names
        (or organizations, if they have no common name), and those of fingerprints are SHA-256.
      - A certificate is listed under each of its domains, listeners or load balancers. It is left out if it has none.
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

- name: Show the certificates of each listener
  ansible.builtin.debug:
    msg: "{{ item.key }}: {{ item.value | map(attribute='ssl_name') | join(', ') }}"
  loop: "{{ ssl.certificates | ucloud.ulb.ssl_by('listener') | dict2items }}"
  loop_control:
    label: "{{ item.key }}"
"""

RETURN = r"""
_value:
  description: Lists of certificates by key, in the order in which the keys first occur.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._grouping import index_by
from ..plugin_utils._plugin import ansible_errors


def ssl_by(certificates: Any, key: str) -> dict[str, list[dict[str, Any]]]:
    """Index certificates; see DOCUMENTATION."""
    with ansible_errors(AnsibleFilterError):
        return index_by(certificates, key)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_by": ssl_by}
