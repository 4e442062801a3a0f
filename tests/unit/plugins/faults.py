# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may go wrong on the side of the platform, and what has to come of it, in every plugin. The guide shows this."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...simulator import Fault

LISTING = "DescribeSSLV2"


@dataclass(frozen=True)
class Case:
    """``error`` is a part of the message that it leads to; without one, the answer is complete and right.

    ``rest`` says that all other places are listed, with a warning.
    """

    what: str
    faults: tuple[Fault, ...]
    error: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    rest: bool = False

    @property
    def outcome(self) -> str:
        """For the guide."""
        if self.rest:
            return "The rest, said to be incomplete, and a warning"
        return f"Error: ``{self.error}``" if self.error else "The complete answer"


def _once(kind: str, **values: Any) -> tuple[Fault, ...]:
    return (Fault(kind, action=LISTING, after=1, **values),)


def _always(kind: str, **values: Any) -> tuple[Fault, ...]:
    return (Fault(kind, **{"action": LISTING, **values}, times=None),)


CASES = (
    Case("A request is refused with a code that may pass, such as 150, once", _once("retcode", code=150)),
    Case("The same, each time", _always("retcode", code=150, message="busy"), "busy (RetCode 150"),
    Case("Too many requests (RetCode 153 or HTTP 429), for a while", _once("retcode", code=153, times=3)),
    Case("HTTP 500, 502, 503 or 504, once", _once("http_status", status=503)),
    Case("The same, each time", _always("http_status", status=500), "HTTP status 500"),
    Case("HTTP 403 or 404", _once("http_status", status=404), "HTTP status 404"),
    Case("The connection breaks, once", _once("reset")),
    Case("An answer is cut off, once", _once("truncated")),
    Case("The same, each time", _always("truncated"), "(tried 4 times)"),
    Case("No answer within ``timeout``", _once("latency", seconds=3), "no answer", {"timeout": 1, "max_retries": 0}),
    Case("A page in HTML, as of a proxy", _once("html"), "the answer is not one of the UCloud API"),
    Case("Something that is no JSON", _once("not_json", body="{"), "the answer is not one of the UCloud API"),
    Case("An answer without ``RetCode``", _once("no_retcode"), "the answer is not one of the UCloud API"),
    Case("An answer with neither records nor a total", _always("not_json", body='{"RetCode": 0}'), "neither records"),
    Case("An answer of more than 64 MiB, however small it is while it is compressed", _once("bomb", value=64),
         "the answer has more than 64 MiB"),
    Case("A redirect", _once("redirect", location="http://localhost:1/"), "a redirect"),
    Case("Keys that are not accepted", _once("retcode", code=171, message="no"), "no (RetCode 171"),
    Case("A region or project that may not be listed", _always("retcode", code=299, region="hk"), "(RetCode 299"),
    Case(
        "The same, with ``on_error: warn``",
        _always("retcode", code=299, region="hk"),
        options={"on_error": "warn"},
        rest=True,
    ),
    Case("Everything takes longer than ``total_timeout``", _always("latency", seconds=2),
         "the whole gathering has taken", {"total_timeout": 1}),
    Case("Regions or projects cannot be listed", _always("retcode", code=130, action="GetRegion"), "GetRegion"),
    Case("A certificate is added or deleted while pages are read", _once("shift", how="delete_first")),
    Case("One is deleted while another one is added", _once("shift", how="swap")),
    Case("An empty page where there should be one, once", _once("empty_page")),
    Case("A total that is never reached", _always("total", delta=1), "inconsistent listing after 3 attempts"),
    Case("No total at all", _always("total")),
    Case("Numbers as text, blanks behind names, fields of the older action, or null", (
        *_once("string_types"), *_once("spaced_key"), *_once("legacy_bindings"),
        *_once("null_fields", names=("SSLName", "CreateTime", "Relations")),
    )),
)  # fmt: skip
