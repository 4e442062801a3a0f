#!/usr/bin/python
# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: listener_info
short_description: Gather facts about the listeners of UCloud load balancers
version_added: 1.0.0
description:
  - Lists the listeners of application (ALB) and classic (CLB) load balancers, in any number of regions and projects,
    with their addresses, ports, TLS policies, certificates and the host names that they route.
  - The API returns classic listeners with the B(private keys) of their certificates. The module does not read them. No
    result, log or message contains them.
  - Each listing is checked against the total that the API reports. An inconsistent listing is repeated, and fails if it
    stays inconsistent.
  - Load balancers and TLS policies are listed by three actions of the API. An account needs the permissions
    C(ulb:DescribeLoadBalancers), C(ulb:DescribeULB) and C(ulb:DescribeSecurityPoliciesV2).
author:
  - ucloud.ulb contributors (@ucloud-ulb)
extends_documentation_fragment:
  - ucloud.ulb.api
  - ucloud.ulb.scope
  - ucloud.ulb.attributes
  - ucloud.ulb.attributes.info_module
  - ucloud.ulb.attributes.actiongroup_ulb
notes:
  - A listener is returned if it matches all selection options that are set. It matches an option if it matches any of
    its values.
  - A listener is also returned if it may match, but the API did not return the value that decides it. The module warns
    about these.
  - Unknown values are V(null).
options:
  load_balancer_ids:
    description: Select the listeners of these load balancers. Ids that do not exist are ignored.
    type: list
    elements: str
  load_balancer_types:
    description:
      - Select the listeners of these types of load balancers. Other types are not queried, so that no permission for
        them is needed.
    type: list
    elements: str
    choices:
      - application
      - classic
  listener_ids:
    description: Select listeners by id. Ids that do not exist are ignored.
    type: list
    elements: str
  names:
    description:
      - Select listeners by name, either exact or as a shell pattern with C(*), C(?) or C([...]).
    type: list
    elements: str
  protocols:
    description: Select listeners by protocol, such as V(HTTPS). Upper and lower case are the same.
    type: list
    elements: str
  ports:
    description: Select listeners by port.
    type: list
    elements: int
  certificate_ids:
    description: Select listeners that use one of these certificates. Ids that do not exist are ignored.
    type: list
    elements: str
seealso:
  - module: ucloud.ulb.ssl_info
  - name: DescribeLoadBalancers
    description: The action of the UCloud API that lists application load balancers.
    link: https://docs.ucloud.cn/api/ulb-api/describe_load_balancers
  - name: DescribeULB
    description: The action of the UCloud API that lists classic load balancers.
    link: https://docs.ucloud.cn/api/ulb-api/describe_ulb
"""

EXAMPLES = r"""
- name: Gather all listeners of a region
  ucloud.ulb.listener_info:
    regions: [cn-bj2]
  register: found

- name: Show HTTPS listeners that accept a version of TLS below 1.2
  ansible.builtin.debug:
    msg: "{{ item.load_balancer_name }} port {{ item.port }}: {{ item.tls.minimum_version }}"
  loop: "{{ found.listeners | selectattr('tls') | selectattr('tls.minimum_version', 'in', ['TLSv1', 'TLSv1.1']) }}"
  loop_control:
    label: "{{ item.listener_id }}"

- name: Gather HTTP listeners in all regions and projects
  ucloud.ulb.listener_info:
    regions: [all]
    project_ids: [all]
    protocols: [HTTP]
  register: plain

- name: Show those that do not redirect
  ansible.builtin.debug:
    var: plain.listeners | selectattr('redirects', 'eq', false) | map(attribute='listener_id')

- name: Find the listeners that use a certificate
  ucloud.ulb.listener_info:
    regions: [cn-bj2]
    certificate_ids: [ssl-1a2b3c4d]
  register: users
