# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report formats, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ...module_utils._api.errors import OptionError
from .._audit.schema import Audit
from .._plugin import check_known
from . import as_csv, as_endpoints, as_json, as_junit, as_markdown, as_overview, as_prometheus, as_sarif, as_table
from .audits import read_audit

_TITLE = "SSL certificate compliance"
#: The most certificates on a page by default. Browsers show that many quickly; 100,000 would be 570 MB.
HTML_LIMIT = 5_000


def _as_html(audit: Audit, **options: Any) -> str:
    # Imported when needed, because no other format needs Jinja2 and templates.
    from .as_html import render  # noqa: PLC0415

    return render(audit, **options)


class Format(NamedTuple):
    """A function that renders an audit, and the names of the options that it takes."""

    render: Callable[..., str]
    options: tuple[str, ...] = ()


FORMATS = {
    "csv": Format(as_csv.render),
    "endpoints": Format(as_endpoints.render, ("limit", "width")),
    "html": Format(_as_html, ("title", "template", "html_limit")),
    "json": Format(as_json.render),
    "junit": Format(as_junit.render, ("title",)),
    "markdown": Format(as_markdown.render, ("title", "limit")),
    "overview": Format(as_overview.render, ("limit", "width")),
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
    width: Any = None,
) -> str:
    """Render an audit.

    Args:
        data: The result of the filter ``ssl_audit``, or its JSON report as data.
        name: The name of the format.
        title: The title, for formats that have one.
        template: Path of a template of the user, for ``html``.
        limit: The most findings, certificates or endpoints to show, for formats that have such a limit.
        html_limit: The most certificates to include, for ``html``.
        width: The number of columns, for ``endpoints`` and ``overview``.

    Raises:
        OptionError: The format is unknown, an option is not valid, or the data is not an audit.
    """
    check_known("format", [name], FORMATS)
    if template is not None and name != "html":
        raise OptionError(f"template: {name} does not use templates", hint="Leave it out, or use the format html.")
    _check_number("limit", limit)
    _check_number("html_limit", html_limit)
    _check_number("width", width)
    given = {
        "title": _TITLE if title is None else title,
        "template": template,
        "limit": limit,
        "html_limit": HTML_LIMIT if html_limit is None else html_limit,
        "width": as_overview.WIDTH if width is None else width,
    }
    chosen = FORMATS[name]
    return chosen.render(read_audit(data), **{option: given[option] for option in chosen.options})


def _check_number(option: str, value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise OptionError(f"{option}: {value!r} is not a valid number", hint="Give 0 or more.")
