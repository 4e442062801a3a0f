# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that users expect to be served."""

from __future__ import annotations

import re

from ...module_utils._certificates.domains import fold
from .addresses import read_address
from .catalogue import SpellingError

#: A scheme, a user, a host, and what may follow.
_URL = re.compile(r"(?:[^\s/?#]*//)?(?:[^\s@/?#]*@)?([^\s/?#]*)(?:[/?#]\S*)?")
_WITH_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:]*):\d*", re.ASCII)


def expected_name(text: str) -> str:
    """The one spelling of a domain or an IP address. What is neither is left as it is: no certificate covers it.

    :raises SpellingError: it is the address of a service, and no domain, though one may be in there.
    """
    text = text.strip()
    address = read_address(text)
    if address is not None:
        return str(address)
    match = _URL.fullmatch(text)
    host = match[1] if match else text
    with_port = _WITH_PORT.fullmatch(host)
    name = (with_port[1] if with_port else host).strip("[]")
    if host != text or with_port:
        problem = "is a URL, and no domain" if "//" in text else "has more in it than a domain"
        raise SpellingError(problem, f"Give the name alone: {name or 'such as shop.example.com'}.")
    return fold(text)
