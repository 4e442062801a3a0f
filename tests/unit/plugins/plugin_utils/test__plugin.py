# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugin options -> settings, and our errors -> Ansible's errors."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec, patch

import pytest
from ansible.constants import config
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins import AnsiblePlugin

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    MissingLibraryError,
    OptionError,
    RequestContext,
    api_error,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto
from ansible_collections.ucloud.ulb.plugins.plugin_utils import _plugin
from ansible_collections.ucloud.ulb.plugins.plugin_utils._plugin import (
    COMMON_NAMES,
    COMMON_OPTIONS,
    ansible_errors,
    check_option_names,
    plugin_settings,
    templated_variables,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.options import option_values


def plugin(**options: Any) -> Any:
    made = create_autospec(AnsiblePlugin, instance=True)
    made.get_option.side_effect = option_values(**options).__getitem__
    # Set by Ansible's plugin loader.
    made._load_name = "ucloud.ulb.ssl_certificate"
    return made


def test_options_become_settings() -> None:
    settings = plugin_settings(plugin(bound=True, page_size=7))
    assert settings.connection.public_key == "public"
    assert settings.query.regions == ("hk",)
    assert settings.query.page_size == 7
    assert settings.query.selection.bound is True


@pytest.mark.parametrize("option", ["names", "project_ids", "load_balancer_ids"])
def test_numbers_in_lists_become_strings(option: str) -> None:
    query = plugin_settings(plugin(**{option: [2026]})).query
    assert "2026" in repr(getattr(query, option, query.selection))


@pytest.mark.parametrize("value", [True, None, ["a"], {"name": "a"}])
def test_items_that_are_not_strings(value: Any) -> None:
    with pytest.raises(OptionError, match=r"^names: .* is not a string"):
        plugin_settings(plugin(names=["shop", value]))


def test_a_selection_that_needs_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "CRYPTOGRAPHY_IMPORT_ERROR", "it is not there")
    monkeypatch.setattr(_plugin, "find_spec", lambda _name: None)
    assert plugin_settings(plugin(names=["shop"])).query.selection.names == ("shop",)
    with pytest.raises(MissingLibraryError):
        plugin_settings(plugin(expired=True))


def test_an_empty_path_in_the_environment_is_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UCLOUD_SHARED_CREDENTIAL_FILE", "")
    # Ansible passes the current folder for an empty path.
    assert plugin_settings(plugin(shared_credentials_file=str(tmp_path))).connection.public_key == "public"
    assert plugin_settings(plugin(ca_path=str(tmp_path))).connection.ca_path == str(tmp_path)
    monkeypatch.setenv("UCLOUD_CA_PATH", "")
    assert plugin_settings(plugin(ca_path=str(tmp_path))).connection.ca_path is None


@pytest.mark.parametrize("word", ["perhaps", "\udcff", "2"])
def test_an_invalid_boolean_in_the_environment(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("UCLOUD_VALIDATE_CERTS", word)
    with pytest.raises(OptionError) as caught:
        plugin_settings(plugin())
    assert str(caught.value) == (
        f"validate_certs: {word!r} is not a boolean."
        " Set the environment variable UCLOUD_VALIDATE_CERTS to true or false."
    )


@pytest.mark.parametrize(("word", "left"), [("", None), ("no", "no"), ("true", "true")])
def test_an_empty_boolean_in_the_environment_is_not_set(
    monkeypatch: pytest.MonkeyPatch, word: str, left: str | None
) -> None:
    monkeypatch.setenv("UCLOUD_VALIDATE_CERTS", word)
    runpy.run_path(_plugin.__file__, run_name=_plugin.__name__)
    assert os.environ.get("UCLOUD_VALIDATE_CERTS") == left
    assert plugin_settings(plugin(validate_certs=False)).connection.validate_certs is False


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("region", "Did you mean regions?"),
        ("ssl_idz", "Did you mean ssl_ids?"),
        ("q", "See the documentation of the plugin"),
    ],
)
def test_unknown_options(name: str, hint: str) -> None:
    with patch.object(
        config, "get_configuration_definitions", return_value={"regions": {}, "ids": {"aliases": ["ssl_ids"]}}
    ):
        check_option_names(plugin(), ["regions", "ssl_ids", "ids"])
        with pytest.raises(OptionError, match=f"^{name}: unknown option. {re.escape(hint)}"):
            check_option_names(plugin(), [name])


def test_an_invalid_option() -> None:
    with pytest.raises(OptionError, match="page_size: 0 is out of range"):
        plugin_settings(plugin(page_size=0))


def test_aliases() -> None:
    assert set(COMMON_NAMES) - set(COMMON_OPTIONS) == {"ssl_id"}
    assert len(COMMON_NAMES) == len(set(COMMON_NAMES))


class Upper:
    """A templar that marks what it evaluated."""

    def template(self, text: str) -> str:
        return text.upper()


def test_only_variables_of_options_are_evaluated() -> None:
    variables = {"ucloud_private_key": "a", "ucloud_regions": "b", "ucloud_domain": "c", "regions": "d"}
    assert templated_variables(variables, Upper()) == {"ucloud_private_key": "A", "ucloud_regions": "B"}
    assert templated_variables({}, Upper()) == {}


@pytest.mark.parametrize("kind", [AnsibleError, AnsibleParserError])
def test_our_errors_become_ansibles(kind: type[AnsibleError]) -> None:
    error = api_error(RequestContext("GetRegion", "api.example.com"), 171, "bad", "r-1")
    with pytest.raises(kind) as caught, ansible_errors(kind):
        raise error
    assert caught.value.__class__ is kind
    assert str(caught.value) == error.describe()
    assert caught.value.__cause__ is None


def test_a_missing_library() -> None:
    with (
        pytest.raises(AnsibleError, match=re.escape(missing_required_lib("requests"))),
        ansible_errors(),
    ):
        raise MissingLibraryError("requests", "No module named requests")


def test_other_errors_are_not_changed() -> None:
    with pytest.raises(KeyError), ansible_errors():
        raise KeyError("x")


def test_nothing_happens_without_an_error() -> None:
    with ansible_errors():
        done = True
    assert done
