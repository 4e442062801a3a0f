# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that compare listeners with the bindings of certificates: each names the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from ..definition import Found, Options, Problem, Unknown, Verdict, listeners_check
from ..facts import CertificateFacts, FleetFacts
from ..listener_facts import ListedListeners, ListenerFacts
from ..messages import message, sentences, some

#: The most ids that the evidence has.
_SHOWN = 10
_NO_CERTIFICATES = Unknown("its certificates are not known")


@listeners_check(
    "Certificate of a listener is not listed",
    "medium",
    remediation="Check whether the certificate was deleted, or belongs to another project, and bind one that exists.",
    source="",
)
def listener_certificate_unknown(listeners: ListedListeners, fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """It names a certificate that the listing of certificates does not have.

    The check is undecided if that listing is not complete, or a selection.
    """
    for listener in listeners.items:
        if listener.certificates is None and listener.terminates_tls is not False:
            yield listener, _NO_CERTIFICATES
        _served, missing = fleet.served_by(listener)
        if missing:
            shown = some(missing, len(missing))
            yield (
                listener,
                Problem(
                    message(
                        "{listener} serves {ids}, which the listing of certificates does not have.",
                        listener=listener.label,
                        ids=shown,
                    ),
                    {"ssl_ids": missing[:_SHOWN], "missing": len(missing)},
                )
                if fleet.is_whole
                else Unknown(
                    message(
                        "whether {ids} exists needs a complete listing of certificates without selection", ids=shown
                    )
                ),
            )


@listeners_check(
    "Bindings of certificates and listeners differ",
    "medium",
    remediation="Compare both in the console. If they differ there as well, bind the certificate again.",
    source="",
)
def binding_drift(listeners: ListedListeners, fleet: FleetFacts, _options: Options, _now: int) -> Found:
    """The certificates of a listener are not those whose bindings name this listener.

    Certificates that were not listed are not compared, see ``listener_certificate_unknown``. Bindings to a listener
    that was not listed only count if the listing of listeners is complete and not a selection.
    """
    bindings = _Bindings(fleet, listeners)
    for listener in listeners.items:
        verdict = _drift(listener, fleet, bindings)
        if verdict is not None:
            yield listener, verdict
    if listeners.is_whole:
        yield from _bound_to_nothing(listeners, bindings)


#: Certificates with one of their bindings, by their ids.
_Bound = dict[Union[str, None], tuple[CertificateFacts, dict[str, Any]]]


class _Bindings:
    """The bindings of all certificates."""

    def __init__(self, fleet: FleetFacts, listeners: ListedListeners) -> None:
        self._shared_ids = listeners.shared_ids
        #: The certificates of each listener, by :meth:`_key`.
        self._of_listener: dict[tuple[Any, str], _Bound] = {}
        #: Positions of certificates with bindings that are not known.
        self.unknown: set[int] = set()
        for certificate in fleet.certificates:
            if certificate.bound is None:
                self.unknown.add(certificate.position)
            for binding in certificate.bindings:
                listener_id = binding.get("listener_id")
                if isinstance(listener_id, str):
                    bound = self._of_listener.setdefault(self._key(listener_id, certificate), {})
                    bound.setdefault(certificate.ssl_id, (certificate, binding))
                else:
                    self.unknown.add(certificate.position)

    def of(self, listener: ListenerFacts) -> _Bound:
        """Return the certificates that are bound to a listener."""
        return self._of_listener.get(self._key(listener.listener_id or "", listener), {})

    def besides(self, listeners: ListedListeners) -> Iterator[tuple[str, _Bound]]:
        """Yield the ids of all other listeners, and the certificates that are bound to these."""
        for (_place, listener_id), bound in self._of_listener.items():
            (certificate, _binding), *_others = bound.values()
            if not listeners.may_have(listener_id, certificate.region):
                yield listener_id, bound

    def _key(self, listener_id: str, item: CertificateFacts | ListenerFacts) -> tuple[Any, str]:
        # A certificate may be of another project than its listener, unless that project has a listener with this id.
        return (item.scope if listener_id in self._shared_ids else item.region, listener_id)


def _drift(listener: ListenerFacts, fleet: FleetFacts, bindings: _Bindings) -> Verdict:
    bound = bindings.of(listener)
    if listener.certificates is None:
        return _NO_CERTIFICATES if bound or listener.terminates_tls is not False else None
    named = {item.ssl_id for item in listener.certificates}
    if bound.keys() == named:
        return None
    served, _missing = fleet.served_by(listener)
    only_bound = [ssl_id for ssl_id in bound if ssl_id is not None and ssl_id not in named]
    only_named = [item for item in served if item.ssl_id not in bound]
    certain = [
        str(item.ssl_id)
        for item in only_named
        if item.position not in bindings.unknown and item.region == listener.region
    ]
    if listener.listener_id is None:
        return Unknown("its id is not known") if only_named else None
    if only_bound or certain:
        parts = [message("{listener} is bound to different certificates.", listener=listener.label)]
        if only_bound:
            parts.append(message("Only the certificate says so: {ids}.", ids=some(only_bound, len(only_bound))))
        if certain:
            parts.append(message("Only the listener says so: {ids}.", ids=some(certain, len(certain))))
        evidence = {"only_in_certificates": only_bound[:_SHOWN], "only_in_listener": certain[:_SHOWN]}
        return Problem(sentences(parts), evidence)
    if only_named:
        ssl_id = only_named[0].ssl_id
        return Unknown(message("the platform does not report which listeners serve {id}", id=ssl_id))
    # It may be any of those that the listener has.
    return Unknown("the id of a certificate that is bound to it is not known") if None in bound else None


def _bound_to_nothing(listeners: ListedListeners, bindings: _Bindings) -> Found:
    """Yield the problems of bindings to listeners that do not exist."""
    for listener_id, bound in bindings.besides(listeners):
        (certificate, binding), *_others = bound.values()
        listener = ListenerFacts({**binding, "region": certificate.region, "project_id": certificate.project_id}, -1)
        ids = [ssl_id or item.label for ssl_id, (item, _binding) in bound.items()]
        yield (
            listener,
            Problem(
                message(
                    "Bound to {listener}, which the listing of listeners does not have: {ids}.",
                    listener=listener_id,
                    ids=some(ids, len(ids)),
                ),
                {"only_in_certificates": ids[:_SHOWN], "only_in_listener": []},
            ),
        )


CHECKS = (listener_certificate_unknown, binding_drift)
