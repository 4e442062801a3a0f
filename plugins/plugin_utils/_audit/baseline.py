# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An earlier audit, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...module_utils._api.errors import OptionError
from .facts import Certificate, Fleet, all_of_kind, as_kind
from .policy import Policy
from .registry import SEVERITIES, Check

Finding = dict[str, Any]

#: What a finding of a baseline that is not there any more can be: put right; given way to another one of its family;
#: or judged by options that were others then.
FIXED, SUPERSEDED, NOT_COMPARABLE = GONE = ("fixed", "superseded", "not_comparable")
#: Checks that are about the same defect in its different states: where one finding gives way to another one of these,
#: nothing was put right.
FAMILIES = (
    ("cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction"),
    ("chain_missing", "chain_order", "chain_member_expired"),
    ("waiver_unused", "waiver_expired"),
)

_FAMILY_OF = {check: family for family in FAMILIES for check in family}
_TEXTS = ("check", "status", "ssl_id", "ssl_name", "region", "project_id", "about", "fingerprint")
#: What every finding has.
_FINDING = frozenset((*_TEXTS, "severity", "title", "detail", "evidence", "remediation", "waived", "waiver", "change"))


def read_baseline(data: Any) -> dict[str, Any] | None:
    """An earlier audit, as data or as the text of its JSON report; ``None`` if there is nothing.

    :raises OptionError: it is something else.
    """
    if isinstance(data, str):
        data = _from_json(data)
    if data is None:
        return None
    findings = data.get("findings") if isinstance(data, Mapping) else None
    if not isinstance(findings, list) or not all(map(_is_finding, findings)):
        raise OptionError(
            "baseline: it is no audit",
            hint="Give what ssl_audit returned before, for example from its JSON report with from_json.",
        )
    return dict(data)


def _from_json(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError) as error:
        raise OptionError(
            f"baseline: it is no JSON: {error}", hint="Give the JSON report of an earlier audit, or leave it out."
        ) from None


def compare(
    findings: list[Finding], baseline: Mapping[str, Any], fleet: Fleet, policy: Policy
) -> tuple[list[Finding], int]:
    """Mark findings as new or unchanged, or as not comparable if the baseline's check had other options.

    What could not be decided and now fails is new.

    :returns: the findings of the baseline that are gone, marked as such, and the number of those that are gone only
        because nothing has looked for them.
    """
    earlier = {item["fingerprint"]: item for item in baseline["findings"] if item["status"] not in GONE}
    failed = {item["fingerprint"] for item in baseline["findings"] if item["status"] == "fail"}
    scope = _Scope(fleet, baseline, policy)
    for finding in findings:
        known = failed if finding["status"] == "fail" else earlier.keys()
        appeared = NOT_COMPARABLE if scope.has_other_options(finding["check"]) else "new"
        finding["change"] = "unchanged" if finding["fingerprint"] in known else appeared
    present = {finding["fingerprint"] for finding in findings}
    followers = _followers(findings)
    gone = []
    not_checked = 0
    for fingerprint, finding in earlier.items():
        if fingerprint in present:
            continue
        follower = followers.get(_subject(finding))
        if follower is not None:
            gone.append(_gone(finding, SUPERSEDED, {"superseded_by": follower}))
        elif not scope.covers(finding):
            not_checked += 1
        else:
            gone.append(_gone(finding, NOT_COMPARABLE if scope.is_judged_otherwise(finding) else FIXED, {}))
    return gone, not_checked


def _gone(finding: Finding, change: str, evidence: dict[str, Any]) -> Finding:
    known = as_kind(dict, finding["evidence"]) or {}
    marks = {"status": change, "change": change, "waived": False, "waiver": None}
    return {**finding, **marks, "evidence": {**known, **evidence}}


def _followers(findings: list[Finding]) -> dict[tuple[Any, ...], str]:
    """The checks that fail about something since the baseline, by their family and what it is."""
    return {
        _subject(finding): finding["check"]
        for finding in findings
        if finding["status"] == "fail" and finding["change"] != "unchanged" and finding["check"] in _FAMILY_OF
    }


