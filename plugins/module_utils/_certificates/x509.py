# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place that knows `cryptography`: what is in a certificate, as plain data.

Works with cryptography 36 and newer; what an older one cannot tell is ``None``.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import traceback
from collections.abc import Callable, Container
from functools import cached_property, lru_cache
from typing import Any

from .._api.values import encodable
from . import times
from .der import public_key_info, rsa_numbers

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )
    from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID, NameOID
except ImportError:
    CRYPTOGRAPHY_IMPORT_ERROR: str | None = traceback.format_exc()
    _KEY_OPTIONS: dict[str, Any] = {}
    _MOMENTS: dict[str, str] = {}
else:
    CRYPTOGRAPHY_IMPORT_ERROR = None
    # Checking an RSA key takes a thousand times as long as comparing its public half, which is all that is done
    # here. The option is there since cryptography 39.
    _SKIP_CHECK = "unsafe_skip_rsa_key_validation"
    _KEY_OPTIONS = {_SKIP_CHECK: True} if _SKIP_CHECK in inspect.signature(load_pem_private_key).parameters else {}
    # Since cryptography 42 with a time zone; the older ones are deprecated from then on.
    _UTC = "_utc" if hasattr(x509.Certificate, "not_valid_after_utc") else ""
    _MOMENTS = {name: name + _UTC for name in ("not_valid_before", "not_valid_after")}

_KEY_USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
_NAME_KINDS = {"DNSName": "DNS", "IPAddress": "IP", "RFC822Name": "email", "UniformResourceIdentifier": "URI"}
_SIZES = {"Ed25519": 256, "X25519": 256, "Ed448": 456, "X448": 448}


