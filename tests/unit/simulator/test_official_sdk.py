# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official SDK understands the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Simulator, bulk

client_module = pytest.importorskip("ucloud.client")
exc = pytest.importorskip("ucloud.core.exc")


@pytest.fixture(scope="module")
def served() -> Iterator[Simulator]:
    with Simulator(bulk(250, regions=["cn-bj2", "hk"])) as simulator:
        yield simulator


def client(sim: Simulator, **changes: Any) -> Any:
    account = sim.accounts["main"]
    config = {
        "public_key": account.public_key,
        "private_key": account.private_key,
        "base_url": sim.http_url,
        "region": "cn-bj2",
        "project_id": "org-bulk",
        "max_retries": 0,
        "timeout": 20,
    }
    return client_module.Client({**config, **changes})


def test_regions_and_projects(served: Simulator) -> None:
    account = client(served).uaccount()
    assert [row["Region"] for row in account.get_region()["Regions"]] == ["cn-bj2", "hk"]
    assert [row["ProjectId"] for row in account.get_project_list()["ProjectSet"]] == ["org-bulk"]


def test_paging_through_the_typed_method(served: Simulator) -> None:
    ulb = client(served).ulb()
    ids: list[str] = []
    while True:
        page = ulb.describe_ssl_v2({"Limit": 50, "Offset": len(ids)})
        if not page["DataSet"]:
            break
        ids += [item["SSLId"] for item in page["DataSet"]]
    assert len(ids) == len(set(ids)) == page["TotalCount"] == 125


def test_invoke_over_https(served: Simulator) -> None:
    https = client(served, base_url=served.https_url, ssl_cacert=served.ca_path)
    answer = https.invoke("DescribeSSLV2", {"Region": "hk", "Limit": 1})
    assert (answer["RetCode"], answer["TotalCount"]) == (0, 125)
    assert served.requests[-1].scheme == "https"


def test_wrong_key(served: Simulator) -> None:
    with pytest.raises(exc.RetCodeException) as raised:
        client(served, private_key="wrong").invoke("DescribeSSLV2")
    assert raised.value.code == 171
