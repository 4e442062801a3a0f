# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.ucloud.ulb.tests.truth import hosts


def test_hosts_and_forms_of_names() -> None:
    assert [str(difference) for difference in hosts.differences()] == []
