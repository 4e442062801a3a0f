# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find what is left in memory after certificates were listed. Run it in a new process, which has not seen any key."""

from __future__ import annotations

import gc
import io
import pickle
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import UCloudError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import Gathered, gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query


def gather_and_tell(asked: list[tuple[Connection, Query]], now: int, output: Path) -> None:
    """List certificates. Pickle the outcomes in words, and all texts that can be reached now, but not before."""
    known = set(texts())
    outcomes = [_outcome(connection, query, now) for connection, query in asked]
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(30)  # a request that is still in flight after a failure
    gc.collect()
    found = set(texts()) - known
    output.write_bytes(pickle.dumps((list(map(_said, outcomes)), found)))


def _outcome(connection: Connection, query: Query, now: int) -> Gathered | UCloudError:
    with closing(Client(connection, "unit tests")) as client:
        try:
            return gather(client, query, now)
        except UCloudError as error:
            return error  # with its traceback, and the frames in it


def _said(outcome: Gathered | UCloudError) -> str:
    if isinstance(outcome, UCloudError):
        return str(outcome)
    return "; ".join([*map(str, outcome.errors), f"{len(outcome.certificates)} found"])


def texts() -> Iterator[str | bytes]:
    """Return all text and bytes that can be reached from objects of the garbage collector, and from frames."""
    waiting = [*gc.get_objects(), *sys._current_frames().values()]
    # Keep all referents, because otherwise new ones could reuse the ids of earlier ones.
    seen: dict[int, object] = {}
    own = {id(waiting), id(seen)}
    while waiting:
        item = waiting.pop()
        if id(item) in seen or id(item) in own:
            continue
        seen[id(item)] = item
        if isinstance(item, str):
            yield str.__str__(item)  # without other attributes of subclasses
        elif isinstance(item, (bytes, bytearray)):
            yield bytes(item)
        elif isinstance(item, io.BytesIO) and not item.closed:
            yield item.getvalue()
        else:
            waiting += gc.get_referents(item)
