# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one process of a run of Ansible has fetched, for all of its processes.

Every task of every host runs in a process of its own, so memory is not shared. Texts are kept in the folder for
temporary files that belongs to the run: only its owner can read it, it is the same in all processes, and it is
removed when the run ends.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar

from ..module_utils._api.connection import Connection
from ..module_utils._api.errors import OptionError, UCloudError
from ._failures import tell, wait_for_lock

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class RunCache:
    """Texts by key (a tuple that JSON can write), for what one set of credentials sees at one endpoint.

    :param folder: the run's own folder for temporary files.
    :param connection: endpoint and credentials.
    """

    def __init__(self, folder: Path, connection: Connection) -> None:
        identity = (
            connection.base_url,
            connection.channel_key,
            connection.public_key,
            connection.private_key,
            connection.security_token,
            # What an endpoint says that was not verified is not for those who verify it.
            connection.validate_certs,
            connection.ca_path,
        )
        self.folder = folder / f"ucloud.ulb-{_digest(identity)}"
        # Whoever is more patient does not fail with those who are less.
        self._manners = (connection.timeout, connection.max_retries, connection.concurrency)
        #: What failed for keys of the last :meth:`get`.
        self.failures: dict[Any, UCloudError] = {}

    def get(
        self,
        keys: Sequence[Key],
        fetch: Callable[[list[Key]], Mapping[Key, str | UCloudError]],
        load: Callable[[str], Value],
    ) -> dict[Key, Value]:
        """What ``load`` makes of the texts of ``keys``, in their order.

        Those that are missing, or that ``load`` refuses with a ValueError, are fetched, in one call, by one process.
        Other processes that ask meanwhile wait for it. A key that ``fetch`` has an error for, or nothing, stays out.
        The error is in :attr:`failures`, and is theirs, too, who have waited; whoever comes later fetches again.
        Nothing is kept if ``fetch`` raises. If its process dies, the next one that waits fetches.

        :raises OptionError: the run's folder cannot be used.
        """
        self.failures = {}
        found = self._read(keys, load)
        if len(found) < len(keys):
            try:
                with self._lock() as (file, told):
                    found = self._read(keys, load)
                    missing = [key for key in keys if key not in found]
                    self.failures = {key: told[name] for key in missing if (name := self._name(key)) in told}
                    missing = [key for key in missing if key not in self.failures]
                    fetched = self._fetch(missing, fetch, file) if missing else {}
            except OSError as error:
                raise OptionError(
                    f"cache: what is listed cannot be kept in {self.folder}: {error.strerror or error}",
                    hint="Set local_tmp in ansible.cfg to a folder on a local disk, or use cache='none'.",
                ) from None
            found.update((key, load(text)) for key, text in fetched.items())
        return {key: found[key] for key in keys if key in found}

    def _fetch(
        self, keys: list[Key], fetch: Callable[[list[Key]], Mapping[Key, str | UCloudError]], file: FileIO
    ) -> dict[Key, str]:
        texts, failures = {}, {}
        for key, outcome in fetch(keys).items():
            if isinstance(outcome, UCloudError):
                failures[key] = outcome
            else:
                texts[key] = outcome
                self._write(key, outcome)
        self.failures.update(failures)
        if failures:
            tell(file, {self._name(key): error for key, error in self.failures.items()})
        return texts

    def has(self, keys: Sequence[Key]) -> bool:
        """Whether nothing of ``keys`` would have to be fetched."""
        return all(self._path(key).exists() for key in keys)

    def _read(self, keys: Sequence[Key], load: Callable[[str], Value]) -> dict[Key, Value]:
        found = {}
        for key in keys:
            # What is not there, is not a file of this user's, or is spoilt, is fetched.
            with suppress(OSError, ValueError):
                found[key] = load(_read_own_file(self._path(key)))
        return found

    def _write(self, key: Key, text: str) -> None:
        path = self._path(key)
        draft = path.with_suffix(".draft")  # whoever holds the lock is the only one who writes
        draft.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(draft, flags, _PRIVATE_FILE), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        draft.replace(path)

    @contextmanager
    def _lock(self) -> Iterator[tuple[FileIO, dict[str, UCloudError]]]:
        """Be the only process that fetches. The kernel takes the lock from a process that dies.

        Yields the lock's file, and what failed while it was waited for.
        """
        self.folder.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        with FileIO(os.open(self.folder / "lock", flags, _PRIVATE_FILE), "r+") as file:
            yield file, wait_for_lock(file)

    def _name(self, key: Hashable) -> str:
        return _digest((key, self._manners))

    def _path(self, key: Key) -> Path:
        return self.folder / f"{_digest(key)}.json"


def _read_own_file(path: Path) -> str:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8", newline="") as file:
        if os.fstat(file.fileno()).st_uid != os.geteuid():
            raise PermissionError(f"{path} belongs to another user")
        return file.read()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]
