# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML: one self-contained file that needs no server and no network, and can be read without scripts."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateSyntaxError
from markupsafe import Markup

from ...module_utils._api.errors import OptionError
from .._audit.schema import Audit
from .language import ENGLISH, current, say, say_number, say_word
from .page.model import Report
from .page.texts import visible

_TEMPLATES = Path(__file__).parent / "page" / "templates"
#: The prefix of the collection's templates, so that a template of the user can extend or include them.
_PREFIX = "ucloud.ulb"
_DEFAULT = f"{_PREFIX}/report.html.j2"


def render(
    audit: Audit,
    *,
    title: str = "SSL certificate compliance",
    template: str | None = None,
    html_limit: int | None = None,
) -> str:
    """Render an audit as a page. The same audit always gives the same page.

    The page has a Jinja2 environment of its own, because Ansible's environment ignores autoescape.

    Args:
        audit: The audit.
        title: The title.
        template: Path of a template to use instead; the head of ``report.html.j2`` lists its variables.
        html_limit: The most certificates to include, those with the most severe findings first; all by default.

    Raises:
        OptionError: The template cannot be read, or fails.
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
        # Templates of users can fail in any way. If the collection's template fails, that is a bug.
        if template is None:
            raise
        raise _template_error(template, error) from error


def content_security_policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return a policy that allows only these contents of ``style`` and ``script`` elements."""
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
    environment.globals.update(
        say=say, say_number=say_number, say_word=say_word, language=current(), script_texts=_script_texts
    )
    return environment


def _finalize(value: Any) -> Any:
    """Sanitize everything that a template prints, except for markup."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _inlined(name: str) -> Markup:
    """Return a file for a ``style`` or ``script`` element. It contains no data of an audit."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704


#: The texts of report.js.
_SCRIPT_TEXTS = (
    "Show {count} more of {rest}", "{count} of {whole}", "{count} entries", "{count} of {total} entries",
    "Up to {high} days", "{low} days and more", "{low} to {high} days",
)  # fmt: skip


def _script_texts() -> str:
    """Return the texts of the script in the language as JSON; empty in English, which it has itself."""
    return "" if current() == ENGLISH else json.dumps({text: say(text) for text in _SCRIPT_TEXTS}, ensure_ascii=False)


def _template_error(template: str, error: Exception) -> OptionError:
    line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
    return OptionError(
        f"template: {template} failed{line}: {type(error).__name__}: {str(error).rstrip('.')}",
        hint="The comment at the top of the collection's report.html.j2 lists all variables.",
    )
