# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts that checks use: those of one certificate, and those of all certificates of an audit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from ...module_utils._certificates.domains import covers
from ...module_utils._certificates.times import state
from .addresses import Address, read_address
from .distinguished_names import normalized_text, values_of
from .durations import in_days
from .endpoint_facts import ProbedEndpoints
from .listener_facts import ListedListeners, ListenerFacts
from .schema import WaiverData
from .subject import Subject
from .values import all_of_kind, as_kind, as_timestamp, as_verdict, list_of_kind

#: What some checks require.
LISTENERS, TRUST, ENDPOINTS = "listeners", "trust", "endpoints"
#: The same for checks of endpoints: what a probe only finds out if it is asked to.
ENDPOINT_TRUST, ENDPOINT_VERSIONS, REVOCATION = "endpoint_trust", "endpoint_versions", "revocation"
#: Issuers in :attr:`CertificateFacts.kind`.
PUBLIC, SELF_SIGNED = "public", "self-signed"

K = TypeVar("K", bound=Hashable)


class CertificateFacts(Subject):
    """The facts of one certificate. They come from outside: missing or malformed ones are ``None`` or empty.

    ``position`` is its position in the input, which identifies certificates without an id.
    """

    def __init__(self, facts: dict[str, Any], position: int = 0) -> None:
        self.facts = facts
        self.position = position
        self.ssl_id: str | None = as_kind(str, facts.get("ssl_id"))
        self.ssl_name: str | None = as_kind(str, facts.get("ssl_name"))
        self.region: str | None = as_kind(str, facts.get("region"))
        self.project_id: str | None = as_kind(str, facts.get("project_id"))
        self.bound: bool | None = as_kind(bool, facts.get("bound"))
        self.created_at = as_timestamp(facts.get("created_at_epoch"))
        self.not_before = as_timestamp(facts.get("not_before_epoch"))
        self.not_after = as_timestamp(facts.get("not_after_epoch"))
        self.domains = all_of_kind(str, facts.get("domains"))
        self.bindings: list[dict[str, Any]] = all_of_kind(dict, facts.get("bindings"))
        self.x509: dict[str, Any] | None = as_kind(dict, facts.get("x509"))

    @cached_property
    def scope(self) -> tuple[str, str]:
        """Project and region."""
        return (self.project_id or "", self.region or "")

    @property
    def sort_key(self) -> tuple[str, str, str, int]:
        """The sort key: project, region, id."""
        return (*self.scope, self.ssl_id or "", self.position)

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return self.ssl_name or self.ssl_id or "a certificate without a name"

    @property
    def identity(self) -> str:
        """Its id; without one, its name and fingerprint."""
        return self.ssl_id or f"{self.label} {self.fingerprint}"

    @property
    def reference(self) -> dict[str, str | None]:
        """The fields of a finding that name it."""
        return {"ssl_id": self.ssl_id, "ssl_name": self.ssl_name, **super().reference}

    @property
    def lifetime(self) -> int | None:
        """Seconds from the first to the last second of its validity, both included (RFC 5280, 4.1.2.5)."""
        if self.not_before is None or self.not_after is None:
            return None
        return self.not_after - self.not_before + 1

    @cached_property
    def fingerprint(self) -> str | None:
        """SHA-256 fingerprint of the certificate."""
        fingerprints: dict[str, Any] = as_kind(dict, (self.x509 or {}).get("fingerprints")) or {}
        return as_kind(str, fingerprints.get("sha256"))

    @property
    def spki(self) -> str | None:
        """SHA-256 fingerprint of its public key."""
        return as_kind(str, (self.x509 or {}).get("spki_sha256"))

    @cached_property
    def public_key(self) -> dict[str, Any]:
        """Type, size and so on; empty if it cannot be read."""
        return as_kind(dict, (self.x509 or {}).get("public_key")) or {}

    @cached_property
    def alternative_names(self) -> list[str] | None:
        """Its subject alternative names in OpenSSL's notation; ``None`` if they cannot be read."""
        return list_of_kind(str, (self.x509 or {}).get("subject_alt_names"))

    @cached_property
    def dns_names(self) -> list[str]:
        """The DNS names among its subject alternative names as they are written, including malformed ones."""
        return [name[4:] for name in self.alternative_names or () if name.startswith("DNS:")]

    @cached_property
    def addresses(self) -> list[Address]:
        """The IP addresses among its subject alternative names."""
        found = (read_address(name[3:]) for name in self.alternative_names or () if name.startswith("IP:"))
        return [address for address in found if address is not None]

    @cached_property
    def has_known_names(self) -> bool:
        """Whether all names that clients accept are known. Names that the platform reports are not enough."""
        return self.alternative_names is not None and self.facts.get("domains_from") == "certificate"

    @cached_property
    def names(self) -> list[str]:
        """The domains and IP addresses that clients accept; those that the platform reports if it cannot be read."""
        domains = (name for name in self.domains if read_address(name) is None)
        return list(dict.fromkeys((*domains, *map(str, self.addresses))))

    @cached_property
    def _distinct_names(self) -> frozenset[str]:
        return frozenset(self.names)

    def covers(self, name: str) -> bool:
        """Whether clients accept it for a domain (normalized) or an IP address (as Python writes it)."""
        # Most names are listed as they are, and finding the others takes longer.
        return self.lists(name) or not self._distinct_names.isdisjoint(names_for(name))

    def lists(self, name: str) -> bool:
        """Whether a name without a wildcard is one of its names, letter for letter."""
        return name in self._distinct_names and not name.startswith("*")

    @property
    def platform_names(self) -> list[str]:
        """The domains that the platform reports, which may be any text."""
        return all_of_kind(str, (as_kind(dict, self.facts.get("api")) or {}).get("domains"))

    @cached_property
    def common_names(self) -> list[str] | None:
        """The common names of its subject; ``None`` if the subject cannot be read."""
        subject = as_kind(dict, (self.x509 or {}).get("subject"))
        return None if subject is None else values_of(subject, "common_name")

    @cached_property
    def is_self_signed(self) -> bool | None:
        """Whether it is signed with its own key."""
        return as_kind(bool, (self.x509 or {}).get("self_signed"))

    @cached_property
    def is_public(self) -> bool | None:
        """Whether a public CA seems to have issued it, judged by signed certificate timestamps."""
        if self.is_self_signed:
            return False
        timestamps = as_kind(int, (self.x509 or {}).get("embedded_scts"))
        return None if self.is_self_signed is None or timestamps is None else timestamps > 0

    @cached_property
    def kind(self) -> tuple[str, str] | None:
        """The type of its key, and the issuer that clients have to trust; ``None`` if not known.

        Certificates can only replace each other within a kind. The issuer is any public CA, a private CA by its
        organization (or name), or the certificate itself.
        """
        key = as_kind(str, self.public_key.get("type"))
        issuer = as_kind(dict, (self.x509 or {}).get("issuer"))
        if key is None or self.is_public is None:
            return None
        if self.is_public:
            return key, PUBLIC
        if self.is_self_signed:
            return key, SELF_SIGNED
        if issuer is None:
            return None
        names = values_of(issuer, "organization_name") or values_of(issuer, "common_name")
        return key, f"private {normalized_text(' '.join(map(str, names)))}"

    @property
    def trust(self) -> dict[str, Any] | None:
        """Whether clients trust it, with the reason; ``None`` if that was not verified."""
        return as_verdict((self.x509 or {}).get("trust"), "trusted")

    @property
    def is_read_whole(self) -> bool | None:
        """Whether all certificates in the content were read; ``None`` if that is not known."""
        unread = as_kind(int, (self.x509 or {}).get("unread_certificates"))
        return None if unread is None else unread == 0

    @property
    def is_reversed(self) -> bool:
        """Whether its validity ends before it begins, so that it is never valid."""
        return self.not_before is not None and self.not_after is not None and self.not_after < self.not_before

    @property
    def chain(self) -> list[dict[str, Any]]:
        """The other certificates in the content, in their order."""
        return (self.x509 or {}).get("chain") or []

    def state(self, now: int) -> str:
        """Return ``valid``, ``expired``, ``not_yet_valid`` or ``unknown`` for the time ``now``."""
        return state(self.not_before, self.not_after, now)

    def days_left(self, now: int) -> float | None:
        """Return the days until it expires, with fractions; negative after that."""
        return None if self.not_after is None else in_days(self.not_after - now)


