# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates as read by the `openssl` program.

A process takes 5 ms to start and 1 ms per certificate, so certificates are processed in batches. They are put into a
PKCS #7 structure without signers (`crl2pkcs7`). `pkcs7 -print_certs -text` shows the facts, `cms -print` the names in
an unambiguous format, and `asn1parse` the position of the public key. If the program cannot read a batch, the batch is
halved, down to single certificates. `cms -print` stops at an invalid time; then `x509 -text -certopt no_validity` shows
the names.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from .certificates import to_pem

_BATCH = 200
_SECONDS = 120
#: Values in UTF-8, separators escaped, object identifiers as numbers, values that are not text as hex of their DER.
_NAMES = "esc_2253,esc_ctrl,utf8,sep_comma_plus,oid,dump_nostr,dump_der"


class Unread:
    """A value that the program cannot read either."""

    def __repr__(self) -> str:
        return "unread"

    def __reduce__(self) -> str:
        return "UNREAD"


UNREAD = Unread()


@dataclass
class View:
    """The program's output for a certificate."""

    der: bytes
    facts: dict[str, Any]
    subject: str
    issuer: str


class RefusedError(Exception):
    """The program cannot read its input."""


def run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the program."""
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=_SECONDS, check=False)


@cache
def objects() -> dict[str, str]:
    """Return the OIDs by the program's short and long names."""
    lines = run("list", "-objects").stdout.decode().splitlines()
    found: dict[str, str] = {}
    for line in lines:
        short, _equals, rest = line.partition(" = ")
        long, _comma, oid = rest.rpartition(", ")
        found.update({name: oid for name in (short, long) if name})
    return found


def oid_of(name: Any) -> Any:
    """Return the OID for one of the program's names. Unknown names are returned unchanged."""
    return objects().get(name.strip(), name.strip()) if isinstance(name, str) else name


def views(certificates: Sequence[bytes]) -> list[View | None]:
    """Return the program's output for each certificate, or ``None`` if it cannot read it."""
    batches = [certificates[start : start + _BATCH] for start in range(0, len(certificates), _BATCH)]
    with ThreadPoolExecutor(2) as pool:
        return [view for batch in pool.map(_halved, batches) for view in batch]


def _halved(certificates: Sequence[bytes]) -> list[View | None]:
    try:
        return list(_batch(certificates))
    except RefusedError:
        if len(certificates) == 1:
            return [None]
        middle = len(certificates) // 2
        return _halved(certificates[:middle]) + _halved(certificates[middle:])


def _batch(certificates: Sequence[bytes]) -> list[View]:
    count = len(certificates)
    with tempfile.TemporaryDirectory() as folder:
        # Read from files, because the program does not always read DER from a pipe.
        pem, pkcs7, der = (Path(folder, name) for name in ("all.pem", "all.p7", "all.der"))
        pem.write_text(to_pem(*certificates), encoding="ascii")
        der.write_bytes(b"".join(certificates))
        created = run("crl2pkcs7", "-nocrl", "-certfile", str(pem), "-outform", "DER", "-out", str(pkcs7))
        if created.returncode:
            raise RefusedError
        shown = run("pkcs7", "-inform", "DER", "-in", str(pkcs7), "-noout", "-print_certs", "-text").stdout
        structure = run("cms", "-inform", "DER", "-in", str(pkcs7), "-cmsout", "-noout", "-print", "-nameopt", _NAMES)
        places = run("asn1parse", "-inform", "DER", "-in", str(der)).stdout
    texts = _split(shown, rb"^Certificate:\n    Data:\n", count)
    structures = _split(structure.stdout, rb"^      d\.certificate: \n        cert_info: \n", count)
    keys = _public_keys(places.decode("ascii", "replace"), b"".join(certificates), count)
    return [_view(*parts) for parts in zip(certificates, texts, structures, keys, strict=True)]


def _split(output: bytes, start: bytes, count: int) -> list[str]:
    """Split the output by certificate. A name with line breaks may look like the start of another one."""
    parts = re.split(start, output, flags=re.MULTILINE)[1:]
    if len(parts) != count:
        raise RefusedError
    return [part.decode("utf-8", "surrogateescape") for part in parts]


