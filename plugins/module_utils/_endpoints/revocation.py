# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find out by CRLs whether what endpoints serve is revoked.

The URLs of CRLs are in the certificates, and thus chosen by whoever issued them. Therefore only certificates with a
path to a trusted root count, so that a server cannot make this machine send requests. Each URL is requested once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from .._api.errors import MissingLibraryError, RequestContext, TransportError
from .._api.session import download
from .._api.values import printable
from .._api.workers import Workers
from .._certificates.crypto import RevocationList
from .._certificates.revocation import Status, read_status
from .._certificates.times import iso8601
from .._certificates.x509 import Parsed

NONE, CRL = "none", "crl"
METHODS = (NONE, CRL)
#: Seconds for one CRL, for the connection to its server, and for all of them.
SECONDS, _CONNECTING, TOTAL_SECONDS = 60, 10, 300
#: Maximum number of requests at the same time, and of URLs of one certificate that are tried.
_CONCURRENCY, _MAX_URLS = 8, 3
_NO_PATH = "no CRL was requested, because no path to a trusted root was found"
_IS_ROOT = "it is a root itself, and there are no CRLs about roots"

Path = tuple[Parsed, ...]


def facts_of(paths: Iterable[Path | None], now: int, user_agent: str) -> list[dict[str, Any] | None]:
    """Return the fact ``revocation`` for each path from a certificate to a root; ``None`` where nothing was served.

    Args:
        paths: The paths. Empty ones are those of certificates without a known path.
        now: The time in seconds since 1970.
        user_agent: The User-Agent header of requests.

    Raises:
        UCloudError: The run of Ansible to which this process belongs has ended.
    """
    wanted = list(paths)
    lists = _Lists(user_agent)
    pairs = {_key(*pair): pair for path in wanted if path for pair in zip(path, path[1:])}
    statuses: dict[tuple[str, str], Status] = {}
    with Workers(_CONCURRENCY, SECONDS, total_limit=TOTAL_SECONDS) as workers:
        for key, pair in pairs.items():
            workers.submit(key, RequestContext("CRL", "its server"), partial(_status, *pair, lists, now))
        for outcome in workers.outcomes():
            error = outcome.error
            if isinstance(error, TransportError):
                statuses[outcome.key] = Status(None, f"its CRL was not received: {error.problem}")
            elif error is not None:
                # A defect must not discard what is known about all other endpoints.
                statuses[outcome.key] = Status(None, f"unexpected {type(error).__name__}: {error}")
            else:
                statuses[outcome.key] = outcome.value
    return [None if path is None else _facts(path, statuses, now) for path in wanted]


class _Lists:
    """Downloads each CRL once. Threads share it."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        self._lock = Lock()
        self._locks: dict[str, Lock] = {}
        self._found: dict[str, RevocationList | str] = {}

    def get(self, url: str) -> RevocationList | str:
        """Return the CRL of a URL, or why there is none."""
        with self._lock:
            lock = self._locks.setdefault(url, Lock())
        with lock:
            if url not in self._found:
                self._found[url] = self._read(url)
            return self._found[url]

    def _read(self, url: str) -> RevocationList | str:
        try:
            response = download(url, _CONNECTING, RequestContext("CRL", "its server"), self._user_agent)
        except (TransportError, MissingLibraryError) as error:
            return f"its CRL was not received: {error.problem}"
        if response.status != 200:
            return f"its CRL was not received: HTTP status {response.status}"
        try:
            return RevocationList(response.body)
        except ValueError as error:
            return f"its CRL cannot be used: {error}"


def _status(certificate: Parsed, issuer: Parsed, lists: _Lists, now: int) -> Status:
    """Return the status of a certificate by the first of its CRLs that decides."""
    if certificate.crl_urls is None:
        return Status(None, "the URLs of its CRLs cannot be read")
    urls = [url for url in certificate.crl_urls if _is_http(url)]
    if not urls:
        return Status(None, "it names no CRL with an http URL")
    status = Status(None)
    for url in urls[:_MAX_URLS]:
        found = lists.get(url)
        if isinstance(found, RevocationList):
            status = read_status(certificate, issuer, found, url, now)
        else:
            status = Status(None, found, url=url)
        if status.revoked is not None:
            break
    return status


def _key(certificate: Parsed, issuer: Parsed) -> tuple[str, str]:
    return certificate.fingerprint, issuer.fingerprint


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() == "http" and bool(parts.hostname)
    except ValueError:
        return False


def _facts(path: Path, statuses: dict[tuple[str, str], Status], now: int) -> dict[str, Any]:
    """Return the fact of a path: revoked if one of its certificates is, and not revoked if none of them is."""
    found = [(item, statuses[_key(item, issuer)]) for item, issuer in zip(path, path[1:])]
    nothing = (None, Status(None, _IS_ROOT if path else _NO_PATH))
    certificate, status = min(found, key=lambda pair: (True, None, False).index(pair[1].revoked), default=nothing)
    reason = status.reason
    if certificate is not None and certificate is not path[0] and status.revoked is not False:
        name = certificate.subject.common_name if certificate.subject else None
        reason = f"its CA {name or certificate.fingerprint[:16]}{': ' if reason else ''}{reason or ''}"
    return {
        "revoked": status.revoked,
        "reason": printable(reason) if reason else None,
        "revoked_at": iso8601(status.revoked_at),
        "crl_url": printable(status.url) if status.url else None,
        "next_update": iso8601(status.next_update),
        "checked_at": iso8601(now),
    }
