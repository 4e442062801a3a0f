# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-core is tested with which Python on this machine: cores.py prints that as JSON, for noxfile.py.

`--note` prints one line instead that says what is not covered, or nothing if all is.

A new release of ansible-core: add it to CORES, with a file in tests/requirements that pins it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import NamedTuple

from . import pythons


@dataclass(frozen=True)
class Core:
    """An ansible-core that this collection is tested with; tests/requirements pins it."""

    version: str
    pythons: tuple[str, ...]
    """Versions of Python for the controller, the preferred one first."""
    pip: str
    """What its ansible-test installs into environments, see homes.py."""
    prerelease: bool = False
    without_sanity: tuple[str, ...] = ()
    """Sanity tests that need more than a package index."""


#: All that are supported, the newest first. Together, their preferred Pythons are all that ansible-core runs on.
CORES = (
    # Its pylint wants a package from GitHub.
    Core("2.22", pythons=("3.13", "3.14"), pip="25.2", prerelease=True, without_sanity=("pylint",)),
    Core("2.21", pythons=("3.13", "3.14", "3.12"), pip="25.2"),
    Core("2.20", pythons=("3.12", "3.13", "3.14"), pip="25.2"),
    Core("2.19", pythons=("3.11", "3.13", "3.12"), pip="24.2"),
    Core("2.18", pythons=("3.12", "3.13", "3.11"), pip="24.2"),
    Core("2.17", pythons=("3.10", "3.11", "3.12"), pip="23.1.2"),
    # Python 3.12 would not do: the oldest urllib3 that is supported does not work there.
    Core("2.16", pythons=("3.10", "3.11"), pip="23.1.2"),
)
#: The first is what the collection is to be tested with. The others stand in for it where there is no Python for it.
NEWEST_FIRST = tuple(core for core in CORES if not core.prerelease)
FLOOR = CORES[-1]
OLDEST_TARGET = ("3.9",)


class Choice(NamedTuple):
    """An ansible-core, and the version of Python that it is used with on this machine."""

    core: Core
    python: str


def newest(found: dict[str, str]) -> Choice | None:
    """The newest ansible-core that one of these Pythons runs."""
    return next((choice for core in NEWEST_FIRST for choice in [choose(core, found)] if choice), None)


def choose(core: Core, found: dict[str, str]) -> Choice | None:
    """An ansible-core with the first of its Pythons that is there."""
    python = first_of(core.pythons, found)
    return Choice(core, python) if python else None


def first_of(versions: tuple[str, ...], found: dict[str, str]) -> str | None:
    """The first of these versions of Python that is there."""
    return next((version for version in versions if version in found), None)


def note(found: dict[str, str]) -> str:
    """What is not covered, because an older ansible-core has to stand in for the newest one; empty if none does."""
    choice = newest(found)
    if choice is None or choice.core is NEWEST_FIRST[0]:
        return ""
    wanted, used = NEWEST_FIRST[0], choice.core
    return (
        f"NOT covered: ansible-core {wanted.version}, which wants one of Python {', '.join(sorted(wanted.pythons))}."
        f" Everything runs with ansible-core {used.version} on Python {choice.python} instead."
    )


def main() -> None:
    """Print the choice or the note."""
    found = pythons.working()
    if "--note" in sys.argv[1:]:
        line = note(found)
        if line:
            print(line)
        return
    choice = newest(found)
    print(
        json.dumps(
            {
                "pythons": found,
                "cores": [asdict(core) for core in CORES],
                "newest": choice.core.version if choice else NEWEST_FIRST[0].version,
                "floor": FLOOR.version,
                "target": OLDEST_TARGET[0],
            }
        )
    )


if __name__ == "__main__":
    main()
