# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate of the load balancer service: from the API's record to the model to Ansible facts.

Every field of a record is optional, may be null, and may be a number or boolean in a string.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .._api.redaction import HIDDEN, as_digest, as_name, may_hold_key, read_name
from .._api.values import boolean, integer, text
from . import domains, times

_SOURCES: dict[int | None, str] = {0: "ulb", 1: "ussl"}
_CLASSIC, _APPLICATION = "classic", "application"
_KINDS = {
    "ulb-": _CLASSIC,
    "vserver-": _CLASSIC,
    "alb-": _APPLICATION,
    "als-": _APPLICATION,
    "lsn-": _APPLICATION,
}
#: The fields with bindings: of DescribeSSLV2, of the example in its reference, and of DescribeSSL.
_BINDING_FIELDS = ("Relations", "SSLBindedTargetSet", "BindedTargetSet")


@dataclass(frozen=True)
class Binding:
    """One listener that serves the certificate.

    The API returns the certificate with the ids and names of the listener. What else is known about the listener is
    from the listings of listeners, in the form of their facts.
    """

    load_balancer_id: str | None
    load_balancer_name: str | None
    load_balancer_type: str
    listener_id: str | None
    listener_name: str | None
    is_default: bool | None
    protocol: str | None = None
    port: int | None = None
    addresses: list[dict[str, Any]] | None = None
    tls: dict[str, Any] | None = None

    @classmethod
    def from_api(cls, record: Any) -> Binding | None:
        """Read an SSLRelation, or one of the older forms: ``{VServerId, ULBId, …}`` or an id."""
        if isinstance(record, str) and record.strip():
            record = {"LoadBalancerId" if record.startswith(("ulb-", "alb-")) else "ListenerId": record}
        if not isinstance(record, Mapping):
            return None
        load_balancer_id = read_name(record.get("LoadBalancerId")) or read_name(record.get("ULBId"))
        listener_id = read_name(record.get("ListenerId")) or read_name(record.get("VServerId"))
        return cls(
            load_balancer_id=load_balancer_id,
            load_balancer_name=read_name(record.get("LoadBalancerName")) or read_name(record.get("ULBName")),
            load_balancer_type=_load_balancer_type(load_balancer_id, listener_id),
            listener_id=listener_id,
            listener_name=read_name(record.get("ListenerName")) or read_name(record.get("VServerName")),
            is_default=boolean(record.get("IsDefault")),
        )


@dataclass(frozen=True)
class Content:
    """What the PEM of a certificate contains. Unknown values are ``None``.

    Of the private key there is only whether one is stored, and whether it matches.

    Attributes:
        pem: The chain in its own order, if it was requested.
        domains: The DNS names that clients compare.
        not_before: Timestamp (seconds since 1970).
        not_after: Timestamp (seconds since 1970).
        x509: The fact ``x509``.
    """

    pem: str | None = None
    private_key_stored: bool | None = None
    key_matches: bool | None = None
    not_before: int | None = None
    not_after: int | None = None
    domains: tuple[str, ...] | None = None
    x509: dict[str, Any] | None = None
    x509_error: str | None = None


