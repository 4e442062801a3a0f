# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the policy's waivers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..definition import Found, Options, Problem, Unknown, fleet_check
from ..facts import FleetFacts
from ..messages import message
from ..schema import WAIVER_TARGETS, WaiverData


@fleet_check(
    "Waiver has expired",
    "medium",
    topic="waiver",
    remediation="Fix the finding or renew the waiver.",
)
def waiver_expired(fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """A waiver of the policy has expired. The findings that it waived count again."""
    for about, target, waiver in _with_unique_names(fleet.expired_waivers):
        detail = message(
            "The waiver of {check} for {target} expired at {time}.",
            check=waiver["check"],
            target=target,
            time=waiver["expires"],
        )
        yield None, Problem(detail, {"waiver": waiver}, about=about)


@fleet_check(
    "Waiver is not used",
    "low",
    topic="waiver",
    remediation="Remove the waiver from the policy, or correct what it names: it does not match any finding.",
)
def waiver_unused(fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """A waiver of the policy does not match any finding.

    The check is only made for a complete listing without selection, because the waiver may be for a certificate that
    was not listed; for waivers of listeners, the listing of listeners has to be complete, too. The check is undecided
    if the waiver names a domain or a fingerprint, and a certificate cannot be read.
    """
    if not fleet.is_whole:
        return
    has_all_listeners = fleet.listeners is not None and fleet.listeners.is_whole
    unread = {
        "domain": any(item.facts.get("domains_from") != "certificate" for item in fleet.certificates),
        "fingerprint": any(item.fingerprint is None for item in fleet.certificates),
    }
    unused = (waiver for waiver in fleet.unused_waivers if has_all_listeners or not _is_for_listeners(waiver))
    for about, target, waiver in _with_unique_names(unused):
        if any(is_unread and kind in waiver for kind, is_unread in unread.items()):
            why = message(
                "whether the waiver of {check} for {target} matches a certificate that cannot be read is not known",
                check=waiver["check"],
                target=target,
            )
            yield None, Unknown(why, about=about)
        else:
            detail = message(
                "The waiver of {check} for {target} does not match any finding.", check=waiver["check"], target=target
            )
            yield None, Problem(detail, {"waiver": waiver}, about=about)


def _is_for_listeners(waiver: WaiverData) -> bool:
    """Whether a waiver is for what only the facts of listeners can show."""
    needs_facts = waiver["check"].startswith("listener_") and waiver["check"] != "listener_without_default"
    is_listener = "listener_id" in waiver or "load_balancer_id" in waiver
    return is_listener or needs_facts or waiver["check"] == "binding_drift"


def _with_unique_names(waivers: Iterable[WaiverData]) -> Iterator[tuple[str, str, WaiverData]]:
    """Yield each different waiver once, with a name that no other one has, and with what it is for."""
    seen: dict[str, list[WaiverData]] = {}
    for waiver in waivers:
        ((kind, target),) = ((name, value) for name, value in waiver.items() if name in WAIVER_TARGETS)
        about = f"{waiver['check']}, {kind} {target}, until {waiver['expires'][:10]}"
        same = seen.setdefault(about, [])
        if waiver not in same:
            same.append(waiver)
            yield about if len(same) == 1 else f"{about} #{len(same)}", str(target), waiver


CHECKS = (waiver_expired, waiver_unused)
