# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which IP addresses are reserved: a table of our own, as Python's differs from version to version.

It has every block of IANA's registries of special-purpose addresses, as they were on 2025-10-09, whatever it is for.
That is what the CA/Browser Forum's Baseline Requirements (1.6.1, "Reserved IP Address") keep public CAs from
certifying. So blocks count that can be reached from everywhere, such as 192.31.196.0/24, and those that hold an IPv4
address: 6to4, Teredo, NAT64 and IPv4-mapped ones. Multicast addresses are no hosts, and count as well.

https://www.iana.org/assignments/iana-ipv4-special-registry/
https://www.iana.org/assignments/iana-ipv6-special-registry/
"""

from __future__ import annotations

import ipaddress
from typing import Union

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

#: Blocks within others of the registry are left out.
_RESERVED_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private use
            "100.64.0.0/10",  # between a provider and its customers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link local
            "172.16.0.0/12",  # private use
            "192.0.0.0/24",  # assignments of the IETF
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # relays of 6to4, which are gone
            "192.168.0.0/16",  # private use
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast (not in that registry)
            "240.0.0.0/4",  # future use, and broadcast
        ),
    )
)
#: All else has not been given to anybody, is local, for multicast, or holds an IPv4 address.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_RESERVED_IPV6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # assignments of the IETF, Teredo among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


def read_address(text: str) -> Address | None:
    """The address that a text is; ``None`` if it is none."""
    # Only for what can be one: the exception for what cannot takes longer than all the rest.
    if not text[-1:].isdigit() and ":" not in text:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_reserved(address: Address) -> bool:
    """Whether an address is for private or special use."""
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in block for block in _RESERVED_IPV4)
    return address not in _GLOBAL_IPV6 or any(address in block for block in _RESERVED_IPV6)
