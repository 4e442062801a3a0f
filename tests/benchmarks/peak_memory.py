# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists all certificates of the server given on standard input, and prints its peak memory in bytes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from .servers import Server


def main() -> None:
    """Run the command."""
    given = json.load(sys.stdin)
    found = Server(given["state"], given["regions"], given["count"]).gather()
    print(peak_memory())
    # Nothing may be freed before this.
    del found


def peak_memory() -> int:
    """Return the peak memory of this process in bytes."""
    # Do not use getrusage(), whose maximum is inherited from the parent process. In KiB, only on Linux.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak, "the kernel tells no peak"
    return int(peak[1]) * 1024


if __name__ == "__main__":
    main()
