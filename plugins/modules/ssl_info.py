#!/usr/bin/python
# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ssl_info
short_description: Gather facts about the SSL certificates of UCloud load balancers
version_added: 0.1.0
description:
  - Lists the certificates that UCloud's load balancer service holds, in any number of regions and projects, with the
    listeners of classic load balancers (CLB) and application load balancers (ALB) that serve them.
  - Reads each certificate itself, because the platform often knows no dates and no domains of those that were uploaded.
  - The platform hands out the B(private key) with each certificate. It is cut out where the answer is read, and is in
    no result, log or message, unless O(content=all) asks for it.
  - A listing is checked against the total that the platform names. If it does not add up, it is read again, and in the
    end it fails.
author:
  - ucloud.ulb contributors (@ucloud-ulb)
extends_documentation_fragment:
  - ucloud.ulb.api
  - ucloud.ulb.selection
  - ucloud.ulb.attributes
  - ucloud.ulb.attributes.info_module
  - ucloud.ulb.attributes.actiongroup_ulb
notes:
  - All conditions on certificates have to be met together. Of the values within one condition, any will do.
  - Without C(cryptography) where the module runs, RV(certificates[].x509) is V(null), and
    RV(certificates[].x509_error) says why. The options O(domains), O(expires_within), O(expired) and O(fingerprints)
    then fail.
  - Certificates belong to a region. One that is needed in three regions is uploaded three times, and has three ids.
seealso:
  - name: DescribeSSLV2
    description: The action of the UCloud API that this module calls.
    link: https://docs.ucloud.cn/api/ulb-api/describe_sslv2
  - module: community.crypto.x509_certificate_info
    description: The same for a certificate in a file.
"""

EXAMPLES = r"""
- name: Gather all certificates of one region
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Show what expires first
  ansible.builtin.debug:
    msg: "{{ item.not_after }} {{ item.ssl_name }}: {{ item.domains | join(', ') }}"
  loop: "{{ ssl.certificates | rejectattr('not_after', 'none') | sort(attribute='not_after') }}"
  loop_control:
    label: "{{ item.ssl_id }}"

- name: Gather what is served and has at most 30 days left, wherever it is
  ucloud.ulb.ssl_info:
    regions: [all]
    project_ids: [all]
    bound: true
    expires_within: 30d
  register: expiring

- name: Fail if there is any
  ansible.builtin.assert:
    that: expiring.count == 0
    fail_msg: "{{ expiring.certificates | map(attribute='ssl_name') | join(', ') }}"
    quiet: true

- name: Find the certificates that serve a domain, however they name it
  ucloud.ulb.ssl_info:
    regions: [all]
    domains: [shop.example.com]
  register: shop

- name: Set credentials and regions once for all tasks of a play
  module_defaults:
    group/ucloud.ulb.ulb:
      profile: production
      regions: [cn-bj2, hk]
  block:
    - name: Gather the certificates of a listener
      ucloud.ulb.ssl_info:
        listener_ids: [vserver-12ab34cd]

    - name: Gather what can be had, and report the regions that cannot
      ucloud.ulb.ssl_info:
        on_error: warn
      register: partial

- name: Save a certificate and its chain, without its private key
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
    names: [shop.example.com*]
    content: certificates
  register: chain
