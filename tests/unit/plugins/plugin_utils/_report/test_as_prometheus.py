# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_prometheus import render
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    DAY,
    EXPIRED,
    GOOD,
    NOW,
    SHOWN,
    UNREADABLE,
    WAIVED,
    certificate,
    hostile_audit,
    plain_audit,
    unread_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import (
    HOST,
    HTTP,
    HTTPS,
    ODD,
    SHOP,
    TCP,
    listeners_audit,
)


def read(audit: Any) -> dict[str, Metric]:
    return {metric.name: metric for metric in text_string_to_metric_families(render(audit))}


def values(audit: Any, name: str) -> dict[str, float]:
    """Values of a metric by id."""
    return {sample.labels["ssl_id"]: sample.value for sample in read(audit)[name].samples}


def value(audit: Any, name: str) -> float:
    (sample,) = read(audit)[name].samples
    assert sample.labels == {}
    return float(sample.value)


def test_metrics_are_documented_gauges() -> None:
    metrics = read(hostile_audit())
    assert [*metrics] == [
        "x509_cert_not_after", "x509_cert_not_before", "x509_cert_expired", "x509_cert_error", "ucloud_ssl_finding",
        "ucloud_ssl_findings", "ucloud_ssl_findings_unknown", "ucloud_ssl_findings_waived", "ucloud_ssl_certificates",
        "ucloud_ssl_certificates_compliant", "ucloud_ssl_certificates_waived", "ucloud_ssl_certificates_not_compliant",
        "ucloud_ssl_checks_not_run", "ucloud_ssl_changes", "ucloud_ssl_audit_timestamp_seconds",
    ]  # fmt: skip
    assert {metric.type for metric in metrics.values()} == {"gauge"}
    assert all(metric.documentation.endswith(".") for metric in metrics.values())


def test_dates_are_seconds() -> None:
    assert values(hostile_audit(), "x509_cert_not_after") == {
        "": NOW + 50 * DAY, EXPIRED: NOW - 2.5 * DAY, GOOD: NOW + 60 * DAY, WAIVED: NOW + 60 * DAY,
    }  # fmt: skip
    assert set(values(hostile_audit(), "x509_cert_not_before").values()) == {NOW - 20 * DAY}


def test_expired_and_error_say_so_and_what_is_not_known_is_left_out() -> None:
    assert values(hostile_audit(), "x509_cert_expired") == {"": 0, EXPIRED: 1, GOOD: 0, WAIVED: 0}
    assert values(hostile_audit(), "x509_cert_error") == {"": 0, EXPIRED: 0, GOOD: 0, WAIVED: 0, UNREADABLE: 1}


def test_labels_are_those_of_the_exporter_and_of_ucloud() -> None:
    (sample,) = (s for s in read(hostile_audit())["x509_cert_not_after"].samples if s.labels["ssl_id"] == EXPIRED)
    assert sample.labels == {
        "ssl_id": EXPIRED,
        "ssl_name": SHOWN,
        "region": "cn-bj2",
        "project_id": "org-a",
        "serial_number": f"0x{len(EXPIRED)}",
        "subject_CN": f"{EXPIRED}.example.com",
        "issuer_CN": f"{SHOWN}, Example CA",
    }
    assert sample.timestamp is None  # node_exporter rejects files with timestamps


def test_findings_are_there_once_unless_they_are_gone() -> None:
    samples = read(hostile_audit())["ucloud_ssl_finding"].samples
    assert {sample.value for sample in samples} == {1}
    # Two certificates without an id are duplicates of each other, with the same labels.
    present = [item for item in hostile_audit()["findings"] if item["status"] in ("fail", "unknown")]
    assert len(samples) == len(present) - 1
    (uncovered,) = (sample for sample in samples if sample.labels["check"] == "cert_domain_uncovered")
    about = "".join(uncovered.labels.pop("about").split())
    assert about == "".join(SHOWN.lower().split())
    assert uncovered.labels == {
        "check": "cert_domain_uncovered",
        "severity": "high",
        "status": "fail",
        "waived": "false",
        "endpoint": "",
        "ssl_id": "",
        "ssl_name": "",
        "region": "",
        "project_id": "",
        "load_balancer_id": "",
        "load_balancer_name": "",
        "listener_id": "",
        "listener_name": "",
    }
    assert [sample.labels["ssl_id"] for sample in samples if sample.labels["waived"] == "true"] == [WAIVED]
    assert sum(sample.labels["status"] == "unknown" for sample in samples) == hostile_audit()["summary"]["unknown"]


