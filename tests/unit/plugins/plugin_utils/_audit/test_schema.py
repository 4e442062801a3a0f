# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of an audit have what audits have."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import (
    Audit,
    AuditedCertificate,
    AuditedListener,
    Finding,
)
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.validation import validate
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
