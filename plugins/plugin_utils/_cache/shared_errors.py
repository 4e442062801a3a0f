# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that a process with a lock shares with the processes that wait for the lock.

Otherwise dozens of processes would query an endpoint that hangs, one after another, each until its own timeout.
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
    """Lock a file. Return the errors that were recorded in it while this process waited, by name.

    Errors that were recorded before are ignored.
    """
    before = _records(file)
    fcntl.flock(file, fcntl.LOCK_EX)
    return _errors_since(file, before)


def record_errors(file: FileIO, failures: Mapping[str, UCloudError]) -> None:
    """Record errors by name in a locked file, in addition to earlier ones."""
    records = {**_records(file), **{name: _to_record(error) for name, error in failures.items()}}
    # A full disk must not replace the error to report.
    with suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(json.dumps(records, default=str).encode())


def shareable(error: Exception) -> UCloudError:
    """Return an error in the form that is shared. Of unexpected exceptions, only the type is shared.

    Their text might contain anything, including secrets that must not be written to a file.
    """
    if isinstance(error, UCloudError):
        return error
    return UCloudError(
        f"the process that listed certificates for all others failed with a {type(error).__name__}",
        hint="This is a bug in the collection or in a library. With -vvv, the output of that process has the details.",
    )


def _errors_since(file: FileIO, before: Mapping[str, Any]) -> dict[str, UCloudError]:
    found = {}
    for name, record in _records(file).items():
        if before.get(name) != record:
            with suppress(TypeError, KeyError, AttributeError):  # Ignore malformed records.
                found[name] = _from_record(record)
    return found


def _records(file: FileIO) -> dict[str, Any]:
    file.seek(0)
    try:
        records = json.loads(file.readall())
    except ValueError:  # The file is empty, or a process died while writing it.
        return {}
    return records if isinstance(records, dict) else {}


def _to_record(error: UCloudError) -> dict[str, Any]:
    context = vars(error.context) if error.context else None
    # The id distinguishes a repeated error from the one that was recorded before.
    return {"id": secrets.token_hex(8), "kind": type(error).__name__, "fields": {**vars(error), "context": context}}


def _from_record(record: dict[str, Any]) -> UCloudError:
    kind, fields = _KINDS.get(record["kind"], UCloudError), record["fields"]
    error = kind.__new__(kind, fields["problem"])
    context = RequestContext(**fields["context"]) if fields["context"] else None
    vars(error).update({**fields, "context": context})
    return error