def test_counts_are_those_of_the_summary() -> None:
    audit = hostile_audit()
    summary = audit["summary"]
    assert {s.labels["severity"]: s.value for s in read(audit)["ucloud_ssl_findings"].samples} == summary["by_severity"]
    assert value(audit, "ucloud_ssl_findings_unknown") == summary["unknown"]
    assert value(audit, "ucloud_ssl_findings_waived") == 1
    assert value(audit, "ucloud_ssl_certificates") == 6
    assert value(audit, "ucloud_ssl_certificates_compliant") == summary["by_status"]["compliant"] == 1
    assert value(audit, "ucloud_ssl_certificates_waived") == summary["by_status"]["waived"] == 1
    assert value(audit, "ucloud_ssl_certificates_not_compliant") == summary["by_status"]["not_compliant"] == 4
    assert {s.labels["change"]: s.value for s in read(audit)["ucloud_ssl_changes"].samples} == summary["changes"]
    assert value(audit, "ucloud_ssl_audit_timestamp_seconds") == NOW


def test_no_two_samples_of_a_metric_have_the_same_labels() -> None:
    audit = hostile_audit()
    audit["certificates"] += audit["certificates"]
    audit["findings"] += audit["findings"]
    for metric in read(audit).values():
        labels = [frozenset(sample.labels.items()) for sample in metric.samples]
        assert len(set(labels)) == len(labels)


def test_of_certificates_that_look_the_same_the_worse_value_stands() -> None:
    audit = plain_audit()
    (good,) = audit["certificates"]
    worse = {"not_after_epoch": 5, "state": "expired", "x509_error": "broken", "not_before": "2030-01-01T00:00:00Z"}
    for twins in ([good, good | worse], [good | worse, good]):
        audit["certificates"] = twins
        assert values(audit, "x509_cert_not_after") == {GOOD: 5}
        assert values(audit, "x509_cert_not_before") == {GOOD: 1893456000}
        assert values(audit, "x509_cert_expired") == {GOOD: 1}
        assert values(audit, "x509_cert_error") == {GOOD: 1}


def test_metrics_without_samples_are_left_out() -> None:
    audit = plain_audit()
    assert "ucloud_ssl_finding" not in read(audit)
    assert "ucloud_ssl_changes" not in read(audit)
    audit["certificates"] = []
    assert not [name for name in read(audit) if name.startswith("x509")]


def test_what_is_not_known_of_a_certificate_has_no_value() -> None:
    audit = unread_audit()
    metrics = read(audit)
    assert [name for name in metrics if name.startswith("x509")] == ["x509_cert_error"]
    assert values(audit, "x509_cert_error") == {UNREADABLE: 1}
    assert value(audit, "ucloud_ssl_certificates_compliant") == 0
    assert value(audit, "ucloud_ssl_certificates_not_compliant") == 1
    assert {sample.labels["status"] for sample in metrics["ucloud_ssl_finding"].samples} == {"unknown"}


def test_what_is_partly_read_has_an_error_and_its_values() -> None:
    audit = plain_audit()
    audit["certificates"][0]["x509_error"] = "key usage: it is no bit string"
    assert values(audit, "x509_cert_error") == {GOOD: 1}
    assert values(audit, "x509_cert_expired") == {GOOD: 0}


def test_dates_that_are_none_are_left_out() -> None:
    audit = plain_audit()
    (good,) = audit["certificates"]
    strange = {"ssl_id": "ssl-strange", "not_after_epoch": True, "not_before": "never"}
    audit["certificates"] = [good | strange, good]
    assert values(audit, "x509_cert_not_after") == {GOOD: certificate(GOOD, "")["not_after_epoch"]}
    assert values(audit, "x509_cert_not_before") == {GOOD: NOW - 20 * DAY}


