# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator: its sites, and the thread that serves them."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from . import tls
from .accounts import Account, default_accounts
from .api import ACTIONS, Api, Scope, Settings
from .control import Control
from .endpoints import Endpoint, Endpoints, Script
from .faults import Fault, FaultBoard
from .fleet import Fleet, Listing
from .gateway import Gateway
from .recorder import Recorder, RequestRecord
from .shifting import ShiftedListing
from .sites import HOST, Site
from .throttle import Throttle

T = TypeVar("T")
CALL_TIMEOUT = 30.0
"""Timeout in seconds for calls to the server thread, which take milliseconds."""
log = logging.getLogger(__name__)


class Simulator:
    """The UCloud API on the loopback address, served by a separate thread.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`. It can be started only once. URLs have no
    trailing slash.
    """

    def __init__(
        self,
        fleet: Fleet,
        settings: Settings | None = None,
        *,
        http_port: int = 0,
        https_port: int = 0,
        control_port: int = 0,
    ) -> None:
        """Port 0 selects a free port. Ports are opened by :meth:`start`."""
        self.settings = settings or Settings()
        self.accounts: dict[str, Account] = default_accounts(fleet.project_ids[-1])
        self.http_url = ""
        self.https_url = ""
        self.control_url = ""
        self.ca_path = ""
        self.roots_path = ""
        self._ports = (http_port, https_port, control_port)
        self._board = FaultBoard()
        self._recorder = Recorder()
        self._api = Api(fleet, self.accounts, self.settings, self._view)
        self._gateway = Gateway(self._api, self.settings, self._board, self._recorder, self._begin_refusal)
        self._sites: list[Site] = []
        self._control_site: Site | None = None
        self._tls_sites: dict[str, Site] = {}
        self._endpoints = Endpoints()
        self._reopening: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._folder: Path | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="ucloud-simulator", daemon=True)

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Open the ports and serve.

        Raises:
            OSError: A port is in use. Nothing is left open.
        """
        self._thread.start()
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="ucloud-simulator-"))
            self.ca_path = str(tls.write_authority(self._folder))
            self.roots_path = self._write_roots(self._folder)
            self._call(self._open_sites())
        except BaseException:
            self.stop()
            raise

    def _write_roots(self, folder: Path) -> str:
        """Write the roots that clients of the fleet trust, and return the path; empty if it has none."""
        if not self.fleet.roots:
            return ""
        path = folder / "roots.pem"
        path.write_text(self.fleet.roots, encoding="ascii")
        return str(path)

    def stop(self) -> None:
        """Close all sockets, stop the thread, remove the folder. A second call does nothing."""
        if self._thread.is_alive():
            self._call(self._close_sites())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        if not self._loop.is_closed():
            self._loop.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @property
    def fleet(self) -> Fleet:
        """The data that is served. Change it with its own methods."""
        return self._api.fleet

    @property
    def requests(self) -> list[RequestRecord]:
        """All requests since the start or the last reset, in order of arrival."""
        return self._recorder.snapshot()

    @property
    def request_count(self) -> int:
        """Number of requests since the start or the last reset."""
        return len(self._recorder)

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The active faults, with how many requests each has matched (``seen``) and affected (``fired``)."""
        return self._board.describe()

    def add_fault(self, *faults: Fault) -> None:
        """Activate faults. They are applied in this order."""
        for fault in faults:
            self._board.add(fault)

    def rate_limit(self, per_second: float | None, mode: str = "retcode") -> None:
        """Limit the rate of requests; ``None`` removes the limit.

        Requests above the limit get RetCode 153 (mode ``retcode``) or HTTP status 429 (mode ``http429``).
        """
        self._gateway.throttle = None if per_second is None else Throttle(per_second, mode)

    def refuse(self, seconds: float) -> None:
        """Refuse connections for some seconds, or until faults are cleared."""
        self._call(self._refuse_now(seconds))

    def tls_site(self, kind: str) -> str:
        """Return the URL of an HTTPS site with an invalid certificate, one of ``tls.BAD_KINDS``."""
        return self._call(self.open_tls_site(kind))

    def endpoint(self, kind: str | Script, address: str = HOST, port: int = 0) -> Endpoint:
        """Open another endpoint that stands for a listener: a kind in ``endpoints.KINDS``, or a script of its own.

        Raises:
            OSError: The port is in use.
        """
        return self._call(self.open_endpoint(kind, address, port))

    def clear_faults(self) -> None:
        """Remove all faults. This restores shifted data, and accepts connections again."""
        self._call(self.remove_faults())

    def clear_requests(self) -> None:
        """Remove all recorded requests."""
        self._recorder.clear()

    def clear(self) -> None:
        """Remove faults, rate limit and recorded requests. Data, accounts and settings stay."""
        self.clear_faults()
        self.rate_limit(None)
        self.clear_requests()

    def info(self) -> dict[str, Any]:
        """Describe the simulator and its data, without keys."""
        return {
            "name": "UCloud API simulator",
            "pid": os.getpid(),
            "http_url": self.http_url,
            "https_url": self.https_url,
            "control_url": self.control_url,
            "ca_path": self.ca_path,
            "roots_path": self.roots_path,
            "actions": list(ACTIONS),
            "accounts": list(self.accounts),
            "regions": self.fleet.region_names,
            "projects": self.fleet.project_ids,
            "certificates": len(self.fleet),
            "requests": self.request_count,
        }

    # The following methods run in the server thread.

    async def open_tls_site(self, kind: str) -> str:
        """Like :meth:`tls_site`, for callers in the server thread."""
        if kind not in tls.BAD_KINDS:
            raise ValueError(f"unknown kind of TLS site {kind!r}; valid values: {', '.join(tls.BAD_KINDS)}")
        if kind not in self._tls_sites:
            site = Site(self._gateway.handle, tls=self._context(kind))
            self._tls_sites[kind] = site
            self._sites.append(site)
            await site.open()
        return self._tls_sites[kind].url

    async def open_endpoint(self, kind: str | Script, address: str = HOST, port: int = 0) -> Endpoint:
        """Like :meth:`endpoint`, for callers in the server thread."""
        if isinstance(kind, str):
            return await self._endpoints.open(kind, address, port)
        return await self._endpoints.open_script(kind, address, port)

    async def remove_faults(self) -> None:
        """Like :meth:`clear_faults`, for callers in the server thread."""
        self._board.clear()
        await self._end_refusal()

    async def _end_refusal(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
            self._reopening = None
        for site in self._sites:
            await site.open()

    def _context(self, kind: str) -> Any:
        if self._folder is None:
            raise RuntimeError("the simulator is not running")
        return tls.server_context(kind, self._folder)

    async def _open_sites(self) -> None:
        http_port, https_port, control_port = self._ports
        http = self._new_site(http_port)
        https = self._new_site(https_port, self._context(tls.GOOD))
        self._control_site = Site(Control(self).handle, control_port)
        for site in (*self._sites, self._control_site):
            await site.open()
        self.http_url = http.url
        self.https_url = https.url
        self.control_url = self._control_site.url

    def _new_site(self, port: int, context: Any = None) -> Site:
        site = Site(self._gateway.handle, port, context)
        self._sites.append(site)
        return site

    async def _close_sites(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
        sites = [*self._sites, *([self._control_site] if self._control_site else [])]
        await asyncio.gather(*(site.close() for site in sites), self._endpoints.close())
        # A connection may just have been accepted, or its TLS handshake may just have failed.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    async def _refuse_now(self, seconds: float) -> None:
        self._begin_refusal(seconds)

    def _begin_refusal(self, seconds: float) -> None:
        for site in self._sites:
            site.refuse()
        if self._reopening is not None:
            self._reopening.cancel()
        self._reopening = self._loop.call_later(seconds, self._start_reopening)

    def _start_reopening(self) -> None:
        task = self._loop.create_task(self._end_refusal())
        # The loop only keeps weak references to tasks.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _view(self, scope: Scope, listing: Listing) -> Listing:
        for how, count in self._board.shifts(scope):
            listing = ShiftedListing(listing, how, count)
        return listing

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(_log_quietly)
        self._loop.run_forever()

    def _call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if not self._thread.is_alive():
            coroutine.close()
            raise RuntimeError("the simulator is not running")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(CALL_TIMEOUT)


def _log_quietly(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log errors of connections without a traceback, because clients that disconnect are expected."""
    if isinstance(context.get("exception"), OSError):
        log.debug("%s: %r", context.get("message"), context.get("exception"))
    else:
        loop.default_exception_handler(context)
