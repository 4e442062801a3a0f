# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of hosts.

Names from outside are made safe: a host name contains no white space, control or formatting characters, and no
characters with a meaning in host patterns, ranges, templates or paths. It cannot be mistaken for a command line option.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import socket
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from .._attribute import attribute_at
from .._grouping import Facts
from .hosts import Host

#: Evaluates an expression with variables.
Evaluate = Callable[[str, Facts], Any]

#: The dotted path of a fact. Anything else in ``hostnames`` is an expression.
FACT_PATH = re.compile(r"[a-z_][\w]*(?:\.\w+)*", re.IGNORECASE)

# In bytes. Fact caches create files named after hosts, with a prefix. File systems allow 255 bytes.
_MAX_NAME, _MAX_NAME_WITH_KEY = 200, 230
#: Names of the local machine, besides its addresses.
_LOCAL_NAMES = frozenset(
    ["localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "ipv6-localhost", "ipv6-loopback"]
)
_LOCAL_DOMAINS = (".localhost", ".localdomain", ".localdomain4", ".localdomain6")
_WILDCARD = "_wildcard."
_UNNAMED = "unnamed"
_UNSAFE = re.compile(r"[\s:,&!*?\[\]{}()<>~|;'\"`$\\/%#=@]+")


def name_hosts(
    hosts: list[Host],
    hostnames: Sequence[str],
    evaluate: Evaluate,
    reserved: Iterable[str] = (),
    prefix: str = "",
) -> None:
    """Set the names of hosts. Names are safe, unique and not reserved.

    The first fact or expression with a non-empty value becomes the name. If there is none, a host keeps its name.
    If several hosts have the same name, the key of each is appended, and a number if that name is taken, too. So no
    name depends on the order of the hosts.

    Args:
        hosts: The hosts to name.
        hostnames: Facts or expressions.
        evaluate: Evaluates expressions.
        reserved: Names with another meaning, such as those of groups: the pattern ``all`` would not match only a host
            of that name. Names of the local machine are always reserved.
        prefix: The prefix of all names.
    """
    for host in hosts:
        wanted = next(filter(None, (_value(host, text, evaluate) for text in hostnames)), host.name)
        name = safe_name(str(wanted)) or safe_name(host.key) or _UNNAMED
        host.name = _truncate(_MAX_NAME, f"{prefix}{name}")
    count = Counter(host.name for host in hosts)
    reserved = set(reserved)
    taken = reserved | set(count)
    ambiguous = [host for host in hosts if count[host.name] > 1 or host.name in reserved or _is_local(host.name)]
    # Candidates by their beginning, shared by all hosts with that beginning, so that each candidate is tried only once.
    candidates: dict[str, Iterator[str]] = {}
    for host in sorted(ambiguous, key=_sort_key):
        stem = _truncate(_MAX_NAME_WITH_KEY, f"{host.name}_{safe_name(host.key)}".rstrip("_"))
        names = candidates.setdefault(stem, _numbered(stem))
        host.name = next(name for name in names if name not in taken and not _is_local(name))
        taken.add(host.name)


@lru_cache(maxsize=4096)
def safe_name(text: str) -> str:
    """Turn a string into (a part of) a host name of at most 200 bytes. The result is empty if nothing is left."""
    whole = text
    if text.startswith("*."):
        text = _WILDCARD + text[2:]
    text = text[: 4 * _MAX_NAME]
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    name = _UNSAFE.sub("_", visible).rstrip("_").lstrip("-.")
    return _truncate(_MAX_NAME, name, whole)


def _truncate(size: int, name: str, whole: str | None = None) -> str:
    """Truncate ``name`` to ``size`` bytes. A truncated name ends in a digest, so that it stays unique.

    The digest is that of ``whole``, if given, or of the name.
    """
    encoded = name.encode()
    if len(encoded) <= size:
        return name
    digest = hashlib.sha256((whole or name).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{encoded[: size - 17].decode(errors='ignore')}_{digest}"


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    for number in itertools.count(2):
        yield f"{stem}_{number}"


def _is_local(name: str) -> bool:
    """Whether resolvers map a name to the local machine."""
    name = unicodedata.normalize("NFKC", name).lower().rstrip(".")
    if name in _LOCAL_NAMES or name.endswith(_LOCAL_DOMAINS):
        return True
    try:
        # Addresses may have fewer parts or another base: 127.1, 0, 0x7f000001.
        address = socket.inet_aton(name)
    except OSError:
        return False
    return address[0] == 127 or not any(address)


def _sort_key(host: Host) -> tuple[str, ...]:
    return (host.key, host.name, *(str(host.variables.get(fact)) for fact in ("project_id", "region")))


def _value(host: Host, text: str, evaluate: Evaluate) -> Any:
    if FACT_PATH.fullmatch(text) and text.partition(".")[0] in host.variables:
        return attribute_at(host.variables, text, "hostnames")
    return evaluate(text, host.variables)
