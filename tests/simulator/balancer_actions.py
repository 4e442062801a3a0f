# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions about load balancers: all rows that match a request, before paging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .balancers import Balancers, Record
from .fleet import Listing

Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Rows:
    """All rows that match a request, or the RetCode and message of a refusal."""

    items: list[Record]
    refusal: tuple[int, str] | None = None


@dataclass(frozen=True)
class BalancerAction:
    """An action that lists load balancers, listeners or policies.

    Attributes:
        field: The field of the response with the rows.
        default_limit: The page size of requests without ``Limit``.
        rows: Returns the rows for the load balancers and the certificates of a scope, and the parameters of a request.
    """

    field: str
    default_limit: int
    rows: Callable[[Balancers, Listing, Parameters], Rows]


def _load_balancers(balancers: Balancers, _certificates: Listing, parameters: Parameters) -> Rows:
    if parameters.get("Type", "Application") != "Application":
        return Rows([], (230, "Params [Type] not available"))
    wanted = {value for name, value in parameters.items() if name.startswith("LoadBalancerIds.")}
    items = [item for item in balancers.applications if not wanted or item["LoadBalancerId"] in wanted]
    if parameters.get("ShowDetail", "").lower() != "true":
        items = [{key: value for key, value in item.items() if key != "Listeners"} for item in items]
    return Rows(items)


def _listeners(balancers: Balancers, _certificates: Listing, parameters: Parameters) -> Rows:
    balancer_id, listener_id = parameters.get("LoadBalancerId"), parameters.get("ListenerId")
    if not balancer_id and not listener_id:
        return Rows([], (220, "Missing params [LoadBalancerId]"))
    return Rows(
        [
            listener
            for balancer in balancers.applications
            if balancer_id in (None, "", balancer["LoadBalancerId"])
            for listener in balancer["Listeners"]
            if listener_id in (None, "", listener["ListenerId"])
        ]
    )


def _classics(balancers: Balancers, certificates: Listing, parameters: Parameters) -> Rows:
    wanted = parameters.get("ULBId")
    items = [item for item in balancers.classics if wanted in (None, "", item["ULBId"])]
    read = _Contents(certificates)
    return Rows([{**item, "VServerSet": list(map(read.into, item["VServerSet"]))} for item in items])


def _vservers(balancers: Balancers, certificates: Listing, parameters: Parameters) -> Rows:
    balancer_id, vserver_id = parameters.get("ULBId"), parameters.get("VServerId")
    if not balancer_id:
        return Rows([], (220, "Missing params [ULBId]"))
    read = _Contents(certificates)
    return Rows(
        [
            read.into(vserver)
            for balancer in balancers.classics
            if balancer["ULBId"] == balancer_id
            for vserver in balancer["VServerSet"]
            if vserver_id in (None, "", vserver["VServerId"])
        ]
    )


def _policies(balancers: Balancers, _certificates: Listing, parameters: Parameters) -> Rows:
    wanted = parameters.get("SecurityPolicyId")
    return Rows([item for item in balancers.policies if wanted in (None, "", item["SecurityPolicyId"])])


class _Contents:
    """Adds certificates with their private keys to the records of classic listeners, like the API."""

    def __init__(self, certificates: Listing) -> None:
        self._certificates = certificates
        self._found: dict[str, Record] | None = None

    def into(self, vserver: Record) -> Record:
        """Return the record with the fields of its certificates. One that does not exist only keeps its id.

        Certificates with content are not changed.
        """
        if all("SSLContent" in item for item in vserver["SSLSet"] or ()):
            return vserver
        if self._found is None:
            records = self._certificates.records(0, len(self._certificates))
            self._found = {str(item.get("SSLId")): item for item in records}
        found = self._found
        return {**vserver, "SSLSet": [{**item, **_shown(found.get(item["SSLId"], {}))} for item in vserver["SSLSet"]]}


def _shown(record: Record) -> Record:
    names = ("SSLName", "SSLType", "SSLContent", "HashValue", "CreateTime")
    return {name: record[name] for name in names if name in record}


BALANCER_ACTIONS = {
    "DescribeLoadBalancers": BalancerAction("LoadBalancers", 100, _load_balancers),
    "DescribeListeners": BalancerAction("Listeners", 100, _listeners),
    "DescribeULB": BalancerAction("DataSet", 20, _classics),
    "DescribeVServer": BalancerAction("DataSet", 20, _vservers),
    "DescribeSecurityPoliciesV2": BalancerAction("DataSet", 20, _policies),
}
