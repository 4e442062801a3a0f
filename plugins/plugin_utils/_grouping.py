# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What certificates can be grouped by: facts -> values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Facts = dict[str, Any]


def _issuer(facts: Facts) -> list[Any]:
    issuer = (facts.get("x509") or {}).get("issuer") or {}
    name = issuer.get("common_name") or issuer.get("organization_name")
    return name if isinstance(name, list) else [name]


def _key_type(facts: Facts) -> list[Any]:
    public_key = (facts.get("x509") or {}).get("public_key") or {}
    return [public_key.get("type")]


def _of_bindings(name: str) -> Callable[[Facts], list[Any]]:
    return lambda facts: [binding.get(name) for binding in facts["bindings"]]


#: The values of a certificate by criterion; a value that is not known is ``None``.
VALUES: dict[str, Callable[[Facts], list[Any]]] = {
    "region": lambda facts: [facts["region"]],
    "project": lambda facts: [facts["project_id"]],
    "state": lambda facts: [facts["state"]],
    "source": lambda facts: [facts["source"]],
    "issuer": _issuer,
    "load_balancer": _of_bindings("load_balancer_id"),
    "listener": _of_bindings("listener_id"),
    "domain": lambda facts: facts["domains"],
    "key_type": _key_type,
}

#: What certificates can be indexed by.
INDEXES = ("domain", "listener", "load_balancer", "fingerprint", "issuer")


def index_by(certificates: Any, key: str) -> dict[str, list[Facts]]:
    """Certificates by domain, listener, load balancer, fingerprint or issuer.

    :raises ValueError: there is no such key, or what is given are no certificates.
    """
    values = {**VALUES, "fingerprint": _fingerprint}
    if key not in INDEXES:
        raise ValueError(f"key: {key!r} is not possible; give one of {', '.join(INDEXES)}")
    if not isinstance(certificates, (list, tuple)) or not all(map(_is_certificate, certificates)):
        raise ValueError("give a list of facts about certificates, such as the certificates of ucloud.ulb.ssl_info")
    index: dict[str, list[Facts]] = {}
    for number, facts in enumerate(certificates, 1):
        try:
            found = [_text(value) for value in dict.fromkeys(values[key](facts)) if value]
        except (AttributeError, TypeError) as error:
            raise ValueError(f"certificate {number} of the list has malformed facts about its {key}: {error}") from None
        for value in found:
            index.setdefault(value, []).append(facts)
    return index


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _is_certificate(item: Any) -> bool:
    return isinstance(item, Mapping) and all(isinstance(item.get(name), list) for name in ("domains", "bindings"))


def _fingerprint(facts: Facts) -> list[Any]:
    return [((facts.get("x509") or {}).get("fingerprints") or {}).get("sha256")]
