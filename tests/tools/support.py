# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long ansible-core and Python are supported by their makers, and what of it is tested.

docs_tables.py writes it into the guide. A test compares it with the ansible-core that runs the test.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import cores


@dataclass(frozen=True)
class Support:
    """What its makers say about a version of ansible-core."""

    end_of_life: str
    """The month of it, as the matrix in ansible-core's documentation has it."""
    controllers: tuple[str, str]
    """The oldest and the newest Python on the control node."""
    targets: tuple[str, str]
    """The oldest and the newest Python on targets."""


#: https://docs.ansible.com/ansible/devel/reference_appendices/release_and_maintenance.html
ANSIBLE_CORE = {
    "2.22": Support("2028-05", controllers=("3.13", "3.15"), targets=("3.9", "3.15")),
    "2.21": Support("2027-11", controllers=("3.12", "3.14"), targets=("3.9", "3.14")),
    "2.20": Support("2027-05", controllers=("3.12", "3.14"), targets=("3.9", "3.14")),
    "2.19": Support("2026-11", controllers=("3.11", "3.13"), targets=("3.8", "3.13")),
    "2.18": Support("2026-05", controllers=("3.11", "3.13"), targets=("3.8", "3.13")),
    "2.17": Support("2025-11", controllers=("3.10", "3.12"), targets=("3.7", "3.12")),
    "2.16": Support("2025-05", controllers=("3.10", "3.12"), targets=("2.7", "3.12")),
}
#: https://devguide.python.org/versions/
PYTHON = {
    "3.15": "2031-10",
    "3.14": "2030-10",
    "3.13": "2029-10",
    "3.12": "2028-10",
    "3.11": "2027-10",
    "3.10": "2026-10",
    "3.9": "2025-10",
}

CORES_HEAD = """
.. list-table::
   :header-rows: 1
   :widths: 22 18 20 20 20

   * - ansible-core
     - End of life
     - Python on the control node
     - Python on targets
     - Tested with Python
"""
PYTHONS_HEAD = """
.. list-table::
   :header-rows: 1
   :widths: 22 18 60

   * - Python
     - End of life
     - Tested
"""


def table() -> str:
    """Return both tables as reStructuredText."""
    rows = "".join(map(_core, cores.CORES))
    return f"{CORES_HEAD}{rows}{PYTHONS_HEAD}{''.join(map(_python, PYTHON))}\n"


def _core(core: cores.Core) -> str:
    support = ANSIBLE_CORE[core.version]
    # What runs on targets wants a newer Python than some of them.
    oldest = max(support.targets[0], *cores.OLDEST_TARGET, key=_number)
    cells = (
        f"{core.version}, before its release" if core.prerelease else core.version,
        support.end_of_life,
        f"{support.controllers[0]} to {support.controllers[1]}",
        f"{oldest} to {support.targets[1]}",
        core.pythons[0],
    )
    return _row(cells)


def _python(version: str) -> str:
    on_control_node = [core.version for core in reversed(cores.CORES) if core.pythons[0] == version]
    tested = [f"with ansible-core {' and '.join(on_control_node)}"] if on_control_node else []
    tested += (
        [f"on targets, with ansible-core {cores.NEWEST_FIRST[0].version}"] if version in cores.OLDEST_TARGET else []
    )
    return _row((version, PYTHON[version], "; ".join(tested) or "no"))


def _row(cells: tuple[str, ...]) -> str:
    return "   * - " + "\n     - ".join(cells) + "\n"


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
