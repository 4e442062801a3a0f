# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Probes the port given on standard input as often as given there, and prints its peak memory in bytes."""

from __future__ import annotations

import json
import sys

from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.probing import probe_all
from ansible_collections.ucloud.ulb.plugins.module_utils._endpoints.query import Endpoint, ProbeQuery

from .peak_memory import peak_memory


def main() -> None:
    """Run the command."""
    port, count = json.load(sys.stdin)
    endpoints = tuple(Endpoint("127.0.0.1", port, f"name{number}.example.com") for number in range(count))
    found = probe_all(ProbeQuery(endpoints), 0)
    print(peak_memory())
    # Nothing may be freed before this.
    del found


if __name__ == "__main__":
    main()
