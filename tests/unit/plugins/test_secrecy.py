# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects do not show the credentials that they contain."""

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
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.listeners import ListenerSource
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.resolver import LookupOptions, Resolver
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup.source import CertificateSource
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.unit.factories.options import option_values

from . import documented

PRIVATE_KEY, TOKEN = "an-account's/private-key==", "a+token+for-a-short-time"
SECRETS = Secrets((), [PRIVATE_KEY, TOKEN])
OPTIONS = {"public_key": "public", "private_key": PRIVATE_KEY, "security_token": TOKEN, "regions": ["hk"]}


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, Any]:
    """One object of each class that holds credentials."""
    file = tmp_path / "credential.json"
    file.write_text(json.dumps([{"profile": "a", "public_key": "b", "private_key": PRIVATE_KEY}]), encoding="utf-8")
    found = settings(option_values(**OPTIONS))
    client = Client(found.connection, "unit tests")
    cache = RunCache(tmp_path, found.connection)
    source = CertificateSource(found.connection, found.query, cache, 0)
    options = LookupOptions("auto", "error", "error", "error", None, print)
    return {
        "profile": load_profile(str(file), "a"),
        "settings": found,
        "connection": found.connection,
        "query": found.query,
        "session": Session(found.connection, "unit tests"),
        "client": client,
        "cache": cache,
        "source": source,
        "listeners": ListenerSource(found.connection, found.query, cache),
        "resolver": Resolver(source, found.query, options, 0),
        "lookup": configured_plugin(ssl_certificate, "lookup", "ucloud.ulb.ssl_certificate"),
        "inventory": configured_plugin(ssl_certificates, "inventory", "ucloud.ulb.ssl_certificates"),
    }


def configured_plugin(module: Any, kind: str, name: str) -> Any:
    created = documented.make_plugin(module, kind, name)
    created._templar = created.templar = Templar(DataLoader(), variables={})
    created._vars = {}
    created.set_options(direct={"plugin": name, **OPTIONS})
    assert created.get_option("private_key") == PRIVATE_KEY
    return created


def representations(item: Any) -> Iterator[str]:
    yield repr(item)
    yield str(item)
    yield f"{item}"
    yield repr([item])


def test_objects_do_not_show_credentials(shown: dict[str, Any]) -> None:
    for name, item in shown.items():
        assert SECRETS.found_in(*representations(item)) == set(), name


def test_attributes_do_not_show_credentials(shown: dict[str, Any]) -> None:
    """Debuggers and error reporting tools show attributes."""
    # Plugins contain the options as Ansible passed them. The other two are plain data.
    for name in shown.keys() - {"profile", "connection", "lookup", "inventory"}:
        held = vars(shown[name]).values()
        assert SECRETS.found_in(*(form for item in held for form in representations(item))) == set(), name


def test_the_search_finds_credentials(shown: dict[str, Any]) -> None:
    assert SECRETS.found_in(repr(vars(shown["connection"])))
