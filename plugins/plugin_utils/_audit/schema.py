# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of an audit: its types, and a validator that is derived from them.

An audit is plain data. It leaves the filter ``ssl_audit``, can be stored as JSON, and comes back as the input of a
report or as the baseline of a later audit. The types below say what is in it. :func:`validate` checks data from outside
against them, so that types and validation cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

from ...module_utils._api.errors import OptionError

#: From the least to the most severe.
SEVERITIES = ("low", "medium", "high", "critical")
#: What has become of a baseline's finding that is no longer present: the problem is fixed; another finding of the same
#: family has replaced it; or the check now has other options, so that nothing can be concluded.
GONE = FIXED, SUPERSEDED, NOT_COMPARABLE = ("fixed", "superseded", "not_comparable")
#: How a finding relates to the baseline. Other versions may have more.
CHANGES = ("new", "unchanged", *GONE)
FINDING_STATUSES = ("fail", "unknown", *GONE)
#: The status of a certificate or a listener by its findings. One with undecided checks is not compliant either.
CERTIFICATE_STATUSES = COMPLIANT, WAIVED, NOT_COMPLIANT = ("compliant", "waived", "not_compliant")
#: What a waiver can name.
WAIVER_TARGETS = ("ssl_id", "name", "domain", "fingerprint", "listener_id", "load_balancer_id")
_SNAKE_CASE = re.compile("[a-z_]+")


@dataclass(frozen=True)
class OneOf:
    """The texts that are allowed."""

    values: tuple[str, ...]

    def accepts(self, value: str) -> bool:
        """Whether the value is one of them."""
        return value in self.values

    def __str__(self) -> str:
        return f"one of {', '.join(self.values)}"


class SnakeCase:
    """Names of lower case letters and underscores. Reports print them as they are."""

    def accepts(self, value: str) -> bool:
        """Whether the value is such a name."""
        return _SNAKE_CASE.fullmatch(value) is not None

    def __str__(self) -> str:
        return "lower case letters and underscores"


Severity = Annotated[str, OneOf(SEVERITIES)]
FindingStatus = Annotated[str, OneOf(FINDING_STATUSES)]
CertificateStatus = Annotated[str, OneOf(CERTIFICATE_STATUSES)]
Text = Union[str, None]


class WaiverData(TypedDict, total=False):
    """A waiver as plain data, with exactly one of the targets in :data:`WAIVER_TARGETS`."""

    check: str
    ssl_id: str
    name: str
    domain: str
    fingerprint: str
    listener_id: str
    load_balancer_id: str
    reason: str
    expires: str


class _NewInFinding(TypedDict, total=False):
    """The fields that audits of earlier versions do not have.

    ``None`` unless the finding is about a listener, a load balancer, or an endpoint: what an address serves.
    ``endpoint`` is the address, the port, and the server name if there is one, as in ``203.0.113.7:443 example.com``.
    ``messages`` has what the texts ``detail`` and ``remediation`` were made of, for reports in other languages, or
    ``None`` for a text without values.
    """

    listener_id: Text
    load_balancer_id: Text
    endpoint: Text
    messages: dict[str, Any]


class Finding(_NewInFinding):
    """A problem, or an undecided check. ``about`` names what it is about besides or instead of a certificate."""

    check: str
    severity: Severity
    status: FindingStatus
    ssl_id: Text
    ssl_name: Text
    region: Text
    project_id: Text
    about: Text
    title: str
    detail: str
    evidence: dict[str, Any]
    remediation: str
    waived: bool
    waiver: WaiverData | None
    fingerprint: str
    change: Text


class _CertificateForReports(TypedDict):
    """The fields of a certificate without which no report can be made."""

    ssl_id: Text
    ssl_name: Text
    region: Text
    project_id: Text
    not_before: Text
    not_after_epoch: int | None
    state: str
    x509_error: Text
    serial_number: Text
    subject: dict[str, Any] | None
    issuer: dict[str, Any] | None
    status: CertificateStatus


