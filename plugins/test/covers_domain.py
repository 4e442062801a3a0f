# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: covers_domain
short_description: Whether a certificate covers a domain
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Whether one of the certificate's C(domains) is the domain or a wildcard that covers it. A wildcard covers exactly
    one label, and needs at least two labels after it. An IP address has to be in C(x509.subject_alt_names) as an IP
    address.
  - The common name does not count, because clients ignore it (RFC 9525).
  - If the certificate could not be read, the domains that the platform reports are used. If there are none,
    C(domains_from) is C(null), and the result is C(false).
  - Names are compared without regard to case. International names may be in Unicode or in their ASCII form.
positional: _input, domain
options:
  _input:
    description: The facts of a certificate.
    type: dict
    required: true
  domain:
    description: The domain or IP address.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Gather certificates
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Show the certificates that cover a domain
  ansible.builtin.debug:
    msg: "{{ item.ssl_name }}"
  loop: "{{ ssl.certificates }}"
  loop_control:
    label: "{{ item.ssl_id }}"
  when: item is ucloud.ulb.covers_domain('shop.example.com')
"""

RETURN = r"""
_value:
  description: Whether the certificate covers the domain.
  type: bool
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._certificates.domains import addresses_of, covers, normalize, service_in


def covers_domain(certificate: Any, domain: Any) -> bool:
    """Whether a certificate covers a domain; see DOCUMENTATION."""
    if not isinstance(certificate, Mapping) or not isinstance(certificate.get("domains"), (list, tuple)):
        raise AnsibleFilterError("covers_domain: not the facts of a certificate: domains is missing, or not a list")
    if not isinstance(domain, str):
        raise AnsibleFilterError(f"covers_domain: {domain!r} is not a domain name")
    refusal = service_in(domain)
    if refusal is not None:
        raise AnsibleFilterError(f"covers_domain: {domain!r} {refusal.problem}. {refusal.hint}")
    x509 = certificate.get("x509") or {}
    alternative_names = (x509.get("subject_alt_names") if isinstance(x509, Mapping) else x509) or ()
    if not isinstance(alternative_names, (list, tuple)):
        raise AnsibleFilterError("covers_domain: x509.subject_alt_names of the certificate is not a list")
    if not all(isinstance(name, str) for name in (*certificate["domains"], *alternative_names)):
        raise AnsibleFilterError("covers_domain: a name of the certificate is not text")
    return covers((*certificate["domains"], *addresses_of(alternative_names)), normalize(domain))


class TestModule:
    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"covers_domain": covers_domain}
