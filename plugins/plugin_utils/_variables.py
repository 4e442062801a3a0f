# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the variables of a role or playbook.

Ansible ignores unknown variables, so that a misspelt condition has no effect, and checks only the types of others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from os.path import commonprefix
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._api.errors import OptionError
from ..module_utils._endpoints.query import MAX_CONCURRENCY, MAX_TIMEOUT
from ..module_utils._options import check_values, connection_spec, selection_spec
from ._report.sanitize import shorten, visible

#: Options that only the module can check, because their files are on the host where it runs.
_ON_TARGET = ("ca_path", "profile", "shared_credentials_file", "trust_store")
#: How similar the beginning and the rest of a name must be to be a misspelling (ratios of ``difflib``).
_LIKE, _REST_LIKE = 0.9, 0.8
#: File systems allow 255 bytes, and a prefix and an extension are added.
_LONGEST_FILE_NAME = 200
_MODE = re.compile(r"0?[0-7]{3,4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*")


def problems_of(
    variables: Mapping[str, Any], rules: Mapping[str, str], options: str | None, others: Iterable[str] = ()
) -> list[str]:
    """Return the problems of variables, a sentence or two each; empty if there are none.

    Args:
        variables: The variables that are set, by name.
        rules: All valid variables with their kinds, see :data:`KINDS`. A variable whose kind ends in ``?`` may be null.
        options: The prefix of the variables that are options of the module ``ssl_info``.
        others: The names of all variables, among which there may be one with a misspelt prefix.
    """
    found = [_unknown(name, rules) for name in variables if name not in rules]
    unknown = set(others).difference(variables, rules)
    # Names that begin with an underscore are internal to a role.
    public = sorted(name for name in unknown if not name.startswith("_"))
    found += [_misspelt(name, meant) for name in public if (meant := _meant(name, rules))]
    for name, rule in rules.items():
        value = variables.get(name)
        if value is not None:
            found += [f"{name}: {problem}" for problem in KINDS[rule.rstrip("?")](value)]
        elif name in variables and not rule.endswith("?"):
            found.append(f"{name}: no value. Give one, or leave the variable out if it has a default.")
    if options is not None and not found:
        found += _option_problems(variables, options)
    return found


def _unknown(name: str, rules: Mapping[str, str]) -> str:
    # The common prefix would make all names similar.
    start = len(_beginning(rules))
    close = get_close_matches(name[start:], [rule[start:] for rule in rules], n=3, cutoff=0.7)
    meant = " or ".join(f"{name[:start]}{rest}" for rest in close)
    hint = f"Did you mean {meant}?" if meant else f"Valid variables: {', '.join(rules)}."
    return f"{visible(name)}: unknown variable. {hint}"


def _beginning(rules: Iterable[str]) -> str:
    """Return the common prefix of all names, in whole words."""
    common = commonprefix(list(rules))  # noqa: RUF071 (of names, not of paths)
    return common[: common.rfind("_") + 1]


def _misspelt(name: str, meant: str) -> str:
    return f"{visible(name)}: did you mean {meant}? If not, rename the variable: the names are too similar."


def _meant(name: str, rules: Mapping[str, str]) -> str | None:
    """Return the variable that a name with a misspelt prefix stands for, such as ``ssl_complience_``.

    Both the prefix and the rest have to be similar, because other roles may have similar names for other things.
    """
    start = _beginning(rules)
    beginning = start.rstrip("_")
    rests = [rule[len(start) :] for rule in rules]
    plain = name.casefold().replace("-", "_")
    for end in (match.start() for match in re.finditer("_", plain)):
        head = plain[:end]
        # A prefix that is much longer, or has a digit, is no misspelling.
        if abs(len(head) - len(beginning)) <= 1 and not re.search(r"\d", head):
            near = get_close_matches(head, [beginning], cutoff=_LIKE)
            for rest in get_close_matches(plain[end + 1 :], rests, n=1, cutoff=_REST_LIKE) if near else ():
                return f"{start}{rest}"
    return next((rule for rule in rules if rule.replace("_", "") == plain.replace("_", "")), None)


