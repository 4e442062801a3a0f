# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditions that select certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import TypeVar

from .._api.values import matches_any
from . import domains
from .model import Binding, Certificate

T = TypeVar("T")


@dataclass(frozen=True)
class Selection:
    """Conditions on certificates. All of them must hold, each for any of its values. ``None`` means no condition.

    ``domains`` are normalized domains and IP addresses, ``expires_within`` is in seconds, ``fingerprints`` are
    lower-case hexadecimal digits.
    """

    ssl_ids: frozenset[str] | None = None
    names: tuple[str, ...] | None = None
    domains: tuple[str, ...] | None = None
    sources: frozenset[str] | None = None
    bound: bool | None = None
    load_balancer_ids: frozenset[str] | None = None
    listener_ids: frozenset[str] | None = None
    expires_within: int | None = None
    expired: bool | None = None
    fingerprints: frozenset[str] | None = None

    @property
    def empty(self) -> list[str]:
        """The names of the conditions that no certificate can meet, because their lists are empty."""
        return [item.name for item in fields(self) if getattr(self, item.name) in ((), frozenset())]

    @property
    def needs_content(self) -> bool:
        """Whether a condition depends on the content of the certificate."""
        conditions = (self.domains, self.expires_within, self.expired, self.fingerprints)
        return any(condition is not None for condition in conditions)

    def by_identity(self, ssl_id: str | None, ssl_name: str | None) -> bool:
        """Check the conditions on id and name, before anything else of a record is read."""
        return (self.ssl_ids is None or ssl_id in self.ssl_ids) and (
            self.names is None or (ssl_name is not None and matches_any(ssl_name, self.names))
        )

    def by_record(self, certificate: Certificate) -> bool:
        """Check the conditions on other fields of the API, before the content is parsed."""
        return (
            self.by_identity(certificate.ssl_id, certificate.ssl_name)
            and (self.sources is None or certificate.source in self.sources)
            and (self.bound is None or certificate.bound is self.bound)
            and self._by_bindings(certificate.bindings or ())
        )

    def by_content(self, certificate: Certificate, now: int) -> bool | None:
        """Check the conditions on the content of the certificate for the time ``now``.

        Return ``None`` if it is unknown whether they hold.
        """
        results = []
        if self.domains is not None:
            results.append(_covers_any(certificate, self.domains))
        if self.expired is not None:
            results.append(_is(lambda expiry: (now > expiry) is self.expired, certificate.not_after))
        if self.expires_within is not None:
            latest = now + self.expires_within
            results.append(_is(lambda expiry: expiry <= latest, certificate.not_after))
        if self.fingerprints is not None:
            fingerprints = self.fingerprints
            results.append(_is(lambda fingerprint: fingerprint in fingerprints, certificate.fingerprint))
        return False if False in results else None if None in results else True

    def _by_bindings(self, bindings: Iterable[Binding]) -> bool:
        """Whether one binding has both one of the load balancers and one of the listeners."""
        if self.load_balancer_ids is None and self.listener_ids is None:
            return True
        return any(
            (self.load_balancer_ids is None or binding.load_balancer_id in self.load_balancer_ids)
            and (self.listener_ids is None or binding.listener_id in self.listener_ids)
            for binding in bindings
        )


def _covers_any(certificate: Certificate, names: Iterable[str]) -> bool | None:
    """Whether it covers one of the names. The domains from the platform are only a hint."""
    patterns = certificate.names
    is_covering = any(domains.covers(patterns, name) for name in names)
    if certificate.domains_from == "certificate":
        return is_covering
    if not certificate.domains:
        return None
    # Without content there is no better source than the platform.
    return is_covering and (None if certificate.content.x509_error else True)


def _is(holds: Callable[[T], bool], value: T | None) -> bool | None:
    return None if value is None else holds(value)
