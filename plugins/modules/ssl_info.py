#!/usr/bin/python
# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ssl_info
short_description: Gather facts about the SSL certificates of UCloud load balancers
version_added: 1.0.0
description:
  - Lists the SSL certificates of UCloud's load balancer service, in any number of regions and projects, together with
    the listeners of classic (CLB) and application (ALB) load balancers that use them.
  - Parses each certificate, because the platform often has no dates and domains of uploaded certificates.
  - The API returns certificates with their B(private key). The module removes it when it reads the response. No result,
    log or message contains it, unless O(content=all) is set.
  - Each listing is checked against the total that the API reports. An inconsistent listing is repeated, and fails if it
    stays inconsistent.
author:
  - ucloud.ulb contributors (@ucloud-ulb)
extends_documentation_fragment:
  - ucloud.ulb.api
  - ucloud.ulb.scope
  - ucloud.ulb.selection
  - ucloud.ulb.attributes
  - ucloud.ulb.attributes.info_module
  - ucloud.ulb.attributes.actiongroup_ulb
notes:
  - A certificate is returned if it matches all selection options that are set. It matches an option with a list of
    values if it matches any of them.
  - If C(cryptography) is not installed where the module runs, RV(certificates[].x509) is V(null), and
    RV(certificates[].x509_error) contains the reason. The options O(domains), O(expires_within), O(expired) and
    O(fingerprints) fail then.
  - Certificates belong to a region. A certificate that is used in three regions is uploaded three times, and has three
    ids.
seealso:
  - name: DescribeSSLV2
    description: The action of the UCloud API that this module calls.
    link: https://docs.ucloud.cn/api/ulb-api/describe_sslv2
  - module: community.crypto.x509_certificate_info
    description: Facts about a certificate in a file.
"""

EXAMPLES = r"""
- name: Gather all certificates of a region
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Show certificates by expiry date
  ansible.builtin.debug:
    msg: "{{ item.not_after }} {{ item.ssl_name }}: {{ item.domains | join(', ') }}"
  loop: "{{ ssl.certificates | rejectattr('not_after', 'none') | sort(attribute='not_after') }}"
  loop_control:
    label: "{{ item.ssl_id }}"

- name: Gather bound certificates that expire within 30 days, in all regions and projects
  ucloud.ulb.ssl_info:
    regions: [all]
    project_ids: [all]
    bound: true
    expires_within: 30d
  register: expiring

- name: Fail if there are any
  ansible.builtin.assert:
    that: expiring.count == 0
    fail_msg: "{{ expiring.certificates | map(attribute='ssl_name') | join(', ') }}"
    quiet: true

- name: Find all certificates that cover a domain, wildcards included
  ucloud.ulb.ssl_info:
    regions: [all]
    domains: [shop.example.com]
  register: shop

- name: Set profile and regions once for several tasks
  module_defaults:
    group/ucloud.ulb.ulb:
      profile: production
      regions: [cn-bj2, hk]
  block:
    - name: Gather the certificates of a listener
      ucloud.ulb.ssl_info:
        listener_ids: [vserver-12ab34cd]

    - name: Gather what is available, and warn about regions that fail
      ucloud.ulb.ssl_info:
        on_error: warn
      register: partial

- name: Gather certificates with the listeners that use them
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
    listeners: true
  register: both

- name: Show where each certificate is served
  ansible.builtin.debug:
    msg: "{{ item.0.ssl_name }} on {{ addresses | join(', ') }} port {{ item.1.port }}"
  loop: "{{ both.certificates | subelements('bindings') }}"
  loop_control:
    label: "{{ item.1.listener_id }}"
  vars:
    addresses: "{{ item.1.addresses | default([], true) | map(attribute='address') }}"

- name: Get a certificate and its chain, without its private key
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
    names: [shop.example.com*]
    content: certificates
  register: chain
