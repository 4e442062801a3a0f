# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares results of the audit with those of pkilint and zlint.

pkilint is run. zlint is written in Go; the expected results of its tests are read from its sources.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.ucloud.ulb.plugins.filter.ssl_audit import ssl_audit
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE

from .certificates import read as read_file
from .certificates import to_pem
from .compare import Difference
from .ours import NOW, read

try:
    from pkilint import loader
    from pkilint.cabf import serverauth
    from pkilint.pkix import certificate as pkix
except ImportError:
    HAS_PKILINT = False
else:
    HAS_PKILINT = True


#: Maximum validity of server certificates in days, which depends on the issue date.
_LIMITS = (47, 100, 200, 398)


@dataclass(frozen=True)
class Overlap:
    """Names of the same check in this collection, pkilint and zlint."""

    check: str
    pkilint: tuple[str, ...] = ()
    zlint: tuple[str, ...] = ()


OVERLAPS = (
    Overlap(
        "cert_weak_key",
        pkilint=("cabf.rsa_modulus_invalid_length",),
        zlint=("e_rsa_mod_less_than_2048_bits", "e_br_prohibit_dsa_usage", "e_prohibit_dsa_usage"),
    ),
    Overlap(
        "cert_rsa_exponent",
        pkilint=("cabf.rsa_exponent_prohibited_value",),
        zlint=(
            "e_rsa_public_exponent_not_odd", "e_rsa_public_exponent_too_small", "e_rsa_exp_negative",
            "e_mp_exponent_cannot_be_one",
        ),
    ),
    Overlap(
        "cert_factorable",
        pkilint=("cabf.rsa_modulus_has_small_prime_factor",),
        zlint=("w_rsa_mod_factors_smaller_than_752", "w_rsa_mod_not_odd", "e_rsa_fermat_factorization"),
    ),
    Overlap("cert_key_curve", zlint=("e_ec_improper_curves",)),
    Overlap(
        "cert_weak_signature",
        pkilint=("cabf.serverauth.prohibited_signature_algorithm_encoding",),
        zlint=("e_sub_cert_or_sub_ca_using_sha1",),
    ),
    Overlap(
        "cert_validity_too_long",
        pkilint=tuple(f"cabf.serverauth.certificate_validity_period_exceeds_{days}_days" for days in _LIMITS),
        zlint=(
            "e_sub_cert_valid_time_longer_than_825_days", "e_sub_cert_valid_time_longer_than_39_months",
            "e_tls_server_cert_valid_time_longer_than_398_days",
        ),
    ),
    Overlap(
        "cert_validity_reversed",
        pkilint=("pkix.certificate_negative_validity_period",),
        zlint=("e_validity_time_not_positive",),
    ),
    Overlap(
        "cert_san_missing",
        pkilint=("cabf.serverauth.subscriber.subject_altname_extension_absent",),
        zlint=("e_ext_san_missing",),
    ),
    Overlap(
        "cert_cn_not_in_san",
        pkilint=("cabf.serverauth.subscriber_common_name_unknown_source",),
        zlint=("e_subject_common_name_not_from_san", "e_subject_common_name_not_exactly_from_san"),
    ),
    Overlap(
        "cert_internal_name",
        pkilint=("cabf.internal_domain_name", "cabf.internal_ip_address"),
        zlint=("e_ext_san_contains_reserved_ip", "e_subject_contains_reserved_ip", "e_dnsname_not_valid_tld"),
    ),
    Overlap(
        "cert_is_ca",
        pkilint=("cabf.serverauth.subscriber_basic_constraints_ca_bit_set",),
        zlint=("e_sub_cert_not_is_ca",),
    ),
    Overlap(
        "cert_eku_missing_server_auth",
        pkilint=("cabf.serverauth.subscriber.extended_key_usage_extension_absent",),
        zlint=("e_sub_cert_eku_missing", "e_sub_cert_eku_server_auth_client_auth_missing"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Disagreement(Difference):
    """A result that differs from ours, with the linter's codes and our facts."""

    codes: frozenset[str] = frozenset()
    facts: Mapping[str, Any] | None = None


def verdicts(facts: Mapping[str, Any]) -> dict[str, bool | None]:
    """Return for each check whether a certificate fails it, or ``None`` if that is undecided."""
    audit = ssl_audit([facts], now=NOW)
    found: dict[str, bool | None] = {}
    for finding in audit["findings"]:
        found[finding["check"]] = True if finding["status"] == "fail" else None
    return {overlap.check: found.get(overlap.check, False) for overlap in OVERLAPS if overlap.check in CATALOGUE}


def beside_pkilint(certificates: Iterable[tuple[bytes, str]], compared: Counter[str]) -> Iterator[Disagreement]:
    """Return results of pkilint that differ from ours, for server certificates (DER, and where it was found)."""
    if not HAS_PKILINT:
        print("Results are NOT compared with pkilint: it is not installed.")
        return
    for der, file in certificates:
        facts = read(to_pem(der)).facts
        codes = _findings(der) if _is_for_servers(facts.get("x509")) else None
        if codes is None:
            continue
        mine = verdicts(facts)
        for overlap in OVERLAPS:
            if overlap.pkilint and overlap.check in mine:
                compared[f"pkilint: {overlap.check}"] += 1
                theirs = not codes.isdisjoint(overlap.pkilint)
                if mine[overlap.check] != theirs:
                    yield Disagreement(
                        overlap.check, mine[overlap.check], theirs, file, "pkilint", codes=codes, facts=facts
                    )


#: Certificate types of pkilint: domain, individual, organization or extended validation.
_OF_SERVERS = re.compile("(DV|IV|OV|EV)_(FINAL|PRE)_CERTIFICATE")


def _is_for_servers(x509: Mapping[str, Any] | None) -> bool:
    """Whether both the linter's rules for servers and our checks apply to a certificate."""
    if not x509 or x509["is_ca"] is not False or x509["extended_key_usage"] is None:
        return False
    return not x509["extended_key_usage"] or "serverAuth" in x509["extended_key_usage"]


def _findings(der: bytes) -> frozenset[str] | None:
    """Return pkilint's findings, or ``None`` if it cannot read the certificate or that is not for servers."""
    try:
        document = loader.load_der_certificate(der, "truth")
        kind = serverauth.determine_certificate_type(document)
        if not _OF_SERVERS.fullmatch(kind.name):
            return None
        results = _linter(kind).validate(document.root)
    except Exception:  # noqa: BLE001 (it raises whatever its ASN.1 library does)
        return None
    codes = frozenset(item.finding.code for result in results for item in result.finding_descriptions)
    return None if any(code.startswith("itu.") for code in codes) else codes


@cache
def _linter(kind: Any) -> Any:
    return pkix.create_pkix_certificate_validator_container(
        serverauth.create_decoding_validators(), serverauth.create_validators(kind)
    )


def beside_zlint(folder: Path, compared: Counter[str]) -> Iterator[Disagreement]:
    """Return expected results of zlint's tests that differ from ours. ``folder`` contains its sources."""
    checks = {lint: overlap.check for overlap in OVERLAPS for lint in overlap.zlint}
    for test in sorted(folder.rglob("lint_*_test.go")):
        for lint, name, fails in _expectations(test.read_text(encoding="utf-8")):
            path = next(folder.rglob(f"testdata/{name}"), None)
            file = read_file(path) if path and lint in checks else None
            if file is None or checks[lint] not in CATALOGUE:
                continue
            facts = read(to_pem(file.certificates[0])).facts
            mine = verdicts(facts)[checks[lint]]
            compared[f"zlint: {checks[lint]}"] += 1
            if mine != fails:
                codes = frozenset((lint,))
                yield Disagreement(checks[lint], mine, fails, f"{path}: {lint}", "zlint", codes=codes, facts=facts)


_STATUS = re.compile(r'"([\w./-]+\.(?:pem|crt|cer))"|lint\.(Error|Warn|Notice|Pass|NA|NE)\b|^func (Test)', re.MULTILINE)


def _expectations(source: str) -> Iterator[tuple[str, str, bool]]:
    """Yield lint, file and expected failure for each certificate of tests about a single lint."""
    lints = set(re.findall(r'TestLint\w*\(\s*"(\w+)"', source)) | set(re.findall(r'"([ewn]_[a-z0-9_]+)"', source))
    if len(lints) != 1:
        return
    (lint,) = lints
    name = None
    for file, status, function in _STATUS.findall(source):
        if function:
            name = None
        elif file:
            name = file
        elif name and status in ("Error", "Warn", "Notice", "Pass"):
            yield lint, name, status != "Pass"
            name = None
