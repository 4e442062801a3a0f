# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what a listener offers to clients: TLS versions, ciphers, redirects."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ....module_utils._listeners.kinds import HTTP
from ....module_utils._listeners.tls_policy import VERSIONS
from ..cipher_profiles import PROFILES, TLS13, is_only_at_iana, openssl_name
from ..cipher_strings import CipherString, expand, is_suite
from ..definition import (
    Found,
    InvalidTextError,
    Options,
    Problem,
    Texts,
    Unknown,
    Verdict,
    listener_check,
    listeners_check,
)
from ..facts import FleetFacts
from ..listener_facts import ListedListeners, ListenerFacts
from ..messages import Message, mark, message, phrase, some
from ..subject import Subject
from ..values import as_kind

#: The most names that the evidence has.
_SHOWN = 10
_OUTSIDE = mark("{policy} allows cipher suites that are not {where}: {names}.")
_OUTSIDE_SUCH_AS = mark("{policy} allows cipher suites that are not {where}, such as {names}.")
_NO_PROTOCOL = Unknown("its protocol is not known")
#: The only action whose failure does not mean that listeners are missing.
_LIST_POLICIES = "DescribeSecurityPoliciesV2"


def tls_version(text: str) -> str:
    """Return a version as the platform writes it."""
    number = text.strip().lower().removeprefix("tls").strip().removeprefix("v").removesuffix(".0")
    return "TLSv1" if number == "1" else f"TLSv{number}"


def advise_version(options: Options) -> str:
    """Return the remediation for a TLS version that is too old."""
    version = options["minimum_version"]
    return message("Choose a TLS policy whose lowest version is {version} or later.", version=version)


@listener_check(
    "Listener allows old TLS versions",
    "high",
    options={"minimum_version": "TLSv1.2"},
    texts={"minimum_version": Texts(tls_version, VERSIONS)},
    advise=advise_version,
    source="RFC 8996, RFC 9325 3.1.1, PCI DSS 4.0.1 4.2.1, Mozilla Server Side TLS 6.0 (intermediate)",
)
def listener_tls_version(listener: ListenerFacts, options: Options) -> Verdict:
    """The lowest TLS version that its TLS policy allows is below ``minimum_version``."""
    if not listener.terminates_tls:
        return _NO_PROTOCOL if listener.terminates_tls is None else None
    lowest, required = (listener.tls or {}).get("minimum_version"), options["minimum_version"]
    if lowest not in VERSIONS:
        return Unknown("the lowest TLS version of its policy is not known")
    if VERSIONS.index(lowest) >= VERSIONS.index(required):
        return None
    return Problem(
        message(
            "{policy} allows {lowest}; at least {required} is required.",
            policy=_policy_label(_policy_name(listener)),
            lowest=lowest,
            required=required,
        ),
        {"minimum_version": lowest, "required_version": required, "policy": _policy_name(listener)},
    )


def _cipher(text: str) -> str:
    """Return OpenSSL's name of a cipher suite."""
    name = text.strip().upper()
    if not is_suite(name) or is_only_at_iana(name):
        problem = "is not OpenSSL's name of a cipher suite"
        raise InvalidTextError(problem, "Give names such as ECDHE-RSA-AES128-GCM-SHA256; keywords are not possible.")
    return name


def _advise_ciphers(options: Options) -> str:
    if options["ciphers"]:
        return phrase("Choose a TLS policy, or create one, that has only cipher suites that the policy allows.")
    return message(
        "Choose a TLS policy, or create one, that has only cipher suites of Mozilla's profile {profile}.",
        profile=options["profile"],
    )


