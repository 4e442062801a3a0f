# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts -> names of their groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...module_utils._api.errors import OptionError
from ...module_utils._certificates.times import parse_duration
from .._grouping import VALUES, Facts
from .hosts import Host


class ExpiryGroups:
    """Maps certificates to expiry groups.

    Args:
        edges: Durations such as ``7d``, in any order.
        now: The current time in seconds since 1970.

    Raises:
        OptionError: An edge is not a duration.
    """

    def __init__(self, edges: Iterable[str], now: int) -> None:
        self._now = now
        seconds = {edge: parse_duration(edge) for edge in edges}
        for edge, length in seconds.items():
            if length is None:
                raise OptionError(
                    f"expiry_edges: {edge!r} is not a duration", hint="Give a duration such as 12h, 7d or 1w2d."
                )
        self._edges = sorted((length, edge) for edge, length in seconds.items() if length is not None)

    def group(self, facts: Facts) -> str:
        """Return the name of a certificate's group, without the prefix ``expiry_``."""
        if facts["not_after_epoch"] is None:
            return "unknown"
        remaining = facts["not_after_epoch"] - self._now
        if remaining < 0:
            return "expired"
        return next((edge for length, edge in self._edges if remaining < length), "later")


def group_names(host: Host, group_by: Iterable[str], expiry: ExpiryGroups) -> list[str]:
    """Return the names of a host's groups, before Ansible replaces invalid characters in them.

    A host is in the groups of all its certificates, except for those of other domains, load balancers and listeners
    (see :attr:`Host.own_values`).
    """
    names = [
        f"{criterion}_{value}"
        # A listener without a certificate still has its own values.
        for position, facts in enumerate(host.certificates or [None])
        for criterion in group_by
        # The host's own values are the same for each of its certificates.
        if not position or criterion not in host.own_values
        for value in _values(host, criterion, facts, expiry)
        if value
    ]
    return list(dict.fromkeys(names))


def _values(host: Host, criterion: str, facts: Facts | None, expiry: ExpiryGroups) -> list[Any]:
    if criterion in host.own_values:
        return host.own_values[criterion]
    if facts is None:
        return []
    return [expiry.group(facts)] if criterion == "expiry" else VALUES[criterion](facts)
