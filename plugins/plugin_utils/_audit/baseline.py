# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An earlier audit, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._api.errors import OptionError
from .catalogue import SEVERITIES, Check
from .subjects import Certificate, Fleet, all_of_kind

Finding = dict[str, Any]

_TEXTS = ("check", "status", "ssl_id", "ssl_name", "region", "project_id", "about", "fingerprint")
#: What every finding has.
_FINDING = frozenset((*_TEXTS, "severity", "title", "detail", "evidence", "remediation", "waived", "waiver", "change"))
_FIXED = {"status": "fixed", "change": "fixed", "waived": False, "waiver": None}


def read_baseline(data: Any) -> dict[str, Any] | None:
    """An earlier audit, or ``None``.

    :raises OptionError: it is something else.
    """
    if data is None:
        return None
    findings = data.get("findings") if isinstance(data, Mapping) else None
    if not isinstance(findings, list) or not all(map(_is_finding, findings)):
        raise OptionError(
            "baseline: it is no audit",
            hint="Give what ssl_audit returned before, for example from its JSON report with from_json.",
        )
    return dict(data)


def compare(
    findings: list[Finding], baseline: Mapping[str, Any], fleet: Fleet, checks: Iterable[Check]
) -> tuple[list[Finding], int]:
    """Mark findings as new or unchanged. What could not be decided and now fails is new.

    :param checks: those that ran.
    :returns: the findings of the baseline that are fixed, marked as such, and the number of those that are gone only
        because nothing has looked for them.
    """
    earlier = {item["fingerprint"]: item for item in baseline["findings"] if item["status"] != "fixed"}
    failed = {item["fingerprint"] for item in baseline["findings"] if item["status"] == "fail"}
    for finding in findings:
        known = failed if finding["status"] == "fail" else earlier.keys()
        finding["change"] = "unchanged" if finding["fingerprint"] in known else "new"
    present = {finding["fingerprint"] for finding in findings}
    gone = [item for fingerprint, item in earlier.items() if fingerprint not in present]
    scope = _Scope(fleet, baseline, checks)
    fixed = [{**item, **_FIXED} for item in gone if scope.covers(item)]
    return fixed, len(gone) - len(fixed)


class _Scope:
    """What an audit has looked at."""

    def __init__(self, fleet: Fleet, baseline: Mapping[str, Any], checks: Iterable[Check]) -> None:
        self._checks = {check.id: check for check in checks}
        self._fleet = fleet
        self._certificates = {(*item.scope, item.ssl_id) for item in fleet.certificates if item.ssl_id}
        # Whether others were listed and are empty, or not asked for, cannot be told from the facts.
        self._places = {item.scope for item in fleet.certificates}
        before = {Certificate(item).scope for item in all_of_kind(dict, baseline.get("certificates"))}
        self._is_whole = bool(fleet.is_whole) and before <= self._places

    def covers(self, finding: Finding) -> bool:
        """Whether this audit would have found a finding of an earlier one again."""
        check = self._checks.get(finding["check"])
        if check is None:
            return False
        if check.topic == "listing":
            return self._fleet.is_complete is True
        if check.topic in ("domain", "waiver"):
            return True
        if check.compares:
            return self._is_whole
        place = (finding["project_id"] or "", finding["region"] or "")
        was_listed = bool(self._fleet.is_whole) and place in self._places
        return was_listed or (*place, finding["ssl_id"]) in self._certificates


def _is_finding(item: Any) -> bool:
    if not isinstance(item, Mapping) or not item.keys() >= _FINDING:
        return False
    texts = [item[name] for name in _TEXTS]
    return item["severity"] in SEVERITIES and all(isinstance(text, (str, type(None))) for text in texts)