@listener_check(
    "Listener allows weak ciphers",
    "medium",
    options={"profile": "intermediate", "ciphers": []},
    texts={"profile": Texts(lambda text: text.strip().lower(), tuple(PROFILES)), "ciphers": Texts(_cipher)},
    advise=_advise_ciphers,
    source="Mozilla Server Side TLS 6.0 (old: 5.8), RFC 9325 4.2, Prowler elbv2_insecure_ssl_ciphers",
)
def listener_weak_ciphers(listener: ListenerFacts, options: Options) -> Verdict:
    """Its TLS policy allows a cipher suite that is not in Mozilla's ``profile``.

    Profiles are ``modern``, ``intermediate`` and ``old``. If ``ciphers`` is set, it replaces the profile: a list of
    cipher suites by their names in OpenSSL. Those of TLS 1.3 are then always allowed.

    Some policies, such as the platform's native one, have a cipher string instead of a list. What it allows depends on
    the OpenSSL of the load balancer. The check fails if every usual version allows a cipher suite that is not in the
    profile, passes if the string only names suites of the profile, and otherwise is undecided.
    """
    if not listener.terminates_tls:
        return _NO_PROTOCOL if listener.terminates_tls is None else None
    allowed = TLS13.union(options["ciphers"]) if options["ciphers"] else PROFILES[options["profile"]]
    tls = listener.tls or {}
    offered = _offered(tls)
    if offered is None:
        return Unknown("the cipher suites of its policy are not known")
    if not offered.certain <= allowed:
        policy, profile = _policy_name(listener), None if options["ciphers"] else options["profile"]
        detail, outside = _outside(policy, offered, allowed, profile)
        return Problem(
            detail,
            {
                "policy": policy,
                "outside": len(outside),
                "ciphers": outside[:_SHOWN],
                "cipher_string": tls.get("cipher_string"),
            },
        )
    if offered.at_most is not None and offered.at_most <= allowed:
        return None
    if not tls.get("cipher_string"):
        return Unknown("some of its cipher suites do not have their names in OpenSSL, as the profiles do")
    return Unknown(
        message("what {ciphers} allows depends on the OpenSSL of the load balancer", ciphers=tls["cipher_string"])
    )


def _offered(tls: dict[str, Any]) -> CipherString | None:
    """Return what a TLS policy allows; ``None`` if that is not known."""
    names, string = tls.get("ciphers"), tls.get("cipher_string")
    is_new_only = tls.get("minimum_version") == VERSIONS[-1]
    if isinstance(names, (list, tuple)) and names and all(isinstance(name, str) for name in names):
        return _listed(tuple(names), is_new_only=is_new_only)
    if is_new_only:
        # Lists and strings are for older versions.
        return CipherString(frozenset(), frozenset())
    return expand(string) if isinstance(string, str) else None


@lru_cache(maxsize=256)
def _listed(names: tuple[str, ...], *, is_new_only: bool) -> CipherString:
    """Return what a list of names allows. Many listeners have the same list."""
    suites = {*map(openssl_name, names)}
    comparable = {name for name in suites if not is_only_at_iana(name)}
    listed = frozenset(name for name in comparable if not is_new_only or name.startswith("TLS_"))
    return CipherString(listed, listed if is_new_only or comparable == suites else None)


# Many listeners have the same policy, and a text of four parts takes longer than judging it.
@lru_cache(maxsize=256)
def _outside(
    policy: str | None, offered: CipherString, allowed: frozenset[str], profile: str | None
) -> tuple[Message, list[str]]:
    """Return what is wrong with a TLS policy that offers more than is allowed, and the names of those suites."""
    outside = sorted(offered.certain - allowed)
    where = phrase("in the list of the policy")
    if profile:
        where = message("in Mozilla's profile {profile}", profile=profile)
    template = _OUTSIDE_SUCH_AS if offered.at_most is None else _OUTSIDE
    names = some(outside, len(outside))
    return message(template, policy=_policy_label(policy), where=where, names=names), outside


def _policy_name(listener: ListenerFacts) -> str | None:
    tls = listener.tls or {}
    return as_kind(str, tls.get("policy_name")) or as_kind(str, tls.get("policy_id"))


def _policy_label(name: str | None) -> Message:
    return message("Its TLS policy {name}", name=name) if name else phrase("Its TLS policy")


@listeners_check(
    "HTTP listener does not redirect to HTTPS",
    "medium",
    remediation="Let it redirect to the HTTPS listener of the load balancer, or delete it.",
    source="AWS Config alb-http-to-https-redirection-check, Prowler elbv2_ssl_listeners",
)
def listener_http_without_redirect(
    listeners: ListedListeners, _fleet: FleetFacts, _options: Options, _now: int
) -> Found:
    """It serves HTTP without a redirect to an HTTPS listener of its load balancer, although there is one.

    A redirect to a port where no HTTPS listener is does not count. The check is undecided if other listeners of the
    load balancer may be missing from the listing, and those that are known do not decide it.
    """
    for listener in listeners.items:
        if listener.protocol in (HTTP, None):
            verdict = _redirect(listener, listeners)
            if verdict is not None:
                yield listener, verdict


