# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gathers everything and prints the most memory that took, in bytes. Standard input says from which server."""

from __future__ import annotations

import json
import resource
import sys

from .servers import Server


def main() -> None:
    """Do it."""
    given = json.load(sys.stdin)
    found = Server(given["state"], given["regions"], given["count"]).gather()
    # In KiB on Linux.
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    # Nothing may be let go of before that.
    del found


if __name__ == "__main__":
    main()
