# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choose the Python of this machine for each ansible-core. cores.py prints the result as JSON, for noxfile.py.

With `--note`, it prints what is not covered instead, or nothing if everything is.

To add a release of ansible-core, add it to CORES, pin it in a file in tests/requirements, and write into support.py how
long it is supported.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import NamedTuple

from . import pythons


@dataclass(frozen=True)
class Core:
    """A version of ansible-core with which this collection is tested. It is pinned in tests/requirements."""

    version: str
    pythons: tuple[str, ...]
    """Versions of Python for the controller, the preferred one first."""
    pip: str
    """The version of pip that its ansible-test installs, see homes.py."""
    prerelease: bool = False
    without_sanity: tuple[str, ...] = ()
    """Sanity tests to skip, because they need more than a package index."""


#: All supported versions, the newest first. Together, their preferred Pythons are all that ansible-core supports.
CORES = (
    # Its pylint needs a package from GitHub.
    Core("2.22", pythons=("3.13", "3.14"), pip="25.2", prerelease=True, without_sanity=("pylint",)),
    Core("2.21", pythons=("3.13", "3.14", "3.12"), pip="25.2"),
    Core("2.20", pythons=("3.12", "3.13", "3.14"), pip="25.2"),
    Core("2.19", pythons=("3.11", "3.13", "3.12"), pip="24.2"),
    Core("2.18", pythons=("3.12", "3.13", "3.11"), pip="24.2"),
    Core("2.17", pythons=("3.10", "3.11", "3.12"), pip="23.1.2"),
    # Not Python 3.12: the oldest supported urllib3 does not work there.
    Core("2.16", pythons=("3.10", "3.11"), pip="23.1.2"),
)
#: The collection should be tested with the first one. Others replace it on machines without a Python for it.
NEWEST_FIRST = tuple(core for core in CORES if not core.prerelease)
FLOOR = CORES[-1]
OLDEST_TARGET = ("3.9",)


class Choice(NamedTuple):
    """An ansible-core, and the version of Python for it on this machine."""

    core: Core
    python: str


def newest(found: dict[str, str]) -> Choice | None:
    """Return the newest ansible-core that one of these Pythons can run."""
    return next((choice for core in NEWEST_FIRST for choice in [choose(core, found)] if choice), None)


def choose(core: Core, found: dict[str, str]) -> Choice | None:
    """Return an ansible-core with the first of its Pythons that was found; ``None`` if there is none."""
    python = first_of(core.pythons, found)
    return Choice(core, python) if python else None


def first_of(versions: tuple[str, ...], found: dict[str, str]) -> str | None:
    """Return the first of these versions of Python that was found; ``None`` if there is none."""
    return next((version for version in versions if version in found), None)


def note(found: dict[str, str]) -> str:
    """Return what is not covered, because an older ansible-core replaces the newest one; empty if none does."""
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
