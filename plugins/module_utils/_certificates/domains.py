# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domain names: one spelling for each, and which certificate covers which."""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from .._api.values import encodable

try:
    # A dependency of requests.
    import idna
except ImportError:
    HAS_IDNA = False
else:
    HAS_IDNA = True


#: Characters of a name that is looked at: a domain has 253 at most, once it is written in ASCII.
_LONGEST = 1000
_LONGEST_DOMAIN = 253
#: Underscores are no part of host names (RFC 1123, 2.1), but are in use, and compared like any other character.
_DOMAIN = re.compile(r"(?:\*\.)?(?:[a-z0-9_-]{1,63}\.)*(?!(?:[0-9]+|0x[0-9a-f]*)\Z)[a-z0-9_-]{1,63}", re.ASCII)
_FULL_STOPS = re.compile("[.\u3002\uff0e\uff61]")


def normalize(name: str) -> str:
    """The one form of a domain name that a user or the platform gives: what a browser makes of it.

    That is lower case and A-labels by UTS #46 (non-transitional), without blanks around it and without a final dot. A
    name that UTS #46 does not allow is only put into lower case. An IP address is written in its usual form.
    """
    name = name.strip()
    address = ip_address(name)
    if address is not None:
        return address
    if name.isascii() or len(name) > _LONGEST:
        return name.rstrip(".").lower()
    try:
        mapped = _mapped(name)
        return ".".join(map(_a_label, mapped.split("."))).rstrip(".")
    except UnicodeError:
        return name.rstrip(".").lower()


def _mapped(name: str) -> str:
    # Not lower() before: it makes another letter of a final sigma than UTS #46 does. Nothing of STD3: users may ask for
    # names with underscores.
    if HAS_IDNA:
        return str(idna.uts46_remap(name, std3_rules=False, transitional=False))
    return unicodedata.normalize("NFKC", _FULL_STOPS.sub(".", name).casefold())


def _a_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def ip_address(text: str) -> str | None:
    """An IP address in its usual form, or ``None`` for what is none."""
    # Only what can be one: the exception for what cannot took longer than all the rest.
    if len(text) > _LONGEST_ADDRESS or not (text[-1:].isdigit() or ":" in text):
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


_LONGEST_ADDRESS = 45  # of IPv6 with IPv4 in it


def is_domain(name: str) -> bool:
    """Whether a normalized name can be one of the DNS: no address, no text with blanks, no URL.

    It may have ``*`` for its first label. What ends in a number is an IPv4 address for browsers (URL Standard, 3.5).
    """
    return len(name) <= _LONGEST_DOMAIN and bool(_DOMAIN.fullmatch(name))


class Refusal(NamedTuple):
    """Why a text cannot be a domain, as the end of a sentence, and what to write in its place."""

    problem: str
    hint: str


#: A scheme, a user, a host, and what may follow.
_URL = re.compile(r"(?:[^\s/?#]*//)?(?:[^\s@/?#]*@)?([^\s/?#]*)(?:[/?#]\S*)?")
_WITH_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:]*):\d*", re.ASCII)


def service_in(text: str) -> Refusal | None:
    """What to say of the address of a service in the place of a domain; ``None`` if it is none."""
    text = text.strip()
    match = None if ip_address(text) else _URL.fullmatch(text)
    if match is None:
        return None
    with_port = _WITH_PORT.fullmatch(match[1])
    if match[1] == text and not with_port:
        return None
    name = (with_port[1] if with_port else match[1]).strip("[]")
    problem = "is a URL, and no domain" if "//" in text else "has more in it than a domain"
    return Refusal(problem, f"Give the name alone: {name or 'such as shop.example.com'}.")


def refusal_of(text: str) -> Refusal | None:
    """What to say of a text that is neither a domain nor an IP address; ``None`` if it is one."""
    name = normalize(text)
    if is_domain(name) or ip_address(name) is not None:
        return None
    return service_in(text) or Refusal("is no domain", "Give one such as shop.example.com, or an IP address.")


def unique(names: Iterable[str]) -> list[str]:
    """Normalized names, each once, in the order of their first appearance."""
    return list(dict.fromkeys(name for name in map(normalize, names) if name))


def unique_domains(names: Iterable[str]) -> list[str]:
    """The names of a certificate that a client would compare, each once.

    They are put into lower case and not changed otherwise: clients do not take blanks, a final dot, letters that are
    not ASCII or an address away to make them match (RFC 9525, 6.3).
    """
    return list(dict.fromkeys(name for name in (name.lower() for name in names if name.isascii()) if is_domain(name)))


def covers(patterns: Iterable[str], name: str) -> bool:
    """Tell whether a certificate for ``patterns`` serves ``name``; both are domains in their normal form, or addresses.

    A wildcard stands for exactly one label, the first, and has to have two behind it (RFC 9525, 6.3, and what browsers
    ask for). It serves itself, too: whoever asks for ``*.example.com`` wants the certificate that names it. An address
    has to be among the patterns.
    """
    wanted = (name, wildcard_of(name))
    return any(pattern in wanted and is_usable(pattern) for pattern in patterns)


def wildcard_of(name: str) -> str | None:
    """The wildcard that serves a domain, or ``None`` if there can be none."""
    label, dot, parent = name.partition(".")
    return f"*.{parent}" if label and dot and "." in parent and is_domain(name) else None


def is_usable(pattern: str) -> bool:
    """Whether a name of a certificate serves anything: ``*.internal`` does not."""
    return not pattern.startswith("*") or (pattern.count(".") > 1 and is_domain(pattern))


def addresses_of(alternative_names: Iterable[str]) -> list[str]:
    """The IP addresses among subject alternative names as facts have them, such as ``IP:192.0.2.1``."""
    texts = (name[3:] for name in alternative_names if name.startswith("IP:"))
    return [address for address in map(ip_address, texts) if address is not None]


def split_names(value: Any) -> list[str]:
    """Read the API's ``DNSNames`` and ``Domains``: their separator is not documented.

    Commas, semicolons, blanks, line ends, a JSON list in a string, and a list are understood. What has blanks in it
    without being a row of domains is one name, such as the title of a certificate.
    """
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = value.translate(str.maketrans('[]"', "   "))
    if isinstance(value, str):
        value = [part for text in re.split(r"[,;\t\r\n]+", value) for part in _by_blanks(text.strip())]
    if not isinstance(value, list):
        return []
    return [encodable(name) for name in value if isinstance(name, str) and name]


def _by_blanks(text: str) -> list[str]:
    parts = text.split()
    return parts if all("." in part and is_domain(normalize(part)) for part in parts) else [text]
