# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare what a listener offers for a page: addresses, TLS, redirects, hosts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._audit.schema import AuditedListener
from ..language import mark, say
from ..listeners import addresses_of, dictionaries, is_plain, sockets_of
from .texts import text_of

#: What a finding of these checks says in a word, next to the TLS policy.
TLS_TAGS = {"listener_tls_version": mark("old versions"), "listener_weak_ciphers": mark("weak ciphers")}


@dataclass(frozen=True)
class Offer:
    """What a listener offers, in words. Words are empty if something does not apply, and say so if it is not known.

    ``sockets`` only have the port if it is not ``addressed``. ``hosts`` are patterns with their kind (``exact``,
    ``wildcard``, ``regex``); ``None`` if they are not known.
    """

    protocol: str
    port: str
    sockets: list[str]
    addressed: bool
    tls: str
    policy: str
    http2: str
    redirect: str
    hosts: list[tuple[str, str]] | None

    @classmethod
    def of(cls, listener: AuditedListener) -> Offer:
        """Read the facts of a listener. They may be missing, unknown, or of another type."""
        plain = is_plain(listener)
        hosts = listener.get("hosts")
        return cls(
            protocol=text_of(listener.get("protocol")) or say("protocol not known"),
            port=text_of(listener.get("port")) or "?",
            sockets=sockets_of(listener),
            addressed=bool(addresses_of(listener)),
            tls=_tls(listener.get("tls"), plain),
            policy=_policy(listener.get("tls")),
            http2="" if plain else _decided(listener.get("http2"), "HTTP/2", say("no HTTP/2"), say("HTTP/2 not known")),
            redirect=_redirect(listener),
            hosts=None
            if hosts is None
            else [(text_of(host.get("pattern")), text_of(host.get("match"))) for host in dictionaries(hosts)],
        )


def _tls(tls: Any, plain: bool) -> str:
    if not isinstance(tls, Mapping):
        return say("no TLS") if plain else say("TLS not known")
    version = text_of(tls.get("minimum_version"))
    return say("{version} and later", version=version) if version else say("TLS versions not known")


def _policy(tls: Any) -> str:
    """Return the name and kind of a TLS policy."""
    if not isinstance(tls, Mapping):
        return ""
    name = text_of(tls.get("policy_name")) or text_of(tls.get("policy_id"))
    kind = text_of(tls.get("policy_kind"))
    if kind:
        return say("{name} ({kind})", name=name or say("policy"), kind=say(kind))
    return name or say("policy not known")


def _redirect(listener: AuditedListener) -> str:
    redirects, port = listener.get("redirects"), text_of(listener.get("redirects_to_port"))
    if redirects:
        return say("redirects to :{port}", port=port) if port else say("redirects")
    if text_of(listener.get("protocol")).upper() != "HTTP":
        return ""
    return _decided(redirects, "", say("does not redirect"), say("redirect not known"))


def _decided(value: Any, yes: str, no: str, unknown: str) -> str:
    return (yes if value else no) if isinstance(value, bool) else unknown
