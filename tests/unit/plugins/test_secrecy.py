# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing shows the credentials that it works with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.ucloud.ulb.plugins.inventory import ssl_certificates
from ansible_collections.ucloud.ulb.plugins.lookup import ssl_certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.profile import load_profile
from ansible_collections.ucloud.ulb.plugins.module_utils._api.session import Session
from ansible_collections.ucloud.ulb.plugins.module_utils._options import settings
from ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.run_cache import RunCache
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.source import Fleet
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.terms import Policy, Terms
from ansible_collections.ucloud.ulb.tests.leaks import Secrets

from . import documented

PRIVATE_KEY, TOKEN = "an-account's/private-key==", "a+token+for-a-short-time"
SECRETS = Secrets((), [PRIVATE_KEY, TOKEN])
OPTIONS = {"public_key": "public", "private_key": PRIVATE_KEY, "security_token": TOKEN, "regions": ["hk"]}
DEFAULTS = {
    "validate_certs": True,
    "timeout": 30,
    "total_timeout": 3600,
    "max_retries": 5,
    "concurrency": 8,
    "page_size": 100,
}


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, Any]:
    """One object of each kind that has to do with credentials."""
    file = tmp_path / "credential.json"
    file.write_text(json.dumps([{"profile": "a", "public_key": "b", "private_key": PRIVATE_KEY}]), encoding="utf-8")
    found = settings({**OPTIONS, **DEFAULTS, "content": "none", "on_error": "fail", "on_unreadable": "warn"})
    client = Client(found.connection, "unit tests")
    cache = RunCache(tmp_path, found.connection)
    fleet = Fleet(found.connection, found.query, cache, 0)
    policy = Policy("auto", "error", "error", "error", None, print)
    return {
        "profile": load_profile(str(file), "a"),
        "settings": found,
        "connection": found.connection,
        "query": found.query,
        "session": Session(found.connection, "unit tests"),
        "client": client,
        "cache": cache,
        "fleet": fleet,
        "terms": Terms(fleet, found.query, policy, 0),
        "lookup": plugin(ssl_certificate, "lookup", "ucloud.ulb.ssl_certificate"),
        "inventory": plugin(ssl_certificates, "inventory", "ucloud.ulb.ssl_certificates"),
    }


def plugin(module: Any, kind: str, name: str) -> Any:
    made = documented.make_plugin(module, kind, name)
    made._templar = made.templar = Templar(DataLoader(), variables={})
    made._vars = {}
    made.set_options(direct={"plugin": name, **OPTIONS})
    assert made.get_option("private_key") == PRIVATE_KEY
    return made


def forms(item: Any) -> Iterator[str]:
    yield repr(item)
    yield str(item)
    yield f"{item}"
    yield repr([item])


def test_they_do_not_show_credentials(shown: dict[str, Any]) -> None:
    for name, item in shown.items():
        assert SECRETS.found_in(*forms(item)) == set(), name


def test_nor_does_what_they_hold(shown: dict[str, Any]) -> None:
    """As tools show it that open an object."""
    # What Ansible gives a plugin stands in there as such, and so do the fields of these two.
    for name in shown.keys() - {"profile", "connection", "lookup", "inventory"}:
        held = vars(shown[name]).values()
        assert SECRETS.found_in(*(form for item in held for form in forms(item))) == set(), name


def test_the_canary_sings(shown: dict[str, Any]) -> None:
    assert SECRETS.found_in(repr(vars(shown["connection"])))
