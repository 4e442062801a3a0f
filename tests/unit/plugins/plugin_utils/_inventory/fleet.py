# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about three certificates, and about listeners, for tests of the inventory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._listeners.model import LoadBalancer
from ansible_collections.ucloud.ulb.tests.simulator import balancers
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

SHOP, SHOP_SNI = listed.binding("alb-1", "lsn-1"), listed.binding("alb-1", "lsn-1", is_default=False)
FLEET = [
    listed.facts("ssl-1", "api", domains=("api.example.com", "shop.example.com"), bindings=[SHOP_SNI]),
    listed.facts(
        "ssl-2",
        "shop",
        domains=("shop.example.com", "*.shop.example.com"),
        bindings=[SHOP, listed.binding("ulb-2", "vserver-2", listener_name="legacy", is_default=None)],
    ),
    listed.facts("ssl-3", "unused", domains=("shop.example.com",)),
]


def listener_facts(listener_id: str | None = "lsn-1", ssl_ids: Sequence[str] = (), **changes: Any) -> listed.Facts:
    """Return the facts of a listener of ``alb-1`` that accepts TLS 1.2."""
    served = [(ssl_id, not position) for position, ssl_id in enumerate(ssl_ids)]
    record = balancers.listener(listener_id or "", "https", certificates=served)
    built = balancers.application("alb-1", "shop", [record], addresses=["203.0.113.7"])
    (listener,) = LoadBalancer.from_application(built, "cn-bj2", "org-1").listeners or ()
    facts = listener.to_facts()
    return {**facts, "tls": {**facts["tls"], "minimum_version": "TLSv1.2"}, **changes}
