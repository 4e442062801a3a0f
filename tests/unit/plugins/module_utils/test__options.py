# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options: where their values come from, and errors about invalid values."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._options import (
    Settings,
    connection_spec,
    selection_spec,
    settings,
)

SPEC = {**connection_spec(), **selection_spec()}
KEYS = {"public_key": "pub-option", "private_key": "key-option"}
NEEDED = {**KEYS, "regions": ["cn-bj2"]}
TOOL = "UCloud's command line tool"


def validated(options: dict[str, Any]) -> Any:
    """Return options as a module gets them, including those from the environment, and defaults."""
    return ArgumentSpecValidator(SPEC).validate(options)


def resolve(**options: Any) -> Settings:
    result = validated(options)
    assert result.error_messages == []
    return settings(result.validated_parameters)


def problem_of(**options: Any) -> str:
    with pytest.raises(OptionError) as caught:
        resolve(**options)
    return str(caught.value)


@pytest.fixture
def profile(home: Path) -> dict[str, Any]:
    """An active profile with all values."""
    folder = home / ".ucloud"
    folder.mkdir()
    entry = {
        "profile": "work",
        "public_key": "pub-profile",
        "private_key": "key-profile",
        "active": True,
        "region": "region-profile",
        "project_id": "project-profile",
        "base_url": "https://profile.example/",
        "channel_key": "channel-profile",
    }
    other = {"profile": "home", "public_key": "pub-home", "private_key": "key-home", "region": "hk"}
    (folder / "credential.json").write_text(json.dumps([entry, other]))
    (folder / "config.json").write_text(json.dumps([entry, other]))
    return entry


def picked(found: Settings, name: str) -> Any:
    if name == "regions":
        return found.query.regions
    if name == "project_ids":
        return found.query.project_ids
    return getattr(found.connection, name)


