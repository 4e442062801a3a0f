# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Protection against strings from outside being evaluated as templates."""

from __future__ import annotations

from typing import Any

from ansible import template
from ansible.utils.unsafe_proxy import wrap_var

# Since ansible-core 2.19, only strings that are marked as trusted are templates. Strings from outside are not.
_MARKS_TRUST = hasattr(template, "trust_as_template")


def untrusted(value: Any) -> Any:
    """Return ``value`` in a form in which Ansible never evaluates its strings as templates."""
    return value if _MARKS_TRUST else wrap_var(value)
