# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Data from outside is checked against the types of an audit."""

from __future__ import annotations

from collections import UserDict

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import Audit, Baseline
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.validation import validate
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import hostile_audit, plain_audit


def test_dictionaries_of_other_classes_are_valid() -> None:
    audit = hostile_audit()
    audit["findings"] = [UserDict(finding) for finding in audit["findings"]]

    validate(UserDict(audit), Baseline, "baseline", "")


def test_other_keys_are_ignored() -> None:
    audit = plain_audit() | {"more": 1}
    audit["certificates"][0]["more"] = 1

    validate(audit, Audit, "audit", "")


def test_an_error_says_what_to_do() -> None:
    with pytest.raises(OptionError) as caught:
        validate({}, Baseline, "baseline", "Do this.")
    assert caught.value.describe() == "baseline.findings: missing. Do this."
