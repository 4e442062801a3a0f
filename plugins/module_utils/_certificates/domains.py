# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domain names: their normal form, and which certificate covers which."""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from .._api.values import encodable

#: Maximum length of a name that is normalized by UTS #46. In ASCII, a domain has at most 253 characters.
_LONGEST = 1000
_LONGEST_DOMAIN = 253
_LONGEST_ADDRESS = 45  # IPv6 with an IPv4 address in it
#: Underscores are not allowed in host names (RFC 1123, 2.1), but they are in use.
_DOMAIN = re.compile(r"(?:\*\.)?(?:[a-z0-9_-]{1,63}\.)*(?!(?:[0-9]+|0x[0-9a-f]*)\Z)[a-z0-9_-]{1,63}", re.ASCII)
_FULL_STOPS = re.compile("[.\u3002\uff0e\uff61]")


def normalize(name: str) -> str:
    """Return the normal form of a domain name from a user or the platform, as browsers have it.

    That is lower case with A-labels by UTS #46 (non-transitional), without surrounding spaces and without a final dot.
    A name that UTS #46 forbids is only converted to lower case. An IP address gets its usual form.
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
    try:
        # A dependency of requests. Few names need it, and loading it takes a sixth of a lookup's time to load.
        import idna  # noqa: PLC0415
    except ImportError:
        return unicodedata.normalize("NFKC", _FULL_STOPS.sub(".", name).casefold())
    # Without lower(), which treats a final sigma differently from UTS #46. Without STD3 rules, because names may have
    # underscores.
    return str(idna.uts46_remap(name, std3_rules=False, transitional=False))


def _a_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def ip_address(text: str) -> str | None:
    """Return an IP address in its usual form; ``None`` if the text is not one."""
    # Most texts are excluded here, because the exception takes longer than everything else.
    if len(text) > _LONGEST_ADDRESS or not (text[-1:].isdigit() or ":" in text):
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def is_domain(name: str) -> bool:
    """Whether a normalized name can be a domain: not an address, a URL or a text with spaces.

    Its first label may be ``*``. A name that ends in a number is an IPv4 address for browsers (URL Standard, 3.5).
    """
    return len(name) <= _LONGEST_DOMAIN and bool(_DOMAIN.fullmatch(name))


class Refusal(NamedTuple):
    """Why a text is not a domain, as the end of a sentence, and what to set instead."""

    problem: str
    hint: str


#: A scheme, a user, a host, and a path or query.
_URL = re.compile(r"(?:[^\s/?#]*//)?(?:[^\s@/?#]*@)?([^\s/?#]*)(?:[/?#]\S*)?")
_WITH_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:]*):\d*", re.ASCII)


def service_in(text: str) -> Refusal | None:
    """Return the refusal of a URL, a host with a port or an address in brackets; ``None`` if the text is neither."""
    text = text.strip()
    match = None if ip_address(text) else _URL.fullmatch(text)
    if match is None:
        return None
    with_port = _WITH_PORT.fullmatch(match[1])
    if match[1] == text and not with_port and ip_address(text.strip("[]")) is None:
        return None
    name = (with_port[1] if with_port else match[1]).strip("[]")
    problem = "is a URL, not a domain" if "//" in text else "contains more than a domain"
    return Refusal(problem, f"Give only the name: {name or 'such as shop.example.com'}.")


def refusal_of(text: str) -> Refusal | None:
    """Return the refusal of a text that is neither a domain nor an IP address; ``None`` if it is one."""
    name = normalize(text)
    if is_domain(name) or ip_address(name) is not None:
        return None
    return service_in(text) or Refusal("is not a domain", "Give one such as shop.example.com, or an IP address.")


def unique(names: Iterable[str]) -> list[str]:
    """Return normalized names, each once, in the order of their first occurrence."""
    return list(dict.fromkeys(name for name in map(normalize, names) if name))


def unique_domains(names: Iterable[str]) -> list[str]:
    """Return the names of a certificate that clients compare, each once.

    They are converted to lower case and not changed otherwise, because clients do not remove spaces, a final dot or
    letters that are not ASCII to make them match (RFC 9525, 6.3).
    """
    return list(dict.fromkeys(name for name in (name.lower() for name in names if name.isascii()) if is_domain(name)))


def covers(patterns: Iterable[str], name: str) -> bool:
    """Whether a certificate for ``patterns`` covers ``name``. Both are normalized domains or addresses.

    A wildcard stands for exactly one label, the first, and needs two labels after it (RFC 9525, 6.3, and browsers). It
    also covers itself: a search for ``*.example.com`` finds the certificate that has this name. An address is only
    covered by itself.
    """
    wanted = (name, wildcard_of(name))
    return any(pattern in wanted and is_usable(pattern) for pattern in patterns)


def wildcard_of(name: str) -> str | None:
    """Return the wildcard that covers a domain; ``None`` if there cannot be one."""
    label, dot, parent = name.partition(".")
    return f"*.{parent}" if label and dot and "." in parent and is_domain(name) else None


def is_usable(pattern: str) -> bool:
    """Whether a name of a certificate covers anything: ``*.internal`` does not."""
    return not pattern.startswith("*") or (pattern.count(".") > 1 and is_domain(pattern))


def addresses_of(alternative_names: Iterable[str]) -> list[str]:
    """Return the IP addresses among subject alternative names in the form of facts, such as ``IP:192.0.2.1``."""
    texts = (name[3:] for name in alternative_names if name.startswith("IP:"))
    return [address for address in map(ip_address, texts) if address is not None]


def split_names(value: Any) -> list[str]:
    """Split the API's ``DNSNames`` or ``Domains``, whose separator is not documented.

    Separators may be commas, semicolons, spaces or line ends; the value may also be a list, or a JSON list in a string.
    A text with spaces that is not a list of domains is one name, such as the title of a certificate.
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
