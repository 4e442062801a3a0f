# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strings from outside that must not be taken for templates."""

from __future__ import annotations

from typing import Any

from ansible import template
from ansible.utils.unsafe_proxy import wrap_var

# From ansible-core 2.19 on, only what is marked as trusted is a template, and what comes from outside is not.
_MARKS_TRUST = hasattr(template, "trust_as_template")


def untrusted(value: Any) -> Any:
    """``value`` as it has to be given to Ansible so that no string in it is ever a template."""
    return value if _MARKS_TRUST else wrap_var(value)
