# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe what endpoints serve in words. Every fact may be missing, unknown, or of another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .._audit.addresses import with_port
from .language import join, mark, say, say_reason
from .listeners import UNKNOWN
from .sanitize import visible

GOOD, BAD, UNDECIDED = ("good", "bad", "undecided")
_KINDS = (BAD, UNDECIDED, GOOD)
#: Versions that clients must not use (RFC 8996).
_OLD_VERSIONS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
#: Why nothing was served, by the fact ``error``.
_ERRORS = {
    "unresolvable": mark("the name has no address"),
    "refused": mark("connection refused"),
    "unreachable": mark("unreachable"),
    "timeout": mark("timeout"),
    "reset": mark("connection reset"),
    "not_tls": mark("not TLS"),
    "alert": mark("handshake refused"),
    "handshake": mark("handshake failed"),
    "local": mark("local problem"),
}
#: What speaks against a certificate that is served, the worst first.
_PROBLEMS = (
    "revoked",
    "other certificate",
    "expired",
    "not valid yet",
    "name mismatch",
    "not trusted",
    "chain incomplete",
)
_DATE = len("2026-11-24")


class EndpointVerdict(NamedTuple):
    """Whether an endpoint serves what it should, and what speaks against that."""

    kind: str
    reasons: list[str]

    @property
    def text(self) -> str:
        """The reasons, or ``ok``."""
        return join(self.reasons) or say("ok")

    @property
    def sort_key(self) -> tuple[int, int]:
        """Sorts what is wrong first, and of that the worst. Endpoints that served nothing come after the others."""
        worst = self.reasons[0] if self.reasons else ""
        return _KINDS.index(self.kind), _PROBLEMS.index(worst) if worst in _PROBLEMS else len(_PROBLEMS)


def verdict_of(endpoint: Mapping[str, Any]) -> EndpointVerdict:
    """Return a verdict from the facts alone. Findings and their waivers depend on the policy besides."""
    if endpoint.get("reachable") is False:
        return EndpointVerdict(BAD, [error_of(endpoint)])
    problems = list(_problems(endpoint))
    unknown = list(_unknown(endpoint))
    return EndpointVerdict(BAD if problems else UNDECIDED if unknown else GOOD, problems + unknown)


def _problems(endpoint: Mapping[str, Any]) -> Iterator[str]:
    trust, revocation = mapping_of(endpoint.get("trust")), mapping_of(endpoint.get("revocation"))
    problems = {
        mark("revoked"): revocation.get("revoked") is True,
        mark("other certificate"): endpoint.get("matches_expected") is False,
        mark("expired"): endpoint.get("state") == "expired",
        mark("not valid yet"): endpoint.get("state") == "not_yet_valid",
        mark("name mismatch"): endpoint.get("covers_server_name") is False,
        mark("not trusted"): trust.get("trusted") is False,
        # If it is trusted, a root has issued it directly.
        mark("chain incomplete"): endpoint.get("issuer_included") is False and trust.get("trusted") is not True,
    }
    yield from (say(text) for text, is_present in problems.items() if is_present)
    old = [version for version in offered_by(endpoint) if version in _OLD_VERSIONS]
    if old:
        yield say("offers {versions}", versions=join(old))


def _unknown(endpoint: Mapping[str, Any]) -> Iterator[str]:
    if endpoint.get("reachable") is None:
        yield say("not known")
    elif not endpoint.get("fingerprint"):
        yield say("certificate not known")
    elif endpoint.get("matches_expected") is None:
        yield say("expected certificate not known")
    for name, fact, text in (
        ("trust", "trusted", mark("trust not known")),
        ("revocation", "revoked", mark("revocation not known")),
    ):
        # Without the dictionary, it was not asked for.
        if isinstance(endpoint.get(name), Mapping) and endpoint[name].get(fact) is None:
            yield say(text)


def error_of(endpoint: Mapping[str, Any]) -> str:
    """Return why nothing was served."""
    error = visible(endpoint.get("error"))
    return say(_ERRORS.get(error, error) or "unreachable")


def socket_of(endpoint: Mapping[str, Any]) -> str:
    """Return the address with the port: ``203.0.113.7:443``, ``[2001:db8::1]:443``."""
    address, port = (visible(endpoint.get(fact)) or "?" for fact in ("address", "port"))
    return with_port(address, port)


def label_of(endpoint: Mapping[str, Any]) -> str:
    """Return the address with the port, and the server name if there is one, as findings have it."""
    return f"{socket_of(endpoint)} {visible(endpoint.get('server_name'))}".rstrip()


def served_name(endpoint: Mapping[str, Any]) -> str:
    """Return a name of the certificate: its common name, else its first domain, else its fingerprint."""
    common = mapping_of(endpoint.get("subject")).get("common_name")
    domains = endpoint.get("domains") or ()
    names = [*(common if isinstance(common, list) else [common]), *domains, endpoint.get("fingerprint")]
    return next(filter(None, map(visible, names)), "")


def expiry_of(endpoint: Mapping[str, Any]) -> str:
    """Return the date of the expiry; empty if it is not known."""
    return visible(endpoint.get("not_after"))[:_DATE]


def offered_by(endpoint: Mapping[str, Any]) -> list[str]:
    """Return the TLS versions that it was seen to offer: at least the one that was used."""
    versions = mapping_of(endpoint.get("tls_versions"))
    offered = [visible(version) for version, is_offered in versions.items() if is_offered is True]
    used = visible(endpoint.get("tls_version"))
    return offered if used in offered or not used else [*offered, used]


def tls_of(endpoint: Mapping[str, Any]) -> str:
    """Return the TLS versions that are offered, or that only the one that was used is known."""
    offered = join(offered_by(endpoint))
    if not offered:
        return say(UNKNOWN)
    return offered if isinstance(endpoint.get("tls_versions"), Mapping) else say("{versions} used", versions=offered)


def trust_of(item: Mapping[str, Any]) -> str:
    """Return the verdict about trust with its reason and store; empty if it was not verified."""
    trust = item.get("trust")
    if not isinstance(trust, Mapping):
        return ""
    verdict = _decided(trust.get("trusted"), mark("trusted"), mark("not trusted"))
    reason, store = visible(trust.get("reason")), visible(trust.get("store"))
    text = say("{name}: {text}", name=verdict, text=say_reason(reason)) if reason else verdict
    return say("{text} ({store})", text=text, store=store) if store else text


def revocation_of(endpoint: Mapping[str, Any]) -> str:
    """Return whether it is revoked, with the reason; empty if that was not asked for."""
    revocation = endpoint.get("revocation")
    if not isinstance(revocation, Mapping):
        return ""
    verdict = _decided(revocation.get("revoked"), mark("revoked"), mark("not revoked"))
    reason = visible(revocation.get("reason"))
    return say("{name}: {text}", name=verdict, text=say_reason(reason)) if reason else verdict


def _decided(value: Any, yes: str, no: str) -> str:
    return say((yes if value else no) if isinstance(value, bool) else UNKNOWN)


def mapping_of(value: Any) -> Mapping[str, Any]:
    """Return a dictionary; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}
