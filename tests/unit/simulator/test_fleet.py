# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Project, Region, record


def test_a_single_scope() -> None:
    fleet = Fleet.single([{"SSLId": "ssl-1"}], region="hk", project="org-x")
    assert (fleet.region_names, fleet.project_ids) == (["hk"], ["org-x"])
    assert list(fleet) == [("hk", "org-x", {"SSLId": "ssl-1"})]
    assert len(fleet) == 1


def test_default_project() -> None:
    regions = [Region("hk")]
    named = Fleet(regions, [Project("org-1"), Project("org-2", is_default=True)])
    assert named.default_project == "org-2"
    assert Fleet(regions, [Project("org-1"), Project("org-2")]).default_project == "org-1"


def test_scopes_outside_the_fleet_are_refused() -> None:
    fleet = Fleet.single()
    with pytest.raises(ValueError, match="no such region or project"):
        fleet.add({}, region="mars")
    with pytest.raises(ValueError, match="no such region or project"):
        fleet.listing(project="org-none")
    with pytest.raises(ValueError, match="at least one region"):
        Fleet([], [])


def test_records_may_be_changed_in_place() -> None:
    fleet = Fleet.single([{"SSLId": "ssl-1"}])
    fleet.listing()[0]["SSLName"] = "näme"
    assert json.loads(fleet.listing().render(0, 1)) == {"SSLId": "ssl-1", "SSLName": "näme"}


def test_record_has_the_platforms_hash_and_may_be_overruled() -> None:
    created = record("ssl-1", "n", "abc", 5, SSLSource=1, USSLId="ussl-1")
    assert created["HashValue"] == "900150983cd24fb0d6963f7d28e17f72"
    assert (created["SSLSource"], created["USSLId"], created["Relations"]) == (1, "ussl-1", [])