"""

RETURN = r"""
certificates:
  description:
    - The selected certificates, sorted by project, region and id.
    - Every certificate has all fields. Unknown values are V(null).
  returned: success
  type: list
  elements: dict
  contains:
    ssl_id:
      description: Id of the certificate.
      type: str
      sample: ssl-1a2b3c4d
    ssl_name:
      description: Name of the certificate on the platform.
      type: str
      sample: shop.example.com 2026
    ssl_type:
      description: Type of the certificate.
      type: str
      sample: Pem
    source:
      description:
        - Origin of the certificate, V(ulb) (uploaded to the load balancer service), V(ussl) (certificate platform) or
          V(unknown).
      type: str
      sample: ulb
    ussl_id:
      description: Id of the certificate on the certificate platform.
      type: str
      sample: null
    region:
      description: Region of the certificate.
      type: str
      sample: cn-bj2
    project_id:
      description: Project that was queried. V(null) if that was the default project of the account.
      type: str
      sample: org-a1b2c3
    hash_value:
      description: MD5 sum computed by the platform.
      type: str
      sample: 1d5da9cf215d7c0e7b41b85af8adac2b
    created_at:
      description: Upload time in UTC.
      type: str
      sample: '2026-03-01T08:00:00Z'
    created_at_epoch:
      description: Upload time in seconds since 1970.
      type: int
      sample: 1772352000
    domains:
      description:
        - Domain names of the certificate, in lower case and without duplicates. The main domain is the first.
        - These are the DNS names in RV(certificates[].x509.subject_alt_names), without entries that no client accepts
          as a domain, such as an IP address or a name with spaces. The common name is not included (RFC 9525).
        - If they could not be read, these are the platform's domain names, in lower case and ASCII form.
      type: list
      elements: str
      sample: [shop.example.com, '*.shop.example.com']
    domains_from:
      description:
        - Source of RV(certificates[].domains), V(certificate) or V(api). V(null) if they are unknown.
      type: str
      sample: certificate
    not_before:
      description: Start of the validity period in UTC.
      type: str
      sample: '2026-03-01T00:00:00Z'
    not_before_epoch:
      description: Start of the validity period in seconds since 1970.
      type: int
      sample: 1772323200
    not_after:
      description: End of the validity period in UTC.
      type: str
      sample: '2026-09-17T23:59:59Z'
    not_after_epoch:
      description: End of the validity period in seconds since 1970.
      type: int
      sample: 1789689599
    validity_from:
      description: Source of the validity period, V(certificate) or V(api). V(null) if it is unknown.
      type: str
      sample: certificate
    days_remaining:
      description: Full days until the certificate expires. Negative if it has expired.
      type: int
      sample: 42
    state:
      description: State of the certificate, V(valid), V(expired), V(not_yet_valid) or V(unknown).
      type: str
      sample: valid
    bound:
      description: Whether at least one listener uses the certificate. V(null) if the platform does not say.
      type: bool
      sample: true
    bindings:
      description: Listeners that use the certificate.
      type: list
      elements: dict
      contains:
        load_balancer_id:
          description: Id of the load balancer.
          type: str
          sample: alb-1a2b3c4d
        load_balancer_name:
          description: Name of the load balancer.
          type: str
          sample: shop
        load_balancer_type:
          description: Type of the load balancer, V(application), V(classic) or V(unknown).
          type: str
          sample: application
        listener_id:
          description: Id of the listener (VServer on classic load balancers).
          type: str
          sample: lsn-1a2b3c4d
        listener_name:
          description: Name of the listener.
          type: str
          sample: https
        is_default:
          description: Whether it is the default certificate of the listener. Others are selected by SNI.
          type: bool
          sample: true
        protocol:
          description:
            - Protocol of the listener, as in RV(ucloud.ulb.listener_info#module:listeners[].protocol). V(null) without
              O(listeners=true), or if the listener was not found.
          type: str
          sample: HTTPS
        port:
          description: Port of the listener. V(null) as for RV(certificates[].bindings[].protocol).
          type: int
          sample: 443
        addresses:
          description:
            - IP addresses of the load balancer, as in RV(ucloud.ulb.listener_info#module:listeners[].addresses).
              V(null) as for RV(certificates[].bindings[].protocol).
          type: list
          elements: dict
          sample: [{address: 203.0.113.7, version: 4, network: internet, operator: Bgp}]
        tls:
          description:
            - TLS policy of the listener, as in RV(ucloud.ulb.listener_info#module:listeners[].tls). V(null) as for
              RV(certificates[].bindings[].protocol).
          type: dict
          sample:
            policy_id: security-tls12s
            policy_name: security-tls12s
            policy_kind: predefined
            minimum_version: TLSv1.2
            ciphers: [ECDHE-RSA-AES128-GCM-SHA256]
            cipher_string: null
    private_key_stored:
      description:
        - Whether the API returned a private key with the certificate. V(null) if it returned no content.
      type: bool
      sample: true
    key_matches:
      description:
        - Whether that private key matches the certificate. V(null) if this is unknown, for example because the key is
          encrypted.
      type: bool
      sample: true
    x509:
      description:
        - Facts read from the certificate itself. Parts that cannot be read are V(null), and
          RV(certificates[].x509_error) contains the reason.
        - If the content has several certificates, this is the one that matches the private key, or else the first that
          is not a CA certificate, or else the first.
        - V(null) if no certificate can be read, or if the right one may be among those that cannot be read.
      type: dict
      contains:
        subject:
          description: Attributes of the subject. The value of an attribute that occurs several times is a list.
          type: dict
          sample: {common_name: shop.example.com}
        issuer:
          description: Attributes of the issuer, in the same format as the subject.
          type: dict
          sample: {country_name: XX, organization_name: Example CA, common_name: Example CA R1}
        serial_number:
          description: Serial number in hexadecimal.
          type: str
          sample: '0x3af52b9d'
        version:
          description: X.509 version, from V(1) to V(3).
          type: int
          sample: 3
        public_key:
          description: Public key of the certificate.
          type: dict
          contains:
            type:
              description: Key type, such as V(RSA), V(EC), V(Ed25519) or V(DSA).
              type: str
              sample: RSA
            size:
              description: Key size in bits.
              type: int
              sample: 2048
            curve:
              description: Curve name of an EC key.
              type: str
              sample: null
            exponent:
              description:
                - Public exponent of an RSA key. If it has more than 64 bits, which no valid key has, this is a string
                  in hexadecimal.
              type: raw
              sample: 65537
            modulus:
              description: Modulus of an RSA key in hexadecimal.
              type: str
              sample: '0xc5a2f3d4...'
        signature_algorithm:
          description: Signature algorithm, by name, or by object identifier if it has no known name.
          type: str
          sample: sha256WithRSAEncryption
        signature_hash:
          description:
            - Hash algorithm of the signature, including RSASSA-PSS. V(none) if the signature algorithm has no separate
              hash, such as Ed25519. V(null) if it is unknown.
          type: str
          sample: sha256
        subject_alt_names:
          description:
            - Subject alternative names with their types, as written in the certificate. V(IP:<invalid>) stands for an
              IP entry that is not a valid address.
          type: list
          elements: str
          sample: ['DNS:shop.example.com']
        key_usage:
          description: Key usage, by the names of RFC 5280.
          type: list
          elements: str
          sample: [digitalSignature, keyEncipherment]
        extended_key_usage:
          description: Extended key usage, by the names of RFC 5280.
          type: list
          elements: str
          sample: [serverAuth]
        is_ca:
          description: Whether it is a CA certificate.
          type: bool
          sample: false
        self_signed:
          description:
            - Whether the certificate is self-signed, with equal subject and issuer, and a signature that its own key
              verifies. V(null) if this cannot be verified.
          type: bool
          sample: false
        issuer_included:
          description:
            - Whether the content includes the issuer's certificate, or the certificate is self-signed. The issuer's
              certificate is a CA certificate with the issuer's name, whose key verifies the signature. V(null) if this
              cannot be verified.
          type: bool
          sample: true
        embedded_scts:
          description: Number of embedded signed certificate timestamps.
          type: int
          sample: 2
        fingerprints:
          description: Fingerprints in hexadecimal.
          type: dict
          contains:
            sha256:
              description: SHA-256 fingerprint.
              type: str
              sample: 4c5b4a3f0e2d1c9b8a7f6e5d4c3b2a190817263544536271809fa8b7c6d5e4f3
            sha1:
              description: SHA-1 fingerprint.
              type: str
              sample: 0e2d1c9b8a7f6e5d4c3b2a190817263544536271
        spki_sha256:
          description: SHA-256 fingerprint of the public key (SubjectPublicKeyInfo) in hexadecimal.
          type: str
          sample: 8a7f6e5d4c3b2a190817263544536271809fa8b7c6d5e4f34c5b4a3f0e2d1c9b
        subject_key_id:
          description:
            - Identifier of its own key, in hexadecimal with colons. V(null) if it has none.
            - V(null) also if it has more than 29 bytes, because it could be a private key. Usual ones have 20 bytes.
          type: str
          sample: '5f:c4:1e:0b:77:3a:92:d0:4e:18:65:af:c3:29:80:1b:6d:e4:f1:9a'
        authority_key_id:
          description: Identifier of the key of its issuer, in the same format.
          type: str
          sample: '17:26:35:44:53:62:71:80:9f:a8:b7:c6:d5:e4:f3:a2:b1:c0:d9:e8'
        ocsp_urls:
          description: URLs of OCSP responders.
          type: list
          elements: str
          sample: ['http://ocsp.example.com']
        ca_issuers_urls:
          description: URLs of the issuer's certificate.
          type: list
          elements: str
          sample: ['http://ca.example.com/r1.crt']
        crl_urls:
          description: URLs of certificate revocation lists.
          type: list
          elements: str
          sample: ['http://crl.example.com/r1.crl']
        must_staple:
          description: Whether the server has to staple an OCSP response to the handshake (RFC 7633).
          type: bool
          sample: false
        trust:
          description:
            - Whether clients that trust the roots of O(trust_store) trust the certificate, by the certificates in the
              content alone. V(null) with O(trust_store=none).
          type: dict
          contains:
            trusted:
              description:
                - V(true) if there is a path to a trusted root. V(false) if there is a reason for which no client
                  accepts the certificate. V(null) if it is unknown.
              type: bool
              sample: false
            reason:
              description: Why it is not trusted, or why this is unknown. V(null) if it is trusted.
              type: str
              sample: neither the content nor the trust store has the certificate of its issuer, Example CA R1
            store:
              description: The trust store.
              type: str
              sample: mozilla (certifi 2026.10.18)
            evaluated_at:
              description:
                - Time for which trust was verified, in UTC. With a cache, this is when the certificates were listed.
              type: str
              sample: '2026-08-06T12:00:00Z'
        position:
          description: Number of certificates before this one in the content.
          type: int
          sample: 0
        unread_certificates:
          description: Number of certificate blocks in the content that cannot be read.
          type: int
          sample: 0
        chain:
          description: The other certificates in the content, in their original order.
          type: list
          elements: dict
          contains:
            subject:
              description: Attributes of the subject, in the same format as RV(certificates[].x509.subject).
              type: dict
              sample: {country_name: XX, organization_name: Example CA, common_name: Example CA R1}
            subject_cn:
              description: Common name of the subject.
              type: str
              sample: Example CA R1
            issuer:
              description: Attributes of the issuer, in the same format.
              type: dict
              sample: {country_name: XX, organization_name: Example CA, common_name: Example Root}
            issuer_cn:
              description: Common name of the issuer.
              type: str
              sample: Example Root
            not_before:
              description: Start of the validity period in UTC.
              type: str
              sample: '2021-03-01T00:00:00Z'
            not_after:
              description: End of the validity period in UTC.
              type: str
              sample: '2031-03-01T00:00:00Z'
            signature_algorithm:
              description: Signature algorithm.
              type: str
              sample: sha256WithRSAEncryption
            signature_hash:
              description: Hash algorithm of the signature, see RV(certificates[].x509.signature_hash).
              type: str
              sample: sha256
            self_signed:
              description: Whether the certificate is self-signed. V(null) if this cannot be verified.
              type: bool
              sample: false
            fingerprint_sha256:
              description: SHA-256 fingerprint in hexadecimal.
              type: str
              sample: 17263544536271809fa8b7c6d5e4f34c5b4a3f0e2d1c9b8a7f6e5d4c3b2a1908
            is_ca:
              description: Whether it is a CA certificate.
              type: bool
              sample: true
            issuer_included:
              description: Whether the content includes its issuer, see RV(certificates[].x509.issuer_included).
              type: bool
              sample: false
            issued_previous:
              description:
                - Whether it issued the previous certificate in the list. For the first in the list, whether it issued
                  the certificate of RV(certificates[].x509) itself. V(null) if this cannot be verified.
              type: bool
              sample: true
    x509_error:
      description: Reason why the certificate, or a part of it, cannot be read.
      type: str
      sample: null
    api:
      description: The platform's own data about the certificate. Empty for most certificates.
      type: dict
      contains:
        domains:
          description: Domain names (or other values in that field), in lower case and ASCII form, without duplicates.
          type: list
          elements: str
          sample: [shop.example.com]
        not_before_epoch:
          description: Start of the validity period in seconds since 1970.
          type: int
          sample: 1772323200
        not_after_epoch:
          description: End of the validity period in seconds since 1970.
          type: int
          sample: 1789689599
    content:
      description: PEM content as requested with O(content).
      type: str
      sample: null
count:
  description: Number of certificates returned.
  type: int
  returned: success
  sample: 1
total_count:
  description:
    - Number of certificates before selection, in the regions and projects that could be listed.
    - V(null) if O(ssl_ids) has at most five ids, because these are queried one by one.
  type: int
  returned: success
  sample: 12
unreadable:
  description:
    - Number of RV(certificates) with content from which names or dates could not be read. The platform's own data is
      used for these, and RV(certificates[].x509_error) contains the reason.
  type: int
  returned: success
  sample: 0
complete:
  description:
    - Whether the certificates of all regions and projects were listed completely. Only V(false) with O(on_error=warn).
  type: bool
  returned: success
  sample: true
errors:
  description: Regions and projects whose certificates could not be listed.
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
      sample: 'DescribeSSLV2 in region hk and project org-a1b2c3 at api.ucloud.cn: ...'
    request_id:
      description: Id of the request, for UCloud's support.
      type: str
      returned: always
      sample: 9c1b2c7e-2f0a-4f0e-9f0e-2d1c9b8a7f6e
listeners:
  description:
    - Listeners in the same regions and projects, with the facts that RV(ucloud.ulb.listener_info#module:listeners)
      describes, sorted by project, region, load balancer, port and id.
    - O(load_balancer_ids) and O(listener_ids) select them. If any other selection option is set, only listeners that
      use a selected certificate are returned.
    - A listener is also returned if it may match, but the API did not return what decides it. The module warns about
      these.
    - V(null) without O(listeners=true).
  type: list
  elements: dict
  returned: success
  sample: null
listeners_complete:
  description:
    - Whether the listeners of all regions and projects were listed completely. Only V(false) with O(on_error=warn).
      V(null) without O(listeners=true).
  type: bool
  returned: success
  sample: null
listener_errors:
  description:
    - Listings of listeners that failed. The load balancers of both types and the TLS policies of a region and project
      are listed separately.
  type: list
  elements: dict
  returned: success
  contains: *error
error:
  description: The error, if a request to the API failed. The task's C(msg) contains the same message.
  type: dict
  returned: failure
  contains: *error
evaluated_at:
  description: Reference time of RV(certificates[].state) and RV(certificates[].days_remaining), in UTC.
  type: str
  returned: success
  sample: '2026-08-06T12:00:00Z'
scope:
  description: What was queried, for use in reports.
  type: dict
  returned: success
  contains:
    endpoint:
      description: Host and port of the API endpoint.
      type: str
      sample: api.ucloud.cn
    public_key:
      description: First and last characters of O(public_key), to identify the account.
      type: str
      sample: 4eZf…9aQ2
    regions:
      description: The value of O(regions).
      type: list
      elements: str
      sample: [all]
    project_ids:
      description: The value of O(project_ids). Empty for the default project of the account.
      type: list
      elements: str
      sample: [all]
    selection:
      description: Selection options that were set, by name.
      type: dict
      sample: {}
"""

from typing import Any

from ..module_utils._api.client import Client
from ..module_utils._api.summaries import describe_all
from ..module_utils._certificates.gather import gather
from ..module_utils._certificates.scope_facts import scope_facts
from ..module_utils._certificates.times import iso8601
from ..module_utils._certificates.unreadable import report, undecided
from ..module_utils._listeners.bindings import join
from ..module_utils._listeners.gather import GatheredListeners, undecided_warnings
from ..module_utils._listeners.together import gather_together
from ..module_utils._module import run_info_module
from ..module_utils._options import Settings, selection_spec, settings


def list_certificates(client: Client, wanted: Settings, now: int) -> tuple[dict[str, Any], list[str]]:
    """Return the module's facts at the time ``now`` (seconds since 1970), and warnings."""
    query = wanted.query
    listeners: GatheredListeners | None = None
    if query.listeners:
        gathered, listeners = gather_together(client, query, now)
        gathered.certificates, listeners.listeners, listeners.undecided = join(
            query.selection, gathered.certificates, listeners.listeners, gathered.unlisted
        )
    else:
        gathered = gather(client, query, now)
    unknown = undecided(gathered.certificates, query, now)
    warnings = report(unknown, query, "may or may not match the selection")
    facts = {
        "certificates": [certificate.to_facts(now) for certificate in gathered.certificates],
        "count": len(gathered.certificates),
        "total_count": gathered.total,
        "unreadable": sum(certificate.is_unreadable for certificate in gathered.certificates),
        "complete": gathered.complete,
        "errors": [error.to_facts() for error in gathered.errors],
        "listeners": [listener.to_facts() for listener in listeners.listeners] if listeners else None,
        "listeners_complete": listeners.complete if listeners else None,
        "listener_errors": [error.to_facts() for error in listeners.errors] if listeners else [],
        "evaluated_at": iso8601(now),
        "scope": scope_facts(wanted.connection, query),
    }
    if listeners:
        warnings += [*describe_all(listeners.errors), *undecided_warnings(listeners.undecided)]
    return facts, [*describe_all(gathered.errors), *warnings]


def main() -> None:
    """Run the module."""
    run_info_module(selection_spec(), settings, list_certificates)


if __name__ == "__main__":
    main()
