# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether clients that trust certain roots trust a certificate, by the certificates in one content alone.

``cryptography`` looks for a path to a root. If it finds one, the certificate is trusted. If it finds none, this is only
the answer if there is a reason that holds for every client. Otherwise it is unknown, because the library supports fewer
algorithms than many clients, and is stricter about extensions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from .._api.errors import MissingLibraryError
from . import crypto, pem, trust_stores
from .chain import contradicts
from .times import iso8601
from .x509 import Parsed

#: The usages of a key that TLS needs: one for each way to exchange keys (RFC 5246, 7.4.2, and RFC 8446, 4.4.2.2).
_TLS_USAGES = {"digitalSignature", "keyEncipherment", "keyAgreement"}
#: What the library supports in paths (CA/Browser Forum Baseline Requirements, 7.1.3). Newer versions may support more.
_HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}
_CURVES = {"secp256r1", "secp384r1", "secp521r1"}
_SMALLEST_RSA_KEY = 2048
_LONGEST_SERIAL_NUMBER = 160
#: Maximum number of certificates besides the leaf that are considered, and of other moments. More are hostile.
_MAX_OTHERS, _MAX_MOMENTS = 32, 3
#: The tags of DNS names and addresses.
_COMPARED_KINDS = {0x82, 0x87}
#: Refusals of the library that hold for every client, by a part of their text. Others are unknown, also if a version
#: of the library words them differently.
_CLEAR_REFUSALS = {
    "path length constraint violated": "a CA in its chain must not issue other CAs at this depth (path length)",
    "name constraint matched SAN": "the name constraints of a CA in its chain exclude one of its names",
    "name constraints matched SAN": "the name constraints of a CA in its chain exclude one of its names",
    "signature does not match": "a certificate in its chain was not signed by the one that has its issuer's name",
    "not valid at validation time": "a certificate in its chain, or its root, is not valid at this time",
    "2.5.29.19: missing": "a certificate that should have issued another one is not a CA",
    "cA must be asserted": "a certificate that should have issued another one is not a CA",
    crypto.NO_CA: "a certificate that should have issued another one is not a CA",
    "keyCertSign must be asserted": "the key usage of a CA in its chain does not allow it to issue certificates",
    crypto.NO_SIGNING: "the key usage of a CA in its chain does not allow it to issue certificates",
    "required EKU not found": "the extended key usage of a CA in its chain does not include serverAuth",
    crypto.NO_SERVERS: "the extended key usage of a CA in its chain does not include serverAuth",
}
_CONSTRAINT = "name constraint"
_UNCLEAR = "cryptography finds no path to a trusted root, for a reason that may not hold for all clients"


class TrustVerdict(NamedTuple):
    """Whether a certificate is trusted; ``None`` if that is unknown. Without a reason, it is.

    ``path`` leads from it to a root, if one was found. Some clients may reject that path.
    """

    trusted: bool | None
    reason: str | None = None
    path: tuple[Parsed, ...] = ()