def _public_keys(places: str, data: bytes, count: int) -> list[bytes]:
    """Return the SubjectPublicKeyInfo of each certificate, the sixth field of the inner SEQUENCE after the version."""
    found: list[bytes] = []
    fields: list[re.Match[str]] = []
    lines = re.finditer(r"^ *(\d+):d=(\d+) +hl=(\d+) l= *(\d+) (?:prim|cons): (.*)$", places, re.MULTILINE)
    for line in [*lines, None]:
        if line is None or line[2] == "0":
            if fields:
                number = 6 if fields[0][5].startswith("cont [ 0 ]") else 5
                if len(fields) < number + 1:
                    raise RefusedError
                start = int(fields[number][1])
                found.append(data[start : start + int(fields[number][3]) + int(fields[number][4])])
            fields = []
        elif line[2] == "2":
            fields.append(line)
    if len(found) != count:
        raise RefusedError
    return found


def _view(der: bytes, shown: str, structure: str, key: bytes) -> View:
    subject, issuer = (
        _match(r"^          subject:           (.*)$", structure),
        _match(r"^          issuer:           (.*)$", structure),
    )
    algorithm = _match(r"^        sig_alg: \n          algorithm: .*\(([0-9.]+)\)$", structure)
    serial_number = _match(r"^          serialNumber: (-?(?:0x)?[0-9A-F]+)$", structure)
    if algorithm is UNREAD:
        again = _without_times(der)
        subject, issuer = _match(r"^        Subject: (.*)$", again), _match(r"^        Issuer: (.*)$", again)
        algorithm = oid_of(_match(r"^    Signature Algorithm: (.*)$", again))
    extensions = _extensions(shown)
    facts = {
        "subject": _name_facts(subject),
        "issuer": _name_facts(issuer),
        "serial_number": UNREAD if serial_number is UNREAD else int(serial_number, 0),
        "version": _version(shown),
        "not_before": _timestamp("Not Before", shown),
        "not_after": _timestamp("Not After ", shown),
        **_public_key(shown),
        "signature_algorithm": algorithm,
        "signature_hash": _signature_hash(shown),
        "fingerprints.sha256": hashlib.sha256(der).hexdigest(),
        "fingerprints.sha1": hashlib.sha1(der, usedforsecurity=False).hexdigest(),
        "spki_sha256": hashlib.sha256(key).hexdigest(),
        **{name: _from_extension(extensions, oid, read, absent) for name, (oid, read, absent) in _READERS.items()},
    }
    return View(der, facts, subject, issuer)


def _without_times(der: bytes) -> str:
    shown = run("x509", "-noout", "-text", "-certopt", "no_validity", "-nameopt", _NAMES, data=to_pem(der).encode())
    return shown.stdout.decode("utf-8", "surrogateescape")


def _match(pattern: str, text: str) -> Any:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else UNREAD


def _name_facts(name: Any) -> Any:
    """Return pairs of OID and value in order. A value that is not text is shown as ``#`` and its DER."""
    if not isinstance(name, str):
        return UNREAD
    parts = re.findall(r"(?:^|[,+])([0-9.]+)=((?:\\.|[^\\,+])*)", name, re.DOTALL)
    return [(oid, _unescaped(value)) for oid, value in parts]


def _unescaped(value: str) -> str:
    if value.startswith("#"):
        return value
    pieces = re.findall(r"\\([0-9A-F]{2})|\\(.)|([^\\]+)", value, re.DOTALL)
    return b"".join(bytes.fromhex(code) if code else (char + plain).encode() for code, char, plain in pieces).decode(
        "utf-8", "replace"
    )


def _version(shown: str) -> Any:
    version = _match(r"^        Version: ([123]) \(", shown)
    return UNREAD if version is UNREAD else int(version)


def _timestamp(name: str, shown: str) -> Any:
    found = re.search(
        rf"^            {name}: (\w\w\w) +(\d+) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d+)(?: GMT)?$", shown, re.MULTILINE
    )
    if not found:
        return UNREAD
    month, day, time, year = found.groups()
    try:
        value = datetime.strptime(f"{int(year):04} {month} {day} {time}", "%Y %b %d %H:%M:%S")  # noqa: DTZ007 (next line)
    except ValueError:
        return UNREAD
    return int(value.replace(tzinfo=timezone.utc).timestamp())


