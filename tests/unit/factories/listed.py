# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates certificates and their facts without an API and without PEM."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Binding, Certificate, Content

DAY = 86400
#: 2026-01-01T00:00:00Z
NOW = 1767225600

Facts = dict[str, Any]


def binding(
    load_balancer: str | None = "alb-1",
    listener: str | None = "lsn-1",
    *,
    is_default: bool | None = True,
    listener_name: str | None = "https",
) -> Binding:
    """Return a binding of a certificate to a listener."""
    return Binding(load_balancer, "shop", "application", listener, listener_name, is_default)


def certificate(
    ssl_id: str | None = "ssl-1",
    name: str | None = "shop",
    *,
    domains: Iterable[str] = (),
    ends: float | None = 60,
    begins: float = -30,
    bindings: Iterable[Binding] | None = (),
    x509: Facts | None = None,
    **fields: Any,
) -> Certificate:
    """Return a certificate. ``begins`` and ``ends`` are in days from :data:`NOW`."""
    return Certificate(
        **{
            "ssl_id": ssl_id,
            "ssl_name": name,
            "ssl_type": "Pem",
            "source": "ulb",
            "ussl_id": None,
            "region": "cn-bj2",
            "project_id": "org-1",
            "hash_value": None,
            "created_at": None,
            "api_domains": (),
            "api_not_before": None,
            "api_not_after": None,
            "bindings": tuple(bindings) if bindings is not None else None,
            "content": Content(
                not_before=round(NOW + begins * DAY),
                not_after=round(NOW + ends * DAY) if ends is not None else None,
                domains=tuple(domains),
                x509=x509,
            ),
            **fields,
        }
    )


def facts(*args: Any, **fields: Any) -> Facts:
    """Return the facts about a :func:`certificate` at :data:`NOW`."""
    return certificate(*args, **fields).to_facts(NOW)
