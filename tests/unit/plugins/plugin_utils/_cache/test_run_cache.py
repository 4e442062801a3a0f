# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The run cache: one fetch for many processes, and protection against other users."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import stat
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    IncompleteListingError,
    MissingLibraryError,
    OptionError,
    RequestContext,
    TransportError,
    UCloudError,
    api_error,
)
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache import private_directory, run_cache
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.run_cache import RunCache

from ..cache_users import CONNECTION, KEYS, ask, hang, queue_of

Key = tuple[str, str]
PROCESSES = 8
#: Timeout in seconds for starting processes on a busy machine.
PATIENCE = 120


class Source:
    """Returns texts, and records the keys of each call."""

    def __init__(self, *, without: tuple[Key, ...] = (), text: str = "about {0[1]}") -> None:
        self.asked: list[list[Key]] = []
        self._without = without
        self._text = text

    def __call__(self, keys: list[Key]) -> Mapping[Key, str]:
        self.asked.append(keys)
        return {key: self._text.format(key) for key in keys if key not in self._without}


ALL = {key: f"about {key[1]}" for key in KEYS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The temporary folder of the run, as created by Ansible."""
    created = tmp_path / "run"
    created.mkdir(mode=0o700)
    return created


@pytest.fixture
def cache(folder: Path) -> RunCache:
    return RunCache(folder, CONNECTION)


def files(cache: RunCache) -> list[Path]:
    return sorted(path for path in cache.folder.iterdir() if path.name != "lock")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_texts_are_fetched_once(cache: RunCache, folder: Path) -> None:
    source = Source()
    assert cache.get(KEYS, source, str) == (ALL, {})
    assert cache.get(KEYS[::-1], source, str) == (ALL, {})
    assert RunCache(folder, CONNECTION).get(KEYS[:1], source, str) == ({KEYS[0]: "about cn-bj2"}, {})
    assert source.asked == [KEYS]


def test_texts_are_in_the_order_of_the_keys(cache: RunCache) -> None:
    source = Source()
    cache.get(KEYS[1:], source, str)
    assert list(cache.get(KEYS, source, str)[0]) == KEYS
    assert list(cache.get(KEYS[::-1], source, str)[0]) == KEYS[::-1]


def test_only_what_is_missing_is_fetched(cache: RunCache) -> None:
    source = Source()
    cache.get(KEYS[:1], source, str)
    assert cache.get(KEYS, source, str) == (ALL, {})
    assert source.asked == [KEYS[:1], KEYS[1:]]


def test_keys_without_a_result_are_fetched_again(cache: RunCache) -> None:
    source = Source(without=(KEYS[1],))
    assert cache.get(KEYS, source, str) == ({KEYS[0]: "about cn-bj2"}, {})
    assert cache.get(KEYS, source, str) == ({KEYS[0]: "about cn-bj2"}, {})
    assert source.asked == [KEYS, KEYS[1:]]


def test_nothing_is_fetched_without_keys(cache: RunCache) -> None:
    source = Source()
    assert cache.get([], source, str) == ({}, {})
    assert source.asked == []


def test_has(cache: RunCache) -> None:
    assert not cache.has(KEYS)
    cache.get(KEYS[:1], Source(), str)
    assert cache.has(KEYS[:1])
    assert not cache.has(KEYS)


def test_texts_may_contain_any_characters(cache: RunCache) -> None:
    text = '商城 "\\\n\r\n\u2028{{ x }}'
    cache.get(KEYS, lambda keys: dict.fromkeys(keys, text), str)
    assert cache.get(KEYS, Source(), str) == (dict.fromkeys(KEYS, text), {})


@pytest.mark.parametrize("damaged", [b"", b'{"a": ', b"\xff\xfe"])
def test_damaged_files_are_fetched_again(cache: RunCache, damaged: bytes) -> None:
    source = Source(text='"about {0[1]}"')
    assert cache.get(KEYS, source, json.loads) == (ALL, {})
    files(cache)[0].write_bytes(damaged)
    assert cache.get(KEYS, source, json.loads) == (ALL, {})
    assert [len(keys) for keys in source.asked] == [2, 1]


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    reason = os.strerror(errno.ENOENT)
    message = rf"^cache: cannot store the listing in .*: {reason}. Set local_tmp in ansible.cfg"
    with pytest.raises(OptionError, match=message):
        RunCache(tmp_path / "nowhere", CONNECTION).get(KEYS, Source(), str)


def test_an_exception_is_not_cached(cache: RunCache) -> None:
    def fail(_keys: list[Key]) -> Mapping[Key, str]:
        raise TransportError("no route", RequestContext("GetRegion", "api.example.com"), retryable=False)

    with pytest.raises(TransportError, match="no route"):
        cache.get(KEYS, fail, str)
    assert not cache.has(KEYS[:1])
    assert files(cache) == []
    assert cache.get(KEYS, Source(), str) == (ALL, {})


CONTEXT = RequestContext("DescribeSSLV2", "api.example.com", "hk", "org-1")
TIMEOUT = TransportError("no response within 30 s", CONTEXT, "Raise timeout.", retryable=True, retry_after=2.5)
ERRORS = [
    TIMEOUT,
    IncompleteListingError("the listing does not add up", CONTEXT),
    TransportError("no route", RequestContext("GetRegion", "api.example.com"), retryable=False),
    *(api_error(CONTEXT, code, "nein: 商城", "request-1", 7.0) for code in (153, 171, 230, 299)),
]


def run_together(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run calls concurrently, each in a thread, and return their results."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(PATIENCE)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, call) for call in calls]]


def ask_together(
    folder: Path, keys: list[list[Key]], fetch: Any, connections: list[Connection] | None = None
) -> list[tuple[dict[Key, str], dict[Key, UCloudError]]]:
    """Query caches concurrently, each for its keys. Return values and errors."""
    caches = [RunCache(folder, connection) for connection in connections or [CONNECTION] * len(keys)]
    return run_together([partial(cache.get, wanted, fetch, str) for cache, wanted in zip(caches, keys, strict=True)])


class FromQueue:
    """Returns texts and errors once ``number`` threads have reached the lock. Records the keys of each call."""

    def __init__(
        self,
        number: int,
        monkeypatch: pytest.MonkeyPatch,
        answer: Callable[[list[Key]], Mapping[Key, str | UCloudError]],
    ) -> None:
        self.asked: list[list[Key]] = []
        self._waiting = queue_of(number, monkeypatch)
        self._answer = answer

    def __call__(self, keys: list[Key]) -> Mapping[Key, str | UCloudError]:
        self.asked.append(keys)
        assert self._waiting.wait(PATIENCE)
        return self._answer(keys)


def times_out(keys: list[Key]) -> Mapping[Key, UCloudError]:
    return dict.fromkeys(keys, TIMEOUT)


@pytest.mark.parametrize("error", ERRORS, ids=[f"{type(error).__name__} {error.problem}" for error in ERRORS])
def test_waiting_processes_share_errors_of_keys(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: UCloudError
) -> None:
    fetch = FromQueue(PROCESSES, monkeypatch, lambda _keys: {KEYS[0]: "about cn-bj2", KEYS[1]: error})

    answers = ask_together(folder, [KEYS] * PROCESSES, fetch)

    assert fetch.asked == [KEYS]
    for answer, failures in answers:
        assert answer == {KEYS[0]: "about cn-bj2"}
        (failed,) = failures.values()
        assert list(failures) == [KEYS[1]]
        assert type(failed) is type(error)
        assert vars(failed) == vars(error)
        assert failed.args == error.args


def outcomes_together(folder: Path, fetch: Any) -> list[Any]:
    """Query many caches concurrently. Return their results or exceptions."""

    def run() -> Any:
        try:
            return RunCache(folder, CONNECTION).get(KEYS, fetch, str)
        except (UCloudError, ValueError, LookupError, RecursionError, OSError) as error:
            return error

    return run_together([run] * PROCESSES)


@pytest.mark.parametrize("error", [OptionError("regions: no"), MissingLibraryError("requests", "why"), *ERRORS[:2]])
def test_waiting_processes_share_exceptions(folder: Path, monkeypatch: pytest.MonkeyPatch, error: UCloudError) -> None:
    fetch = FromQueue(PROCESSES, monkeypatch, raising(error))

    raised = outcomes_together(folder, fetch)

    assert fetch.asked == [KEYS]
    assert [(type(each), vars(each)) for each in raised] == [(type(error), vars(error))] * PROCESSES


@pytest.mark.parametrize(
    "error", [ValueError("secret"), KeyError("secret"), RecursionError("secret"), OSError("secret")]
)
def test_unexpected_exceptions_are_raised_once_and_shared_without_their_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fetch = FromQueue(PROCESSES, monkeypatch, raising(error))

    raised = outcomes_together(folder, fetch)

    assert fetch.asked == [KEYS]
    assert [each for each in raised if each is error] == [error]
    others = [each for each in raised if each is not error]
    assert {type(each) for each in others} == {UCloudError}
    kind = type(error).__name__
    assert {each.problem for each in others} == {
        f"the process that listed certificates for all others failed with a {kind}"
    }
    assert not any("secret" in path.read_text(encoding="utf-8") for path in folder.rglob("lock"))


def test_an_invalid_text_is_fetched_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_text: str) -> str:
        raise ValueError("damaged")

    fetch = FromQueue(PROCESSES, monkeypatch, lambda keys: dict.fromkeys(keys, "text"))

    def run() -> str:
        with pytest.raises((ValueError, UCloudError)) as caught:
            RunCache(folder, CONNECTION).get(KEYS, fetch, refuse)
        return str(caught.value)

    said = run_together([run] * PROCESSES)
    assert fetch.asked == [KEYS]
    assert sum("failed with a ValueError" in each for each in said) == PROCESSES - 1


def raising(error: Exception) -> Callable[[list[Key]], Mapping[Key, str | UCloudError]]:
    def fail(_keys: list[Key]) -> Mapping[Key, str | UCloudError]:
        raise error

    return fail


def fill_disk(monkeypatch: pytest.MonkeyPatch, *, before: str) -> None:
    """Simulate a full disk for files whose names contain ``before``."""

    def write(folder: int, name: str, text: str) -> None:
        if before in name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        private_directory.write(folder, name, text)

    monkeypatch.setattr(run_cache, "write", write)


def test_a_full_disk_is_detected_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_disk(monkeypatch, before=".json")
    fetch = FromQueue(PROCESSES, monkeypatch, lambda keys: dict.fromkeys(keys, "text"))

    raised = outcomes_together(folder, fetch)

    assert fetch.asked == [KEYS]
    assert {type(each) for each in raised} == {OptionError}
    (problem,) = {each.problem for each in raised}
    assert problem.startswith("cache: cannot store the listing in ")
    assert problem.endswith(f": {os.strerror(errno.ENOSPC)}")


def test_later_processes_do_not_fetch_while_the_disk_is_full(cache: RunCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(folder: int, name: str, text: str) -> None:
        if len(text) >= 100_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        private_directory.write(folder, name, text)

    source = Source(text="x" * 200_000)
    with monkeypatch.context() as full:
        full.setattr(run_cache, "write", write)
        for _unused in range(3):
            with pytest.raises(OptionError, match="cannot store the listing in"):
                cache.get(KEYS, source, str)
    assert source.asked == [KEYS]
    # There is space again.
    assert cache.get(KEYS, source, str) == (dict.fromkeys(KEYS, "x" * 200_000), {})
    assert len(names_in(cache.folder)) == 3


def test_nothing_is_fetched_if_the_disk_is_full(cache: RunCache, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_disk(monkeypatch, before="")
    source = Source()
    assert {type(each) for each in outcomes_together(folder, source)} == {OptionError}
    assert source.asked == []
    monkeypatch.undo()
    assert cache.get(KEYS, source, str) == (ALL, {})


def test_reserved_space_is_released(cache: RunCache) -> None:
    there = []

    def fetch(keys: list[Key]) -> Mapping[Key, UCloudError]:
        there.append({path.name: path.stat().st_size for path in cache.folder.iterdir()})
        return times_out(keys)

    cache.get(KEYS, fetch, str)
    assert there == [{"lock": 0, "reserve": 32768}]
    assert names_in(cache.folder) == ["lock"]


def test_later_processes_fetch_again(cache: RunCache, folder: Path) -> None:
    asked = []

    def fetch(keys: list[Key]) -> Mapping[Key, UCloudError]:
        asked.append(keys)
        return times_out(keys)

    for _unused in range(2):
        assert cache.get(KEYS, fetch, str) == ({}, times_out(KEYS))
    assert RunCache(folder, CONNECTION).get(KEYS, Source(), str) == (ALL, {})
    assert asked == [KEYS, KEYS]
    assert cache.get(KEYS, fetch, str) == (ALL, {})


def test_waiting_processes_fetch_other_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = FromQueue(2, monkeypatch, lambda keys: {key: TIMEOUT if key == KEYS[0] else "there" for key in keys})

    (first, _failed), (both, failed) = ask_together(folder, [KEYS[:1], KEYS], fetch)

    assert (first, both) == ({}, {KEYS[1]: "there"})
    assert [*failed] == KEYS[:1]
    # Regardless of the order, nothing was requested twice.
    assert sorted(fetch.asked) in ([KEYS[:1], KEYS[1:]], [KEYS])


def test_errors_are_not_shared_with_other_timeouts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = FromQueue(2, monkeypatch, times_out)

    answers = ask_together(folder, [KEYS] * 2, fetch, [CONNECTION, replace(CONNECTION, timeout=600)])

    assert answers == [({}, times_out(KEYS))] * 2
    assert fetch.asked == [KEYS, KEYS]


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b"\xff", b'{"failures": 1}', b'{"failures": {"": {"kind": "x"}}}']
)
def test_malformed_shared_errors_are_ignored(
    cache: RunCache, folder: Path, monkeypatch: pytest.MonkeyPatch, damaged: bytes
) -> None:
    def die(keys: list[Key]) -> Mapping[Key, UCloudError]:
        (cache.folder / "lock").write_bytes(damaged)
        return {} if keys == KEYS else times_out(keys)

    assert ask_together(folder, [KEYS] * 2, FromQueue(2, monkeypatch, die)) == [({}, {})] * 2
    assert cache.get(KEYS, Source(), str) == (ALL, {})


@pytest.mark.parametrize(
    "other",
    [
        {"base_url": "https://api.example.com/"},
        {"channel_key": "dedicated-1"},
        {"public_key": "another"},
        {"private_key": "another"},
        {"security_token": "another"},
        {"validate_certs": False},
        {"ca_path": "/etc/ssl/other.pem"},
    ],
)
def test_nothing_is_shared_with_other_credentials(cache: RunCache, folder: Path, other: dict[str, Any]) -> None:
    cache.get(KEYS, Source(text="of the first"), str)
    second = RunCache(folder, replace(CONNECTION, **other))
    assert not second.has(KEYS)
    assert second.get(KEYS, Source(text="of the second"), str) == (dict.fromkeys(KEYS, "of the second"), {})


def test_results_are_shared_with_other_transport_settings(cache: RunCache, folder: Path) -> None:
    cache.get(KEYS, Source(), str)
    assert RunCache(folder, replace(CONNECTION, timeout=5, concurrency=1, max_retries=0)).has(KEYS)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_permissions(cache: RunCache, folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        cache.get(KEYS, Source(), str)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in cache.folder.iterdir()}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [cache.folder.name]


def test_file_names_contain_no_credentials(cache: RunCache) -> None:
    cache.get(KEYS, Source(), str)
    said = " ".join(str(path) for path in (cache.folder, *cache.folder.iterdir()))
    for secret in (CONNECTION.public_key, CONNECTION.private_key, "cn-bj2"):
        assert secret not in said


VICTIMS = "somebody else's"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file that an attacker wants to be read or written."""
    path = tmp_path / "victim"
    path.write_text(VICTIMS, encoding="utf-8")
    return path


PLANTS: dict[str, Callable[[Path, Path], None]] = {
    "symbolic link": lambda path, victim: path.symlink_to(victim),
    "dangling link": lambda path, victim: path.symlink_to(victim.with_name("made")),
    "hard link": lambda path, victim: path.hardlink_to(victim),
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
class TestPlantedFiles:
    """A file of the cache is replaced by a link. This should be impossible."""

    def test_entries_are_replaced(self, cache: RunCache, victim: Path, plant: Callable[[Path, Path], None]) -> None:
        cache.get(KEYS, Source(text='"about {0[1]}"'), json.loads)
        for path in files(cache):
            path.unlink()
            plant(path, victim)
        source = Source(text='"about {0[1]}"')
        assert cache.get(KEYS, source, json.loads) == (ALL, {})
        assert source.asked == [KEYS]
        assert [path.stat().st_nlink for path in files(cache)] == [1, 1]
        assert not any(path.is_symlink() for path in files(cache))
        assert victim.read_text(encoding="utf-8") == VICTIMS
        assert not victim.with_name("made").exists()

    def test_drafts_are_replaced(self, cache: RunCache, victim: Path, plant: Callable[[Path, Path], None]) -> None:
        cache.get(KEYS, Source(), str)
        for path in files(cache):
            path.unlink()
            plant(path.with_name(f"{path.name}.draft"), victim)
        assert cache.get(KEYS, Source(), str) == (ALL, {})
        assert [path.suffix for path in files(cache)] == [".json", ".json"]
        assert victim.read_text(encoding="utf-8") == VICTIMS
        assert not victim.with_name("made").exists()

    def test_nothing_is_written_through_the_lock(
        self, cache: RunCache, victim: Path, plant: Callable[[Path, Path], None]
    ) -> None:
        cache.folder.mkdir(mode=0o700)
        plant(cache.folder / "lock", victim)
        if (cache.folder / "lock").is_symlink():
            with pytest.raises(OptionError, match="cannot store the listing in"):
                cache.get(KEYS, Source(), str)
        else:
            assert cache.get(KEYS, Source(), str) == (ALL, {})
        assert victim.read_text(encoding="utf-8") == VICTIMS
        assert not victim.with_name("made").exists()


def test_a_named_pipe_does_not_block(cache: RunCache) -> None:
    cache.get(KEYS, Source(), str)
    for path in files(cache):
        path.unlink()
        os.mkfifo(path)
    assert cache.get(KEYS, Source(), str) == (ALL, {})
    assert all(path.is_file() for path in files(cache))


def assert_refused(cache: RunCache, reason: str) -> None:
    source = Source()
    with pytest.raises(OptionError, match=f"^cache: cannot store the listing in .*: {reason}. Set local_tmp in"):
        cache.get(KEYS, source, str)
    assert not cache.has(KEYS)
    assert source.asked == []


def planted_folder(cache: RunCache) -> list[str]:
    """Create a cache with untrusted content, and return its file names."""
    cache.get(KEYS, Source(text=VICTIMS), str)
    return names_in(cache.folder)


def test_a_link_instead_of_the_folder_is_not_followed(cache: RunCache, tmp_path: Path) -> None:
    names = planted_folder(cache)
    elsewhere = cache.folder.rename(tmp_path / "elsewhere")
    cache.folder.symlink_to(elsewhere)
    assert_refused(cache, os.strerror(errno.ENOTDIR))
    assert names_in(elsewhere) == names


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o720, 0o740, 0o702, 0o770, 0o777, 0o1777])
def test_a_folder_that_is_open_to_others_is_not_used(cache: RunCache, mode: int) -> None:
    names = planted_folder(cache)
    cache.folder.chmod(mode)
    assert_refused(cache, "the folder belongs to another user, or is open to others")
    assert names_in(cache.folder) == names


