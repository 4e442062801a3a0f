# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the values of options. ``where`` is the name of the option, with which errors begin."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

from ._api.errors import OptionError
from ._api.values import HIGHEST_PORT
from ._certificates import times

#: Maximum length of a path in characters, and of a number in bits, in a message.
_MAX_SHOWN_CHARACTERS, _MAX_SHOWN_BITS = 200, 128
_FINGERPRINT = re.compile("[0-9a-f]{64}")


def number(where: str, value: Any, least: int, most: int) -> int:
    """Return an integer from ``least`` to ``most``.

    Raises:
        OptionError: It is another number, or no integer.
    """
    if not isinstance(value, int) or not least <= value <= most:
        raise OptionError(f"{where}: {_shown(value)} is out of range", hint=f"Give a number from {least} to {most}.")
    return value


def ports(where: str, values: Iterable[int]) -> frozenset[int]:
    """Return port numbers.

    Raises:
        OptionError: One of them is not a port.
    """
    values = frozenset(values)
    for value in values:
        if not 0 < value <= HIGHEST_PORT:
            raise OptionError(f"{where}: {_shown(value)} is not a port", hint=f"Give numbers from 1 to {HIGHEST_PORT}.")
    return values


def duration(where: str, text: str) -> int:
    """Return a duration in seconds.

    Raises:
        OptionError: The text is not a duration.
    """
    seconds = times.parse_duration(text)
    if seconds is None:
        raise OptionError(
            f"{where}: {text!r} is not a duration",
            hint="Give numbers with units (w, d, h, m, s), such as 30d, 12h or 1w2d.",
        )
    return seconds


def fingerprints(where: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return SHA-256 fingerprints in lower case and without colons, each once.

    Raises:
        OptionError: One of them is not such a fingerprint.
    """
    plain = {value: value.replace(":", "").strip().lower() for value in values}
    for value, digits in plain.items():
        if not _FINGERPRINT.fullmatch(digits):
            raise OptionError(
                f"{where}: {value!r} is not a SHA-256 fingerprint",
                hint="Give 64 hexadecimal digits, with or without colons.",
            )
    return tuple(dict.fromkeys(plain.values()))


def readable_path(where: str, path: str) -> str:
    """Return the path of a file or folder that can be read.

    Raises:
        OptionError: It cannot be read, or does not exist.
    """
    try:
        os.stat(path)  # noqa: PTH116 (Path.exists() hides the reason)
        reason = None if os.access(path, os.R_OK) else "Permission denied"
    except FileNotFoundError:
        raise OptionError(f"{where}: there is no file or folder {path}") from None
    except OSError as error:
        reason = error.strerror
    except ValueError:  # a null character
        reason = "not a valid path"
    if reason is not None:
        shown = path if len(path) <= _MAX_SHOWN_CHARACTERS else f"{path[:_MAX_SHOWN_CHARACTERS]}…"
        raise OptionError(
            f"{where}: {shown!r} cannot be read: {reason}",
            hint="Give a file or folder that the user who runs this may read.",
        )
    return path


def _shown(value: object) -> object:
    # Python refuses to convert very long numbers to text.
    return value if not isinstance(value, int) or value.bit_length() < _MAX_SHOWN_BITS else "the number"
