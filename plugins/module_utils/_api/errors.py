# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong between a task and the API, as one tree of exceptions.

A message says what was attempted and where, what came back, and what to try. It never holds a signature,
a key, or the body of a request; nor characters that nobody sees, whoever named a region or wrote an answer.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any

from .values import printable


@dataclass(frozen=True)
class RequestContext:
    """What was asked of the API, and where: enough to find the request again, nothing that is secret."""

    action: str
    endpoint: str
    region: str | None = None
    project_id: str | None = None

    def __str__(self) -> str:
        scope = [f"region {self.region}"] if self.region else []
        scope += [f"project {self.project_id}"] if self.project_id else []
        where = f" in {' and '.join(scope)}" if scope else ""
        return f"{self.action}{where} at {self.endpoint}"


class UCloudError(Exception):
    """Base of every error that this collection raises.

    :param problem: what came back, as a sentence without the final full stop.
    :param context: what was attempted; ``None`` if nothing was sent.
    :param hint: what to try, as a whole sentence.
    """

    def __init__(self, problem: str, context: RequestContext | None = None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.context = context
        self.hint = hint

    def describe(self) -> str:
        """The whole message for a person."""
        where = f"{self.context}: " if self.context else ""
        hint = f" {self.hint}" if self.hint else ""
        return printable(f"{where}{self.problem}.{hint}")

    __str__ = describe

    def to_facts(self) -> dict[str, Any]:
        """The error as a task's result lists it: region, project_id, code, message, request_id."""
        return {
            "region": self.context.region if self.context else None,
            "project_id": self.context.project_id if self.context else None,
            "code": None,
            "message": self.describe(),
            "request_id": None,
        }


class OptionError(UCloudError):
    """The user's input cannot be used. The problem begins with the name of the option."""


class MissingLibraryError(UCloudError):
    """A Python library is not there; ``library`` and ``reason`` are for Ansible's own message about it."""

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(
            f"the Python library {library} is not installed",
            hint=f"Install it for the Python that runs this plugin: python -m pip install {library}",
        )
        self.library = library
        self.reason = reason


class TransportError(UCloudError):
    """No usable answer: connection, timeout, TLS, HTTP status, or a body that is not the API's.

    ``retryable`` tells whether the same request may fare better later; ``retry_after`` is the wait in
    seconds that the server asked for; ``is_silence`` says that not even the beginning of an answer came.
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
    """The API answered with a RetCode that is not 0.

    ``code`` is that RetCode (``None`` where only the HTTP status spoke), ``message`` the platform's text,
    ``request_id`` the value of X-UCLOUD-REQUEST-UUID.
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
        """The error as a task's result lists it, with the platform's code and request id."""
        return {**super().to_facts(), "code": self.code, "request_id": self.request_id}


class AuthenticationError(ApiError):
    """The platform does not accept the credentials: no other region or project will."""


class PermissionDeniedError(ApiError):
    """The credentials are good, but not for this project, region, address or action."""


class RateLimitedError(ApiError):
    """Too many requests: RetCode 153 or HTTP status 429."""


class IncompleteListingError(UCloudError):
    """The pages of a listing do not add up to the total that the API names."""


_HINTS = {
    160: "Check base_url: it does not seem to be a UCloud API endpoint.",
    161: "This endpoint does not offer the action; check base_url.",
    170: "Check private_key, and that no proxy strips the request.",
    171: "The signature does not match: check that private_key belongs to public_key, without blanks around it.",
    172: "The platform does not know this user: check public_key, and that base_url is the cloud it belongs to.",
    174: "Check security_token (it may have expired, and a permanent key needs none) and channel_key.",
    220: "A sub-account must name a project: set project_ids. Every request needs a region: set regions.",
    230: "Check regions and project_ids; 'regions: [all]' and 'project_ids: [all]' use all there are.",
    292: "Check project_ids; a sub-account must name a project it belongs to. 'project_ids: [all]' uses all it sees.",
    293: "The account has no right in this region: check regions, or ask its administrator.",
    294: "This machine's address is not on the account's list of allowed addresses: add it in the console.",
    295: "The account is locked for security reasons: unlock it in the console.",
    299: "IAM refuses this action: let an administrator grant ulb:DescribeSSLV2 for this project.",
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
    """Make the exception that fits a RetCode, with a hint where there is one.

    Source of the codes: https://docs.ucloud.cn/api/summary/error_code
    """
    return _CLASSES.get(code, ApiError)(
        context, code, message, request_id, hint=_HINTS.get(code), retry_after=retry_after
    )


def forget_locals(error: BaseException) -> None:
    """Empty the frames of an exception's tracebacks; where it was raised stays known.

    Answers with private keys are in their local variables, which tools that report errors show.
    """
    seen: list[BaseException | None] = [None]
    waiting: list[BaseException | None] = [error]
    while waiting:
        item = waiting.pop()
        if item is not None and item not in seen:
            seen.append(item)
            traceback.clear_frames(item.__traceback__)
            waiting += [item.__cause__, item.__context__]