_KEY_TYPES = {
    "rsaEncryption": "RSA", "rsassaPss": "RSA", "id-ecPublicKey": "EC", "dsaEncryption": "DSA",
    "dsaEncryption-old": "DSA", "ED25519": "Ed25519", "ED448": "Ed448", "X25519": "X25519", "X448": "X448",
}  # fmt: skip
#: The program does not show these sizes. They are those of the key's field (RFC 8032).
_SIZES = {"Ed25519": 256, "X25519": 256, "Ed448": 456, "X448": 448}
#: The program uses ANSI X9.62 names for two curves that others call by their SEC 2 names.
_CURVES = {"prime256v1": "secp256r1", "prime192v1": "secp192r1"}


def _public_key(shown: str) -> dict[str, Any]:
    algorithm = _match(r"^            Public Key Algorithm: (.*)$", shown)
    kind = _KEY_TYPES.get(algorithm, algorithm)
    key = re.search(r"^            Public Key Algorithm: .*\n((?:                .*\n)*)", shown, re.MULTILINE)
    lines = key[1] if key else ""
    names = ("type", "size", "curve", "exponent", "modulus")
    if not lines:  # "Unable to load Public Key"
        return {f"public_key.{name}": UNREAD for name in names}
    size = _match(r"Public-Key: \((\d+) bit", lines)
    facts = {
        "type": kind,
        "size": _SIZES.get(kind) if size is UNREAD else int(size),
        "curve": None,
        "exponent": None,
        "modulus": None,
    }
    if kind == "EC":
        curve = _match(r"ASN1 OID: (.*)", lines)
        facts["curve"] = None if curve is UNREAD else _CURVES.get(curve, curve)
    if kind == "RSA":
        exponent = re.search(r"Exponent:(?: (-?\d+) |\s+((?:[0-9a-f:]+\s+)+))", lines)
        facts["exponent"] = (
            int(exponent[1]) if exponent and exponent[1] else _hex_number(exponent[2] if exponent else "")
        )
        modulus = re.search(r"Modulus:(?: (-?\d+) |\s+((?:[0-9a-f:]+\s+)+))", lines)
        facts["modulus"] = int(modulus[1]) if modulus and modulus[1] else _hex_number(modulus[2] if modulus else "")
    return {f"public_key.{name}": value for name, value in facts.items()}


def _hex_number(dump: str) -> Any:
    digits = re.sub(r"[^0-9a-f]", "", dump)
    return int(digits, 16) if digits else UNREAD


_HASH = re.compile(r"md2|md4|md5|sha3-\d+|sha-?\d+|sm3|ripemd160|rmd160|gost94", re.IGNORECASE)


def _signature_hash(shown: str) -> Any:
    """Return the hash from the name of the algorithm, or from the parameters of RSASSA-PSS."""
    name = _match(r"^    Signature Algorithm: (.*)$", shown)
    if name == "rsassaPss":
        # A certificate contains the algorithm twice. This is the one next to the signature.
        name = _match(
            r"^        Hash Algorithm: (\S+)", re.split(r"^    Signature Algorithm:", shown, flags=re.MULTILINE)[1]
        )
    if name in ("ED25519", "ED448"):
        return "none"
    found = None if name is UNREAD else _HASH.search(name)
    return found[0].lower() if found else UNREAD


