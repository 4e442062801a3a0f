# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of the API: permissions, responses and RetCodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import signature
from .accounts import LISTING_ACTIONS, Account
from .balancer_actions import BALANCER_ACTIONS
from .fleet import Fleet, Listing, Record, dump

DEFAULT_LIMIT = 20
REFUSALS = {
    293: "no permission for this zone",
    294: "request from this IP address is not allowed",
    295: "the account is under a security lock",
    299: "IAM permission denied",
}


@dataclass
class Settings:
    """Behaviour of the API. It may be changed while a simulator runs."""

    latency: float = 0.0
    """Delay in seconds before every response."""
    max_limit: int = 100
    """Maximum page size. A larger ``Limit`` is silently reduced to it."""
    channel_key: str | None = None
    """Value that the ``channel-key`` header must have (RetCode 174 otherwise)."""
    filters_ids: bool = True
    """Whether ``SSLId`` is supported. If not, it is ignored."""
    ssl_id_total: str = "all"
    """TotalCount of a request with ``SSLId``: ``all`` certificates of the scope, or the ``matching`` ones."""


class RefusedError(Exception):
    """The API refuses a request."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class ApiResponse:
    """A response of the API, without the records of a listing."""

    action: str | None
    code: int = 0
    message: str = ""
    fields: Record = field(default_factory=dict)

    def document(self) -> Record:
        """Return the response as a new object, which may be changed."""
        envelope: Record = {"RetCode": self.code, "Message": self.message}
        if self.action:
            envelope["Action"] = f"{self.action}Response"
        return {**envelope, **self.fields}

    def render(self) -> bytes:
        """Return the response as JSON."""
        return dump(self.document())


@dataclass(frozen=True)
class Page(ApiResponse):
    """Some records of a listing. They are read when the response is rendered."""

    listing: Listing | None = None
    start: int = 0
    stop: int = 0
    convert: Callable[[Record], Record] | None = None
    """Converts a record to the format of the older action."""

    def document(self) -> Record:
        """Return the response with the records."""
        records = self.listing.records(self.start, self.stop) if self.listing else []
        if self.convert:
            records = [self.convert(record) for record in records]
        return {**super().document(), "DataSet": records}

    def render(self) -> bytes:
        """Return the response as JSON. Listings may cache rendered records."""
        if self.listing is None or self.convert:
            return super().render()
        head = dump(ApiResponse.document(self))
        return head[:-1] + b',"DataSet":[' + self.listing.render(self.start, self.stop) + b"]}"


Scope = tuple[str, str]


class Api:
    """Processes requests, independent of HTTP."""

    def __init__(
        self,
        fleet: Fleet,
        accounts: Mapping[str, Account],
        settings: Settings,
        view: Callable[[Scope, Listing], Listing],
    ) -> None:
        """``view`` returns the current state of the listing of a (region, project)."""
        self.fleet = fleet
        self._accounts = accounts
        self._settings = settings
        self._view = view

    def scope(self, parameters: Mapping[str, str]) -> Scope:
        """Return the (region, project) of a request, whether or not they exist."""
        project = parameters.get("ProjectId") or self.fleet.default_project
        return parameters.get("Region", ""), project

    def respond(self, parameters: Mapping[str, str], channel_key: str | None = None) -> ApiResponse:
        """Return the response to a request. ``channel_key`` is the value of that header."""
        action = parameters.get("Action")
        try:
            handler = _handler(action)
            account = self._authenticate(parameters, channel_key)
            return handler(self, account, parameters)
        except RefusedError as refusal:
            return ApiResponse(action, refusal.code, refusal.message)

    def _authenticate(self, parameters: Mapping[str, str], channel_key: str | None) -> Account:
        if not parameters.get("Signature"):
            raise RefusedError(170, "Missing signature")
        public_key = parameters.get("PublicKey")
        for account in list(self._accounts.values()):
            if account.public_key == public_key:
                break
        else:
            raise RefusedError(172, "User does not exist")
        if not signature.verify(parameters, account.private_key):
            raise RefusedError(171, "Signature VerifyAC Error")
        if (parameters.get("SecurityToken") or None) != account.security_token:
            raise RefusedError(174, "Security token does not exist")
        for wanted in (self._settings.channel_key, account.channel_key):
            if wanted is not None and channel_key != wanted:
                raise RefusedError(174, "Channel key does not fit")
        return account

    def _permit(self, account: Account, action: str, project_id: str | None = None) -> None:
        if account.refusal is not None and account.refuses(action, project_id):
            raise RefusedError(account.refusal, REFUSALS.get(account.refusal, "refused"))

    def _regions(self, account: Account, _parameters: Mapping[str, str]) -> ApiResponse:
        self._permit(account, "GetRegion")
        rows = [row for number, region in enumerate(self.fleet.regions, start=1) for row in region.to_wire(number)]
        return ApiResponse("GetRegion", fields={"Regions": rows})

    def _projects(self, account: Account, _parameters: Mapping[str, str]) -> ApiResponse:
        self._permit(account, "GetProjectList")
        rows = [item.to_wire() for item in self.fleet.projects if account.sees(item.project_id)]
        fields = {"ProjectCount": len(rows), "ProjectSet": rows}
        return ApiResponse("GetProjectList", fields=fields)

    def _certificates(self, account: Account, parameters: Mapping[str, str]) -> ApiResponse:
        action = parameters["Action"]
        region, project = self._checked_scope(account, parameters)
        self._permit(account, action, project)
        offset = _number(parameters, "Offset", 0)
        # Clients that cannot omit a parameter send 0.
        limit = _number(parameters, "Limit", 0) or DEFAULT_LIMIT
        listing = self._view((region, project), self.fleet.listing(region, project))
        start, stop = offset, offset + min(limit, self._settings.max_limit)
        total = len(listing)
        if self._settings.filters_ids and (ssl_id := parameters.get("SSLId")):
            found = listing.find(ssl_id)
            start, stop = (0, 0) if found is None else (found, found + 1)
            if self._settings.ssl_id_total == "matching":
                total = stop - start
        return Page(
            action,
            fields={"TotalCount": total},
            listing=listing,
            start=start,
            stop=stop,
            convert=_classic if action == "DescribeSSL" else None,
        )

    def _balancers(self, account: Account, parameters: Mapping[str, str]) -> ApiResponse:
        name = parameters["Action"]
        action = BALANCER_ACTIONS[name]
        region, project = self._checked_scope(account, parameters)
        self._permit(account, name, project)
        rows = action.rows(self.fleet.balancers(region, project), self.fleet.listing(region, project), parameters)
        if rows.refusal is not None:
            raise RefusedError(*rows.refusal)
        start = _number(parameters, "Offset", 0)
        stop = start + min(_number(parameters, "Limit", 0) or action.default_limit, self._settings.max_limit)
        return ApiResponse(name, fields={"TotalCount": len(rows.items), action.field: rows.items[start:stop]})

    def _checked_scope(self, account: Account, parameters: Mapping[str, str]) -> Scope:
        if not parameters.get("Region"):
            raise RefusedError(220, "Missing params [Region]")
        region, project = self.scope(parameters)
        if region not in self.fleet.region_names:
            raise RefusedError(230, "Params [Region] not available")
        if not parameters.get("ProjectId") and account.sub_account:
            raise RefusedError(292, "sub-account needs ProjectId")
        if project not in self.fleet.project_ids or not account.sees(project):
            raise RefusedError(292, "Project does not exist")
        return region, project


def _number(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name) or str(default)
    if not text.isdecimal():
        raise RefusedError(230, f"Params [{name}] not available")
    return int(text)


def _classic(record: Record) -> Record:
    """Convert a record to the format of DescribeSSL, with bindings to classic load balancers only."""
    targets: list[dict[str, Any]] = [
        {
            "VServerId": relation["ListenerId"],
            "VServerName": relation["ListenerName"],
            "ULBId": relation["LoadBalancerId"],
            "ULBName": relation["LoadBalancerName"],
        }
        for relation in record.get("Relations") or []
        if str(relation.get("LoadBalancerId", "")).startswith("ulb-")
    ]
    rest = {key: value for key, value in record.items() if key != "Relations"}
    return {**rest, "BindedTargetSet": targets}


Handler = Callable[[Api, Account, Mapping[str, str]], ApiResponse]


def _handler(action: str | None) -> Handler:
    if not action:
        raise RefusedError(160, "Missing Action")
    if action not in _ACTIONS:
        raise RefusedError(161, f"Action {action} does not exist")
    return _ACTIONS[action]


_ACTIONS: dict[str, Handler] = {
    "GetRegion": Api._regions,
    "GetProjectList": Api._projects,
    **dict.fromkeys(LISTING_ACTIONS, Api._certificates),
    **dict.fromkeys(BALANCER_ACTIONS, Api._balancers),
}
ACTIONS = tuple(_ACTIONS)
