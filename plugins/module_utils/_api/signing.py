# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign requests.

Source: https://docs.ucloud.cn/api/summary/signature
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def flatten(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Convert nested parameters to the flat strings that the API expects.

    Lists become ``Name.0``, ``Name.1``, …; dicts nest with dots; parameters that are ``None`` are left out.
    """
    flat: dict[str, str] = {}
    for name, value in parameters.items():
        _flatten_into(flat, name, value)
    return flat


def sign(parameters: Mapping[str, str], private_key: str) -> str:
    """Return the signature of flat ``parameters``: 40 lower-case hex digits.

    A ``Signature`` among the parameters is ignored.
    """
    plain = "".join(name + parameters[name] for name in sorted(parameters) if name != "Signature")
    # The API requires SHA-1.
    return hashlib.sha1((plain + private_key).encode("utf-8")).hexdigest()  # noqa: S324


def _flatten_into(flat: dict[str, str], name: str, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            _flatten_into(flat, f"{name}.{key}", item)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _flatten_into(flat, f"{name}.{index}", item)
    else:
        flat[name] = _encode(value)


def _encode(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Not in scientific notation: the gateway reads 1e+16 as text, and the signature would not match.
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value)