"""

RETURN = r"""
certificates:
  description:
    - The certificates, sorted by project, region and id.
    - Every field is there for every certificate. What is not known is V(null).
  returned: success
  type: list
  elements: dict
  contains:
    ssl_id:
      description: Id of the certificate.
      type: str
      returned: success
      sample: ssl-1a2b3c4d
    ssl_name:
      description: Name of the certificate on the platform.
      type: str
      returned: success
      sample: shop.example.com 2026
    ssl_type:
      description: Type of the certificate.
      type: str
      returned: success
      sample: Pem
    source:
      description:
        - Where it came from, V(ulb) (uploaded to the load balancer service), V(ussl) (certificate platform) or
          V(unknown).
      type: str
      returned: success
      sample: ulb
    ussl_id:
      description: Id on the certificate platform.
      type: str
      returned: success
      sample: null
    region:
      description: Region that holds it.
      type: str
      returned: success
      sample: cn-bj2
    project_id:
      description: Project that was asked for, V(null) for the account's default project if none was named.
      type: str
      returned: success
      sample: org-a1b2c3
    hash_value:
      description: MD5 sum that the platform worked out.
      type: str
      returned: success
      sample: 1d5da9cf215d7c0e7b41b85af8adac2b
    created_at:
      description: When it was uploaded, in UTC.
      type: str
      returned: success
      sample: '2026-03-01T08:00:00Z'
    created_at_epoch:
      description: The same in seconds since 1970.
      type: int
      returned: success
      sample: 1772352000
    domains:
      description:
        - Domain names that it is for, in lower case, each once. The main one is the first.
        - They are the DNS names among RV(certificates[].x509.subject_alt_names), without what no client takes for a
          domain, such as an address or a name with blanks in it. The common name does not count (RFC 9525).
        - If they could not be read, they are those that the platform has, in lower case and ASCII form.
      type: list
      elements: str
      returned: success
      sample: [shop.example.com, '*.shop.example.com']
    domains_from:
      description:
        - Where RV(certificates[].domains) come from, the V(certificate), the V(api), or V(null) if they are not known.
      type: str
      returned: success
      sample: certificate
    not_before:
      description: When its validity begins, in UTC.
      type: str
      returned: success
      sample: '2026-03-01T00:00:00Z'
    not_before_epoch:
      description: The same in seconds since 1970.
      type: int
      returned: success
      sample: 1772323200
    not_after:
      description: When its validity ends, in UTC.
      type: str
      returned: success
      sample: '2026-09-17T23:59:59Z'
    not_after_epoch:
      description: The same in seconds since 1970.
      type: int
      returned: success
      sample: 1789689599
    validity_from:
      description: Where the two dates come from, the V(certificate), the V(api), or V(null) if they are not known.
      type: str
      returned: success
      sample: certificate
    days_remaining:
      description: Whole days until it expires, negative if it has.
      type: int
      returned: success
      sample: 42
    state:
      description: V(valid), V(expired), V(not_yet_valid) or V(unknown).
      type: str
      returned: success
      sample: valid
    bound:
      description: Whether a listener serves it, V(null) if the platform did not say.
      type: bool
      returned: success
      sample: true
    bindings:
      description: The listeners that serve it.
      type: list
      elements: dict
      returned: success
      contains:
        load_balancer_id:
          description: Id of the load balancer.
          type: str
          returned: success
          sample: alb-1a2b3c4d
        load_balancer_name:
          description: Name of the load balancer.
          type: str
          returned: success
          sample: shop
        load_balancer_type:
          description: V(application), V(classic) or V(unknown).
          type: str
          returned: success
          sample: application
        listener_id:
          description: Id of the listener, which is a VServer on a classic load balancer.
          type: str
          returned: success
          sample: lsn-1a2b3c4d
        listener_name:
          description: Name of the listener.
          type: str
          returned: success
          sample: https
        is_default:
          description: Whether it is the default certificate of the listener (the others are chosen by SNI).
          type: bool
          returned: success
          sample: true
    private_key_stored:
      description:
        - Whether the platform handed out a private key with the certificate, V(null) if it handed out no content.
      type: bool
      returned: success
      sample: true
    key_matches:
      description:
        - Whether that key belongs to the certificate, V(null) if that cannot be told, such as for an encrypted key.
      type: bool
      returned: success
      sample: true
    x509:
      description:
        - What is in the certificate. Each part that cannot be read is V(null), and RV(certificates[].x509_error) has
          the reason.
        - It is the one that the private key belongs to, or else the first that is no CA, or else the first.
        - V(null) if there is none that can be read, or one that cannot be read may be the one.
      type: dict
      returned: success
      contains:
        subject:
          description: Attributes of the subject. One that occurs more than once has a list of its values.
          type: dict
          returned: success
          sample: {common_name: shop.example.com}
        issuer:
          description: Attributes of the issuer, in the same form.
          type: dict
          returned: success
          sample: {country_name: XX, organization_name: Example CA, common_name: Example CA R1}
        serial_number:
          description: Serial number in hexadecimal.
          type: str
          returned: success
          sample: '0x3af52b9d'
        version:
          description: Version of X.509, from V(1) to V(3).
          type: int
          returned: success
          sample: 3
        public_key:
          description: The public key.
          type: dict
          returned: success
          contains:
            type:
              description: Kind of key, such as V(RSA), V(EC), V(Ed25519) or V(DSA).
              type: str
              returned: success
              sample: RSA
            size:
              description: Its size in bits.
              type: int
              returned: success
              sample: 2048
            curve:
              description: Name of the curve of an EC key.
              type: str
              returned: success
              sample: null
            exponent:
              description:
                - Public exponent of an RSA key. One of more than 64 bits, which no sound key has, is text in
                  hexadecimal.
              type: raw
              returned: success
              sample: 65537
            modulus:
              description: Modulus of an RSA key in hexadecimal.
              type: str
              returned: success
              sample: '0xc5a2f3d4...'
        signature_algorithm:
          description: Algorithm of the issuer's signature, by its name or else by its object identifier.
          type: str
          returned: success
          sample: sha256WithRSAEncryption
        signature_hash:
          description:
            - Hash of the issuer's signature, also of RSASSA-PSS. V(none) if the algorithm hashes by itself, as Ed25519
              does, V(null) if it is not known.
          type: str
          returned: success
          sample: sha256
        subject_alt_names:
          description:
            - Subject alternative names with their kinds, as they stand in the certificate. V(IP:<invalid>) is one that
              is no address.
          type: list
          elements: str
          returned: success
          sample: ['DNS:shop.example.com']
        key_usage:
          description: Allowed uses of the key, by the names of RFC 5280.
          type: list
          elements: str
          returned: success
          sample: [digitalSignature, keyEncipherment]
        extended_key_usage:
          description: Allowed purposes of the key, by the names of RFC 5280.
          type: list
          elements: str
          returned: success
          sample: [serverAuth]
        is_ca:
          description: Whether it is a CA certificate.
          type: bool
          returned: success
          sample: false
        self_signed:
          description: Whether it is its own issuer and has signed itself, V(null) if that cannot be told.
          type: bool
          returned: success
          sample: false
        issuer_included:
          description:
            - Whether the certificate of its issuer is in the content, or it is self-signed. That is one with the name
              of the issuer, of a CA, whose key has signed it. V(null) if that cannot be told.
          type: bool
          returned: success
          sample: true
        embedded_scts:
          description: Number of embedded signed certificate timestamps.
          type: int
          returned: success
          sample: 2
        fingerprints:
          description: Fingerprints in hexadecimal.
          type: dict
          returned: success
          contains:
            sha256:
              description: SHA-256 fingerprint.
              type: str
              returned: success
              sample: 4c5b4a3f0e2d1c9b8a7f6e5d4c3b2a190817263544536271809fa8b7c6d5e4f3
            sha1:
              description: SHA-1 fingerprint.
              type: str
              returned: success
              sample: 0e2d1c9b8a7f6e5d4c3b2a190817263544536271
        spki_sha256:
          description: SHA-256 sum of the public key (SubjectPublicKeyInfo) in hexadecimal.
          type: str
          returned: success
          sample: 8a7f6e5d4c3b2a190817263544536271809fa8b7c6d5e4f34c5b4a3f0e2d1c9b
        ocsp_urls:
          description: Addresses of OCSP responders.
          type: list
          elements: str
          returned: success
          sample: ['http://ocsp.example.com']
        position:
          description: How many other certificates come before it in the content.
          type: int
          returned: success
          sample: 0
        unread_certificates:
          description: Number of blocks in the content that call themselves certificates and cannot be read as one.
          type: int
          returned: success
          sample: 0
        chain:
          description: The other certificates of the content, in their order.
          type: list
          elements: dict
          returned: success
          contains:
            subject:
              description: Attributes of the subject, as RV(certificates[].x509.subject) has them.
              type: dict
              returned: success
              sample: {country_name: XX, organization_name: Example CA, common_name: Example CA R1}
            subject_cn:
              description: Common name of the subject.
              type: str
              returned: success
              sample: Example CA R1
            issuer:
              description: Attributes of the issuer, in the same form.
              type: dict
              returned: success
              sample: {country_name: XX, organization_name: Example CA, common_name: Example Root}
            issuer_cn:
              description: Common name of the issuer.
              type: str
              returned: success
              sample: Example Root
            not_before:
              description: When its validity begins, in UTC.
              type: str
              returned: success
              sample: '2021-03-01T00:00:00Z'
            not_after:
              description: When its validity ends, in UTC.
              type: str
              returned: success
              sample: '2031-03-01T00:00:00Z'
            signature_algorithm:
              description: Algorithm of the issuer's signature.
              type: str
              returned: success
              sample: sha256WithRSAEncryption
            signature_hash:
              description: Hash of that signature, as RV(certificates[].x509.signature_hash) has it.
              type: str
              returned: success
              sample: sha256
            self_signed:
              description:
                - Whether it is its own issuer and has signed itself, V(null) if that cannot be told.
              type: bool
              returned: success
              sample: false
            fingerprint_sha256:
              description: SHA-256 fingerprint in hexadecimal.
              type: str
              returned: success
              sample: 17263544536271809fa8b7c6d5e4f34c5b4a3f0e2d1c9b8a7f6e5d4c3b2a1908
            is_ca:
              description: Whether it is a CA certificate.
              type: bool
              returned: success
              sample: true
            issuer_included:
              description: The same as RV(certificates[].x509.issuer_included), of this one.
              type: bool
              returned: success
              sample: false
            issued_previous:
              description:
                - Whether it has issued the certificate before it, which is the certificate itself for the first.
                  V(null) if that cannot be told.
              type: bool
              returned: success
              sample: true
    x509_error:
      description: Why the certificate or a part of it cannot be read.
      type: str
      returned: success
      sample: null
    api:
      description: What the platform says by itself, which is nothing for most certificates.
      type: dict
      returned: success
      contains:
        domains:
          description: Its domain names, or what it has in their place, in lower case and ASCII form, each once.
          type: list
          elements: str
          returned: success
          sample: [shop.example.com]
        not_before_epoch:
          description: When it says that the validity begins, in seconds since 1970.
          type: int
          returned: success
          sample: 1772323200
        not_after_epoch:
          description: When it says that the validity ends, in seconds since 1970.
          type: int
          returned: success
          sample: 1789689599
    content:
      description: The PEM that O(content) asks for.
      type: str
      returned: success
      sample: null
