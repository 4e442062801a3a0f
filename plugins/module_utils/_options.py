# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that module, lookup and inventory plugin share: their argument specs, and how values are parsed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ._api.connection import DEFAULT_BASE_URL, Connection, check_base_url
from ._api.errors import OptionError
from ._api.profile import Profile, load_profile
from ._api.values import encodable
from ._certificates import domains, trust_stores
from ._certificates.query import Query
from ._certificates.selection import Selection
from ._listeners.kinds import PROTOCOLS
from ._listeners.query import LOAD_BALANCER_TYPES, ListenerQuery, ListenerSelection
from ._listing.scopes import ALL
from ._option_values import duration, fingerprints, number, ports, readable_path

T = TypeVar("T")

_LISTS_FROM_ENVIRONMENT = ("regions", "project_ids")
_LISTS_OF_TEXT = ("ssl_ids", "names", "domains", "load_balancer_ids", "listener_ids")
_LISTS_OF_TEXT_FOR_LISTENERS = ("load_balancer_ids", "listener_ids", "names", "protocols", "certificate_ids")

_NOT_ENCRYPTED = (
    "base_url: {} is not encrypted. The API's responses contain the private keys of certificates, which cross the"
    " network unencrypted{}."
)
_NOT_VERIFIED = (
    "validate_certs: the identity of {} is not verified. An attacker could impersonate it,{} and send"
    " forged certificates. Use ca_path for a private CA."
)


@dataclass(frozen=True)
class Settings:
    """Parsed task options; ``warnings`` are sentences for the user."""

    connection: Connection
    query: Query
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ListenerSettings:
    """Parsed task options about listeners; ``warnings`` are sentences for the user."""

    connection: Connection
    query: ListenerQuery
    warnings: tuple[str, ...]


def connection_spec() -> dict[str, Any]:
    """Return the argument spec of the connection options."""
    return {
        "public_key": {"type": "str", "no_log": False, "fallback": _environment("UCLOUD_PUBLIC_KEY")},
        "private_key": {"type": "str", "no_log": True, "fallback": _environment("UCLOUD_PRIVATE_KEY")},
        "security_token": {"type": "str", "no_log": True, "fallback": _environment("UCLOUD_SECURITY_TOKEN")},
        "profile": {"type": "str", "fallback": _environment("UCLOUD_PROFILE")},
        "shared_credentials_file": {"type": "path", "fallback": _environment("UCLOUD_SHARED_CREDENTIAL_FILE")},
        "base_url": {"type": "str", "fallback": _environment("UCLOUD_BASE_URL")},
        "channel_key": {"type": "str", "no_log": False},
        "validate_certs": {"type": "bool", "default": True, "fallback": _environment("UCLOUD_VALIDATE_CERTS")},
        "ca_path": {"type": "path", "fallback": _environment("UCLOUD_CA_PATH")},
        "timeout": {"type": "int", "default": 30},
        "total_timeout": {"type": "int", "default": 3600},
        "max_retries": {"type": "int", "default": 5},
        "concurrency": {"type": "int", "default": 8},
        "page_size": {"type": "int", "default": 100},
    }


def scope_spec() -> dict[str, Any]:
    """Return the argument spec of the options that say where to list."""
    return {
        "regions": {"type": "list", "elements": "str", "fallback": _environment("UCLOUD_REGION")},
        "project_ids": {"type": "list", "elements": "str", "fallback": _environment("UCLOUD_PROJECT_ID")},
        "on_error": {"type": "str", "default": "fail", "choices": ["fail", "warn"]},
    }


def listener_spec() -> dict[str, Any]:
    """Return the argument spec of the options that select listeners."""
    return {
        **scope_spec(),
        "load_balancer_ids": {"type": "list", "elements": "str"},
        "load_balancer_types": {"type": "list", "elements": "str", "choices": list(LOAD_BALANCER_TYPES)},
        "listener_ids": {"type": "list", "elements": "str"},
        "names": {"type": "list", "elements": "str"},
        "protocols": {"type": "list", "elements": "str"},
        "ports": {"type": "list", "elements": "int"},
        "certificate_ids": {"type": "list", "elements": "str"},
    }


