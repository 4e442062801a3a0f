# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data for the simulator to serve."""

from __future__ import annotations

from .bulk import bulk
from .demo import demo
from .mozilla import mozilla
from .pem import pem

__all__ = ["bulk", "demo", "mozilla", "pem"]
