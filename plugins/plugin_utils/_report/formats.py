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
from .language import ENGLISH, LANGUAGES, mark, say, speaking

_TITLE = mark("SSL certificate compliance")
#: The most certificates on a page by default. Browsers show that many quickly; 100,000 would be 570 MB.
HTML_LIMIT = 5_000


def _as_html(audit: Audit, **options: Any) -> str:
    # Imported when needed, because no other format needs Jinja2 and templates.
    from .as_html import render  # noqa: PLC0415

    return render(audit, **options)


class Format(NamedTuple):
    """A function that renders an audit, the names of the options that it takes, and whether people read the result.

    Only what people read is translated: programs compare texts with those of earlier reports.
    """

    render: Callable[..., str]
    options: tuple[str, ...] = ()
    is_translated: bool = False


FORMATS = {
    "csv": Format(as_csv.render, ("bom",), is_translated=True),
    "endpoints": Format(as_endpoints.render, ("limit", "width"), is_translated=True),
    "html": Format(_as_html, ("title", "template", "html_limit"), is_translated=True),
    "json": Format(as_json.render),
    "junit": Format(as_junit.render, ("title",)),
    "markdown": Format(as_markdown.render, ("title", "limit"), is_translated=True),
    "overview": Format(as_overview.render, ("limit", "width"), is_translated=True),
    "prometheus": Format(as_prometheus.render),
    "sarif": Format(as_sarif.render),
    "table": Format(as_table.render, ("title", "limit"), is_translated=True),
}


class Options(NamedTuple):
    """The options of reports. Each format takes some of them.

    Attributes:
        title: The title, for formats that have one.
        template: Path of a template of the user, for ``html``.
        limit: The most findings, certificates or endpoints to show, for formats that have such a limit.
        html_limit: The most certificates to include, for ``html``.
        width: The number of columns, for ``endpoints`` and ``overview``.
        language: One of LANGUAGES, for formats that people read.
        bom: Whether to begin with a byte order mark, for ``csv``.
    """

    title: str | None = None
    template: str | None = None
    limit: Any = None
    html_limit: Any = None
    width: Any = None
    language: Any = None
    bom: Any = None


def report(data: Any, name: Any, **given: Any) -> str:
    """Render an audit.

    Args:
        data: The result of the filter ``ssl_audit``, or its JSON report as data.
        name: The name of the format.
        given: See :class:`Options`; ``None`` stands for the default.

    Raises:
        OptionError: The format is unknown, an option is not valid, or the data is not an audit.
    """
    options = Options(**given)
    language = ENGLISH if options.language is None else options.language
    check_known("format", [name], FORMATS)
    check_known("language", [language], LANGUAGES)
    if options.template is not None and name != "html":
        raise OptionError(f"template: {name} does not use templates", hint="Leave it out, or use the format html.")
    for option in ("limit", "html_limit", "width"):
        _check_number(option, getattr(options, option))
    if options.bom not in (None, True, False):
        raise OptionError(f"bom: {options.bom!r} is not valid", hint="Give true or false.")
    chosen = FORMATS[name]
    with speaking(language if chosen.is_translated else ENGLISH):
        values = {
            "title": say(_TITLE) if options.title in (None, _TITLE) else options.title,
            "template": options.template,
            "limit": options.limit,
            "html_limit": HTML_LIMIT if options.html_limit is None else options.html_limit,
            "width": as_overview.WIDTH if options.width is None else options.width,
            "bom": bool(options.bom),
        }
        return chosen.render(read_audit(data), **{option: values[option] for option in chosen.options})


def _check_number(option: str, value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise OptionError(f"{option}: {value!r} is not a valid number", hint="Give 0 or more.")
