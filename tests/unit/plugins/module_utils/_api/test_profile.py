# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles of UCloud's command line tool."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._api.profile import Profile, load_profile

CREDENTIALS = [
    {"profile": "work", "public_key": "pub-work", "private_key": "hunter2-work"},
    {"profile": "home", "public_key": "pub-home", "private_key": "hunter2-home", "cookie": "x"},
]
CONFIG = [
    {
        "profile": "work",
        "active": False,
        "region": "cn-bj2",
        "project_id": "org-1",
        "base_url": "https://api.example.com/",
        "channel_key": "chan",
        "timeout_sec": 15,
    },
    {"profile": "home", "active": True, "region": "hk", "project_id": ""},
]


@pytest.fixture
def folder(home: Path) -> Path:
    path = home / ".ucloud"
    path.mkdir()
    return path


def write(folder: Path, **content: Any) -> None:
    (folder / "credential.json").write_text(json.dumps(content.get("credentials", CREDENTIALS)))
    (folder / "config.json").write_text(json.dumps(content.get("config", CONFIG)))


def problem_of(file: str | None, name: str | None = None) -> str:
    with pytest.raises(OptionError) as caught:
        load_profile(file, name)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None or "hunter2" not in repr(caught.value.__context__.args)
    return str(caught.value)


def test_no_files_make_an_empty_profile() -> None:
    assert load_profile(None, None) == Profile()


def test_the_active_profile(folder: Path) -> None:
    write(folder)
    assert load_profile(None, None) == Profile(
        name="home", public_key="pub-home", private_key="hunter2-home", region="hk"
    )


def test_a_profile_by_name(folder: Path) -> None:
    write(folder)
    assert load_profile(None, "work") == Profile(
        name="work",
        public_key="pub-work",
        private_key="hunter2-work",
        region="cn-bj2",
        project_id="org-1",
        base_url="https://api.example.com/",
        channel_key="chan",
    )


@pytest.mark.parametrize("active", [False, "false", None])
def test_no_profile_is_active(folder: Path, active: Any) -> None:
    write(folder, config=[{**CONFIG[1], "active": active}])
    assert load_profile(None, None) == Profile()


def test_repr_holds_no_secret(folder: Path) -> None:
    write(folder)
    assert "hunter2" not in repr(load_profile(None, "work"))


def test_a_file_of_the_users_choice_with_its_config_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(CREDENTIALS))
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    profile = load_profile(str(tmp_path / "mine.json"), None)
    assert (profile.name, profile.private_key, profile.region) == ("home", "hunter2-home", "hk")


def test_home_stands_for_itself_in_a_path(folder: Path) -> None:
    write(folder)
    assert load_profile("~/.ucloud/credential.json", "work").public_key == "pub-work"


def test_a_user_without_a_home_has_no_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    def expanduser(_self: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", expanduser)
    assert load_profile(None, None) == Profile()


def test_a_home_of_nobody() -> None:
    assert problem_of("~nobody-of-that-name/c.json") == (
        "shared_credentials_file: there is no file ~nobody-of-that-name/c.json."
    )


@pytest.mark.parametrize("only", ["credential.json", "config.json"])
def test_a_profile_may_stand_in_one_of_the_files(folder: Path, only: str) -> None:
    write(folder)
    for path in folder.iterdir():
        if path.name != only:
            path.unlink()
    profile = load_profile(None, "work")
    assert profile.name == "work"
    assert profile.public_key == ("pub-work" if only == "credential.json" else None)
    assert profile.region == ("cn-bj2" if only == "config.json" else None)


def test_blanks_are_stripped_and_what_is_no_text_is_not_given(folder: Path) -> None:
    entry = {"profile": "odd", "public_key": " pub\n", "private_key": 7, "region": None}
    write(folder, credentials=[entry, {"public_key": "nameless"}, {"profile": ""}], config=[])
    assert load_profile(None, "odd") == Profile("odd", public_key="pub")


def test_a_profile_that_does_not_exist(folder: Path) -> None:
    write(folder)
    assert problem_of(None, "prod") == (
        f"profile: there is no profile 'prod' in {folder}/credential.json or config.json next to it."
        " Existing profiles: home, work."
    )


def test_a_profile_where_there_are_none(home: Path) -> None:
    assert problem_of(None, "prod") == (
        f"profile: there is no profile 'prod' in {home}/.ucloud/credential.json or config.json next to it."
        " Existing profiles: none."
    )


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    assert problem_of(str(tmp_path / "no.json")) == (f"shared_credentials_file: there is no file {tmp_path}/no.json.")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    # Not by changing its mode, because root can read all files.
    (tmp_path / "dir.json").mkdir()
    assert problem_of(str(tmp_path / "dir.json")) == (
        f"shared_credentials_file: {tmp_path}/dir.json cannot be read: Is a directory."
        " Check its owner and mode: it should belong to the user who runs this, with mode 0600."
    )


@pytest.mark.parametrize("name", ["credential.json", "config.json"])
@pytest.mark.parametrize(
    "content",
    [
        b'[{"profile": "a", "private_key": "hunter2"',
        b'{"profile": "a", "private_key": "hunter2"}',
        b'["hunter2"]',
        b'"hunter2"',
        b"hunter2\xff\xfe",
        b"",
        b"[" * 100_000,
    ],
)
def test_malformed_files_are_not_repeated(folder: Path, name: str, content: bytes) -> None:
    write(folder)
    (folder / name).write_bytes(content)
    assert problem_of(None) == (
        f"shared_credentials_file: {folder}/{name} is not a JSON list of profiles."
        " Run 'ucloud config' to write it again, or fix it by hand."
    )


@pytest.mark.parametrize(
    ("mode", "expected"), [("oauth", True), ("OAuth", True), ("aksk", False), (None, False), (1, False)]
)
@pytest.mark.parametrize("place", ["credentials", "config"])
def test_profiles_that_sign_in_with_oauth(folder: Path, place: str, mode: Any, *, expected: bool) -> None:
    entries: dict[str, Any] = {"credentials": CREDENTIALS, "config": CONFIG}
    write(folder, **{place: [{**entry, "auth_mode": mode} for entry in entries[place]]})
    assert load_profile(None, "work").uses_oauth is expected


def test_a_file_with_a_null_character_in_its_name() -> None:
    assert problem_of("/a\0b").startswith("shared_credentials_file: /a\ufffdb cannot be read: not a valid path.")