count:
  description: Number of certificates returned.
  type: int
  returned: success
  sample: 1
total_count:
  description:
    - Number of certificates before selection, in the regions and projects that could be listed.
    - V(null) if O(ssl_ids) has at most five ids, which are then asked for one by one.
  type: int
  returned: success
  sample: 12
unreadable:
  description:
    - Number of RV(certificates) whose content is there, but whose names or dates could not be read from it. The
      platform's own count for these, and RV(certificates[].x509_error) has the reason.
  type: int
  returned: success
  sample: 0
complete:
  description: Whether every region and project was listed as a whole. It can only be V(false) with O(on_error=warn).
  type: bool
  returned: success
  sample: true
errors:
  description: The regions and projects that could not be listed.
  type: list
  elements: dict
  returned: success
  contains:
    region:
      description: The region.
      type: str
      returned: success
      sample: hk
    project_id:
      description: The project.
      type: str
      returned: success
      sample: org-a1b2c3
    code:
      description: RetCode of the API, V(null) if there was no answer of the API.
      type: int
      returned: success
      sample: 299
    message:
      description: What went wrong, and what to try.
      type: str
      returned: success
      sample: 'DescribeSSLV2 in region hk and project org-a1b2c3 at api.ucloud.cn: ...'
    request_id:
      description: Id by which UCloud's support finds the request.
      type: str
      returned: success
      sample: 9c1b2c7e-2f0a-4f0e-9f0e-2d1c9b8a7f6e
