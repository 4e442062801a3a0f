# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_audit
short_description: Audit SSL certificates, listeners and endpoints against a policy
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Runs the checks of R(the compliance guide, ansible_collections.ucloud.ulb.docsite.guide_compliance) on the facts of
    certificates, and of listeners if it is given any.
  - An undecided check is reported as V(unknown), and never counts as passed.
positional: _input
options:
  _input:
    description:
      - The certificates, as a list of facts from P(ucloud.ulb.ssl_certificate#lookup), the result of
        P(ucloud.ulb.ssl_info#module), or C(hostvars) of P(ucloud.ulb.ssl_certificates#inventory).
      - Only the result of the module says whether the listing is complete.
      - The result of the module with O(ucloud.ulb.ssl_info#module:listeners=true) also has listeners. A dictionary with
        C(certificates) and C(listeners) from P(ucloud.ulb.listener_info#module) is possible as well; give it
        C(complete) and C(listeners_complete), too. Without listeners, checks that need them are not made, and are
        listed in the summary.
      - What is really served is audited if such a dictionary also has the C(endpoints) that
        P(ucloud.ulb.ssl_endpoint_info#module) returns.
    type: raw
    required: true
  policy:
    description:
      - What to check, and how. Without a policy, all checks that are on by default run with their defaults.
      - V(checks) has the options of checks by id, and for each C(enabled) and C(severity).
      - V(waivers) is a list of accepted findings. Each waiver has a C(check) (or V(*)); one of C(ssl_id), C(name) (a
        shell pattern), C(domain) (one that the certificate lists, not one that its wildcard covers; or the host or
        domain that a finding is about), C(fingerprint) (SHA-256 of the certificate), C(listener_id) and
        C(load_balancer_id); a C(reason); and an C(expires) date, until the end of which (in UTC) it is valid.
        A waiver that has expired or is not used is a finding. A waiver of all checks for the name V(*) causes a
        warning.
      - V(unknown_severity) is the highest severity of undecided checks, V(medium) by default.
    type: dict
  now:
    description:
      - The time of the audit, in ISO 8601 or seconds since 1970. The default is the current time.
      - Dates, and text without a time zone, are in UTC. A datetime without a time zone is local time. Templates get one
        from C(now(\)), and YAML from a date and time without quotation marks.
    type: raw
  baseline:
    description:
      - An earlier audit. Findings are marked as V(new) or V(unchanged). Findings that are gone are listed as V(fixed),
        or as V(superseded) if a related finding about the same certificate replaces them, for example because an
        expiring certificate has expired.
      - Findings are V(not_comparable) if they may be new or gone because the options of their check have changed.
      - Findings that were not checked again are only counted, as C(not_checked) in the C(changes) of the summary.
      - It may also be the text of a JSON report. Null and empty text are no baseline, as in a first run.
    type: raw
  hostvars_prefix:
    description:
      - The prefix of the variables in C(hostvars).
    type: str
    default: ucloud_
seealso:
  - plugin: ucloud.ulb.ssl_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Gather the certificates and listeners of the whole fleet
  ucloud.ulb.ssl_info:
    regions: [all]
    project_ids: [all]
    listeners: true
  register: ssl

- name: Audit them
  ansible.builtin.set_fact:
    audit: "{{ ssl | ucloud.ulb.ssl_audit(policy=policy) }}"
  vars:
    policy:
      checks:
        cert_expiring_warning: {days: 45}
        cert_wildcard: false
        cert_issuer_not_allowed: {allowed_issuers: [Example Trust Services], severity: high}
        listener_weak_ciphers: {profile: old}
      waivers:
        - check: cert_expired
          name: legacy-*
          reason: To be switched off with the old shop, ticket 4711.
          expires: '2027-01-31'

- name: Find out what the listeners really serve
  ucloud.ulb.ssl_endpoint_info:
    endpoints: "{{ ssl | ucloud.ulb.ssl_endpoints }}"
    tls_versions: true
  register: served

- name: Audit that as well
  ansible.builtin.set_fact:
    audit: "{{ ssl | combine({'endpoints': served.endpoints}) | ucloud.ulb.ssl_audit }}"

- name: Show how many certificates are compliant
  ansible.builtin.debug:
    msg: "{{ audit.summary.compliant }} of {{ audit.summary.certificates }} certificates are compliant"
"""

RETURN = r"""
_value:
  description: The audit.
  type: dict
  contains:
    evaluated_at:
      description: The time of the audit, in UTC.
      type: str
      sample: '2026-11-24T00:00:00Z'
    scope:
      description:
        - What was audited. The result of the module has C(endpoint), the beginning and end of the account's
          C(public_key), C(regions), C(project_ids), C(selection), whether the listing is C(complete), the number of
          C(certificates), and their C(total) before selection. It is empty for other input.
      type: dict
    policy:
      description: The policy as it was applied, including all defaults.
      type: dict
    summary:
      description:
        - Numbers of certificates are C(certificates) (all), C(compliant), and C(by_status), a dictionary with
          C(compliant), C(waived) and C(not_compliant).
        - C(listeners) and C(listeners_by_status) are the same numbers of listeners. They are V(null) if the audit was
          given no listeners. C(endpoints) and C(endpoints_by_status) are those of endpoints.
        - C(not_checked) has the ids of the checks that were on, but need what the audit was not given, such as
          listeners.
        - Numbers of findings are C(findings) (neither waived nor undecided), the same C(by_severity), C(unknown)
          (undecided), C(waived), and C(changes) since the baseline.
        - C(worst) is the highest severity.
      type: dict
      sample:
        certificates: 12
        compliant: 7
        by_status: {compliant: 7, waived: 1, not_compliant: 4}
        listeners: 9
        listeners_by_status: {compliant: 8, waived: 0, not_compliant: 1}
        endpoints: 12
        endpoints_by_status: {compliant: 11, waived: 0, not_compliant: 1}
        not_checked: []
        findings: 5
        unknown: 0
        waived: 1
        worst: critical
    findings:
      description:
        - The findings, the most severe first, then the waived ones, then those that are gone since the baseline. Each
          has C(check), C(severity), C(status) (V(fail) or V(unknown); V(fixed), V(superseded) or V(not_comparable) if
          it is gone), C(ssl_id), C(ssl_name), C(region), C(project_id), C(listener_id), C(load_balancer_id),
          C(endpoint), C(about), C(title), C(detail), C(evidence), C(remediation), C(waived) with the C(waiver),
          C(fingerprint) and C(change). C(messages) has what C(detail) and C(remediation) were made of, for
          O(ucloud.ulb.ssl_report#filter:language).
        - A finding about a listener has no C(ssl_id), unless only the bindings of certificates are known.
        - A finding about what an address serves has the address, the port and the server name as its C(endpoint), as in
          V(203.0.113.7:443 shop.example.com).
      type: list
      elements: dict
    certificates:
      description:
        - The certificates with their main facts, their C(status), the ids of the checks that they fail, and the
          C(worst) severity.
        - The status is V(compliant) without findings, V(waived) if all findings are waived, and otherwise
          V(not_compliant), also because of an undecided check.
      type: list
      elements: dict
    listeners:
      description:
        - The listeners with the facts that P(ucloud.ulb.listener_info#module) returns, and C(status), C(worst) and the
          ids of the checks that they fail, as for certificates. V(null) if the audit was given no listeners.
      type: list
      elements: dict
    endpoints:
      description:
        - What endpoints serve, with the main facts that P(ucloud.ulb.ssl_endpoint_info#module) returns, and C(status),
          C(worst) and the ids of the checks that they fail, as for certificates. V(null) if the audit was given no
          endpoints.
      type: list
      elements: dict
    warnings:
      description: Warnings about the policy. They are also shown.
      type: list
      elements: str
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ..plugin_utils._audit.baseline import read_baseline
from ..plugin_utils._audit.collector import without_collector
from ..plugin_utils._audit.evaluate import audit
from ..plugin_utils._audit.inputs import fleet_of
from ..plugin_utils._audit.policy import Policy
from ..plugin_utils._plugin import ansible_errors
from ..plugin_utils._timestamps import read_timestamp
from ..plugin_utils._unsafe import untrusted

display = Display()


@without_collector()
def ssl_audit(
    certificates: Any,
    policy: Mapping[str, Any] | None = None,
    now: Any = None,
    baseline: Any = None,
    hostvars_prefix: str = "ucloud_",
) -> dict[str, Any]:
    """Audit certificates, listeners and endpoints; see DOCUMENTATION."""
    with ansible_errors(AnsibleFilterError):
        timestamp = int(time.time()) if now is None else read_timestamp(now, "now")
        rules = Policy.from_data(policy)
        fleet = fleet_of(certificates, rules, timestamp, hostvars_prefix)
        result = audit(fleet, rules, timestamp, read_baseline(baseline))
    for warning in result["warnings"]:
        display.warning(warning)
    # Its texts contain names of certificates, which must not be evaluated as templates.
    data: dict[str, Any] = untrusted(result)
    return data


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_audit": ssl_audit}