class TestPrecedence:
    """The order is: option, environment, profile, default."""

    @pytest.mark.parametrize(
        ("name", "option", "variable", "environment", "in_profile", "default"),
        [
            ("public_key", "pub-option", "UCLOUD_PUBLIC_KEY", "pub-env", "pub-profile", None),
            ("private_key", "key-option", "UCLOUD_PRIVATE_KEY", "key-env", "key-profile", None),
            (
                "base_url",
                "https://option.example/",
                "UCLOUD_BASE_URL",
                "https://env.example/",
                "https://profile.example/",
                "https://api.ucloud.cn/",
            ),
            ("regions", ["r-option"], "UCLOUD_REGION", "r-env", "region-profile", None),
            ("project_ids", ["p-option"], "UCLOUD_PROJECT_ID", "p-env", "project-profile", ()),
        ],
    )
    def test_of_what_has_all_sources(
        self,
        profile: dict[str, Any],
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
        *,
        name: str,
        option: Any,
        variable: str,
        environment: str,
        in_profile: str,
        default: Any,
    ) -> None:
        many = isinstance(option, list)

        def form(value: Any) -> Any:
            return (value,) if many else value

        # Both keys of a pair come from the same source.
        options: dict[str, Any] = {name: option}
        if name in KEYS:
            options = dict(KEYS)
            for key, value in (("PUBLIC", "pub-env"), ("PRIVATE", "key-env")):
                monkeypatch.setenv(f"UCLOUD_{key}_KEY", value)
        monkeypatch.setenv(variable, environment)
        assert picked(resolve(**options), name) == form(option[0] if many else option)
        assert picked(resolve(), name) == form(environment)
        for key in ("PUBLIC", "PRIVATE"):
            monkeypatch.delenv(f"UCLOUD_{key}_KEY", raising=False)
        # An empty variable counts as not set.
        monkeypatch.setenv(variable, "")
        assert picked(resolve(), name) == form(in_profile)
        for path in (home / ".ucloud").iterdir():
            path.unlink()
        if default is not None:
            assert picked(resolve(**{key: NEEDED[key] for key in NEEDED if key != name}), name) == default
        assert profile["profile"] == "work"

    def test_security_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert resolve(**NEEDED).connection.security_token is None
        monkeypatch.setenv("UCLOUD_SECURITY_TOKEN", "token-env")
        assert resolve(**NEEDED).connection.security_token == "token-env"
        found = resolve(**NEEDED, security_token="token-option")
        assert found.connection.security_token == "token-option"
        assert resolve(**NEEDED, security_token="").connection.security_token is None

    @pytest.mark.usefixtures("profile")
    def test_profile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert resolve().connection.public_key == "pub-profile"
        monkeypatch.setenv("UCLOUD_PROFILE", "home")
        assert resolve().connection.public_key == "pub-home"
        assert resolve(profile="work").connection.public_key == "pub-profile"

    @pytest.mark.usefixtures("profile")
    @pytest.mark.parametrize("name", ["UCLOUD_PROFILE", "UCLOUD_SHARED_CREDENTIAL_FILE"])
    def test_empty_variables_are_not_set(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setenv(name, "")
        assert resolve().connection.public_key == "pub-profile"

    @pytest.mark.usefixtures("profile")
    def test_empty_options_are_not_given(self) -> None:
        names = "public_key private_key profile shared_credentials_file base_url channel_key ca_path"
        found = resolve(**dict.fromkeys(names.split(), ""))
        assert found.connection.public_key == "pub-profile"
        assert found.connection.base_url == "https://profile.example/"
        assert found.connection.channel_key == "channel-profile"
        assert found.connection.ca_path is None

    @pytest.mark.usefixtures("profile")
    def test_shared_credentials_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("env", "option"):
            folder = tmp_path / name
            folder.mkdir()
            entry = {"profile": "x", "public_key": f"pub-{name}", "private_key": "k"}
            (folder / "c.json").write_text(json.dumps([entry]))
            config = {"profile": "x", "active": True, "region": f"region-{name}"}
            (folder / "config.json").write_text(json.dumps([config]))
        monkeypatch.setenv("UCLOUD_SHARED_CREDENTIAL_FILE", str(tmp_path / "env/c.json"))
        found = resolve()
        assert (found.connection.public_key, found.query.regions) == ("pub-env", ("region-env",))
        found = resolve(shared_credentials_file=str(tmp_path / "option/c.json"))
        assert (found.connection.public_key, found.query.regions) == ("pub-option", ("region-option",))

    def test_verification(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("UCLOUD_CA_PATH", str(tmp_path))
        monkeypatch.setenv("UCLOUD_VALIDATE_CERTS", "no")
        found = resolve(**NEEDED).connection
        assert (found.ca_path, found.validate_certs) == (str(tmp_path), False)
        found = resolve(**NEEDED, ca_path=__file__, validate_certs=True).connection
        assert (found.ca_path, found.validate_certs) == (__file__, True)
        monkeypatch.setenv("UCLOUD_CA_PATH", "")
        monkeypatch.setenv("UCLOUD_VALIDATE_CERTS", "")
        found = resolve(**NEEDED).connection
        assert (found.ca_path, found.validate_certs) == (None, True)
        monkeypatch.setenv("UCLOUD_VALIDATE_CERTS", "perhaps")
        (message,) = validated(NEEDED).error_messages
        assert "validate_certs" in message

    @pytest.mark.usefixtures("profile")
    def test_channel_key(self) -> None:
        assert resolve().connection.channel_key == "channel-profile"
        assert resolve(channel_key="channel-option").connection.channel_key == "channel-option"

    @pytest.mark.usefixtures("profile")
    def test_keys_of_two_sources_are_not_mixed(self) -> None:
        assert problem_of(public_key="pub-other") == (
            "private_key: no value was given. The one of profile 'work' is for another public_key, and is not used."
            f" {hint('private_key', used=repr_of_profile('work'))}"
        )
        assert problem_of(private_key="key-other") == (
            f"public_key: no value was given. {hint('public_key', used=repr_of_profile('work'))}"
        )

    def test_a_profile_that_signs_in_with_oauth(self, profile: dict[str, Any], home: Path) -> None:
        (home / ".ucloud/config.json").write_text(json.dumps([{**profile, "auth_mode": "OAuth"}]))

        for options in ({}, {"profile": "work"}, {"public_key": "pub-profile"}):
            assert problem_of(**options) == (
                "profile: 'work' signs in with OAuth (auth_mode), which only works in UCloud's command line tool."
                " Set public_key and private_key, or name a profile that signs in with a pair of keys."
            )
        # Its other values are used.
        assert resolve(**KEYS).query.regions == ("region-profile",)
        assert resolve(profile="home").connection.private_key == "key-home"

    @pytest.mark.usefixtures("profile")
    def test_a_public_key_finds_its_private_key_in_the_profile(self) -> None:
        connection = resolve(public_key="pub-profile").connection
        assert (connection.public_key, connection.private_key) == ("pub-profile", "key-profile")

    @pytest.mark.usefixtures("profile")
    def test_an_empty_list_of_projects_sends_none(self) -> None:
        assert resolve(project_ids=[]).query.project_ids == ()


class TestEmptyLists:
    @pytest.mark.parametrize("option", ["ssl_ids", "names", "domains", "sources", "fingerprints", "listener_ids"])
    def test_one(self, option: str) -> None:
        (warning,) = resolve(**NEEDED, **{option: []}).warnings
        assert warning == f"{option}: an empty list selects no certificate. Leave the option out to select all."

    def test_some_beside_none(self) -> None:
        found = resolve(**NEEDED, names=[], load_balancer_ids=[], ssl_ids=None, domains=["a.example.com"], bound=False)
        (warning,) = found.warnings
        assert warning.startswith("names, load_balancer_ids: an empty list selects no certificate.")


class TestValues:
    def test_defaults(self) -> None:
        found = resolve(**NEEDED)
        connection = found.connection
        assert (connection.public_key, connection.private_key) == ("pub-option", "key-option")
        assert (connection.timeout, connection.max_retries, connection.concurrency) == (30, 5, 8)
        assert (connection.validate_certs, connection.ca_path) == (True, None)
        assert connection.channel_key is None
        assert found.query == Query(
            regions=("cn-bj2",),
            project_ids=(),
            selection=Selection(),
            content="none",
            on_error="fail",
            page_size=100,
        )
        assert found.warnings == ()

    def test_everything_given(self, tmp_path: Path) -> None:
        digits = "0a" * 32
        found = resolve(
            **KEYS,
            regions=["hk", " cn-bj2 ", "hk"],
            project_ids=["all"],
            ssl_id=["ssl-1", "ssl-2"],
            names=["a*", "b"],
            domains=["Example.COM.", "müller.example"],
            sources=["ussl"],
            bound=False,
            load_balancer_ids=["alb-1"],
            listener_ids=["lsn-1"],
            expires_within="1w2d",
            expired=True,
            fingerprints=[":".join(["0A"] * 32), f" {digits} "],
            content="all",
            on_error="warn",
            page_size=50,
            ca_path=str(tmp_path),
            timeout=3600,
            max_retries=0,
            concurrency=64,
        )
        assert found.query == Query(
            regions=("hk", "cn-bj2"),
            project_ids=("all",),
            selection=Selection(
                ssl_ids=frozenset({"ssl-1", "ssl-2"}),
                names=("a*", "b"),
                domains=("example.com", "xn--mller-kva.example"),
                sources=frozenset({"ussl"}),
                bound=False,
                load_balancer_ids=frozenset({"alb-1"}),
                listener_ids=frozenset({"lsn-1"}),
                expires_within=9 * 86400,
                expired=True,
                fingerprints=frozenset({digits}),
            ),
            content="all",
            on_error="warn",
            page_size=50,
        )
        connection = found.connection
        assert connection.ca_path == str(tmp_path)
        assert (connection.timeout, connection.max_retries, connection.concurrency) == (3600, 0, 64)

    def test_empty_lists_select_nothing(self) -> None:
        names = ["ssl_ids", "names", "domains", "sources", "load_balancer_ids", "listener_ids", "fingerprints"]
        selection = resolve(**NEEDED, **{name: [] for name in names}).query.selection
        for name in names:
            assert getattr(selection, name) in ((), frozenset())
            assert getattr(selection, name) is not None

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"sources": ["acm"]}, "value of sources must be one or more of: ulb, ussl. Got no match for: acm"),
            ({"content": "key"}, "value of content must be one of: none, certificates, all, got: key"),
            ({"on_error": "skip"}, "value of on_error must be one of: fail, warn, got: skip"),
        ],
    )
    def test_choices(self, options: dict[str, Any], message: str) -> None:
        assert validated({**NEEDED, **options}).error_messages == [message]

    def test_secrets_are_marked(self) -> None:
        result = validated({**NEEDED, "security_token": "token-option"})
        assert set(result._no_log_values) == {"key-option", "token-option"}