error:
  description: What went wrong, if the API or the way to it made the task fail. The task's C(msg) has the message, too.
  type: dict
  returned: failure
  contains:
    region:
      description: The region, V(null) if the request was for none.
      type: str
      returned: failure
      sample: hk
    project_id:
      description: The project, V(null) if the request was for none.
      type: str
      returned: failure
      sample: org-a1b2c3
    code:
      description: RetCode of the API, V(null) if there was no answer of the API.
      type: int
      returned: failure
      sample: 299
    message:
      description: What went wrong, and what to try.
      type: str
      returned: failure
      sample: 'DescribeSSLV2 in region hk and project org-a1b2c3 at api.ucloud.cn: ...'
    request_id:
      description: Id by which UCloud's support finds the request.
      type: str
      returned: failure
      sample: 9c1b2c7e-2f0a-4f0e-9f0e-2d1c9b8a7f6e
evaluated_at:
  description: The moment for which RV(certificates[].state) and RV(certificates[].days_remaining) hold, in UTC.
  type: str
  returned: success
  sample: '2026-08-06T12:00:00Z'
scope:
  description: What was asked for, so that a report can say so.
  type: dict
  returned: success
  contains:
    endpoint:
      description: Host and port of the API.
      type: str
      returned: success
      sample: api.ucloud.cn
    public_key:
      description: The ends of O(public_key), which tell accounts apart.
      type: str
      returned: success
      sample: 4eZf…9aQ2
    regions:
      description: The value of O(regions).
      type: list
      elements: str
      returned: success
      sample: [all]
    project_ids:
      description: The value of O(project_ids), empty for the default project of the account.
      type: list
      elements: str
      returned: success
      sample: [all]
    selection:
      description: The conditions on certificates by the names of their options. It is empty without any.
      type: dict
      returned: success
      sample: {}
