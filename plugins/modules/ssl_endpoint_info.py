#!/usr/bin/python
# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ssl_endpoint_info
short_description: Gather facts about the certificates and TLS versions that addresses really serve
version_added: 1.0.0
description:
  - Connects to addresses, makes a TLS handshake with each, and returns what was served, such as the certificate with
    its chain, the version of TLS and the cipher suite. It does not use the UCloud API, and needs no account.
  - It connects to the given addresses only, unless O(revocation) is set. Nothing is sent after the handshake.
    Certificates are described and not verified, so that those that clients reject have facts, too.
  - Whatever an endpoint does is a fact about it. An address that refuses connections, sends something else than TLS, or
    does not respond in time, has RV(endpoints[].reachable=false) and a reason. The module only fails if an option is
    invalid.
author:
  - ucloud.ulb contributors (@ucloud-ulb)
extends_documentation_fragment:
  - ucloud.ulb.attributes
  - ucloud.ulb.attributes.info_module
requirements:
  - Python 3.9 or newer, and 3.10 or newer for the chain. On Python 3.9, only the certificate itself is known.
  - cryptography 36.0.1 or newer for RV(endpoints[].x509), and 42 or newer to verify trust
notes:
  - The connections come from the machine on which the task runs. A firewall may show it something else than it shows to
    clients.
  - Unknown values are V(null).
