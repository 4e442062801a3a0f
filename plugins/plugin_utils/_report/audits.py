# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the audit of a report, and describe its parts in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ...module_utils._api.values import encodable
from .._audit.facts import ENDPOINT_TRUST, ENDPOINT_VERSIONS, ENDPOINTS, LISTENERS, REVOCATION, TRUST
from .._audit.registry import CATALOGUE
from .._audit.schema import SEVERITIES, Audit, Finding, StatusCounts
from .._audit.validation import validate
from .._timestamps import read_timestamp
from .language import join, mark, say, say_number
from .sanitize import as_text, visible

#: The facts that an audit was not given, by what a check requires.
_MISSING = {
    LISTENERS: mark("listeners"),
    TRUST: mark("verified trust"),
    ENDPOINTS: mark("endpoints"),
    ENDPOINT_TRUST: mark("verified trust of endpoints"),
    ENDPOINT_VERSIONS: mark("TLS versions of endpoints"),
    REVOCATION: mark("the revocation status of endpoints"),
}
_OTHER_MISSING = mark("other facts")
_HINT = "Give the result of the filter ucloud.ulb.ssl_audit, or its JSON report read with from_json."


def read_audit(data: Any) -> Audit:
    """Check that data is an audit, and copy it as plain data.

    Ansible passes lists and strings of its own classes to filters, and data may come from a file.

    Raises:
        OptionError: It is not an audit. The problem has the path of the first invalid value.
    """
    audit = _plain(data)
    if isinstance(audit, dict):
        # Audits of earlier versions do not have these.
        audit.setdefault("scope", {})
        audit.setdefault("warnings", [])
    validate(audit, Audit, "audit", _HINT)
    read_timestamp(audit["evaluated_at"], "audit.evaluated_at")
    return cast("Audit", audit)


def timestamp_of(audit: Audit) -> int:
    """Return the time of the audit, in seconds since 1970."""
    return read_timestamp(audit["evaluated_at"], "audit.evaluated_at")


def not_checked(audit: Audit) -> dict[str, str]:
    """Return the checks that were on but did not run, each with the facts that it was not given: ``listeners``."""
    has_endpoints = audit.get("endpoints") is not None
    return {check: _missing(check, has_endpoints) for check in audit["summary"].get("not_checked") or ()}


def not_checked_text(audit: Audit) -> str:
    """Return how many these are, and why, as a sentence; empty if there are none."""
    missing = not_checked(audit)
    if not missing:
        return ""
    return say_number(
        "{number} check did not run: it needs {facts}, which this audit was not given.",
        "{number} checks did not run: they need {facts}, which this audit was not given.",
        len(missing),
        facts=joined(list(dict.fromkeys(missing.values()))),
    )


def _missing(check: str, has_endpoints: bool) -> str:
    required = CATALOGUE[check].requires if check in CATALOGUE else ""
    if required in (ENDPOINT_TRUST, ENDPOINT_VERSIONS, REVOCATION) and not has_endpoints:
        required = ENDPOINTS
    return say(_MISSING.get(required, _OTHER_MISSING))


def joined(texts: list[str], last: str = mark(" and ")) -> str:
    """Return texts as a list in a sentence: ``one, two and three``."""
    return say(last).join(filter(None, (join(texts[:-1]), *texts[-1:])))


def is_on(audit: Audit, check: str) -> bool:
    """Whether a check is on in the policy."""
    rule = audit["policy"]["checks"].get(check)
    return isinstance(rule, dict) and rule.get("enabled") is True


def standings(audit: Audit) -> list[str]:
    """Return how many certificates, listeners and endpoints are compliant, waived and not compliant, as texts."""
    summary = audit["summary"]
    counted = (
        (mark("{compliant} of {total} certificates are compliant"), summary["certificates"], summary["by_status"]),
        (
            mark("{compliant} of {total} listeners are compliant"),
            summary.get("listeners"),
            summary.get("listeners_by_status"),
        ),
        (
            mark("{compliant} of {total} endpoints are compliant"),
            summary.get("endpoints"),
            summary.get("endpoints_by_status"),
        ),
    )
    return [_standing(text, total, by_status) for text, total, by_status in counted if total is not None and by_status]


