# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate can replace another one. The tests of the checks cover the details."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit import successors
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.facts import CertificateFacts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import judge

from .test_fleet import ITSELF, PRIVATE, RSA, pair


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, set()),
        ({"x509": {"self_signed": True, "is_ca": True}, "key_matches": False}, {"self-signed", "CA", "wrong key"}),
        # Unknown facts are not defects.
        ({"x509": {"self_signed": None, "is_ca": None}, "key_matches": None}, set()),
        ({"x509": {"self_signed": False, "is_ca": False}, "key_matches": True}, set()),
    ],
)
def test_defects(facts: dict[str, Any], expected: set[str]) -> None:
    assert successors.defects(CertificateFacts(facts)) == expected


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [(1, 3, True), (2, 2, True), (3, 3, False), (1, 1, False), (3, 1, False), (None, 3, False), (1, None, False)],
)
def test_valid_for_sure(begins: int | None, ends: int | None, expected: bool) -> None:
    assert successors.is_valid(CertificateFacts({"not_before_epoch": begins, "not_after_epoch": ends}), 2) is expected


@pytest.mark.parametrize("half", [{}, RSA, PRIVATE, ITSELF, {"embedded_scts": None}])
def test_the_work_grows_with_the_number_of_certificates_only(
    half: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of many certificates for one name are of another kind, and are not compared one by one."""
    templates = pair({}, half)
    looked_at: list[CertificateFacts] = []
    original = successors.defects

    def defects(certificate: CertificateFacts) -> set[str]:
        looked_at.append(certificate)
        return original(certificate)

    monkeypatch.setattr(successors, "defects", defects)

    def work(number: int) -> int:
        looked_at.clear()
        fleet: list[dict[str, Any]] = []
        for place in range(number):
            for item in templates:
                digits = f"{len(fleet):064x}"
                x509_facts = {**item["x509"], "fingerprints": {"sha256": digits}}
                fleet.append({**item, "ssl_id": f"ssl-{place:04}-{item['ssl_id']}", "bound": True, "x509": x509_facts})
        judge("cert_superseded_in_use", *fleet)
        return len(looked_at)

    assert 0 < work(80) <= 2 * work(40) + 10