def _subject(finding: Finding) -> tuple[Any, ...]:
    """What a finding of a family is about. A check that is of none has a family of its own."""
    family = _FAMILY_OF.get(finding["check"], finding["check"])
    place = (finding["project_id"], finding["region"], finding["ssl_id"] or finding["ssl_name"])
    return (family, *place, finding["about"])


class _Scope:
    """What an audit has looked at, and what is not as it was for the baseline."""

    def __init__(self, fleet: Fleet, baseline: Mapping[str, Any], policy: Policy) -> None:
        self._rules = {rule.check.id: rule for rule in policy.rules}
        self._fleet = fleet
        self._certificates = {(*item.scope, item.ssl_id) for item in fleet.certificates if item.ssl_id}
        # Whether others were listed and are empty, or not asked for, cannot be told from the facts.
        self._places = {item.scope for item in fleet.certificates}
        before = {Certificate(item).scope for item in all_of_kind(dict, baseline.get("certificates"))}
        self._is_whole = bool(fleet.is_whole) and before <= self._places
        data = as_kind(dict, baseline.get("policy")) or {}
        then, now = as_kind(dict, data.get("checks")) or {}, policy.to_data()["checks"]
        checks = [rule.check for rule in policy.rules]
        self._changed = {check.id for check in checks if _has_changed(check, then, now)}

    def covers(self, finding: Finding) -> bool:
        """Whether this audit would have found a finding of an earlier one again."""
        rule = self._rules.get(finding["check"])
        if rule is None:
            return False
        check = rule.check
        if check.topic == "listing":
            return self._fleet.is_complete is True
        if check.topic == "domain":
            # The domains that it is about are an option of it.
            return finding["about"] in rule.options[check.needs]
        if check.topic == "waiver":
            return True
        if check.compares:
            return self._is_whole
        return self._was_listed(finding) or self._is_there(finding)

    def has_other_options(self, check: str) -> bool:
        """Whether a check had other options in the baseline."""
        return check in self._changed

    def is_judged_otherwise(self, finding: Finding) -> bool:
        """Whether that a finding is gone may be due to options. Of a certificate that is gone as well, it is not."""
        is_deleted = bool(finding["ssl_id"]) and self._was_listed(finding) and not self._is_there(finding)
        return self.has_other_options(finding["check"]) and not is_deleted

    def _was_listed(self, finding: Finding) -> bool:
        return bool(self._fleet.is_whole) and _place(finding) in self._places

    def _is_there(self, finding: Finding) -> bool:
        return (*_place(finding), finding["ssl_id"]) in self._certificates


def _place(finding: Finding) -> tuple[str, str]:
    return (finding["project_id"] or "", finding["region"] or "")


def _has_changed(check: Check, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a check that was on before had other options. One that was off has found nothing, whatever they were."""
    before = as_kind(dict, then.get(check.id)) or {}
    if before.get("enabled") is False or check.topic == "domain":
        return False
    return _options(check, then) != _options(check, now)


def _options(check: Check, checks: Mapping[str, Any]) -> dict[str, Any]:
    """What a verdict depends on by the data of a policy: how severe it is makes no difference, nor does an order."""
    own = as_kind(dict, checks.get(check.id)) or {}
    options = {name: value for name, value in own.items() if name not in ("enabled", "severity")}
    for name, other in check.linked.items():
        linked = as_kind(dict, checks.get(other)) or {}
        options[f"{other}.{name}"] = (linked.get("enabled"), linked.get(name))
    return {name: sorted(map(str, value)) if isinstance(value, list) else value for name, value in options.items()}


def _is_finding(item: Any) -> bool:
    if not isinstance(item, Mapping) or not item.keys() >= _FINDING:
        return False
    texts = [item[name] for name in _TEXTS]
    return item["severity"] in SEVERITIES and all(isinstance(text, (str, type(None))) for text in texts)
