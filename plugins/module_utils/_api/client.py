# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: signs requests, sends them, retries them, and reads the responses of the API."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .connection import Connection
from .errors import ApiError, RateLimitedError, RequestContext, TransportError, UCloudError, api_error
from .messages import may_be_secret, without_secrets
from .redaction import may_hold_key
from .retry import LONGEST_WAIT, backoff_seconds, is_retryable
from .session import Response, Session
from .signing import flatten, sign
from .throttle import Throttle
from .values import integer, one_line, text

_REQUEST_ID = "X-UCLOUD-REQUEST-UUID"
_REQUEST_ID_FORM = re.compile("[A-Za-z0-9-]{1,64}")
_FAULT_HINT = "This is a fault of the endpoint, or of a gateway in front of it: try again later."
_RETRYABLE_STATUS = frozenset((500, 502, 503, 504))
_WITHHELD = "message withheld: it may contain a secret"
#: Characters of an unexpected response that an error quotes, and that are searched for secrets.
_EXCERPT, _SEARCHED = 120, 4096
#: Shorter secrets are not searched for, because they would match inside ordinary words.
_SHORTEST_SECRET = 6
#: The shortest run of characters that :mod:`messages` masks.
_SHORTEST_MASKED = 20


class Client:
    """Call actions of the API. Threads may share a client.

    Args:
        connection: Endpoint, credentials and transport settings.
        user_agent: Names this software to the platform.
        session: Sends a form; created from ``connection`` if it is not given.
        clock: Returns monotonic seconds.
        sleep: Waits for a number of seconds.
        uniform: Returns a random number between two limits.
    """

    def __init__(
        self,
        connection: Connection,
        user_agent: str,
        *,
        session: Session | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.connection = connection
        self._session = session or Session(connection, user_agent)
        self._clock = clock
        self._sleep = sleep
        self._uniform = uniform
        self._throttle = Throttle(connection.concurrency, clock, sleep)

    @property
    def throttle(self) -> Throttle:
        """The throttle that all requests of this client share."""
        return self._throttle

    def context(
        self, action: str, region: str | None = None, project_id: str | None = None, permission: str | None = None
    ) -> RequestContext:
        """Return the context of a request to this client's endpoint.

        Args:
            action: The action to call.
            region: The region to call it in.
            project_id: The project to call it in.
            permission: The IAM permission that the action needs, for an error message.
        """
        return RequestContext(action, self.connection.endpoint, region, project_id, permission)

    def call(self, context: RequestContext, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request and return the response, with its outer keys stripped of spaces.

        Retryable failures are retried up to ``max_retries`` times, within the connection's ``call_timeout``. Waiting
        for other requests of this client does not count towards it, because that is not the endpoint's fault.

        Raises:
            TransportError: There is no usable response.
            ApiError: The RetCode of the response is not 0.
        """
        form = self._form(context, parameters or {})
        give_up_at = self._clock() + self.connection.call_timeout
        failures, wait = 0, 0.0
        own_secrets = (self.connection.private_key, self.connection.security_token)
        while True:
            try:
                queued_at = self._clock()
                with self._throttle.slot():
                    # Extend the deadline by the time in the queue, except for the wait of this request's own retry.
                    give_up_at += max(0.0, self._clock() - queued_at - wait)
                    timeout = min(self.connection.timeout, max(give_up_at - self._clock(), 0.001))
                    content = read_response(self._session.post(form, timeout, context), context, own_secrets)
            except (ApiError, TransportError) as error:
                failures += 1
                wait = backoff_seconds(failures, error, self._uniform)
                wait = self._prepare_retry(error, failures, wait, give_up_at)
            else:
                self._throttle.speed_up()
                return content

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()

    def _form(self, context: RequestContext, parameters: Mapping[str, Any]) -> dict[str, str]:
        form = flatten(
            {
                "Action": context.action,
                "PublicKey": self.connection.public_key,
                "SecurityToken": self.connection.security_token,
                "Region": context.region,
                "ProjectId": context.project_id,
                **parameters,
            }
        )
        form["Signature"] = sign(form, self.connection.private_key)
        return form

    def _prepare_retry(self, error: UCloudError, failures: int, wait: float, give_up_at: float) -> float:
        """Prepare the next attempt, or raise ``error`` if there is none.

        Returns:
            The wait in seconds that the throttle still has to apply; 0 if this method has waited.
        """
        if not is_retryable(error):
            raise error
        if failures > self.connection.max_retries or self._clock() + wait >= give_up_at:
            if failures > 1:
                error.problem += f" (tried {failures} times)"
            raise error
        if isinstance(error, RateLimitedError):
            self._throttle.slow_down(wait)
            return wait
        self._sleep(wait)
        return 0.0


def read_response(
    response: Response, context: RequestContext, own_secrets: Iterable[str | None] = ()
) -> dict[str, Any]:
    """Read an HTTP response as a response of the API.

    Args:
        response: The HTTP response.
        context: The request, for errors.
        own_secrets: Secrets of this client, which no error quotes.

    Raises:
        TransportError: It is not a response of the API.
        ApiError: Its RetCode is not 0.
    """
    retry_after = _retry_after(response)
    secrets = tuple(secret for secret in own_secrets if secret and len(secret) >= _SHORTEST_SECRET)
    request_id = _request_id(response, secrets)
    if 300 <= response.status < 400:
        raise TransportError(
            f"the endpoint responded with a redirect (HTTP status {response.status}), which is never followed:"
            " it would send a signed request to another server",
            context,
            "Check base_url.",
            retryable=False,
        )
    content = _json_object(response.body)
    code = integer(content.get("RetCode")) if content is not None else None
    if content is not None and code:
        raise api_error(context, code, _message(text(content.get("Message")) or "", secrets), request_id, retry_after)
    if response.status == 429:
        raise RateLimitedError(context, None, "too many requests", request_id, retry_after=retry_after)
    if response.status >= 400:
        raise TransportError(
            f"HTTP status {response.status}{_excerpt(response.body, secrets)}",
            context,
            _FAULT_HINT if response.status in _RETRYABLE_STATUS else "Check base_url.",
            retryable=response.status in _RETRYABLE_STATUS,
            retry_after=retry_after,
        )
    if content is None or code is None:
        raise TransportError(
            f"this is not a response of the UCloud API (HTTP status {response.status}"
            f"{_excerpt(response.body, secrets)})",
            context,
            "Check base_url.",
            retryable=False,
        )
    return content


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    # An example in the reference has a key with a trailing space.
    return {key.strip(): value for key, value in content.items()} if isinstance(content, dict) else None


def _retry_after(response: Response) -> float | None:
    """Return the wait in seconds that the server requests. This API does not use the form with a date."""
    requested = response.headers.get("Retry-After", "")
    return min(float(requested), LONGEST_WAIT) if requested.isascii() and requested.isdigit() else None


def _request_id(response: Response, secrets: tuple[str, ...]) -> str | None:
    """Return the platform's id of the request; ``None`` if it does not look like one."""
    found = str(response.headers.get(_REQUEST_ID, ""))
    if not _REQUEST_ID_FORM.fullmatch(found) or may_hold_key(found) or any(secret in found for secret in secrets):
        return None
    return found


def _message(message: str, secrets: tuple[str, ...]) -> str:
    """Return the platform's message without what may be secret."""
    shown = _without_secrets(message, secrets)
    return _WITHHELD if shown is None else one_line(shown)


def _excerpt(body: bytes, secrets: tuple[str, ...]) -> str:
    """Return the beginning of an unexpected response, which shows who sent it; nothing if it may contain secrets."""
    whole = body.decode("utf-8", "replace")
    if not whole.strip():
        return ", empty"
    shown = _without_secrets(whole, secrets)
    return "" if shown is None else f", beginning with {one_line(shown)[:_EXCERPT]!r}"


def _without_secrets(string: str, secrets: tuple[str, ...]) -> str | None:
    """Return the beginning of a text with secrets masked; ``None`` if it must not be shown."""
    shown = None if may_be_secret(string) else without_secrets(string[:_SEARCHED], secrets)
    # The end may be the first characters of a secret that was cut, which are too few to look like one.
    return shown[:-_SHORTEST_MASKED] if shown and len(string) > _SEARCHED else shown
