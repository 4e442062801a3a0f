# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which name a certificate needs for the host of a forwarding rule.

Wildcards stand for any number of labels, at the beginning or at the end, where the asterisk may be omitted. A host may
have a port (https://docs.ucloud.cn/ulb/alb/guide/listeners/forwarding).
"""

from __future__ import annotations

import re

from ...module_utils._certificates.domains import ip_address, is_domain, is_usable, normalize
from .listener_facts import RuleHost

#: How hosts are matched that may be a name. Others are regular expressions, or not known.
NAMES = frozenset(("exact", "wildcard"))
_PORT = re.compile(r":[0-9]{1,5}\Z")


def host_name(host: RuleHost) -> str | None:
    """Return a host as a normalized domain, maybe with ``*.``, or address; ``None`` if no single name stands for it."""
    if host.match not in NAMES:
        return None
    pattern = host.pattern.strip()
    if ":" in pattern and ip_address(pattern) is None:
        pattern = _PORT.sub("", pattern)
    if pattern.endswith("."):
        # A prefix, as with an asterisk after it.
        return None
    name = normalize(f"*{pattern}" if pattern.startswith(".") else pattern)
    is_name = (is_domain(name) and is_usable(name)) or ip_address(name) is not None
    return name if is_name else None
