# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exceptions of this collection.

A message says what was requested and where, what went wrong, and what to try. It never contains a signature, a key or
the body of a request. Invisible characters are replaced.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any

from .values import printable


@dataclass(frozen=True)
class RequestContext:
    """What was requested of the API, and where. It identifies the request and contains nothing secret.

    Attributes:
        action: The action of the API.
        endpoint: Host and port.
        region: The region, if the request has one.
        project_id: The project, if the request has one.
        permission: The IAM permission that the action needs, if that is known.
    """

    action: str
    endpoint: str
    region: str | None = None
    project_id: str | None = None
    permission: str | None = None

    def __str__(self) -> str:
        scope = [f"region {self.region}"] if self.region else []
        scope += [f"project {self.project_id}"] if self.project_id else []
        where = f" in {' and '.join(scope)}" if scope else ""
        return f"{self.action}{where} at {self.endpoint}"


class UCloudError(Exception):
    """Base class of all errors that this collection raises.

    Args:
        problem: What went wrong, as a sentence without the final full stop.
        context: What was requested; ``None`` if no request was sent.
        hint: What to try, as a complete sentence.
    """

    def __init__(self, problem: str, context: RequestContext | None = None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.context = context
        self.hint = hint

    def describe(self) -> str:
        """Return the complete message."""
        where = f"{self.context}: " if self.context else ""
        hint = f" {self.hint}" if self.hint else ""
        return printable(f"{where}{self.problem}.{hint}")

    __str__ = describe

    def to_facts(self) -> dict[str, Any]:
        """Return the error for the result of a task: region, project_id, code, message, request_id."""
        return {
            "region": self.context.region if self.context else None,
            "project_id": self.context.project_id if self.context else None,
            "code": None,
            "message": self.describe(),
            "request_id": None,
        }


class OptionError(UCloudError):
    """An option has an invalid value. The problem begins with the name of the option."""


class MissingLibraryError(UCloudError):
    """A Python library is missing; ``library`` and ``reason`` are for Ansible's own message about it."""

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(
            f"the Python library {library} is not installed",
            hint=f"Install it for the Python that runs this plugin: python -m pip install {library}",
        )
        self.library = library
        self.reason = reason


class TransportError(UCloudError):
    """There is no usable response, because of the connection, a timeout, TLS, the HTTP status or the body.

    Attributes:
        retryable: Whether the same request may succeed later.
        retry_after: The wait in seconds that the server requests.
        is_silence: Whether not even the beginning of a response arrived.
    """

    def __init__(
        self,
        problem: str,
        context: RequestContext,
        hint: str | None = None,
        *,
        retryable: bool,
        retry_after: float | None = None,
        is_silence: bool = False,
    ) -> None:
        super().__init__(problem, context, hint)
        self.is_silence = is_silence
        self.retryable = retryable
        self.retry_after = retry_after


class ApiError(UCloudError):
    """The RetCode of the response is not 0.

    Attributes:
        code: The RetCode; ``None`` if there is only an HTTP status.
        message: The platform's message.
        request_id: The value of the header X-UCLOUD-REQUEST-UUID.
        retry_after: The wait in seconds that the server requests.
    """

    def __init__(
        self,
        context: RequestContext,
        code: int | None,
        message: str,
        request_id: str | None = None,
        *,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        identity = f", request {request_id}" if request_id else ""
        said = f"RetCode {code}{identity}" if code is not None else f"HTTP status 429{identity}"
        super().__init__(f"{message or 'no message'} ({said})", context, hint)
        self.code = code
        self.message = message
        self.request_id = request_id
        self.retry_after = retry_after

    def to_facts(self) -> dict[str, Any]:
        """Return the error for the result of a task, with the platform's code and request id."""
        return {**super().to_facts(), "code": self.code, "request_id": self.request_id}


class AuthenticationError(ApiError):
    """The platform rejected the credentials. It would do so in every region and project."""


class PermissionDeniedError(ApiError):
    """The credentials are valid, but not for this project, region, address or action."""


class RateLimitedError(ApiError):
    """Too many requests: RetCode 153 or HTTP status 429."""


class IncompleteListingError(UCloudError):
    """A listing is inconsistent or incomplete."""


_HINTS = {
    160: "Check base_url: it does not seem to be a UCloud API endpoint.",
    161: "This endpoint does not offer the action; check base_url.",
    170: "Check private_key, and that no proxy strips the request.",
    171: "The signature does not match: check that private_key is the one for public_key, without spaces around it.",
    172: "The platform does not know this user: check public_key, and that base_url is the endpoint of its cloud.",
    174: "Check security_token (it may have expired, and a permanent key needs none) and channel_key.",
    220: "A sub-account must name a project: set project_ids. Every request needs a region: set regions.",
    230: "Check regions and project_ids; 'regions: [all]' and 'project_ids: [all]' select all that exist.",
    292: "Check project_ids; a sub-account must set one that it may use. 'project_ids: [all]' selects all of these.",
    293: "The account has no permission in this region: check regions, or ask its administrator.",
    294: "This machine's address is not on the account's list of allowed addresses: add it in the console.",
    295: "The account is locked for security reasons: unlock it in the console.",
    299: "IAM denies this action: ask an administrator to grant {permission} for this project.",
}

_CLASSES: dict[int, type[ApiError]] = {
    **dict.fromkeys((170, 171, 172, 174), AuthenticationError),
    **dict.fromkeys((292, 293, 294, 295, 299), PermissionDeniedError),
    153: RateLimitedError,
}


def api_error(
    context: RequestContext,
    code: int,
    message: str,
    request_id: str | None = None,
    retry_after: float | None = None,
) -> ApiError:
    """Return the exception for a RetCode, with a hint if there is one.

    Source of the codes: https://docs.ucloud.cn/api/summary/error_code
    """
    hint = _HINTS.get(code)
    if hint is not None:
        hint = hint.format(permission=context.permission or context.action)
    return _CLASSES.get(code, ApiError)(context, code, message, request_id, hint=hint, retry_after=retry_after)


def forget_locals(error: BaseException) -> None:
    """Clear the local variables in the tracebacks of an exception. Where it was raised stays visible.

    The variables include responses with private keys, and tools that report errors show them.
    """
    seen: list[BaseException | None] = [None]
    waiting: list[BaseException | None] = [error]
    while waiting:
        item = waiting.pop()
        if item is not None and item not in seen:
            seen.append(item)
            traceback.clear_frames(item.__traceback__)
            waiting += [item.__cause__, item.__context__]
