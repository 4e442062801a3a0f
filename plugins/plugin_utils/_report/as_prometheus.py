# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Prometheus text format, for the textfile collector of node_exporter.

The format is https://prometheus.io/docs/instrumenting/exposition_formats/. Metrics have the names of
https://github.com/enix/x509-certificate-exporter, so that its alerts and dashboards can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from ...module_utils._api.errors import OptionError
from .._audit.schema import GONE, Audit, AuditedCertificate, AuditedEndpoint, Finding
from .._timestamps import read_timestamp
from .audits import timestamp_of
from .sanitize import visible
from .subjects import ListenerNames

_Labels = dict[str, str]
_Sample = tuple[_Labels, int]


def render(audit: Audit) -> str:
    """Render gauges for certificates, listeners, endpoints and findings.

    Samples of a metric never have the same labels. If certificates have the same labels, the worse value is used.
    """
    summary, by_status = audit["summary"], audit["summary"]["by_status"]
    metrics = [
        _metric("x509_cert_not_after", "End of validity, in seconds since 1970.", _expiries(audit), min),
        _metric("x509_cert_not_before", "Start of validity, in seconds since 1970.", _begins(audit), max),
        _metric("x509_cert_expired", "Whether the certificate has expired (1) or not (0).", _expired(audit), max),
        _metric("x509_cert_error", "Whether a part of it cannot be read (1) or not (0).", _errors(audit), max),
        _metric("ucloud_ssl_finding", "A finding, waived or not.", _findings(audit), max),
        _metric("ucloud_ssl_findings", "Findings that are neither waived nor undecided.", _by_severity(audit), max),
        _metric("ucloud_ssl_findings_unknown", "Undecided checks.", [({}, summary["unknown"])], max),
        _metric("ucloud_ssl_findings_waived", "Waived findings.", [({}, summary["waived"])], max),
        _metric("ucloud_ssl_certificates", "Certificates.", [({}, summary["certificates"])], max),
        _metric(
            "ucloud_ssl_certificates_compliant", "Certificates without findings.", [({}, by_status["compliant"])], max
        ),
        _metric(
            "ucloud_ssl_certificates_waived", "Certificates with waived findings only.", [({}, by_status["waived"])],
            max,
        ),
        _metric(
            "ucloud_ssl_certificates_not_compliant",
            "Certificates with a finding or an undecided check that is not waived.",
            [({}, by_status["not_compliant"])], max,
        ),
        *_listener_metrics(audit),
        *_endpoint_metrics(audit),
        _metric("ucloud_ssl_changes", "Findings by their change since the baseline.", _changes(audit), max),
        _metric(
            "ucloud_ssl_audit_timestamp_seconds", "Time of the audit, in seconds since 1970.",
            [({}, timestamp_of(audit))], max,
        ),
    ]  # fmt: skip
    return "".join(metrics)


def _listener_metrics(audit: Audit) -> Iterator[str]:
    """Yield metrics of listeners: none if the audit was given no listeners, because that is not zero listeners."""
    summary, by_status = audit["summary"], audit["summary"].get("listeners_by_status")
    yield _metric("ucloud_ssl_listener", "A listener, with its protocol and TLS policy.", _listeners(audit), max)
    numbers = {
        "listeners": ("Listeners.", summary.get("listeners")),
        "listeners_compliant": ("Listeners without findings.", by_status and by_status["compliant"]),
        "listeners_waived": ("Listeners with waived findings only.", by_status and by_status["waived"]),
        "listeners_not_compliant": (
            "Listeners with a finding or an undecided check that is not waived.",
            by_status and by_status["not_compliant"],
        ),
        "checks_not_run": (
            "Checks that are on but did not run.",
            len(summary["not_checked"]) if "not_checked" in summary else None,
        ),
    }
    for name, (help_text, number) in numbers.items():
        yield _metric(f"ucloud_ssl_{name}", help_text, [] if number is None else [({}, number)], max)


def _endpoint_metrics(audit: Audit) -> Iterator[str]:
    """Yield metrics of endpoints: none if the audit was given no endpoints."""
    endpoints, by_status = audit.get("endpoints"), audit["summary"].get("endpoints_by_status")
    described = [(_endpoint_labels(endpoint), endpoint) for endpoint in endpoints or ()]
    yield _metric(
        "ucloud_ssl_endpoint", "What an address serves.",
        (({**labels, **_served_labels(endpoint)}, 1) for labels, endpoint in described), max,
    )  # fmt: skip
    yield _metric(
        "ucloud_ssl_endpoint_reachable", "Whether it completed a TLS handshake (1) or not (0).",
        ((labels, int(reachable)) for labels, endpoint in described
         if (reachable := endpoint.get("reachable")) is not None), min,
    )  # fmt: skip
    yield _metric(
        "ucloud_ssl_endpoint_not_after", "End of validity of what it serves, in seconds since 1970.",
        ((labels, not_after) for labels, endpoint in described
         if (not_after := endpoint.get("not_after_epoch")) is not None), min,
    )  # fmt: skip
    numbers = {
        "endpoints": ("Endpoints.", audit["summary"].get("endpoints")),
        "endpoints_compliant": ("Endpoints without findings.", by_status and by_status["compliant"]),
        "endpoints_waived": ("Endpoints with waived findings only.", by_status and by_status["waived"]),
        "endpoints_not_compliant": (
            "Endpoints with a finding or an undecided check that is not waived.",
            by_status and by_status["not_compliant"],
        ),
    }
    for name, (help_text, number) in numbers.items():
        yield _metric(f"ucloud_ssl_{name}", help_text, [] if number is None else [({}, number)], max)


