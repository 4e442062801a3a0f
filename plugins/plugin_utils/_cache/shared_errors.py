# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process that holds a lock tells those who wait for it: why it failed.

Without it fifty processes would ask an endpoint that hangs one after another, each until its own deadline.
"""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from io import FileIO
from typing import Any

from ...module_utils._api import errors
from ...module_utils._api.errors import RequestContext, UCloudError

_KINDS: dict[str, type[UCloudError]] = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, UCloudError)
}


def wait_for_lock(file: FileIO) -> dict[str, UCloudError]:
    """Lock a file, and return what :func:`tell` wrote into it meanwhile: what was there before is of no concern."""
    before = _records(file)
    fcntl.flock(file, fcntl.LOCK_EX)
    return _told_since(file, before)


def _told_since(file: FileIO, before: Mapping[str, Any]) -> dict[str, UCloudError]:
    told = {}
    for name, record in _records(file).items():
        if before.get(name) != record:
            with suppress(TypeError, KeyError, AttributeError):  # what is no record says nothing
                told[name] = _from_record(record)
    return told


def for_others(error: Exception) -> UCloudError:
    """An error as those who wait for it are told: of one that is not ours, no more than its kind.

    Its text may hold anything, also what must not be written to a file.
    """
    if isinstance(error, UCloudError):
        return error
    return UCloudError(
        f"the process that asked for all others of this run failed with a {type(error).__name__}",
        hint="This is a fault of the collection, or of a library. The other process has said more, with -vvv.",
    )


def tell(file: FileIO, failures: Mapping[str, UCloudError]) -> None:
    """Write into a locked file what failed, by names of no meaning here, beside what failed earlier."""
    told = {**_records(file), **{name: _to_record(error) for name, error in failures.items()}}
    # A full disk is no reason to say something else than what failed.
    with suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(json.dumps(told, default=str).encode())


def _records(file: FileIO) -> dict[str, Any]:
    file.seek(0)
    try:
        records = json.loads(file.readall())
    except ValueError:  # nothing was written yet, or who wrote it died over it
        return {}
    return records if isinstance(records, dict) else {}


def _to_record(error: UCloudError) -> dict[str, Any]:
    context = vars(error.context) if error.context else None
    # The same failure again is another one.
    return {"id": secrets.token_hex(8), "kind": type(error).__name__, "fields": {**vars(error), "context": context}}


def _from_record(record: dict[str, Any]) -> UCloudError:
    kind, fields = _KINDS.get(record["kind"], UCloudError), record["fields"]
    error = kind.__new__(kind, fields["problem"])
    context = RequestContext(**fields["context"]) if fields["context"] else None
    vars(error).update({**fields, "context": context})
    return error
