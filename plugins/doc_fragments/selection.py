# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options that select certificates, for the module, the lookup and the inventory plugin."""

    DOCUMENTATION = r"""
notes:
  - An empty list for O(ssl_ids), O(names), O(domains), O(sources), O(load_balancer_ids), O(listener_ids) or
    O(fingerprints) selects nothing and causes a warning. To select all, leave the option out or set it to V(null).
options:
  ssl_ids:
    description:
      - Select certificates by id. Ids that do not exist are ignored.
    type: list
    elements: str
    aliases:
      - ssl_id
  names:
    description:
      - Select certificates by their name on the platform, either exact or as a shell pattern with C(*), C(?) or
        C([...]).
    type: list
    elements: str
  domains:
    description:
      - Select certificates that cover at least one of these domain names or IP addresses.
      - A wildcard in a certificate covers exactly one label, and needs at least two labels after it. An IP address has
        to be in the certificate as an IP address.
      - Only the subject alternative names of the certificate count, not its common name. If they could not be read, the
        platform's domain names are used instead, see O(on_unreadable).
      - Names are case insensitive. International names can be given in Unicode or in ASCII form.
    type: list
    elements: str
  sources:
    description:
      - Select certificates by origin. V(ulb) certificates were uploaded to the load balancer service, V(ussl)
        certificates come from the certificate platform.
    type: list
    elements: str
    choices:
      - ulb
      - ussl
  bound:
    description:
      - With V(true), select certificates that at least one listener uses. With V(false), select those that none uses.
      - If not set, both are selected.
    type: bool
  load_balancer_ids:
    description:
      - Select certificates that a listener of one of these load balancers uses. Ids that do not exist are ignored.
      - Together with O(listener_ids), the same listener has to match both options.
    type: list
    elements: str
  listener_ids:
    description:
      - Select certificates that one of these listeners uses. Ids that do not exist are ignored.
    type: list
    elements: str
  expires_within:
    description:
      - Select certificates that have expired or expire within this duration, such as V(30d), V(12h) or V(1w2d).
      - Certificates with an unknown expiry date are selected, too, see O(on_unreadable).
    type: str
  expired:
    description:
      - With V(true), select only expired certificates. With V(false), select only certificates that have not expired.
      - If not set, both are selected.
      - Certificates with an unknown expiry date are always selected, see O(on_unreadable).
    type: bool
  fingerprints:
    description:
      - Select certificates by SHA-256 fingerprint, in hexadecimal, with or without colons.
    type: list
    elements: str
  content:
    description:
      - What to return as C(content) of each certificate.
      - V(none) returns no content.
      - V(certificates) returns the PEM of the certificate and its chain, without any private key.
      - V(all) returns exactly what the platform stores, B(including the private key). Use C(no_log=true) on such a
        task, and keep its result out of logs, caches and files.
    type: str
    choices:
      - none
      - certificates
      - all
    default: none
  listeners:
    description:
      - With V(true), listeners are listed, too, as by M(ucloud.ulb.listener_info). The listeners in C(bindings) then
        have a protocol, port, addresses and a TLS policy.
      - These are three more listings in each region and project. The account needs the permissions
        C(ulb:DescribeLoadBalancers), C(ulb:DescribeULB) and C(ulb:DescribeSecurityPoliciesV2).
    type: bool
    default: false
  on_unreadable:
    description:
      - What to do if a certificate could not be read, and it is therefore unknown whether O(domains),
        O(expires_within), O(expired) or O(fingerprints) select it. It is never left out silently.
      - V(warn) keeps the certificate and warns.
      - V(fail) fails.
    type: str
    choices:
      - warn
      - fail
    default: warn
  trust_store:
    description:
      - Which root certificates to verify trust by, for the fact C(x509.trust) of each certificate. See the guide
        R(Trust,ansible_collections.ucloud.ulb.docsite.guide_trust).
      - V(none) does not verify trust.
      - V(mozilla) uses the roots of Mozilla in the Python library C(certifi), which C(requests) needs, too. Without it,
        there is a warning, and trust is unknown.
      - V(system) uses the roots that Python programs on this system use.
      - Any other value is the path of a file with root certificates in PEM format, for example of a private CA, where
        this runs.
      - Needs C(cryptography) 42 or newer. With an older version, it is often unknown whether a certificate is trusted.
    type: str
    default: none
"""
