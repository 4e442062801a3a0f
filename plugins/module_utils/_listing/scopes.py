# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions and projects: where to list, and which ones there are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .._api.errors import ApiError, IncompleteListingError, RequestContext, TransportError
from .._api.redaction import may_hold_key
from .._api.values import integer, text

if TYPE_CHECKING:
    # Not imported at run time, because that loads requests, which a lookup with a cached listing does not need.
    from .._api.client import Client

#: Stands for every region or project.
ALL = "all"

#: The actions that list regions and projects.
LIST_REGIONS, LIST_PROJECTS = "GetRegion", "GetProjectList"
#: The action that replaces GetRegion in the platform's reference since 2026.
_LIST_REGIONS_SINCE_2026 = "ListRegions"
_NO_SUCH_ACTION = 161
_NAME_REGIONS = "Set regions to a list of region ids."
_NAME_PROJECTS = "Set project_ids to a list of project ids."
#: The form of a region id, such as ``cn-bj2``. Rows have numeric ids as well.
_REGION = re.compile("[a-z][a-z0-9-]{0,62}")


class Scope(NamedTuple):
    """A region and a project; ``None`` stands for the default project of the account."""

    region: str
    project_id: str | None


def pairs(regions: Iterable[str], project_ids: Iterable[str | None]) -> list[Scope]:
    """Return every pair of a region and a project, in the given order, by project first."""
    return [Scope(region, project_id) for project_id in project_ids for region in regions]


def list_regions(client: Client) -> list[str]:
    """Return the ids of all regions that the account may use, each once (the API has a row for each zone).

    Raises:
        IncompleteListingError: The API lists no region, or a row has no region.
    """
    context = client.context(LIST_REGIONS)
    try:
        response = client.call(context)
    except ApiError as error:
        if error.code != _NO_SUCH_ACTION:
            raise
    else:
        return _ids(response, "Regions", "Region", context, _NAME_REGIONS)
    return _regions_since_2026(client)


def _regions_since_2026(client: Client) -> list[str]:
    """Return the regions from ListRegions. Its response is not documented: any list of rows with regions will do."""
    context = client.context(_LIST_REGIONS_SINCE_2026)
    response = client.call(context)
    for field, rows in response.items():
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            named = [{"Region": _region_in(row)} for row in rows]
            if any(row["Region"] for row in named):
                return _ids({field: named}, field, "Region", context, _NAME_REGIONS)
    raise IncompleteListingError("the response has no row with a Region", context, _NAME_REGIONS)


def _region_in(row: dict[str, Any]) -> str | None:
    values = (text(row.get(field)) for field in ("Region", "RegionId"))
    return next((value for value in values if value and _REGION.fullmatch(value)), None)


def list_projects(client: Client) -> list[str]:
    """Return the ids of all projects that the account may use.

    Raises:
        IncompleteListingError: The API lists no project, or fewer than it counts, or a row has no project.
    """
    context = client.context(LIST_PROJECTS)
    response = client.call(context)
    projects = _ids(response, "ProjectSet", "ProjectId", context, _NAME_PROJECTS)
    count = integer(response.get("ProjectCount"))
    if count is not None and count > len(projects):
        raise IncompleteListingError(
            f"the API counts {count} projects, but lists {len(projects)}", context, _NAME_PROJECTS
        )
    return projects


def rows_of(response: dict[str, Any], field: str, context: RequestContext) -> list[dict[str, Any]]:
    """Return the rows in a field of a response; none if the field is absent or null.

    Raises:
        TransportError: The field is not a list of objects.
    """
    rows = response.get(field)
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problem = f"this is not a response of the UCloud API: {field} is not a list of objects"
        raise TransportError(problem, context, "Check base_url.", retryable=False)
    return rows


def _ids(response: dict[str, Any], rows: str, field: str, context: RequestContext, hint: str) -> list[str]:
    """Return the ids in the rows of a response. Without any, an empty listing would look complete."""
    ids = [text(row.get(field)) for row in rows_of(response, rows, context)]
    if not ids or not all(ids):
        raise IncompleteListingError(f"{rows} has {'a row without' if ids else 'no row with a'} {field}", context, hint)
    found = list(dict.fromkeys(filter(None, ids)))
    if any(map(may_hold_key, found)):
        raise IncompleteListingError(f"{rows} has a row whose {field} is not an id", context, hint)
    return found