def selection_spec() -> dict[str, Any]:
    """Return the argument spec of the options that select certificates."""
    return {
        **scope_spec(),
        "ssl_ids": {"type": "list", "elements": "str", "aliases": ["ssl_id"]},
        "names": {"type": "list", "elements": "str"},
        "domains": {"type": "list", "elements": "str"},
        "sources": {"type": "list", "elements": "str", "choices": ["ulb", "ussl"]},
        "bound": {"type": "bool"},
        "load_balancer_ids": {"type": "list", "elements": "str"},
        "listener_ids": {"type": "list", "elements": "str"},
        "expires_within": {"type": "str"},
        "expired": {"type": "bool"},
        "fingerprints": {"type": "list", "elements": "str"},
        "content": {"type": "str", "default": "none", "choices": ["none", "certificates", "all"]},
        "listeners": {"type": "bool", "default": False},
        "on_unreadable": {"type": "str", "default": "warn", "choices": ["warn", "fail"]},
        "trust_store": {"type": "str", "default": trust_stores.NONE},
    }


def settings(options: Mapping[str, Any]) -> Settings:
    """Parse options, with defaults from a profile of UCloud's command line tool.

    Args:
        options: Values by :func:`connection_spec` and :func:`selection_spec`, including those from environment
            variables. ``None`` means that an option is not set.

    Raises:
        OptionError: A value is invalid, or a required option is missing.
    """
    connection, profile = _account(options)
    query = _query(options, profile)
    warnings = _empty_list_warnings(query.selection.empty, "certificate")
    warnings += trust_stores.warnings(query.trust_store)
    return Settings(connection, query, (*_warnings(connection), *warnings))


def listener_settings(options: Mapping[str, Any]) -> ListenerSettings:
    """Parse options about listeners, with defaults from a profile of UCloud's command line tool.

    Args:
        options: Values by :func:`connection_spec` and :func:`listener_spec`, as for :func:`settings`.

    Raises:
        OptionError: A value is invalid, or a required option is missing.
    """
    connection, profile = _account(options)
    query = _listener_query(options, profile)
    warnings = _empty_list_warnings(query.selection.empty, "listener")
    unknown = _unknown_protocol_warnings(query.selection.protocols or ())
    return ListenerSettings(connection, query, (*_warnings(connection), *warnings, *unknown))


def check_values(options: Mapping[str, Any]) -> None:
    """Check the values of options that are valid or invalid whatever the profile and the keys are.

    Args:
        options: As for :func:`settings`.

    Raises:
        OptionError: A value is invalid.
    """
    profile = Profile(public_key="-", private_key="-", region="-")
    _connection({**options, "public_key": None, "private_key": None}, profile)
    _query(options, profile)


def _environment(name: str) -> tuple[Callable[..., str], list[str]]:
    return _from_environment, [name]


def _from_environment(name: str) -> str:
    """Read an environment variable like ansible-core's ``env_fallback``, but treat an empty one as not set.

    Bytes that are not UTF-8 become U+FFFD, because modules cannot return Python's representation of them.
    """
    value = os.environ.get(name)
    if not value:
        raise AnsibleFallbackNotFound
    return os.fsencode(value).decode("utf-8", "replace")


def _refuse_undecodable(options: Mapping[str, Any]) -> None:
    """Refuse bytes that are not UTF-8, or their replacements, because they can be neither sent nor shown."""
    for name in (*connection_spec(), *_LISTS_FROM_ENVIRONMENT):
        value = options.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and ("\ufffd" in item or encodable(item) != item):
                raise OptionError(
                    f"{name}: the value contains bytes that are not UTF-8",
                    hint="Write it again where it is set: in the option or its environment variable.",
                )


