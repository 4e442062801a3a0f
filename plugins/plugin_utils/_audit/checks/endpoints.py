# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what addresses really serve.

If no handshake was completed, ``endpoint_unreachable`` is the only finding: nothing else was seen.
"""

from __future__ import annotations

from typing import Any

from ....module_utils._certificates.times import iso8601
from ....module_utils._listeners.tls_policy import VERSIONS
from ..definition import Options, Problem, Texts, Unknown, Verdict, endpoint_check
from ..distinguished_names import is_among, values_of
from ..endpoint_facts import EndpointFacts
from ..facts import ENDPOINT_TRUST, ENDPOINT_VERSIONS, REVOCATION, CertificateFacts, FleetFacts, plain_fingerprint
from ..messages import Message, mark, message, phrase, sentence, some
from ..values import as_kind
from .listeners import advise_version, tls_version

#: The most certificates and names that a sentence and the evidence have.
_SHOWN = 10
#: Why an endpoint cannot be reached if that says nothing about the endpoint.
_LOCAL = "local"
_UNREADABLE = Unknown("the certificate that it serves cannot be read")


@endpoint_check(
    "Endpoint cannot be reached",
    "medium",
    remediation="Check the listener and the firewall; delete the listener if it is not used.",
    source="",
    unreached=True,
)
def endpoint_unreachable(endpoint: EndpointFacts, _fleet: FleetFacts, _options: Options, _now: int) -> Verdict:
    """No TLS handshake was completed.

    Other checks then do not judge the endpoint, because nothing is known about what it serves. The check is undecided
    if the reason is on the machine that connected.
    """
    reason = endpoint.error_message or endpoint.error or "the reason is not known"
    if endpoint.reachable:
        return None
    if endpoint.reachable is None:
        return Unknown("whether it can be reached is not known")
    if endpoint.error == _LOCAL:
        return Unknown(message("the machine that connects could not do so: {reason}", reason=phrase(reason)))
    detail = message("No TLS handshake was completed: {reason}.", reason=phrase(reason))
    return Problem(detail, {"error": endpoint.error})


def _certificate_of(endpoint: EndpointFacts, fleet: FleetFacts) -> tuple[Message, dict[str, Any]]:
    """Return the certificate that an endpoint serves in a sentence, and as evidence."""
    names = [*values_of(endpoint.subject, "common_name"), *(endpoint.to_data()["domains"] or ())]
    known = fleet.by_fingerprint.get(plain_fingerprint(endpoint.fingerprint), [])
    ids = _ids(known)
    served = (
        message("the certificate {name}", name=str(names[0]))
        if names
        else message("the certificate with the fingerprint {fingerprint}", fingerprint=endpoint.fingerprint)
    )
    if ids:
        served = message("{certificate} ({ids})", certificate=served, ids=some(ids, len(known)))
    if endpoint.not_after:
        served = message("{certificate}, valid until {time}", certificate=served, time=endpoint.not_after)
    evidence = {
        "served_fingerprint": endpoint.fingerprint,
        "served_ssl_ids": ids,
        "served_subject": endpoint.subject,
        "not_after": endpoint.not_after,
    }
    return served, evidence


@endpoint_check(
    "Endpoint serves another certificate",
    "high",
    remediation="Find out what serves it: an old binding, another load balancer, or a proxy in between.",
    source="",
)
def endpoint_other_certificate(endpoint: EndpointFacts, fleet: FleetFacts, _options: Options, _now: int) -> Verdict:
    """It serves none of the certificates that its listener should serve for this name.

    Endpoints are not judged if the platform does not say what should be served.
    """
    if endpoint.matches_expected or endpoint.expected_fingerprints is None:
        return None
    if endpoint.matches_expected is None:
        return _UNREADABLE
    expected = [plain_fingerprint(item) for item in endpoint.expected_fingerprints]
    labels = [_expected_label(item, fleet) for item in dict.fromkeys(expected)]
    served, evidence = _certificate_of(endpoint, fleet)
    detail = message("It serves {served}, although its listener has none.", served=served)
    if labels:
        others = some(labels, len(labels))
        detail = message("It serves {served}, instead of {expected}.", served=served, expected=others)
    return Problem(detail, {**evidence, "expected_fingerprints": expected[:_SHOWN]})


def _expected_label(fingerprint: str, fleet: FleetFacts) -> str:
    known = fleet.by_fingerprint.get(fingerprint)
    if not known:
        return message("the certificate with the fingerprint {fingerprint}", fingerprint=fingerprint)
    ids = _ids(known)
    label = known[0].label
    return message("{certificate} ({ids})", certificate=label, ids=some(ids, len(known))) if ids else label


def _ids(certificates: list[CertificateFacts]) -> list[str]:
    """Return the ids of the first few certificates: a fleet may have the same one many times."""
    return [certificate.ssl_id for certificate in certificates[:_SHOWN] if certificate.ssl_id]


@endpoint_check(
    "Certificate is not for the server name",
    "high",
    remediation="Bind a certificate for this name to the listener, or remove the name from DNS.",
    source="RFC 9525",
)
def endpoint_name_mismatch(endpoint: EndpointFacts, fleet: FleetFacts, _options: Options, _now: int) -> Verdict:
    """The certificate that it serves does not cover the server name that was asked for."""
    if endpoint.server_name is None or endpoint.covers_server_name:
        return None
    if endpoint.covers_server_name is None:
        return _UNREADABLE
    served, evidence = _certificate_of(endpoint, fleet)
    domains = endpoint.to_data()["domains"] or []
    return Problem(
        message(
            "For {name}, it serves {served}, which is not for that name.", name=endpoint.server_name, served=served
        ),
        {**evidence, "server_name": endpoint.server_name, "domains": domains[:_SHOWN]},
    )


@endpoint_check(
    "Endpoint serves a certificate that is not valid",
    "critical",
    remediation="Find out what serves it, and replace it there: clients refuse it.",
    source="RFC 5280 4.1.2.5",
)
def endpoint_not_valid(endpoint: EndpointFacts, fleet: FleetFacts, _options: Options, now: int) -> Verdict:
    """It serves a certificate that has expired, or is not valid yet.

    Certificates that are listed and bound are left to ``cert_expired`` and ``cert_not_yet_valid``. This is also judged
    if trust was not verified, and for private CAs.
    """
    if any(item.bound is not False for item in fleet.by_fingerprint.get(plain_fingerprint(endpoint.fingerprint), ())):
        return None
    begins, ends = endpoint.not_before_epoch, endpoint.not_after_epoch
    if ends is not None and now > ends:
        served, evidence = _certificate_of(endpoint, fleet)
        return Problem(message("It serves {served}, which has expired.", served=served), evidence)
    if begins is not None and now < begins:
        served, evidence = _certificate_of(endpoint, fleet)
        detail = message(
            "It serves {served}, which is not valid before {begins}.", served=served, begins=iso8601(begins)
        )
        return Problem(detail, evidence)
    return _UNREADABLE if begins is None or ends is None else None


@endpoint_check(
    "Clients do not trust the endpoint",
    "high",
    options={"exempt_issuers": []},
    linked={"private_issuers": "cert_no_sct"},
    requires=ENDPOINT_TRUST,
    remediation="Serve a valid certificate from a CA that the clients trust, with all intermediate certificates.",
    source="sslyze",
)
def endpoint_untrusted(endpoint: EndpointFacts, _fleet: FleetFacts, options: Options, _now: int) -> Verdict:
    """No path leads from its certificate to a root in the trust store, by the certificates that it sends.

    This is only judged if trust was verified, see the option ``trust_store`` of the module. Certificates are exempt if
    the common name of their issuer is in ``exempt_issuers``, or in ``private_issuers`` of ``cert_no_sct``.
    """
    trust = endpoint.trust or {}
    trusted = as_kind(bool, trust.get("trusted"))
    reason = as_kind(str, trust.get("reason")) or (
        mark("the reason is not known") if trust else mark("it was not verified")
    )
    exempt = [*options["exempt_issuers"], *(options["private_issuers"] or ())]
    if trusted or is_among(values_of(endpoint.issuer, "common_name"), exempt):
        return None
    if trusted is None:
        return Unknown(message("whether it is trusted is not known: {reason}", reason=phrase(reason)))
    if endpoint.issuer is None and exempt:
        return Unknown("its issuer, which may be a private CA, cannot be read")
    evidence = {name: as_kind(str, trust.get(name)) for name in ("reason", "store", "evaluated_at")}
    return Problem(sentence(reason), evidence)


@endpoint_check(
    "Endpoint does not send the intermediate",
    "medium",
    remediation="Upload the certificate with all intermediate certificates, and bind it.",
    source="RFC 8446 4.4.2, sslyze",
)
def endpoint_chain_incomplete(endpoint: EndpointFacts, fleet: FleetFacts, _options: Options, _now: int) -> Verdict:
    """It does not send the certificate that issued its own.

    Endpoints pass if clients trust them by what they send, as those of a CA without intermediates. The check is
    undecided if the module ran on Python 3.9, which does not return the chain.
    """
    if endpoint.issuer_included or (endpoint.trust or {}).get("trusted") is True:
        return None
    if endpoint.issuer_included is None:
        return _UNREADABLE if endpoint.x509 is None else Unknown("the chain that it sends is not known")
    served, evidence = _certificate_of(endpoint, fleet)
    issuer = values_of(endpoint.issuer, "common_name")
    detail = message("It sends {served}, without the issuer.", served=served)
    if issuer:
        detail = message("It sends {served}, without the issuer {name}.", served=served, name=issuer[0])
    return Problem(detail, {**evidence, "issuer": endpoint.issuer})


@endpoint_check(
    "Endpoint offers old TLS versions",
    "high",
    options={"minimum_version": "TLSv1.2"},
    texts={"minimum_version": Texts(tls_version, VERSIONS)},
    advise=advise_version,
    source="RFC 8996, RFC 9325 3.1.1, PCI DSS 4.0.1 4.2.1",
    requires=ENDPOINT_VERSIONS,
)
def endpoint_tls_version(endpoint: EndpointFacts, _fleet: FleetFacts, options: Options, _now: int) -> Verdict:
    """It offers a TLS version below ``minimum_version``.

    This needs the option ``tls_versions`` of the module. Without it, the version of the handshake can only show that
    an old version is offered.
    """
    offers, required = endpoint.tls_versions or {}, options["minimum_version"]
    old = VERSIONS[: VERSIONS.index(required)]
    found = [name for name in old if offers.get(name) is True or name == endpoint.tls_version]
    if found:
        return Problem(
            message(
                "It offers {versions}; at least {required} is required.",
                versions=some(found, len(found)),
                required=required,
            ),
            {"versions": found, "required_version": required},
        )
    if endpoint.tls_versions is None:
        return Unknown("which TLS versions it offers was not probed") if old else None
    unknown = [name for name in old if as_kind(bool, offers.get(name)) is None]
    doubtful = some(unknown, len(unknown))
    return Unknown(message("whether it offers {versions} is not known", versions=doubtful)) if unknown else None


@endpoint_check(
    "Certificate is revoked",
    "critical",
    requires=REVOCATION,
    remediation="Replace it now, with a new private key: clients that check revocation refuse it.",
    source="RFC 5280 6.3, CA/Browser Forum Baseline Requirements 4.9",
)
def cert_revoked(endpoint: EndpointFacts, fleet: FleetFacts, _options: Options, _now: int) -> Verdict:
    """The CA has revoked the certificate that it serves, or a CA certificate above it.

    This is only judged if the fact ``revocation`` of an endpoint was asked for, see the option ``revocation`` of the
    module ``ssl_endpoint_info``.
    """
    revocation = endpoint.revocation or {}
    revoked = as_kind(bool, revocation.get("revoked"))
    reason = as_kind(str, revocation.get("reason"))
    if revoked is None:
        why = phrase(reason or mark("it was not checked"))
        return Unknown(message("whether its certificate is revoked is not known: {reason}", reason=why))
    if not revoked:
        return None
    served, evidence = _certificate_of(endpoint, fleet)
    detail = message("It serves {served}, which is revoked.", served=served)
    if reason:
        detail = message("It serves {served}, which is revoked ({reason}).", served=served, reason=phrase(reason))
    return Problem(detail, {**evidence, "reason": reason, "checked_at": as_kind(str, revocation.get("checked_at"))})


CHECKS = (
    endpoint_unreachable,
    endpoint_other_certificate,
    endpoint_name_mismatch,
    endpoint_not_valid,
    endpoint_untrusted,
    endpoint_chain_incomplete,
    endpoint_tls_version,
    cert_revoked,
)