def _endpoint_labels(endpoint: AuditedEndpoint) -> _Labels:
    names = ("address", "port", "server_name", "region", "project_id", "load_balancer_id", "listener_id")
    return {name: visible(endpoint.get(name)) for name in names}


def _served_labels(endpoint: AuditedEndpoint) -> _Labels:
    return {
        "tls_version": visible(endpoint.get("tls_version")),
        "subject_CN": _common_name(endpoint.get("subject")),
        "issuer_CN": _common_name(endpoint.get("issuer")),
        "error": visible(endpoint.get("error")),
        "status": endpoint["status"],
    }


def _listeners(audit: Audit) -> Iterator[_Sample]:
    for listener in audit.get("listeners") or ():
        tls = listener.get("tls") or {}
        yield (
            {
                **_listener_labels(listener, listener),
                "region": visible(listener["region"]),
                "project_id": visible(listener["project_id"]),
                "protocol": visible(listener.get("protocol")),
                "port": visible(listener.get("port")),
                "tls_policy": visible(tls.get("policy_id")),
                "tls_version": visible(tls.get("minimum_version")),
                "status": listener["status"],
            },
            1,
        )


def _expiries(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        not_after = certificate["not_after_epoch"]
        if isinstance(not_after, int) and not isinstance(not_after, bool):
            yield _certificate_labels(certificate), not_after


def _begins(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        # A certificate with an invalid date must not stop the report of the others.
        with suppress(OptionError):
            yield _certificate_labels(certificate), read_timestamp(certificate["not_before"], "not_before")


def _expired(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        if certificate["state"] != "unknown":
            yield _certificate_labels(certificate), int(certificate["state"] == "expired")


def _errors(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        yield _certificate_labels(certificate), int(bool(certificate["x509_error"]))


def _findings(audit: Audit) -> Iterator[_Sample]:
    names = ListenerNames(audit)
    for finding in audit["findings"]:
        if finding["status"] not in GONE:
            labels = {
                "check": visible(finding["check"]),
                "severity": finding["severity"],
                "status": finding["status"],
                "about": visible(finding["about"]),
            }
            listener = _listener_labels(finding, names.given(finding))
            endpoint = {"endpoint": visible(finding.get("endpoint"))}
            yield (
                {**labels, "waived": str(finding["waived"]).lower(), **_scope_labels(finding), **listener, **endpoint},
                1,
            )


def _by_severity(audit: Audit) -> Iterator[_Sample]:
    for severity, number in audit["summary"]["by_severity"].items():
        yield {"severity": visible(severity)}, number


def _changes(audit: Audit) -> Iterator[_Sample]:
    for change, number in (audit["summary"]["changes"] or {}).items():
        yield {"change": visible(change)}, number


def _certificate_labels(certificate: AuditedCertificate) -> _Labels:
    return {
        **_scope_labels(certificate),
        "serial_number": visible(certificate["serial_number"]),
        "subject_CN": _common_name(certificate["subject"]),
        "issuer_CN": _common_name(certificate["issuer"]),
    }


def _scope_labels(item: Finding | AuditedCertificate) -> _Labels:
    return {
        "ssl_id": visible(item["ssl_id"]),
        "ssl_name": visible(item["ssl_name"]),
        "region": visible(item["region"]),
        "project_id": visible(item["project_id"]),
    }


def _listener_labels(item: Mapping[str, Any], names: Mapping[str, Any]) -> _Labels:
    return {
        "load_balancer_id": visible(item.get("load_balancer_id")),
        "load_balancer_name": visible(names.get("load_balancer_name")),
        "listener_id": visible(item.get("listener_id")),
        "listener_name": visible(names.get("listener_name")),
    }


def _common_name(name: dict[str, Any] | None) -> str:
    common = (name or {}).get("common_name")
    return visible(", ".join(map(str, common)) if isinstance(common, list) else common)


def _metric(name: str, help_text: str, samples: Iterable[_Sample], worse: Callable[[int, int], int]) -> str:
    values: dict[tuple[tuple[str, str], ...], int] = {}
    for labels, value in samples:
        key = tuple(labels.items())
        values[key] = worse(value, values.get(key, value))
    if not values:
        return ""
    lines = [f"{name}{_braces(key)} {value}\n" for key, value in values.items()]
    return f"# HELP {name} {help_text}\n# TYPE {name} gauge\n{''.join(lines)}"


def _braces(labels: tuple[tuple[str, str], ...]) -> str:
    # Line ends would have to be escaped as well, but visible() removes them.
    escaped = str.maketrans({"\\": "\\\\", '"': '\\"'})
    pairs = ",".join(f'{name}="{value.translate(escaped)}"' for name, value in labels)
    return f"{{{pairs}}}" if pairs else ""
