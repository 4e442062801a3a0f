# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data that changes between pages."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Fault, Simulator

from .calling import Caller


@pytest.mark.parametrize(
    ("how", "first", "second", "total"),
    [
        # One record twice, the new one never.
        ("insert_at_front", ["ssl-0", "ssl-1"], ["ssl-1", "ssl-2"], 6),
        # ssl-2 is never listed.
        ("delete_first", ["ssl-0", "ssl-1"], ["ssl-3", "ssl-4"], 4),
        # One record twice, another never, with the same total.
        ("move", ["ssl-0", "ssl-1"], ["ssl-1", "ssl-2"], 5),
    ],
)
def test_shift_between_pages(
    sim: Simulator, main: Caller, how: str, first: list[str], second: list[str], total: int
) -> None:
    sim.add_fault(Fault("shift", how=how, after=1))
    assert main.ids(Limit=2) == first
    page = main.call(Limit=2, Offset=2)
    assert [item["SSLId"] for item in page["DataSet"]] == second
    assert page["TotalCount"] == total


def test_shift_stays_until_faults_are_cleared(sim: Simulator, main: Caller) -> None:
    before = main.ids()
    sim.add_fault(Fault("shift", how="insert_at_front", times=2))
    assert main.ids() == ["ssl-inserted1", *before]
    assert main.ids() == ["ssl-inserted2", "ssl-inserted1", *before]
    assert main.ids() == ["ssl-inserted2", "ssl-inserted1", *before]
    sim.clear_faults()
    assert main.ids() == before


def test_shift_stays_in_its_scope(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("shift", how="delete_first"))
    assert len(main.ids()) == 4
    assert main.ids(Region="hk", ProjectId="org-b") == ["ssl-0"]


def test_move_is_a_rotation(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("shift", how="move", times=None))
    assert main.ids() == ["ssl-4", "ssl-0", "ssl-1", "ssl-2", "ssl-3"]
    assert main.ids() == ["ssl-3", "ssl-4", "ssl-0", "ssl-1", "ssl-2"]


def test_more_may_be_deleted_than_there_is(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("shift", how="delete_first", times=None))
    for _unused in range(7):
        page = main.call()
    assert (page["DataSet"], page["TotalCount"]) == ([], 0)


def test_swap_keeps_the_number(sim: Simulator, main: Caller) -> None:
    sim.add_fault(Fault("shift", how="swap", times=2))
    assert main.ids() == ["ssl-1", "ssl-2", "ssl-3", "ssl-4", "ssl-inserted1"]
    assert main.ids() == ["ssl-2", "ssl-3", "ssl-4", "ssl-inserted1", "ssl-inserted2"]
