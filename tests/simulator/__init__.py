# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator of the UCloud API on the loopback address, for tests, demos and benchmarks.

It needs aiohttp, cryptography and certifi, and nothing of the collection::

    with Simulator(demo()) as sim:
        account = sim.accounts["main"]
        call(sim.http_url, account.public_key, account.private_key)
"""

from __future__ import annotations

from . import balancers
from .accounts import Account
from .api import Settings
from .datasets import bulk, demo, mozilla, pem
from .faults import Fault
from .fleet import Fleet, Project, Record, Region, record, relation
from .recorder import RequestRecord
from .server import Simulator

__all__ = [
    "Account",
    "Fault",
    "Fleet",
    "Project",
    "Record",
    "Region",
    "RequestRecord",
    "Settings",
    "Simulator",
    "balancers",
    "bulk",
    "demo",
    "mozilla",
    "pem",
    "record",
    "relation",
]
