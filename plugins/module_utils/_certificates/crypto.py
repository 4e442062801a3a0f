# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only module that imports ``cryptography`` (36 or newer): everything that needs arithmetic with keys."""

from __future__ import annotations

import inspect
import ipaddress
import threading
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, NamedTuple

from .signature_algorithms import SignatureAlgorithm

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_der_private_key,
        load_der_public_key,
    )
except ImportError:
    CRYPTOGRAPHY_IMPORT_ERROR: str | None = traceback.format_exc()
    _KEY_OPTIONS: dict[str, Any] = {}
    _HASHES: dict[str, Any] = {}
    _KINDS: dict[str, Any] = {}
else:
    CRYPTOGRAPHY_IMPORT_ERROR = None
    # Validating an RSA key takes a thousand times as long as comparing its public half, which is all that happens here.
    # The option exists since cryptography 39.
    _SKIP_CHECK = "unsafe_skip_rsa_key_validation"
    _KEY_OPTIONS = {_SKIP_CHECK: True} if _SKIP_CHECK in inspect.signature(load_der_private_key).parameters else {}
    _HASHES = {
        # Old certificates are signed with the first two. The audit reports that these are weak.
        "md5": hashes.MD5(), "sha1": hashes.SHA1(),  # noqa: S303
        "sha224": hashes.SHA224(), "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(), "sha512": hashes.SHA512(), "sha512-224": hashes.SHA512_224(),
        "sha512-256": hashes.SHA512_256(), "sha3-224": hashes.SHA3_224(), "sha3-256": hashes.SHA3_256(),
        "sha3-384": hashes.SHA3_384(), "sha3-512": hashes.SHA3_512(),
    }  # fmt: skip
    _KINDS = {"RSA": rsa.RSAPublicKey, "EC": ec.EllipticCurvePublicKey, "DSA": dsa.DSAPublicKey}

#: Maximum number of bits of a key. OpenSSL has the same limit for RSA (OPENSSL_RSA_MAX_MODULUS_BITS). DSA is slower.
_MAX_BITS = {"RSA": 16384, "DSA": 4096, "EC": 1024}
_MAX_EXPONENT_BITS = 64
#: The type of key for each algorithm; empty for those with a fixed hash, which are verified without further arguments.
_KIND_NEEDED = {"RSA": "RSA", "PSS": "RSA", "EC": "EC", "DSA": "DSA", "Ed25519": "", "Ed448": "", "ML-DSA": ""}


