# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about three certificates, for tests of the inventory."""

from __future__ import annotations

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