def test_a_folder_that_inherits_its_group_is_used(cache: RunCache) -> None:
    cache.folder.mkdir(mode=0o700)
    cache.folder.chmod(0o2700)
    assert cache.get(KEYS, Source(), str) == (ALL, {})


def give_away(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """Give files to another user, or without root permissions, pretend so for this process."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, 65534, 65534)
        return
    inodes = {path.stat().st_ino for path in paths}
    plain_fstat = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        status = plain_fstat(descriptor)
        owner = status.st_uid + (status.st_ino in inodes)
        return os.stat_result((*status[:4], owner, *status[5:]))

    monkeypatch.setattr(os, "fstat", fstat)


def test_another_users_folder_is_not_used(cache: RunCache, monkeypatch: pytest.MonkeyPatch) -> None:
    names = planted_folder(cache)
    give_away(monkeypatch, cache.folder)
    assert_refused(cache, "the folder belongs to another user, or is open to others")
    assert names_in(cache.folder) == names


def test_another_users_file_is_not_trusted(cache: RunCache, monkeypatch: pytest.MonkeyPatch) -> None:
    planted_folder(cache)
    give_away(monkeypatch, *files(cache))
    source = Source()
    assert cache.get(KEYS, source, str) == (ALL, {})
    assert source.asked == [KEYS]
    assert [path.stat().st_uid for path in files(cache)] == [os.geteuid()] * 2


def test_a_replaced_folder_stays_empty(cache: RunCache, tmp_path: Path) -> None:
    def exchange(keys: list[Key]) -> Mapping[Key, str]:
        cache.folder.rename(tmp_path / "moved")
        cache.folder.mkdir(mode=0o777)
        return {key: f"about {key[1]}" for key in keys}

    assert cache.get(KEYS, exchange, str) == (ALL, {})
    assert names_in(cache.folder) == []
    assert len(names_in(tmp_path / "moved")) == 3


def test_drafts_of_dead_processes_are_replaced(cache: RunCache) -> None:
    cache.get(KEYS, Source(), str)
    for path in files(cache):
        path.rename(path.with_name(f"{path.name}.draft"))
    assert cache.get(KEYS, Source(text="new"), str) == (dict.fromkeys(KEYS, "new"), {})
    assert [path.suffix for path in files(cache)] == [".json", ".json"]


def test_many_threads_fetch_once(cache: RunCache) -> None:
    source = Source()
    assert run_together([partial(cache.get, KEYS, source, str)] * PROCESSES) == [(ALL, {})] * PROCESSES
    assert source.asked == [KEYS]


def test_many_processes_fetch_once(cache: RunCache, folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [context.Process(target=ask, args=(folder, start, answers)) for _unused in range(PROCESSES)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=PATIENCE) for _unused in processes] == [(ALL, {})] * PROCESSES
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert (folder / "fetches").read_text(encoding="utf-8") == f"{KEYS}\n"
    source = Source()
    assert cache.get(KEYS, source, str) == (ALL, {})
    assert source.asked == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_dies_while_fetching_blocks_no_others(cache: RunCache, folder: Path, number: int) -> None:
    context = multiprocessing.get_context("spawn")
    fetching = context.Event()
    process: Any = context.Process(target=hang, args=(folder, fetching))
    process.start()
    assert fetching.wait(PATIENCE)
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(cache.get(KEYS, Source(), str)), daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert answers == []  # The other process is still fetching.
    os.kill(process.pid, number)
    process.join(PATIENCE)
    waiting.join(PATIENCE)
    assert answers == [(ALL, {})]
