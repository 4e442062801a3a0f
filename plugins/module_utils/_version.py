# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version of this collection, and its User-Agent."""

from __future__ import annotations

from ansible.module_utils.ansible_release import __version__ as ansible_core_version

#: The version of this collection. A test compares it with galaxy.yml.
VERSION = "1.0.0"


def user_agent() -> str:
    """Return the User-Agent header: the versions of this collection and of ansible-core."""
    return f"ucloud.ulb/{VERSION} ansible-core/{ansible_core_version}"
