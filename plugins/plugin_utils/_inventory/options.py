# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the inventory plugin's options, before any request is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...module_utils._api.errors import OptionError
from .._grouping import OF_LISTENERS
from .._plugin import check_known
from .hosts import HOSTS_ARE, variable_names
from .naming import FACT_PATH, safe_name

_MAX_PREFIX_LENGTH = 40


def check_prefixes(hostvars_prefix: str, host_prefix: str) -> None:
    """Check the prefixes of variable names and host names.

    Raises:
        OptionError: A prefix is not valid.
    """
    name = f"{hostvars_prefix}x"
    if not (name.isidentifier() and name.isascii()):
        raise OptionError(
            f"hostvars_prefix: {hostvars_prefix!r} is not a valid prefix for variable names",
            hint="Give letters, digits and underscores, without a digit at the beginning, or an empty string.",
        )
    if len(host_prefix) > _MAX_PREFIX_LENGTH or safe_name(f"{host_prefix}x") != f"{host_prefix}x":
        raise OptionError(
            f"host_prefix: {host_prefix!r} is not a valid prefix for host names",
            hint=f"Give at most {_MAX_PREFIX_LENGTH} letters, digits, underscores, dots and hyphens, such as ucloud-.",
        )


def check_filters(rules: Iterable[Any]) -> None:
    """Check that each filter rule has exactly one key, ``include`` or ``exclude``, with an expression.

    Raises:
        OptionError: A rule is not valid.
    """
    for rule in rules:
        if (
            not isinstance(rule, dict)
            or len(rule) != 1
            or not {"include", "exclude"}.issuperset(rule)
            or not all(isinstance(expression, (str, bool)) for expression in rule.values())
        ):
            raise OptionError(
                f"filters: {rule!r} is not a valid rule",
                hint="Give a single key, 'include' or 'exclude', with an expression.",
            )


def check_group_by(group_by: Iterable[str], listeners: bool) -> None:
    """Check that what groups are made of is listed: otherwise there would be no such groups, and plays no hosts.

    Raises:
        OptionError: A criterion needs the listeners.
    """
    unlisted = [name for name in group_by if name in OF_LISTENERS]
    if unlisted and not listeners:
        raise OptionError(
            f"group_by: {', '.join(unlisted)} cannot be known without listeners", hint="Set listeners to true."
        )


def strip_prefix(hostnames: Iterable[str], hosts_are: str, prefix: str, others: Iterable[str] = ()) -> list[str]:
    """Remove the prefix of variables from facts in ``hostnames``. Expressions are returned unchanged.

    Facts that only exist with another value of ``hosts_are`` are valid, so that inventory files can share options.
    They have no value.

    Args:
        hostnames: Facts or expressions.
        hosts_are: What hosts are, one of :data:`HOSTS_ARE`.
        prefix: The prefix of variables.
        others: Names of other variables that expressions may use.

    Raises:
        OptionError: A name is neither a fact nor another variable. It would never have a value.
    """
    known = {name for kind in HOSTS_ARE for name in variable_names(kind)}
    stripped = []
    for text in hostnames:
        name = text.partition(".")[0]
        if FACT_PATH.fullmatch(text) and name not in known and name not in others:
            if not name.startswith(prefix) or name[len(prefix) :] not in known:
                check_known("hostnames", [name], variable_names(hosts_are))
            stripped.append(text[len(prefix) :])
        else:
            stripped.append(text)
    return stripped
