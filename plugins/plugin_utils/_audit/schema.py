# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of an audit.

An audit is plain data. It leaves the filter ``ssl_audit``, can be stored as JSON, and comes back as the input of a
report or as the baseline of a later audit. :func:`.validate` checks data from outside against these types.
"""

from __future__ import annotations

from typing import Annotated, Any, TypedDict, Union

from .validation import OneOf, SnakeCase

#: From the least to the most severe.
SEVERITIES = ("low", "medium", "high", "critical")
#: What has become of a baseline's finding that is no longer present: the problem is fixed; another finding of the same
#: family has replaced it; or the check now has other options, so that nothing can be concluded.
GONE = FIXED, SUPERSEDED, NOT_COMPARABLE = ("fixed", "superseded", "not_comparable")
#: How a finding relates to the baseline. Other versions may have more.
CHANGES = ("new", "unchanged", *GONE)
FINDING_STATUSES = ("fail", "unknown", *GONE)
#: The status of a certificate or a listener by its findings. One with undecided checks is not compliant either.
CERTIFICATE_STATUSES = COMPLIANT, WAIVED, NOT_COMPLIANT = ("compliant", "waived", "not_compliant")
#: What a waiver can name.
WAIVER_TARGETS = ("ssl_id", "name", "domain", "fingerprint", "listener_id", "load_balancer_id")

Severity = Annotated[str, OneOf(SEVERITIES)]
FindingStatus = Annotated[str, OneOf(FINDING_STATUSES)]
CertificateStatus = Annotated[str, OneOf(CERTIFICATE_STATUSES)]
Text = Union[str, None]


class WaiverData(TypedDict, total=False):
    """A waiver as plain data, with exactly one of the targets in :data:`WAIVER_TARGETS`."""

    check: str
    ssl_id: str
    name: str
    domain: str
    fingerprint: str
    listener_id: str
    load_balancer_id: str
    reason: str
    expires: str


class _NewInFinding(TypedDict, total=False):
    """The fields that audits of earlier versions do not have.

    ``None`` unless the finding is about a listener, a load balancer, or an endpoint: what an address serves.
    ``endpoint`` is the address, the port, and the server name if there is one, as in ``203.0.113.7:443 example.com``.
    ``messages`` has what the texts ``detail`` and ``remediation`` were made of, for reports in other languages, or
    ``None`` for a text without values.
    """

    listener_id: Text
    load_balancer_id: Text
    endpoint: Text
    messages: dict[str, Any]


class Finding(_NewInFinding):
    """A problem, or an undecided check. ``about`` names what it is about besides or instead of a certificate."""

    check: str
    severity: Severity
    status: FindingStatus
    ssl_id: Text
    ssl_name: Text
    region: Text
    project_id: Text
    about: Text
    title: str
    detail: str
    evidence: dict[str, Any]
    remediation: str
    waived: bool
    waiver: WaiverData | None
    fingerprint: str
    change: Text


class _CertificateForReports(TypedDict):
    """The fields of a certificate without which no report can be made."""

    ssl_id: Text
    ssl_name: Text
    region: Text
    project_id: Text
    not_before: Text
    not_after_epoch: int | None
    state: str
    x509_error: Text
    serial_number: Text
    subject: dict[str, Any] | None
    issuer: dict[str, Any] | None
    status: CertificateStatus


class AuditedCertificate(_CertificateForReports, total=False):
    """A certificate in an audit: the facts that reports need, and its result. Unknown facts are ``None``."""

    domains: list[str]
    domains_from: Text
    bound: bool | None
    bindings: list[dict[str, Any]]
    source: Text
    created_at: Text
    not_after: Text
    validity_from: Text
    private_key_stored: bool | None
    key_matches: bool | None
    signature_algorithm: Text
    signature_hash: Text
    self_signed: bool | None
    issuer_included: bool | None
    unread_certificates: int | None
    fingerprints: dict[str, Any] | None
    chain: list[dict[str, Any]] | None
    trust: dict[str, Any] | None
    public_key: dict[str, Any]
    days_left: float | None
    worst: Severity | None
    findings: list[str]


class _ListenerForReports(TypedDict):
    """The fields of a listener without which no report can be made."""

    listener_id: Text
    load_balancer_id: Text
    region: Text
    project_id: Text
    status: CertificateStatus


class AuditedListener(_ListenerForReports, total=False):
    """A listener in an audit: its facts, as the module ``listener_info`` returns them, and its result."""

    listener_name: Text
    load_balancer_name: Text
    load_balancer_type: Text
    protocol: Text
    port: int | None
    addresses: list[dict[str, Any]] | None
    http2: bool | None
    redirects: bool | None
    redirects_to_port: int | None
    tls: dict[str, Any] | None
    hosts: list[dict[str, Any]] | None
    certificates: list[dict[str, Any]] | None
    worst: Severity | None
    findings: list[str]


class _EndpointForReports(TypedDict):
    """The fields of an endpoint without which no report can be made."""

    address: Text
    port: int | None
    server_name: Text
    status: CertificateStatus


class AuditedEndpoint(_EndpointForReports, total=False):
    """What an address serves: the facts of the module ``ssl_endpoint_info`` that reports need, and the result."""

    region: Text
    project_id: Text
    load_balancer_id: Text
    listener_id: Text
    ip_address: Text
    reachable: bool | None
    error: Text
    error_message: Text
    tls_version: Text
    cipher: Text
    alpn: Text
    tls_versions: dict[str, Any] | None
    covers_server_name: bool | None
    matches_expected: bool | None
    expected_fingerprints: list[str] | None
    fingerprint: Text
    subject: dict[str, Any] | None
    issuer: dict[str, Any] | None
    issuer_included: bool | None
    domains: list[str] | None
    not_before: Text
    not_after: Text
    not_after_epoch: int | None
    state: Text
    trust: dict[str, Any] | None
    revocation: dict[str, Any] | None
    worst: Severity | None
    findings: list[str]


class StatusCounts(TypedDict):
    """Numbers of certificates, of listeners, or of endpoints, by their status."""

    compliant: int
    waived: int
    not_compliant: int


class _NewInSummary(TypedDict, total=False):
    """The fields that audits of earlier versions do not have.

    Numbers of listeners and endpoints are ``None`` if the audit was given none. ``not_checked`` has the
    ids of the checks that were on, but require what the audit was not given.
    """

    listeners: int | None
    listeners_by_status: StatusCounts | None
    endpoints: int | None
    endpoints_by_status: StatusCounts | None
    not_checked: list[str]


class Summary(_NewInSummary):
    """Numbers. ``changes`` is ``None`` without a baseline."""

    certificates: int
    compliant: int
    by_status: StatusCounts
    findings: int
    unknown: int
    waived: int
    by_severity: dict[Severity, int]
    worst: Severity | None
    changes: dict[Annotated[str, SnakeCase()], int] | None


class _PolicyForReports(TypedDict):
    checks: dict[str, Any]


class PolicyData(_PolicyForReports, total=False):
    """The policy as it was applied."""

    waivers: list[Any]
    unknown_severity: str


class _NewInAudit(TypedDict, total=False):
    """The fields that audits of earlier versions do not have. ``None`` if the audit was given none of these."""

    listeners: list[AuditedListener] | None
    endpoints: list[AuditedEndpoint] | None


class Audit(_NewInAudit):
    """An audit."""

    evaluated_at: str
    scope: dict[str, Any]
    policy: PolicyData
    summary: Summary
    findings: list[Finding]
    certificates: list[AuditedCertificate]
    warnings: list[str]


class Baseline(TypedDict):
    """What a baseline needs to have. Its other parts are used as far as they can be understood."""

    findings: list[Finding]
