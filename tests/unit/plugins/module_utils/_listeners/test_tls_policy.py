# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS policies as the API returns them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.redaction import HIDDEN
from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import NATIVE_CIPHER_STRING, TlsPolicy
from ansible_collections.ucloud.ulb.tests.simulator.balancers import policy, predefined_policies
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

UNKNOWN = {
    "policy_id": None,
    "policy_name": None,
    "policy_kind": "unknown",
    "minimum_version": None,
    "ciphers": None,
    "cipher_string": None,
}


def test_a_custom_policy() -> None:
    found = TlsPolicy.from_api(policy("sp-1", "TLSv1.1", ["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256"], name="shop"))

    assert found.to_facts() == {
        "policy_id": "sp-1",
        "policy_name": "shop",
        "policy_kind": "custom",
        "minimum_version": "TLSv1.1",
        "ciphers": ["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256"],
        "cipher_string": None,
    }


@pytest.mark.parametrize("record", predefined_policies(), ids=lambda record: str(record["SecurityPolicyId"]))
def test_predefined_policies(record: dict[str, Any]) -> None:
    found = TlsPolicy.from_api(record)

    assert (found.policy_kind, found.minimum_version) == ("predefined", record["TLSVersion"])
    # Policies with the ciphers of the native one have an expression instead of names.
    has_names = not found.policy_id or not found.policy_id.endswith("o")
    assert found.ciphers == (tuple(record["SSLCiphers"]) if has_names else None)
    assert found.cipher_string == (None if has_names else NATIVE_CIPHER_STRING)


def test_the_native_policy_is_known_by_its_id() -> None:
    found = TlsPolicy.by_id("Default")

    assert (found.policy_kind, found.minimum_version, found.ciphers) == ("native", "TLSv1", None)
    assert found.cipher_string == NATIVE_CIPHER_STRING


def test_of_another_policy_nothing_but_its_id() -> None:
    assert TlsPolicy.by_id("sp-1").to_facts() == {**UNKNOWN, "policy_id": "sp-1"}


@pytest.mark.parametrize("record", [None, [], "Default", {}, {"SecurityPolicyId": None, "TLSVersion": []}])
def test_what_is_no_policy_is_unknown(record: Any) -> None:
    assert TlsPolicy.from_api(record).to_facts() == UNKNOWN


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("TLSv1", "TLSv1"),
        ("TLSv1.0", "TLSv1"),
        ("TLSv1.1", "TLSv1.1"),
        ("tlsv1.2", "TLSv1.2"),
        ("TLS 1.3", "TLSv1.3"),
        (" TLSv1.2 ", "TLSv1.2"),
        ("SSLv3", None),
        ("TLSv1.4", None),
        ("TLSv1.22", None),
        (1.2, None),
        ("", None),
    ],
)
def test_versions(text: Any, version: str | None) -> None:
    assert TlsPolicy.from_api({"TLSVersion": text}).minimum_version == version


@pytest.mark.parametrize(
    ("sent", "ciphers", "cipher_string"),
    [
        (["AES128-SHA"], ("AES128-SHA",), None),
        ("AES128-SHA:AES256-SHA", ("AES128-SHA", "AES256-SHA"), None),
        (["TLS_AES_128_GCM_SHA256", "AES128-SHA"], ("TLS_AES_128_GCM_SHA256", "AES128-SHA"), None),
        (["AES128-SHA", "AES128-SHA"], ("AES128-SHA",), None),
        ("HIGH:!aNULL", None, "HIGH:!aNULL"),
        (["AES128-SHA", "!RC4"], None, "AES128-SHA:!RC4"),
        (["ALL"], None, "ALL"),
        ([], None, None),
        (None, None, None),
        ([None, {}], None, None),
    ],
)
def test_ciphers_are_names_or_an_expression(
    sent: Any, ciphers: tuple[str, ...] | None, cipher_string: str | None
) -> None:
    found = TlsPolicy.from_api({"SSLCiphers": sent})

    assert (found.ciphers, found.cipher_string) == (ciphers, cipher_string)


@pytest.mark.parametrize("field", ["SecurityPolicyId", "SecurityPolicyName"])
def test_a_key_in_a_name_is_hidden(field: str) -> None:
    found = TlsPolicy.from_api({field: certs.key_pem(certs.rsa_key("canary"))})

    assert HIDDEN in (found.policy_id, found.policy_name)


@pytest.mark.parametrize("item", [None, True, {}, ["AES128-SHA"]])
def test_a_cipher_that_is_not_text_makes_the_list_unknown(item: object) -> None:
    policy = TlsPolicy.from_api({"SecurityPolicyId": "p", "SSLCiphers": ["ECDHE-RSA-AES128-GCM-SHA256", item]})
    assert (policy.ciphers, policy.cipher_string) == (None, None)
