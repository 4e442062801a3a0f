# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listeners and certificates -> the endpoints to probe, and what each should serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..module_utils._api.errors import OptionError
from ..module_utils._api.summaries import some_of
from ..module_utils._api.values import HIGHEST_PORT
from ..module_utils._certificates import domains
from ..module_utils._listeners.kinds import HTTPS, WITHOUT_TLS

NETWORKS = ("internet", "intranet")
_HINT = "Give the result of ucloud.ulb.ssl_info with listeners=true, or its certificates."


class Endpoints(NamedTuple):
    """Endpoints as the module ``ssl_endpoint_info`` takes them, and warnings."""

    endpoints: list[dict[str, Any]]
    warnings: list[str]


class _Identity(NamedTuple):
    """A listener, as in all facts about it."""

    project_id: str | None
    region: str | None
    load_balancer_id: str | None
    listener_id: str | None

    def __str__(self) -> str:
        return f"{self.listener_id} in {self.region}"


@dataclass(frozen=True)
class _Certificate:
    """A certificate that a listener may serve. Unknown values are ``None``."""

    fingerprint: str | None
    names: tuple[str, ...] | None
    is_default: bool | None


@dataclass(frozen=True)
class _Listener:
    """A listener that terminates TLS, or may. Unknown values are ``None``."""

    identity: _Identity
    protocol: str | None
    port: int | None
    addresses: tuple[str, ...] | None
    certificates: tuple[_Certificate, ...] | None

    @property
    def is_known(self) -> bool:
        """Whether it is known what to connect to."""
        return self.protocol == HTTPS and self.port is not None and self.addresses is not None


def endpoints_of(data: Any, networks: Any = None, wildcard_label: Any = "www") -> Endpoints:
    """Return the endpoints of all HTTPS listeners.

    Args:
        data: The result of ``ssl_info`` with listeners, or its certificates.
        networks: The networks of the addresses, of :data:`NETWORKS`. An address whose network is unknown is in all.
        wildcard_label: The first label of the name that stands for a wildcard.

    Raises:
        OptionError: A value is not valid.
    """
    wanted = _networks(networks)
    if not _is_label(wildcard_label):
        raise OptionError(f"wildcard_label: {wildcard_label!r} is not a label", hint="Give one such as www.")
    listeners = list(_listeners(data, wanted))
    left_out = [str(item.identity) for item in listeners if not item.is_known]
    warnings = []
    if left_out:
        named = some_of(left_out, len(left_out))
        warnings = [
            f"{len(left_out)} listener(s) are left out, because their protocol, address or port is unknown: {named}."
        ]
    found = [endpoint for item in listeners if item.is_known for endpoint in _endpoints(item, wildcard_label)]
    return Endpoints(found, warnings)


def _networks(networks: Any) -> tuple[str, ...]:
    if networks is None:
        return ("internet",)
    values = [networks] if isinstance(networks, str) else networks
    if not isinstance(values, (list, tuple)) or not values or not all(value in NETWORKS for value in values):
        raise OptionError(f"networks: {networks!r} is not valid", hint=f"Give a list of: {', '.join(NETWORKS)}.")
    return tuple(values)


def _is_label(value: Any) -> bool:
    return isinstance(value, str) and "." not in value and "*" not in value and domains.is_domain(f"{value}.example")


def _listeners(data: Any, networks: tuple[str, ...]) -> Iterator[_Listener]:
    certificates = data.get("certificates") if isinstance(data, Mapping) else data
    if not isinstance(certificates, (list, tuple)) or not all(isinstance(item, Mapping) for item in certificates):
        raise OptionError("certificates: not a list of certificate facts", hint=_HINT)
    listeners = data.get("listeners") if isinstance(data, Mapping) else None
    if isinstance(listeners, (list, tuple)):
        yield from _of_listeners(listeners, certificates, networks)
    else:
        yield from _of_bindings(certificates, networks)


def _of_listeners(
    listeners: Iterable[Any], certificates: Iterable[Mapping[str, Any]], networks: tuple[str, ...]
) -> Iterator[_Listener]:
    known = {(*_scope(item), item.get("ssl_id")): item for item in certificates if _text(item.get("ssl_id"))}
    for facts in listeners:
        if not isinstance(facts, Mapping):
            raise OptionError("listeners: not a list of listener facts", hint=_HINT)
        if _protocol(facts) in WITHOUT_TLS:
            continue
        used = _mappings(facts.get("certificates"))
        yield _listener(
            facts,
            facts,
            networks,
            None
            if used is None
            else [_certificate(known.get((*_scope(facts), _text(item.get("ssl_id")))), item) for item in used],
        )


