# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that could not be read, and may be among those that were requested."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import unreadable
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate, Content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.unreadable import UnreadableError
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

CONSEQUENCE = "are kept"


def certificate(number: int, content: Content | None = None, **record: Any) -> Certificate:
    found = Certificate.from_api({"SSLId": f"ssl-{number}", **record}, "hk", None)
    return found.with_content(content) if content else found


def query(on_unreadable: str = "warn", **selection: Any) -> Query:
    return Query(("hk",), selection=Selection(**selection), on_unreadable=on_unreadable)


UNREAD = Content(x509_error="it cannot be read")
READ = Content(domains=("a.example.com",), not_before=0, not_after=certs.NOW, x509={"fingerprints": {"sha256": "aa"}})


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        ({}, []),
        ({"ssl_ids": frozenset(["ssl-1"])}, []),
        ({"domains": ("a.example.com",)}, ["ssl-1", "ssl-2", "ssl-3"]),
        # The platform reports that it is for another domain.
        ({"domains": ("b.example.com",)}, ["ssl-1", "ssl-3"]),
        ({"expired": True}, ["ssl-1", "ssl-3"]),
        ({"fingerprints": frozenset(["aa"])}, ["ssl-1", "ssl-2", "ssl-3"]),
    ],
)
def test_which_are_undecided(selection: dict[str, Any], ids: list[str]) -> None:
    listed = [
        certificate(1, UNREAD),
        certificate(2, UNREAD, Domains="a.example.com", NotAfter=certs.NOW),
        # The API returned no content.
        certificate(3),
        certificate(4, READ),
    ]

    found = unreadable.undecided(listed, query(**selection), certs.NOW)

    assert [item.ssl_id for item in found] == ids


def test_nothing_to_say() -> None:
    assert unreadable.report([], query(), CONSEQUENCE) == []
    assert unreadable.report([], query("fail"), CONSEQUENCE) == []


def test_one_sentence_says_which_and_why() -> None:
    (warning,) = unreadable.report([certificate(1, UNREAD), certificate(2)], query(), CONSEQUENCE)

    assert warning == (
        "2 certificate(s) could not be read, and are kept:"
        " ssl-1 in hk (it cannot be read), ssl-2 in hk (the API returned no content)."
    )


def test_a_sentence_names_a_few() -> None:
    (warning,) = unreadable.report([certificate(number, UNREAD) for number in range(1000)], query(), CONSEQUENCE)

    assert warning.startswith("1000 certificate(s) could not be read")
    assert warning.count("ssl-") == 5
    assert warning.endswith(" and 995 more.")


def test_it_may_be_a_failure() -> None:
    with pytest.raises(UnreadableError) as raised:
        unreadable.report([certificate(1, UNREAD)], query("fail"), CONSEQUENCE)

    assert str(raised.value).startswith("1 certificate(s) could not be read, and are kept: ssl-1 in hk")
    assert "on_unreadable" in raised.value.describe()
