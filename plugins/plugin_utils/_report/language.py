# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts in the language of the report that is being rendered.

The code has the English texts, which are the keys in the catalogue of each other language, ``languages/<name>.json``. A
text without a translation stays English; a test finds those. The language is set for one report, and not passed to
each function, because nearly every one has a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from .._audit import messages
from .reasons import Reason, recognize, several

#: Marks a constant text that is translated later, so that it must be in the catalogues.
mark = messages.mark
ENGLISH = "en"
_FOLDER = Path(__file__).parent / "languages"
#: English comes first.
LANGUAGES = (ENGLISH, "zh-CN")
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)
_texts: ContextVar[Mapping[str, str] | None] = ContextVar("texts", default=None)
#: The words of audits.
WORDS = (
    "critical", "high", "medium", "low", "none", "fail", "unknown", "waived", "compliant", "not compliant", "new",
    "unchanged", "fixed", "superseded", "not comparable", "expired", "valid", "not yet valid", "true", "false",
    "not checked", "exact", "wildcard", "regex", "name", "domain", "ssl id", "listener id", "load balancer id",
    "application", "classic", "native", "predefined", "custom", "internet", "intranet",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def catalogue(name: str) -> Mapping[str, str]:
    """Return the translations of a language by their English texts."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return texts


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Set the language: one of :data:`LANGUAGES`."""
    language = _language.set(name)
    texts = _texts.set(None if name == ENGLISH else catalogue(name))
    try:
        yield
    finally:
        _texts.reset(texts)
        _language.reset(language)


def current() -> str:
    """Return the name of the language, as HTML has it."""
    return _language.get()


def say(english: str, /, **values: Any) -> str:
    """Return an English text in the language. Values replace their names in braces."""
    texts = _texts.get()
    template = english if texts is None else texts.get(english, english)
    return template.format(**values) if values else template


def say_reason(text: str) -> str:
    """Return a reason in facts, or a warning, in the language. What :mod:`reasons` does not recognize stays English."""
    texts = _texts.get()
    return text if texts is None else texts.get(text) or join(map(_reason, several(text)), "; ") or text


def say_number(one: str, many: str, number: int, /, **values: Any) -> str:
    """Return a text about a number, which replaces ``{number}``. Catalogues only have the text for ``many``."""
    text = one if number == 1 and _texts.get() is None else many
    return say(text, number=f"{number:,}", **values)


def say_word(word: Any) -> str:
    """Return one of :data:`WORDS`. In English, it stays as audits have it: ``not_comparable``."""
    text = str(word)
    return text if _texts.get() is None else say(text.replace("_", " "))


def join(texts: Iterable[str], separator: str = ", ") -> str:
    """Join texts with the punctuation of the language."""
    return say(separator).join(texts)


def said(finding: Mapping[str, Any], field: str) -> str:
    """Return a text of a finding in the language: ``title``, ``detail`` or ``remediation``.

    Audits of earlier versions do not have what a text with values was made of, so that it stays English.
    """
    english: str = finding[field]
    texts = _texts.get()
    if texts is None:
        return english
    recorded = finding.get("messages")
    message = recorded.get(field) if isinstance(recorded, Mapping) else None
    if isinstance(message, Mapping):
        return _rendered(message, texts) or english
    return texts.get(english, english)


def _rendered(message: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Render what :mod:`messages` has recorded. It comes from outside, so that it may be anything."""
    if isinstance(message.get("sentences"), list):
        return say(" ").join(_value(item, texts) for item in message["sentences"])
    if isinstance(message.get("items"), list):
        items = join(_value(item, texts) for item in message["items"])
        more = message.get("more")
        return say("{items} and {number} more", items=items, number=more) if more else items
    text, values = message.get("text"), message.get("values")
    if not isinstance(text, str):
        return ""
    if not isinstance(values, Mapping):
        return say_reason(text)
    template = texts.get(text, text)
    return _PLACEHOLDER.sub(lambda match: _value(values.get(match[1], match[0]), texts), template)


def _reason(reason: Reason) -> str:
    """Render a reason. Its values may be reasons again."""
    values = ((name, value, recognize(value)) for name, value in reason.values.items())
    return say(reason.template, **{name: _reason(known) if known else value for name, value, known in values})


def _value(value: Any, texts: Mapping[str, str]) -> str:
    return _rendered(value, texts) if isinstance(value, Mapping) else str(value)
