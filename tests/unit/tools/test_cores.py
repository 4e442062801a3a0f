# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ansible-core for the Pythons of a machine, and the message if it is not the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.tests.tools import cores, set_up


def machine(*versions: str) -> dict[str, str]:
    return {version: f"/usr/bin/python{version}" for version in versions}


@pytest.mark.parametrize(
    ("versions", "chosen"),
    [
        (("3.9",), None),
        (("3.10", "3.9"), ("2.17", "3.10")),
        (("3.11",), ("2.19", "3.11")),
        (("3.11", "3.10"), ("2.19", "3.11")),
        (("3.12", "3.11"), ("2.21", "3.12")),
        (("3.14", "3.13", "3.12"), ("2.21", "3.13")),
        (("3.14", "3.11"), ("2.21", "3.14")),
    ],
)
def test_the_newest_that_runs(versions: tuple[str, ...], chosen: tuple[str, str] | None) -> None:
    choice = cores.newest(machine(*versions))
    assert (choice and (choice.core.version, choice.python)) == chosen


def test_what_is_not_covered_is_said() -> None:
    assert cores.note(machine("3.13")) == ""
    assert cores.note(machine("3.11", "3.9")) == (
        "NOT covered: ansible-core 2.21, which wants one of Python 3.12, 3.13, 3.14."
        " Everything runs with ansible-core 2.19 on Python 3.11 instead."
    )


@pytest.mark.parametrize(
    ("versions", "purpose", "missing"),
    [
        (("3.11",), "demo", ["3.13"]),
        (("3.11",), "test", ["3.13"]),
        (("3.11",), "matrix", ["3.13", "3.9"]),
        (("3.12",), "demo", []),
        (("3.14",), "test", []),
        (("3.14",), "matrix", ["3.10", "3.9"]),
        (("3.13", "3.11", "3.9"), "matrix", []),
    ],
)
def test_what_is_worth_fetching(versions: tuple[str, ...], purpose: str, missing: list[str]) -> None:
    assert set_up.missing_pythons(machine(*versions), purpose) == missing


def test_what_is_fetched_runs_all() -> None:
    found = machine(*set_up.missing_pythons({}, "matrix"))
    assert [core.version for core in cores.CORES if not cores.choose(core, found)] == []


def test_each_is_pinned() -> None:
    pins = {
        core.version: Path(set_up.ROOT, f"tests/requirements/ansible-core-{core.version}.txt").read_text(
            encoding="utf-8"
        )
        for core in cores.CORES
    }
    assert [version for version, text in pins.items() if f"\nansible-core=={version}." not in text] == []


def test_only_the_first_is_a_pre_release() -> None:
    assert [core.version for core in cores.CORES if core.prerelease] in ([cores.CORES[0].version], [])
    assert cores.NEWEST_FIRST[-1] is cores.FLOOR
