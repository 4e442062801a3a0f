# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that know what they were made of.

An audit is written in English. With each text that has values, it also has the parts: a template, which is the key in
the catalogues of translations, and the values. So a report can say the same in another language.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...module_utils._api.summaries import MAX_NAMES, some_of


class Message(str):
    """An English text. ``data`` is plain data with what it was made of.

    It is ``{text, values}`` for a template, ``{items, more}`` for names in a list, of which ``more`` are left out, or
    ``{sentences}`` for several sentences. Values and items are texts, numbers, or such data again.
    """

    __slots__ = ("data",)
    data: dict[str, Any]

    def __new__(cls, text: str, data: dict[str, Any]) -> Message:
        """Create a text with its data."""
        self = super().__new__(cls, text)
        self.data = data
        return self


def message(template: str, /, **values: Any) -> Message:
    """Return a text with values. The template has their names in braces, without formats."""
    return Message(template.format(**values), _parts(template, values))


def counted(one: str, many: str, number: float, /, **values: Any) -> Message:
    """Return a text about a number. Catalogues only have the text for ``many``."""
    values["number"] = f"{number:g}"
    return Message((one if number == 1 else many).format(**values), _parts(many, values))


def mark(text: str) -> str:
    """Mark a constant text that is used elsewhere, so that it must be in the catalogues."""
    return text


def phrase(text: str) -> Message:
    """Return a text that is translated as a whole, if a catalogue has it."""
    return text if isinstance(text, Message) else Message(text, {"text": text})


def sentence(text: str) -> Message:
    """Make a sentence from a clause: it begins with a capital letter, and ends with a full stop."""
    return Message(f"{text[0].upper()}{text[1:]}.", _parts(mark("{clause}."), {"clause": phrase(text)}))


def sentences(parts: Iterable[Message]) -> Message:
    """Return several sentences as one text."""
    parts = list(parts)
    return Message(" ".join(parts), {"sentences": [_data(part) for part in parts]})


def listed(items: Iterable[str]) -> Message:
    """Return all items as a list in a sentence."""
    items = list(items)
    return Message(", ".join(items), {"items": [_data(item) for item in items], "more": 0})


def some(items: Iterable[Any], count: int, most: int = MAX_NAMES) -> Message:
    """Return the first few of ``count`` items as a list in a sentence, see :func:`.some_of`."""
    found = some_of(map(str, items), count, most)
    return Message(str(found), {"items": found.items, "more": found.more})


def data_of(text: str) -> dict[str, Any] | None:
    """Return what a text was made of; ``None`` if it has no values, and so is a key in the catalogues itself."""
    data = text.data if isinstance(text, Message) else {}
    return None if data.keys() <= {"text"} else data


def _parts(template: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"text": template, "values": {name: _data(value) for name, value in values.items()}}


def _data(value: Any) -> Any:
    if isinstance(value, Message):
        return value.data
    return value if isinstance(value, (str, int, float)) else str(value)
