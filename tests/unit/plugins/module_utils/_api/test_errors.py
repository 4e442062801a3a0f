# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages and facts of errors."""

from __future__ import annotations

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    IncompleteListingError,
    MissingLibraryError,
    OptionError,
    PermissionDeniedError,
    RateLimitedError,
    RequestContext,
    TransportError,
    UCloudError,
    api_error,
)

CONTEXT = RequestContext("DescribeSSLV2", "api.ucloud.cn", "cn-bj2", "org-1")


@pytest.mark.parametrize(
    ("region", "project_id", "text"),
    [
        (None, None, "GetRegion at api.ucloud.cn"),
        ("hk", None, "GetRegion in region hk at api.ucloud.cn"),
        (None, "org-1", "GetRegion in project org-1 at api.ucloud.cn"),
        ("hk", "org-1", "GetRegion in region hk and project org-1 at api.ucloud.cn"),
    ],
)
def test_context_names_what_it_is_about(region: str | None, project_id: str | None, text: str) -> None:
    assert str(RequestContext("GetRegion", "api.ucloud.cn", region, project_id)) == text


def test_message_without_context_and_hint() -> None:
    error = OptionError("timeout: 0 is out of range")
    assert str(error) == error.describe() == "timeout: 0 is out of range."
    assert repr(error) == "OptionError('timeout: 0 is out of range')"
    assert error.to_facts() == {
        "region": None,
        "project_id": None,
        "code": None,
        "message": "timeout: 0 is out of range.",
        "request_id": None,
    }


def test_message_with_context_and_hint() -> None:
    error = TransportError("HTTP status 404", CONTEXT, "Check base_url.", retryable=False)
    assert str(error) == (
        "DescribeSSLV2 in region cn-bj2 and project org-1 at api.ucloud.cn: HTTP status 404. Check base_url."
    )
    assert (error.retryable, error.retry_after, error.is_silence) == (False, None, False)
    assert error.to_facts() == {
        "region": "cn-bj2",
        "project_id": "org-1",
        "code": None,
        "message": str(error),
        "request_id": None,
    }


def test_a_message_is_one_line_whoever_named_what_is_in_it() -> None:
    context = RequestContext("DescribeSSLV2", "api.ucloud.cn", "hk\x1b[2J", "org-\u202e1\u2028")
    error = TransportError("no\nanswer", context, "Check\x07.", retryable=True)
    assert str(error) == ("DescribeSSLV2 in region hk�[2J and project org-�1� at api.ucloud.cn: no�answer. Check�.")
    assert error.to_facts()["message"] == str(error)


def test_api_error_has_code_and_request_id() -> None:
    error = api_error(CONTEXT, 299, "IAM permission denied", "uuid-1")
    assert str(error) == (
        "DescribeSSLV2 in region cn-bj2 and project org-1 at api.ucloud.cn: IAM permission denied (RetCode 299,"
        " request uuid-1). IAM denies this action: ask an administrator to grant DescribeSSLV2 for this project."
    )
    assert error.to_facts() == {
        "region": "cn-bj2",
        "project_id": "org-1",
        "code": 299,
        "message": str(error),
        "request_id": "uuid-1",
    }


def test_api_error_without_message_request_id_and_hint() -> None:
    error = api_error(RequestContext("GetRegion", "host"), 8039, "")
    assert str(error) == "GetRegion at host: no message (RetCode 8039)."


@pytest.mark.parametrize(
    ("request_id", "said"), [(None, "HTTP status 429"), ("uuid-1", "HTTP status 429, request uuid-1")]
)
def test_rate_limit_by_http_status(request_id: str | None, said: str) -> None:
    error = RateLimitedError(CONTEXT, None, "too many requests", request_id, retry_after=3.0)
    assert error.problem == f"too many requests ({said})"
    assert (error.code, error.retry_after) == (None, 3.0)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, AuthenticationError) for code in (170, 171, 172, 174)),
        *((code, PermissionDeniedError) for code in (292, 293, 294, 295, 299)),
        (153, RateLimitedError),
        *((code, ApiError) for code in (110, 130, 150, 160, 161, 220, 230, 4079, 4108, 4111, -1)),
    ],
)
def test_class_of_a_code(code: int, kind: type[ApiError]) -> None:
    assert api_error(CONTEXT, code, "x").__class__ is kind


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (160, "base_url"),
        (161, "base_url"),
        (170, "private_key"),
        (171, "private_key"),
        (172, "public_key"),
        (174, "security_token"),
        (174, "channel_key"),
        (220, "project_ids"),
        (220, "regions"),
        (230, "regions"),
        (292, "project_ids"),
        (293, "regions"),
        (294, "allowed addresses"),
        (295, "unlock"),
        (299, "DescribeSSLV2"),
    ],
)
def test_hint_says_where_to_look(code: int, words: str) -> None:
    hint = api_error(CONTEXT, code, "x").hint
    assert hint is not None
    assert words in hint
    assert hint.endswith(".")


def test_missing_library() -> None:
    error = MissingLibraryError("requests", "Traceback ...")
    assert str(error) == (
        "the Python library requests is not installed. Install it for the Python that runs this plugin:"
        " python -m pip install requests"
    )
    assert (error.library, error.reason) == ("requests", "Traceback ...")


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (TransportError, UCloudError),
        (ApiError, UCloudError),
        (AuthenticationError, ApiError),
        (PermissionDeniedError, ApiError),
        (RateLimitedError, ApiError),
        (IncompleteListingError, UCloudError),
        (OptionError, UCloudError),
        (MissingLibraryError, UCloudError),
    ],
)
def test_tree(kind: type[UCloudError], parent: type[UCloudError]) -> None:
    assert kind.__base__ is parent
