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
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import TypeVar

from ...module_utils._api.connection import Connection
from ...module_utils._api.errors import OptionError, UCloudError
from .private_directory import has, open_folder, open_lock, read, remove, write
from .shared_errors import for_others, tell, wait_for_lock

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

#: The file that keeps room on the disk for what others have to be told, should it be full by then; and its size.
_ROOM, _ROOM_SIZE = "room", 32 * 1024
#: The file that says how many bytes did not fit on the disk.
_NEEDED = "needed"


class RunCache:
    """Texts by key (a tuple that JSON can write), for what one set of credentials sees at one endpoint.

    :param folder: the run's own folder for temporary files.
    :param connection: endpoint and credentials, which decide what is seen, and manners, which decide what fails.
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
        self._manners = (connection.timeout, connection.max_retries, connection.concurrency, connection.total_timeout)

    def get(
        self,
        keys: Sequence[Key],
        fetch: Callable[[list[Key]], Mapping[Key, str | UCloudError]],
        load: Callable[[str], Value],
    ) -> tuple[dict[Key, Value], dict[Key, UCloudError]]:
        """What ``load`` makes of the texts of ``keys``, in their order; and why those that are not there failed.

        Those that are missing, or that ``load`` refuses with a ValueError, are fetched, in one call, by one process.
        Other processes that ask meanwhile wait for it, and fail as it does, for whatever reason; whoever comes later
        fetches again. A key that ``fetch`` has neither a text nor an error for stays out of both. Nothing is kept if
        ``fetch`` raises. If its process dies, the next one that waits fetches.

        :raises OptionError: the run's folder cannot be used, or is full. If it is full already, nothing is fetched.
        :raises UCloudError: ``fetch`` raised something in the process that was waited for.
        """
        failures: dict[Key, UCloudError] = {}
        found = self._read(keys, load)
        if len(found) < len(keys):
            with ExitStack() as opened:
                with self._storing():
                    # The kernel takes the lock from a process that dies.
                    folder = opened.enter_context(open_folder(self.folder, make=True))
                    lock = opened.enter_context(open_lock(folder, "lock"))
                    told = wait_for_lock(lock)
                found = self._read(keys, load)
                missing = [key for key in keys if key not in found]
                for key in missing:
                    if self._raised_name(key) in told:
                        raise told[self._raised_name(key)]
                failures = {key: told[name] for key in missing if (name := self._failure_name(key)) in told}
                missing = [key for key in missing if key not in failures]
                fetched, failed = self._fetch(missing, fetch, load, folder, lock) if missing else ({}, {})
            found.update(fetched)
            failures.update(failed)
        return {key: found[key] for key in keys if key in found}, failures

    def has(self, keys: Sequence[Key]) -> bool:
        """Whether nothing of ``keys`` would have to be fetched."""
        with suppress(OSError), open_folder(self.folder) as folder:
            return all(has(folder, _file_name(key)) for key in keys)
        return False

    def _fetch(
        self,
        keys: list[Key],
        fetch: Callable[[list[Key]], Mapping[Key, str | UCloudError]],
        load: Callable[[str], Value],
        folder: int,
        lock: FileIO,
    ) -> tuple[dict[Key, Value], dict[Key, UCloudError]]:
        values, texts, failures = {}, {}, {}
        to_tell: dict[str, UCloudError] = {}
        self._make_room(folder)
        try:
            for key, outcome in fetch(keys).items():
                if isinstance(outcome, UCloudError):
                    failures[key] = outcome
                else:
                    values[key] = load(outcome)
                    texts[_file_name(key)] = outcome
            self._store(folder, texts)
            to_tell = {self._failure_name(key): error for key, error in failures.items()}
        except Exception as error:
            to_tell = dict.fromkeys(map(self._raised_name, keys), for_others(error))
            raise
        finally:
            remove(folder, _ROOM)
            if to_tell:
                tell(lock, to_tell)
        return values, failures

    def _make_room(self, folder: int) -> None:
        """See that the disk is not full before anything is asked, and keep room for what others have to be told."""
        with self._storing():
            if has(folder, _NEEDED):
                write(folder, _ROOM, " " * int(read(folder, _NEEDED)))
                remove(folder, _ROOM)
            write(folder, _ROOM, " " * _ROOM_SIZE)

    def _store(self, folder: int, texts: Mapping[str, str]) -> None:
        try:
            with self._storing():
                for name, text in texts.items():
                    write(folder, name, text)
        except OptionError:
            # So that whoever comes later need not ask to find that out.
            remove(folder, _ROOM)
            with suppress(OSError):
                write(folder, _NEEDED, str(sum(len(text.encode()) for text in texts.values())))
            raise
        remove(folder, _NEEDED)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """Say what it means if files cannot be written, or opened. What else fails is not about them."""
        try:
            yield
        except OSError as error:
            raise OptionError(
                f"cache: what is listed cannot be kept in {self.folder}: {error.strerror or error}",
                hint="Set local_tmp in ansible.cfg to a folder on a local disk, or use cache='none'.",
            ) from None

    def _read(self, keys: Sequence[Key], load: Callable[[str], Value]) -> dict[Key, Value]:
        found = {}
        with suppress(OSError), open_folder(self.folder) as folder:
            for key in keys:
                # What is not there, is not a file of this user's, or is spoilt, is fetched.
                with suppress(OSError, ValueError):
                    found[key] = load(read(folder, _file_name(key)))
        return found

    def _failure_name(self, key: Hashable) -> str:
        return _digest((key, self._manners))

    def _raised_name(self, key: Hashable) -> str:
        return _digest((key, self._manners, "raised"))


def _file_name(key: Hashable) -> str:
    return f"{_digest(key)}.json"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]