def _redirect(listener: ListenerFacts, listeners: ListedListeners) -> Verdict:
    """Judge a listener that serves HTTP, or may."""
    balancer = listeners.load_balancer_of(listener)
    https = balancer.https_ports if balancer else []
    is_unsure = not balancer or not listeners.has_whole_balancers or balancer.has_unknown_protocol_besides(listener)
    is_redirected = _redirects_to_one_of(listener, https, is_unsure=is_unsure)
    if is_redirected or not (https or is_unsure):
        return None
    if listener.protocol is None:
        return _NO_PROTOCOL
    if is_redirected is None:
        return Unknown("whether it redirects to HTTPS is not known")
    if not https:
        return Unknown("whether its load balancer also has an HTTPS listener is not known")
    label = listener.load_balancer_label
    detail = message(
        "It serves HTTP on port {port} and does not redirect, although {load_balancer} has an HTTPS listener.",
        port=listener.port,
        load_balancer=label,
    )
    if listener.redirects:
        detail = message(
            "It serves HTTP on port {port} and redirects to port {other}, although {load_balancer} has an HTTPS"
            " listener.",
            port=listener.port,
            other=listener.redirects_to_port,
            load_balancer=label,
        )
    return Problem(
        detail,
        {"port": listener.port, "redirects_to_port": listener.redirects_to_port, "https_ports": https[:_SHOWN]},
    )


def _redirects_to_one_of(listener: ListenerFacts, https: list[int | None], *, is_unsure: bool) -> bool | None:
    """Whether it redirects to one of the ports with HTTPS; ``None`` if that is not known.

    Args:
        listener: The listener.
        https: The ports of the load balancer's known HTTPS listeners; ``None`` for one whose port is not known.
        is_unsure: Whether there may be other HTTPS listeners.
    """
    port = listener.redirects_to_port
    if not listener.redirects:
        return listener.redirects
    if port is None:
        return None
    return port in https or (None if is_unsure or None in https else False)


@listeners_check(
    "Listing of listeners is not complete",
    "medium",
    topic="listing",
    remediation="Fix the errors of the listing, or give the account permission for it.",
    source="",
)
def listeners_incomplete(listeners: ListedListeners, _fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """A listing of load balancers, listeners or TLS policies failed, so that checks of listeners are undecided there.

    Certificates are not affected. Each listing that failed is reported.
    """
    failed = [_FailedListing(error) for error in listeners.errors]
    if not failed and listeners.is_complete is False:
        yield None, Unknown("some listeners were not listed, and so were not checked")
    for listing in _each_once(failed):
        why = message("{listing} failed, so that {consequence}", listing=listing.label, consequence=listing.consequence)
        if isinstance(listing.code, int):
            why = message(
                "{listing} failed (RetCode {code}), so that {consequence}",
                listing=listing.label,
                code=listing.code,
                consequence=listing.consequence,
            )
        yield listing, Unknown(why)


class _FailedListing(Subject):
    """A listing that failed."""

    def __init__(self, error: dict[str, Any]) -> None:
        region, project_id = error.get("region"), error.get("project_id")
        self.region = region if isinstance(region, str) else None
        self.project_id = project_id if isinstance(project_id, str) else None
        self.code = error.get("code")
        # A message begins with the action.
        action = str(error.get("message")).partition(" ")[0]
        self.action = action if action.isalnum() and action.startswith("Describe") else mark("A listing")

    @property
    def consequence(self) -> Message:
        """What is not known because of it."""
        if self.action == _LIST_POLICIES:
            return phrase(
                "the TLS policies of application load balancers there are not known; their listeners were listed"
            )
        return phrase("its listeners were not checked")

    @property
    def about(self) -> str:
        """The action and where it was called."""
        return str(self.label)

    @property
    def label(self) -> Message:
        """The same, for a sentence."""
        action = phrase(self.action)
        places = {"action": action, "region": self.region, "project": self.project_id}
        if self.region and self.project_id:
            return message("{action} in region {region} and project {project}", **places)
        if self.region:
            return message("{action} in region {region}", **places)
        return message("{action} in project {project}", **places) if self.project_id else action


def _each_once(listings: Iterable[_FailedListing]) -> list[_FailedListing]:
    """Return listings sorted, each once: those of single load balancers differ only in their messages."""
    once = {(*listing.scope, listing.about): listing for listing in listings}
    return [once[key] for key in sorted(once)]


CHECKS = (listener_tls_version, listener_weak_ciphers, listener_http_without_redirect)
LISTING_CHECKS = (listeners_incomplete,)
