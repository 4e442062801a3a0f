# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_endpoints
short_description: Create the endpoints to probe from listeners and their certificates
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Returns a list for the option O(ucloud.ulb.ssl_endpoint_info#module:endpoints).
  - There is an endpoint for each address of each HTTPS listener without a server name, and one for each name that its
    certificates cover. Each has the fingerprints of the certificates that should be served.
  - What should be served without a server name is the default certificate of the listener. For a name, it is any
    certificate of the listener that covers it, because the platform does not say which one it prefers.
  - The fingerprints are V(null) if the platform did not return what decides this, or a certificate could not be parsed.
    They are empty for a listener without certificates.
  - A listener whose address or port is unknown is left out, with a warning.
positional: _input
options:
  _input:
    description:
      - The result of M(ucloud.ulb.ssl_info) with O(ucloud.ulb.ssl_info#module:listeners=true), or another dictionary
        with C(certificates) and C(listeners).
      - A list of certificates is also possible, if their bindings have the addresses and ports of listeners.
      - Give all certificates of the listeners. If some are left out, others seem to be served by mistake.
    type: raw
    required: true
  networks:
    description: The networks of the addresses. An address whose network is unknown is in both.
    type: list
    elements: str
    choices:
      - internet
      - intranet
    default: [internet]
  wildcard_label:
    description:
      - The label that replaces the C(*) of a wildcard, because clients cannot ask for a wildcard.
    type: str
    default: www
seealso:
  - module: ucloud.ulb.ssl_endpoint_info
"""

EXAMPLES = r"""
- name: Gather certificates with their listeners
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
    listeners: true
  register: fleet

- name: Find out what the listeners really serve
  ucloud.ulb.ssl_endpoint_info:
    endpoints: "{{ fleet | ucloud.ulb.ssl_endpoints }}"
  register: served

- name: Show who serves another certificate
  ansible.builtin.debug:
    msg: "{{ other | map(attribute='listener_id') | unique }}"
  vars:
    other: "{{ served.endpoints | selectattr('matches_expected', 'eq', false) }}"
"""

RETURN = r"""
_value:
  description:
    - The endpoints, in the order of the listeners and their addresses. Unknown values are V(null).
  type: list
  elements: dict
  contains:
    address:
      description: IP address of the load balancer.
      type: str
      sample: 203.0.113.7
    port:
      description: Port of the listener.
      type: int
      sample: 443
    server_name:
      description: The name to ask for. V(null) to ask for none.
      type: str
      sample: shop.example.com
    expected_fingerprints:
      description: SHA-256 fingerprints of the certificates, any of which may be served.
      type: list
      elements: str
      sample: [4a3f0b0c9d5f1e2b7c8d6e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d]
    project_id:
      description: Project of the listener.
      type: str
      sample: org-a1b2c3
    region:
      description: Region of the listener.
      type: str
      sample: cn-bj2
    load_balancer_id:
      description: Its load balancer.
      type: str
      sample: alb-1a2b3c4d
    listener_id:
      description: Id of the listener.
      type: str
      sample: lsn-1a2b3c4d
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ..plugin_utils._endpoints import endpoints_of
from ..plugin_utils._plugin import ansible_errors


def ssl_endpoints(data: Any, networks: Any = None, wildcard_label: Any = "www") -> list[dict[str, Any]]:
    """Create endpoints; see DOCUMENTATION."""
    with ansible_errors(AnsibleFilterError):
        found = endpoints_of(data, networks, wildcard_label)
    for warning in found.warnings:
        Display().warning(warning)
    return found.endpoints


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_endpoints": ssl_endpoints}
