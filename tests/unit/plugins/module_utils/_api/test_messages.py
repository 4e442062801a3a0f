# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are masked in messages, and other words are kept. See test_redaction.py for private keys."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.messages import MASK, may_be_secret, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Params [LoadBalancerId] not available", None),
        ("the region cn-bj2 of project org-abc123 is not open to you", None),
        ("参数错误：地域不存在", None),
        ("", None),
        ("<script>(function(){var a='b';if(!c&&d[0])e()})()</script><h1>502</h1>", None),
        ("see productionloadbalancercertificate for more", f"see {MASK} for more"),
        ("Signature=0123456789abcdef0123456789abcdef01234567 is wrong", f"{MASK} is wrong"),
        ("was %4d%49%49%45%76%51%49%42%41%44%41%4e%42%67%6b%71%68%6b%69%47", f"was {MASK}"),
        ("was 4d:49:49:45:76:51:49:42:41:44:41:4e", f"was {MASK}"),
        ("was M I I E v Q I B A D A N B g k q h", f"was {MASK}"),
        ("was " + r"\x4d\x49\x49\x45\x76\x51\x49\x42\x41\x44\x41\x4e\x42\x67\x6b\x71\x68\x6b\x69\x47", f"was {MASK}"),
    ],
)  # fmt: skip
def test_messages_lose_what_may_be_secret_and_nothing_else(text: str, shown: str | None) -> None:
    assert without_secrets(text) == (text if shown is None else shown)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----",
        "Private Key is malformed",
        "PRIVATE%20KEY",
        "p-r-i-v-a-t-e k.e.y",
        "&#80;RIVATE KEY",
        "\\u0050RIVATE_KEY",
        "\uff30\uff32\uff29\uff36\uff21\uff34\uff25 KEY",
        "PRI\u200bVATE KEY",
    ],
)
def test_a_message_that_speaks_of_a_private_key_is_not_shown(text: str) -> None:
    assert without_secrets(text) is None


def test_a_run_that_is_only_found_after_decoding_is_not_shown() -> None:
    assert without_secrets("was MIIEvQIBADAN\u200bBgkqhkiG9w0BAQ") is None


def test_own_secrets_are_masked_as_they_are_and_as_requests_spell_them() -> None:
    own = ["key+/=", None, "", "token"]

    assert (
        without_secrets("key+/= token key%2B%2F%3D key%2B/%3D t o k e n", own)
        == f"{MASK} {MASK} {MASK} {MASK} t o k e n"
    )


@pytest.mark.parametrize(
    "string",
    [
        '{"SSLContent": null}',
        "-----BEGIN RSA PRIVATE KEY-----",
        "Action=GetRegion&SecurityToken=abc",
        "Signature=" + "0a" * 20,
        'Signature": "' + "0a" * 4,
        "sum " + "0a" * 20 + " differs",
    ],
)
def test_what_may_be_secret(string: str) -> None:
    assert may_be_secret(string) is True


@pytest.mark.parametrize(
    "string",
    ["", "Signature VerifyAC Error", "Missing signature", "9c1b2c7e-2f0a-4f0e-9f0e-2d1c9b8a7f6e"],
)
def test_what_is_not_secret(string: str) -> None:
    assert may_be_secret(string) is False