options:
  endpoints:
    description:
      - The endpoints to probe. The filter P(ucloud.ulb.ssl_endpoints#filter) creates them from listeners.
    type: list
    elements: dict
    required: true
    suboptions:
      address:
        description:
          - IP address or host name to connect to. The addresses of a host name are tried one after another, until one
            accepts the connection.
        type: str
        required: true
      port:
        description: Port to connect to.
        type: int
        default: 443
      server_name:
        description:
          - Name that the client asks for in the handshake (SNI). Without it, the server uses its default certificate.
          - Names with other than ASCII letters are converted. An IP address is not sent, but compared with the
            certificate.
        type: str
      expected_fingerprints:
        description:
          - SHA-256 fingerprints of certificates, with or without colons. Any of them may be served. An empty list means
            that none should be.
        type: list
        elements: str
        aliases: [expected_fingerprint]
      project_id:
        description: Project of the listener. It is returned with the result, and not used otherwise.
        type: str
      region:
        description: Region of the listener. It is returned with the result, and not used otherwise.
        type: str
      load_balancer_id:
        description: Load balancer of the listener. It is returned with the result, and not used otherwise.
        type: str
      listener_id:
        description: Id of the listener. It is returned with the result, and not used otherwise.
        type: str
  timeout:
    description:
      - Seconds for one attempt. They include name resolution, connection and handshake, whatever the server sends.
      - An endpoint takes at most this time for each attempt, which are one and O(retries). With O(tls_versions), each
        version has as many attempts, and TLS 1.0 and 1.1 may have twice as many.
    type: int
    default: 10
  concurrency:
    description: Maximum number of connections at the same time.
    type: int
    default: 32
  retries:
    description: How often an attempt is repeated that ended with a reset connection or a timeout.
    type: int
    default: 1
  tls_versions:
    description:
      - Make a handshake for each version of TLS from 1.0 to 1.3, so that RV(endpoints[].tls_versions) says which ones
        an endpoint offers. Otherwise, only the version is known that it prefers.
    type: bool
    default: false
  source_address:
    description: IP address of this machine from which to connect.
    type: str
  trust_store:
    description:
      - Which root certificates to verify trust by, for C(x509.trust) in the result. See the guide
        R(Trust,ansible_collections.ucloud.ulb.docsite.guide_trust).
      - V(none) does not verify trust.
      - V(mozilla) uses the roots of Mozilla in the Python library C(certifi). Without this library, the module warns,
        and trust is unknown.
      - V(system) uses the roots that Python programs on this system use.
      - Any other value is the path of a file with root certificates in PEM format, for example of a private CA.
    type: str
    default: mozilla
  revocation:
    description:
      - How to find out whether the CA has revoked what is served, for RV(endpoints[].revocation).
      - V(none) does not find out.
      - V(crl) downloads the certificate revocation lists that the certificates name. These are requests to other
        servers than the given ones, by C(http) and without redirects, through the proxy of the environment if there
        is one. They are only sent for certificates with a path to a root of O(trust_store), each URL once, with at
        most 64 MiB and one minute for a list, and five minutes for all of them.
    type: str
    choices: [none, crl]
    default: none
seealso:
  - plugin: ucloud.ulb.ssl_endpoints
    plugin_type: filter
  - module: ucloud.ulb.ssl_info
  - module: ucloud.ulb.listener_info
  - module: community.crypto.get_certificate
"""

EXAMPLES = r"""
- name: Find out what two addresses serve for a domain
  ucloud.ulb.ssl_endpoint_info:
    endpoints:
      - address: 203.0.113.7
        server_name: shop.example.com
      - address: 203.0.113.8
        server_name: shop.example.com
  register: served

- name: Show the certificates
  ansible.builtin.debug:
    msg: "{{ item.address }}: {{ item.error or item.fingerprint ~ ' until ' ~ item.not_after }}"
  loop: "{{ served.endpoints }}"
  loop_control:
    label: "{{ item.address }}"

- name: Find out which versions of TLS an address offers
  ucloud.ulb.ssl_endpoint_info:
    endpoints:
      - address: 203.0.113.7
        port: 8443
    tls_versions: true
  register: offered

- name: Show the addresses that offer TLS 1.0
  ansible.builtin.debug:
    msg: "{{ probed | selectattr('tls_versions.TLSv1') | map(attribute='address') }}"
  vars:
    probed: "{{ offered.endpoints | selectattr('tls_versions') }}"

- name: Gather certificates
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Check that an address serves a certificate that was just replaced
  ucloud.ulb.ssl_endpoint_info:
    endpoints:
      - address: 203.0.113.7
        server_name: shop.example.com
        expected_fingerprints: "{{ new | map(attribute='x509.fingerprints.sha256') }}"
  vars:
    new: "{{ ssl.certificates | selectattr('ssl_name', 'eq', 'shop-2026') }}"
  register: deployed

- name: Show whether it does
  ansible.builtin.debug:
    var: deployed.endpoints[0].matches_expected
"""

RETURN = r"""
endpoints:
  description:
    - What each endpoint served, in the order of O(endpoints).
    - Every endpoint has all facts. Unknown values are V(null).
  returned: success
  type: list
  elements: dict
  contains:
    address:
      description: The address, or the host name in lower case and with A-labels.
      type: str
      sample: 203.0.113.7
    port:
      description: The port.
      type: int
      sample: 443
    server_name:
      description: The name that the client asked for, in lower case and with A-labels.
      type: str
      sample: shop.example.com
    expected_fingerprints:
      description: The fingerprints that were expected, in lower case and without colons.
      type: list
      elements: str
      sample: [4a3f0b0c9d5f1e2b7c8d6e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d]
    project_id:
      description: As given.
      type: str
      sample: org-a1b2c3
    region:
      description: As given.
      type: str
      sample: cn-bj2
    load_balancer_id:
      description: As given.
      type: str
      sample: alb-1a2b3c4d
    listener_id:
      description: As given.
      type: str
      sample: lsn-1a2b3c4d
    ip_address:
      description: IP address that accepted the connection.
      type: str
      sample: 203.0.113.7
    reachable:
      description: Whether a handshake was completed.
      type: bool
      sample: true
    error:
      description:
        - Why there was no handshake. V(null) if there was one.
        - V(unresolvable), if the host name has no address.
        - V(refused), V(unreachable), if the address did not accept a connection.
        - V(timeout), if the last attempt was not completed in O(timeout) seconds.
        - V(reset), if the connection was reset or closed during the handshake.
        - V(not_tls), if the response was not TLS.
        - V(alert), if the server refused the handshake. RV(endpoints[].error_message) has the name of the alert.
        - V(handshake), if OpenSSL refused what the server sent.
        - V(local), if the reason is on the machine that connects, such as a limit of open files.
      type: str
      sample: null
    error_message:
      description: What happened.
      type: str
      sample: null
    duration_ms:
      description: Duration of the last attempt in milliseconds, without those for O(tls_versions).
      type: int
      sample: 42
    tls_version:
      description: Version of TLS that was used, V(TLSv1), V(TLSv1.1), V(TLSv1.2) or V(TLSv1.3).
      type: str
      sample: TLSv1.3
    cipher:
      description: Cipher suite that was used, as OpenSSL names it.
      type: str
      sample: TLS_AES_256_GCM_SHA384
    alpn:
      description: Application protocol that the server chose from V(h2) and V(http/1.1). V(null) if it chose none.
      type: str
      sample: h2
    tls_versions:
      description:
        - For each version of TLS whether the endpoint offers it. V(null) without O(tls_versions) or a handshake.
        - A version is V(null) if the attempt was reset or not completed in time, or if it is TLS 1.2 or 1.3 and the
          OpenSSL of the machine that connects cannot use it.
        - A version is V(false) if the server refused it, or all cipher suites. For TLS 1.0 and 1.1, these include those
          that this OpenSSL does not have, such as 3DES.
      type: dict
      sample: {TLSv1: false, TLSv1.1: false, TLSv1.2: true, TLSv1.3: true}
    covers_server_name:
      description: Whether the certificate is for RV(endpoints[].server_name). V(null) without such a name.
      type: bool
      sample: true
    matches_expected:
      description:
        - Whether the certificate is one of RV(endpoints[].expected_fingerprints). V(null) if it is not known which are
          expected, or nothing was served.
      type: bool
      sample: true
    fingerprint:
      description: SHA-256 of the certificate in lower-case hexadecimal digits.
      type: str
      sample: 4a3f0b0c9d5f1e2b7c8d6e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d
    domains:
      description: Domains of the certificate in lower case, each once.
      type: list
      elements: str
      sample: [shop.example.com, '*.shop.example.com']
    not_before:
      description: Begin of the validity period in UTC.
      type: str
      sample: '2026-03-17T00:00:00Z'
    not_before_epoch:
      description: The same in seconds since 1970.
      type: int
      sample: 1773705600
    not_after:
      description: End of the validity period in UTC.
      type: str
      sample: '2026-09-17T23:59:59Z'
    not_after_epoch:
      description: The same in seconds since 1970.
      type: int
      sample: 1789689599
    days_remaining:
      description: Complete days until the certificate expires. Negative if it has expired.
      type: int
      sample: 42
    state:
      description: V(valid), V(expired), V(not_yet_valid) or V(unknown).
      type: str
      sample: valid
    x509:
      description:
        - What the certificate contains, as RV(ucloud.ulb.ssl_info#module:certificates[].x509) describes it, with the
          chain that the server sent. Trust is verified by this chain, as O(trust_store) says.
        - V(null) if the certificate could not be parsed, or the library C(cryptography) is missing.
        - On Python 3.9, its C(chain) and C(unread_certificates) are V(null), and C(issuer_included), unless it is
          self-signed.
      type: dict
      sample: {version: 3, is_ca: false, issuer_included: true}
    x509_error:
      description: What could not be parsed, and why. V(null) if everything was.
      type: str
      sample: null
    revocation:
      description:
        - Whether the certificate, or a CA certificate above it, is revoked. V(null) if O(revocation=none), or nothing
          was served.
        - A CRL counts if the CA that issued the certificate has signed it, and while it is valid. Revocation is final,
          so that an expired CRL still proves it. Everything else leaves it unknown.
      type: dict
      contains:
        revoked:
          description: Whether it is revoked. V(null) if that is unknown.
          type: bool
          sample: false
        reason:
          description: Why it is revoked, if the CRL says so, or why that is unknown.
          type: str
          sample: null
        revoked_at:
          description: Since when it is revoked, in UTC.
          type: str
          sample: null
        crl_url:
          description: URL of the CRL.
          type: str
          sample: http://crl.example.com/ca.crl
        next_update:
          description: Until when the CRL is valid, in UTC.
          type: str
          sample: '2026-08-13T12:00:00Z'
        checked_at:
          description: Time of the check, in UTC.
          type: str
          sample: '2026-08-06T12:00:00Z'
count:
  description: Number of endpoints.
  type: int
  returned: success
  sample: 1
reachable_count:
  description: Number of endpoints with which a handshake was completed.
  type: int
  returned: success
  sample: 1
evaluated_at:
  description: Time at which the probes began, in UTC.
  type: str
  returned: success
  sample: '2026-08-06T12:00:00Z'
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._certificates import trust, trust_stores
from ..module_utils._certificates.times import iso8601
from ..module_utils._endpoints.probing import probe_all
from ..module_utils._endpoints.query import probe_query, probe_spec
from ..module_utils._module import run_module_without_account
from ..module_utils._version import user_agent


def probe_endpoints(options: Mapping[str, Any], now: int) -> tuple[dict[str, Any], list[str]]:
    """Return the module's facts at the time ``now`` (seconds since 1970), and warnings."""
    query = probe_query(options)
    warnings = [] if query.endpoints else ["endpoints: the list is empty, so that nothing is probed."]
    warnings += trust_stores.warnings(query.trust_store)
    endpoints = probe_all(query, now, trust.load(query.trust_store), user_agent())
    facts = {
        "endpoints": endpoints,
        "count": len(endpoints),
        "reachable_count": sum(endpoint["reachable"] for endpoint in endpoints),
        "evaluated_at": iso8601(now),
    }
    return facts, warnings


def main() -> None:
    """Run the module."""
    run_module_without_account(probe_spec(), probe_endpoints)


if __name__ == "__main__":
    main()
