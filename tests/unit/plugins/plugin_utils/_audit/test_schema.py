# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of an audit, and the validator that is derived from them."""

from __future__ import annotations

from collections import UserDict
from typing import Any, get_type_hints

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import (
    Audit,
    AuditedCertificate,
    AuditedListener,
    Baseline,
    Finding,
    validate,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    hostile_audit,
    listeners_audit,
    plain_audit,
    unread_audit,
    waived_audit,
)

AUDITS = (hostile_audit, listeners_audit, plain_audit, unread_audit, waived_audit)


@pytest.mark.parametrize("audit", [make() for make in AUDITS], ids=[make.__name__ for make in AUDITS])
def test_the_types_have_all_that_an_audit_has(audit: Any) -> None:
    validate(audit, Audit, "audit", "")
    assert audit.keys() == get_type_hints(Audit).keys()
    for finding in audit["findings"]:
        assert finding.keys() == get_type_hints(Finding).keys()
    for certificate in audit["certificates"]:
        assert certificate.keys() == get_type_hints(AuditedCertificate).keys()
    for listener in audit["listeners"] or ():
        assert listener.keys() == get_type_hints(AuditedListener).keys()


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
