# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gathers everything and prints the most memory that took, in bytes. Standard input says from which server."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from .servers import Server


def main() -> None:
    """Do it."""
    given = json.load(sys.stdin)
    found = Server(given["state"], given["regions"], given["count"]).gather()
    print(peak_memory())
    # Nothing may be let go of before that.
    del found


def peak_memory() -> int:
    """The most memory that this process has had so far, in bytes."""
    # Not getrusage(), whose maximum a process inherits from the one that made it. In KiB, on Linux only.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak, "the kernel tells no peak"
    return int(peak[1]) * 1024


if __name__ == "__main__":
    main()
