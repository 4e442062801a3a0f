# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a connection to the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .errors import OptionError

DEFAULT_BASE_URL = "https://api.ucloud.cn/"


@dataclass(frozen=True)
class Connection:
    """Endpoint, credentials and transport settings of a client. Its ``repr`` shows no secret.

    Attributes:
        timeout: Seconds for connecting and for each read.
        max_retries: How often a request is sent again after the first attempt.
        concurrency: Maximum number of requests in flight.
        total_timeout: Seconds for all requests of a listing together.
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
        """Host and port of the endpoint, for messages."""
        return urlsplit(self.base_url).netloc

    @property
    def call_timeout(self) -> float:
        """Seconds after which a call fails, including its retries and the waits between them."""
        return float(self.timeout * (self.max_retries + 1))


def check_base_url(url: str) -> None:
    """Check that a URL can be the address of an API endpoint.

    Raises:
        OptionError: It cannot. A password in the URL is not repeated.
    """
    remedy = f"Give a URL such as {DEFAULT_BASE_URL}."
    # Checked before the URL is parsed, because a colon or slash in a password makes it invalid.
    if "@" in url:
        raise OptionError(
            "base_url: the URL contains a user name or password",
            hint="Set public_key and private_key instead.",
        )
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise OptionError(f"base_url: {url!r} is not a URL: {error}", hint=remedy) from None
    if parts.scheme not in ("http", "https") or not host:
        raise OptionError(f"base_url: {url!r} is not an http:// or https:// URL", hint=remedy)
    if parts.query or parts.fragment:
        raise OptionError(f"base_url: {url!r} has a query or fragment", hint=remedy)
