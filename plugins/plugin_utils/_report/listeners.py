# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe the facts of a listener in words. Every fact may be missing, unknown, or of another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...module_utils._listeners.kinds import WITHOUT_TLS
from .._audit.addresses import with_port
from .language import mark, say
from .sanitize import visible

UNKNOWN = mark("not known")


def is_plain(listener: Mapping[str, Any]) -> bool:
    """Whether its protocol has no TLS. For any other one, an unknown TLS policy is not the absence of TLS."""
    return visible(listener.get("protocol")).upper() in WITHOUT_TLS


def protocol_of(listener: Mapping[str, Any]) -> str:
    """Return the protocol."""
    return visible(listener.get("protocol")) or say("protocol not known")


def port_of(listener: Mapping[str, Any]) -> str:
    """Return the port, with ``?`` if it is not known."""
    return visible(listener.get("port")) or "?"


def sockets_of(listener: Mapping[str, Any]) -> list[str]:
    """Return addresses with the port: ``203.0.113.7:443``, ``[2001:db8::1]:443``; only ``:443`` without addresses."""
    port = port_of(listener)
    return [with_port(item, port) for item in addresses_of(listener)] or [f":{port}"]


def addresses_of(listener: Mapping[str, Any]) -> list[str]:
    """Return the addresses that are known."""
    return [text for item in dictionaries(listener.get("addresses")) if (text := visible(item.get("address")))]


def tls_of(listener: Mapping[str, Any]) -> str:
    """Return the lowest TLS version and the policy: ``TLSv1.2 (security-tls12s)``, ``none``, or that it is unknown."""
    tls = listener.get("tls")
    if not isinstance(tls, Mapping):
        return say("none") if is_plain(listener) else say(UNKNOWN)
    policy = visible(tls.get("policy_name")) or visible(tls.get("policy_id"))
    version = visible(tls.get("minimum_version")) or say("version not known")
    return f"{version} ({policy})" if policy else version


def dictionaries(items: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the dictionaries in a list; nothing if it is no list."""
    yield from (item for item in items if isinstance(item, Mapping)) if isinstance(items, list) else ()
