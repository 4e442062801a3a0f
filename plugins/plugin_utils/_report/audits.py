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
from .._audit.schema import SEVERITIES, Audit, Finding, StatusCounts, validate
from .._timestamps import read_timestamp
from .sanitize import as_text, visible

#: What an audit was not given, by what a check requires.
_MISSING = {
    LISTENERS: "no listeners",
    TRUST: "no verified trust",
    ENDPOINTS: "no endpoints",
    ENDPOINT_TRUST: "no verified trust of endpoints",
    ENDPOINT_VERSIONS: "no TLS versions of endpoints",
    REVOCATION: "no revocation of endpoints",
}
_OTHER_MISSING = "not all that is required"
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
    """Return the checks that were on but did not run, each with what the audit was not given: ``no listeners``."""
    has_endpoints = audit.get("endpoints") is not None
    return {check: _missing(check, has_endpoints) for check in audit["summary"].get("not_checked") or ()}


def not_checked_text(audit: Audit) -> str:
    """Return how many these are, and why, as a sentence; empty if there are none."""
    missing = not_checked(audit)
    checks = "1 check" if len(missing) == 1 else f"{len(missing)} checks"
    reasons = joined(list(dict.fromkeys(missing.values())))
    return f"{checks} did not run, because this audit was given {reasons}." if missing else ""


def _missing(check: str, has_endpoints: bool) -> str:
    required = CATALOGUE[check].requires if check in CATALOGUE else ""
    if required in (ENDPOINT_TRUST, ENDPOINT_VERSIONS, REVOCATION) and not has_endpoints:
        required = ENDPOINTS
    return _MISSING.get(required, _OTHER_MISSING)


def joined(texts: list[str], word: str = "and") -> str:
    """Return texts as a list in a sentence: ``one, two and three``."""
    return f" {word} ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))


def is_on(audit: Audit, check: str) -> bool:
    """Whether a check is on in the policy."""
    rule = audit["policy"]["checks"].get(check)
    return isinstance(rule, dict) and rule.get("enabled") is True


def standing(audit: Audit) -> str:
    """Return how many certificates, listeners and endpoints are compliant, waived and not compliant, as text."""
    summary = audit["summary"]
    counted = (
        ("certificates", summary["certificates"], summary["by_status"]),
        ("listeners", summary.get("listeners"), summary.get("listeners_by_status")),
        ("endpoints", summary.get("endpoints"), summary.get("endpoints_by_status")),
    )
    return "; ".join(
        _standing(total, items, by_status) for items, total, by_status in counted if total is not None and by_status
    )


def kinds(audit: Audit) -> str:
    """Return what findings of an audit can be about, as the header of a table: ``certificate or listener``."""
    found = ["certificate", *(kind for kind in ("listener", "endpoint") if audit.get(f"{kind}s") is not None)]
    return joined(found, "or")


def _standing(total: int, items: str, by_status: StatusCounts) -> str:
    parts = [f"{by_status['compliant']} of {total} {items} are compliant"]
    if by_status["waived"]:
        parts.append(f"{by_status['waived']} waived")
    if by_status["not_compliant"]:
        parts.append(f"{by_status['not_compliant']} not compliant")
    return ", ".join(parts)


def numbers(audit: Audit) -> Iterator[tuple[str, int]]:
    """Yield the numbers of findings in a summary with their names, the most severe first."""
    summary = audit["summary"]
    for severity in reversed(SEVERITIES):
        yield severity, summary["by_severity"].get(severity, 0)
    yield "unknown", summary["unknown"]
    yield "waived", summary["waived"]
    changes = summary["changes"] or {}
    for change in ("new", "fixed") if changes else ():
        yield change, changes.get(change, 0)
    for change, number in changes.items():
        if change not in ("new", "unchanged", "fixed") and number:
            yield change.replace("_", " "), number


def scope_of(audit: Audit) -> list[tuple[str, str]]:
    """Return what was listed, as names and texts; empty if the audit does not say."""
    scope = audit.get("scope") or {}
    listed = scope.get("certificates")
    total = scope.get("total")
    selection = scope.get("selection")
    complete = scope.get("complete")
    parts = {
        "Endpoint": as_text(scope.get("endpoint")),
        "Account": as_text(scope.get("public_key")),
        "Regions": _listed(scope.get("regions")),
        "Projects": _listed(scope.get("project_ids")) or ("the default one" if scope.get("endpoint") else ""),
        "Selection": _selection(selection),
        "Listing": "" if not isinstance(complete, bool) else "complete" if complete else "not complete",
        "Listed": f"{listed} of {total}" if isinstance(total, int) else "",
    }
    return [(name, visible(text)) for name, text in parts.items() if text]


def scope_text(audit: Audit) -> str:
    """Return what was listed as one line."""
    return "; ".join(f"{name}: {text}" for name, text in scope_of(audit))


def _listed(values: Any) -> str:
    return ", ".join(map(as_text, values)) if isinstance(values, list) else as_text(values)


def _selection(selection: Any) -> str:
    """Return the conditions of a listing; empty if they are not known, which is different from no conditions."""
    if not isinstance(selection, dict):
        return ""
    parts = [
        f"{name}: {str(value).lower() if isinstance(value, bool) else _listed(value)}"
        for name, value in selection.items()
    ]
    return "; ".join(parts) or "all certificates"


def waiver_text(finding: Finding) -> str:
    """Return why a finding is waived, and until when, as text."""
    waiver = finding["waiver"] or {}
    return f"{waiver.get('reason')} (until {waiver.get('expires')})"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {encodable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    # JSON has no infinity and no "not a number"; files cannot contain lone surrogates.
    return float(value) if isinstance(value, float) and math.isfinite(value) else encodable(str(value))