def public_half(private_key: bytes) -> bytes | None:
    """Return the SubjectPublicKeyInfo (DER) of a private key (DER); ``None`` if it cannot be determined.

    The key is discarded before this returns.
    """
    try:
        key: Any = load_der_private_key(private_key, None, **_KEY_OPTIONS)
        return bytes(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    except Exception:  # noqa: BLE001 (not passed on, because it may quote the key)
        return None


def check_point(info: bytes) -> None:
    """Check that an EC key (as SubjectPublicKeyInfo) is a point on its curve.

    Keys on curves that the library does not know are accepted.

    Raises:
        ValueError: It is not.
    """
    with suppress(UnsupportedAlgorithm):
        load_der_public_key(info)


def has_signed(key: bytes, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool | None:
    """Whether a public key (the DER of its SubjectPublicKeyInfo) has made a signature of ``data``.

    Return ``None`` if the library does not support the key, the algorithm or the hash.
    """
    try:
        kind, public_key = _load(key)
        if kind != _KIND_NEEDED[algorithm.key]:
            return False
        public_key.verify(signature, data, *_scheme(algorithm))
    except InvalidSignature:
        return False
    except Exception:  # noqa: BLE001 (unsupported keys and algorithms raise different exceptions, by version)
        return None
    return True


@lru_cache(maxsize=128)
def _load(info: bytes) -> tuple[str, Any]:
    """Return a public key and its type. Keys that would take too long to verify are errors."""
    key: Any = load_der_public_key(info)
    kind = next((name for name, family in _KINDS.items() if isinstance(key, family)), "")
    if kind and key.key_size > _MAX_BITS[kind]:
        raise ValueError("larger than any key in use")
    if kind == "RSA" and key.public_numbers().e.bit_length() > _MAX_EXPONENT_BITS:
        raise ValueError("an exponent larger than any in use")
    return kind, key


@lru_cache(maxsize=128)
def _scheme(algorithm: SignatureAlgorithm) -> tuple[Any, ...]:
    """Return the arguments of ``verify`` besides signature and data.

    Raises:
        KeyError: The algorithm or its hash is unknown.
    """
    if not _KIND_NEEDED[algorithm.key]:
        return ()
    digest = _HASHES[str(algorithm.hash)]
    if algorithm.key == "PSS":
        return padding.PSS(padding.MGF1(_HASHES[str(algorithm.mask_hash)]), algorithm.salt_length), digest
    return {"RSA": (padding.PKCS1v15(), digest), "EC": (ec.ECDSA(digest),), "DSA": (digest,)}[algorithm.key]


class Path(NamedTuple):
    """A path (DER) from a certificate to a trusted root, or why the library found none, in words of its own."""

    certificates: tuple[bytes, ...] = ()
    refusal: str = ""


class PathVerifier:
    """Looks for paths from server certificates to trusted roots. Threads may share it.

    The library first applies the rules of the CA/Browser Forum to extensions. Many clients are less strict: therefore,
    if it finds no path, and is version 45 or newer, it tries again with the few rules that all clients apply.

    Args:
        roots: The trusted certificates (DER).

    Attributes:
        unloaded: Those of them that the library refuses.
    """

    def __init__(self, roots: Iterable[bytes]) -> None:
        x509, verification = _path_library()
        loaded = {root: _load_certificate(root) for root in roots}
        self.unloaded = {root for root, certificate in loaded.items() if certificate is None}
        trusted = [certificate for certificate in loaded.values() if certificate is not None]
        self._x509 = x509
        # A store must not be empty.
        self._strict: Any = verification.PolicyBuilder().store(verification.Store(trusted)) if trusted else None
        self._lenient: Any = None
        if self._strict is not None and hasattr(verification, "ExtensionPolicy"):
            self._lenient = self._strict.extension_policies(**_lenient_policies(x509, verification))

    def find(self, leaf: bytes, others: Sequence[bytes], names: Iterable[str], when: int) -> Path:
        """Look for a path.

        Args:
            leaf: The server certificate. Its own names, validity and usage have to be checked by the caller.
            others: Certificates that may be part of the path.
            names: The subject alternative names of the leaf in OpenSSL's notation. The library has to ask for one.
            when: The time in seconds since 1970.
        """
        certificate = _load_certificate(leaf)
        if self._strict is None or certificate is None:
            return Path()
        untrusted = [item for item in map(_load_certificate, others) if item is not None]
        moment = datetime(1970, 1, 1) + timedelta(seconds=when)  # noqa: DTZ001 (the library takes times in UTC)
        path = _search(self._server_verifier(names, moment), certificate, untrusted)
        if path.certificates or self._lenient is None:
            return path
        # The rules of this policy are those for servers. What only the other kind of verifier needs is a name to ask
        # for, and the library accepts fewer names than clients.
        return _search(self._lenient.time(moment).build_client_verifier(), certificate, untrusted)

    def _server_verifier(self, names: Iterable[str], moment: datetime) -> Any:
        """Return a verifier that asks for the first name that the library accepts; ``None`` if it accepts none."""
        for subject in self._subjects(names):
            with suppress(ValueError):
                return self._strict.time(moment).build_server_verifier(subject)
        return None

    def _subjects(self, names: Iterable[str]) -> Iterator[Any]:
        """Yield names to ask for. A wildcard covers any label in its place."""
        for name in names:
            kind, _colon, value = name.partition(":")
            with suppress(ValueError):
                if kind == "DNS":
                    yield self._x509.DNSName(f"any{value[1:]}" if value.startswith("*.") else value)
                elif kind == "IP":
                    yield self._x509.IPAddress(ipaddress.ip_address(value))


def _search(verifier: Any, leaf: Any, others: list[Any]) -> Path:
    if verifier is None:
        return Path()
    with _warnings_lock, warnings.catch_warnings():
        # About names that are longer than allowed.
        warnings.simplefilter("ignore")
        try:
            found = verifier.verify(leaf, others)
        except Exception as error:  # noqa: BLE001 (the library may refuse a certificate with any exception)
            return Path(refusal=str(error) or type(error).__name__)
    return Path(tuple(item.public_bytes(Encoding.DER) for item in getattr(found, "chain", found)))


def path_library_problem() -> str | None:
    """Return why paths cannot be verified; ``None`` if they can."""
    if CRYPTOGRAPHY_IMPORT_ERROR:
        return "the Python library cryptography is not installed"
    try:
        _path_library()
    except ImportError:
        import cryptography  # noqa: PLC0415 (only for its version)

        return f"this needs cryptography 42 or newer, and version {cryptography.__version__} is installed"
    return None


@lru_cache(maxsize=1)
def _path_library() -> tuple[Any, Any]:
    """Return ``cryptography.x509`` and its module ``verification``, which version 42 introduced."""
    # Nothing else needs these, and importing them takes longer than reading a listing from a cache.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.x509 import verification  # noqa: PLC0415

    return x509, verification


def _lenient_policies(x509: Any, verification: Any) -> dict[str, Any]:
    """Return the policies for extensions of CA certificates and of server certificates.

    Each rule for CAs is applied by OpenSSL and browsers. The library itself always checks signatures, dates, path
    lengths and name constraints.
    """
    any_criticality, never = verification.Criticality.AGNOSTIC, verification.Criticality.NON_CRITICAL
    anything = verification.ExtensionPolicy.permit_all()
    for extension in (x509.AuthorityKeyIdentifier, x509.SubjectKeyIdentifier, x509.AuthorityInformationAccess):
        # For OpenSSL, a critical one is an unknown one.
        anything = anything.may_be_present(extension, never, None)
    of_ca = (
        anything.require_present(x509.BasicConstraints, any_criticality, _require_ca)
        .may_be_present(x509.KeyUsage, any_criticality, _require_certificate_signing)
        .may_be_present(x509.ExtendedKeyUsage, any_criticality, _require_server_usage)
    )
    return {"ca_policy": of_ca, "ee_policy": anything}


#: The usages serverAuth and anyExtendedKeyUsage.
_FOR_SERVERS = {"1.3.6.1.5.5.7.3.1", "2.5.29.37.0"}
#: What the rules below say. :meth:`PathVerifier.find` returns it as part of its refusal.
NO_CA, NO_SIGNING, NO_SERVERS = "issuer is no CA", "issuer must not sign", "issuer is not for servers"


def _require_ca(_policy: Any, _certificate: Any, constraints: Any) -> None:
    if not constraints.ca:
        raise ValueError(NO_CA)


def _require_certificate_signing(_policy: Any, _certificate: Any, usage: Any) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError(NO_SIGNING)


def _require_server_usage(_policy: Any, _certificate: Any, usages: Any) -> None:
    if usages is not None and {usage.dotted_string for usage in usages}.isdisjoint(_FOR_SERVERS):
        raise ValueError(NO_SERVERS)


#: Filters of warnings belong to the whole process.
_warnings_lock = threading.Lock()


# CA certificates come with each certificate that they issued.
@lru_cache(maxsize=512)
def _load_certificate(certificate: bytes) -> Any | None:
    """Return a certificate (DER) as an object of the library; ``None`` if it refuses it."""
    x509, _verification = _path_library()
    with _warnings_lock, warnings.catch_warnings():
        # About certificates that a later version will refuse.
        warnings.simplefilter("ignore")
        try:
            return x509.load_der_x509_certificate(certificate)
        except Exception:  # noqa: BLE001 (malformed certificates raise different exceptions, by version)
            return None


class Revocation(NamedTuple):
    """An entry of a CRL: since when (seconds since 1970) and why a certificate is revoked.

    ``is_final`` is false for one that may end: a certificate on hold.
    """

    since: int
    reason: str | None
    is_final: bool


class RevocationList:
    """A CRL (RFC 5280, 5), in DER or PEM.

    Attributes:
        issuer: The DER of its issuer's name.
        this_update: When it was issued (seconds since 1970).
        next_update: Until when it is valid; ``None`` if it does not say.
        urls: The distribution points that it is for; ``None`` if it is for all of its issuer.
        kinds: Which certificates it covers: ``servers``, ``cas`` or both.

    Raises:
        ValueError: It cannot be read, or has a form that is not supported. The message says what is wrong.
    """

    def __init__(self, data: bytes) -> None:
        from cryptography import x509  # noqa: PLC0415 (only needed here, and slow)

        self._x509 = x509
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                is_pem = data.lstrip().startswith(b"-----BEGIN")
                self._list: Any = (x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl)(data)
                self.issuer: bytes = self._list.issuer.public_bytes()
                self.this_update = _moment(self._list, "last_update")
                self.next_update = _moment(self._list, "next_update")
                extensions = list(self._list.extensions)
            except Exception:  # noqa: BLE001 (malformed ones raise different exceptions, by version)
                raise ValueError("it cannot be read") from None
        self.urls: tuple[str, ...] | None = None
        self.kinds = frozenset(("servers", "cas"))
        for extension in extensions:
            self._read_extension(extension)

    def is_signed_with(self, public_key_info: bytes) -> bool | None:
        """Whether a key has signed it; ``None`` if the library does not support the key or the algorithm."""
        try:
            _kind, key = _load(public_key_info)
            return bool(self._list.is_signature_valid(key))
        except Exception:  # noqa: BLE001 (unsupported keys and algorithms raise different exceptions, by version)
            return None

    def find(self, serial_number: int) -> Revocation | None:
        """Return the entry of a certificate; ``None`` if it has none.

        Raises:
            ValueError: The list, or the entry, cannot be read.
        """
        try:
            entry = self._list.get_revoked_certificate_by_serial_number(serial_number)
            if entry is None:
                return None
            since, extensions = _moment(entry, "revocation_date"), list(entry.extensions)
        except Exception:  # noqa: BLE001 (malformed ones raise different exceptions, by version)
            raise ValueError("not all of its entries can be read") from None
        reason = None
        for extension in extensions:
            if isinstance(extension.value, self._x509.CRLReason):
                reason = extension.value.reason
            elif extension.critical:
                raise ValueError("it has an entry with an extension that is not supported")
        flags = self._x509.ReasonFlags
        if reason == flags.remove_from_crl:
            raise ValueError("it has an entry that only a delta CRL may have")
        words = None if reason in (None, flags.unspecified) else reason.name.replace("_", " ").replace("ca ", "CA ")
        return Revocation(since or 0, words, is_final=reason != flags.certificate_hold)

    def _read_extension(self, extension: Any) -> None:
        if isinstance(extension.value, self._x509.DeltaCRLIndicator):
            raise ValueError("it is a delta CRL, which only has changes")  # noqa: TRY004 (not about a Python type)
        if isinstance(extension.value, self._x509.IssuingDistributionPoint):
            self._read_scope(extension.value)
        elif extension.critical and isinstance(extension.value, self._x509.UnrecognizedExtension):
            raise ValueError("it has a critical extension that is not supported")

    def _read_scope(self, point: Any) -> None:
        if point.indirect_crl:
            raise ValueError("it is an indirect CRL, with certificates of other issuers")
        if point.only_some_reasons or point.only_contains_attribute_certs or point.relative_name:
            raise ValueError("it only has certain reasons or certificates")
        if point.only_contains_user_certs:
            self.kinds = frozenset(("servers",))
        elif point.only_contains_ca_certs:
            self.kinds = frozenset(("cas",))
        if point.full_name:
            names = [name.value for name in point.full_name if isinstance(name, self._x509.UniformResourceIdentifier)]
            self.urls = tuple(names)


def _moment(item: Any, name: str) -> int | None:
    """Return a date of a CRL in seconds since 1970. The names of those with a time zone are new in version 42."""
    found: datetime | None = getattr(item, f"{name}_utc") if hasattr(item, f"{name}_utc") else getattr(item, name)
    return None if found is None else int(found.replace(tzinfo=timezone.utc).timestamp())
