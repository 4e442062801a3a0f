# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks."""

from __future__ import annotations

from .checks import bindings, chain, endpoints, fleet, keys, listener_certificates, listeners, names, validity, waivers
from .definition import Check

#: By id, in the order of the documentation.
CATALOGUE: dict[str, Check] = {
    check.id: check
    for check in (
        *validity.CHECKS,
        *keys.CHECKS,
        *names.CHECKS,
        *chain.CHECKS,
        *fleet.CHECKS,
        *listeners.CHECKS,
        *listener_certificates.CHECKS,
        *bindings.CHECKS,
        *endpoints.CHECKS,
        *listeners.LISTING_CHECKS,
        *waivers.CHECKS,
    )
}
