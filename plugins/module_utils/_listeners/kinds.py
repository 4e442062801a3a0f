# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Types of load balancers, and what is known about the protocols of listeners.

Nothing is known about other protocols, such as one that the platform will have.
"""

from __future__ import annotations

APPLICATION, CLASSIC = "application", "classic"
HTTP, HTTPS = "HTTP", "HTTPS"
#: Clients do not use TLS, so that listeners have no certificates.
WITHOUT_TLS = frozenset((HTTP, "TCP", "UDP"))
PROTOCOLS = WITHOUT_TLS | {HTTPS}
#: Listeners do not route by host name.
WITHOUT_HOSTS = frozenset(("TCP", "UDP"))