def _of_bindings(certificates: Iterable[Mapping[str, Any]], networks: tuple[str, ...]) -> Iterator[_Listener]:
    """Yield the listeners in the bindings of certificates, with those of the certificates that are given."""
    found: dict[_Identity, list[_Certificate]] = {}
    first: dict[_Identity, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for facts in certificates:
        for binding in _mappings(facts.get("bindings")) or ():
            if _protocol(binding) not in WITHOUT_TLS:
                identity = _identity(facts, binding)
                first.setdefault(identity, (facts, binding))
                found.setdefault(identity, []).append(_certificate(facts, binding))
    if first and all(binding.get("addresses") is None for _facts, binding in first.values()):
        raise OptionError("certificates: their bindings have no addresses", hint=_HINT)
    for identity, (facts, binding) in first.items():
        yield _listener(facts, binding, networks, found[identity])


def _listener(
    scope: Mapping[str, Any],
    facts: Mapping[str, Any],
    networks: tuple[str, ...],
    certificates: list[_Certificate] | None,
) -> _Listener:
    port = facts.get("port")
    is_port = isinstance(port, int) and not isinstance(port, bool) and 0 < port <= HIGHEST_PORT
    return _Listener(
        _identity(scope, facts),
        # If it is unknown: only HTTPS listeners have certificates.
        _protocol(facts) or (HTTPS if certificates else None),
        port if is_port else None,
        _addresses(facts.get("addresses"), networks),
        None if certificates is None else tuple(certificates),
    )


def _endpoints(listener: _Listener, wildcard_label: str) -> Iterator[dict[str, Any]]:
    expected: dict[str | None, list[str] | None] = {None: _by_default(listener.certificates)}
    by_pattern = _by_pattern(listener.certificates or ())
    unread = [item for item in listener.certificates or () if item.names is None]
    for pattern in by_pattern:
        name = pattern.replace("*", wildcard_label, 1)
        if domains.is_domain(name) and name not in expected:
            covering = by_pattern.get(name, []) + by_pattern.get(domains.wildcard_of(name) or "", [])
            expected[name] = _fingerprints([*covering, *unread])
    for address in listener.addresses or ():
        for server_name, fingerprints in expected.items():
            yield {
                "address": address,
                "port": listener.port,
                "server_name": server_name,
                "expected_fingerprints": fingerprints,
                **listener.identity._asdict(),
            }


def _by_pattern(certificates: Iterable[_Certificate]) -> dict[str, list[_Certificate]]:
    found: dict[str, list[_Certificate]] = {}
    for item in certificates:
        for name in item.names or ():
            if domains.is_usable(name):
                found.setdefault(name, []).append(item)
    return found


def _by_default(certificates: tuple[_Certificate, ...] | None) -> list[str] | None:
    """Return the certificates that clients may get that do not ask for a name; ``None`` if unknown."""
    if not certificates:
        return None if certificates is None else []
    defaults = [item for item in certificates if item.is_default]
    possible = defaults or [item for item in certificates if item.is_default is None]
    return _fingerprints(possible) if possible else None


def _fingerprints(certificates: Iterable[_Certificate]) -> list[str] | None:
    """Return fingerprints, each once; ``None`` if one is unknown, because then any certificate may be right."""
    found = [item.fingerprint for item in certificates]
    return None if None in found else list(dict.fromkeys(filter(None, found)))


def _certificate(facts: Mapping[str, Any] | None, use: Mapping[str, Any]) -> _Certificate:
    """Read a certificate; ``use`` is how a listener uses it."""
    is_default = use.get("is_default")
    known = facts or {}
    names = known.get("domains")
    is_read = known.get("domains_from") != "api" and isinstance(names, list)
    x509 = _mapping(known.get("x509"))
    return _Certificate(
        _text(_mapping(x509.get("fingerprints")).get("sha256")),
        tuple(filter(None, map(_text, names or ()))) if is_read and x509 else None,
        is_default if isinstance(is_default, bool) else None,
    )


def _addresses(value: Any, networks: tuple[str, ...]) -> tuple[str, ...] | None:
    rows = _mappings(value)
    if rows is None:
        return None
    wanted = [row for row in rows if row.get("network") in networks or row.get("network") is None]
    found = [domains.ip_address(_text(row.get("address")) or "") for row in wanted]
    return None if None in found else tuple(filter(None, found))


def _identity(scope: Mapping[str, Any], facts: Mapping[str, Any]) -> _Identity:
    return _Identity(*_scope(scope), _text(facts.get("load_balancer_id")), _text(facts.get("listener_id")))


def _scope(facts: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return _text(facts.get("project_id")), _text(facts.get("region"))


def _protocol(facts: Mapping[str, Any]) -> str | None:
    return (_text(facts.get("protocol")) or "").upper() or None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]] | None:
    """Return a list of objects; ``None`` for anything else."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, Mapping) for item in value):
        return None
    return list(value)
