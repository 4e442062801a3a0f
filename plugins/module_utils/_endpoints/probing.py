# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Probe endpoints concurrently: connect, make a handshake, and return what was served as facts.

Whatever an endpoint does is a fact about it, never an exception, and takes a limited time.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from .._api.errors import RequestContext
from .._api.values import printable
from .._api.workers import Workers
from .._certificates.content import Trust
from .._certificates.trust import TrustStore
from . import revocation
from .client_settings import VERSIONS, ClientSettings
from .connecting import connect
from .failures import LOCAL, TRANSIENT, Deadline, ProbeError
from .handshake import Handshake, HandshakeError, ask_for, shake_hands
from .old_versions import CODES
from .query import Endpoint, ProbeQuery
from .served import Served, ServedReader

T = TypeVar("T")
#: What is done with a connection before a deadline.
Exchange = Callable[[socket.socket, Deadline], T]


@dataclass(frozen=True)
class Attempt(Generic[T]):
    """The last attempt of an exchange with an endpoint: either ``result`` or ``error`` is set.

    Attributes:
        ip_address: The address that accepted the connection.
        seconds: How long it took.
    """

    result: T | None
    error: ProbeError | None
    ip_address: str | None
    seconds: float


class Probed(NamedTuple):
    """The facts of an endpoint, and the path from its certificate to a root; ``None`` if it served none."""

    facts: dict[str, Any]
    path: revocation.Path | None = None


def probe_all(
    query: ProbeQuery, now: int, store: TrustStore | None = None, user_agent: str = ""
) -> list[dict[str, Any]]:
    """Return the facts of all endpoints, in their order.

    Args:
        query: What to probe.
        now: The time in seconds since 1970.
        store: The roots to verify trust by; ``None`` not to verify it.
        user_agent: The User-Agent header of requests for CRLs.

    Raises:
        UCloudError: The run of Ansible to which this process belongs has ended.
    """
    settings = ClientSettings(each_version=query.tls_versions)
    reader = ServedReader(Trust(store, now) if store else None)
    results = [Probed({}) for _endpoint in query.endpoints]
    # Each call ends at its own deadline.
    with Workers(query.concurrency, time_limit=_longest(query)) as workers:
        for number, endpoint in enumerate(query.endpoints):
            context = RequestContext("TLS handshake", f"{endpoint.address}:{endpoint.port}")
            workers.submit(number, context, partial(probe, endpoint, query, settings, reader, now))
        for outcome in workers.outcomes():
            probed = outcome.value
            if outcome.error is not None:
                # A defect must not discard what is known about all other endpoints.
                message = f"unexpected {type(outcome.error).__name__}: {outcome.error}"
                failed: Attempt[Handshake] = Attempt(None, ProbeError(LOCAL, message), None, 0)
                probed = Probed(_facts(query.endpoints[outcome.key], failed, now))
            results[outcome.key] = probed
    if query.revocation == revocation.CRL:
        found = revocation.facts_of((probed.path for probed in results), now, user_agent)
        for probed, fact in zip(results, found):
            probed.facts["revocation"] = fact
    return [probed.facts for probed in results]


def probe(endpoint: Endpoint, query: ProbeQuery, settings: ClientSettings, reader: ServedReader, now: int) -> Probed:
    """Return the facts of one endpoint at the time ``now``, without revocation."""
    attempt = _shake_hands(endpoint, query, settings.all_versions)
    if attempt.result is None:
        return Probed(_facts(endpoint, attempt, now))
    served = reader.read(attempt.result.certificates, is_whole=attempt.result.is_whole)
    versions = _versions(endpoint, query, settings, attempt.result) if query.tls_versions else None
    return Probed(_facts(endpoint, attempt, now, served, versions), served.path)


def _longest(query: ProbeQuery) -> float:
    """Return the maximum number of seconds for an endpoint, with some more for a busy machine."""
    handshakes = 1 + (len(VERSIONS) + len(CODES)) * query.tls_versions
    return handshakes * (query.retries + 1) * query.timeout + 60


