# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How this collection names itself to the platform."""

from __future__ import annotations

from ansible.module_utils.ansible_release import __version__ as ansible_core_version

#: The version of this collection. A test holds it equal to galaxy.yml's.
VERSION = "0.1.0"


def user_agent() -> str:
    """The User-Agent header: this collection and its version, ansible-core and its version."""
    return f"ucloud.ulb/{VERSION} ansible-core/{ansible_core_version}"
