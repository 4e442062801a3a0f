# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparison of host name matching with tables from the standards, and with `openssl x509 -checkhost`."""

from __future__ import annotations

import ipaddress
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.domains import normalize
from ansible_collections.ucloud.ulb.plugins.test.covers_domain import covers_domain

from .compare import Difference
from .openssl import run
from .ours import read


class Case(NamedTuple):
    """Names of a certificate as in its facts, a host, and whether they match.

    ``reason`` explains why `openssl` returns the opposite. Without one, it has to agree.
    """

    names: Sequence[str]
    host: str
    expected: bool
    source: str
    reason: str = ""


_BYTES = "OpenSSL compares what it is given byte by byte; users give names as they write them."
_PARTIAL = "OpenSSL takes wildcards in a part of a label by default; RFC 9525 and browsers do not."
_COMMON_NAME = "OpenSSL takes the common name for a host if there are no DNS names; RFC 9525 and browsers do not."
_BELOW = "OpenSSL takes a final part of a name that begins with a dot for all hosts below; no user writes that."

CASES = (
    # RFC 9525, 6.3: only letter case is ignored.
    Case(["DNS:www.example.com"], "www.example.com", True, "RFC 9525, 6.3"),
    Case(["DNS:WWW.Example.COM"], "www.example.com", True, "RFC 4343, 3"),
    Case(["DNS:www.example.com"], "WWW.EXAMPLE.com", True, "RFC 4343, 3"),
    Case(["DNS:www.example.com"], "example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:example.com"], "www.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:example.com"], "example.com.evil.test", False, "RFC 9525, 6.3"),
    Case(["DNS:example.com"], "notexample.com", False, "RFC 9525, 6.3"),
    Case(["DNS:a.example.com", "DNS:b.example.com"], "b.example.com", True, "RFC 9525, 6.1"),
    Case(["DNS:_sip.example.com"], "_sip.example.com", True, "underscores are compared like other characters"),
    Case(["DNS:host"], "host", True, "RFC 9525, 6.3"),
    Case(["DNS:xn--bcher-kva.example"], "xn--bcher-kva.example", True, "RFC 9525, 6.3"),
    Case(["DNS:XN--BCHER-KVA.example"], "xn--bcher-kva.example", True, "RFC 4343, 3"),
    # Names that clients do not normalize.
    Case(["DNS: www.example.com"], "www.example.com", False, "RFC 5280, 4.2.1.6: preferred name syntax"),
    Case(["DNS:www.example.com "], "www.example.com", False, "RFC 5280, 4.2.1.6: preferred name syntax"),
    Case(["DNS:www.example.com."], "www.example.com", False, "RFC 5280, 4.2.1.6: preferred name syntax"),
    Case(["DNS:https://www.example.com"], "www.example.com", False, "RFC 5280, 4.2.1.6: preferred name syntax"),
    Case(["DNS:www.example.com\0.evil.test"], "www.example.com", False, "RFC 5280, 4.2.1.6: preferred name syntax"),
    Case(["DNS:bücher.example"], "xn--bcher-kva.example", False, "RFC 5280, 7.2: A-labels"),
    Case(["DNS:www.example.com,DNS:evil.test"], "evil.test", False, "RFC 9525, 6.3"),
    # Wildcards: RFC 9525, 6.3, and RFC 6125, 6.4.3.
    Case(["DNS:*.example.com"], "www.example.com", True, "RFC 9525, 6.3"),
    Case(["DNS:*.EXAMPLE.com"], "www.example.com", True, "RFC 4343, 3"),
    Case(["DNS:*.example.com"], "example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:*.example.com"], "a.b.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:*.example.com"], "*.example.com", True, "who asks for a wildcard wants what names it"),
    Case(["DNS:www.example.com"], "*.example.com", False, "a wildcard asks for more than one host"),
    Case(["DNS:*.b.example.com"], "*.example.com", False, "a wildcard asks for more than one host"),
    Case(["DNS:*"], "host", False, "RFC 9525, 6.3"),
    Case(["DNS:*."], "host", False, "RFC 9525, 6.3"),
    Case(["DNS:*.com"], "example.com", False, "RFC 6125, 7.2; browsers"),
    Case(["DNS:*.internal"], "shop.internal", False, "RFC 6125, 7.2; browsers"),
    Case(["DNS:*.*.example.com"], "a.b.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:www.*.example.com"], "www.a.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:**.example.com"], "www.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:w*.example.com"], "www.example.com", False, "RFC 9525, 6.3", _PARTIAL),
    Case(["DNS:*w.example.com"], "www.example.com", False, "RFC 9525, 6.3", _PARTIAL),
    Case(["DNS:w*w.example.com"], "www.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:xn--*.example.com"], "xn--bcher-kva.example.com", False, "RFC 6125, 6.4.3"),
    Case(["DNS:*.example.com"], "xn--bcher-kva.example.com", True, "RFC 9525, 6.3: A-labels are labels"),
    Case(["DNS:*.xn--bcher-kva.example"], "www.xn--bcher-kva.example", True, "RFC 9525, 6.3"),
    Case(["DNS:*.example.com"], ".example.com", False, "RFC 9525, 6.3: a label is not empty", _BELOW),
    Case(["DNS:.example.com"], "www.example.com", False, "RFC 9525, 6.3"),
    Case(["DNS:*.2.3.4"], "1.2.3.4", False, "RFC 9525, 6.3: an address is no name"),
    # User input: UTS #46, as in browsers.
    Case(["DNS:www.example.com"], "www.example.com.", True, "RFC 1034, 3.1: the root's label", _BYTES),
    Case(["DNS:www.example.com"], " www.example.com ", True, "blanks around what a user writes", _BYTES),
    Case(["DNS:xn--bcher-kva.example"], "bücher.example", True, "UTS #46", _BYTES),
    Case(["DNS:xn--bcher-kva.example"], "BÜCHER.example", True, "UTS #46", _BYTES),
    Case(["DNS:*.xn--bcher-kva.example"], "www。bücher.example", True, "UTS #46: full stops", _BYTES),
    Case(["DNS:xn--strae-oqa.example"], "straße.example", True, "UTS #46, non-transitional", _BYTES),
    Case(["DNS:strasse.example"], "straße.example", False, "UTS #46, non-transitional"),
    # Addresses: RFC 9525, 6.4.
    Case(["IP:192.0.2.1"], "192.0.2.1", True, "RFC 9525, 6.4"),
    Case(["IP:192.0.2.1"], "192.0.2.2", False, "RFC 9525, 6.4"),
    Case(["IP:2001:db8::1"], "2001:db8::1", True, "RFC 9525, 6.4"),
    Case(["IP:2001:db8::1"], "2001:0DB8:0:0:0:0:0:1", True, "RFC 9525, 6.4: octets are compared"),
    Case(["IP:2001:db8::1"], "2001:db8::2", False, "RFC 9525, 6.4"),
    Case(["DNS:192.0.2.1"], "192.0.2.1", False, "RFC 9525, 6.4"),
    Case(["URI:https://192.0.2.1/"], "192.0.2.1", False, "RFC 9525, 6.4"),
    # Other name types.
    Case(["URI:https://www.example.com/"], "www.example.com", False, "RFC 9525, 6.3"),
    Case(["email:admin@www.example.com"], "www.example.com", False, "RFC 9525, 6.3"),
    Case(["CN:www.example.com"], "www.example.com", False, "RFC 9525, 2", _COMMON_NAME),
    Case(["CN:www.example.com", "DNS:other.example.com"], "www.example.com", False, "RFC 9525, 2"),
    Case(["CN:192.0.2.1"], "192.0.2.1", False, "RFC 9525, 2"),
)  # fmt: skip

