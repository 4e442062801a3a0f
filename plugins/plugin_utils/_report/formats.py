# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of reports, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ...module_utils._api.errors import OptionError
from .._plugin import check_known
from . import as_csv, as_json, as_junit, as_markdown, as_prometheus, as_sarif, as_table
from .audits import Audit, read_audit

_TITLE = "SSL certificate compliance"
#: How many certificates a page holds at most. A browser shows so many at once; of 100,000 it would be 570 MB.
HTML_LIMIT = 5_000


def _as_html(audit: Audit, **options: Any) -> str:
    # The only format that needs Jinja2 and templates: they are read when they are wanted.
    from .as_html import render  # noqa: PLC0415

    return render(audit, **options)


class Format(NamedTuple):
    """``render`` makes a report of an audit, and takes these ``options`` besides."""

    render: Callable[..., str]
    options: tuple[str, ...] = ()


FORMATS = {
    "csv": Format(as_csv.render),
    "html": Format(_as_html, ("title", "template", "html_limit")),
    "json": Format(as_json.render),
    "junit": Format(as_junit.render, ("title",)),
    "markdown": Format(as_markdown.render, ("title", "limit")),
    "prometheus": Format(as_prometheus.render),
    "sarif": Format(as_sarif.render),
    "table": Format(as_table.render, ("title", "limit")),
}


def report(
    data: Any,
    name: Any,
    *,
    title: str | None = None,
    template: str | None = None,
    limit: Any = None,
    html_limit: Any = None,
) -> str:
    """Make a report of an audit.

    :param data: an audit, as the filter ``ssl_audit`` returns it or as its JSON report is read back.
    :param name: of the format.
    :param title: for the formats that have one.
    :param template: path of a template of the user, which only ``html`` can use.
    :param limit: how many findings to show at most, in the formats that are tables for people.
    :param html_limit: how many certificates ``html`` holds at most.
    :raises OptionError: there is no such format, an option cannot be used, or the data is no audit.
    """
    check_known("format", [name], FORMATS)
    if template is not None and name != "html":
        raise OptionError(f"template: {name} has no templates", hint="Only html has: leave it out, or use that format.")
    _check_number("limit", limit, "findings")
    _check_number("html_limit", html_limit, "certificates")
    given = {
        "title": _TITLE if title is None else title,
        "template": template,
        "limit": limit,
        "html_limit": HTML_LIMIT if html_limit is None else html_limit,
    }
    chosen = FORMATS[name]
    return chosen.render(read_audit(data), **{option: given[option] for option in chosen.options})


def _check_number(option: str, value: Any, of_what: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise OptionError(f"{option}: {value!r} is no number of {of_what}", hint="Give 0 or more.")