def _account(options: Mapping[str, Any]) -> tuple[Connection, Profile]:
    """Return how to reach the API, and the profile that completes the options."""
    _refuse_undecodable(options)
    profile = load_profile(options.get("shared_credentials_file") or None, options.get("profile") or None)
    return _connection(options, profile), profile


def _connection(options: Mapping[str, Any], profile: Profile) -> Connection:
    base_url = options.get("base_url") or profile.base_url or DEFAULT_BASE_URL
    check_base_url(base_url)
    public_key, private_key = _keys(options, profile)
    ca_path = options.get("ca_path")
    return Connection(
        public_key=public_key,
        private_key=private_key,
        security_token=options.get("security_token") or None,
        base_url=base_url,
        channel_key=options.get("channel_key") or profile.channel_key,
        validate_certs=options["validate_certs"],
        ca_path=readable_path("ca_path", ca_path) if ca_path else None,
        timeout=number("timeout", options["timeout"], 1, 3600),
        total_timeout=number("total_timeout", options["total_timeout"], 1, 604800),
        max_retries=number("max_retries", options["max_retries"], 0, 100),
        concurrency=number("concurrency", options["concurrency"], 1, 64),
    )


def _keys(options: Mapping[str, Any], profile: Profile) -> tuple[str, str]:
    """Return the pair of keys. If only the public key is given, only a profile with that public key can complete it.

    Raises:
        OptionError: A key is missing, or the keys are from a profile that signs in with OAuth.
    """
    public_key, private_key = options.get("public_key"), options.get("private_key")
    if (not public_key and not private_key) or (not private_key and public_key == profile.public_key):
        if profile.uses_oauth:
            raise OptionError(
                f"profile: {profile.name!r} signs in with OAuth (auth_mode), which only works in UCloud's command line"
                " tool",
                hint="Set public_key and private_key, or name a profile that signs in with a pair of keys.",
            )
        public_key, private_key = profile.public_key, profile.private_key
    missing = [name for name, key in (("public_key", public_key), ("private_key", private_key)) if not key]
    if not public_key or not private_key:
        used = f"profile {profile.name!r}" if profile.name else "a profile"
        other = ""
        if public_key and profile.public_key and public_key != profile.public_key:
            other = f"The one of {used} is for another public_key, and is not used. "
        raise OptionError(
            f"{' and '.join(missing)}: no value was given",
            hint=other
            + " ".join(
                f"Set {name}, or the environment variable UCLOUD_{name.upper()}, or {name} in {used} of"
                " UCloud's command line tool."
                for name in missing
            ),
        )
    return public_key, private_key


