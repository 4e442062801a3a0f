# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access to facts by path."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._attribute import attribute_at

FACTS: dict[str, Any] = {
    "ssl_id": "ssl-1",
    "content": None,
    "bound": False,
    "bindings": [{"listener_id": "lsn-1"}, {"listener_id": "lsn-2"}],
    "x509": {"issuer": {"common_name": "CA"}, "subject": {}, "public_key": {"type": "EC", "curve": None}},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ssl_id", "ssl-1"),
        ("bound", False),
        ("content", None),
        ("content.anything", None),
        ("bindings", FACTS["bindings"]),
        ("bindings.1.listener_id", "lsn-2"),
        ("bindings.2", None),
        ("bindings.2.listener_id", None),
        ("x509.issuer", {"common_name": "CA"}),
        ("x509.issuer.common_name", "CA"),
        ("x509.issuer.organization_name", None),
        ("x509.subject.common_name", None),
        ("x509.public_key.curve", None),
    ],
)
def test_fact_at_path(path: str, value: Any) -> None:
    assert attribute_at(FACTS, path) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("sslid", "a certificate has no 'sslid'. Valid names: ssl_id, content, bound, bindings, x509."),
        ("x509.isuer", "x509 has no 'isuer'. Valid names: issuer, subject, public_key."),
        ("x509.public_key.kind", "x509.public_key has no 'kind'. Valid names: type, curve."),
        ("ssl_id.0", "ssl_id has no '0'. It is a single value."),
        ("bindings.first", "bindings has no 'first'. It is a list. Give an index, starting at 0."),
        ("bindings.-1", "bindings has no '-1'. It is a list. Give an index, starting at 0."),
        ("bindings.²", "bindings has no '²'. It is a list. Give an index, starting at 0."),
        ("", "a certificate has no ''. Valid names: ssl_id, content, bound, bindings, x509."),
        ("x509.", "x509 has no ''. Valid names: issuer, subject, public_key."),
    ],
)
def test_invalid_path(path: str, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        attribute_at(FACTS, path)
    assert caught.value.describe() == f"attribute: {path!r} is not a fact: {message}"


def test_error_names_the_option() -> None:
    with pytest.raises(OptionError, match=r"^hostnames: 'a' is not a fact"):
        attribute_at(FACTS, "a", "hostnames")
