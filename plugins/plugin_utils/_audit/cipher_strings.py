# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an OpenSSL cipher string allows for certain, whatever the version of OpenSSL that expands it.

The OpenSSL of a load balancer is not known, and each version has other cipher suites. But every version since 1.0.1 has
those of the table below, and no usual build leaves them out. Their properties show which of them a string allows.
The syntax is described in https://docs.openssl.org/master/man1/openssl-ciphers/
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: The name of a cipher suite. Keywords, such as AESGCM, have no hyphen.
_SUITE = re.compile("[A-Z0-9]+(?:[-_][A-Z0-9]+)+")
#: OpenSSL ignores what comes after these keywords, if they are the first. They select none of the suites below.
_SUITE_B = ("SUITEB128", "SUITEB192")
_SEPARATORS = re.compile(r"[:;,\s]+")
#: Security levels up to this one exclude none of the suites below.
_HARMLESS_LEVEL = 2


class CipherString(NamedTuple):
    """What a cipher string allows.

    Attributes:
        certain: Some cipher suites that it allows for certain.
        at_most: All cipher suites that it can allow; ``None`` if that depends on the version of OpenSSL.
    """

    certain: frozenset[str]
    at_most: frozenset[str] | None


class _Suite(NamedTuple):
    """The keywords that select a cipher suite: in every version of OpenSSL, and in some."""

    keywords: frozenset[str]
    in_some: frozenset[str]


_STATIC_RSA = ("ALL", "HIGH", "AES", "RSA", "kRSA", "aRSA")
_ECDHE_RSA = ("ALL", "HIGH", "AES", "ECDH", "ECDHE", "EECDH", "kECDHE", "kEECDH", "aRSA")
_ECDHE_ECDSA = (*_ECDHE_RSA[:-1], "ECDSA", "aECDSA")
_SHA1, _OLD_VERSIONS = ("SHA", "SHA1"), ("SSLv3", "TLSv1", "TLSv1.0")
#: Suites that are not recommended, because they have no forward secrecy or no authenticated encryption.
_SUITES: dict[str, _Suite] = {
    f"{prefix}{name}": _Suite(frozenset((*keys, size, *more)), frozenset(("kECDH", *versions)))
    for prefix, keys in (("", _STATIC_RSA), ("ECDHE-RSA-", _ECDHE_RSA), ("ECDHE-ECDSA-", _ECDHE_ECDSA))
    for name, size, more, versions in (
        ("AES128-SHA", "AES128", _SHA1, _OLD_VERSIONS),
        ("AES256-SHA", "AES256", _SHA1, _OLD_VERSIONS),
        ("AES128-SHA256", "AES128", ("SHA256", "TLSv1.2"), ()),
    )
}
#: Keywords that are known to select none of these suites.
_OTHERS = frozenset(
    (
        "3DES", "ADH", "AECDH", "AESCCM", "AESCCM8", "AESGCM", "ARIA", "ARIA128", "ARIA256", "ARIAGCM", "CAMELLIA",
        "CAMELLIA128", "CAMELLIA256", "CHACHA20", "COMPLEMENTOFALL", "COMPLEMENTOFDEFAULT", "DES", "DH", "DHE", "DSS",
        "EDH", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "IDEA", "LOW", "MD5", "MEDIUM", "NULL", "PSK", "RC2", "RC4",
        "SEED", "SHA384", "SRP", "aDH", "aDSS", "aECDH", "aNULL", "aPSK", "aSRP", "eNULL", "kDH", "kDHE", "kDHEPSK",
        "kDHd", "kDHr", "kECDHEPSK", "kECDHr", "kEDH", "kPSK", "kRSAPSK", "kSRP",
    )
)  # fmt: skip
_KEYWORDS = _OTHERS.union(*(suite.keywords | suite.in_some for suite in _SUITES.values()))


def is_suite(text: str) -> bool:
    """Whether a text is the name of a cipher suite, not a keyword."""
    return _SUITE.fullmatch(text) is not None


def expand(text: str) -> CipherString:
    """Return what a cipher string allows.

    A selection that this file does not know adds nothing to what is certain, and an exclusion removes everything that
    it may match.
    """
    if text.startswith(_SUITE_B):
        return CipherString(frozenset(), None)
    certain: set[str] = set()
    excluded: set[str] = set()
    named: set[str] = set()
    is_bounded = True
    for item in filter(None, _SEPARATORS.split(text)):
        operator = item[0] if item[0] in "!-+@" else ""
        parts = item.removeprefix(operator).split("+")
        if operator == "":
            certain |= {name for name in _SUITES if _selects(parts, name)} - excluded
            named |= {*parts}
            is_bounded = is_bounded and len(parts) == 1 and is_suite(parts[0])
        elif operator in "!-":
            removed = {name for name in _SUITES if _may_select(parts, name)}
            certain -= removed
            excluded |= removed if operator == "!" else set()
        elif operator == "@" and not _is_harmless(item):
            # It applies to the whole string.
            excluded |= _SUITES.keys()
            certain.clear()
    return CipherString(frozenset(certain), frozenset(named) if is_bounded and named else None)


def _selects(parts: list[str], name: str) -> bool:
    """Whether all parts of a selection select a suite, in every version of OpenSSL."""
    return all(part == name or part in _SUITES[name].keywords for part in parts)


def _may_select(parts: list[str], name: str) -> bool:
    """Whether all parts of a selection select a suite in some version of OpenSSL. IANA's names are not known here."""
    suite = _SUITES[name]
    return all(
        part == name
        or part in suite.keywords
        or part in suite.in_some
        or (part not in _KEYWORDS and (not is_suite(part) or part.startswith("TLS_")))
        for part in parts
    )


def _is_harmless(command: str) -> bool:
    """Whether a command removes none of the suites: ``@STRENGTH`` only sorts them."""
    name, _equals, level = command.partition("=")
    return name == "@STRENGTH" or (name == "@SECLEVEL" and level.isdecimal() and int(level) <= _HARMLESS_LEVEL)
