# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the platform or the network, and their effect in every plugin. The guide has a table of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...simulator import Fault

LISTING = "DescribeSSLV2"


@dataclass(frozen=True)
class Case:
    """Faults and their effect. Without ``error`` and ``partial``, the result is complete and correct."""

    what: str
    """The fault, as in the guide."""
    faults: tuple[Fault, ...]
    error: str | None = None
    """Part of the resulting error message."""
    problem: str = ""
    """The error, as in the guide."""
    options: dict[str, Any] = field(default_factory=dict)
    partial: bool = False
    """Whether the result is that of all other regions, with a warning."""
    without_listeners: bool = False
    """Whether the result is complete except for listeners, with a warning."""

    @property
    def outcome(self) -> str:
        """The effect, as in the guide."""
        if self.partial:
            return "Results of the other regions, marked as incomplete, and a warning"
        if self.without_listeners:
            return "Complete result, with ``null`` for facts of these listeners, and a warning"
        return f"Error: {self.problem}" if self.error else "Complete result"


def _once(kind: str, **values: Any) -> tuple[Fault, ...]:
    return (Fault(kind, action=LISTING, after=1, **values),)


def _always(kind: str, **values: Any) -> tuple[Fault, ...]:
    return (Fault(kind, **{"action": LISTING, **values}, times=None),)


def _of_listeners(action: str, kind: str, **values: Any) -> tuple[Fault, ...]:
    return (Fault(kind, action=action, times=None, **values),)


_WITH_LISTENERS = {"listeners": True}
_NO_RESPONSE = "not a response of the UCloud API"
CASES = (
    Case("A temporary RetCode, such as 150, once", _once("retcode", code=150)),
    Case("A temporary RetCode, permanently", _always("retcode", code=150, message="busy"), "busy (RetCode 150",
         "the message and RetCode of the API"),
    Case("Too many requests (RetCode 153 or HTTP status 429) for some time", _once("retcode", code=153, times=3)),
    Case("HTTP status 500, 502, 503 or 504, once", _once("http_status", status=503)),
    Case("HTTP status 500, 502, 503 or 504, permanently", _always("http_status", status=500), "HTTP status 500",
         "the HTTP status"),
    Case("HTTP status 403 or 404", _once("http_status", status=404), "HTTP status 404", "the HTTP status"),
    Case("A broken connection, once", _once("reset")),
    Case("A truncated response, once", _once("truncated")),
    Case("Truncated responses, permanently", _always("truncated"), "(tried 4 times)",
         "the connection broke, and the number of attempts"),
    Case("No response within ``timeout``", _once("latency", seconds=3), "no response", "no response in time",
         {"timeout": 1, "max_retries": 0}),
    Case("An HTML page, for example of a proxy", _once("html"), "this is not a response of the UCloud API",
         _NO_RESPONSE),
    Case("A response that is not JSON", _once("not_json", body="{"), "this is not a response of the UCloud API",
         _NO_RESPONSE),
    Case("A response without ``RetCode``", _once("no_retcode"), "this is not a response of the UCloud API",
         _NO_RESPONSE),
    Case("A response with neither records nor a total", _always("not_json", body='{"RetCode": 0}'), "neither records",
         "the response has neither records nor a total"),
    Case("A response of more than 64 MiB, compressed or not", _once("bomb", value=64),
         "the response has more than 64 MiB", "the response is too large"),
    Case("A redirect", _once("redirect", location="http://localhost:1/"), "a redirect", "redirects are not followed"),
    Case("Invalid keys", _once("retcode", code=171, message="no"), "no (RetCode 171",
         "the message and RetCode of the API"),
    Case("No permission for a region or project", _always("retcode", code=299, region="hk"), "(RetCode 299",
         "the message and RetCode of the API, and the missing permission"),
    Case(
        "No permission for a region or project, with ``on_error: warn``",
        _always("retcode", code=299, region="hk"),
        options={"on_error": "warn"},
        partial=True,
    ),
    Case("A listing takes longer than ``total_timeout``", _always("latency", seconds=2),
         "the total timeout", "the total timeout", {"total_timeout": 1}),
    Case("Regions or projects cannot be listed", _always("retcode", code=130, action="GetRegion"), "GetRegion",
         "the action that failed, and its RetCode"),
    Case("A certificate is added or deleted during the listing", _once("shift", how="delete_first")),
    Case("A certificate is deleted while another one is added", _once("shift", how="swap")),
    Case("An unexpected empty page, once", _once("empty_page")),
    Case("A total that is higher than the number of records", _always("total", delta=1),
         "inconsistent listing after 3 attempts",
         "inconsistent listing after 3 attempts"),
    Case("No total", _always("total")),
    Case("Numbers as strings, spaces after names, fields of the older action, or null", (
        *_once("string_types"), *_once("spaced_key"), *_once("legacy_bindings"),
        *_once("null_fields", names=("SSLName", "CreateTime", "Relations")),
    )),
    Case("No permission to list load balancers, with ``listeners: true``",
         _of_listeners("DescribeULB", "retcode", code=299), "Or set listeners to false",
         "the message and RetCode of the API, and the missing permission", _WITH_LISTENERS),
    Case("No permission to list load balancers, with ``listeners: true`` and ``on_error: warn``",
         _of_listeners("DescribeULB", "retcode", code=299), options={**_WITH_LISTENERS, "on_error": "warn"},
         without_listeners=True),
    Case("A region without application load balancers (RetCode 161 or 4996), with ``listeners: true``",
         (*_of_listeners("DescribeLoadBalancers", "retcode", code=161),
          *_of_listeners("DescribeSecurityPoliciesV2", "retcode", code=4996)), options=_WITH_LISTENERS),
    Case("A load balancer that is returned without its listeners, with ``listeners: true``",
         _of_listeners("DescribeULB", "null_fields", names=("VServerSet",)), options=_WITH_LISTENERS),
)  # fmt: skip
