# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the certificates that listeners serve, and of the hosts for which they serve them.

What the platform does is described in its guide to listeners:
https://docs.ucloud.cn/ulb/alb/guide/listeners/certificates
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....module_utils._listeners.kinds import APPLICATION, CLASSIC
from ..definition import Found, Options, Problem, Unknown, Verdict, fleet_check, listener_check, listeners_check
from ..facts import BoundListener, CertificateFacts, FleetFacts, names_for
from ..hosts import NAMES, host_name
from ..listener_facts import ListedListeners, ListenerFacts, LoadBalancerFacts, RuleHost
from ..messages import message, some
from ..successors import is_valid, may_be_valid
from ..values import as_kind

#: The most names or ids that the evidence has.
_SHOWN = 10
#: The most certificates besides the default ones that all listeners of an application load balancer can have.
_SNI_QUOTA = 25
_NO_PROTOCOL = Unknown("its protocol is not known")
_NO_CERTIFICATES = Unknown("its certificates are not known")


@listener_check(
    "Listener has no certificate",
    "high",
    remediation="Bind a certificate to the listener, or delete it: no client can connect.",
    source="",
)
def listener_without_certificate(listener: ListenerFacts, _options: Options) -> Verdict:
    """It serves HTTPS, and has no certificate."""
    if listener.terminates_tls is False or listener.certificates:
        return None
    if listener.certificates is None:
        return _NO_CERTIFICATES
    if listener.terminates_tls is None:
        return _NO_PROTOCOL
    return Problem(message("{listener} has no certificate.", listener=listener.label), {"port": listener.port})


