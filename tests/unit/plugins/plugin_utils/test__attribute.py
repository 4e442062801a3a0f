# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts by their paths."""

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
def test_a_path_leads_to_a_fact(path: str, value: Any) -> None:
    assert attribute_at(FACTS, path) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("sslid", "'sslid' in a certificate. There is: ssl_id, content, bound, bindings, x509."),
        ("x509.isuer", "'isuer' in x509. There is: issuer, subject, public_key."),
        ("x509.public_key.kind", "'kind' in x509.public_key. There is: type, curve."),
        ("ssl_id.0", "'0' in ssl_id. There is: a single value."),
        ("bindings.first", "'first' in bindings. There is: a list, whose items have numbers from 0."),
        ("bindings.-1", "'-1' in bindings. There is: a list, whose items have numbers from 0."),
        ("bindings.²", "'²' in bindings. There is: a list, whose items have numbers from 0."),
        ("", "'' in a certificate. There is: ssl_id, content, bound, bindings, x509."),
        ("x509.", "'' in x509. There is: issuer, subject, public_key."),
    ],
)
def test_a_path_that_leads_nowhere(path: str, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        attribute_at(FACTS, path)
    assert caught.value.describe() == f"attribute: {path!r} is no fact: there is no {message}"


def test_the_option_that_a_path_comes_from_is_named() -> None:
    with pytest.raises(OptionError, match=r"^hostnames: 'a' is no fact"):
        attribute_at(FACTS, "a", "hostnames")