def names_for(name: str) -> tuple[str, ...]:
    """Return the names in certificates that cover a name: the name itself and its wildcard."""
    if read_address(name) is not None:
        return (name,)
    wildcard = f"*.{name.partition('.')[2]}"
    if name == wildcard:
        return (name,) if covers((name,), name) else ()
    return (name, wildcard) if covers((wildcard,), name) else (name,)


class BoundListener(Subject):
    """A listener of which only a binding is known, in the facts of a certificate that it serves."""

    def __init__(self, certificate: CertificateFacts, binding: Mapping[str, Any]) -> None:
        self.certificate = certificate
        self.region, self.project_id = certificate.region, certificate.project_id
        self.listener_id = as_kind(str, binding.get("listener_id"))
        self.load_balancer_id = as_kind(str, binding.get("load_balancer_id"))

    @property
    def about(self) -> str:
        """Its id."""
        return self.listener_id or ""

    @property
    def reference(self) -> dict[str, str | None]:
        """The fields of a finding that name it, and the certificate."""
        ids = {"listener_id": self.listener_id, "load_balancer_id": self.load_balancer_id}
        return {**self.certificate.reference, **ids}


def certificate_of(subject: Subject | None) -> CertificateFacts | None:
    """Return the certificate that a finding is about, alone or with something else."""
    if isinstance(subject, BoundListener):
        return subject.certificate
    return subject if isinstance(subject, CertificateFacts) else None


