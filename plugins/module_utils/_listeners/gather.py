# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List listeners in many regions and projects, with their load balancers and TLS policies.

There are three listings per region and project: application load balancers with their listeners, classic ones, and TLS
policies, because application listeners only have the id of theirs. An account may have permission for only some of
these. Private keys go no further: records of classic listeners contain them, and only the model reads those records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from .._api.client import Client
from .._api.errors import UCloudError
from .._api.summaries import some_of
from .._listing.listing import NOT_OFFERED, Lister, PagedAction, Target, identity_of
from .._listing.paging import Listing
from .._listing.scopes import Scope
from .kinds import APPLICATION, CLASSIC
from .model import Listener, LoadBalancer
from .query import LOAD_BALANCER_TYPES, ListenerQuery
from .tls_policy import TlsPolicy

#: RetCodes of a region without application load balancers: the action does not exist, or the service is not offered.
_NOT_OFFERED = frozenset((161, NOT_OFFERED))


@dataclass
class GatheredListeners:
    """The listeners that were found.

    Attributes:
        listeners: Those that were selected.
        total: The number before selection.
        undecided: Selected listeners that may not meet the conditions, because a fact is unknown.
        errors: One error for each listing that failed.
    """

    listeners: list[Listener] = field(default_factory=list)
    total: int = 0
    undecided: list[Listener] = field(default_factory=list)
    errors: list[UCloudError] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every listing is complete."""
        return not self.errors


def gather_listeners(client: Client, query: ListenerQuery, scopes: Iterable[Scope] | None = None) -> GatheredListeners:
    """List listeners, sorted by project, region, load balancer, port and id.

    Args:
        client: Sends the requests.
        query: What to list.
        scopes: Where to list, if that is already known.

    Raises:
        UCloudError: A listing failed, and ``on_error`` is ``fail``. Rejected credentials always raise.
    """
    with Lister(client, query.page_size, query.on_error) as lister:
        if scopes is None:
            scopes = lister.find_scopes(query.regions, query.project_ids)
        wanted = ListenerListings(scopes, query.load_balancer_types)
        listeners = wanted.listeners(lister, lister.list_all(wanted.targets))
    verdicts = [(listener, query.selection.matches(listener)) for listener in listeners]
    return GatheredListeners(
        listeners=[listener for listener, verdict in verdicts if verdict is not False],
        total=len(listeners),
        undecided=[listener for listener, verdict in verdicts if verdict is None],
        errors=lister.errors,
    )


class ListenerListings:
    """The listings of listeners, as a part of what a :class:`Lister` lists.

    Args:
        scopes: Where to list.
        load_balancer_types: Which types of load balancers to list.

    Attributes:
        targets: What to pass to :meth:`Lister.list_all`.
    """

    def __init__(self, scopes: Iterable[Scope], load_balancer_types: Iterable[str] = LOAD_BALANCER_TYPES) -> None:
        actions = _actions(load_balancer_types)
        self.targets = [Target(action, scope) for scope in scopes for action in actions]

    def listeners(self, lister: Lister, listings: Mapping[Target, Listing[Any]]) -> list[Listener]:
        """Return the listeners in ``listings``, sorted and with their TLS policies.

        Those of load balancers whose records do not contain them are requested.

        Raises:
            UCloudError: A request failed, as for :meth:`Lister.list_all`.
        """
        records = {target: listings[target].records for target in self.targets if target in listings}
        policies = {
            target.scope: {policy.policy_id: policy for policy in found}
            for target, found in records.items()
            if target.action is POLICIES
        }
        balancers = [
            balancer for target, found in records.items() if target.action is not POLICIES for balancer in found
        ]
        listeners = [listener for balancer in balancers for listener in balancer.listeners or ()]
        listeners += _listed_separately(lister, balancers)
        return sorted(
            (item.with_policy(policies.get(Scope(item.region, item.project_id), {})) for item in listeners),
            key=attrgetter("sort_key"),
        )


def undecided_warnings(listeners: Sequence[Listener]) -> list[str]:
    """Return at most one warning about listeners that may be selected by mistake."""
    if not listeners:
        return []
    named = some_of((f"{item.listener_id} in {item.region}" for item in listeners), len(listeners))
    consequence = "may or may not match the selection, because the API did not return what decides it"
    return [f"{len(listeners)} listener(s) {consequence}: {named}."]


def _listed_separately(lister: Lister, balancers: list[LoadBalancer]) -> list[Listener]:
    """List the listeners of load balancers whose records do not contain them. Those that fail are left out."""
    targets = [
        Target(_listeners_of(balancer), Scope(balancer.region, balancer.project_id))
        for balancer in balancers
        if balancer.listeners is None
    ]
    return [listener for listing in lister.list_all(targets).values() for listener in listing.records]


def _listeners_of(balancer: LoadBalancer) -> PagedAction[Listener]:
    """Return the action that lists the listeners of one load balancer."""
    name, rows_field, id_field, parameter = (
        ("DescribeListeners", "Listeners", "ListenerId", "LoadBalancerId")
        if balancer.load_balancer_type == APPLICATION
        else ("DescribeVServer", "DataSet", "VServerId", "ULBId")
    )
    return PagedAction(
        name,
        noun=f"listeners of {balancer.load_balancer_id}",
        read=lambda row, _scope: (identity_of(row, id_field), balancer.read_listener(row)),
        parameters={parameter: balancer.load_balancer_id},
        rows_field=rows_field,
        permission=f"ulb:{name}",
    )


def _read_application(row: dict[str, Any], scope: Scope) -> tuple[str, LoadBalancer]:
    return identity_of(row, "LoadBalancerId"), LoadBalancer.from_application(row, *scope)


def _read_classic(row: dict[str, Any], scope: Scope) -> tuple[str, LoadBalancer]:
    return identity_of(row, "ULBId"), LoadBalancer.from_classic(row, *scope)


def _read_policy(row: dict[str, Any], _scope: Scope) -> tuple[str, TlsPolicy]:
    return identity_of(row, "SecurityPolicyId"), TlsPolicy.from_api(row)


APPLICATIONS: PagedAction[LoadBalancer] = PagedAction(
    "DescribeLoadBalancers",
    noun="application load balancers",
    read=_read_application,
    parameters={"Type": "Application", "ShowDetail": True},
    rows_field="LoadBalancers",
    permission="ulb:DescribeLoadBalancers",
    not_offered=_NOT_OFFERED,
)
CLASSICS: PagedAction[LoadBalancer] = PagedAction(
    "DescribeULB",
    noun="classic load balancers",
    read=_read_classic,
    permission="ulb:DescribeULB",
)
POLICIES: PagedAction[TlsPolicy] = PagedAction(
    "DescribeSecurityPoliciesV2",
    noun="TLS policies",
    read=_read_policy,
    permission="ulb:DescribeSecurityPoliciesV2",
    not_offered=_NOT_OFFERED,
)


#: The names of all actions that list listeners or what belongs to them, with the type of load balancer they are for.
ACTIONS = {
    APPLICATIONS.name: APPLICATION,
    "DescribeListeners": APPLICATION,
    POLICIES.name: APPLICATION,
    CLASSICS.name: CLASSIC,
    "DescribeVServer": CLASSIC,
}


def _actions(load_balancer_types: Iterable[str]) -> list[PagedAction[Any]]:
    """Return the actions for these types of load balancers. Records of classic listeners include their TLS policy."""
    by_type = {APPLICATION: (APPLICATIONS, POLICIES), CLASSIC: (CLASSICS,)}
    return [action for kind in load_balancer_types for action in by_type[kind]]