class Parsed:
    """One certificate, read as far as it can be read: what cannot be is ``None``, and said in :attr:`errors`.

    :raises ValueError: it is no certificate.
    """

    def __init__(self, der: bytes) -> None:
        self._der = der
        try:
            self._certificate = x509.load_der_x509_certificate(der)
        except x509.InvalidVersion as error:  # which is no ValueError
            raise ValueError(str(error)) from None
        self.errors: list[str] = []
        self._subject = self._try("subject", lambda: self._certificate.subject)
        self._issuer = self._try("issuer", lambda: self._certificate.issuer)
        self._public_key = self._try("public_key", self._certificate.public_key)
        # They are read all together or not at all.
        self._extensions = self._try(
            "extensions", lambda: {extension.oid: extension.value for extension in self._certificate.extensions}
        )

    @property
    def not_before(self) -> int | None:
        """Moment from which it is valid."""
        return self._moment("not_valid_before")

    @property
    def not_after(self) -> int | None:
        """Last moment at which it is valid."""
        return self._moment("not_valid_after")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as lower-case hex."""
        return hashlib.sha256(self._der).hexdigest()

    @cached_property
    def public_key_info(self) -> bytes | None:
        """The DER of its SubjectPublicKeyInfo, as cryptography writes it."""
        return _public_key_info(self._public_key) if self._public_key is not None else None

    @cached_property
    def _stored_key_info(self) -> bytes | None:
        # As it stands in the certificate, also where cryptography cannot read it: an audit has to show just that one.
        return public_key_info(self._der)

    def has_key(self, infos: Container[bytes | None]) -> bool:
        """Whether its public key is among these (each a SubjectPublicKeyInfo); what is ``None`` fits nothing."""
        # Most are written in the certificate as cryptography writes them, and then need not be written again.
        own = self._stored_key_info
        if own is not None and own in infos:
            return True
        return self.public_key_info is not None and self.public_key_info in infos

    @cached_property
    def is_ca(self) -> bool | None:
        """Whether the basic constraints say CA:TRUE."""
        is_ca: bool | None = self._from_extension(ExtensionOID.BASIC_CONSTRAINTS, lambda value: value.ca, False)
        return is_ca

    @property
    def domain_names(self) -> list[str]:
        """DNS names of the subjectAltName; the one that is also the common name comes first."""
        names = self._from_extension(
            ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
            lambda value: [_text(name.value) for name in value if isinstance(name, x509.DNSName)],
            [],
        )
        main = (_common_name(self._subject) or "").lower()
        return sorted(names or [], key=lambda name: name.lower() != main)

    def facts(self) -> dict[str, Any]:
        """Everything in the certificate, as the ``x509`` fact has it, without its chain."""
        info = self._stored_key_info
        return {
            "subject": _name_facts(self._subject),
            "issuer": _name_facts(self._issuer),
            "serial_number": self._try("serial_number", lambda: hex(self._certificate.serial_number)),
            "version": self._try("version", lambda: self._certificate.version.value + 1),
            "public_key": self._public_key_facts(info),
            "signature_algorithm": self._signature_algorithm(),
            "subject_alt_names": self._from_extension(
                ExtensionOID.SUBJECT_ALTERNATIVE_NAME, lambda names: list(map(_general_name, names)), []
            ),
            "key_usage": self._from_extension(ExtensionOID.KEY_USAGE, _key_usages, []),
            "extended_key_usage": self._from_extension(
                ExtensionOID.EXTENDED_KEY_USAGE, lambda usages: list(map(_oid_name, usages)), []
            ),
            "is_ca": self.is_ca,
            "self_signed": self._self_signed(),
            "embedded_scts": self._from_extension(ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS, _count, 0),
            "fingerprints": {
                "sha256": self.fingerprint,
                # An identifier that other tools show; nothing is protected by it.
                "sha1": hashlib.sha1(self._der, usedforsecurity=False).hexdigest(),
            },
            "spki_sha256": hashlib.sha256(info).hexdigest() if info is not None else None,
            "ocsp_urls": self._from_extension(ExtensionOID.AUTHORITY_INFORMATION_ACCESS, _ocsp_urls, []),
        }

    @cached_property
    def chain_facts(self) -> dict[str, Any]:
        """What the ``chain`` fact tells of a certificate that is not the leaf."""
        return {
            "subject": _name_facts(self._subject),
            "subject_cn": _common_name(self._subject),
            "issuer": _name_facts(self._issuer),
            "issuer_cn": _common_name(self._issuer),
            "not_before": times.iso8601(self.not_before),
            "not_after": times.iso8601(self.not_after),
            "signature_algorithm": self._signature_algorithm(),
            "self_signed": self._self_signed(),
            "fingerprint_sha256": self.fingerprint,
            "is_ca": self.is_ca,
        }

    def _try(self, part: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Exception as error:  # noqa: BLE001 (what a malformed part raises is not documented, and changes)
            self.errors.append(f"{part}: {error}")
            return None

    def _signature_algorithm(self) -> str | None:
        name: str | None = self._try(
            "signature_algorithm", lambda: _oid_name(self._certificate.signature_algorithm_oid)
        )
        return name

    def _public_key_facts(self, info: bytes | None) -> dict[str, Any] | None:
        if isinstance(self._public_key, rsa.RSAPublicKey):
            public = self._public_key.public_numbers()
            numbers: tuple[int, int] | None = (public.n, public.e)
        else:
            numbers = rsa_numbers(info) if info is not None else None
        if numbers is not None:
            modulus, exponent = numbers
            size = modulus.bit_length()
            return {"type": "RSA", "size": size, "curve": None, "exponent": exponent, "modulus": hex(modulus)}
        return _public_key_facts(self._public_key)

    def _moment(self, name: str) -> int | None:
        value = self._try(name, lambda: getattr(self._certificate, _MOMENTS[name]))
        return times.moment(value) if value is not None else None

    def _from_extension(self, oid: Any, read: Callable[[Any], Any], absent: Any) -> Any:
        if self._extensions is None:
            return None
        return read(self._extensions[oid]) if oid in self._extensions else absent

    def _self_signed(self) -> bool | None:
        if self._subject is None or self._issuer is None:
            return None
        if self._subject != self._issuer:
            return False
        try:
            if hasattr(self._certificate, "verify_directly_issued_by"):  # since cryptography 40
                self._certificate.verify_directly_issued_by(self._certificate)
            else:
                _verify_signature(self._certificate, self._public_key)
        except InvalidSignature:
            return False
        except Exception:  # noqa: BLE001 (a key or algorithm that cryptography does not verify, such as SHA-1)
            return None
        return True


@lru_cache(maxsize=256)
def parse(der: bytes) -> Parsed:
    """Read a certificate, or take it from those read last: thousands are sent with the same few of their issuers.

    :raises ValueError: it is no certificate.
    """
    return Parsed(der)


def _verify_signature(certificate: Any, key: Any) -> None:
    """Check that a key has signed a certificate, as ``verify_directly_issued_by`` does.

    :raises InvalidSignature: it has not.
    :raises Exception: it cannot be told; of which type is not documented.
    """
    # Of RSA signatures other than PKCS #1 v1.5, older versions do not tell the hash, which is an exception here.
    algorithm = certificate.signature_hash_algorithm
    if algorithm is not None and algorithm.name in ("md5", "sha1"):
        raise ValueError(f"signatures with {algorithm.name} prove nothing")
    if isinstance(key, rsa.RSAPublicKey):
        scheme = [padding.PKCS1v15(), algorithm]
    elif isinstance(key, ec.EllipticCurvePublicKey):
        scheme = [ec.ECDSA(algorithm)]
    else:
        # DSA has a hash, and Ed25519 and Ed448 have none.
        scheme = [algorithm] if algorithm is not None else []
    key.verify(certificate.signature, certificate.tbs_certificate_bytes, *scheme)


def public_key_info_of(private_key: bytes) -> bytes | None:
    """The DER of the SubjectPublicKeyInfo that belongs to a private key (PEM); ``None`` if it cannot be told.

    An encrypted key cannot tell. The key is dropped before this returns.
    """
    try:
        key: Any = load_pem_private_key(private_key, None, **_KEY_OPTIONS)
    except Exception:  # noqa: BLE001 (whatever makes it unreadable; it goes no further, for it may speak of the key)
        return None
    return _public_key_info(key.public_key())


def _public_key_info(key: Any) -> bytes | None:
    try:
        return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    except (AttributeError, ValueError):
        return None


def _public_key_facts(key: Any) -> dict[str, Any] | None:
    if key is None:
        return None
    size = getattr(key, "key_size", None)
    facts: dict[str, Any] = {"type": _key_type(key), "size": size, "curve": None, "exponent": None, "modulus": None}
    if isinstance(key, ec.EllipticCurvePublicKey):
        facts["curve"] = key.curve.name
    elif facts["size"] is None:
        facts["size"] = _SIZES.get(facts["type"])
    return facts


def _key_type(key: Any) -> str:
    """``RSA``, ``EC``, ``DSA``, ``Ed25519``, …: cryptography's class is ``_RSAPublicKey`` or ``RSAPublicKey``."""
    name = type(key).__name__.strip("_").replace("PublicKey", "")
    return {"EllipticCurve": "EC", "EC": "EC"}.get(name, name)


