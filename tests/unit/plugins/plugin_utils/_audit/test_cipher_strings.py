# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cipher strings allow, compared with OpenSSL."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.tls_policy import NATIVE_CIPHER_STRING
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.cipher_profiles import (
    PROFILES,
    TLS13,
    is_only_at_iana,
    openssl_name,
)
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.cipher_strings import expand


def openssl(text: str) -> set[str]:
    """The cipher suites that OpenSSL makes of a string; none if it is not valid."""
    done = subprocess.run(["openssl", "ciphers", text], capture_output=True, text=True, check=False)
    return {*done.stdout.strip().split(":")} if done.returncode == 0 else set()


def test_the_native_policy() -> None:
    native = expand(NATIVE_CIPHER_STRING)

    assert {"AES128-SHA", "AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES128-SHA256"} <= native.certain
    assert native.at_most is None
    assert native.certain <= openssl(NATIVE_CIPHER_STRING)
    assert not native.certain & PROFILES["intermediate"]


def test_openssl_knows_the_names_in_the_profiles() -> None:
    # OpenSSL 3 is usually built without 3DES.
    assert PROFILES["old"] - {"DES-CBC3-SHA"} <= openssl("ALL:@SECLEVEL=0")
    assert PROFILES["modern"] == TLS13
    assert PROFILES["modern"] < PROFILES["intermediate"] < PROFILES["old"]


ITEMS = [
    "ALL", "HIGH", "AES", "AES128", "AESGCM", "RSA", "kRSA", "aRSA", "ECDHE", "EECDH", "kECDHE", "SHA", "SHA1",
    "SHA256", "ECDHE+AES", "kRSA+AES256", "RSA+SHA1", "ECDHE+AESGCM", "!aNULL", "!kRSA", "!SHA", "-SHA1",
    "!AES128", "-AES", "!3DES", "!ECDH", "-ECDHE+SHA", "!TLSv1.2", "!SSLv3", "!TLSv1.0", "!SHA384", "!HIGH",
    "!aRSA", "!CAMELLIA", "!PSK", "!SRP", "!MEDIUM", "!AESGCM", "!aECDSA", "!DSS", "!RC4", "+RSA", "@STRENGTH",
    "@SECLEVEL=2", "@SECLEVEL=3", "AES128-SHA", "!AES128-SHA", "DEFAULT", "nonsense", "-ECDHE-RSA-AES256-SHA",
    "!TLS_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-GCM-SHA256", "!nonsense",
]  # fmt: skip


@given(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6).map(":".join))
@example("ALL:!SHA:SHA")
@example("ALL:-SHA:SHA")
@example("!AES128-SHA:ALL")
@example("SUITEB128:HIGH")
@example("SUITEB192,AES")
@example("HIGH:SUITEB128")
def test_what_is_certain_is_what_openssl_says(text: str) -> None:
    result, offered = expand(text), openssl(text)

    # Nothing is offered if the string is not valid.
    assert not offered or result.certain <= offered
    assert result.at_most is None or offered <= result.at_most | TLS13


@pytest.mark.parametrize(
    ("text", "certain", "at_most"),
    [
        ("", set(), None),
        ("!ALL", set(), None),
        ("AES128-SHA", {"AES128-SHA"}, {"AES128-SHA"}),
        ("AES128-SHA, AES256-SHA !aNULL", {"AES128-SHA", "AES256-SHA"}, {"AES128-SHA", "AES256-SHA"}),
        ("ECDHE-RSA-AES128-GCM-SHA256:!aNULL", set(), {"ECDHE-RSA-AES128-GCM-SHA256"}),
        # Unknown keywords may exclude anything, and add nothing for certain.
        ("kRSA+AES256:!nonsense", set(), None),
        ("nonsense", set(), None),
        # In old versions, suites for SSLv3 are those for TLS 1.0.
        ("kRSA+AES256:!TLSv1.0", set(), None),
        ("AES256-SHA:@SECLEVEL=0", {"AES256-SHA"}, {"AES256-SHA"}),
        ("AES256-SHA:@SECLEVEL=5", set(), {"AES256-SHA"}),
        ("@SECLEVEL=x:AES256-SHA", set(), {"AES256-SHA"}),
    ],
)
def test_strings(text: str, certain: set[str], at_most: set[str] | None) -> None:
    result = expand(text)
    assert {*result.certain} == certain
    assert (None if result.at_most is None else {*result.at_most}) == at_most


def test_names_at_iana_are_those_of_openssl() -> None:
    command = ["openssl", "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = {line.split()[0]: line.split()[2] for line in lines}

    found = {name: openssl_name(name) for name in names}
    assert [name for name in names if found[name] not in (name, names[name])] == []
    # Usual builds of OpenSSL do not have this one any more.
    assert {*found.values(), openssl_name("TLS_RSA_WITH_3DES_EDE_CBC_SHA")} >= PROFILES["old"]
    assert not any(map(is_only_at_iana, names.values()))
