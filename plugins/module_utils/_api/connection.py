# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach the API, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .errors import OptionError

DEFAULT_BASE_URL = "https://api.ucloud.cn/"


@dataclass(frozen=True)
class Connection:
    """Endpoint, credentials and manners of a client. Its ``repr`` holds no secret.

    ``timeout`` is in seconds, for connecting and for each read; ``max_retries`` counts the repetitions after
    the first try; ``concurrency`` is how many requests may be under way at once. ``total_timeout`` is in seconds, for
    all requests of a gathering together.
    """

    public_key: str
    private_key: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    base_url: str = DEFAULT_BASE_URL
    channel_key: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: int = 30
    max_retries: int = 5
    concurrency: int = 8
    total_timeout: int = 3600

    @property
    def endpoint(self) -> str:
        """Host and port, as messages name the endpoint."""
        return urlsplit(self.base_url).netloc

    @property
    def call_timeout(self) -> float:
        """Seconds after which a call has failed, its repetitions and waits included."""
        return float(self.timeout * (self.max_retries + 1))


def check_base_url(url: str) -> None:
    """Refuse what cannot be the address of an API endpoint.

    :raises OptionError: with the reason. A password inside the address is not repeated.
    """
    remedy = f"Give an address such as {DEFAULT_BASE_URL}."
    # Asked before the address is taken apart: a password with a colon or slash in it makes it unreadable.
    if "@" in url:
        raise OptionError(
            "base_url: the address has a user name or password in it",
            hint="Credentials go into public_key and private_key.",
        )
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise OptionError(f"base_url: {url!r} is not a URL: {error}", hint=remedy) from None
    if parts.scheme not in ("http", "https") or not host:
        raise OptionError(f"base_url: {url!r} is not an http:// or https:// address", hint=remedy)
    if parts.query or parts.fragment:
        raise OptionError(f"base_url: {url!r} has a query or fragment", hint=remedy)
