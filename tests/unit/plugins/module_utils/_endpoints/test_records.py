# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The framing of TLS records."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.records import Records, alert_name

HELLO = b"\x16\x03\x03\x00\x04\x02\x00\x00\x00"
ALERT, ENCRYPTED_ALERT = b"\x15\x03\x03\x00\x02\x02\x46", b"\x15\x03\x03\x00\x1a" + b"\x15\x03\x03\x00\x02\x02\x28" * 4
EMPTY = b"\x17\x03\x03\x00\x00"


@pytest.mark.parametrize(
    ("data", "alert"),
    [
        (ALERT, 70),
        (HELLO + ALERT, 70),
        (HELLO * 3 + EMPTY + ALERT, 70),
        (b"\x15\x03\x01\x00\x02\x01\x70" + HELLO + ALERT, 70),
        (HELLO, None),
        (b"\x15\x03\x01\x00\x02\x01\x70" + HELLO, None),  # a warning
        (HELLO + ENCRYPTED_ALERT[:31], None),
        (HELLO + ALERT[:-1], None),
        # What looks like an alert is a part of another record.
        (b"\x16\x03\x03\x00\x07" + ALERT, None),
        (b"", None),
    ],
)
def test_alerts_are_found_however_the_data_arrives(data: bytes, alert: int | None) -> None:
    for size in range(1, len(data) + 2):
        records = Records()
        for start in range(0, len(data), size):
            records.add(data[start : start + size])
        assert (records.alert, records.is_tls) == (alert, True), size


@pytest.mark.parametrize(
    ("data", "is_tls"),
    [
        (b"", True),
        (b"\x16", True),
        (b"\x15\x03", True),
        (HELLO, True),
        (b"\x16\x02", False),
        (b"\x17\x03\x03", False),  # data before a handshake
        (b"H", False),
        (b"HTTP/1.1 400 Bad Request\r\n", False),
        (b"\x00" * 100, False),
        (b"\x80\x2e\x04", False),  # SSL 2.0
    ],
)
def test_what_may_be_tls(data: bytes, is_tls: bool) -> None:
    records = Records()
    records.add(data)

    assert records.is_tls is is_tls


def test_the_start_is_printable_and_short() -> None:
    records = Records()
    for byte in b"\x1b[2J\xe2\x80\xae'" + b"x" * 100:
        records.add(bytes([byte]))

    assert records.start == '"\\x1b[2J\\xe2\\x80\\xae\'xxxxxxxx"'


def test_names_of_alerts() -> None:
    assert [alert_name(number) for number in (0, 40, 70, 112, 120, 200)] == [
        "close_notify",
        "handshake_failure",
        "protocol_version",
        "unrecognized_name",
        "no_application_protocol",
        "alert 200",
    ]
