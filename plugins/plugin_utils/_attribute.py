# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fact of a certificate, by its dotted path."""

from __future__ import annotations

from typing import Any

from ..module_utils._api.errors import OptionError

#: Facts that have whatever attributes a certificate happens to have.
_NAMES = (["subject"], ["issuer"])


def attribute_at(facts: dict[str, Any], path: str, option: str = "attribute") -> Any:
    """The fact at a dotted path such as ``x509.issuer.common_name`` or ``bindings.0.listener_id``.

    What lies behind something that is not known, or not there in a list or name, is not known either (``None``).

    :param option: that it comes from.
    :raises OptionError: there is no such fact; those that exist are listed.
    """
    value: Any = facts
    steps = path.split(".")
    for position, step in enumerate(steps):
        if value is None:
            return None
        if isinstance(value, list) and step.isascii() and step.isdigit():
            value = dict(enumerate(value)).get(int(step))
        elif isinstance(value, dict) and (step in value or steps[:position][-1:] in _NAMES):
            value = value.get(step)
        else:
            where = ".".join(steps[:position]) or "a certificate"
            problem = f"{option}: {path!r} is no fact: there is no {step!r} in {where}"
            raise OptionError(problem, hint=f"There is: {_content(value)}.")
    return value


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(value)
    return "a list, whose items have numbers from 0" if isinstance(value, list) else "a single value"
