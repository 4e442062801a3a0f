# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prometheus' text format, for node_exporter's textfile collector.

https://prometheus.io/docs/instrumenting/exposition_formats/, with the names of metrics that
https://github.com/enix/x509-certificate-exporter has, so that its alerts and dashboards serve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from ...module_utils._api.errors import OptionError
from .._audit.baseline import GONE
from .._timestamps import read_moment
from .audits import Audit, moment_of
from .sanitize import visible

_Labels = dict[str, str]
_Sample = tuple[_Labels, int]


def render(audit: Audit) -> str:
    """Gauges of certificates and findings.

    Two samples of a metric never have the same labels: of certificates that cannot be told apart, the worse value
    stands.
    """
    summary, by_status = audit["summary"], audit["summary"]["by_status"]
    metrics = [
        _metric("x509_cert_not_after", "Expiry, in seconds since 1970.", _expiries(audit), min),
        _metric("x509_cert_not_before", "First moment of validity, in seconds since 1970.", _begins(audit), max),
        _metric("x509_cert_expired", "Whether it has expired (1) or not (0).", _expired(audit), max),
        _metric("x509_cert_error", "Whether it, or a part of it, cannot be read (1) or can (0).", _errors(audit), max),
        _metric("ucloud_ssl_finding", "A finding that is there, be it waived or not.", _findings(audit), max),
        _metric("ucloud_ssl_findings", "Findings that are neither waived nor unknown.", _by_severity(audit), max),
        _metric("ucloud_ssl_findings_unknown", "What cannot be decided.", [({}, summary["unknown"])], max),
        _metric("ucloud_ssl_findings_waived", "Findings that are waived.", [({}, summary["waived"])], max),
        _metric("ucloud_ssl_certificates", "Certificates.", [({}, summary["certificates"])], max),
        _metric("ucloud_ssl_certificates_compliant", "Those without finding.", [({}, by_status["compliant"])], max),
        _metric(
            "ucloud_ssl_certificates_waived", "Those of which all findings are waived.", [({}, by_status["waived"])],
            max,
        ),
        _metric(
            "ucloud_ssl_certificates_not_compliant", "Those with a finding, or something undecided, that counts.",
            [({}, by_status["not_compliant"])], max,
        ),
        _metric("ucloud_ssl_changes", "Findings by what has become of them since the baseline.", _changes(audit), max),
        _metric(
            "ucloud_ssl_audit_timestamp_seconds", "The moment of the audit, in seconds since 1970.",
            [({}, moment_of(audit))], max,
        ),
    ]  # fmt: skip
    return "".join(metrics)


def _expiries(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        moment = certificate["not_after_epoch"]
        if isinstance(moment, int) and not isinstance(moment, bool):
            yield _certificate_labels(certificate), moment


def _begins(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        # One certificate with facts that are no dates does not keep the others from being reported.
        with suppress(OptionError):
            yield _certificate_labels(certificate), read_moment(certificate["not_before"], "not_before")


def _expired(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        if certificate["state"] != "unknown":
            yield _certificate_labels(certificate), int(certificate["state"] == "expired")


def _errors(audit: Audit) -> Iterator[_Sample]:
    for certificate in audit["certificates"]:
        yield _certificate_labels(certificate), int(bool(certificate["x509_error"]))


def _findings(audit: Audit) -> Iterator[_Sample]:
    for finding in audit["findings"]:
        if finding["status"] not in GONE:
            labels = {name: visible(finding[name]) for name in ("check", "severity", "status", "about")}
            yield {**labels, "waived": str(finding["waived"]).lower(), **_place_labels(finding)}, 1


def _by_severity(audit: Audit) -> Iterator[_Sample]:
    for severity, number in audit["summary"]["by_severity"].items():
        yield {"severity": visible(severity)}, number


def _changes(audit: Audit) -> Iterator[_Sample]:
    for change, number in (audit["summary"]["changes"] or {}).items():
        yield {"change": visible(change)}, number


def _certificate_labels(certificate: dict[str, Any]) -> _Labels:
    return {
        **_place_labels(certificate),
        "serial_number": visible(certificate["serial_number"]),
        "subject_CN": _common_name(certificate["subject"]),
        "issuer_CN": _common_name(certificate["issuer"]),
    }


def _place_labels(item: dict[str, Any]) -> _Labels:
    return {name: visible(item[name]) for name in ("ssl_id", "ssl_name", "region", "project_id")}


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
    # A line end, too, would have to be escaped; visible() leaves none.
    escaped = str.maketrans({"\\": "\\\\", '"': '\\"'})
    pairs = ",".join(f'{name}="{value.translate(escaped)}"' for name, value in labels)
    return f"{{{pairs}}}" if pairs else ""
