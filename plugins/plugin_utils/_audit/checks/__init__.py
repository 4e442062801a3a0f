# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks, by theme. Importing this defines them, in the order of the documentation."""

from __future__ import annotations

# The order of these is that of the catalogue.
from . import validity  # isort: skip
from . import keys  # isort: skip
from . import names  # isort: skip
from . import chain  # isort: skip
from . import fleet  # isort: skip
from ..registry import CATALOGUE  # isort: skip

__all__ = ["CATALOGUE", "chain", "fleet", "keys", "names", "validity"]