def kinds(audit: Audit) -> str:
    """Return what findings of an audit can be about, as the header of a table: ``certificate or listener``."""
    kinds_of_items = {"listeners": mark("listener"), "endpoints": mark("endpoint")}
    found = [mark("certificate"), *(kind for items, kind in kinds_of_items.items() if audit.get(items) is not None)]
    return joined(list(map(say, found)), mark(" or "))


def _standing(text: str, total: int, by_status: StatusCounts) -> str:
    result = say(text, compliant=by_status["compliant"], total=total)
    if by_status["waived"]:
        result = say("{text}, {number} waived", text=result, number=by_status["waived"])
    if by_status["not_compliant"]:
        result = say("{text}, {number} not compliant", text=result, number=by_status["not_compliant"])
    return result


def numbers(audit: Audit) -> Iterator[tuple[str, int]]:
    """Yield the numbers of findings in a summary with their names, the most severe first."""
    summary = audit["summary"]
    for severity in reversed(SEVERITIES):
        yield say(severity), summary["by_severity"].get(severity, 0)
    yield say("unknown"), summary["unknown"]
    yield say("waived"), summary["waived"]
    changes = summary["changes"] or {}
    for change in ("new", "fixed") if changes else ():
        yield say(change), changes.get(change, 0)
    for change, number in changes.items():
        if change not in ("new", "unchanged", "fixed") and number:
            yield say(change.replace("_", " ")), number


def scope_of(audit: Audit) -> list[tuple[str, str]]:
    """Return what was listed, as names and texts; empty if the audit does not say."""
    scope = audit.get("scope") or {}
    listed = scope.get("certificates")
    total = scope.get("total")
    selection = scope.get("selection")
    complete = scope.get("complete")
    parts = {
        say("Endpoint"): as_text(scope.get("endpoint")),
        say("Account"): as_text(scope.get("public_key")),
        say("Regions"): _places(scope.get("regions")),
        say("Projects"): _places(scope.get("project_ids")) or (say("the default one") if scope.get("endpoint") else ""),
        say("Selection"): _selection(selection),
        say("Listing"): "" if not isinstance(complete, bool) else say("complete") if complete else say("not complete"),
        say("Listed"): say("{number} of {total}", number=listed, total=total) if isinstance(total, int) else "",
    }
    return [(name, visible(text)) for name, text in parts.items() if text]


def scope_text(audit: Audit) -> str:
    """Return what was listed as one line."""
    return join((say("{name}: {text}", name=name, text=text) for name, text in scope_of(audit)), "; ")


def _listed(values: Any) -> str:
    return join(map(as_text, values)) if isinstance(values, list) else as_text(values)


def _places(values: Any) -> str:
    return say("all") if values in ("all", ["all"]) else _listed(values)


def _selection(selection: Any) -> str:
    """Return the conditions of a listing; empty if they are not known, which is different from no conditions."""
    if not isinstance(selection, dict):
        return ""
    parts = [
        f"{name}: {str(value).lower() if isinstance(value, bool) else _listed(value)}"
        for name, value in selection.items()
    ]
    return "; ".join(parts) or say("all certificates")


def waiver_text(finding: Finding) -> str:
    """Return why a finding is waived, and until when, as text."""
    waiver = finding["waiver"] or {}
    return say("{reason} (until {time})", reason=waiver.get("reason"), time=waiver.get("expires"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {encodable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    # JSON has no infinity and no "not a number"; files cannot contain lone surrogates.
    return float(value) if isinstance(value, float) and math.isfinite(value) else encodable(str(value))
