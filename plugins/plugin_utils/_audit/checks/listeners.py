# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what a listener offers to clients: TLS versions, ciphers, redirects."""

from __future__ import annotations

from ....module_utils._listeners.tls_policy import VERSIONS
from ..definition import Options, Problem, Texts, Unknown, Verdict, listener_check
from ..listener_facts import ListenerFacts

_PROTOCOL_UNKNOWN = Unknown("its protocol is not known")


def _version(text: str) -> str:
    """Return a version as the platform writes it."""
    number = text.strip().lower().removeprefix("tls").strip().removeprefix("v").removesuffix(".0")
    return "TLSv1" if number == "1" else f"TLSv{number}"


def _advise_version(options: Options) -> str:
    return f"Choose a TLS policy whose lowest version is {options['minimum_version']} or later."


@listener_check(
    "Listener allows old TLS versions",
    "high",
    options={"minimum_version": "TLSv1.2"},
    texts={"minimum_version": Texts(_version, VERSIONS)},
    advise=_advise_version,
    source="RFC 8996, RFC 9325 3.1.1",
)
def listener_tls_version(listener: ListenerFacts, options: Options) -> Verdict:
    """The lowest TLS version that it allows is below ``minimum_version``."""
    if not listener.terminates_tls:
        return _PROTOCOL_UNKNOWN if listener.terminates_tls is None else None
    lowest, required = (listener.tls or {}).get("minimum_version"), options["minimum_version"]
    if lowest not in VERSIONS:
        return Unknown("the lowest TLS version of its policy is not known")
    if VERSIONS.index(lowest) >= VERSIONS.index(required):
        return None
    policy = (listener.tls or {}).get("policy_name") or (listener.tls or {}).get("policy_id")
    return Problem(
        f"Its TLS policy {policy} allows {lowest}; at least {required} is required.",
        {"minimum_version": lowest, "required_version": required, "policy": policy},
    )


CHECKS = (listener_tls_version,)