def _versions(
    endpoint: Endpoint, query: ProbeQuery, settings: ClientSettings, first: Handshake
) -> dict[str, bool | None]:
    """Return for each version of TLS whether the endpoint offers it; ``None`` if that is unknown."""
    return {
        name: True if name == first.version else _offers(endpoint, query, name, context)
        for name, context in settings.by_version.items()
    }


def _offers(endpoint: Endpoint, query: ProbeQuery, version: str, context: ssl.SSLContext | None) -> bool | None:
    if context is None:
        return _offers_without_openssl(endpoint, query, version) if version in CODES else None
    attempt = _shake_hands(endpoint, query, context)
    if attempt.error is None:
        return True
    if _refuses_ciphers(attempt.error) and version in CODES:
        return _offers_without_openssl(endpoint, query, version)
    return _verdict_of(attempt.error)


def _offers_without_openssl(endpoint: Endpoint, query: ProbeQuery, version: str) -> bool | None:
    """Whether it offers an old version, also with cipher suites that the OpenSSL of this machine does not have."""
    attempt = _persist(
        endpoint, query, lambda connection, deadline: ask_for(connection, version, endpoint.sent_name, deadline)
    )
    return attempt.result if attempt.error is None else _verdict_of(attempt.error)


def _refuses_ciphers(error: ProbeError | None) -> bool:
    return isinstance(error, HandshakeError) and error.refuses_ciphers


def _verdict_of(error: ProbeError | None) -> bool | None:
    """Return that a version is not offered, if the server said so. A reset or timeout may have another reason."""
    is_refused = isinstance(error, HandshakeError) and (error.refuses_version or error.refuses_ciphers)
    return False if is_refused else None


def _shake_hands(endpoint: Endpoint, query: ProbeQuery, context: ssl.SSLContext) -> Attempt[Handshake]:
    return _persist(
        endpoint, query, lambda connection, deadline: shake_hands(connection, context, endpoint.sent_name, deadline)
    )


def _persist(endpoint: Endpoint, query: ProbeQuery, exchange: Exchange[T]) -> Attempt[T]:
    """Try until an exchange succeeds, or fails for a reason that will not change."""
    attempt = _try(endpoint, query, exchange)
    for _retry in range(query.retries):
        if attempt.error is None or attempt.error.kind not in TRANSIENT:
            break
        attempt = _try(endpoint, query, exchange)
    return attempt


def _try(endpoint: Endpoint, query: ProbeQuery, exchange: Exchange[T]) -> Attempt[T]:
    deadline = Deadline(query.timeout)
    peer: str | None = None
    try:
        with connect(endpoint.address, endpoint.port, deadline, query.source_address) as connection:
            peer = _peer(connection)
            result = exchange(connection, deadline)
    except ProbeError as error:
        return Attempt(None, error, peer, deadline.elapsed)
    return Attempt(result, None, peer, deadline.elapsed)


def _peer(connection: socket.socket) -> str | None:
    try:
        return str(connection.getpeername()[0])
    except OSError:  # it has been reset already
        return None


def _facts(
    endpoint: Endpoint,
    attempt: Attempt[Handshake],
    now: int,
    served: Served | None = None,
    versions: dict[str, bool | None] | None = None,
) -> dict[str, Any]:
    handshake, error, known = attempt.result, attempt.error, served or Served()
    return {
        **endpoint.to_facts(),
        "ip_address": attempt.ip_address,
        "reachable": handshake is not None,
        "error": error.kind if error else None,
        "error_message": printable(error.message) if error else None,
        "duration_ms": round(attempt.seconds * 1000),
        "tls_version": handshake.version if handshake else None,
        "cipher": handshake.cipher if handshake else None,
        "alpn": handshake.alpn if handshake else None,
        "tls_versions": versions,
        "covers_server_name": known.covers(endpoint.server_name),
        "matches_expected": _matches(known.fingerprint, endpoint.expected),
        **known.to_facts(now),
        "revocation": None,
    }


def _matches(fingerprint: str | None, expected: Sequence[str] | None) -> bool | None:
    return None if fingerprint is None or expected is None else fingerprint in expected