class TrustStore:
    """The roots that clients trust. Threads may share it.

    Args:
        label: What it is, for readers.
        roots: Its certificates; ``None`` for each one that cannot be read.
        missing: Why it is not known which certificates it has; ``None`` if it is.
    """

    def __init__(self, label: str, roots: Iterable[Parsed | None], missing: str | None = None) -> None:
        self.label = label
        self.missing = missing
        listed = list(roots)
        self._has_unread = None in listed
        self._by_subject: dict[Any, list[Parsed]] = {}
        self._roots = {root.der for root in listed if root is not None}
        for root in listed:
            if root is not None:
                self._by_subject.setdefault(root.subject.key if root.subject else None, []).append(root)
        self._problem = crypto.path_library_problem()
        self._verifier = None if self._problem else crypto.PathVerifier(self._roots)

    def facts(self, leaf: Parsed, certificates: Sequence[Parsed | None], now: int) -> dict[str, Any]:
        """Return the ``trust`` fact of a leaf. The arguments are those of :meth:`judge`."""
        return self.facts_of(self.judge(leaf, certificates, now), now)

    def facts_of(self, verdict: TrustVerdict, now: int) -> dict[str, Any]:
        """Return the ``trust`` fact for a verdict at the time ``now``."""
        return {
            "trusted": verdict.trusted,
            "reason": verdict.reason,
            "store": self.label,
            "evaluated_at": iso8601(now),
        }

    def judge(self, leaf: Parsed, content: Sequence[Parsed | None], now: int) -> TrustVerdict:
        """Return whether a leaf is trusted.

        Args:
            leaf: The server certificate.
            content: All certificates in the content, including the leaf; ``None`` for each unread one.
            now: The time in seconds since 1970.
        """
        if self.missing:
            return TrustVerdict(None, self.missing)
        certificates = [item for item in content if item is not leaf]
        others = [item for item in certificates if item is not None][:_MAX_OTHERS]
        fault = next(self._faults(leaf, now), None)
        if fault is not None:
            return fault
        family = _family(leaf, others)
        is_whole = len(others) == len(certificates) and not self._has_unread
        end = self._dead_end(family) if is_whole else None
        if end is not None:
            return TrustVerdict(False, end)
        path = self._find(leaf, others, now)
        if path.certificates:
            return self._judge_path(path, leaf, others, now)
        if not is_whole:
            return TrustVerdict(None, "not all certificates in the content and in the trust store could be considered")
        return self._explain(leaf, others, now, path.refusal)

    def _faults(self, leaf: Parsed, now: int) -> Iterator[TrustVerdict]:
        """Yield what is wrong with the leaf, whatever the other certificates are."""
        usage, extended = leaf.key_usage, leaf.extended_key_usage
        if leaf.not_before is None or leaf.not_after is None or usage is None or extended is None or leaf.is_ca is None:
            yield TrustVerdict(None, "not all parts of it can be read")
        elif now > leaf.not_after:
            yield TrustVerdict(False, f"it expired at {iso8601(leaf.not_after)}")
        elif now < leaf.not_before:
            yield TrustVerdict(False, f"it is not valid before {iso8601(leaf.not_before)}")
        elif leaf.is_self_signed and leaf.der not in self._roots:
            if leaf.subject and self._named(leaf.subject.key):
                yield TrustVerdict(None, "it is self-signed, and the trust store has another certificate with its name")
            yield TrustVerdict(False, "it is self-signed, and not in the trust store")
        elif extended:
            yield from _faults_of_usage(extended)
        if (usage and _TLS_USAGES.isdisjoint(usage)) or leaf.allows_nothing:
            yield TrustVerdict(None, "its key usage does not allow it to be used for TLS, which not all clients check")
        if leaf.is_ca:
            yield TrustVerdict(None, "it is a CA certificate, which not all clients accept from a server")
        if not leaf.subject_alt_names:
            yield TrustVerdict(None, "it has no subject alternative name, so that there is no name to verify it for")

    def _find(self, leaf: Parsed, others: list[Parsed], when: int) -> crypto.Path:
        if self._verifier is None:
            return crypto.Path()
        names = [name.text for name in leaf.subject_alt_names or ()]
        return self._verifier.find(leaf.der, [item.der for item in others], names, when)

    def _judge_path(self, path: crypto.Path, leaf: Parsed, others: list[Parsed], now: int) -> TrustVerdict:
        """Check a path for what the library accepts, and other clients reject."""
        by_der = {item.der: item for item in (leaf, *others, *self._candidates([leaf, *others]))}
        steps = tuple(by_der[der] for der in path.certificates)
        verdict = _rejected_by_some(steps)
        taken = self._first_path(by_der[leaf.der], list(by_der.values()), now)
        if verdict.trusted and taken != steps:
            # That may be a path as well: the other one of two cross-signed certificates, or of two roots.
            found = self._find(leaf, list(taken[1:]), now).certificates
            if [by_der[der].public_key_info for der in found] != [item.public_key_info for item in taken]:
                following = zip(steps, steps[1:], [*taken[1:], None])
                name = next(_called(item.subject) for item, issuer, other in following if issuer is not other)
                verdict = TrustVerdict(
                    None, f"some clients take another certificate with the same name for {name}'s issuer"
                )
        return verdict._replace(path=steps)

    def _first_path(self, leaf: Parsed, known: list[Parsed], now: int) -> tuple[Parsed, ...]:
        """Return the path of clients that do not try another issuer if the first one leads to no root.

        OpenSSL is such a client. It ends early if their choice is not certain.
        """
        path = [leaf]
        while path[-1].der not in self._roots:
            issuers = [other for other in known if _may_issue(other, path[-1])]
            # One that has the name of its own issuer they take for a root.
            chosen = None if path[-1] in issuers else self._first([item for item in issuers if item not in path], now)
            if chosen is None:
                break
            path.append(chosen)
        return tuple(path)

    def _first(self, issuers: list[Parsed], now: int) -> Parsed | None:
        """Return the issuer that these clients take; ``None`` if there is none, or that is not certain.

        They prefer the trust store to the content, then what is valid now to other certificates, then what comes first
        in the content. The trust store has no order.
        """
        trusted = [item for item in issuers if item.der in self._roots]
        preferred = trusted or issuers
        preferred = [item for item in preferred if _is_valid(item, now)] or preferred
        is_certain = not trusted or len({item.public_key_info for item in preferred}) == 1
        return preferred[0] if preferred and is_certain else None

    def _explain(self, leaf: Parsed, others: list[Parsed], now: int, refusal: str) -> TrustVerdict:
        """Say why there is no path, as far as that is certain."""
        if self._verifier is None:
            return TrustVerdict(None, self._problem)
        family = _family(leaf, others)
        beyond = next(self._unsupported(family, self._verifier.unloaded), None)
        if beyond is not None:
            return TrustVerdict(None, beyond)
        moments = [leaf.not_before, *(item.not_after for item in others if item.not_after and item.not_after < now)]
        for moment in list(dict.fromkeys(moments))[:_MAX_MOMENTS]:
            if moment is not None and self._find(leaf, others, moment).certificates:
                return TrustVerdict(False, _expired(family[1:], now))
        subjects = Counter(item.subject.key for item in {*family, *self._candidates(family)} if item.subject)
        # Of several paths, the library only says what is wrong with the last one.
        is_certain = max(subjects.values()) == 1
        if _CONSTRAINT in refusal:
            # Whether constraints exclude a wildcard depends on the client. The library applies them to the CA, too.
            cas = [*family[1:], *self._candidates(family)]
            is_certain &= not _has_wildcard(leaf) and all(item.subject_alt_names == [] for item in cas)
        reason = next((reason for text, reason in _CLEAR_REFUSALS.items() if text in refusal), None)
        return TrustVerdict(False, reason) if reason and is_certain else TrustVerdict(None, _UNCLEAR)

    def _dead_end(self, family: list[Parsed]) -> str | None:
        """Say where the chain ends if no certificate in it, and none of their issuers, is in the trust store.

        Names are enough to know this: a certificate with another name is not the issuer.
        """
        if any(item.der in self._roots or item.issuer is None or self._named(item.issuer.key) for item in family):
            return None
        last = family[-1]
        if len(family) == 1:
            return f"neither the content nor the trust store has the certificate of its issuer, {_called(last.issuer)}"
        if _is_self_issued(last):
            return f"its chain ends with {_called(last.subject)}, which is not in the trust store"
        return (
            f"its chain ends with {_called(last.subject)}, and neither the content nor the trust store has the"
            f" certificate of its issuer, {_called(last.issuer)}"
        )

    def _named(self, key: Any) -> list[Parsed]:
        # A root whose own name cannot be read may have any name.
        return [*self._by_subject.get(key, ()), *self._by_subject.get(None, ())]

    def _candidates(self, family: list[Parsed]) -> list[Parsed]:
        """Return the roots that may have issued one of these certificates, by their names."""
        return [root for item in family if item.issuer is not None for root in self._named(item.issuer.key)]

    def _unsupported(self, family: list[Parsed], unloaded: set[bytes]) -> Iterator[str]:
        """Yield what keeps the library, but maybe not other clients, from finding a path."""
        roots = self._candidates(family)
        for item in [*family, *roots]:
            if item.is_version_1 or item.der in unloaded or not _has_usual_serial_number(item):
                yield f"cryptography does not support {_called(item.subject)} in paths, because of its format"
        for item in family:
            # The signature of a root does not matter.
            if not _has_usual_signature(item) and not _is_self_issued(item):
                name = item.algorithm.name if item.algorithm else "an unknown algorithm"
                yield f"cryptography does not support the signature of {_called(item.subject)} in paths: {name}"
        for item in [*family[1:], *roots]:
            if not _has_usual_key(item):
                yield f"cryptography does not support the key of {_called(item.subject)} in paths"


