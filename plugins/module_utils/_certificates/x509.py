# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse a certificate to plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from .._api.redaction import HIDDEN
from . import crypto, der, extensions, release, times
from .extensions import AccessUrls, AuthorityKeyId, CrlUrls, Extensions
from .fields import fields_of
from .keys import PublicKey, read_public_key
from .names import GeneralName, Name, read_name
from .signature_algorithms import SignatureAlgorithm, read_signature_algorithm

T = TypeVar("T")


class Parsed:
    """A certificate, parsed as far as possible: malformed parts are ``None``, and described in :attr:`errors`.

    Each part is parsed separately, so that a malformed one does not affect the others.

    Raises:
        MalformedError: It is not a certificate.
    """

    def __init__(self, data: bytes) -> None:
        self._fields = fields = fields_of(data)
        #: The certificate, without data after it.
        self.der = data = fields.data
        self.errors: list[str] = []
        self.subject: Name | None = self._try("subject", read_name, der.whole(data, fields.subject))
        self.issuer: Name | None = self._try("issuer", read_name, der.whole(data, fields.issuer))
        self._extensions: Extensions | None = self._try("extensions", Extensions, data, fields.extensions)
        self.algorithm: SignatureAlgorithm | None = self._try(
            "signature_algorithm", read_signature_algorithm, der.whole(data, fields.algorithm)
        )
        self.not_before, self.not_after = self._validity()
        #: Its subject alternative names.
        self.subject_alt_names: list[GeneralName] | None = self._extension(
            "subjectAltName", extensions.SUBJECT_ALT_NAME, []
        )
        #: The identifier of its own key; ``None`` if it is absent or malformed.
        self.key_id: bytes | None = self._extension("subjectKeyIdentifier", extensions.SUBJECT_KEY_ID, None)
        #: The identifier of the key that signed it.
        self.authority_key_id: AuthorityKeyId | None = self._extension(
            "authorityKeyIdentifier", extensions.AUTHORITY_KEY_ID, AuthorityKeyId()
        )
        #: Whether its basic constraints have CA:TRUE.
        self.is_ca: bool | None = self._extension("basicConstraints", extensions.BASIC_CONSTRAINTS, False)
        #: What its key may be used for; empty if that is absent.
        self.key_usage: tuple[str, ...] | None = self._extension("keyUsage", extensions.KEY_USAGE, ())

    def __repr__(self) -> str:
        return f"<certificate {self.fingerprint[:16]}>"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in lower-case hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    @cached_property
    def may_be_released(self) -> bool:
        """Whether it may be returned as it is, because it contains nothing but a certificate."""
        return release.may_be_released(self._fields)

    @property
    def public_key_info(self) -> bytes:
        """The DER of its SubjectPublicKeyInfo."""
        return der.whole(self.der, self._fields.public_key)

    @cached_property
    def public_key(self) -> PublicKey | None:
        """Its public key."""
        return self._try("public_key", read_public_key, self.public_key_info)

    @property
    def is_version_1(self) -> bool:
        """Whether it is a certificate of X.509 version 1, which has no extensions."""
        return self._fields.version is None

    @property
    def domain_names(self) -> list[str] | None:
        """The unchanged DNS names of the subjectAltName. The one that is also the common name comes first."""
        if self.subject_alt_names is None:
            return None
        main = ((self.subject.common_name if self.subject else None) or "").lower()
        names = [name.value for name in self.subject_alt_names if name.is_dns]
        if HIDDEN in names:
            self.errors.append("subjectAltName: a name is hidden, because it may contain a private key")
            return None
        return sorted(names, key=lambda name: name.lower() != main)

    @cached_property
    def serial_number(self) -> int | None:
        """Its serial number."""
        return self._try("serial_number", der.integer, self.der, self._fields.serial_number)

    @cached_property
    def extended_key_usage(self) -> tuple[str, ...] | None:
        """What its key may be used for, by the purposes of applications; empty if that is absent."""
        return self._extension("extendedKeyUsage", extensions.EXTENDED_KEY_USAGE, ())

    @property
    def crl_urls(self) -> tuple[str, ...] | None:
        """The URLs of CRLs that say whether it is revoked."""
        return self._crl_urls.urls if self._crl_urls else None

    @property
    def partial_crl_urls(self) -> frozenset[str]:
        """Those of them whose CRLs only say whether it is revoked for certain reasons."""
        return self._crl_urls.partial if self._crl_urls else frozenset()

    @cached_property
    def _crl_urls(self) -> CrlUrls | None:
        return self._extension("cRLDistributionPoints", extensions.CRL_DISTRIBUTION_POINTS, CrlUrls())

    @cached_property
    def constrained_kinds(self) -> frozenset[int] | None:
        """The tags of the kinds of names that its name constraints are about; empty if it has none."""
        return self._extension("nameConstraints", extensions.NAME_CONSTRAINTS, frozenset())

    @property
    def allows_nothing(self) -> bool:
        """Whether its key usage, or its extended key usage, is there but empty."""
        usages = {"keyUsage": extensions.KEY_USAGE, "extendedKeyUsage": extensions.EXTENDED_KEY_USAGE}
        return any(self._extension(name, usage, None) == () for name, usage in usages.items())

    @cached_property
    def is_self_signed(self) -> bool | None:
        """Whether it is its own issuer, by its name and by its signature."""
        if self.subject is None or self.issuer is None:
            return None
        return self.subject.key == self.issuer.key and self.is_signed_with(self.public_key_info)

    def is_signed_with(self, public_key_info: bytes) -> bool | None:
        """Whether a key has signed it; ``None`` if that is unknown."""
        data, fields = self.der, self._fields
        if self.algorithm is None:
            return None
        # The signed part also contains the algorithm (RFC 5280, 4.1.1.2).
        if der.content(data, fields.algorithm) != der.content(data, fields.inner_algorithm):
            return False
        try:
            signature, _unused = der.bit_string(data, fields.signature)
        except der.MalformedError:
            return False
        return crypto.has_signed(public_key_info, self.algorithm, signature, der.whole(data, fields.signed))

    def facts(self) -> dict[str, Any]:
        """Return the ``x509`` fact without its chain."""
        names = self.subject_alt_names
        urls = self._extension("authorityInfoAccess", extensions.AUTHORITY_INFORMATION_ACCESS, AccessUrls())
        return {
            "subject": self.subject.facts if self.subject else None,
            "issuer": self.issuer.facts if self.issuer else None,
            "serial_number": self._try("serial_number", self._serial_number_text),
            "version": self._try("version", self._version),
            "public_key": self.public_key.facts if self.public_key else None,
            **self._algorithm_facts(),
            "subject_alt_names": [name.text for name in names] if names is not None else None,
            "key_usage": _listed(self.key_usage),
            "extended_key_usage": _listed(self.extended_key_usage),
            "is_ca": self.is_ca,
            "self_signed": self.is_self_signed,
            "embedded_scts": self._extension("signedCertificateTimestampList", extensions.SIGNED_TIMESTAMPS, 0),
            "fingerprints": {
                "sha256": self.fingerprint,
                # Other tools show it as an identifier. It is not used for security.
                "sha1": hashlib.sha1(self.der, usedforsecurity=False).hexdigest(),
            },
            "spki_sha256": hashlib.sha256(self.public_key_info).hexdigest(),
            "subject_key_id": _shown_key_id(self.key_id),
            "authority_key_id": _shown_key_id(self.authority_key_id.key_id if self.authority_key_id else None),
            "ocsp_urls": _listed(urls.ocsp if urls else None),
            "ca_issuers_urls": _listed(urls.ca_issuers if urls else None),
            "crl_urls": _listed(self.crl_urls),
            "must_staple": self._extension("tlsFeature", extensions.TLS_FEATURES, False),
        }

    @cached_property
    def chain_facts(self) -> dict[str, Any]:
        """The ``chain`` fact of a certificate that is not the leaf, without who issued whom."""
        return {
            "subject": self.subject.facts if self.subject else None,
            "subject_cn": self.subject.common_name if self.subject else None,
            "issuer": self.issuer.facts if self.issuer else None,
            "issuer_cn": self.issuer.common_name if self.issuer else None,
            "not_before": times.iso8601(self.not_before),
            "not_after": times.iso8601(self.not_after),
            **self._algorithm_facts(),
            "fingerprint_sha256": self.fingerprint,
            "is_ca": self.is_ca,
        }

    def _algorithm_facts(self) -> dict[str, Any]:
        return {
            "signature_algorithm": self.algorithm.name if self.algorithm else None,
            "signature_hash": self.algorithm.hash if self.algorithm else None,
        }

    def _try(self, part: str, read: Callable[..., T], *arguments: Any) -> T | None:
        try:
            return read(*arguments)
        except ValueError as error:
            message = f"{part}: {error}"
            if message not in self.errors:
                self.errors.append(message)
            return None

    def _extension(self, name: str, oid: str, absent: T) -> T | None:
        listed = self._extensions
        if listed is None:
            return None
        found: T | None = self._try(name, listed.get, oid, absent)
        return found

    def _validity(self) -> tuple[int | None, int | None]:
        data = self.der
        limits = self._try("validity", _limits, data, self._fields.validity)
        if limits is None:
            return None, None
        first, last = limits
        return self._try("not_before", der.time, data, first), self._try("not_after", der.time, data, last)

    def _serial_number_text(self) -> str | None:
        number = self.serial_number
        if number is not None and number.bit_length() >= _SHORTEST_KEY:
            raise der.MalformedError("withheld: it is so long that it may contain a private key")
        return hex(number) if number is not None else None

    def _version(self) -> int:
        if self._fields.version is None:
            return 1
        (number,) = der.exactly(der.inside(self.der, self._fields.version, self._fields.version[0]), 1)
        version = der.integer(self.der, number)
        if not 0 <= version < _VERSIONS:
            raise der.MalformedError("unknown version of X.509")
        return version + 1


#: There are versions 1, 2 and 3.
_VERSIONS = 3
#: Fewest bits of a key. Serial numbers have at most 160 (RFC 5280, 4.1.2.2), and those of some CAs a few more.
_SHORTEST_KEY = 240


def _shown_key_id(key_id: bytes | None) -> str | None:
    """Return a key identifier as other tools show it: hexadecimal bytes with colons.

    Usually it is a SHA-1 sum of 20 bytes. Nothing stops somebody from putting a private key there, so a longer one is
    not shown, and neither is one that has no bytes.
    """
    if not key_id or 8 * len(key_id) >= _SHORTEST_KEY:
        return None
    return key_id.hex(":")


def _limits(data: bytes, validity: der.Element) -> list[der.Element]:
    return der.exactly(der.inside(data, validity), 2)


def _listed(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)
