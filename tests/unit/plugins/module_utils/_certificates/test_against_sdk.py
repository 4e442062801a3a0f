# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo data as the module returns it, compared with the official SDK."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from cryptography import x509
from ucloud.client import Client as OfficialClient

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._options import Settings
from ansible_collections.ucloud.ulb.plugins.modules.ssl_info import list_certificates
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Simulator
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve

PAGE = 7


@pytest.fixture
def simulator(demo_fleet: Fleet, serve: Serve) -> Simulator:
    return serve(demo_fleet)


def from_sdk(simulator: Simulator) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return project, region and record of every certificate, page by page."""
    account = simulator.accounts["main"]
    client = OfficialClient(
        {
            "region": "cn-bj2",
            "project_id": simulator.fleet.default_project,
            "public_key": account.public_key,
            "private_key": account.private_key,
            "base_url": simulator.http_url,
        }
    )
    regions = {row["Region"] for row in client.uaccount().get_region()["Regions"]}
    projects = {row["ProjectId"] for row in client.uaccount().get_project_list()["ProjectSet"]}
    for project, region in itertools.product(projects, regions):
        for offset in itertools.count(0, PAGE):
            window = {"ProjectId": project, "Region": region, "Offset": offset, "Limit": PAGE}
            rows = client.ulb().describe_ssl_v2(window)["DataSet"]
            yield from ((project, region, row) for row in rows)
            if len(rows) < PAGE:
                break


def utc(timestamp: int | None) -> str | None:
    return f"{datetime.fromtimestamp(timestamp, timezone.utc):%Y-%m-%dT%H:%M:%SZ}" if timestamp else None


def seconds(timestamp: int | None) -> int | None:
    """Return a timestamp in seconds: certificates from the platform's own service have milliseconds."""
    return timestamp // 1000 if timestamp and timestamp > 10**11 else timestamp or None


def own_facts(project: str, region: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the facts from the API's own fields, from a record of the SDK."""
    return {
        "project_id": project,
        "region": region,
        "ssl_id": row["SSLId"],
        "ssl_name": row["SSLName"],
        "ssl_type": row["SSLType"],
        "hash_value": row["HashValue"],
        "created_at": utc(row["CreateTime"]),
        "created_at_epoch": row["CreateTime"],
        "source": {0: "ulb", 1: "ussl"}[row["SSLSource"]],
        "ussl_id": row.get("USSLId"),
        "bound": bool(row["Relations"]),
        "bindings": [
            {
                "load_balancer_id": relation["LoadBalancerId"],
                "load_balancer_name": relation["LoadBalancerName"],
                "load_balancer_type": {"alb": "application", "ulb": "classic"}[relation["LoadBalancerId"][:3]],
                "listener_id": relation["ListenerId"],
                "listener_name": relation["ListenerName"],
                "is_default": relation["IsDefault"],
                **dict.fromkeys(("protocol", "port", "addresses", "tls")),
            }
            for relation in row["Relations"]
        ],
        "content": row.get("SSLContent") or None,
    }


def test_the_whole_demonstration_field_by_field(simulator: Simulator, connect: Connect) -> None:
    client = connect(simulator)
    query = Query(("all",), ("all",), content="all", page_size=11)

    facts, warnings = list_certificates(client, Settings(client.connection, query, ()), certs.NOW)

    expected = sorted(from_sdk(simulator), key=lambda found: (found[0], found[1], found[2]["SSLId"]))
    assert warnings == []
    assert facts["errors"] == []
    assert facts["complete"] is True
    assert facts["evaluated_at"] == "2026-01-01T00:00:00Z"
    assert facts["count"] == facts["total_count"] == len(facts["certificates"]) == len(expected) == len(simulator.fleet)
    for certificate, (project, region, row) in zip(facts["certificates"], expected, strict=True):
        own = own_facts(project, region, row)
        assert {name: certificate[name] for name in own} == own
        check_dates(certificate, row)


def check_dates(certificate: dict[str, Any], row: dict[str, Any]) -> None:
    """Compare the dates with those in the leaf, otherwise with those of the API; otherwise there must be none."""
    if certificate["validity_from"] == "certificate":
        leaf = next(
            item for item in certificates_in(row) if hex(item.serial_number) == certificate["x509"]["serial_number"]
        )
        # Every version of cryptography has these deprecated properties.
        utc_suffix = "_utc" if hasattr(leaf, "not_valid_after_utc") else ""
        start, end = (getattr(leaf, f"not_valid_{which}{utc_suffix}") for which in ("before", "after"))
        expected = tuple(timestamp.strftime("%Y-%m-%dT%H:%M:%SZ") for timestamp in (start, end))
    else:
        expected = (utc(seconds(row.get("NotBefore"))), utc(seconds(row.get("NotAfter"))))
        assert certificate["validity_from"] == ("api" if any(expected) else None)
    assert (certificate["not_before"], certificate["not_after"]) == expected


def certificates_in(row: dict[str, Any]) -> list[x509.Certificate]:
    end = "-----END CERTIFICATE-----"
    blocks = [text.rpartition("-----BEGIN CERTIFICATE-----") for text in row["SSLContent"].split(end)[:-1]]
    return [x509.load_pem_x509_certificate("".join((*block[1:], end)).encode()) for block in blocks]


def test_the_dates_of_the_platform_are_those_of_its_certificates(simulator: Simulator, connect: Connect) -> None:
    """They differ only for the one certificate that demonstrates it."""
    client = connect(simulator)
    query = Query(("all",), ("all",))

    facts, _unused = list_certificates(client, Settings(client.connection, query, ()), certs.NOW)

    by_id = {certificate["ssl_id"]: certificate for certificate in facts["certificates"]}
    drifting = [
        by_id[row["SSLId"]]["ssl_name"]
        for _unused, _unused, row in from_sdk(simulator)
        if row.get("NotAfter") and seconds(row["NotAfter"]) != by_id[row["SSLId"]]["not_after_epoch"]
    ]
    assert drifting == ["loyalty.example.com"]
