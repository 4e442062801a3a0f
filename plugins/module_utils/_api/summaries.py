# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Summarize errors, because the same problem often occurs in many regions and projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from .errors import ApiError, RequestContext, UCloudError
from .values import printable

#: Maximum number of names in a message.
MAX_NAMES = 5


class SomeOf(NamedTuple):
    """The first names of a list, of which ``more`` are left out. As text, it is a list in a sentence."""

    items: list[str]
    more: int

    def __str__(self) -> str:
        return ", ".join(self.items) + (f" and {self.more} more" if self.more else "")


def describe_all(errors: Iterable[UCloudError], *, with_requests: bool = True) -> list[str]:
    """Return one message for each problem, with all regions and projects that have it.

    Args:
        errors: The errors.
        with_requests: Whether a message about a single error has its request id. It makes each message different, so
            that Ansible does not suppress it as a duplicate.
    """
    by_problem: dict[tuple[object, ...], list[UCloudError]] = {}
    for error in errors:
        context = error.context
        call = (context.action, context.endpoint) if context else None
        by_problem.setdefault((type(error), call, _problem(error), error.hint), []).append(error)
    return [
        group[0].describe() if len(group) == 1 and with_requests else _describe(group) for group in by_problem.values()
    ]


def some_of(names: Iterable[str], count: int, most: int = MAX_NAMES) -> SomeOf:
    """Return the first few of ``count`` names, and the number of the others. Only what is shown is iterated."""
    return SomeOf([printable(name) for name in islice(names, most)], max(0, count - most))


def _describe(errors: Sequence[UCloudError]) -> str:
    contexts = [error.context for error in errors if error.context]
    where = f"{contexts[0].action}{_scopes(contexts)} at {contexts[0].endpoint}: " if contexts else ""
    hint = f" {errors[0].hint}" if errors[0].hint else ""
    return printable(f"{where}{_problem(errors[0])}.{hint}")


def _problem(error: UCloudError) -> str:
    """Return the problem without the request id, which is always different."""
    if isinstance(error, ApiError) and error.request_id:
        return error.problem.replace(f", request {error.request_id}", "")
    return error.problem


def _scopes(contexts: Iterable[RequestContext]) -> str:
    """Describe regions and projects, sorted; projects with the same regions are grouped."""
    regions_of: dict[str, set[str]] = {}
    for context in contexts:
        regions_of.setdefault(context.project_id or "", set()).add(context.region or "")
    projects_of: dict[tuple[str, ...], list[str]] = {}
    for project, regions in sorted(regions_of.items()):
        projects_of.setdefault(tuple(sorted(regions)), []).append(project)
    scopes = [
        " and ".join(filter(None, (_names("region", regions), _names("project", projects))))
        for regions, projects in projects_of.items()
    ]
    text = "; ".join(filter(None, scopes))
    return f" in {text}" if text else ""


def _names(kind: str, names: Iterable[str]) -> str:
    shown = [printable(name) for name in names if name]
    plural = "s" if len(shown) > 1 else ""
    return f"{kind}{plural} {', '.join(shown)}" if shown else ""
