# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON: the whole audit, which can be used as a baseline."""

from __future__ import annotations

import json
from typing import Any

from .._audit.schema import Audit


def render(audit: Audit) -> str:
    """Render the audit in its own order."""
    return dump(audit)


def dump(data: Any) -> str:
    """Render indented JSON. It is ASCII, so that line ends, control characters and marks in names are escaped."""
    return json.dumps(data, indent=2, allow_nan=False) + "\n"