def test_listeners_and_findings_about_them() -> None:
    metrics = read(listeners_audit())
    samples = {sample.labels["listener_id"]: sample for sample in metrics["ucloud_ssl_listener"].samples}
    assert [*samples] == [HTTPS, HTTP, ODD, TCP]
    assert {sample.value for sample in samples.values()} == {1}
    shown = {
        "load_balancer_id": SHOP, "load_balancer_name": "shop", "listener_id": HTTPS, "listener_name": "https-443",
        "region": "cn-bj2", "project_id": "org-a",
    }  # fmt: skip
    facts = {"protocol": "HTTPS", "port": "443", "tls_policy": "security-tls10m", "tls_version": "TLSv1"}
    assert samples[HTTPS].labels == {**shown, **facts, "status": "not_compliant"}
    assert samples[ODD].labels["listener_name"] == SHOWN
    assert (samples[ODD].labels["port"], samples[ODD].labels["tls_version"]) == ("", "")
    (host,) = (sample for sample in metrics["ucloud_ssl_finding"].samples if sample.labels["about"] == HOST)
    assert host.labels == {
        **shown, "check": "listener_host_uncovered", "severity": "high", "status": "fail", "about": HOST,
        "waived": "false", "ssl_id": "", "ssl_name": "", "endpoint": "",
    }  # fmt: skip


def test_numbers_of_listeners_are_those_of_the_summary_and_left_out_if_the_audit_was_given_none() -> None:
    audit = listeners_audit()
    audit["summary"]["not_checked"] = ["a", "b"]
    names = ("ucloud_ssl_listeners", "ucloud_ssl_listeners_compliant", "ucloud_ssl_listeners_waived",
             "ucloud_ssl_listeners_not_compliant", "ucloud_ssl_checks_not_run")  # fmt: skip
    assert [value(audit, name) for name in names] == [4, 1, 1, 2, 2]
    audit["listeners"] = audit["summary"]["listeners"] = audit["summary"]["listeners_by_status"] = None
    assert [name for name in read(audit) if "listener" in name] == []
    del audit["listeners"], audit["summary"]["not_checked"]
    assert "ucloud_ssl_checks_not_run" not in read(audit)


def test_every_line_is_a_comment_or_a_sample() -> None:
    text = render(hostile_audit())
    assert text.endswith("\n")
    lines = text[:-1].split("\n")
    assert all(line.startswith(("# HELP ", "# TYPE ", "x509_cert_", "ucloud_ssl_")) for line in lines)
    assert len(lines) == len(text.splitlines())


def test_endpoints_and_findings_about_them() -> None:
    metrics = read(endpoints_audit())
    samples = metrics["ucloud_ssl_endpoint"].samples
    where = {"address": "2001:db8::7", "port": "443", "server_name": HOST, "listener_id": HTTPS}
    where |= {"load_balancer_id": SHOP, "region": "cn-bj2", "project_id": "org-a"}
    assert samples[1].labels == {
        **where, "tls_version": "TLSv1.3", "subject_CN": SHOWN, "issuer_CN": "Example CA", "error": "",
        "status": "not_compliant",
    }  # fmt: skip
    assert [sample.labels["error"] for sample in samples] == ["", "", "refused", "", ""]
    assert [sample.value for sample in metrics["ucloud_ssl_endpoint_reachable"].samples] == [1, 1, 0, 1]
    assert len(metrics["ucloud_ssl_endpoint_not_after"].samples) == 3
    numbers = ("endpoints", "endpoints_compliant", "endpoints_waived", "endpoints_not_compliant")
    assert [metrics[f"ucloud_ssl_{name}"].samples[0].value for name in numbers] == [5, 2, 1, 2]
    (other,) = (
        sample for sample in metrics["ucloud_ssl_finding"].samples
        if sample.labels["check"] == "endpoint_other_certificate"
    )  # fmt: skip
    assert other.labels["endpoint"] == "[2001:db8::7]:443 www.example.com"
    assert not [name for name in read(listeners_audit()) if name.startswith("ucloud_ssl_endpoint")]