"""

RETURN = r"""
listeners:
  description:
    - The selected listeners, sorted by project, region, load balancer, port and id.
    - Every listener has all fields. Unknown values are V(null).
  returned: success
  type: list
  elements: dict
  contains:
    listener_id:
      description: Id of the listener (of the VServer, for a classic load balancer).
      type: str
      sample: lsn-1a2b3c4d
    listener_name:
      description: Name of the listener.
      type: str
      sample: https-443
    load_balancer_id:
      description: Id of its load balancer.
      type: str
      sample: alb-1a2b3c4d
    load_balancer_name:
      description: Name of its load balancer.
      type: str
      sample: shop
    load_balancer_type:
      description: Type of its load balancer, V(application) or V(classic).
      type: str
      sample: application
    region:
      description: Region of the listener.
      type: str
      sample: cn-bj2
    project_id:
      description: Project that was queried. V(null) if that was the default project of the account.
      type: str
      sample: org-a1b2c3
    protocol:
      description: Protocol in upper case, such as V(HTTPS), V(HTTP), V(TCP) or V(UDP).
      type: str
      sample: HTTPS
    port:
      description: Port that it listens on.
      type: int
      sample: 443
    addresses:
      description: IP addresses of its load balancer.
      type: list
      elements: dict
      contains:
        address:
          description: The address.
          type: str
          sample: 203.0.113.7
        version:
          description: Version of IP, V(4) or V(6).
          type: int
          sample: 4
        network:
          description: Where it can be reached from, V(internet) or V(intranet).
          type: str
          sample: internet
        operator:
          description: Network operator of the address.
          type: str
          sample: Bgp
    http2:
      description: Whether HTTP/2 is enabled.
      type: bool
      sample: true
    redirects:
      description: Whether it redirects clients to another port.
      type: bool
      sample: false
    redirects_to_port:
      description: The port that it redirects to. V(null) if it does not redirect.
      type: int
      sample: null
    tls:
      description: Its TLS policy. V(null) if it does not terminate TLS.
      type: dict
      contains:
        policy_id:
          description: Id of the policy.
          type: str
          sample: security-tls12s
        policy_name:
          description: Name of the policy.
          type: str
          sample: security-tls12s
        policy_kind:
          description:
            - V(native) (the policy of listeners for which none was chosen), V(predefined) (by the platform), V(custom)
              (by the user) or V(unknown).
          type: str
          sample: predefined
        minimum_version:
          description:
            - The lowest TLS version that is allowed, V(TLSv1), V(TLSv1.1), V(TLSv1.2) or V(TLSv1.3). The highest is
              always TLS 1.3.
          type: str
          sample: TLSv1.2
        ciphers:
          description:
            - Cipher suites that are allowed, by OpenSSL's names. V(null) if the policy has a
              RV(listeners[].tls.cipher_string) instead.
          type: list
          elements: str
          sample: [ECDHE-RSA-AES128-GCM-SHA256]
        cipher_string:
          description: An expression that the OpenSSL of the load balancer expands to cipher suites.
          type: str
          sample: null
    hosts:
      description:
        - Host names of its forwarding rules, each once. Empty if it does not route by host name.
      type: list
      elements: dict
      contains:
        pattern:
          description: The host name, or the pattern.
          type: str
          sample: www.example.com
        match:
          description: How it is compared, V(exact), V(wildcard) or V(regex).
          type: str
          sample: exact
    certificates:
      description: Certificates that it uses.
      type: list
      elements: dict
      contains:
        ssl_id:
          description: Id of the certificate.
          type: str
          sample: ssl-1a2b3c4d
        is_default:
          description: Whether clients get it if no other certificate is for the host name that they ask for.
          type: bool
          sample: true
count:
  description: Number of listeners returned.
  type: int
  returned: success
  sample: 1
total_count:
  description: Number of listeners before selection, in the regions and projects that could be listed.
  type: int
  returned: success
  sample: 12
complete:
  description: Whether everything was listed completely. Only V(false) with O(on_error=warn).
  type: bool
  returned: success
  sample: true
errors:
  description:
    - Listings that failed. The load balancers of both types and the TLS policies of a region and project are listed
      separately.
  type: list
  elements: dict
  returned: success
  contains: &error
    region:
      description: Region of the request. V(null) if it had none.
      type: str
      returned: always
      sample: hk
    project_id:
      description: Project of the request. V(null) if it had none.
      type: str
      returned: always
      sample: org-a1b2c3
    code:
      description: RetCode of the API. V(null) if there was no valid response.
      type: int
      returned: always
      sample: 299
    message:
      description: Error message, with a hint at what to do.
      type: str
      returned: always
      sample: 'DescribeULB in region hk and project org-a1b2c3 at api.ucloud.cn: ...'
    request_id:
      description: Id of the request, for UCloud's support.
      type: str
      returned: always
      sample: 9c1b2c7e-2f0a-4f0e-9f0e-2d1c9b8a7f6e
error:
  description: The error, if a request to the API failed. The task's C(msg) contains the same message.
  type: dict
  returned: failure
  contains: *error
evaluated_at:
  description: Time at which the listing began, in UTC.
  type: str
  returned: success
  sample: '2026-08-06T12:00:00Z'
"""

from typing import Any

from ..module_utils._api.client import Client
from ..module_utils._api.summaries import describe_all
from ..module_utils._certificates.times import iso8601
from ..module_utils._listeners.gather import gather_listeners, undecided_warnings
from ..module_utils._module import run_info_module
from ..module_utils._options import ListenerSettings, listener_settings, listener_spec


def list_listeners(client: Client, wanted: ListenerSettings, now: int) -> tuple[dict[str, Any], list[str]]:
    """Return the module's facts at the time ``now`` (seconds since 1970), and warnings."""
    gathered = gather_listeners(client, wanted.query)
    facts = {
        "listeners": [listener.to_facts() for listener in gathered.listeners],
        "count": len(gathered.listeners),
        "total_count": gathered.total,
        "complete": gathered.complete,
        "errors": [error.to_facts() for error in gathered.errors],
        "evaluated_at": iso8601(now),
    }
    return facts, [*describe_all(gathered.errors), *undecided_warnings(gathered.undecided)]


def main() -> None:
    """Run the module."""
    run_info_module(listener_spec(), listener_settings, list_listeners)


if __name__ == "__main__":
    main()
