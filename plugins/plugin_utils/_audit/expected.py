# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that users expect to be served."""

from __future__ import annotations

from ...module_utils._certificates.domains import normalize, service_in
from .registry import SpellingError


def expected_name(text: str) -> str:
    """The one spelling of a domain or an IP address. What is neither is left as it is: no certificate covers it.

    :raises SpellingError: it is the address of a service, and no domain, though one may be in there.
    """
    refusal = service_in(text)
    if refusal is not None:
        raise SpellingError(*refusal)
    return normalize(text)
