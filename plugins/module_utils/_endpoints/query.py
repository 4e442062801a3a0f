# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which endpoints to probe, and how: the options of the module ``ssl_endpoint_info``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._api.errors import OptionError
from .._api.values import HIGHEST_PORT
from .._certificates import domains, trust_stores
from .._option_values import fingerprints, number
from . import revocation
from .connecting import check_source_address

#: The highest values of options.
MAX_TIMEOUT, MAX_CONCURRENCY = 300, 256
#: What the platform knows about a listener. It is returned with the result, and not used otherwise.
LISTENER_FIELDS = ("project_id", "region", "load_balancer_id", "listener_id")


@dataclass(frozen=True)
class Endpoint:
    """An address and port, and the server name to ask for.

    Attributes:
        address: An IP address, or a host name in its normal form.
        server_name: The normal form of the name in the handshake; ``None`` to send none.
        expected: SHA-256 fingerprints of certificates, any of which may be served; ``None`` if unknown.
        listener: Values by :data:`LISTENER_FIELDS`.
    """

    address: str
    port: int = 443
    server_name: str | None = None
    expected: tuple[str, ...] | None = None
    listener: tuple[str | None, ...] = (None,) * len(LISTENER_FIELDS)

    @property
    def sent_name(self) -> str | None:
        """The name for the handshake. IP addresses are not sent (RFC 6066, 3)."""
        return None if self.server_name is None or domains.ip_address(self.server_name) else self.server_name

    def to_facts(self) -> dict[str, Any]:
        """Return the facts for playbooks."""
        return {
            "address": self.address,
            "port": self.port,
            "server_name": self.server_name,
            "expected_fingerprints": None if self.expected is None else list(self.expected),
            **dict(zip(LISTENER_FIELDS, self.listener)),
        }


@dataclass(frozen=True)
class ProbeQuery:
    """What to probe.

    Attributes:
        timeout: Seconds for one attempt: name resolution, connection and handshake together.
        concurrency: Maximum number of connections at the same time.
        retries: How often an attempt is repeated that ended with a reset or timeout.
        tls_versions: Whether to try each version of TLS.
        source_address: Source address of all connections.
        trust_store: The roots to verify trust by, see ``trust_stores``.
        revocation: How to find out whether certificates are revoked, one of ``revocation.METHODS``.
    """

    endpoints: tuple[Endpoint, ...]
    timeout: int = 10
    concurrency: int = 32
    retries: int = 1
    tls_versions: bool = False
    source_address: str | None = None
    trust_store: str = trust_stores.NONE
    revocation: str = revocation.NONE


def probe_spec() -> dict[str, Any]:
    """Return the argument spec of the module."""
    return {
        "endpoints": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                "address": {"type": "str", "required": True},
                "port": {"type": "int", "default": 443},
                "server_name": {"type": "str"},
                "expected_fingerprints": {"type": "list", "elements": "str", "aliases": ["expected_fingerprint"]},
                **{name: {"type": "str"} for name in LISTENER_FIELDS},
            },
        },
        "timeout": {"type": "int", "default": 10},
        "concurrency": {"type": "int", "default": 32},
        "retries": {"type": "int", "default": 1},
        "tls_versions": {"type": "bool", "default": False},
        "source_address": {"type": "str"},
        "trust_store": {"type": "str", "default": trust_stores.MOZILLA},
        "revocation": {"type": "str", "choices": list(revocation.METHODS), "default": revocation.NONE},
    }


def probe_query(options: Mapping[str, Any]) -> ProbeQuery:
    """Parse the options of the module.

    Args:
        options: Values by :func:`probe_spec`. ``None`` means that an option is not set.

    Raises:
        OptionError: A value is invalid.
    """
    trust_store = _trust_store(options["trust_store"])
    if options["revocation"] != revocation.NONE and trust_store == trust_stores.NONE:
        raise OptionError(
            f"revocation: {options['revocation']} needs a trust store, because only CRLs that a trusted CA names are"
            " requested",
            hint="Set trust_store to something else than none, or revocation to none.",
        )
    return ProbeQuery(
        endpoints=tuple(_endpoint(f"endpoints[{number}]", given) for number, given in enumerate(options["endpoints"])),
        timeout=number("timeout", options["timeout"], 1, MAX_TIMEOUT),
        concurrency=number("concurrency", options["concurrency"], 1, MAX_CONCURRENCY),
        retries=number("retries", options["retries"], 0, 10),
        tls_versions=options["tls_versions"],
        source_address=_source_address(options["source_address"]),
        trust_store=trust_store,
        revocation=options["revocation"],
    )


def _endpoint(where: str, given: Mapping[str, Any]) -> Endpoint:
    server_name, expected = given["server_name"], given["expected_fingerprints"]
    return Endpoint(
        address=_name(f"{where}.address", given["address"]),
        port=number(f"{where}.port", given["port"], 1, HIGHEST_PORT),
        server_name=None if server_name is None else _name(f"{where}.server_name", server_name),
        expected=None if expected is None else fingerprints(f"{where}.expected_fingerprints", expected),
        listener=tuple(given[name] for name in LISTENER_FIELDS),
    )


def _name(where: str, text: str) -> str:
    """Return the normal form of a host name or IP address."""
    refusal = domains.refusal_of(text)
    if refusal is not None:
        raise OptionError(f"{where}: {text!r} {refusal.problem}", hint=refusal.hint)
    name = domains.normalize(text)
    if name.startswith("*"):
        raise OptionError(f"{where}: {text!r} is a wildcard", hint="Give a name that it covers.")
    if any(label == "" for label in name.split(".")) and ":" not in name:
        raise OptionError(f"{where}: {text!r} has an empty label", hint="Give one such as shop.example.com.")
    return name


def _source_address(value: str | None) -> str | None:
    if value is None:
        return None
    address = domains.ip_address(value.strip())
    if address is None:
        raise OptionError(f"source_address: {value!r} is not an IP address", hint="Give an address of this machine.")
    reason = check_source_address(address)
    if reason is not None:
        raise OptionError(
            f"source_address: {address} cannot be used: {reason}", hint="Give an address of the machine that connects."
        )
    return address


def _trust_store(value: str) -> str:
    trust_stores.check(value)
    return value
