# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions and projects: certificates are kept for each pair of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .._api.errors import ApiError, IncompleteListingError, RequestContext, TransportError
from .._api.redaction import may_hold_key
from .._api.values import integer, text

if TYPE_CHECKING:
    # Not to load it where nothing is asked.
    from .._api.client import Client

#: What stands for every region or project there is.
ALL = "all"

_NAME_PROJECTS = "Name the projects in project_ids."

#: The actions that tell what there is.
LIST_REGIONS, LIST_PROJECTS = "GetRegion", "GetProjectList"
#: What the platform's reference names in place of GetRegion since 2026.
_LIST_REGIONS_LATER = "ListRegions"
_NAME_REGIONS = "Name the regions in regions."
_NO_SUCH_ACTION = 161
#: As the platform spells the id of a region, such as ``cn-bj2``. Rows have numbers for ids, too.
_REGION = re.compile("[a-z][a-z0-9-]{0,62}")


class Scope(NamedTuple):
    """One place to list; without a project it is the account's default one."""

    region: str
    project_id: str | None


def pairs(regions: Iterable[str], project_ids: Iterable[str | None]) -> list[Scope]:
    """Every pair of a region and a project, sorted as they are given, the projects first."""
    return [Scope(region, project_id) for project_id in project_ids for region in regions]


def list_regions(client: Client) -> list[str]:
    """Ids of all regions that the account may use, each once (the API has a row for each zone).

    :raises IncompleteListingError: the API names none, or has a row without one.
    """
    context = client.context(LIST_REGIONS)
    try:
        answer = client.call(context)
    except ApiError as error:
        if error.code != _NO_SUCH_ACTION:
            raise
    else:
        return _ids(answer, "Regions", "Region", context, _NAME_REGIONS)
    return _regions_listed_later(client)


def _regions_listed_later(client: Client) -> list[str]:
    """The regions as ListRegions tells them. Nothing describes its answer: any list of rows with a region is it."""
    context = client.context(_LIST_REGIONS_LATER)
    answer = client.call(context)
    for field, rows in answer.items():
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            named = [{"Region": _region_in(row)} for row in rows]
            if any(row["Region"] for row in named):
                return _ids({field: named}, field, "Region", context, _NAME_REGIONS)
    raise IncompleteListingError("the answer has no row with a Region", context, _NAME_REGIONS)


def _region_in(row: dict[str, Any]) -> str | None:
    values = (text(row.get(field)) for field in ("Region", "RegionId"))
    return next((value for value in values if value and _REGION.fullmatch(value)), None)


def list_projects(client: Client) -> list[str]:
    """Ids of all projects that the account may use.

    :raises IncompleteListingError: the API names more than it lists, or none, or has a row without one.
    """
    context = client.context(LIST_PROJECTS)
    answer = client.call(context)
    projects = _ids(answer, "ProjectSet", "ProjectId", context, _NAME_PROJECTS)
    count = integer(answer.get("ProjectCount"))
    if count is not None and count > len(projects):
        raise IncompleteListingError(
            f"the API names {count} projects, and lists {len(projects)}",
            context,
            _NAME_PROJECTS,
        )
    return projects


def rows_of(answer: dict[str, Any], field: str, context: RequestContext) -> list[dict[str, Any]]:
    """The records in a field of an answer; none if it is absent or null.

    :raises TransportError: it holds something else.
    """
    rows = answer.get(field)
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problem = f"the answer is not one of the UCloud API: {field} is not a list of objects"
        raise TransportError(problem, context, "Check base_url.", retryable=False)
    return rows


def _ids(answer: dict[str, Any], rows: str, field: str, context: RequestContext, hint: str) -> list[str]:
    """The ids in the rows of an answer. Without any, everything would seem to be listed, and nothing to be there."""
    ids = [text(row.get(field)) for row in rows_of(answer, rows, context)]
    if not ids or not all(ids):
        raise IncompleteListingError(f"{rows} has {'a row without' if ids else 'no row with a'} {field}", context, hint)
    found = list(dict.fromkeys(filter(None, ids)))
    if any(map(may_hold_key, found)):
        raise IncompleteListingError(f"{rows} has a row whose {field} is no id", context, hint)
    return found
