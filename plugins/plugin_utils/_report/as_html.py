# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An audit as one HTML file that needs nothing else: no server, no network, no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateSyntaxError
from markupsafe import Markup

from ...module_utils._api.errors import OptionError
from .page.model import Report
from .page.texts import visible

_TEMPLATES = Path(__file__).parent / "page" / "templates"
#: What the names of our own templates begin with, so that a template of the user can extend or include them.
_PREFIX = "ucloud.ulb"
_DEFAULT = f"{_PREFIX}/report.html.j2"


def render(
    audit: dict[str, Any],
    *,
    title: str = "SSL certificate compliance",
    template: str | None = None,
    html_limit: int | None = None,
) -> str:
    """Make a page of an audit, always the same one of the same audit.

    Jinja2 renders it with an environment of its own: the one of Ansible ignores autoescape.

    :param template: path of a template to use instead; the head of ``report.html.j2`` says what it is given.
    :param html_limit: how many certificates to hold at most, the worst ones; all by default.
    :raises OptionError: the template cannot be read, or fails.
    """
    name = _DEFAULT if template is None else Path(template).name
    context = {
        "title": title,
        "audit": audit,
        "report": Report.of(audit, html_limit),
        "style": _inlined("report.css"),
        "script": _inlined("report.js"),
        "csp": content_security_policy,
    }
    environment = _environment(None if template is None else Path(template).parent)
    try:
        return environment.get_template(name).render(context)
    except Exception as error:
        # A template can fail in any way, but one of ours that does is an error of ours.
        if template is None:
            raise
        raise _template_error(template, error) from error


def content_security_policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """The policy of a page that may use nothing but these contents of its ``style`` and ``script`` elements."""
    return "; ".join(
        (
            "default-src 'none'",
            _sources("style-src", list(styles)),
            _sources("script-src", list(scripts)),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _sources(directive: str, contents: list[str]) -> str:
    hashes = (base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
    return " ".join((directive, *(f"'sha256-{value}'" for value in hashes))) if contents else f"{directive} 'none'"


def _environment(folder: Path | None) -> Environment:
    own = PrefixLoader({_PREFIX: FileSystemLoader(_TEMPLATES)})
    environment = Environment(
        loader=own if folder is None else ChoiceLoader([own, FileSystemLoader(folder)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.filters["visible"] = visible
    return environment


def _finalize(value: Any) -> Any:
    """Whatever a template prints, except for what is markup already."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _inlined(name: str) -> Markup:
    """A file of ours for a ``style`` or ``script`` element; it holds nothing of an audit."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704


def _template_error(template: str, error: Exception) -> OptionError:
    line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
    return OptionError(
        f"template: {template} cannot be used{line}: {type(error).__name__}: {str(error).rstrip('.')}",
        hint="The head of report.html.j2 of this collection says which variables there are.",
    )