class AuditedCertificate(_CertificateForReports, total=False):
    """A certificate in an audit: the facts that reports need, and its result. Unknown facts are ``None``."""

    domains: list[str]
    domains_from: Text
    bound: bool | None
    bindings: list[dict[str, Any]]
    source: Text
    created_at: Text
    not_after: Text
    validity_from: Text
    private_key_stored: bool | None
    key_matches: bool | None
    signature_algorithm: Text
    signature_hash: Text
    self_signed: bool | None
    issuer_included: bool | None
    unread_certificates: int | None
    fingerprints: dict[str, Any] | None
    chain: list[dict[str, Any]] | None
    trust: dict[str, Any] | None
    public_key: dict[str, Any]
    days_left: float | None
    worst: Severity | None
    findings: list[str]


class _ListenerForReports(TypedDict):
    """The fields of a listener without which no report can be made."""

    listener_id: Text
    load_balancer_id: Text
    region: Text
    project_id: Text
    status: CertificateStatus


class AuditedListener(_ListenerForReports, total=False):
    """A listener in an audit: its facts, as the module ``listener_info`` returns them, and its result."""

    listener_name: Text
    load_balancer_name: Text
    load_balancer_type: Text
    protocol: Text
    port: int | None
    addresses: list[dict[str, Any]] | None
    http2: bool | None
    redirects: bool | None
    redirects_to_port: int | None
    tls: dict[str, Any] | None
    hosts: list[dict[str, Any]] | None
    certificates: list[dict[str, Any]] | None
    worst: Severity | None
    findings: list[str]


class _EndpointForReports(TypedDict):
    """The fields of an endpoint without which no report can be made."""

    address: Text
    port: int | None
    server_name: Text
    status: CertificateStatus


class AuditedEndpoint(_EndpointForReports, total=False):
    """What an address serves: the facts of the module ``ssl_endpoint_info`` that reports need, and the result."""

    region: Text
    project_id: Text
    load_balancer_id: Text
    listener_id: Text
    ip_address: Text
    reachable: bool | None
    error: Text
    error_message: Text
    tls_version: Text
    cipher: Text
    alpn: Text
    tls_versions: dict[str, Any] | None
    covers_server_name: bool | None
    matches_expected: bool | None
    expected_fingerprints: list[str] | None
    fingerprint: Text
    subject: dict[str, Any] | None
    issuer: dict[str, Any] | None
    issuer_included: bool | None
    domains: list[str] | None
    not_before: Text
    not_after: Text
    not_after_epoch: int | None
    state: Text
    trust: dict[str, Any] | None
    revocation: dict[str, Any] | None
    worst: Severity | None
    findings: list[str]


class StatusCounts(TypedDict):
    """Numbers of certificates, of listeners, or of endpoints, by their status."""

    compliant: int
    waived: int
    not_compliant: int


class _NewInSummary(TypedDict, total=False):
    """The fields that audits of earlier versions do not have.

    Numbers of listeners and endpoints are ``None`` if the audit was given none. ``not_checked`` has the
    ids of the checks that were on, but require what the audit was not given.
    """

    listeners: int | None
    listeners_by_status: StatusCounts | None
    endpoints: int | None
    endpoints_by_status: StatusCounts | None
    not_checked: list[str]


class Summary(_NewInSummary):
    """Numbers. ``changes`` is ``None`` without a baseline."""

    certificates: int
    compliant: int
    by_status: StatusCounts
    findings: int
    unknown: int
    waived: int
    by_severity: dict[Severity, int]
    worst: Severity | None
    changes: dict[Annotated[str, SnakeCase()], int] | None


class _PolicyForReports(TypedDict):
    checks: dict[str, Any]


class PolicyData(_PolicyForReports, total=False):
    """The policy as it was applied."""

    waivers: list[Any]
    unknown_severity: str


class _NewInAudit(TypedDict, total=False):
    """The fields that audits of earlier versions do not have. ``None`` if the audit was given none of these."""

    listeners: list[AuditedListener] | None
    endpoints: list[AuditedEndpoint] | None


class Audit(_NewInAudit):
    """An audit."""

    evaluated_at: str
    scope: dict[str, Any]
    policy: PolicyData
    summary: Summary
    findings: list[Finding]
    certificates: list[AuditedCertificate]
    warnings: list[str]


class Baseline(TypedDict):
    """What a baseline needs to have. Its other parts are used as far as they can be understood."""

    findings: list[Finding]


