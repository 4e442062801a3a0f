# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of requests, implemented from the API's documentation.

It shares no code with the collection, so that the collection's client is tested against an independent implementation.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any


def flatten(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Convert the values of a JSON body to the strings that are signed.

    Booleans become ``true`` and ``false``, floats without a fraction integers, the list in
    ``{"IP": ["a", "b"]}`` becomes ``{"IP.0": "a", "IP.1": "b"}``, and mappings nest with dots.
    """
    flat: dict[str, str] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            flat.update((f"{name}.{key}", text) for key, text in flatten(value).items())
        elif isinstance(value, (list, tuple)):
            numbered = {str(index): item for index, item in enumerate(value)}
            flat.update((f"{name}.{key}", text) for key, text in flatten(numbered).items())
        elif value is not None:
            flat[name] = _text(value)
    return flat


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # format() with "f" never uses scientific notation. repr() does from 1e16 on.
        return str(int(value)) if value.is_integer() else format(value, "f").rstrip("0")
    return str(value)


def sign(parameters: Mapping[str, str], private_key: str) -> str:
    """Return the SHA-1 in lower-case hex of all names and values, sorted by name, followed by the key."""
    joined = "".join(name + parameters[name] for name in sorted(parameters) if name != "Signature")
    return hashlib.sha1((joined + private_key).encode(), usedforsecurity=False).hexdigest()


def verify(parameters: Mapping[str, str], private_key: str) -> bool:
    """Whether the parameter ``Signature`` is valid for all other parameters."""
    given = parameters.get("Signature", "")
    return hmac.compare_digest(sign(parameters, private_key).encode(), given.encode())