"""

from typing import Any

from ..module_utils._api.client import Client
from ..module_utils._api.summaries import describe_all
from ..module_utils._certificates.gather import gather
from ..module_utils._certificates.scope_facts import scope_facts
from ..module_utils._certificates.times import iso8601
from ..module_utils._certificates.unreadable import report, undecided
from ..module_utils._module import run_info_module
from ..module_utils._options import Settings


def list_certificates(client: Client, settings: Settings, now: int) -> tuple[dict[str, Any], list[str]]:
    """The module's facts at the moment ``now``, and what to warn of."""
    query = settings.query
    gathered = gather(client, query, now)
    unknown = undecided(gathered.certificates, query, now)
    warnings = report(unknown, query, "may or may not be what was asked for")
    facts = {
        "certificates": [certificate.to_facts(now) for certificate in gathered.certificates],
        "count": len(gathered.certificates),
        "total_count": gathered.total,
        "unreadable": sum(certificate.is_unreadable for certificate in gathered.certificates),
        "complete": gathered.complete,
        "errors": [error.to_facts() for error in gathered.errors],
        "evaluated_at": iso8601(now),
        "scope": scope_facts(settings.connection, query),
    }
    return facts, [*describe_all(gathered.errors), *warnings]


def main() -> None:
    """Run the module."""
    run_info_module(list_certificates)


if __name__ == "__main__":
    main()
