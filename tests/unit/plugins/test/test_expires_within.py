# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate expires within a period."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.ucloud.ulb.plugins.test import expires_within as plugin
from ansible_collections.ucloud.ulb.plugins.test.expires_within import expires_within
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts

NOW, DAY = audit_facts.NOW, audit_facts.DAY
CERTIFICATE = audit_facts.with_dates(NOW - DAY, NOW + 10 * DAY)


@pytest.mark.parametrize(
    ("duration", "now", "expected"),
    [
        ("10d", NOW, True),
        ("10d", NOW - 1, False),
        ("9d23h59m59s", NOW, False),
        ("240h", NOW, True),
        ("1w3d", NOW, True),
        (" 10D ", NOW, True),
        ("0s", NOW + 10 * DAY, True),
        ("0s", NOW + 10 * DAY - 1, False),
        # An expired certificate expires within any period.
        ("0s", NOW + 99 * DAY, True),
        ("10d", "2026-11-24", True),
        ("10d", "2026-11-23T23:59:59Z", False),
    ],
)
def test_durations(duration: str, now: Any, expected: bool) -> None:
    assert expires_within(CERTIFICATE, duration, now=now) is expected


def test_the_present_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW + 0.9)

    assert expires_within(CERTIFICATE, "10d") is True
    assert expires_within(CERTIFICATE, "9d") is False


def test_what_is_not_known_does_not_expire() -> None:
    assert expires_within(audit_facts.facts(), "1000w") is False


def test_the_test_is_there() -> None:
    assert plugin.TestModule().tests() == {"expires_within": expires_within}


@pytest.mark.parametrize("certificate", [None, "ssl-1", [CERTIFICATE], {}, {"ssl_id": "ssl-1"}])
def test_what_is_no_certificate(certificate: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        expires_within(certificate, "30d")
    assert str(caught.value) == "expires_within: not the facts of a certificate: not_after_epoch is missing"


@pytest.mark.parametrize("duration", [None, 30, "30", "30 days", "", "-1d", ["30d"]])
def test_what_is_no_duration(duration: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        expires_within(CERTIFICATE, duration)
    assert str(caught.value) == (f"expires_within: {duration!r} is not a duration. Give one such as 30d, 12h or 1w2d.")


def test_what_is_no_moment() -> None:
    with pytest.raises(AnsibleFilterError, match=r"^now: 'soon' is not a valid timestamp\. Give one such as "):
        expires_within(CERTIFICATE, "30d", now="soon")


@pytest.mark.parametrize("epoch", ["1795824000", "", "soon", True, [1795824000], {"at": 1795824000}])
def test_what_is_no_number_of_seconds(epoch: Any) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        expires_within({**CERTIFICATE, "not_after_epoch": epoch}, "30d")
    assert str(caught.value) == f"expires_within: not_after_epoch is {epoch!r}, which is not a number of seconds"
