# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be reported: an audit as ``ssl_audit`` returns it, or as its JSON report was read back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._api.errors import OptionError
from ...module_utils._api.values import encodable
from .._audit.baseline import GONE
from .._audit.evaluate import STATUSES as CERTIFICATE_STATUSES
from .._audit.registry import SEVERITIES
from .._timestamps import read_moment
from .sanitize import as_text, visible

Audit = dict[str, Any]
Finding = dict[str, Any]

#: What a finding can be since a baseline; other versions may have more.
CHANGES = ("new", "unchanged", *GONE)
_STATUSES = ("fail", "unknown", *GONE)
_PARTS = {"evaluated_at": str, "policy": dict, "summary": dict, "findings": list, "certificates": list}
_COUNTS = ("certificates", "compliant", "findings", "unknown", "waived")
_FINDING = (
    "check", "severity", "status", "ssl_id", "ssl_name", "region", "project_id", "about", "title", "detail", "evidence",
    "remediation", "waived", "waiver", "fingerprint", "change",
)  # fmt: skip
_CERTIFICATE = (
    "ssl_id", "ssl_name", "region", "project_id", "not_before", "not_after_epoch", "state", "x509_error",
    "serial_number", "subject", "issuer", "status",
)  # fmt: skip
_HINT = "Give what the filter ucloud.ulb.ssl_audit returned, or its JSON report with from_json."


def read_audit(data: Any) -> Audit:
    """Check that it is an audit, and copy it as plain data: Ansible hands lists and strings of its own to filters.

    :raises OptionError: it is something else; the problem names the place.
    """
    audit = _plain(data)
    if not isinstance(audit, dict):
        raise OptionError(f"audit: {type(data).__name__} is no audit", hint=_HINT)
    for part, kind in _PARTS.items():
        _need(isinstance(audit.get(part), kind), f"audit.{part}")
    read_moment(audit["evaluated_at"], "audit.evaluated_at")
    warnings = audit.setdefault("warnings", [])
    _need(isinstance(warnings, list) and all(isinstance(text, str) for text in warnings), "audit.warnings")
    _need(isinstance(audit["policy"].get("checks"), dict), "audit.policy.checks")
    # Audits of earlier versions do not say.
    scope = audit.setdefault("scope", {})
    _need(isinstance(scope, dict), "audit.scope")
    _need_summary(audit["summary"])
    for number, finding in enumerate(audit["findings"]):
        where = f"audit.findings[{number}]"
        _need_keys(finding, _FINDING, where)
        _need(finding["severity"] in SEVERITIES, f"{where}.severity")
        _need(finding["status"] in _STATUSES, f"{where}.status")
        _need(isinstance(finding["waiver"], (dict, type(None))), f"{where}.waiver")
        _need(isinstance(finding["change"], (str, type(None))), f"{where}.change")
    for number, certificate in enumerate(audit["certificates"]):
        where = f"audit.certificates[{number}]"
        _need_keys(certificate, _CERTIFICATE, where)
        _need(certificate["status"] in CERTIFICATE_STATUSES, f"{where}.status")
    return audit


def moment_of(audit: Audit) -> int:
    """The moment that was judged for, in seconds since 1970."""
    return read_moment(audit["evaluated_at"], "audit.evaluated_at")


def place(item: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Project, region and id of a certificate, or of the one that a finding is about."""
    return item["project_id"], item["region"], item["ssl_id"]


def label(item: Mapping[str, Any]) -> str:
    """What to call a certificate, or whatever else a finding is about, in one line."""
    name = visible(item["ssl_name"]) or visible(item.get("about"))
    where = ", ".join(filter(None, (visible(item[part]) for part in ("ssl_id", "region", "project_id"))))
    return f"{name} ({where})" if name and where else name or where or "all"


def is_on(audit: Audit, check: str) -> bool:
    """Whether the policy has a check run."""
    rule = audit["policy"]["checks"].get(check)
    return isinstance(rule, dict) and rule.get("enabled") is True


def standing(audit: Audit) -> str:
    """How many certificates are what, in words."""
    summary, by_status = audit["summary"], audit["summary"]["by_status"]
    parts = [f"{by_status['compliant']} of {summary['certificates']} certificates are compliant"]
    if by_status["waived"]:
        parts.append(f"{by_status['waived']} waived")
    if by_status["not_compliant"]:
        parts.append(f"{by_status['not_compliant']} not compliant")
    return ", ".join(parts)


def scope_of(audit: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was looked at, as names and texts; empty if the audit does not say."""
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
    """The same in a line."""
    return "; ".join(f"{name}: {text}" for name, text in scope_of(audit))


def _listed(values: Any) -> str:
    return ", ".join(map(as_text, values)) if isinstance(values, list) else as_text(values)


def _selection(selection: Any) -> str:
    """The conditions on certificates, as they were given; what says that there were none is not the same as nothing."""
    if not isinstance(selection, dict):
        return ""
    parts = [
        f"{name}: {str(value).lower() if isinstance(value, bool) else _listed(value)}"
        for name, value in selection.items()
    ]
    return "; ".join(parts) or "all certificates"


def waiver_text(finding: Mapping[str, Any]) -> str:
    """Why a finding is waived, and until when."""
    waiver = finding["waiver"] or {}
    return f"{waiver.get('reason')} (until {waiver.get('expires')})"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {encodable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    # JSON has no infinity and "not a number"; files have no lone surrogates.
    return float(value) if isinstance(value, float) and math.isfinite(value) else encodable(str(value))


def _need_summary(summary: dict[str, Any]) -> None:
    # Numbers stand in reports as they are.
    _need_keys(summary, (*_COUNTS, "by_status", "by_severity", "worst", "changes"), "audit.summary")
    for name in _COUNTS:
        _need(isinstance(summary[name], int), f"audit.summary.{name}")
    changes = {} if summary["changes"] is None else summary["changes"]
    _need_counts(summary["by_status"], "|".join(CERTIFICATE_STATUSES), "audit.summary.by_status")
    _need(summary["by_status"].keys() >= set(CERTIFICATE_STATUSES), "audit.summary.by_status")
    _need_counts(summary["by_severity"], "|".join(SEVERITIES), "audit.summary.by_severity")
    _need_counts(changes, "[a-z_]+", "audit.summary.changes")
    _need(summary["worst"] in (None, *SEVERITIES), "audit.summary.worst")


def _need_counts(counts: Any, name: str, where: str) -> None:
    _need(isinstance(counts, dict), where)
    _need(all(re.fullmatch(name, key) and isinstance(number, int) for key, number in counts.items()), where)


def _need_keys(item: Any, keys: Iterable[str], where: str) -> None:
    _need(isinstance(item, dict), where)
    for key in keys:
        _need(key in item, f"{where}.{key}")


def _need(is_so: bool, where: str) -> None:
    if not is_so:
        raise OptionError(f"{where}: it is missing, or not what an audit has there", hint=_HINT)
