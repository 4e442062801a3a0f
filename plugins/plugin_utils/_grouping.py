# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group certificates by their facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._api.errors import OptionError

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


def _tls_version(facts: Facts) -> list[Any]:
    return [(binding.get("tls") or {}).get("minimum_version") for binding in facts["bindings"]]


#: The values of a certificate by criterion. Unknown values are ``None``.
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
    "protocol": _of_bindings("protocol"),
    "tls_version": _tls_version,
}

#: The values that only listeners have, and not the bindings of certificates alone.
OF_LISTENERS = ("protocol", "tls_version")
#: The criteria of :func:`index_by`.
INDEXES = ("domain", "listener", "load_balancer", "fingerprint", "issuer")
_HINT = "Give a list of facts, such as the certificates of ucloud.ulb.ssl_info."


def index_by(certificates: Any, key: str) -> dict[str, list[Facts]]:
    """Index certificates by domain, listener, load balancer, fingerprint or issuer.

    Args:
        certificates: The facts of certificates.
        key: One of ``INDEXES``.

    Returns:
        Lists of certificates by value. A certificate without a value is in none of them.

    Raises:
        OptionError: The key is unknown, or the certificates are not valid.
    """
    values = {**VALUES, "fingerprint": _fingerprint}
    if key not in INDEXES:
        raise OptionError(f"key: unknown {key!r}", hint=f"Valid values: {', '.join(INDEXES)}.")
    if not isinstance(certificates, (list, tuple)) or not all(map(_is_certificate, certificates)):
        raise OptionError("certificates: not a list of certificate facts", hint=_HINT)
    index: dict[str, list[Facts]] = {}
    for number, facts in enumerate(certificates):
        try:
            found = [_text(value) for value in dict.fromkeys(values[key](facts)) if value]
        except (AttributeError, TypeError) as error:
            raise OptionError(f"certificates[{number}]: malformed {key}: {error}", hint=_HINT) from None
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
