# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read an earlier audit, the baseline, and compare findings with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from ...module_utils._api.errors import OptionError
from .definition import Check
from .facts import LISTENERS, CertificateFacts, FleetFacts
from .policy import Policy
from .schema import FIXED, GONE, NOT_COMPARABLE, SUPERSEDED, Baseline, Finding
from .validation import validate
from .values import all_of_kind, as_kind

#: Checks that report the same problem at different stages. If a finding of one replaces a finding of another one, the
#: problem is not fixed.
FAMILIES = (
    ("cert_expired", "cert_expiring_critical", "cert_expiring_warning", "cert_expiring_fraction"),
    ("chain_missing", "chain_order", "chain_member_expired"),
    ("listener_without_certificate", "listener_without_default"),
    ("waiver_unused", "waiver_expired"),
)

_FAMILY_OF = {check: family for family in FAMILIES for check in family}
_HINT = "Give an earlier result of ssl_audit, for example its JSON report read with from_json."


def read_baseline(data: Any) -> Baseline | None:
    """Read an earlier audit, from data or from the text of its JSON report.

    Returns:
        The audit; ``None`` if there is no data, or the text is empty.

    Raises:
        OptionError: It is not an audit.
    """
    if isinstance(data, str):
        data = _from_json(data)
    if data is None:
        return None
    validate(data, Baseline, "baseline", _HINT)
    return cast("Baseline", dict(data))


def _from_json(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError) as error:
        raise OptionError(
            f"baseline: invalid JSON: {error}", hint="Give the JSON report of an earlier audit, or leave it out."
        ) from None


def compare(
    findings: list[Finding], baseline: Baseline, fleet: FleetFacts, policy: Policy
) -> tuple[list[Finding], int]:
    """Mark findings as new or unchanged, or as not comparable if the check had other options in the baseline.

    A check that was undecided and now fails is new.

    Returns:
        The findings of the baseline that are gone, marked accordingly, and the number of those that were not checked
        again.
    """
    earlier = {item["fingerprint"]: item for item in baseline["findings"] if item["status"] not in GONE}
    failed = {item["fingerprint"] for item in baseline["findings"] if item["status"] == "fail"}
    scope = _Scope(fleet, baseline, policy)
    undecided = {_check_of_listener(finding) for finding in findings if _is_undecided_for_listener(finding)}
    for finding in findings:
        known = failed if finding["status"] == "fail" else earlier.keys()
        appeared = NOT_COMPARABLE if scope.has_other_options(finding["check"]) else "new"
        finding["change"] = "unchanged" if finding["fingerprint"] in known else appeared
    present = {finding["fingerprint"] for finding in findings}
    successors = _successors(findings)
    gone = []
    not_checked = 0
    for fingerprint, finding in earlier.items():
        if fingerprint in present:
            continue
        successor = successors.get(_family_key(finding))
        if successor is not None:
            gone.append(_gone(finding, SUPERSEDED, {"superseded_by": successor}))
        elif not scope.covers(finding) or _check_of_listener(finding) in undecided:
            not_checked += 1
        else:
            gone.append(_gone(finding, NOT_COMPARABLE if scope.may_depend_on_options(finding) else FIXED, {}))
    return gone, not_checked


def _gone(finding: Finding, change: str, evidence: dict[str, Any]) -> Finding:
    return {
        **finding,
        "status": change,
        "change": change,
        "waived": False,
        "waiver": None,
        "evidence": {**finding["evidence"], **evidence},
    }


def _successors(findings: list[Finding]) -> dict[tuple[Any, ...], str]:
    """Return the checks that fail since the baseline, by their family and what they are about."""
    return {
        _family_key(finding): finding["check"]
        for finding in findings
        if finding["status"] == "fail" and finding["change"] != "unchanged" and finding["check"] in _FAMILY_OF
    }


def _family_key(finding: Finding) -> tuple[Any, ...]:
    """Return what findings of a family have in common. A check without a family is a family of its own."""
    family = _FAMILY_OF.get(finding["check"], finding["check"])
    subject = _listener_of(finding) or finding["ssl_id"] or finding["ssl_name"]
    return (family, finding["project_id"], finding["region"], subject, finding["about"])


def _check_of_listener(finding: Finding) -> tuple[Any, ...]:
    """Return what findings of a check about one listener have in common, whatever hosts they are about."""
    return (finding["check"], *_scope(finding), _listener_of(finding))


def _is_undecided_for_listener(finding: Finding) -> bool:
    """Whether a check is undecided for a whole listener, so that nothing can be said about its hosts."""
    listener_id = _listener_of(finding)
    return finding["status"] == "unknown" and listener_id is not None and finding["about"] == listener_id


def _listener_of(finding: Finding) -> str | None:
    """Return the id of the listener that a finding is about. Audits of earlier versions only have it in ``about``."""
    if "listener_id" not in finding and finding["check"] == "listener_without_default":
        return finding["about"]
    return finding.get("listener_id")