#: Checks one value, and raises :class:`_InvalidError` if it is not valid.
_Validator = Callable[[Any], None]
#: The longest value that a message shows.
_SHOWN = 80
_NAMES: dict[type, str] = {
    str: "text", bool: "true or false", int: "an integer", float: "a number", dict: "a dictionary", list: "a list",
}  # fmt: skip


def validate(data: Any, kind: Any, where: str, hint: str) -> None:
    """Check that data is of one of the types of this file. Keys that the type does not have are ignored.

    Ansible has dictionaries, lists and strings of its own. They are accepted as long as they behave like Python's.

    Args:
        data: Plain data.
        kind: The type, such as ``Audit``.
        where: What the data is called in a message.
        hint: What to do about data that is not valid.

    Raises:
        OptionError: Data is missing or not as expected. The problem begins with the path of the value, such
            as ``audit.findings[3].severity``.
    """
    try:
        _validator(kind)(data)
    except _InvalidError as error:
        raise OptionError(f"{where}{error.path}: {error.problem}", hint=hint) from None


class _InvalidError(Exception):
    """A value is not valid. The validators of the containers around it add its path, which only errors need."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = ""


#: Stands for a value that is not there, and is of no type.
_MISSING = object()


def _unexpected(expected: str, data: Any) -> _InvalidError:
    if data is _MISSING:
        return _InvalidError("missing")
    shown = f"a {type(data).__name__}" if isinstance(data, (dict, list, tuple)) else repr(data)
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    return _InvalidError(f"expected {expected}, got {shown}")


@cache
def _validator(kind: Any) -> _Validator:
    """Make the validator of a type, once for all values of this type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _typed_dict(kind)
    if origin is Annotated:
        return _constrained(*arguments)
    if origin in (Union, UnionType):
        return _optional(_validator(next(item for item in arguments if item is not NoneType)))
    if origin is list:
        return _list(_validator(arguments[0]))
    if origin is dict:
        return _dict(*map(_validator, arguments))
    return _any if kind is Any else _scalar(kind)


def _any(data: Any) -> None:
    if data is _MISSING:
        raise _unexpected("a value", data)


def _scalar(kind: type) -> _Validator:
    accepted = (int, float) if kind is float else (kind,)

    def check(data: Any) -> None:
        # In Python, booleans are integers.
        if not isinstance(data, accepted) or (isinstance(data, bool) and kind is not bool):
            raise _unexpected(_NAMES[kind], data)

    return check


def _constrained(_base: type[str], constraint: OneOf | SnakeCase) -> _Validator:
    def check(data: Any) -> None:
        if not isinstance(data, str) or not constraint.accepts(data):
            raise _unexpected(str(constraint), data)

    return check


def _optional(check_value: _Validator) -> _Validator:
    def check(data: Any) -> None:
        if data is not None:
            check_value(data)

    return check


def _list(check_item: _Validator) -> _Validator:
    def check(data: Any) -> None:
        if not isinstance(data, list):
            raise _unexpected(_NAMES[list], data)
        for number, item in enumerate(data):
            try:
                check_item(item)
            except _InvalidError as error:
                error.path = f"[{number}]{error.path}"
                raise

    return check


def _dict(check_key: _Validator, check_value: _Validator) -> _Validator:
    def check(data: Any) -> None:
        if not isinstance(data, (dict, Mapping)):
            raise _unexpected(_NAMES[dict], data)
        for key, value in data.items():
            check_key(key)
            try:
                check_value(value)
            except _InvalidError as error:
                error.path = f".{key}{error.path}"
                raise

    return check


def _typed_dict(kind: Any) -> _Validator:
    hints = get_type_hints(kind, include_extras=True)
    fields = [(name, _validator(hint), name in kind.__required_keys__) for name, hint in hints.items()]

    def check(data: Any) -> None:
        if not isinstance(data, (dict, Mapping)):
            raise _unexpected(_NAMES[dict], data)
        for name, check_value, is_required in fields:
            if name not in data and not is_required:
                continue
            try:
                check_value(data.get(name, _MISSING))
            except _InvalidError as error:
                error.path = f".{name}{error.path}"
                raise

    return check
