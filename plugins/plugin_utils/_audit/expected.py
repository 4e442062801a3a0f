# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that users expect to be served."""

from __future__ import annotations

import re

from ...module_utils._certificates.domains import fold
from .addresses import read_address
from .catalogue import SpellingError

_URL = re.compile(r"(?:[^/?#]*//)?(?:[^@/?#]*@)?([^/?#]*)")
_WITH_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:]*):\d*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_-]+", re.ASCII)


def expected_name(text: str) -> str:
    """The one spelling of a domain or an IP address.

    :raises SpellingError: it is neither.
    """
    text = text.strip()
    address = read_address(text)
    if address is not None:
        return str(address)
    match = _URL.match(text)
    host = match[1] if match else ""
    with_port = _WITH_PORT.fullmatch(host)
    name = (with_port[1] if with_port else host).strip("[]")
    if host != text or with_port:
        problem = "is a URL, and no domain" if "//" in text else "has more in it than a domain"
        raise SpellingError(problem, f"Give the name alone: {name or 'such as shop.example.com'}.")
    folded = fold(name)
    labels = folded.removeprefix("*.").split(".") if folded else []
    # What ends in a number would be an address (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    ends_in_number = bool(labels) and labels[-1].isdigit()
    if ends_in_number or not all(_LABEL.fullmatch(label) for label in labels):
        raise SpellingError("is no domain", "Give such as shop.example.com, *.example.com or an IP address.")
    return folded
