# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator in a separate process, and three ways to list its certificates."""

from __future__ import annotations

import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import local
from typing import Any

import requests
from ucloud.client import Client as SdkClient

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.signing import flatten, sign
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import Gathered, gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.gather import gather_listeners
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.query import ListenerQuery
from ansible_collections.ucloud.ulb.plugins.module_utils._options import Settings
from ansible_collections.ucloud.ulb.plugins.modules import ssl_info

from ..demo.run import simulator
from ..simulator.datasets.bulk_balancers import LISTENERS_EACH

_SILENT = logging.getLogger("ulb.benchmarks")
_SILENT.setLevel(logging.CRITICAL)
CONCURRENCY = 8
PAGE = 100
UNREAD = Selection(names=("no certificate is called so",))
"""A selection by API fields only, for which no content is read."""


class Server:
    """A running simulator with ``count`` certificates and ``balancers`` load balancers."""

    def __init__(self, state: dict[str, Any], regions: int, count: int, balancers: int = 0) -> None:
        self.state = state
        self.account = state["accounts"]["main"]
        self.url: str = state["http_url"]
        self.count = count
        self.listener_count = balancers * LISTENERS_EACH
        self.regions = [row["Region"] for row in self.call({"Action": "GetRegion"})["Regions"]][:regions]

    def gather(self, selection: Selection | None = None, *, max_retries: int = 5) -> Gathered:
        """List everything like the plugins."""
        query = Query(tuple(self.regions), selection=selection or Selection(), page_size=PAGE)
        with closing(self._client(max_retries)) as client:
            found = gather(client, query, int(time.time()))
        _expect(self.count, found.total)
        return found

    def gather_listeners(self) -> None:
        """List all listeners like the plugins."""
        with closing(self._client()) as client:
            found = gather_listeners(client, ListenerQuery(tuple(self.regions), page_size=PAGE))
        _expect(self.listener_count, found.total)

    def ssl_info(self, *, listeners: bool = False) -> None:
        """Do the work of the module ``ssl_info``."""
        query = Query(tuple(self.regions), page_size=PAGE, listeners=listeners)
        with closing(self._client()) as client:
            settings = Settings(client.connection, query, ())
            facts, _warnings = ssl_info.list_certificates(client, settings, int(time.time()))
        _expect(self.count, facts["count"])
        _expect(self.listener_count if listeners else 0, len(facts["listeners"] or ()))

    def sdk(self) -> None:
        """List everything like the example of the official SDK, page by page and region by region."""
        _expect(self.count, len(self._sdk_rows("DescribeSSLV2")))

    def sdk_listeners(self) -> None:
        """List all listeners in the same way, with the actions that the plugins use."""
        rows = [
            *self._sdk_rows("DescribeLoadBalancers", "LoadBalancers", Type="Application", ShowDetail=True),
            *self._sdk_rows("DescribeULB"),
        ]
        self._sdk_rows("DescribeSecurityPoliciesV2")
        _expect(self.listener_count, sum(len(row.get("Listeners") or row.get("VServerSet") or ()) for row in rows))

    def _sdk_rows(self, action: str, field: str = "DataSet", **parameters: Any) -> list[dict[str, Any]]:
        client = SdkClient(
            {
                "public_key": self.account["public_key"],
                "private_key": self.account["private_key"],
                "base_url": self.url,
                "project_id": "",
            },
            # Replace its own logger, which logs every response.
            logger=_SILENT,
        )
        rows: list[dict[str, Any]] = []
        for region in self.regions:
            offset, total = 0, 1
            while offset < total:
                page = {**parameters, "Region": region, "Offset": offset, "Limit": PAGE}
                answer = client.invoke(action, page)
                total = answer["TotalCount"]
                offset += len(answer[field])
                rows += answer[field]
        return rows

    def _client(self, max_retries: int = 5) -> Client:
        connection = Connection(
            self.account["public_key"],
            self.account["private_key"],
            base_url=self.url,
            concurrency=CONCURRENCY,
            max_retries=max_retries,
        )
        return Client(connection, "benchmark")

    def floor(self) -> None:
        """Fetch the same pages with the same concurrency and discard them, which is the lower bound for any client."""
        sessions = local()

        def fetch(window: tuple[str, int]) -> int:
            if not hasattr(sessions, "session"):
                sessions.session = requests.Session()
            region, offset = window
            form = {"Action": "DescribeSSLV2", "Region": region, "Offset": offset, "Limit": PAGE}
            # Each page except the first begins with the last record of the previous page.
            return len(self.call(form, sessions.session)["DataSet"]) - bool(offset)

        share = self.count // len(self.regions)
        offsets = range(0, max(1, share - 1), PAGE - 1)
        windows = [(region, offset) for region in self.regions for offset in offsets]
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            _expect(self.count, sum(pool.map(fetch, windows)))

    def requests_of(self, action: Callable[[], object]) -> int:
        """Return the number of requests of an action."""
        url = f"{self.state['control_url']}/requests"
        requests.delete(url, timeout=60).raise_for_status()
        action()
        return int(requests.get(url, timeout=60).json()["count"])

    def limit(self, per_second: int) -> None:
        """Limit the rate of requests. Others are answered with RetCode 153."""
        url = f"{self.state['control_url']}/rate_limit"
        requests.post(url, json={"per_second": per_second}, timeout=60).raise_for_status()

    def call(self, parameters: dict[str, Any], session: Any = requests) -> dict[str, Any]:
        """Return the response to a request."""
        form = flatten({**parameters, "PublicKey": self.account["public_key"]})
        form["Signature"] = sign(form, self.account["private_key"])
        answer: dict[str, Any] = json.loads(session.post(self.url, data=form, timeout=60).content)
        return answer


@contextmanager
def serving(
    count: int, *, latency: float = 0.0, regions: int = 1, distinct: float | None = None, balancers: int = 0
) -> Iterator[Server]:
    """Serve ``count`` certificates; ``latency`` is in seconds, ``distinct`` the fraction of different ones."""
    data = f"bulk:{count},regions={regions},balancers={balancers}" + (
        f",distinct={distinct}" if distinct is not None else ""
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        simulator(data, Path(folder), f"--latency={latency}", "--lifetime=3600") as state,
    ):
        server = Server(state, regions, count, balancers)
        # Render all pages once, so that rendering is not measured.
        server.floor()
        yield server


def _expect(wanted: int, found: int | None) -> None:
    if found != wanted:
        raise AssertionError(f"{found} records were listed instead of {wanted}")
