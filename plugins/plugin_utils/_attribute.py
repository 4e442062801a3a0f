# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access to a single fact of a certificate by its dotted path."""

from __future__ import annotations

from typing import Any

from ..module_utils._api.errors import OptionError

#: Facts whose keys differ between certificates.
_WITH_ANY_KEYS = (["subject"], ["issuer"])


def attribute_at(facts: dict[str, Any], path: str, option: str = "attribute") -> Any:
    """Return the fact at a dotted path such as ``x509.issuer.common_name`` or ``bindings.0.listener_id``.

    The result is ``None`` if a part of the path leads to an unknown (``None``) fact, beyond the end of a list, or to an
    attribute that the subject or issuer does not have.

    Args:
        facts: All facts of a certificate.
        path: The dotted path.
        option: The option that the path comes from, for the error message.

    Raises:
        OptionError: The fact does not exist. The hint lists the valid names.
    """
    value: Any = facts
    steps = path.split(".")
    for position, step in enumerate(steps):
        if value is None:
            return None
        if isinstance(value, list) and step.isascii() and step.isdigit():
            value = dict(enumerate(value)).get(int(step))
        elif isinstance(value, dict) and (step in value or steps[:position][-1:] in _WITH_ANY_KEYS):
            value = value.get(step)
        else:
            where = ".".join(steps[:position]) or "a certificate"
            raise OptionError(f"{option}: {path!r} is not a fact: {where} has no {step!r}", hint=_hint(value))
    return value


def _hint(value: Any) -> str:
    if isinstance(value, dict):
        return f"Valid names: {', '.join(value)}."
    return "It is a list. Give an index, starting at 0." if isinstance(value, list) else "It is a single value."