def _scopes(options: Mapping[str, Any], profile: Profile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions and the projects to list.

    Raises:
        OptionError: There is no region, or ``all`` is combined with others.
    """
    regions, projects = _texts(options, "regions"), _texts(options, "project_ids")
    regions = regions if regions is not None else _one(profile.region)
    if not regions:
        raise OptionError(
            "regions: no region was given",
            hint="Set regions (for example [cn-bj2], or [all]), or the environment variable UCLOUD_REGION, or the"
            " region of a profile of UCloud's command line tool.",
        )
    projects = projects if projects is not None else _one(profile.project_id)
    return _all_or_some("regions", regions), _all_or_some("project_ids", projects)


def _listener_query(options: Mapping[str, Any], profile: Profile) -> ListenerQuery:
    regions, project_ids = _scopes(options, profile)
    lists = {name: _texts(options, name) for name in _LISTS_OF_TEXT_FOR_LISTENERS}
    protocols = lists["protocols"]
    return ListenerQuery(
        regions=regions,
        project_ids=project_ids,
        selection=ListenerSelection(
            load_balancer_ids=_set(lists["load_balancer_ids"]),
            load_balancer_types=_set(options.get("load_balancer_types")),
            listener_ids=_set(lists["listener_ids"]),
            names=lists["names"],
            protocols=None if protocols is None else frozenset(name.upper() for name in protocols),
            ports=_parsed(options, "ports", ports),
            certificate_ids=_set(lists["certificate_ids"]),
        ),
        on_error=options["on_error"],
        page_size=number("page_size", options["page_size"], 1, 1000),
    )


def _query(options: Mapping[str, Any], profile: Profile) -> Query:
    regions, project_ids = _scopes(options, profile)
    lists = {name: _texts(options, name) for name in _LISTS_OF_TEXT}
    return Query(
        regions=regions,
        project_ids=project_ids,
        selection=Selection(
            ssl_ids=_set(lists["ssl_ids"]),
            names=lists["names"],
            domains=_domains(lists["domains"]),
            sources=_set(options.get("sources")),
            bound=options.get("bound"),
            load_balancer_ids=_set(lists["load_balancer_ids"]),
            listener_ids=_set(lists["listener_ids"]),
            expires_within=_parsed(options, "expires_within", duration),
            expired=options.get("expired"),
            fingerprints=_set(_parsed(options, "fingerprints", fingerprints)),
        ),
        content=options["content"],
        on_error=options["on_error"],
        on_unreadable=options["on_unreadable"],
        trust_store=_trust_store(options),
        page_size=number("page_size", options["page_size"], 1, 1000),
        listeners=options["listeners"],
    )


def _warnings(connection: Connection) -> tuple[str, ...]:
    has_token = connection.security_token is not None
    if urlsplit(connection.base_url).scheme == "http":
        return (_NOT_ENCRYPTED.format(connection.base_url, ", as does security_token" if has_token else ""),)
    if connection.validate_certs:
        return ()
    return (_NOT_VERIFIED.format(connection.endpoint, " read security_token," if has_token else ""),)


def _empty_list_warnings(names: list[str], noun: str) -> tuple[str, ...]:
    """Warn about empty lists, because the result would look like an account that has nothing."""
    return (f"{', '.join(names)}: an empty list selects no {noun}. Leave the option out to select all.",) * bool(names)


def _unknown_protocol_warnings(names: Iterable[str]) -> tuple[str, ...]:
    """Warn about a protocol that may be misspelled. It is no error: the platform may have more than are known here."""
    unknown = ", ".join(map(repr, sorted(set(names) - PROTOCOLS)))
    known = ", ".join(sorted(PROTOCOLS))
    return (f"protocols: {unknown} is not known and may be misspelled. Known protocols: {known}.",) * bool(unknown)


def _trust_store(options: Mapping[str, Any]) -> str:
    value: str = options.get("trust_store") or trust_stores.NONE
    trust_stores.check(value)
    return value


def _parsed(options: Mapping[str, Any], name: str, parse: Callable[[str, Any], T]) -> T | None:
    value = options.get(name)
    return None if value is None else parse(name, value)


def _texts(options: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    values = options.get(name)
    # An empty environment variable is not set.
    if values is None or (values == [""] and name in _LISTS_FROM_ENVIRONMENT):
        return None
    texts = tuple(dict.fromkeys(value.strip() for value in values))
    if "" in texts:
        raise OptionError(f"{name}: there is an empty value in the list", hint="Leave it out.")
    return texts


def _domains(values: tuple[str, ...] | None) -> tuple[str, ...] | None:
    for value in values or ():
        refusal = domains.refusal_of(value)
        if refusal is not None:
            raise OptionError(f"domains: {value!r} {refusal.problem}", hint=refusal.hint)
    return tuple(domains.unique(values)) if values is not None else None


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _set(values: Any) -> frozenset[str] | None:
    return frozenset(values) if values is not None else None


def _all_or_some(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if ALL in values and len(values) > 1:
        raise OptionError(f"{name}: '{ALL}' cannot be combined with other values", hint=f"Give [{ALL}], or the others.")
    return values
