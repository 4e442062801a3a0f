# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serves endpoints with different certificates until it is terminated. Prints their ports, names and fingerprints."""

from __future__ import annotations

import asyncio
import json
import sys

from ..simulator.endpoints import Endpoints, identity, server_context, tls_script

CERTIFICATES = 20


async def serve(latency: float) -> None:
    """Serve endpoints with a latency in seconds."""
    endpoints, found = Endpoints(), []
    for number in range(CERTIFICATES):
        name = f"shop{number}.example.com"
        script = tls_script(server_context(identity(name)), delay=latency)
        opened = await endpoints.open_script(script)
        found.append((opened.port, name, identity(name).fingerprint))
    print(json.dumps(found), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
