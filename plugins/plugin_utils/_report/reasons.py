# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognize the reasons in facts, so that reports can say them in another language.

Facts have a reason as one English text: they may come from a file, from another machine, or from another version. So
what it was made of is read from the text. What is not recognized stays as it is, such as messages of libraries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

#: What ``module_utils`` and the warnings of an audit are made of. The first one that matches counts.
TEMPLATES = (
    # What a certificate is, and whether clients trust it.
    "it expired at {time}",
    "it is not valid before {time}",
    "it is self-signed, and not in the trust store",
    "it is self-signed, and the trust store has another certificate with its name",
    "its extended key usage does not include serverAuth",
    "its extended key usage is anyExtendedKeyUsage, which not all clients accept",
    "its key usage does not allow it to be used for TLS, which not all clients check",
    "it is a CA certificate, which not all clients accept from a server",
    "it has no subject alternative name, so that there is no name to verify it for",
    "not all parts of it can be read",
    "not all certificates in the content and in the trust store could be considered",
    "neither the content nor the trust store has the certificate of its issuer, {name}",
    (
        "its chain ends with {name}, and neither the content nor the trust store has the certificate of its issuer,"
        " {issuer}"
    ),
    "its chain ends with {name}, which is not in the trust store",
    "a certificate in its chain has expired: {names}",
    "it was trusted when its validity began, but a certificate in its chain, or its root, is not valid any more",
    "a CA in its chain must not issue other CAs at this depth (path length)",
    "the name constraints of a CA in its chain exclude one of its names",
    "a certificate in its chain was not signed by the one that has its issuer's name",
    "a certificate in its chain, or its root, is not valid at this time",
    "a certificate that should have issued another one is not a CA",
    "the key usage of a CA in its chain does not allow it to issue certificates",
    "the extended key usage of a CA in its chain does not include serverAuth",
    "cryptography finds no path to a trusted root, for a reason that may not hold for all clients",
    "{name} names another key of its issuer, which some clients reject",
    "some clients take another certificate with the same name for {name}'s issuer",
    "clients apply the name constraints of {name} in different ways",
    "the extended key usage of {name} is one that some clients reject",
    "cryptography does not support {name} in paths, because of its format",
    "cryptography does not support the signature of {name} in paths: {algorithm}",
    "cryptography does not support the key of {name} in paths",
    "the Python library cryptography is not installed",
    "this needs cryptography 42 or newer, and version {version} is installed",
    "a certificate without a name",
    "an unknown algorithm",
    # What cannot be read.
    "the certificate was not read",
    "the content has no certificate",
    "the certificate could not be parsed",
    "the server presented no certificate",
    "{number} CERTIFICATE block(s) could not be parsed",
    "{number} certificate(s) could not be parsed",
    "one of them may be the served certificate",
    # Whether it is revoked.
    "no CRL was requested, because no path to a trusted root was found",
    "it is a root itself, and there are no CRLs about roots",
    "the URLs of its CRLs cannot be read",
    "it names no CRL with an http URL",
    "its serial number cannot be read",
    "its CRL was not received: HTTP status {number}",
    "its CRL was not received: {reason}",
    "its CRL cannot be used: {reason}",
    "its CRL is one of another issuer",
    "the key usage of its issuer does not allow it to sign CRLs",
    "the signature of its CRL cannot be verified",
    "its issuer did not sign its CRL",
    "its CRL is only about other kinds of certificates",
    "its CRL is only about certificates that name another URL",
    "its CRL is only about certain reasons",
    "its CRL does not say when it is valid",
    "its CRL is not valid before {time}",
    "its CRL has expired at {time}",
    "it cannot be read",
    "not all of its entries can be read",
    "it has an entry with an extension that is not supported",
    "it has an entry that only a delta CRL may have",
    "it is a delta CRL, which only has changes",
    "it has a critical extension that is not supported",
    "it is an indirect CRL, with certificates of other issuers",
    "it only has certain reasons or certificates",
    "its CA {name}: {reason}",
    "its CA {name}",
    "key compromise",
    "CA compromise",
    "aa compromise",
    "affiliation changed",
    "superseded",
    "cessation of operation",
    "certificate hold",
    "privilege withdrawn",
    # Why nothing was served.
    "no response in time from the name server",
    "no response in time while connecting",
    "no response in time during the handshake",
    "the server closed the connection during the handshake",
    "the server sent the alert {alert} ({number})",
    "the server sent an alert: {reason}",
    "the server sent more than {number} bytes during the handshake",
    "the response is not TLS; it begins with {start}",
    "OpenSSL ended the handshake: {reason}",
    "unknown reason",
    "the name has no address",
    "the name cannot be resolved: {reason}",
    "it is not a host name",
    "source_address and the address are not of the same version of IP",
    "this machine cannot start another thread",
    "{reason} while connecting",
    "{reason} during the handshake",
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "Network is unreachable",
    "No route to host",
    "Broken pipe",
    "unexpected {kind}: {reason}",
    # Warnings of an audit.
    (
        "The waiver of all checks for the name {name} accepts every problem of every certificate until {time}. Name the"
        " checks or the certificates."
    ),
    # Parts of lists.
    "{name} at {time}",
    "{name} at {time}, {others}",
)  # fmt: skip
#: Reasons are shorter. Longer texts are not compared, which may take longer than their length.
_LONGEST = 1000
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Reason(NamedTuple):
    """One of :data:`TEMPLATES`, with the values of its placeholders."""

    template: str
    values: Mapping[str, str]


def several(text: str) -> list[Reason]:
    """Return the reasons that a text has, separated by semicolons; empty if one of them is not recognized."""
    whole = recognize(text)
    found = [whole] if whole else [recognize(part) for part in text.split("; ")]
    known = [reason for reason in found if reason]
    return known if len(known) == len(found) else []


@lru_cache(maxsize=1024)
def recognize(text: str) -> Reason | None:
    """Return what a text was made of; ``None`` if that is not known."""
    if len(text) > _LONGEST:
        return None
    for template, parts in _parts():
        values = _match(parts, text)
        if values is not None:
            return Reason(template, values)
    return None


@cache
def _parts() -> list[tuple[str, list[str]]]:
    """Return the templates with their parts: a text, and then by turns the name of a placeholder and a text."""
    return [(template, _PLACEHOLDER.split(template)) for template in TEMPLATES]


def _match(parts: list[str], text: str) -> dict[str, str] | None:
    """Return the values with which the parts make a text, the first one as short as possible."""
    first, *others = parts
    if not others:
        return {} if text == first else None
    if not text.startswith(first):
        return None
    name, *others = others
    rest = text[len(first) :]
    for end in _ends(rest, others):
        values = _match(others, rest[end:]) if _can_be(name, rest[:end]) else None
        if values is not None:
            return {name: rest[:end], **values}
    return None


def _ends(text: str, parts: list[str]) -> Iterator[int]:
    """Yield where a value at the beginning of a text may end, so that the next part follows."""
    if parts == [""]:
        yield len(text)
        return
    end = text.find(parts[0], 1)
    while end > 0:
        yield end
        end = text.find(parts[0], end + 1)


def _can_be(name: str, value: str) -> bool:
    if name == "time":
        return _TIME.fullmatch(value) is not None
    return value.isdecimal() if name == "number" else bool(value)
