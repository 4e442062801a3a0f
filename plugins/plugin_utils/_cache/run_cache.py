# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache that all processes of an Ansible run share.

Ansible runs every task of every host in a separate process, so processes do not share memory. The cache stores texts in
the temporary folder of the run: only its owner can read it, all processes see it, and Ansible removes it at the end.
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
from .private_directory import exists, open_folder, open_lock, read, remove, write
from .shared_errors import record_errors, shareable, wait_for_lock

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

#: A file that reserves disk space, so that errors can be recorded even if the disk becomes full; and its size.
_RESERVE, _RESERVE_SIZE = "reserve", 32 * 1024
#: A file with the number of bytes that did not fit on the disk.
_NEEDED = "needed"


class RunCache:
    """Texts by key, for the data that one set of credentials can see at one endpoint.

    Args:
        folder: The temporary folder of the run.
        connection: Endpoint and credentials determine what can be seen. Transport settings determine what fails.
    """

    def __init__(self, folder: Path, connection: Connection) -> None:
        identity = (
            connection.base_url,
            connection.channel_key,
            connection.public_key,
            connection.private_key,
            connection.security_token,
            # Do not use responses of an unverified endpoint where verification is required.
            connection.validate_certs,
            connection.ca_path,
        )
        self.folder = folder / f"ucloud.ulb-{_digest(identity)}"
        # Lookups with longer timeouts must not fail because others with shorter ones did.
        self._transport = (connection.timeout, connection.max_retries, connection.concurrency, connection.total_timeout)

    def get(
        self,
        keys: Sequence[Key],
        fetch: Callable[[list[Key]], Mapping[Key, str | UCloudError]],
        load: Callable[[str], Value],
    ) -> tuple[dict[Key, Value], dict[Key, UCloudError]]:
        """Return the values of ``keys``, fetching those that are missing, and the errors of keys that failed.

        One process fetches all missing keys in a single call. Other processes that need keys meanwhile wait for it, and
        share its errors. Later ones fetch failed keys again. If the fetching process dies, the next waiting process
        fetches.

        Args:
            keys: Keys that can be serialized as JSON. Values are returned in this order.
            fetch: Returns a text or an error for each key. Keys without either are in none of the results. If it
                raises, nothing is stored.
            load: Parses a text. Keys for which it raises ValueError are fetched again.

        Raises:
            OptionError: The folder cannot be used, or the disk is full. Nothing is fetched if it is full already.
            UCloudError: ``fetch`` raised an error in the process that this one waited for.
        """
        failures: dict[Key, UCloudError] = {}
        found = self._read(keys, load)
        if len(found) < len(keys):
            with ExitStack() as opened:
                with self._storing():
                    # The kernel releases the lock of a process that dies.
                    folder = opened.enter_context(open_folder(self.folder, create=True))
                    lock = opened.enter_context(open_lock(folder, "lock"))
                    recorded = wait_for_lock(lock)
                found = self._read(keys, load)
                missing = [key for key in keys if key not in found]
                for key in missing:
                    if self._raised_name(key) in recorded:
                        raise recorded[self._raised_name(key)]
                failures = {key: recorded[name] for key in missing if (name := self._failure_name(key)) in recorded}
                missing = [key for key in missing if key not in failures]
                fetched, failed = self._fetch(missing, fetch, load, folder, lock) if missing else ({}, {})
            found.update(fetched)
            failures.update(failed)
        return {key: found[key] for key in keys if key in found}, failures

    def has(self, keys: Sequence[Key]) -> bool:
        """Whether all keys are cached."""
        with suppress(OSError), open_folder(self.folder) as folder:
            return all(exists(folder, _file_name(key)) for key in keys)
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
        to_record: dict[str, UCloudError] = {}
        self._reserve_space(folder)
        try:
            for key, outcome in fetch(keys).items():
                if isinstance(outcome, UCloudError):
                    failures[key] = outcome
                else:
                    values[key] = load(outcome)
                    texts[_file_name(key)] = outcome
            self._store(folder, texts)
            to_record = {self._failure_name(key): error for key, error in failures.items()}
        except Exception as error:
            to_record = dict.fromkeys(map(self._raised_name, keys), shareable(error))
            raise
        finally:
            remove(folder, _RESERVE)
            if to_record:
                record_errors(lock, to_record)
        return values, failures

    def _reserve_space(self, folder: int) -> None:
        """Check that the disk is not full before anything is fetched, and reserve space for recording errors."""
        with self._storing():
            if exists(folder, _NEEDED):
                write(folder, _RESERVE, " " * int(read(folder, _NEEDED)))
                remove(folder, _RESERVE)
            write(folder, _RESERVE, " " * _RESERVE_SIZE)

    def _store(self, folder: int, texts: Mapping[str, str]) -> None:
        try:
            with self._storing():
                for name, text in texts.items():
                    write(folder, name, text)
        except OptionError:
            # Note the required space, so that later processes can check it without fetching.
            remove(folder, _RESERVE)
            with suppress(OSError):
                write(folder, _NEEDED, str(sum(len(text.encode()) for text in texts.values())))
            raise
        remove(folder, _NEEDED)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """Explain errors of opening or writing files. Do not use it around anything else."""
        try:
            yield
        except OSError as error:
            raise OptionError(
                f"cache: cannot store the listing in {self.folder}: {error.strerror or error}",
                hint="Set local_tmp in ansible.cfg to a folder on a local disk, or use cache='none'.",
            ) from None

    def _read(self, keys: Sequence[Key], load: Callable[[str], Value]) -> dict[Key, Value]:
        found = {}
        with suppress(OSError), open_folder(self.folder) as folder:
            for key in keys:
                # Files that are missing, damaged or not a regular file of this user are fetched again.
                with suppress(OSError, ValueError):
                    found[key] = load(read(folder, _file_name(key)))
        return found

    def _failure_name(self, key: Hashable) -> str:
        return _digest((key, self._transport))

    def _raised_name(self, key: Hashable) -> str:
        return _digest((key, self._transport, "raised"))


def _file_name(key: Hashable) -> str:
    return f"{_digest(key)}.json"


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]