def repr_of_profile(name: str) -> str:
    return f"profile {name!r}"


def hint(*names: str, used: str = "a profile") -> str:
    return " ".join(
        f"Set {name}, or the environment variable UCLOUD_{name.upper()}, or {name} in {used} of {TOOL}."
        for name in names
    )


RANGE = "{}: {} is out of range. Give a number from {} to {}."
REMEDY = "Give a URL such as https://api.ucloud.cn/."


class TestBadInput:
    def test_no_credentials(self) -> None:
        assert problem_of(regions=["hk"]) == (
            f"public_key and private_key: no value was given. {hint('public_key', 'private_key')}"
        )

    def test_one_key_only(self) -> None:
        assert problem_of(public_key="a") == f"private_key: no value was given. {hint('private_key')}"
        assert problem_of(private_key="hunter2") == f"public_key: no value was given. {hint('public_key')}"

    def test_a_profile_without_keys(self, home: Path) -> None:
        (home / ".ucloud").mkdir()
        config = [{"profile": "ci", "active": True, "region": "hk"}]
        (home / ".ucloud/config.json").write_text(json.dumps(config))
        assert problem_of() == (
            "public_key and private_key: no value was given. " + hint("public_key", "private_key", used="profile 'ci'")
        )

    @pytest.mark.usefixtures("profile")
    def test_unknown_profile(self, home: Path) -> None:
        assert problem_of(profile="prod") == (
            f"profile: there is no profile 'prod' in {home}/.ucloud/credential.json or config.json next to it."
            " Existing profiles: home, work."
        )

    def test_credential_file_that_is_not_there(self) -> None:
        assert problem_of(**NEEDED, shared_credentials_file="/no/such/file") == (
            "shared_credentials_file: there is no file /no/such/file."
        )

    def test_credential_file_that_is_malformed(self, tmp_path: Path) -> None:
        path = tmp_path / "c.json"
        path.write_text("private_key = hunter2")
        assert problem_of(**NEEDED, shared_credentials_file=str(path)) == (
            f"shared_credentials_file: {path} is not a JSON list of profiles."
            " Run 'ucloud config' to write it again, or fix it by hand."
        )

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("api.ucloud.cn", f"base_url: 'api.ucloud.cn' is not an http:// or https:// URL. {REMEDY}"),
            (
                "https://me:hunter2@api.ucloud.cn",
                ("base_url: the URL contains a user name or password. Set public_key and private_key instead."),
            ),
            ("https://h/?a=b", f"base_url: 'https://h/?a=b' has a query or fragment. {REMEDY}"),
        ],
    )
    def test_base_url(self, url: str, message: str) -> None:
        assert problem_of(**NEEDED, base_url=url) == message

    def test_ca_path(self) -> None:
        assert problem_of(**NEEDED, ca_path="/no/such/ca.pem") == (
            "ca_path: there is no file or folder /no/such/ca.pem."
        )

    @pytest.mark.parametrize(
        ("path", "shown"),
        [("/" + "a" * 300, "/" + "a" * 199 + "…"), ("/" + "a/" * 5000, "/" + "a/" * 99 + "a…"), ("/a\0b", "/a\0b")],
    )
    def test_paths_that_are_none(self, path: str, shown: str) -> None:
        said = problem_of(**NEEDED, ca_path=path)
        assert said.startswith(f"ca_path: {shown!r} cannot be read: ")
        assert said.endswith("Give a file or folder that the user who runs this may read.")
        assert problem_of(**NEEDED, shared_credentials_file=path).startswith(
            "shared_credentials_file: {} cannot be read: ".format(shown.replace("\0", "\ufffd"))
        )

    @pytest.mark.parametrize(
        "error", [PermissionError(13, "Permission denied"), NotADirectoryError(20, "Not a directory")]
    )
    def test_a_path_that_may_not_be_looked_at(self, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
        """The error of the system is simulated, because root, who runs tests in containers, can read everything."""
        monkeypatch.setattr(os, "stat", create_autospec(os.stat, side_effect=error))
        assert problem_of(**NEEDED, ca_path="/root/secret/ca.pem") == (
            f"ca_path: '/root/secret/ca.pem' cannot be read: {error.strerror}."
            " Give a file or folder that the user who runs this may read."
        )

    def test_a_file_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "ca.pem"
        path.touch()
        monkeypatch.setattr(os, "access", create_autospec(os.access, return_value=False))
        assert problem_of(**NEEDED, ca_path=str(path)).startswith(
            f"ca_path: '{path}' cannot be read: Permission denied."
        )

    @pytest.mark.parametrize(
        "name",
        ["public_key", "private_key", "security_token", "profile", "base_url", "regions", "project_ids", "ca_path"],
    )
    def test_bytes_that_are_no_text(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        variable = {"regions": "UCLOUD_REGION", "project_ids": "UCLOUD_PROJECT_ID"}.get(name, f"UCLOUD_{name.upper()}")
        monkeypatch.setenv(variable, os.fsdecode(b"hunter2\xff\xfe"))
        options = {key: value for key, value in NEEDED.items() if key != name}
        said = problem_of(**options)
        assert said == (
            f"{name}: the value contains bytes that are not UTF-8."
            " Write it again where it is set: in the option or its environment variable."
        )

    @pytest.mark.parametrize("name", ["timeout", "max_retries", "concurrency", "page_size"])
    def test_numbers_that_cannot_be_written(self, name: str) -> None:
        options = {**validated(NEEDED).validated_parameters, name: 10**5000}
        with pytest.raises(OptionError, match=f"{name}: the number is out of range"):
            settings(options)

    @pytest.mark.parametrize(
        ("name", "least", "most"),
        [
            ("timeout", 1, 3600),
            ("max_retries", 0, 100),
            ("concurrency", 1, 64),
            ("page_size", 1, 1000),
        ],
    )
    def test_numbers(self, name: str, least: int, most: int) -> None:
        for value in (least - 1, most + 1):
            assert problem_of(**NEEDED, **{name: value}) == RANGE.format(name, value, least, most)
        for value in (least, most):
            found = resolve(**NEEDED, **{name: value})
            assert getattr(found.query if name == "page_size" else found.connection, name) == value

    @pytest.mark.parametrize("options", [{}, {"regions": []}])
    def test_no_region(self, options: dict[str, Any]) -> None:
        assert problem_of(**KEYS, **options) == (
            "regions: no region was given. Set regions (for example [cn-bj2], or [all]), or the environment variable"
            f" UCLOUD_REGION, or the region of a profile of {TOOL}."
        )

    @pytest.mark.parametrize("name", ["regions", "project_ids"])
    def test_all_beside_others(self, name: str) -> None:
        options = {**NEEDED, name: ["all", "hk"]}
        assert problem_of(**options) == (
            f"{name}: 'all' cannot be combined with other values. Give [all], or the others."
        )

    @pytest.mark.parametrize(
        "name",
        ["regions", "project_ids", "ssl_ids", "names", "domains", "load_balancer_ids", "listener_ids"],
    )
    @pytest.mark.parametrize("empty", ["", "  "])
    def test_empty_values_in_lists(self, name: str, empty: str) -> None:
        options = {**NEEDED, name: ["x", empty]}
        assert problem_of(**options) == (f"{name}: there is an empty value in the list. Leave it out.")

    @pytest.mark.parametrize("text", ["soon", "", "30", "d", "3.5d", "-1d", "1y", "30 d"])
    def test_durations(self, text: str) -> None:
        assert problem_of(**NEEDED, expires_within=text) == (
            f"expires_within: {text!r} is not a duration."
            " Give numbers with units (w, d, h, m, s), such as 30d, 12h or 1w2d."
        )

    @pytest.mark.parametrize("text", ["", "0a" * 20, "0a" * 31 + "0", "xy" * 32, "0a" * 33])
    def test_fingerprints(self, text: str) -> None:
        assert problem_of(**NEEDED, fingerprints=[text]) == (
            f"fingerprints: {text!r} is not a SHA-256 fingerprint. Give 64 hexadecimal digits, with or without colons."
        )


class TestWarnings:
    @pytest.mark.parametrize("scheme", ["http", "HTTP"])
    @pytest.mark.parametrize("validate_certs", [True, False])
    @pytest.mark.parametrize(("token", "rest"), [(None, ""), ("sts", ", as does security_token")])
    def test_no_encryption(self, scheme: str, token: str | None, rest: str, *, validate_certs: bool) -> None:
        url = f"{scheme}://api.service.ucloud.cn"
        found = resolve(**NEEDED, base_url=url, validate_certs=validate_certs, security_token=token)
        (warning,) = found.warnings
        assert warning == (
            f"base_url: {url} is not encrypted. The API's responses contain the private keys of certificates, which"
            f" cross the network unencrypted{rest}."
        )

    @pytest.mark.parametrize(("token", "rest"), [(None, ""), ("sts", " read security_token,")])
    def test_no_verification(self, token: str | None, rest: str) -> None:
        (warning,) = resolve(**NEEDED, validate_certs=False, security_token=token).warnings
        assert warning == (
            f"validate_certs: the identity of api.ucloud.cn is not verified. An attacker could impersonate it,{rest}"
            " and send forged certificates. Use ca_path for a private CA."
        )


def test_trust_is_not_verified_by_default() -> None:
    assert resolve(**NEEDED).query.trust_store == "none"
    for value in ("none", "mozilla", "system"):
        assert resolve(**NEEDED, trust_store=value).query.trust_store == value


def test_a_trust_store_that_cannot_be_used(tmp_path: Path) -> None:
    assert problem_of(**NEEDED, trust_store=str(tmp_path / "roots.pem")).startswith("trust_store: ")
    (tmp_path / "roots.pem").write_text("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    found = resolve(**NEEDED, trust_store=str(tmp_path / "roots.pem"))
    assert found.query.trust_store == str(tmp_path / "roots.pem")