@fleet_check(
    "Listener has no default certificate",
    "medium",
    source="",
    topic="listener",
    remediation="Set a default certificate for the listener: clients without SNI get no certificate, or a wrong one.",
)
def listener_without_default(fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """None of the certificates of a listener is its default certificate.

    If the facts of the listener are not known, the bindings of all certificates decide. The check is then undecided if
    the default may be a certificate that was not listed, or one for which the platform does not report the bindings.
    """
    listeners = fleet.listeners
    for listener in listeners.items if listeners else ():
        defaults = [item.is_default for item in listener.certificates or ()]
        if listener.certificates is None and listener.terminates_tls is not False:
            yield listener, _NO_CERTIFICATES
        elif None in defaults and True not in defaults:
            yield listener, Unknown("which of its certificates is the default is not known")
        elif defaults and True not in defaults:
            yield listener, _without_default(listener.label, [item.ssl_id for item in listener.certificates or ()])
    # In a complete listing with a selection, the others were not asked for.
    if listeners is None or listeners.is_complete is not True:
        yield from _by_bindings(fleet, listeners)


def _by_bindings(fleet: FleetFacts, listeners: ListedListeners | None) -> Found:
    """Judge the listeners of which only bindings are known."""
    #: By region and id: another region may have a listener with the same id.
    bindings: dict[tuple[str | None, str], list[tuple[CertificateFacts, dict[str, Any]]]] = {}
    listed = {(item.region, item.listener_id) for item in listeners.items} if listeners else ()
    without_bindings = {certificate.scope for certificate in fleet.certificates if certificate.bound is None}
    #: Load balancers with a binding that may be the default one of any of their listeners.
    possible_defaults: set[Any] = set()
    for certificate in fleet.certificates:
        for binding in certificate.bindings:
            listener_id = binding.get("listener_id")
            if isinstance(listener_id, str):
                bindings.setdefault((certificate.region, listener_id), []).append((certificate, binding))
            elif binding.get("is_default") is not False:
                possible_defaults.add(as_kind(str, binding.get("load_balancer_id")))
    for region, listener_id in bindings.keys() - listed:
        served = bindings[region, listener_id]
        certificate, binding = served[0]
        balancer_ids = {None, as_kind(str, binding.get("load_balancer_id"))}
        defaults = [binding.get("is_default") for _certificate, binding in served]
        why = None
        if not fleet.is_whole:
            why = message(
                "whether {id} has a default certificate needs a complete listing without selection", id=listener_id
            )
        elif certificate.scope in without_bindings:
            why = message("the platform does not report for all certificates whether {id} serves them", id=listener_id)
        elif not all(default is False for default in defaults) or not possible_defaults.isdisjoint(balancer_ids):
            why = message("the platform does not report the default certificate of {id}", id=listener_id)
        if True not in defaults:
            name = binding.get("listener_name") or listener_id
            load_balancer = binding.get("load_balancer_name") or binding.get("load_balancer_id")
            problem = _without_default(
                message("The listener {name} of {load_balancer}", name=name, load_balancer=load_balancer),
                [item.ssl_id for item, _binding in served],
            )
            problem.evidence.update(listener_id=listener_id, load_balancer_id=binding.get("load_balancer_id"))
            yield BoundListener(certificate, binding), Unknown(why) if why else problem


def _without_default(label: str, ssl_ids: list[Any]) -> Problem:
    evidence = {"certificates": len(ssl_ids), "ssl_ids": ssl_ids[:_SHOWN]}
    return Problem(message("{listener} has no default certificate.", listener=label), evidence)


@listeners_check(
    "Host has no certificate",
    "high",
    remediation="Bind a certificate to the listener that covers the host, or delete the forwarding rule.",
    source="RFC 9525 6.3",
)
def listener_host_uncovered(listeners: ListedListeners, fleet: FleetFacts, _options: Options, now: int) -> Found:
    """A host of its forwarding rules is covered by none of its certificates that are valid.

    Of the hosts that a wildcard such as ``*.example.com`` stands for, certificates can only cover those with one label
    more. A certificate for the same wildcard is enough. Whether a certificate covers a regular expression, or a
    wildcard at another place, cannot be decided. The check is also undecided if a certificate of the listener was not
    listed, or cannot be read.
    """
    for listener in listeners.items:
        if listener.terminates_tls is False:
            continue
        if listener.hosts is None:
            yield listener, Unknown("the hosts of its forwarding rules are not known")
        served, _missing = fleet.served_by(listener)
        # Nearly all hosts are covered by one of these.
        sound = [item for item in served if listener.terminates_tls and item.has_known_names and is_valid(item, now)]
        verdicts: dict[str, Problem | Unknown] = {}
        for host in listener.hosts or ():
            # Most hosts are written as in the certificate, and need not be read.
            if host.match in NAMES and any(item.lists(host.pattern) for item in sound):
                continue
            name = host_name(host)
            if name is None or not any(item.covers(name) for item in sound):
                verdict = _uncovered(host, name, listener, fleet, now)
                # Two rules may match the same text in different ways. A problem counts, not what cannot be decided.
                if host.pattern not in verdicts or isinstance(verdict, Problem):
                    verdicts[host.pattern] = verdict
        for verdict in verdicts.values():
            yield listener, verdict


def _uncovered(
    host: RuleHost, name: str | None, listener: ListenerFacts, fleet: FleetFacts, now: int
) -> Problem | Unknown:
    """Judge a host that no certificate covers that is known to be valid.

    Args:
        host: The host.
        name: The name that a certificate needs for it; ``None`` if no single name stands for it.
        listener: Its listener, which terminates TLS, or may.
        fleet: All certificates.
        now: The time of the audit.
    """
    pattern = host.pattern
    if name is None:
        detail = message("whether a certificate covers all hosts that match {host} cannot be decided", host=pattern)
        return Unknown(detail, pattern)
    if listener.terminates_tls is None or listener.certificates is None:
        reason = _NO_PROTOCOL if listener.terminates_tls is None else _NO_CERTIFICATES
        return Unknown(reason.detail, pattern)
    served, missing = fleet.served_by(listener)
    covering = [item for item in served if item.covers(name)]
    doubtful = [item for item in covering if may_be_valid(item, now)]
    doubtful = doubtful or [item for item in served if not item.has_known_names and may_be_valid(item, now)]
    if doubtful:
        detail = message("whether {id} covers {host} and is valid is not known", id=doubtful[0].ssl_id, host=pattern)
        return Unknown(detail, pattern)
    if missing:
        detail = message("whether {id}, which was not listed, covers {host} is not known", id=missing[0], host=pattern)
        return Unknown(detail, pattern)
    label = listener.name_in_sentence
    if covering:
        detail = message(
            "The only certificates of {listener} for {host} are not valid: {ids}.",
            listener=label,
            host=pattern,
            ids=some([item.ssl_id for item in covering], len(covering)),
        )
    else:
        detail = message("No certificate of {listener} covers {host}.", listener=label, host=pattern)
    ssl_ids = [item.ssl_id for item in listener.certificates]
    evidence = {"host": pattern, "match": host.match, "certificates": len(ssl_ids), "ssl_ids": ssl_ids[:_SHOWN]}
    return Problem(detail, {**evidence, "certificate_exists": bool(covering)}, pattern)


@listeners_check(
    "SNI certificates overlap",
    "low",
    remediation="Unbind all but one of the certificates for each name, so that clients get the one that you expect.",
    source="UCloud's guide to ALB certificates",
)
def listener_sni_overlap(listeners: ListedListeners, fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """Two of its certificates besides the default one cover the same name, also by a wildcard.

    The platform serves the one that was bound last, and does not report when that was. This is the same for a pair of
    an RSA and an EC certificate. Copies of one certificate do not count.
    """
    for listener in listeners.items:
        if listener.terminates_tls is False or listener.load_balancer_type == CLASSIC:
            # Listeners of classic load balancers have one certificate.
            continue
        verdict = _overlap(listener, fleet)
        if verdict is not None:
            yield listener, verdict


def _overlap(listener: ListenerFacts, fleet: FleetFacts) -> Verdict:
    if listener.certificates is None:
        return _NO_CERTIFICATES
    named = {item.ssl_id for item in listener.certificates if item.is_default is False}
    possible = {item.ssl_id for item in listener.certificates if item.is_default is not True}
    if len(possible) <= 1:
        return None
    served, missing = fleet.served_by(listener)
    certain = [item for item in served if item.ssl_id in named and item.has_known_names and item.fingerprint]
    overlaps = dict(_shared_names(certain))
    if overlaps:
        ids = list(dict.fromkeys(str(ssl_id) for pair in overlaps.values() for ssl_id in pair))
        names = sorted(overlaps)
        return Problem(
            message("{ids} cover the same names: {names}.", ids=some(ids, len(ids)), names=some(names, len(names))),
            {"names": names[:_SHOWN], "ssl_ids": ids[:_SHOWN], "overlapping": len(names)},
        )
    unread = [item.ssl_id for item in served if item.ssl_id in possible and not item.has_known_names]
    unread += [ssl_id for ssl_id in missing if ssl_id in possible]
    if unread:
        return Unknown(message("the names of {id} are not known", id=unread[0]))
    if dict(_shared_names([item for item in served if item.ssl_id in possible])):
        return Unknown("which of its certificates is the default is not known")
    return None


def _shared_names(certificates: list[CertificateFacts]) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Yield names that two different certificates cover, with the ids of both."""
    owners: dict[str, CertificateFacts] = {}
    for certificate in certificates:
        for name in certificate.names:
            owners.setdefault(name, certificate)
    for certificate in certificates:
        for name in certificate.names:
            for key in names_for(name):
                owner = owners.get(key, certificate)
                if owner.fingerprint != certificate.fingerprint:
                    yield name, (owner.ssl_id, certificate.ssl_id)


@listeners_check(
    "Load balancer has almost no room for more certificates",
    "low",
    options={"share": 0.8},
    remediation="Replace certificates by one for several names, or distribute the hosts over several load balancers.",
    source="UCloud's guide to ALB certificates",
)
def listener_sni_quota(listeners: ListedListeners, _fleet: FleetFacts, options: Options, _now: int) -> Found:
    """An application load balancer has at least ``share`` of the 25 certificates that its listeners can have.

    Default certificates do not count. The check is undecided if the number could be that large, because a certificate
    may or may not be a default one, or because listeners may be missing from the listing.
    """
    for balancer in listeners.load_balancers.values():
        if balancer.load_balancer_type != CLASSIC:
            verdict = _quota(balancer, options["share"], is_whole=listeners.has_whole_balancers)
            if verdict is not None:
                yield balancer, verdict


def _quota(balancer: LoadBalancerFacts, share: float, *, is_whole: bool) -> Verdict:
    defaults = [item.is_default for listener in balancer.listeners for item in listener.certificates or ()]
    number, most = defaults.count(False), len(defaults) - defaults.count(True)
    limit = max(share * _SNI_QUOTA, 1)
    if number >= limit and balancer.load_balancer_type == APPLICATION:
        return Problem(
            message(
                "{load_balancer} has {number} of {quota} certificates besides the default ones.",
                load_balancer=balancer.label,
                number=number,
                quota=_SNI_QUOTA,
            ),
            {"certificates": number, "quota": _SNI_QUOTA, "limit": round(limit, 2)},
        )
    if number >= limit:
        return Unknown("whether it is an application load balancer is not known")
    if most >= limit:
        return Unknown("which of its certificates are default ones is not known")
    if any(item.certificates is None and item.terminates_tls is not False for item in balancer.listeners):
        return Unknown("not all certificates of its listeners are known")
    return None if is_whole else Unknown("its certificates can only be counted if all its listeners were listed")


CHECKS = (
    listener_without_certificate,
    listener_without_default,
    listener_host_uncovered,
    listener_sni_overlap,
    listener_sni_quota,
)