class _Scope:
    """What an audit covers, and which checks had other options in the baseline."""

    def __init__(self, fleet: FleetFacts, baseline: Mapping[str, Any], policy: Policy) -> None:
        self._rules = {rule.check.id: rule for rule in policy.rules}
        self._fleet = fleet
        self._certificates = {(*item.scope, item.ssl_id) for item in fleet.certificates if item.ssl_id}
        # Facts do not show whether other regions and projects are empty, or were not listed.
        self._scopes = {item.scope for item in fleet.certificates}
        self._listeners = _ListenerScope(fleet)
        before = {CertificateFacts(item).scope for item in all_of_kind(dict, baseline.get("certificates"))}
        self._is_whole = bool(fleet.is_whole) and before <= self._scopes
        data = as_kind(dict, baseline.get("policy")) or {}
        then, now = as_kind(dict, data.get("checks")) or {}, policy.to_data()["checks"]
        checks = [rule.check for rule in policy.rules]
        self._changed = {check.id for check in checks if _has_changed(check, then, now)}

    def covers(self, finding: Finding) -> bool:
        """Whether this audit would report a finding of the earlier audit again if the problem persisted."""
        rule = self._rules.get(finding["check"])
        if rule is None:
            return False
        check = rule.check
        if check.topic in ("domain", "waiver"):
            # A check of domains only looks for those in its option.
            return check.topic == "waiver" or finding["about"] in rule.options[check.needs]
        if check.topic == "endpoint":
            return check.requires not in self._fleet.missing and self._was_probed(finding)
        if check.requires == LISTENERS or (check.topic == "listener" and self._fleet.listeners is not None):
            return self._listeners.is_complete if check.topic == "listing" else self._listeners.covers(finding)
        if check.topic == "listing":
            return self._fleet.is_complete is True
        return self._is_whole if check.compares else self._was_listed(finding) or self._is_there(finding)

    def has_other_options(self, check: str) -> bool:
        """Whether a check had other options in the baseline."""
        return check in self._changed

    def may_depend_on_options(self, finding: Finding) -> bool:
        """Whether a finding may be gone because of other options, and not because its certificate was deleted."""
        is_deleted = bool(finding["ssl_id"]) and self._was_listed(finding) and not self._is_there(finding)
        is_deleted = is_deleted or self._listeners.lack(finding)
        return self.has_other_options(finding["check"]) and not is_deleted

    def _was_probed(self, finding: Finding) -> bool:
        endpoints, check = self._fleet.endpoints, finding["check"]
        found = endpoints.by_identity.get((*_scope(finding), finding["about"] or ""), ()) if endpoints else ()
        if check == "endpoint_unreachable":
            return bool(found)
        is_expected = check != "endpoint_other_certificate"
        return any(item.reachable and (is_expected or item.expected_fingerprints is not None) for item in found)

    def _was_listed(self, finding: Finding) -> bool:
        return bool(self._fleet.is_whole) and _scope(finding) in self._scopes

    def _is_there(self, finding: Finding) -> bool:
        return (*_scope(finding), finding["ssl_id"]) in self._certificates


class _ListenerScope:
    """Which listeners an audit covers."""

    def __init__(self, fleet: FleetFacts) -> None:
        listeners = fleet.listeners
        items = listeners.items if listeners else []
        self.is_complete = listeners is not None and listeners.is_complete is True
        self._is_whole = listeners is not None and listeners.is_whole
        self._scopes = {item.scope for item in (*items, *fleet.certificates)}
        self._listeners = {(*item.scope, item.listener_id) for item in items}
        self._balancers = set(listeners.load_balancers) if listeners else set()

    def covers(self, finding: Finding) -> bool:
        """Whether a finding about a listener or load balancer would be reported again."""
        return self._are_there(finding) or self.lack(finding)

    def lack(self, finding: Finding) -> bool:
        """Whether the listener or load balancer of a finding is known to be deleted."""
        is_about_one = _listener_of(finding) or finding.get("load_balancer_id")
        is_listed = self._is_whole and _scope(finding) in self._scopes
        return bool(is_about_one) and is_listed and not self._are_there(finding)

    def _are_there(self, finding: Finding) -> bool:
        listener_id = _listener_of(finding)
        if listener_id:
            return (*_scope(finding), listener_id) in self._listeners
        return (*_scope(finding), finding.get("load_balancer_id") or "") in self._balancers


def _scope(finding: Finding) -> tuple[str, str]:
    return (finding["project_id"] or "", finding["region"] or "")


def _has_changed(check: Check, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a check had other options before. A check that was off has no findings, so that nothing has changed."""
    before = as_kind(dict, then.get(check.id)) or {}
    if before.get("enabled") is False or check.topic == "domain":
        return False
    return _options(check, then) != _options(check, now)


def _options(check: Check, checks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that a verdict depends on, including linked ones. The order of lists does not count."""
    own = as_kind(dict, checks.get(check.id)) or {}
    options = {name: value for name, value in own.items() if name not in ("enabled", "severity")}
    for name, other in check.linked.items():
        linked = as_kind(dict, checks.get(other)) or {}
        options[f"{other}.{name}"] = (linked.get("enabled"), linked.get(name))
    return {name: sorted(map(str, value)) if isinstance(value, list) else value for name, value in options.items()}