def _extensions(shown: str) -> list[tuple[str, str]]:
    """Return the OID and the text of each extension."""
    start = re.search(r"^        X509v3 extensions:\n", shown, re.MULTILINE)
    if not start:
        return []
    section = re.split(r"^    Signature Algorithm: ", shown[start.end() :], flags=re.MULTILINE)[0]
    parts = re.split(r"^            (?! )(.*): *(?:critical)?\n", section, flags=re.MULTILINE)[1:]
    return [(objects().get(name, name), text.strip("\n")) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def _from_extension(extensions: list[tuple[str, str]], oid: str, read: Callable[[str], Any], absent: Any) -> Any:
    found = [shown for name, shown in extensions if name == oid]
    if not found:
        return absent
    # Duplicate extensions are not read: RFC 5280, 4.2.
    return read(found[0]) if len(found) == 1 else UNREAD


_KEY_USAGES = {
    "Digital Signature": "digitalSignature", "Non Repudiation": "nonRepudiation",
    "Key Encipherment": "keyEncipherment", "Data Encipherment": "dataEncipherment", "Key Agreement": "keyAgreement",
    "Certificate Sign": "keyCertSign", "CRL Sign": "cRLSign", "Encipher Only": "encipherOnly",
    "Decipher Only": "decipherOnly",
}  # fmt: skip


def _key_usage(shown: str) -> Any:
    names = shown.strip().split(", ")
    return [_KEY_USAGES[name] for name in names] if set(names) <= set(_KEY_USAGES) else UNREAD


def _extended_key_usage(shown: str) -> Any:
    """Return the OIDs for the program's long names."""
    names = shown.strip().split(", ")
    # Values that it cannot read are shown as text: "0." is an empty SEQUENCE.
    oids = [name if re.fullmatch(r"\d+(\.\d+)+", name) else objects().get(name) for name in names]
    return UNREAD if None in oids else oids


def _is_ca(shown: str) -> Any:
    found = re.fullmatch(r"CA:(TRUE|FALSE)(, pathlen:.*)?", shown.strip())
    return found[1] == "TRUE" if found else UNREAD


_NAME_KINDS = (
    "DNS:", "IP Address:", "email:", "URI:", "DirName:", "othername:", "Registered ID:", "X400Name:", "EdiPartyName:",
)  # fmt: skip


def _alternative_names(shown: str) -> Any:
    """Return all names as a single text, because commas between and inside names look the same."""
    text = shown.removeprefix(" " * 16)
    if text.strip() == "<EMPTY>":
        return ""
    return text if text.startswith(_NAME_KINDS) else UNREAD


def _ocsp_urls(shown: str) -> Any:
    urls = re.findall(r"^ *OCSP - URI:(.*)$", shown, re.MULTILINE)
    if shown.strip() == "<EMPTY>":
        return []
    return urls if re.search(r"^ *.* - [A-Za-z0-9 ]+:", shown, re.MULTILINE) else UNREAD


def _ca_issuers_urls(shown: str) -> Any:
    urls = re.findall(r"^ *CA Issuers - URI:(.*)$", shown, re.MULTILINE)
    if shown.strip() == "<EMPTY>":
        return []
    return urls if re.search(r"^ *.* - [A-Za-z0-9 ]+:", shown, re.MULTILINE) else UNREAD


def _crl_urls(shown: str) -> Any:
    if shown.strip() == "<EMPTY>":
        return []
    # Names of points are indented further than what is about the point.
    found = re.search(r"^ *(Full Name|Relative Name|Reasons|CRL Issuer):", shown, re.MULTILINE)
    # The issuer of an indirect CRL has names as well, but these are not where the CRL is.
    of_points = re.sub(
        r"CRL Issuer:\s.*?(?=^ *(?:Full Name|Relative Name|Reasons):|\Z)", "\n", shown, flags=re.MULTILINE | re.DOTALL
    )
    # The program does not begin a new line after the names.
    return re.findall(r"^ *URI:(.*?)(?: {8,}(?:Reasons:)?)?$", of_points, re.MULTILINE) if found else UNREAD


def _must_staple(shown: str) -> Any:
    known = {"status_request", "status_request_v2"}
    names = set(shown.strip().split(", "))
    return "status_request" in names if all(name in known or name.isdigit() for name in names) else UNREAD


def _key_id(shown: str) -> Any:
    # Only the key identifier, which older versions of the program show with a label.
    found = re.match(r" *(?:keyid:)?((?:[0-9A-F]{2}:)*[0-9A-F]{2})$", shown, re.MULTILINE)
    return found[1].lower() if found else UNREAD


def _timestamps(shown: str) -> Any:
    return len(re.findall(r"^ *Signed Certificate Timestamp:", shown, re.MULTILINE)) or UNREAD


_READERS: dict[str, tuple[str, Callable[[str], Any], Any]] = {
    "subject_alt_names": ("2.5.29.17", _alternative_names, ""),
    "key_usage": ("2.5.29.15", _key_usage, []),
    "extended_key_usage": ("2.5.29.37", _extended_key_usage, []),
    "is_ca": ("2.5.29.19", _is_ca, False),
    "ocsp_urls": ("1.3.6.1.5.5.7.1.1", _ocsp_urls, []),
    "embedded_scts": ("1.3.6.1.4.1.11129.2.4.2", _timestamps, 0),
    "ca_issuers_urls": ("1.3.6.1.5.5.7.1.1", _ca_issuers_urls, []),
    "crl_urls": ("2.5.29.31", _crl_urls, []),
    "must_staple": ("1.3.6.1.5.5.7.1.24", _must_staple, False),
    "subject_key_id": ("2.5.29.14", _key_id, UNREAD),
    "authority_key_id": ("2.5.29.35", _key_id, UNREAD),
}
