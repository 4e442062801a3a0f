# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check plain data against types, so that types and validation cannot disagree.

A type is a ``TypedDict`` or what it consists of: lists, dictionaries, plain values, ``Any``, and each of these or
``None``. A text can be restricted with :class:`OneOf` or :class:`SnakeCase`, as in ``Annotated[str, SnakeCase()]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from ...module_utils._api.errors import OptionError

_SNAKE_CASE = re.compile("[a-z_]+")
#: Checks one value, and raises :class:`_InvalidError` if it is not valid.
_Validator = Callable[[Any], None]
#: The longest value that a message shows.
_SHOWN = 80
_NAMES: dict[type, str] = {
    str: "text", bool: "true or false", int: "an integer", float: "a number", dict: "a dictionary", list: "a list",
}  # fmt: skip


@dataclass(frozen=True)
class OneOf:
    """The texts that are allowed."""

    values: tuple[str, ...]

    def accepts(self, value: str) -> bool:
        """Whether the value is one of them."""
        return value in self.values

    def __str__(self) -> str:
        return f"one of {', '.join(self.values)}"


class SnakeCase:
    """Names of lower case letters and underscores. Reports print them as they are."""

    def accepts(self, value: str) -> bool:
        """Whether the value is such a name."""
        return _SNAKE_CASE.fullmatch(value) is not None

    def __str__(self) -> str:
        return "lower case letters and underscores"


def validate(data: Any, kind: Any, where: str, hint: str) -> None:
    """Check that data is of a type. Keys that a ``TypedDict`` does not have are ignored.

    Ansible has dictionaries, lists and strings of its own. They are accepted as long as they behave like Python's.

    Args:
        data: Plain data.
        kind: The type, such as ``Audit``.
        where: What the data is called in a message.
        hint: What to do about data that is not valid.

    Raises:
        OptionError: Data is missing or not as expected. The problem begins with the path of the value, such
            as ``audit.findings[3].severity``.
    """
    try:
        _validator(kind)(data)
    except _InvalidError as error:
        raise OptionError(f"{where}{error.path}: {error.problem}", hint=hint) from None


class _InvalidError(Exception):
    """A value is not valid. The validators of the containers around it add its path, which only errors need."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = ""


#: Stands for a value that is not there, and is of no type.
_MISSING = object()


def _unexpected(expected: str, data: Any) -> _InvalidError:
    if data is _MISSING:
        return _InvalidError("missing")
    shown = f"a {type(data).__name__}" if isinstance(data, (dict, list, tuple)) else repr(data)
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    return _InvalidError(f"expected {expected}, got {shown}")


@cache
def _validator(kind: Any) -> _Validator:
    """Make the validator of a type, once for all values of this type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _typed_dict(kind)
    if origin is Annotated:
        return _constrained(*arguments)
    if origin in (Union, UnionType):
        return _optional(_validator(next(item for item in arguments if item is not NoneType)))
    if origin is list:
        return _list(_validator(arguments[0]))
    if origin is dict:
        return _dict(*map(_validator, arguments))
    return _any if kind is Any else _scalar(kind)


def _any(data: Any) -> None:
    if data is _MISSING:
        raise _unexpected("a value", data)


def _scalar(kind: type) -> _Validator:
    accepted = (int, float) if kind is float else (kind,)

    def check(data: Any) -> None:
        # In Python, booleans are integers.
        if not isinstance(data, accepted) or (isinstance(data, bool) and kind is not bool):
            raise _unexpected(_NAMES[kind], data)

    return check


def _constrained(_base: type[str], constraint: OneOf | SnakeCase) -> _Validator:
    def check(data: Any) -> None:
        if not isinstance(data, str) or not constraint.accepts(data):
            raise _unexpected(str(constraint), data)

    return check


def _optional(check_value: _Validator) -> _Validator:
    def check(data: Any) -> None:
        if data is not None:
            check_value(data)

    return check


def _list(check_item: _Validator) -> _Validator:
    def check(data: Any) -> None:
        if not isinstance(data, list):
            raise _unexpected(_NAMES[list], data)
        for number, item in enumerate(data):
            try:
                check_item(item)
            except _InvalidError as error:
                error.path = f"[{number}]{error.path}"
                raise

    return check


def _dict(check_key: _Validator, check_value: _Validator) -> _Validator:
    def check(data: Any) -> None:
        if not isinstance(data, (dict, Mapping)):
            raise _unexpected(_NAMES[dict], data)
        for key, value in data.items():
            check_key(key)
            try:
                check_value(value)
            except _InvalidError as error:
                error.path = f".{key}{error.path}"
                raise

    return check


def _typed_dict(kind: Any) -> _Validator:
    hints = get_type_hints(kind, include_extras=True)
    fields = [(name, _validator(hint), name in kind.__required_keys__) for name, hint in hints.items()]

    def check(data: Any) -> None:
        if not isinstance(data, (dict, Mapping)):
            raise _unexpected(_NAMES[dict], data)
        for name, check_value, is_required in fields:
            if name not in data and not is_required:
                continue
            try:
                check_value(data.get(name, _MISSING))
            except _InvalidError as error:
                error.path = f".{name}{error.path}"
                raise

    return check
