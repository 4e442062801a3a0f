# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The authorities of the demo data: two roots, and valid and invalid intermediates."""

from __future__ import annotations

from dataclasses import dataclass

from ..issuing import Authority, Request, subject, utc
from ..keys import signing_key

DAY = 86400.0
ROOTS = ("root", "rsa-root")


@dataclass(frozen=True)
class _Plan:
    common_name: str
    key_kind: str
    ends: float
    parent: str | None = None
    """``None`` for a root."""
    signature_hash: str = "sha256"


_PLANS = {
    "root": _Plan("Example Trust Root E1", "p384", 5000),
    "rsa-root": _Plan("Example Trust Root R1", "rsa2048", 5000),
    "issuing": _Plan("Example Trust TLS CA 1", "p256", 1500, "root"),
    "rsa-issuing": _Plan("Example Trust TLS CA R3", "rsa2048", 1500, "rsa-root"),
    # Two levels below the root, for chains in the wrong order.
    "policy": _Plan("Example Trust Policy CA", "p384", 2500, "root"),
    "second": _Plan("Example Trust TLS CA 2", "p256", 1500, "policy"),
    "expired": _Plan("Example Trust TLS CA 0", "p256", -10, "root"),
    "sha1-issuing": _Plan("Example Trust TLS CA R0", "p256", 400, "rsa-root", "sha1"),
}


def authorities(now: float) -> dict[str, Authority]:
    """Return all authorities by short name. ``now`` is in seconds since 1970."""
    created: dict[str, Authority] = {}
    for name, plan in _PLANS.items():
        request = Request(
            subject=subject(plan.common_name, "Example Trust Services"),
            key=signing_key(plan.key_kind, f"authority {name}"),
            not_before=utc(now - 1200 * DAY),
            not_after=utc(now + plan.ends * DAY),
            is_ca=True,
            usage=None,
            signature_hash=plan.signature_hash,
        )
        parent = created[plan.parent] if plan.parent else None
        created[name] = parent.intermediate(request) if parent else Authority.root(request)
    return created
