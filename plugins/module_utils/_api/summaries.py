# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many errors -> few sentences: what an account may not see is the same in many regions and projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .errors import ApiError, RequestContext, UCloudError
from .values import printable


def describe_all(errors: Iterable[UCloudError], *, with_requests: bool = True) -> list[str]:
    """One message for each reason, with all regions and projects that it holds for.

    :param with_requests: whether the id of the request is in a message about a single one. It makes each message
        another one, so that Ansible does not leave out those that it has shown before.
    """
    by_reason: dict[tuple[object, ...], list[UCloudError]] = {}
    for error in errors:
        context = error.context
        call = (context.action, context.endpoint) if context else None
        by_reason.setdefault((type(error), call, _problem(error), error.hint), []).append(error)
    return [
        group[0].describe() if len(group) == 1 and with_requests else _describe(group) for group in by_reason.values()
    ]


def _describe(errors: Sequence[UCloudError]) -> str:
    contexts = [error.context for error in errors if error.context]
    where = f"{contexts[0].action}{_places(contexts)} at {contexts[0].endpoint}: " if contexts else ""
    hint = f" {errors[0].hint}" if errors[0].hint else ""
    return printable(f"{where}{_problem(errors[0])}.{hint}")


def _problem(error: UCloudError) -> str:
    """The problem without the id of the request, which is never the same."""
    if isinstance(error, ApiError) and error.request_id:
        return error.problem.replace(f", request {error.request_id}", "")
    return error.problem


def _places(contexts: Iterable[RequestContext]) -> str:
    """Regions and projects, sorted; projects with the same regions stand together."""
    regions_of: dict[str, set[str]] = {}
    for context in contexts:
        regions_of.setdefault(context.project_id or "", set()).add(context.region or "")
    projects_of: dict[tuple[str, ...], list[str]] = {}
    for project, regions in sorted(regions_of.items()):
        projects_of.setdefault(tuple(sorted(regions)), []).append(project)
    places = [
        " and ".join(filter(None, (_names("region", regions), _names("project", projects))))
        for regions, projects in projects_of.items()
    ]
    text = "; ".join(filter(None, places))
    return f" in {text}" if text else ""


def _names(kind: str, names: Iterable[str]) -> str:
    known = [printable(name) for name in names if name]
    plural = "s" if len(known) > 1 else ""
    return f"{kind}{plural} {', '.join(known)}" if known else ""