#: User input, its normalized form, and the source of that. Normalized forms are those of UTS #46, non-transitional
#: processing without the STD 3 rules, as in browsers except for underscores.
FORMS = (
    ("Example.COM", "example.com", "case"),
    ("example.com.", "example.com", "RFC 1034, 3.1"),
    (" example.com\n", "example.com", "blanks"),
    ("faß.de", "xn--fa-hia.de", "deviation: sharp s"),
    ("FASS.de", "fass.de", "case"),
    ("βόλος.com", "xn--nxasmm1c.com", "deviation: final sigma"),
    ("ΒΌΛΟΣ.com", "xn--nxasmq6b.com", "capital sigma is never a final one"),
    ("ශ්‍රී.com", "xn--10cl1a0b660p.com", "deviation: zero width joiner"),
    ("نامه‌ای.com", "xn--mgba3gch31f060k.com", "deviation: zero width non-joiner"),
    ("日本語。JP", "xn--wgv71a119e.jp", "full stops"),
    ("日本語．jp", "xn--wgv71a119e.jp", "full stops"),
    ("日本語｡jp", "xn--wgv71a119e.jp", "full stops"),
    ("ｅｘａｍｐｌｅ.com", "example.com", "mapped: full width"),
    ("ex\u00adample.com", "example.com", "ignored: soft hyphen"),
    ("Bu\u0308cher.example", "xn--bcher-kva.example", "NFC"),
    ("💩.la", "xn--ls8h.la", "valid by UTS #46, though not by IDNA 2008"),
    ("☕.example", "xn--53h.example", "valid by UTS #46, though not by IDNA 2008"),
    ("_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example", "underscores"),
    ("*.bücher.example", "*.xn--bcher-kva.example", "wildcards"),
    ("xn--bcher-kva.example", "xn--bcher-kva.example", "A-labels stay"),
    ("İstanbul.example", "xn--istanbul-o0e.example", "mapped to two characters"),
    ("ǅ.example", "xn--d-toa.example", "mapped: a letter that is two"),
    ("192.0.2.1", "192.0.2.1", "addresses stay"),
    ("2001:0DB8::0001", "2001:db8::1", "addresses in their usual form"),
)

_NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
_SUBJECT_ALT_NAME = ObjectIdentifier("2.5.29.17")
_TAGS = {"email": 0x81, "DNS": 0x82, "URI": 0x86, "IP": 0x87}


def differences() -> Iterator[Difference]:
    """Return the cases in which our result differs from the standards, or that of `openssl` is not as expected."""
    for case in CASES:
        pem = certificate_with_names(case.names)
        name = f"{', '.join(case.names)} for {case.host!r}"
        mine = covers_domain(read(pem).facts, case.host)
        if mine != case.expected:
            yield Difference("covers", mine, case.expected, name, who=case.source)
        theirs = _checked(pem, case.host)
        if theirs != (case.expected if not case.reason else not case.expected):
            yield Difference("covers", case.expected, theirs, f"{name}: {case.reason or case.source}")
    for given, form, source in FORMS:
        mine_form = normalize(given)
        if mine_form != form:
            yield Difference("form of a name", mine_form, form, repr(given), who=f"UTS #46, {source}")


def certificate_with_names(names: Sequence[str]) -> str:
    """Return a certificate with these names as PEM. Names may be such that libraries refuse to encode them."""
    common = [x509.NameAttribute(NameOID.COMMON_NAME, name[3:]) for name in names if name.startswith("CN:")]
    encoded = b"".join(map(_general_name, (name for name in names if not name.startswith("CN:"))))
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(common))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example CA")]))
        .public_key(_key().public_key())
        .serial_number(1)
        .not_valid_before(_NOW)
        .not_valid_after(_NOW + timedelta(days=90))
    )
    if encoded:
        value = b"\x30" + _length(encoded) + encoded
        builder = builder.add_extension(x509.UnrecognizedExtension(_SUBJECT_ALT_NAME, value), critical=False)
    return builder.sign(_key(), hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _general_name(name: str) -> bytes:
    kind, _colon, text = name.partition(":")
    value = ipaddress.ip_address(text).packed if kind == "IP" else text.encode()
    return bytes([_TAGS[kind]]) + _length(value) + value


def _length(value: bytes) -> bytes:
    return bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])


def _checked(pem: str, host: str) -> bool:
    """Whether the certificate matches a host or address according to `openssl`."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        option = "-checkhost"
    else:
        option = "-checkip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "certificate.pem")
        path.write_text(pem, encoding="ascii")
        answer = run("x509", "-in", str(path), "-noout", option, host).stdout.decode("utf-8", "replace")
    return "does match" in answer