def load(value: str) -> TrustStore | None:
    """Return the trust store that the option names; ``None`` for ``none``.

    If ``certifi`` is needed and not installed, nothing is known about trust, which :func:`trust_stores.warnings` says.

    Raises:
        OptionError: There are no certificates, or they cannot be read.
    """
    if value == trust_stores.NONE:
        return None
    try:
        label, texts = trust_stores.read(value)
    except MissingLibraryError as error:
        return TrustStore(value, [], error.problem)
    roots = list(dict.fromkeys(root for text in texts for root in pem.split(text).certificates))
    if not any(roots):
        raise trust_stores.no_certificates(value)
    return TrustStore(label, roots)


def _family(leaf: Parsed, others: list[Parsed]) -> list[Parsed]:
    """Return the leaf and the certificates above it, by their names."""
    found, added = [leaf], [leaf]
    while added:
        names = [item.issuer.key for item in added if item.issuer is not None]
        added = [
            other
            for other in dict.fromkeys(others)
            if other not in found and (not other.subject or other.subject.key in names)
        ]
        found += added
    return found


def _may_issue(issuer: Parsed, item: Parsed) -> bool:
    """Whether clients may take a certificate for the issuer of another one, before they verify its signature."""
    if issuer.subject is None or item.issuer is None or issuer.subject.key != item.issuer.key:
        return False
    return not contradicts(issuer, item)


