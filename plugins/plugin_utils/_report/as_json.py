# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON: the whole audit, which can serve as a baseline."""

from __future__ import annotations

import json
from typing import Any

from .audits import Audit


def render(audit: Audit) -> str:
    """The audit, in its own order."""
    return dump(audit)


def dump(data: Any) -> str:
    """Indented JSON. It is ASCII: no line end, control or right-to-left mark of a name is there as such."""
    return json.dumps(data, indent=2, allow_nan=False) + "\n"
