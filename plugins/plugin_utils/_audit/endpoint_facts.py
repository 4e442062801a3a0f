# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts of endpoints that checks use: what addresses really serve."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from .addresses import with_port
from .subject import Subject
from .values import as_integer, as_kind, as_timestamp, as_verdict, list_of_kind


class EndpointFacts(Subject):
    """The facts of one endpoint. They come from outside: missing or malformed ones are ``None``.

    ``position`` is its position among all endpoints.
    """

    def __init__(self, facts: Mapping[str, Any], position: int = 0) -> None:
        self.facts = facts
        self.position = position
        self.address = as_kind(str, facts.get("address"))
        self.port = as_integer(facts.get("port"))
        self.server_name = as_kind(str, facts.get("server_name")) or None
        self.region = as_kind(str, facts.get("region"))
        self.project_id = as_kind(str, facts.get("project_id"))
        self.load_balancer_id = as_kind(str, facts.get("load_balancer_id"))
        self.listener_id = as_kind(str, facts.get("listener_id"))
        self.reachable = as_kind(bool, facts.get("reachable"))
        self.error = as_kind(str, facts.get("error"))
        self.error_message = as_kind(str, facts.get("error_message"))
        self.tls_version = as_kind(str, facts.get("tls_version"))
        self.tls_versions: dict[str, Any] | None = as_kind(dict, facts.get("tls_versions"))
        self.covers_server_name = as_kind(bool, facts.get("covers_server_name"))
        self.matches_expected = as_kind(bool, facts.get("matches_expected"))
        self.fingerprint = as_kind(str, facts.get("fingerprint"))
        self.not_after = as_kind(str, facts.get("not_after"))
        self.not_before_epoch = as_timestamp(facts.get("not_before_epoch"))
        self.not_after_epoch = as_timestamp(facts.get("not_after_epoch"))
        self.x509: dict[str, Any] | None = as_kind(dict, facts.get("x509"))
        self.revocation: dict[str, Any] | None = as_verdict(facts.get("revocation"), "revoked")

    @property
    def sort_key(self) -> tuple[str, str, str, str, str, int, str]:
        """The sort key: project, region, load balancer, listener, address, port, server name."""
        ids = (self.load_balancer_id or "", self.listener_id or "")
        return (*self.scope, *ids, self.address or "", self.port or 0, self.server_name or "")

    @cached_property
    def about(self) -> str:
        """Its address, port, and the server name that clients ask for."""
        address = self.address or "an unknown address"
        socket = with_port(address, "?" if self.port is None else self.port)
        return f"{socket} {self.server_name}" if self.server_name else socket

    @property
    def reference(self) -> dict[str, str | None]:
        """The fields of a finding that name it."""
        ids = {"listener_id": self.listener_id, "load_balancer_id": self.load_balancer_id}
        return {**super().reference, **ids, "endpoint": self.about}

    @cached_property
    def expected_fingerprints(self) -> list[str] | None:
        """The fingerprints of the certificates that should be served; ``None`` if nothing is expected."""
        return list_of_kind(str, self.facts.get("expected_fingerprints"))

    @property
    def trust(self) -> dict[str, Any] | None:
        """Whether clients trust what it serves, with the reason; ``None`` if that was not verified."""
        own = as_verdict(self.facts.get("trust"), "trusted")
        return own or as_verdict((self.x509 or {}).get("trust"), "trusted")

    @property
    def tells_versions(self) -> bool:
        """Whether it is known which versions of TLS it offers, or that it offers no newer one than it used."""
        return self.tls_versions is not None or self.tls_version in ("SSLv3", "TLSv1", "TLSv1.1")

    @property
    def subject(self) -> dict[str, Any] | None:
        """The subject of its certificate."""
        return as_kind(dict, (self.x509 or {}).get("subject"))

    @property
    def issuer(self) -> dict[str, Any] | None:
        """The issuer of its certificate."""
        return as_kind(dict, (self.x509 or {}).get("issuer"))

    @property
    def issuer_included(self) -> bool | None:
        """Whether it sends the certificate that issued its own."""
        return as_kind(bool, (self.x509 or {}).get("issuer_included"))

    def to_data(self) -> dict[str, Any]:
        """Return the facts that an audit includes."""
        return {
            **{name: getattr(self, name) for name in _SHOWN},
            **{name: as_kind(str, self.facts.get(name)) for name in _SHOWN_TEXTS},
            "not_after_epoch": self.not_after_epoch,
            "domains": list_of_kind(str, self.facts.get("domains")),
        }


_SHOWN = (
    "address",
    "port",
    "server_name",
    "region",
    "project_id",
    "load_balancer_id",
    "listener_id",
    "reachable",
    "error",
    "error_message",
    "tls_version",
    "tls_versions",
    "covers_server_name",
    "matches_expected",
    "expected_fingerprints",
    "fingerprint",
    "subject",
    "issuer",
    "issuer_included",
    "not_after",
    "trust",
    "revocation",
)
_SHOWN_TEXTS = ("ip_address", "cipher", "alpn", "not_before", "state")


class ProbedEndpoints:
    """All endpoints of an audit. ``items`` are the endpoints."""

    def __init__(self, items: list[EndpointFacts]) -> None:
        self.items = items

    @property
    def served(self) -> list[EndpointFacts]:
        """The endpoints with which a handshake was completed. About the others, only that can be said."""
        return [item for item in self.items if item.reachable]

    @cached_property
    def by_identity(self) -> dict[tuple[str, str, str], list[EndpointFacts]]:
        """Endpoints by project, region, and their name in findings."""
        groups: dict[tuple[str, str, str], list[EndpointFacts]] = {}
        for item in self.items:
            groups.setdefault((*item.scope, item.about), []).append(item)
        return groups
