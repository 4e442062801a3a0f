# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The signed client: sign, send, read RetCode, repeat what may be repeated."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .connection import Connection
from .errors import ApiError, RateLimitedError, RequestContext, TransportError, UCloudError, api_error
from .redaction import may_hold_key, without_secrets
from .retry import LONGEST_WAIT, backoff_seconds, is_retryable
from .session import Response, Session
from .signing import flatten, sign
from .throttle import Throttle
from .values import integer, may_be_secret, one_line, text

_REQUEST_ID = "X-UCLOUD-REQUEST-UUID"
_BUSY_STATUS = frozenset((500, 502, 503, 504))
_REQUEST_ID_FORM = re.compile("[A-Za-z0-9-]{1,64}")
_NOT_SHOWN = "the message is not shown, for it may hold what is secret"
#: Characters of a foreign answer that are shown, and that are looked at for it.
_EXCERPT, _LOOKED_AT = 120, 4096
_SHORTEST_SECRET = 6
#: Characters in a row that are masked.
_SHORTEST_MASKED = 20


class Client:
    """Calls actions of the API. Safe for use by many threads.

    :param connection: endpoint, credentials and manners.
    :param user_agent: names the software to the platform.
    :param session: sends a form; made from ``connection`` if it is not given.
    :param clock: monotonic seconds.
    :param sleep: waits for so many seconds.
    :param uniform: a random number between two bounds.
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
        """Where its requests wait for each other."""
        return self._throttle

    def context(self, action: str, region: str | None = None, project_id: str | None = None) -> RequestContext:
        """Name a call: what to ask for, and where."""
        return RequestContext(action, self.connection.endpoint, region, project_id)

    def call(self, context: RequestContext, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Make a call and return its answer, the outer keys stripped of blanks.

        A failure that may pass is repeated up to ``max_retries`` times, within the connection's deadline. To wait for
        other requests of this client is no part of that: it is not the endpoint that is slow then.

        :raises TransportError: no usable answer.
        :raises ApiError: the API answered with a RetCode other than 0.
        """
        form = self._form(context, parameters or {})
        give_up_at = self._clock() + self.connection.call_timeout
        failures, wait = 0, 0.0
        own = (self.connection.private_key, self.connection.security_token)
        while True:
            try:
                asked_at = self._clock()
                with self._throttle.slot():
                    give_up_at += max(0.0, self._clock() - asked_at - wait)
                    timeout = min(self.connection.timeout, max(give_up_at - self._clock(), 0.001))
                    answer = read_response(self._session.post(form, timeout, context), context, own)
            except (ApiError, TransportError) as error:
                failures += 1
                wait = backoff_seconds(failures, error, self._uniform)
                wait = self._prepare_repetition(error, failures, wait, give_up_at)
            else:
                self._throttle.speed_up()
                return answer

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

    def _prepare_repetition(self, error: UCloudError, failures: int, wait: float, give_up_at: float) -> float:
        """Wait for the next try, or raise ``error`` if there is none. What is left to the throttle is returned."""
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


def read_response(answer: Response, context: RequestContext, own: Iterable[str | None] = ()) -> dict[str, Any]:
    """Read what came over the wire as an answer of the API.

    :param own: secrets of this client, which no error quotes.
    :raises TransportError: it is none.
    :raises ApiError: its RetCode is not 0.
    """
    retry_after = _retry_after(answer)
    # One that is shorter would stand in the middle of words.
    secrets = tuple(secret for secret in own if secret and len(secret) >= _SHORTEST_SECRET)
    request_id = _request_id(answer, secrets)
    if 300 <= answer.status < 400:
        raise TransportError(
            f"the endpoint answered with a redirect (HTTP status {answer.status}), which is never followed:"
            " it would hand a signed request to somebody else",
            context,
            "Check base_url.",
            retryable=False,
        )
    content = _json_object(answer.body)
    code = integer(content.get("RetCode")) if content is not None else None
    if content is not None and code:
        raise api_error(context, code, _message(text(content.get("Message")) or "", secrets), request_id, retry_after)
    if answer.status == 429:
        raise RateLimitedError(context, None, "too many requests", request_id, retry_after=retry_after)
    if answer.status >= 400:
        raise TransportError(
            f"HTTP status {answer.status}{_excerpt(answer.body, secrets)}",
            context,
            "Check base_url." if answer.status < 500 else None,
            retryable=answer.status in _BUSY_STATUS,
            retry_after=retry_after,
        )
    if content is None or code is None:
        raise TransportError(
            f"the answer is not one of the UCloud API (HTTP status {answer.status}{_excerpt(answer.body, secrets)})",
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
    # One of the reference's own examples has a blank behind a key.
    return {key.strip(): value for key, value in content.items()} if isinstance(content, dict) else None


def _retry_after(answer: Response) -> float | None:
    """The wait in seconds that a server asked for; the form with a date is not in use by this API."""
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_WAIT) if asked.isascii() and asked.isdigit() else None


def _request_id(answer: Response, own: tuple[str, ...]) -> str | None:
    """The platform's name for a request; ``None`` for what has not the form of one."""
    found = str(answer.headers.get(_REQUEST_ID, ""))
    if not _REQUEST_ID_FORM.fullmatch(found) or may_hold_key(found) or any(secret in found for secret in own):
        return None
    return found


def _message(message: str, own: tuple[str, ...]) -> str:
    """The platform's words without what may be secret."""
    shown = _without_secrets(message, own)
    return _NOT_SHOWN if shown is None else one_line(shown)


def _excerpt(body: bytes, own: tuple[str, ...]) -> str:
    """The beginning of a foreign answer, to show who answered; nothing of one that may hold what is secret."""
    whole = body.decode("utf-8", "replace")
    if not whole.strip():
        return ", empty"
    shown = _without_secrets(whole, own)
    return "" if shown is None else f", beginning with {one_line(shown)[:_EXCERPT]!r}"


def _without_secrets(text: str, own: tuple[str, ...]) -> str | None:
    """The beginning of a text with what may be secret masked; ``None`` for what must not be shown."""
    shown = None if may_be_secret(text) else without_secrets(text[:_LOOKED_AT], own)
    # What is cut off at the end may be the beginning of a secret, and too short to look like one.
    return shown[:-_SHORTEST_MASKED] if shown and len(text) > _LOOKED_AT else shown