def _name_facts(name: Any) -> dict[str, Any] | None:
    """``{common_name: …}`` of a distinguished name; an attribute that occurs more than once has a list."""
    if name is None:
        return None
    values: dict[str, list[str]] = {}
    for attribute in name:
        values.setdefault(_attribute_name(attribute.oid), []).append(_text(attribute.value))
    return {key: several if len(several) > 1 else several[0] for key, several in values.items()}


def _common_name(name: Any) -> str | None:
    attributes = name.get_attributes_for_oid(NameOID.COMMON_NAME) if name is not None else []
    return _text(attributes[0].value) if attributes else None


def _general_name(name: Any) -> str:
    """A subjectAltName in OpenSSL's notation."""
    if isinstance(name, x509.DirectoryName):
        return f"dirName:{name.value.rfc4514_string()}"
    if isinstance(name, x509.OtherName):
        return f"otherName:{name.type_id.dotted_string}:{name.value.hex()}"
    if isinstance(name, x509.RegisteredID):
        return f"RID:{name.value.dotted_string}"
    return f"{_NAME_KINDS.get(type(name).__name__, type(name).__name__)}:{_text(name.value)}"


def _key_usages(usage: Any) -> list[str]:
    names = [name for attribute, name in _KEY_USAGES.items() if getattr(usage, attribute)]
    if usage.key_agreement:  # the two others mean something, and can be asked for, only beside this one
        names += ["encipherOnly"] * usage.encipher_only + ["decipherOnly"] * usage.decipher_only
    return names


def _ocsp_urls(access: Any) -> list[str]:
    return [
        _text(item.access_location.value)
        for item in access
        if item.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(item.access_location, x509.UniformResourceIdentifier)
    ]


def _count(timestamps: Any) -> int | None:
    # A build of cryptography without support for SCTs gives an extension that cannot be counted.
    return len(timestamps) if hasattr(timestamps, "__len__") else None


def _oid_name(oid: Any) -> str:
    """The name that RFCs and OpenSSL use for an object identifier, or its dotted form."""
    name: str = oid._name  # not public, but what cryptography's own repr shows, and stable since its version 1
    return oid.dotted_string if name == "Unknown OID" else name


@lru_cache(maxsize=256)
def _attribute_name(oid: Any) -> str:
    """``common_name`` for ``commonName``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", _oid_name(oid)).lower()


def _text(value: Any) -> str:
    return encodable(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