@dataclass(frozen=True)
class Certificate:
    """One certificate, as the API lists it and as its PEM describes it.

    ``created_at``, ``api_not_before`` and ``api_not_after`` are timestamps (seconds since 1970). ``bindings`` is
    ``None`` if unknown. A private key may only be in ``full_content``, which is only set for ``content: all``.
    """

    ssl_id: str | None
    ssl_name: str | None
    ssl_type: str | None
    source: str
    ussl_id: str | None
    region: str
    project_id: str | None
    hash_value: str | None
    created_at: int | None
    api_domains: tuple[str, ...]
    api_not_before: int | None
    api_not_after: int | None
    bindings: tuple[Binding, ...] | None
    content: Content = field(default_factory=Content)
    full_content: str | None = field(default=None, repr=False)

    @classmethod
    def from_api(cls, record: Mapping[str, Any], region: str, project_id: str | None) -> Certificate:
        """Read an SSLInfo, but not its ``SSLContent``. Unknown fields are ignored."""
        return cls(
            ssl_id=read_name(record.get("SSLId")),
            ssl_name=read_name(record.get("SSLName")),
            ssl_type=read_name(record.get("SSLType")),
            source=_SOURCES.get(integer(record.get("SSLSource")), "unknown"),
            ussl_id=read_name(record.get("USSLId")),
            region=region,
            project_id=project_id,
            hash_value=as_digest(text(record.get("HashValue")) or "") or None,
            created_at=times.from_api(record.get("CreateTime")),
            api_domains=_names(record),
            api_not_before=times.from_api(record.get("NotBefore")),
            api_not_after=times.from_api(record.get("NotAfter")),
            bindings=_bindings(record),
        )

    def with_content(self, content: Content, full_content: str | None = None) -> Certificate:
        """Return the same certificate with the content of its PEM."""
        # Like dataclasses.replace(), in half the time.
        return Certificate(**{**vars(self), "content": content, "full_content": full_content})

    def with_bindings(self, bindings: tuple[Binding, ...]) -> Certificate:
        """Return the same certificate with other bindings."""
        return Certificate(**{**vars(self), "bindings": bindings})

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """The sort key of certificates in all lists: project, region and id."""
        return (self.project_id or "", self.region, self.ssl_id or "")

    @property
    def validity_from(self) -> str | None:
        """The source of the dates. Those of the certificate take precedence over the API's; they are never mixed."""
        if self.content.not_after is not None:
            return "certificate"
        return "api" if self.api_not_before is not None or self.api_not_after is not None else None

    @property
    def not_before(self) -> int | None:
        """The timestamp from which it is valid."""
        return self.content.not_before if self.validity_from == "certificate" else self.api_not_before

    @property
    def not_after(self) -> int | None:
        """The last timestamp at which it is valid."""
        return self.content.not_after if self.validity_from == "certificate" else self.api_not_after

    @property
    def domains_from(self) -> str | None:
        """The source of the domains: the certificate, or the API if they could not be read."""
        if self.content.domains is not None:
            return "certificate"
        return "api" if self.domains else None

    @property
    def domains(self) -> list[str]:
        """Its domains, the main one first; empty if there are none or they are unknown."""
        if self.content.domains is not None:
            return list(self.content.domains)
        return [name for name in domains.unique(self.api_domains) if domains.is_domain(name)]

    @property
    def addresses(self) -> list[str]:
        """Its IP addresses."""
        return domains.addresses_of((self.content.x509 or {}).get("subject_alt_names") or ())

    @property
    def names(self) -> list[str]:
        """Its domains and IP addresses."""
        return [*self.domains, *self.addresses]

    @property
    def is_unreadable(self) -> bool:
        """Whether it has content whose names or dates could not be read."""
        known = (self.content.domains, self.content.not_before, self.content.not_after)
        return self.content.x509_error is not None and None in known

    @property
    def bound(self) -> bool | None:
        """Whether a listener serves it; ``None`` if unknown."""
        return bool(self.bindings) if self.bindings is not None else None

    @property
    def fingerprint(self) -> str | None:
        """SHA-256 of the certificate in lower-case hexadecimal digits."""
        return self.content.x509["fingerprints"]["sha256"] if self.content.x509 else None

    def state(self, now: int) -> str:
        """Return ``valid``, ``expired``, ``not_yet_valid`` or ``unknown`` for the time ``now``."""
        return times.state(self.not_before, self.not_after, now)

    def to_facts(self, now: int) -> dict[str, Any]:
        """Return the facts for playbooks. Those that depend on the time are for the time ``now``."""
        not_before, not_after = self.not_before, self.not_after
        return {
            "ssl_id": self.ssl_id,
            "ssl_name": self.ssl_name,
            "ssl_type": self.ssl_type,
            "source": self.source,
            "ussl_id": self.ussl_id,
            "region": self.region,
            "project_id": self.project_id,
            "hash_value": self.hash_value,
            "created_at": times.iso8601(self.created_at),
            "created_at_epoch": self.created_at,
            "domains": self.domains,
            "domains_from": self.domains_from,
            "not_before": times.iso8601(not_before),
            "not_before_epoch": not_before,
            "not_after": times.iso8601(not_after),
            "not_after_epoch": not_after,
            "validity_from": self.validity_from,
            "days_remaining": (not_after - now) // times.DAY if not_after is not None else None,
            "state": self.state(now),
            "bound": self.bound,
            "bindings": [asdict(binding) for binding in self.bindings or ()],
            "private_key_stored": self.content.private_key_stored,
            "key_matches": self.content.key_matches,
            "x509": self.content.x509,
            "x509_error": self.content.x509_error,
            "api": {
                "domains": domains.unique(self.api_domains),
                "not_before_epoch": self.api_not_before,
                "not_after_epoch": self.api_not_after,
            },
            "content": self.full_content or self.content.pem,
        }


def _names(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the domains from the platform. Other values are judged together, because they may be parts of one key."""
    names = [*domains.split_names(record.get("Domains")), *domains.split_names(record.get("DNSNames"))]
    others = [name for name in names if not _is_domain_or_address(name)]
    if may_hold_key(" ".join(others)):
        names = [HIDDEN, *(name for name in names if name not in others)]
    return tuple(map(as_name, names))


def _is_domain_or_address(name: str) -> bool:
    normal = domains.normalize(name)
    return domains.ip_address(normal) is not None or ("." in name and domains.is_domain(normal))


def _bindings(record: Mapping[str, Any]) -> tuple[Binding, ...] | None:
    present = [record[name] for name in _BINDING_FIELDS if name in record]
    lists = [value or [] for value in present if value is None or isinstance(value, list)]
    if not lists:
        return None
    targets: list[Any] = next(filter(None, lists), [])
    found = tuple(binding for binding in map(Binding.from_api, targets) if binding is not None)
    return found if found or not targets else None


def _load_balancer_type(*ids: str | None) -> str:
    for known in filter(None, ids):
        for prefix, kind in _KINDS.items():
            if known.startswith(prefix):
                return kind
    return "unknown"