def _option_problems(variables: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Yield the problems that the module would report, with the names of the variables instead of its options."""
    spec = {**connection_spec(), **selection_spec()}
    given = {name: variables[f"{prefix}{name}"] for name in spec if variables.get(f"{prefix}{name}") is not None}
    checked = {name: value for name, value in given.items() if name not in _ON_TARGET}
    result = ArgumentSpecValidator(spec).validate(checked)
    for message in result.error_messages:
        yield f"{prefix}*: {visible(message)}"
    if not result.error_messages:
        try:
            check_values(result.validated_parameters)
        except OptionError as error:
            own = prefix if error.problem.partition(":")[0] in given else ""
            yield f"{own}{visible(error.describe())}"


def _anything(_value: Any) -> Iterator[str]:
    yield from ()


def _text(value: Any) -> Iterator[str]:
    if not str(value).strip():
        yield "empty text. Leave the variable out to use its default."


def _not_empty(value: Any) -> Iterator[str]:
    """Check a list, or the text that Ansible converts to one."""
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else [value]
    if not any(str(item).strip() for item in items):
        yield "empty list, which selects nothing. To set no condition, leave the variable out."
    elif not all(str(item).strip() for item in items):
        yield "the list has an empty value. Remove it."


def _dictionary(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{_shown(value)} is not a dictionary. On the command line, give it as JSON: -e '{{\"NAME\": {{...}}}}'."


def _dictionaries(value: Any) -> Iterator[str]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, Mapping) for item in value):
        yield f"{_shown(value)} is not a list of dictionaries. On the command line, give it as JSON."


def _number(value: Any) -> Iterator[str]:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
        yield f"{_shown(value)} is not a number. Give 0 or more."


def _up_to(most: int, value: Any) -> Iterator[str]:
    if any(_number(value)) or not 1 <= int(value) <= most:
        yield f"{_shown(value)} is out of range. Give a number from 1 to {most}."


def _limit(value: Any) -> Iterator[str]:
    if str(value).lower() != "none" and any(_number(value)):
        yield f"{_shown(value)} is not a number of findings. Give a number, or none for no limit."


def _mode(value: Any) -> Iterator[str]:
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 0o7777
    if not is_number and not _MODE.fullmatch(str(value)):
        yield f"{_shown(value)} is not a file mode. Give one such as '0640', in quotation marks."


def _file_name(value: Any) -> Iterator[str]:
    if str(value).strip() in ("", ".", "..") or "/" in str(value) or not str(value).isprintable():
        yield f"{_shown(value)} is not a file name. Give one without folders."
    elif len(str(value).encode()) > _LONGEST_FILE_NAME:
        yield f"{_shown(value)} is too long for a file name. Give at most {_LONGEST_FILE_NAME} bytes."


def _file(value: Any) -> Iterator[str]:
    path = Path(str(value)).expanduser()
    try:
        path.open("rb").close()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a valid path"
        yield f"{_shown(value)} cannot be read: {reason}."


def _file_to_be(value: Any) -> Iterator[str]:
    path = Path(str(value)).expanduser()
    try:
        is_missing = not str(value) or not path.exists()
    except (OSError, ValueError):
        is_missing = False
    if not is_missing:
        yield from _file(value)


#: The kinds of variables: functions that yield the problems of a value.
KINDS: dict[str, Callable[[Any], Iterator[str]]] = {
    "any": _anything,
    "text": _text,
    "not empty": _not_empty,
    "dictionary": _dictionary,
    "dictionaries": _dictionaries,
    "number": _number,
    "connections": partial(_up_to, MAX_CONCURRENCY),
    "seconds": partial(_up_to, MAX_TIMEOUT),
    "limit": _limit,
    "mode": _mode,
    "file name": _file_name,
    "file": _file,
    "file to be": _file_to_be,
}


def _shown(value: Any) -> str:
    return shorten(visible(repr(value) if isinstance(value, str) else value), 80)
