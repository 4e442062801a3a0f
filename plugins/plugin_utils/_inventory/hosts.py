# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about certificates -> the hosts of an inventory, and the groups they are in.

Nothing here knows Ansible's inventory. Names that come from outside are made safe here: a host name holds no white
space, control or formatting character, and nothing that host patterns, ranges, templates or paths give a meaning to,
and it cannot be taken for a program's option.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import socket
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ...module_utils._api.errors import OptionError
from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.times import parse_duration
from .._attribute import attribute_at
from .._grouping import VALUES, Facts
from .._plugin import check_known

#: Works out what is no plain fact name: an expression, and the variables that it may use.
Evaluate = Callable[[str, Facts], Any]

#: In bytes. Caches of facts make files of the names, with something before them; 255 are the limit of file systems.
_LONGEST_NAME, _LONGEST_WITH_KEY = 200, 230
#: Names of the machine that Ansible runs on, beside its addresses.
_LOCAL_NAMES = frozenset(
    ["localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "ipv6-localhost", "ipv6-loopback"]
)
_LOCAL_DOMAINS = (".localhost", ".localdomain", ".localdomain4", ".localdomain6")
#: A record whose hosts have all variables that there can be.
_SAMPLE = {"SSLId": "ssl-1", "Domains": "example.com", "Relations": [{"LoadBalancerId": "alb-1", "ListenerId": "l-1"}]}
_LONGEST_PREFIX = 40
_UNNAMED = "unnamed"
_NOT_IN_NAMES = re.compile(r"[\s:,&!*?\[\]{}()<>~|;'\"`$\\/%#=@]+")
FORMS = ("certificate", "domain", "load_balancer", "listener")
_FACT_NAME = re.compile(r"[a-z_][\w]*(?:\.\w+)*", re.IGNORECASE)
WILDCARD = "_wildcard."


@dataclass
class Host:
    """One host: its name, its variables (without the prefix), and the certificates that decide its groups.

    ``key`` tells hosts apart that would have the same name. ``own`` has, by criterion, what only this host is or
    belongs to, where its certificates are for others as well.
    """

    name: str
    key: str
    variables: Facts
    certificates: list[Facts] = field(default_factory=list)
    own: dict[str, list[Any]] = field(default_factory=dict)


def hosts_of(certificates: list[Facts], hosts_are: str, *, include_wildcards: bool = False) -> list[Host]:
    """The hosts that certificates make; each has the name of what it is, or its id.

    :param hosts_are: ``certificate``, ``domain``, ``load_balancer`` or ``listener``.
    """
    if hosts_are == "certificate":
        return [_certificate_host(facts) for facts in certificates]
    if hosts_are == "domain":
        return list(_domain_hosts(certificates, include_wildcards))
    return list(_binding_hosts(certificates, hosts_are))


def variable_names(hosts_are: str) -> list[str]:
    """The names of the variables of hosts, without the prefix."""
    (host,) = hosts_of([Certificate.from_api(_SAMPLE, "", None).to_facts(0)], hosts_are)
    return list(host.variables)


def without_prefix(hostnames: Iterable[str], hosts_are: str, prefix: str, others: Iterable[str] = ()) -> list[str]:
    """``hostnames``, those of facts as they are called in a host's variables, which have no prefix there.

    Names that only other forms of hosts have yield nothing. They are no errors, so that forms can share options.

    :param others: names of other variables that expressions may use.
    :raises OptionError: a name is none of them. It would never yield anything.
    """
    known = {name for form in FORMS for name in variable_names(form)}
    plain = []
    for text in hostnames:
        head = text.partition(".")[0]
        if _FACT_NAME.fullmatch(text) and head not in known and head not in others:
            if not head.startswith(prefix) or head[len(prefix) :] not in known:
                check_known("hostnames", [head], variable_names(hosts_are))
            plain.append(text[len(prefix) :])
        else:
            plain.append(text)
    return plain


def check_prefixes(hostvars_prefix: str, host_prefix: str) -> None:
    """Refuse what names of variables, or of hosts, cannot begin with.

    :raises OptionError: one of them is that.
    """
    first = f"{hostvars_prefix}x"
    if not (first.isidentifier() and first.isascii()):
        raise OptionError(
            f"hostvars_prefix: {hostvars_prefix!r} is no beginning of the name of a variable",
            hint="Give letters, digits and underscores, with no digit at the beginning, or nothing.",
        )
    if len(host_prefix) > _LONGEST_PREFIX or safe_name(f"{host_prefix}x") != f"{host_prefix}x":
        raise OptionError(
            f"host_prefix: {host_prefix!r} is no beginning of the name of a host",
            hint=f"Give at most {_LONGEST_PREFIX} letters, digits, underscores, dots and hyphens, such as 'ucloud-'.",
        )


def name_hosts(
    hosts: list[Host],
    hostnames: Sequence[str],
    evaluate: Evaluate,
    reserved: Iterable[str] = (),
    prefix: str = "",
) -> None:
    """Give hosts the names that ``hostnames`` say, safe and different from each other and from what is ``reserved``.

    The first of the fact names or expressions that yields something counts; without any, a host keeps its own name.
    Of hosts that would have the same name, each one gets its key behind it, and a number if that is taken, too: so no
    name depends on the order of the hosts, or on which of them came first.

    :param reserved: names that mean something else, such as those of groups: a host that is called ``all`` would be
        all that the pattern of that name matches. Those of the machine that Ansible runs on always are.
    :param prefix: what all names begin with.
    """
    for host in hosts:
        wanted = next(filter(None, (_evaluated(host, text, evaluate) for text in hostnames)), host.name)
        name = safe_name(str(wanted)) or safe_name(host.key) or _UNNAMED
        host.name = _at_most(_LONGEST_NAME, f"{prefix}{name}")
    count = Counter(host.name for host in hosts)
    reserved = set(reserved)
    taken = reserved | set(count)
    ambiguous = [host for host in hosts if count[host.name] > 1 or host.name in reserved or _is_local(host.name)]
    # The names to try, by what they begin with: each is tried once, however many hosts want it.
    untried: dict[str, Iterator[str]] = {}
    for host in sorted(ambiguous, key=_identity):
        stem = _at_most(_LONGEST_WITH_KEY, f"{host.name}_{safe_name(host.key)}".rstrip("_"))
        names = untried.setdefault(stem, _numbered(stem))
        host.name = next(name for name in names if name not in taken and not _is_local(name))
        taken.add(host.name)


class ExpiryGroups:
    """Which expiry group a certificate is in at the moment ``now`` (seconds since 1970).

    :param edges: durations such as ``7d``.
    :raises OptionError: one of them is none.
    """

    def __init__(self, edges: Iterable[str], now: int) -> None:
        self._now = now
        seconds = {edge: parse_duration(edge) for edge in edges}
        for edge, length in seconds.items():
            if length is None:
                raise OptionError(f"expiry_edges: {edge!r} is not a duration", hint="Give such as 12h, 7d or 1w2d.")
        self._edges = sorted((length, edge) for edge, length in seconds.items() if length is not None)

    def __call__(self, facts: Facts) -> str:
        """The name of the group, without its prefix."""
        if facts["not_after_epoch"] is None:
            return "unknown"
        remaining = facts["not_after_epoch"] - self._now
        if remaining < 0:
            return "expired"
        return next((edge for length, edge in self._edges if remaining < length), "later")


def groups_of(host: Host, group_by: Iterable[str], expiry: ExpiryGroups) -> list[str]:
    """Names of the groups a host is in, before Ansible makes them valid.

    It has the groups of its certificates, but for those of other domains, load balancers and listeners than its own.
    """
    names = [
        f"{criterion}_{value}"
        for position, facts in enumerate(host.certificates)
        for criterion in group_by
        # What is the host's own is the same for each of its certificates.
        if not position or criterion not in host.own
        for value in _values(host, criterion, facts, expiry)
        if value
    ]
    return list(dict.fromkeys(names))


def _values(host: Host, criterion: str, facts: Facts, expiry: ExpiryGroups) -> list[Any]:
    if criterion == "expiry":
        return [expiry(facts)]
    return host.own[criterion] if criterion in host.own else VALUES[criterion](facts)


@lru_cache(maxsize=4096)
def safe_name(text: str) -> str:
    """``text`` as (a part of) a host name of at most 200 bytes; empty if nothing is left of it."""
    whole = text
    if text.startswith("*."):
        text = WILDCARD + text[2:]
    text = text[: 4 * _LONGEST_NAME]
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    name = _NOT_IN_NAMES.sub("_", plain).rstrip("_").lstrip("-.")
    return _at_most(_LONGEST_NAME, name, whole)


def _at_most(size: int, name: str, whole: str | None = None) -> str:
    """``name`` in no more than ``size`` bytes. What is cut has a digest behind it, of ``whole`` or else of itself.

    So names that begin alike stay apart.
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
    """Whether resolvers take a name for the machine that they run on."""
    name = unicodedata.normalize("NFKC", name).lower().rstrip(".")
    if name in _LOCAL_NAMES or name.endswith(_LOCAL_DOMAINS):
        return True
    try:
        # The address may be written with fewer numbers, or in other bases: 127.1, 0, 0x7f000001.
        address = socket.inet_aton(name)
    except OSError:
        return False
    return address[0] == 127 or not any(address)


def _identity(host: Host) -> tuple[str, ...]:
    return (host.key, host.name, *(str(host.variables.get(fact)) for fact in ("project_id", "region")))


def _evaluated(host: Host, text: str, evaluate: Evaluate) -> Any:
    head = text.partition(".")[0]
    if _FACT_NAME.fullmatch(text) and head in host.variables:
        return attribute_at(host.variables, text, "hostnames")
    return evaluate(text, host.variables)


def _certificate_host(facts: Facts) -> Host:
    identity = facts["ssl_id"] or facts["ssl_name"] or "certificate"
    place = "_".join(filter(None, (identity, facts["region"], facts["project_id"])))
    return Host(identity, facts["ssl_id"] or place, facts, [facts])


def _domain_hosts(certificates: list[Facts], include_wildcards: bool) -> Iterator[Host]:
    by_domain: dict[str, list[tuple[bool, Facts]]] = {}
    for facts in certificates:
        is_default = any(binding["is_default"] for binding in facts["bindings"])
        for domain in facts["domains"]:
            if include_wildcards or not domain.startswith("*."):
                by_domain.setdefault(domain, []).append((is_default, facts))
    for domain, found in by_domain.items():
        served = _default_first(found)
        yield Host(domain, domain, {"domain": domain, "certificates": served}, served, {"domain": [domain]})


def _binding_hosts(certificates: list[Facts], hosts_are: str) -> Iterator[Host]:
    by_id: dict[str, list[tuple[Facts, Facts]]] = {}
    for facts in certificates:
        for binding in facts["bindings"]:
            identity = binding[f"{hosts_are}_id"]
            if identity is not None:
                by_id.setdefault(identity, []).append((binding, facts))
    for identity, found in by_id.items():
        served = _default_first([(bool(binding["is_default"]), facts) for binding, facts in found])
        variables = {**_variables(*found[0], hosts_are), "certificates": served}
        own = {name: [binding[f"{name}_id"] for binding, _facts in found] for name in ("load_balancer", "listener")}
        yield Host(identity, identity, variables, served, own)


def _variables(binding: Facts, facts: Facts, hosts_are: str) -> Facts:
    own = {name: value for name, value in binding.items() if name.startswith(("load_balancer_", f"{hosts_are}_"))}
    return {**own, "region": facts["region"], "project_id": facts["project_id"]}


def _default_first(found: list[tuple[bool, Facts]]) -> list[Facts]:
    """Each certificate once, those that are a default certificate first, and else in their order."""
    ordered = sorted(found, key=lambda item: not item[0])
    return list({id(facts): facts for _is_default, facts in ordered}.values())


def check_filters(rules: Iterable[Any]) -> None:
    """Refuse filters that are no rules.

    :raises OptionError: one has not exactly one of ``include`` and ``exclude``.
    """
    for rule in rules:
        if (
            not isinstance(rule, dict)
            or len(rule) != 1
            or not {"include", "exclude"}.issuperset(rule)
            or not all(isinstance(expression, (str, bool)) for expression in rule.values())
        ):
            raise OptionError(
                f"filters: {rule!r} is no rule", hint="Give each a single 'include' or 'exclude' with an expression."
            )
