# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that users expect to be covered."""

from __future__ import annotations

from ...module_utils._certificates.domains import normalize, service_in
from .definition import InvalidTextError


def expected_name(text: str) -> str:
    """Normalize a domain or an IP address. Other text is accepted, but no certificate covers it.

    Raises:
        InvalidTextError: The text is a URL, or a host with a port, instead of a domain.
    """
    refusal = service_in(text)
    if refusal is not None:
        raise InvalidTextError(*refusal)
    return normalize(text)