def _is_valid(item: Parsed, now: int) -> bool:
    return item.not_before is not None and item.not_after is not None and item.not_before <= now <= item.not_after


def _rejected_by_some(steps: tuple[Parsed, ...]) -> TrustVerdict:
    """Check the certificates of a path for what the library accepts, and other clients reject."""
    for item, issuer in zip(steps, steps[1:]):
        if contradicts(issuer, item):
            return TrustVerdict(
                None, f"{_called(item.subject)} names another key of its issuer, which some clients reject"
            )
        if _may_exclude(issuer, steps[0]):
            return TrustVerdict(
                None, f"clients apply the name constraints of {_called(issuer.subject)} in different ways"
            )
        if issuer.extended_key_usage and "serverAuth" not in issuer.extended_key_usage:
            return TrustVerdict(
                None, f"the extended key usage of {_called(issuer.subject)} is one that some clients reject"
            )
    return TrustVerdict(True)


def _may_exclude(issuer: Parsed, leaf: Parsed) -> bool:
    """Whether the issuer has name constraints that some clients apply to a name that the library does not look at.

    It looks at DNS names and addresses. Some clients also compare the subject, or its common name as a DNS name.
    """
    kinds = issuer.constrained_kinds
    if not kinds:
        return kinds is None
    has_dns_names = any(name.is_dns for name in leaf.subject_alt_names or ())
    return not kinds <= _COMPARED_KINDS or not (has_dns_names or leaf.subject is None or not leaf.subject.common_name)


def _faults_of_usage(extended: tuple[str, ...]) -> Iterator[TrustVerdict]:
    if "serverAuth" in extended:
        return
    if "anyExtendedKeyUsage" in extended:
        yield TrustVerdict(None, "its extended key usage is anyExtendedKeyUsage, which not all clients accept")
    yield TrustVerdict(False, "its extended key usage does not include serverAuth")


def _is_self_issued(item: Parsed) -> bool:
    return item.subject is not None and item.issuer is not None and item.subject.key == item.issuer.key


def _has_wildcard(leaf: Parsed) -> bool:
    return any("*" in name.value for name in leaf.subject_alt_names or ())


def _has_usual_serial_number(item: Parsed) -> bool:
    number = item.serial_number
    return number is not None and number >= 0 and number.bit_length() <= _LONGEST_SERIAL_NUMBER


def _has_usual_signature(item: Parsed) -> bool:
    algorithm = item.algorithm
    if algorithm is None or algorithm.hash not in _HASHES:
        return False
    if algorithm.key == "PSS":
        return algorithm.mask_hash == algorithm.hash and algorithm.salt_length == _HASHES[algorithm.hash]
    return algorithm.key in ("RSA", "EC")


def _has_usual_key(item: Parsed) -> bool:
    facts = item.public_key.facts if item.public_key else {}
    if facts.get("type") == "RSA":
        return bool(facts["size"] >= _SMALLEST_RSA_KEY)
    return facts.get("curve") in _CURVES


def _expired(others: list[Parsed], now: int) -> str:
    expired = [item for item in others if item.not_after is not None and item.not_after < now]
    named = ", ".join(f"{_called(item.subject)} at {iso8601(item.not_after)}" for item in expired)
    if named:
        return f"a certificate in its chain has expired: {named}"
    return "it was trusted when its validity began, but a certificate in its chain, or its root, is not valid any more"


def _called(name: Any) -> str:
    """Return what a name is called in a sentence."""
    facts = name.facts if name is not None else {}
    wanted = ("common_name", "organizational_unit_name", "organization_name")
    value = next(filter(None, map(facts.get, wanted)), "a certificate without a name")
    return str(value[0] if isinstance(value, list) else value)