class FleetFacts:
    """All certificates and listeners of an audit.

    Attributes:
        certificates: The certificates.
        is_complete: Whether every region and project was listed; ``None`` if the input does not say.
        is_whole: Whether the listing is complete and without selection; ``None`` if the input does not say.
        errors: The errors of the listing.
        scope: What was listed, as far as it is known.
        listeners: The listeners; ``None`` if the audit was given none.
        endpoints: What addresses really serve; ``None`` if the audit was given none.
        expired_waivers: Expired waivers of the policy, as plain data.
        unused_waivers: Waivers that do not match any finding, as plain data. They are set after all other checks.
    """

    def __init__(
        self,
        certificates: list[CertificateFacts],
        *,
        is_complete: bool | None = None,
        is_whole: bool | None = None,
        errors: Iterable[dict[str, Any]] = (),
        expired_waivers: Iterable[WaiverData] = (),
        scope: Mapping[str, Any] | None = None,
        listeners: ListedListeners | None = None,
        endpoints: ProbedEndpoints | None = None,
    ) -> None:
        self.certificates = certificates
        self.is_complete = is_complete
        self.is_whole = is_whole
        self.errors = list(errors)
        self.scope = dict(scope or {})
        self.listeners = listeners
        self.endpoints = endpoints
        self.expired_waivers = list(expired_waivers)
        self.unused_waivers: list[WaiverData] = []
        #: The results of :meth:`served_by`, by the positions of listeners.
        self._served: dict[int, tuple[list[CertificateFacts], list[str]]] = {}

    @cached_property
    def _by_id(self) -> dict[str, list[CertificateFacts]]:
        return self.grouped(lambda certificate: certificate.ssl_id or None)

    def served_by(self, listener: ListenerFacts) -> tuple[list[CertificateFacts], list[str]]:
        """Return the certificates of a listener, and the ids of those that were not listed."""
        if not listener.certificates:
            return [], []
        known = self._served.get(listener.position)
        if known is None:
            known = self._served[listener.position] = self._find_served(listener)
        return known

    def _find_served(self, listener: ListenerFacts) -> tuple[list[CertificateFacts], list[str]]:
        found: list[CertificateFacts] = []
        missing: list[str] = []
        for ssl_id in dict.fromkeys([item.ssl_id for item in listener.certificates or ()]):
            same = [item for item in self._by_id.get(ssl_id, ()) if _may_share_region(item, listener)]
            if same:
                # The same id in another project is another certificate, unless there is none in this one.
                found.append(next((item for item in same if item.scope == listener.scope), same[0]))
            else:
                missing.append(ssl_id)
        return found, missing

    @cached_property
    def by_fingerprint(self) -> dict[str, list[CertificateFacts]]:
        """Certificates by the SHA-256 of their content, in lower case and without colons."""
        return self.grouped(lambda certificate: plain_fingerprint(certificate.fingerprint) or None)

    @cached_property
    def missing(self) -> set[str]:
        """What some checks require, and the audit was not given, such as :data:`LISTENERS` or :data:`TRUST`."""
        endpoints = self.endpoints.served if self.endpoints else []
        given = {
            LISTENERS: self.listeners is not None,
            TRUST: any(certificate.trust is not None for certificate in self.certificates),
            ENDPOINTS: self.endpoints is not None,
            ENDPOINT_TRUST: any(endpoint.trust is not None for endpoint in endpoints),
            ENDPOINT_VERSIONS: any(endpoint.tells_versions for endpoint in endpoints),
            REVOCATION: any(endpoint.revocation is not None for endpoint in endpoints),
        }
        return {name for name, is_given in given.items() if not is_given}

    def grouped(self, key: Callable[[CertificateFacts], K | None]) -> dict[K, list[CertificateFacts]]:
        """Group certificates by a key. Those whose key is ``None`` are left out."""
        groups: dict[K, list[CertificateFacts]] = {}
        for certificate in self.certificates:
            value = key(certificate)
            if value is not None:
                groups.setdefault(value, []).append(certificate)
        return groups


def _may_share_region(certificate: CertificateFacts, listener: ListenerFacts) -> bool:
    """Whether both may be in one region. Listeners cannot serve certificates of another one."""
    return certificate.region == listener.region or None in (certificate.region, listener.region)


def plain_fingerprint(text: str | None) -> str:
    """Return a fingerprint in lower case and without colons."""
    return (text or "").replace(":", "").lower()
