# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IP addresses: how they are read and written, and which of them are reserved.

Python's own table of reserved addresses differs between versions, so this file has its own. It contains every block of
IANA's registries of special-purpose addresses (as of 2025-10-09), because public CAs must not issue certificates for
any of them (CA/Browser Forum Baseline Requirements 1.6.1, "Reserved IP Address"). That includes globally reachable
blocks, such as 192.31.196.0/24, and blocks that contain IPv4 addresses: 6to4, Teredo, NAT64 and IPv4-mapped ones.
Multicast addresses are included as well.

https://www.iana.org/assignments/iana-ipv4-special-registry/
https://www.iana.org/assignments/iana-ipv6-special-registry/
"""

from __future__ import annotations

import ipaddress
from typing import Union

from ...module_utils._certificates.domains import ip_address

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

#: Without blocks that are part of another block.
_RESERVED_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private use
            "100.64.0.0/10",  # shared address space of providers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link local
            "172.16.0.0/12",  # private use
            "192.0.0.0/24",  # IETF assignments
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays (deprecated)
            "192.168.0.0/16",  # private use
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast (not in the registry)
            "240.0.0.0/4",  # future use and broadcast
        ),
    )
)
#: All other IPv6 addresses are unassigned, local, for multicast, or contain an IPv4 address.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_RESERVED_IPV6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # IETF assignments, such as Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


def read_address(text: str) -> Address | None:
    """Parse an IP address; ``None`` if the text is not one."""
    address = ip_address(text)
    return None if address is None else ipaddress.ip_address(address)


def with_port(address: str, port: object) -> str:
    """Return an address or a host name with a port: ``203.0.113.7:443``, ``[2001:db8::1]:443``."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def is_reserved(address: Address) -> bool:
    """Whether an address is reserved for private or special use."""
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in block for block in _RESERVED_IPV4)
    return address not in _GLOBAL_IPV6 or any(address in block for block in _RESERVED_IPV6)
